"""Which sections of two plans are pairs: by title and text, then by parents, children and neighbours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.compare.diff.assignment import Pairs, assign
from pipeline.compare.diff.candidates import candidates
from pipeline.compare.diff.letters import beyond_chance, bigrams, shingles
from pipeline.compare.diff.parts import find_parts
from pipeline.compare.diff.sides import Node, Side

# Below the first a pair is none; what its neighbours say may lift a pair over it.
LEAST = 0.25
ROUNDS = 2
# How much a pair gains where its parents, children and neighbours are pairs, and loses where parents are not.
PARENT, CHILDREN, NEIGHBOUR = 0.12, 0.5, 0.04
# What two tasks gain that share all their targets.
GOALS = 0.25
# Below two paired headings so many combinations are all looked at.
MOST_TOGETHER = 400
# Kinds that are pairs only among themselves.
APART = ("front", "closing", "preamble", "annex")
TITLE_WEIGHT = 0.45
# A text of fewer letters than this says less than the title.
SHORT = 24


@dataclass(frozen=True, slots=True)
class SectionPairs:
    """Pairs, the further pairs of split and merged sections, and the score of the best rival of each pair."""

    pairs: Pairs
    parts: Pairs
    rivals: Pairs


def likely_sections(a: Side, b: Side, plans: Pairs) -> Pairs:
    """Give the pairs of sections that share rare wording, with the likeness of title and text."""
    return {
        pair: score
        for pair in _candidates(a, b, plans)
        if (score := _likeness(a.nodes[pair[0]], b.nodes[pair[1]])) > 0.0
    }


def pair_sections(
    a: Side, b: Side, plans: Pairs, targets: Pairs | None = None, likely: Pairs | None = None
) -> SectionPairs:
    """Give the pairs of sections below paired plans, and around them.

    Where the pairs of `targets` are known already, they speak for the sections in which these stand: a task written
    anew has the goals of its predecessor.
    """
    shared = _shared_goals(a, b, targets or {})
    base = dict(likely if likely is not None else likely_sections(a, b, plans))
    for pair, bonus in shared.items():
        if _may_be(a.nodes[pair[0]], b.nodes[pair[1]], plans):
            base[pair] = base.get(pair, _likeness(a.nodes[pair[0]], b.nodes[pair[1]])) + bonus
    scores = base
    pairs: Pairs = {}
    for _ in range(ROUNDS):
        pairs = assign(scores, LEAST)
        for pair in _around(a, b, pairs, plans):
            if pair not in base:
                base[pair] = _likeness(a.nodes[pair[0]], b.nodes[pair[1]])
        partners = dict(pairs.keys())
        scores = {pair: _with_neighbours(a, b, pair, score, partners) for pair, score in base.items()}
    pairs = {pair: min(round(score, 4), 1.0) for pair, score in assign(scores, LEAST).items()}
    return SectionPairs(pairs, find_parts(a, b, pairs), _rivals(pairs, scores))


def _shared_goals(a: Side, b: Side, targets: Pairs) -> Pairs:
    """Give what the targets that two sections share add to their score; the tasks alone, goals are listed anywhere."""
    counts: dict[tuple[int, int], int] = {}
    for i, j in targets:
        nodes = a.goals[i].node, b.goals[j].node
        if a.nodes[nodes[0]].task is not None and b.nodes[nodes[1]].task is not None:
            counts[nodes] = counts.get(nodes, 0) + 1
    return {
        (x, y): GOALS * 2 * count / (len(a.goals_of[x]) + len(b.goals_of[y]))
        for (x, y), count in sorted(counts.items())
    }


def _candidates(a: Side, b: Side, plans: Pairs) -> Iterable[tuple[int, int]]:
    """Give the pairs worth a look: those that share rare wording, and those that are alike in full, in order."""
    found = candidates([_pieces(node) for node in a.nodes], [_pieces(node) for node in b.nodes])
    same: dict[tuple[str, str], tuple[list[int], list[int]]] = {}
    for side, which in ((a, 0), (b, 1)):
        for place, node in enumerate(side.nodes):
            if node.wording:
                same.setdefault((node.title, node.body), ([], []))[which].append(place)
    for first, second in same.values():
        found |= _in_order(first, second)
    found |= _tops(a, b, plans)
    return sorted(pair for pair in found if _may_be(a.nodes[pair[0]], b.nodes[pair[1]], plans))


def _pieces(node: Node) -> set[str]:
    return {f"t{piece}" for piece in bigrams(node.title)} | set(shingles(node.body, 5))


def _in_order(first: list[int], second: list[int]) -> set[tuple[int, int]]:
    """Pair equal elements by their order, with their next neighbours as a second choice."""
    if len(first) * len(second) <= MOST_TOGETHER:
        return {(i, j) for i in first for j in second}
    band = range(-2, 3)
    return {
        (i, second[place + shift])
        for place, i in enumerate(first)
        for shift in band
        if 0 <= place + shift < len(second)
    }


def _tops(a: Side, b: Side, plans: Pairs) -> set[tuple[int, int]]:
    """Give all pairs of the highest sections of paired plans, and of what stands around the plans."""
    found: set[tuple[int, int]] = set()
    for first, second in [(None, None), *plans]:
        found |= _together(a.children.get((first, None), []), b.children.get((second, None), []))
    return found


def _together(first: list[int], second: list[int]) -> set[tuple[int, int]]:
    return {(i, j) for i in first for j in second} if len(first) * len(second) <= MOST_TOGETHER else set()


def _around(a: Side, b: Side, pairs: Pairs, plans: Pairs) -> set[tuple[int, int]]:
    """Give the pairs above and below paired sections: a heading with a new title is known by what stands below it."""
    found: set[tuple[int, int]] = set()
    for i, j in pairs:
        parents = a.nodes[i].parent, b.nodes[j].parent
        if parents[0] is not None and parents[1] is not None:
            found.add((parents[0], parents[1]))
        below = a.children.get((a.nodes[i].plan, i), []), b.children.get((b.nodes[j].plan, j), [])
        found |= _together(*below)
    return {pair for pair in found if _may_be(a.nodes[pair[0]], b.nodes[pair[1]], plans)}


def _may_be(one: Node, other: Node, plans: Pairs) -> bool:
    kinds = {one.section.kind, other.section.kind}
    if len(kinds) == 2 and kinds & set(APART):
        return False
    if one.plan is None or other.plan is None:
        return one.plan is other.plan
    return (one.plan, other.plan) in plans


def _likeness(one: Node, other: Node) -> float:
    """Give how alike two sections are in title and text, 0 to 1."""
    if one.title == other.title and one.body == other.body:
        return 1.0
    titles = beyond_chance(one.title, other.title) if one.title and other.title else None
    if not one.body and not other.body:
        return titles or 0.0
    if not one.body or not other.body:
        return 0.7 * (titles or 0.0)
    bodies = beyond_chance(one.body, other.body)
    if titles is None:
        return bodies
    share = TITLE_WEIGHT if min(len(one.body), len(other.body)) >= SHORT else 0.7
    return max(share * titles + (1 - share) * bodies, 0.85 * bodies)


def _with_neighbours(a: Side, b: Side, pair: tuple[int, int], score: float, partners: dict[int, int]) -> float:
    """Give the score of a pair with what parents, children and neighbours say about it."""
    i, j = pair
    one, other = a.nodes[i], b.nodes[j]
    if one.parent is not None and other.parent is not None:
        score += PARENT if partners.get(one.parent) == other.parent else -PARENT / 2
    below, above = a.children.get((one.plan, i), ()), set(b.children.get((other.plan, j), ()))
    if below and above:
        kept = sum(partners.get(child, -1) in above for child in below)
        # Tasks come and go; a heading under which all that is left is the same is the same heading.
        shared = kept / (len(below) + len(above)) + kept / (2 * min(len(below), len(above)))
        score += CHILDREN * (shared - 0.4)
    score += NEIGHBOUR * ((partners.get(i - 1) == j - 1) + (partners.get(i + 1) == j + 1))
    # Of pairs that are alike in all else the ones at the same point of their texts hold.
    return score - 0.01 * abs(i / len(a.nodes) - j / len(b.nodes))


def _rivals(pairs: Pairs, scores: Pairs) -> Pairs:
    """Give for each pair the score of the best pair that one of the two would have had else."""
    best: dict[tuple[str, int], list[tuple[float, tuple[int, int]]]] = {}
    for pair, score in scores.items():
        for key in (("a", pair[0]), ("b", pair[1])):
            best.setdefault(key, []).append((score, pair))
    return {
        pair: max(
            (score for key in (("a", pair[0]), ("b", pair[1])) for score, other in best[key] if other != pair),
            default=0.0,
        )
        for pair in pairs
    }
