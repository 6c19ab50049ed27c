"""Pages of glyphs and drawn lines for tests, set as official papers are: a Chinese sign takes a square."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from pipeline.read.printed import Glyph, Page, Rule

SIZE = 16.0
STEP = 28.0
LEFT, TOP = 80.0, 100.0
# So many signs stand in a full line.
FULL = 28
RIGHT = LEFT + FULL * SIZE
NEVER_FIRST = "，。、；：！？）》”"
# Enough words for as many lines as a test wants; no sign of it looks like a label.
FILL = "云州市坚持创新驱动发展推动数据要素流通应用提升公共服务水平加快产业协同布局" * 40


def wide(character: str) -> bool:
    """Tell whether a sign takes a square; others take half of one."""
    return ord(character) > 0x2000 and character not in "²"


class Paper:
    """One page in the making."""

    def __init__(self, width: float = 608.0, height: float = 842.0) -> None:
        self.width, self.height = width, height
        self.glyphs: list[Glyph] = []
        self.rules: list[Rule] = []
        self.top = TOP

    def text(
        self, x: float, top: float, words: str, size: float = SIZE, *, bold: bool = False, pitch: float = 0.0
    ) -> Paper:
        """Write a line at a place; `pitch` is the step from sign to sign where it is not their width."""
        for character in words:
            across = size if wide(character) else size / 2
            if not character.isspace():
                self.glyphs.append(Glyph(character, x, top, x + across, top + size, size, bold))
            x += pitch or across
        return self

    def say(
        self, words: str, *, indent: float = 2, size: float = SIZE, left: float = LEFT, right: float = RIGHT,
        step: float = STEP,
    ) -> Paper:  # fmt: skip
        """Set a paragraph below what stands on the page, line by line between two margins."""
        start, line = left + indent * size, ""
        for character in words:
            full = start + _length(line + character, size) > right + 0.1
            if full and character not in NEVER_FIRST:
                self.text(start, self.top, line, size)
                self.top += step
                start, line = left, ""
            line += character
        self.text(start, self.top, line, size)
        self.top += step
        return self

    def centre(self, words: str, size: float = SIZE, *, step: float = STEP, bold: bool = False) -> Paper:
        """Set a line in the middle."""
        self.text((LEFT + RIGHT - _length(words, size)) / 2, self.top, words, size, bold=bold)
        self.top += step
        return self

    def grid(
        self, edges: Sequence[float], heights: Sequence[float], *, without: Sequence[tuple[int, int, str]] = ()
    ) -> Paper:
        """Draw a table; `without` leaves out the line right of or below a cell: (row, column, "right" or "below")."""
        for row, y in enumerate(heights):
            for column, (x0, x1) in enumerate(itertools.pairwise(edges)):
                if (row - 1, column, "below") not in without:
                    self.rules.append(Rule(x0, y, x1, y))
        for column, x in enumerate(edges):
            for row, (y0, y1) in enumerate(itertools.pairwise(heights)):
                if (row, column - 1, "right") not in without:
                    self.rules.append(Rule(x, y0, x, y1))
        return self

    def cells(self, edges: Sequence[float], heights: Sequence[float], rows: Sequence[Sequence[str]]) -> Paper:
        """Draw a table and write its cells; a line feed in a cell begins a new line."""
        self.grid(edges, heights)
        for y, row in zip(heights, rows, strict=False):
            for x, words in zip(edges, row, strict=False):
                for number, line in enumerate(words.split("\n")):
                    self.text(x + 5, y + 5 + 16 * number, line, 12)
        return self

    @property
    def page(self) -> Page:
        """The page."""
        return Page(self.width, self.height, tuple(self.glyphs), tuple(self.rules))


def _length(words: str, size: float) -> float:
    return sum(size if wide(character) else size / 2 for character in words)


def fill(signs: int) -> str:
    """Give words that take so many signs, with a full stop as the last."""
    return FILL[: signs - 1] + "。"
