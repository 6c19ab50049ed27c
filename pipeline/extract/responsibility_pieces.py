"""The pieces of a list of bodies: names and role words at their places, separators, brackets."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate

import regex

from pipeline.model.findings import Role
from pipeline.model.source import Span
from pipeline.quick.classes import NamedTuple

OPENING, CLOSING = "（(〔[【﹝［｛{〖", "）)〕]】﹞］｝}〗"
PLACE_WORDS = "市县区州旗盟镇乡"
SEPARATORS = "、，,；;。．/／|｜"
# Longer runs without a separator are sentences, not names.
LONGEST_PIECE = 100
COLONS = "：:﹕∶"


class Name(NamedTuple):
    """One name of a list at its place in the text. `joined` tells that only 、 or 和 parts it from the one before,
    `bracketed` that it stands whole in brackets. `role` is set where a bracket behind the name gives it one.
    """

    organisation: str
    start: int
    end: int
    role: Role | None = None
    role_text: str = ""
    joined: bool = False
    bracketed: bool = False


class Mark(NamedTuple):
    """A word of a list that gives a role: after the names (`opens` false: 牵头) or before them (true: 会同)."""

    role: Role
    text: str
    opens: bool


class Covered:
    """What some passages cover, which may meet and stand in any order."""

    def __init__(self, spans: Iterable[Span]) -> None:
        ordered = sorted(spans)
        self.starts = [span.start for span in ordered]
        # How far the passages up to each go.
        self.ends = list(accumulate((span.end for span in ordered), max))

    def holds(self, place: int) -> bool:
        """Tell whether a place lies in one of the passages."""
        return self.meets(place, place + 1)

    def meets(self, start: int, end: int) -> bool:
        """Tell whether [start, end) shares a character with one of them."""
        before = bisect_left(self.starts, end)
        return before > 0 and self.ends[before - 1] > start


def blank(text: str) -> str:
    """Give `text` without white space."""
    return "".join(text.split())


def trim(text: str, start: int, end: int, chars: str = "") -> tuple[int, int]:
    """Narrow [start, end) past white space and `chars` at both ends."""
    while start < end and (text[start].isspace() or text[start] in chars):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in chars):
        end -= 1
    return start, end


def marks_outside_brackets(text: str, start: int, end: int, marks: regex.Pattern[str]) -> list[int]:
    """Give the places in [start, end) of the characters of `marks` that stand in no bracket.

    `marks` is made by `mark_pattern`; a closing bracket without opening one changes nothing.
    """
    places: list[int] = []
    depth = 0
    for found in marks.finditer(text, start, end):
        char = found[0]
        if char in OPENING:
            depth += 1
        elif char in CLOSING:
            depth = max(depth - 1, 0)
        elif depth == 0:
            places.append(found.start())
    return places


def without_bracket(name: str) -> str:
    """Give `name` without the bracket that closes it: 交通运输厅〔铁建办〕."""
    if not name or name[-1] not in CLOSING:
        return name
    opening = max(name.rfind(char) for char in OPENING)
    return name[:opening] if opening > 0 else name


def mark_pattern(marks: str) -> regex.Pattern[str]:
    """Compile the characters of `marks`, and the brackets, into one class."""
    return regex.compile(f"[{regex.escape(marks + OPENING + CLOSING)}]")


BRACKET_MARKS = mark_pattern("")
SEPARATOR_MARKS = mark_pattern(SEPARATORS)


def split_list(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """Cut [start, end) at the separators that stand in no bracket, as (start, end, the separator before the piece)."""
    pieces: list[tuple[int, int, str]] = []
    first, before = start, ""
    for place in marks_outside_brackets(text, start, end, SEPARATOR_MARKS):
        pieces.append((first, place, before))
        first, before = place + 1, text[place]
    pieces.append((first, end, before))
    return pieces
