"""The order of reading: text set in columns is read one column after the other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from pipeline.read.layout.lines import lines_of
from pipeline.read.printed import Glyph

# A gutter lies in the middle part of the text, and is at least this wide, in type sizes.
MIDDLE = (0.28, 0.72)
GUTTER = 1.0
STEP = 3.0
# Columns are taken for columns from this many lines on, whose words fill most of the width on both sides.
FEWEST_LINES = 6
FILLED = 0.6
DEPTH = 2
# Marks that may stand outside the margin, in the gutter.
HANGING = frozenset("，。、；：！？,.;:")


def flows(glyphs: Sequence[Glyph], depth: int = DEPTH) -> list[list[Glyph]]:
    """Give the glyphs in the groups in which they are read: above the columns, left, right, below.

    Text in one column is one group.
    """
    if not glyphs or depth == 0:
        return [list(glyphs)] if glyphs else []
    found = _gutter(glyphs)
    if found is None:
        return [list(glyphs)]
    x, top, bottom = found
    above = [glyph for glyph in glyphs if _middle(glyph) < top]
    below = [glyph for glyph in glyphs if _middle(glyph) >= bottom]
    between = [glyph for glyph in glyphs if top <= _middle(glyph) < bottom]
    left = [glyph for glyph in between if glyph.x0 < x]
    right = [glyph for glyph in between if glyph.x0 >= x]
    parts = (above, left, right, below)
    return [flow for part in parts for flow in flows(part, depth - 1)]


def _middle(glyph: Glyph) -> float:
    return (glyph.top + glyph.bottom) / 2


def _gutter(glyphs: Sequence[Glyph]) -> tuple[float, float, float] | None:
    """Give the middle of the gutter and the heights between which it stays free, if there are columns."""
    size = median(glyph.size for glyph in glyphs)
    start, end = min(glyph.x0 for glyph in glyphs), max(glyph.x1 for glyph in glyphs)
    width = end - start
    if width < 20 * size:
        return None
    best: tuple[float, float, float, float] | None = None
    x = start + MIDDLE[0] * width
    while x < start + MIDDLE[1] * width:
        top, bottom = _free_height(glyphs, x - GUTTER / 2 * size, x + GUTTER / 2 * size)
        if best is None or bottom - top > best[0]:
            best = (bottom - top, x, top, bottom)
        x += STEP
    if best is None or best[0] < FEWEST_LINES * size:
        return None
    _, x, top, bottom = best
    between = [glyph for glyph in glyphs if top <= _middle(glyph) < bottom]
    left = [glyph for glyph in between if glyph.x0 < x]
    right = [glyph for glyph in between if glyph.x0 >= x]
    if _is_column(left, size) and _is_column(right, size):
        return x, top, bottom
    return None


def _free_height(glyphs: Sequence[Glyph], x0: float, x1: float) -> tuple[float, float]:
    """Give the tallest stretch of the page in which no glyph lies between x0 and x1."""
    crossing = sorted(
        (glyph.top, glyph.bottom) for glyph in glyphs if glyph.x0 < x1 and glyph.x1 > x0 and glyph.text not in HANGING
    )
    first = min(glyph.top for glyph in glyphs)
    last = max(glyph.bottom for glyph in glyphs)
    bounds = [(first, first), *crossing, (last, last)]
    lowest = first
    best = (first, first)
    for (_, bottom), (top, _) in pairwise(bounds):
        lowest = max(lowest, bottom)
        if top - lowest > best[1] - best[0]:
            best = (lowest, top)
    return best


def _is_column(glyphs: Sequence[Glyph], size: float) -> bool:
    """Tell whether the words fill their side of the gutter as running text does; cells of a table do not."""
    lines = lines_of(glyphs, 0)
    if len(lines) < FEWEST_LINES:
        return False
    width = max(line.x1 for line in lines) - min(line.x0 for line in lines)
    gaps = sum(len(line.segments()) > 1 for line in lines)
    return median(line.x1 - line.x0 for line in lines) >= FILLED * width > 8 * size and gaps <= 0.2 * len(lines)
