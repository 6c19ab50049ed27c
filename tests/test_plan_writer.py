"""The invented plans: they are read as they were meant, their edits are known, and the yardstick measures."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache

import pytest
from plans.composed import composed
from plans.edits_of_tasks import changed_share
from plans.events import derive, descendants
from plans.invariants import apply_faults, content, differences_from_itself, mirror_faults
from plans.known import knowing, row
from plans.located import Places, misreadings
from plans.pairs import EDITS, Pair, pair
from plans.scoring import scored
from plans.vocabulary import vocabulary

import pipeline
from pipeline.model.changes import CHANGES, Comparison
from pipeline.model.tables import Record

SEEDS = range(40)


@cache
def records(seed: int) -> tuple[Pair, Record, Record]:
    """Give a pair and its two documents as they are read."""
    both = pair(seed)
    return both, _read(both.a_text, "a.txt"), _read(both.b_text, "b.txt")


def _read(text: str, name: str) -> Record:
    return pipeline.parse(text.encode(), name=name)


def test_the_vocabulary_is_wide_and_without_doubles() -> None:
    words = vocabulary()
    assert len(words.indicators) >= 60 and len(words.themes) >= 60 and len(words.bodies) >= 30
    names = [name for i in words.indicators for name in (i.name, *i.renames)]
    titles = [title for theme in (*words.themes, *words.safeguards) for title in (*theme.titles, theme.second)]
    sentences = [s for theme in (*words.themes, *words.safeguards) for s in theme.sentences]
    for listed in (names, titles, sentences, [body.name for body in words.bodies]):
        assert [word for word, count in Counter(listed).items() if count > 1] == []
    assert {i.topic for i in words.indicators} == {theme.topic for theme in words.themes} == set(words.groups)
    assert {topic for body in words.bodies for topic in body.topics} == set(words.groups)


def test_a_seed_gives_the_same_pair_every_time() -> None:
    assert pair(7) == pair(7)
    assert pair(7).a_text != pair(8).a_text


@pytest.mark.parametrize("seed", SEEDS)
def test_both_versions_are_read_as_they_were_meant(seed: int) -> None:
    both, a, b = records(seed)
    assert misreadings(both.a, a) == []
    assert misreadings(both.b, b) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_every_event_names_one_row_on_each_side(seed: int) -> None:
    both, a, b = records(seed)
    places, others = Places(a), Places(b)
    for event in (*both.truth.events, *both.truth.optional):
        assert event.change in CHANGES
        assert event.a is None or places.row(event.element, event.a)
        assert event.b is None or others.row(event.element, event.b)


def test_all_edits_are_made_and_all_changes_occur() -> None:
    pairs = [records(seed)[0] for seed in SEEDS]
    made = {name for both in pairs for name in both.made}
    assert {edit.__name__ for edit in EDITS} | {"renew_for_next_period"} == made
    changes = {event.change for both in pairs for event in both.truth.events}
    assert set(CHANGES) - {"unchanged"} == changes


def test_a_plan_without_edits_did_not_change() -> None:
    plan, _ = composed(3)
    truth = derive(plan, plan)
    assert truth.events == ()


def test_the_edits_change_what_their_names_say() -> None:
    """Each edit alone, on the first plan that has something for it."""
    expected = {
        "raise_target": {"raised"}, "lower_target": {"lowered"}, "postpone": {"postponed"},
        "bring_forward": {"brought_forward"}, "drop_target": {"dropped"}, "new_target": {"new"},
        "rename_target": {"renamed"}, "change_comparator": {"comparator_changed"}, "change_scope": {"scope_changed"},
        "change_kind": {"kind_changed"}, "change_unit": {"unit_changed"}, "reword": {"reworded"},
        "new_body": {"new"}, "drop_body": {"dropped"}, "replace_lead": {"lead_changed"}, "reorganise": {"renamed"},
        "move_task": {"moved"}, "move_section": {"moved"}, "split": {"split"}, "merge": {"merged"},
        "change_cadence": {"not_comparable"}, "spell_out": set(), "rephrase": set(), "move_target": set(),
        "retitle": {"renamed"},
    }  # fmt: skip
    seen = set()
    for seed in range(400):
        both = pair(seed, count=1, successor=False)
        for name in both.made:
            if name in expected:
                seen.add(name)
                changes = {event.change for event in both.truth.events}
                assert changes <= expected[name], (seed, name)
                assert changes or not expected[name] or name in ("change_scope", "new_target", "drop_target")
    assert seen == set(expected)


def test_a_reworded_task_keeps_half_of_its_words() -> None:
    shares = []
    for seed in SEEDS:
        both = records(seed)[0]
        reworded = {e.b.heading for e in both.truth.events if (e.element, e.change) == ("task", "reworded") and e.b}
        shares += [
            changed_share(one.words, other.words)
            for one, other in descendants(both.a, both.b)
            if other.title in reworded
        ]
    assert shares and min(shares) > 0.15 and max(shares) < 0.6


def test_a_comparison_that_knows_scores_full_marks() -> None:
    for seed in list(SEEDS)[:10]:
        both, a, b = records(seed)
        score = scored(knowing(a, b, both.truth), both.truth)
        assert score.f1() == 1 and not score.stories


def test_what_is_missed_and_what_is_made_up_costs() -> None:
    both, a, b = records(0)
    known = knowing(a, b, both.truth)
    fewer = scored(replace(known, changes=known.changes[1:]), both.truth)
    assert sum(fewer.missed.values()) >= 1 and not fewer.wrong
    wrong = row(a, b, "target", a.targets[0].target_id, None, ["dropped"])
    more = scored(replace(known, changes=(*known.changes, wrong)), both.truth)
    assert more.wrong["target", "dropped"] == 1 or wrong.a_id in {r.a_id for r in known.changes}


def _same_rows(a: Record, b: Record) -> Comparison:
    """Pair the rows of one document with those of another that has the same ones, in order."""
    rows = [
        row(a, b, element, one, other)
        for element, ids in content(a).items()
        for one, other in zip(ids, content(b)[element], strict=True)
    ]
    return Comparison((a,), (b,), (), tuple(rows))


def _replaced(a: Record, b: Record) -> Comparison:
    """Drop every row of the first document, and add every row of the second."""
    rows = [row(a, b, element, one, None, ["dropped"]) for element, ids in content(a).items() for one in ids]
    rows += [row(a, b, element, None, one, ["new"]) for element, ids in content(b).items() for one in ids]
    return Comparison((a,), (b,), (), tuple(rows))


def test_the_invariants_hold_of_comparisons_that_are_right() -> None:
    _, a, b = records(1)
    assert differences_from_itself(_same_rows, a) == []
    assert mirror_faults(_replaced, a, b) == []
    assert apply_faults(a, b, _replaced(a, b)) == []
    assert apply_faults(a, a, _same_rows(a, a)) == []


def test_the_invariants_notice_what_is_wrong() -> None:
    _, a, b = records(1)
    assert differences_from_itself(_replaced, a)
    assert mirror_faults(lambda one, other: _replaced(a, b), a, b)
    comparison = _replaced(a, b)
    assert apply_faults(a, b, replace(comparison, changes=comparison.changes[:-1]))
    emptied = replace(comparison.changes[-1], fields="{}")
    assert apply_faults(a, b, replace(comparison, changes=(*comparison.changes[:-1], emptied)))
