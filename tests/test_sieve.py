"""The sieve of rules: a rule that is left out of a passage could not have matched there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest

from pipeline.lexicon import load_lexicon
from pipeline.lexicon.loader import Rule
from pipeline.lexicon.sieve import REACH, sieve

parser: Any = pytest.importorskip("re._parser")
codes: Any = pytest.importorskip("re._constants")

LEXICON = load_lexicon()
RULES = [*LEXICON.timing.rules, *LEXICON.ledger.rules, *(rule for _, rule in LEXICON.roles.passages.rules)]


def can_do_without(sequence: Iterable[tuple[Any, Any]], characters: str) -> bool:
    """Tell whether a parsed pattern may match without any of the characters, in what it takes or looks at."""
    return all(_item_can(kind, given, characters) for kind, given in sequence)


def _item_can(kind: Any, given: Any, characters: str) -> bool:
    if kind is codes.LITERAL:
        return chr(given) not in characters
    if kind is codes.IN:
        return any(_member_can(*member, characters) for member in given)
    if kind is codes.BRANCH:
        return any(can_do_without(branch, characters) for branch in given[1])
    if kind in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        return given[0] == 0 or can_do_without(given[2], characters)
    if kind is codes.SUBPATTERN:
        return can_do_without(given[3], characters)
    if kind is codes.ASSERT:
        direction, inside = given
        assert direction > 0 or inside.getwidth()[1] <= REACH
        return can_do_without(inside, characters)
    return True


def _member_can(kind: Any, given: Any, characters: str) -> bool:
    if kind is codes.LITERAL:
        return chr(given) not in characters
    if kind is codes.RANGE:
        return any(chr(code) not in characters for code in range(given[0], given[1] + 1))
    return True


@pytest.mark.parametrize("rule", [rule for rule in RULES if "needs" in rule.extra], ids=lambda rule: rule.id)
def test_no_match_can_do_without_what_its_rule_needs(rule: Rule) -> None:
    # The standard library parses what it could not compile: names that stand twice and \p{Han} are exchanged.
    plain = re.sub(r"\(\?P<\w+>", "(?:", rule.pattern.pattern).replace(r"\p{Han}", "一")
    pattern = parser.parse(plain, re.VERBOSE)
    for characters in rule.extra["needs"]:
        assert characters
        assert not can_do_without(pattern, characters), characters


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_examples_pass_the_sieve(rule: Rule) -> None:
    whole = sieve(RULES)
    for example in rule.examples:
        assert rule in whole.possible(example, 0, len(example))
        assert rule in whole.of_document(example).possible(example, 0, len(example))


def test_order_is_kept_and_what_lacks_is_left_out() -> None:
    found = sieve(RULES).of_document("2031年底前建成").possible("2031年底前建成", 0, 9)
    assert [rule for rule in RULES if rule in found] == found
    names = {rule.id for rule in found}
    assert "deadline-year-bound" in names and not names & {"date-minguo", "doc-number", "deadline-month"}
