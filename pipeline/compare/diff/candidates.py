"""Which elements of two sides may be pairs at all: those that share rare pieces of wording.

Every element against every other would be quadratic. A piece of wording that many elements have tells nothing, so
an index of the rare ones finds the few that are worth a closer look.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import log

# A piece that more elements of a side have than this is no help, and costs most.
COMMON = 40
# So many candidates are looked at for an element of either side.
MOST = 8


def candidates(
    a: Sequence[Iterable[str]], b: Sequence[Iterable[str]], *, common: int = COMMON, most: int = MOST
) -> set[tuple[int, int]]:
    """Give the pairs of places in `a` and `b` whose elements share the rarest pieces, at most `most` an element.

    Each element is given as its pieces of wording. Pieces that more than `common` elements of a side have are left
    out. The cost is linear in the number of pieces.
    """
    index: dict[str, list[int]] = {}
    for place, pieces in enumerate(b):
        for piece in set(pieces):
            index.setdefault(piece, []).append(place)
    held = Counter(piece for pieces in a for piece in set(pieces) if piece in index)
    useful = {
        piece: log(1 + 4 * common / (len(index[piece]) + count))
        for piece, count in held.items()
        if count <= common and len(index[piece]) <= common
    }
    found: list[tuple[float, int, int]] = []
    for place, pieces in enumerate(a):
        weights: dict[int, float] = {}
        for piece in sorted(useful.keys() & set(pieces)):
            for other in index[piece]:
                weights[other] = weights.get(other, 0.0) + useful[piece]
        found.extend((round(-weight, 9), place, other) for other, weight in weights.items())
    return _best(found, 1, most) | _best(found, 2, most)


def _best(found: Sequence[tuple[float, int, int]], side: int, most: int) -> set[tuple[int, int]]:
    """Give the best candidates of each element of one side."""
    groups: dict[int, list[tuple[float, int, int]]] = {}
    for entry in found:
        groups.setdefault(entry[1] if side == 1 else entry[2], []).append(entry)
    return {(a, b) for entries in groups.values() for _, a, b in sorted(entries)[:most]}
