"""Reading: pages in `gold/read.toml`, encodings, and files that are no text."""

from __future__ import annotations

import pathlib
import time
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Source
from pipeline.read import ReadError, open_source
from pipeline.read.text import read_text

CASES = tomllib.loads((pathlib.Path(__file__).parent / "gold" / "read.toml").read_text(encoding="utf-8"))["case"]
SIMPLIFIED = "为推进云州市水网建设，到2025年建成管网200公里，由喆镕公司承担。\r\n一、总体要求\r\n" * 6
TRADITIONAL = "為推進雲州市水網建設，到2025年建成管網200公里。\n一、總體要求\n" * 6


def blocks(source: Source) -> list[str]:
    """Give the words of each block."""
    return [source.text[block.start : block.end] for block in source.blocks]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_pages(case: dict[str, Any]) -> None:
    source = open_source(case["page"].encode(), "page.html")
    assert source.media_type == "text/html"
    assert blocks(source) == case["lines"]
    assert [block.kind for block in source.blocks] == case.get("kinds", ["paragraph"] * len(case["lines"]))
    if "levels" in case:
        assert [block.level for block in source.blocks] == case["levels"]
    assert [[field.name, field.value] for field in source.fields] == case.get("fields", [])
    cells = [
        [source.text[cell.start : cell.end], cell.row, cell.column, cell.row_span, cell.column_span]
        for block in source.blocks
        for cell in block.cells
    ]
    assert cells == case.get("cells", [])


def test_layout_hints_and_what_was_left_out() -> None:
    source = open_source(CASES[0]["page"].encode(), "a\\b/page.html")
    heading = source.blocks[3]
    assert (heading.centred, heading.bold) == (True, True)
    assert [problem.code for problem in source.problems] == ["page_chrome_left_out"]
    assert "div#Zoom" in source.problems[0].message


@pytest.mark.parametrize(
    ("words", "encoding", "named"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "utf-8-sig", "utf-8"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (SIMPLIFIED, "utf-16", "utf-16"),
        (SIMPLIFIED, "utf-16-le", "utf-16-le"),
        (SIMPLIFIED, "utf-16-be", "utf-16-be"),
        (SIMPLIFIED, "utf-32", "utf-32"),
        (TRADITIONAL, "utf-8", "utf-8"),
        (TRADITIONAL, "big5", "big5hkscs"),
        (TRADITIONAL, "gb18030", "gb18030"),
    ],
)
def test_encodings(words: str, encoding: str, named: str) -> None:
    source = open_source(words.encode(encoding), "plan.txt")
    assert (source.text, source.encoding, source.problems) == (words, named, ())


@pytest.mark.parametrize("label", ["gb2312", "GBK", "gb18030"])
def test_every_label_of_the_gb_family_means_gb18030(label: str) -> None:
    page = f'<html><head><meta charset="{label}"></head><body><p>朱镕喆㐂到2025年</p></body></html>'
    source = open_source(page.encode("gb18030"), "page.htm")
    assert (source.encoding, source.text) == ("gb18030", "朱镕喆㐂到2025年")


def test_a_wrong_label_is_not_believed() -> None:
    page = '<html><head><meta charset="gb2312"></head><body><p>云州市到2025年建成港口</p></body></html>'
    source = open_source(page.encode("utf-8"), "page.htm")
    assert (source.encoding, source.text) == ("utf-8", "云州市到2025年建成港口")


def test_text_cut_in_mid_character_is_read_with_a_warning() -> None:
    source = open_source(SIMPLIFIED.encode()[:-3].rstrip(b"\r\n")[:-1], "plan.txt")
    assert source.encoding == "utf-8"
    assert [(problem.severity, problem.code) for problem in source.problems] == [("warning", "undecodable_characters")]
    assert "到2025年" in source.text


def test_damaged_bytes_are_counted() -> None:
    data = bytearray(SIMPLIFIED.encode("gb18030"))
    data[30] = 0xFF
    source = open_source(bytes(data), "plan.txt")
    assert source.encoding == "gb18030"
    assert source.problems[0].code == "undecodable_characters"


def test_line_breaks_of_text_stay() -> None:
    source = open_source("甲\r\n乙\r丙\n\n　丁 \n".encode(), "plan.txt")
    assert source.text == "甲\r\n乙\r丙\n\n　丁 \n"
    assert blocks(source) == ["甲", "乙", "丙", "丁"]


def test_form_feeds_part_pages() -> None:
    source = open_source("甲\n乙\f丙\f丁".encode(), "plan.txt")
    assert source.pages == 3
    assert [block.page for block in source.blocks] == [1, 1, 2, 3]


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "empty_file", "is empty"),
        (b" \n\t", "empty_file", "is empty"),
        (b"%PDF-1.7\n", "damaged_file", "PDF"),
        (b"PK\x03\x04....OFD.xml", "unsupported_format", "ZIP archive"),
        (b"PK\x03\x04....", "unsupported_format", "ZIP archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "damaged_file", ""),
        (b"\x89PNG\r\n\x1a\n....", "damaged_file", "image"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related;\n", "damaged_file", "web archive"),
        (bytes(range(256)) * 30, "binary_content", "binary data"),
        (b"<html><body><script>var a</script></body></html>", "no_text", "shows no text"),
        ("\u200b\ufeff\n".encode(), "no_text", "shows no text"),
    ],
)
def test_refusals(data: bytes, code: str, words: str) -> None:
    with pytest.raises(ReadError) as caught:
        open_source(data, "in/plan.txt")
    assert caught.value.code == code
    assert words in caught.value.message
    assert caught.value.message.startswith("in/plan.txt ")


def test_content_counts_not_the_name() -> None:
    assert open_source("<html><body><p>云州市</p></body></html>".encode(), "plan.txt").text == "云州市"
    assert open_source("云州市 <p> 到2025年".encode(), "plan.html").text == "云州市 <p> 到2025年"
    assert open_source("BM行动计划".encode(), "plan.txt").text == "BM行动计划"


@pytest.mark.parametrize("depth", [300, 3_000, 100_000])
def test_deep_pages_lose_nothing(depth: int) -> None:
    page = "<html><body>" + "<div>" * depth + "云州市到2025年" + "</div>" * depth + "<p>建成港口</p></body></html>"
    source = open_source(page.encode(), "deep.html")
    assert source.text == "云州市到2025年\n建成港口"


def test_large_tables_and_absurd_spans_are_read_in_time() -> None:
    rows = "".join(f"<tr><td colspan=99999>{n}</td><td rowspan=x>甲</td></tr>" for n in range(3_000))
    started = time.perf_counter()
    source = open_source(f"<html><body><table>{rows}</table></body></html>".encode(), "table.html")
    assert source.text.count("\n") >= 2_999
    assert time.perf_counter() - started < 20


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        source = open_source(data, "any")
    except ReadError:
        return
    held = "".join(source.text[block.start : block.end] for block in source.blocks)
    assert len("".join(held.split())) <= len("".join(source.text.split()))


@given(st.text("<>/divptabler= 云州市\n&nbsp;#160;\"'!-", max_size=200))
def test_any_markup_is_read_or_refused(markup: str) -> None:
    try:
        source = open_source(f"<html><body>{markup}</body></html>".encode(), "any.html")
    except ReadError as error:
        assert error.code == "no_text"
        return
    position = 0
    for block in source.blocks:
        assert not source.text[position : block.start].strip()
        assert source.text[block.start : block.end].strip()
        position = block.end
    assert not source.text[position:].strip()


def test_every_break_of_a_text_ends_a_line_and_a_separator_of_records_ends_none() -> None:
    text = "一\n二\r\n三\r四\x0b五\x85六\u2028七\u2029八\x0c九"
    for words, first in ((text, "一"), ("\x1c一\x1d十" + text[1:], "一\x1d十")):
        content = read_text(words)
        assert [words[block.start : block.end] for block in content.blocks] == [first, *"二三四五六七八九"]
        assert [block.page for block in content.blocks] == [1] * 8 + [2]
