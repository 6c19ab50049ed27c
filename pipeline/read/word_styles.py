"""Styles of a Word file: what a paragraph or run takes over from its style and the styles that one is based on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from pipeline.quick.classes import dataclass, field
from pipeline.read.word_xml import attribute, child_of, children_of, name_of, number, switch

# Built-in styles keep their English names in the file; WPS Office and old templates write Chinese ones.
HEADING_NAME = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
CONTENTS_NAME = re.compile(r"(?:toc|目录)\s*(?:[1-9]|heading|标题)", re.IGNORECASE)
# Outline levels are counted from 0; 9 is text.
LOWEST_OUTLINE = 8
LOWEST_LEVEL = 6
# Styles of real templates stand five or six deep; a longer chain would be walked for every paragraph.
DEEPEST_CHAIN = 32


@dataclass(frozen=True, slots=True)
class Style:
    """A style as the file writes it: its own properties, and the style that it is based on."""

    identifier: str
    name: str
    based_on: str | None
    paragraph: etree._Element | None
    run: etree._Element | None


@dataclass(slots=True)
class Styles:
    """All styles of a file. Look up with the style's id; None takes the default paragraph style."""

    styles: dict[str, Style] = field(default_factory=dict)
    default: str | None = None
    run_defaults: etree._Element | None = None
    paragraph_defaults: etree._Element | None = None
    _switches: dict[tuple[str | None, str], bool | None] = field(default_factory=dict)

    def chain(self, identifier: str | None) -> Iterator[Style]:
        """Give a style and those it is based on, nearest first, 32 at most; a circle is walked once."""
        seen: set[str] = set()
        while (
            identifier is not None
            and identifier not in seen
            and identifier in self.styles
            and len(seen) < DEEPEST_CHAIN
        ):
            seen.add(identifier)
            yield self.styles[identifier]
            identifier = self.styles[identifier].based_on

    def of_paragraph(self, properties: etree._Element | None) -> str | None:
        """Give the id of the style of a paragraph."""
        named = attribute(child_of(properties, "w:pStyle"))
        return named if named in self.styles else self.default

    def paragraph_property(self, properties: etree._Element | None, name: str) -> etree._Element | None:
        """Give a property of a paragraph: its own, else the nearest one of its styles, else the file's default."""
        found = child_of(properties, name)
        if found is not None:
            return found
        for style in self.chain(self.of_paragraph(properties)):
            found = child_of(style.paragraph, name)
            if found is not None:
                return found
        return child_of(self.paragraph_defaults, name)

    def run_switch(self, run: etree._Element | None, paragraph_style: str | None, name: str) -> bool:
        """Tell whether w:b or w:vanish holds for a run: by itself, its character style, or the paragraph's style."""
        own = switch(run, name)
        if own is not None:
            return own
        character = self._style_switch(attribute(child_of(run, "w:rStyle")), name)
        if character is not None:
            return character
        return self._style_switch(paragraph_style, name) or switch(self.run_defaults, name) or False

    def level(self, properties: etree._Element | None) -> int:
        """Give the heading level of a paragraph, 1 to 6: its outline level, or its style's; 0 for text."""
        own = number(child_of(properties, "w:outlineLvl"))
        if own is not None:
            return min(own + 1, LOWEST_LEVEL) if own <= LOWEST_OUTLINE else 0
        for style in self.chain(self.of_paragraph(properties)):
            outline = number(child_of(style.paragraph, "w:outlineLvl"))
            if outline is not None:
                return min(outline + 1, LOWEST_LEVEL) if outline <= LOWEST_OUTLINE else 0
            named = HEADING_NAME.fullmatch(style.name)
            if named:
                return min(int(named[1]), LOWEST_LEVEL)
        return 0

    def in_contents(self, properties: etree._Element | None) -> bool:
        """Tell whether a paragraph has one of the styles of a table of contents."""
        return any(CONTENTS_NAME.fullmatch(style.name) for style in self.chain(self.of_paragraph(properties)))

    def _style_switch(self, identifier: str | None, name: str) -> bool | None:
        key = (identifier, name)
        if key not in self._switches:
            found = (switch(style.run, name) for style in self.chain(identifier))
            self._switches[key] = next((value for value in found if value is not None), None)
        return self._switches[key]


def read_styles(root: etree._Element | None) -> Styles:
    """Give the styles of a styles part; none for a file without."""
    styles = Styles()
    if root is None:
        return styles
    defaults = child_of(root, "w:docDefaults")
    styles.run_defaults = child_of(child_of(defaults, "w:rPrDefault"), "w:rPr")
    styles.paragraph_defaults = child_of(child_of(defaults, "w:pPrDefault"), "w:pPr")
    for element in children_of(root, "w:style"):
        identifier = attribute(element, "styleId")
        if identifier is None:
            continue
        parts = {name_of(child): child for child in element}
        styles.styles[identifier] = Style(
            identifier,
            (attribute(parts.get("w:name")) or "").strip(),
            attribute(parts.get("w:basedOn")),
            parts.get("w:pPr"),
            parts.get("w:rPr"),
        )
        if attribute(element, "type") == "paragraph" and attribute(element, "default") in ("1", "true", "on"):
            styles.default = identifier
    return styles
