"""The comparison of plans on invented pairs whose changes are known, and what must hold of every comparison."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from random import Random

import pytest
from plans.composed import composed
from plans.edits_of_tasks import shuffled
from plans.invariants import apply_faults, differences_from_itself, mirror_faults, order_faults
from plans.pairs import Pair, pair
from plans.scoring import Score, scored, table
from plans.vocabulary import vocabulary
from plans.written import written

import pipeline
from pipeline.compare import compare as compare_with
from pipeline.lexicon import load_lexicon
from pipeline.model.changes import CHANGES, Comparison
from pipeline.model.tables import Record

SEEDS = range(40)
OF_INVARIANTS = range(12)
# F1 of the typed changes over SEEDS, by element; only ever raised.
FLOORS = {"section": 0.99, "task": 0.999, "target": 0.993, "responsibility": 0.999}
ALL = 0.995


def compare(a: Record, b: Record) -> Comparison:
    """Compare with the rules of the project."""
    return compare_with(a, b, load_lexicon())


@cache
def records(seed: int) -> tuple[Pair, Record, Record]:
    """Give a pair and its two documents as they are read."""
    both = pair(seed)
    return both, _read(both.a_text, "a.txt"), _read(both.b_text, "b.txt")


def _read(text: str, name: str) -> Record:
    return pipeline.parse(text.encode(), name=name)


@cache
def total() -> Score:
    """Give the score over all seeds."""
    score = Score()
    for seed in SEEDS:
        both, a, b = records(seed)
        score.add(scored(compare(a, b), both.truth))
    return score


@pytest.mark.parametrize("element", FLOORS)
def test_typed_changes_hold_their_floors(element: str) -> None:
    types = [(element, change) for change in CHANGES]
    assert total().f1(*types) >= FLOORS[element], table(total())


def test_all_typed_changes_together_hold_their_floor() -> None:
    assert total().f1() >= ALL, table(total())


@pytest.mark.parametrize("seed", [88, 181])
def test_every_pair_can_be_compared(seed: int) -> None:
    _, a, b = records(seed)
    assert apply_faults(a, b, compare(a, b)) == []


@pytest.mark.parametrize("seed", OF_INVARIANTS)
def test_a_plan_does_not_differ_from_itself(seed: int) -> None:
    _, a, _ = records(seed)
    assert differences_from_itself(compare, a) == []


@pytest.mark.parametrize("seed", OF_INVARIANTS)
def test_swapped_sides_mirror_every_change(seed: int) -> None:
    _, a, b = records(seed)
    assert mirror_faults(compare, a, b) == []


@pytest.mark.parametrize("seed", OF_INVARIANTS)
def test_sections_and_tasks_in_another_order_only_moved(seed: int) -> None:
    plan, _ = composed(seed)
    addressees = vocabulary().frame["addressees"]
    other = shuffled(plan, Random(seed))
    assert (
        order_faults(compare, _read(written(plan, addressees), "a.txt"), _read(written(other, addressees), "b.txt"))
        == []
    )


@pytest.mark.parametrize("seed", OF_INVARIANTS)
def test_the_changes_turn_the_first_version_into_the_second(seed: int) -> None:
    _, a, b = records(seed)
    assert apply_faults(a, b, compare(a, b)) == []


@pytest.mark.parametrize("seed", OF_INVARIANTS)
def test_the_same_holds_of_plans_that_have_nothing_to_do_with_each_other(seed: int) -> None:
    _, a, _ = records(seed)
    _, _, b = records(seed + 1)
    assert apply_faults(a, b, compare(a, b)) == []


@pytest.mark.parametrize("seed", [*OF_INVARIANTS, 16])
def test_swapped_sides_mirror_also_where_the_plans_have_nothing_in_common(seed: int) -> None:
    _, a, _ = records(seed)
    _, _, b = records(seed + 1)
    assert mirror_faults(compare, a, b) == []


@pytest.mark.parametrize("seed", OF_INVARIANTS)
def test_two_neighbours_that_changed_places_mirror(seed: int) -> None:
    plan, _ = composed(seed)
    other = deepcopy(plan)
    other.groups[:2] = reversed(other.groups[:2])
    addressees = vocabulary().frame["addressees"]
    a, b = (_read(written(version, addressees), "a.txt") for version in (plan, other))
    assert mirror_faults(compare, a, b) == []
