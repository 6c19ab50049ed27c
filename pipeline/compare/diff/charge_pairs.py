"""Which responsible bodies of paired sections are pairs: the same one, its successor, or the one of its function."""

from __future__ import annotations

from rapidfuzz.distance import Indel

from pipeline.compare.diff.assignment import Pairs
from pipeline.compare.diff.letters import letters
from pipeline.compare.diff.sides import Charge, Side

SAME, SAME_WORDS, SUCCESSOR, SAME_FUNCTION, NEW_FORM, TOOK_OVER = 1.0, 0.95, 0.9, 0.85, 0.8, 0.5
LIKE_NAME, LIKE_FORM = 0.8, 0.6


def pair_charges(a: Side, b: Side, sections: Pairs, parts: Pairs) -> Pairs:
    """Give the pairs of bodies. What of a lead is left in a section after that was taken over by another body."""
    pairs: Pairs = {}
    for i, j in sections:
        first, second = a.charges_of.get(i, []), b.charges_of.get(j, [])
        if first or second:
            pairs |= _paired(a, b, first, second)
    free_a, free_b = {i for i, _ in pairs}, {j for _, j in pairs}
    for i, j in parts:
        # A body that a split task named goes on in both parts.
        whole_a = [x for x in a.charges_of.get(i, [])]
        whole_b = [y for y in b.charges_of.get(j, [])]
        for (x, y), score in _paired(a, b, whole_a, whole_b, replaced=False).items():
            if x not in free_a or y not in free_b:
                pairs[x, y] = score
    return dict(sorted(pairs.items()))


def _paired(a: Side, b: Side, first: list[int], second: list[int], *, replaced: bool = True) -> Pairs:
    """Pair the bodies of two sections, the surest ties first."""
    pairs: Pairs = {}
    left, right = list(first), list(second)
    for score, alike in TIES:
        for same_role in (True, False):
            for x in list(left):
                fitting = [
                    y
                    for y in right
                    if (a.charges[x].row.role == b.charges[y].row.role) is same_role
                    and alike(a.charges[x], b.charges[y])
                ]
                if fitting:
                    pairs[x, fitting[0]] = score
                    left.remove(x)
                    right.remove(fitting[0])
    if replaced:
        heads = _heads(a, first, left), _heads(b, second, right)
        pairs |= dict.fromkeys(zip(*heads, strict=False), TOOK_OVER)
    return pairs


def _heads(side: Side, named: list[int], left: list[int]) -> list[int]:
    """Give the leads without partner; where a note names no lead, the body that it names first has it by custom."""
    leads = [place for place in named if side.charges[place].row.role == "lead"] or named[:1]
    return [place for place in leads if place in left]


def _same(one: Charge, other: Charge) -> bool:
    return one.row.organisation_id == other.row.organisation_id


def _same_words(one: Charge, other: Charge) -> bool:
    """Tell whether two names are spelled alike but for a character: 市科技局 and a damaged 市科枝局."""
    x, y = letters(one.row.organisation), letters(other.row.organisation)
    return x == y or (len(x) == len(y) > 3 and Indel.normalized_similarity(x, y) >= LIKE_NAME and _unknown(one, other))


def _unknown(one: Charge, other: Charge) -> bool:
    return not (one.body and one.body.function) or not (other.body and other.body.function)


def _successor(one: Charge, other: Charge) -> bool:
    return _succeeds(one, other) or _succeeds(other, one)


def _succeeds(former: Charge, later: Charge) -> bool:
    body = former.body
    if body is None:
        return False
    names = (body.successors or "").split(";")
    ids = (body.successor_ids or "").split(";")
    return later.row.organisation_id in ids or bool(later.body and later.body.name in filter(None, names))


def _function(one: Charge, other: Charge) -> bool:
    """Tell whether two bodies are for the same, each in its own place."""
    x, y = one.body, other.body
    if x is None or y is None or not x.function or x.function != y.function:
        return False
    return bool(x.place and y.place) and x.place != y.place and x.function != "collective"


def _new_form(one: Charge, other: Charge) -> bool:
    """Tell whether one body may have become the other: of one place and function, names alike (金融办, 委金融办)."""
    x, y = one.body, other.body
    if x is None or y is None or not x.function or x.function != y.function or x.function == "collective":
        return False
    # Where the place of one is not told, it may be the same.
    here = x.place == y.place or not x.place or not y.place
    return here and Indel.normalized_similarity(one.row.organisation, other.row.organisation) >= LIKE_FORM


TIES = (
    (SAME, _same),
    (SAME_WORDS, _same_words),
    (SUCCESSOR, _successor),
    (SAME_FUNCTION, _function),
    (NEW_FORM, _new_form),
)
