"""The grammar of targets against gold cases, and what must hold for any text."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

import pipeline
from pipeline.lexicon import Lexicon, load_lexicon
from tests.reading import read, spell

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "gold" / "targets.toml").read_text(encoding="utf-8")
)["case"]


def settings_of(case: dict[str, Any]) -> dict[str, Any]:
    """Give the keyword arguments of `read` that a case sets."""
    found = {key: case[key] for key in ("heading", "issued_on", "script") if key in case}
    return found | ({"plan": tuple(case["plan"])} if "plan" in case else {})


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_gold(case: dict[str, Any], lexicon: Lexicon, request: pytest.FixtureRequest) -> None:
    """Each passage gives the targets, the number classes and the problems that a reader finds."""
    if "known_failure" in case:
        request.applymarker(pytest.mark.xfail(strict=True, reason=case["known_failure"]))
    findings = read(case["text"], lexicon, **settings_of(case))
    assert [spell(target) for target in findings.targets] == case["targets"]
    if "numbers" in case:
        others = [n for n in findings.numbers if n.number_class != "target" and n.text[0].isdigit()]
        assert [f"{n.text} {n.number_class}" for n in others] == case["numbers"]
    assert [problem.code for problem in findings.problems] == case.get("problems", [])


def test_ids_are_unique() -> None:
    """No two cases have the same id."""
    assert len({case["id"] for case in CASES}) == len(CASES)


def test_part_of_points_to_its_total(lexicon: Lexicon) -> None:
    """The parts after 其中 name the total before it; what follows a semicolon belongs to no total."""
    targets = read("新增床位500张，其中护理床位200张、康复床位50张。新建食堂3个。", lexicon).targets
    assert [target.part_of for target in targets] == [None, 0, 0, None]


def test_baseline_is_attached(lexicon: Lexicon) -> None:
    """由…提高到 gives the target its present value."""
    (target,) = read("到2025年，垃圾分类覆盖率由60%提高到90%。", lexicon).targets
    assert target.baseline == "60%"


def test_due_day_is_given(lexicon: Lexicon) -> None:
    """A deadline with a month gives due_on beside the year."""
    (target,) = read("2024年6月底前，新建充电桩200个。", lexicon).targets
    assert (target.year_end, target.due_on) == (2024, "2024-06")


def test_year_source_tells_where_the_year_was_said(lexicon: Lexicon) -> None:
    """The year comes from the sentence, the paragraph, the heading or the plan, in this order."""
    assert read("到2024年，新建站点3个。", lexicon).targets[0].year_source == "sentence"
    assert read("到2024年，机制更加健全。新建站点3个。", lexicon).targets[0].year_source == "paragraph"
    assert read("新建站点3个。", lexicon, heading="2024年重点工作目标").targets[0].year_source == "heading"
    assert read("新建站点3个。", lexicon).targets[0].year_source == "plan"
    assert read("新建站点3个。", lexicon, plan=(None, None)).targets[0].year_source is None


WORDS = (
    "到2025年 ， 。 ； 、 新增 新建 达到 超过 不少于 其中 分别 均 每年 企业 平台 "
    "覆盖率 占GDP比重 10家 3.5% 20亿元 1—2个 三家 以上 左右 （ ） “ ” 全市 增长 下降 "
    "由 提高到 的 和 给予 已 目前 前50名 零的突破 5G 第3届 翻一番 1/3 ± 万 〔2023〕5号 "
)
PIECES = st.sampled_from([*WORDS.split(), "\n"])


@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_text_keeps_the_invariants(words: str) -> None:
    """Whatever stands there: no error, quotes are slices, the ledger holds each Arabic number once, in order."""
    findings = read(words, load_lexicon())
    numbers = [m.span() for m in regex.finditer(r"\d+(?:[,，]\d{3})*(?:\.\d+)?", words)]
    ledger = [(n.start, n.end) for n in findings.numbers if words[n.start].isdigit()]
    assert ledger == numbers
    assert all(a.start <= b.start for a, b in zip(findings.numbers, findings.numbers[1:], strict=False))
    for target in findings.targets:
        assert target.sentence_start <= target.start < target.end <= target.sentence_end
        assert target.indicator.strip() == target.indicator != ""
        assert target.value_max is None or target.value_max > target.value
        assert target.part_of is None or target.part_of < len(findings.targets)
    for number in findings.numbers:
        assert (number.target is not None) == (number.number_class == "target")
    for period in findings.periods:
        assert 0 <= period.start < period.end <= len(words)


def test_what_opens_with_past_years_is_told() -> None:
    """“十三五”时期 at the head of a section sets the time of all it says, and of the sections below it."""
    plan = """云州市国民经济和社会发展第十四个五年规划

一、发展基础与目标
（一）既定任务如期完成
“十三五”时期是云州发展很不平凡的五年。
1.综合实力跃上台阶。规模以上工业企业累计达到771家，五年累计改造棚户区28万平方米。
（二）展望五年
到2025年，规模以上工业企业达到1000家。
"""
    record = pipeline.parse(plan.encode(), name="plan.txt")
    assert [(t.indicator, int(t.value or 0), t.year_end) for t in record.targets] == [("规模以上工业企业", 1000, 2025)]
    assert {n.text: n.class_ for n in record.numbers}["771"] == "baseline"
