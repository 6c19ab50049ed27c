"""Walk a page's tree and write its visible text, line by line, noting where blocks and cells lie."""

from __future__ import annotations

import regex
from lxml import etree
from lxml.html import HtmlElement

from pipeline.model import Block, Cell, Field
from pipeline.model.source import BlockKind
from pipeline.quick.pattern import pattern
from pipeline.read.html_tables import entries, grid, is_data_table, is_information_table, rows_of

LEVELS = {f"h{level}": level for level in range(1, 7)}
CONTAINER_TAGS = {"address", "article", "aside", "blockquote", "body", "center", "div", "fieldset", "figure", "form"}
TEXT_TAGS = {"caption", "figcaption", "header", "hgroup", "legend", "main", "p", "pre", "section", "summary"}
LIST_TAGS = {"dd", "dl", "dt", "li", "ol", "ul"}
TABLE_TAGS = {"table", "tbody", "td", "tfoot", "th", "thead", "tr"}
BLOCK_TAGS = frozenset(CONTAINER_TAGS | TEXT_TAGS | LIST_TAGS | TABLE_TAGS | set(LEVELS))
BOLD_TAGS = frozenset({"b", "strong", "th", *LEVELS})
BOLD_STYLE = pattern(r"font-weight\s*:\s*(?:bold|bolder|[6-9]00)", regex.IGNORECASE)
CENTRE_STYLE = pattern(r"text-align\s*:\s*center", regex.IGNORECASE)
HIDDEN_STYLE = pattern(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", regex.IGNORECASE)
# A line break in the markup is a space in a browser, but between Chinese characters nobody means one.
MARKUP_BREAK = pattern(r"(?<=[\p{Han}\p{P}])[ \t]*[\r\n\f][ \t\r\n\f]*(?=[\p{Han}\p{P}])")
MARKUP_SPACE = pattern(r"[ \t\r\n\f]+")
LINE_BREAK = pattern(r"\r\n|[\r\n]")
BOLD_SHARE = 0.9


class Writer:
    """Collects the visible text of elements; `finished` gives it with its blocks."""

    def __init__(self, field_names: frozenset[str], *, paged: bool = False) -> None:
        self.fields: list[Field] = []
        self._field_names = field_names
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._page = 1 if paged else None
        self._line = _Line()

    @property
    def pages(self) -> int | None:
        """The number of pages, where the page says where they end."""
        return self._blocks[-1].page if self._blocks else None

    def finished(self) -> tuple[str, tuple[Block, ...]]:
        """Give all that was written."""
        return "".join(self._parts), tuple(self._blocks)

    def write(self, root: HtmlElement) -> None:
        """Write an element with all that is in it, but not what follows it."""
        walker = etree.iterwalk(root, events=("start", "end"))
        skipped: HtmlElement | None = None
        for event, element in walker:
            if event == "start":
                if _is_hidden(element) or (element is not root and self._write_table(element)):
                    walker.skip_subtree()
                    skipped = element
                else:
                    self._open(element)
                continue
            if element is skipped:
                skipped = None
            else:
                self._close(element)
            if element is not root and element.tail:
                self._line.add(element.tail)
        self._flush()

    def write_information(self, table: HtmlElement) -> None:
        """Write an information table as metadata, one line a row, and keep its entries."""
        self._flush()
        rows = list(rows_of(table)) if table.tag == "table" else [table]
        for row in rows:
            cells = [text for cell in row.iterchildren("*") if (text := cell_text(cell).replace("\n", " "))]
            if cells:
                self._emit("\t".join(cells), "metadata")
            self.fields += entries(cells, self._field_names)

    def _open(self, element: HtmlElement) -> None:
        if element.tag in ("br", "hr"):
            self._flush()
            if element.tag == "hr" and self._page is not None:
                self._page += 1
        elif element.tag in BLOCK_TAGS:
            self._flush()
            self._line.levels.append(LEVELS.get(str(element.tag), 0))
            self._line.centred += _is_centred(element)
        self._line.bold += _is_bold(element)
        if element.text:
            self._line.add(element.text, keep_breaks=element.tag == "pre")

    def _close(self, element: HtmlElement) -> None:
        if element.tag in BLOCK_TAGS:
            self._flush()
            self._line.levels.pop()
            self._line.centred -= _is_centred(element)
        self._line.bold -= _is_bold(element)

    def _flush(self) -> None:
        for text, bold in self._line.taken():
            level = max(self._line.levels, default=0)
            self._emit(text, "paragraph", level=level, centred=self._line.centred > 0, bold=bold)

    def _emit(
        self,
        text: str,
        kind: BlockKind,
        *,
        level: int = 0,
        centred: bool = False,
        bold: bool = False,
        cells: tuple[Cell, ...] = (),
    ) -> None:
        """Add a line (or table), parted from the last by a line feed; its block leaves out blanks at its edges."""
        start = self._next_start()
        if self._parts:
            self._parts.append("\n")
        self._parts.append(text)
        self._length = start + len(text)
        if not cells:
            start += len(text) - len(text.lstrip())
        end = self._length if cells else start + len(text.strip())
        self._blocks.append(Block(kind, start, end, self._page, level, centred, bold, cells))

    def _next_start(self) -> int:
        return self._length + bool(self._parts)

    def _write_table(self, table: HtmlElement) -> bool:
        """Write a table with data or information as a block; False if there is none."""
        if table.tag != "table":
            return False
        if is_information_table(table, self._field_names):
            self.write_information(table)
            return True
        if not is_data_table(table):
            return False
        self._flush()
        for caption in table.iterchildren("caption"):
            if words := cell_text(caption).replace("\n", " "):
                self._emit(words, "paragraph", centred=True)
        base = self._next_start()
        parts: list[str] = []
        cells: list[Cell] = []
        length = row = 0
        for place in grid(table):
            if cells:
                parts.append("\n" if place.row > row else "\t")
                length += 1
            row = place.row
            text = cell_text(place.element)
            span = (base + length, base + length + len(text))
            cells.append(Cell(*span, place.row, place.column, place.row_span, place.column_span, place.header))
            parts.append(text)
            length += len(text)
        self._emit("".join(parts), "table", cells=tuple(cells))
        return True


class _Line:
    """The line being written, with the layout that holds for it."""

    def __init__(self) -> None:
        self.levels: list[int] = []
        self.centred = 0
        self.bold = 0
        self._texts: list[str] = []
        self._bold_length = 0

    def add(self, text: str, *, keep_breaks: bool = False) -> None:
        """Add text of one element; white space of the markup is one space, none between Chinese characters."""
        self._texts.append(text if keep_breaks else _with_single_spaces(text))
        if self.bold > 0:
            self._bold_length += len("".join(text.split()))

    def taken(self) -> list[tuple[str, bool]]:
        """Give the lines (more than one inside <pre>) and whether they are bold throughout; then begin anew."""
        if not self._texts:
            return []
        whole = "".join(self._texts)
        bold = self._bold_length > 0 and self._bold_length >= BOLD_SHARE * len("".join(whole.split()))
        self._texts.clear()
        self._bold_length = 0
        lines = LINE_BREAK.split(whole) if "\n" in whole or "\r" in whole else (whole,)
        return [(line.strip(" "), bold) for line in lines if line.strip()]


def cell_text(cell: HtmlElement) -> str:
    """Give the words of a cell, its paragraphs parted by a line feed, no tab inside."""
    if len(cell) == 0:
        return _with_single_spaces(cell.text or "").strip()
    writer = Writer(frozenset())
    writer.write(cell)
    text, blocks = writer.finished()
    return "\n".join(text[block.start : block.end].replace("\t", " ") for block in blocks)


def _with_single_spaces(text: str) -> str:
    """Give text of the markup with one space for each run of white space, and none between Chinese characters."""
    if "\n" in text or "\r" in text or "\f" in text:
        text = MARKUP_BREAK.sub("", text)
    elif "\t" not in text and "  " not in text:
        return text
    return MARKUP_SPACE.sub(" ", text)


def _is_hidden(element: HtmlElement) -> bool:
    style = element.get("style")
    return style is not None and HIDDEN_STYLE.search(style) is not None


def _is_centred(element: HtmlElement) -> bool:
    if element.tag == "center" or (element.get("align") or "").lower() == "center":
        return True
    style = element.get("style")
    return style is not None and CENTRE_STYLE.search(style) is not None


def _is_bold(element: HtmlElement) -> bool:
    style = element.get("style")
    return element.tag in BOLD_TAGS or (style is not None and BOLD_STYLE.search(style) is not None)
