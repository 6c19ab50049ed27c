"""The words of a paragraph: runs of one type, links, fields, equations, and what hangs on them (boxes, notes)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from lxml import etree

from pipeline.read.word_fields import Fields, is_page_field, shown
from pipeline.read.word_items import SUPERSCRIPTS, Item, Line, Note, Tally, Words
from pipeline.read.word_styles import Styles
from pipeline.read.word_symbols import PRIVATE_FIRST, PRIVATE_LAST, symbol
from pipeline.read.word_xml import attribute, child_of, chosen, name_of

HOLDERS = frozenset({
    "w:hyperlink", "w:ins", "w:moveTo", "w:smartTag", "w:customXml", "w:dir", "w:bdo", "w:sdtContent", "w:fldSimple",
    "m:oMath", "m:oMathPara", "w:rubyBase",
})  # fmt: skip
SIGNS = {
    "w:tab": "\t", "w:ptab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-",
}  # fmt: skip
DRAWINGS = frozenset({"w:drawing", "w:pict", "w:object"})
IMAGES = frozenset({"pic:pic", "v:imagedata"})
GRAPHICS = frozenset({"dgm:relIds", "c:chart"})
RAISED = re.compile(r"[0-9+\-−]+")
PRIVATE = re.compile(f"[{chr(PRIVATE_FIRST)}-{chr(PRIVATE_LAST)}]")
LINE_FEEDS = re.compile(r"[\r\n]+")
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


class Runs:
    """Reads what is inside a paragraph. `box` gives the items of a text box."""

    def __init__(
        self, styles: Styles, tally: Tally, fields: Fields, box: Callable[[etree._Element], list[Item]]
    ) -> None:
        self.styles = styles
        self.tally = tally
        self.fields = fields
        self.box = box

    def inline(self, children: Iterable[etree._Element], style: str | None, words: Words) -> None:
        """Add the words of a paragraph's children; `style` is the id of the paragraph's style."""
        for child in children:
            name = name_of(child)
            if name == "w:r":
                self._run(child, style, words)
            elif name == "w:fldSimple" and is_page_field(attribute(child, "instr") or ""):
                continue
            elif name.startswith("m:"):
                self._equation(child, style, words)
            elif name in HOLDERS:
                self.inline(child, style, words)
            elif name == "w:sdt":
                content = child_of(child, "w:sdtContent")
                self.inline(content if content is not None else (), style, words)
            elif name == "mc:AlternateContent":
                branch = chosen(child)
                self.inline(branch if branch is not None else (), style, words)

    def _run(self, run: etree._Element, style: str | None, words: Words) -> None:
        properties = child_of(run, "w:rPr")
        bold = self.styles.run_switch(properties, style, "w:b")
        hidden = self.styles.run_switch(properties, style, "w:vanish")
        raised = attribute(child_of(properties, "w:vertAlign")) == "superscript"
        fonts = child_of(properties, "w:rFonts")
        font = (attribute(fonts, "ascii") or attribute(fonts, "hAnsi") or "") if fonts is not None else ""
        for name, child in _pieces(run):
            if name == "w:fldChar":
                self._field(child, words, bold=bold)
            elif name == "w:instrText":
                self.fields.instruct(child.text or "")
            elif self.fields.hides:
                continue
            elif name in DRAWINGS:
                self._drawing(child, words)
            elif name in ("w:footnoteReference", "w:endnoteReference"):
                mark = self.tally.note_mark(Note(name[2:-9] + "s", attribute(child, "id") or ""))
                # a mark of the author's own follows as text
                words.add("" if attribute(child, "customMarkFollows") in ("1", "true") else mark)
            elif name == "w:ruby":
                self.inline([part for part in child if name_of(part) == "w:rubyBase"], style, words)
            else:
                text = _text(name, child, font)
                if raised and RAISED.fullmatch(text):
                    text = text.translate(SUPERSCRIPTS)
                if hidden and text.strip():
                    self.tally.hidden.append(text.strip())
                elif not hidden:
                    words.add(text, bold=bold, listed=self.fields.in_contents)

    def _field(self, mark: etree._Element, words: Words, *, bold: bool) -> None:
        instruction = self.fields.mark(mark)
        if instruction is None or not instruction.strip() or self.fields.hides:
            return
        text = shown(instruction)
        if text is not None:
            words.add(text, bold=bold)
        elif instruction.split()[0].upper() in ("EQ", "SYMBOL"):
            self.tally.fields.append(" ".join(instruction.split()))

    def _equation(self, element: etree._Element, style: str | None, words: Words) -> None:
        """Add an equation in reading order: a fraction with a stroke, powers raised where Unicode can."""
        name = name_of(element)
        if name == "m:t":
            words.add(element.text or "")
        elif name == "m:f":
            for part, stroke in (("m:num", "/"), ("m:den", "")):
                self._within(child_of(element, part), style, words)
                words.add(stroke)
        elif name == "m:sup":
            power = Words()
            self._within(element, style, power)
            text = "".join(power.parts)
            words.add(text.translate(SUPERSCRIPTS) if RAISED.fullmatch(text) else "^" + text if text else "")
        elif not name.endswith("Pr"):
            self._within(element, style, words)

    def _within(self, element: etree._Element | None, style: str | None, words: Words) -> None:
        for child in element if element is not None else ():
            if name_of(child).startswith("m:"):
                self._equation(child, style, words)
            else:
                self.inline([child], style, words)

    def _drawing(self, element: etree._Element, words: Words) -> None:
        """Add the text boxes of a drawing after the paragraph it hangs on; count pictures and diagrams."""
        pending = [element]
        while pending:
            part = pending.pop()
            name = name_of(part)
            if name == "w:txbxContent":
                words.boxes += self.box(part)
                continue
            if name == "mc:AlternateContent":
                branch = chosen(part)
                pending += [branch] if branch is not None else []
                continue
            self.tally.images += name in IMAGES
            self.tally.graphics += name in GRAPHICS
            if name == "v:textpath":
                words.boxes.append(Line(LINE_FEEDS.sub(" ", attribute(part, "string") or "")))
            elif name == "a:p":
                words.boxes.append(Line("".join(found.text or "" for found in part.iter("{*}t"))))
            else:
                pending.extend(reversed(part))


def _pieces(run: etree._Element) -> Iterable[tuple[str, etree._Element]]:
    """Give the pieces of a run, through the branch of each alternative."""
    for child in run:
        name = name_of(child)
        if name == "mc:AlternateContent":
            branch = chosen(child)
            yield from _pieces(branch) if branch is not None else ()
        else:
            yield name, child


def _text(name: str, element: etree._Element, font: str) -> str:
    """Give the words of one piece of a run, empty for pieces that show none."""
    if name == "w:t":
        text = LINE_FEEDS.sub(" ", element.text or "")
        if element.get(XML_SPACE) != "preserve":
            text = text.strip(" ")
        return symbol(text, font) if font and PRIVATE.search(text) else text
    if name == "w:sym":
        code = attribute(element, "char") or ""
        try:
            return symbol(chr(int(code, 16)), attribute(element, "font") or "")
        except (ValueError, OverflowError):
            return ""
    return SIGNS.get(name, "")
