"""Read tables of tasks that were published one cell a line and whose merged cells are lost (重点任务清单, 任务分解表).

Nothing parts their rows but the running marks of the tasks, and nothing their cells but what they say: bodies stand
below 牵头单位, and of merged cells only the first row of the block has any.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from pipeline.lexicon import Lexicon
from pipeline.model import RowCell, Text
from pipeline.quick.classes import NamedTuple, dataclass
from pipeline.quick.pattern import pattern
from pipeline.segment.cell_kinds import Bodies
from pipeline.segment.lines import Line
from pipeline.segment.marks import read_mark, squeeze
from pipeline.segment.patience import Patience
from pipeline.segment.tables import TableNode
from pipeline.segment.task_heads import TaskColumns, TaskHeads, columns_of, find_task_heads
from pipeline.segment.task_rows import Laid, RowLayout, is_marked

FEWEST_ROWS = 2
# The first task stands within so many lines of the heads; between them are the names of what gathers it.
MOST_LINES_BEFORE = 8
# A row fits so well on the average, or the lines are no table.
LOWEST_MEAN = 0.8
# What it costs a row that the task stands below a head like 类别.
UNLIKELY_COST = 1.0
# So many rows may not fit at all.
UNREAD_SHARE = 0.1
BARE_NUMBER = pattern(r"[（(]?(?P<number>\d{1,3})[）)]?[.．、]?")
# Headings of these marks are the document's own; others may stand in a cell or before a group of rows.
OUTER_MARKS = ("part", "roman", "chapter", "section", "article", "capital", "stem")
ROW_MARKS = ("han", "han_paren", "bare", "digit", "decimal", "digit_paren", "digit_half")


class _Marks(NamedTuple):
    """The lines that open a row, by one style of mark; `bare` where the mark is a cell of its own."""

    rows: tuple[int, ...]
    style: str
    bare: bool


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read the lines of a table, with how well it fits."""

    marks: _Marks
    columns: TaskColumns
    layout: RowLayout
    rows: list[Laid]
    score: float


def find_task_cells(
    text: Text, lines: list[Line], index: int, lexicon: Lexicon, patience: Patience
) -> tuple[int, list[TableNode]]:
    """Read the table of tasks whose column heads begin at `index`, one cell, or one paragraph of a cell, a line.

    Gives the index of the line after the table, and its groups and rows; (index, []) if there is none. A column for
    bodies holds nothing but names of bodies: where the lines cannot be read so, there is no table.
    """
    heads = find_task_heads(lines, index, lexicon)
    if heads is None or not patience or _opens_with_tab(text, lines[index + 1]):
        return index, []
    region = _region(lines, index + heads.lines, heads, lexicon)
    bodies: dict[tuple[int, int], Bodies] = {}
    best: _Reading | None = None
    for marks in _mark_options(region, lexicon):
        for columns in columns_of(heads, lexicon):
            reading = _read(region, marks, columns, RowLayout(region, columns, lexicon, bodies))
            if reading is not None and (best is None or reading.score > best.score):
                best = reading
    if best is not None and best.columns.outer and not any(_before(best)):
        # nothing stands below the first head: it is a caption, and the heads begin behind it
        best = None
    if best is None:
        patience.spend(len(region))
        return index, []
    patience.spend(len(region) - best.rows[-1].after)
    last = region[best.rows[-1].after - 1]
    return lines.index(last, index) + 1, _Nodes(text.text, heads, best, lexicon).make()


def _opens_with_tab(text: Text, line: Line) -> bool:
    """Tell whether a word processor copied the cell, which keeps the empty ones too."""
    start = text.alignment.to_source(line.start, line.end).start
    return text.source.text[start - 1 : start] == "\t"


def _region(lines: list[Line], first: int, heads: TaskHeads, lexicon: Lexicon) -> list[Line]:
    """Give the lines behind the heads that may be cells, without the heads that are printed again on a next page."""
    region: list[Line] = []
    counts: dict[str, int] = {}
    for line in lines[first:]:
        mark = line.mark
        if not line.is_text or lexicon.headings.front["table_note"].match(line.words):
            break
        if mark is not None and (mark.style.kind != "heading" or mark.style.id in OUTER_MARKS):
            break
        if mark is not None and mark.style.id == "han":
            # 三、 behind a table whose groups do not go so far is the next heading of the plan
            if (mark.number or 1) != counts.get("han", 0) + 1:
                break
            counts["han"] = mark.number or 1
        region.append(line)
    size = heads.lines
    printed = [squeeze(line.words) for line in lines[first - size : first]]
    words = [squeeze(line.words) for line in region]
    again = [place for place in range(len(words)) if words[place : place + size] == printed]
    left_out = {place + step for place in again for step in range(size)}
    return [line for place, line in enumerate(region) if place not in left_out]


def _mark_options(region: Sequence[Line], lexicon: Lexicon) -> Iterator[_Marks]:
    """Give the ways to tell where rows begin: running numbers as cells of their own, or marks of one style."""
    bare = [_bare_number(region, place, lexicon) for place in range(len(region))]
    options = [_Marks(_chain(bare, region), "", True)]
    for style in ROW_MARKS:
        numbers = [
            line.mark.number if line.mark and line.mark.style.id == style and line.mark.end < len(line.words) else None
            for line in region
        ]
        options.append(_Marks(_chain(numbers, region), style, False))
    for marks in options:
        if len(marks.rows) >= FEWEST_ROWS and marks.rows[0] <= MOST_LINES_BEFORE:
            yield marks


def _bare_number(region: Sequence[Line], place: int, lexicon: Lexicon) -> int | None:
    found = BARE_NUMBER.fullmatch(squeeze(region[place].words))
    following = region[place + 1].words if place + 1 < len(region) else ""
    return int(found["number"]) if found and regex.search(r"\p{Han}{2}", following) else None


def _chain(numbers: Sequence[int | None], region: Sequence[Line]) -> tuple[int, ...]:
    """Give the places of 1, 2, 3 …; behind the mark of a higher heading they may begin anew."""
    rows: list[int] = []
    expected = 1
    for place, number in enumerate(numbers):
        before = region[place - 1].mark if place else None
        anew = number == 1 and before is not None and numbers[place - 1] is None
        if number is not None and (number == expected or anew):
            rows.append(place)
            expected = number + 1
    return tuple(rows)


def _read(region: Sequence[Line], marks: _Marks, columns: TaskColumns, layout: RowLayout) -> _Reading | None:
    """Lay out the rows of one reading; None if what stands before the first is no group, or too little fits."""
    if not all(layout.is_group(place) for place in range(marks.rows[0])):
        return None
    starts = [row + marks.bare for row in marks.rows]
    ends = [*marks.rows[1:], _last_end(region, marks)]
    opening = [not number or is_marked(region[row - 1], layout.lexicon) for number, row in enumerate(marks.rows)]
    rows = layout.lay_out(starts, ends, opening)
    for column, kind in enumerate(columns.kinds):
        # what each row has a cell of its own in gathers nothing, unless its head says so (类别)
        gathers = layout.lexicon.columns.role_of(columns.heads[column]) == "group"
        if kind == "group" and not gathers and all(row.cells[column] for row in rows):
            return None
    score = sum(row.score for row in rows) - (0 if columns.likely else UNLIKELY_COST * len(rows))
    unread = sum(row.score < 0 for row in rows)
    if score < LOWEST_MEAN * len(rows) or unread > UNREAD_SHARE * len(rows):
        return None
    bodies = [row.cells[n] for row in rows for n, kind in enumerate(columns.kinds) if kind == "body"]
    years = [row.cells[n] for row in rows for n, kind in enumerate(columns.kinds) if kind == "year"]
    believed = any(bodies) if bodies else sum(cell is not None for cell in years) > len(rows)
    return _Reading(marks, columns, layout, rows, score) if believed else None


def _before(reading: _Reading) -> Iterator[int]:
    """Give how many lines stand before each row that name what gathers it."""
    yield reading.marks.rows[0]
    for laid, row in zip(reading.rows, reading.marks.rows[1:], strict=False):
        yield row - laid.after


def _last_end(region: Sequence[Line], marks: _Marks) -> int:
    """Give the place behind the last row: before a heading that no row follows."""
    for place in range(marks.rows[-1] + 1, len(region)):
        mark = region[place].mark
        if mark is not None and mark.style.id in ("han", "han_paren") and mark.style.id != marks.style:
            return place
    return len(region)


class _Group(NamedTuple):
    key: str
    start: int
    end: int


class _Nodes:
    """Makes the groups and rows of a table that was read."""

    def __init__(self, text: str, heads: TaskHeads, reading: _Reading, lexicon: Lexicon) -> None:
        self.text, self.reading, self.lexicon = text, reading, lexicon
        self.lines = reading.layout.lines
        self.runs = [self._run(0, reading.marks.rows[0])]
        self.runs += [
            self._run(laid.after, row) for laid, row in zip(reading.rows, reading.marks.rows[1:], strict=False)
        ]
        self.inner = max((sum(not group.key for group in run) for run in self.runs), default=0)
        self.order: list[str] = []
        self.index = next((n for n, head in enumerate(heads.words) if n == heads.index), None)
        self.index_head = (heads.words[self.index], heads.places[self.index]) if self.index is not None else None
        self.merged: dict[int, RowCell] = {}
        # How many groups that stand behind the running number are open.
        self.within = 0

    def make(self) -> list[TableNode]:
        """Give the groups and rows in reading order."""
        found: list[tuple[list[tuple[_Group, int]], Laid, int]] = []
        for run, laid, row in zip(self.runs, self.reading.rows, self.reading.marks.rows, strict=True):
            found.append((self._levels(run), laid, row))
        # a row stands right below the group that was opened last: 旧区改造 or, where that has no parts, 行动一
        level = 1
        nodes: list[TableNode] = []
        for groups, laid, row in found:
            for group, depth in groups:
                nodes.append(self._group(group, depth))
                level, self.within = depth + 1, 0
                if depth == 1:
                    self.merged = {}
            nodes += self._row(laid, row, level)
        return nodes

    def _run(self, first: int, last: int) -> list[_Group]:
        """Give the names of groups on lines [first, last); a mark alone on its line goes with the next line."""
        groups: list[_Group] = []
        place = first
        while place < last:
            line = self.lines[place]
            end = place + 1
            if line.mark is not None and line.mark.end >= len(line.words) and end < last:
                end += 1
            key = line.mark.style.id if line.mark else "label" if is_marked(line, self.lexicon) else ""
            groups.append(_Group(key, line.start, self.lines[end - 1].end))
            place = end
        return groups

    def _levels(self, run: list[_Group]) -> list[tuple[_Group, int]]:
        """Give the level of each group in a run: that of its mark, and without mark the innermost free one."""
        bare = self.inner - sum(not group.key for group in run)
        levels = []
        for group in run:
            key = group.key
            if not key:
                bare += 1
                key = f"bare {bare}"
            if key not in self.order:
                self.order.append(key)
            levels.append((group, self.order.index(key) + 1))
        return levels

    def _group(self, group: _Group, level: int) -> TableNode:
        words = self.text[group.start : group.end]
        mark = read_mark(words, self.lexicon)
        label = self.lexicon.columns.cells["group_label"].match(words)
        if mark is not None and mark.style.kind == "heading" and mark.end < len(words):
            title = group.start + mark.end
            return TableNode(False, level, mark.label, mark.number, group.start, title, group.end)
        if label is not None:
            number = self.lexicon.headings.value_of(label["number"])
            title = group.start + label.end()
            return TableNode(False, level, squeeze(label["label"]), number, group.start, title, group.end)
        return TableNode(False, level, "", None, group.start, group.start, group.end)

    def _row(self, laid: Laid, row: int, level: int) -> Iterator[TableNode]:
        """Give the node of a row, behind those of the groups that stand in it."""
        columns, first = self.reading.columns, self.lines[row]
        kinds = columns.kinds
        label, number, title_start = "", None, 0
        cells: list[RowCell] = []
        start = first.start
        if self.reading.marks.bare:
            found = BARE_NUMBER.fullmatch(squeeze(first.words))
            label, number = first.words, int(found["number"]) if found else None
            head, at = self.index_head or ("序号", None)
            cells.append(RowCell(head, first.start, first.end, at))
        for column, span in enumerate(laid.cells):
            if span is None:
                continue
            left, right = self.lines[span[0]].start, self.lines[span[1] - 1].end
            if kinds[column] == "group":
                yield self._group(_Group("", left, right), level + column)
                start, self.within = right, column + 1
                self.merged = {}
                continue
            if column == kinds.index("title"):
                mark = None if self.reading.marks.bare else first.mark
                if mark is not None:
                    label, number, left = mark.label, mark.number, left + mark.end
                title_start, title_end = left, right
            cells.append(RowCell(columns.heads[column], left, right, columns.places[column]))
            if kinds[column] == "body":
                self.merged = {c: cell for c, cell in self.merged.items() if cell.start >= first.start}
                self.merged[column] = cells[-1]
        inherited = [cell for cell in self.merged.values() if cell.start < first.start]
        start = title_start if start > first.start else start
        yield TableNode(True, level + self.within, label, number, start, title_start, title_end, (*inherited, *cells))


__all__ = ["find_task_cells"]
