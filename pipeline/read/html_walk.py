"""Walk a page's tree and write its visible text, line by line, noting where blocks and cells lie."""

from __future__ import annotations

import regex
from lxml import etree
from lxml.html import HtmlElement

from pipeline.model import Block, Cell, Field
from pipeline.read.html_tables import entry_name, grid, is_data_table, rows_of

BLOCK_TAGS = frozenset(
    "address article aside blockquote body caption center dd div dl dt fieldset figcaption figure form h1 h2 h3 h4 h5 h6 "
    "header hgroup legend li main ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
LEVELS = {f"h{level}": level for level in range(1, 7)}
BOLD_TAGS = frozenset({"b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "th"})
BOLD_STYLE = regex.compile(r"font-weight\s*:\s*(?:bold|bolder|[6-9]00)", regex.IGNORECASE)
CENTRE_STYLE = regex.compile(r"text-align\s*:\s*center", regex.IGNORECASE)
HIDDEN_STYLE = regex.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", regex.IGNORECASE)
# A line break in the markup is a space in a browser, but between Chinese characters nobody means one.
MARKUP_BREAK = regex.compile(r"(?<=[\p{Han}\p{P}])[ \t]*[\r\n\f][ \t\r\n\f]*(?=[\p{Han}\p{P}])")
MARKUP_SPACE = regex.compile(r"[ \t\r\n\f]+")


class Writer:
    """Collects the visible text of elements; `finished` gives it with its blocks."""

    def __init__(self, field_names: frozenset[str], *, pages: bool = False) -> None:
        self.field_names = field_names
        self.fields: list[Field] = []
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._page = 1 if pages else None
        self._line = _LineBuffer()

    @property
    def page_count(self) -> int | None:
        """The number of pages, where the page says where they end."""
        return self._blocks[-1].page if self._page is not None and self._blocks else None

    def finished(self) -> tuple[str, tuple[Block, ...]]:
        """Give all that was written."""
        return "".join(self._parts), tuple(self._blocks)

    def write(self, root: HtmlElement) -> None:
        """Write an element with all that is in it, but not what follows it."""
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            if event == "start":
                if _is_hidden(element):
                    walker.skip_subtree()
                elif element is not root and element.tag == "table" and self._write_table(element):
                    walker.skip_subtree()
                else:
                    self._open(element)
            else:
                self._close(element)
                if element is not root and element.tail:
                    self._line.add(element.tail)
        self._flush()

    def write_information(self, table: HtmlElement) -> None:
        """Write an information table as metadata, one line a row, and keep its entries."""
        rows = list(rows_of(table)) if table.tag == "table" else [table]
        for row in rows:
            cells = [_cell_text(cell).replace("\n", " ") for cell in row.iterchildren()]
            line = "\t".join(cell for cell in cells if cell)
            if line:
                self._emit(line, "metadata")
            self.fields += entries([cell for cell in cells if cell], self.field_names)

    def _open(self, element: HtmlElement) -> None:
        if element.tag == "br":
            self._flush()
        elif element.tag == "hr":
            self._flush()
            if self._page is not None:
                self._page += 1
        elif element.tag in BLOCK_TAGS:
            self._flush()
            self._line.centred += _is_centred(element)
            self._line.levels.append(LEVELS.get(str(element.tag), 0))
        self._line.bold += _is_bold(element)
        if element.text:
            self._line.add(element.text, keep_breaks=element.tag == "pre")

    def _close(self, element: HtmlElement) -> None:
        if element.tag in BLOCK_TAGS and not _is_hidden(element) and self._line.levels:
            self._flush()
            self._line.centred -= _is_centred(element)
            self._line.levels.pop()
        if not _is_hidden(element):
            self._line.bold -= _is_bold(element)

    def _flush(self) -> None:
        for text, bold in self._line.taken():
            level = max(self._line.levels, default=0)
            self._emit(text, "paragraph", level=level, centred=self._line.centred > 0, bold=bold)

    def _emit(
        self,
        text: str,
        kind: str,
        *,
        level: int = 0,
        centred: bool = False,
        bold: bool = False,
        cells: tuple[Cell, ...] = (),
    ) -> None:
        if self._parts:
            self._parts.append("\n")
            self._length += 1
        start = self._length + (len(text) - len(text.lstrip()) if not cells else 0)
        end = start + len(text.strip()) if not cells else start + len(text)
        self._parts.append(text)
        self._length += len(text)
        self._blocks.append(Block(kind, start, end, self._page, level, centred, bold, cells))  # type: ignore[arg-type]

    def _write_table(self, table: HtmlElement) -> bool:
        """Write a data table as one block; False if it only lays out the page."""
        if not is_data_table(table):
            return False
        self._flush()
        base = self._length + (1 if self._parts else 0)
        parts: list[str] = []
        cells: list[Cell] = []
        length = 0
        row = 0
        for place in grid(table):
            if parts:
                parts.append("\n" if place.row > row else "\t")
                length += 1
            row = place.row
            text = _cell_text(place.element)
            cells.append(
                Cell(
                    base + length,
                    base + length + len(text),
                    place.row,
                    place.column,
                    place.row_span,
                    place.column_span,
                    place.header,
                )
            )
            parts.append(text)
            length += len(text)
        self._emit("".join(parts), "table", cells=tuple(cells))
        return True


class _LineBuffer:
    """The line being written, with the layout that holds for it."""

    def __init__(self) -> None:
        self.levels: list[int] = []
        self.centred = 0
        self.bold = 0
        self._texts: list[str] = []
        self._bold_length = 0

    def add(self, text: str, *, keep_breaks: bool = False) -> None:
        """Add text of one element; white space of the markup is one space, none between Chinese characters."""
        if not keep_breaks:
            text = MARKUP_SPACE.sub(" ", MARKUP_BREAK.sub("", text))
        self._texts.append(text)
        if self.bold > 0:
            self._bold_length += len(text.strip())

    def taken(self) -> list[tuple[str, bool]]:
        """Give the lines (more than one inside <pre>) and whether they are bold throughout; then begin anew."""
        whole = regex.sub(r" {2,}", " ", "".join(self._texts))
        bold = self._bold_length > 0 and self._bold_length >= 0.9 * len("".join(whole.split()))
        self._texts.clear()
        self._bold_length = 0
        return [(line.strip(" "), bold) for line in regex.split(r"\r\n|[\r\n]", whole) if line.strip()]


def entries(cells: list[str], names: frozenset[str]) -> list[Field]:
    """Give the entries of a row: 索引号 | X | 文号：Y → two fields."""
    found: list[Field] = []
    position = 0
    while position < len(cells):
        name = entry_name(cells[position])
        value = regex.split(r"[:：]", cells[position], maxsplit=1)[1:]
        if name in names:
            if value and value[0].strip():
                found.append(Field(name, value[0].strip()))
            elif position + 1 < len(cells) and entry_name(cells[position + 1]) not in names:
                found.append(Field(name, cells[position + 1].strip()))
                position += 1
        position += 1
    return found


def _cell_text(cell: HtmlElement) -> str:
    """Give the words of a cell, its paragraphs parted by a line feed, no tab inside."""
    writer = Writer(frozenset())
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        if event == "start":
            writer._open(element)
        else:
            writer._close(element)
            if element is not cell and element.tail:
                writer._line.add(element.tail)
    writer._flush()
    text, blocks = writer.finished()
    return "\n".join(text[block.start : block.end].replace("\t", " ") for block in blocks)


def _is_hidden(element: HtmlElement) -> bool:
    return HIDDEN_STYLE.search(element.get("style") or "") is not None


def _is_centred(element: HtmlElement) -> bool:
    if element.tag == "center" or (element.get("align") or "").lower() == "center":
        return True
    return CENTRE_STYLE.search(element.get("style") or "") is not None


def _is_bold(element: HtmlElement) -> bool:
    return element.tag in BOLD_TAGS or BOLD_STYLE.search(element.get("style") or "") is not None
