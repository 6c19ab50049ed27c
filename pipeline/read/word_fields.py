"""Fields of a Word file: which words are an instruction, which are its result, and which results do not count."""

from __future__ import annotations

import re

from lxml import etree

from pipeline.quick.classes import dataclass, field
from pipeline.read.word_xml import attribute, chosen, name_of

# Page numbers belong to the paper, not to the text.
PAGE_FIELDS = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES"})
KEYWORD = re.compile(r"\s*([A-Za-z]+)")
# Word sets a figure in a ring (带圈字符) with a field that has no result.
RINGED = re.compile(r"\s*EQ\s+\\o\s*\\ac\s*\(\s*[○◯〇O□△◇]\s*[,，;]\s*(?P<words>[^()]{1,8}?)\s*\)\s*", re.IGNORECASE)
FRACTION = re.compile(
    r"\s*EQ\s+\\f\s*\(\s*(?P<above>[^(),;]{1,20})[,，;]\s*(?P<below>[^(),;]{1,20})\)\s*", re.IGNORECASE
)
SKIPPED = frozenset({"w:del", "w:moveFrom"})
LAST_RINGED = 20


@dataclass(slots=True)
class _Open:
    """A field that has begun. `shows` turns true where its result begins."""

    instruction: list[str] = field(default_factory=list)
    shows: bool = False

    @property
    def keyword(self) -> str:
        found = KEYWORD.match("".join(self.instruction))
        return found[1].upper() if found else ""


class Fields:
    """The fields that are open at the place of a walk. Marks without partner are passed over, so that no text hangs."""

    def __init__(self, story: etree._Element) -> None:
        self._open: list[_Open] = []
        self._paired = _paired(story)

    @property
    def hides(self) -> bool:
        """Tell whether words at this place are not shown: instructions, and results that are page numbers."""
        return any(not entry.shows or entry.keyword in PAGE_FIELDS for entry in self._open)

    @property
    def in_contents(self) -> bool:
        """Tell whether this place is in the result of a table of contents."""
        return any(entry.shows and entry.keyword == "TOC" for entry in self._open)

    def instruct(self, text: str) -> None:
        """Take words of an instruction."""
        if self._open and not self._open[-1].shows:
            self._open[-1].instruction.append(text)

    def mark(self, element: etree._Element) -> str | None:
        """Take a w:fldChar; where it ends a field without result, give the field's instruction."""
        if element not in self._paired:
            return None
        kind = attribute(element, "fldCharType")
        if kind == "begin":
            self._open.append(_Open())
        elif kind == "separate":
            self._open[-1].shows = True
        elif kind == "end":
            ended = self._open.pop()
            return None if ended.shows else "".join(ended.instruction)
        return None


def shown(instruction: str) -> str | None:
    """Give what a field without result shows: a ringed figure, a fraction; None for what is not known here."""
    ringed = RINGED.fullmatch(instruction)
    if ringed:
        words = ringed["words"]
        if words.isascii() and words.isdigit() and 1 <= int(words) <= LAST_RINGED:
            return chr(ord("①") + int(words) - 1)
        return f"（{words}）"
    fraction = FRACTION.fullmatch(instruction)
    if fraction:
        return f"{fraction['above']}/{fraction['below']}"
    return None


def is_page_field(instruction: str) -> bool:
    """Tell whether an instruction asks for the number of a page or of pages."""
    found = KEYWORD.match(instruction)
    return found is not None and found[1].upper() in PAGE_FIELDS


def _paired(story: etree._Element) -> set[etree._Element]:
    """Give the marks of fields that have both beginning and end in this story."""
    paired: set[etree._Element] = set()
    waiting: list[list[etree._Element]] = []
    for element in _marks(story):
        kind = attribute(element, "fldCharType")
        if kind == "begin":
            waiting.append([element])
        elif waiting:
            waiting[-1].append(element)
            if kind == "end":
                paired.update(waiting.pop())
    return paired


def _marks(story: etree._Element) -> list[etree._Element]:
    """Give the w:fldChar of a story in order, without those of deletions, text boxes and branches not read."""
    found: list[etree._Element] = []
    pending = [story]
    while pending:
        element = pending.pop()
        name = name_of(element)
        if name == "w:fldChar":
            found.append(element)
        elif name == "mc:AlternateContent":
            branch = chosen(element)
            if branch is not None:
                pending.append(branch)
        elif name not in SKIPPED and (name != "w:txbxContent" or element is story):
            pending.extend(reversed(element))
    return found
