"""The text while it is being repaired: lines that know where they came from, and what was done to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.lexicon import Lexicon
from pipeline.model import Block, Cell, Problem, Repair, Run, Script, Source
from pipeline.model.source import BlockKind
from pipeline.normalise.alignment import Edit, Mapped, apply, moved, whole

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
    """All lines in reading order, what was changed, and what a person may want to know."""

    source: Source
    lines: tuple[Line, ...]
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
            script or self.script,
            (*self.repairs, *repairs),
            (*self.problems, *problems),
        )


Step = Callable[[Draft, Lexicon], Draft]


def edit_lines(draft: Draft, step: str, find: Callable[[Line], Sequence[Edit]]) -> tuple[list[Line], list[Repair]]:
    """Apply what `find` proposes for each line; give the new lines and the record."""
    lines: list[Line] = []
    repairs: list[Repair] = []
    for line in draft.lines:
        edits = find(line)
        repairs += line.repairs(step, edits)
        lines.append(line.edited(edits))
    return lines, repairs


def first_draft(source: Source) -> Draft:
    """Give the blocks of the source as lines, with the white space that stands before each."""
    lines: list[Line] = []
    position = 0
    for block in source.blocks:
        before = source.text[position : block.start]
        mapped = whole(source.text[block.start : block.end], block.start)
        cells = tuple(replace(cell, start=cell.start - block.start, end=cell.end - block.start) for cell in block.cells)
        breaks = before.replace("\r\n", "\n").replace("\r", "\n")
        indent = breaks.rpartition("\n")[2]
        gap = max(breaks.count("\n") - (1 if lines else 0), 0)
        lines.append(Line(mapped.text, mapped.runs, block, cells, indent, gap))
        position = block.end
    return Draft(source, tuple(lines))


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
