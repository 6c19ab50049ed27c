"""Where a figure stands, and how the audit quotes it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from decimal import Decimal

import regex

from pipeline.lexicon import Lexicon
from pipeline.model import Outline, Period, Section, Target
from pipeline.quick.classes import dataclass

LONGEST_QUOTE = 60
BREAKS = "，,；;。！？!?：:\n\t"


@dataclass(frozen=True, slots=True)
class Scene:
    """What is audited: the text, its outline, what was found in it, and the rules."""

    text: str
    outline: Outline
    targets: tuple[Target, ...]
    periods: tuple[Period, ...]
    lexicon: Lexicon

    def above(self, index: int) -> Iterator[Section]:
        """Give a section and the sections above it, from the lowest up."""
        node: int | None = index
        while node is not None:
            yield self.outline.sections[node]
            node = self.outline.sections[node].parent

    def titles(self, index: int) -> str:
        """Give the titles of a section and of those above it, a line each."""
        return "\n".join(section.title for section in self.above(index))

    def times(self, start: int, end: int) -> tuple[Period, ...]:
        """Give the time expressions that begin in [start, end)."""
        first = bisect_left(self.periods, start, key=_start)
        return self.periods[first : bisect_left(self.periods, end, lo=first, key=_start)]

    def said(self, target: Target) -> str:
        """Give the clause of a target with its figure, as a quote: 护理型床位占比提高到65%."""
        start, end = clause(self.text, target.start, target.end, target.sentence_start, target.sentence_end)
        return shorten(self.text[start:end])


def _start(period: Period) -> int:
    return period.start


def clause(text: str, start: int, end: int, low: int, high: int) -> tuple[int, int]:
    """Give the bounds of the clause around text[start:end], inside [low, high)."""
    first, last = start, end
    while first > low and not _breaks(text, first - 1):
        first -= 1
    while last < high and not _breaks(text, last):
        last += 1
    return first, last


def _breaks(text: str, place: int) -> bool:
    """True for a break; 1,200 has none."""
    if text[place] not in BREAKS:
        return False
    return not (text[place] in ",，" and text[place - 1 : place].isdigit() and text[place + 1 : place + 2].isdigit())


def shorten(words: str) -> str:
    """Give words without white space, cut to what a message can hold; the end, where the figure stands, is kept."""
    words = regex.sub(r"\s+", "", words)
    return words if len(words) <= LONGEST_QUOTE else "…" + words[-LONGEST_QUOTE:]


def plain(value: Decimal) -> str:
    """Write a value without exponent or idle zeros: 1200, 0.5."""
    words = f"{value:f}"
    return words.rstrip("0").rstrip(".") if "." in words else words


def amount(target: Target) -> str:
    """Write the value of a target with bound and unit: ≥ 65 %, 1–2 家."""
    sign = {">=": "≥ ", ">": "> ", "<=": "≤ ", "<": "< ", "~": "about "}.get(target.comparator, "")
    upper = f"–{plain(target.value_max)}" if target.value_max is not None else ""
    return f"{sign}{plain(target.value)}{upper} {target.unit}".rstrip()
