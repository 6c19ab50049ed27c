"""Read indicator tables that were copied into one line, with nothing left between their cells.

指标2020年2025年属性林地率（%）40.141约束性湿地（万亩）-≥8预期性: the heads tell which columns there are; a row is a
name, then its figures, then its kind of commitment. Figures that run together are parted by their likeness (fused.py).
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from pipeline.lexicon import Lexicon
from pipeline.model import RowCell
from pipeline.quick.classes import NamedTuple
from pipeline.quick.pattern import pattern
from pipeline.segment.fitting import shape_of
from pipeline.segment.fused import ATOM, Parting, part
from pipeline.segment.marks import squeeze
from pipeline.segment.tables import PARTED, TableNode

LONGEST_HEAD = 12
LONGEST_NAME = 60
FEWEST_ROWS = 2
FEWEST_FIGURES = 2
# The heads before the first year, from right to left; each may be missing but the name.
ROLES_BEFORE = (("unit",), ("indicator", "goal"), ("group",), ("index",))
ZONE = pattern(rf"(?:\s*(?:{ATOM.pattern}))+\s*", regex.VERBOSE)
UNIT = pattern(r"[（(](?P<unit>[^（）()]{1,10})[)）]")
INDEX = pattern(r"\s*(\d{1,3})(?=[^\d.．])")


class Head(NamedTuple):
    """A column head in the line: its words, its place, and what stands below it."""

    words: str
    start: int
    end: int
    shape: str


class Unbroken(NamedTuple):
    """The rows of a table inside a line; what follows it in the line begins at `after`."""

    nodes: list[TableNode]
    after: int


class _Chunk(NamedTuple):
    """A row before its name is read: its name, figures and kind of commitment in the line."""

    start: int
    figures: tuple[int, int]
    nature: tuple[int, int] | None


def find_unbroken(text: str, start: int, end: int, lexicon: Lexicon) -> Unbroken | None:
    """Give the rows of a table that text[start:end] holds in one piece; None if it holds none."""
    heads = _find_heads(text, start, end, lexicon)
    if not heads:
        return None
    note = lexicon.columns.cells["note_inside"].search(text, heads[-1].end, end)
    chunks = list(_chunks(text, heads, note.start() if note else end, lexicon))
    if len(chunks) < FEWEST_ROWS:
        return None
    reader = _Reader(text, heads, lexicon)
    nodes = [reader.read(chunk, following) for chunk, following in zip(chunks, [*chunks[1:], None], strict=True)]
    last = chunks[-1]
    return Unbroken(nodes, last.nature[1] if last.nature else last.figures[1])


def _find_heads(text: str, start: int, end: int, lexicon: Lexicon) -> list[Head]:
    """Find the column heads that follow each other: a name at least, and two columns of figures, or one and 属性."""
    ends = lexicon.headings.head_ends
    for first in lexicon.columns.cells["figure_head"].finditer(text, start, end):
        if text[max(start, first.start() - 2 * LONGEST_HEAD) : first.start()].rstrip()[-1:] not in ends:
            # No head stands before it.
            continue
        behind = list(_heads_from(text, first.start(), end, lexicon))
        shapes = [head.shape for head in behind]
        if shapes.count("figure") < FEWEST_FIGURES and "nature" not in shapes:
            continue
        before = _heads_before(text, start, first.start(), lexicon)
        if any(head.shape == "title" for head in before):
            return [*before, *behind]
    return []


def _heads_before(text: str, start: int, place: int, lexicon: Lexicon) -> list[Head]:
    found: list[Head] = []
    for roles in ROLES_BEFORE:
        options = range(max(start, place - 2 * LONGEST_HEAD), place)
        known = lexicon.headings.heads
        left = next(
            (at for at in options if not text[at].isspace() and known.get(squeeze(text[at:place])) in roles), None
        )
        if left is not None:
            words = squeeze(text[left:place])
            shape = "title" if "indicator" in roles else shape_of(words, lexicon)
            found.append(Head(words, left, left + len(text[left:place].rstrip()), shape))
            place = left
    return found[::-1]


def _heads_from(text: str, place: int, end: int, lexicon: Lexicon) -> Iterator[Head]:
    known = lexicon.headings.heads
    while place < end:
        if text[place].isspace():
            place += 1
            continue
        figure = lexicon.columns.cells["figure_head"].match(text, place, end)
        sizes = range(min(LONGEST_HEAD, end - place), 1, -1)
        size = next((size for size in sizes if squeeze(text[place : place + size]) in known), 0)
        if figure is not None:
            yield Head(squeeze(figure.group()), place, figure.end(), "figure")
            place = figure.end()
        elif size:
            words = squeeze(text[place : place + size])
            yield Head(words, place, place + size, shape_of(words, lexicon))
            place += size
        elif text[place].isdigit() and not text[place + 1 : place + 2].isdigit() and text[place - 1] in "〕］]）)":
            # the mark of a note behind a head in brackets
            place += 1
        else:
            return


def _chunks(text: str, heads: list[Head], end: int, lexicon: Lexicon) -> Iterator[_Chunk]:
    """Cut what follows the heads into rows, each up to its figures and kind of commitment."""
    has_nature = any(head.shape == "nature" for head in heads)
    start = place = heads[-1].end
    while place < end:
        zone = ZONE.search(text, place, end)
        if zone is None:
            return
        nature = lexicon.columns.cells["nature_inside"].match(text, zone.end(), end) if has_nature else None
        name = text[start : zone.start()].strip()
        several = len(list(ATOM.finditer(text, *zone.span()))) > 1
        told = nature is not None or several or (text[zone.start() - 1] in "）)%％" and not has_nature)
        if not told or not regex.search(r"\p{Han}", name):
            place = zone.end()
            continue
        if len(name) > LONGEST_NAME:
            return
        yield _Chunk(start, zone.span(), nature.span() if nature else None)
        start = place = nature.end() if nature else zone.end()


class _Reader:
    """Reads the rows of one table in order; knows the group, running number and note mark it has come to."""

    def __init__(self, text: str, heads: list[Head], lexicon: Lexicon) -> None:
        self.text, self.heads, self.lexicon = text, heads, lexicon
        self.figures = [head for head in heads if head.shape == "figure"]
        self.heads_at = (heads[0].start, heads[-1].end)
        self.group: tuple[int, int] | None = None
        self.nature: tuple[int, int] | None = None
        self.index = 1
        bracket = text[self.figures[-1].end : self.heads_at[1]].strip()[:1]
        self.note = int(bracket) + 1 if bracket.isdigit() else 1

    def read(self, chunk: _Chunk, following: _Chunk | None) -> TableNode:
        """Give the row of a chunk."""
        start = chunk.start + len(self.text[chunk.start :]) - len(self.text[chunk.start :].lstrip())
        left, right = start, chunk.figures[0]
        cells: list[RowCell] = []
        label = ""
        index = INDEX.match(self.text, left, right) if self._head("index") else None
        if index is not None and int(index.group(1)) == self.index:
            label = index.group(1)
            cells.append(self._cell("index", *index.span(1)))
            left, self.index = index.end(), self.index + 1
        left = self._past_groups(left, right, following)
        right, unit = self._without_unit(left, right)
        names, left = self._names(left, right)
        cells += [self._cell("title", *span) for span in names]
        cells += [self._cell("unit", *unit)] if unit else []
        cells += self._figures(chunk.figures, names[-1][1])
        if chunk.nature is not None:
            self.nature = chunk.nature
        if self.nature is not None and (chunk.nature is not None or self.group is not None):
            cells.append(self._cell("nature", *self.nature))
        title = (names[-1][0] if self.group else names[0][0], names[-1][1])
        number = int(label) if label else None
        return TableNode(True, 1, label, number, start, *title, tuple(cells))

    def _head(self, shape: str) -> Head | None:
        return next((head for head in self.heads if head.shape == shape), None)

    def _cell(self, shape: str, start: int, end: int) -> RowCell:
        head = self._head(shape)
        return RowCell(head.words if head else "", start, end, self.heads_at)

    def _past_groups(self, left: int, right: int, following: _Chunk | None) -> int:
        """Give where the name of an indicator begins behind the names of groups.

        1.水环境质量 is a group where the next row has no mark of its own. A name with a unit in brackets before that of
        an indicator (主要污染物排放量减少（%）氨氮) is shared by the rows below it.
        """
        marks = list(self.lexicon.columns.cells["mark_inside"].finditer(self.text, left, right))
        if marks:
            self.group, left = None, marks[-1].end()
        shared = next((u for u in UNIT.finditer(self.text, left, right) if self._is_unit(u["unit"])), None)
        if shared is not None and regex.match(r"\s*\p{Han}{2,}", self.text[shared.end() : right]):
            self.group = (left, shared.end())
            return shared.end()
        if shared is not None:
            self.group = None
        leads = following is not None and not self._opens_with_mark(following)
        group = self.lexicon.columns.cells["group_name"].match(self.text[left:right]) if marks and leads else None
        return left + group.end() if group is not None else left

    def _opens_with_mark(self, chunk: _Chunk) -> bool:
        marks = self.lexicon.columns.cells["mark_inside"]
        return marks.search(self.text, chunk.start, chunk.figures[0]) is not None

    def _is_unit(self, words: str) -> bool:
        return self.lexicon.measures.is_unit(words)

    def _without_unit(self, left: int, right: int) -> tuple[int, tuple[int, int] | None]:
        """Part the unit from the end of a name where a column of units stands behind the names."""
        while right > left and self.text[right - 1].isspace():
            right -= 1
        if self._head("unit") is None:
            return right, None
        sizes = range(min(8, right - left - 2), 0, -1)
        size = next((size for size in sizes if self._is_unit(self.text[right - size : right].strip())), 0)
        end = left + len(self.text[left : right - size].rstrip())
        space = len(self.text[right - size : right]) - len(self.text[right - size : right].lstrip())
        return (end, (right - size + space, right)) if size else (right, None)

    def _names(self, left: int, right: int) -> tuple[list[tuple[int, int]], int]:
        """Give the places of the name: that of its group first, and two parts where a note mark stands in it."""
        names = [self.group] if self.group is not None else []
        mark = regex.search(rf"(?<=\p{{Han}}){self.note}(?=\p{{Han}})", self.text[left:right])
        if mark is not None and not self.lexicon.measures.at(self.text, left + mark.end()):
            self.note += 1
            return [*names, (left, left + mark.start()), (left + mark.end(), right)], left
        return [*names, (left, right)], left

    def _figures(self, zone: tuple[int, int], name_end: int) -> list[RowCell]:
        """Give the cells of figures; one below all heads where no one can tell how they part."""
        start, end = zone
        lead = regex.match(r"\d", self.text[start])
        parting = self._part(start, end, "")
        if (
            parting is None
            and lead
            and self.text[start] == str(self.note)
            and self.text[start - 1 : start] not in "）)%"
        ):
            parting = self._part(start + 1, end, "")
            start += parting is not None
            self.note += parting is not None
        marked = self._part(start, end, str(self.note)) if parting is None or parting.cut else None
        if marked is not None:
            spans = [self.text[a.end : b.start] for a, b in zip(marked.pieces, marked.pieces[1:], strict=False)]
            if str(self.note) in spans:
                parting, self.note = marked, self.note + 1
        if parting is None:
            words = PARTED.join(head.words for head in self.figures)
            return [RowCell(words, start, start + len(self.text[start:end].rstrip()), self.heads_at)]
        return [
            RowCell(self.figures[piece.column].words, piece.start, piece.end, self.heads_at) for piece in parting.pieces
        ]

    def _part(self, start: int, end: int, note: str) -> Parting | None:
        bracketed = [head.words[0] in "〔[【（(" for head in self.figures]
        return part(self.text, start, end, bracketed, note)


__all__ = ["Unbroken", "find_unbroken"]
