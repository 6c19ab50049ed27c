"""Rows → CSV: UTF-8, LF, quotes only where RFC 4180 needs them, empty for null."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any

from pipeline.write.columns import Column, columns, plain_number


def header(row: type) -> str:
    """Give the first line of a table."""
    return ",".join(column.name for column in columns(row)) + "\n"


def line(row: Any) -> str:
    """Give one row as a line of CSV with its line feed."""
    return lines((row,))


def lines(rows: Sequence[Any]) -> str:
    """Give rows of one table as lines of CSV, each with its line feed; nothing for no rows.

    Null is written as nothing, truth as true or false, numbers in full. The table is written column by column, for
    all cells of a column have one type and are asked together whether any needs quotes.
    """
    if not rows:
        return ""
    row: type = type(rows[0])
    cells_of, writers = _shape(row)
    written = [write(cells) for write, cells in zip(writers, zip(*map(cells_of, rows), strict=True), strict=True)]
    return "\n".join([*map(",".join, zip(*written, strict=True)), ""])


Cells = tuple[Any, ...]
Writer = Callable[[Cells], Sequence[str]]


@cache
def _shape(row: type) -> tuple[Callable[[Any], Cells], tuple[Writer, ...]]:
    """Give what takes all cells out of a row, and for each column what writes its cells."""
    found = columns(row)
    return attrgetter(*(column.attribute for column in found)), tuple(map(_writer, found))


def _writer(column: Column) -> Writer:
    if column.type is str:
        return _words_or_null if column.nullable else _words
    of_type: dict[type, Callable[[Any], str]] = {int: str, bool: _truth, Decimal: plain_number}
    write = of_type[column.type]
    if not column.nullable:
        return lambda cells: list(map(write, cells))
    return lambda cells: ["" if cell is None else write(cell) for cell in cells]


def _words_or_null(cells: tuple[str | None, ...]) -> Sequence[str]:
    return _words(tuple([cell or "" for cell in cells]))


def _words(cells: tuple[str, ...]) -> Sequence[str]:
    return [_quoted(cell) for cell in cells] if _need_quotes("".join(cells)) else cells


def _quoted(words: str) -> str:
    return '"' + words.replace('"', '""') + '"' if _need_quotes(words) else words


def _need_quotes(words: str) -> bool:
    # Python's csv module leaves a lone carriage return unquoted in some versions; readers then break the row there.
    return "," in words or '"' in words or "\n" in words or "\r" in words


def _truth(value: bool) -> str:
    return "true" if value else "false"
