"""Which sections moved: those whose parent is another, and those that overtook their neighbours."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from pipeline.compare.diff.assignment import Pairs
from pipeline.compare.diff.sides import Side


def moved_pairs(a: Side, b: Side, sections: Pairs) -> dict[tuple[int, int], str]:
    """Give the pairs that moved, with the reason.

    What was only renumbered, because something before it came or went, has not moved; nor have the sections below
    one that moved. Of neighbours that changed places the fewest are said to have moved.
    """
    partner = dict(sections.keys())
    held = set(partner.values())
    moved: dict[tuple[int, int], str] = {}
    families: dict[tuple[int | None, int | None, int | None, int | None], list[tuple[int, int]]] = {}
    for i, j in sections:
        one, other = a.nodes[i], b.nodes[j]
        parent = None if one.parent is None else partner.get(one.parent)
        gone, fresh = one.parent is not None and parent is None, other.parent is not None and other.parent not in held
        # A heading that went and one that came may be one with another title; where a heading only went or only came,
        # as between a plan with chapters and a bare table of its tasks, what stood below it stays.
        stays = (gone or one.parent is None) and (fresh or other.parent is None)
        if parent != other.parent and not stays:
            moved[i, j] = "stands below another heading"
        else:
            families.setdefault((one.plan, one.parent, other.plan, other.parent), []).append((i, j))
    for family in families.values():
        family.sort()
        kept = _longest_rise([j for _, j in family])
        moved |= {pair: "changed places with its neighbours" for place, pair in enumerate(family) if place not in kept}
    return moved


def _longest_rise(numbers: Sequence[int]) -> set[int]:
    """Give the places of a longest rising subsequence."""
    ends: list[int] = []
    places: list[int] = []
    before: list[int | None] = []
    for place, number in enumerate(numbers):
        at = bisect_left(ends, number)
        if at == len(ends):
            ends.append(number)
            places.append(place)
        else:
            ends[at], places[at] = number, place
        before.append(places[at - 1] if at else None)
    kept: set[int] = set()
    here = places[-1] if places else None
    while here is not None:
        kept.add(here)
        here = before[here]
    return kept
