"""Tables of printed pages: the words of each cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.read.layout.grid import Grid, GridCell
from pipeline.read.layout.lines import Line, lines_of
from pipeline.read.layout.paragraphs import joined_cell
from pipeline.read.printed import Glyph

PADDING = (1.0, 6.0)
# Between a table and a frame around it lies less than this, in points.
MARGIN = 20.0


@dataclass(frozen=True)
class TableCell:
    """One cell: its place in the grid and its paragraphs, each a group of lines."""

    row: int
    column: int
    row_span: int
    column_span: int
    paragraphs: tuple[tuple[Line, ...], ...]

    @property
    def words(self) -> str:
        """The words without white space."""
        return "".join("".join(line.text.split()) for group in self.paragraphs for line in group)


@dataclass(frozen=True)
class Table:
    """A table: the page it begins on, its cells row by row, where its columns begin and end, its upper and lower edge.

    `page` is that of its last part.
    """

    page: int
    first_page: int
    cells: tuple[TableCell, ...]
    edges: tuple[float, ...]
    top: float
    bottom: float
    drawn: bool = True

    @property
    def rows(self) -> int:
        """The number of rows."""
        return max(cell.row + cell.row_span for cell in self.cells)

    def row(self, number: int) -> list[TableCell]:
        """Give the cells that begin in a row."""
        return [cell for cell in self.cells if cell.row == number]


def table_of(grid: Grid, glyphs: Sequence[tuple[Glyph, GridCell]], page: int, grid_gap: float) -> Table | None:
    """Give the words of a drawn table, from the glyphs in its cells; None where fewer than two columns hold any."""
    inside: dict[int, list[Glyph]] = {}
    for glyph, cell in glyphs:
        inside.setdefault(id(cell), []).append(glyph)
    cells: list[TableCell] = []
    for cell in grid.cells:
        lines = lines_of(inside.get(id(cell), []), page, grid_gap)
        inset = min((line.x0 - cell.box[0] for line in lines), default=0.0)
        width = cell.box[2] - cell.box[0] - 2 * min(max(inset, PADDING[0]), PADDING[1])
        groups = tuple(map(tuple, joined_cell(lines, width)))
        cells.append(TableCell(cell.row, cell.column, cell.row_span, cell.column_span, groups))
    if len({cell.column for cell in cells if cell.paragraphs}) < 2:
        return None
    table = _without_empty_rows(Table(page, page, tuple(cells), grid.edges, grid.box[1], grid.box[3]))
    return None if table is None else _without_frame(table)


def _without_frame(table: Table) -> Table:
    """Give the table without what lies between it and a frame around the page: outer columns of one empty cell."""
    rows = table.rows
    frame = [cell for cell in table.cells if cell.row_span == rows and not cell.paragraphs and cell.column_span == 1]
    last = len(table.edges) - 2
    left = any(cell.column == 0 for cell in frame)
    right = any(cell.column == last for cell in frame)
    if left != right:
        # On one side alone a broad one is the group of the page before, going on.
        width = table.edges[1] - table.edges[0] if left else table.edges[-1] - table.edges[-2]
        left, right = (left, right) if rows > 1 and width < MARGIN else (False, False)
    if not (left or right):
        return table
    cells = [
        replace(cell, column=cell.column - left)
        for cell in table.cells
        if not (left and cell.column == 0) and not (right and cell.column == last)
    ]
    return replace(table, cells=tuple(cells), edges=table.edges[left : len(table.edges) - right])


def _without_empty_rows(table: Table) -> Table | None:
    """Give the table without rows of nothing, which doubled border lines make."""
    empty = {
        number
        for number in range(table.rows)
        if all(not cell.paragraphs and cell.row_span == 1 for cell in table.row(number))
    }
    if not empty:
        return table
    cells = []
    for cell in table.cells:
        if cell.row in empty:
            continue
        lost_before = sum(number < cell.row for number in empty)
        lost_inside = sum(cell.row <= number < cell.row + cell.row_span for number in empty)
        cells.append(replace(cell, row=cell.row - lost_before, row_span=max(cell.row_span - lost_inside, 1)))
    return replace(table, cells=tuple(cells)) if cells else None
