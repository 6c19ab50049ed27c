"""Tables of printed pages that go on over the end of a page: their parts become one table."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.quick.pattern import pattern
from pipeline.read.layout.tables import Table, TableCell

# Columns of the two parts of a table stand below each other within this, in points.
SAME_COLUMN = 8.0
# A column that is filled in this share of the rows is empty only where a row goes on from the page before.
USUALLY_FILLED = 0.8
SENTENCE_END = "。；！"
# A head may hold years, but no other figure: a row that does is one of the table's own.
FIGURE = pattern(r"(?!(?:19|20)\d\d$)[\d.,，%％]+")


class Growing:
    """A table with what was joined to it so far. Joining one more part looks at that part and the last row alone."""

    def __init__(self, table: Table) -> None:
        self._first = table
        self._page, self._bottom = table.page, table.bottom
        # In the order in which they came; sorted at the end.
        self._cells: list[TableCell] = []
        self._rows = 0
        self._by_row: dict[int, list[int]] = defaultdict(list)
        self._by_column: dict[int, list[int]] = defaultdict(list)
        # Of the cells of one row: how many stand in each row and column, and how many of the latter are empty.
        self._in_row: Counter[int] = Counter()
        self._in_column: Counter[int] = Counter()
        self._empty: Counter[int] = Counter()
        for cell in table.cells:
            self._add(cell)
        # Those that reach down to the end.
        self._last = self._reaching(range(len(self._cells)))

    def whole(self) -> Table:
        """Give all parts as one table."""
        if self._page == self._first.page:
            return self._first
        cells = sorted(self._cells, key=lambda cell: (cell.row, cell.column))
        return replace(self._first, cells=tuple(cells), page=self._page, bottom=self._bottom)

    def goes_on(self, second: Table) -> bool:
        """Tell whether `second`, at the head of the next page, has the columns of this, at the foot of its page."""
        first = self._first
        if second.page != self._page + 1 or len(first.edges) != len(second.edges):
            return False
        if not (first.drawn and second.drawn):
            return first.drawn == second.drawn and _alike(first.edges, second.edges)
        shift = second.edges[0] - first.edges[0]
        return all(
            abs(after - before - shift) <= SAME_COLUMN for before, after in zip(first.edges, second.edges, strict=True)
        )

    def join(self, second: Table) -> list[str]:
        """Add a part; give the words of the head that was printed again and is left out."""
        repeated = self._repeated_head(second)
        left_out = [cell.words for number in range(repeated) for cell in second.row(number) if cell.words]
        rest = [replace(cell, row=cell.row - repeated) for cell in second.cells if cell.row >= repeated]
        self._page, self._bottom = second.page, second.bottom
        if not rest:
            return left_out
        opening = [cell for cell in rest if cell.row == 0]
        cut = self._is_cut_row(opening)
        start = self._rows - (1 if cut else 0)
        known = len(self._cells)
        last_of = {self._cells[place].column: place for place in self._last}
        grown = max((cell.row_span for cell in opening), default=1)
        for cell in opening:
            place = last_of.get(cell.column)
            before = self._cells[place] if place is not None else None
            if place is None or before is None or before.column_span != cell.column_span:
                self._add(replace(cell, row=start))
            elif cut and cell.row_span == 1:
                self._change(place, _with_more(before, cell, grown - 1))
            elif not cell.paragraphs and not cut:
                self._change(place, replace(before, row_span=before.row_span + cell.row_span))
            else:
                self._add(replace(cell, row=start))
        for cell in rest:
            if cell.row > 0:
                self._add(replace(cell, row=cell.row + start))
        self._last = self._reaching([*self._last, *range(known, len(self._cells))])
        return left_out

    def _add(self, cell: TableCell) -> None:
        self._by_row[cell.row].append(len(self._cells))
        self._by_column[cell.column].append(len(self._cells))
        self._cells.append(cell)
        self._count(cell, 1)

    def _change(self, place: int, cell: TableCell) -> None:
        self._count(self._cells[place], -1)
        self._cells[place] = cell
        self._count(cell, 1)

    def _count(self, cell: TableCell, step: int) -> None:
        self._rows = max(self._rows, cell.row + cell.row_span)
        if cell.row_span == 1:
            self._in_row[cell.row] += step
            self._in_column[cell.column] += step
            self._empty[cell.column] += 0 if cell.paragraphs else step
            if not self._in_row[cell.row]:
                del self._in_row[cell.row]

    def _reaching(self, places: Sequence[int]) -> list[int]:
        """Give those cells that reach down to the end, from the first row and column on."""
        found = [place for place in places if self._cells[place].row + self._cells[place].row_span == self._rows]
        return sorted(found, key=lambda place: (self._cells[place].row, self._cells[place].column, place))

    def _row(self, number: int) -> list[TableCell]:
        return sorted((self._cells[place] for place in self._by_row[number]), key=lambda cell: cell.column)

    def _repeated_head(self, second: Table) -> int:
        """Give how many rows at the head of `second` say the same as those of this table."""
        count, most, rows = 0, second.rows, self._rows
        while count < min(rows, most):
            here = [(cell.column, cell.column_span, cell.words) for cell in self._row(count)]
            there = [(cell.column, cell.column_span, cell.words) for cell in second.row(count)]
            holds_figures = any(FIGURE.fullmatch(words) for _, _, words in here)
            if here != there or holds_figures or not any(words for _, _, words in here):
                break
            count += 1
        return count if count < most or count == rows else 0

    def _is_cut_row(self, opening: Sequence[TableCell]) -> bool:
        """Tell whether the next page opens with the rest of the last row: a cell is empty that always is filled."""
        if not any(cell.paragraphs for cell in opening):
            return False
        return any(
            self._in_column[cell.column] >= USUALLY_FILLED * len(self._in_row) and self._is_always_filled(cell.column)
            for cell in opening
            if not cell.paragraphs
        )

    def _is_always_filled(self, column: int) -> bool:
        """Tell whether the cells of a column are filled, but for the head of it."""
        empty = self._empty[column]
        if self._in_column[column] > 1:
            first = next(place for place in self._by_column[column] if self._cells[place].row_span == 1)
            empty -= not self._cells[first].paragraphs
        return empty == 0


def _alike(first: Sequence[float], second: Sequence[float]) -> bool:
    """Tell whether columns that are only known by their words lie below each other for the greater part."""
    return all(
        min(end, other_end) - max(start, other_start) > 0.5 * min(end - start, other_end - other_start)
        for (start, end), (other_start, other_end) in zip(pairwise(first), pairwise(second), strict=True)
    )


def _with_more(cell: TableCell, more: TableCell, rows: int) -> TableCell:
    """Give a cell with what stands of it on the next page: one sentence goes on, another begins anew."""
    paragraphs = cell.paragraphs
    if paragraphs and more.paragraphs and not paragraphs[-1][-1].text.endswith(tuple(SENTENCE_END)):
        joined = (*paragraphs[:-1], paragraphs[-1] + more.paragraphs[0], *more.paragraphs[1:])
    else:
        joined = paragraphs + more.paragraphs
    return replace(cell, paragraphs=joined, row_span=cell.row_span + rows)
