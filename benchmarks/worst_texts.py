"""Texts in which one thing is carried to the extreme, each at any length. All are invented."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import count, cycle, islice

SENTENCE = "到2025年，新增高新技术企业120家，规上工业增加值达到850亿元，由市科技局牵头，市财政局配合。"
# Years before, in and behind those of a plan.
PLANNED = f"{SENTENCE}到2022年，全部整改；到2030年，培育特色园区12个。累计建成厂房100个，其中标准厂房60个。"
PROSE = "完善政策体系强化要素保障推动产业集群发展提升公共服务水平建设现代化基础设施"
CHINESE = "一二三四五六七八九十"
BODIES = ("市财政局", "市教育局", "市科技局", "市工信局", "市民政局", "市水利局", "市商务局", "市卫健委", "市应急局")
PAGE = "<!DOCTYPE html><html><body>"
MARKS = ("一、", "（一）", "1.", "（1）", "①", "第一章", "第一条", "专栏1")


def numeral(number: int) -> str:
    """Give a number below 1,000 in Chinese numerals."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    before = f"{CHINESE[hundreds - 1]}百" if hundreds else ""
    zero = "零" if hundreds and not tens and ones else ""
    middle = (CHINESE[tens - 1] if tens > 1 or hundreds else "") + "十" if tens else ""
    return before + zero + middle + (CHINESE[ones - 1] if ones else "")


def filled(pieces: Iterator[str], size: int) -> str:
    """Give pieces one after the other, up to a number of characters."""
    given: list[str] = []
    length = 0
    for piece in pieces:
        given.append(piece)
        length += len(piece)
        if length >= size:
            break
    return "".join(given)[:size]


def again(words: str, size: int, before: str = "", behind: str = "") -> str:
    """Give words again and again between an opening and an end."""
    return before + filled(cycle([words]), size - len(before) - len(behind)) + behind


def numbered(pattern: str, size: int, before: str = "") -> str:
    """Give a pattern again and again, with `{n}` the count, `{y}` a year, `{c}` a Chinese numeral and `{b}` a body."""
    made = (
        pattern.format(n=n, y=2020 + n % 15, c=numeral(n % 999 + 1), b=BODIES[n % len(BODIES)], m=MARKS[n % len(MARKS)])
        for n in count(1)
    )
    return before + filled(made, size - len(before))


def nested(opening: str, closing: str, size: int) -> str:
    """Give brackets within brackets, all closed."""
    depth = size // (len(opening) + len(closing) + 1)
    return (opening + "甲") * depth + closing * depth


def traditional(size: int) -> str:
    """Give prose in traditional characters, a paragraph a line."""
    from opencc import OpenCC

    paragraph: str = OpenCC("s2t").convert(f"{SENTENCE}{PROSE}。\n")
    return again(paragraph, size)


def table(cell: str, columns: int, size: int) -> str:
    """Give lines of cells between tabs under a head."""
    head = "\t".join(("序号", "指标", "单位", "2020年", "2025年", "责任单位")[:columns]) + "\n"
    row = "\t".join(["{n}", cell, "家", "{n}", "{n}", "{b}"][:columns]) + "\n"
    return numbered(row, size, head)


def turns(size: int) -> str:
    """Give all kinds of heading marks in turn, so that no level ever settles."""
    pieces = (f"{MARKS[(n * n + n // 3) % len(MARKS)]}推进第{n}项\n" for n in count(1))
    return filled(pieces, size)


def wide_lines(size: int) -> str:
    """Give lines that all look wrapped: of one width, without an end."""
    letters = cycle(PROSE)
    return filled(("".join(islice(letters, 37)) + "\n" for _ in count()), size)


CASES: dict[str, Callable[[int], str]] = {
    # One line: of sentences, of words that no stop ever parts, of commas.
    "one-line": partial(again, SENTENCE),
    "one-line-plan": partial(again, PLANNED, before="云州市先进制造业发展行动计划（2024—2026年）\n一、主要目标\n"),
    "no-stop": partial(again, PROSE),
    "commas": partial(numbered, "推进{n}个项目，"),
    "list-marks": partial(again, "、"),
    "semicolons": partial(numbered, "新建{n}家；"),
    "wrapped": wide_lines,
    # Headings and their marks.
    "headings": partial(numbered, "（{c}）推进第{n}项工作\n"),
    "headings-1": partial(numbered, "{c}、推进第{n}项工作\n"),
    "headings-digits": partial(numbered, "{n}.推进工作\n"),
    "headings-mixed": turns,
    "marks-inline": partial(numbered, "{n}.推进工作。", before="一、总体\n"),
    "articles": partial(numbered, "第{c}条 推进工作。\n"),
    "titles": partial(numbered, "云州市第{n}号实施方案\n"),
    "short-lines": partial(again, "甲\n"),
    "blank-lines": partial(again, "\n", before="甲", behind="甲"),
    "contents": partial(numbered, "{c}、推进工作………………{n}\n", before="目录\n"),
    # Figures and years.
    "numbers": partial(numbered, "{n} "),
    "single-digits": partial(again, "7 "),
    "numbers-listed": partial(numbered, "{n}、"),
    "one-digit": partial(again, "7"),
    "one-numeral": partial(again, "一"),
    "ten-thousands": partial(again, "万亿"),
    "digit-groups": partial(again, ",000", before="1"),
    "points": partial(again, ".1", before="1"),
    "percents": partial(numbered, "增长{n}%、"),
    "targets": partial(numbered, "新增企业{n}家，"),
    "respectively": partial(
        numbered,
        "企业甲{n}、",
        before="到2025年，",
    ),
    "years": partial(numbered, "{y}年"),
    "year-spans": partial(numbered, "{y}—{y}年、"),
    "by-years": partial(numbered, "到{y}年，"),
    "numerals": partial(numbered, "{c}、"),
    "numerals-counted": partial(numbered, "新建{c}个园区，"),
    "of-which-run": partial(again, "1家其中"),
    "of-which-list": partial(numbered, "第{n}类{n}家、其中"),
    "of-which": partial(numbered, "其中{n}家，", before="新增企业100家，"),
    # Brackets and quotes.
    "nested": partial(nested, "（", "）"),
    "nested-mixed": partial(nested, "（“《", "》”）"),
    "unclosed": partial(again, "（甲"),
    "unopened": partial(again, "甲）"),
    "unclosed-quotes": partial(again, "“甲《乙"),
    "unclosed-lead": partial(again, "（责任单位：市财政局"),
    "brackets": partial(numbered, "（{n}家）"),
    # Responsible organisations.
    "bodies": partial(numbered, "市第{n}局、", before="一、总体\n推进工作。\n责任单位："),
    "known-bodies": partial(numbered, "{b}、", before="一、总体\n推进工作。\n责任单位："),
    "bodies-lines": partial(numbered, "推进工作。（责任单位：{b}、市第{n}局）\n"),
    "led-by": partial(numbered, "由{b}牵头，"),
    "together-with": partial(again, "市水务局会同"),
    "names": partial(numbered, "市第{n}局"),
    "addressees": partial(numbered, "云州市第{n}区人民政府，"),
    "shorter-names": partial(numbered, "第{n}发展中心（以下简称“第{n}中心”）"),
    # Tables.
    "table": partial(table, "第{n}项", 6),
    "table-long-cell": partial(table, SENTENCE, 2),
    "pipes": partial(numbered, "| {n} | 企业 | {n} | {b} |\n"),
    "spaced-cells": partial(numbered, "{n}    企业    {n}家    {b}\n"),
    "heads-only": partial(again, "序号\n工作任务\n责任单位\n"),
    "heads-barred": partial(again, "| 指标 | 单位 |\n"),
    "heads-of-tasks": partial(numbered, "序号\n工作任务\n责任单位\n{n}\n推进工作\n"),
    "heads-of-figures": partial(numbered, "序号\n指标\n单位\n{n}\n"),
    "heads-tabbed": partial(again, "序号\t指标\t单位\t2025年\n"),
    "tabs": partial(again, "\t甲"),
    # Characters.
    "traditional": traditional,
    "letters": partial(again, "a"),
    "blanks": partial(again, " ", before="甲", behind="甲"),
    "wide-blanks": partial(again, "　", before="甲", behind="甲"),
    "spaced-out": partial(again, "甲 "),
    "controls": partial(again, "甲\u200b\u00ad"),
    "wide-digits": partial(again, "１２３，"),
    "page-numbers": partial(numbered, "推进工作\n— {n} —\n"),
    "page-feet": partial(numbered, "推进第{n}项\n云州市人民政府公报\n\x0c"),
    "same-line": partial(again, SENTENCE + "\n"),
    "dots": partial(again, "…"),
    "dashes": partial(again, "—"),
    # Web pages: the text is theirs, the length that of the markup.
    "page-nested": partial(again, "<div>甲", before=PAGE),
    "page-spans": partial(again, "<span>甲</span>", before=PAGE),
    "page-breaks": partial(again, "甲<br>", before=PAGE),
    "page-rows": partial(numbered, "<tr><td>{n}<td>第{n}项<td>{b}", before=f"{PAGE}<table>"),
    "page-cells": partial(numbered, "<td>{n}", before=f"{PAGE}<table><tr>"),
    "page-tables": partial(again, "<table><tr><td>甲", before=PAGE),
    "page-signs": partial(again, "&#30002;", before=PAGE),
    "page-open": partial(again, "<", before=PAGE),
}
