"""What the walk through a Word file gives: lines and tables in the order of the file, and a tally of what it met."""

from __future__ import annotations

from typing import TypeAlias

from pipeline.model.source import BlockKind
from pipeline.quick.classes import NamedTuple, dataclass, field, replace
from pipeline.read.word_numerals import numeral

BOLD_SHARE = 0.9
SUPERSCRIPTS = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, as a paragraph (or a part of it up to a line break) shows it; blank for an empty paragraph."""

    text: str
    kind: BlockKind = "paragraph"
    level: int = 0
    centred: bool = False
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A cell with what is in it, and the grid places it covers, counted from 0."""

    items: tuple[Item, ...]
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    header: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its cells row by row, each merged cell once."""

    places: tuple[Place, ...]


Item: TypeAlias = Line | Table


class Note(NamedTuple):
    """A footnote or endnote that the text refers to: the part it is in, and its id there."""

    part: str
    identifier: str


@dataclass(slots=True)
class Tally:
    """What was met on the way and is not in the text, or is there in another form."""

    revisions: int = 0
    images: int = 0
    graphics: int = 0
    fields: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)
    notes: dict[Note, str] = field(default_factory=dict)
    note_styles: dict[str, str] = field(default_factory=lambda: {"footnotes": "decimal", "endnotes": "lowerRoman"})

    def note_mark(self, note: Note) -> str:
        """Give the mark of a note as it stands in the sentence, counting the notes of its kind: ①, ¹, [i]."""
        count = 1 + sum(other.part == note.part for other in self.notes)
        mark = numeral(count, self.note_styles[note.part]) or str(count)
        if mark.isascii():
            mark = mark.translate(SUPERSCRIPTS) if mark.isdigit() else f"[{mark}]"
        return self.notes.setdefault(note, mark)


@dataclass(slots=True)
class Words:
    """The words of one paragraph as they come; how many characters they have, and how many of them are bold or listed.

    Blanks are not counted. Listed are the words of a table of contents.
    """

    parts: list[str] = field(default_factory=list)
    length: int = 0
    bold: int = 0
    listed: int = 0
    boxes: list[Item] = field(default_factory=list)

    def add(self, text: str, *, bold: bool = False, listed: bool = False) -> None:
        """Add words of one run."""
        if text:
            self.parts.append(text)
            length = len("".join(text.split()))
            self.length += length
            self.bold += length if bold else 0
            self.listed += length if listed else 0

    def lines(self, like: Line) -> list[Line]:
        """Give the lines, parted at line breaks, each with the layout of `like`."""
        text = "".join(self.parts)
        bold = self.bold > 0 and self.bold >= BOLD_SHARE * self.length
        if not text.strip():
            return [replace(like, text=text.replace("\n", ""))]
        return [replace(like, text=line, bold=bold) for line in text.split("\n") if line.strip()]
