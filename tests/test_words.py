"""Word-level differences: they cover both texts, they mirror, and a person can read them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.compare.diff.words import WordChange, word_changes

MIRRORED = {"insert": "delete", "delete": "insert"}
# Few characters, so that the texts share many passages by chance.
TEXTS = st.text(alphabet="到2025年县教育局，。、\n新建幼儿园A5G %", max_size=60)


def changed(a: str, b: str) -> list[tuple[str, str]]:
    """Give the words on both sides of every change."""
    return [
        (a[step.a_start : step.a_end], b[step.b_start : step.b_end])
        for step in word_changes(a, b)
        if step.op != "equal"
    ]


@given(TEXTS, TEXTS)
def test_the_passages_cover_both_texts(a: str, b: str) -> None:
    steps = word_changes(a, b)
    assert "".join(a[step.a_start : step.a_end] for step in steps) == a
    assert "".join(b[step.b_start : step.b_end] for step in steps) == b
    for step, after in pairwise(steps):
        assert (step.a_end, step.b_end) == (after.a_start, after.b_start)
        assert "equal" in (step.op, after.op)


@given(TEXTS, TEXTS)
def test_the_operation_says_what_the_passage_is(a: str, b: str) -> None:
    for step in word_changes(a, b):
        before, after = a[step.a_start : step.a_end], b[step.b_start : step.b_end]
        assert (step.op == "equal") == (before == after)
        assert (step.op == "insert") == (not before)
        assert (step.op == "delete") == (not after)


@given(TEXTS, TEXTS)
def test_the_way_back_is_the_mirror_image(a: str, b: str) -> None:
    mirrored = [
        WordChange(MIRRORED.get(step.op, step.op), step.b_start, step.b_end, step.a_start, step.a_end)
        for step in word_changes(a, b)
    ]
    assert word_changes(b, a) == mirrored


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_characters_are_taken(a: str, b: str) -> None:
    steps = word_changes(a, b)
    assert "".join(b[step.b_start : step.b_end] for step in steps) == b


def test_equal_and_empty_texts() -> None:
    assert word_changes("", "") == []
    assert word_changes("县教育局", "县教育局") == [WordChange("equal", 0, 4, 0, 4)]
    assert word_changes("", "县教育局") == [WordChange("insert", 0, 0, 0, 4)]


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("覆盖率达到85%以上。", "覆盖率达到95.5%以上。", [("85%", "95.5%")]),
        ("到2021年建成9所", "到2024年建成9所", [("2021年", "2024年")]),
        ("新增校舍6万平方米、", "新增校舍6.5万平方米、", [("6万平方米", "6.5万平方米")]),
        ("建设4G基站1,200个", "建设5G基站1,300个", [("4G", "5G"), ("1,200个", "1,300个")]),
        ("推广OpenHarmony系统", "推广OpenEuler系统", [("OpenHarmony", "OpenEuler")]),
        ("每年下降1个百分点", "每年下降2个百分点", [("1个百分点", "2个百分点")]),
    ],
)
def test_figures_and_latin_words_stay_whole(a: str, b: str, expected: list[tuple[str, str]]) -> None:
    assert changed(a, b) == expected


def test_chinese_words_stay_whole() -> None:
    # 发 stands in both words, but no reader sees 发 kept and 展 replaced.
    assert changed("推动产业发展。", "推动产业发布。") == [("发展", "发布")]


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        # One character and a comma between two changes belong to them.
        ("优化布局，撤并学校12所。", "组建集团，整合资源6类。", [("优化布局，撤并学校12所", "组建集团，整合资源6类")]),
        # Whole words between two figures stay.
        ("覆盖率达到85%，巩固率达到98%", "覆盖率达到92%，巩固率达到99%", [("85%", "92%"), ("98%", "99%")]),
    ],
)
def test_scraps_between_two_changes_count_as_changed(a: str, b: str, expected: list[tuple[str, str]]) -> None:
    assert changed(a, b) == expected


def test_paragraphs_are_never_joined() -> None:
    assert changed("压实责任\n加大投入", "完善机制\n强化宣传") == [("压实责任", "完善机制"), ("加大投入", "强化宣传")]


def test_a_new_name_in_a_list_is_told_with_its_own_first_character() -> None:
    assert changed("（责任单位：县住建局）", "（责任单位：县教育局、县住建局）") == [("", "县教育局、")]


def test_a_name_within_a_list_takes_the_mark_behind_it_along() -> None:
    assert changed("（县教育局、县委编办、县人社局）", "（县教育局、县人社局）") == [("县委编办、", "")]
    assert changed("（县教育局、县人社局）", "（县教育局、县人社局、县财政局）") == [("", "、县财政局")]


def test_a_very_long_text_is_matched_sentence_by_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    sentences = [f"第{number}个乡镇建成幼儿园{number % 7}所。" for number in range(1, 60)]
    other = [*sentences[:20], "新写的一句。", *sentences[20:40], *sentences[41:]]
    monkeypatch.setattr("pipeline.compare.diff.words.TOKEN_PAIRS", 50)
    assert changed("".join(sentences), "".join(other)) == [("", "新写的一句。"), (sentences[40], "")]


def test_texts_without_bound_are_replaced_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.compare.diff.words.TOKEN_PAIRS", 1)
    monkeypatch.setattr("pipeline.compare.diff.words.SENTENCE_PAIRS", 1)
    assert changed("甲。乙。丙。", "丁。乙。戊。") == [("甲。乙。丙。", "丁。乙。戊。")]
