"""The normalised text of a document, every character of which knows where it came from."""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from operator import itemgetter
from typing import Literal

from pipeline.model.source import Block, Problem, Source, Span
from pipeline.quick.classes import NamedTuple, dataclass

Script = Literal["hans", "hant", "mixed"]
# Behind all that starts at one place, where runs are searched by their start.
BEYOND = sys.maxsize


class Run(NamedTuple):
    """`length` characters that stand at `start` in the text and at `source` in the source, one for one."""

    start: int
    source: int
    length: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """The map from a text to the source it was made from: rising runs of characters that correspond.

    Source characters outside all runs were left out, text characters outside all runs were put in.
    """

    runs: tuple[Run, ...]

    def to_source(self, start: int, end: int) -> Span:
        """Give the source range that text[start:end] came from, with what was left out inside it.

        A range of inserted characters only gives an empty span at the nearest place.
        """
        if not self.runs:
            return Span(0, 0)
        first = max(bisect_right(self.runs, (start, BEYOND)) - 1, 0)
        run_start, source, length = self.runs[first]
        if run_start <= start < end <= run_start + length:
            # Nearly all that is asked for lies in one run.
            return Span(source + start - run_start, source + end - run_start)
        if start >= self.runs[first].start + self.runs[first].length and first + 1 < len(self.runs):
            first += 1
        head = tail = self.runs[first]
        if not head.start < end <= head.start + head.length:
            tail = self.runs[max(bisect_right(self.runs, (end - 1, BEYOND)) - 1, 0)]
        source_start = head.source + min(max(start - head.start, 0), head.length)
        source_end = tail.source + min(max(end - tail.start, 0), tail.length)
        return Span(source_start, max(source_start, source_end))

    def to_text(self, start: int, end: int) -> Span:
        """Give the text range that source[start:end] became, with what was put in inside it.

        A range of left out characters only gives an empty span at the nearest place.
        """
        if not self.runs:
            return Span(0, 0)
        following = bisect_right(self.runs, start, key=lambda run: run.source + run.length)
        head = self.runs[min(following, len(self.runs) - 1)]
        text_start = head.start + min(max(start - head.source, 0), head.length)
        before = bisect_left(self.runs, end, key=itemgetter(1)) - 1
        if before < following:
            return Span(text_start, text_start)
        tail = self.runs[before]
        return Span(text_start, tail.start + min(max(end - tail.source, 0), tail.length))


@dataclass(frozen=True, slots=True)
class Repair:
    """One thing that normalising changed: by which step, where in the source, what it was and became."""

    step: str
    source_start: int
    source_end: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Text:
    """The normalised text: simplified characters, whole lines, no page furniture inside sentences.

    `blocks` are as in `Source` but with offsets into `text`, one per whole paragraph, parted by a line
    feed each; table cells are parted by a tab, table rows by a line feed. `doubts` are ranges of `text`, in order and
    apart, that may be misread; `digits_exchanged` tells that no figure of the text is to be trusted.
    """

    source: Source
    text: str
    alignment: Alignment
    script: Script
    blocks: tuple[Block, ...]
    repairs: tuple[Repair, ...] = ()
    problems: tuple[Problem, ...] = ()
    doubts: tuple[Span, ...] = ()
    digits_exchanged: bool = False

    def source_quote(self, start: int, end: int) -> str:
        """Give the passage text[start:end] as the source file spells it."""
        first, last = self.alignment.to_source(start, end)
        return self.source.text[first:last]
