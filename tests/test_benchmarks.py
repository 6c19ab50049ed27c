"""The rules that the ablation drops are gone while they are dropped, and all others stay."""

from __future__ import annotations

from benchmarks.rules import code_without, lexicon_without, rules_of_code, rules_of_lexicon
from pipeline.extract import quantities
from pipeline.lexicon import Lexicon

RULES = {str(rule): rule for rule in rules_of_lexicon()}


def test_a_dropped_word_is_gone_and_no_other(lexicon: Lexicon) -> None:
    rest = lexicon_without([RULES["wording.csv: 新增 (increase)"]])
    assert set(lexicon.wording["increase"]) - set(rest.wording["increase"]) == {"新增"}
    assert rest.measures is lexicon.measures


def test_a_dropped_pattern_can_be_asked_for_and_matches_nothing(lexicon: Lexicon) -> None:
    rest = lexicon_without([RULES["grammar.toml: become"]])
    passage = "培育企业成为行业标杆企业"
    assert lexicon.patterns["become"].search(passage)
    assert not rest.patterns["become"].search(passage)
    changed = [name for name, p in rest.patterns.by_id.items() if p.pattern != lexicon.patterns[name].pattern]
    assert changed == ["become"]


def test_all_rules_can_be_dropped_at_once() -> None:
    rest = lexicon_without(RULES.values())
    assert not rest.measures.by_unit
    assert not any(rest.wording.words.values())


def test_registers_of_names_are_no_rules() -> None:
    files = {rule.file for rule in RULES.values()}
    assert {"wording.csv", "measures.csv", "grammar.toml", "periods.toml", "ledger.toml"} <= files
    assert not {"places.csv", "bodies.csv"} & files


def test_patterns_in_code_come_back() -> None:
    rule = next(rule for rule in rules_of_code() if rule.name == "ARABIC_QUANTITY")
    before = quantities.ARABIC_QUANTITY
    with code_without([rule]):
        assert not quantities.ARABIC_QUANTITY.search("12家")
    assert quantities.ARABIC_QUANTITY is before
