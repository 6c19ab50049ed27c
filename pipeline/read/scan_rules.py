"""The drawn lines of a scanned page, and the page without them."""

from __future__ import annotations

from typing import Any

from pipeline.quick.classes import NamedTuple

# Lengths are shares of an inch, so that they hold at every resolution. A level line is longer than two signs of a
# title; an upright one may be as short as one row, and must then stand between level ones.
LEVEL_LENGTH = 0.5
UPRIGHT_LENGTH = 0.14
# Below a narrow cell (序号) a level line is short; it must then reach from one upright line to another.
CELL_LENGTH = 0.2
THICKEST = 0.04
GAP = 0.06
# A drawn line may be broken by grain, but holds ink nearly all along.
INKED = 0.92
TOUCH = 0.05
# Size of the neighbourhood that tells ink from ground, and how much darker than it ink is (of 255).
NEIGHBOURHOOD = 0.3
DARKER = 18


class Stroke(NamedTuple):
    """A straight line of ink: edges of its box in pixels."""

    x0: int
    top: int
    x1: int
    bottom: int


def ink_of(image: Any, dots: float) -> Any:
    """Give where an image (height x width x 3) is darker than its surroundings: 255 for ink, 0 for ground."""
    import cv2

    size = max(3, int(NEIGHBOURHOOD * dots)) | 1
    grey = cv2.medianBlur(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), 3)  # grain and salt are no ink
    return cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, size, DARKER)


def strokes_of(ink: Any, dots: float) -> tuple[list[Stroke], list[Stroke]]:
    """Give the level and the upright lines of a page's ink, parts of one line put together.

    An upright line reaches from the first level line that it meets to the last: what stands out above or below is a
    letter that touches it. One that meets fewer than two is a stroke of a letter and left out.
    """
    level = _merged(_long(ink, dots, LEVEL_LENGTH, level=True), dots, level=True)
    upright = _merged(_long(ink, dots, UPRIGHT_LENGTH, level=False), dots, level=False)
    reach = TOUCH * dots
    kept = [cut for stroke in upright if (cut := _between(level, stroke, reach, ink)) is not None]
    short = _merged(_long(ink, dots, CELL_LENGTH, level=True), dots, level=True)
    level += [stroke for stroke in short if _spans(kept, stroke, reach) and not _lies_on(level, stroke, reach)]
    return level, kept


def without(image: Any, strokes: list[Stroke], dots: float) -> Any:
    """Give a copy of an image in which lines have the colour of the ground beside them."""
    import numpy

    cleared = image.copy()
    margin = max(1, round(0.008 * dots))
    height, width = image.shape[:2]
    for x0, top, x1, bottom in strokes:
        area = (
            slice(max(0, top - margin), min(height, bottom + margin)),
            slice(max(0, x0 - margin), min(width, x1 + margin)),
        )
        beside = (
            slice(max(0, top - 4 * margin), min(height, bottom + 4 * margin)),
            slice(max(0, x0 - 4 * margin), min(width, x1 + 4 * margin)),
        )
        cleared[area] = numpy.percentile(image[beside].reshape(-1, 3), 80, axis=0).astype(image.dtype)
    return cleared


def _long(ink: Any, dots: float, share: float, *, level: bool) -> list[Stroke]:
    """Give the runs of ink that are long in one direction and thin in the other."""
    import cv2
    import numpy

    length = max(8, int(share * dots))
    # A page that is tilted by a tenth of a degree moves a long line by its own thickness.
    across = numpy.ones((3, 1) if level else (1, 3), numpy.uint8)
    along = numpy.ones((1, length) if level else (length, 1), numpy.uint8)
    found = cv2.morphologyEx(cv2.dilate(ink, across), cv2.MORPH_OPEN, along)
    count, _, boxes, _ = cv2.connectedComponentsWithStats(found, connectivity=8)
    strokes = []
    for x, y, width, height, _area in boxes[1:count].tolist():
        thick = height if level else width
        if thick - 2 <= max(4.0, THICKEST * dots):
            inner = (
                Stroke(x, y + 1, x + width, y + height - 1) if level else Stroke(x + 1, y, x + width - 1, y + height)
            )
            strokes.append(inner)
    return strokes


def _merged(strokes: list[Stroke], dots: float, *, level: bool) -> list[Stroke]:
    """Put strokes together that lie on one line with small gaps between them."""
    gap, near = GAP * dots, max(2.0, 0.02 * dots)
    merged: list[Stroke] = []
    for stroke in sorted(strokes, key=lambda s: (s.x0, s.top) if level else (s.top, s.x0)):
        for index in range(len(merged) - 1, -1, -1):
            other = merged[index]
            apart = (stroke.x0 - other.x1) if level else (stroke.top - other.bottom)
            aside = (
                abs(stroke.top + stroke.bottom - other.top - other.bottom)
                if level
                else abs(stroke.x0 + stroke.x1 - other.x0 - other.x1)
            )
            if apart <= gap and aside <= 2 * near:
                merged[index] = Stroke(
                    min(other.x0, stroke.x0),
                    min(other.top, stroke.top),
                    max(other.x1, stroke.x1),
                    max(other.bottom, stroke.bottom),
                )
                break
        else:
            merged.append(stroke)
    return merged


def _between(level: list[Stroke], upright: Stroke, reach: float, ink: Any) -> Stroke | None:
    """Give the part of an upright line between the first and the last level line that it meets, all of it inked.

    Strokes of letters in tight rows come near both lines too, and those of several rows may stand below each other.
    """
    x = (upright.x0 + upright.x1) / 2
    met = [
        line
        for line in level
        if line.x0 - reach <= x <= line.x1 + reach
        and upright.top - reach <= (line.top + line.bottom) / 2 <= upright.bottom + reach
    ]
    if len(met) < 2:
        return None
    top, bottom = min(line.top for line in met), max(line.bottom for line in met)
    rows = ink[max(top, 0) : bottom, max(upright.x0 - 1, 0) : upright.x1 + 2].any(axis=1)
    return upright._replace(top=top, bottom=bottom) if rows.mean() >= INKED else None


def _spans(upright: list[Stroke], level: Stroke, reach: float) -> bool:
    """Tell whether a short level line reaches from one upright line to another."""
    y = (level.top + level.bottom) / 2
    beside = [line for line in upright if line.top - reach <= y <= line.bottom + reach]
    ends = [any(abs((line.x0 + line.x1) / 2 - end) <= reach for line in beside) for end in (level.x0, level.x1)]
    return all(ends)


def _lies_on(level: list[Stroke], stroke: Stroke, reach: float) -> bool:
    """Tell whether a stroke is part of a level line that is known."""
    return any(
        abs(line.top + line.bottom - stroke.top - stroke.bottom) <= reach
        and line.x0 - reach <= stroke.x0
        and stroke.x1 <= line.x1 + reach
        for line in level
    )
