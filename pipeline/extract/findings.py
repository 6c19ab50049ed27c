"""The stage: Outline to Findings."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.extract.audit import audit
from pipeline.extract.audit_places import Scene
from pipeline.extract.definitions import find_definitions
from pipeline.extract.doubted import lower_doubted
from pipeline.extract.grammar import Grammar
from pipeline.extract.items import paragraphs, sentences
from pipeline.extract.known_names import with_known_names
from pipeline.extract.ledger import Explained, close, explain, find_unexplained
from pipeline.extract.numerals import NUMBER
from pipeline.extract.periods import Calendar, Mention, find_mentions, heading_year
from pipeline.extract.reading import Harvest, Passage, Place
from pipeline.extract.responsibilities import find_responsibilities
from pipeline.extract.row_cells import take_row
from pipeline.extract.row_doubts import doubts
from pipeline.extract.row_prose import name_after_indicator, name_after_project, text_cells
from pipeline.extract.row_tasks import bare_amounts, in_year_of_column, is_task, read_amounts
from pipeline.extract.rows import has_goals, mark_columns, read_goal_row
from pipeline.extract.targets import read_passage
from pipeline.extract.timing import describes, governs
from pipeline.lexicon import Lexicon
from pipeline.lexicon.sieve import Sieve
from pipeline.model import Findings, Outline, Period, Section, Span, Text
from pipeline.model.findings import Evidence
from pipeline.quick.classes import replace

QUIET = ("front", "closing")
# A time expression so near the start of a section sets the time of all it says.
LONGEST_OPENING = 3
# A year and the place of the title that names it; whether facts are told, and whether goals are set.
Said = tuple[int | None, Place | None]
Tenor = tuple[bool | None, bool]


def extract(text: Text, outline: Outline, lexicon: Lexicon) -> Findings:
    """Give the numbers, periods, targets and responsible organisations of a document.

    Afterwards: every Arabic number of the text stands in the ledger once, in order, with one class; the
    quote of every entry is text[start:end]; target indices in the ledger point to targets whose figure
    the number is; everything is in reading order.
    """
    characters = frozenset(text.text)
    timing = lexicon.timing.for_script(text.script).of_document(text.text, characters)
    wordings = lexicon.ledger.sieve.of_document(text.text, characters)
    grammar = Grammar.of(lexicon.wording, lexicon.patterns)
    harvest = Harvest()
    periods: list[Period] = []
    explained: Explained = {}
    uppers: dict[int, Mention | None] = {}
    told: set[int] = set()
    years = _heading_years(outline.sections)
    tenors = _tenors(outline.sections, grammar, lexicon)
    for index, section in enumerate(outline.sections):
        calendar = _calendar(outline, section, years[index])
        mentions = find_mentions(text.text, section.start, section.end, index, calendar, timing)
        periods += [m.period for m in mentions]
        busy = _explain_section(text.text, section, mentions, wordings, explained)
        if section.parent in told or _opens_in_past(text.text, section, mentions, calendar):
            told.add(index)
        uppers[index] = _goal_year(text.text, section, mentions, uppers, calendar)
        if section.kind not in QUIET:
            _read_section(
                text.text, outline, index, calendar, mentions, uppers, index in told, tenors[index], busy, grammar,
                lexicon, harvest,
            )  # fmt: skip
    tops = [text.text.rfind("\n", 0, target.start) + 1 for target in harvest.targets]
    harvest.targets[:] = with_known_names(text.text, harvest.targets, tops)
    harvest.targets[:], doubtful = lower_doubted(text, harvest.targets)
    responsibilities, problems = find_responsibilities(text, outline, lexicon)
    bounds = [section.start for section in outline.sections]
    chinese_spans = sorted(place for place in harvest.marks.classes if not NUMBER.search(text.text, *place))
    numbers = close(text.text, bounds, explained, harvest.marks, chinese_spans)
    scene = Scene(text.text, outline, tuple(harvest.targets), tuple(periods), lexicon)
    unexplained = find_unexplained(text.text, outline.sections, numbers)
    problems = (*harvest.problems, *doubtful, *problems, *audit(scene, numbers, grammar), *unexplained)
    definitions = find_definitions(text.text, lexicon)
    return Findings(numbers, scene.periods, scene.targets, responsibilities, problems, definitions)


def _heading_years(sections: Sequence[Section]) -> list[Said]:
    """Give for each section the year that the nearest title names, its own or one above it, and that title's place."""
    found: list[Said] = []
    for section in sections:
        year = heading_year((section.title,)) if section.title else None
        if year is not None:
            found.append((year, (section.title_start, section.title_end)))
        else:
            found.append(found[section.parent] if section.parent is not None else (None, None))
    return found


def _calendar(outline: Outline, section: Section, said: Said) -> Calendar:
    """Give the years that anchor what a section says: those of its headings, of its plan, of the date of issue."""
    plan = outline.plans[section.plan] if section.plan is not None else None
    year, place = said if section.kind not in QUIET else (None, None)
    issued = outline.front.issued_on or outline.front.published_on
    return Calendar(
        year,
        plan.period_start if plan else None,
        plan.period_end if plan else None,
        int(issued[:4]) if issued else None,
        heading_at=place,
        plan_at=plan.period_at if plan else None,
    )


def _goal_year(
    text: str, section: Section, mentions: list[Mention], uppers: dict[int, Mention | None], calendar: Calendar
) -> Mention | None:
    """Give the deadline that a section's own words set for what stands below it: 到2025年，实现以下目标.

    The words are those of its first or last paragraph, and there of the first or last sentence; a deadline
    in the midst of other statements is its own sentence's alone.
    """
    deadlines = [m for m in mentions if m.word == "deadline" and m.year is not None and governs(text, m)]
    if deadlines:
        lines = list(paragraphs(text, section.start, section.end))
        parts = [s for line in {lines[0], lines[-1]} for s in _ends(list(sentences(text, *line)))]
        deadlines = [m for m in deadlines if any(part.start <= m.period.start < part.end for part in parts)]
    base = calendar.plan_start or calendar.issued_year or 0
    ahead = [m for m in deadlines if m.year is not None and m.year >= base]
    if ahead:
        return ahead[-1] if len({m.year for m in ahead}) == 1 else ahead[0]
    return uppers.get(section.parent) if section.parent is not None else None


def _opens_in_past(text: str, section: Section, mentions: list[Mention], calendar: Calendar) -> bool:
    """True for a section that opens with the years before the plan's own: “十三五”时期，…; it tells what was done.

    What stands below it tells of the same years. A section that also names years ahead is left to its sentences.
    """
    base = calendar.plan_start
    dated = [m for m in mentions if m.year is not None]
    if base is None or section.kind in QUIET or not dated or any((m.year or 0) >= base for m in dated):
        return False
    opening = dated[0].period.start - section.body_start
    return 0 <= opening <= LONGEST_OPENING and governs(text, dated[0])


def _ends(parts: list[Span]) -> list[Span]:
    return [parts[0], parts[-1]] if parts else []


def _explain_section(
    text: str, section: Section, mentions: list[Mention], wordings: Sieve, explained: Explained
) -> list[tuple[int, int]]:
    """Note what time expressions, the heading mark and wordings explain; gives the places for the lexer to leave."""
    taken = [(m.period.start, m.period.end) for m in mentions]
    for mention, place in zip(mentions, taken, strict=True):
        explained[place] = "date", mention.rule
    if section.label:
        explained[(section.start, section.title_start)] = "label", "heading-mark"
        taken.append((section.start, section.title_start))
    for cell in section.cells:
        if "序号" in cell.head or "编号" in cell.head:
            explained[(cell.start, cell.end)] = "label", "row-number"
            taken.append((cell.start, cell.end))
    for start, end, reason in explain(text, section.start, section.end, taken, wordings):
        explained[(start, end)] = reason
        taken.append((start, end))
    return taken


def _read_section(
    text: str, outline: Outline, index: int, calendar: Calendar, mentions: list[Mention],
    uppers: dict[int, Mention | None], told: bool, tenor: Tenor, busy: list[tuple[int, int]], grammar: Grammar,
    lexicon: Lexicon, harvest: Harvest,
) -> None:  # fmt: skip
    section = outline.sections[index]
    governing = tuple(m for m in mentions if governs(text, m))
    times = tuple((m.period.start, m.period.end) for m in mentions if not describes(text, m))
    upper = uppers.get(section.parent) if section.parent is not None else None
    factual = tenor[0] if tenor[0] is not None else section.kind == "preamble"
    factual = factual or _is_note(text, section, lexicon)
    goal_at = Evidence("year_end", "goal-above", upper.period.start, upper.period.end) if upper else None
    parent = outline.sections[section.parent] if section.parent is not None else None
    above = Span(parent.title_start, parent.title_end) if parent is not None else None
    title = (section.title_start, section.title_end) if section.label and section.title else None
    passage = Passage(
        index, governing, times, calendar, upper.year if upper else None, factual or told, tenor[1], lexicon.facts,
        section.kind == "row", goal_at, title, above,
    )  # fmt: skip
    if section.cells:
        caption = outline.sections[section.parent] if section.parent is not None else None
        _read_row(text, section, caption, passage, busy, grammar, lexicon, harvest)
        return
    start = section.title_start if section.label else section.start
    read_passage(text, start, section.end, passage, busy, grammar, lexicon, harvest)


def _is_note(text: str, section: Section, lexicon: Lexicon) -> bool:
    """True for the note below a table (注：…), which explains the goals above and sets none."""
    note = lexicon.headings.front["table_note"]
    return not section.title and note.match(text[section.start : section.end]) is not None


def _read_row(
    text: str,
    section: Section,
    caption: Section | None,
    passage: Passage,
    busy: list[Place],
    grammar: Grammar,
    lexicon: Lexicon,
    harvest: Harvest,
) -> None:
    """Read a table row: goals in columns of bare values, else its cells of prose, due by the row's own last year."""
    row = take_row(text, section, passage, caption, lexicon)
    marked = mark_columns(text, row, harvest)
    harvest.problems += doubts(text, row.name, row.cells)
    if has_goals(row, text) and not is_task(row, section, text):
        read_goal_row(text, row, passage, grammar, lexicon, harvest)
        return
    if row.year is not None:
        calendar = replace(passage.calendar, heading_year=row.year, heading_at=row.at.get("year"))
        passage = replace(passage, calendar=calendar)
    first = len(harvest.targets)
    amounts = bare_amounts(text, row)
    for cell in text_cells(row):
        if cell not in amounts:
            due = in_year_of_column(passage, cell)
            read_passage(text, cell.start, cell.end, due, [*busy, *marked], grammar, lexicon, harvest)
    read_amounts(text, row, amounts, first, passage, grammar, lexicon, harvest)
    name_after_project(text, row, first, harvest, grammar, lexicon)
    name_after_indicator(text, row, first, harvest)


def _tenors(sections: Sequence[Section], grammar: Grammar, lexicon: Lexicon) -> list[Tenor]:
    """Tell for each section whether the headings above say that facts are told (现状) or goals set (主要目标).

    None stands for facts where no heading says it either way.
    """
    found: list[Tenor] = []
    for section in sections:
        title, above = section.title, found[section.parent] if section.parent is not None else (None, False)
        if not title:
            found.append(above)
            continue
        goal = grammar.goal_heading.search(title) is not None
        told = lexicon.facts.heading.search(title)
        # 完善现状评估 asks for work; 发展现状 tells how things stand.
        if told and (told.end() == len(title) or grammar.verbs.at_start(title, 0, len(title)) is None):
            found.append((not goal, False))
        else:
            found.append((above[0], goal or above[1]))
    return found
