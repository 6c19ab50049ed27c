"""Workbooks: what a spreadsheet shows, tables with their titles and notes, the same rows as from a web page."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import pipeline
from pipeline.read import ReadError, open_source, workbook, workbook_sheet
from pipeline.read.content import Content
from pipeline.read.workbook import read_workbook
from pipeline.read.workbook_formats import shown_number, shown_text

openpyxl = pytest.importorskip("openpyxl", reason="workbooks for these tests are written with openpyxl")


def saved(book: Any) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def made(rows: list[list[Any]], *, merged: tuple[str, ...] = (), name: str = "Sheet1") -> Any:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = name
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if value is not None:
                sheet.cell(number, column, value)
    for area in merged:
        sheet.merge_cells(area)
    return book


def lines(content: Content) -> list[str]:
    """Give each paragraph as its words, each table as its rows, cells parted by |."""
    found = []
    for block in content.blocks:
        if block.kind != "table":
            found.append(content.text[block.start : block.end])
            continue
        rows: dict[int, list[str]] = {}
        for cell in block.cells:
            words = content.text[cell.start : cell.end].replace("\n", "/")
            spans = f"[{cell.row_span}×{cell.column_span}]" if cell.row_span * cell.column_span > 1 else ""
            rows.setdefault(cell.row, []).append(words + spans)
        found += [" | ".join(row) for row in rows.values()]
    return found


def codes(content: Content) -> list[str]:
    return [problem.code for problem in content.problems]


HEAD = ["序号", "指标", "单位", "2025年目标"]


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        ("0.125", "0.0%", "12.5%"),
        ("0.05", "0%", "5%"),
        ("1234567.891", "#,##0.00", "1,234,567.89"),
        ("1234.5", "_ * #,##0.00_ ;_ * -#,##0.00_ ", "1,234.50"),
        ("123456", '0!.0,"万"', "12.3万"),
        ("12500", '[>=10000]0!.0,"万";0', "1.3万"),
        ("950", '[>=10000]0!.0,"万";0', "950"),
        ("20", '"≥"0"家"', "≥20家"),
        ("100", 'General"家"', "100家"),
        ("-3.5", "0.0;(0.0)", "(3.5)"),
        ("-3.5", "0.0", "-3.5"),
        ("0", '0;-0;"—"', "—"),
        ("7", "000", "007"),
        ("0.1", "General", "0.1"),
        ("0.30000000000000004", "General", "0.3"),
        ("1.1000000000000001", "General", "1.1"),
        ("123456789012", "General", "123456789012"),
        ("45658", 'yyyy"年"m"月"d"日"', "2025年1月1日"),
        ("45658", "yyyy/m/d", "2025/1/1"),
        ("45658", '[DBNum1][$-804]yyyy"年"m"月"', "2025年1月"),
        ("45658.75", "yyyy/m/d h:mm", "2025/1/1 18:00"),
        ("45658", "aaaa", "星期三"),
        ("59", "yyyy/m/d", "1900/2/28"),
        ("61", "yyyy/m/d", "1900/3/1"),
        ("1.5", "[h]:mm", "36:00"),
        ("99999999", "yyyy/m/d", "99999999"),
        ("no number", "0", "no number"),
    ],
)
def test_numbers_are_shown_as_excel_shows_them(value: str, code: str, shown: str) -> None:
    assert shown_number(value, code) == shown


def test_dates_of_old_macintosh_books_count_from_1904() -> None:
    assert shown_number("44196", "yyyy/m/d", from_1904=True) == "2025/1/1"


def test_a_text_keeps_the_words_of_its_format() -> None:
    assert shown_text("12", '@"万元"') == "12万元"
    assert shown_text("12", "0.0") == "12"


def test_title_head_table_and_notes_are_told_apart() -> None:
    rows = [
        ["云州市主要目标表"], ["单位：亿元"], HEAD, [1, "生产总值", "亿元", 3200], ["一、科技创新"],
        [2, "研发投入", "亿元", 96.5], ["注：研发投入为全社会口径。"], ["2.数据来自云州市统计局"],
    ]  # fmt: skip
    book = made(rows, merged=("A1:D1", "A2:D2", "A5:D5", "A7:D7", "A8:D8"))
    content = read_workbook(saved(book), "a.xlsx")
    assert lines(content) == [
        "云州市主要目标表", "单位：亿元", "序号 | 指标 | 单位 | 2025年目标", "1 | 生产总值 | 亿元 | 3200",
        "一、科技创新[1×4]", "2 | 研发投入 | 亿元 | 96.5", "注：研发投入为全社会口径。", "2.数据来自云州市统计局",
    ]  # fmt: skip
    assert [block.kind for block in content.blocks] == ["paragraph", "paragraph", "table", "paragraph", "paragraph"]
    assert content.problems == ()


def test_every_character_lies_in_a_block_and_every_cell_in_its_table() -> None:
    rows = [["标题"], HEAD, [1, "甲\n乙\t丙", None, 5], [None, None, "家", None]]
    content = read_workbook(saved(made(rows, merged=("A1:D1",))), "a.xlsx")
    inside = set()
    for block in content.blocks:
        inside |= set(range(block.start, block.end))
        for cell in block.cells:
            assert block.start <= cell.start <= cell.end <= block.end
            assert "\t" not in content.text[cell.start : cell.end]
    assert all(place in inside for place, character in enumerate(content.text) if not character.isspace())
    assert lines(content)[1:] == ["序号 | 指标 | 单位 | 2025年目标", "1 | 甲/乙 丙 |  | 5", " |  | 家 | "]


def test_merged_cells_stand_once_with_their_spans() -> None:
    rows = [
        ["类别", "指标", "目标", None], [None, None, "2025年", "2027年"], ["设施", "泊位（个）", 12, 15],
        [None, "航道（公里）", 80, 90],
    ]  # fmt: skip
    content = read_workbook(saved(made(rows, merged=("A1:A2", "B1:B2", "C1:D1", "A3:A4"))), "a.xlsx")
    assert lines(content) == [
        "类别[2×1] | 指标[2×1] | 目标[1×2]", "2025年 | 2027年",
        "设施[2×1] | 泊位（个） | 12 | 15", "航道（公里） | 80 | 90",
    ]  # fmt: skip


def test_several_tables_on_a_sheet() -> None:
    below = [HEAD, [1, "泊位", "个", 12], [], ["表2 项目"], ["序号", "项目"], [1, "码头"], [], [2, "航道"]]
    content = read_workbook(saved(made(below)), "a.xlsx")
    assert lines(content) == [
        "序号 | 指标 | 单位 | 2025年目标", "1 | 泊位 | 个 | 12", "表2 项目", "序号 | 项目", "1 | 码头", "2 | 航道",
    ]  # fmt: skip
    beside = [["指标", "目标", None, "项目", "完成时限"], ["泊位", 12, None, "码头", "2025年"]]
    content = read_workbook(saved(made(beside)), "a.xlsx")
    assert lines(content) == ["指标 | 目标", "泊位 | 12", "项目 | 完成时限", "码头 | 2025年"]
    assert [block.kind for block in content.blocks] == ["table", "table"]


def test_names_of_sheets_that_tell_something() -> None:
    book = made([HEAD, [1, "泊位", "个", 12]], name="附件1")
    for name, first in (("工作表2", "甲"), ("目标表", "云州市目标表（2025年）"), ("空表", None)):
        sheet = book.create_sheet(name)
        if first is not None:
            sheet["A1"] = first
    content = read_workbook(saved(book), "a.xlsx")
    assert [line for line in lines(content) if "|" not in line] == ["附件1", "甲", "云州市目标表（2025年）"]


def test_what_is_hidden_is_left_out_and_told() -> None:
    book = made([["标题"], HEAD, [1, "泊位", "个", 12], [2, "航道", "公里", 80]], merged=("A1:D1",))
    sheet = book.active
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["A"].hidden = True
    secret = book.create_sheet("内部")
    secret["A1"] = "不公开"
    secret.sheet_state = "veryHidden"
    content = read_workbook(saved(book), "a.xlsx")
    # The merged title begins in the hidden column and is seen all the same.
    assert lines(content) == ["标题", "指标 | 单位 | 2025年目标", "泊位 | 个 | 12"]
    assert codes(content) == ["hidden_text_left_out"] * 3
    told = "".join(problem.message for problem in content.problems)
    assert "rows with words or figures: 4." in told and "columns with words or figures: A." in told and "内部" in told


def test_formulas_give_their_saved_value_or_a_row() -> None:
    book = made([HEAD, [1, "泊位", "个", "=5+7"], [2, "航道", "公里", 80]])
    content = read_workbook(saved(book), "a.xlsx")
    assert codes(content) == ["formula_without_value"]
    assert "D2" in content.problems[0].message
    with_value = changed(saved(book), "xl/worksheets/sheet1.xml", b"<v></v>", b"<v>12</v>")
    assert lines(read_workbook(with_value, "a.xlsx"))[1] == "1 | 泊位 | 个 | 12"


def changed(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """Give a package with other bytes in one part."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(old, new) if name == part else content)
    return buffer.getvalue()


def test_styles_comments_and_errors() -> None:
    book = made(
        [
            ["云州市目标表"],
            HEAD,
            [1, "增速", "%", 0.065],
            [2, "完成时限", "年", date(2025, 6, 30)],
            [3, "泊位", "个", 0],
        ]
    )
    sheet = book.active
    sheet.merge_cells("A1:D1")
    sheet["A1"].font = openpyxl.styles.Font(bold=True)
    sheet["A1"].alignment = openpyxl.styles.Alignment(horizontal="center")
    sheet["D3"].number_format = "0.0%"
    sheet["D4"].number_format = 'yyyy"年"m"月"'
    sheet["D5"].value = "#DIV/0!"
    sheet["B3"].comment = openpyxl.comments.Comment("口径待核", "甲")
    content = read_workbook(saved(book), "a.xlsx")
    assert lines(content)[2:] == ["1 | 增速 | % | 6.5%", "2 | 完成时限 | 年 | 2025年6月", "3 | 泊位 | 个 | #DIV/0!"]
    assert content.blocks[0].bold and content.blocks[0].centred
    assert codes(content) == ["cell_shows_error", "comments_left_out"]
    assert "B3 “口径待核”" in content.problems[1].message


def test_an_empty_workbook_and_a_damaged_one_are_refused() -> None:
    with pytest.raises(ReadError, match="no_text"):
        open_source(saved(made([])), "a.xlsx")
    data = saved(made([HEAD]))
    with pytest.raises(ReadError, match="damaged_file"):
        open_source(data[: len(data) // 2], "a.xlsx")
    with pytest.raises(ReadError, match="damaged_file"):
        open_source(changed(data, "xl/workbook.xml", b"<sheets>", b"<sheets"), "a.xlsx")


def test_a_sheet_of_nothing_that_states_a_million_rows_is_quick() -> None:
    book = made([HEAD, [1, "泊位", "个", 12]])
    sheet = book.active
    sheet["XFD1048576"].font = openpyxl.styles.Font(bold=True)
    merge = b'<mergeCells count="1"><mergeCell ref="F1:XFD1048576"/></mergeCells>'
    data = changed(saved(book), "xl/worksheets/sheet1.xml", b"</sheetData>", b"</sheetData>" + merge)
    content = read_workbook(data, "a.xlsx")
    assert lines(content) == ["序号 | 指标 | 单位 | 2025年目标", "1 | 泊位 | 个 | 12"]


def test_limits_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    data = saved(made([HEAD, [1, "泊位", "个", 12]]))
    monkeypatch.setattr(workbook_sheet, "MOST_CELLS", 7)
    with pytest.raises(ReadError, match="too_large"):
        read_workbook(data, "a.xlsx")
    monkeypatch.undo()
    monkeypatch.setattr(workbook, "MOST_PLACES", 7)
    with pytest.raises(ReadError, match="too_large"):
        read_workbook(data, "a.xlsx")


def as_workbook(page: Path) -> bytes:
    """Give a web page as a sheet: a row a line, tables with their merged cells, an empty row below each."""
    source = open_source(page.read_bytes(), page.name)
    book = openpyxl.Workbook()
    sheet = book.active
    row = 1
    for block in source.blocks:
        if block.kind != "table":
            sheet.cell(row, 1, source.text[block.start : block.end])
            row += 1
            continue
        for cell in block.cells:
            words = source.text[cell.start : cell.end]
            sheet.cell(row + cell.row, cell.column + 1, int(words) if words.isdigit() else words)
            if cell.row_span * cell.column_span > 1:
                top, left = row + cell.row, cell.column + 1
                sheet.merge_cells(
                    start_row=top, start_column=left, end_row=top + cell.row_span - 1,
                    end_column=left + cell.column_span - 1,
                )  # fmt: skip
        row += 2 + max(cell.row for cell in block.cells)
    return saved(book)


def test_a_workbook_gives_the_rows_of_the_web_page(root: Path) -> None:
    page = root / "raw" / "indicator-tables-gb18030.html"
    from_page, from_book = pipeline.parse(page), pipeline.parse(as_workbook(page), name="a.xlsx")

    def targets(record: pipeline.Record) -> list[tuple[object, ...]]:
        return [
            (row.indicator, row.value, row.unit, row.comparator, row.kind, row.year_end, row.rule)
            for row in record.targets
        ]

    assert from_page.targets
    assert targets(from_book) == targets(from_page)
    assert [row.organisation for row in from_book.responsibilities] == [
        row.organisation for row in from_page.responsibilities
    ]
    assert {row.name for row in from_book.organisations} == {row.name for row in from_page.organisations}
    assert len(from_book.tasks) == len(from_page.tasks)
