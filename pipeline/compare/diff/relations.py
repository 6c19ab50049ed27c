"""How two documents are related: copies of one text, versions of one plan, successive plans, plans of two levels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from rapidfuzz.distance import Indel

from pipeline.compare.diff.align import Alignment
from pipeline.compare.diff.letters import letters, likeness
from pipeline.compare.diff.sides import Side, place_of
from pipeline.compare.diff.words import word_changes
from pipeline.compare.places import place_name
from pipeline.model.changes import Damage, Relation

YEARS = re.compile(r"\d{4}")
# So much of its letters a damaged copy keeps; OCR of a fair scan keeps more than 95 of 100.
COPY = 0.75
# Damage is small and all over the text. A passage of more letters was written anew.
MOST_LETTERS = 10
# Fewer differences than these may be the few words that a revision changed.
SPREAD, LEAST_SPOTS = 0.25, 5
# So many of the bodies of a copy may be unreadable.
LOST = 0.05
# Longer texts are set against each other by words: the table of all pairs of their characters takes too much memory.
MOST_PAIRS = 400_000_000
# Two titles without years are those of one plan.
ONE_TITLE = 0.75


class _Spot(NamedTuple):
    """A difference: the sections of both sides, and offsets in their texts."""

    node: int
    other: int
    a_start: int
    a_end: int
    b_start: int
    b_end: int


def relations(a: Side, b: Side, alignment: Alignment) -> tuple[Relation, ...]:
    """Give how the documents whose plans are paired are related, in the order of the first side."""
    found = []
    done: set[tuple[str, str]] = set()
    for i, j in alignment.plans:
        pair = a.plans[i].document_id, b.plans[j].document_id
        if pair not in done:
            done.add(pair)
            found.append(_relation(a, b, alignment, i, j))
    return tuple(found)


def _relation(a: Side, b: Side, alignment: Alignment, i: int, j: int) -> Relation:
    ids = a.plans[i].document_id, b.plans[j].document_id
    # Of a document of which one plan was chosen only that is compared.
    texts = [
        "".join(letters(node.section.text) for node in side.nodes if node.section.document_id == document_id)
        for side, document_id in zip((a, b), ids, strict=True)
    ]
    if texts[0] == texts[1]:
        return Relation(*ids, "same", 1.0, "the same letters and figures")
    shared = _shared(a, b, alignment, *ids)
    kind, reason, damage = _copy(a, b, alignment, ids, shared) or (*_kind(a, b, alignment, i, j), ())
    return Relation(*ids, kind, round(shared, 4), reason, damage)


def _shared(a: Side, b: Side, alignment: Alignment, a_id: str, b_id: str) -> float:
    """Give which part of the letters of two documents stands in paired sections and is the same there."""
    total = sum(
        len(node.wording)
        for side, document_id in ((a, a_id), (b, b_id))
        for node in side.nodes
        if node.section.document_id == document_id
    )
    same = 0.0
    for i, j in alignment.sections:
        one, other = a.nodes[i], b.nodes[j]
        if (one.section.document_id, other.section.document_id) == (a_id, b_id):
            length = len(one.wording) + len(other.wording)
            same += length * likeness(one.wording, other.wording)
    return same / total if total else 0.0


def _copy(
    a: Side, b: Side, alignment: Alignment, ids: tuple[str, str], shared: float
) -> tuple[str, str, tuple[Damage, ...]] | None:
    """Tell whether the one is a damaged or retyped copy of the other: all figures are the same, the rest nearly."""
    if shared < COPY or not _same_goals(a, b, alignment, ids) or not _same_bodies(a, b, alignment, ids):
        return None
    body = [
        (i, j)
        for i, j in alignment.sections
        if a.nodes[i].section.document_id == ids[0] and b.nodes[j].section.document_id == ids[1]
        and a.nodes[i].plan is not None
    ]  # fmt: skip
    spots = [spot for pair in body for spot in _spots(a, b, pair)]
    if any(_size(spot) > MOST_LETTERS for spot in spots if a.nodes[spot.node].section.kind != "preamble"):
        return None
    numbers = [
        record.document.doc_number
        for side, document_id in zip((a, b), ids, strict=True)
        for record in side.records
        if record.document.document_id == document_id
    ]
    if None not in numbers and numbers[0] != numbers[1]:
        return None
    touched = len({spot.node for spot in spots})
    # One 文号 is one document; a copy that lost it is likelier than two versions of which neither has any.
    spread = 0.0 if None not in numbers else SPREAD if numbers == [None, None] else SPREAD / 2
    if spots and numbers.count(None) and (len(spots) < LEAST_SPOTS or touched < spread * len(body)):
        return None
    damage = tuple(_damage(a, b, spot) for spot in spots)
    places = f"{len(damage):,} places differ" if damage else "only marks and spaces differ"
    return "copy", f"one text: every target has the same figure, {places}", damage


def _same_goals(a: Side, b: Side, alignment: Alignment, ids: tuple[str, str]) -> bool:
    """Tell whether all targets are paired and have the same figures."""
    paired = [
        (a.goals[i].row, b.goals[j].row)
        for i, j in (*alignment.targets, *alignment.again)
        if (a.goals[i].row.document_id, b.goals[j].row.document_id) == ids
    ]
    total = sum(goal.row.document_id == document_id for side, document_id in zip((a, b), ids, strict=True)
                for goal in side.goals)  # fmt: skip
    same = sum(
        (x.value, x.value_max, x.unit, x.year_end) == (y.value, y.value_max, y.unit, y.year_end) for x, y in paired
    )
    return same == len(paired) and 2 * len(alignment.targets) >= 0.9 * total


def _same_bodies(a: Side, b: Side, alignment: Alignment, ids: tuple[str, str]) -> bool:
    """Tell whether hardly a body came or went; damage costs one now and then."""
    total = lone = 0
    for side, document_id, which in ((a, ids[0], 0), (b, ids[1], 1)):
        paired = {pair[which] for pair in alignment.charges}
        own = [place for place, charge in enumerate(side.charges) if charge.row.document_id == document_id]
        total += len(own)
        lone += sum(place not in paired for place in own)
    return lone <= LOST * total


def _spots(a: Side, b: Side, pair: tuple[int, int]) -> Iterator[_Spot]:
    one, other = (side.nodes[place].section.text for side, place in zip((a, b), pair, strict=True))
    if len(one) * len(other) > MOST_PAIRS:
        changes = (found for found in word_changes(one, other) if found.op != "equal")
        yield from (spot for _, *places in changes for spot in _kept(_Spot(*pair, *places), one, other))
        return
    place, from_a, to_a, from_b, to_b = -1, 0, 0, 0, 0
    for step in Indel.opcodes(one, other):
        if step.tag == "equal":
            # One letter that agrees by chance between two damaged ones parts nothing.
            if step.src_end - step.src_start > 1 and place >= 0:
                yield from _kept(_Spot(*pair, from_a, to_a, from_b, to_b), one, other)
                place = -1
            continue
        if place < 0:
            place, from_a, from_b = pair[0], step.src_start, step.dest_start
        to_a, to_b = step.src_end, step.dest_end
    if place >= 0:
        yield from _kept(_Spot(*pair, from_a, to_a, from_b, to_b), one, other)


def _kept(spot: _Spot, one: str, other: str) -> Iterator[_Spot]:
    """Give a spot unless only marks and spaces differ there."""
    if letters(one[spot.a_start : spot.a_end]) != letters(other[spot.b_start : spot.b_end]):
        yield spot


def _size(spot: _Spot) -> int:
    return max(spot.a_end - spot.a_start, spot.b_end - spot.b_start)


def _damage(a: Side, b: Side, spot: _Spot) -> Damage:
    one, other = a.nodes[spot.node].section, b.nodes[spot.other].section
    return Damage(
        one.char_start + spot.a_start,
        one.char_start + spot.a_end,
        other.char_start + spot.b_start,
        other.char_start + spot.b_end,
        one.text[spot.a_start : spot.a_end],
        other.text[spot.b_start : spot.b_end],
    )


def _kind(a: Side, b: Side, alignment: Alignment, i: int, j: int) -> tuple[str, str]:
    """Tell versions of a plan from its successor and from the plan of another place."""
    one, other = a.plans[i], b.plans[j]
    places = [_place(side, plan.document_id) for side, plan in ((a, one), (b, other))]
    if all(places) and places[0] != places[1]:
        return "level", f"plans of {place_name(places[0])} and {place_name(places[1])}"
    titles = [YEARS.sub("", letters(plan.title or "")) for plan in (one, other)]
    alike = likeness(*titles) if all(titles) else 0.0
    periods = [(plan.period_start, plan.period_end) for plan in (one, other)]
    if alike >= ONE_TITLE and periods[0] == periods[1]:
        return "version", "titles alike, the same years: one plan, revised"
    # One plan that was given more or less time has its title still and begins or ends when it did.
    one_bound = any(x is not None and x == y for x, y in zip(*periods, strict=True))
    if alike >= ONE_TITLE and one_bound:
        return "version", f"titles alike, from {_span(periods[0])} to {_span(periods[1])}: one plan, of another length"
    if _inside(*periods):
        return "other", f"plans for {_span(periods[0])} and {_span(periods[1])}: the one is a part of the other"
    if None not in (periods[0][1], periods[1][1]) and periods[0] != periods[1]:
        return "successor", f"plans for {_span(periods[0])} and {_span(periods[1])}"
    if alike >= ONE_TITLE:
        return "version", "titles alike"
    return "other", "neither title nor years make them versions of one plan"


def _inside(one: tuple[int | None, int | None], other: tuple[int | None, int | None]) -> bool:
    """Tell whether two plans cover years of which those of the one lie within those of the other: a year's tasks."""
    start, end = one
    first, last = other
    if start is None or end is None or first is None or last is None or one == other:
        return False
    return (start <= first and last <= end) or (first <= start and end <= last)


def _span(period: tuple[int | None, int | None]) -> str:
    return f"{period[0]}–{period[1]}" if period[0] else f"the years to {period[1]}"


def _place(side: Side, document_id: str) -> str:
    return next(place_of(row) for row in side.documents if row.document_id == document_id)
