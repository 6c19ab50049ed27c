"""Whatever stands on pages: nothing is lost, nothing comes twice, and every character knows its place."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from printed_pages import Paper, fill

from pipeline.read.layout import lay_out
from pipeline.read.printed import Glyph, Page

WORDS = st.text("云州市数字经济规模达到2025年35%，。（一）、AI5G", min_size=1, max_size=40)
PLACES = st.tuples(st.integers(20, 500), st.integers(20, 800))
STRAY = st.tuples(PLACES, WORDS, st.sampled_from([9, 12, 16, 22]))
TABLES = st.tuples(
    st.integers(60, 700), st.integers(1, 4), st.integers(1, 5), st.lists(st.text("云州1.5%", max_size=6), max_size=20)
)
PARAGRAPHS = st.lists(st.tuples(st.integers(1, 120), st.sampled_from([0, 2, 4]), st.sampled_from([12, 16])), max_size=8)


@st.composite
def papers(draw: st.DrawFn) -> Page:
    """Give a page with text, tables, and words anywhere."""
    paper = Paper()
    for signs, indent, size in draw(PARAGRAPHS):
        paper.say(fill(signs), indent=indent, size=size)
    for top, rows, columns, words in draw(st.lists(TABLES, max_size=2)):
        edges = [80.0 + 100 * column for column in range(columns + 1)]
        heights = [float(top + 30 * row) for row in range(rows + 1)]
        cells = [words[row * columns : row * columns + columns] for row in range(rows)]
        paper.cells(edges, heights, cells)
    for (x, top), words, size in draw(st.lists(STRAY, max_size=6)):
        paper.text(x, top, words, size)
    return paper.page


def signs(glyphs: list[Glyph]) -> Counter[str]:
    return Counter(glyph.text for glyph in glyphs)


@settings(max_examples=80)
@given(st.lists(papers(), min_size=1, max_size=3))
def test_nothing_is_lost_or_doubled(pages: list[Page]) -> None:
    found = lay_out(pages)
    given_signs = Counter(glyph.text for page in pages for glyph in page.glyphs)
    read = Counter(character for character in found.text if not character.isspace())
    raised = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
    read = Counter("".join(read.elements()).translate(raised))
    assert not read - given_signs
    lost = given_signs - read
    if not found.problems and not _overlap(pages):
        assert not lost


def _overlap(pages: list[Page]) -> bool:
    """Tell whether a sign lies on another of its kind: then one of them is read, in bold."""
    for page in pages:
        by_text: dict[str, list[Glyph]] = {}
        for glyph in page.glyphs:
            others = by_text.setdefault(glyph.text, [])
            reach = 0.3 * max([glyph.size, *(other.size for other in others)])
            if any(abs(other.x0 - glyph.x0) <= reach and abs(other.top - glyph.top) <= reach for other in others):
                return True
            others.append(glyph)
    return False


@settings(max_examples=80)
@given(st.lists(papers(), min_size=1, max_size=3))
def test_every_character_knows_its_place(pages: list[Page]) -> None:
    found = lay_out(pages)
    assert found.layout is not None
    places = {(number, glyph.text, round(glyph.x0, 2)) for number, page in enumerate(pages, 1) for glyph in page.glyphs}
    raised = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
    covered = 0
    before = 0
    for line in found.layout.lines:
        assert before <= line.start < line.end
        before = line.end
        assert len(line.edges) == line.end - line.start + 1
        assert line.top < line.bottom
        for place, character in enumerate(found.text[line.start : line.end]):
            if not character.isspace():
                covered += 1
                assert (line.page, character.translate(raised), line.edges[place]) in places
    assert covered == sum(not character.isspace() for character in found.text)


@settings(max_examples=100)
@given(st.lists(papers(), min_size=1, max_size=3))
def test_blocks_and_cells_hold_the_text_in_order(pages: list[Page]) -> None:
    found = lay_out(pages)
    inside = [False] * len(found.text)
    before = 0
    for block in found.blocks:
        assert before <= block.start < block.end
        before = block.end
        inside[block.start : block.end] = [True] * (block.end - block.start)
        last = block.start
        taken: set[tuple[int, int]] = set()
        for cell in block.cells:
            assert last <= cell.start <= cell.end <= block.end
            last = cell.end
            covers = {
                (cell.row + row, cell.column + column)
                for row in range(cell.row_span)
                for column in range(cell.column_span)
            }
            assert not covers & taken
            taken |= covers
            assert "\t" not in found.text[cell.start : cell.end]
    assert all(here or character.isspace() for here, character in zip(inside, found.text, strict=True))
