"""A workbook (XLSX) → Source: goal tables and task tables that are published as sheets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile
from posixpath import dirname, normpath

from lxml import etree

from pipeline.model import Block, Cell, Field, Problem
from pipeline.read.content import Content
from pipeline.read.errors import ReadError
from pipeline.read.package import Package, open_package
from pipeline.read.pulse import pulse
from pipeline.read.workbook_formats import BUILT_IN
from pipeline.read.workbook_sheet import Book, Sheet, Style, Value, children, local, read_sheet, reference_of, text_of
from pipeline.read.workbook_tables import Paragraph, Placed, Table, pieces

WORKBOOK = "xl/workbook.xml"
# Names that programs give: they tell nothing.
UNTOLD_NAME = re.compile(r"(?:sheet|table|工作表|表|表格|页)\s*\(?\d*\)?(?:\s*\(\d+\))?", re.IGNORECASE)
# Grid places of a table, empty ones included: more means that a few cells stand far apart.
MOST_PLACES = 1_000_000
MOST_LISTED = 10
MOST_COMMENT = 60
NOTHING = Value("", False, Style())
UNHIDE = "If it belongs to the document, unhide it, save, and run again."


def read_workbook(data: bytes, path: str) -> Content:
    """Give the sheets that are seen, one below the other: names that tell something, titles, tables, notes.

    Cells read as the spreadsheet shows them (percent, dates, 万 in the format), merged cells once; formulas give the
    value that was saved with them. Hidden rows, columns and sheets are left out, with a row of problems each, as are
    comments and pictures. Raises ReadError: `damaged_file`, `encrypted_file`, `too_large`.
    """
    package = open_package(data, path)
    root = package.tree(WORKBOOK)
    relations = _relations(package, WORKBOOK)
    book = _book(package, root, relations)
    writer = _Writer(path)
    for element in _sheet_elements(root):
        name = " ".join((element.get("name") or "").split())
        part, kind = relations.get(_relation_id(element), ("", ""))
        if (element.get("state") or "visible") != "visible":
            writer.note("warning", "hidden_text_left_out", f"Sheet {name} is hidden and was left out. {UNHIDE}")
        elif kind == "worksheet":
            sheet = read_sheet(package.tree(part), name, book, path)
            writer.write_sheet(sheet)
            for problem in (*_doubts(sheet), *_left_out(package, part, name)):
                writer.problems.append(problem)
        else:
            writer.note("info", "images_not_read", f"Sheet {name} is a chart; its words and figures are not read.")
        pulse()
    return writer.finished()


class _Writer:
    """Collects lines and tables; `finished` gives the text with its blocks."""

    def __init__(self, path: str) -> None:
        self.problems: list[Problem] = []
        self._path = path
        self._parts: list[str] = []
        self._blocks: list[Block] = []
        self._length = 0

    def note(self, severity: str, code: str, message: str) -> None:
        """Add a row of problems that is about no passage of the text."""
        self.problems.append(Problem(severity, code, message))  # type: ignore[arg-type]

    def write_sheet(self, sheet: Sheet) -> None:
        """Write a sheet; its name comes first where it tells something that its first line does not."""
        written = list(pieces(sheet))
        if not written:
            return
        opening = written[0].value.words if isinstance(written[0], Paragraph) else ""
        if sheet.name and not UNTOLD_NAME.fullmatch(sheet.name) and sheet.name not in opening:
            self._paragraph(sheet.name, Style())
        for piece in written:
            if isinstance(piece, Paragraph):
                self._paragraph(piece.value.words, piece.value.style)
            else:
                self._table(piece, sheet.name)

    def finished(self) -> Content:
        """Give all that was written."""
        fields = (Field("ArticleTitle", title),) if (title := self._title()) else ()
        return Content("".join(self._parts), tuple(self._blocks), fields, problems=tuple(self.problems))

    def _title(self) -> str:
        """Give the longest line above the first table that is no entry (填表单位：…): what the table is called."""
        text = "".join(self._parts)
        above = [text[b.start : b.end] for b in takewhile(lambda block: block.kind == "paragraph", self._blocks)]
        titles = (words for words in above if "：" not in words and ":" not in words)
        return max(titles, key=len, default="")

    def _start(self) -> int:
        if self._parts:
            self._add("\n")
        return self._length

    def _add(self, words: str) -> None:
        self._parts.append(words)
        self._length += len(words)

    def _paragraph(self, words: str, style: Style) -> None:
        start = self._start()
        self._add(words.strip())
        self._blocks.append(Block("paragraph", start, self._length, centred=style.centred, bold=style.bold))

    def _table(self, table: Table, name: str) -> None:
        start = self._start()
        cells: list[Cell] = []
        row = 0
        for placed in self._whole(table, name):
            if cells:
                self._add("\n" if placed.row > row else "\t")
            row = placed.row
            begin = self._length
            self._add(placed.value.words)
            cells.append(Cell(begin, self._length, placed.row, placed.column, placed.row_span, placed.column_span))
        self._blocks.append(Block("table", start, self._length, cells=tuple(cells)))

    def _whole(self, table: Table, name: str) -> list[Placed]:
        """Give the cells of a table with those that are empty, so that each row has all its columns."""
        rows = max(cell.last_row for cell in table.cells) + 1
        columns = max(cell.last_column for cell in table.cells) + 1
        if rows * columns > MOST_PLACES:
            raise ReadError(
                "too_large",
                f"{self._path} has in sheet {name} a table of {rows:,} rows and {columns:,} columns; "
                f"{MOST_PLACES:,} places are read. Save the tables of the plan as a workbook of their own.",
            )
        taken = {
            (row, column)
            for cell in table.cells
            for row in range(cell.row, cell.last_row + 1)
            for column in range(cell.column, cell.last_column + 1)
        }
        empty = [
            Placed(NOTHING, row, column, 1, 1)
            for row in range(rows)
            for column in range(columns)
            if (row, column) not in taken
        ]
        return sorted([*table.cells, *empty], key=lambda cell: (cell.row, cell.column))


def _sheet_elements(root: etree._Element) -> Iterator[etree._Element]:
    for sheets in children(root, "sheets"):
        yield from children(sheets, "sheet")


def _relation_id(element: etree._Element) -> str:
    return next((str(value) for name, value in element.attrib.items() if str(name).endswith("}id")), "")


def _relations(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Give what a part refers to: by id the name of the other part and what it is to this one."""
    folder, _, name = part.rpartition("/")
    where = f"{folder}/_rels/{name}.rels"
    if where not in package:
        return {}
    found: dict[str, tuple[str, str]] = {}
    for relation in children(package.tree(where), "Relationship"):
        target = relation.get("Target") or ""
        kind = (relation.get("Type") or "").rpartition("/")[2]
        if relation.get("TargetMode") != "External":
            place = target.lstrip("/") if target.startswith("/") else normpath(f"{dirname(part)}/{target}")
            found[relation.get("Id") or ""] = (place, kind)
    return found


def _book(package: Package, root: etree._Element, relations: dict[str, tuple[str, str]]) -> Book:
    parts = {kind: part for part, kind in relations.values() if part in package}
    strings: tuple[str, ...] = ()
    if "sharedStrings" in parts:
        strings = tuple(text_of(item) for item in children(package.tree(parts["sharedStrings"]), "si"))
    styles = _styles(package.tree(parts["styles"])) if "styles" in parts else ()
    from_1904 = any(item.get("date1904") in ("1", "true") for item in children(root, "workbookPr"))
    return Book(strings, styles, from_1904)


def _styles(root: etree._Element) -> tuple[Style, ...]:
    """Give for each cell style its number format, and whether it is bold and centred."""
    codes = dict(BUILT_IN)
    bold: list[bool] = []
    styles: list[Style] = []
    for part in root:
        if local(part) == "numFmts":
            for item in children(part, "numFmt"):
                codes[int(item.get("numFmtId") or 0)] = item.get("formatCode") or "General"
        elif local(part) == "fonts":
            bold = [any(mark.get("val") not in ("0", "false") for mark in children(font, "b")) for font in part]
        elif local(part) == "cellXfs":
            for item in children(part, "xf"):
                font = int(item.get("fontId") or 0)
                placing = next((child.get("horizontal") for child in children(item, "alignment")), None)
                styles.append(
                    Style(
                        codes.get(int(item.get("numFmtId") or 0), "General"),
                        font < len(bold) and bold[font],
                        placing in ("center", "centerContinuous"),
                    )
                )
    return tuple(styles)


def _doubts(sheet: Sheet) -> Iterator[Problem]:
    """Tell what of a sheet is not seen, or not known."""
    if rows := sorted({row for row, _ in sheet.cells} & sheet.hidden_rows):
        yield _hidden(sheet, "rows", [str(row + 1) for row in rows])
    columns = sorted(
        {
            column
            for first, last in sheet.hidden_columns
            for column in {column for _, column in sheet.cells}
            if first <= column <= last
        }
    )
    if columns:
        yield _hidden(sheet, "columns", [reference_of(0, column)[:-1] for column in columns])
    if sheet.without_value:
        message = (
            f"Formulas without a saved value in sheet {sheet.name}: {_listed(sheet.without_value)}. Their cells are "
            "empty here. Open the workbook in a spreadsheet program, save it, and run again."
        )
        yield Problem("warning", "formula_without_value", message)
    if sheet.faulty:
        message = f"Cells of sheet {sheet.name} show an error of the spreadsheet: {_listed(sheet.faulty)}. Mend them."
        yield Problem("warning", "cell_shows_error", message)


def _hidden(sheet: Sheet, what: str, names: list[str]) -> Problem:
    message = (
        f"Sheet {sheet.name} has hidden {what} with words or figures: {_listed(names)}. They were left out. {UNHIDE}"
    )
    return Problem("warning", "hidden_text_left_out", message)


def _left_out(package: Package, part: str, name: str) -> Iterator[Problem]:
    """Tell the comments of a sheet, and whether it has pictures or drawn text."""
    for other, kind in _relations(package, part).values():
        if kind == "comments" and other in package:
            comments = [
                f"{comment.get('ref')} “{_cut(' '.join(text_of(text).split()))}”"
                for whole in children(package.tree(other), "commentList")
                for comment in children(whole, "comment")
                for text in children(comment, "text")
            ]
            if comments:
                message = f"Sheet {name} has comments, which are not part of its text: {_listed(comments)}."
                yield Problem("info", "comments_left_out", message)
        elif kind == "drawing" and other in package:
            root = package.tree(other)
            drawn = [words for item in root.iter() if local(item) == "t" and (words := (item.text or "").strip())]
            words = f" with the words “{_cut(' '.join(drawn))}”" if drawn else ""
            message = f"Sheet {name} has pictures or drawings{words}, which are not read. Look whether they say more."
            yield Problem("warning" if drawn else "info", "images_not_read", message)


def _cut(words: str) -> str:
    return words if len(words) <= MOST_COMMENT else words[:MOST_COMMENT] + "…"


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
    return ", ".join(names[:MOST_LISTED]) + more
