"""The benchmarks measure what they say: the ablation drops the rules it names, made texts are what they should be."""

from __future__ import annotations

import re
import tomllib

import pytest

from benchmarks import all as everything
from benchmarks import documents, floor, worst_texts
from benchmarks.rules import code_without, lexicon_without, rules_of_code, rules_of_lexicon
from pipeline import parse
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


def test_generated_plans_are_read_and_differ() -> None:
    suffix, data = documents.document(7)
    assert (suffix, data) == documents.document(7)
    made = [documents.document(seed) for seed in range(20)]
    assert {suffix for suffix, _ in made} == {".txt", ".html"}
    assert all(1_000 < len(data) < 40_000 for _, data in made)
    sentences = [line for _, data in made for line in data.decode().split("。") if len(line) > 12]
    assert len(set(sentences)) > 0.97 * len(sentences)
    record = parse(data, name=f"plan{suffix}")
    assert record.targets and record.responsibilities and record.plans[0].period_start


@pytest.mark.parametrize("case", worst_texts.CASES)
def test_worst_texts_have_the_length_asked_for(case: str) -> None:
    text = worst_texts.CASES[case](3_000)
    assert 2_900 <= len(text) <= 3_000
    assert len(worst_texts.CASES[case](1_500)) <= 1_500


def test_numerals_of_headings() -> None:
    numerals = {1: "一", 10: "十", 12: "十二", 20: "二十", 21: "二十一", 100: "一百", 105: "一百零五", 110: "一百一十"}
    assert {number: worst_texts.numeral(number) for number in numerals} == numerals


def test_the_floor_finds_sentences_figures_years_and_names() -> None:
    text = "到2025年，新增企業120家。市財政局、市水利局負責。"
    sentences, figures, units, years, names = floor.floor(text.encode())
    simple = "到2025年，新增企业120家。市财政局、市水利局负责。"
    assert [simple[start:end] for start, end in sentences] == ["到2025年，新增企业120家", "市财政局、市水利局负责"]
    assert [simple[a:b] for a, b in (*figures, *units)] == ["120", "家"]
    assert [simple[a:b] for a, b in years] == ["2025年"]
    assert {"市财政局", "市水利局"} <= set(floor.names())
    assert [simple[a:b] for a, b in names] == ["市财政局", "市水利局"]
    trie = re.compile(floor.trie_pattern(("市水利局", "市水利", "市财政局")))
    assert [found.group() for found in trie.finditer("市水利局市水利市财政")] == ["市水利局", "市水利"]


def test_goals_name_parts_and_say_what_holds() -> None:
    goals = tomllib.loads((everything.HERE / "goals.toml").read_text(encoding="utf-8"))["line"]
    assert {goal["part"] for goal in goals} == set(everything.PARTS)
    figures = {"text.ours_to_floor": 10.0, "batch.two_workers": 1.6, "start: run a.txt / floor": 2.0}
    figures |= {"start: run b.txt / floor": 3.5, "text.jionlp.gold": 0.051}
    held = {line.figure: (line.goal, line.held) for line in everything.lines(figures)}
    assert held == {
        "10 ×": ("≤ 10 ×", "held"),
        "1.6 ×": ("≥ 1.8 ×", "**not held**"),
        "3.5 ×": ("≤ 3 ×", "**not held**"),
        "5.1 %": ("", ""),
    }


def test_the_page_of_performance_has_its_place() -> None:
    assert all(everything.PAGE.read_text(encoding="utf-8").count(mark) == 1 for mark in everything.MARKS)
    part = {"date": "2026-01-02", "quick": True, "load": 0.1, "figures": {"kill.faults": 0, "batch.10.seconds": 2.0}}
    part["figures"] |= {"batch.10.main_megabytes": 50, "batch.10.worker_megabytes": 60}
    machine = {"processor": "P", "cores": "2", "memory": "4 GB", "system": "S"}
    page = everything.page({"machine": machine, "versions": {"Python": "3"}, "parts": {"kill": part}, "without": {}})
    assert "Measured on 2026-01-02: P, 2 cores, 4 GB, S; load before the run 0.1." in page
    assert "| 10 | 2.0 | 5.0 |  | 50 | 60 |" in page and "| faults after runs killed" in page
