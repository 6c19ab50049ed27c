"""The drawn lines of a PDF page: strokes, thin filled boxes, and the sides of larger boxes."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from pipeline.read.pdf_calls import kinds_of
from pipeline.read.pdf_glyphs import Frame, placed
from pipeline.read.printed import Rule

# A box this thin, in points, is meant as a line.
THIN = 4.0
# A box with no side longer than this is a dot of a dotted line, which may run either way.
DOT = 1.5
# A stroke that leaves its direction by less than this is level or upright.
SLOPE = 0.5
# A drawing of more points than a box has, and no larger than this, is a sign or a picture of one.
MOST_CORNERS = 5
SMALL = 14.0
# Looking at more points than this only for lines takes too long: maps and charts.
MOST_POINTS = 60_000
# Drawings inside drawings; a file made to stop programs nests them without end.
DEEPEST = 8
Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
UPRIGHT: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class TooManyLinesError(Exception):
    """More is drawn on a page than any table needs."""


def page_rules(page: pdfium.PdfPage, turned: int) -> tuple[Rule, ...]:
    """Give the lines of one page that may part cells, on the page turned clockwise by `turned` degrees more.

    Curves, slanting lines, white boxes and boxes as large as the page give none. Raises TooManyLinesError.
    """
    frame = page.get_bbox()
    angle = (page.get_rotation() + turned) % 360
    found: list[Rule] = []
    for sides in _drawn(page, frame):
        for left, bottom, right, top in sides:
            found.append(Rule(*placed((left, bottom, right, top), frame, angle)))
    return tuple(found)


def _drawn(page: pdfium.PdfPage, frame: Frame) -> Iterator[list[Frame]]:
    """Give the lines of each drawing, as left, bottom, right, top in the coordinates of the file."""
    budget = MOST_POINTS
    for item, matrix in _paths(page):
        count = raw.FPDFPath_CountSegments(item)
        budget -= max(count, 1)
        if budget < 0:
            raise TooManyLinesError
        if count < 2 or not (paint := _paint(item)):
            continue
        if count > MOST_CORNERS and _is_small(item, matrix):
            continue
        for points, is_closed in _strokes(item, count, _with(_matrix_of(item), matrix)):
            if (box := _box(points, is_closed)) is not None:
                is_line = min(box[2] - box[0], box[3] - box[1]) <= THIN
                if is_line or not (_covers(box, frame) or (paint == "filled" and _is_white(item))):
                    yield _sides(box)
            elif lines := list(_level_or_upright(points, is_closed=is_closed)):
                yield lines


def _paths(page: pdfium.PdfPage) -> Iterator[tuple[Any, Matrix]]:
    """Give the drawings of a page and of the forms on it, each with the matrix of the form it stands in."""
    count = min(raw.FPDFPage_CountObjects(page.raw), 4 * MOST_POINTS + 1)
    waiting: list[tuple[Any, Matrix, int]] = [
        (raw.FPDFPage_GetObject(page.raw, index), UPRIGHT, 0)
        for index, kind in enumerate(kinds_of(page.raw, count))
        if kind in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_FORM)
    ][::-1]
    looked = count - len(waiting)
    if looked > 4 * MOST_POINTS:
        raise TooManyLinesError
    while waiting:
        item, matrix, depth = waiting.pop()
        kind = raw.FPDFPageObj_GetType(item)
        looked += 1
        if looked > 4 * MOST_POINTS:
            raise TooManyLinesError
        if kind == raw.FPDF_PAGEOBJ_PATH:
            yield item, matrix
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < DEEPEST:
            inner = _with(_matrix_of(item), matrix)
            for index in range(raw.FPDFFormObj_CountObjects(item) - 1, -1, -1):
                waiting.append((raw.FPDFFormObj_GetObject(item, index), inner, depth + 1))


def _is_small(item: Any, matrix: Matrix) -> bool:
    """Tell whether a drawing is too small to hold a cell of a table."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(item, *map(ctypes.byref, (left, bottom, right, top))):
        return False
    across, up = right.value - left.value, top.value - bottom.value
    a, b, c, d, _, _ = matrix
    return max(abs(a) * across + abs(c) * up, abs(b) * across + abs(d) * up) < SMALL


def _matrix_of(item: Any) -> Matrix:
    found = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, ctypes.byref(found)):
        return UPRIGHT
    return found.a, found.b, found.c, found.d, found.e, found.f


def _with(inner: Matrix, outer: Matrix) -> Matrix:
    """Give the matrix that does first `inner`, then `outer`."""
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _paint(item: Any) -> str:
    """Tell whether a path is stroked or filled; nothing where it only cuts others off."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(item, ctypes.byref(fill), ctypes.byref(stroke)):
        return ""
    return "stroked" if stroke.value else "filled" if fill.value else ""


def _is_white(item: Any) -> bool:
    """Tell whether a filled box is white or clear: nobody sees it."""
    parts = [ctypes.c_uint() for _ in range(4)]
    if not raw.FPDFPageObj_GetFillColor(item, *map(ctypes.byref, parts)):
        return False
    red, green, blue, alpha = (part.value for part in parts)
    return alpha == 0 or min(red, green, blue) >= 254


def _strokes(item: Any, count: int, matrix: Matrix) -> Iterator[tuple[list[Point | None], bool]]:
    """Give each run of points that is drawn without lifting the pen, and whether it returns; None before a curve."""
    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[Point | None] = []
    is_closed = False
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(item, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        if not raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y)):
            continue
        if kind == raw.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield points, is_closed
            points, is_closed = [], False
        elif kind != raw.FPDF_SEGMENT_LINETO and points and points[-1] is not None:
            points.append(None)
        points.append((a * x.value + c * y.value + e, b * x.value + d * y.value + f))
        is_closed = is_closed or bool(raw.FPDFPathSegment_GetClose(segment))
    if len(points) > 1:
        yield points, is_closed


def _box(points: list[Point | None], is_closed: bool) -> Frame | None:
    """Give the outline of four corners that make an upright box."""
    corners = [point for point in points if point is not None]
    if len(corners) != len(points) or len(corners) not in (4, 5) or (len(corners) == 4 and not is_closed):
        return None
    across, up = [x for x, _ in corners], [y for _, y in corners]
    left, bottom, right, top = min(across), min(up), max(across), max(up)
    on_sides = all(
        min(x - left, right - x) <= SLOPE and min(y - bottom, top - y) <= SLOPE for x, y in corners[:4]
    )  # fmt: skip
    returns = len(corners) == 4 or (abs(across[0] - across[4]) <= SLOPE and abs(up[0] - up[4]) <= SLOPE)
    return (left, bottom, right, top) if on_sides and returns else None


def _sides(box: Frame) -> list[Frame]:
    """Give the lines that a box is meant as: itself where it is thin, else its four sides."""
    left, bottom, right, top = box
    if max(right - left, top - bottom) <= DOT:
        return [
            (left, (bottom + top) / 2, right, (bottom + top) / 2),
            ((left + right) / 2, bottom, (left + right) / 2, top),
        ]
    if min(right - left, top - bottom) <= THIN:
        return [box]
    level = [(left, height, right, height) for height in (bottom, top)]
    return level + [(x, bottom, x, top) for x in (left, right)]


def _level_or_upright(points: list[Point | None], *, is_closed: bool) -> Iterator[Frame]:
    following = [*points[1:], points[0]] if is_closed else points[1:]
    for start, end in zip(points, following, strict=False):
        if start is None or end is None:
            continue
        across, up = abs(end[0] - start[0]), abs(end[1] - start[1])
        if min(across, up) <= SLOPE < max(across, up):
            yield min(start[0], end[0]), min(start[1], end[1]), max(start[0], end[0]), max(start[1], end[1])


def _covers(box: Frame, frame: Frame) -> bool:
    """Tell whether a box is as large as the page: its background."""
    across, up = min(box[2], frame[2]) - max(box[0], frame[0]), min(box[3], frame[3]) - max(box[1], frame[1])
    return across > 0.95 * (frame[2] - frame[0]) and up > 0.95 * (frame[3] - frame[1])
