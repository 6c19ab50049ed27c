"""Rows → CSV: UTF-8, LF, quotes only where RFC 4180 needs them, empty for null."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from pipeline.write.columns import columns, plain_number

# Python's csv module leaves a lone carriage return unquoted in some versions; readers then break the row there.
NEEDS_QUOTES = re.compile(r'[",\r\n]')


def header(row: type) -> str:
    """Give the first line of a table."""
    return ",".join(column.name for column in columns(row)) + "\n"


def line(row: Any) -> str:
    """Give one row as a line of CSV with its line feed."""
    return ",".join(cell(getattr(row, column.attribute)) for column in columns(type(row))) + "\n"


def cell(value: str | int | bool | Decimal | None) -> str:
    """Write one value: null as nothing, truth as true or false, numbers in full."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain_number(value)
    words = str(value)
    return '"' + words.replace('"', '""') + '"' if NEEDS_QUOTES.search(words) else words
