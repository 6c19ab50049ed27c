"""The stage: from the normalised text to the tree of its plans, headings, tasks and table rows."""

from __future__ import annotations

from pipeline.lexicon import Lexicon
from pipeline.lexicon.headings import Headings
from pipeline.model import Outline, Plan, Section, Text
from pipeline.quick.classes import NamedTuple
from pipeline.quick.derived import derived
from pipeline.segment.drafts import Draft, plan_drafts
from pipeline.segment.front import read_front
from pipeline.segment.layout import Layout, PlanLines, find_layout
from pipeline.segment.lines import split_lines
from pipeline.segment.marks import squeeze
from pipeline.segment.problems import find_problems
from pipeline.segment.years import find_period

# The levels of headings, and below them the groups and rows of a table: whoever walks down the tree may rely on it.
MOST_DEPTH = 20


class _Place(NamedTuple):
    """Where a section stands in the tree: as in `Section`."""

    depth: int
    parent: int | None
    path: tuple[int, ...]


def segment(text: Text, lexicon: Lexicon) -> Outline:
    """Give the tree of a document in reading order: front, each plan's preamble and headings, closing.

    What holds afterwards: the own spans of the sections, in order, cut the text without gap or overlap; a
    parent stands before its children and is one less deep, and none is deeper than MOST_DEPTH; every plan
    opens with a preamble of depth 0; `title` is the text at its offsets without white space; what belongs to
    no plan (文头, 落款, 抄送, page frames, contents pages) is `front` or `closing`. A text without any form is
    one plan.
    """
    layout = find_layout(split_lines(text, lexicon), lexicon)
    lines = layout.lines
    drafts: list[Draft] = []
    if layout.front_end:
        drafts.append(_edge("front", 0, lines[0].block.page))
    for number, plan in enumerate(layout.plans):
        drafts.extend(plan_drafts(text, lines, plan, number, lexicon))
    if layout.closing_start < len(lines):
        line = lines[layout.closing_start]
        drafts.append(_edge("closing", line.start, line.block.page))
    front = read_front(text, layout, lexicon)
    # A page or workbook that is only a table has its title in what the file says of itself.
    outside = front.title if len(layout.plans) == 1 and not layout.title else ""
    plans = tuple(_plan(layout, plan, len(text.text), outside, lexicon) for plan in layout.plans)
    sections = _with_tree(text.text, drafts, lexicon)
    problems = find_problems(lines, plans, sections, lexicon)
    return Outline(front, plans, tuple(sections), problems)


def _edge(kind: str, start: int, page: int | None) -> Draft:
    return Draft(None, 0, "front" if kind == "front" else "closing", start, start, start, start, page)


def _plan(layout: Layout, plan: PlanLines, length: int, outside: str, lexicon: Lexicon) -> Plan:
    lines = layout.lines[plan.first : plan.last]
    first, last, term = find_period(plan.printed or outside, lines, lexicon)
    start, end = (lines[0].start, lines[-1].end) if lines else (length, length)
    title = layout.lines[plan.title_first : plan.title_last]
    printed = (title[0].start, title[-1].end) if title else None
    return Plan(plan.title or outside, first, last, start, end, term or (printed if first or last else None))


def _with_tree(text: str, drafts: list[Draft], lexicon: Lexicon) -> list[Section]:
    """Give every draft its end, its parent and its place among its siblings.

    A leaf that asks for work is a task: one that stands below no aim, state of things or rule. A fixed title with no
    text below it (保障措施, its text lost) asks for nothing yet.
    """
    places = _places(drafts)
    parents = {place.parent for place in places}
    # Whether a section, or one above it, announces aims: no title is asked twice.
    aims: list[bool] = []
    sections: list[Section] = []
    for index, (draft, place) in enumerate(zip(drafts, places, strict=True)):
        title = squeeze(text[draft.title_start : draft.title_end])
        end = drafts[index + 1].start if index + 1 < len(drafts) else len(text)
        body_start = min(draft.body_start, end)
        is_leaf = draft.kind == "section" and index not in parents
        above = place.parent is not None and aims[place.parent]
        aims.append(above or ((is_leaf or index in parents) and _is_aim(title, lexicon)))
        empty = is_leaf and title in lexicon.headings.titles and not text[body_start:end].strip()
        sections.append(
            Section(
                plan=draft.plan,
                parent=place.parent,
                path=place.path,
                depth=place.depth,
                kind="task" if is_leaf and title and not empty and not aims[index] else draft.kind,
                label=draft.label,
                number=draft.number,
                title=title,
                title_start=draft.title_start,
                title_end=draft.title_end,
                body_start=body_start,
                start=draft.start if index else 0,
                end=end,
                page=draft.page,
                cells=draft.cells,
            )
        )
    return sections


def _places(drafts: list[Draft]) -> list[_Place]:
    """Give the place of every draft in the tree."""
    places: list[_Place] = []
    open_sections: list[int] = []
    counts: list[int] = []
    for index, draft in enumerate(drafts):
        if draft.kind in ("front", "preamble", "closing"):
            open_sections, counts = [], []
            places.append(_Place(0, None, (0,) if draft.kind == "preamble" else ()))
        else:
            depth = min(draft.depth, len(open_sections) + 1, MOST_DEPTH)
            open_sections = [*open_sections[: depth - 1], index]
            counts = [*counts, 0][:depth]
            counts[-1] += 1
            places.append(_Place(depth, open_sections[-2] if depth > 1 else None, tuple(counts)))
    return places


@derived
def _endings(known: Headings) -> tuple[str, ...]:
    return tuple(known.title_endings)


def _is_aim(title: str, lexicon: Lexicon) -> bool:
    """Tell whether a heading announces aims, a state of things or rules, not work.

    It is a fixed title (指导思想), ends like one (“十四五”时期主要目标), or tells a result (综合实力大幅提升). A
    heading that opens with a verb of work (夯实发展基础) announces work whatever it ends in. Of a title of two halves
    (科技布局：回应转型的挑战) the first says what it is.
    """
    known = lexicon.headings
    title = title.replace(":", "：").partition("：")[0]
    if title in known.titles:
        return known.titles[title] != "work"
    clause = title.replace(",", "，").rpartition("，")[2]
    if clause.startswith(known.task_words) or title.startswith(known.task_words):
        return False
    return clause.endswith(_endings(known)) or known.front["result_title"].search(title) is not None
