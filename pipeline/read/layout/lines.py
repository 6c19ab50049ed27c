"""Glyphs → lines: which signs stand in one row, and where a gap between two of them is white space."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import NamedTuple

from pipeline.quick.pattern import pattern
from pipeline.read.printed import Glyph

# Signs set on the Chinese grid: between them a gap is white space only when a whole sign would fit.
WIDE = pattern(r"[\p{Han}\p{Hiragana}\p{Katakana}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6“”‘’—…·①-⑳㈠-㈩〇]")
# Two signs belong to one line where their middles lie closer than this share of the type size.
SAME_LINE = 0.5
# What is drawn again this close to itself is meant as bold type, not as a second sign.
DOUBLED = 0.3
# Signs are looked up by squares of this side, in points.
NEIGHBOURS = 24.0
# Fewer gaps between digits than this do not tell how they are set.
FEWEST_GAPS = 4
WIDE_GAP = 0.8
LATIN_GAP = 0.17
# A gap that parts columns, in type sizes.
COLUMN_GAP = 1.5
# Digits and letters this much smaller than the line and above its middle are raised: a note mark, or m².
RAISED_SIZE = 0.75
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Piece(NamedTuple):
    """One character as it comes into the text, with the ends of its box; white space that was seen from a gap too."""

    text: str
    x0: float
    x1: float
    doubtful: bool = False


@dataclass(frozen=True)
class Line:
    """Signs that stand in one row of a page, from left to right."""

    page: int
    glyphs: tuple[Glyph, ...]
    grid: float = 0.0

    @cached_property
    def x0(self) -> float:
        """The left end."""
        return self.glyphs[0].x0

    @cached_property
    def x1(self) -> float:
        """The right end."""
        return max(glyph.x1 for glyph in self.glyphs)

    @cached_property
    def top(self) -> float:
        """The upper edge."""
        return min(glyph.top for glyph in self.glyphs)

    @cached_property
    def bottom(self) -> float:
        """The lower edge."""
        return max(glyph.bottom for glyph in self.glyphs)

    @cached_property
    def size(self) -> float:
        """The usual type size."""
        return median(glyph.size for glyph in self.glyphs)

    @cached_property
    def bold(self) -> bool:
        """Whether the whole line is bold."""
        return all(glyph.bold for glyph in self.glyphs)

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The characters with the white space that gaps stand for."""
        return tuple(_spaced(self.glyphs, self.size, self.grid))

    @cached_property
    def text(self) -> str:
        """The words."""
        return "".join(piece.text for piece in self.pieces)

    def segments(self) -> list[tuple[Glyph, ...]]:
        """Give the parts between gaps that are wide enough to part columns."""
        parts: list[list[Glyph]] = [[self.glyphs[0]]]
        for before, after in zip(self.glyphs, self.glyphs[1:], strict=False):
            if after.x0 - before.x1 > COLUMN_GAP * self.size:
                parts.append([])
            parts[-1].append(after)
        return [tuple(part) for part in parts]


def clean(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """Give the glyphs without white space and without those that were drawn twice to look bold."""
    kept: list[Glyph] = []
    places: dict[tuple[str, int, int], list[int]] = defaultdict(list)
    for glyph in glyphs:
        if not glyph.text.strip() or glyph.size <= 0:
            continue
        step = min(max(glyph.size * DOUBLED, 0.1), NEIGHBOURS)
        near = (
            index
            for column in range(int((glyph.x0 - step) // NEIGHBOURS), int((glyph.x0 + step) // NEIGHBOURS) + 1)
            for row in range(int((glyph.top - step) // NEIGHBOURS), int((glyph.top + step) // NEIGHBOURS) + 1)
            for index in places.get((glyph.text, column, row), ())
        )
        twin = next((index for index in near if _same_place(kept[index], glyph, step)), None)
        if twin is not None:
            kept[twin] = kept[twin]._replace(bold=True, x1=max(kept[twin].x1, glyph.x1))
            continue
        places[(glyph.text, int(glyph.x0 // NEIGHBOURS), int(glyph.top // NEIGHBOURS))].append(len(kept))
        kept.append(glyph)
    return kept


def _same_place(first: Glyph, second: Glyph, step: float) -> bool:
    return abs(first.x0 - second.x0) < step and abs(first.top - second.top) < step


def lines_of(glyphs: Sequence[Glyph], page: int, grid: float = 0.0) -> list[Line]:
    """Give the lines of some glyphs from top to bottom.

    `grid` is the usual gap between Latin signs on the page, in type sizes: 0 but for text set on a grid.
    """
    rows: list[list[Glyph]] = []
    middle = 0.0
    for glyph in sorted(glyphs, key=_middle):
        here = _middle(glyph)
        if rows and here - middle <= SAME_LINE * max(glyph.size, rows[-1][0].size):
            rows[-1].append(glyph)
            middle += (here - middle) / len(rows[-1])
        else:
            rows.append([glyph])
            middle = here
    return [Line(page, tuple(sorted(row, key=lambda glyph: (glyph.x0, glyph.x1))), grid) for row in rows]


def grid_gaps(pages: Sequence[Sequence[Glyph]]) -> list[float]:
    """Give for each page the usual gap between digits that stand side by side, in type sizes.

    Old typesetting gives every digit the cell of a Chinese sign: 2 0 0 5 is one number there. A page with few digits
    goes by the others.
    """
    gaps = [_digit_gaps(glyphs) for glyphs in pages]
    whole = [gap for found in gaps for gap in found]
    usual = median(whole) if len(whole) >= FEWEST_GAPS else 0.0
    return [median(found) if len(found) >= FEWEST_GAPS else usual for found in gaps]


def _digit_gaps(glyphs: Sequence[Glyph]) -> list[float]:
    return [
        (after.x0 - before.x1) / before.size
        for before, after in itertools.pairwise(glyphs)
        if before.text.isdigit() and after.text.isdigit() and abs(before.top - after.top) < 0.3 * before.size
        if 0 <= after.x0 - before.x1 < before.size
    ]


def is_wide(text: str) -> bool:
    """Tell whether a sign takes a whole cell of the Chinese grid."""
    return WIDE.match(text) is not None


def _middle(glyph: Glyph) -> float:
    return (glyph.top + glyph.bottom) / 2


def _spaced(glyphs: Sequence[Glyph], size: float, grid: float) -> Iterable[Piece]:
    middle = median(map(_middle, glyphs))
    before: Glyph | None = None
    for glyph in glyphs:
        if before is not None and (gap := _white_space(before, glyph, size, grid)):
            step = (glyph.x0 - before.x1) / len(gap)
            for place, mark in enumerate(gap):
                yield Piece(mark, before.x1 + place * step, before.x1 + (place + 1) * step)
        text = glyph.text
        if glyph.size < RAISED_SIZE * size and _middle(glyph) < middle - 0.1 * size:
            text = text.translate(RAISED)
        width = (glyph.x1 - glyph.x0) / len(text)
        for place, character in enumerate(text):
            yield Piece(character, glyph.x0 + place * width, glyph.x0 + (place + 1) * width, glyph.doubtful)
        before = glyph


def _white_space(before: Glyph, after: Glyph, size: float, grid: float) -> str:
    gap = after.x0 - before.x1
    if gap > WIDE_GAP * size:
        return "\u3000" * min(max(round(gap / size), 1), 40)
    if is_wide(before.text) or is_wide(after.text):
        return ""
    return " " if gap > (LATIN_GAP + grid) * min(before.size, after.size) else ""
