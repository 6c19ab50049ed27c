"""Write the made pages: docs/data-dictionary.md and docs/example-comparison.html. Run it with: make dictionary"""

from __future__ import annotations

import dataclasses
import pathlib
import re
from typing import Any

import pipeline
from pipeline.model import TABLES
from pipeline.model.changes import ChangeRow
from pipeline.model.history import PointRow
from pipeline.model.reports import ConsistencyRow, DuplicateRow
from pipeline.view.diff_page import diff_page

PAGE = pathlib.Path(__file__).with_name("data-dictionary.md")
EXAMPLE = pathlib.Path(__file__).with_name("example-comparison.html")
VERSIONS = pathlib.Path(__file__).parents[1] / "raw" / "versions"
INTRODUCTION = """# Data dictionary

Made by `make dictionary` from the row classes in `pipeline/model`; edit the descriptions there. First come the tables
of a run, then those that are [written on demand](#tables-written-on-demand).

Every table is a CSV file in the output folder: UTF-8 without byte-order mark, LF line ends, comma, quotes doubled
inside quotes. An empty cell is null. Booleans are `true` and `false`, dates ISO 8601, numbers without thousands
separators. A column of type period holds an ISO 8601 year, month or day: `2025`, `2025-06`, `2025-06-30`. Offsets
count code points in `text/<document_id>.txt`, half open: `text[char_start:char_end] == quote`.
Columns may be added at the end of a table; none is renamed or removed without a new major version.
"""
ON_DEMAND = """
# Tables written on demand

No part of the package that a run writes: a command writes them where `-o` says, in the same form. `document_id`,
`target_id` and the other ids are those of the tables above. [Comparing plans](comparing.md) and
[the history of an indicator](history.md) tell what the values mean.
"""
# What writes each of them.
COMMANDS: dict[type[Any], str] = {
    ChangeRow: "Written by `zhengce diff A B -o DIR`, with the same as JSON and as a page.",
    PointRow: "Written by `zhengce track TABLES INDICATOR -o FILE`; the name of the file is free.",
    DuplicateRow: "Written by `zhengce duplicates TABLES -o FILE`; the name of the file is free.",
    ConsistencyRow: "Written by `zhengce consistency TABLES -o FILE`; the name of the file is free.",
}
TYPES = {"str": "text", "int": "integer", "Decimal": "number", "bool": "boolean"}


def dictionary() -> str:
    """Give the whole page: a heading and a table of columns for each table of a run, then for those on demand."""
    of_a_run = "".join(section(table) for table in TABLES)
    return INTRODUCTION + of_a_run + ON_DEMAND + "".join(section(table, COMMANDS[table]) for table in COMMANDS)


def example() -> str:
    """Give the page of a comparison of the two school plans of the samples."""
    return diff_page(pipeline.diff(VERSIONS / "school-plan-2021.txt", VERSIONS / "school-plan-2024.txt"))


def section(table: type[Any], origin: str = "") -> str:
    """Give one table: what writes it, key, links to other tables, and a line for each column."""
    lines = [f"\n## {table.table}.csv\n"]
    if origin:
        lines.append(f"{origin}\n")
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
    EXAMPLE.write_text(example(), encoding="utf-8", newline="\n")
