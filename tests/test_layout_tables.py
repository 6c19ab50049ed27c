"""Drawn lines → tables: cells, spans, tables that go on over pages, and boxes that are no tables."""

from __future__ import annotations

import pytest
from printed_pages import LEFT, RIGHT, SIZE, Paper, fill

from pipeline.model import Block
from pipeline.read.content import Content
from pipeline.read.layout import lay_out
from pipeline.read.printed import Rule

EDGES = (80.0, 180.0, 300.0, 420.0)
HEAD = ["指标", "2020年", "2025年"]
ROWS = [HEAD, ["数字经济规模", "350", "600"], ["5G基站数", "1.2", "3.0"]]


def read(*papers: Paper) -> Content:
    return lay_out([paper.page for paper in papers])


def heights(top: float, rows: int, step: float = 30) -> list[float]:
    return [top + step * number for number in range(rows + 1)]


def tables(found: Content) -> list[Block]:
    return [block for block in found.blocks if block.kind == "table"]


def grid(found: Content, which: int = 0) -> list[list[str]]:
    """Give the words of a table row by row, a merged cell once."""
    rows: dict[int, list[str]] = {}
    for cell in tables(found)[which].cells:
        rows.setdefault(cell.row, []).append(found.text[cell.start : cell.end])
    return [rows[row] for row in sorted(rows)]


def body(paper: Paper, paragraphs: int = 3) -> Paper:
    for _ in range(paragraphs):
        paper.say(fill(66))
    return paper


def test_a_ruled_table() -> None:
    found = read(body(Paper()).cells(EDGES, heights(500, 3), ROWS))
    assert grid(found) == ROWS
    assert "指标\t2020年\t2025年\n数字经济规模\t350\t600" in found.text


def test_thin_boxes_are_lines() -> None:
    paper = Paper().cells(EDGES, heights(100, 3), ROWS)
    paper.rules = [Rule(r.x0 - 0.25, r.top - 0.25, r.x1 + 0.25, r.bottom + 0.25) for r in paper.rules]
    assert grid(read(paper)) == ROWS


def test_double_border_lines_make_no_columns() -> None:
    paper = Paper().cells(EDGES, heights(100, 3), ROWS)
    paper.rules += [Rule(78, 98, 422, 98), Rule(78, 192, 422, 192), Rule(78, 98, 78, 192), Rule(422, 98, 422, 192)]
    assert grid(read(paper)) == ROWS


def test_open_sides() -> None:
    paper = Paper().cells(EDGES, heights(100, 3), ROWS)
    paper.rules = [rule for rule in paper.rules if not (rule.x0 == rule.x1 and rule.x0 in (80, 420))]
    assert grid(read(paper)) == ROWS


def test_a_table_without_a_foot_at_the_end_of_the_page() -> None:
    paper = Paper().cells(EDGES, heights(100, 3), ROWS)
    paper.rules = [rule for rule in paper.rules if not (rule.top == rule.bottom == 190)]
    assert grid(read(paper)) == ROWS


def test_merged_cells_in_both_directions() -> None:
    paper = Paper()
    paper.grid(EDGES, heights(100, 3), without=[(0, 1, "right"), (1, 0, "below")])
    for x, y, words in ((85, 110, "类别"), (185, 110, "目标值"), (85, 150, "基础设施"), (185, 140, "1.2"),
                        (305, 140, "3.0"), (185, 170, "40"), (305, 170, "60")):  # fmt: skip
        paper.text(x, y, words, 12)
    found = read(paper)
    assert grid(found) == [["类别", "目标值"], ["基础设施", "1.2", "3.0"], ["40", "60"]]
    spans = {found.text[c.start : c.end]: (c.row, c.column, c.row_span, c.column_span) for c in tables(found)[0].cells}
    assert spans["目标值"] == (0, 1, 1, 2)
    assert spans["基础设施"] == (1, 0, 2, 1)
    assert spans["60"] == (2, 2, 1, 1)


def test_wrapped_cells_are_joined_and_real_breaks_kept() -> None:
    paper = Paper()
    paper.cells(
        EDGES, [100, 130, 200], [["事项", "内容", "单位"], ["建设", "推进工业互联网平台\n建设", "市科技局\n市财政局"]]
    )
    assert grid(read(paper))[1] == ["建设", "推进工业互联网平台建设", "市科技局\n市财政局"]


def test_empty_cells_keep_their_place() -> None:
    paper = Paper().cells(EDGES, heights(100, 3), [HEAD, ["数字经济规模", "", "600"], ["", "", "3.0"]])
    found = read(paper)
    assert grid(found) == [HEAD, ["数字经济规模", "", "600"], ["", "", "3.0"]]
    assert [cell.column for cell in tables(found)[0].cells] == [0, 1, 2] * 3


def test_prose_in_a_box_is_no_table() -> None:
    paper = body(Paper())
    paper.rules += Paper().grid([LEFT - 6, RIGHT + 6], [paper.top - 8, paper.top + 100]).rules
    words = fill(70)
    paper.say(words)
    found = read(paper)
    assert tables(found) == []
    assert words in found.text.split("\n")


def test_a_frame_around_the_page_changes_nothing() -> None:
    plain = body(Paper()).cells(EDGES, heights(500, 3), ROWS)
    framed = body(Paper()).cells(EDGES, heights(500, 3), ROWS)
    framed.grid([40, 570], [60, 800])
    assert read(framed).text == read(plain).text


def test_a_table_goes_on_over_a_page_with_its_head_again() -> None:
    one = body(Paper()).cells(EDGES, heights(680, 3), ROWS)
    two = Paper().cells(EDGES, heights(80, 3), [HEAD, ["研发强度", "2.1", "2.8"], ["专利数", "12", "18"]])
    found = read(one, two)
    assert grid(found) == [*ROWS, ["研发强度", "2.1", "2.8"], ["专利数", "12", "18"]]
    assert "table_head_left_out" in [problem.code for problem in found.problems]


def test_a_table_goes_on_over_a_page_without_its_head() -> None:
    one = body(Paper()).cells(EDGES, heights(680, 3), ROWS)
    two = Paper().cells(EDGES, heights(80, 2), [["研发强度", "2.1", "2.8"], ["专利数", "12", "18"]])
    assert grid(read(one, two)) == [*ROWS, ["研发强度", "2.1", "2.8"], ["专利数", "12", "18"]]


def test_a_row_that_the_page_cuts_is_one_row() -> None:
    edges = (80.0, 130.0, 330.0, 480.0)
    cut = ["2", "建设城市数据大脑和公共数据平台并\n向各部门", "市数据局、市财"]
    rows = [["序号", "任务", "单位"], ["1", "出台条例", "市科技局"], cut]
    one = body(Paper()).cells(edges, [680, 710, 740, 780], rows)
    two = Paper().cells(edges, [80, 120, 150], [["", "开放接口", "政局"], ["3", "评估成效", "市统计局"]])
    found = grid(read(one, two))
    assert found[2] == ["2", "建设城市数据大脑和公共数据平台并向各部门开放接口", "市数据局、市财政局"]
    assert found[3] == ["3", "评估成效", "市统计局"]
    assert len(found) == 4


def test_a_merged_group_goes_on_on_the_next_page() -> None:
    one = Paper().grid(EDGES, [700, 730, 760], without=[(0, 0, "below")])
    one.text(85, 720, "创新能力", 12)
    two = Paper().grid(EDGES, [80, 110, 140], without=[(0, 0, "below")])
    for paper, top, values in ((one, 710, "ab"), (one, 740, "cd"), (two, 90, "ef"), (two, 120, "gh")):
        paper.text(185, top, f"指标{values}", 12).text(305, top, "12", 12)
    found = read(body(one), two)
    cells = tables(found)[0].cells
    group = next(cell for cell in cells if found.text[cell.start : cell.end] == "创新能力")
    assert group.row_span == 4
    assert len(tables(found)) == 1


@pytest.mark.parametrize("caption", ["", "表2 重点工程"])
def test_other_tables_on_the_next_page_stay_apart(caption: str) -> None:
    one = body(Paper()).cells(EDGES, heights(680, 3), ROWS)
    two = Paper()
    if caption:
        two.centre(caption)
        two.cells(EDGES, heights(160, 2), [["工程", "投资", "年限"], ["港口", "35", "3"]])
    else:
        two.cells((80.0, 240.0, 420.0), heights(80, 2), [["工程", "投资"], ["港口", "35"]])
    assert len(tables(read(one, two))) == 2


def test_tables_side_by_side() -> None:
    paper = Paper()
    paper.cells((60.0, 160.0, 260.0), heights(100, 2), [["甲类", "1"], ["乙类", "2"]])
    paper.cells((320.0, 420.0, 520.0), heights(100, 2), [["丙类", "3"], ["丁类", "4"]])
    found = read(paper)
    assert sorted(map(str, (grid(found, n) for n in range(2)))) == sorted(
        map(str, ([["甲类", "1"], ["乙类", "2"]], [["丙类", "3"], ["丁类", "4"]]))
    )


def test_a_signature_below_a_table_is_no_part_of_it() -> None:
    paper = body(Paper()).cells(EDGES, heights(500, 3), ROWS)
    paper.text(330, 640, "云州市人民政府").text(330, 670, "2025年3月1日")
    found = read(paper)
    assert grid(found) == ROWS
    assert found.text.split("\n")[-2:] == ["云州市人民政府", "2025年3月1日"]


def test_words_above_and_below_a_table_keep_their_order() -> None:
    paper = body(Paper()).cells(EDGES, heights(500, 3), ROWS)
    paper.top = 650
    paper.say(fill(60))
    found = read(paper)
    assert [block.kind for block in found.blocks] == ["paragraph"] * 3 + ["table", "paragraph"]


def test_a_slanting_head_or_a_few_lines_make_no_table() -> None:
    paper = body(Paper())
    paper.rules += [Rule(LEFT, 90, RIGHT, 90), Rule(LEFT, 60, LEFT + 100, 60), Rule(LEFT, 800, RIGHT, 800)]
    assert tables(read(paper)) == []


def test_digits_at_the_edge_of_a_cell_belong_to_it() -> None:
    paper = Paper().grid(EDGES, heights(100, 2))
    paper.text(85, 110, "指标", 12).text(276, 110, "1200", 12).text(305, 110, "8", 12)
    paper.text(85, 140, "总量", 12).text(185, 140, "5", 12).text(305, 140, "6", 12)
    assert grid(read(paper))[0] == ["指标", "1200", "8"]


def test_numbers_between_pages_of_a_table_do_not_part_it() -> None:
    papers = []
    for number in range(1, 4):
        paper = Paper().cells(EDGES, heights(90, 20), [[f"指标{number}{row}", "1", "2"] for row in range(20)])
        papers.append(paper.text(300, 780, f"— {number} —", 12))
    found = read(*papers)
    assert len(tables(found)) == 1
    assert len(grid(found)) == 60


def test_text_between_two_columns_of_type_stays_with_its_size() -> None:
    paper = body(Paper()).text(LEFT + 2 * SIZE, 600, "注：数据来自云州市统计局", 10)
    assert read(paper).text.split("\n")[-1] == "注：数据来自云州市统计局"
