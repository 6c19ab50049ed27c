"""The data files of the lexicon: they load, and every rule finds its examples and leaves its counterexamples alone."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from pipeline.lexicon import LexiconError, load_lexicon
from pipeline.lexicon.loader import Faults, Rule, read_rules, read_table
from pipeline.lexicon.starts import Rules, opens_at_start

FILES = sorted(entry.name for entry in resources.files("pipeline.lexicon").iterdir() if entry.name.endswith(".toml"))
RULES: list[tuple[str, Rule]] = [(file, rule) for file in FILES for rule in read_rules(file, Faults())]


def test_lexicon_loads() -> None:
    """All files together have no fault."""
    assert load_lexicon().measures.by_unit["平方米"].dimension == "area"


@pytest.mark.parametrize(("file", "rule"), RULES, ids=[f"{file}:{rule.id}" for file, rule in RULES])
def test_rule_against_its_examples(file: str, rule: Rule) -> None:
    """The pattern is found in each example and in no counterexample; both exist."""
    assert rule.examples and rule.counterexamples, f"{file}: {rule.id} has no example or no counterexample"
    for example in rule.examples:
        assert rule.pattern.search(example), f"{file}: {rule.id} does not find its example {example!r}"
    for example in rule.counterexamples:
        assert not rule.pattern.search(example), f"{file}: {rule.id} finds its counterexample {example!r}"


@pytest.mark.parametrize("rule", [rule for _, rule in RULES if "sign" in rule.extra], ids=lambda rule: rule.id)
def test_a_sign_is_there_wherever_its_rule_is(rule: Rule) -> None:
    """Else a text that holds the rule would not be searched for it."""
    assert all(re.search(rule.extra["sign"], example) for example in rule.examples)
    assert Rules([rule]).worth_trying("\n".join(rule.examples)) and not Rules([rule]).worth_trying("永")


def test_the_first_character_rules_out_no_rule_that_fits() -> None:
    """Rules told apart by the first character of a text are those that a search of each finds."""
    texts = [text for _, rule in RULES for text in (*rule.examples, *rule.counterexamples)]
    for use, rules in load_lexicon().frames.rules.items():
        for text in ("", *texts):
            assert rules.first_in(text) is next((rule for rule in rules if rule.pattern.search(text)), None), (
                use,
                text,
            )
    headings = load_lexicon().headings
    for text in texts:
        matching = [style for style in headings.marks if style.pattern.match(text)]
        assert set(matching) <= set(headings.fitting_marks(text)), text
        for name, found in headings.front.items():
            assert headings.any_front((name,), text) is (found.search(text) is not None), (name, text)


@pytest.mark.parametrize(
    ("source", "opens"),
    [
        ("^a|^b", True),
        ("^a|b", False),
        (" ^(?:a|b)", True),
        ("^[|]", True),
        (r"^\(|b", False),
        ("a^", False),
        ("", False),
    ],
)
def test_a_pattern_that_opens_at_the_start(source: str, opens: bool) -> None:
    assert opens_at_start(source) is opens


def test_all_faults_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file with three faults gives one error that names each with its line."""
    table = "word,class\n甲,a\n甲,b\n 乙,c\n丙\n"
    monkeypatch.setattr("pipeline.lexicon.loader.read_text", lambda file: table)
    faults = Faults()
    read_table("sample.csv", ("word", "class"), faults, unique="word")
    with pytest.raises(LexiconError) as error:
        faults.check()
    assert str(error.value) == (
        "The lexicon has faults; mend these lines:\n"
        "pipeline/lexicon/sample.csv:3: '甲' stands already in line 2\n"
        "pipeline/lexicon/sample.csv:4: stray space in ' 乙'\n"
        "pipeline/lexicon/sample.csv:5: 1 cells, should be 2"
    )


def test_a_pattern_that_does_not_compile_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The id of the rule and what the compiler says."""
    rules = '[[rule]]\nid = "broken"\npattern = "("\nexample = ["x"]\n'
    monkeypatch.setattr("pipeline.lexicon.loader.read_text", lambda file: rules)
    faults = Faults()
    assert read_rules("sample.toml", faults) == []
    assert faults.found[0] == "pipeline/lexicon/sample.toml:broken: no counterexample"
    assert faults.found[1].startswith("pipeline/lexicon/sample.toml:broken: the pattern does not compile: ")
