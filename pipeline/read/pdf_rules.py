"""The drawn lines of PDF pages. pdfium tells quickly whether a page may hold a table; pdfplumber tells its lines."""

from __future__ import annotations

import io
import logging
from types import TracebackType
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from pipeline.model import Problem
from pipeline.read.pdf_glyphs import placed
from pipeline.read.printed import Rule

# A table needs this many lines; boxes count for four.
FEWEST_LINES = 4
THIN = 4.0
# Looking at more drawings than this only for lines takes too long: maps and charts.
MOST_DRAWINGS = 20_000


class Rules:
    """Gives the drawn lines of a document's pages; the slow reader is opened when the first page needs it."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._plumber: Any = None
        self._lost: list[int] = []

    def __enter__(self) -> Rules:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._plumber is not None:
            self._plumber.close()

    def of(self, page: pdfium.PdfPage, number: int, turned: int) -> tuple[Rule, ...]:
        """Give the lines of one page (counted from 0) that may part cells, on the page turned upright."""
        if not _may_hold_table(page):
            return ()
        try:
            if self._plumber is None:
                import pdfplumber

                # Its parser writes a line for every oddity of a font; what matters is told in problems.
                logging.getLogger("pdfminer").setLevel(logging.ERROR)
                self._plumber = pdfplumber.open(io.BytesIO(self._data))
            source = self._plumber.pages[number]
            return tuple(self._lines(source, page, turned))
        except Exception:  # pdfminer raises whatever a broken file provokes; pdfium reads more of them
            self._lost.append(number + 1)
            return tuple(_outlines(page, turned))

    def problems(self) -> list[Problem]:
        """Tell of pages whose lines could not be read."""
        if not self._lost:
            return []
        pages = ", ".join(map(str, self._lost[:10]))
        message = (
            f"The drawn lines of pages {pages} could not be read, so their tables came as plain lines. Check them."
        )
        return [Problem("warning", "table_lines_unreadable", message)]

    def _lines(self, source: Any, page: pdfium.PdfPage, turned: int) -> list[Rule]:
        frame = page.get_bbox()
        shown = page.get_rotation()
        found: list[Rule] = []
        for edge in source.edges:
            box = _in_file(edge, source, page.get_mediabox(), shown)
            found.append(Rule(*placed(box, frame, (shown + turned) % 360)))
        source.close()
        return found


def _in_file(
    edge: dict[str, Any], source: Any, sheet: tuple[float, float, float, float], shown: int
) -> tuple[float, float, float, float]:
    """Give an edge as left, bottom, right, top in the coordinates of the file, as pdfium gives its boxes.

    `sheet` is the page as stored; pdfplumber has turned its own already.
    """
    x0, x1, top, bottom = (float(edge[name]) for name in ("x0", "x1", "top", "bottom"))
    left, low, right, high = sheet
    origin = float(source.bbox[0]), float(source.bbox[1])
    x0, x1, top, bottom = x0 - origin[0], x1 - origin[0], top - origin[1], bottom - origin[1]
    if shown == 90:
        return left + top, low + x0, left + bottom, low + x1
    if shown == 180:
        return right - x1, low + top, right - x0, low + bottom
    if shown == 270:
        return right - bottom, high - x1, right - top, high - x0
    return left + x0, high - bottom, left + x1, high - top


def _outlines(page: pdfium.PdfPage, turned: int) -> list[Rule]:
    """Give the outlines of what is drawn: a thin one is a line, the sides of another are four."""
    frame = page.get_bbox()
    angle = (page.get_rotation() + turned) % 360
    found: list[Rule] = []
    for item in page.get_objects(filter=(raw.FPDF_PAGEOBJ_PATH,), max_depth=1):
        left, bottom, right, top = item.get_bounds()
        if right - left <= THIN or top - bottom <= THIN:
            sides = [(left, bottom, right, top)]
        else:
            level = [(left, height, right, height) for height in (bottom, top)]
            sides = level + [(x, bottom, x, top) for x in (left, right)]
        found += [Rule(*placed(side, frame, angle)) for side in sides]
        if len(found) > MOST_DRAWINGS:
            break
    return found


def _may_hold_table(page: pdfium.PdfPage) -> bool:
    """Tell whether enough lines or boxes are drawn on a page; its background and underlines are no table."""
    width, height = page.get_size()
    lines = 0
    looked = 0
    for item in page.get_objects(filter=(raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_FORM), max_depth=3):
        if item.type == raw.FPDF_PAGEOBJ_FORM:
            continue
        looked += 1
        if looked > MOST_DRAWINGS:
            return False
        left, bottom, right, top = item.get_bounds()
        across, up = abs(right - left), abs(top - bottom)
        if across > 0.95 * width and up > 0.95 * height:
            continue
        if across > THIN and up > THIN:
            lines += 4
        elif max(across, up) > 2 * THIN:
            lines += 1
        if lines >= FEWEST_LINES:
            return True
    return False
