"""JSON text: any value with one line an entry, and the rows of a table as the objects that stand for them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from json.encoder import encode_basestring
from math import isfinite
from operator import attrgetter
from typing import Any

from pipeline.quick.classes import NamedTuple
from pipeline.write.columns import Column, plain_number

# Cells that hold several values joined by `;` are lists in JSON.
LISTS = frozenset(
    {"issuers", "addressees", "copied_to", "lead", "responsible", "participants", "years", "aliases"}
    | {"also_functions", "candidates", "successors", "successor_ids"}
)
PLAIN = json.JSONEncoder(ensure_ascii=False).encode
# What is no object and no list, by its very type.
LEAVES: dict[type, Callable[[Any], str]] = {
    str: encode_basestring, int: str, Decimal: plain_number, bool: {True: "true", False: "false"}.__getitem__,
    type(None): {None: "null"}.__getitem__, float: lambda value: repr(value) if isfinite(value) else PLAIN(value),
}  # fmt: skip


def dumps(value: Any) -> str:
    """Write JSON with one line an entry and every number in full, which `json` cannot do for Decimal."""
    pieces: list[str] = []
    _write(value, "\n", pieces.append)
    pieces.append("\n")
    return "".join(pieces)


def _write(value: Any, margin: str, put: Callable[[str], None]) -> None:
    """Hand the pieces of a value to `put`, so that what is deep inside is not copied on every level above it."""
    inner = margin + " "
    if isinstance(value, dict) and value:
        opening = "{"
        for key, item in value.items():
            put(f"{opening}{inner}{PLAIN(str(key))}: ")
            _write(item, inner, put)
            opening = ","
        put(margin + "}")
    elif isinstance(value, list) and value:
        opening = "["
        for item in value:
            put(opening + inner)
            _write(item, inner, put)
            opening = ","
        put(margin + "]")
    else:
        put(plain(value))


def plain(value: Any) -> str:
    """Write a value that holds no others."""
    return LEAVES.get(type(value), PLAIN)(value)


def flat(values: Any, margin: str) -> str:
    """Write a named tuple of plain values as an object at `margin`."""
    return _template(values._fields, margin) % tuple([LEAVES[type(value)](value) for value in values])


def listed(items: Sequence[str], margin: str) -> str:
    """Write a list at `margin` (a line feed and the spaces before the list's end) of items that are JSON already."""
    inner = margin + " "
    return f"[{inner}{f',{inner}'.join(items)}{margin}]" if items else "[]"


Cells = tuple[str, ...]


class Shape(NamedTuple):
    """How rows of a table become objects: `names` of the fields, what takes their values out of a row and writes them.

    `lists` tells that a field is a list, which stands at the margin of its own object.
    """

    names: tuple[str, ...]
    values_of: Callable[[Any], tuple[Any, ...]]
    writers: tuple[Callable[[Iterable[Any]], Sequence[str]], ...]
    lists: bool

    def cells(self, rows: Sequence[Any]) -> list[Cells]:
        """Write the values of each row; column by column, for all values of a column have one type."""
        columns = zip(*map(self.values_of, rows), strict=True)
        return list(zip(*(write(column) for write, column in zip(self.writers, columns, strict=True)), strict=True))

    def entry(self, cells: Cells, margin: str, *more: str) -> str:
        """Write the object of a row at `margin`; `more` are the texts of further fields."""
        if self.lists:
            # A line feed inside a text is escaped, so that each that stands here belongs to a list.
            cells = tuple([cell.replace("\n", margin + " ") for cell in cells])
        return _template(self.names, margin) % (cells + more)

    def entries(self, rows: Iterable[Cells], margin: str) -> Iterator[str]:
        """Write the objects of rows without further fields."""
        if self.lists:
            return (self.entry(cells, margin) for cells in rows)
        return map(_template(self.names, margin).__mod__, rows)

    def opened(self, cells: Cells, margin: str, *more: str) -> str:
        """Write the same without its end, for fields that are written after it."""
        return self.entry(cells, margin, *more)[: -len(margin) - 1]


@lru_cache(maxsize=1024)
def _template(names: tuple[str, ...], margin: str) -> str:
    fields = (f"{margin} {PLAIN(name)}: %s" for name in names)
    return f"{{{','.join(fields)}{margin}}}"


@cache
def shape(columns: tuple[Column, ...], *more: str) -> Shape:
    """Give the shape of rows with these columns, and with further fields after them."""
    names = tuple(column.name for column in columns)
    lists = any(name in LISTS for name in names)
    return Shape((*names, *more), attrgetter(*(c.attribute for c in columns)), tuple(map(_writer, columns)), lists)


def _writer(column: Column) -> Callable[[Iterable[Any]], Sequence[str]]:
    if column.name in LISTS:
        return lambda cells: [_split(cell) for cell in cells]
    write = LEAVES[column.type]
    if column.nullable:
        return lambda cells: ["null" if cell is None else write(cell) for cell in cells]
    return lambda cells: list(map(write, cells))


def _split(cell: str | None) -> str:
    return listed(list(map(encode_basestring, cell.split(";"))), "\n") if cell else "[]"
