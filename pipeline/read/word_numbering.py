"""Automatic numbering of a Word file: which label stands before a paragraph, as Word shows it."""

from __future__ import annotations

import re

from lxml import etree

from pipeline.quick.classes import NamedTuple, dataclass, field
from pipeline.read.word_numerals import numeral
from pipeline.read.word_styles import Styles
from pipeline.read.word_symbols import symbol
from pipeline.read.word_xml import attribute, child_of, children_of, number, switch

DEEPEST = 8  # levels are counted from 0
# The pattern of a level holds up to nine numbers with what stands between them; a file that gives more would repeat
# it in every paragraph.
LONGEST_PATTERN = 40
LONGEST_LABEL = 120
PLACE = re.compile(r"%([1-9])")
# A picture or a sign of a symbol font, where it is not known which.
BULLET = "•"


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list. `restart` is the level (counted from 1) after which it begins anew, 0 for never."""

    start: int = 1
    style: str = "decimal"
    text: str = ""
    follows: str = "tab"
    restart: int | None = None
    legal: bool = False
    paragraph_style: str | None = None
    font: str = ""


class Label(NamedTuple):
    """What stands before the words, and whether it is but a sign (● or –) without a number."""

    text: str
    follows: str
    bullet: bool


@dataclass(slots=True)
class _List:
    """A w:num: the abstract list that counts for it, its levels, and the values it begins anew with."""

    abstract: str
    levels: dict[int, Level]
    overrides: dict[int, int]

    def first(self, depth: int) -> int:
        """Give the value that a level begins with."""
        return self.overrides.get(depth, self.levels.get(depth, Level()).start)


@dataclass(slots=True)
class Numbering:
    """The lists of a file, and how far each has counted. Ask for labels in the order of the document."""

    lists: dict[str, _List] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    _values: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def label(self, identifier: str, depth: int) -> Label | None:
        """Count one paragraph of list `identifier` at level `depth` (from 0), and give its label; None without one.

        Lists of one abstract list count on together. A level begins anew after a higher one, unless it says
        otherwise (w:lvlRestart); w:startOverride counts once, when the list first comes to that level.
        """
        found = self.lists.get(identifier)
        if found is None or depth > DEEPEST:
            return None
        level = found.levels.get(depth, Level())
        values = self._values.setdefault(found.abstract, {})
        for above in range(depth):
            # A higher level that was passed over counts as if an item of it stood there.
            if above not in values:
                values[above] = found.first(above)
                self._begun.add((identifier, above))
        anew = depth in found.overrides and (identifier, depth) not in self._begun
        self._begun.add((identifier, depth))
        if anew:
            values[depth] = found.overrides[depth]
        else:
            values[depth] = values[depth] + 1 if depth in values else level.start
        for below in range(depth + 1, DEEPEST + 1):
            restart = found.levels.get(below, Level()).restart
            if restart is None or depth < restart:
                values.pop(below, None)
        if level.style == "bullet":
            return Label(symbol(level.text, level.font) or BULLET, level.follows, True)
        shown = PLACE.sub(lambda place: self._shown(found, values, int(place[1]) - 1, level), level.text)
        return Label(shown[:LONGEST_LABEL], level.follows, False)

    def depth_of_style(self, identifier: str, style: str | None) -> int | None:
        """Give the level of a list that is tied to a paragraph style, None without one."""
        found = self.lists.get(identifier)
        levels = found.levels.items() if found and style else ()
        return next((depth for depth, level in levels if level.paragraph_style == style), None)

    def _shown(self, found: _List, values: dict[int, int], depth: int, asking: Level) -> str:
        level = found.levels.get(depth, Level())
        value = values.get(depth, found.first(depth))
        style = "decimal" if asking.legal and level.style != "none" else level.style
        shown = "" if style == "bullet" else numeral(value, style)
        if shown is None:
            self.unknown.add(style)
            return str(value)
        return shown


def read_numbering(root: etree._Element | None, styles: Styles) -> Numbering:
    """Give the lists of a numbering part; none for a file without."""
    numbering = Numbering()
    abstracts = {attribute(element, "abstractNumId") or "": element for element in children_of(root, "w:abstractNum")}
    nums = {attribute(element, "numId") or "": element for element in children_of(root, "w:num")}
    for identifier, element in nums.items():
        abstract = _abstract_of(element, nums, abstracts, styles)
        levels = _levels(abstracts.get(abstract))
        overrides: dict[int, int] = {}
        for override in children_of(element, "w:lvlOverride"):
            depth = number(override, "ilvl") or 0
            own = child_of(override, "w:lvl")
            if own is not None:
                levels[depth] = _level(own)
            start = number(child_of(override, "w:startOverride"))
            if start is not None:
                overrides[depth] = start
            elif own is not None:
                overrides[depth] = levels[depth].start
        numbering.lists[identifier] = _List(abstract, levels, overrides)
    return numbering


def _abstract_of(
    element: etree._Element, nums: dict[str, etree._Element], abstracts: dict[str, etree._Element], styles: Styles
) -> str:
    """Give the abstract list of a w:num; one that only names a list style leads to the list of that style."""
    abstract = attribute(child_of(element, "w:abstractNumId")) or ""
    for _ in range(DEEPEST):
        link = attribute(child_of(abstracts.get(abstract), "w:numStyleLink"))
        style = styles.styles.get(link or "")
        linked = attribute(child_of(child_of(style.paragraph if style else None, "w:numPr"), "w:numId"))
        if linked not in nums:
            break
        abstract = attribute(child_of(nums[linked], "w:abstractNumId")) or ""
    return abstract


def _levels(abstract: etree._Element | None) -> dict[int, Level]:
    return {number(element, "ilvl") or 0: _level(element) for element in children_of(abstract, "w:lvl")}


def _level(element: etree._Element) -> Level:
    style = child_of(element, "w:numFmt")
    if style is None:  # newer formats stand in an alternative, with an old one beside it
        style = next((found for found in element.iter("{*}numFmt")), None)
    text = attribute(child_of(element, "w:lvlText")) or ""
    fonts = child_of(child_of(element, "w:rPr"), "w:rFonts")
    start = number(child_of(element, "w:start"))
    return Level(
        start=0 if start is None else start,
        style=attribute(style) or "decimal",
        text=text[:LONGEST_PATTERN],
        follows=attribute(child_of(element, "w:suff")) or "tab",
        restart=number(child_of(element, "w:lvlRestart")),
        legal=switch(element, "w:isLgl") or False,
        paragraph_style=attribute(child_of(element, "w:pStyle")),
        font=attribute(fonts, "ascii") or attribute(fonts, "hAnsi") or "",
    )


def joined(label: Label, words: str) -> str:
    """Put a label before its words, as a plain copy of the text has it: 一、总体要求, 第一章 总则, 1.1 现状.

    The gap after 、 and ） shows nothing that the mark does not, so it is left out; after a letter or figure it is
    a space, and so it is wherever label and words would read as one figure (1. 5G网络).
    """
    if not label.text or not words:
        return label.text + words
    last, first = label.text[-1], words[0]
    if first.isspace() or last.isspace():
        return label.text + words
    gap = label.follows in ("tab", "space")
    figures = first.isdigit() and (last.isdigit() or last in ".．")
    letters = last.isalnum() and (gap or (last.isascii() and first.isascii() and first.isalnum()))
    return label.text + (" " if figures or letters or (label.bullet and gap) else "") + words
