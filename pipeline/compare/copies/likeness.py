"""What two texts have in common, sign by sign: how much of each stands in the other, how damaged, with which figures.

Linear in the length of the texts: shingles are looked up, nothing is aligned.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from pipeline.compare.copies.signs import (
    FIGURE,
    SHINGLE,
    Shingles,
    Signs,
    figures_of,
    letters_of,
    shingles_of,
    signs_of,
)

# One wrong sign breaks all shingles over it, and two close together twice as many. What is longer was reworded.
SINGLE_BREAK, SHORT_BREAK = SHINGLE, 2 * SHINGLE
# A figure is compared where these many signs on either side of it are the same in both texts.
BESIDE = 4


@dataclass(frozen=True, slots=True)
class Body:
    """The words of a document: its signs, their shingles in order, and the figures in the order of their marks."""

    signs: Signs
    shingles: Shingles
    figures: tuple[str, ...]

    def __len__(self) -> int:
        """Count the signs."""
        return len(self.signs)

    def counts(self, words: str) -> int:
        """Count how often `words` stand in it, punctuation aside."""
        wanted = signs_of(letters_of(words))
        if not len(wanted):
            return 0
        return int(np.count_nonzero(shingles_of(self.signs, len(wanted)) == shingles_of(wanted, len(wanted))))


@dataclass(frozen=True, slots=True)
class Likeness:
    """What a text A has in common with a text B.

    `found`, `found_back`: share of the signs of A that stand in B word for word, and of B in A. `covered`,
    `covered_back`: the same with the short breaks between, where signs are damaged. `damage`: breaks of a single sign
    for each sign in common. `figures`: number of figures that stand between the same words in both texts, `digits`
    their digits; `changed` are the figures that differ, that of A and that of B, `exchanged` their digits that do.
    """

    found: float
    found_back: float
    covered: float
    covered_back: float
    damage: float
    figures: int
    digits: int
    changed: tuple[tuple[str, str], ...]
    exchanged: int


def body_of(text: str) -> Body:
    """Give the words of a text."""
    letters = letters_of(text)
    signs = signs_of(letters)
    return Body(signs, shingles_of(signs), tuple(figures_of(letters)))


def likeness(a: Body, b: Body) -> Likeness:
    """Compare two texts; both must have SHINGLE signs at least."""
    found, covered, breaks = _found(a, b)
    found_back, covered_back, breaks_back = _found(b, a)
    figures, digits, changed = _figures(a, b)
    exchanged = sum(Levenshtein.distance(ours, theirs) for ours, theirs in changed)
    damage = min(breaks, breaks_back)
    return Likeness(found, found_back, covered, covered_back, damage, figures, digits, changed, exchanged)


def _found(a: Body, b: Body) -> tuple[float, float, float]:
    """Give the share of the signs of A that stand in B, the same with short breaks, and the single breaks a sign."""
    hits = np.isin(a.shingles, b.shingles)
    signs = _widened(hits)
    starts, ends = _runs(~hits)
    inner = (starts > 0) & (ends < len(hits))
    short, single = (inner & (ends - starts <= length) for length in (SHORT_BREAK, SINGLE_BREAK))
    # From where a break starts to 1 behind it the count is raised by one: a running sum marks what lies between.
    marks = np.zeros(len(hits) + 1, np.int64)
    marks[starts[short]] += 1
    marks[ends[short]] -= 1
    filled = _widened(hits | (np.cumsum(marks)[:-1] > 0))
    whole = int(np.count_nonzero(filled))
    return float(signs.mean()), float(filled.mean()), int(np.count_nonzero(single)) / max(1, whole)


def _widened(hits: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mark the signs that the marked shingles consist of."""
    signs = np.zeros(len(hits) + SHINGLE - 1, bool)
    for step in range(SHINGLE):
        signs[step : step + len(hits)] |= hits
    return signs


def _runs(marked: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Give where runs of marked places start and end."""
    edges = np.flatnonzero(np.diff(marked.astype(np.int8), prepend=np.int8(0), append=np.int8(0)))
    return edges[::2], edges[1::2]


def _figures(a: Body, b: Body) -> tuple[int, int, tuple[tuple[str, str], ...]]:
    """Count the figures between the same words and their digits, and give the figures that differ."""
    ours, theirs = _by_words(a), _by_words(b)
    same, changed = list[str](), list[tuple[str, str]]()
    for words, figures in ours.items():
        others = list(theirs.get(words, ()))
        left = []
        for figure in figures:
            if figure in others:
                others.remove(figure)
                same.append(figure)
            else:
                left.append(figure)
        changed += zip(left, others, strict=False)
    digits = sum(map(len, same)) + sum(len(figure) for figure, _ in changed)
    return len(same) + len(changed), digits, tuple(changed)


def _by_words(body: Body) -> dict[int, list[str]]:
    """Give the figures by the signs on either side of them."""
    around = shingles_of(body.signs, 2 * BESIDE + 1)
    found: dict[int, list[str]] = defaultdict(list)
    for figure, place in zip(body.figures, np.flatnonzero(body.signs == FIGURE).tolist(), strict=True):
        if BESIDE <= place < len(body.signs) - BESIDE:
            found[int(around[place - BESIDE])].append(figure)
    return found
