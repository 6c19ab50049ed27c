"""The text while it is being repaired: lines that know where they came from, and what was done to them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from pipeline.lexicon import Lexicon
from pipeline.lexicon.loader import Rule
from pipeline.lexicon.starts import Rules
from pipeline.model import Block, Cell, Problem, Repair, Run, Script, Source
from pipeline.model.source import BlockKind
from pipeline.normalise.alignment import Edit, Mapped, apply, moved
from pipeline.quick.classes import dataclass, replace
from pipeline.quick.plain import plain

REFERENCE = plain(rb"&#([0-9]{1,7});")
PRINTED = bytes(range(0x20, 0x7F))
WHITE_SPACE = plain(r"\s")
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


class Words:
    """The words of all lines, and what is found out about them when it is first asked for."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts

    @cached_property
    def joined(self) -> str:
        """All lines as one text, for a look at whether a repair has anything to do."""
        return "\n".join(self.texts)

    @cached_property
    def by_first(self) -> dict[str, list[int]]:
        """The places of the lines by their first character: of most rules it tells that a line cannot hold them."""
        found: dict[str, list[int]] = {}
        for place, text in enumerate(self.texts):
            found.setdefault(text[:1], []).append(place)
        return found

    @cached_property
    def gapped(self) -> list[int]:
        """The places of the lines that hold white space, at their edges or inside."""
        return self.holding(WHITE_SPACE)

    def holding(self, sign: re.Pattern[str]) -> list[int]:
        """Give the places of the lines in which a pattern is found."""
        found = sign.search
        return [place for place, text in enumerate(self.texts) if found(text) is not None]

    def first_rules(self, rules: Rules) -> dict[int, Rule]:
        """Give the first rule that is found in each line, by its place, in order; no entry where none is found."""
        found: dict[int, Rule] = {}
        texts, starts = self.texts, rules.starts
        for first, places in self.by_first.items():
            fitting = starts.known.get(first)
            for rule in starts.fitting(first) if fitting is None else fitting:
                search = rule.pattern.search
                for place in places:
                    if place not in found and search(texts[place]) is not None:
                        found[place] = rule
        return dict(sorted(found.items()))


@dataclass(frozen=True, slots=True)
class Draft:
    """All lines in reading order, what was changed, and what a person may want to know.

    `unusual` holds every character of the source that is a control or that GB 2312 does not have (others may stand in
    it too): a repair of such characters that finds none of its own there has nothing to do. What was found out about
    the `words` holds until a step repairs some.
    """

    source: Source
    lines: tuple[Line, ...]
    words: Words
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
        """Give the draft with new lines, and more repairs and problems; the draft itself where there are none."""
        repairs, problems = tuple(repairs), tuple(problems)
        script = script or self.script
        if lines is self.lines and not repairs and not problems and script == self.script:
            return self
        lines = tuple(lines)
        # Every change of words is recorded.
        words = Words([line.text for line in lines]) if repairs else self.words
        repairs, problems = (*self.repairs, *repairs), (*self.problems, *problems)
        return Draft(self.source, lines, words, self.unusual, script, repairs, problems)


Step = Callable[[Draft, Lexicon], Draft]


def edit_lines(
    draft: Draft, step: str, find: Callable[[Line], Sequence[Edit]], places: Iterable[int]
) -> tuple[Sequence[Line], list[Repair]]:
    """Apply what `find` proposes for the lines at `places`; give the new lines and the record."""
    lines = list(draft.lines)
    repairs: list[Repair] = []
    for place in places:
        line = lines[place]
        edits = find(line)
        if edits:
            repairs += line.repairs(step, edits)
            lines[place] = line.edited(edits)
    return (lines, repairs) if repairs else (draft.lines, [])


def first_draft(source: Source) -> Draft:
    """Give the blocks of the source as lines, with the white space that stands before each."""
    lines: list[Line] = []
    words = source.text
    returns = "\r" in words
    position = 0
    for block in source.blocks:
        start, end = block.start, block.end
        before = words[position:start]
        if returns and "\r" in before:
            before = before.replace("\r\n", "\n").replace("\r", "\n")
        cells = block.cells
        if cells:
            cells = tuple([replace(cell, start=cell.start - start, end=cell.end - start) for cell in cells])
        runs = (Run(0, start, end - start),) if start < end else ()
        feeds = before.count("\n")
        gap = feeds - 1 if feeds and lines else feeds
        lines.append(Line(words[start:end], runs, block, cells, before[before.rfind("\n") + 1 :], gap))
        position = end
    return Draft(source, tuple(lines), Words([line.text for line in lines]), unusual_characters(words))


def unusual_characters(text: str) -> frozenset[str]:
    """Give the controls in `text`, and the characters that GB 2312, the set of everyday simplified print, lacks.

    ASCII is part of that set, and full-width letters and Chinese punctuation are; traditional characters, radicals,
    private and invisible ones are not. A line feed is a control.
    """
    letters = text.encode("ascii", "ignore")
    controls = frozenset(letters.translate(None, PRINTED).decode("ascii"))
    known = len(letters) + (len(text.encode("gb2312", "ignore")) - len(letters)) // 2
    if known == len(text):
        return controls
    if len(text) - known > RARE_SHARE * len(text):
        return frozenset(text)
    # The codec writes each character that it does not have as its number.
    numbers = set(REFERENCE.findall(text.encode("gb2312", "xmlcharrefreplace")))
    return controls.union([chr(int(number)) for number in numbers if int(number) <= sys.maxunicode])


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
