"""A manuscript of the parity corpus: one readable text from which every format is made.

One paragraph a line. `#` to `####` open headings whose mark (一、 （一） 1. （1）) is counted, not written; behind `||`
the text runs on in the same paragraph. `!word` opens what is not plain text; see `KINDS`. `| a | b |` is a row of a
table below `!table`; `^` continues the cell above, `<` the cell at the left.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Kind = Literal[
    "text", "heading", "title", "subtitle", "number", "flush", "right", "centre", "none", "hang", "entry", "foot",
    "note", "table", "page", "rule", "restart", "landscape", "portrait", "columns", "single",
]  # fmt: skip
KINDS = frozenset(Kind.__args__) - {"text", "heading"}  # type: ignore[attr-defined]
DIGITS = "零一二三四五六七八九十"
HEADING = re.compile(r"(#{1,4}) (.+)")
DIRECTIVE = re.compile(r"!(\w+)(?: (.*))?")


@dataclass(slots=True)
class Place:
    """A cell of a table at its first grid place; `lines` are its paragraphs."""

    row: int
    column: int
    lines: list[str]
    row_span: int = 1
    column_span: int = 1


@dataclass(slots=True)
class Table:
    """A ruled table: widths of its columns in millimetres, number of head rows, whether a new page repeats them.

    `split` lets a row run over the end of a page; `upright` tells whether lines part the columns too.
    """

    widths: list[float]
    head: int
    repeat: bool
    split: bool = False
    upright: bool = True
    grid: list[list[str]] = field(default_factory=list)

    def places(self) -> list[list[Place]]:
        """Give the cells of each row, each merged cell once, where it begins."""
        rows: list[list[Place]] = []
        at: dict[tuple[int, int], Place] = {}
        for i, row in enumerate(self.grid):
            rows.append([])
            for j, words in enumerate(row):
                if words == "<":
                    place = at[i, j - 1]
                    place.column_span = max(place.column_span, j - place.column + 1)
                elif words == "^":
                    place = at[i - 1, j]
                    place.row_span = max(place.row_span, i - place.row + 1)
                else:
                    place = Place(i, j, words.split("<br>"))
                    rows[-1].append(place)
                at[i, j] = place
        return rows


@dataclass(slots=True)
class Part:
    """A paragraph, table or turn of the layout. `label` is the counted mark of a heading, `lead` its words up to ||."""

    kind: Kind
    text: str = ""
    level: int = 0
    label: str = ""
    lead: str = ""
    table: Table | None = None


@dataclass(slots=True)
class Manuscript:
    """A document of the corpus. `info` are settings of its layout, `fields` the rows of a page's information table."""

    name: str
    info: dict[str, str]
    fields: list[tuple[str, str]]
    parts: list[Part]

    @property
    def title(self) -> str:
        """The first title, as it stands in the head of a web page."""
        return next(part.text for part in self.parts if part.kind == "title")


def chinese(number: int) -> str:
    """Give a number below 100 as it counts chapters: 12 → 十二."""
    tens, ones = divmod(number, 10)
    words = ("" if tens < 2 else DIGITS[tens]) + ("十" if tens else "")
    return words + (DIGITS[ones] if ones or not tens else "")


def mark(level: int, number: int) -> str:
    """Give the mark of a heading as official papers count: 一、 （一） 1. （1）."""
    return (f"{chinese(number)}、", f"（{chinese(number)}）", f"{number}.", f"（{number}）")[level - 1]


def read_manuscript(path: Path) -> Manuscript:
    """Give the manuscript of a file. Raises ValueError for a directive that is not known."""
    info: dict[str, str] = {}
    fields: list[tuple[str, str]] = []
    parts: list[Part] = []
    counts = [0, 0, 0, 0]
    for line in path.read_text("utf-8").splitlines():
        if not line.strip():
            continue
        if found := HEADING.fullmatch(line):
            level = len(found[1])
            counts[level - 1 :] = [counts[level - 1] + 1] + [0] * (4 - level)
            lead, _, text = found[2].partition(" || ")
            parts.append(Part("heading", text, level, mark(level, counts[level - 1]), lead))
        elif line.startswith("| "):
            table = parts[-1].table
            if table is None:
                raise ValueError(f"{path.name}: a row outside a table: {line}")
            table.grid.append([cell.strip() for cell in line.strip().strip("|").split("|")])
        elif found := DIRECTIVE.fullmatch(line):
            word, rest = found[1], found[2] or ""
            if word == "info":
                info |= dict(pair.split("=", 1) for pair in rest.split())
            elif word == "field":
                name, _, value = rest.partition(": ")
                fields.append((name, value))
            else:
                parts.append(_part(word, rest, path))
                if word == "restart":
                    counts = [0, 0, 0, 0]
        else:
            parts.append(Part("text", line))
    return Manuscript(path.stem, info, fields, parts)


def _part(word: str, rest: str, path: Path) -> Part:
    if word not in KINDS:
        raise ValueError(f"{path.name}: !{word} is not known")
    kind: Kind = word  # type: ignore[assignment]
    if word != "table":
        return Part(kind, rest)
    options = dict(pair.split("=", 1) for pair in rest.split())
    widths = [float(width) for width in options["widths"].split(",")]
    split, upright = options.get("split") == "yes", options.get("lines") != "level"
    return Part(kind, table=Table(widths, int(options["head"]), options["repeat"] == "yes", split, upright))
