"""A total and its parts: which targets may be set against each other, and what the comparison gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from pipeline.compare.sums.amounts import CAPS, ZERO, Aim, Bounds, bounds_of, total
from pipeline.model.reports import ConsistencyRow

PATH_MARK = " / "
NATION = "全国"
WHAT_PARTS_ARE = {"below": "places have such a target here", "inside": "areas are named", "steps": "years are told"}


class Key(NamedTuple):
    """What two targets must share to be set against each other."""

    indicator_id: str
    unit: str
    kind: str
    annual: bool
    year_end: int | None


@dataclass(frozen=True, slots=True)
class Part:
    """What one place, area or year brings."""

    name: str
    bounds: Bounds
    target_ids: tuple[str, ...]
    note: str = ""

    def __str__(self) -> str:
        """Spell it: 青湖县 300."""
        return f"{self.name} {self.bounds}"


def key_of(aim: Aim) -> Key:
    """Give what a target is compared by."""
    return Key(aim.indicator_id, aim.unit, aim.kind, aim.annual, aim.year_end)


def in_order(key: Key) -> tuple[str, str, str, bool, int]:
    return key.indicator_id, key.unit, key.kind, key.annual, key.year_end or 0


def one_value(aims: Sequence[Aim]) -> tuple[Aim, str]:
    """Choose among the values of one place: one that is said of the whole area, the newest document's, the largest.

    Also says which others there are.
    """
    chosen = max(aims, key=lambda aim: (aim.stated, aim.issued_on, aim.value, aim.target_id))
    others = sorted({str(bounds_of(aim)) for aim in aims} - {str(bounds_of(chosen))})
    return chosen, f"{name_of(chosen)} also names {', '.join(others)}" if others else ""


def hindrance(whole: Aim, part: Aim) -> str:
    """Say why a target of the same indicator must not be set against the total."""
    if part.unit != whole.unit:
        return f"other unit ({part.unit or 'none'}, the total in {whole.unit})"
    if part.kind != whole.kind:
        return f"{part.kind} against {whole.kind}"
    if part.annual != whole.annual:
        return "annual against total" if part.annual else "total against annual"
    if part.year_end != whole.year_end:
        return f"other year ({part.year_end or 'none'}, the total {whole.year_end or 'none'})"
    starts = (whole.span_start, part.span_start)
    if whole.kind == "increase" and not whole.annual and None not in starts and starts[0] != starts[1]:
        return f"counted from {starts[1]}, the total from {starts[0]}"
    if (part.comparator in CAPS) != (whole.comparator in CAPS):
        return "an upper limit against a value to reach"
    return ""


def verdict_row(
    relation: str, whole: Aim, parts: Sequence[Part], expected: int | None, note: str, *, found: int | None = None
) -> ConsistencyRow:
    """Compare the total with the sum of the parts, both as intervals."""
    asked, brought = bounds_of(whole), total(part.bounds for part in parts)
    number = found if found is not None else len(parts)
    complete = expected is not None and number >= expected
    of_all = f"{number} of {expected}" if expected is not None else f"{number}"
    said = f"{of_all} {WHAT_PARTS_ARE[relation]}"
    missing = "" if expected is not None else ", and whether these are all is not known"
    verdict, words = _compared(whole, asked, brought, complete)
    words = f"cannot tell: {said}{missing}; {words}" if verdict == "cannot tell" else f"{words}; {said}"
    notes = "; ".join(dict.fromkeys(filter(None, (note, *(part.note for part in parts)))))
    return _row(relation, whole, parts, expected, brought, verdict, f"{words}; {notes}" if notes else words, number)


def _compared(whole: Aim, asked: Bounds, brought: Bounds, complete: bool) -> tuple[str, str]:
    """Give the verdict and its words."""
    unit = whole.unit
    if whole.comparator in CAPS:
        limit = asked.high if asked.high is not None else ZERO
        if brought.low > limit:
            return "over", f"over the limit by {brought.low - limit:,f}: {brought} of {asked} {unit}"
        if complete and brought.high is not None and brought.high <= limit:
            return "covered", f"within the limit: {brought.high:,f} of {limit:,f} {unit}"
        return "cannot tell", f"they may take {brought} of {limit:,f} {unit}"
    surplus = brought.low - asked.low
    if surplus >= 0:
        return "covered", f"covered: {brought} {unit} for {asked}" + (f", {surplus:,f} more" if surplus else "")
    if not complete:
        return "cannot tell", f"they bring {brought} of {asked} {unit}"
    more = "" if brought.high is not None and brought.high < asked.low else "; the parts may bring more than they must"
    return "short", f"short by {-surplus:,f}: {brought} of {asked} {unit}{more}"


def not_comparable_row(relation: str, whole: Aim, parts: Sequence[Part], reason: str) -> ConsistencyRow:
    return _row(relation, whole, parts, None, None, "not comparable", reason, len(parts))


def _row(
    relation: str,
    whole: Aim,
    parts: Sequence[Part],
    expected: int | None,
    brought: Bounds | None,
    verdict: str,
    reason: str,
    number: int,
) -> ConsistencyRow:
    low = brought.low if brought is not None else None
    return ConsistencyRow(
        relation=relation,
        document_id=whole.document_id,
        source=whole.source,
        target_id=whole.target_id,
        place=whole.place or None,
        indicator=whole.indicator,
        indicator_id=whole.indicator_id,
        unit=whole.unit or None,
        kind=whole.kind,
        year_end=whole.year_end,
        comparator=whole.comparator,
        value=whole.value,
        value_max=whole.value_max,
        parts=number,
        parts_expected=expected,
        sum=low,
        sum_max=brought.high if brought is not None and brought.high != low else None,
        difference=_difference(low, whole),
        verdict=verdict,
        part_ids=";".join(name for part in parts for name in part.target_ids),
        part_values="; ".join(map(str, parts)),
        reason=reason,
    )


def _difference(low: Decimal | None, whole: Aim) -> Decimal | None:
    return None if low is None else low - whole.value


def name_of(aim: Aim) -> str:
    return aim.place_path.rpartition(PATH_MARK)[2] or NATION
