"""Find quantities: a numeral (or a range of two) with its scale and measure, and words that bend it (余, 级)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from decimal import Decimal

import regex

from pipeline.extract.numerals import ARABIC, CHINESE, SCALE, arabic, chinese, scale
from pipeline.lexicon.measures import Measure, Measures
from pipeline.quick.classes import NamedTuple
from pipeline.quick.pattern import pattern

DASH = r"\s*[—–－\-~～至到]+\s*"
ARABIC_QUANTITY = pattern(
    rf"(?P<a>{ARABIC})(?P<sa>{SCALE})?(?:(?<=[万亿])(?P<low>{ARABIC})(?P<sl>万)?)?(?P<pa>[%％‰])?"
    rf"(?:{DASH}(?P<b>{ARABIC})(?P<sb>{SCALE})?)?(?P<more>[余多])?(?P<sc>{SCALE})?"
)
CHINESE_QUANTITY = pattern(rf"(?<![第〇零一二三四五六七八九两十百千万亿]){CHINESE}(?P<more>[余多])?(?P<sc>[万亿])?")
# What `_arabic` takes of it: the numeral with its scale, a further one (1万 + 2000), a sign, the second bound, a scale.
PARTS = ("a", "sa", "low", "sl", "pa", "b", "sb", "sc")
FRACTION = pattern(
    r"(?P<d>[二三四五六七八九十百千\d]{1,4})分之(?P<n>[一二三四五六七八九十两\d百点]{1,6})|(?<![\d/])(?P<na>\d{1,2})/(?P<da>\d{1,2})(?=以上|以下|左右|的|，|。|；|$)"
)
HALF = pattern(r"(?<!近)一半(?:以上|以下|左右)?|半数(?:以上)?|翻(?P<times>[一两二三])番")


# Without these a sentence holds no figure in digits, no ratio, no fraction; most need not be looked through again.
DIGIT = re.compile(r"\d")
COLON = re.compile("[:：∶]")
IN_PARTS = re.compile("分之|/|半|番")

# A digit, a fraction, or a Chinese numeral; most of the last stand in other words, with no measure behind them.
CANDIDATE = re.compile(rf"\d|分之|/|半|番|({CHINESE}[余多]?[万亿]?)")

PER_CENT, PER_MILLE = Measure("%", "share", "%"), Measure("‰", "share", "‰")
# The noun that tells the measure of a figure, with the words between the two, is no longer.
LONGEST_LEAD = 64

# 石门路01单元: a mark, not a count.
NUMBERED = pattern("0\\d+(?=单元|号|街坊|地块|室|班|线|路)")
# 东河路899项目, 等5部门: the noun itself begins so.
NO_MEASURE = pattern(
    "对(?!左右|以上|以下|[，。；、,;)）]|$)|分(?![钟贝米]|左右|以上|以下|[，。；、,;)）]|$)|项目|部门|部委|部队|类型|位置|名单|名录|次日|件套"
)
NO_MEASURE_OPENS = frozenset("对分项部类位名次件")
# 争创国家级开发区一家: only at the end of its clause, behind a noun, is 一 a count.
ONE_AT_END = pattern("(?<=\\p{Han}{3})(?<![为成是同各每另某任这那统单])一[家个座所条处项支部艘](?=[，。；、]|以上|$)")
# 12分36秒: one length of time.
MINUTES = pattern(r"(?<![\d.])(?P<m>\d{1,3})分(?P<s>\d{1,2})秒")
# 车桩比达到2.5∶1: one figure in two numerals.
RATIO = pattern(r"(?<![\d:：∶])(?P<a>\d+(?:\.\d+)?)\s*[:：∶]\s*(?P<b>1)(?![\d:：∶.])")
RATIO_NOUN = pattern(r"(?r)比(?:例|值)?(?:将|力争)?(?:达到?|为|至|到|在|\p{Han}{1,4}[到至在为于过])?\Z")


# 发病率降至40/10万, and the opening half of 系数由0.55提高到0.58.
PER_PEOPLE = pattern("/(?:10万|十万|万|千)(?!元|吨)")
RAISED = pattern("(?:的水平)?(?:提高|提升|上升|升|增|下降|降低|降)")


# 培育20（家）: the unit, once more.
UNIT_IN_BRACKETS = pattern(
    r"（(?:家|个|人|次|项|套|间|名|台|处|户|段|条|座|所|幅|块|辆|组|栋|幢|件|只|艘|架|盏|片|团队)）|\((?:家|个|人|次|项|套|间|段|条)\)"
)
PLAIN_UNITS = {"个百分点": "百分点", "个基点": "基点", "个位次": "位次", "％": "%"}
# 新增就业人数24万以上: the noun tells the measure that the figure leaves out.
PERSON_UNITS = {"人数": "人", "人口": "人", "人次": "人次", "户数": "户"}
PERSONS = pattern(r"(?r)(?P<noun>人数|人口|人次|户数)(?:将|要|应|力争)?(?:达到?|为|超过?|突破|不少于|至|到|约)*\Z")


# What is measured so is written in digits where it is measured; what a Chinese numeral stands before is another word.
IN_DIGITS = frozenset(("time", "ratio", "points", "sound", "data"))
OTHER_WORDS = frozenset("成分级市省县点方里类节位度端期批届轮片对门升角")


class Quantity(NamedTuple):
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


def candidates(text: str, start: int, end: int, measures: Measures) -> tuple[list[int], list[int]]:
    """Give the places in text[start:end] where a quantity may stand, and those of them with a Chinese numeral.

    A stretch without any holds no quantity; a Chinese numeral counts only where a measure may follow it.
    """
    places: list[int] = []
    in_words: list[int] = []
    for match in CANDIDATE.finditer(text, start, end):
        if match.lastindex is not None:
            if text[match.end() : match.end() + 1] not in measures.lengths:
                continue
            in_words.append(match.start())
        places.append(match.start())
    return places, in_words


def find_quantities(
    text: str, start: int, end: int, in_words: Sequence[int], busy: Callable[[int, int], bool], measures: Measures
) -> list[Quantity]:
    """Give the quantities of text[start:end] in order; `busy(s, e)` tells places that are already explained.

    `in_words` are the places of Chinese numerals that `candidates` gave. A numeral without a known measure is a
    quantity with unit "" only where 亿 or 万亿 makes it an amount.
    """
    found = _in_digits(text, start, end, busy, measures) if DIGIT.search(text, start, end) else []
    spans = [(q.start, q.end) for q in found]

    def free(s: int, e: int) -> bool:
        return not busy(s, e) and all([e <= a or s >= b for a, b in spans])

    if IN_PARTS.search(text, start, end):
        for match in (*FRACTION.finditer(text, start, end), *HALF.finditer(text, start, end)):
            if free(match.start(), match.end()) or match.groupdict().get("da"):
                quantity = _fraction(match)
                if quantity is not None:
                    found = [q for q in found if q.end <= quantity.start or q.start >= quantity.end]
                    found.append(quantity)
                    spans.append((quantity.start, quantity.end))
    first = bisect_left(in_words, start)
    for place in in_words[first : bisect_left(in_words, end, lo=first)]:
        numeral = CHINESE_QUANTITY.match(text, place, end)
        if numeral is None or numeral.end() >= end:
            continue
        if (quantity := _chinese(numeral, text, end, measures)) and free(place, numeral.end()):
            found.append(quantity)
    return _with_shared_points(text, sorted(found, key=_start)) if len(found) > 1 else found


def _start(quantity: Quantity) -> int:
    return quantity.start


def _in_digits(text: str, start: int, end: int, busy: Callable[[int, int], bool], measures: Measures) -> list[Quantity]:
    """Give the quantities of text[start:end] that are written in digits; a ratio or length of time is one figure."""
    found = [q for m in ARABIC_QUANTITY.finditer(text, start, end) if (q := _arabic(m, text, end, busy, measures))]
    if COLON.search(text, start, end):
        ratios = [m for m in RATIO.finditer(text, start, end) if not busy(*m.span())]
        ratios = [m for m in ratios if RATIO_NOUN.search(text, start, m.start())]
        found = [q for q in found if not any(m.start() <= q.start < m.end() for m in ratios)]
        found += [_ratio(m) for m in ratios]
    if text.find("秒", start, end) >= 0:
        times = [_minutes(m) for m in MINUTES.finditer(text, start, end) if not busy(*m.span())]
        found = [q for q in found if not any(t.start <= q.start < t.end for t in times)] + times
    return found


def _with_shared_points(text: str, found: list[Quantity]) -> list[Quantity]:
    """分别提高6个、3个百分点, 压缩至60个、45个工作日: the measure is spelled once, at the end."""
    for number in range(len(found) - 1, 0, -1):
        last, one = found[number], found[number - 1]
        joined = text[one.end : last.start].strip() in ("、", "和", "与", "及")
        if last.unit in ("百分点", "个工作日", "工作日") and one.unit == "个" and joined:
            found[number - 1] = one._replace(unit=last.unit, dimension=last.dimension)
    return found


def _ratio(match: regex.Match[str]) -> Quantity:
    value = arabic(match.group("a"))
    return Quantity(
        match.start(), match.end(), value, None, "", "bare", False, False, (match.span("a"), match.span("b"))
    )


def _minutes(match: regex.Match[str]) -> Quantity:
    value = arabic(match.group("m")) * 60 + arabic(match.group("s"))
    spans = (match.span("m"), match.span("s"))
    return Quantity(match.start(), match.end(), value, None, "秒", "time", False, False, spans)


def _arabic(
    match: regex.Match[str], text: str, end: int, busy: Callable[[int, int], bool], measures: Measures
) -> Quantity | None:
    """Read an Arabic numeral, a range of two, or a mixed one (1万2000人) with its measure."""
    numeral = match.span("a")
    start = numeral[0]
    if busy(*numeral) or (text[start] == "0" and NUMBERED.match(text, start)):
        return None
    first, own_scale, further, further_scale, percent, above, above_scale, tail = match.group(*PARTS)
    second = above is not None and not busy(*match.span("b"))
    numbers = [numeral]
    low, high = arabic(first) * scale(own_scale or tail or (above_scale if second else "") or ""), None
    if further:
        low += arabic(further) * scale(further_scale or "")
        numbers.append(match.span("low"))
    if second:
        # A scale after the second bound holds for both.
        high = arabic(above) * scale(above_scale or tail or "")
        numbers.append(match.span("b"))
        if high <= low:
            return None
    more = match.start("more") >= 0
    if percent and not second:
        share = PER_MILLE if percent == "‰" else PER_CENT
        return _quantity(start, match.end("pa"), low, None, share, text, more, numbers)
    stop = match.end() if second or above is None else max(match.end(n) for n in ("a", "sa", "low", "sl"))
    measure = measures.at(text, stop) if stop < end else None
    if measure is not None and text[stop] in NO_MEASURE_OPENS and NO_MEASURE.match(text, stop):
        measure = None
    if (
        measure is None
        and own_scale in ("万", "亿")
        and (counted := PERSONS.search(text, max(0, start - LONGEST_LEAD), start))
    ):
        unit = PERSON_UNITS[counted.group("noun")]
        quantity = _quantity(start, stop, low, high, Measure("", "count", ""), text, more, numbers)
        return quantity._replace(unit=unit)
    if measure is None:
        word = own_scale or tail or (above_scale if second else "") or ""
        rate = PER_PEOPLE.match(text, stop, end)
        if rate is not None:
            measure = Measure(rate.group(), "rate", rate.group())
        else:
            measure = Measure("", "amount", "") if word[-1:] in ("亿", "兆") else _bare(text, start, stop, end)
    if measure is None:
        return None
    if text[stop + len(measure.unit) : stop + len(measure.unit) + 1] == "/":
        measure = _per(text, stop, end, measure, measures)
    return _quantity(start, stop + len(measure.unit), low, high, measure, text, more, numbers)


def _per(text: str, start: int, end: int, measure: Measure, measures: Measures) -> Measure:
    """Take a measure per another (克/千瓦时, 吨/万元) as one."""
    stop = start + len(measure.unit)
    if stop + 1 >= end or text[stop] != "/" or not measure.unit:
        return measure
    place = stop + 1 + (text[stop + 1] in "万亿百千" and text[stop + 2 : stop + 3] not in "瓦米克伏")
    other = measures.at(text, place)
    if other is None:
        return measure
    unit = text[start : place + len(other.unit)]
    return Measure(unit, "rate", unit)


def _bare(text: str, start: int, stop: int, end: int) -> Measure | None:
    """An index has no measure: 利用系数提高到0.68. The numeral ends its clause and follows a verb of reaching."""
    closes = stop >= end or text[stop] in "，。；、,;)）\n\t" or text.startswith(("以上", "以下", "以内", "左右"), stop)
    reaches = text[max(0, start - 1) : start] in tuple("到至达为于过在≥≤＞＜><")
    raised = text[max(0, start - 1) : start] in tuple("由从") and RAISED.match(text, stop) is not None
    return Measure("", "bare", "") if (closes and reaches) or raised else None


def _quantity(
    start: int, end: int, low: Decimal, high: Decimal | None, measure: Measure, text: str, more: bool,
    numbers: list[tuple[int, int]], chinese_numeral: bool = False,
) -> Quantity:  # fmt: skip
    """Build a quantity; a measure other than a count takes a following 级 as a size class."""
    low, high = _whole(low), _whole(high) if high is not None else None
    graded = measure.dimension != "count" and text[end : end + 1] == "级"
    unit = measure.unit
    if text[end : end + 1] in ("（", "(") and measure.dimension == "count":
        follow = UNIT_IN_BRACKETS.match(text, end)
        unit, end = (unit + follow.group(), follow.end()) if follow else (unit, end)
    unit = PLAIN_UNITS.get(unit, unit)
    return Quantity(start, end, low, high, unit, measure.dimension, graded, more, tuple(numbers), chinese_numeral)


def _whole(value: Decimal) -> Decimal:
    """Drop the decimals that multiplying left: 12.5 × 10000 is 125000, not 125000.0."""
    whole = value.to_integral_value()
    return whole if value == whole else value


def _fraction(match: regex.Match[str]) -> Quantity | None:
    groups = match.groupdict()
    if "times" in groups:
        times = {"一": 1, "两": 2, "二": 2, "三": 3}.get(groups["times"] or "")
        value, unit = (Decimal(times), "番") if times else (Decimal(50), "%")
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
        whole = {"百": "100", "千": "1000"}.get(groups["d"], groups["d"])
        parts = [Decimal(p) if p.isdigit() else _decimal(p) for p in (groups["n"], whole)]
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
    """A Chinese numeral counts from two up and with a counting or metric measure: 三家, 两百公里; not 一批."""
    measure = measures.at(text, match.end())
    if measure is None or measure.dimension in IN_DIGITS or measure.unit in OTHER_WORDS:
        return None
    words = match.group().rstrip("余多")
    if match.group("more"):
        words = match.group()[: match.start("more") - match.start()]
    value = chinese(words)
    if value is None or (value < 2 and not ONE_AT_END.match(text, match.start(), end)):
        return None
    if match.group("more") and match.group("sc"):
        value *= scale(match.group("sc"))
    if words in ("十万", "百万") and measure.unit in ("人", "户"):
        return None
    if measure.unit == "元" and value < 10:
        # 三元结构, 二元市场: of three kinds, not of money.
        return None
    return _quantity(
        match.start(), match.end() + len(measure.unit), value, None, measure, text, bool(match.group("more")), [], True
    )
