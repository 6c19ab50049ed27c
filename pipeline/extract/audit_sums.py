"""Audit: parts that exceed their total or do not add up to it, in sentences and in tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import regex

from pipeline.extract.audit_places import BREAKS, Scene, plain, shorten
from pipeline.extract.grammar import Grammar
from pipeline.extract.numerals import ARABIC, SCALE, arabic, scale
from pipeline.lexicon import Lexicon
from pipeline.model import Problem, Section
from pipeline.quick.classes import dataclass
from pipeline.quick.pattern import pattern

LOOSE = r"\s*(?:及?以上|左右|上下|以内|以下)"
FIGURE = pattern(rf"(?<![\d.第])(?P<n>{ARABIC})(?P<s>{SCALE})?(?P<more>[余多])?")
OF_WHICH = pattern(r"[，,、；;（(]?\s*其中[：:，,]?")
BRACKET = pattern(r"\s*[（(](?P<body>[^（）()\n]{4,200})[)）]")
# What opens parts stands right behind the measure of their total, or behind a word that makes it a bound.
PARTS_BEGIN = pattern(rf"(?:{LOOSE})?(?:[，,、；;（(]?\s*其中|\s*[（(])")
# Without one of these nothing is said of parts.
PARTS_FOLLOW = ("其中", "（", "(")
PARTERS = pattern(r"[、，,；;]|以及|(?<=\p{Han})[和及](?=\p{Han})")
PART_END = pattern(r"\s*(?:左右|以上|以下|以内)?\s*(?:(?P<joint>、|和|及|以及|[，,])|[）)。；;]|$)")
BOUND_BEFORE = pattern(r"(?:不少于|不低于|至少|超过?|突破|高于|多于|大于|不超过|约|近|达到?|≥|＞|>)\s*$")
FLOOR_BEFORE = pattern(r"(?:不少于|不低于|至少|超过?|突破|高于|多于|大于|≥|＞|>)\s*$")
ROUGHLY_BEFORE = pattern("(?:约|近|超过?|突破)$")
LOOSE_AFTER = pattern(LOOSE)
ADDED = frozenset(("count", "money", "area", "length", "volume", "mass", "power", "energy", "data"))
LONGEST_TOTAL_CLAUSE = 60
# White space before 其中 is shorter. Without an end the engine looks for 其中 in all that follows before it matches.
LONGEST_GAP = 200
SPACE = pattern(r"\s+")
CELL = pattern(rf"\s*(?P<n>{ARABIC})\s*")


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure with its unit: [start, end) in the text. `floor` marks a lower bound (超过, 以上), `loose` any."""

    value: Decimal
    unit: str
    start: int
    end: int
    floor: bool
    loose: bool


def find_sums(scene: Scene, grammar: Grammar) -> Iterator[Problem]:
    """Give the problems of totals and their parts, for the whole text.

    - 共N个，其中A x个、B y个: no part may exceed the total it follows (warning), nor may the parts together, though
      these may overlap (info). Not for rates, averages, prices and caps, nor where the total is a lower bound.
    - N个（A x个、B y个）: a bracket that holds nothing but two parts or more in the unit of the total, without 其中
      or 等, gives all parts; they must add up to it.
    - A table row 合计 or 小计: each column of plain figures must add up, to the rounding of its figures. Columns of
      rates and averages and columns with anything but figures are left alone.
    """
    for section in scene.outline.sections:
        if section.kind not in ("front", "closing"):
            yield from _in_prose(scene.text, section, grammar, scene.lexicon)
    yield from _in_tables(scene)


def _amount(match: regex.Match[str], text: str, lexicon: Lexicon) -> Amount | None:
    """Read a figure with a measure that can be summed up."""
    measure = lexicon.measures.at(text, match.end())
    if measure is None or measure.dimension not in ADDED:
        return None
    end = match.end() + len(measure.unit)
    after = LOOSE_AFTER.match(text, end)
    before = text[max(0, match.start() - 4) : match.start()]
    floor = bool(FLOOR_BEFORE.search(before) or match.group("more") or (after and "上" in after.group()))
    value = arabic(match.group("n")) * scale(match.group("s") or "")
    exact = not after and not match.group("more") and not ROUGHLY_BEFORE.search(before) and not floor
    return Amount(value, measure.canonical, match.start(), after.end() if after else end, floor, not exact)


def _in_prose(text: str, section: Section, grammar: Grammar, lexicon: Lexicon) -> Iterator[Problem]:
    """Look behind each figure for 其中 or a bracket of parts."""
    if not any(text.find(word, section.start, section.end) >= 0 for word in PARTS_FOLLOW):
        return
    for match in FIGURE.finditer(text, section.start, section.end):
        measure = lexicon.measures.at(text, match.end())
        if measure is None or PARTS_BEGIN.match(text, match.end() + len(measure.unit)) is None:
            continue
        total = _amount(match, text, lexicon)
        if total is None or text[match.start() - 1 : match.start()] in tuple("—–-~～至到/×x+"):
            continue
        bracket = BRACKET.match(text, total.end, section.end)
        opening = OF_WHICH.match(text, total.end, min(section.end, total.end + LONGEST_GAP))
        if (bracket is None and opening is None) or _not_summed(text, total, section.start, lexicon):
            continue
        if bracket is not None:
            yield from _in_bracket(text, total, bracket, lexicon)
        if opening is not None and not _one_of_several(text, total, section.start, lexicon):
            yield from _of_which(text, total, opening.end(), section.end, grammar, lexicon)


def _not_summed(text: str, total: Amount, low: int, lexicon: Lexicon) -> bool:
    """True where the clause of a total speaks of a rate, an average, a price or a cap."""
    start = total.start
    while start > max(low, total.start - LONGEST_TOTAL_CLAUSE) and text[start - 1] not in BREAKS:
        start -= 1
    return lexicon.audit["not-summed"].search(text[start : total.start]) is not None


def _one_of_several(text: str, total: Amount, low: int, lexicon: Lexicon) -> bool:
    """新建A站30个、B站20个，其中… may mean both: another figure of the unit stands before in the sentence."""
    start = max(text.rfind(mark, low, total.start) for mark in "。；;\n\t") + 1
    others = (_amount(m, text, lexicon) for m in FIGURE.finditer(text, max(start, low), total.start))
    return any(other is not None and other.unit == total.unit for other in others)


def _of_which(text: str, total: Amount, start: int, end: int, grammar: Grammar, lexicon: Lexicon) -> Iterator[Problem]:
    """Hold the parts after 其中 against their total."""
    parts = _parts(text, total, start, end, grammar, lexicon)
    if total.floor or not parts:
        return
    limit = total.value * (Decimal("1.1") if total.loose else 1)
    over = [part for part in parts if part.value > limit]
    whole = shorten(text[max(text.rfind("，", 0, total.start), text.rfind("。", 0, total.start)) + 1 : total.end])
    if over:
        yield _exceeds(text, "warning", whole, total, over[:1], "A part cannot be more than its total.")
    elif len(parts) > 1 and sum(part.value for part in parts) > limit:
        hint = "Together they are more than their total, unless they overlap."
        yield _exceeds(text, "info", whole, total, parts, hint)


def _exceeds(text: str, severity: str, whole: str, total: Amount, parts: Sequence[Amount], hint: str) -> Problem:
    words = shorten(text[total.end : parts[-1].end]).lstrip("，,、；;（(")
    values = " + ".join(plain(part.value) for part in parts)
    return Problem(
        severity,  # type: ignore[arg-type]
        "parts_exceed_total",
        f"The total “{whole}” (characters {total.start}–{total.end}) is {plain(total.value)} {total.unit}, what is "
        f"named as part of it, “{words}”, is {values}. {hint} Find the slip in the source, and "
        "correct the rows it gave.",
        parts[0].start,
        parts[-1].end,
    )


def _parts(text: str, total: Amount, start: int, end: int, grammar: Grammar, lexicon: Lexicon) -> list[Amount]:
    """Read 甲3个、乙5个 as long as each item ends in a figure of the total's unit; a verb behind a comma ends it."""
    parts: list[Amount] = []
    place, joint = start, ""
    while True:
        stop = next((p for p in range(place, end) if text[p] in BREAKS + "、（("), end)
        found = [(m, _amount(m, text, lexicon)) for m in FIGURE.finditer(text, place, stop)]
        amounts = [a for _, a in found if a is not None and a.unit == total.unit]
        # 新增5个 behind a comma is no part any more, but a statement of its own.
        own = joint in ("，", ",") and grammar.verbs.at_start(text, place, stop) is not None
        if own or not amounts or amounts[-1] is None:
            return parts
        part = amounts[-1]
        closing = PART_END.match(text, part.end, end)
        name = text[place : part.start]
        if closing is None or lexicon.audit["not-summed"].search(name):
            return parts
        parts.append(part)
        joint = closing.group("joint") or ""
        place = closing.end()
        if not joint:
            return parts


def _in_bracket(text: str, total: Amount, bracket: regex.Match[str], lexicon: Lexicon) -> Iterator[Problem]:
    """Hold the parts of a bracket that holds nothing else against their total."""
    body, offset = bracket.group("body"), bracket.start("body")
    if total.loose or lexicon.audit["some-parts"].search(body.strip()) or "等" in body:
        return
    parts: list[Amount] = []
    names: list[str] = []
    places = [0, *(m.end() for m in PARTERS.finditer(body))]
    ends = [*(m.start() for m in PARTERS.finditer(body)), len(body)]
    for first, last in zip(places, ends, strict=True):
        found = [m for m in FIGURE.finditer(text, offset + first, offset + last)]
        part = _amount(found[0], text, lexicon) if len(found) == 1 else None
        name = "" if part is None else text[offset + first : part.start].strip()
        if part is None or part.unit != total.unit or part.loose or part.end != offset + last or not name:
            return
        if BOUND_BEFORE.search(name) or lexicon.audit["not-summed"].search(name):
            return
        parts.append(part)
        names.append(name)
    added = sum((part.value for part in parts), Decimal(0))
    if len(parts) < 2 or len(set(names)) < len(names) or added == total.value:
        return
    yield Problem(
        "warning" if added > total.value else "info",
        "parts_do_not_add_up",
        f"The parts in “{shorten(body)}” add up to {plain(added)} {total.unit}, their total "
        f"“{shorten(text[total.start : total.end])}” (characters {total.start}–{total.end}) is {plain(total.value)}. "
        "Find the slip in the source, or the part that is missing, and correct the rows it gave.",
        parts[0].start,
        parts[-1].end,
    )


def _in_tables(scene: Scene) -> Iterator[Problem]:
    """Hold the rows 小计 and 合计 of each table against the rows they sum up."""
    table: list[Section] = []
    for section in (*scene.outline.sections, None):
        goes_on = section is not None and section.kind == "row" and bool(section.cells)
        same = goes_on and bool(table) and section is not None and section.plan == table[-1].plan
        if goes_on and same and section is not None and _heads(section) & _heads(table[-1]):
            table.append(section)
            continue
        if table:
            yield from _in_table(scene, table)
        table = [section] if goes_on and section is not None else []


def _heads(section: Section) -> set[str]:
    return {cell.head for cell in section.cells}


def _in_table(scene: Scene, table: list[Section]) -> Iterator[Problem]:
    """Sum up the rows since the last total; a 合计 behind rows 小计 sums up these."""
    kinds = [_total_word(scene, row) for row in table]
    block: list[Section] = []
    subtotals: list[Section] = []
    for number, (row, word) in enumerate(zip(table, kinds, strict=True)):
        if not word:
            block.append(row)
        elif word.startswith("小计"):
            yield from _check_total(scene, row, block)
            subtotals.append(row)
            block = []
        elif number == 0 and not any(kinds[1:]):
            yield from _check_total(scene, row, table[1:])
            return
        elif number == len(table) - 1:
            # Rows behind the last 小计 would be summed up by the 合计 alone.
            yield from _check_total(scene, row, [*subtotals, *block])
        else:
            return


def _total_word(scene: Scene, row: Section) -> str:
    """Give 合计 or 小计 where a cell of the row says so."""
    words = (SPACE.sub("", scene.text[cell.start : cell.end]) for cell in row.cells)
    return next((word for word in words if scene.lexicon.audit["total-row"].search(word)), "")


def _check_total(scene: Scene, total: Section, rows: list[Section]) -> Iterator[Problem]:
    if len(rows) < 2:
        return
    for cell in total.cells:
        if scene.lexicon.audit["column-not-summed"].search(cell.head):
            continue
        column = [[c for c in row.cells if c.head == cell.head] for row in rows]
        whole = CELL.fullmatch(scene.text, cell.start, cell.end)
        figures = [CELL.fullmatch(scene.text, c[0].start, c[0].end) if len(c) == 1 else None for c in column]
        places = {(c[0].start, c[0].end) for c in column if c}
        if whole is None or any(f is None for f in figures) or len(places) < len(rows):
            continue
        values = [arabic(f.group("n")) for f in figures if f is not None]
        value, added = arabic(whole.group("n")), sum(values, Decimal(0))
        decimals = max(-int(v.as_tuple().exponent) for v in (*values, value))
        slack = Decimal(len(values)) / 2 / 10**decimals if decimals > 0 else Decimal(0)
        if abs(added - value) > slack:
            words = " + ".join(plain(v) for v in values[:8]) + (" + …" if len(values) > 8 else "")
            yield Problem(
                "warning",
                "parts_do_not_add_up",
                f"The rows above add up to {plain(added)} in the column “{shorten(cell.head)}” ({words}, characters "
                f"{rows[0].start}–{rows[-1].end}), the row “{_total_word(scene, total)}” says {plain(value)}. Find the "
                "slip in the source, or the row that was not read, and correct the rows it gave.",
                cell.start,
                cell.end,
            )
