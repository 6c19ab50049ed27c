"""Totals against what should bring them: a city's target against those of its counties.

Only amounts are summed up, only targets of the same indicator, unit, kind, cadence and year, and each place once. What
comes near but must not be set against the total is listed with the reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pipeline.compare.places import place_code
from pipeline.compare.sums.amounts import Aim, bounds_of, why_not_summed
from pipeline.compare.sums.sums import (
    PATH_MARK,
    Key,
    Part,
    hindrance,
    in_order,
    key_of,
    name_of,
    not_comparable_row,
    one_value,
    verdict_row,
)
from pipeline.lexicon import Lexicon
from pipeline.model.reports import ConsistencyRow

# A plan of the whole nation leaves Taiwan, Hong Kong and Macao out unless it says otherwise.
NOT_IN_NATIONAL_PLANS = ("71", "81", "82")
DIVISIONS = ("province", "city", "county", "township")


def one_document_a_plan(aims: Iterable[Aim]) -> list[Aim]:
    """Leave out targets of further documents that print a plan of the same title for the same place and period.

    The document with most targets of it stands for all; of equals the one of the lowest id.
    """
    printed: dict[tuple[str, str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    kept = list(aims)
    for aim in kept:
        printed[_plan(aim)][aim.document_id] += 1
    chosen = {
        plan: min(documents, key=lambda name: (-documents[name], name))
        for plan, documents in printed.items()
        if plan[1]
    }
    return [aim for aim in kept if chosen.get(_plan(aim), aim.document_id) == aim.document_id]


def below(aims: Iterable[Aim], lexicon: Lexicon) -> Iterator[ConsistencyRow]:
    """Set the targets of each place against those of the places that lie directly in it."""
    by_place: dict[str, dict[Key, list[Aim]]] = defaultdict(lambda: defaultdict(list))
    named: dict[str, set[str]] = defaultdict(set)
    places: dict[str, str] = {}
    for aim in aims:
        if aim.area is None and _is_division(aim):
            # Codes are in the order in which yearbooks list the places.
            places[aim.place_path] = max(aim.place, places.get(aim.place_path, ""))
            by_place[aim.place_path][key_of(aim)].append(aim)
            named[aim.place_path].add(aim.indicator_id)
    children: dict[str, list[str]] = defaultdict(list)
    for path in sorted(by_place, key=lambda path: (places[path], path)):
        if path:
            children[path.rpartition(PATH_MARK)[0]].append(path)
    for path in sorted(children):
        for key in sorted(by_place.get(path, ()), key=in_order):
            # What belongs to another total of the place (that of another year) is listed there.
            others = by_place[path].keys() - {key}
            theirs = [
                (other, by_place[child][other])
                for child in children[path]
                if key.indicator_id in named[child]
                for other in sorted(by_place[child].keys() - others, key=in_order)
                if other.indicator_id == key.indicator_id
            ]
            yield from _against_places(by_place[path][key], theirs, lexicon)


def _against_places(
    mine: Sequence[Aim], others: Iterable[tuple[Key, Sequence[Aim]]], lexicon: Lexicon
) -> Iterator[ConsistencyRow]:
    """Set one target of a place against the same of the places below, and list what comes near."""
    whole, note = one_value(mine)
    why = why_not_summed(whole, lexicon)
    parts, near = list[Part](), dict[str, list[Part]]()
    for _, aims in others:
        theirs, remark = one_value(aims)
        part = Part(name_of(theirs), bounds_of(theirs), (theirs.target_id,), remark)
        hindered = hindrance(whole, theirs)
        if why and hindered:
            continue
        if reason := why or hindered:
            near.setdefault(reason, []).append(part)
        else:
            parts.append(part)
    if parts:
        yield verdict_row("below", whole, parts, places_below(whole, lexicon), note)
    for reason in sorted(near):
        yield not_comparable_row("below", whole, near[reason], reason)


def _is_division(aim: Aim) -> bool:
    """A zone lies across the divisions: what it brings, they bring too."""
    return (aim.place_level in DIVISIONS and bool(aim.place_path)) or aim.place_level == "national"


def places_below(whole: Aim, lexicon: Lexicon) -> int | None:
    """Count the divisions directly below a place; None where the register does not know it or none of them."""
    code = place_code(whole.place)
    if whole.place_level != "national" and not code:
        return None
    count = sum(
        place.parent == code
        and place.valid_to is None
        and not (code == "" and place.code.startswith(NOT_IN_NATIONAL_PLANS))
        for place in lexicon.places.by_code.values()
    )
    return count or None


def _plan(aim: Aim) -> tuple[str, str, str]:
    return aim.place_path, "".join(sign for sign in aim.plan_title if sign.isalnum()), aim.plan_years
