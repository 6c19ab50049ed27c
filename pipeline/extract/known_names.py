"""Complete a short name by the fuller one that the document uses for the same thing elsewhere.

新增桂花观赏点30个、特色步道10条 names the paths in short; elsewhere the document says 桂花特色步道. The fuller name is
taken only where the document has just one that ends so, and where its other half stands near the short one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from pipeline.extract.items import paragraph_start
from pipeline.model.findings import Evidence, Target
from pipeline.quick.classes import replace
from pipeline.quick.pattern import pattern

SHORT = pattern(r"\p{Han}{3,5}")
LONGEST_HEAD = 8
# The rules that take a name as it stands beside its figure.
OWN_WORDS = frozenset(("list", "verb-noun-figure", "figure-noun", "carried", "bare-noun", "noun-verb-figure"))


def with_known_names(text: str, targets: Sequence[Target]) -> list[Target]:
    """Give `targets` with their short names completed."""
    longer: dict[tuple[str, str], set[str]] = defaultdict(set)
    for target in targets:
        for length in range(3, min(len(target.indicator), 6)):
            longer[(target.indicator[-length:], target.unit)].add(target.indicator)
    return [_completed(text, target, longer[(target.indicator, target.unit)]) for target in targets]


def _completed(text: str, target: Target, fuller: set[str]) -> Target:
    fuller = fuller - {target.indicator}
    if len(fuller) != 1 or target.rule not in OWN_WORDS or not SHORT.fullmatch(target.indicator):
        return target
    name = next(iter(fuller))
    head = name[: -len(target.indicator)]
    if not 1 < len(head) <= LONGEST_HEAD:
        return target
    place = text.rfind(head, paragraph_start(text, target.start), target.start)
    if place < 0:
        return target
    said = Evidence("indicator", "known-name", place, place + len(head))
    return replace(target, indicator=name, evidence=(said, *target.evidence))
