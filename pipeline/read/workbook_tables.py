"""The cells of a sheet → its titles and notes as paragraphs, its tables as tables, in reading order."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby

from pipeline.quick.classes import NamedTuple
from pipeline.read.workbook_sheet import Sheet, Value

# A note below a table: words that open one, or signs that the table refers to.
NOTE = re.compile(
    r"[（(\[【]?\s*(?:备?注|说明|附注|资料来源|数据来源|来源|填报说明)\s*[\d一二三]*\s*[】\])）]?\s*[:：.、]|[*＊※]"
)
# An entry of a table's head, such as 单位：亿元 or 填报日期：2025年3月.
ENTRY = re.compile(r"[^:：]{1,12}[:：]")
MOST_ENTRIES = 3
NUMBER = re.compile(r"[-+＋－<>≤≥＜＞约]?\s*\d")


class Placed(NamedTuple):
    """A cell among those that are seen: rows and columns without any that is hidden, counted from 0."""

    value: Value
    row: int
    column: int
    row_span: int
    column_span: int

    @property
    def last_row(self) -> int:
        """Give its last row."""
        return self.row + self.row_span - 1

    @property
    def last_column(self) -> int:
        """Give its last column."""
        return self.column + self.column_span - 1


class Paragraph(NamedTuple):
    """One line beside the tables."""

    value: Value


class Table(NamedTuple):
    """A table without empty rows and columns at its edges; its cells row by row, each once."""

    cells: tuple[Placed, ...]


Piece = Paragraph | Table


def pieces(sheet: Sheet) -> Iterator[Piece]:
    """Give what a sheet shows, from the top: lines that stand alone, and tables.

    Empty rows part tables, unless the rows below go on with figures; empty columns part tables that stand side by
    side. Rows with one cell are a title or a head above a table and notes below it; inside it they stay.
    """
    for rows in _groups(_placed(sheet)):
        yield from _pieces_of_group(rows)


def _placed(sheet: Sheet) -> list[Placed]:
    """Give the cells that are seen, merged ones as far as they are."""
    if not sheet.cells:
        return []
    last_row = max(row for row, _ in sheet.cells)
    last_column = max(column for _, column in sheet.cells)
    rows = sorted(sheet.hidden_rows)
    columns = sorted(
        {column for first, last in sheet.hidden_columns for column in range(first, min(last, last_column) + 1)}
    )
    found: list[Placed] = []
    for (row, column), value in sorted(sheet.cells.items()):
        area = sheet.merged.get((row, column))
        bottom, right = (min(area.bottom, last_row), min(area.right, last_column)) if area else (row, column)
        top, row_span = _seen(row, bottom, rows)
        left, column_span = _seen(column, right, columns)
        if row_span and column_span:
            found.append(Placed(value, top, left, row_span, column_span))
    return sorted(found, key=lambda cell: (cell.row, cell.column))


def _seen(first: int, last: int, hidden: list[int]) -> tuple[int, int]:
    """Give the place of the first row (column) among those that are seen, and how many are up to the last."""
    before, within = bisect_left(hidden, first), bisect_right(hidden, last)
    return first - before, last - first + 1 - (within - before)


def _groups(cells: Sequence[Placed]) -> Iterator[list[list[Placed]]]:
    """Part the rows at empty ones."""
    rows = [list(row) for _, row in groupby(cells, key=lambda cell: cell.row)]
    group: list[list[Placed]] = []
    end = -1
    for row in rows:
        if group and row[0].row > end + 1 and not _goes_on(group, row):
            yield group
            group = []
        group.append(row)
        end = max(end, *(cell.last_row for cell in row))
    if group:
        yield group


def _goes_on(group: list[list[Placed]], row: list[Placed]) -> bool:
    """Tell whether a row below an empty one belongs to the table above: it has figures in the same columns."""
    columns = {cell.column for cell in group[-1]}
    has_figures = any(cell.value.is_number or NUMBER.match(cell.value.words) for cell in row)
    return len(row) > 1 and has_figures and len(group[-1]) > 1 and columns >= {cell.column for cell in row}


def _pieces_of_group(rows: list[list[Placed]]) -> Iterator[Piece]:
    first, last = 0, len(rows)
    while first < last and _stands_alone(rows, first):
        first += 1
    while last > first + 1 and _is_note(rows[last - 1]):
        last -= 1
    yield from _lines(rows[:first])
    for table in _side_by_side([cell for row in rows[first:last] for cell in row]):
        yield from _table(table)
    yield from _lines(rows[last:])


def _lines(rows: Sequence[Sequence[Placed]]) -> Iterator[Paragraph]:
    for row in rows:
        for cell in row:
            for line in cell.value.words.split("\n"):
                yield Paragraph(cell.value._replace(words=line))


def _stands_alone(rows: list[list[Placed]], number: int) -> bool:
    """Tell whether a row above a table is a title or part of a head: one cell, or a few entries like 单位：亿元."""
    row = rows[number]
    if any(cell.row_span > 1 and _beside(rows, number, cell) for cell in row):
        return False
    if len(row) == 1:
        return True
    widest = max(len(other) for other in rows)
    return len(row) <= MOST_ENTRIES < widest and all(ENTRY.match(cell.value.words) for cell in row)


def _beside(rows: list[list[Placed]], number: int, cell: Placed) -> bool:
    """Tell whether rows begin beside a cell that covers several."""
    return number + 1 < len(rows) and rows[number + 1][0].row <= cell.last_row


def _is_note(row: Sequence[Placed]) -> bool:
    if len(row) != 1:
        return False
    return NOTE.match(row[0].value.words) is not None or (row[0].column_span > 1 and not row[0].value.is_number)


def _side_by_side(cells: list[Placed]) -> Iterator[list[Placed]]:
    """Part cells at columns that none of them fills, where both sides are tables of their own."""
    covered = {column for cell in cells for column in range(cell.column, cell.column + cell.column_span)}
    runs: list[list[int]] = []
    for column in sorted(covered):
        if runs and runs[-1][-1] == column - 1:
            runs[-1].append(column)
        else:
            runs.append([column])
    parts = [[cell for cell in cells if run[0] <= cell.column <= run[-1]] for run in runs]
    if len(parts) > 1 and all(_is_table(part) for part in parts):
        yield from parts
    elif cells:
        yield cells


def _is_table(cells: Sequence[Placed]) -> bool:
    return len({cell.row for cell in cells}) > 1 and len({cell.column for cell in cells}) > 1


def _table(cells: list[Placed]) -> Iterator[Piece]:
    """Give a table with its rows and columns counted anew; what has one row or column only is lines."""
    if not _is_table(cells):
        for _, row in groupby(cells, key=lambda cell: cell.row):
            yield from _lines([list(row)])
        return
    rows = sorted({cell.row for cell in cells})
    columns = sorted({cell.column for cell in cells})
    yield Table(tuple(_counted(cell, rows, columns) for cell in cells))


def _counted(cell: Placed, rows: list[int], columns: list[int]) -> Placed:
    """Count the place of a cell in rows and columns that begin a cell somewhere."""
    top, below = bisect_left(rows, cell.row), bisect_right(rows, cell.last_row)
    left, beyond = bisect_left(columns, cell.column), bisect_right(columns, cell.last_column)
    return Placed(cell.value, top, left, below - top, beyond - left)
