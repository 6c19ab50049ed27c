"""A Word document of a manuscript, laid out as an official paper: 22 lines of 28 characters, counted headings."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from tools.parity import word_parts as parts
from tools.parity.manuscript import Manuscript, Part
from tools.parity.word_table import table_xml

# The parts of the package carry one date, so that the same manuscript gives the same bytes.
DATE = (2024, 1, 1, 0, 0, 0)
TITLE = 44
FOOT = 28
JUSTIFICATION = {"title": "center", "subtitle": "center", "number": "center", "centre": "center", "right": "right"}
UNINDENTED = frozenset({"title", "subtitle", "number", "flush", "centre", "right", "entry"})
TURNS = frozenset({"landscape", "portrait", "columns", "single"})


def write_docx(manuscript: Manuscript, path: Path) -> None:
    """Write the document: real tables, footnotes, numbering by the program, page numbers on the outer side."""
    body = _Body(manuscript)
    files = {
        "[Content_Types].xml": parts.CONTENT_TYPES,
        "_rels/.rels": parts.PACKAGE_RELATIONS,
        "word/document.xml": body.written(),
        "word/_rels/document.xml.rels": parts.DOCUMENT_RELATIONS,
        "word/styles.xml": parts.styles(manuscript.info),
        "word/settings.xml": parts.SETTINGS,
        "word/numbering.xml": parts.numbering(body.lists),
        "word/footnotes.xml": parts.footnotes(body.notes),
        "word/header1.xml": parts.header(manuscript.info.get("running", "")),
        "word/footer1.xml": parts.footer("right"),
        "word/footer2.xml": parts.footer("left"),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, text.encode())


class _Body:
    """The paragraphs and tables of the main part; counts the lists and gathers the footnotes on the way."""

    def __init__(self, manuscript: Manuscript) -> None:
        self.lists = 1
        self.notes: list[str] = []
        self._headings = manuscript.info.get("headings", "typed")
        self._parts = manuscript.parts
        self._marks = {p.text.split(" ", 1)[0]: p.text.split(" ", 1)[1] for p in manuscript.parts if p.kind == "note"}
        self._xml: list[str] = []
        self._turn = False
        self._continuous = False
        small = "size" in manuscript.info
        self._sizes = {} if small else {"title": TITLE, "foot": FOOT}
        self._wrap = manuscript.info.get("wrap", "words")

    def written(self) -> str:
        section = ("portrait", 1)
        for part in self._parts:
            if part.kind == "page":
                self._turn = True
            elif part.kind == "restart":
                self.lists += 1
            elif part.kind in TURNS:
                # The turn of the page is the section's own; a turn of columns goes on where the text stands.
                self._xml.append(f"<w:p><w:pPr>{parts.section(*section, self._kind(section))}</w:pPr></w:p>")
                self._turn = False
                section = ("landscape" if part.kind == "landscape" else "portrait", 2 if part.kind == "columns" else 1)
                self._continuous = part.kind in ("columns", "single")
            elif part.table is not None:
                self._xml.append(self._page_turn() + table_xml(part.table))
            elif part.kind not in ("note", "rule"):
                self._xml.append(self._paragraph(part))
        self._xml.append(parts.section(*section, self._kind(section)))
        return parts.document("".join(self._xml))

    def _kind(self, section: tuple[str, int]) -> str:
        return "continuous" if self._continuous else "nextPage"

    def _page_turn(self) -> str:
        turn, self._turn = self._turn, False
        return (
            '<w:p><w:pPr><w:pageBreakBefore/><w:spacing w:line="20" w:lineRule="exact"/></w:pPr></w:p>' if turn else ""
        )

    def _paragraph(self, part: Part) -> str:
        properties = ""
        words = part.text
        counted = part.kind == "heading" and self._headings in ("numbered", "styles")
        if part.kind == "heading" and self._headings == "styles" and not part.text:
            properties += f'<w:pStyle w:val="Heading{part.level}"/>'
        if self._turn:
            properties += "<w:pageBreakBefore/>"
            self._turn = False
        if counted:
            properties += f'<w:numPr><w:ilvl w:val="{part.level - 1}"/><w:numId w:val="{self.lists}"/></w:numPr>'
        if part.kind == "entry":
            properties += '<w:tabs><w:tab w:val="right" w:leader="middleDot" w:pos="8840"/></w:tabs>'
            words = words.replace(" | ", "\t")
        if self._wrap == "letters":
            properties += '<w:wordWrap w:val="0"/>'
        properties += _indent(part)
        if part.kind in JUSTIFICATION:
            properties += f'<w:jc w:val="{JUSTIFICATION[part.kind]}"/>'
        runs = ""
        if part.kind == "heading":
            runs = self._runs(("" if counted else part.label) + part.lead, bold=True)
        size = self._sizes.get(part.kind, 0)
        runs += self._runs(words, size=size)
        return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"

    def _runs(self, text: str, *, bold: bool = False, size: int = 0) -> str:
        """Give text as runs; a mark that has a note becomes the reference to it."""
        for mark, note in self._marks.items():
            if mark in text:
                before, _, after = text.partition(mark)
                self.notes.append(note)
                reference = parts.reference(len(self.notes))
                return self._runs(before, bold=bold, size=size) + reference + self._runs(after, bold=bold, size=size)
        if not text:
            return ""
        look = ("<w:b/>" if bold else "") + (f'<w:sz w:val="{size}"/>' if size else "")
        words = '</w:t><w:tab/><w:t xml:space="preserve">'.join(escape(piece) for piece in text.split("\t"))
        return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def _indent(part: Part) -> str:
    if part.kind in UNINDENTED:
        right = ' w:rightChars="400" w:right="1280"' if part.kind == "right" else ""
        return f'<w:ind w:firstLineChars="0" w:firstLine="0"{right}/>'
    if part.kind == "hang":
        return '<w:ind w:leftChars="500" w:left="1600" w:firstLineChars="0" w:firstLine="0"/>'
    if part.kind == "foot":
        return '<w:ind w:leftChars="100" w:left="320" w:firstLineChars="0" w:firstLine="0"/>'
    return ""
