"""Read the rows of indicator tables: name, unit, present value, goals by year, kind of commitment."""

from __future__ import annotations

from decimal import Decimal

import regex

from pipeline.extract.indicators import clean
from pipeline.extract.numerals import ARABIC, arabic, scale
from pipeline.extract.reading import Harvest, Passage
from pipeline.lexicon import Lexicon
from pipeline.model.findings import Cadence, Comparator, Target, TargetKind
from pipeline.model.outline import RowCell, Section

NAME = regex.compile("指标|名称|项目|内容|类型|任务|目标名")
UNIT = regex.compile("单位$|计量单位|单位（")
YEAR = regex.compile(r"(?:19|20)\d\d")
NATURE = regex.compile("属性|性质|类型")
VALUE = regex.compile(
    rf"(?P<before>≥|≤|>|<|＞|＜|不低于|不少于|不超过|超过|大于|小于|约|达到)?\s*(?P<round>[〔\[【（(])?\s*(?P<a>-?{ARABIC})(?P<pa>[%％])?"
    rf"(?:\s*[—–\-~～至]\s*(?P<b>{ARABIC})[%％]?)?(?P<scale>万亿|万|亿)?\s*(?P<close>[〕\]】）)])?\s*(?P<unit>[%％‰]|\p{{Han}}{{1,4}}?(?=以上|左右|以内|以下|$))?\s*"
    r"(?P<after>及?以上|左右|以内|以下)?$"
)
COMPARATORS: dict[str, Comparator] = {
    "≥": ">=", "不低于": ">=", "不少于": ">=", "以上": ">=", "及以上": ">=", "≤": "<=", "不超过": "<=", "以内": "<=", "以下": "<=",
    ">": ">", "＞": ">", "超过": ">", "大于": ">", "<": "<", "＜": "<", "小于": "<", "约": "~", "左右": "~",
}  # fmt: skip


def is_indicator_row(section: Section) -> bool:
    """True for a row whose heads hold a unit column or years over values: 指标 | 单位 | 2020年 | 2025年 | 属性."""
    heads = [cell.head for cell in section.cells]
    years = [head for head in heads if YEAR.search(head) or regex.search("目标值|规划目标|现状值|基期值", head)]
    return (len(years) >= 1 and len(heads) >= 3) or (bool(years) and any(UNIT.search(head) for head in heads))


def read_indicator_row(text: str, section: Section, passage: Passage, lexicon: Lexicon, harvest: Harvest) -> None:
    """Add the goals of the row as targets and its present values as baselines of the ledger."""
    name, unit_words = _name(text, section), ""
    unit_cell = next((c for c in section.cells if UNIT.search(c.head)), None)
    if unit_cell is not None:
        unit_words = clean(text[unit_cell.start : unit_cell.end])
    inline = regex.search(r"[（(](?P<unit>[^（）()]{1,10})[)）]$", name)
    if not unit_words and inline:
        unit_words, name = inline.group("unit"), clean(name[: inline.start()])
    columns = [c for c in section.cells if _is_value(c)]
    present = _present(columns, passage)
    baseline = next((text[c.start : c.end].strip() for c in columns if c in present), None)
    for cell in columns:
        match = VALUE.match(text[cell.start : cell.end].strip())
        if match is None:
            continue
        offset = cell.start + len(text[cell.start : cell.end]) - len(text[cell.start : cell.end].lstrip())
        spans = [(offset + match.start(g), offset + match.end(g)) for g in ("a", "b") if match.group(g)]
        if cell in present:
            for span in spans:
                harvest.marks.classes[span] = "baseline"
            continue
        nature = next((text[c.start : c.end].strip() for c in section.cells if NATURE.search(c.head)), None)
        _add(text, cell, match, spans, offset, name, unit_words, nature, baseline, passage, harvest)


def _name(text: str, section: Section) -> str:
    cells = [c for c in section.cells if NAME.search(c.head) and not UNIT.search(c.head) and not YEAR.search(c.head)]
    named = [clean(text[c.start : c.end]) for c in cells if not regex.search("类别|一级", c.head)]
    return named[-1] if named else section.title


def _is_value(cell: RowCell) -> bool:
    return bool(
        YEAR.search(cell.head) or regex.search("目标|现状|基期|累计|年均|完成|规划值|指标值|实际", cell.head)
    ) and not NAME.search(regex.sub("目标值|指标值|目标", "", cell.head))


def _present(columns: list[RowCell], passage: Passage) -> list[RowCell]:
    """The base year's column: 现状, 完成, or the first of several years, or a year before the plan."""
    base = passage.calendar.plan_start or passage.calendar.issued_year
    found = []
    for number, cell in enumerate(columns):
        years = [int(y) for y in YEAR.findall(cell.head)]
        told = regex.search("现状|基期|基准|完成|实际|现值", cell.head) and not regex.search("目标", cell.head)
        early = years and base is not None and years[-1] < base and "目标" not in cell.head
        first = years and base is None and number == 0 and sum(bool(YEAR.search(c.head)) for c in columns) > 1
        if told or early or first:
            found.append(cell)
    return found


def _add(
    text: str, cell: RowCell, match: regex.Match[str], spans: list[tuple[int, int]], offset: int, name: str, unit_words: str,
    nature: str | None, baseline: str | None, passage: Passage, harvest: Harvest,
) -> None:  # fmt: skip
    factor = scale(match.group("scale") or "")
    unit = match.group("unit") or ("%" if match.group("pa") else unit_words)
    leading = regex.match(r"(万亿|万|亿|千|百万)(?=\p{Han})", unit)
    if leading and unit not in ("千米", "千瓦", "千克", "千瓦时", "千伏安", "千伏"):
        factor, unit = factor * scale(leading.group()), unit[leading.end() :]
    unit = {"％": "%", "个百分点": "百分点", "—": "", "-": "", "/": ""}.get(unit, unit)
    low, high = arabic(match.group("a").lstrip("-")) * factor, match.group("b")
    comparator: Comparator = (
        "range" if high else COMPARATORS.get(match.group("before") or match.group("after") or "", "=")
    )
    years = [int(y) for y in YEAR.findall(cell.head)]
    year = years[-1] if years else passage.calendar.heading_year or passage.upper or passage.calendar.plan_end
    change = (
        bool(match.group("round"))
        or regex.search("累计|年均|增长|下降|变化", cell.head) is not None
        or name.endswith(("下降", "降低", "减少", "增长", "提高"))
    )
    kind: TargetKind = "increase" if name.startswith("新增") else "change" if change else "level"
    cadence: Cadence = "annual" if "年均" in cell.head or name.startswith("年均") else "by"
    index = len(harvest.targets)
    for span in spans:
        harvest.marks.classes[span] = "target"
        harvest.marks.targets[span] = index
    harvest.targets.append(Target(
        passage.section, name, low, arabic(high) * factor if high else None, unit, comparator, kind, cadence, None, year,
        "heading" if years or passage.calendar.heading_year else "plan" if year else None, None, None,
        nature if nature and regex.search("约束|预期|引导", nature) else None, baseline, None,
        offset + match.start(), offset + match.end(), cell.start, cell.end, Decimal("0.85"), "indicator-table",
    ))  # fmt: skip
