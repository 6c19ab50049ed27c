"""Small PDFs for tests, written by hand: text at its place, lines, boxes, forms, turned pages, broken bits.

Places are points from the upper left corner of the sheet as it is stored.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import cos, radians, sin

# How far below the upper edge of the type its base line lies.
BASE = 0.88
PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


@dataclass
class Sheet:
    """One page: what is drawn on it, and the entries of its dictionary."""

    width: float = 595
    height: float = 842
    rotate: int = 0
    box: tuple[float, float, float, float] | None = None
    crop: tuple[float, float, float, float] | None = None
    drawn: list[str] = field(default_factory=list)
    forms: list[Sheet] = field(default_factory=list)
    matrix: tuple[float, ...] = (1, 0, 0, 1, 0, 0)

    def text(
        self, x: float, top: float, words: str, size: float = 12, *, font: str = "F1", mode: int = 0, angle: float = 0
    ) -> Sheet:
        """Write a line. `mode` 2 is filled and stroked, 3 is invisible; `angle` turns it against the clock."""
        code = words.encode("utf-16-be" if font != "F2" else "latin-1").hex()
        turn = radians(angle)
        matrix = [cos(turn), sin(turn), -sin(turn), cos(turn), x, self.height - top - BASE * size]
        placed = " ".join(f"{value:.4f}" for value in matrix)
        self.drawn.append(f"BT /{font} {size} Tf {mode} Tr {placed} Tm <{code}> Tj ET")
        return self

    def column(self, x: float, top: float, lines: Sequence[str], size: float = 12, step: float = 20) -> Sheet:
        """Write lines below each other."""
        for number, line in enumerate(lines):
            self.text(x, top + number * step, line, size)
        return self

    def line(self, x0: float, y0: float, x1: float, y1: float, width: float = 0.5) -> Sheet:
        """Draw a stroke."""
        self.drawn.append(f"{width} w {x0} {self.height - y0} m {x1} {self.height - y1} l S")
        return self

    def rectangle(self, x0: float, y0: float, x1: float, y1: float, paint: str = "S", grey: float = 0) -> Sheet:
        """Draw a box: `paint` S strokes it, f fills it."""
        self.drawn.append(f"q {grey} g {grey} G {x0} {self.height - y1} {x1 - x0} {y1 - y0} re {paint} Q")
        return self

    def grid(self, edges: Sequence[float], heights: Sequence[float], *, thin: bool = False) -> Sheet:
        """Draw a whole table: strokes, or thin filled boxes cell by cell."""
        for y in heights:
            for x0, x1 in itertools.pairwise(edges):
                self.rectangle(x0, y, x1, y + 0.5, "f") if thin else self.line(x0, y, x1, y)
        for x in edges:
            for y0, y1 in itertools.pairwise(heights):
                self.rectangle(x, y0, x + 0.5, y1, "f") if thin else self.line(x, y0, x, y1)
        return self

    def image(self, x0: float, y0: float, x1: float, y1: float) -> Sheet:
        """Draw a grey picture."""
        self.drawn.append(
            f"q {x1 - x0} 0 0 {y1 - y0} {x0} {self.height - y1} cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q"
        )
        return self

    def form(self, sheet: Sheet, moved: str = "1 0 0 1 0 0") -> Sheet:
        """Draw another sheet, moved by a matrix."""
        self.forms.append(sheet)
        self.drawn.append(f"q {moved} cm /X{len(self.forms)} Do Q")
        return self


class _File:
    def __init__(self, password: str) -> None:
        self.parts: list[bytes] = []
        self.identity = b"0123456789abcdef"
        self.owner = hashlib.md5(b"owner").digest() * 2
        self.key = b""
        if password:
            padded = (password.encode() + PADDING)[:32]
            self.key = hashlib.md5(padded + self.owner + b"\xfc\xff\xff\xff" + self.identity).digest()[:5]

    def add(self, body: str | bytes) -> int:
        self.parts.append(body if isinstance(body, bytes) else body.encode("latin-1"))
        return len(self.parts)

    def stream(self, entries: str, data: bytes) -> int:
        number = len(self.parts) + 1
        if self.key:
            data = _rc4(hashlib.md5(self.key + number.to_bytes(3, "little") + b"\0\0").digest()[:10], data)
        return self.add(f"<<{entries}/Length {len(data)}>>stream\n".encode() + data + b"\nendstream")


def write_pdf(
    sheets: Sequence[Sheet],
    *,
    password: str = "",
    attachment: str = "",
    headings: Sequence[str] = (),
    fonts: bool = True,
    pages: str = "",
) -> bytes:
    """Give a PDF of some sheets. `pages` takes the place of the dictionary of the page tree, for broken files."""
    file = _File(password)
    catalog, tree = file.add(""), file.add("")
    resources = file.add("<</Font<<" + _fonts(file) + ">>>>") if fonts else file.add("<<>>")
    numbers = [_sheet(file, sheet, tree, resources) for sheet in sheets]
    kids = " ".join(f"{number} 0 R" for number in numbers)
    file.parts[tree - 1] = (pages or f"<</Type/Pages/Kids[{kids}]/Count {len(numbers)}>>").encode()
    more = _attached(file, attachment) if attachment else ""
    more += _outlines(file, headings, numbers[0]) if headings else ""
    file.parts[catalog - 1] = f"<</Type/Catalog/Pages {tree} 0 R{more}>>".encode()
    return _written(file, catalog)


def _written(file: _File, catalog: int) -> bytes:
    body = b"%PDF-1.7\n"
    places = []
    for number, part in enumerate(file.parts, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n".encode() + part + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    trailer = f"<</Size {len(places) + 1}/Root {catalog} 0 R/ID[<{file.identity.hex()}><{file.identity.hex()}>]"
    if file.key:
        user = _rc4(file.key, PADDING)
        trailer += f"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<{file.owner.hex()}>/U<{user.hex()}>>>"
    end = (
        f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}trailer\n{trailer}>>\nstartxref\n{len(body)}\n%%EOF\n"
    )
    return body + end.encode("latin-1")


def _fonts(file: _File) -> str:
    """Give a Chinese font whose Latin signs are half as wide, the same in bold, and a Latin one."""
    names = []
    for name, base in (("F1", "STSong-Light"), ("F3", "SimHei")):
        descriptor = file.add(
            f"<</Type/FontDescriptor/FontName/{base}/Flags 6/FontBBox[0 -120 1000 880]/ItalicAngle 0/Ascent 880"
            "/Descent -120/CapHeight 700/StemV 80>>"
        )
        below = file.add(
            f"<</Type/Font/Subtype/CIDFontType0/BaseFont/{base}/DW 1000/W[1 95 500]/FontDescriptor {descriptor} 0 R"
            "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>>>"
        )
        font = file.add(
            f"<</Type/Font/Subtype/Type0/BaseFont/{base}/Encoding/UniGB-UTF16-H/DescendantFonts[{below} 0 R]>>"
        )
        names.append(f"/{name} {font} 0 R")
    latin = file.add("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
    return " ".join([*names, f"/F2 {latin} 0 R"])


def _sheet(file: _File, sheet: Sheet, tree: int, resources: int) -> int:
    own = resources
    if sheet.forms:
        forms = " ".join(f"/X{n} {_form(file, form, resources)} 0 R" for n, form in enumerate(sheet.forms, start=1))
        fonts = file.parts[resources - 1].decode()[2:-2]
        own = file.add(f"<<{fonts}/XObject<<{forms}>>>>")
    content = file.stream("", "\n".join(sheet.drawn).encode("latin-1"))
    box = sheet.box or (0, 0, sheet.width, sheet.height)
    crop = f"/CropBox[{' '.join(map(str, sheet.crop))}]" if sheet.crop else ""
    return file.add(
        f"<</Type/Page/Parent {tree} 0 R/MediaBox[{' '.join(map(str, box))}]{crop}/Rotate {sheet.rotate}"
        f"/Resources {own} 0 R/Contents {content} 0 R>>"
    )


def _form(file: _File, sheet: Sheet, resources: int) -> int:
    matrix = " ".join(map(str, sheet.matrix))
    entries = f"/Type/XObject/Subtype/Form/BBox[-2000 -2000 4000 4000]/Matrix[{matrix}]/Resources {resources} 0 R"
    return file.stream(entries, "\n".join(sheet.drawn).encode("latin-1"))


def _attached(file: _File, name: str) -> str:
    inside = file.stream("/Type/EmbeddedFile", b"words")
    entry = file.add(f"<</Type/Filespec/F({name})/UF({name})/EF<</F {inside} 0 R>>>>")
    return f"/Names<</EmbeddedFiles<</Names[({name}){entry} 0 R]>>>>"


def _outlines(file: _File, headings: Sequence[str], page: int) -> str:
    root = len(file.parts) + 1
    file.add(f"<</Type/Outlines/First {root + 1} 0 R/Last {root + len(headings)} 0 R/Count {len(headings)}>>")
    for number, heading in enumerate(headings, start=root + 1):
        title = ("\ufeff" + heading).encode("utf-16-be").hex()
        following = f"/Next {number + 1} 0 R" if number < root + len(headings) else ""
        file.add(f"<</Title<{title}>/Parent {root} 0 R/Dest[{page} 0 R /Fit]{following}>>")
    return f"/Outlines {root} 0 R"


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    other = 0
    for index in range(256):
        other = (other + state[index] + key[index % len(key)]) % 256
        state[index], state[other] = state[other], state[index]
    first = other = 0
    out = bytearray()
    for byte in data:
        first = (first + 1) % 256
        other = (other + state[first]) % 256
        state[first], state[other] = state[other], state[first]
        out.append(byte ^ state[(state[first] + state[other]) % 256])
    return bytes(out)
