"""Automatic numbers of Word: every format, levels, restarts, styles; written out as Word shows them."""

from __future__ import annotations

import random
import unicodedata

import pytest
from word_files import docx, level, lines, numbering, p, read, run, source

from pipeline.read import open_source
from pipeline.read.libreoffice import convert, find_program
from pipeline.read.word_numbering import Label, joined
from pipeline.read.word_numerals import numeral

HAN = dict(zip("〇一二三四五六七八九", range(10), strict=True))


def value_of(words: str) -> int:
    """Read a spoken Chinese numeral below 10,000."""
    total = digit = 0
    for sign in words:
        if sign in "十百千":
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[sign]
            digit = 0
        else:
            digit = HAN[sign]
    return total + digit


@pytest.mark.parametrize("style", ["chineseCountingThousand", "taiwaneseCountingThousand", "japaneseCounting"])
def test_spoken_numerals_say_their_value(style: str) -> None:
    shown = [numeral(value, style) or "" for value in range(1, 2001)]
    assert [value_of(words.replace("零", "〇")) for words in shown] == list(range(1, 2001))
    assert len(set(shown)) == 2000


def test_chinese_counting_speaks_to_99_and_then_spells() -> None:
    shown = [numeral(value, "chineseCounting") or "" for value in range(1, 201)]
    assert shown[:99] == [numeral(value, "chineseCountingThousand") for value in range(1, 100)]
    assert [shown[index] for index in (0, 9, 10, 19, 20, 98, 99, 104)] == [
        "一", "十", "十一", "二十", "二十一", "九十九", "一○○", "一○五",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        ("chineseCountingThousand", {10: "十", 12: "十二", 100: "一百", 105: "一百〇五", 110: "一百一十"}),
        ("chineseCountingThousand", {10_000: "一万", 10_001: "一万〇一", 12_345: "一万二千三百四十五"}),
        ("chineseLegalSimplified", {1: "壹", 10: "壹拾", 12: "壹拾贰", 105: "壹佰零伍"}),
        ("ideographLegalTraditional", {3: "參", 20: "貳拾"}),
        ("japaneseCounting", {11: "十一", 110: "百十"}),
        ("ideographTraditional", {1: "甲", 10: "癸", 11: "11"}),
        ("ideographZodiac", {1: "子", 12: "亥", 13: "13"}),
        ("ideographZodiacTraditional", {1: "甲子", 60: "癸亥", 61: "61"}),
        ("ideographDigital", {10: "一〇", 25: "二五"}),
        ("decimalEnclosedCircle", {1: "①", 20: "⑳", 21: "21"}),
        ("decimalEnclosedCircleChinese", {3: "③"}),
        ("decimalEnclosedParen", {1: "⑴", 20: "⒇"}),
        ("decimalFullWidth", {10: "１０"}),
        ("decimalZero", {1: "01", 10: "10", 100: "100"}),
        ("upperRoman", {4: "IV", 1994: "MCMXCIV"}),
        ("lowerRoman", {9: "ix"}),
        ("upperLetter", {1: "A", 26: "Z", 27: "AA", 28: "BB", 53: "AAA"}),
        ("lowerLetter", {2: "b", 1_000_000: "1000000"}),
        ("none", {7: ""}),
    ],
)  # fmt: skip
def test_formats(style: str, shown: dict[int, str]) -> None:
    assert {value: numeral(value, style) for value in shown} == shown


def test_enclosed_numerals_bear_their_value() -> None:
    for style in ("decimalEnclosedCircle", "decimalEnclosedParen", "decimalEnclosedFullstop", "decimalFullWidth"):
        for value in range(1, 21):
            words = unicodedata.normalize("NFKC", numeral(value, style) or "")
            assert int(words.strip("().")) == value


OUTLINE = [level(0, "chineseCounting", "%1、"), level(1, "chineseCounting", "（%2）"), level(2, "decimal", "%3.")]


def test_an_outline_counts_over_plain_paragraphs_and_begins_anew_below() -> None:
    body = (
        p("总体要求", number=(1, 0)) + p("指导思想", number=(1, 1)) + p("正文。") + p("工作目标", number=(1, 1))
        + p("重点任务", number=(1, 0)) + p("水网建设", number=(1, 1)) + p("建设管网", number=(1, 2))
        + p("改造泵站", number=(1, 2)) + p("数据平台", number=(1, 1)) + p("汇集数据", number=(1, 2))
    )  # fmt: skip
    assert read(body, numbering=numbering(OUTLINE)) == [
        "一、总体要求", "（一）指导思想", "正文。", "（二）工作目标", "二、重点任务", "（一）水网建设", "1.建设管网",
        "2.改造泵站", "（二）数据平台", "1.汇集数据",
    ]  # fmt: skip


def test_levels_of_several_numbers() -> None:
    chapters = [
        level(0, "chineseCountingThousand", "第%1章"),
        level(1, "decimal", "%1.%2", "<w:isLgl/>"),
        level(2, "decimal", "%1.%2.%3", "<w:isLgl/>"),
    ]
    body = p("总则", number=(1, 0)) + p("现状", number=(1, 1)) + p("建设管网", number=(1, 2)) + p("目标", number=(1, 1))
    assert read(body, numbering=numbering(chapters)) == ["第一章 总则", "1.1 现状", "1.1.1 建设管网", "1.2 目标"]


def test_a_higher_level_that_is_passed_over_counts_as_one_item() -> None:
    decimals = [level(0, "decimal", "%1"), level(1, "decimal", "%1.%2")]
    body = p("现状", number=(1, 1)) + p("目标", number=(1, 0)) + p("任务", number=(1, 1))
    assert read(body, numbering=numbering(decimals)) == ["1.1 现状", "2 目标", "2.1 任务"]


LISTS = [
    OUTLINE,
    [level(0, "decimal", "%1"), level(1, "decimal", "%1.%2"), level(2, "decimal", "%1.%2.%3")],
    [level(0, "chineseCountingThousand", "第%1章"), level(1, "chineseCountingThousand", "第%2节"),
     level(2, "decimalEnclosedCircle", "%3")],
    [level(0, "upperLetter", "%1."), level(1, "lowerRoman", "%2)"), level(2, "ideographTraditional", "%3、")],
]  # fmt: skip
CONTINUED = (
    '<w:num w:numId="11"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="12"><w:abstractNumId w:val="0"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
)


@pytest.mark.skipif(find_program() is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("seed", [1, 2])
def test_libreoffice_shows_the_same_numbers(seed: int) -> None:
    chosen = random.Random(seed)
    places = [(chosen.choice([0, 1, 1, 2, 3, 4, 11, 12]), chosen.choice([0, 1, 1, 2, 2])) for _ in range(150)]
    body = "".join(p(f"事项{'' if place[0] else '（无号）'}", number=place if place[0] else None) for place in places)
    made = docx(body + p(""), numbering=numbering(*LISTS) + CONTINUED)
    shown = convert(made, "docx", "txt", "plan.docx").data.decode("utf-8-sig").splitlines()
    wanted = ["".join(line.split()) for line in shown if line.strip()]
    assert ["".join(line.split()) for line in lines(open_source(made, "plan.docx"))] == wanted


def test_a_level_that_never_begins_anew() -> None:
    counted = [level(0, "chineseCounting", "%1、"), level(1, "decimal", "%2.", '<w:lvlRestart w:val="0"/>')]
    body = p("甲", number=(1, 0)) + p("子", number=(1, 1)) + p("乙", number=(1, 0)) + p("丑", number=(1, 1))
    assert read(body, numbering=numbering(counted)) == ["一、甲", "1.子", "二、乙", "2.丑"]


def test_lists_of_one_abstract_list_count_on_and_an_override_begins_anew_once() -> None:
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    inner = (
        f'<w:abstractNum w:abstractNumId="0">{level(0, "decimal", "%1.")}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>'
        f'<w:num w:numId="3"><w:abstractNumId w:val="0"/>{override}</w:num>'
    )
    body = "".join(p("事项", number=(number, 0)) for number in (1, 1, 2, 3, 3))
    assert read(body, numbering=inner) == ["1.事项", "2.事项", "3.事项", "1.事项", "2.事项"]


def test_numbers_come_through_styles_and_what_they_are_based_on() -> None:
    tied = [level(0, "chineseCounting", "%1、", '<w:pStyle w:val="H1"/>'),
            level(1, "chineseCounting", "（%2）", '<w:pStyle w:val="H2"/>')]  # fmt: skip
    styles = (
        '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/>'
        "</w:numPr></w:pPr></w:style>"
        '<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="标题 2"/><w:basedOn w:val="H1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="H3"><w:name w:val="own"/><w:basedOn w:val="H1"/></w:style>'
    )
    off = '<w:numPr><w:numId w:val="0"/></w:numPr>'
    body = (
        p("总体要求", style="H1")
        + p("目标", style="H2")
        + p("任务", style="H3")
        + p("无号", style="H1", properties=off)
    )
    found = source(body, styles=styles, numbering=numbering(tied))
    assert [found.text[block.start : block.end] for block in found.blocks] == [
        "一、总体要求", "（一）目标", "二、任务", "无号",
    ]  # fmt: skip
    assert [block.level for block in found.blocks] == [1, 2, 1, 1]


def test_a_list_style_leads_to_its_list() -> None:
    styles = (
        '<w:style w:type="numbering" w:styleId="L"><w:name w:val="list"/><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr>'
        "</w:pPr></w:style>"
    )
    inner = (
        '<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="L"/></w:abstractNum>'
        f'<w:abstractNum w:abstractNumId="1"><w:styleLink w:val="L"/>{level(0, "decimal", "%1）")}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    )
    assert read(p("建设", number=(1, 0)), styles=styles, numbering=inner) == ["1）建设"]


def test_bullets_are_signs_and_an_empty_one_is_nothing() -> None:
    wingdings = '<w:rPr><w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/></w:rPr>'
    bullets = [
        f'<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF06C;"/>{wingdings}</w:lvl>',
        level(1, "bullet", "–"),
    ]
    body = p("建设管网", number=(1, 0)) + p("5%以上", number=(1, 1)) + p(number=(1, 0))
    assert read(body, numbering=numbering(bullets)) == ["● 建设管网", "– 5%以上"]


def test_a_cell_may_hold_nothing_but_its_number() -> None:
    assert read(p(number=(1, 0)) + p("甲", number=(1, 0)), numbering=numbering(OUTLINE)) == ["一、", "二、甲"]


def test_an_unknown_format_is_told() -> None:
    found = source(p("甲", number=(1, 0)), numbering=numbering([level(0, "hebrew1", "%1.")]))
    assert found.text == "1.甲"
    assert "hebrew1" in next(row.message for row in found.problems if row.code == "numbering_format_unknown")


@pytest.mark.parametrize(
    ("label", "follows", "words", "shown"),
    [
        ("一、", "tab", "总体要求", "一、总体要求"),
        ("（一）", "space", "目标", "（一）目标"),
        ("第一章", "tab", "总则", "第一章 总则"),
        ("第一章", "nothing", "总则", "第一章总则"),
        ("1.", "tab", "5G网络", "1. 5G网络"),
        ("1.", "nothing", "5G网络", "1. 5G网络"),
        ("1", "nothing", "2022年启动", "1 2022年启动"),
        ("1.", "tab", "建设管网", "1.建设管网"),
        ("1.1", "tab", "现状", "1.1 现状"),
        ("附件1：", "tab", " 清单", "附件1： 清单"),
    ],
)
def test_labels_stand_before_words_as_in_a_plain_copy(label: str, follows: str, words: str, shown: str) -> None:
    assert joined(Label(label, follows, False), words) == shown


def test_a_label_is_bold_with_its_words() -> None:
    found = source(p(run("总体要求", "<w:b/>"), number=(1, 0)), numbering=numbering(OUTLINE))
    assert [block.bold for block in found.blocks] == [True]
