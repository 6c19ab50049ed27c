"""Find quantities: a numeral (or a range of two) with its scale and measure, and words that bend it (余, 级)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import regex

from pipeline.extract.numerals import ARABIC, CHINESE, SCALE, arabic, chinese, scale
from pipeline.lexicon.measures import Measure, Measures

DASH = r"\s*[—–－\-~～至到]+\s*"
ARABIC_QUANTITY = regex.compile(
    rf"(?P<a>{ARABIC})(?P<sa>{SCALE})?(?P<pa>[%％‰])?"
    rf"(?:{DASH}(?P<b>{ARABIC})(?P<sb>{SCALE})?)?(?P<more>[余多])?(?P<sc>{SCALE})?"
)
CHINESE_QUANTITY = regex.compile(
    rf"(?<![第〇零一二三四五六七八九两十百千万亿]){CHINESE}(?P<more>[余多])?(?P<sc>[万亿])?"
)
FRACTION = regex.compile(
    r"(?P<d>[二三四五六七八九十百\d]{1,4})分之(?P<n>[一二三四五六七八九十两\d百点]{1,6})|(?<![\d/])(?P<na>\d{1,2})/(?P<da>\d{1,2})(?=以上|以下|左右|的|，|。|；|$)"
)
HALF = regex.compile(r"(?<!近)一半(?:以上|以下|左右)?|半数(?:以上)?|翻(?P<times>[一两二三])番")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value with its measure. [start, end) is numeral and measure; [numbers] are the numerals' own spans.

    `graded` marks 级 after the measure (3000吨级): a size class, not a count. `more` marks 余 and 多.
    """

    start: int
    end: int
    value: Decimal
    value_max: Decimal | None
    unit: str
    dimension: str
    graded: bool
    more: bool
    numbers: tuple[tuple[int, int], ...]
    chinese: bool = False

    @property
    def places(self) -> tuple[tuple[int, int], ...]:
        """The places of its numerals in the ledger; the whole of it where it is written in Chinese."""
        return self.numbers or ((self.start, self.end),)


def find_quantities(
    text: str, start: int, end: int, busy: Callable[[int, int], bool], measures: Measures
) -> list[Quantity]:
    """Give the quantities of text[start:end] in order; `busy(s, e)` tells places that are already explained.

    A numeral without a known measure is a quantity with unit "" only where 亿 or 万亿 makes it an amount.
    """
    found = [q for m in ARABIC_QUANTITY.finditer(text, start, end) if (q := _arabic(m, text, end, busy, measures))]
    spans = [(q.start, q.end) for q in found]

    def free(s: int, e: int) -> bool:
        return not busy(s, e) and all(e <= a or s >= b for a, b in spans)

    for match in (*FRACTION.finditer(text, start, end), *HALF.finditer(text, start, end)):
        if free(match.start(), match.end()) or match.groupdict().get("da"):
            quantity = _fraction(match)
            if quantity is not None:
                found = [q for q in found if q.end <= quantity.start or q.start >= quantity.end]
                found.append(quantity)
                spans.append((quantity.start, quantity.end))
    for match in CHINESE_QUANTITY.finditer(text, start, end):
        if free(match.start(), match.end()) and (quantity := _chinese(match, text, end, measures)):
            found.append(quantity)
    return sorted(found, key=lambda q: q.start)


def _arabic(
    match: regex.Match[str], text: str, end: int, busy: Callable[[int, int], bool], measures: Measures
) -> Quantity | None:
    if busy(match.start("a"), match.end("a")):
        return None
    second = match.group("b") is not None and not busy(match.start("b"), match.end("b"))
    stop = match.end() if second or match.group("b") is None else match.end("pa") if match.group("pa") else max(
        match.end("a"), match.end("sa")
    )  # fmt: skip
    low, high = arabic(match.group("a")), arabic(match.group("b")) if second else None
    tail_scale = match.group("sc") or (match.group("sb") if second else None) or ""
    low *= scale(match.group("sa") or (tail_scale if second or not match.group("sa") else ""))
    if high is not None:
        high *= scale(match.group("sb") or match.group("sc") or "")
        if high <= low:
            return None
    measure = measures.at(text, stop) if stop < end else None
    numbers = [(match.start("a"), match.end("a"))] + ([(match.start("b"), match.end("b"))] if second else [])
    if match.group("pa") and not second:
        measure, stop = Measure("%", "share", "%"), match.end("pa")
        if match.group("pa") == "‰":
            measure = Measure("‰", "share", "‰")
        return _quantity(match.start(), stop, low, None, measure, text, bool(match.group("more")), numbers)
    if measure is None:
        word = match.group("sa") or tail_scale
        if word and word[-1] in "亿兆":
            return _quantity(
                match.start(), stop, low, high, Measure("", "amount", ""), text, bool(match.group("more")), numbers
            )
        return None
    return _quantity(
        match.start(), stop + len(measure.unit), low, high, measure, text, bool(match.group("more")), numbers
    )


def _quantity(
    start: int, end: int, low: Decimal, high: Decimal | None, measure: Measure, text: str, more: bool,
    numbers: list[tuple[int, int]], chinese_numeral: bool = False,
) -> Quantity:  # fmt: skip
    """Build a quantity; a measure other than a count takes a following 级 as a size class."""
    low, high = _whole(low), _whole(high) if high is not None else None
    graded = measure.dimension != "count" and text[end : end + 1] == "级"
    follow = regex.compile(r"（(?:家|个|人|次|项|套|团队)）|\((?:家|个|人|次|项|套)\)").match(text, end)
    unit = measure.unit
    if follow and measure.dimension == "count":
        unit, end = unit + follow.group(), follow.end()
    unit = {"个百分点": "百分点", "个基点": "基点", "％": "%"}.get(unit, unit)
    return Quantity(start, end, low, high, unit, measure.dimension, graded, more, tuple(numbers), chinese_numeral)


def _whole(value: Decimal) -> Decimal:
    """Drop the decimals that multiplying left: 12.5 × 10000 is 125000, not 125000.0."""
    return value.to_integral_value() if value == value.to_integral_value() else value


def _fraction(match: regex.Match[str]) -> Quantity | None:
    groups = match.groupdict()
    if "times" in groups:
        times = {"一": 2, "两": 4, "二": 4, "三": 8}.get(groups["times"] or "")
        value, unit = (Decimal(times), "倍") if times else (Decimal(50), "%")
        stop = match.end() if times else match.start() + 2
        return Quantity(
            match.start(), stop, value, None, unit, "share" if unit == "%" else "ratio", False, False, (), True
        )
    numbers: tuple[tuple[int, int], ...] = ()
    if groups.get("da"):
        numerator, denominator = Decimal(groups["na"]), Decimal(groups["da"])
        if denominator == 0 or numerator >= denominator or denominator > 10:
            return None
        numbers = ((match.start("na"), match.end("na")), (match.start("da"), match.end("da")))
    else:
        parts = [Decimal(p) if p.isdigit() else _decimal(p) for p in (groups["n"], groups["d"])]
        if parts[0] is None or not parts[1]:
            return None
        numerator, denominator = parts[0], parts[1]
    percent = (numerator * 100 / denominator).quantize(Decimal("0.01")).normalize()
    return Quantity(
        match.start(), match.end(), Decimal(f"{percent:f}"), None, "%", "share", False, False, numbers, True
    )


def _decimal(text: str) -> Decimal | None:
    whole, _, digits = text.partition("点")
    head = chinese(whole)
    if head is None:
        return None
    return head if not digits else Decimal(f"{head}.{chinese(digits) or 0}")


def _chinese(match: regex.Match[str], text: str, end: int, measures: Measures) -> Quantity | None:
    """A Chinese numeral counts only from two up and with a counting or metric measure: 三家, 两百公里; not 一批."""
    words = match.group().rstrip("余多")
    if match.group("more"):
        words = match.group()[: match.start("more") - match.start()]
    value = chinese(words)
    if value is None or value < 2:
        return None
    if match.group("more") and match.group("sc"):
        value *= scale(match.group("sc"))
    measure = measures.at(text, match.end()) if match.end() < end else None
    if measure is None or measure.dimension in ("time", "ratio", "points", "sound", "data"):
        return None
    if measure.unit in (
        "成",
        "级",
        "市",
        "省",
        "县",
        "点",
        "方",
        "里",
        "类",
        "节",
        "位",
        "度",
        "端",
        "期",
        "批",
        "届",
        "轮",
        "期",
        "片",
        "对",
        "门",
        "升",
        "角",
    ):
        return None
    return _quantity(
        match.start(), match.end() + len(measure.unit), value, None, measure, text, bool(match.group("more")), [], True
    )
