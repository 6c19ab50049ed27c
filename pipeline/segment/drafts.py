"""Put the headings, tables and boxes of a plan into one row of drafts, in reading order."""

from __future__ import annotations

from bisect import bisect_left

from pipeline.lexicon import Lexicon
from pipeline.model import RowCell, Text
from pipeline.model.outline import SectionKind
from pipeline.quick.classes import NamedTuple, dataclass
from pipeline.quick.pattern import pattern
from pipeline.segment.cells import find_cell_lines
from pipeline.segment.headings import Candidate, find_candidates, note_lines
from pipeline.segment.layout import PlanLines
from pipeline.segment.levels import find_depths, mend_marks
from pipeline.segment.lines import Line
from pipeline.segment.listed import find_listed
from pipeline.segment.parted import find_parted_rows
from pipeline.segment.patience import Patience
from pipeline.segment.spaced import find_spaced_rows
from pipeline.segment.tables import TableNode, read_block
from pipeline.segment.task_cells import OUTER_MARKS
from pipeline.segment.unbroken import Unbroken, find_unbroken

TABLE_LABEL = pattern("附?表")


@dataclass(frozen=True, slots=True)
class Draft:
    """A section before its end, parent and path are known."""

    plan: int | None
    depth: int
    kind: SectionKind
    start: int
    title_start: int
    title_end: int
    body_start: int
    page: int | None
    label: str = ""
    number: int | None = None
    cells: tuple[RowCell, ...] = ()


class _Table(NamedTuple):
    first: int
    """Index of the first line of the table."""
    after: int
    """Index of the line after it."""
    nodes: list[TableNode]


def plan_drafts(text: Text, lines: list[Line], plan: PlanLines, number: int, lexicon: Lexicon) -> list[Draft]:
    """Give the sections of one plan: its preamble, then headings and table rows in reading order."""
    title = lines[plan.title_first : plan.title_last] if plan.title_first >= plan.first else []
    body = lines[max(plan.first, plan.title_last) : plan.last]
    start = lines[plan.first].start if plan.first < len(lines) else len(text.text)
    title_start, title_end = (title[0].start, title[-1].end) if title else (start, start)
    page = lines[plan.first].block.page if plan.first < len(lines) else None
    preamble = Draft(number, 0, "preamble", start, title_start, title_end, title_end, page)
    tables = _tables(text, body, lexicon)
    headings = _headings(body, tables, number, lexicon)
    drafts = [*headings, *_table_drafts(headings, tables, number, body)]
    inline = _inline_tables(text, body, tables, lexicon)
    drafts += _inline_drafts(text, headings, inline, number, body)
    behind = [*_behind_tables(headings, tables, body), *_behind_boxes(headings, body)]
    behind += _notes_below_tables(headings, body, lexicon)
    starts = {draft.start for draft in drafts}
    for after, depth in _past_notes([*behind, *_behind_inline(headings, inline, body)], body, lexicon):
        if after < len(body) and body[after].start not in starts:
            line = body[after]
            starts.add(line.start)
            drafts.append(
                Draft(number, depth, "section", line.start, line.start, line.start, line.start, line.block.page)
            )
    return [preamble, *sorted(drafts, key=lambda draft: draft.start)]


def _tables(text: Text, body: list[Line], lexicon: Lexicon) -> list[_Table]:
    """Find the tables of a plan whose column heads are known."""
    tables: list[_Table] = []
    patience = Patience(len(body))
    index = 0
    while index < len(body):
        after, nodes = index + 1, []
        kind, mark = body[index].block.kind, body[index].mark
        if kind != "paragraph" or (mark is not None and mark.style.id in OUTER_MARKS):
            patience.renew()
        if kind == "table":
            nodes = read_block(text.text, body[index].block, lexicon)
        elif kind == "paragraph" and patience.lasts_for(body[index].words):
            after, nodes = find_parted_rows(text, body, index, lexicon)
            if not nodes:
                after, nodes = find_cell_lines(text, body, index, lexicon, patience)
            if not nodes:
                after, nodes = find_spaced_rows(text, body, index, lexicon)
            patience.note(body[index].words, opened=bool(nodes))
        if nodes:
            tables.append(_Table(index, after, nodes))
        index = max(after, index + 1)
    return tables


def _inline_tables(text: Text, body: list[Line], tables: list[_Table], lexicon: Lexicon) -> list[tuple[int, Unbroken]]:
    """Find the tables that lost their line breaks and stand in one line, behind their caption or alone."""
    in_tables = {index for table in tables for index in range(table.first, table.after)}
    found = []
    for index, line in enumerate(body):
        if index in in_tables or not line.is_text:
            continue
        table = find_unbroken(text.text, line.start, line.end, lexicon) or find_listed(
            text.text, line.start, line.end, lexicon
        )
        if table is not None:
            found.append((index, table))
    return found


def _inline_drafts(
    text: Text, headings: list[Draft], inline: list[tuple[int, Unbroken]], number: int, body: list[Line]
) -> list[Draft]:
    """Hang the rows of tables in one line below the heading before them, and what follows in the line beside them."""
    drafts = []
    for index, table in inline:
        depth = _depth_before(headings, table.nodes[0].start + 1) + 1
        page = body[index].block.page
        for node in table.nodes:
            drafts.append(
                Draft(
                    plan=number, depth=depth, kind="row", start=node.start, title_start=node.title_start,
                    title_end=node.title_end, body_start=node.title_end, page=page, label=node.label,
                    number=node.number, cells=node.cells,
                )
            )  # fmt: skip
        rest = text.text[table.after : body[index].end]
        if rest.strip():
            start = table.after + len(rest) - len(rest.lstrip())
            drafts.append(Draft(number, depth, "section", start, start, start, start, page))
    return drafts


def _behind_inline(
    headings: list[Draft], inline: list[tuple[int, Unbroken]], body: list[Line]
) -> list[tuple[int, int]]:
    """Give (line, depth) of the text that follows each table in one line."""
    return [(index + 1, _depth_before(headings, body[index].start) + 1) for index, _ in inline]


def _notes_below_tables(headings: list[Draft], body: list[Line], lexicon: Lexicon) -> list[tuple[int, int]]:
    """Give (line, depth) of each note (注：…) below the title of a table that was not read, and of what follows it."""
    found: list[tuple[int, int]] = []
    if not any(TABLE_LABEL.match(draft.label) for draft in headings if draft.label):
        return found
    for index, line in enumerate(body):
        if line.is_text and lexicon.headings.front["table_note"].match(line.words):
            above = _heading_before(headings, line.start)
            if above is not None and TABLE_LABEL.match(above.label):
                found += [(index, above.depth + 1), (index + 1, above.depth + 1)]
    return found


def _past_notes(places: list[tuple[int, int]], body: list[Line], lexicon: Lexicon) -> list[tuple[int, int]]:
    """Move (line, depth) behind the lines that go on with a numbered note which began in the line before."""
    if not places:
        return []
    notes = note_lines(body, lexicon)
    moved = []
    for line, depth in places:
        while line in notes:
            line += 1
        moved.append((line, depth))
    return moved


def _headings(body: list[Line], tables: list[_Table], number: int, lexicon: Lexicon) -> list[Draft]:
    in_tables = {index for table in tables for index in range(table.first, table.after)}
    candidates = mend_marks(
        [
            candidate
            for candidate in find_candidates(body, in_tables, lexicon)
            if not _lists_annexes(body, candidate, in_tables, lexicon)
        ]
    )
    return [
        Draft(
            plan=number,
            depth=depth,
            kind="annex" if heading.kind == "annex" else "section",
            start=heading.start,
            title_start=heading.title_start,
            title_end=heading.title_end,
            body_start=heading.body_start,
            page=body[heading.line].block.page,
            label=heading.label,
            number=heading.number,
        )
        for heading, depth in zip(candidates, find_depths(candidates), strict=True)
    ]


def _lists_annexes(body: list[Line], candidate: Candidate, in_tables: set[int], lexicon: Lexicon) -> bool:
    """Tell whether a line 附件：… only names the annexes that follow elsewhere, and opens none.

    It does if nothing of an annex follows it: the text ends, another mark follows, or a signature comes.
    """
    front = lexicon.headings.front
    if candidate.kind != "annex" or not front["annex_list"].match(body[candidate.line].words):
        return False
    if candidate.line + 1 == len(body):
        return True
    following = body[candidate.line + 1]
    if candidate.line + 1 in in_tables or following.block.kind == "table":
        return False
    return following.mark is not None or any(front[name].match(following.words) for name in ("body", "date"))


def _heading_before(headings: list[Draft], place: int) -> Draft | None:
    """Give the last heading that begins before a place of the text. Headings come in the order of the text."""
    before = bisect_left(headings, place, key=lambda draft: draft.start)
    return headings[before - 1] if before else None


def _depth_before(headings: list[Draft], place: int) -> int:
    """Give the depth of the last heading that begins before a place, 0 if there is none."""
    above = _heading_before(headings, place)
    return above.depth if above is not None else 0


def _table_drafts(headings: list[Draft], tables: list[_Table], number: int, body: list[Line]) -> list[Draft]:
    """Hang the groups and rows of each table below the heading before it."""
    return [
        Draft(
            plan=number,
            depth=_depth_before(headings, body[table.first].start) + node.level,
            kind="row" if node.row else "section",
            start=node.start,
            title_start=node.title_start,
            title_end=node.title_end,
            body_start=node.title_end,
            page=body[table.first].block.page,
            label=node.label,
            number=node.number,
            cells=node.cells,
        )
        for table in tables
        for node in table.nodes
    ]


def _behind_tables(headings: list[Draft], tables: list[_Table], body: list[Line]) -> list[tuple[int, int]]:
    """Give (line, depth) of the text that follows each table, so that it is not taken for part of the last row."""
    return [(table.after, _depth_before(headings, body[table.first].start) + 1) for table in tables]


def _behind_boxes(headings: list[Draft], body: list[Line]) -> list[tuple[int, int]]:
    """Give (line, depth) of the text behind each box that stands in one paragraph: the box ends with it."""
    depths = {draft.start: draft.depth for draft in headings}
    found = []
    for index, line in enumerate(body):
        if line.mark and line.mark.style.kind == "box" and line.opens and line.start in depths:
            after = next((n for n in range(index, len(body)) if body[n].block != line.block), len(body))
            if after > index + 1:
                found.append((after, depths[line.start]))
    return found
