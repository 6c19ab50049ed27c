"""Tables without drawn lines: found by where words stand, never where they are prose, names or a contents list."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.read.content import Content
from pipeline.read.layout import lay_out
from pipeline.read.printed import Glyph, Page

SIZE = 12.0
HEAD = [(70, "序号"), (120, "指标"), (300, "单位"), (380, "2023年"), (460, "2026年")]
ROWS = [
    [(70, "1"), (120, "绿道长度"), (300, "公里"), (380, "82"), (460, "160")],
    [(70, "2"), (120, "公园面积"), (300, "公顷"), (380, "—"), (460, "36.5")],
    [(70, "3"), (120, "公共停车泊位"), (300, "个"), (380, "1500"), (460, "4800")],
]


def glyphs(lines: Sequence[Sequence[tuple[float, str]]], top: float = 100.0, pitch: float = 24.0) -> list[Glyph]:
    """Set the words of each line at their x; a Chinese sign is as wide as the type, any other half of it."""
    made = []
    for number, line in enumerate(lines):
        y = top + number * pitch
        for start, words in line:
            x = float(start)
            for character in words:
                width = SIZE / 2 if character.isascii() else SIZE
                made.append(Glyph(character, x, y, x + width, y + SIZE, SIZE))
                x += width
    return made


def read(*pages: list[Glyph]) -> Content:
    return lay_out([Page(595.0, 842.0, tuple(page)) for page in pages])


def cells(content: Content) -> list[list[tuple[int, int, str]]]:
    return [
        [(cell.row, cell.column, content.text[cell.start : cell.end]) for cell in block.cells]
        for block in content.blocks
        if block.kind == "table"
    ]


def test_words_below_each_other_with_figures_are_a_table() -> None:
    content = read(glyphs([[(70, "主要指标如下表所示。")], HEAD, *ROWS, [(94, "以上指标每年评估一次。")]]))
    assert [block.kind for block in content.blocks] == ["paragraph", "table", "paragraph"]
    (table,) = cells(content)
    assert [words for row, _, words in table if row == 0] == ["序号", "指标", "单位", "2023年", "2026年"]
    assert [(column, words) for row, column, words in table if row == 2] == [
        (0, "2"), (1, "公园面积"), (2, "公顷"), (3, "—"), (4, "36.5"),
    ]  # fmt: skip


def test_a_wrapped_cell_goes_with_the_row_it_stands_beside() -> None:
    wrapped = [
        *glyphs([HEAD, ROWS[0]]),
        *glyphs([[(120, "社区嵌入式服务")], [(120, "设施覆盖率")]], top=148.0, pitch=14.0),
        *glyphs([[(70, "2"), (300, "%"), (380, "40"), (460, "90")]], top=155.0),
        *glyphs([ROWS[2]], top=190.0),
    ]
    (table,) = cells(read(wrapped))
    assert (2, 1, "社区嵌入式服务设施覆盖率") in table
    assert {row for row, _, _ in table} == {0, 1, 2, 3}


def test_it_goes_on_over_the_page_and_its_second_head_is_left_out() -> None:
    content = read(glyphs([HEAD, *ROWS], top=700.0), glyphs([HEAD, *ROWS]))
    (table,) = cells(content)
    assert max(row for row, _, _ in table) == 6
    assert [problem.code for problem in content.problems] == ["table_head_left_out"]


def test_names_in_columns_and_contents_are_no_table() -> None:
    names = [[(70, "赵一鸣"), (180, "钱二泉"), (290, "孙三山"), (400, "李四海")]] * 4
    assert {block.kind for block in read(glyphs(names)).blocks} == {"paragraph"}
    entries = [[(70, f"{label}、总体要求{'.' * 40}"), (470, "3")] for label in "一二三四"]
    assert {block.kind for block in read(glyphs(entries)).blocks} == {"contents"}
