"""An output folder of `zhengce run` read back, table by table, without holding a table in memory."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from pipeline.write import columns

Row = TypeVar("Row")
# A cell may hold a whole section; the csv module stops at 131072 characters unless told otherwise.
LONGEST_CELL = 1 << 30


class NoDatasetError(Exception):
    """The folder holds no output of `zhengce run`."""


def cells_of(folder: Path, table: str) -> Iterator[dict[str, str]]:
    """Give the rows of a table as they are written. Raises NoDatasetError where the table is not there."""
    names, rows = open_table(folder, table)
    for cells in rows:
        yield dict(zip(names, cells, strict=False))


def open_table(folder: Path, table: str) -> tuple[list[str], Iterator[list[str]]]:
    """Give the names of the columns, and the rows as lists of cells: for tables of which few rows matter."""
    path = folder / f"{table}.csv"
    if not path.is_file():
        raise NoDatasetError(f"{folder} holds no {table}.csv. Give the output folder of `zhengce run`.")
    csv.field_size_limit(LONGEST_CELL)
    rows = _rows(path)
    return next(rows, []), rows


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.reader(file)


def row_of(kind: type[Row], cells: Mapping[str, str]) -> Row:
    """Make a row of its class from written cells; a column that an older folder lacks is empty."""
    values = {}
    for column in columns(kind):
        words = cells.get(column.name, "")
        empty: Any = None if column.nullable or column.type is not str else ""
        values[column.attribute] = _read(column.type, words) if words else empty
    return kind(**values)


def _read(kind: type, words: str) -> Any:
    if kind is bool:
        return words == "true"
    return Decimal(words) if kind is Decimal else kind(words)
