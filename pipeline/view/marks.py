"""A passage and the marks on it → runs of characters under the same marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.view.told import Told

CELL_END = re.compile(r"([\n\t])")


class Mark(NamedTuple):
    """A passage of a document that stands out: offsets in its text, why, its anchor, the change that it shows.

    `kind` is one of: heading, delete, insert, replace, target, organisation, damage. A mark without length shows
    where words are missing.
    """

    start: int
    end: int
    kind: str
    anchor: str = ""
    told: Told | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters under the same marks; `opens` are the marks that begin with it, `closes` end with it."""

    text: str
    marks: tuple[Mark, ...]
    opens: tuple[Mark, ...]
    closes: tuple[Mark, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of its marks, each once, in alphabetical order."""
        return tuple(sorted({mark.kind for mark in self.marks}))

    @property
    def classes(self) -> str:
        """The names by which the style sheet knows it: its kinds, and whether its target changed."""
        targets = {mark.told.changed for mark in self.marks if mark.told and mark.kind == "target"}
        names = [f"k-{kind}" for kind in self.kinds]
        return " ".join(names + ["t-changed" if changed else "t-same" for changed in sorted(targets)])

    @property
    def differs(self) -> bool:
        """True where its words are not those of the other side."""
        return any(mark.kind in ("delete", "insert", "replace") for mark in self.marks)

    @property
    def cells(self) -> list[str]:
        """Its words, and between them the line breaks and tabs that part the cells of a table row."""
        return [part for part in CELL_END.split(self.text) if part]

    @property
    def opened(self) -> tuple[str, ...]:
        """The anchors of the marks that begin with it, each once."""
        return tuple(dict.fromkeys(mark.anchor for mark in self.opens if mark.anchor))

    @property
    def anchors(self) -> tuple[str, ...]:
        """The anchors of its marks, each once."""
        return tuple(dict.fromkeys(mark.anchor for mark in self.marks if mark.anchor))


def pieces(text: str, start: int, marks: Iterable[Mark]) -> Iterator[Piece]:
    """Cut the passage `text`, which begins at `start` of its document, wherever a mark begins or ends.

    The pieces together are the text. Marks that reach beyond the passage are shortened to it.
    """
    end = start + len(text)
    inside = [
        mark._replace(start=max(mark.start, start), end=min(mark.end, end))
        for mark in marks
        if max(mark.start, start) < min(mark.end, end) or (mark.start == mark.end and start <= mark.start <= end)
    ]
    inside.sort(key=lambda mark: (mark.start, mark.end, mark.kind, mark.anchor))
    cuts = sorted({start, end, *(mark.start for mark in inside), *(mark.end for mark in inside)})
    waiting = iter(inside)
    coming = next(waiting, None)
    active: list[Mark] = []
    for here, there in zip(cuts, cuts[1:] or [end], strict=False):
        opens: list[Mark] = []
        while coming is not None and coming.start <= here:
            opens.append(coming)
            coming = next(waiting, None)
        active = [mark for mark in active if mark.end > here] + opens
        # A mark without length at the end of the passage has no piece of its own: the last piece closes it.
        late: list[Mark] = []
        while coming is not None and coming.start == there == end:
            late.append(coming)
            coming = next(waiting, None)
        closes = [mark for mark in active if mark.end in (here, there)] + late
        lasting = tuple(mark for mark in active if mark.end > mark.start)
        yield Piece(text[here - start : there - start], lasting, tuple(opens + late), tuple(closes))
