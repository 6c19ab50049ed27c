"""Lower the confidence of targets whose figure or year stands where the text is not sure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from decimal import Decimal

from pipeline.model import Problem, Span, Target, Text
from pipeline.model.findings import Evidence
from pipeline.quick.classes import replace

# As sure as a list whose names and values do not pair up: the row is kept to be looked at, not to be used.
DOUBTED = Decimal("0.30")
# The fields whose words, misread, make a figure wrong; a misread name is seen by whoever reads it.
FIGURES = frozenset({"value", "unit", "comparator", "year_end", "baseline"})


def lower_doubted(text: Text, targets: Iterable[Target]) -> tuple[list[Target], list[Problem]]:
    """Give the targets, the doubtful ones with a confidence of 0.3 at most, and a row for each of these.

    Where the digits of the whole text were exchanged all targets are doubtful; the row that says so stands for all.
    """
    if not text.doubts and not text.digits_exchanged:
        return list(targets), []
    kept: list[Target] = []
    problems: list[Problem] = []
    for target in targets:
        doubt = next((found for place in _places(target) if (found := _doubt(text.doubts, *place))), None)
        if doubt is None and not text.digits_exchanged:
            kept.append(target)
            continue
        kept.append(_lowered(target, "digits-exchanged" if text.digits_exchanged else "doubtful"))
        if doubt is not None and not text.digits_exchanged:
            words = "".join(text.text[doubt.start : doubt.end].split())
            message = (
                f"The figure “{text.text[target.start : target.end]}” or its year rests on “{words}”, which may be "
                "misread. Its target is kept with a confidence of 0.3 at most; compare it with the original."
            )
            problems.append(Problem("warning", "doubtful_figure", message, target.start, target.end))
    return kept, problems


def _places(target: Target) -> Iterable[tuple[int, int]]:
    yield target.start, target.end
    yield from ((said.start, said.end) for said in target.evidence if said.field in FIGURES)


def _doubt(doubts: tuple[Span, ...], start: int, end: int) -> Span | None:
    """Give the first doubtful stretch that shares a character with [start, end)."""
    place = bisect_right(doubts, start, key=lambda doubt: doubt.end)
    return doubts[place] if place < len(doubts) and doubts[place].start < end else None


def _lowered(target: Target, rule: str) -> Target:
    said = [item for item in target.evidence if item.field != "confidence"]
    said.append(Evidence("confidence", rule, target.start, target.end))
    return replace(target, confidence=min(target.confidence, DOUBTED), evidence=tuple(said))
