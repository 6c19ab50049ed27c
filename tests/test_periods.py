"""Time expressions: what they are and how they are anchored."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.numerals import arabic, chinese, scale
from pipeline.lexicon import Lexicon
from tests.reading import read

GOLD = Path(__file__).parent / "gold" / "periods.csv"
LINES = [line for line in GOLD.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
CASES = list(csv.DictReader(LINES))


@pytest.mark.parametrize("case", CASES, ids=[case["quote"] for case in CASES])
def test_period(case: dict[str, str], lexicon: Lexicon) -> None:
    """The expression is found whole, as the first of its text, with kind, bounds, recurrence and anchor."""
    period = read(case["text"], lexicon).periods[0]
    found = {
        "text": case["text"],
        "quote": case["text"][period.start : period.end],
        "kind": period.kind,
        "start": period.first or "",
        "end": period.last or "",
        "recurrence": period.recurrence or "",
        "basis": period.basis,
    }
    assert found == case


def test_names_of_other_plans_set_no_year(lexicon: Lexicon) -> None:
    """A year in a book title, and one that something is compared with, do not date the figure."""
    text = "落实《云州市人才规划（2021—2030年）》，较2020年增长12%，新增站点3个。"
    assert [t.year_end for t in read(text, lexicon).targets] == [2025, 2025]


def test_bare_minguo_years_hold_in_traditional_texts_only(lexicon: Lexicon) -> None:
    """110年 is a Minguo year in a text from Taiwan, a count of years elsewhere."""
    text = "条例已于110年5月26日修正"
    assert read(text, lexicon, script="hant").periods[0].first == "2021-05-26"
    assert read(text, lexicon, script="hans").periods == ()


@pytest.mark.parametrize(
    ("words", "value"),
    [("十五", 15), ("三百二十", 320), ("两", 2), ("二〇二三", 2023), ("一万二千", 12000), ("三亿五千万", 350000000)],
)
def test_chinese_numerals(words: str, value: int) -> None:
    """Chinese numerals have exact values."""
    assert chinese(words) == value


@pytest.mark.parametrize("words", ["百", "千万", "万", ""])
def test_vague_numerals_have_no_value(words: str) -> None:
    """百家 and 千万 are no counts."""
    assert chinese(words) is None


@given(st.integers(0, 10**9), st.sampled_from(["", "万", "亿", "万亿"]))
def test_scales_multiply_exactly(number: int, words: str) -> None:
    """A grouped numeral with a scale is the exact product."""
    factor = {"": 1, "万": 10**4, "亿": 10**8, "万亿": 10**12}[words]
    assert arabic(f"{number:,}") * scale(words) == Decimal(number) * factor
