"""Write docs/data-dictionary.md from the row classes of the output tables. Run it with: make dictionary"""

from __future__ import annotations

import dataclasses
import pathlib
import re
from typing import Any

from pipeline.model import TABLES

PAGE = pathlib.Path(__file__).with_name("data-dictionary.md")
INTRODUCTION = """# Data dictionary

Made by `make dictionary` from `pipeline/model/tables.py`; edit the descriptions there.

Every table is a CSV file in the output folder: UTF-8 without byte-order mark, LF line ends, comma, quotes doubled
inside quotes. An empty cell is null. Booleans are `true` and `false`, dates ISO 8601, numbers without thousands
separators. A column of type period holds an ISO 8601 year, month or day: `2025`, `2025-06`, `2025-06-30`. Offsets
count code points in `text/<document_id>.txt`, half open: `text[char_start:char_end] == quote`.
Columns may be added at the end of a table; none is renamed or removed without a new major version.
"""
TYPES = {"str": "text", "int": "integer", "Decimal": "number", "bool": "boolean"}


def dictionary() -> str:
    """Give the whole page: a heading and a table of columns for each output table."""
    return INTRODUCTION + "".join(section(table) for table in TABLES)


def section(table: type[Any]) -> str:
    """Give one output table: key, links to other tables, and a line for each column."""
    lines = [f"\n## {table.table}.csv\n"]
    if table.key:
        lines.append(f"Key: {listing(table.key)}.\n")
    if table.links:
        lines.append("Links: " + ", ".join(f"`{name}` → {other}" for name, other in table.links.items()) + ".\n")
    lines += ["| column | type | may be empty | meaning |", "|---|---|---|---|"]
    for field in dataclasses.fields(table):
        kind, null = column_type(field)
        lines.append(f"| `{field.name.rstrip('_')}` | {kind} | {null} | {meaning(field)} |")
    return "\n".join(lines) + "\n"


def column_type(field: dataclasses.Field[object]) -> tuple[str, str]:
    """Give the type in words and whether a cell may be empty, from the annotation such as `int | None`."""
    name, _, optional = str(field.type).partition(" | ")
    form = field.metadata["format"]
    return (form or TYPES[name]), ("yes" if optional else "")


def meaning(field: dataclasses.Field[object]) -> str:
    """Give the description, with the closed list of values where there is one."""
    values = field.metadata["enum"]
    text = field.metadata["description"] + (f". One of {listing(values)}" if values else "")
    return re.sub(r"(<\w+>)", r"`\1`", text).replace("|", "\\|")


def listing(names: tuple[str, ...]) -> str:
    """Give names as code, parted by commas."""
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    PAGE.write_text(dictionary(), encoding="utf-8", newline="\n")
