"""The columns of the tables as data: what CSV header, descriptor, JSON Schema and dictionary are made from."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

from pipeline.quick.classes import dataclass, fields

# What a cell may be, by the words in the annotations.
KINDS: dict[str, type] = {"str": str, "int": int, "bool": bool, "Decimal": Decimal}
# Columns that may hold an empty text although they are never null.
MAY_BE_EMPTY = frozenset({"text", "source_quote"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `attribute` of the row class, written as `name`, with its Python type and what it may hold."""

    attribute: str
    name: str
    type: type
    nullable: bool
    description: str
    enum: tuple[str, ...]
    format: str

    @property
    def required(self) -> bool:
        """True where no row leaves the cell empty."""
        return not self.nullable and not (self.type is str and self.name in MAY_BE_EMPTY)


def columns(row: Any) -> tuple[Column, ...]:
    """Give the columns of a row class of `pipeline.model.tables`, in the order of the table."""
    return _columns(row)


@cache
def _columns(row: Any) -> tuple[Column, ...]:
    found = []
    for field in fields(row):
        kind, nullable = _plain(row, field.name)
        found.append(
            Column(
                attribute=field.name,
                # `class` is a Python keyword, so the row class has `class_`.
                name=field.name.rstrip("_"),
                type=kind,
                nullable=nullable,
                description=field.metadata["description"],
                enum=field.metadata["enum"],
                format=field.metadata["format"],
            )
        )
    return tuple(found)


def _plain(row: Any, name: str) -> tuple[type, bool]:
    """Split `int | None`, as the class spells it, into int and True."""
    hint: str = row.__annotations__[name]
    return KINDS[hint.removesuffix(" | None")], hint.endswith(" | None")


def plain_number(value: Decimal) -> str:
    """Write a number in full, without exponent, thousands separators or closing zeros: 4E+4 → 40000."""
    whole = str(value)
    if whole.isdigit():
        return whole
    digits = format(value, "f")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return "0" if digits == "-0" else digits
