"""Read the rows of indicator and project tables: name, unit, present value, goals by year, kind of commitment."""

from __future__ import annotations

from decimal import Decimal

import regex

from pipeline.extract.evidence import trace
from pipeline.extract.grammar import Grammar
from pipeline.extract.indicators import clean, is_rate
from pipeline.extract.numerals import ARABIC, NUMBER, arabic, scale
from pipeline.extract.reading import Harvest, Passage, Place
from pipeline.extract.row_cells import TableRow, head_year, second_row
from pipeline.extract.row_doubts import is_fused, whole_numerals
from pipeline.extract.row_measures import aspect, aspect_name, state_before
from pipeline.extract.row_names import (
    column_name,
    ends_in_work,
    head_unit,
    is_total,
)
from pipeline.extract.timing import year_above
from pipeline.lexicon import Lexicon
from pipeline.lexicon.measures import BARE_SCALE, LEADING_SCALE
from pipeline.model.findings import Cadence, Comparator, Evidence, EvidenceField, NumberClass, Target, TargetKind
from pipeline.model.outline import RowCell
from pipeline.quick.pattern import pattern

# A cell that holds several values holds each on a line or behind a semicolon.
CELL_LINE = pattern(r"[^\n；;。]+")
HUNDRED = Decimal(100)
NEWLY = pattern("^新建|新增(?!长)|净增")
# What opens words that are no subject of the figure behind them: 前3位, 高于全省平均2个百分点.
NO_SUBJECT = "前|第|[高低]于|超|控制|保持|稳定|维持|进入|位居|力争|达|提[高升]|[到至]|不|比|较"
# What is summed up over the years of the plan.
TOTAL = "(?:[三四五两]年|规划期内?|期间|期内)?累计"
# How much of a work is done: 改造面积.
AMOUNT = pattern("(?:面积|数量|长度|里程|规模|[户套个]数)$")
SPAN = pattern(r"[三四五两]年|规划|期")
REACHED = pattern("累计(?:达|为)")
VALUE = pattern(
    rf"""(?P<open>[〔\[【（(﹝](?=\p{{Han}}))?
    (?P<change>下降|降低|减少|提高|增长|增加|上升)?(?P<who>(?:(?!{NO_SUBJECT}|{TOTAL})\p{{Han}}){{0,12}}?)[：:]?\s*
    (?P<lead>控制在|(?:保持|稳定|维持)在?|(?:提高|提升|增加|下降|降低|减少|[升降增减])?[到至]|(?:{TOTAL})(?:达到?|为)?)?
    (?:(?P<from>{ARABIC})[%％]?\s*(?:→|[-—]>|➔|⟶)\s*)?
    (?P<before>≥|≤|>|<|＞|＜|不低于|不少于|不高于|不超过|超过|高于|低于|大于|小于|约|达到)?=?\s*
    (?P<round>[〔\[【（(﹝])?\s*(?P<before>[≥≤><＞＜])?\s*(?P<sign>[-－+＋])?
    (?P<a>{ARABIC})(?P<pa>[%％])?(?:\s*[—–－\-~～至]\s*(?P<b>{ARABIC})[%％]?)?
    (?P<scale>万亿|万|亿)?\s*(?P<close>[〕\]】）)﹞])?\s*
    (?P<unit>[%％‰]|(?!及?以[上下内]|左右)\p{{Han}}{{1,4}}?(?:/\p{{Han}}{{1,3}})?)?\s*(?P<after>及?以上|左右|以内|以下)?
    [〕\]】）)﹞]?""",
    regex.VERBOSE,
)
COMPARATORS: dict[str, Comparator] = {
    **dict.fromkeys(("≥", "不低于", "不少于", "以上", "及以上"), ">="),
    **dict.fromkeys(("≤", "不超过", "不高于", "以内", "以下"), "<="),
    **dict.fromkeys((">", "＞", "超过", "大于", "高于"), ">"),
    **dict.fromkeys(("<", "＜", "小于", "低于"), "<"),
    **dict.fromkeys(("约", "左右"), "~"),
}
# What a column without goals says of the numbers in it.
COLUMN_CLASS: dict[str, NumberClass] = {"index": "label", "money": "support", "date": "date", "present": "baseline"}


# Two figures of one goal stand on both sides of a stroke: 40万千瓦/80万千瓦时.
STROKE = pattern(r"\s*[/／]\s*(?=[≥≤><＞＜约]?\s*\d)")


def has_goals(row: TableRow, text: str) -> bool:
    """True for a row whose goal columns hold bare values: 指标 | 单位 | 2020年 | 2025年 | 属性."""
    return any(values(text, cell) for cell in row.of("goal"))


def values(text: str, cell: RowCell) -> list[regex.Match[str]]:
    """Give the values of a cell that holds nothing else; a line each where it holds several (设区市≥25, 县级市≥20)."""
    found = []
    for line in CELL_LINE.finditer(text, cell.start, cell.end):
        if not line.group().strip() or not NUMBER.search(line.group()):
            continue
        start = line.start() + len(line.group()) - len(line.group().lstrip())
        read = _of_line(text, start, start + len(line.group().strip()))
        if not read:
            return []
        found += read
    return found


def _of_line(text: str, start: int, end: int) -> list[regex.Match[str]]:
    """Give the value that text[start:end] holds and nothing else, or the two on both sides of a stroke."""
    whole = VALUE.fullmatch(text, start, end)
    if whole is not None:
        return [whole]
    cuts = [start, *(place for found in STROKE.finditer(text, start, end) for place in found.span()), end]
    parts = [VALUE.fullmatch(text, first, last) for first, last in zip(cuts[::2], cuts[1::2], strict=True)]
    values = [part for part in parts if part is not None and (part.group("unit") or part.group("pa"))]
    return values if len(values) == len(parts) else []


def read_goal_row(
    text: str, row: TableRow, passage: Passage, grammar: Grammar, lexicon: Lexicon, harvest: Harvest
) -> None:
    """Add the goals of a row as targets."""
    for cell in row.of("goal"):
        for match in values(text, cell):
            if not _is_whole(text, cell, match, row, lexicon):
                _add(text, cell, match, row, passage, grammar, lexicon, harvest)


def _is_whole(text: str, cell: RowCell, match: regex.Match[str], row: TableRow, lexicon: Lexicon) -> bool:
    """True for the 100 % of a row that sums up shares: it is no goal."""
    total = row.at.get("name")
    summed = total is not None and is_total(text[slice(*total)], lexicon)
    unit = _unit(match, head_unit(cell.head, lexicon) or row.unit)[1]
    return summed and unit == "%" and arabic(match.group("a")) == HUNDRED


def mark_columns(text: str, row: TableRow, harvest: Harvest) -> list[Place]:
    """Class the numbers of columns that hold no goals (row numbers, money, dates …); gives the places.

    A number that stands in no cell of its row is the mark of a group, an indicator or a note.
    """
    places: list[Place] = []
    spans = [(cell.start, cell.end) for cell, _ in row.cells]
    for number in NUMBER.finditer(text, row.start, max(end for _, end in spans)):
        if all(number.end() <= start or number.start() >= end for start, end in spans):
            harvest.marks.classes[number.span()] = "label"
            harvest.marks.rules[number.span()] = "row-mark"
            places.append(number.span())
    for cell, role in row.cells:
        if role in COLUMN_CLASS:
            places.append((cell.start, cell.end))
            for number in NUMBER.finditer(text, cell.start, cell.end):
                harvest.marks.classes[number.span()] = COLUMN_CLASS[role]
                harvest.marks.rules[number.span()] = f"column-{role}"
    return places


def _add(
    text: str, cell: RowCell, match: regex.Match[str], row: TableRow, passage: Passage, grammar: Grammar,
    lexicon: Lexicon, harvest: Harvest,
) -> None:  # fmt: skip
    factor, unit = _unit(match, head_unit(cell.head, lexicon) or row.unit)
    name = _name(text, cell, row, grammar, lexicon)
    low = arabic(match.group("a")) * scale(match.group("scale") or "") * factor
    high = arabic(match.group("b")) * scale(match.group("scale") or "") * factor if match.group("b") else None
    own = _bound(text, cell, match)
    bound = "以内" if match.group("lead") == "控制在" else text[slice(*own)] if own else ""
    stated = head_year(cell.head) or row.year or passage.calendar.heading_year
    year = stated or passage.upper or passage.calendar.plan_end
    fused = is_fused(text, cell)
    spans = [match.span(group) for group in ("a", "b") if match.group(group)]
    spans = whole_numerals(text, spans) if fused else spans
    # 〔 〕 in a column of yearly rates is the total over the plan's years
    yearly = _is_yearly(cell, match, name, unit, grammar)
    cadence: Cadence = (
        "annual" if yearly or "年均" in name else "within" if SPAN.match(match.group("lead") or "") else "by"
    )
    indicator = clean((match.group("who") or "") + name)
    harvest.marks.claim(spans, len(harvest.targets), "table-goal")
    harvest.targets.append(
        Target(
            section=passage.section,
            indicator=indicator,
            value=low,
            value_max=high,
            unit=unit,
            comparator="range" if high is not None else COMPARATORS.get(bound, "="),
            kind=_kind(text, cell, match, row, name, unit, grammar, lexicon),
            cadence=cadence,
            year_start=None,
            year_end=year,
            year_source="heading" if stated else "plan" if year else None,
            due_on=None,
            scope=_scope(match, row, lexicon),
            modality=row.nature if row.nature and regex.search("约束|预期|引导", row.nature) else None,
            baseline=match.group("from") or (None if yearly else _before(text, cell, match, row, name, lexicon)),
            part_of=None,
            start=min(match.start(name) for name in ("before", "round", "a") if match.group(name)),
            end=_end(match),
            sentence_start=min((c.start for c, _ in row.cells if c.start >= row.start), default=cell.start),
            sentence_end=max(c.end for c, _ in row.cells),
            confidence=Decimal("0.5" if fused else "0.85"),
            rule="table-goal",
            evidence=_evidence(text, cell, match, row, passage, indicator, lexicon),
        )
    )


def _name(text: str, cell: RowCell, row: TableRow, grammar: Grammar, lexicon: Lexicon) -> str:
    """Give what a cell measures: the row's name, or the column's where the rows are places."""
    if row.place is None:
        return aspect_name(row.name, cell, row, lexicon)
    heads = [c.head for c, _ in row.cells]
    return second_row(text, row) + column_name(cell.head, row.caption, heads, grammar, lexicon)


def _before(
    text: str, cell: RowCell, match: regex.Match[str], row: TableRow, name: str, lexicon: Lexicon
) -> str | None:
    """Give the present value of the row; what is newly done in five years has no level to start from."""
    if match.group("round") is not None and NEWLY.search(name) is not None:
        return None
    state = state_before(cell, row, lexicon)
    return clean(text[state.start : state.end]) if state else row.baseline


def _bound(text: str, cell: RowCell, match: regex.Match[str]) -> Place | None:
    """Give the place of the words that bound a value; the second of two beside a stroke shares those of the first."""
    own = next((match.span(name) for name in ("before", "after") if match.group(name)), None)
    if own is None and match.group("lead") == "控制在":
        return match.span("lead")
    if own is None and text[cell.start : match.start()].rstrip().endswith(("/", "／")):
        return next((value.span("before") for value in values(text, cell) if value.group("before")), None)
    return own


def _end(match: regex.Match[str]) -> int:
    """Give the end of a value: a bracket around it belongs to it, one that closes words before it does not."""
    if match.group("round"):
        return match.end()
    return max(match.end(name) for name in ("a", "b", "pa", "scale", "unit", "after") if match.group(name))


def _scope(match: regex.Match[str], row: TableRow, lexicon: Lexicon) -> str | None:
    """Give the place of the row, none for a total; elsewhere whom the cell names before its figure (设区市≥25)."""
    if row.place is not None:
        return None if is_total(row.place, lexicon) else row.place
    return match.group("who") or None


def _evidence(
    text: str, cell: RowCell, match: regex.Match[str], row: TableRow, passage: Passage, indicator: str,
    lexicon: Lexicon,
) -> tuple[Evidence, ...]:  # fmt: skip
    """Give the words that the fields of a goal were read from: its own cell, the head above it, the row's cells."""
    value = (match.start("a"), match.end("b") if match.group("b") else match.end("a"))
    head = cell.head_at
    unit = match.span("unit") if match.group("unit") else match.span("pa") if match.group("pa") else None
    unit_from = "own-cell" if unit else "unit-column" if "unit" in row.at else "row-name"
    if not unit and head_unit(cell.head, lexicon):
        unit, unit_from = head, "column-head"
    unit = unit or row.at.get("unit") or row.at.get("name")
    who = match.span("who") if match.group("who") else None
    names = [("cell-words", who), ("row-name", row.at.get("name"))]
    names += [("row-name", place) for key, place in row.at.items() if key.startswith("name ")]
    names += [("column-head", head), ("caption", row.at.get("caption"))]
    stretches = [Evidence("indicator", rule, *at) for rule, at in names if at is not None]
    bound = value if match.group("b") else _bound(text, cell, match)
    place = None if row.place is None or is_total(row.place, lexicon) else row.at.get("place")
    often = head if "年均" in cell.head else row.at.get("name") if "年均" in row.name else None
    often = match.span("lead") if SPAN.match(match.group("lead") or "") else often
    kind = match.span("change") if match.group("change") else head or match.span()
    year = head if head_year(cell.head) else row.at.get("year") if row.year else None
    total = match.group("round") is not None
    told = NEWLY.search(row.name) is None if total else not often
    before = row.at.get("baseline") if row.baseline and told else None
    state = state_before(cell, row, lexicon)
    before = (state.start, state.end) if state and told else before
    before = match.span("from") if match.group("from") else before
    found: list[tuple[EvidenceField, str, Place | None]] = [
        ("value", "own-cell", value), ("unit", unit_from, unit), ("comparator", "own-cell", bound),
        ("kind", "own-cell" if match.group("change") or not head else "column-head", kind),
        ("cadence", "column-head" if "年均" in cell.head else "row-name", often),
        ("year_end", "column-head" if head_year(cell.head) else "date-column", year),
        ("scope", "own-cell" if who else "place-column", who or place),
        ("modality", "nature-column", row.at.get("nature") if row.nature else None),
        ("baseline", "own-cell" if match.group("from") else "present-column", before),
        ("confidence", "table", (cell.start, cell.end)),
    ]  # fmt: skip
    above = () if head_year(cell.head) or row.year else year_above(passage)
    said = (Evidence(field, rule, *place) for field, rule, place in found if place is not None)
    return (*trace((indicator,), stretches, text), *said, *above)


def _unit(match: regex.Match[str], unit_words: str) -> tuple[Decimal, str]:
    """Give the factor and the unit: that of the cell, else of the unit column; 万亩 is 10000 of 亩."""
    unit = match.group("unit") or ("%" if match.group("pa") else unit_words)
    leading = LEADING_SCALE.match(unit) or BARE_SCALE.match(unit)
    factor = scale(leading.group()) if leading else Decimal(1)
    unit = unit[leading.end() :] if leading else unit
    unit = {"％": "%", "个百分点": "百分点", "—": "", "-": "", "/": "", "–": ""}.get(unit, unit)
    return factor, unit


def unit_of(match: regex.Match[str], unit_words: str) -> str:
    """Give the unit of a value in a cell, without 万 and 亿; that of the row where the cell has none."""
    return _unit(match, unit_words)[1]


def _kind(
    text: str, cell: RowCell, match: regex.Match[str], row: TableRow, name: str, unit: str, grammar: Grammar,
    lexicon: Lexicon,
) -> TargetKind:  # fmt: skip
    """Give the kind of a goal: figures of changes are changes, works (新建管网) increases, all else is a level.

    In a table of indicators the name tells what is measured: it is a level, unless the figure is summed up over the
    years (累计) or the column sets tasks (任务). A figure in 〔 〕 beside a bare one is what that grows by; where all
    stand in 〔 〕, they are what is measured.
    """
    head = cell.head
    lead = match.group("lead") or ""
    if REACHED.search(lead):
        return "level"
    bracketed = match.group("open") or match.group("round")
    summed = "累计" in lead or ("累计" in head and bool(bracketed or "年均" not in head))
    measured = row.place is None and (aspect(cell, row, lexicon) or any("指标" in c.head for c in row.of("name")))
    measured = measured and not summed and "任务" not in head
    if NEWLY.search(name):
        return "level" if measured else "increase"
    if match.group("change") or (match.group("round") and _stands_beside(text, cell, row)) or _names_change(name, unit):
        return "change"
    yearly = _is_yearly(cell, match, name, unit, grammar)
    if not match.group("open") and (yearly or regex.search("增长|下降|变化|增速", head)):
        return "change"
    if grammar.patterns["change-rate"].search(name):
        return "change"
    share = is_share(unit, lexicon)
    works = _is_work(AMOUNT.sub("", name) if summed else name, unit, grammar, lexicon)
    if summed and (share or not works):
        return "change"
    if name.startswith("增加") and unit not in ("%", "百分点"):
        return "increase"
    if measured:
        return "level"
    if not share and not is_rate(name, grammar) and (works or regex.search("任务|数量|建设", head)):
        return "increase"
    return "increase" if works and not share and (summed or regex.search("任务|计划", head)) else "level"


def _is_yearly(cell: RowCell, match: regex.Match[str], name: str, unit: str, grammar: Grammar) -> bool:
    """True below a head of yearly rates (年均); a share (失业率) below a bare 年均 is a level that each year keeps."""
    summed = match.group("open") or match.group("round") or "累计" in (match.group("lead") or "")
    told = "年均" in cell.head and not summed
    plain = regex.search("[增升降减速]", cell.head) is None and unit == "%" and name.endswith(("率", "比重", "比例"))
    return told and (not plain or grammar.patterns["change-rate"].search(name) is not None)


def _stands_beside(text: str, cell: RowCell, row: TableRow) -> bool:
    """True where a bare figure stands in the row beside one in brackets: a level, or the state it starts from."""
    others = (other for other in row.of("goal", "present") if other != cell)
    return any((found := values(text, other)) and not found[0].group("round") for other in others)


def _names_change(name: str, unit: str) -> bool:
    return name.endswith(("降低", "减少", "提高", "提升", "下降")) and unit in ("%", "百分点")


def _is_work(name: str, unit: str, grammar: Grammar, lexicon: Lexicon) -> bool:
    """True for what is named by what is done: 新建管网, 易涝区域整治."""
    verb = grammar.verbs.at_start(name, 0, len(name))
    works = verb is not None and not grammar.nominals.at_start(name, verb.end, len(name))
    return works or (ends_in_work(name, grammar) and not _is_money(unit, lexicon))


def _is_money(unit: str, lexicon: Lexicon) -> bool:
    measure = lexicon.measures.by_unit.get(unit)
    return measure is not None and measure.dimension == "money"


def is_share(unit: str, lexicon: Lexicon) -> bool:
    measure = lexicon.measures.by_unit.get(unit)
    return measure is not None and measure.dimension in ("share", "points", "ratio", "rate", "age")
