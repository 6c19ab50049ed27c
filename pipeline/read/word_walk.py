"""Walk through the body of a Word file (or a note, a text box, a cell) and give its lines and tables as they show.

Insertions are kept and deletions left out, as if all changes were accepted. A paragraph whose mark was deleted goes on
in the next one.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from lxml import etree

from pipeline.quick.classes import dataclass, field
from pipeline.read.word_fields import Fields
from pipeline.read.word_items import Item, Line, Tally, Words
from pipeline.read.word_numbering import Numbering, joined
from pipeline.read.word_runs import Runs
from pipeline.read.word_styles import Styles
from pipeline.read.word_tables import table_of
from pipeline.read.word_xml import attribute, child_of, chosen, name_of, number, switch

# Elements that hold others and show nothing themselves.
HOLDERS = frozenset({"w:customXml", "w:smartTag", "w:ins", "w:moveTo", "w:sdtContent"})
DELETIONS = frozenset({"w:del", "w:moveFrom"})
CENTRED = ("center", "centre")
EQUATIONS = frozenset({"m:oMath", "m:oMathPara"})


@dataclass(slots=True)
class Walk:
    """One way through a file. Its numbering counts on from part to part, so walk the parts in reading order."""

    styles: Styles
    numbering: Numbering
    tally: Tally = field(default_factory=Tally)

    def items(self, parent: etree._Element) -> list[Item]:
        """Give the lines and tables of a body, cell, note or text box."""
        return _Story(self, Fields(parent)).items(parent, "paragraph")


class _Story:
    """A run of paragraphs in which fields may reach from one paragraph into the next."""

    def __init__(self, walk: Walk, fields: Fields) -> None:
        self.walk = walk
        self.fields = fields
        self.runs = Runs(walk.styles, walk.tally, fields, walk.items)

    def items(self, parent: etree._Element, kind: str) -> list[Item]:
        """Give what a container of blocks holds; `kind` is contents inside a table of contents."""
        found: list[Item] = []
        waiting: _Paragraph | None = None
        for child, within in _blocks(parent, kind):
            name = name_of(child)
            if name == "w:p":
                paragraph = self._paragraph(child, within, waiting)
                waiting = paragraph if paragraph.goes_on else None
                if waiting is None:
                    found += self._finished(paragraph)
                continue
            if waiting is not None:
                found += self._finished(waiting)
                waiting = None
            if name == "w:tbl":
                found.append(table_of(child, partial(self.items, kind=within), self.walk.tally))
            elif name in EQUATIONS:
                words = Words()
                self.runs.inline([child], None, words)
                found += words.lines(Line(""))
            else:
                self.walk.tally.attachments.append("altChunk " + (attribute(child, "id") or ""))
        return found + (self._finished(waiting) if waiting is not None else [])

    def _paragraph(self, element: etree._Element, kind: str, before: _Paragraph | None) -> _Paragraph:
        """Read one paragraph; `before` is one that goes on in it."""
        properties = child_of(element, "w:pPr")
        mark = child_of(properties, "w:rPr")
        style = self.walk.styles.of_paragraph(properties)
        words = before.words if before is not None else Words()
        self.runs.inline(element, style, words)
        run_in = switch(mark, "w:specVanish") is True
        deleted = child_of(mark, "w:del") is not None or child_of(mark, "w:moveFrom") is not None
        return _Paragraph(
            properties=before.properties if before is not None and before.run_in else properties,
            words=words,
            in_contents=kind == "contents" or self.walk.styles.in_contents(properties),
            goes_on=run_in or deleted,
            run_in=run_in or (before is not None and before.run_in),
            hidden=self.walk.styles.run_switch(mark, style, "w:vanish"),
        )

    def _finished(self, paragraph: _Paragraph) -> list[Item]:
        """Give the lines of a paragraph with its label, then those of the text boxes that hang on it."""
        words, properties = paragraph.words, paragraph.properties
        shown = "".join(words.parts).strip()
        if shown or not (paragraph.hidden or paragraph.goes_on):
            self._number(properties, words, shown)
        styles = self.walk.styles
        in_contents = paragraph.in_contents or 2 * words.listed > words.length
        level = 0 if in_contents or paragraph.run_in else styles.level(properties)
        centred = attribute(styles.paragraph_property(properties, "w:jc")) in CENTRED
        return [*words.lines(Line("", "contents" if in_contents else "paragraph", level, centred)), *words.boxes]

    def _number(self, properties: etree._Element | None, words: Words, shown: str) -> None:
        """Count a numbered paragraph and put its label before its words."""
        numbered = _numbered(properties, self.walk)
        label = self.walk.numbering.label(*numbered) if numbered else None
        if label is not None and (shown or not label.bullet):
            words.parts[:] = [joined(label, "".join(words.parts).lstrip())]


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph that was read.

    `goes_on` tells that its mark is deleted, or hidden to set a heading in the line; `run_in` that a heading was.
    """

    properties: etree._Element | None
    words: Words
    in_contents: bool
    goes_on: bool
    run_in: bool
    hidden: bool


def _blocks(parent: etree._Element, kind: str) -> Iterable[tuple[etree._Element, str]]:
    """Give paragraphs, tables, equations and foreign parts in order, through all that only holds them."""
    for child in parent:
        name = name_of(child)
        if name in ("w:p", "w:tbl", "w:altChunk") or name in EQUATIONS:
            yield child, kind
        elif name == "w:sdt":
            content = child_of(child, "w:sdtContent")
            if content is not None:
                yield from _blocks(content, "contents" if _is_contents(child) else kind)
        elif name == "mc:AlternateContent":
            branch = chosen(child)
            if branch is not None:
                yield from _blocks(branch, kind)
        elif name in HOLDERS:
            yield from _blocks(child, kind)


def _is_contents(control: etree._Element) -> bool:
    """Tell whether a content control holds a table of contents, as Word and WPS Office insert it."""
    gallery = child_of(child_of(child_of(control, "w:sdtPr"), "w:docPartObj"), "w:docPartGallery")
    return (attribute(gallery) or "").strip().lower() == "table of contents"


def _numbered(properties: etree._Element | None, walk: Walk) -> tuple[str, int] | None:
    """Give the list of a paragraph and its level in it: its own, or its style's; None for one without number."""
    own = child_of(properties, "w:numPr")
    identifier = attribute(child_of(own, "w:numId"))
    depth = number(child_of(own, "w:ilvl"))
    style = walk.styles.of_paragraph(properties)
    if identifier is None:
        for holder in walk.styles.chain(style):
            inherited = child_of(holder.paragraph, "w:numPr")
            identifier = attribute(child_of(inherited, "w:numId"))
            if depth is None and inherited is not None:
                depth = number(child_of(inherited, "w:ilvl"))
            if identifier is not None:
                break
        if identifier is not None:
            tied = walk.numbering.depth_of_style(identifier, style)
            depth = tied if tied is not None and number(child_of(own, "w:ilvl")) is None else depth
    if identifier is None or identifier == "0":
        return None
    return identifier, depth or 0
