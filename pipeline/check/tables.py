"""Check tables: encoding, header, types, enums, keys, links."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.check.faults import Fault
from pipeline.model.tables import TABLES
from pipeline.quick.classes import dataclass
from pipeline.write import Column, columns
from pipeline.write.package import PERIOD_PATTERN

FORMS = {
    int: re.compile(r"-?(0|[1-9][0-9]*)"),
    Decimal: re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?"),
    bool: re.compile(r"true|false"),
}
FORM_NAMES = {int: "an integer", Decimal: "a plain number", bool: "true or false"}
PERIOD = re.compile(PERIOD_PATTERN)


@dataclass(frozen=True, slots=True)
class Row:
    """One row as read: the line on which it starts, and its cells by column."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells[name]

    def span(self) -> tuple[int, int] | None:
        """Give char_start and char_end, None where either is no number."""
        start, end = self.cells["char_start"], self.cells["char_end"]
        return (int(start), int(end)) if start.isdecimal() and end.isdecimal() else None


@dataclass(frozen=True, slots=True)
class Table:
    """One table as read, with the row class that says what it must hold."""

    row: Any
    rows: tuple[Row, ...]

    @property
    def file(self) -> str:
        return f"{self.row.table}.csv"


def read_tables(folder: Path, faults: list[Fault]) -> dict[str, Table]:
    """Read all tables; a missing or broken one is empty and a fault."""
    return {row.table: Table(row, tuple(_read(folder / f"{row.table}.csv", row, faults))) for row in TABLES}


def _read(path: Path, row: Any, faults: list[Fault]) -> Iterator[Row]:
    try:
        words = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        faults.append(Fault(path.name, None, "the file is missing"))
        return
    except UnicodeDecodeError as error:
        faults.append(Fault(path.name, None, f"is not UTF-8 (byte {error.start})"))
        return
    if words.startswith("\ufeff"):
        faults.append(Fault(path.name, 1, "opens with a byte order mark"))
        words = words[1:]
    csv.field_size_limit(1 << 30)
    reader = csv.reader(io.StringIO(words, newline=""), strict=True)
    names = [column.name for column in columns(row)]
    start = 1
    try:
        for cells in reader:
            line, start = start, reader.line_num + 1
            if line == 1:
                if cells != names:
                    message = f"the columns are {','.join(cells)}, should be {','.join(names)}"
                    faults.append(Fault(path.name, 1, message))
                    return
            elif len(cells) != len(names):
                faults.append(Fault(path.name, line, f"{len(cells)} cells, should be {len(names)}"))
            else:
                yield Row(line, dict(zip(names, cells, strict=True)))
    except csv.Error as error:
        faults.append(Fault(path.name, start, f"is no CSV: {error}"))
    if start == 1:
        faults.append(Fault(path.name, None, "has no header"))


def check_tables(tables: Mapping[str, Table]) -> Iterator[Fault]:
    """Check the cells, keys and links of all tables."""
    for table in tables.values():
        yield from _cells(table)
        yield from _keys(table)
        yield from _links(table, tables)


def _cells(table: Table) -> Iterator[Fault]:
    for column in columns(table.row):
        for row in table.rows:
            if wrong := wrong_cell(column, row[column.name]):
                yield Fault(table.file, row.line, f"{column.name}: {wrong}")


def wrong_cell(column: Column, cell: str) -> str | None:
    """Tell what is wrong with a cell, None if nothing is."""
    if not cell:
        return "is empty" if column.required else None
    form = FORMS.get(column.type)
    if form is not None and not form.fullmatch(cell):
        return f"{cell!r} is not {FORM_NAMES[column.type]}"
    if column.enum and cell not in column.enum:
        return f"{cell!r} is none of {', '.join(column.enum)}"
    if column.format == "date" and not _is_date(cell):
        return f"{cell!r} is no date like 2024-03-01"
    if column.format == "period" and not (PERIOD.fullmatch(cell) and _is_date((cell + "-01-01")[:10])):
        return f"{cell!r} is no year, month or day like 2024, 2024-03, 2024-03-01"
    return None


def _is_date(cell: str) -> bool:
    try:
        return date.fromisoformat(cell).isoformat() == cell
    except ValueError:
        return False


def _keys(table: Table) -> Iterator[Fault]:
    for key in table.row.key:
        counts = Counter(row[key] for row in table.rows)
        for row in table.rows:
            if counts[row[key]] > 1:
                yield Fault(table.file, row.line, f"{key}: {row[key]} stands {counts[row[key]]} times")


def _links(table: Table, tables: Mapping[str, Table]) -> Iterator[Fault]:
    for name, target in table.row.links.items():
        key = tables[target].row.key[0]
        known = {row[key] for row in tables[target].rows}
        for row in table.rows:
            if row[name] and row[name] not in known:
                yield Fault(table.file, row.line, f"{name}: {row[name]} is not in {target}.csv")
