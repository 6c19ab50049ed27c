"""The signs of a PDF page with their boxes, upright as a reader sees them."""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from math import degrees, hypot
from typing import Any

import pypdfium2 as pdfium
import regex
from pypdfium2 import raw

from pipeline.read.pdf_calls import Signs, fonts_of, paints_of
from pipeline.read.printed import Glyph

# More signs than this on one page is no page for people.
MOST_SIGNS = 200_000
# Angles are looked up for one sign in so many: a page is set in one direction.
ANGLE_STEP = 7
BOLD_NAME = regex.compile(rb"bold|black|heavy|[-,_]b$|simhei|heiti|xiaobiaosong", regex.IGNORECASE)
# Bit 19 of the flags of a font descriptor (ISO 32000-1, table 123).
FORCE_BOLD = 1 << 18
# White space and controls, and no sign at all.
BLANK = frozenset(("", *map(chr, range(33)), "\xa0", "\u3000"))
# Halves of a pair, numbers that are no characters, and what stands for a hyphen at the end of a line.
ODD = regex.compile(r"[\x02\ud800-\udfff\ufffe\uffff]")
# What pdfium gives for a hyphen at the end of a line.
END_HYPHEN = 2
# Ways of painting text that fill and stroke it (ISO 32000-1, table 106).
STROKED = (raw.FPDF_TEXTRENDERMODE_FILL_STROKE, raw.FPDF_TEXTRENDERMODE_FILL_STROKE_CLIP)
# How much higher than the type its loose box is.
LOOSE = 1.15
# A tuple as a glyph, without a call of Python for each.
AS_GLYPH = partial(tuple.__new__, Glyph)
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
        signs = Signs(textpage.raw, min(max(textpage.count_chars(), 0), MOST_SIGNS))
        # the angle is that of the words in the file, whatever way the page is shown
        turned = -_angle(signs) % 360
        glyphs = _glyphs(signs, frame, turned)
    finally:
        textpage.close()
    width, height = frame[2] - frame[0], frame[3] - frame[1]
    size = (width, height) if turned in (0, 180) else (height, width)
    return glyphs, size, (turned - page.get_rotation()) % 360


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


def _glyphs(signs: Signs, frame: Frame, turned: int) -> list[Glyph]:
    """Give each sign that stands on the page with its loose box (as high as the type), its size and weight."""
    texts = signs.text if ODD.search(signs.text) is None else list(_repaired(signs))
    objects = signs.objects()
    styles = _styles(signs, objects)
    first, low, last, high = frame
    tall = high - low
    found: list[tuple[str, float, float, float, float, float, bool, bool]] = []
    for text, (left, top, right, bottom), item in zip(texts, signs.boxes(), objects, strict=True):
        # false for what is no number, too
        if text in BLANK or not (-FARTHEST < left < right < FARTHEST and -FARTHEST < bottom < top < FARTHEST):
            continue
        size, bold = styles[item]
        if not size:
            size = (top - bottom) / LOOSE
            if item:
                styles[item] = size, bold
        if not (right > first and left < last and top > low and bottom < high):
            continue
        if turned:
            x0, upper, x1, lower = placed((left, bottom, right, top), frame, turned)
        else:
            x0, upper, x1, lower = left - first, tall - (top - low), right - first, tall - (bottom - low)
        found.append((text, x0, upper, x1, lower, size, bold, False))
    return list(map(AS_GLYPH, found))


def _repaired(signs: Signs) -> Iterator[str]:
    """Give each sign as a character, but nothing for one without meaning and for the first half of a pair."""
    high = 0
    for index, code in enumerate(signs.codes()):
        if code == END_HYPHEN and signs.is_hyphen(index):
            yield "-"
        elif 0xD800 <= code < 0xDC00:
            high = code
            yield ""
        elif 0xDC00 <= code < 0xE000:
            yield chr(0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)) if high else ""
        else:
            yield chr(code) if code <= 0x10FFFF and code not in (0xFFFE, 0xFFFF) else ""


def _styles(signs: Signs, objects: Sequence[int | None]) -> dict[int | None, tuple[float, bool]]:
    """Give for each text object its type size (0 where it is not stated) and whether it is bold; None has neither.

    The size is what the font states, scaled by the matrix of the text. One that is filled and stroked is meant as
    bold, whatever its font.
    """
    places = dict(zip(reversed(objects), range(len(objects) - 1, -1, -1), strict=True))
    places.pop(None, None)
    indices, items = list(places.values()), list(places)
    fonts = fonts_of(items)
    weights = {font: _is_bold(signs.handle, index) for font, index in dict(zip(fonts, indices, strict=True)).items()}
    found: dict[int | None, tuple[float, bool]] = {None: (0.0, False)}
    stated = zip(signs.font_sizes(indices), signs.matrices(indices), strict=True)
    for item, index, font, paint, (size, matrix) in zip(items, indices, fonts, paints_of(items), stated, strict=True):
        bold = paint in STROKED or (weights[font] if font else _is_bold(signs.handle, index))
        scaled = abs(size) * hypot(matrix[2], matrix[3])
        found[item] = scaled if 0 < scaled < FARTHEST else 0.0, bold
    return found


def _is_bold(handle: Any, index: int) -> bool:
    """Tell whether a font is bold: by its name or flag; its stem width says little of Chinese."""
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    raw.FPDFText_GetFontInfo(handle, index, name, 128, ctypes.byref(flags))
    return bool(flags.value & FORCE_BOLD) or BOLD_NAME.search(name.value.split(b"+")[-1]) is not None


def _angle(signs: Signs) -> int:
    """Give the direction in which most signs run, as quarters of a turn that make them upright."""
    looked = range(0, signs.count, ANGLE_STEP)
    made_up = signs.are_generated(looked)
    quarters: Counter[int] = Counter()
    for angle, count in Counter(
        angle for angle, is_made_up in zip(signs.angles(looked), made_up, strict=True) if is_made_up != 1
    ).items():
        quarters[round(degrees(angle) / 90) % 4 * 90] += count
    if not quarters:
        return 0
    angle, most = quarters.most_common(1)[0]
    return angle if most > 0.6 * sum(quarters.values()) else 0
