"""Find the labels of a note: the words before a colon that ask for bodies (牵头单位：) or for a time (完成时限：)."""

from __future__ import annotations

from bisect import bisect_left

from pipeline.extract.responsibility_pieces import (
    CLOSING,
    COLONS,
    OPENING,
    SEPARATORS,
    blank,
    mark_pattern,
    marks_outside_brackets,
    split_list,
    trim,
)
from pipeline.lexicon.roles import Roles
from pipeline.model.findings import Role
from pipeline.quick.classes import dataclass
from pipeline.quick.pattern import pattern

LABEL_BREAKS = SEPARATORS + OPENING + CLOSING + " \t\n　"
COLON = pattern(f"[{COLONS}]")
COLON_MARKS = mark_pattern(COLONS)
# 责任单位（部门）： the bracket and what is typed between the words of a label.
CLOSING_BRACKET = pattern(r"[（(〔\[].*?[）)〕\]]$")
LABEL_MARK = pattern(r"[（(）)〔〕\[\]、/]")
LONGEST_LABEL = 16
# ——责任单位：
DASHES = "—–-·•*"


@dataclass(frozen=True, slots=True)
class Label:
    """The words before a colon or 为: their place, the place behind it, and their role if they ask for bodies."""

    start: int
    end: int
    text: str
    role: Role | None
    colon: bool


def _any_between(places: list[int], start: int, end: int) -> bool:
    """Tell whether one of some places, which are in order, lies in [start, end)."""
    first = bisect_left(places, start)
    return first < len(places) and places[first] < end


def _start(label: Label) -> int:
    return label.start


class LabelReader:
    """Finds labels in one text."""

    def __init__(self, text: str, roles: Roles) -> None:
        self.text = text
        self.roles = roles
        # Where labels end: most passages hold neither a colon nor a noun with 为 behind it.
        self._colons = [mark.start() for mark in COLON.finditer(text)]
        self._links = [link.start() for link in roles.linked.finditer(text)]
        # A note is asked for its labels again and again while it is read.
        self._known: dict[tuple[int, int], list[Label]] = {}

    def labels(self, start: int, end: int) -> list[Label]:
        """Give the labels of text[start:end]: the words before each colon, and 牵头单位为 at the start of a piece."""
        linked = _any_between(self._links, start, end - 1)
        if not linked and not _any_between(self._colons, start, end):
            return []
        known = self._known.get((start, end))
        if known is None:
            known = self._known[start, end] = self._labels(start, end, linked)
        return known

    def _labels(self, start: int, end: int, linked: bool) -> list[Label]:
        labels = [
            label
            for place in marks_outside_brackets(self.text, start, end, COLON_MARKS)
            if (label := self._before(start, place))
        ]
        if not linked:
            return sorted(labels, key=_start)
        # Where a label may begin; most pieces hold none.
        places = [found.start() for found in self.roles.opening.finditer(self.text, start, end, overlapped=True)]
        taken = sorted(label.start for label in labels)
        for piece, stop, _ in split_list(self.text, start, end) if places else ():
            if not _any_between(places, piece, stop):
                continue
            piece, stop = trim(self.text, piece, stop)
            found = self.roles.opening.match(self.text, piece, stop)
            if found and found["link"] and not _any_between(taken, piece, found.end()):
                labels.append(Label(piece, found.end(), found["label"], self.roles.of_label(found["label"]), False))
        return sorted(labels, key=_start)

    def _before(self, start: int, colon: int) -> Label | None:
        """Read the label that ends at a colon; brackets inside it belong to it (主（协）办机关, 责任单位（部门））."""
        first, depth = colon, 0
        while first > start and colon - first <= LONGEST_LABEL:
            char = self.text[first - 1]
            depth += (char in CLOSING) - (char in OPENING)
            if depth < 0 or (depth == 0 and char in LABEL_BREAKS and char not in OPENING + CLOSING):
                break
            first -= 1
        first, colon_at = trim(self.text, first, colon, DASHES)
        text = blank(self.text[first:colon_at])
        if not text or len(text) > LONGEST_LABEL:
            return None
        bare = CLOSING_BRACKET.sub("", text)
        role = self.roles.of_label(bare) if bare != text else None
        return Label(first, colon + 1, text, role or self.roles.of_label(LABEL_MARK.sub("", text)), True)

    def opening(self, start: int, end: int) -> Label | None:
        """Give the role label that opens a note, with its colon or, behind 单位 or 部门, without."""
        first, _ = trim(self.text, start, end)
        labels = self.labels(first, end)
        if labels and labels[0].start == first and labels[0].role:
            return labels[0]
        found = self.roles.opening.match(self.text, first, end)
        if found and not labels:
            return Label(first, found.end(), found["label"], self.roles.of_label(found["label"]), False)
        return None
