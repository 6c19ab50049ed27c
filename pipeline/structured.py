"""The tables of an output folder, read row by row."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

# The text of a section may be longer than the limit that Python sets for a cell.
LONGEST_CELL = 1 << 30


class NoDatasetError(Exception):
    """The folder holds no output of `zhengce run`."""


def read_rows(folder: Path, table: str) -> Iterator[dict[str, str]]:
    """Give the rows of a table as words by column, in the order of the file.

    Raises NoDatasetError where the table is not there.
    """
    path = folder / f"{table}.csv"
    if not path.is_file():
        raise NoDatasetError(f"{folder} holds no {table}.csv. Give the output folder of `zhengce run`.")
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
