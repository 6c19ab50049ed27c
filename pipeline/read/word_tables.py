"""Tables of a Word file: which grid places each cell covers, and which tables only lay out a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lxml import etree

from pipeline.quick.classes import replace
from pipeline.read.word_items import Item, Line, Place, Table, Tally
from pipeline.read.word_xml import attribute, child_of, chosen, name_of, number, switch

# As in web pages: a cell with this many paragraphs and this many characters is a page column, not a table cell.
COLUMN_PARAGRAPHS = 6
COLUMN_CHARACTERS = 600
# Word itself allows 63 columns; a cell that says it covers more covers no more than this.
MOST_COLUMNS = 1000
HOLDERS = frozenset({"w:sdtContent", "w:customXml", "w:smartTag", "w:ins", "w:moveTo"})


class _Grid:
    """Lays cells out, row by row. `growing` tells for a column to which place a cell merged upwards there belongs."""

    def __init__(self, tally: Tally) -> None:
        self.places: list[Place] = []
        self.row = 0
        self._tally = tally
        self._growing: dict[int, int] = {}

    def lay(self, cells: Iterable[tuple[etree._Element, tuple[Item, ...]]], column: int, *, header: bool) -> None:
        """Lay out one row, whose first cell stands in `column`."""
        grown: dict[int, int] = {}
        for cell, items in cells:
            settings = child_of(cell, "w:tcPr")
            span = max(min(number(child_of(settings, "w:gridSpan")) or 1, MOST_COLUMNS), 1)
            if child_of(settings, "w:cellDel") is not None:
                continue
            merged = child_of(settings, "w:vMerge")
            above = self._growing.get(column)
            if merged is not None and attribute(merged) != "restart" and above is not None:
                self.places[above] = replace(self.places[above], row_span=self.row - self.places[above].row + 1)
                self._hide(items)
                grown[column] = above
            elif self._goes_on_sideways(settings):
                last = self.places[-1]
                self.places[-1] = replace(last, items=last.items + items, column_span=last.column_span + span)
            else:
                if merged is not None:
                    grown[column] = len(self.places)
                self.places.append(Place(items, self.row, column, 1, span, header))
            column += span
        self._growing = grown
        self.row += 1

    def _goes_on_sideways(self, settings: etree._Element | None) -> bool:
        """Tell whether a cell belongs to the one on its left, as old programs write it (w:hMerge)."""
        merged = child_of(settings, "w:hMerge")
        in_row = bool(self.places) and self.places[-1].row == self.row
        return in_row and merged is not None and attribute(merged) != "restart"

    def _hide(self, items: tuple[Item, ...]) -> None:
        self._tally.hidden += [words for words in map(words_of, items) if words]


def table_of(element: etree._Element, read: Callable[[etree._Element], list[Item]], tally: Tally) -> Table:
    """Give a table with every merged cell once, row by row; deleted rows and cells are left out.

    `read` gives the items of a cell. What stands in a cell that is merged into the one above is not shown by Word, and
    goes to the hidden text.
    """
    grid = _Grid(tally)
    for row in _children(element, "w:tr"):
        properties = child_of(row, "w:trPr")
        if child_of(properties, "w:del") is not None:
            continue
        before = min(number(child_of(properties, "w:gridBefore")) or 0, MOST_COLUMNS)
        cells = ((cell, tuple(read(cell))) for cell in _children(row, "w:tc"))
        grid.lay(cells, before, header=switch(properties, "w:tblHeader") is True)
    return Table(tuple(grid.places))


def is_data(table: Table) -> bool:
    """Tell whether a table holds data: two filled rows and columns, no cell like a page column, no table that is more.

    One column, one row, or prose side by side means that the table only draws boxes or lays out the page.
    """
    filled = [place for place in table.places if any(words_of(item).strip() for item in place.items)]
    if len({place.column for place in filled}) < 2 or len({place.row for place in filled}) < 2:
        return False
    inner = [item for place in filled for item in place.items if isinstance(item, Table)]
    if any(is_data(item) and len(item.places) >= len(filled) for item in inner):
        return False
    return not any(_is_column(place) for place in filled)


def words_of(item: Item) -> str:
    """Give the words of a line, or of a table inside a cell: a row a line, its cells parted by a space."""
    if isinstance(item, Line):
        return item.text.strip()
    rows: dict[int, list[str]] = {}
    for place in item.places:
        rows.setdefault(place.row, []).extend(filter(None, map(words_of, place.items)))
    return "\n".join(" ".join(words) for words in rows.values() if words)


def _is_column(place: Place) -> bool:
    lines = [item.text for item in place.items if isinstance(item, Line) and item.text.strip()]
    return len(lines) >= COLUMN_PARAGRAPHS and sum(map(len, lines)) >= COLUMN_CHARACTERS


def _children(parent: etree._Element, wanted: str) -> Iterable[etree._Element]:
    """Give the rows of a table or the cells of a row, through content controls and the like."""
    for child in parent:
        name = name_of(child)
        if name == wanted:
            yield child
        elif name == "w:sdt":
            content = child_of(child, "w:sdtContent")
            yield from _children(content, wanted) if content is not None else ()
        elif name == "mc:AlternateContent":
            branch = chosen(child)
            yield from _children(branch, wanted) if branch is not None else ()
        elif name in HOLDERS:
            yield from _children(child, wanted)
