"""The comparison of real documents, held against the pairs that readers wrote down before any program was run."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import read_pairs
from read_pairs import GOLD, SHARED, Mentions, Score, load

from pipeline.compare import compare
from pipeline.lexicon import load_lexicon
from pipeline.model.changes import ChangeRow

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared documents are not here")
FILES = sorted(GOLD.glob("*.toml"))
RECALL, PRECISION = 0.9, 0.9
# What readers said of a pair, and the changes that say as much. A reader sets 培育1200家 against 达到2800家.
SAME = {
    "raised": {"raised"},
    "lowered": {"lowered"},
    # The figure is the same; how firmly it is promised (力争) may have been reworded.
    "equal": {"unchanged", "renamed", "reworded", "comparator_changed", "moved", "postponed"},
}


@cache
def counted(file: Path) -> tuple[Score, list[ChangeRow], dict[str, Any]]:
    return read_pairs.score(file)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_pairs_that_readers_are_sure_of_are_found(file: Path) -> None:
    found = counted(file)[0]
    assert found.recall >= RECALL, found.misses


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_pairs_that_no_reader_would_make_are_rare(file: Path) -> None:
    found = counted(file)[0]
    assert found.precision >= PRECISION, found.misses


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_found_pair_says_of_the_figures_what_readers_say(file: Path) -> None:
    _, rows, gold = counted(file)
    by_pair = {(row.a_id, row.b_id): row for row in rows}
    mentions = Mentions(load(gold["a"])), Mentions(load(gold["b"]))
    for pair in gold["pair"]:
        ids = [(mentions[0].target(x), mentions[1].target(y)) for x in pair["a"] for y in pair["b"]]
        found = [by_pair[key] for key in ids if key in by_pair]
        if not pair["sure"] or not found:
            continue
        if pair["relation"] == "not_comparable":
            assert all(not row.comparable and row.reason for row in found), (pair["name"], found)
        else:
            assert any(row.change in SAME[pair["relation"]] for row in found), (pair["name"], found)
            assert all(row.comparable for row in found), (pair["name"], found)


def test_a_noisy_copy_is_told_as_a_copy_without_any_change_of_targets() -> None:
    comparison = compare(load("seeds/000"), load("seeds/003"), load_lexicon())
    [relation] = comparison.relations
    assert relation.kind == "copy"
    assert len(relation.damage) > 20
    assert all(found.a_words != found.b_words for found in relation.damage)
    targets = [row for row in comparison.changes if row.element == "target"]
    assert len(targets) == 22
    assert {row.change for row in targets} == {"unchanged"}


def test_damage_stands_where_it_says() -> None:
    a, b = load("seeds/000"), load("seeds/003")
    [relation] = compare(a, b, load_lexicon()).relations
    for found in relation.damage:
        assert a.text[found.a_start : found.a_end] == found.a_words
        assert b.text[found.b_start : found.b_end] == found.b_words
