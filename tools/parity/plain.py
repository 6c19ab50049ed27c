"""The plain text of a manuscript, as one would type it: the version that all others are measured against."""

from __future__ import annotations

from tools.parity.manuscript import Manuscript, Part, Table

SILENT = frozenset({"page", "rule", "restart", "landscape", "portrait", "columns", "single", "entry", "note"})


def plain_text(manuscript: Manuscript) -> str:
    """Give one paragraph a line, a row of a table a line with tabs; footnotes stand at the end.

    The table of contents is left out: it is a matter of printed pages.
    """
    lines: list[str] = []
    notes: list[str] = []
    for part in manuscript.parts:
        if part.kind == "note":
            notes.append(part.text.replace(" ", "", 1))
        elif part.table is not None:
            lines += table_lines(part.table)
        elif part.kind not in SILENT:
            lines.append(paragraph(part))
    return "\n".join(lines + notes) + "\n"


def paragraph(part: Part) -> str:
    """Give a paragraph with its mark."""
    return part.label + part.lead + part.text


def table_lines(table: Table) -> list[str]:
    """Give the rows of a table, tabs between the cells; a merged cell stands in each place that it covers.

    Heads of two rows become one: 目标值 over 2024年 is 2024年目标值.
    """
    filled: list[list[str]] = []
    for row in table.grid:
        filled.append([])
        for column, words in enumerate(row):
            covering = {"^": lambda c=column: filled[-2][c], "<": lambda: filled[-1][-1]}.get(words)
            filled[-1].append(covering() if covering else words.replace("<br>", ""))
    heads = ["".join(dict.fromkeys(reversed(column))) for column in zip(*filled[: table.head], strict=True)]
    return ["\t".join(row) for row in [heads, *filled[table.head :]]]
