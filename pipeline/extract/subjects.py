"""Tell who does a thing, by what means and for whom, from what is counted: 市安委办 + 开展, 面向海内外 + 引进人才."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.extract.deeds import is_nominal
from pipeline.extract.grammar import Grammar
from pipeline.extract.indicators import clean, is_rate
from pipeline.extract.peel import Token, trim
from pipeline.extract.quantities import Quantity
from pipeline.extract.statements import Place
from pipeline.quick.classes import NamedTuple

LONGEST_SUBJECT = 10
# 面向海内外引进: whom the deed is for, and what is left to count, have this many characters at least.
SHORTEST_WHOM = 4
# What may be done in a place or for someone; shares and amounts of money are not.
DONE = frozenset(("count", "area", "length", "mass", "power"))


class Who(NamedTuple):
    """For whom a figure holds one by one, with their place; `start` is where the item goes on behind them."""

    start: int
    words: str
    at: Place


def past_means(text: str, start: int, quantity: Quantity, grammar: Grammar) -> int:
    """Step over how, where or for whom a thing is done, up to the deed: 通过改建厂房等方式 + 新建公园8个."""
    stop = quantity.start
    start, _ = trim(text, start, stop, "、，,")
    if not grammar.ways.fitting(text[start]):
        return start
    means = grammar.patterns["by-means"].match(text, start, stop)
    start = means.end() if means else start
    if quantity.dimension not in DONE:
        return start
    helped = grammar.patterns["helped-to-do"].match(text, start, stop)
    if helped is not None:
        return helped.start("deed")
    if grammar.patterns["for-whom"].search(text[start:stop]) is None:
        return start
    for place in range(start + SHORTEST_WHOM, stop - SHORTEST_WHOM):
        deed = grammar.verbs.at_start(text, place, stop)
        if deed is not None and len(deed.word) > 1 and not is_nominal(deed.word, text[deed.end : stop], grammar):
            there = text[start] != "在" or grammar.patterns["somewhere"].search(text[start:place])
            return place if there and stop - deed.end >= SHORTEST_WHOM else start
    return start


def each_of(text: str, start: int, quantity: Quantity, end: int, grammar: Grammar) -> Who:
    """甲区、乙区各新建机构1个: the names before 各 are who it holds for, if a noun is counted besides them."""
    each = None
    if "per-each" in grammar.ways.fitting(text[start]):
        each = grammar.patterns["per-each"].match(text, start, quantity.start)
    if each is not None:
        return Who(each.end(), each.group("who"), each.span("who"))
    if grammar.patterns["each-word"].search(text, start, quantity.start):
        each = grammar.patterns["each"].match(text, start, quantity.start)
    if each is None:
        return Who(start, "", (start, start))
    verb = grammar.verbs.at_start(text, each.end(), quantity.start)
    noun = text[verb.end if verb else each.end() : quantity.start]
    noun = grammar.patterns["bound-at-end"].sub("", noun).strip()
    rest = grammar.patterns["bound-behind"].sub("", text[quantity.end : end]).strip(" 。，；")
    if len(noun) > 1 or len(rest) > 1:
        return Who(each.end(), each.group("who"), each.span("who"))
    return Who(start, "", (start, start))


def time_inside(text: str, start: int, end: int, grammar: Grammar, holes: Sequence[Place]) -> Place | None:
    """Give the first time expression inside text[start:end] that parts who does a thing from what is done."""
    for hole in holes:
        if start < hole[0] and _parts_name(text, hole, end, grammar):
            return hole
    return None


def _parts_name(text: str, hole: Place, core_end: int, grammar: Grammar) -> bool:
    """False for time words that are part of a name: 每天在校锻炼时间, 用户年均停电时间 (not 每年净增企业)."""
    words = text[slice(*hole)]
    if hole[1] >= core_end or grammar.patterns["each-time"].search(words):
        return False
    if words not in ("年均", "年平均"):
        return True
    after = grammar.verbs.at_start(text, hole[1], core_end) or grammar.before_figure.at_start(text, hole[1], core_end)
    return after is not None or not is_rate(clean(text[hole[1] : core_end]), grammar)


class Noun(NamedTuple):
    """What is counted, with its place, and who does or has it."""

    core: str
    at: Place
    who: str
    who_at: Place


def who_acts(noun: Noun, subject: str, subject_at: Place) -> Noun:
    """市安委办每季度至少开展1次暗访: who does it stands before the time; what is done stands behind the figure."""
    return noun if noun.who else noun._replace(who=subject, who_at=subject_at)


def with_subject(noun: Noun, subject: str, subject_at: Place, quantity: Quantity, grammar: Grammar) -> Noun:
    """Sort the words before a time in an item into who it is of and what is counted.

    镇街板块每年净增企业80家: the subject is who; 太阳能2025年累计装机20GW: it is part of what is counted.
    """
    core, core_at, who, who_at = noun
    if not core:
        return Noun(subject, subject_at, who, who_at)
    who_at = who_at if who else subject_at
    measured = quantity.dimension == "share" and is_rate(core, grammar)
    if (
        measured
        or grammar.patterns["done-wholesale"].search(core)
        or grammar.patterns["part-of-place"].fullmatch(subject)
    ):
        # 城镇年均新增就业人数, 仲裁年均结案率: which employment and which rate, not who.
        return Noun(subject + core, (subject_at[0], core_at[1]), who, who_at)
    return Noun(core, core_at, who or subject, who_at)


def each_token(text: str, who: str, who_at: Place) -> Token | None:
    """Give whom a figure holds for as a word of the grammar; None where there is nobody, or but a figure."""
    return Token("scope", "each", who, *trim(text, *who_at)) if who and not who[0].isdigit() else None
