"""Which plans of two sides are pairs: by title, by shared wording, by what they count."""

from __future__ import annotations

import re
from collections.abc import Iterable
from zlib import crc32

from rapidfuzz.distance import Indel

from pipeline.compare.diff.assignment import Pairs, assign
from pipeline.compare.diff.candidates import candidates
from pipeline.compare.diff.letters import bigrams, letters, shingles
from pipeline.compare.diff.sides import Side

YEARS = re.compile(r"\d{4}年?(?:至|到)?")
TITLE, WORDING, NAMES = 0.4, 0.4, 0.2
LEAST = 0.25
# Of a longer plan this many shingles, spread evenly, tell enough.
SAMPLE = 20_000
# So many pairs of plans are all looked at; of more, those that share some of so few shingles.
MOST_TOGETHER, FEW = 400, 300


def pair_plans(a: Side, b: Side) -> Pairs:
    """Give the pairs of plans. One plan on either side is a pair, since the two were set against each other."""
    if not a.plans or not b.plans:
        return {}
    words = [_wordings(side) for side in (a, b)]
    names = [_names(side) for side in (a, b)]
    titles = [[YEARS.sub("", letters(plan.title or "")) for plan in side.plans] for side in (a, b)]
    scores = {
        (i, j): round(
            TITLE * Indel.normalized_similarity(titles[0][i], titles[1][j])
            + WORDING * _shared(words[0][i], words[1][j])
            + NAMES * _shared(names[0][i], names[1][j]),
            4,
        )
        for i, j in _possible(words, titles)
    }
    if len(scores) == 1:
        return scores
    return assign(scores, LEAST)


def _possible(words: list[list[frozenset[str]]], titles: list[list[str]]) -> Iterable[tuple[int, int]]:
    """Give the pairs worth a look: all of a few plans, of many those that share rare wording or titles."""
    counts = [len(found) for found in titles]
    if counts[0] * counts[1] <= MOST_TOGETHER:
        return ((i, j) for i in range(counts[0]) for j in range(counts[1]))
    first, second = (
        [{*_sample(pieces, FEW), *bigrams(title)} for pieces, title in zip(of_side, named, strict=True)]
        for of_side, named in zip(words, titles, strict=True)
    )
    return sorted(candidates(first, second))


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    """Give which part of the smaller set is in the larger one; a plan printed with others shares all of its own."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def _wordings(side: Side) -> list[frozenset[str]]:
    parts: list[list[str]] = [[] for _ in side.plans]
    for node in side.nodes:
        if node.plan is not None:
            parts[node.plan].append(node.wording)
    return [_sample(shingles("".join(part))) for part in parts]


def _sample(pieces: frozenset[str], most: int = SAMPLE) -> frozenset[str]:
    """Keep the pieces that come first by their own checksum: the same ones of every text."""
    if len(pieces) <= most:
        return pieces
    return frozenset(sorted(pieces, key=lambda piece: crc32(piece.encode("utf-8")))[:most])


def _names(side: Side) -> list[frozenset[str]]:
    names: list[set[str]] = [set() for _ in side.plans]
    for goal in side.goals:
        plan = side.nodes[goal.node].plan
        if plan is not None:
            names[plan].add(goal.name)
    return [frozenset(found) for found in names]
