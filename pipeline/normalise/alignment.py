"""The edit engine: every change of a line states what it replaces, so the map to the source is never searched for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.model import Run
from pipeline.quick.classes import NamedTuple


class Edit(NamedTuple):
    """Replace [start, end) by `after`. The first characters of both correspond one for one."""

    start: int
    end: int
    after: str


class Mapped(NamedTuple):
    """A text and the rising runs that map it to the source."""

    text: str
    runs: tuple[Run, ...]


def whole(text: str, source_start: int) -> Mapped:
    """Give `text` as it stands in the source from `source_start`."""
    return Mapped(text, (Run(0, source_start, len(text)),) if text else ())


def apply(mapped: Mapped, edits: Sequence[Edit]) -> Mapped:
    """Give the text after `edits`, which must be in order and apart from each other.

    A replacement corresponds to what it replaces character by character as far as both reach: 匯→汇 keeps its place,
    the second letter of ﬁ→fi belongs to no source character, a deleted character to no character of the result.
    """
    if not edits:
        return mapped
    copy = _Copy(mapped.runs)
    parts: list[str] = []
    position = 0
    for edit in edits:
        parts.append(mapped.text[position : edit.start])
        copy.keep(position, edit.start)
        parts.append(edit.after)
        shared = min(len(edit.after), edit.end - edit.start)
        copy.keep(edit.start, edit.start + shared)
        copy.length += len(edit.after) - shared
        position = edit.end
    parts.append(mapped.text[position:])
    copy.keep(position, len(mapped.text))
    return Mapped("".join(parts), tuple(copy.made))


def concatenate(pieces: Iterable[Mapped]) -> Mapped:
    """Give the pieces one after the other; pieces without runs are inserted text."""
    parts: list[str] = []
    runs: list[Run] = []
    length = 0
    for text, own in pieces:
        parts.append(text)
        if own:
            start, source, size = own[0]
            _extend(runs, Run(start + length, source, size))
            runs += [Run(start + length, source, size) for start, source, size in own[1:]]
        length += len(text)
    return Mapped("".join(parts), tuple(runs))


def cut(mapped: Mapped, start: int, end: int) -> Mapped:
    """Give the part [start, end)."""
    copy = _Copy(mapped.runs)
    copy.keep(start, end)
    return Mapped(mapped.text[start:end], tuple(copy.made))


def moved(offsets: Sequence[int], edits: Sequence[Edit]) -> list[int]:
    """Tell where rising `offsets` of the old text lie after `edits`; one inside an edit goes to its end."""
    found: list[int] = []
    shift = 0
    following = 0
    for offset in offsets:
        while following < len(edits) and edits[following].end <= offset:
            shift += len(edits[following].after) - (edits[following].end - edits[following].start)
            following += 1
        inside = following < len(edits) and edits[following].start < offset
        found.append(edits[following].start + len(edits[following].after) + shift if inside else offset + shift)
    return found


def _extend(runs: list[Run], run: Run) -> None:
    """Add `run`, as part of the last one where both text and source go on."""
    if runs:
        last = runs[-1]
        if last.start + last.length == run.start and last.source + last.length == run.source:
            runs[-1] = Run(last.start, last.source, last.length + run.length)
            return
    runs.append(run)


class _Copy:
    """Copies ranges of the old text, in order, and the runs that cover them."""

    __slots__ = ("following", "length", "made", "runs")

    def __init__(self, runs: tuple[Run, ...]) -> None:
        self.runs = runs
        self.made: list[Run] = []
        self.length = 0
        self.following = 0

    def keep(self, start: int, end: int) -> None:
        """Copy [start, end)."""
        runs = self.runs
        while self.following < len(runs) and runs[self.following].start + runs[self.following].length <= start:
            self.following += 1
        index = self.following
        while index < len(runs) and runs[index].start < end:
            run = runs[index]
            first, last = max(run.start, start), min(run.start + run.length, end)
            _extend(self.made, Run(self.length + first - start, run.source + first - run.start, last - first))
            index += 1
        self.length += end - start
