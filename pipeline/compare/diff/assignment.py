"""Which of many possible pairs hold: each element once, the sum of similarities as large as can be."""

from __future__ import annotations

from collections.abc import Mapping

Pairs = dict[tuple[int, int], float]

# Above this many cells a group of entangled elements is solved in its sparse form.
MOST_CELLS = 1_000_000


def assign(scores: Mapping[tuple[int, int], float], least: float) -> Pairs:
    """Give the pairs of the best one-to-one assignment, with their scores.

    `scores` holds the possible pairs (element of the first side, element of the second); pairs below `least` are no
    pairs. Elements that no chain of possible pairs connects are solved apart, so the work grows with the size of the
    entangled groups, not with that of the documents.
    """
    good = {pair: score for pair, score in scores.items() if score >= least}
    chosen: Pairs = {}
    for group in _groups(good):
        chosen |= _solved({pair: good[pair] for pair in group}, least)
    return dict(sorted(chosen.items()))


def _groups(scores: Mapping[tuple[int, int], float]) -> list[list[tuple[int, int]]]:
    """Give the connected groups of pairs."""
    above: dict[tuple[str, int], tuple[str, int]] = {}

    def top(node: tuple[str, int]) -> tuple[str, int]:
        while (higher := above.setdefault(node, node)) != node:
            above[node] = above[higher]
            node = above[node]
        return node

    for a, b in scores:
        above[top(("a", a))] = top(("b", b))
    groups: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for pair in sorted(scores):
        groups.setdefault(top(("a", pair[0])), []).append(pair)
    return list(groups.values())


def _solved(scores: Mapping[tuple[int, int], float], least: float) -> Pairs:
    """Solve one group."""
    if len(scores) == 1:
        return dict(scores)
    left = {a: place for place, a in enumerate(sorted({a for a, _ in scores}))}
    right = {b: place for place, b in enumerate(sorted({b for _, b in scores}))}
    if len(left) == 1 or len(right) == 1:
        best = max(scores, key=lambda pair: (scores[pair], -pair[0], -pair[1]))
        return {best: scores[best]}
    solve = _dense if len(left) * len(right) <= MOST_CELLS else _sparse
    gains = {(left[a], right[b]): score - least + 1e-6 for (a, b), score in scores.items()}
    rows, columns = solve(gains, len(left), len(right))
    first, second = list(left), list(right)
    found = {(first[row], second[column]) for row, column in zip(rows, columns, strict=True)}
    return {pair: scores[pair] for pair in found if pair in scores}


def _dense(gains: Mapping[tuple[int, int], float], height: int, width: int) -> tuple[list[int], list[int]]:
    import numpy
    from scipy.optimize import linear_sum_assignment

    table = numpy.zeros((height, width))
    for (row, column), gain in gains.items():
        table[row, column] = gain
    rows, columns = linear_sum_assignment(table, maximize=True)
    return rows.tolist(), columns.tolist()


def _sparse(gains: Mapping[tuple[int, int], float], height: int, width: int) -> tuple[list[int], list[int]]:
    """Solve with one further partner for each element, which stands for having none."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    base = 1 + max(gains.values())
    entries = [(row, column, base - gain) for (row, column), gain in gains.items()]
    entries += [(row, width + row, base) for row in range(height)]
    entries += [(height + column, column, base) for column in range(width)]
    entries += [(height + column, width + row, base) for row, column in gains]
    rows, columns, costs = zip(*entries, strict=True)
    size = height + width
    found = min_weight_full_bipartite_matching(coo_array((costs, (rows, columns)), shape=(size, size)).tocsr())
    kept = [(row, column) for row, column in zip(*map(list, found), strict=True) if row < height and column < width]
    return [int(row) for row, _ in kept], [int(column) for _, column in kept]
