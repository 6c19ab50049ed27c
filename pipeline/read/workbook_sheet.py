"""One sheet of a workbook → the cells that are seen, as a spreadsheet shows them (ECMA-376 part 1, 18.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from pipeline.quick.classes import NamedTuple, dataclass, field
from pipeline.read.errors import ReadError
from pipeline.read.workbook_formats import shown_number, shown_text

# A goal table has some thousand cells, the division of a province's work some ten thousand.
MOST_CELLS = 200_000
MOST_MERGES = 50_000
# Where a sheet ends in every program (XFD1048576).
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})\Z")
# Control characters that XML cannot hold are written so.
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
LINE_BREAK = re.compile(r"\r\n?|\n")


class Style(NamedTuple):
    """What a cell's style says of how it is shown."""

    code: str = "General"
    bold: bool = False
    centred: bool = False


class Value(NamedTuple):
    """What a cell shows. `is_number` where the file keeps a number and not a text."""

    words: str
    is_number: bool
    style: Style


class Area(NamedTuple):
    """Cells that are merged: first and last row and column, counted from 0, both included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Sheet:
    """The cells of a sheet that show something, by row and column of the file, and what a person should know."""

    name: str
    cells: dict[tuple[int, int], Value] = field(default_factory=dict)
    merged: dict[tuple[int, int], Area] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    without_value: list[str] = field(default_factory=list)
    faulty: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Book:
    """What the sheets of a workbook share."""

    strings: tuple[str, ...]
    styles: tuple[Style, ...]
    from_1904: bool


def local(element: etree._Element) -> str:
    """Give the name of an element without its namespace; there are two for one meaning (strict and transitional)."""
    return str(element.tag).rpartition("}")[2]


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Give the elements of these names right below an element."""
    for child in element:
        if local(child) in names:
            yield child


def text_of(element: etree._Element) -> str:
    """Give the words of a string item: of all its runs, but not how they are pronounced."""
    words: list[str] = []
    for child in element:
        if local(child) == "t":
            words.append(child.text or "")
        elif local(child) == "r":
            words += [part.text or "" for part in children(child, "t")]
    unescaped = ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), "".join(words))
    return LINE_BREAK.sub("\n", unescaped)


def place_of(reference: str) -> tuple[int, int] | None:
    """Give row and column, from 0, of a reference such as C12."""
    found = REFERENCE.match(reference)
    if found is None:
        return None
    column = 0
    for letter in found.group(1).upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    row = int(found.group(2))
    return (row - 1, column - 1) if 1 <= row <= MOST_ROWS and column <= MOST_COLUMNS else None


def reference_of(row: int, column: int) -> str:
    """Give the reference of a place: 11, 2 → C12."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def read_sheet(root: etree._Element, name: str, book: Book, path: str) -> Sheet:
    """Give the cells of a sheet. Raises ReadError `too_large` above 200,000 cells that show something."""
    sheet = Sheet(name)
    for part in root:
        if local(part) == "cols":
            for column in children(part, "col"):
                if _is_set(column.get("hidden")) or column.get("width") == "0":
                    first = _whole(column.get("min"), 1)
                    sheet.hidden_columns.append((first - 1, _whole(column.get("max"), first) - 1))
        elif local(part) == "sheetData":
            _read_rows(part, sheet, book, path)
        elif local(part) == "mergeCells":
            for number, merge in enumerate(children(part, "mergeCell")):
                area = _area(merge.get("ref") or "")
                if area is not None and number < MOST_MERGES:
                    sheet.merged[area.top, area.left] = area
    # What lies below a merged cell is not seen, whatever the file holds there.
    for area in sheet.merged.values():
        _cover(sheet, area)
    return sheet


def _cover(sheet: Sheet, area: Area) -> None:
    size = (area.bottom - area.top + 1) * (area.right - area.left + 1)
    if size < len(sheet.cells):
        places = [
            (row, column) for row in range(area.top, area.bottom + 1) for column in range(area.left, area.right + 1)
        ]
    else:
        places = [
            place
            for place in sheet.cells
            if area.top <= place[0] <= area.bottom and area.left <= place[1] <= area.right
        ]
    for place in places:
        if place != (area.top, area.left):
            sheet.cells.pop(place, None)


def _read_rows(data: etree._Element, sheet: Sheet, book: Book, path: str) -> None:
    row = -1
    for element in children(data, "row"):
        # Both references may be left out: the next place is meant.
        row = _whole(element.get("r"), row + 2) - 1
        if _is_set(element.get("hidden")) or element.get("ht") == "0":
            sheet.hidden_rows.add(row)
        column = -1
        for cell in children(element, "c"):
            place = place_of(cell.get("r") or "") or (row, column + 1)
            column = place[1]
            if value := _value(cell, place, sheet, book):
                sheet.cells[place] = value
        if len(sheet.cells) > MOST_CELLS:
            raise ReadError(
                "too_large",
                f"{path} holds more than {MOST_CELLS:,} filled cells in sheet {sheet.name}, the limit here. Save the "
                "tables of the plan as a workbook of their own.",
            )


def _value(cell: etree._Element, place: tuple[int, int], sheet: Sheet, book: Book) -> Value | None:
    """Give what a cell shows, or None where it shows nothing."""
    parts = {local(part): part for part in cell}
    number = _whole(cell.get("s"), 0)
    style = book.styles[number] if number < len(book.styles) else Style()
    kind = cell.get("t") or "n"
    if kind == "inlineStr":
        words = text_of(parts["is"]) if "is" in parts else ""
        return _shown(shown_text(words, style.code), False, style)
    stored = (parts["v"].text or "") if "v" in parts else ""
    if not stored.strip():
        if "f" in parts and kind != "str":
            sheet.without_value.append(reference_of(*place))
        return None
    if kind == "s":
        index = _whole(stored, -1)
        words = book.strings[index] if 0 <= index < len(book.strings) else ""
        return _shown(shown_text(words, style.code), False, style)
    if kind == "b":
        return _shown("TRUE" if stored == "1" else "FALSE", False, style)
    if kind == "e":
        sheet.faulty.append(reference_of(*place))
        return _shown(stored, False, style)
    if kind in ("str", "d"):
        return _shown(shown_text(stored, style.code) if kind == "str" else stored, False, style)
    return _shown(shown_number(stored.strip(), style.code, from_1904=book.from_1904), True, style)


def _shown(words: str, is_number: bool, style: Style) -> Value | None:
    lines = (" ".join(line.replace("\t", " ").split(" ")).strip() for line in words.split("\n"))
    kept = "\n".join(line for line in lines if line)
    return Value(kept, is_number, style) if kept else None


def _area(reference: str) -> Area | None:
    first, _, last = reference.partition(":")
    start, end = place_of(first), place_of(last or first)
    if start is None or end is None or start == end:
        return None
    return Area(min(start[0], end[0]), min(start[1], end[1]), max(start[0], end[0]), max(start[1], end[1]))


def _is_set(word: str | None) -> bool:
    return word in ("1", "true")


def _whole(word: str | None, default: int) -> int:
    return int(word) if word is not None and re.fullmatch(r"\s*\d{1,7}\s*", word) else default
