"""The order of reading: text set in columns is read one column after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import nan
from statistics import median

from pipeline.read.layout.lines import lines_of, median_of, middle_of
from pipeline.read.printed import Glyph

# A gutter lies in the middle part of the text, and is at least this wide, in type sizes.
MIDDLE = (0.28, 0.72)
GUTTER = 1.0
STEP = 3.0
# Columns are taken for columns from this many lines on, whose words fill most of the width on both sides.
FEWEST_LINES = 6
FILLED = 0.6
DEPTH = 2
# Signs of one line need not stand at quite one height, in points.
UNEVEN = 3.0
# Marks that may stand outside the margin, in the gutter.
HANGING = frozenset("，。、；：！？,.;:")
# Top, bottom, left and right end of signs side by side.
Run = tuple[float, float, float, float]


def flows(glyphs: Sequence[Glyph], depth: int = DEPTH) -> list[list[Glyph]]:
    """Give the glyphs in the groups in which they are read: above the columns, left, right, below.

    Text in one column is one group.
    """
    if not glyphs or depth == 0:
        return [list(glyphs)] if glyphs else []
    found = _gutter(glyphs, depth)
    if found is None:
        return [list(glyphs)]
    x, top, bottom = found
    above = [glyph for glyph in glyphs if middle_of(glyph) < top]
    below = [glyph for glyph in glyphs if middle_of(glyph) >= bottom]
    between = [glyph for glyph in glyphs if top <= middle_of(glyph) < bottom]
    left = [glyph for glyph in between if glyph.x0 < x]
    right = [glyph for glyph in between if glyph.x0 >= x]
    parts = (above, left, right, below)
    return [flow for part in parts for flow in flows(part, depth - 1)]


def _gutter(glyphs: Sequence[Glyph], depth: int) -> tuple[float, float, float] | None:
    """Give the middle of the gutter and the heights between which it stays free, if there are columns."""
    if not glyphs:
        return None
    _, x0s, tops, x1s, bottoms, sizes, _, _ = zip(*glyphs, strict=True)
    size, start, end = median_of(sizes), min(x0s), max(x1s)
    width = end - start
    if width < 20 * size:
        return None
    top, bottom = min(tops), max(bottoms)
    best = (0.0, 0.0, 0.0)
    # Boxes that are too low leave too much free: where even that is no gutter, the page need not be looked at closely.
    for tolerance in (UNEVEN, 0.0):
        runs = _runs(glyphs, GUTTER / 2 * size, tolerance)
        best = max(_free_stretches(runs, (top, bottom), size, (start, width)), default=best)
        if best[0] < FEWEST_LINES * size:
            return None
    free, right_most, top = best
    x, bottom = -right_most, top + free
    between = [glyph for glyph in glyphs if top <= middle_of(glyph) < bottom]
    left = [glyph for glyph in between if glyph.x0 < x]
    right = [glyph for glyph in between if glyph.x0 >= x]
    if all(_is_column(side, size) or (depth > 1 and _gutter(side, depth - 1)) for side in (left, right)):
        return x, top, bottom
    return None


def _free_stretches(
    runs: Sequence[Run], height: tuple[float, float], size: float, breadth: tuple[float, float]
) -> Iterator[tuple[float, float, float]]:
    """Give for each place a gutter may have the tallest stretch that stays free there: height, -x, top.

    The place is negative so that the largest of these is the tallest, and of two as tall the one further left.
    `height` are the upper and lower end of the text, `breadth` its left end and its width.
    """
    start, width = breadth
    places = [
        start + MIDDLE[0] * width + STEP * step for step in range(int((MIDDLE[1] - MIDDLE[0]) * width / STEP) + 1)
    ]
    half = GUTTER / 2 * size
    lowest = [height[0]] * len(places)
    free = [(0.0, height[0])] * len(places)
    for top, bottom, x0, x1 in sorted(runs):
        first = max(int((x0 - half - places[0]) // STEP) + 1, 0)
        end = min(int(-((places[0] - x1 - half) // STEP)), len(places))
        for place in range(first, end):
            above = lowest[place]
            if top - above > free[place][0]:
                free[place] = (top - above, above)
            if bottom > above:
                lowest[place] = bottom
    for place, x in enumerate(places):
        tallest, top = max(free[place], (height[1] - lowest[place], lowest[place]))
        yield tallest, -x, top


def _runs(glyphs: Sequence[Glyph], half: float, tolerance: float) -> list[Run]:
    """Give what leaves no room for a gutter: signs side by side count as one box.

    Their tops and bottoms agree within the tolerance, and the box is as low as the lowest of them. Marks that may stand
    outside the margin are left out. `half` is half the width of the gutter.
    """
    found: list[Run] = []
    start = end = upper = lower = nan
    for text, x0, top, x1, bottom, _, _, _ in glyphs:
        if text in HANGING:
            continue
        if (
            start <= x0 < end + half
            and -tolerance <= top - upper <= tolerance
            and -tolerance <= bottom - lower <= tolerance
        ):
            end = x1 if x1 > end else end
            upper = top if top > upper else upper
            lower = bottom if bottom < lower else lower
            continue
        found.append((upper, lower, start, end))
        start, end, upper, lower = x0, x1, top, bottom
    return [*found, (upper, lower, start, end)][1:]


def _is_column(glyphs: Sequence[Glyph], size: float) -> bool:
    """Tell whether the words fill their side of the gutter as running text does; cells of a table do not."""
    lines = lines_of(glyphs, 0)
    if len(lines) < FEWEST_LINES:
        return False
    width = max(line.x1 for line in lines) - min(line.x0 for line in lines)
    gaps = sum(len(line.segments()) > 1 for line in lines)
    return median(line.x1 - line.x0 for line in lines) >= FILLED * width > 8 * size and gaps <= 0.2 * len(lines)
