"""Numbers that rise by one at the distance of a page: how page numbers are told from other numbers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pipeline.quick.classes import NamedTuple

# A page without a number (a figure, a blank back) may lie between two that have one.
SKIPPED = 2


class Candidate(NamedTuple):
    """A number that may count pages: its line (or ordinal), its value, and its distance from the start of the text."""

    line: int
    value: int
    position: int


def chains(candidates: Sequence[Candidate], bounds: tuple[int, int]) -> list[list[Candidate]]:
    """Give disjoint chains that rise from page to page, each step within `bounds`, the longest first.

    Candidates come in the order of the text; a line may have several with different values.
    """
    by_value: dict[int, list[int]] = {}
    length = [1] * len(candidates)
    following: list[int | None] = [None] * len(candidates)
    for index in range(len(candidates) - 1, -1, -1):
        candidate = candidates[index]
        for skipped in range(1, SKIPPED + 1):
            for other in reversed(by_value.get(candidate.value + skipped, ())):
                distance = (candidates[other].position - candidate.position) / skipped
                if distance > bounds[1]:
                    break
                if distance >= bounds[0] and length[other] + 1 > length[index]:
                    length[index], following[index] = length[other] + 1, other
        by_value.setdefault(candidate.value, []).append(index)
    found: list[list[Candidate]] = []
    used: set[int] = set()
    for start in sorted(range(len(candidates)), key=lambda index: -length[index]):
        chain: list[Candidate] = []
        link: int | None = start
        while link is not None and candidates[link].line not in used:
            chain.append(candidates[link])
            link = following[link]
        used.update(candidate.line for candidate in chain)
        if chain:
            found.append(chain)
    return sorted(found, key=lambda chain: -len(chain))


def regular(chain: Sequence[Candidate]) -> bool:
    """Tell whether the steps of a chain are about equally long, as pages are: nine in ten within half and double."""
    steps = sorted(
        (after.position - before.position) / (after.value - before.value) for before, after in pairwise(chain)
    )
    middle = steps[len(steps) // 2]
    within = sum(0.5 * middle <= step <= 2 * middle for step in steps)
    return 10 * within >= 9 * len(steps)
