"""Segment: the gold cases, what holds for every outline, tables copied cell by cell, and real documents."""

from __future__ import annotations

import pathlib
import tomllib
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.lexicon import Lexicon, load_lexicon
from pipeline.model import Alignment, Block, Cell, Outline, Run, Section, Source, Text
from pipeline.segment import segment
from pipeline.segment.front import read_date, split_names
from pipeline.segment.levels import DEEPEST
from pipeline.segment.marks import squeeze

CASES = tomllib.loads((pathlib.Path(__file__).parent / "gold" / "segment.toml").read_text(encoding="utf-8"))["case"]
KINDS = ("metadata", "contents", "frame")
PLACED = ("section", "task", "row", "annex")


def text_of(words: str, *, kept: bool = False) -> Text:
    """Lay out the words of a gold case as a normalised text. With `kept`, the source keeps its blank lines."""
    pieces: list[str] = []
    blocks: list[Block] = []
    runs: list[Run] = []
    source = words if kept else "\n".join(line for line in words.split("\n") if line.strip())
    place = position = 0
    lines = source.split("\n")
    while lines:
        line = lines.pop(0)
        raw, place = place, place + len(line) + 1
        if not line.strip():
            continue
        if " | " in line:
            rows = [line]
            while lines and " | " in lines[0]:
                rows.append(lines.pop(0))
                place += len(rows[-1]) + 1
            piece, block = _table(rows, position)
        else:
            piece, block = _line(line, position)
            runs.append(Run(position, raw + line.index(piece), len(piece)))
        pieces.append(piece)
        blocks.append(block)
        position += len(piece) + 1
    origin = Source("case.txt", "text/plain", "0" * 64, "utf-8", source, ())
    return Text(origin, "\n".join(pieces), Alignment(tuple(runs)), "hans", tuple(blocks))


def _line(line: str, position: int) -> tuple[str, Block]:
    words = line.strip()
    kind, level, bold = "paragraph", 0, False
    if words.startswith("%"):
        kind, words = words[1:].split(" ", 1)
    elif words.startswith("#"):
        level = len(words) - len(words.lstrip("#"))
        words = words.lstrip("# ")
    assert kind == "paragraph" or kind in KINDS
    return words, Block(kind, position, position + len(words), level=level, bold=bold)  # type: ignore[arg-type]


def _table(rows: list[str], position: int) -> tuple[str, Block]:
    grid = [[cell.strip() for cell in (row + " ").split(" | ")] for row in rows]
    cells: dict[tuple[int, int], Cell] = {}
    place, lines = position, []
    for number, row in enumerate(grid):
        for column, words in enumerate(row):
            if words == "^":
                owner = next(cells[above, column] for above in range(number - 1, -1, -1) if (above, column) in cells)
                grown = Cell(owner.start, owner.end, owner.row, column, number - owner.row + 1)
                cells[owner.row, column] = grown
                row[column] = ""
            else:
                cells[number, column] = Cell(place, place + len(words), number, column)
            place += len(row[column]) + 1
        lines.append("\t".join(row))
    piece = "\n".join(lines)
    return piece, Block("table", position, position + len(piece), cells=tuple(cells.values()))


def shown(outline: Outline) -> list[str]:
    return [f"{s.depth} {s.kind} {s.label}|{s.title}" for s in outline.sections if s.kind in PLACED]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_gold(case: dict[str, Any], lexicon: Lexicon) -> None:
    text = text_of(case["text"])
    outline = segment(text, lexicon)
    assert shown(outline) == case["outline"]
    plans = [f"{plan.title}|{plan.period_start or ''}|{plan.period_end or ''}" for plan in outline.plans]
    assert plans == case["plans"]
    front = case.get("front", {})
    for name in ("title", "doc_number", "issued_on", "published_on"):
        assert getattr(outline.front, name) == front.get(name, ""), name
    for name in ("issuers", "addressees", "copied_to"):
        assert list(getattr(outline.front, name)) == front.get(name, []), name
    holds(text, outline)


def holds(text: Text, outline: Outline) -> None:
    """Assert what the docstring of `segment` says of every outline."""
    sections = outline.sections
    assert outline.plans
    assert sections[0].start == 0
    assert sections[-1].end == len(text.text)
    for before, after in pairwise(sections):
        assert before.end == after.start
    for index, section in enumerate(sections):
        _well_placed(sections, index, section)
        assert section.title == squeeze(text.text[section.title_start : section.title_end])
        if section.label and section.kind != "row":
            assert squeeze(text.text[section.start : section.title_start]).startswith(section.label)
        for cell in section.cells:
            assert cell.start < cell.end <= len(text.text)
    openings = [section.plan for section in sections if section.kind == "preamble"]
    assert openings == list(range(len(outline.plans)))


def _well_placed(sections: tuple[Section, ...], index: int, section: Section) -> None:
    if section.kind in PLACED:
        assert section.plan is not None
        assert section.depth == len(section.path) > 0
        above = sections[section.parent] if section.parent is not None else None
        assert (above.depth if above else 0) == section.depth - 1
        assert section.parent is None or (section.parent < index and above and above.plan == section.plan)
        siblings = [s.path[-1] for s in sections[:index] if s.parent == section.parent and s.plan == section.plan]
        assert section.path[-1] == len([n for n in siblings if n]) + 1
    else:
        assert (section.depth, section.parent) == (0, None)
        assert section.path == ((0,) if section.kind == "preamble" else ())
        assert (section.plan is None) == (section.kind != "preamble")


MARKS = [
    "一、",
    "二、",
    "（一）",
    "（二）",
    "1.",
    "2．",
    "（1）",
    "①",
    "第一章",
    "第一节",
    "第二条",
    "专栏1",
    "表1",
    "附件1",
]
FORMS = [
    "总体要求",
    "加快建设",
    "云州市行动计划",
    "（2021—2025年）",
    "关于印发",
    "的通知",
    "各区县：",
    "现印发给你们。",
]
FEET = ["附件", "云州市人民政府", "2022年3月1日", "抄送：市委。", "序号", "指标", "单位", "2025年", "|"]
STOPS = ["。", "；", "：", "3.5万元", "\n", "\n\n", " ", "\t"]


@given(st.lists(st.sampled_from(MARKS + FORMS + FEET + STOPS), max_size=60).map("".join))
def test_every_text_is_cut_without_gap(words: str) -> None:
    text = text_of(words, kept=True)
    holds(text, segment(text, load_lexicon()))


def test_doubts_are_told(lexicon: Lexicon) -> None:
    outline = segment(
        text_of("一、目标\n（一）甲项。增长。\n（2）乙项。增长。\n（三）丙项。增长。\n二、任务\n1.丁项。建设。\n戊项。建设。\n"
                "3.己项。建设。\n6.庚项。建设。\n名称 | 地点\n甲 | 乙"),
        lexicon,
    )  # fmt: skip
    codes = [problem.code for problem in outline.problems]
    assert codes == [
        "plan_without_title", "heading_mark_lost", "heading_mark_mistyped", "heading_number_missing", "table_not_read",
    ]  # fmt: skip
    assert outline.problems[1].message == (
        "The heading “戊项” has no mark in the source. By its neighbours it is number 2. Check that it is a heading."
    )


def test_cells_that_open_with_a_tab(lexicon: Lexicon) -> None:
    text = text_of(
        "云州市治水方案\n一、目标\n附件\n年度目标\n"
        "\t类别\n\t重点任务\n\t序号\n\t主要目标\n\t牵头单位\n\n"
        "\t一、控源截污\n\t1.管网改造\n\t1\n\t改造管网30公里，\n新建泵站2座。\n\t市住建局、\n市水务局\n\n"
        "\t\n\t\n\t2\n\t完成验收。\n\t\n\n"
        "\t一、控源截污\n\t2.面源治理\n\t1\n\t治理养殖场15家。\n\t市农业农村局\n",
        kept=True,
    )
    outline = segment(text, lexicon)
    holds(text, outline)
    assert shown(outline)[1:] == [
        "1 annex 附件|年度目标",
        "2 section 一、|控源截污",
        "3 section 1.|管网改造",
        "4 row 1|改造管网30公里，新建泵站2座。",
        "4 row 2|完成验收。",
        "3 section 2.|面源治理",
        "4 row 1|治理养殖场15家。",
    ]
    row = next(section for section in outline.sections if section.kind == "row")
    cells = {cell.head: squeeze(text.text[cell.start : cell.end]) for cell in row.cells}
    assert cells == {"序号": "1", "主要目标": "改造管网30公里，新建泵站2座。", "牵头单位": "市住建局、市水务局"}


def test_cells_with_one_blank_line_between(lexicon: Lexicon) -> None:
    lines = [
        "云州市防洪规划", "一、主要指标", "表1 主要指标",
        "序号", "类别", "指标", "2020年现状", "2025年目标", "指标", "属性",
        "1", "堤防", "达标", "城市堤防达标率（%）", "——", "95", "约束性",
        "2", "", "海塘达标率（%）", "80", "95", "约束性",
        "3", "", "应急排涝能力（万立方米）", "40", "重点城市60", "一般城市50", "预期性",
        "二、主要任务",
    ]  # fmt: skip
    text = text_of("\n\n".join(lines), kept=True)
    outline = segment(text, lexicon)
    holds(text, outline)
    rows = [section for section in outline.sections if section.kind == "row"]
    assert [row.title for row in rows] == ["城市堤防达标率（%）", "海塘达标率（%）", "应急排涝能力（万立方米）"]
    first, _, third = ({cell.head: squeeze(text.text[cell.start : cell.end]) for cell in row.cells} for row in rows)
    assert first["类别"] == "堤防达标"
    assert first["指标属性"] == "约束性"
    assert third["2025年目标"] == "重点城市60一般城市50"
    assert shown(outline)[-1] == "1 section 二、|主要任务"


def test_cells_under_two_rows_of_heads(lexicon: Lexicon) -> None:
    lines = [
        "云州市内涝治理规划", "一、主要任务", "附表1 云州市积水点整治计划表",
        "序号", "地区", "积水点数量", "整治计划（处）", "", "", "", "2021年", "2022年", "2023年",
        "1", "临湖县", "9", "4", "3", "2",
        "2", "青川县", "7", "1", "5", "1",
        "3", "东岭区", "6", "2", "2", "2",
        "合计", "", "22", "7", "10", "5",
    ]  # fmt: skip
    text = text_of("\n\n".join(lines), kept=True)
    outline = segment(text, lexicon)
    holds(text, outline)
    rows = [section for section in outline.sections if section.kind == "row"]
    assert [row.title for row in rows] == ["临湖县", "青川县", "东岭区", "合计"]
    cells = {cell.head: squeeze(text.text[cell.start : cell.end]) for cell in rows[1].cells}
    assert cells == {
        "序号": "2", "地区": "青川县", "积水点数量": "7", "整治计划（处） 2021年": "1", "整治计划（处） 2022年": "5",
        "整治计划（处） 2023年": "1",
    }  # fmt: skip


def test_last_row_of_broken_cells_ends_with_a_word_of_its_column(lexicon: Lexicon) -> None:
    lines = [
        "云州市防汛规划", "一、主要指标", "表1 主要指标",
        "序号", "类别", "主要指标", "2020年现状", "2025年目标", "属性",
        "1", "综合", "治理", "堤防达标率（%）", "——", "95", "约束性",
        "2", "", "排涝能力达标率（%）", "80", "95", "约束性",
        "3", "风险", "管控", "现存积水点处置率（%）", "46", "100", "预期性",
        "4", "", "泵站监测率（%）", "——", "60", "预期性",
        "5", "海绵", "城市", "建设面积达标比例（%）", "设区市≥25", "县级市≥20", "设区市≥55", "县级市≥40", "预期性",
        "注：达标率按面积计算。", "二、主要任务",
    ]  # fmt: skip
    text = text_of("\n\n".join(lines), kept=True)
    outline = segment(text, lexicon)
    holds(text, outline)
    rows = [section for section in outline.sections if section.kind == "row"]
    third, fifth = ({c.head: squeeze(text.text[c.start : c.end]) for c in rows[n].cells} for n in (2, 4))
    assert third == {
        "序号": "3", "类别": "风险管控", "主要指标": "现存积水点处置率（%）", "2020年现状": "46", "2025年目标": "100",
        "属性": "预期性",
    }  # fmt: skip
    assert fifth["2025年目标"] == "设区市≥55县级市≥40"
    assert fifth["属性"] == "预期性"


@pytest.mark.parametrize(
    "table",
    [
        "序号 | 任务 | 责任单位 |\n1 | 建设学校 | 县教育局 |\n2 | 建设医院 | 县卫健委 |",
        "| 序号 | 任务 | 责任单位 |\n| --- | --- | --- |\n| 1 | 建设学校 | 县教育局 |\n| 2 | 建设医院 | 县卫健委 |",
        "序号\t任务\t责任单位\n1\t建设学校\t县教育局\n2\t建设医院\t县卫健委",
        "序号 |\n任务 |\n责任单位 |\n1 |\n建设学校 |\n县教育局 |\n2 |\n建设医院 |\n县卫健委 |",
    ],
)
def test_cells_parted_by_tabs_or_bars(table: str, lexicon: Lexicon) -> None:
    words = f"临湖县民生实事方案\n一、工作目标\n{table}\n二、工作要求"
    blocks, position = [], 0
    for line in words.split("\n"):
        blocks.append(Block("paragraph", position, position + len(line)))
        position += len(line) + 1
    source = Source("case.txt", "text/plain", "0" * 64, "utf-8", words, tuple(blocks))
    text = Text(source, words, Alignment((Run(0, 0, len(words)),)), "hans", tuple(blocks))
    outline = segment(text, lexicon)
    holds(text, outline)
    assert shown(outline) == [
        "1 section 一、|工作目标", "2 row 1|建设学校", "2 row 2|建设医院", "1 section 二、|工作要求",
    ]  # fmt: skip
    row = next(section for section in outline.sections if section.kind == "row")
    assert [(cell.head, words[cell.start : cell.end]) for cell in row.cells] == [
        ("序号", "1"), ("任务", "建设学校"), ("责任单位", "县教育局"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "date"),
    [
        ("2023年8月17日", "2023-08-17"),
        ("二〇二三年十月二十一日", "2023-10-21"),
        ("二○一一年十二月八日", "2011-12-08"),
        ("民国112年3月30日", "2023-03-30"),
        ("2023-04-07 09:30", "2023-04-07"),
        ("2023年13月1日", ""),
        ("长期有效", ""),
    ],
)
def test_dates(words: str, date: str, lexicon: Lexicon) -> None:
    assert read_date(words, lexicon) == date


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("各市（县）、区人民政府，市各委办局", ["各市（县）、区人民政府", "市各委办局"]),
        ("各省、自治区、直辖市人民政府，各部委、各直属机构", ["各省、自治区、直辖市人民政府", "各部委", "各直属机构"]),
        ("各市、县人民政府，省人民政府各委、办、厅、局", ["各市、县人民政府", "省人民政府各委、办、厅、局"]),
        (
            "各镇（街道）党（工）委、人民政府（办事处），县级机关",
            ["各镇（街道）党（工）委、人民政府（办事处）", "县级机关"],
        ),
        ("各镇（街道、园区），县各单位", ["各镇（街道、园区）", "县各单位"]),
    ],
)
def test_addressees_are_parted_between_whole_names(words: str, names: list[str], lexicon: Lexicon) -> None:
    assert split_names(words, lexicon) == names


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("十", 10), ("十二", 12), ("三十五", 35), ("一百零二", 102), ("③", 3), ("Ⅳ", 4), ("2.1.3", 3), ("丙", 3)],
)
def test_values_of_marks(numeral: str, value: int, lexicon: Lexicon) -> None:
    assert lexicon.headings.value_of(numeral) == value


def test_marks_that_never_settle_do_not_nest_without_end(lexicon: Lexicon) -> None:
    marks = ("一、", "（一）", "1.", "（1）", "①", "第一章", "第一条", "专栏1")
    words = "\n".join(f"{marks[(n * n + n // 3) % len(marks)]}推进第{n}项" for n in range(1, 200))
    outline = segment(text_of(words), lexicon)
    depths = [section.depth for section in outline.sections]
    assert max(depths) == DEEPEST
    assert all(after <= before + 1 for before, after in pairwise(depths))
    assert sum("项" in section.title for section in outline.sections) == 199


@pytest.mark.parametrize(("between", "times"), [("各部门抓好落实。", 12), ("第一章 总则", 50)])
def test_heads_without_rows_do_not_hide_the_table_behind_them(between: str, times: int, lexicon: Lexicon) -> None:
    heads, rows = "指标\t单位\t2025年", ["图书馆\t家\t12", "体育场\t个\t30"]
    words = "\n".join(["一、主要目标", *[heads, between] * times, heads, *rows])
    titles = [section.title for section in segment(text_of(words), lexicon).sections if section.kind == "row"]
    assert titles == ["图书馆", "体育场"]


def test_lists_of_cells_without_rows_do_not_hide_the_table_behind_them(lexicon: Lexicon) -> None:
    lists = [f"序号\n工作任务\n责任单位\n{number}\n推进工作" for number in range(1001, 1021)]
    table = "序号\n工作任务\n责任单位\n1\n建设书屋\n市文旅局\n2\n修缮旧居\n市住建局\n3\n编印地图\n市民政局"
    words = "\n".join(["一、主要任务", *lists, "二、重点项目", table])
    titles = [section.title for section in segment(text_of(words), lexicon).sections if section.kind == "row"]
    assert titles == ["建设书屋", "修缮旧居", "编印地图"]


def test_real_documents_hold_the_invariants(shared: pathlib.Path, lexicon: Lexicon) -> None:
    from pipeline.normalise import normalise
    from pipeline.read import open_source

    for folder in ("seeds", "documents"):
        for path in sorted((shared / folder).glob("*")):
            if path.suffix in (".txt", ".html"):
                text = normalise(open_source(path.read_bytes(), path.name), lexicon)
                holds(text, segment(text, lexicon))
