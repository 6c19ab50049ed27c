"""What became of a target: raised, put off, renamed, or no longer to be compared, and why."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pipeline.compare.diff.sides import Goal
from pipeline.compare.diff.target_pairs import may_be_level
from pipeline.compare.places import place_name

# Kinds in words, as the reasons have them.
KINDS = {
    "level": "a level", "increase": "an increase", "change": "a relative change", "rank": "a rank",
    "breakthrough": "a first",
}  # fmt: skip
UPPER = ("<", "<=")
# What the column 属性 of a table of indicators says.
ATTRIBUTES = frozenset(("约束性", "预期性"))


@dataclass(frozen=True, slots=True)
class Verdict:
    """The changes of a pair, the most telling one first; whether the values can be compared; reasons in words."""

    changes: tuple[str, ...]
    comparable: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plans:
    """What the plans of a pair say about its years.

    By how much the second ends later, how many years each covers, and whether both begin in the same year.
    """

    later: int | None
    span_a: int | None
    span_b: int | None
    one_start: bool


def target_verdict(one: Goal, other: Goal, plans: Plans, *, renamed: bool, moved: bool) -> Verdict:
    """Give what became of `one` in `other`.

    The values are set against each other only where both are of one kind, unit, area, place and cadence and cover as
    many years; else the reason says what stands against it. `raised` and `lowered` are about the figure: a lower
    bound that was raised asks for more, an upper bound for less. A target of the next plan that is due as much later
    as the plan ends later was not postponed.
    """
    changes: list[str] = []
    reasons: list[str] = []
    soft = may_be_level(one, other)
    for obstacle in (_kind, _unit, _area, _cadence, _span):
        if (obstacle is not _kind or not soft) and (found := obstacle(one, other, plans)):
            changes.append(found[0])
            reasons.append(found[1])
    comparable = not changes
    if comparable:
        changes += _value(one, other, reasons)
    if changed := _time(one, other, plans, bool(changes), reasons):
        changes.append(changed)
    if soft:
        changes.append("kind_changed")
        reasons.append(f"{KINDS[one.row.kind]} against {KINDS[other.row.kind]}, if the verb is taken at its word")
    if one.row.comparator != other.row.comparator:
        changes.append("comparator_changed")
    if one.row.unit != other.row.unit and "unit_changed" not in changes:
        changes.append("unit_changed")
        reasons.append(f"counted in {other.row.unit} instead of {one.row.unit}")
    if _promised_otherwise(one, other):
        changes.append("reworded")
        reasons.append(f"{one.row.modality or 'no such word'} before, {other.row.modality or 'no such word'} now")
    if renamed:
        changes.append("renamed")
    if moved:
        changes.append("moved")
    return Verdict(tuple(changes) or ("unchanged",), comparable, tuple(reasons))


def _kind(one: Goal, other: Goal, plans: Plans) -> tuple[str, str] | None:
    x, y = one.row.kind, other.row.kind
    return ("kind_changed", f"{KINDS[x]} against {KINDS[y]}") if x != y else None


def _unit(one: Goal, other: Goal, plans: Plans) -> tuple[str, str] | None:
    x, y = one.row.unit, other.row.unit
    if x == y or (one.measured is None and other.measured is None):
        return None
    return "unit_changed", f"{x or 'no unit'} against {y or 'no unit'}"


def _area(one: Goal, other: Goal, plans: Plans) -> tuple[str, str] | None:
    if one.place and other.place and one.place != other.place:
        return "scope_changed", f"another place: {_name(one)} against {_name(other)}"
    if one.area != other.area:
        return "scope_changed", f"another area: {_name(one)} against {_name(other)}"
    return None


def _name(goal: Goal) -> str:
    return goal.area or place_name(goal.place) or "the whole place"


def _cadence(one: Goal, other: Goal, plans: Plans) -> tuple[str, str] | None:
    x, y = (goal.row.cadence == "annual" for goal in (one, other))
    if x == y:
        return None
    return "not_comparable", "annual against total" if x else "total against annual"


def _span(one: Goal, other: Goal, plans: Plans) -> tuple[str, str] | None:
    """An increase over three years is not one over five; a goal of one year on the way is not that of the plan."""
    if {one.row.kind, other.row.kind} != {"increase"} or "annual" in (one.row.cadence, other.row.cadence):
        return None
    if plans.one_start and one.row.year_start == other.row.year_start:
        return None
    x, y = _years(one, plans.span_a), _years(other, plans.span_b)
    if x is None or y is None or x == y:
        return None
    return "not_comparable", f"an increase over {_counted(x)} against one over {_counted(y)}"


def _years(goal: Goal, span: int | None) -> int | None:
    """Give the number of years in which an increase is to come about."""
    row = goal.row
    if row.year_start is not None and row.year_end is not None:
        return row.year_end - row.year_start + 1
    return span + goal.late if span is not None and goal.late is not None and span + goal.late > 0 else None


def _counted(years: int) -> str:
    return "a year" if years == 1 else f"{years} years"


def _value(one: Goal, other: Goal, reasons: list[str]) -> list[str]:
    first, second = _bounds(one), _bounds(other)
    if first == second:
        return []
    # Of ranges that overlap the middle decides.
    raised = sum(second) > sum(first) or (sum(second) == sum(first) and second[1] > first[1])
    if one.row.comparator in UPPER or one.row.kind == "rank":
        reasons.append("looser: the figure is an upper bound" if raised else "stricter: the figure is an upper bound")
    return ["raised" if raised else "lowered"]


def _bounds(goal: Goal) -> tuple[Decimal, Decimal]:
    row = goal.row
    return row.value, row.value if row.value_max is None else row.value_max


def _promised_otherwise(one: Goal, other: Goal) -> bool:
    """Tell whether the word that binds more or less differs: 力争达到 for 达到, 约束性 for 预期性.

    The attribute of a table says nothing against prose, which has none.
    """
    x, y = one.row.modality, other.row.modality
    if ATTRIBUTES & {x, y} and None in (x, y):
        return False
    return x != y


def _time(one: Goal, other: Goal, plans: Plans, changed: bool, reasons: list[str]) -> str | None:
    """Tell whether a target was put off or brought forward, beside what the plan itself moved on."""
    first, second = one.row.year_end, other.row.year_end
    if first is None or second is None:
        return None
    shift = second - first
    if shift == 0:
        x, y = one.row.due_on, other.row.due_on
        if x and y and len(x) == len(y) and x != y:
            return "postponed" if y > x else "brought_forward"
        return None
    moved_on = plans.later or 0
    if shift == moved_on:
        if not changed and one.row.kind != "increase":
            reasons.append(f"the same value {_counted(abs(shift))} {'later' if shift > 0 else 'earlier'}")
            return "postponed" if shift > 0 else "brought_forward"
        if not changed:
            reasons.append(f"as many again by {second}, as the plan covers other years")
        return None
    return "postponed" if shift > moved_on else "brought_forward"
