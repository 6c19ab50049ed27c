"""The signs of a PDF page with their boxes, upright as a reader sees them."""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Sequence
from math import degrees, hypot
from typing import Any

import pypdfium2 as pdfium
import regex
from pypdfium2 import raw

from pipeline.read.printed import Glyph

# More signs than this on one page is no page for people.
MOST_SIGNS = 200_000
# Angles are looked up for one sign in so many: a page is set in one direction.
ANGLE_STEP = 7
BOLD_NAME = regex.compile(rb"bold|black|heavy|[-,_]b$|simhei|heiti|xiaobiaosong", regex.IGNORECASE)
# Bit 19 of the flags of a font descriptor (ISO 32000-1, table 123).
FORCE_BOLD = 1 << 18
# What pdfium gives for a hyphen at the end of a line.
END_HYPHEN = 2
# Ways of painting text that fill and stroke it (ISO 32000-1, table 106).
STROKED = (raw.FPDF_TEXTRENDERMODE_FILL_STROKE, raw.FPDF_TEXTRENDERMODE_FILL_STROKE_CLIP)
# How much higher than the type its loose box is.
LOOSE = 1.15
# No page is as large, in points; further out only damaged files draw.
FARTHEST = 1e5
Frame = tuple[float, float, float, float]


def page_glyphs(page: pdfium.PdfPage) -> tuple[list[Glyph], tuple[float, float], int]:
    """Give the signs of a page, its size, and by how many degrees it was turned so that its words stand upright.

    White space that pdfium makes up, and signs outside the page, are left out.
    """
    frame = page.get_bbox()
    textpage = page.get_textpage()
    try:
        found = list(_signs(textpage))
        angle = _angle(textpage)
    finally:
        textpage.close()
    shown = page.get_rotation()
    # the angle is that of the words in the file, whatever way the page is shown
    turned = -angle % 360
    width, height = frame[2] - frame[0], frame[3] - frame[1]
    size = (width, height) if turned in (0, 180) else (height, width)
    glyphs = [
        Glyph(text, *placed(box, frame, turned), kind, bold)
        for text, box, kind, bold in found
        if box[2] > frame[0] and box[0] < frame[2] and box[3] > frame[1] and box[1] < frame[3]
    ]
    return glyphs, size, (turned - shown) % 360


def placed(box: Frame, frame: Frame, turned: int) -> Frame:
    """Give a box (left, bottom, right, top of the file) as x0, top, x1, bottom of the page turned clockwise."""
    left, bottom, right, top = box
    x0, x1 = left - frame[0], right - frame[0]
    low, high = bottom - frame[1], top - frame[1]
    width, height = frame[2] - frame[0], frame[3] - frame[1]
    if turned == 90:
        return low, x0, high, x1
    if turned == 180:
        return width - x1, low, width - x0, high
    if turned == 270:
        return height - high, width - x1, height - low, width - x0
    return x0, height - high, x1, height - low


def _signs(textpage: pdfium.PdfTextPage) -> Sequence[tuple[str, Frame, float, bool]]:
    """Give each sign with its loose box (as high as the type), its size and whether it is bold."""
    handle = textpage.raw
    box = raw.FS_RECTF()
    by_reference = ctypes.byref(box)
    found: list[tuple[str, Frame, float, bool]] = []
    high = 0
    styles = _Styles(handle)
    for index in range(min(textpage.count_chars(), MOST_SIGNS)):
        code = raw.FPDFText_GetUnicode(handle, index)
        if code == END_HYPHEN and raw.FPDFText_IsHyphen(handle, index) == 1:
            code = ord("-")
        if code <= 32 or code in (0xA0, 0x3000, 0xFFFE, 0xFFFF):
            continue
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
        if code > 0x10FFFF or 0xD800 <= code < 0xE000 or not raw.FPDFText_GetLooseCharBox(handle, index, by_reference):
            continue
        left, bottom, right, top = box.left, box.bottom, box.right, box.top
        # false for what is no number, too
        if not (-FARTHEST < left < right < FARTHEST and -FARTHEST < bottom < top < FARTHEST):
            continue
        found.append((chr(code), (left, bottom, right, top), *styles.of(index, top - bottom)))
    return found


class _Styles:
    """Looks up size and weight once for each text object and each font, not for each sign."""

    def __init__(self, handle: Any) -> None:
        self._handle = handle
        self._objects: dict[int, tuple[float, bool]] = {}
        self._fonts: dict[int, bool] = {}

    def of(self, index: int, height: float) -> tuple[float, bool]:
        """Give the size of the type of a sign (`height` is that of its box) and whether it is bold."""
        item = raw.FPDFText_GetTextObject(self._handle, index)
        if not item:
            return height / LOOSE, False
        key = ctypes.addressof(item.contents)
        style = self._objects.get(key)
        if style is None:
            style = self._objects[key] = _size(self._handle, index, height), self._is_bold(item, index)
        return style

    def _is_bold(self, item: Any, index: int) -> bool:
        """Tell whether a sign is set in bold type; one that is filled and stroked is meant as bold."""
        if raw.FPDFTextObj_GetTextRenderMode(item) in STROKED:
            return True
        font = raw.FPDFTextObj_GetFont(item)
        if not font:
            return _is_bold(self._handle, index)
        key = ctypes.addressof(font.contents)
        if key not in self._fonts:
            self._fonts[key] = _is_bold(self._handle, index)
        return self._fonts[key]


def _size(handle: Any, index: int, height: float) -> float:
    """Give the type size: what the font states, scaled by the matrix of its text; else what the box suggests."""
    matrix = raw.FS_MATRIX()
    if not raw.FPDFText_GetMatrix(handle, index, ctypes.byref(matrix)):
        return height / LOOSE
    size = abs(float(raw.FPDFText_GetFontSize(handle, index))) * hypot(matrix.c, matrix.d)
    return size if 0 < size < FARTHEST else height / LOOSE


def _is_bold(handle: Any, index: int) -> bool:
    """Tell whether a font is bold: by its name or flag; its stem width says little of Chinese."""
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    raw.FPDFText_GetFontInfo(handle, index, name, 128, ctypes.byref(flags))
    return bool(flags.value & FORCE_BOLD) or BOLD_NAME.search(name.value.split(b"+")[-1]) is not None


def _angle(textpage: pdfium.PdfTextPage) -> int:
    """Give the direction in which most signs run, as quarters of a turn that make them upright."""
    quarters: Counter[int] = Counter()
    count = min(textpage.count_chars(), MOST_SIGNS)
    for index in range(0, count, ANGLE_STEP):
        if raw.FPDFText_IsGenerated(textpage.raw, index) == 1:
            continue
        quarters[round(degrees(raw.FPDFText_GetCharAngle(textpage.raw, index)) / 90) % 4 * 90] += 1
    if not quarters:
        return 0
    angle, most = quarters.most_common(1)[0]
    return angle if most > 0.6 * sum(quarters.values()) else 0
