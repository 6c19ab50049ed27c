"""What pdfium says of all signs of a page at once.

pypdfium2 wraps each answer in an object of its own, a microsecond a sign and more. Here the same functions take
addresses as plain numbers, so that `map` calls them one after the other and each answer goes straight into one buffer.
"""

from __future__ import annotations

import ctypes
import struct
from collections import deque
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import repeat
from typing import Any

from pypdfium2 import raw

Box = tuple[float, float, float, float]
# Bytes of a box (FS_RECTF: four floats) and of a matrix (FS_MATRIX: six).
BOX_BYTES = ctypes.sizeof(raw.FS_RECTF)
MATRIX_BYTES = ctypes.sizeof(raw.FS_MATRIX)

# Stands for a number beyond Unicode.
NO_CHARACTER = "\uffff"


def _plain(function: Any, *takes: Any, gives: Any) -> Any:
    """Give a function of pdfium that takes and gives addresses as numbers."""
    plain = type(function)(ctypes.cast(function, ctypes.c_void_p).value)
    plain.argtypes, plain.restype = takes, gives
    return plain


_ADDRESS, _NUMBER, _REAL = ctypes.c_void_p, ctypes.c_int, ctypes.c_double
_unicode = _plain(raw.FPDFText_GetUnicode, _ADDRESS, _NUMBER, gives=ctypes.c_uint)
_loose_box = _plain(raw.FPDFText_GetLooseCharBox, _ADDRESS, _NUMBER, _ADDRESS, gives=_NUMBER)
_text_object = _plain(raw.FPDFText_GetTextObject, _ADDRESS, _NUMBER, gives=_ADDRESS)
_font_size = _plain(raw.FPDFText_GetFontSize, _ADDRESS, _NUMBER, gives=_REAL)
_matrix = _plain(raw.FPDFText_GetMatrix, _ADDRESS, _NUMBER, _ADDRESS, gives=_NUMBER)
_angle = _plain(raw.FPDFText_GetCharAngle, _ADDRESS, _NUMBER, gives=ctypes.c_float)
_is_generated = _plain(raw.FPDFText_IsGenerated, _ADDRESS, _NUMBER, gives=_NUMBER)
_paint = _plain(raw.FPDFTextObj_GetTextRenderMode, _ADDRESS, gives=_NUMBER)
_font = _plain(raw.FPDFTextObj_GetFont, _ADDRESS, gives=_ADDRESS)
_object = _plain(raw.FPDFPage_GetObject, _ADDRESS, _NUMBER, gives=_ADDRESS)
_kind = _plain(raw.FPDFPageObj_GetType, _ADDRESS, gives=_NUMBER)


def address_of(handle: Any) -> int:
    """Give the address that a handle of pypdfium2 holds."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


class Signs:
    """The first `count` signs of a text page. It must stay open as long as this is asked."""

    def __init__(self, handle: Any, count: int) -> None:
        self.handle = handle
        self.count = count
        self._page = repeat(address_of(handle))

    @cached_property
    def text(self) -> str:
        """Each sign as one character: as `codes`, in one call where pdfium has a number for each."""
        units = ctypes.create_string_buffer(2 * (self.count + 1))
        written = raw.FPDFText_GetText(self.handle, 0, self.count, ctypes.cast(units, ctypes.POINTER(ctypes.c_ushort)))
        text = units.raw[: 2 * self.count].decode("utf-16-le", "surrogatepass")
        if written == self.count + 1 and len(text) == self.count:
            return text
        return "".join(chr(code) if code <= 0x10FFFF else NO_CHARACTER for code in self.codes())

    def codes(self) -> list[int]:
        """Give the number of each sign in Unicode; halves of a pair, and what pdfium makes up, as they come."""
        return list(map(_unicode, self._page, range(self.count)))

    def is_hyphen(self, number: int) -> bool:
        """Tell whether a sign is a hyphen at the end of a line."""
        return bool(raw.FPDFText_IsHyphen(self.handle, number) == 1)

    def boxes(self) -> Iterable[Box]:
        """Give the loose box of each sign: left, top, right, bottom of the file; all 0 where it has none."""
        buffer = ctypes.create_string_buffer(BOX_BYTES * self.count)
        deque(map(_loose_box, self._page, range(self.count), _places(buffer, BOX_BYTES)), maxlen=0)
        return struct.iter_unpack("4f", buffer)

    def objects(self) -> list[int | None]:
        """Give the address of the text object that each sign belongs to; None for those that pdfium makes up."""
        return list(map(_text_object, self._page, range(self.count)))

    def font_sizes(self, numbers: Sequence[int]) -> list[float]:
        """Give the font size of some signs, before the matrix of their text."""
        return list(map(_font_size, self._page, numbers))

    def matrices(self, numbers: Sequence[int]) -> Iterable[tuple[float, ...]]:
        """Give the matrix a … f of some signs; all 0 for a sign without one."""
        buffer = ctypes.create_string_buffer(MATRIX_BYTES * len(numbers))
        deque(map(_matrix, self._page, numbers, _places(buffer, MATRIX_BYTES)), maxlen=0)
        return struct.iter_unpack("6f", buffer)

    def angles(self, numbers: Sequence[int]) -> list[float]:
        """Give the direction of some signs, in radians."""
        return list(map(_angle, self._page, numbers))

    def are_generated(self, numbers: Sequence[int]) -> list[int]:
        """Tell (1 for yes) which of some signs pdfium made up."""
        return list(map(_is_generated, self._page, numbers))


def paints_of(objects: Iterable[int | None]) -> list[int]:
    """Give the way in which each of some text objects is painted (FPDF_TEXTRENDERMODE)."""
    return list(map(_paint, objects))


def fonts_of(objects: Iterable[int | None]) -> list[int | None]:
    """Give the address of the font of each of some text objects."""
    return list(map(_font, objects))


def kinds_of(page: Any, count: int) -> list[int]:
    """Give the kind (FPDF_PAGEOBJ) of each of the first `count` objects of a page."""
    return list(map(_kind, map(_object, repeat(address_of(page)), range(count))))


def _places(buffer: ctypes.Array[ctypes.c_char], step: int) -> range:
    """Give the addresses of the parts of a buffer."""
    start = ctypes.addressof(buffer)
    return range(start, start + len(buffer), step)
