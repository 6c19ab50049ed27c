"""Figures that are not to be trusted: exchanged digits, hidden digits, what a reader was not sure of."""

from __future__ import annotations

import pathlib
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipeline
from pipeline.extract import extract
from pipeline.lexicon import Lexicon, load_lexicon
from pipeline.model import Alignment, Findings, Problem, Record, Run, Source, Span, Text
from pipeline.normalise import normalise
from pipeline.read import open_source
from pipeline.resolve import resolve
from pipeline.segment import segment

PLAN = """云州市养老服务行动计划（2021—2023年）
一、总体目标
{first}年，养老床位达到3200张。{second}年，护理型床位占比达到{share}以上。{third}年，建成社区食堂{count}家。
二、重点任务
1.{first}年底前，新建老年大学2所。（责任单位：市民政局）
2.{third}年底前，培训护理员{count}人。（责任单位：市人力资源社会保障局）
"""
SOUND = {"first": "2021", "second": "2022", "third": "2023", "share": "60%", "count": "20"}
EXCHANGED = {"first": "0402", "second": "0400", "third": "0403", "share": "64%", "count": "04"}


def parsed(words: str) -> Record:
    return pipeline.parse(words.encode(), name="计划.txt")


def source_of(words: str, *doubts: str, problems: tuple[Problem, ...] = ()) -> Source:
    """Give a file of these words, whose reader was not sure of `doubts`."""
    spans = tuple(sorted(Span(words.index(doubt), words.index(doubt) + len(doubt)) for doubt in doubts))
    return replace(open_source(words.encode(), "扫描.txt"), doubts=spans, problems=problems)


def read(source: Source, lexicon: Lexicon) -> tuple[Text, Findings, Record]:
    text = normalise(source, lexicon)
    outline = segment(text, lexicon)
    findings = extract(text, outline, lexicon)
    return text, findings, resolve(text, outline, findings, lexicon)


def rows(record: Record, code: str) -> list[str]:
    return [row.message for row in record.problems if row.code == code]


# Exchanged digits


def test_exchanged_digits_are_told_once_and_no_target_passes_as_sound() -> None:
    record = parsed(PLAN.format(**EXCHANGED))
    (told,) = rows(record, "digits_exchanged")
    assert told == (
        "The digits of this text were exchanged, as some pages do against copying: 7 figures cannot be as they stand: "
        "years that no plan can mean (0402, 0400, 0403); figures that begin with zero (04). Others that look sound may "
        "be wrong too, so every target has a confidence of 0.3 at most. Take the document from another place, or "
        "compare each figure, year and date with the printed version."
    )
    assert rows(record, "doubtful_figure") == []
    assert record.targets
    assert {target.confidence for target in record.targets} == {Decimal("0.30")}
    said = [row.rule for row in record.evidence if row.field == "confidence"]
    assert said == ["digits-exchanged"] * len(record.targets)


def test_the_same_plan_with_its_own_digits_is_sound() -> None:
    record = parsed(PLAN.format(**SOUND))
    assert rows(record, "digits_exchanged") == rows(record, "doubtful_figure") == []
    assert min(target.confidence for target in record.targets) >= Decimal("0.75")


@pytest.mark.parametrize(
    "words",
    [
        "0402年启动。",  # one slip
        "0402年启动，0402年建成，0402年评估。",  # the same slip copied
        "0402年、0403年、0404年。" + "2021年、2022年、2023年、2024年、2025年。" * 4,  # few among many
    ],
)
def test_few_wrong_years_do_not_condemn_the_whole(words: str) -> None:
    assert rows(parsed(f"云州市计划\n一、目标\n{words}新建学校5所。"), "digits_exchanged") == []


def test_each_kind_of_what_cannot_be_is_named() -> None:
    record = parsed(
        "云政办发〔0402〕46号\n云州市养老服务行动计划\n一、目标\n“十四五”时期（2011—2015年）和2025—2021年，"
        "自2021年14月至8月42日，建成04个平台。\n0．新建学校5所。"
    )
    (message,) = rows(record, "digits_exchanged")
    for kind in (
        "document numbers of years that cannot be (0402)",
        "years that do not fit their five-year plan (十四五”时期（2011—2015年）)",
        "spans of years that end before they begin (2025—2021年)",
        "months that cannot be (14)",
        "days that cannot be (42)",
        "figures that begin with zero (04)",
        "lists that are numbered with zero (0)",
    ):
        assert kind in message
    assert "7 figures cannot be" in message


def test_five_year_plans_with_their_own_years_are_sound() -> None:
    plans = (
        "十一五（2006—2010年）",
        "“十二五”（2011-2015年）",
        "“十三五”规划（2016—2020）",
        "“十五五”时期（2026年—2030年）",
    )
    assert rows(parsed("云州市计划\n一、目标\n" + "，".join(plans) + "。"), "digits_exchanged") == []


def test_a_damaged_year_after_a_comma_is_no_figure_of_400_years() -> None:
    record = parsed("云州市计划\n一、目标\n整合系统资源，0400年底前建成服务平台3个。")
    assert [(target.value, target.unit) for target in record.targets] == [(Decimal(3), "个")]


def test_real_documents_are_not_suspected_and_the_damaged_one_is(shared: pathlib.Path, root: pathlib.Path) -> None:
    lexicon = load_lexicon()
    suspected = []
    for folder in (shared / "documents", shared / "seeds", root / "raw"):
        for path in sorted(folder.glob("*.txt")):
            text = normalise(open_source(path.read_bytes(), path.name), lexicon)
            if text.digits_exchanged:
                suspected.append(path.name)
    assert suspected == ["15-shandong-service-digital.txt"]


# Doubtful spots


def test_what_a_reader_is_not_sure_of_lowers_the_figures_on_it(lexicon: Lexicon) -> None:
    words = "云州市计划\n一、目标\n到2025年，新建学校12所，改造体育馆30座。到2024年，养老床位达到800张。"
    _, findings, record = read(source_of(words, "12", "2024"), lexicon)
    assert [(f"{t.value:f}", t.confidence <= Decimal("0.30")) for t in findings.targets] == [
        ("12", True), ("30", False), ("800", True),
    ]  # fmt: skip
    told = [(row.quote, row.severity) for row in record.problems if row.code == "doubtful_figure"]
    assert told == [("12所", "warning"), ("800张", "warning")]
    assert rows(record, "doubtful_figure")[1] == (
        "The figure “800张” or its year rests on “2024”, which may be misread. Its target is kept with a confidence of "
        "0.3 at most; compare it with the original."
    )


def test_a_doubt_beside_the_figure_lowers_nothing(lexicon: Lexicon) -> None:
    words = "云州市计划\n一、目标\n到2025年，新建学校12所，全面提升水平。"
    _, findings, record = read(source_of(words, "提升水平"), lexicon)
    assert [target.confidence > Decimal("0.30") for target in findings.targets] == [True]
    assert rows(record, "doubtful_figure") == []


def test_doubts_follow_the_text_through_normalising(lexicon: Lexicon) -> None:
    words = "云州市計劃\n一、目標\n到２０２５ 年，新建\u200b學校１２所。\n— 3 —\n到２０２４年，養老床位達到８００張。"
    text, _, _ = read(source_of(words, "１２", "８００"), lexicon)
    assert [text.text[start:end] for start, end in text.doubts] == ["12", "800"]


@pytest.mark.parametrize(
    ("words", "figure"),
    [
        ("新建学校1\ue1230所", "1\ue1230"),
        ("新建学校\ue1235所", "\ue1235"),
        ("新建学校5\ue123所", "5\ue123"),
        ("占比达到\ue123\ue124%", "\ue123\ue124"),
        ("到\ue123\ue124\ue125\ue126年建成", "\ue123\ue124\ue125\ue126"),
        ("新建学校1\ufffd0所", "1\ufffd0"),
    ],
)
def test_digits_of_a_private_font_are_told_and_doubted(words: str, figure: str, lexicon: Lexicon) -> None:
    source = open_source(f"云州市计划\n一、目标\n{words}。".encode(), "a.txt")
    text, findings, record = read(source, lexicon)
    assert [row.quote for row in record.problems if row.code == "hidden_digits"] == [figure]
    assert rows(record, "unknown_private_character") == []
    assert [text.text[start:end] for start, end in text.doubts] == [figure]
    assert all(target.confidence <= Decimal("0.30") for target in findings.targets)


def test_a_bullet_before_a_figure_hides_no_digit(lexicon: Lexicon) -> None:
    text = normalise(open_source("目标\n\ue1232025年新建学校5所。".encode(), "a.txt"), lexicon)
    assert "hidden_digits" not in [problem.code for problem in text.problems]


# The way from the source to the text


@st.composite
def alignments(draw: st.DrawFn) -> Alignment:
    """Give rising runs with gaps on both sides: what was left out and what was put in."""
    runs: list[Run] = []
    start = source = 0
    for before, left_out, length in draw(
        st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(1, 5)), min_size=1, max_size=8)
    ):
        start, source = start + before, source + left_out
        runs.append(Run(start, source, length))
        start, source = start + length, source + length
    return Alignment(tuple(runs))


@given(alignments(), st.data())
def test_to_text_is_the_way_back(alignment: Alignment, data: st.DataObject) -> None:
    """A range that begins and ends with characters of both texts comes back the same, from either side."""
    pairs = [(run.start + k, run.source + k) for run in alignment.runs for k in range(run.length)]
    first = data.draw(st.integers(0, len(pairs) - 1))
    last = data.draw(st.integers(first, len(pairs) - 1))
    in_text = Span(pairs[first][0], pairs[last][0] + 1)
    in_source = Span(pairs[first][1], pairs[last][1] + 1)
    assert alignment.to_source(*in_text) == in_source
    assert alignment.to_text(*in_source) == in_text


@given(alignments(), st.integers(0, 40), st.integers(0, 10))
def test_to_text_covers_what_stands_in_the_range_and_no_more(alignment: Alignment, start: int, length: int) -> None:
    pairs = [(run.start + k, run.source + k) for run in alignment.runs for k in range(run.length)]
    inside = [text for text, source in pairs if start <= source < start + length]
    found = alignment.to_text(start, start + length)
    if inside:
        assert found == (inside[0], inside[-1] + 1)
    else:
        assert found.start == found.end
        assert 0 <= found.start <= alignment.runs[-1].start + alignment.runs[-1].length


def test_a_text_without_anything_of_the_source_maps_to_its_start() -> None:
    assert Alignment(()).to_text(3, 9) == (0, 0)


def test_a_reader_problem_is_placed_in_the_text(lexicon: Lexicon) -> None:
    words = "云州市計劃\n一、目標\n— 3 —\n到２０２５年，新建學校１２所。"
    at = {word: (words.index(word), words.index(word) + len(word)) for word in ("１２", "— 3 —")}
    problems = tuple(Problem("warning", "blurred", f"Look at {word}.", *place) for word, place in at.items())
    _, _, record = read(source_of(words, problems=problems), lexicon)
    found = [(row.message, row.quote, row.char_start is None) for row in record.problems if row.code == "blurred"]
    assert found == [("Look at １２.", "12", False), ("Look at — 3 —.", None, True)]
