"""Tables of printed pages: the words of each cell, and tables that go on over the end of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.quick.pattern import pattern
from pipeline.read.layout.grid import Grid, cell_at
from pipeline.read.layout.lines import Line, lines_of
from pipeline.read.layout.paragraphs import joined_cell
from pipeline.read.printed import Glyph

# Columns of the two parts of a table stand below each other within this, in points.
SAME_COLUMN = 8.0
PADDING = (1.0, 6.0)
# Between a table and a frame around it lies less than this, in points.
MARGIN = 20.0
# A column that is filled in this share of the rows is empty only where a row goes on from the page before.
USUALLY_FILLED = 0.8
SENTENCE_END = "。；！"
# A head may hold years, but no other figure: a row that does is one of the table's own.
FIGURE = pattern(r"(?!(?:19|20)\d\d$)[\d.,，%％]+")


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


def table_of(grid: Grid, glyphs: Sequence[Glyph], page: int, grid_gap: float) -> Table | None:
    """Give the words of a drawn table; None where fewer than two rows and columns hold any."""
    inside: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        cell = cell_at(grid, glyph)
        if cell is not None:
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


def goes_on(first: Table, second: Table) -> bool:
    """Tell whether `second`, at the head of the next page, has the columns of `first`, at the foot of its page."""
    if second.page != first.page + 1 or len(first.edges) != len(second.edges):
        return False
    if not (first.drawn and second.drawn):
        return first.drawn == second.drawn and _alike(first.edges, second.edges)
    shift = second.edges[0] - first.edges[0]
    return all(
        abs(after - before - shift) <= SAME_COLUMN for before, after in zip(first.edges, second.edges, strict=True)
    )


def _alike(first: Sequence[float], second: Sequence[float]) -> bool:
    """Tell whether columns that are only known by their words lie below each other for the greater part."""
    return all(
        min(end, other_end) - max(start, other_start) > 0.5 * min(end - start, other_end - other_start)
        for (start, end), (other_start, other_end) in zip(pairwise(first), pairwise(second), strict=True)
    )


def stitched(first: Table, second: Table) -> tuple[Table, list[str]]:
    """Give both parts as one table, and the words of the head that was printed again and is left out."""
    repeated = _repeated_head(first, second)
    left_out = [cell.words for number in range(repeated) for cell in second.row(number) if cell.words]
    rest = [replace(cell, row=cell.row - repeated) for cell in second.cells if cell.row >= repeated]
    if not rest:
        return replace(first, page=second.page, bottom=second.bottom), left_out
    opening = [cell for cell in rest if cell.row == 0]
    cut = _is_cut_row(first, opening)
    rows = first.rows
    cells = list(first.cells)
    last_of = {cell.column: place for place, cell in enumerate(cells) if cell.row + cell.row_span == rows}
    grown = max((cell.row_span for cell in opening), default=1)
    for cell in opening:
        place = last_of.get(cell.column)
        same = place is not None and cells[place].column_span == cell.column_span
        if place is not None and same and cut and cell.row_span == 1:
            cells[place] = _with_more(cells[place], cell, grown - 1)
        elif place is not None and same and not cell.paragraphs and not cut:
            cells[place] = replace(cells[place], row_span=cells[place].row_span + cell.row_span)
        else:
            cells.append(replace(cell, row=rows - (1 if cut else 0)))
    for cell in rest:
        if cell.row > 0:
            cells.append(replace(cell, row=cell.row + rows - (1 if cut else 0)))
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return replace(first, cells=tuple(cells), page=second.page, bottom=second.bottom), left_out


def _with_more(cell: TableCell, more: TableCell, rows: int) -> TableCell:
    """Give a cell with what stands of it on the next page: one sentence goes on, another begins anew."""
    paragraphs = cell.paragraphs
    if paragraphs and more.paragraphs and not paragraphs[-1][-1].text.endswith(tuple(SENTENCE_END)):
        joined = (*paragraphs[:-1], paragraphs[-1] + more.paragraphs[0], *more.paragraphs[1:])
    else:
        joined = paragraphs + more.paragraphs
    return replace(cell, paragraphs=joined, row_span=cell.row_span + rows)


def _repeated_head(first: Table, second: Table) -> int:
    """Give how many rows at the head of `second` say the same as those of `first`."""
    count = 0
    while count < min(first.rows, second.rows):
        here = [(cell.column, cell.column_span, cell.words) for cell in first.row(count)]
        there = [(cell.column, cell.column_span, cell.words) for cell in second.row(count)]
        holds_figures = any(FIGURE.fullmatch(words) for _, _, words in here)
        if here != there or holds_figures or not any(words for _, _, words in here):
            break
        count += 1
    return count if count < second.rows or count == first.rows else 0


def _is_cut_row(first: Table, opening: Sequence[TableCell]) -> bool:
    """Tell whether the first row of the next page goes on with the last one: a cell is empty that always is filled."""
    filled = {cell.column for cell in opening if cell.paragraphs}
    if not filled:
        return False
    begun = [cell for cell in first.cells if cell.row_span == 1]
    rows = {cell.row for cell in begun}
    for cell in opening:
        if cell.paragraphs:
            continue
        own = [other for other in begun if other.column == cell.column]
        if len(own) >= USUALLY_FILLED * len(rows) and all(other.paragraphs for other in own[1:] or own):
            return True
    return False
