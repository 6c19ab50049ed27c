"""Indicators: one id for the wordings that mean one, two for those that do not."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.lexicon import Lexicon, load_lexicon
from pipeline.model import Front
from pipeline.resolve.indicators import Indicators
from pipeline.resolve.issuer import find_issuer

with (Path(__file__).parent / "gold" / "indicators.csv").open(encoding="utf-8", newline="") as file:
    CASES = list(csv.DictReader(file))


def indicators(lexicon: Lexicon, *issuers: str) -> Indicators:
    front = Front("", "", issuers, "", "", (), ())
    return Indicators(front, find_issuer(front, (), lexicon).place, lexicon)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['first']}={case['second']}")
def test_wordings_of_one_indicator_have_one_id(case: dict[str, str], lexicon: Lexicon) -> None:
    own = indicators(lexicon, "青川省云州市人民政府办公室")
    same = own.id_of(case["first"]) == own.id_of(case["second"])
    assert same == (case["same"] == "yes"), (own.canonical(case["first"]), own.canonical(case["second"]))


def test_the_id_is_the_same_in_plans_of_two_places(lexicon: Lexicon) -> None:
    first, second = indicators(lexicon, "云州市人民政府"), indicators(lexicon, "东岭区人民政府办公室")
    assert first.id_of("云州市高新技术企业") == second.id_of("东岭区高新技术企业数")
    assert first.id_of("云州市高新技术企业") != second.id_of("云州市高新技术企业")


@given(st.text(st.sampled_from("全市云州企业数量总占比重的“”（）家 12.、"), max_size=12))
def test_every_wording_has_a_form_and_white_space_is_nothing(words: str) -> None:
    own = indicators(load_lexicon(), "云州市人民政府")
    assert own.canonical(words) or not words.strip()
    assert own.canonical(f" {words}\n") == own.canonical(words)
