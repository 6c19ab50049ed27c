"""Glyphs → lines: which signs stand in one row, and where a gap between two of them is white space."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from operator import add, itemgetter, sub
from statistics import median

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
# So many of one sign above each other, for each of them, are not compared one with one.
MOST_ABOVE = 16
# Fewer gaps between digits than this do not tell how they are set.
FEWEST_GAPS = 4
WIDE_GAP = 0.8
LATIN_GAP = 0.17
# A gap that parts columns, in type sizes.
COLUMN_GAP = 1.5
# Digits and letters this much smaller than the line and above its middle are raised: a note mark, or m².
RAISED_SIZE = 0.75
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

# Of a glyph: its left end, both ends, its size.
LEFT = itemgetter(1)
ENDS = itemgetter(1, 3)
SIZE = itemgetter(5)
# A character, the ends of its box, and whether it is doubtful.
Piece = tuple[str, float, float, bool]


class Line:
    """Signs that stand in one row of a page, from left to right, and what they say.

    `x0`, `x1`, `top`, `bottom` are its edges, `size` is the usual type size, `bold` tells that all of it is bold.
    `text` are the characters as they come into the text, with the white space that gaps stand for; `lefts` and
    `rights` are the ends of their boxes, `doubtful` the places of those that the reader is not sure of.
    """

    __slots__ = (
        "_widest_gap",
        "bold",
        "bottom",
        "doubtful",
        "glyphs",
        "grid",
        "lefts",
        "page",
        "rights",
        "size",
        "text",
        "top",
        "x0",
        "x1",
    )  # fmt: skip

    def __init__(self, page: int, glyphs: tuple[Glyph, ...], grid: float = 0.0) -> None:
        """Take the signs in order; `grid` is the usual gap between Latin signs on the page, in type sizes."""
        texts, x0s, tops, x1s, bottoms, sizes, bolds, doubts = zip(*glyphs, strict=True)
        self.page = page
        self.glyphs = glyphs
        self.grid = grid
        self.x0: float = x0s[0]
        self.x1: float = max(x1s)
        self.top: float = min(tops)
        self.bottom: float = max(bottoms)
        self.size: float = median_of(sizes)
        self.bold = all(bolds)
        self._widest_gap = max(map(sub, x0s[1:], x1s), default=0.0)
        smallest = min(sizes)
        # Where no gap can be white space, no sign is raised and each is one character, the signs are the text.
        is_plain = (
            self._widest_gap <= min((LATIN_GAP + grid) * smallest, WIDE_GAP * self.size)
            and smallest >= RAISED_SIZE * self.size
            and not any(doubts)
        )
        text = "".join(texts)
        if is_plain and len(text) == len(glyphs):
            self.text = text
            self.lefts: Sequence[float] = array("d", x0s)
            self.rights: Sequence[float] = array("d", map(add, x0s, map(sub, x1s, x0s)))
            self.doubtful: Sequence[int] = ()
        else:
            pieces = list(_spaced(glyphs, self.size, grid))
            self.text = "".join(piece[0] for piece in pieces)
            self.lefts = array("d", [piece[1] for piece in pieces])
            self.rights = array("d", [piece[2] for piece in pieces])
            self.doubtful = [place for place, piece in enumerate(pieces) if piece[3]]

    def let_go(self) -> None:
        """Drop the signs: once its page is laid out, a line is only asked what it says and where it stands."""
        self.glyphs = ()

    def segments(self) -> list[tuple[Glyph, ...]]:
        """Give the parts between gaps that are wide enough to part columns."""
        if self._widest_gap <= COLUMN_GAP * self.size:
            return [self.glyphs]
        parts: list[list[Glyph]] = [[self.glyphs[0]]]
        for before, after in pairwise(self.glyphs):
            if after.x0 - before.x1 > COLUMN_GAP * self.size:
                parts.append([])
            parts[-1].append(after)
        return [tuple(part) for part in parts]


def median_of(values: Sequence[float]) -> float:
    """Give the median; type sizes of one line are mostly one."""
    first = values[0]
    return first if values.count(first) == len(values) else median(values)


def clean(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """Give the glyphs without white space and without those that were drawn twice to look bold."""
    shown = [glyph for glyph in glyphs if not (glyph[5] <= 0 or glyph[0].isspace() or not glyph[0])]
    doubled = _near_themselves(shown)
    if not doubled:
        return shown
    kept: list[Glyph] = []
    places: dict[tuple[str, int, int], list[int]] = defaultdict(list)
    for glyph in shown:
        if glyph.text not in doubled:
            kept.append(glyph)
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


def _near_themselves(glyphs: Sequence[Glyph]) -> set[str]:
    """Give the texts of which two glyphs may stand so close that one was drawn twice: most pages have none."""
    if not glyphs:
        return set()
    step = min(max(max(map(SIZE, glyphs)) * DOUBLED, 0.1), NEIGHBOURS)
    alike: dict[str, list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        alike[glyph[0]].append(glyph)
    return {text for text, same in alike.items() if len(same) > 1 and _may_touch(same, step)}


def _may_touch(glyphs: list[Glyph], step: float) -> bool:
    """Tell whether two of some glyphs stand closer than `step` in both directions, or too many above each other."""
    ordered = sorted(glyphs, key=LEFT)
    begins = 0
    looked = 0
    for place, (_, x0, top, *_) in enumerate(ordered):
        while x0 - ordered[begins][1] >= step:
            begins += 1
        for other in range(begins, place):
            if -step < ordered[other][2] - top < step:
                return True
        looked += place - begins
        if looked > MOST_ABOVE * len(ordered):
            return True
    return False


def _same_place(first: Glyph, second: Glyph, step: float) -> bool:
    return abs(first.x0 - second.x0) < step and abs(first.top - second.top) < step


def lines_of(glyphs: Sequence[Glyph], page: int, grid: float = 0.0) -> list[Line]:
    """Give the lines of some glyphs from top to bottom.

    `grid` is the usual gap between Latin signs on the page, in type sizes: 0 but for text set on a grid.
    """
    rows: list[list[Glyph]] = []
    middles = list(map(middle_of, glyphs))
    middle = size = 0.0
    for number in sorted(range(len(glyphs)), key=middles.__getitem__):
        glyph, here = glyphs[number], middles[number]
        step = here - middle
        if rows and (step <= SAME_LINE * size or step <= SAME_LINE * glyph[5]):
            row = rows[-1]
            row.append(glyph)
            if step:
                middle += step / len(row)
        else:
            rows.append([glyph])
            middle, size = here, glyph[5]
    return [Line(page, tuple(sorted(row, key=ENDS)), grid) for row in rows]


def digit_gaps(glyphs: Sequence[Glyph]) -> list[float]:
    """Give the gaps between digits that stand side by side, in type sizes.

    Old typesetting gives every digit the cell of a Chinese sign: 2 0 0 5 is one number there.
    """
    are_digits = [glyph[0].isdigit() for glyph in glyphs]
    gaps: list[float] = []
    for place, (is_digit, is_next_digit) in enumerate(pairwise(are_digits)):
        if is_digit and is_next_digit:
            before, after = glyphs[place], glyphs[place + 1]
            gap = after.x0 - before.x1
            if abs(before.top - after.top) < 0.3 * before.size and 0 <= gap < before.size:
                gaps.append(gap / before.size)
    return gaps


def is_wide(text: str) -> bool:
    """Tell whether a sign takes a whole cell of the Chinese grid."""
    return WIDE.match(text) is not None


def middle_of(glyph: Glyph) -> float:
    """Give the height of the middle of a sign."""
    return (glyph[2] + glyph[4]) / 2


def _spaced(glyphs: Sequence[Glyph], size: float, grid: float) -> Iterable[Piece]:
    """Give each character as it comes into the text, with the ends of its box; white space seen from a gap too."""
    middle = median(map(middle_of, glyphs))
    before: Glyph | None = None
    for glyph in glyphs:
        text, x0, _, x1, _, own, _, doubtful = glyph
        if before is not None and (gap := _white_space(before, glyph, size, grid)):
            step = (x0 - before.x1) / len(gap)
            for place, mark in enumerate(gap):
                yield mark, before.x1 + place * step, before.x1 + (place + 1) * step, False
        if own < RAISED_SIZE * size and middle_of(glyph) < middle - 0.1 * size:
            text = text.translate(RAISED)
        width = (x1 - x0) / len(text)
        for place, character in enumerate(text):
            yield character, x0 + place * width, x0 + (place + 1) * width, doubtful
        before = glyph


def _white_space(before: Glyph, after: Glyph, size: float, grid: float) -> str:
    gap = after[1] - before[3]
    if gap > WIDE_GAP * size:
        return "\u3000" * min(max(round(gap / size), 1), 40)
    if gap <= (LATIN_GAP + grid) * min(before[5], after[5]) or is_wide(before[0]) or is_wide(after[0]):
        return ""
    return " "
