"""A document in a few hundred bytes: enough to find those that may print the same text, in linear time.

MinHash (A. Broder 1997) over the shingles of a text, and locality sensitive hashing over its values; both seeded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from datasketch import LeanMinHash, MinHash, MinHashLSH

from pipeline.compare.signs import SHINGLE, Shingles, letters_of, shingles_of, signs_of

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

    signature: LeanMinHash
    size: int


@dataclass(frozen=True, slots=True)
class Sketch:
    """A document: the digest of its text without white space (empty for a short one), and its units."""

    digest: bytes
    units: tuple[Unit, ...]


class Index:
    """Finds, among the sketches that were added, those that may hold the text of another one."""

    def __init__(self) -> None:
        """Start empty."""
        self._tables = MinHashLSH(num_perm=BANDS * ROWS, params=(BANDS, ROWS))
        self._units: list[tuple[int, Unit]] = []

    def add(self, key: int, sketch: Sketch) -> None:
        """Add a document under a key."""
        for unit in sketch.units:
            self._tables.insert(len(self._units), unit.signature)
            self._units.append((key, unit))

    def like(self, sketch: Sketch, *, least: float) -> list[int]:
        """Give the keys of the documents a unit of which holds `least` of the shingles of a unit of this one, or the
        other way round: likest first, MOST_CANDIDATES at most. Shares are estimates.
        """
        found: dict[int, tuple[float, float]] = {}
        for unit in sketch.units:
            for place in self._tables.query(unit.signature):
                key, other = self._units[place]
                jaccard = unit.signature.jaccard(other.signature)
                contained = jaccard / (1 + jaccard) * (unit.size + other.size) / min(unit.size, other.size)
                if contained >= least:
                    found[key] = max(found.get(key, (0.0, 0.0)), (jaccard, contained))
        ranked = sorted(found, key=lambda key: (found[key], -key), reverse=True)
        return ranked[:MOST_CANDIDATES]


def sketch_of(text: str, parts: Sequence[tuple[int, int]]) -> Sketch:
    """Give the sketch of a text; `parts` are the ranges of its plans, in code points. Each part is a unit, and where
    there are several all of them together.
    """
    letters = letters_of(text)
    whole = "".join(text.split())
    digest = blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    return Sketch(
        digest if len(letters) >= FEWEST_FOR_IDENTITY else b"",
        tuple(_units([shingles_of(signs_of(letters_of(text[start:end]))) for start, end in parts])),
    )


def body_text(text: str, parts: Sequence[tuple[int, int]]) -> str:
    """Give the plans of a text, without the notice around them, which strangers have in common."""
    return "\n".join(text[start:end] for start, end in parts)


def _units(parts: Sequence[Shingles]) -> Iterator[Unit]:
    wholes = [np.concatenate(parts)] if len(parts) > 1 else []
    for shingles in (*wholes, *parts):
        different = np.unique(shingles >> np.uint64(32))
        if len(different) + SHINGLE > FEWEST_SIGNS:
            yield Unit(_signature(different.tolist()), len(different))


def _signature(hashes: list[int]) -> LeanMinHash:
    minhash = MinHash(num_perm=BANDS * ROWS, seed=SEED, hashfunc=int)
    minhash.update_batch(hashes)
    return LeanMinHash(minhash)
