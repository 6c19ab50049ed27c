"""The text while it is being repaired: lines that know where they came from, and what was done to them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence

from pipeline.lexicon import Lexicon
from pipeline.model import Block, Cell, Problem, Repair, Run, Script, Source
from pipeline.model.source import BlockKind
from pipeline.normalise.alignment import Edit, Mapped, apply, moved
from pipeline.quick.classes import dataclass, replace
from pipeline.quick.plain import plain

REFERENCE = plain(rb"&#([0-9]{1,7});")
# Where more characters than this are unusual, each of them is looked at.
RARE_SHARE = 0.03
# More rows of one kind would bury the others; they are told in one row with their number.
MOST_ROWS = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One block of the source on its way to the normalised text.

    `block` has the kind and the layout hints; its offsets and cells are those of the source. `cells` are offsets into
    `text`. `indent` is the white space before the line, `gap` the number of blank lines before it, `page_ended` tells
    that a page number stood before it.
    """

    text: str
    runs: tuple[Run, ...]
    block: Block
    cells: tuple[Cell, ...] = ()
    indent: str = ""
    gap: int = 0
    page_ended: bool = False

    @property
    def kind(self) -> BlockKind:
        """What the line is."""
        return self.block.kind

    @property
    def source_start(self) -> int:
        """Where the line begins in the source."""
        return self.runs[0].source if self.runs else self.block.start

    @property
    def source_end(self) -> int:
        """Where it ends in the source."""
        return self.runs[-1].source + self.runs[-1].length if self.runs else self.block.end

    def spans(self) -> tuple[tuple[int, int], ...]:
        """Give the ranges that are read on their own: the cells of a table, else the whole line."""
        return tuple((cell.start, cell.end) for cell in self.cells) if self.cells else ((0, len(self.text)),)

    def marked(self, kind: BlockKind) -> Line:
        """Give the line as a block of another kind."""
        return replace(self, block=replace(self.block, kind=kind))

    def removal(self, step: str) -> Repair:
        """Give the record of leaving out the whole line."""
        return Repair(step, self.source_start, self.source_end, self.text, "")

    def edited(self, edits: Sequence[Edit]) -> Line:
        """Give the line after `edits`."""
        if not edits:
            return self
        mapped = apply(Mapped(self.text, self.runs), edits)
        cells = self.cells
        if cells:
            starts = moved([cell.start for cell in cells], edits)
            ends = moved([cell.end for cell in cells], edits)
            cells = tuple(
                replace(cell, start=start, end=max(start, end))
                for cell, start, end in zip(cells, starts, ends, strict=True)
            )
        return replace(self, text=mapped.text, runs=mapped.runs, cells=cells)

    def repairs(self, step: str, edits: Iterable[Edit]) -> list[Repair]:
        """Give the record of `edits`, which are about to be made."""
        found: list[Repair] = []
        runs = self.runs
        following = 0
        for edit in edits:
            while following + 1 < len(runs) and runs[following].start + runs[following].length <= edit.start:
                following += 1
            run = runs[following] if runs else Run(0, self.block.start, 0)
            start = run.source + max(edit.start - run.start, 0)
            last = following
            while last + 1 < len(runs) and runs[last + 1].start < edit.end:
                last += 1
            end = runs[last].source + min(edit.end - runs[last].start, runs[last].length) if runs else start
            found.append(Repair(step, start, max(start, end), self.text[edit.start : edit.end], edit.after))
        return found


@dataclass(frozen=True, slots=True)
class Draft:
    """All lines in reading order, what was changed, and what a person may want to know.

    `unusual` holds every character of the source that GB 2312 does not have (others may stand in it too): a repair of
    such characters that finds none of its own there has nothing to do.
    """

    source: Source
    lines: tuple[Line, ...]
    unusual: frozenset[str] = frozenset()
    script: Script = "hans"
    repairs: tuple[Repair, ...] = ()
    problems: tuple[Problem, ...] = ()

    def after(
        self,
        lines: Iterable[Line],
        repairs: Iterable[Repair] = (),
        problems: Iterable[Problem] = (),
        *,
        script: Script | None = None,
    ) -> Draft:
        """Give the draft with new lines, and more repairs and problems."""
        return Draft(
            self.source,
            tuple(lines),
            self.unusual,
            script or self.script,
            (*self.repairs, *repairs),
            (*self.problems, *problems),
        )

    def joined(self) -> str:
        """Give all lines as one text, for a look at whether a repair has anything to do."""
        return "\n".join([line.text for line in self.lines])


Step = Callable[[Draft, Lexicon], Draft]


def edit_lines(draft: Draft, step: str, find: Callable[[Line], Sequence[Edit]]) -> tuple[list[Line], list[Repair]]:
    """Apply what `find` proposes for each line; give the new lines and the record."""
    lines: list[Line] = []
    repairs: list[Repair] = []
    for line in draft.lines:
        edits = find(line)
        if edits:
            repairs += line.repairs(step, edits)
            line = line.edited(edits)
        lines.append(line)
    return lines, repairs


def first_draft(source: Source) -> Draft:
    """Give the blocks of the source as lines, with the white space that stands before each."""
    lines: list[Line] = []
    words = source.text
    position = 0
    for block in source.blocks:
        start, end = block.start, block.end
        before = words[position:start]
        if "\r" in before:
            before = before.replace("\r\n", "\n").replace("\r", "\n")
        cells = tuple([replace(cell, start=cell.start - start, end=cell.end - start) for cell in block.cells])
        text = words[start:end]
        runs = (Run(0, start, end - start),) if text else ()
        gap = max(before.count("\n") - (1 if lines else 0), 0)
        lines.append(Line(text, runs, block, cells, before[before.rfind("\n") + 1 :], gap))
        position = end
    return Draft(source, tuple(lines), outside_gb2312(words))


def outside_gb2312(text: str) -> frozenset[str]:
    """Give the characters of `text` that GB 2312, the set of everyday simplified print, does not have.

    ASCII is part of it, and full-width letters and Chinese punctuation are; traditional characters, radicals, private
    and invisible ones are not.
    """
    letters = len(text.encode("ascii", "ignore"))
    known = letters + (len(text.encode("gb2312", "ignore")) - letters) // 2
    if known == len(text):
        return frozenset()
    if len(text) - known > RARE_SHARE * len(text):
        return frozenset(text)
    # The codec writes each character that it does not have as its number.
    numbers = set(REFERENCE.findall(text.encode("gb2312", "xmlcharrefreplace")))
    return frozenset([chr(int(number)) for number in numbers if int(number) <= sys.maxunicode])


def report(code: str, what: str, places: Sequence[str], advice: str) -> list[Problem]:
    """Give an info row for each place, or one row with their number where there are many."""
    if len(places) > MOST_ROWS:
        shown = "; ".join(quoted(place, 24) for place in places[:3])
        return [Problem("info", code, f"{what}, {len(places)} times, first: {shown}. {advice}")]
    return [Problem("info", code, f"{what}: {quoted(place, 60)}. {advice}") for place in places]


def quoted(text: str, length: int = 40) -> str:
    """Give `text` on one line and cut to `length`, for a message."""
    flat = " ".join(text.split())
    return flat if len(flat) <= length else flat[: length - 1] + "…"
