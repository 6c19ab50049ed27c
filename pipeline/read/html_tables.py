"""Tables of a web page: which are data, which only lay out the page, and which grid place each cell covers."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.html import HtmlElement

from pipeline.model import Field
from pipeline.quick.classes import NamedTuple
from pipeline.quick.pattern import pattern

# A cell with this many paragraphs and this many characters is a page column, not a table cell.
COLUMN_PARAGRAPHS = 6
COLUMN_CHARACTERS = 600
# Browsers cap the spans that a page may state.
MOST_COLUMNS = 1000
MOST_ROWS = 65534
# An information table has several entries and is short.
FEWEST_ENTRIES = 3
MOST_CHARACTERS = 2000
PARAGRAPHS = ("p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6")
COLON = pattern(r"[:：]")
NAME_END = pattern(r"[\s:：\u3000]+")
SPAN = pattern(r"\s*(\d{1,6})")


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
            if column >= MOST_COLUMNS:
                break
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


def is_information_table(element: HtmlElement, names: frozenset[str]) -> bool:
    """Tell whether a table is the page's information table: several entries such as 索引号, and few other words."""
    if next(element.iterdescendants("table"), None) is not None:
        return False
    named = sum(entry_name(piece.text or "") in names for piece in _pieces(element))
    return named >= FEWEST_ENTRIES and sum(map(len, element.itertext())) < MOST_CHARACTERS


def information_tables(root: HtmlElement, names: frozenset[str]) -> list[HtmlElement]:
    """Give the tables and lists of a page that hold entries such as 索引号 and 发文字号, in reading order."""
    counts: dict[HtmlElement, int] = {}
    for piece in _pieces(root):
        if entry_name(piece.text or "") in names:
            holder = next(piece.iterancestors("table", "dl", "ul"), None)
            if holder is not None:
                counts[holder] = counts.get(holder, 0) + 1
    return [holder for holder, count in counts.items() if count >= FEWEST_ENTRIES]


def entries(cells: list[str], names: frozenset[str]) -> list[Field]:
    """Give the entries of a row: 索引号 | X | 文号：Y → two fields."""
    found: list[Field] = []
    position = 0
    while position < len(cells):
        name = entry_name(cells[position])
        value = "".join(COLON.split(cells[position], maxsplit=1)[1:]).strip()
        if name in names and value:
            found.append(Field(name, value))
        elif name in names and position + 1 < len(cells) and entry_name(cells[position + 1]) not in names:
            position += 1
            found.append(Field(name, cells[position].strip()))
        position += 1
    return found


def entry_name(text: str) -> str:
    """Give the name of an entry without white space and colon: 索 引 号： → 索引号."""
    head = COLON.split(text, maxsplit=1)[0]
    return head if head.isalnum() else NAME_END.sub("", head)


def _pieces(element: HtmlElement) -> Iterator[HtmlElement]:
    """Give the elements that may hold the name of an entry."""
    for piece in element.iter("td", "th", "dt", "li", "span", "b", "strong", "label", "p", "em"):
        if piece.text and piece.text.strip():
            yield piece


def _is_column(cell: HtmlElement) -> bool:
    paragraphs = sum(1 for part in cell.iter(*PARAGRAPHS) if (part.text or "").strip() or len(part))
    return paragraphs >= COLUMN_PARAGRAPHS and sum(map(len, cell.itertext())) >= COLUMN_CHARACTERS


def _span(cell: HtmlElement, name: str) -> int:
    """Give a rowspan or colspan as browsers read it: digits at the start, at least 1."""
    stated = cell.get(name)
    found = SPAN.match(stated) if stated else None
    return max(int(found.group(1)), 1) if found else 1
