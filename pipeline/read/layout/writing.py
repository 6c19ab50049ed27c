"""Writes paragraphs and tables of printed pages as one text, noting where every character stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import repeat

from pipeline.model import Block, Cell, Layout, PageSize, PrintedLine, Span
from pipeline.model.source import BlockKind
from pipeline.read.layout.lines import Line
from pipeline.read.layout.paragraphs import LATIN, Paragraph
from pipeline.read.layout.tables import Table


class Writer:
    """Collects the text; `layout`, `blocks` and `doubts` tell of it."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._parts: list[str] = []
        self._length = 0
        self._lines: list[PrintedLine] = []
        self._doubts: list[Span] = []

    @property
    def text(self) -> str:
        """All that was written."""
        return "".join(self._parts)

    @property
    def doubts(self) -> tuple[Span, ...]:
        """The ranges of doubtful characters."""
        return tuple(self._doubts)

    def layout(self, sizes: Sequence[PageSize]) -> Layout:
        """Give where the text stands."""
        return Layout(tuple(sizes), tuple(self._lines))

    def paragraph(self, paragraph: Paragraph, kind: BlockKind = "paragraph") -> None:
        """Write one paragraph as one line."""
        self._part("\n")
        start = self._length
        self._write(paragraph.lines)
        page = paragraph.lines[0].page
        self.blocks.append(Block(kind, start, self._length, page, 0, centred=paragraph.centred, bold=paragraph.bold))

    def table(self, table: Table) -> None:
        """Write a table: cells parted by a tab, rows and the paragraphs of a cell by a line feed."""
        self._part("\n")
        start = self._length
        cells: list[Cell] = []
        row = 0
        for cell in table.cells:
            if cells:
                self._add("\n" if cell.row > row else "\t")
            row = cell.row
            begin = self._length
            for place, lines in enumerate(cell.paragraphs):
                if place:
                    self._add("\n")
                self._write(lines)
            cells.append(Cell(begin, self._length, cell.row, cell.column, cell.row_span, cell.column_span))
        self.blocks.append(Block("table", start, self._length, table.first_page, cells=tuple(cells)))

    def _part(self, mark: str) -> None:
        if self._parts:
            self._add(mark)

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def _write(self, lines: Iterable[Line]) -> None:
        before = ""
        for line in lines:
            if before and LATIN.match(before) and LATIN.match(line.text):
                self._add(" ")
            self._printed(line)
            before = line.text[-1]

    def _printed(self, line: Line) -> None:
        start = self._length
        self._add(line.text)
        edges = tuple(map(round, (*line.lefts, line.rights[-1]), repeat(2)))
        self._lines.append(
            PrintedLine(start, self._length, line.page, round(line.top, 2), round(line.bottom, 2), edges)
        )
        for place in line.doubtful:
            if self._doubts and self._doubts[-1].end == start + place:
                self._doubts[-1] = Span(self._doubts[-1].start, start + place + 1)
            else:
                self._doubts.append(Span(start + place, start + place + 1))
