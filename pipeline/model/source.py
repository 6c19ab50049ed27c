"""What a reader hands on: the words of one file, as the file spells them."""

from __future__ import annotations

from typing import Literal

from pipeline.quick.classes import NamedTuple, dataclass

BlockKind = Literal["paragraph", "table", "metadata", "frame", "contents"]
Severity = Literal["error", "warning", "info"]


class Span(NamedTuple):
    """A half-open range of code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person may want to know about a file.

    `start` and `end` are offsets into the text of the stage that reports it (source text for a
    reader, normalised text from `normalise` on); both are None where the passage is not in that
    text, and the message then tells the passage.
    """

    severity: Severity
    code: str
    message: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table, standing once for all the grid places it covers."""

    start: int
    end: int
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    header: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text that belongs together: a paragraph (or line) or a table.

    `level` is the heading level that the file itself states (h1 … h6, Markdown #), 0 for none.
    `centred` and `bold` are layout hints where the format has them. `cells` is empty but for tables;
    they come row by row and lie inside the block.
    """

    kind: BlockKind
    start: int
    end: int
    page: int | None = None
    level: int = 0
    centred: bool = False
    bold: bool = False
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One entry of a page's information table (索引号, 文号, 生成日期 …), as written."""

    name: str
    value: str


class PageSize(NamedTuple):
    """Width and height of a page, in points (1/72 inch).

    `turned` tells by how many degrees clockwise the page as it is shown must be turned so that its words stand
    upright (tables printed sideways); width, height and all places on the page are those after turning.
    """

    width: float
    height: float
    turned: int = 0


class PrintedLine(NamedTuple):
    """A run of characters [start, end) of the source text that stand in one line on one page.

    `page` counts from 1. `top` and `bottom` are points from the upper edge of the page as it is shown. `edges` are
    the left edges of the characters and the right edge of the last one, in points from the left: one more than the
    characters.
    """

    start: int
    end: int
    page: int
    top: float
    bottom: float
    edges: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the text stands on the pages, for formats that have pages. `lines` rise in the source text."""

    sizes: tuple[PageSize, ...]
    lines: tuple[PrintedLine, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """One file, read: its decoded visible text and where its blocks lie in it.

    `text` keeps the file's own spelling (script, width, line breaks); for a web page it is the visible
    text of the document part. `blocks` are in reading order, do not overlap, and hold every character
    of `text` that is not white space. `path` is relative to the input root, with forward slashes. `layout`
    is None for formats without pages. `doubts` are ranges of `text` that the reader is not sure of, in order.
    """

    path: str
    media_type: str
    sha256: str
    encoding: str
    text: str
    blocks: tuple[Block, ...]
    fields: tuple[Field, ...] = ()
    pages: int | None = None
    problems: tuple[Problem, ...] = ()
    layout: Layout | None = None
    doubts: tuple[Span, ...] = ()
