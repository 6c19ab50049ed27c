"""A document in a few hundred bytes: enough to find those that may print the same text, in linear time.

MinHash (A. Broder 1997) over the shingles of a text and locality sensitive hashing over its values, both seeded. A
signature is computed in one go with numpy, and the index is two sorted arrays of 1.3 kilobytes a text: tables of a
general library take fifteen times as much, and twice the time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from pipeline.compare.copies.signs import SHINGLE, Shingles, letters_of, shingles_of, signs_of

Signature = NDArray[np.uint32]

SEED = 2023
# 64 bands of 2 values: of two texts with a fifth of their shingles in common nine in ten pairs are found, with half of
# them all but one in a hundred million; of strangers (one in 600) one pair in 5,000 is looked at in vain.
BANDS, ROWS = 64, 2
# Shorter texts consist of what all documents say.
FEWEST_SIGNS, FEWEST_FOR_IDENTITY = 120, 60
# Of a text in so many versions that they crowd the index, the likest are compared.
MOST_CANDIDATES = 16


@dataclass(frozen=True, slots=True)
class Unit:
    """A text or a plan of it: the signature and the number of different shingles."""

    signature: Signature
    size: int


@dataclass(frozen=True, slots=True)
class Sketch:
    """A document: the digest of its text without white space (empty for a short one), and its units."""

    digest: bytes
    units: tuple[Unit, ...]


class Index:
    """Finds, among the sketches that were opened, those that may hold the text of another one."""

    def __init__(self, sketches: Sequence[Sketch]) -> None:
        """Take all sketches, none of them open; they are named by their place in `sketches`."""
        units = [(key, unit) for key, sketch in enumerate(sketches) for unit in sketch.units]
        self._owners = np.array([key for key, _ in units], np.int64)
        self._sizes = np.array([unit.size for _, unit in units], np.float64)
        self._signatures = np.array([unit.signature for _, unit in units], np.uint32).reshape(-1, BANDS * ROWS)
        keys = _band_keys(self._signatures)
        order = np.argsort(keys, axis=None, kind="stable")
        self._keys = keys.reshape(-1)[order]
        self._units = (order // BANDS).astype(np.int32)
        self._open = np.zeros(len(sketches), bool)

    def open(self, key: int) -> None:
        """Let a document be found from now on."""
        self._open[key] = True

    def like(self, key: int, *, least: float) -> list[int]:
        """Give the open documents a unit of which holds `least` of the shingles of a unit of this one, or the other
        way round: likest first, MOST_CANDIDATES at most. Shares are estimates.
        """
        best: dict[int, tuple[float, float]] = {}
        for unit in range(*np.searchsorted(self._owners, (key, key + 1)).tolist()):
            others = self._sharing_a_band(unit)
            jaccard = (self._signatures[others] == self._signatures[unit]).mean(axis=1)
            sizes, size = self._sizes[others], self._sizes[unit]
            contained = jaccard / (1 + jaccard) * (sizes + size) / np.minimum(sizes, size)
            for place in np.flatnonzero(contained >= least).tolist():
                owner, score = int(self._owners[others[place]]), (float(jaccard[place]), float(contained[place]))
                best[owner] = max(best.get(owner, score), score)
        return sorted(best, key=lambda owner: (best[owner], -owner), reverse=True)[:MOST_CANDIDATES]

    def _sharing_a_band(self, unit: int) -> NDArray[np.intp]:
        keys = _band_keys(self._signatures[unit : unit + 1])[0]
        first, last = (np.searchsorted(self._keys, keys, side) for side in ("left", "right"))
        shared = [self._units[first[band] : last[band]] for band in np.flatnonzero(last - first > 1)]
        found = np.unique(np.concatenate(shared)) if shared else np.zeros(0, np.int32)
        return found[self._open[self._owners[found]]].astype(np.intp)


def sketch_of(text: str, parts: Sequence[tuple[int, int]]) -> Sketch:
    """Give the sketch of a text; `parts` are the ranges of its plans, in code points. Each part is a unit, and where
    there are several all of them together.
    """
    whole = "".join(text.split())
    digest = blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    return Sketch(
        digest if len(whole) >= FEWEST_FOR_IDENTITY else b"",
        tuple(_units([shingles_of(signs_of(letters_of(text[start:end]))) for start, end in parts])),
    )


def body_text(text: str, parts: Sequence[tuple[int, int]]) -> str:
    """Give the plans of a text, without the notice around them, which strangers have in common."""
    return "\n".join(text[start:end] for start, end in parts)


def signature_of(shingles: Shingles) -> Signature:
    """Give the least value of each of BANDS * ROWS hashes of the shingles; of two sets of shingles as many values are
    the same as is their share in common.
    """
    turns, factors = _hashes()
    least = [np.min((shingles ^ turn) * factor) for turn, factor in zip(turns, factors, strict=True)]
    return (np.array(least, np.uint64) >> np.uint64(32)).astype(np.uint32)


def _units(parts: Sequence[Shingles]) -> Iterator[Unit]:
    wholes = [np.concatenate(parts)] if len(parts) > 1 else []
    for shingles in (*wholes, *parts):
        ordered = np.sort(shingles)
        size = int(np.count_nonzero(np.diff(ordered))) + 1
        if len(ordered) and size + SHINGLE > FEWEST_SIGNS:
            yield Unit(signature_of(shingles), size)


@cache
def _hashes() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Give what each hash turns and multiplies a shingle by: odd factors, so that no two shingles become one."""
    # The old generator, because its numbers are promised to stay the same.
    random = np.random.RandomState(SEED)
    turns, factors = (random.randint(0, 2**63, BANDS * ROWS, dtype=np.int64).astype(np.uint64) for _ in range(2))
    return turns, factors * np.uint64(2) + np.uint64(1)


def _band_keys(signatures: Signature) -> NDArray[np.uint64]:
    """Give for each signature one number a band: its values, and which band they are of."""
    values = signatures.astype(np.uint64).reshape(len(signatures), BANDS, ROWS)
    turns, factors = _hashes()
    return ((values[:, :, 0] << np.uint64(32) | values[:, :, 1]) ^ turns[:BANDS]) * factors[:BANDS]
