"""Tables of a web page: which are data, which only lay out the page, and which grid place each cell covers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import regex
from lxml.html import HtmlElement

# A cell with this many paragraphs and this many characters is a page column, not a table cell.
COLUMN_PARAGRAPHS = 6
COLUMN_CHARACTERS = 600
# Browsers cap the spans that a page may state.
MOST_COLUMNS = 1000
MOST_ROWS = 65534
PARAGRAPHS = ("p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6")
NAME_END = regex.compile(r"[\s:：\u3000]+")


class Place(NamedTuple):
    """A cell and where it stands in the grid, counted from 0."""

    element: HtmlElement
    row: int
    column: int
    row_span: int
    column_span: int
    header: bool


def rows_of(table: HtmlElement) -> Iterator[HtmlElement]:
    """Give the rows of a table, not those of tables inside its cells."""
    for child in table.iterchildren("tr", "thead", "tbody", "tfoot"):
        if child.tag == "tr":
            yield child
        else:
            yield from child.iterchildren("tr")


def grid(table: HtmlElement) -> list[Place]:
    """Give every cell once, row by row, with the grid places it covers; empty rows do not count."""
    places: list[Place] = []
    taken: dict[int, int] = {}  # column → first row that is free again
    row = 0
    for element in rows_of(table):
        cells = list(element.iterchildren("td", "th"))
        if not cells:
            continue
        column = 0
        for cell in cells:
            while taken.get(column, 0) > row:
                column += 1
            row_span = min(_span(cell, "rowspan"), MOST_ROWS)
            column_span = min(_span(cell, "colspan"), MOST_COLUMNS)
            places.append(Place(cell, row, column, row_span, column_span, cell.tag == "th"))
            for covered in range(column, column + column_span):
                taken[covered] = row + row_span
            column += column_span
        row += 1
    return [place._replace(row_span=min(place.row_span, row - place.row)) for place in places]


def is_data_table(element: HtmlElement) -> bool:
    """Tell whether a table holds data. One column, a nested table or cells with many paragraphs mean layout."""
    if element.tag != "table" or (element.get("role") or "").lower() in ("presentation", "none"):
        return False
    if next(element.iterdescendants("table"), None) is not None:
        return False
    filled = [place for place in grid(element) if "".join(place.element.itertext()).strip()]
    if len({place.column for place in filled}) < 2 or len({place.row for place in filled}) < 2:
        return False
    return not any(_is_column(place.element) for place in filled)


def field_names_in(element: HtmlElement, names: frozenset[str]) -> int:
    """Count the entries of `element` whose name is one of an information table (索引号, 发文字号 …)."""
    return sum(entry_name(text) in names for text in _pieces(element))


def entry_name(text: str) -> str:
    """Give the name of an entry without white space and colon: 索 引 号： → 索引号."""
    head = regex.split(r"[:：]", text, maxsplit=1)[0]
    return NAME_END.sub("", head)


def _pieces(element: HtmlElement) -> Iterator[str]:
    for piece in element.iter("td", "th", "dt", "li", "span", "b", "strong", "label", "p", "em"):
        if len(piece) <= 1 and piece.text and piece.text.strip():
            yield piece.text


def _is_column(cell: HtmlElement) -> bool:
    paragraphs = sum(1 for part in cell.iter(*PARAGRAPHS) if (part.text or "").strip() or len(part))
    return paragraphs >= COLUMN_PARAGRAPHS and sum(map(len, cell.itertext())) >= COLUMN_CHARACTERS


def _span(cell: HtmlElement, name: str) -> int:
    """Give a rowspan or colspan as browsers read it: digits at the start, at least 1."""
    found = regex.match(r"\s*(\d{1,6})", cell.get(name) or "")
    return max(int(found.group(1)), 1) if found else 1
