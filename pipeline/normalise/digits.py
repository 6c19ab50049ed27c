"""Digits that are not to be trusted: exchanged all over a text, or hidden in signs of a font of the page."""

from __future__ import annotations

import regex

from pipeline.lexicon import Lexicon
from pipeline.lexicon.loader import Rule
from pipeline.model import Problem
from pipeline.quick.classes import NamedTuple
from pipeline.quick.pattern import pattern

# Pages that hinder copying exchange the digits of a text, or draw them by private-use signs of a font of their own.
UNREADABLE = r"\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd\ufffd"
# Such a sign in a number, or where only a number can stand. At the start of a line before a number it is a bullet.
HIDDEN_DIGITS = pattern(
    rf"""
    (?<![\d.,，]) (?: \d[\d.,，{UNREADABLE}]*[{UNREADABLE}][\d.{UNREADABLE}]*
    | (?<=[^\s])[{UNREADABLE}]+\d[\d.,，{UNREADABLE}]*
    | (?<=[^\s])[{UNREADABLE}][.{UNREADABLE}]*(?=\s?(?:年|[%％]|个百分点|[万亿]元)) )
    """,
    regex.VERBOSE,
)
YEARS = pattern(r"(?<!\d)\d{4}(?=\s?年)")
# One year that cannot be is a slip of the pen. Digits exchanged by rule show in many places and in several figures.
FEWEST_FAULTS = 3
FEWEST_DIFFERENT = 2
FAULTS_TO_YEARS = 0.2
MOST_SHOWN = 4
# 十一五 began in 2006, each plan five years after the last.
FIRST_PLAN = 2006
PLANS = "一二三四五"


class Fault(NamedTuple):
    """A figure [start, end) that cannot be as it stands, what is wrong with it, and the use of the rule that tells."""

    says: str
    start: int
    end: int
    use: str


def find_faults(text: str, lexicon: Lexicon) -> tuple[Fault, ...]:
    """Give the years, dates, figures and list numbers that cannot be, in order."""
    rules = lexicon.frames.rules
    found: dict[tuple[int, int, str], str] = {}
    for use in ("impossible", "year"):
        for rule in rules[use].worth_trying(text):
            for match in rule.pattern.finditer(text):
                if _is_wrong(rule, match):
                    found[match.start(), match.end(), str(rule.extra.get("says", rule.id))] = use
    return tuple(Fault(says, start, end, use) for (start, end, says), use in sorted(found.items()))


def exchanged(text: str, faults: tuple[Fault, ...]) -> Problem | None:
    """Give the row that tells that the digits of the whole text were exchanged; None where few things speak for it."""
    different = {text[fault.start : fault.end] for fault in faults}
    few = len(faults) < FEWEST_FAULTS or len(different) < FEWEST_DIFFERENT
    if few or len(faults) < FAULTS_TO_YEARS * len(YEARS.findall(text)):
        return None
    kinds: dict[str, dict[str, None]] = {}
    for fault in faults:
        kinds.setdefault(fault.says, {})[text[fault.start : fault.end]] = None
    seen = "; ".join(
        f"{says} ({', '.join(list(shown)[:MOST_SHOWN])}{', …' * (len(shown) > MOST_SHOWN)})"
        for says, shown in kinds.items()
    )
    message = (
        f"The digits of this text were exchanged, as some pages do against copying: {len(faults)} figures cannot be as "
        f"they stand: {seen}. Others that look sound may be wrong too, so every target has a confidence of 0.3 at "
        "most. Take the document from another place, or compare each figure, year and date with the printed version."
    )
    return Problem("warning", "digits_exchanged", message, faults[0].start, faults[0].end)


def hidden_digits(text: str) -> list[tuple[int, int]]:
    """Give the numbers in which signs stand that show nothing here."""
    return [match.span() for match in HIDDEN_DIGITS.finditer(text)]


def _is_wrong(rule: Rule, match: regex.Match[str]) -> bool:
    """Tell what the words do not show: whether the years of a span fit each other and their plan."""
    check = rule.extra.get("check")
    if check is None:
        return True
    first, last = int(match["first"]), int(match["last"])
    if check == "range":
        return last < first
    begins = FIRST_PLAN + 5 * PLANS.index(match["plan"])
    return (first, last) != (begins, begins + 4)
