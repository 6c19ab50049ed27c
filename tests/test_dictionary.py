"""The dictionary, read in parts, gives the words that jieba gives with the whole of it."""

from __future__ import annotations

import pathlib

import jieba
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.lexicon import dictionary as module
from pipeline.lexicon.dictionary import Dictionary, dictionary

SAMPLE = (pathlib.Path(__file__).parents[1] / "raw" / "notice-with-one-plan.txt").read_text(encoding="utf-8")
LISTED = pathlib.Path(jieba.__file__).with_name("dict.txt")
# Characters that open many words, few or none, and what is not Chinese.
ALPHABET = "花生种植收获机械化率一二三不中人水稻龘乸AT&T5G卡拉OK，。 \n%"
SOME = ("马铃薯种植", "收获机械化率", "适龄妇女宫颈癌筛查率", "杂交水稻种子年产能", "挥发性有机物排放总量", "C++", "")


@pytest.fixture(scope="session", autouse=True)
def whole() -> None:
    """Read the whole dictionary, so that jieba tells what is right."""
    jieba.setLogLevel(60)
    jieba.dt.FREQ, jieba.dt.total = jieba.dt.gen_pfdict(jieba.dt.get_dict_file())
    jieba.dt.initialized = True


def check(words: str, found: Dictionary) -> None:
    """Cut in all three ways."""
    assert found.cut(words) == list(jieba.cut(words))
    assert found.cut(words, unknown=False) == list(jieba.cut(words, HMM=False))
    assert found.cut_all(words) == list(jieba.cut_for_search(words))


@pytest.mark.parametrize("words", [*SOME, SAMPLE])
def test_words_are_those_of_the_whole_dictionary(words: str) -> None:
    check(words, Dictionary(LISTED))


@settings(max_examples=200, deadline=None)
@given(words=st.text(ALPHABET, max_size=30) | st.text(max_size=20))
def test_any_words_are_cut_as_with_the_whole_dictionary(words: str) -> None:
    check(words, dictionary())


def test_nothing_is_read_that_no_word_begins_with() -> None:
    found = Dictionary(LISTED)
    assert found.cut("花生种植") == ["花生", "种植"]
    assert {word[0] for word in found._frequencies} == {*"花生种植"}


@pytest.mark.parametrize(
    ("word", "kind"),
    [("种植", "v"), ("迅速", "ad"), ("企业", "n"), ("AT&T", "nz"), ("办", "v"), ("无此词", ""), ("", "")],
)
def test_words_have_the_kind_of_the_dictionary(word: str, kind: str) -> None:
    assert dictionary().kind(word) == kind


def test_places_are_found_anew_where_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, bytes] = {}
    monkeypatch.setattr(module, "read", lambda name, made_from: kept.get(name))
    monkeypatch.setattr(module, "write", lambda name, made_from, content: kept.update({name: content}))
    first = Dictionary(LISTED)
    assert [*kept] == [module.PLACES]
    again = Dictionary(LISTED)
    assert first._places == again._places and again.cut("花生种植") == ["花生", "种植"]


def test_words_that_stand_apart_in_the_file_are_all_found(tmp_path: pathlib.Path) -> None:
    file = tmp_path / "words.txt"
    file.write_text("甲乙 3 n\n丙 4 v\n甲丁戊 5 n\n", encoding="utf-8")
    found = Dictionary(file)
    assert found.cut("甲乙丙甲丁戊", unknown=False) == ["甲乙", "丙", "甲丁戊"]
    assert (found.kind("甲丁戊"), found.kind("甲丁")) == ("n", "")
