"""The words of rules: a sentence that has none of them holds nothing that the rule could find."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest

from pipeline.lexicon import load_lexicon
from pipeline.lexicon.loader import Faults, Rule, read_rules

parser: Any = pytest.importorskip("re._parser")
codes: Any = pytest.importorskip("re._constants")

# Stands for what a pattern leaves open: any character, or any number of them.
OPEN = "\0"
SENTENCES = [rule for rule in read_rules("facts.toml", Faults()) if rule.extra["place"] == "sentence"]
FIRSTS = read_rules("breakthroughs.toml", Faults())


def wordings(sequence: Iterable[tuple[Any, Any]]) -> set[str]:
    """Give all that a parsed pattern takes or looks back at, with OPEN for what may be anything."""
    found = {""}
    for kind, given in sequence:
        found = {before + behind for before in found for behind in _of_item(kind, given)}
    return found


def _of_item(kind: Any, given: Any) -> set[str]:
    if kind is codes.LITERAL:
        return {chr(given)}
    if kind is codes.IN:
        return {chr(value) if member is codes.LITERAL else OPEN for member, value in given}
    if kind is codes.BRANCH:
        return set().union(*(wordings(branch) for branch in given[1]))
    if kind in (codes.MAX_REPEAT, codes.MIN_REPEAT):
        least, most, inside = given
        once = wordings(inside) if most == 1 else {OPEN}
        return once | {""} if least == 0 else once
    if kind is codes.SUBPATTERN:
        return wordings(given[3])
    if kind is codes.ASSERT and given[0] < 0:
        return wordings(given[1])
    return {""} if kind in (codes.ASSERT, codes.ASSERT_NOT, codes.AT) else {OPEN}


@pytest.mark.parametrize("rule", [*SENTENCES, *FIRSTS], ids=lambda rule: rule.id)
def test_every_wording_has_one_of_the_words(rule: Rule) -> None:
    # The standard library parses what it could not compile: \\p{Han} is exchanged for any character.
    plain = re.sub(r"\(\?P<\w+>", "(?:", rule.pattern.pattern).replace(r"\p{Han}", ".")
    for wording in wordings(parser.parse(plain, re.VERBOSE)):
        assert any(word in wording for word in rule.extra["words"]), wording


@pytest.mark.parametrize("rule", SENTENCES, ids=lambda rule: rule.id)
def test_examples_are_told(rule: Rule) -> None:
    facts = load_lexicon().facts
    assert all(any(facts.told(example, 0, len(example))) for example in rule.examples)


@pytest.mark.parametrize("rule", FIRSTS, ids=lambda rule: rule.id)
def test_examples_of_firsts_are_searched(rule: Rule) -> None:
    firsts = load_lexicon().breakthroughs
    assert all(firsts.may_stand(example, 0, len(example)) for example in rule.examples)
