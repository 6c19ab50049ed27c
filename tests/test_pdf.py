"""PDF files: places of signs and lines however a page is stored, what is told, and what broken files give."""

from __future__ import annotations

import random
from collections.abc import Callable

import pypdfium2 as pdfium
import pytest
from pdf_files import Sheet, write_pdf

from pipeline.read.content import Content
from pipeline.read.errors import ReadError
from pipeline.read.pdf import read_pdf
from pipeline.read.pdf_glyphs import page_glyphs
from pipeline.read.pdf_rules import MOST_POINTS, page_rules
from pipeline.read.printed import Glyph, Rule

NEAR = pytest.approx
EDGES = (80.0, 200.0, 320.0)
HEIGHTS = (100.0, 130.0, 160.0)
FIRST, SECOND = "云州市发展计划", "各县区人民政府，市直各部门要抓好落实"
WORDS = [["指标", "目标"], ["5G基站", "1.2万个"]]


def table(sheet: Sheet, *, thin: bool = False) -> Sheet:
    """Draw and write a small table."""
    sheet.grid(EDGES, HEIGHTS, thin=thin)
    for y, row in zip(HEIGHTS, WORDS, strict=False):
        for x, words in zip(EDGES, row, strict=False):
            sheet.text(x + 6, y + 8, words)
    return sheet


def read(*sheets: Sheet) -> Content:
    return read_pdf(write_pdf(sheets), "计划.pdf")


def refused(data: bytes) -> str:
    with pytest.raises(ReadError) as error:
        read_pdf(data, "计划.pdf")
    assert "计划.pdf" in error.value.message
    return error.value.code


def cells(content: Content) -> list[list[str]]:
    block = next(block for block in content.blocks if block.kind == "table")
    rows: dict[int, list[str]] = {}
    for cell in block.cells:
        rows.setdefault(cell.row, []).append(content.text[cell.start : cell.end])
    return list(rows.values())


def first_page(sheet: Sheet) -> tuple[list[Glyph], tuple[Rule, ...], tuple[float, float], int]:
    document = pdfium.PdfDocument(write_pdf([sheet]))
    page = document[0]
    glyphs, size, turned = page_glyphs(page)
    return glyphs, page_rules(page, turned), size, turned


# Signs


def test_the_files_of_these_tests_say_what_they_should() -> None:
    document = pdfium.PdfDocument(write_pdf([Sheet().text(80, 100, "云州市2025年，PM2.5、300m²①")]))
    assert document[0].get_textpage().get_text_range() == "云州市2025年，PM2.5、300m²①"


def test_signs_stand_where_they_are_drawn() -> None:
    glyphs, _, size, turned = first_page(Sheet().text(80, 100, "云5", 16))
    assert (size, turned) == ((595, 842), 0)
    assert [(glyph.x0, glyph.x1) for glyph in glyphs] == [NEAR((80, 96), abs=0.3), NEAR((96, 104), abs=0.3)]
    assert glyphs[0].top == NEAR(100, abs=0.5)
    assert [glyph.size for glyph in glyphs] == NEAR([16, 16])


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_page_shown_turned_is_read_as_its_words_stand(rotate: int) -> None:
    glyphs, rules, size, turned = first_page(table(Sheet(rotate=rotate)))
    straight, straight_rules, _, _ = first_page(table(Sheet()))
    assert (turned + rotate) % 360 == 0
    assert size == (595, 842)
    assert sorted(glyphs) == sorted(straight)
    assert sorted(map(tuple, rules)) == sorted(map(tuple, straight_rules))


@pytest.mark.parametrize(("rotate", "angle"), [(0, 90), (90, 90), (0, 270), (270, 270), (0, 180)])
def test_words_that_are_drawn_sideways_are_turned_upright(rotate: int, angle: int) -> None:
    sheet = Sheet(rotate=rotate)
    for number, words in enumerate((FIRST, SECOND)):
        x, y = (200 + 30 * number, 600) if angle == 90 else (400 - 30 * number, 200)
        x, y = (500, 600 - 30 * number) if angle == 180 else (x, y)
        sheet.text(x, y, words, 16, angle=angle)
    content = read(sheet)
    assert content.text.split("\n") == [FIRST, SECOND]
    assert content.layout is not None
    page = content.layout.sizes[0]
    assert (page.width, page.height) == ((842, 595) if angle in (90, 270) else (595, 842))
    # clockwise, from the page as it is shown
    assert page.turned == (angle - rotate) % 360
    for line in content.layout.lines:
        assert 0 <= line.top < line.bottom <= page.height
        assert list(line.edges) == sorted(line.edges)
        assert line.edges[-1] <= page.width


def test_a_table_drawn_sideways_has_its_cells() -> None:
    sheet = Sheet()
    for y in HEIGHTS:
        sheet.line(y, 842 - EDGES[0], y, 842 - EDGES[-1])
    for x in EDGES:
        sheet.line(HEIGHTS[0], 842 - x, HEIGHTS[-1], 842 - x)
    for y, row in zip(HEIGHTS, WORDS, strict=False):
        for x, words in zip(EDGES, row, strict=False):
            sheet.text(y + 18, 842 - x - 6 - 0.88 * 12, words, angle=90)
    assert cells(read(sheet)) == WORDS


def test_a_page_cut_out_of_a_larger_sheet() -> None:
    sheet = table(Sheet(crop=(50, 500, 545, 800)))
    glyphs, rules, size, _ = first_page(sheet)
    assert size == (495, 300)
    assert glyphs[0].x0 == NEAR(80 + 6 - 50, abs=0.3)
    assert min(rule.top for rule in rules) == NEAR(100 - 42, abs=0.3)
    assert cells(read(sheet)) == WORDS


def test_a_sheet_whose_corner_is_not_the_origin() -> None:
    sheet = table(Sheet(box=(-100, -50, 495, 842)))
    glyphs, _, size, _ = first_page(sheet)
    assert size == (595, 892)
    assert glyphs[0].x0 == NEAR(186, abs=0.3)
    assert cells(read(sheet)) == WORDS


@pytest.mark.parametrize("moved", ["1 0 0 1 40 -60", "0.5 0 0 0.5 10 20", "2 0 0 2 0 -700"])
def test_forms_hold_words_and_lines(moved: str) -> None:
    assert cells(read(Sheet().form(table(Sheet()), moved))) == WORDS


def test_the_matrix_of_a_form_counts() -> None:
    inner = table(Sheet(matrix=(1, 0, 0, 1, 30, -200)))
    glyphs, rules, _, _ = first_page(Sheet().form(inner, "0.5 0 0 0.5 0 100"))
    assert min(rule.x0 for rule in rules) == NEAR((80 + 30) / 2, abs=0.5)
    assert glyphs[0].x0 == NEAR((86 + 30) / 2, abs=0.5)


def test_thin_boxes_are_the_lines_of_a_table() -> None:
    assert cells(read(table(Sheet(), thin=True))) == WORDS


def test_a_background_and_white_boxes_are_no_lines() -> None:
    sheet = Sheet().rectangle(0, 0, 595, 842, "f", 0.9).rectangle(100, 100, 300, 300, "f", 1)
    _, rules, _, _ = first_page(sheet.text(100, 100, "云州"))
    assert rules == ()


def test_a_shaded_head_keeps_its_table() -> None:
    sheet = Sheet().rectangle(EDGES[0], HEIGHTS[0], EDGES[-1], HEIGHTS[1], "f", 0.8)
    assert cells(read(table(sheet))) == WORDS


def test_words_nobody_sees_are_read_as_the_layer_below_a_scan() -> None:
    content = read(Sheet().image(0, 0, 595, 842).text(80, 100, "云州市人民政府关于印发行动计划的通知", mode=3))
    assert content.text == "云州市人民政府关于印发行动计划的通知"


def test_bold_by_font_by_stroke_and_by_drawing_twice() -> None:
    sheet = Sheet().text(80, 100, "一、总体要求", font="F3").text(80, 200, "二、主要任务", mode=2)
    sheet.text(80, 300, "三、保障措施").text(80.3, 300, "三、保障措施").text(80, 400, "本方案自印发之日起施行。")
    content = read(sheet)
    assert [block.bold for block in content.blocks[:2]] == [True, True]
    assert content.text.split("\n") == ["一、总体要求", "二、主要任务", "三、保障措施", "本方案自印发之日起施行。"]
    assert content.blocks[3].bold is False


def test_a_hyphen_at_the_end_of_a_line_is_kept() -> None:
    sheet = Sheet().text(80, 100, "the period 2016-", font="F2").text(80, 115, "2020 of the infor-", font="F2")
    sheet.text(80, 130, "mation plan", font="F2")
    assert "".join(read(sheet).text.split()) == "theperiod2016-2020oftheinfor-mationplan"


def test_signs_beyond_the_page_are_left_out() -> None:
    assert read(Sheet().text(80, 100, "云州市行动计划全文如下").text(900, 100, "页外")).text == "云州市行动计划全文如下"


# What is told


def test_embedded_files_are_told() -> None:
    content = read_pdf(write_pdf([Sheet().text(80, 100, "云州市行动计划全文如下")], attachment="table.xlsx"), "a.pdf")
    assert [problem.code for problem in content.problems] == ["attachment_not_read"]
    assert "table.xlsx" in content.problems[0].message


def test_bookmarks_change_nothing() -> None:
    plain = [Sheet().text(80, 100, "云州市行动计划全文如下")]
    assert read_pdf(write_pdf(plain, headings=["一、总则", "二、任务"]), "a.pdf") == read_pdf(write_pdf(plain), "a.pdf")


def test_a_page_of_drawings_is_read_and_told() -> None:
    sheet = Sheet().text(80, 100, "云州市产业布局图和重点项目分布")
    sheet.drawn.append(" ".join(f"{n % 500} {n % 700} m {n % 500 + 9} {n % 700} l" for n in range(MOST_POINTS)) + " S")
    content = read(sheet)
    assert content.text == "云州市产业布局图和重点项目分布"
    assert [problem.code for problem in content.problems] == ["table_lines_unreadable"]


def test_an_empty_page_among_others_counts() -> None:
    content = read(
        Sheet().text(80, 100, "云州市行动计划概要"),
        Sheet(),
        Sheet().text(80, 100, "第三页上的保障措施，包括组织领导、资金支持等内容"),
    )
    assert content.pages == 3
    assert [block.page for block in content.blocks] == [1, 3]
    assert content.problems == ()


# Refusals


def test_a_password() -> None:
    assert refused(write_pdf([Sheet().text(80, 100, "云州")], password="secret")) == "encrypted_file"


def test_no_words() -> None:
    assert refused(write_pdf([Sheet(), Sheet()])) == "no_text"


def test_no_pages() -> None:
    assert refused(write_pdf([])) == "damaged_file"


@pytest.mark.parametrize("cut", [20, 300, 900])
def test_a_file_that_is_cut_off(cut: int) -> None:
    assert refused(write_pdf([Sheet().text(80, 100, "云州")])[:cut]) == "damaged_file"


BROKEN: dict[str, Callable[[], bytes]] = {
    "the page tree leads to itself": lambda: write_pdf([Sheet()], pages="<</Type/Pages/Kids[2 0 R]/Count 1>>"),
    "more pages than there are": lambda: write_pdf([Sheet()], pages="<</Type/Pages/Kids[8 0 R]/Count 4000>>"),
    "a page without size": lambda: write_pdf([Sheet(box=(0, 0, 0, 0)).text(80, 100, "云州市行动计划全文如下")]),
    "a page without end": lambda: write_pdf([Sheet(box=(0, 0, 9e9, 9e9)).text(80, 100, "云州市行动计划全文如下")]),
    "no fonts": lambda: write_pdf([Sheet().text(80, 100, "云州市行动计划全文如下")], fonts=False),
    "negative type": lambda: write_pdf([Sheet().text(80, 100, "云州市行动计划全文如下", -12)]),
    "type of no size": lambda: write_pdf([Sheet().text(80, 100, "云州市行动计划全文如下", 0)]),
    "no numbers": lambda: write_pdf(
        [Sheet(drawn=["BT /F1 12 Tf nan inf 0 1 0 0 Tm <4E914E91> Tj ET nan 0 m 1 1 l S"])]
    ),
    "a form in itself": lambda: write_pdf([Sheet().form(Sheet(drawn=["/X1 Do"]))]),
}


@pytest.mark.parametrize("what", BROKEN)
def test_broken_files_are_read_or_refused(what: str) -> None:
    try:
        content = read_pdf(BROKEN[what](), "a.pdf")
    except ReadError as error:
        assert error.message
    else:
        assert content.text.strip()


def test_changed_bytes_are_read_or_refused() -> None:
    dice = random.Random(5)
    sheet = table(Sheet(rotate=90)).form(table(Sheet(crop=(10, 10, 500, 500)))).image(0, 0, 300, 300)
    whole = write_pdf([sheet, Sheet().text(80, 100, "云州市行动计划")], attachment="a.txt", headings=["总则"])
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(dice.choice([1, 2, 5, 20])):
            place = dice.randrange(len(data))
            if dice.random() < 0.7:
                data[place] = dice.randrange(256)
            else:
                del data[place : place + dice.randrange(1, 40)]
        try:
            assert read_pdf(bytes(data), "a.pdf").text.strip()
        except ReadError as error:
            assert error.message
