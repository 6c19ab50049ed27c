"""Writes small OFD files as converters of word processors write them: for tests, with nothing but ZIP and XML.

The page is that of GB/T 9704 (公文格式): A4, type of 16 points, 28 characters a line, 22 lines a page, a page number at
the foot. No font is embedded; widths are one em for a Chinese character and half for others.
"""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from xml.sax.saxutils import escape

NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
POINT = 25.4 / 72
WIDTH, HEIGHT = 210.0, 297.0
LEFT, TOP = 26.0, 37.0
EM = 5.64
LINE_CHARACTERS = 28
LINES = 22
LINE = 9.88
FOOT = 279.0
TEXT_WIDTH = EM * LINE_CHARACTERS
TITLE_EM = 22 * POINT
CELL_EM = 12 * POINT
CELL_LINE = 6.0
CELL_EDGE = 1.5
NO_LINE_START = frozenset("—…，。、；：！？）》”’】〕%％")
NO_LINE_END = frozenset("（《“‘【〔")
BODY_FONT, HEADING_FONT, TITLE_FONT = 3, 4, 5

Style = Literal["title", "heading", "body", "right"]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph in one of four styles: centred title, heading, body (two characters in), right (落款)."""

    text: str
    style: Style = "body"


@dataclass(frozen=True)
class Cell:
    """A cell, standing once for all the grid places it covers; paragraphs in it are parted by a line feed."""

    text: str
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True)
class Table:
    """A ruled table: rows of the cells that begin in them. `widths` are shares of the columns, equal if empty."""

    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...] = ()


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page."""


Block = Paragraph | Table | PageBreak


@dataclass
class _Sheet:
    """A page while it is written: its objects, and how far down it is full."""

    objects: list[str] = field(default_factory=list)
    y: float = TOP


def write_ofd(blocks: Sequence[Block], *, by_character: bool = False) -> bytes:
    """Give an OFD file of the blocks.

    Two flavours of real converters: a TextObject a line and stroked lines, or (`by_character`) a TextObject a
    character and lines as thin filled areas.
    """
    writer = _Writer(by_character)
    for block in blocks:
        if isinstance(block, PageBreak):
            writer.turn()
        elif isinstance(block, Table):
            writer.table(block)
        else:
            writer.paragraph(block)
    return package(document_parts([content_xml("".join(sheet.objects)) for sheet in writer.finished()]))


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """Give a ZIP file of parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def document_parts(
    pages: Sequence[str], *, common: str = "", more: str = "", box: str = f"0 0 {WIDTH:g} {HEIGHT:g}"
) -> dict[str, str | bytes]:
    """Give the parts of a file of these pages; `common` goes into CommonData, `more` to the end of the document."""
    listed = "".join(
        f'<ofd:Page ID="{100 + number}" BaseLoc="Pages/Page_{number}/Content.xml"/>' for number in range(len(pages))
    )
    fonts = "".join(
        f'<ofd:Font ID="{number}" FontName="{name}" FamilyName="{name}"/>'
        for number, name in ((BODY_FONT, "仿宋_GB2312"), (HEADING_FONT, "黑体"), (TITLE_FONT, "方正小标宋简体"))
    )
    parts: dict[str, str | bytes] = {
        "OFD.xml": f'{HEAD}<ofd:OFD {NAMESPACE} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo>'
        "<ofd:DocID>0</ofd:DocID></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"{HEAD}<ofd:Document {NAMESPACE}><ofd:CommonData><ofd:MaxUnitID>9999</ofd:MaxUnitID>"
        f"<ofd:PageArea><ofd:PhysicalBox>{box}</ofd:PhysicalBox></ofd:PageArea>"
        f"<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>{common}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>{more}"
        "</ofd:Document>",
        "Doc_0/PublicRes.xml": f'{HEAD}<ofd:Res {NAMESPACE} BaseLoc="Res"><ofd:Fonts>{fonts}</ofd:Fonts></ofd:Res>',
    }
    for number, page in enumerate(pages):
        parts[f"Doc_0/Pages/Page_{number}/Content.xml"] = page
    return parts


def content_xml(objects: str, *, area: str = "", template: str = "") -> str:
    """Give the content part of a page."""
    boxed = f"<ofd:Area><ofd:PhysicalBox>{area}</ofd:PhysicalBox></ofd:Area>" if area else ""
    return (
        f"{HEAD}<ofd:Page {NAMESPACE}>{template}{boxed}<ofd:Content><ofd:Layer ID='1' Type='Body'>{objects}</ofd:Layer>"
        "</ofd:Content></ofd:Page>"
    )


def text_object(
    text: str,
    x: float,
    base_line: float,
    em: float = EM,
    *,
    distances: Sequence[float] | None = None,
    font: int = BODY_FONT,
    attributes: str = "",
) -> str:
    """Give a TextObject of one line whose base line is at (x, base_line), in millimetres."""
    steps = [share(character) * em for character in text[:-1]] if distances is None else distances
    delta = f' DeltaX="{delta_text(steps)}"' if steps else ""
    top = base_line - em
    return (
        f'<ofd:TextObject ID="9" Boundary="{x:g} {top:.4g} {sum(steps) + em:.6g} {em * 1.3:.4g}" Font="{font}" '
        f'Size="{em:.4g}"{attributes}><ofd:TextCode X="0" Y="{em:.4g}"{delta}>{escape(text)}</ofd:TextCode>'
        "</ofd:TextObject>"
    )


def path_object(x: float, y: float, width: float, height: float, data: str, attributes: str = "") -> str:
    """Give a PathObject with its own space at (x, y)."""
    return (
        f'<ofd:PathObject ID="8" Boundary="{x:.6g} {y:.6g} {width:.6g} {height:.6g}" LineWidth="0.2"{attributes}>'
        f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def delta_text(steps: Sequence[float]) -> str:
    """Write distances as DeltaX does: three or more equal ones in short, `g 27 5.64`."""
    written = [f"{step:.4g}" for step in steps]
    words: list[str] = []
    place = 0
    while place < len(written):
        end = place
        while end < len(written) and written[end] == written[place]:
            end += 1
        words += ["g", str(end - place), written[place]] if end - place > 2 else written[place:end]
        place = end
    return " ".join(words)


def share(character: str) -> float:
    """Give the width of a character in em."""
    return 1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.5


def extent(text: str) -> float:
    """Give the width of a text in em."""
    return sum(map(share, text))


def wrapped(text: str, most: float, indent: float = 0.0) -> list[str]:
    """Break a paragraph into lines of at most `most` em, the first shorter by `indent`.

    Figures and Latin words stay whole, no line begins with a closing mark or ends with an opening one.
    """
    lines: list[str] = []
    line, room = "", most - indent
    for word in _unbroken(text):
        if line and extent(line + word) > room:
            lines.append(line)
            line, room = "", most
        line += word
    return [*lines, line] if line else lines


def _unbroken(text: str) -> Iterator[str]:
    """Cut a text where a line may break."""
    word = ""
    for character in text:
        latin = word and share(word[-1]) < 1 and share(character) < 1
        kept = latin or character in NO_LINE_START or (word and word[-1] in NO_LINE_END)
        if word and not kept:
            yield word
            word = ""
        word += character
    if word:
        yield word


class _Writer:
    def __init__(self, by_character: bool) -> None:
        self.by_character = by_character
        self.sheets = [_Sheet()]

    @property
    def sheet(self) -> _Sheet:
        return self.sheets[-1]

    def turn(self) -> None:
        self.sheets.append(_Sheet())

    def finished(self) -> list[_Sheet]:
        """Give the pages, each with its number at the foot: right on odd pages, left on even ones."""
        for number, sheet in enumerate(self.sheets, start=1):
            text = f"— {number} —"
            em = 14 * POINT
            x = LEFT + em if number % 2 == 0 else LEFT + TEXT_WIDTH - em * (extent(text) + 1)
            sheet.objects.append(self._line(text, x, FOOT, em))
        return self.sheets

    def paragraph(self, paragraph: Paragraph) -> None:
        em = TITLE_EM if paragraph.style == "title" else EM
        font = {"title": TITLE_FONT, "heading": HEADING_FONT}.get(paragraph.style, BODY_FONT)
        indent = 2.0 if paragraph.style in ("heading", "body") else 0.0
        lines = wrapped(paragraph.text, TEXT_WIDTH / em + 0.01, indent)
        for place, line in enumerate(lines):
            if self.sheet.y + LINE > TOP + LINES * LINE + 0.01:
                self.turn()
            width = extent(line) * em
            first = indent * em if place == 0 else 0.0
            x, stretch = LEFT + first, 0.0
            if paragraph.style == "title":
                x = LEFT + (TEXT_WIDTH - width) / 2
            elif paragraph.style == "right":
                x = LEFT + TEXT_WIDTH - width - 2 * em
            elif place + 1 < len(lines) and len(line) > 1:
                stretch = (TEXT_WIDTH - first - width) / (len(line) - 1)
            self.sheet.objects.append(self._line(line, x, self.sheet.y + LINE * 0.7, em, font, stretch))
            self.sheet.y += LINE

    def _line(self, text: str, x: float, y: float, em: float, font: int = BODY_FONT, stretch: float = 0.0) -> str:
        steps = [share(character) * em + stretch for character in text]
        if not self.by_character:
            return text_object(text, x, y, em, distances=steps[:-1], font=font)
        places = [x + sum(steps[:place]) for place in range(len(text))]
        found = [text_object(c, at, y, em, font=font) for c, at in zip(text, places, strict=True) if not c.isspace()]
        return "".join(found)

    # Tables

    def table(self, table: Table) -> None:
        columns = sum(cell.column_span for cell in table.rows[0])
        shares = table.widths or (1.0,) * columns
        edges = [LEFT + TEXT_WIDTH * sum(shares[:place]) / sum(shares) for place in range(columns + 1)]
        placed = list(_placed(table))
        heights = self._heights(table, placed, edges)
        first = 0
        while first < len(heights):
            last = first + 1
            while any(row < last < row + cell.row_span for row, _, cell in placed):
                last += 1
            if self.sheet.y + sum(heights[first:last]) > TOP + LINES * LINE and self.sheet.y > TOP:
                self.turn()
            for row, column, cell in placed:
                if first <= row < last:
                    top = self.sheet.y + sum(heights[first:row])
                    height = sum(heights[row : row + cell.row_span])
                    self._cell(cell, edges[column], top, edges[column + cell.column_span], top + height)
            self.sheet.y += sum(heights[first:last])
            first = last
        self.sheet.y += LINE - CELL_LINE

    def _heights(self, table: Table, placed: list[tuple[int, int, Cell]], edges: list[float]) -> list[float]:
        heights = [CELL_LINE + 2 * CELL_EDGE] * len(table.rows)
        for row, column, cell in sorted(placed, key=lambda found: found[2].row_span):
            lines = cell_lines(cell, edges[column + cell.column_span] - edges[column])
            missing = len(lines) * CELL_LINE + 2 * CELL_EDGE - sum(heights[row : row + cell.row_span])
            heights[row + cell.row_span - 1] += max(missing, 0.0)
        return heights

    def _cell(self, cell: Cell, x0: float, top: float, x1: float, bottom: float) -> None:
        for edge in ((x0, top, x1, top), (x0, bottom, x1, bottom), (x0, top, x0, bottom), (x1, top, x1, bottom)):
            self.sheet.objects.append(self._edge(*edge))
        lines = cell_lines(cell, x1 - x0)
        y = (top + bottom - len(lines) * CELL_LINE) / 2
        for place, line in enumerate(lines):
            free = x1 - x0 - extent(line) * CELL_EM
            x = x0 + (free / 2 if len(lines) == 1 else CELL_EDGE)
            if line:
                self.sheet.objects.append(self._line(line, x, y + CELL_LINE * (place + 0.8), CELL_EM))

    def _edge(self, x0: float, y0: float, x1: float, y1: float) -> str:
        width, height = x1 - x0, y1 - y0
        if not self.by_character:
            return path_object(x0, y0, max(width, 0.2), max(height, 0.2), f"M 0 0 L {width:.6g} {height:.6g}")
        width, height = max(width, 0.2), max(height, 0.2)
        data = f"M 0 0 L {width:.6g} 0 L {width:.6g} {height:.6g} L 0 {height:.6g} C"
        return path_object(x0, y0, width, height, data, ' Fill="true" Stroke="false"')


def cell_lines(cell: Cell, width: float) -> list[str]:
    """Give the lines of a cell of a width in millimetres."""
    most = (width - 2 * CELL_EDGE) / CELL_EM
    return [line for paragraph in cell.text.split("\n") for line in wrapped(paragraph, most)]


def _placed(table: Table) -> Iterator[tuple[int, int, Cell]]:
    """Give row, column and cell: a cell goes to the first place of its row that none above covers."""
    covered: set[tuple[int, int]] = set()
    for row, cells in enumerate(table.rows):
        column = 0
        for cell in cells:
            while (row, column) in covered:
                column += 1
            yield row, column, cell
            covered |= {(row + r, column + c) for r in range(cell.row_span) for c in range(cell.column_span)}
