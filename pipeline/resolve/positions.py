"""Where a passage stands: on which page, in which boxes of it, in which cell of which table."""

from __future__ import annotations

from bisect import bisect_right

from pipeline.model import Text
from pipeline.model.tables import Box, CellPlace, Position


class Positions:
    """Looks up the place of passages of one document."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._blocks = [block.start for block in text.blocks]
        self._sources = [block.start for block in text.source.blocks]
        self._layout = text.source.layout
        self._paged = any(block.page is not None for block in (*text.source.blocks, *text.blocks))
        self._lines = [line.start for line in self._layout.lines] if self._layout else []
        tables = [place for place, block in enumerate(text.blocks) if block.cells]
        self._tables = {place: number for number, place in enumerate(tables, start=1)}
        # False where the format tells neither boxes nor cells, so that no passage has a position.
        self.told = self._layout is not None or bool(tables)

    def page(self, start: int) -> int | None:
        """Give the page, from 1, on which the character at `start` of the text stands; None without pages."""
        if self._layout is None and not self._paged:
            return None
        at = self._text.alignment.to_source(start, start + 1).start
        if self._layout is not None:
            line = bisect_right(self._lines, at) - 1
            return self._layout.lines[max(line, 0)].page if self._lines else None
        block = bisect_right(self._sources, at) - 1
        page = self._text.source.blocks[block].page if block >= 0 else None
        if page is None:
            block = bisect_right(self._blocks, start) - 1
            page = self._text.blocks[block].page if block >= 0 else None
        return page

    def of(self, start: int, end: int) -> Position | None:
        """Give the boxes and the table cell of text[start:end]; None where the format tells neither."""
        boxes = self._boxes(start, end)
        cell = self._cell(start)
        return Position(start, end, boxes, cell) if boxes or cell else None

    def _boxes(self, start: int, end: int) -> tuple[Box, ...]:
        """Give a box for each printed line that the passage runs over."""
        if self._layout is None or end <= start:
            return ()
        span = self._text.alignment.to_source(start, end)
        found: list[Box] = []
        for line in self._layout.lines[max(bisect_right(self._lines, span.start) - 1, 0) :]:
            if line.start >= span.end:
                break
            first, last = max(span.start, line.start) - line.start, min(span.end, line.end) - line.start
            if first < last:
                found.append(Box(line.page, line.edges[first], line.top, line.edges[last], line.bottom))
        return tuple(found)

    def _cell(self, start: int) -> CellPlace | None:
        place = bisect_right(self._blocks, start) - 1
        if place not in self._tables:
            return None
        cells = self._text.blocks[place].cells
        cell = next((cell for cell in cells if cell.start <= start < max(cell.end, cell.start + 1)), None)
        return CellPlace(self._tables[place], cell.row + 1, cell.column + 1) if cell else None
