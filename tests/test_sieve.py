"""The sieve of rules: a rule that is left out of a passage could not have matched there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest

from pipeline.lexicon import load_lexicon
from pipeline.lexicon.loader import Faults, Rule, read_rules
from pipeline.lexicon.sieve import REACH, matches, sieve
from pipeline.quick.pattern import pattern

parser: Any = pytest.importorskip("re._parser")
codes: Any = pytest.importorskip("re._constants")

LEXICON = load_lexicon()
RULES = [*LEXICON.timing.rules, *LEXICON.ledger.rules, *(rule for _, rule in LEXICON.roles.passages.rules)]
RULES += [rule for _, rule in LEXICON.audit.narrowing.rules]
FACTS = [rule for rule in read_rules("facts.toml", Faults()) if rule.extra["place"] == "sentence"]
FIRSTS = LEXICON.breakthroughs.rules
WORDINGS = [rule for rule in read_rules("grammar.toml", Faults()) if "needs" in rule.extra]
OTHER = "other"
REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)


class Walk:
    """Walks all ways through a parsed pattern that form none of some words, most of all by their last characters.

    A state is the end of what was read so far, as long as a word may go on from it; a character that no word holds is
    OTHER, which may be any of them.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self.words = tuple(words)
        self.signs = (*sorted({character for word in self.words for character in word}), OTHER)
        self.parts = {word[:length] for word in self.words for length in range(len(word))}

    def start(self) -> set[str]:
        """Anything may stand before a match, so that any part of a word may have been read."""
        return set(self.parts)

    def _sign(self, character: str) -> str:
        return character if character in self.signs else OTHER

    def step(self, states: set[str], signs: Iterable[str]) -> set[str]:
        found = set()
        for sign in signs:
            for state in states:
                read = "" if sign == OTHER else state + sign
                if not any(read.endswith(word) for word in self.words):
                    found.add(next(read[at:] for at in range(len(read) + 1) if read[at:] in self.parts))
        return found

    def over(self, sequence: Iterable[tuple[Any, Any]], states: set[str]) -> set[str]:
        """Give the states behind a pattern that formed no word; none where every way forms one."""
        for kind, given in sequence:
            states = self._item(kind, given, states)
        return states

    def _item(self, kind: Any, given: Any, states: set[str]) -> set[str]:
        if kind is codes.LITERAL:
            return self.step(states, [self._sign(chr(given))])
        if kind in (codes.IN, codes.ANY, codes.NOT_LITERAL):
            return self.step(states, self._signs(kind, given))
        if kind is codes.BRANCH:
            return set().union(*(self.over(branch, states) for branch in given[1]))
        if kind in REPEATS:
            return self._repeated(*given, states)
        if kind is codes.SUBPATTERN:
            return self.over(given[3], states)
        if kind is codes.ASSERT:
            direction, inside = given
            if direction > 0:
                return states if self.over(inside, states) else set()
            assert inside.getwidth()[1] <= REACH
            return states & self.over(inside, self.start())
        assert kind in (codes.AT, codes.ASSERT_NOT), kind
        # Before the start of a line stands a line feed.
        return self.step(self.start(), [self._sign("\n")]) & states if given is codes.AT_BEGINNING else states

    def _repeated(self, least: int, most: int, inside: Any, states: set[str]) -> set[str]:
        found = states if least == 0 else set()
        for count in range(1, min(most, least + len(self.parts) + 1) + 1):
            states = self.over(inside, states)
            found = found | states if count >= least else found
        return found

    def _signs(self, kind: Any, given: Any) -> Iterable[str]:
        if kind is not codes.IN or any(member in (codes.NEGATE, codes.CATEGORY) for member, _ in given):
            return self.signs
        ranges = [value if member is codes.RANGE else (value, value) for member, value in given]
        held = [sign for sign in self.signs[:-1] if any(first <= ord(sign) <= last for first, last in ranges)]
        whole = sum(last - first + 1 for first, last in ranges) <= len(held)
        return held if whole else (*held, OTHER)


@pytest.mark.parametrize(
    "rule", [rule for rule in (*RULES, *FACTS, *FIRSTS, *WORDINGS) if "needs" in rule.extra], ids=lambda rule: rule.id
)
def test_no_match_can_do_without_what_its_rule_needs(rule: Rule) -> None:
    # The standard library parses what it could not compile: names that stand twice and \p{Han} are exchanged.
    plain = re.sub(r"\(\?P<\w+>", "(?:", rule.pattern.pattern).replace(r"\p{Han}", r"\w")
    pattern = parser.parse(plain, re.VERBOSE)
    for words in rule.extra["needs"]:
        walk = Walk(words)
        assert words and all(words)
        assert not walk.over(pattern, walk.start()), words


@pytest.mark.parametrize("rule", [*FACTS, *FIRSTS, *WORDINGS], ids=lambda rule: rule.id)
def test_rules_that_are_looked_for_together_have_one_set_of_words_each(rule: Rule) -> None:
    assert len(rule.extra["needs"]) == 1
    assert all(any(word in example for word in rule.extra["needs"][0]) for example in rule.examples)


@pytest.mark.parametrize("rule", FACTS, ids=lambda rule: rule.id)
def test_examples_of_facts_are_told(rule: Rule) -> None:
    assert all(any(LEXICON.facts.told(example, 0, len(example))) for example in rule.examples)


@pytest.mark.parametrize("rule", FIRSTS, ids=lambda rule: rule.id)
def test_examples_of_firsts_are_searched(rule: Rule) -> None:
    assert all(LEXICON.breakthroughs.may_stand(example, 0, len(example)) for example in rule.examples)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_examples_pass_the_sieve(rule: Rule) -> None:
    whole = sieve(RULES)
    for example in rule.examples:
        assert rule in whole.possible(example, 0, len(example))
        assert rule in whole.of_document(example).possible(example, 0, len(example))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_matches_are_those_of_the_pattern(rule: Rule) -> None:
    text = "。".join((*rule.examples, *rule.counterexamples, *rule.examples))
    for start, end in ((0, len(text)), (3, len(text) - 2)):
        expected = [match.span() for match in rule.pattern.finditer(text, start, end)]
        assert [match.span() for match in matches(rule, text, start, end)] == expected
        assert all(first < last for first, last in expected)


def test_order_is_kept_and_what_lacks_is_left_out() -> None:
    found = sieve(RULES).of_document("2031年底前建成").possible("2031年底前建成", 0, 9)
    assert [rule for rule in RULES if rule in found] == found
    names = {rule.id for rule in found}
    assert "deadline-year-bound" in names and not names & {"date-minguo", "doc-number", "deadline-month"}


# Several share a character, which is looked for once for all of them.
WORDS = ("年年", "每年", "今年", "\n年", "末年", "年末", "年底", "年内", "年度", "号线", "每", "年", "每号")


def test_every_word_of_a_text_is_found_in_the_whole_text() -> None:
    rules = [Rule(str(at), pattern("x"), (), (), {"needs": [[word]]}) for at, word in enumerate(WORDS)]
    for text in ("年年", "每年", "年末，年底", "\n年", "每", "年", "号线每号", "今年年年底", ""):
        held = sieve(rules).of_document(text)
        assert {WORDS[int(rule.id)] for _, rule in held.rules} == {word for word in WORDS if word in text}
        again = held.of_document(text)
        assert {rule.id for _, rule in again.rules} == {rule.id for _, rule in held.rules}
