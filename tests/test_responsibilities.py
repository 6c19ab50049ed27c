"""Who does what: gold cases in gold/responsibilities.toml, and what must hold for any note."""

from __future__ import annotations

import dataclasses
import pathlib
import re
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.responsibilities import find_responsibilities
from pipeline.lexicon import Lexicon, load_lexicon
from pipeline.model import Alignment, Front, Outline, Plan, RowCell, Run, Section, Source, Text

GOLD = pathlib.Path(__file__).parent / "gold" / "responsibilities.toml"
CASES = tomllib.loads(GOLD.read_text(encoding="utf-8"))["case"]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def make_text(words: str) -> Text:
    source = Source("a.txt", "text/plain", "0" * 64, "utf-8", words, ())
    return Text(source, words, Alignment((Run(0, 0, len(words)),)), "hans", ())


def section(kind: Any, title: str, start: int, end: int, **more: Any) -> Section:
    plan, parent, depth = more.get("plan", 0), more.get("parent"), more.get("depth", 1)
    return Section(
        plan, parent, (1,), depth, kind, "", None, title, start, start, start, start, end, None, more.get("cells", ())
    )


def read_case(words: str) -> tuple[Text, Outline]:
    """Build text and outline from the notation of the gold file."""
    sections: list[Section] = []
    open_headings: list[tuple[int, int]] = []
    start = 0
    for line in words.splitlines(keepends=True):
        end, marks = start + len(line), len(line) - len(line.lstrip("#"))
        if marks:
            while open_headings and open_headings[-1][0] >= marks:
                open_headings.pop()
            parent = open_headings[-1][1] if open_headings else None
            open_headings.append((marks, len(sections)))
            sections.append(section("section", line.strip("# \n"), start, end, parent=parent, depth=marks))
        elif line.startswith("| "):
            cells = tuple(
                RowCell(found[1], start + found.start(2), start + found.end(2))
                for found in re.finditer(r"\| (\S+): ?([^|]*?) ?(?=\|)", line)
            )
            title = words[cells[0].start : cells[0].end]
            sections.append(section("row", title, start, end, parent=open_headings[-1][1], cells=cells))
        elif line.startswith("! "):
            sections.append(section("front", "", start, end, plan=None))
        elif sections:
            sections[-1] = dataclasses.replace(sections[-1], end=end)
        else:
            sections.append(section("preamble", "", start, end))
        start = end
    front = Front("", "", (), "", "", (), ())
    return make_text(words), Outline(front, (Plan("", None, None, 0, len(words)),), tuple(sections))


def rows_as_written(text: Text, outline: Outline, lexicon: Lexicon) -> tuple[list[str], list[str]]:
    found, problems = find_responsibilities(text, outline, lexicon)
    lists: dict[tuple[str, ...], list[str]] = {}
    for row in found:
        key = (outline.sections[row.section].title, row.basis, row.role, row.role_text)
        lists.setdefault(key, []).append(row.organisation)
    return [" / ".join((*key, "、".join(names))) for key, names in lists.items()], [
        problem.code for problem in problems
    ]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_gold(case: dict[str, Any], lexicon: Lexicon) -> None:
    rows, problems = rows_as_written(*read_case(case["text"].lstrip("\n")), lexicon)
    assert rows == case["rows"]
    assert problems == case.get("problems", [])


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_every_row_points_at_its_words(case: dict[str, Any], lexicon: Lexicon) -> None:
    text, outline = read_case(case["text"].lstrip("\n"))
    for row in find_responsibilities(text, outline, lexicon)[0]:
        quote = text.text[row.start : row.end]
        assert quote
        if row.inherited:
            assert row.basis in ("rule", "heading")
        else:
            assert "".join(quote.split()) in row.organisation or quote == "同上"


LEVELS = st.sampled_from(["市", "省", "县"])
STEMS = st.sampled_from(
    ["财政局", "水务局", "农业农村局", "住房和城乡建设局", "公共资源交易中心", "文化和旅游局", "供销合作社"]
)
NAMES = st.lists(st.builds(lambda level, stem: level + stem, LEVELS, STEMS), min_size=1, max_size=6, unique=True)
BRACKETS = st.sampled_from(["（）", "()", "〔〕", "[]", "【】"])
SEPARATORS = st.sampled_from(["、", "，", "；", ",", "、 ", " "])


@settings(max_examples=60, deadline=None)
@given(
    names=NAMES,
    brackets=BRACKETS,
    separator=SEPARATORS,
    label=st.sampled_from(["责任单位", "牵头单位", "参与部门", "协办单位"]),
)
def test_a_list_gives_its_names(names: list[str], brackets: str, separator: str, label: str) -> None:
    words = f"# 甲\n做事。{brackets[0]}{label}：{separator.join(names)}{brackets[1]}\n"
    text, outline = read_case(words)
    found, problems = find_responsibilities(text, outline, load_lexicon())
    assert [row.organisation for row in found] == names
    assert [text.text[row.start : row.end] for row in found] == names
    assert not problems


def test_a_name_that_was_lost_behind_a_conjunction_costs_no_other(lexicon: Lexicon) -> None:
    words = "# 治理河道\n疏浚河道。（牵头单位：东岭区和；责任单位：市水务局）\n"
    found, _ = find_responsibilities(*read_case(words), lexicon)
    assert [row.organisation for row in found] == ["东岭区", "市水务局"]


@settings(max_examples=80, deadline=None)
@given(words=st.text(alphabet="（）()〔市科技局财政、，：:；。责任单位牵头配合负责等和及\n 各区第甲", max_size=80))
def test_any_text_is_survived(words: str) -> None:
    text, outline = read_case(words)
    found, problems = find_responsibilities(text, outline, load_lexicon())
    for row in found:
        assert 0 <= row.start < row.end <= len(words) and row.organisation
    for problem in problems:
        assert problem.start is not None and problem.end is not None and problem.start < problem.end
    keys = [(row.section, row.role, row.organisation) for row in found]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    "words",
    [
        "（" * 4000 + "责任单位：市水务局" + "）" * 4000,
        "（责任单位：" + "市水务和" * 3000,
        "由市水务局" * 2000,
        "【责任单位】" + "市水务局（以下均涉及各乡镇，不再列出）、" * 1500,
        "（市水务局，列第一位的为牵头单位）" * 2000,
    ],
)
def test_endless_brackets_and_lists_end(words: str) -> None:
    text, outline = read_case("# 甲\n" + words + "\n")
    find_responsibilities(text, outline, load_lexicon())
