"""A Word file (DOCX, DOCM, DOTX; from Word, WPS Office or LibreOffice) → Source: its text as it shows on paper.

Automatic numbers are written out, changes are accepted, each merged cell stands once, text boxes follow the paragraph
they hang on. Footnotes and endnotes come after the text, in the order of their references. Their marks stand in the
sentence as they are printed: circled, or as raised figures of their own, which no figure before them can swallow
(1000¹家).
"""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from pipeline.model import Block, Cell
from pipeline.read.content import Content
from pipeline.read.errors import ReadError
from pipeline.read.word_items import Item, Line, Table
from pipeline.read.word_numbering import read_numbering
from pipeline.read.word_parts import Parts, open_parts
from pipeline.read.word_problems import count_revisions, problems_of
from pipeline.read.word_styles import read_styles
from pipeline.read.word_tables import is_data, words_of
from pipeline.read.word_walk import Walk
from pipeline.read.word_xml import attribute, child_of, name_of

# A plan of 1,000 pages has some 40,000 paragraphs, cells counted; more is no document but an attack or a database.
MOST_PARAGRAPHS = 300_000
NOTE_KINDS = (("footnotes", "w:footnote"), ("endnotes", "w:endnote"))


def read_docx(data: bytes, path: str) -> Content:
    """Give the text of a Word file: a block for each line, one for each table with data.

    `level` is the outline level of a paragraph or its style (1 to 6), `centred` and `bold` come from the layout; the
    table of contents has kind `contents`. What is not in the text (comments, headers and footers, hidden words,
    pictures, attachments) and that changes were accepted is told in `problems`.

    Raises ReadError: `damaged_file`, `encrypted_file`, `too_large`, and `no_text` for a file without words.
    """
    parts = open_parts(data, path)
    if sum(1 for element in parts.main.iter("{*}p")) > MOST_PARAGRAPHS:
        raise ReadError(
            "too_large", f"{path} has more than {MOST_PARAGRAPHS:,} paragraphs. Split it, and read the parts."
        )
    styles = read_styles(parts.tree("styles"))
    walk = Walk(styles, read_numbering(parts.tree("numbering"), styles))
    walk.tally.note_styles |= _note_styles(parts)
    body = child_of(parts.main, "w:body")
    items = walk.items(body) if body is not None else []
    revisions = count_revisions(parts.main)
    for kind, name in NOTE_KINDS:
        root = parts.tree(kind)
        if root is not None:
            items += _notes(root, walk, kind, name)
            revisions += count_revisions(root)
    walk.tally.revisions = revisions
    writer = _Writer()
    writer.write(items)
    if not writer.blocks:
        raise _without_text(path, walk.tally.images, len(parts.attachments()))
    return Content("".join(writer.parts), tuple(writer.blocks), problems=tuple(problems_of(parts, walk)))


class _Writer:
    """Lays lines and tables out as one text."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.blocks: list[Block] = []
        self._length = 0
        self._blank_lines: list[str] = []

    def write(self, items: Iterable[Item]) -> None:
        """Add items; the cells of a table that is but layout are read one after the other.

        Blank lines and blanks before a line stay in the text, as in plain text: they tell where paragraphs part.
        """
        for item in items:
            if isinstance(item, Table):
                if is_data(item):
                    self._table(item)
                else:
                    for place in item.places:
                        self.write(place.items)
            elif text := item.text.rstrip():
                start = self._begun() + len(text) - len(text.lstrip())
                self._add(text)
                self.blocks.append(
                    Block(item.kind, start, self._length, level=item.level, centred=item.centred, bold=item.bold)
                )
            else:
                self._blank_lines.append(item.text)

    def _table(self, table: Table) -> None:
        start = self._begun()
        cells: list[Cell] = []
        for place in table.places:
            if cells:
                self._add("\n" if place.row > cells[-1].row else "\t")
            words = "\n".join(filter(None, map(words_of, place.items))).replace("\t", " ")
            begin = self._length
            self._add(words)
            cells.append(
                Cell(begin, self._length, place.row, place.column, place.row_span, place.column_span, place.header)
            )
        self.blocks.append(Block("table", start, self._length, cells=tuple(cells)))

    def _begun(self) -> int:
        if self.parts:
            self._add("\n".join(["", *self._blank_lines, ""]))
        self._blank_lines.clear()
        return self._length

    def _add(self, text: str) -> None:
        self.parts.append(text)
        self._length += len(text)


def _note_styles(parts: Parts) -> dict[str, str]:
    """Give the number formats of footnotes and endnotes, where the file sets them for the whole document."""
    settings = parts.tree("settings")
    found: dict[str, str] = {}
    for kind, _ in NOTE_KINDS:
        properties = child_of(settings, f"w:{kind[:-1]}Pr")
        style = attribute(child_of(properties, "w:numFmt"))
        if style:
            found[kind] = style
    return found


def _notes(root: etree._Element, walk: Walk, kind: str, name: str) -> list[Item]:
    """Give the notes that the text refers to, in the order in which it does, each opening with its mark."""
    bodies = {attribute(element, "id") or "": element for element in root if name_of(element) == name}
    found: list[Item] = []
    for note, mark in list(walk.tally.notes.items()):
        body = bodies.get(note.identifier) if note.part == kind else None
        items = walk.items(body) if body is not None else []
        words = [text for item in items if (text := words_of(item))]
        if words:
            found += [Line(mark + words[0], "frame"), *(Line(text, "frame") for text in words[1:])]
    return found


def _without_text(path: str, images: int, attached: int) -> ReadError:
    """Tell what to do about a file without words."""
    if attached:
        return ReadError(
            "no_text",
            f"{path} holds no words but {attached} attached files. Save them from Word, and give them instead.",
        )
    if images:
        return ReadError(
            "no_text",
            f"{path} holds {images} pictures and no words: it is a scan. Save it as PDF, so that its pages are read by "
            "OCR, or ask for the file it was printed from.",
        )
    return ReadError("no_text", f"{path} holds no words. Fetch it again, or leave it out.")
