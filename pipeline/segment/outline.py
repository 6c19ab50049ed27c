"""The stage: from the normalised text to the tree of its plans, headings, tasks and table rows."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from pipeline.lexicon import Lexicon
from pipeline.model import Outline, Plan, Problem, RowCell, Section, Text
from pipeline.model.outline import SectionKind
from pipeline.segment.front import read_front
from pipeline.segment.headings import Candidate, find_candidates
from pipeline.segment.levels import find_depths, mend_marks
from pipeline.segment.lines import Line, split_lines
from pipeline.segment.plans import Layout, PlanLines, find_layout, find_period
from pipeline.segment.tables import TableNode, find_cell_lines, read_block


@dataclass(frozen=True, slots=True)
class _Draft:
    """A section before its end, parent and path are known."""

    plan: int | None
    depth: int
    kind: SectionKind
    start: int
    label: str = ""
    number: int | None = None
    title_start: int = 0
    title_end: int = 0
    body_start: int = 0
    page: int | None = None
    cells: tuple[RowCell, ...] = ()


def segment(text: Text, lexicon: Lexicon) -> Outline:
    """Give the tree of a document in reading order: front, each plan's preamble and headings, closing.

    What holds afterwards: the own spans of the sections, in order, cut the text without gap or overlap; a
    parent stands before its children and is one less deep; every plan opens with a preamble of depth 0;
    `title` is the text at its offsets without white space; what belongs to no plan (文头, 落款, 抄送, page
    frames, contents pages) is `front` or `closing`. Raises nothing: a text without any form is one plan.
    """
    layout = find_layout(split_lines(text, lexicon), lexicon)
    drafts: list[_Draft] = []
    if layout.front_end and layout.lines:
        drafts.append(_Draft(None, 0, "front", 0, page=layout.lines[0].block.page))
    plans: list[Plan] = []
    for number, plan in enumerate(layout.plans):
        lines = layout.lines[plan.first : plan.last]
        drafts.extend(_plan_drafts(text, layout, plan, number, lines, lexicon))
        title = _plan_title(layout, plan)
        first, last = find_period(title, lines, lexicon)
        start = lines[0].start if lines else len(text.text)
        plans.append(Plan(plan.title, first, last, start, lines[-1].end if lines else start))
    if layout.closing_start < len(layout.lines):
        line = layout.lines[layout.closing_start]
        drafts.append(_Draft(None, 0, "closing", line.start, page=line.block.page))
    sections = _finish(text, drafts, lexicon)
    front = read_front(text, layout, lexicon)
    return Outline(front, tuple(plans), sections, _problems(layout, plans, sections))


def _plan_title(layout: Layout, plan: PlanLines) -> str:
    """Give a plan's title with its years, as printed."""
    printed = "".join(line.words for line in layout.lines[plan.title_first : plan.title_last])
    return printed or plan.title


def _plan_drafts(
    text: Text, layout: Layout, plan: PlanLines, number: int, lines: list[Line], lexicon: Lexicon
) -> list[_Draft]:
    start = lines[0].start if lines else len(text.text)
    title_first, title_last = plan.title_first - plan.first, plan.title_last - plan.first
    opening = _Draft(number, 0, "preamble", start, body_start=start, page=lines[0].block.page if lines else None)
    if 0 <= title_first < title_last:
        opening = _Draft(
            number, 0, "preamble", start, title_start=lines[title_first].start, title_end=lines[title_last - 1].end,
            body_start=lines[title_last - 1].end, page=lines[0].block.page,
        )  # fmt: skip
    body_first = max(title_last, 0)
    body = lines[body_first:]
    tables, in_tables = _tables(text, body, lexicon)
    free = [index for index in range(len(body)) if index not in in_tables]
    candidates = mend_marks(_not_annex_lists(body, find_candidates([body[i] for i in free], lexicon), free, lexicon))
    depths = find_depths(candidates)
    drafts = [opening]
    headings = [
        _Draft(
            number, depth, "annex" if candidate.kind == "annex" else "section", candidate.start, candidate.label,
            candidate.number, candidate.title_start, candidate.title_end, candidate.body_start,
            body[free[candidate.line]].block.page,
        )  # fmt: skip
        for candidate, depth in zip(candidates, depths, strict=True)
    ]
    drafts.extend(_with_tables(headings, tables, number, body))
    return drafts


def _not_annex_lists(
    body: list[Line], candidates: list[Candidate], free: list[int], lexicon: Lexicon
) -> list[Candidate]:
    """Leave out the line that lists the annexes at the end of a text (附件：1.… 2.…): it opens none of them."""
    kept: list[Candidate] = []
    for index, candidate in enumerate(candidates):
        if candidate.kind == "annex":
            words = body[free[candidate.line]].words
            following = candidates[index + 1] if index + 1 < len(candidates) else None
            lists = lexicon.headings.front["annex_list"].match(words)
            if lists and (following is None or following.kind == "annex" or following.line == candidate.line + 1):
                continue
        kept.append(candidate)
    return kept


def _tables(
    text: Text, body: list[Line], lexicon: Lexicon
) -> tuple[list[tuple[int, int, list[TableNode]]], set[int]]:
    """Find the tables of a plan as (first line, line after it, nodes), and the lines that they take."""
    tables: list[tuple[int, int, list[TableNode]]] = []
    taken: set[int] = set()
    index = 0
    while index < len(body):
        after = index + 1
        if body[index].block.kind == "table":
            nodes = read_block(text, body[index].block, lexicon)
            taken.add(index)
            tables.append((index, after, nodes))
        elif body[index].block.kind == "paragraph":
            after, nodes = find_cell_lines(text, body, index, lexicon)
            if nodes:
                taken.update(range(index, after))
                tables.append((index, after, nodes))
            after = max(after, index + 1)
        index = after
    return tables, taken


def _with_tables(
    headings: list[_Draft], tables: list[tuple[int, int, list[TableNode]]], number: int, body: list[Line]
) -> list[_Draft]:
    """Hang the groups and rows of each table below the heading before it, and what follows a table beside them."""
    drafts = list(headings)
    for first, after, nodes in tables:
        if not nodes:
            continue
        above = [draft for draft in headings if draft.start < body[first].start]
        base = above[-1].depth if above else 0
        for node in nodes:
            kind: SectionKind = "row" if node.row else "section"
            drafts.append(
                _Draft(
                    number, base + node.level, kind, node.start, node.label, node.number, node.title_start,
                    node.title_end, node.title_end, body[first].block.page, node.cells,
                )  # fmt: skip
            )
        if after < len(body) and all(draft.start != body[after].start for draft in drafts):
            start = body[after].start
            drafts.append(
                _Draft(number, base + 1, "section", start, title_start=start, title_end=start, body_start=start,
                       page=body[after].block.page)
            )  # fmt: skip
    return sorted(drafts, key=lambda draft: draft.start)


def _finish(text: Text, drafts: list[_Draft], lexicon: Lexicon) -> tuple[Section, ...]:
    """Give every draft its end, parent, path and kind."""
    sections: list[Section] = []
    open_path: list[int] = []
    counts: list[int] = []
    plan: int | None = None
    for index, draft in enumerate(drafts):
        start = 0 if index == 0 else draft.start
        end = drafts[index + 1].start if index + 1 < len(drafts) else len(text.text)
        if draft.kind in ("front", "closing", "preamble"):
            plan, open_path, counts = draft.plan, [], []
            path: tuple[int, ...] = (0,) if draft.kind == "preamble" else ()
            parent, depth = None, 0
        else:
            depth = min(draft.depth, len(open_path) + 1)
            del open_path[depth - 1 :]
            counts = counts[:depth] if len(counts) >= depth else [*counts, 0]
            counts[depth - 1] += 1
            path = tuple(counts)
            parent = open_path[-1] if open_path else None
            open_path.append(index)
        title = regex.sub(r"\s", "", text.text[draft.title_start : draft.title_end])
        sections.append(
            Section(
                plan if draft.kind not in ("front", "closing") else None, parent, path, depth, draft.kind, draft.label,
                draft.number, title, draft.title_start, draft.title_end, max(draft.body_start, start), start, end,
                draft.page, draft.cells,
            )  # fmt: skip
        )
    return _with_tasks(text, sections, lexicon)


def _with_tasks(text: Text, sections: list[Section], lexicon: Lexicon) -> tuple[Section, ...]:
    """Make a task of every leaf that asks for work: one with a verb of work, below no goal, principle or state."""
    from dataclasses import replace

    parents = {section.parent for section in sections}
    done = []
    for index, section in enumerate(sections):
        if section.kind == "section" and index not in parents and section.title:
            chain = [section]
            while chain[-1].parent is not None:
                chain.append(sections[chain[-1].parent])
            words = text.text[section.title_start : section.end]
            asks = any(word in words for word in lexicon.headings.task_words)
            if asks and not any(_is_aim(link.title, lexicon) for link in chain):
                section = replace(section, kind="task")
        done.append(section)
    return tuple(done)


def _is_aim(title: str, lexicon: Lexicon) -> bool:
    """Tell whether a heading announces aims, a state of things or rules, not work.

    总体思路和目标 is made of fixed titles; “十四五”时期主要目标 ends in one. A heading that opens with a verb of work
    (夯实发展基础) announces work whatever it ends in.
    """
    titles = lexicon.headings.titles
    if title in titles:
        return titles[title] != "work"
    if any(title.startswith(word) for word in lexicon.headings.task_words):
        return False
    ending = next((titles[title[-size:]] for size in range(min(len(title), 12), 1, -1) if title[-size:] in titles), "")
    return ending in ("aim", "state", "rule")


def _problems(layout: Layout, plans: list[Plan], sections: tuple[Section, ...]) -> tuple[Problem, ...]:
    return ()
