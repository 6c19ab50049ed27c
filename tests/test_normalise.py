"""Normalising: gold cases in `gold/normalise.toml`, invariants, and the real documents where they are at hand."""

from __future__ import annotations

import pathlib
import re
import time
import tomllib
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.lexicon import Lexicon, load_lexicon
from pipeline.model import Run, Text
from pipeline.normalise import normalise
from pipeline.normalise.alignment import Edit, Mapped, apply, concatenate, cut, moved, whole
from pipeline.normalise.chains import Candidate, chains, regular
from pipeline.normalise.draft import Words
from pipeline.normalise.script import differences, to_simplified
from pipeline.normalise.text import STEPS
from pipeline.read import open_source

CASES = tomllib.loads((pathlib.Path(__file__).parent / "gold" / "normalise.toml").read_text(encoding="utf-8"))["case"]
WORDS = st.text(
    "云州市到年建成网一二三（）、，。：；“” \t\n0123456789０１２%％ＧGDP─—-.．臺為著專着\u3000\u200b", max_size=200
)


def normalised(text: str) -> Text:
    """Read and normalise a text file with these words."""
    return normalise(open_source(text.encode(), "case.txt"), load_lexicon())


def lines(text: Text) -> list[str]:
    """Give the words of each block."""
    return [text.text[block.start : block.end] for block in text.blocks]


def codes(text: Text) -> set[str]:
    """Give the codes of all problem rows."""
    return {problem.code for problem in text.problems}


def test_rules_are_found_in_all_lines_at_once_as_in_each_alone() -> None:
    every = load_lexicon().frames.rules
    texts = ["", *(text for rules in every.values() for rule in rules for text in (*rule.examples, "永" + rule.id))]
    for use, rules in every.items():
        found = Words(texts).first_rules(rules)
        alone = {place: rule for place, text in enumerate(texts) if (rule := rules.first_in(text)) is not None}
        assert found == alone, use
        assert list(found) == sorted(found), use


@given(st.lists(st.tuples(st.sampled_from("臺台万𠀀\ud800\0"), st.sampled_from("臺台万𠀀\ud800\0"))))
def test_differences_are_counted_place_by_place(pairs: list[tuple[str, str]]) -> None:
    one, other = ("".join(characters) for characters in zip(*pairs, strict=True)) if pairs else ("", "")
    assert differences(one, other) == sum(first != second for first, second in pairs)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_gold(case: dict[str, Any]) -> None:
    text = normalised(case["source"])
    assert lines(text) == case["lines"]
    assert [block.kind for block in text.blocks] == case.get("kinds", ["paragraph"] * len(case["lines"]))


PROSE_CASES = [case for case in CASES if "table" not in case.get("kinds", ())]


@pytest.mark.parametrize("case", PROSE_CASES, ids=[case["id"] for case in PROSE_CASES])
def test_clean_text_comes_out_unchanged(case: dict[str, Any]) -> None:
    once = normalised(case["source"]).text
    again = normalised(once)
    assert again.text == once


def test_steps_are_named_as_in_the_record() -> None:
    text = normalised("# 標題\n## 為２０２５年\n到 2025 年\u200b，建成3座。\n— 3 —\n")
    assert {repair.step for repair in text.repairs} <= {step.__name__ for step in STEPS}
    assert {
        "read_markdown",
        "narrow_figures",
        "simplify_script",
        "close_gaps",
        "strip_invisible",
        "drop_page_numbers",
    } <= {repair.step for repair in text.repairs}


def test_repairs_tell_what_the_source_had() -> None:
    text = normalised("到２０２５年建成\u200b3座。")
    told = {repair.step: text.source.text[repair.source_start : repair.source_end] for repair in text.repairs}
    assert told == {"strip_invisible": "\u200b", "narrow_figures": "２０２５"}


def test_source_quote_keeps_the_spelling_of_the_source() -> None:
    text = normalised("到２０２５年，培育\n— 3 —\n臺商企業１２家，為產業發展提供支撐。")
    start = text.text.index("2025年")
    assert text.source_quote(start, start + 5) == "２０２５年"
    start = text.text.index("台商企业12家")
    assert text.source_quote(start, start + 7) == "臺商企業１２家"


def test_page_number_between_the_halves_of_a_sentence_is_inside_its_source_quote() -> None:
    text = normalised("推动审批服务事项跨区域通办，到2025年实现高频事项\n— 2 —\n全覆盖，办理时限压缩三成。")
    start = text.text.index("事项全覆盖")
    assert text.source_quote(start, start + 5) == "事项\n— 2 —\n全覆盖"
    assert [problem.message for problem in text.problems if problem.code == "page_number_removed"] == [
        "Left out a page number that stood as a line: — 2 —. Check if the figure belongs to a sentence."
    ]


@pytest.mark.parametrize(
    ("words", "script"),
    [("加快建设智慧港口，推动产业发展", "hans"), ("加快建設智慧港口，推動產業發展", "hant"), ("2025", "hans")],
)
def test_script(words: str, script: str) -> None:
    assert normalised(words).script == script


def test_mixed_document_keeps_its_simplified_passages() -> None:
    text = normalised("推动产业发展，支持泓昇集团建设总部。\n推動產業發展，擴大開放，為企業提供協助。")
    assert text.script == "mixed"
    assert lines(text) == ["推动产业发展，支持泓昇集团建设总部。", "推动产业发展，扩大开放，为企业提供协助。"]


def test_vocabulary_is_never_exchanged(lexicon: Lexicon) -> None:
    assert to_simplified("軟體程式與文件資訊", lexicon.characters) == "软体程式与文件资讯"


def test_implausible_years_are_told_and_kept() -> None:
    text = normalised("0402年，全市全面推开。到2025年完成。距今4000年前的遗址。")
    found = [text.text[p.start : p.end] for p in text.problems if p.code == "implausible_year"]
    assert found == ["0402"]
    assert "0402年" in text.text


def test_signs_of_misreading_are_told() -> None:
    text = normalised("形成优势明显的区t域体系，集聚资源、;匚聚人才，建设T台和A级景区。")
    found = [text.text[p.start : p.end] for p in text.problems if p.code == "doubtful_characters"]
    assert found == ["t", ";匚"]


def test_unknown_private_characters_are_told() -> None:
    text = normalised("支持\ue123企业发展\uf0b7推进改革")
    assert "unknown_private_character" in codes(text)
    assert "\ue123" in text.text
    assert "•推进" in text.text


def test_many_page_numbers_make_one_row() -> None:
    text = normalised("\n".join(f"推进第{n}项工程建设，完善体制机制。\n— {n} —" for n in range(1, 40)))
    rows = [problem.message for problem in text.problems if problem.code == "page_number_removed"]
    assert len(rows) == 1
    assert "39 times" in rows[0]


def test_bare_numbers_count_as_pages_only_where_they_rise_page_by_page() -> None:
    page = "推动港口基础设施互联互通，完善集疏运体系，提高铁水联运比例，加快建设智慧绿色港口，" * 8
    pages = "\n".join(f"{page}\n{n}" for n in range(1, 6))
    assert codes(normalised(pages)) >= {"page_number_removed"}
    table = "\n".join(f"{n}\n深水泊位\n座\n{n * 3}" for n in range(1, 30))
    assert lines(normalised(table)) == table.split("\n")


def test_running_heads_go_but_for_the_first() -> None:
    page = "推动港口基础设施互联互通，完善集疏运体系，加快建设智慧绿色港口。"
    source = "\f".join(f"云州市港口规划\n{page}\n（{n}）落实责任。\n{n}" for n in range(1, 6))
    text = normalised(source)
    assert lines(text).count("云州市港口规划") == 1
    assert "running_head_removed" in codes(text)


def test_glued_page_marks() -> None:
    body = "港口是城市对外开放的重要门户也是畅通国内国际双循环的关键节点"
    rows = [body[k % 9 :] + body[: k % 9] for k in range(120)]
    marked = [f"{k // 20}{row}" if k and k % 20 == 0 else row for k, row in enumerate(rows)]
    text = normalised("\n".join(marked))
    assert "page_mark_removed" in codes(text)
    assert not re.search(r"\d", text.text)


def test_numbers_of_one_long_list_are_no_page_marks() -> None:
    """12. 23. 34. rise by one in their first digit at an even distance, but each goes on from the item before."""
    body = "实施重点产业技能提升行动，支持企业建设实训基地，完善培训补贴办法" * 6
    source = "\n".join(
        f"{number}.技能提升项目。{body}（牵头单位：市人社局，配合单位：各区）" for number in range(1, 46)
    )
    kept = [re.match(r"\d+", line).group() for line in lines(normalised(source))]  # type: ignore[union-attr]
    assert kept == [str(number) for number in range(1, 46)]


def test_wrapped_lines_that_begin_with_figures_keep_them() -> None:
    body = "港口是城市对外开放的重要门户也是畅通国内国际双循环的关键节点"
    figures = [12, 3, 45, 7, 260, 8, 31]
    rows = [f"{figures[k // 15]}家企业{body[:24]}" if k % 15 == 0 else body for k in range(100)]
    text = normalised("\n".join(rows))
    assert [int(figure) for figure in re.findall(r"\d+", text.text)] == figures


@given(WORDS)
def test_holds_for_any_text(words: str) -> None:
    if not words.strip(" \t\n\u3000\u200b"):
        return
    text = normalised(words)
    position = 0
    for block in text.blocks:
        assert text.text[position : block.start] == ("\n" if position else "")
        assert text.text[block.start : block.end].strip() == text.text[block.start : block.end] != ""
        position = block.end
    assert position == len(text.text)
    source = re.sub(r"\s", "", text.source.text)
    for start in range(0, len(text.text), 7):
        assert re.sub(r"\s", "", text.source_quote(start, start + 9)) in source
    removed = Counter(
        c for repair in text.repairs if repair.step.startswith("drop") for c in repair.before if c.isdigit()
    )
    narrow = str.maketrans("０１２", "012")
    before = Counter(c for c in text.source.text.translate(narrow) if c.isdigit())
    assert before - removed == Counter(c for c in text.text if c.isdigit())
    rising = [(run.start, run.source) for run in text.alignment.runs]
    assert rising == sorted(rising)


@given(st.text("云州市推动产业发展建设，。昇於乾0123", min_size=1, max_size=60))
def test_simplified_text_keeps_its_characters(words: str) -> None:
    context = "全面推进乡村产业发展，支持云州市企业创新。"
    assert words.strip() in normalised(context + words + context).text


@given(st.text("ab甲乙", max_size=30), st.data())
def test_edits_keep_the_map(words: str, data: st.DataObject) -> None:
    bounds = sorted(data.draw(st.lists(st.integers(0, len(words)), max_size=8)))
    edits = [Edit(a, b, data.draw(st.text("xy", max_size=3))) for a, b in zip(bounds[::2], bounds[1::2], strict=False)]
    after = apply(whole(words, 100), edits)
    expected = words
    for edit in reversed(edits):
        expected = expected[: edit.start] + edit.after + expected[edit.end :]
    assert after.text == expected
    touched = {place for edit in edits for place in range(edit.start, edit.end)}
    for run in after.runs:
        for step in range(run.length):
            place = run.source - 100 + step
            assert place in touched or after.text[run.start + step] == words[place]
    kept = {run.source - 100 + step for run in after.runs for step in range(run.length)}
    assert kept >= set(range(len(words))) - touched
    assert moved(range(len(words)), []) == list(range(len(words)))


def test_cut_and_concatenate_keep_the_map() -> None:
    line = whole("云州市港口", 10)
    assert cut(line, 2, 4) == Mapped("市港", (Run(0, 12, 2),))
    joined = concatenate([cut(line, 0, 2), Mapped(" ", ()), cut(line, 2, 5)])
    assert joined == Mapped("云州 市港口", (Run(0, 10, 2), Run(3, 12, 3)))
    assert concatenate([cut(line, 0, 2), cut(line, 2, 5)]) == line


def test_chains_rise_page_by_page() -> None:
    pages = [Candidate(line, line // 10, line * 50) for line in range(10, 80, 10)]
    noise = [Candidate(13, 4, 660), Candidate(27, 9, 1400)]
    found = chains(sorted([*pages, *noise]), (200, 900))
    assert found[0] == pages
    assert regular(found[0])


def test_real_documents_keep_every_digit(shared: pathlib.Path, lexicon: Lexicon) -> None:
    files = [*sorted((shared / "seeds").glob("*.txt")), *sorted((shared / "documents").glob("*.txt"))]
    for path in (*files, *sorted((shared / "documents").glob("*.html"))):
        text = normalise(open_source(path.read_bytes(), path.name), lexicon)
        removed = "".join(repair.before for repair in text.repairs if repair.step.startswith("drop"))
        digits = [Counter(c for c in words if c in "0123456789") for words in (text.source.text, removed, text.text)]
        assert digits[0] - digits[1] == digits[2], path.name
        assert not [problem for problem in text.problems if problem.severity == "error"]


LONG = {
    "letter-spaced": "提 出 " * 50_000,
    "brackets": "（云州市\n" * 30_000,
    "rows": "1 2 3 4 5\n" * 15_000,
    "headings": "一、云州市，\n" * 30_000,
    "page numbers": "云- 3 - " * 40_000,
    "contents": "目录\n" * 30_000,
    "leader": "." * 300_000 + "云",
    "buttons": "打印   " * 30_000 + "x",
    "unclosed marks": "**a __b " * 20_000,
    "pipes": "|" + " " * 100_000 + "--|\n|" + "-- " * 50_000,
    "one sentence": "云州市推进工程，\n" * 30_000,
}


@pytest.mark.parametrize("words", LONG.values(), ids=LONG.keys())
def test_no_quadratic_work(words: str) -> None:
    source = open_source(words.encode(), "long.txt")
    started = time.perf_counter()
    normalise(source, load_lexicon())
    assert time.perf_counter() - started < 20
