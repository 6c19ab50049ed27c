"""Lay the lines of a table of tasks out below its heads, row by row, where the merged cells are lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import regex

from pipeline.lexicon import Lexicon
from pipeline.quick.classes import NamedTuple, dataclass, field
from pipeline.quick.pattern import pattern
from pipeline.segment.cell_kinds import Bodies, bodies_in
from pipeline.segment.lines import Line
from pipeline.segment.marks import squeeze
from pipeline.segment.task_heads import Kind, TaskColumns

LONGEST_ROW = 60
MOST_LINES_OF_CELL = 14
LONGEST_GROUP, LONGEST_MARKED_GROUP = 30, 60
GROUP_MARKS = ("han", "han_paren")
GOES_ON = tuple("；;，,、：:")
STOPS = tuple("。；;，,")
# What a cell adds that stands where such words belong, and what speaks against it. Only their order matters: a cell
# filled is worth more than a paragraph saved, a body in a column of prose, or a stop in mid-sentence, outweighs both.
FILLED, GATHERS, SURE_BODY, LIKELY_BODY = 1.0, 0.5, 2.0, 1.0
STRAY_BODY, STRAY_GROUP, BREAK = -2.0, -2.0, -1.0
MORE_LINES, MORE_AFTER_COMMA, MORE_BODIES = -0.5, -0.15, -0.4
ALIKE, VOTED = 0.3, 0.5
EMPTY: dict[Kind, float] = {"group": 0.0, "year": -0.8, "text": -0.6, "date": -0.3}
LACKING_BODY, NO_BODIES, NO_BODIES_FIRST = -0.8, -0.2, -1.0
MARKED_GROUP, BARE_GROUP = 0.5, -0.2
UNREAD_ROW = -3.0
DATE = pattern(r"\d|年|月|季度|长期|持续|底")


class Laid(NamedTuple):
    """The lines of one row: [first, last) below each column, None for an empty cell; `after` is what follows them.

    The lines from `after` to the next row are the names of what gathers that.
    """

    cells: tuple[tuple[int, int] | None, ...]
    after: int
    score: float


class _Step(NamedTuple):
    score: float
    place: int


@dataclass(slots=True)
class RowLayout:
    """Lays out rows below the columns of one table, with what was learnt of the lines on the way."""

    lines: Sequence[Line]
    columns: TaskColumns
    lexicon: Lexicon
    bodies: dict[tuple[int, int], Bodies]
    votes: dict[int, Counter[str]] = field(default_factory=dict)

    def lay_out(self, rows: Sequence[int], ends: Sequence[int], opening: Sequence[bool]) -> list[Laid]:
        """Give the rows that begin with the lines `rows` and end before `ends`; `opening` tells which open a group.

        Rows whose bodies fill all columns for bodies tell of the others which body stands in which column.
        """
        spans = list(zip(rows, ends, opening, strict=True))
        last = len(spans) - 1
        first_try = [self._row(*span, final=number == last) for number, span in enumerate(spans)]
        body = [column for column, kind in enumerate(self.columns.kinds) if kind == "body"]
        for row in first_try:
            if all((span := row.cells[column]) and span[1] - span[0] == 1 for column in body):
                for column in body:
                    self.votes.setdefault(column, Counter())[self._words(row.cells[column])] += 1
        return [self._row(*span, final=number == last) for number, span in enumerate(spans)]

    def is_group(self, place: int) -> bool:
        """Tell whether a line may name what gathers rows: a short one without stop, or one with a mark."""
        words = self.lines[place].words
        if words[-1] in STOPS:
            return False
        if is_marked(self.lines[place], self.lexicon):
            return len(words) <= LONGEST_MARKED_GROUP
        return len(words) <= LONGEST_GROUP and not any(stop in words for stop in STOPS)

    def _words(self, span: tuple[int, int] | None) -> str:
        return "".join(squeeze(line.words) for line in self.lines[slice(*span)]) if span else ""

    def _row(self, first: int, last: int, opening: bool, *, final: bool) -> Laid:
        """Find the best cells for the lines [first, last); behind the last row of a table other text may follow."""
        kinds = self.columns.kinds
        last = min(last, first + LONGEST_ROW)
        best: list[dict[int, _Step]] = [{first: _Step(0.0, -1)}]
        for column, kind in enumerate(kinds):
            reached: dict[int, _Step] = {}
            for place, step in best[-1].items():
                for end in range(place, min(last, place + MOST_LINES_OF_CELL) + 1):
                    score = self._cell(column, kind, place, end, first)
                    if score is None:
                        if end > place + 1 and kind == "group":
                            break
                        continue
                    total = step.score + score
                    if end not in reached or total > reached[end].score:
                        reached[end] = _Step(total, place)
            best.append(reached)
        options = []
        for end in best[-1]:
            tail = 0.0 if final else self._tail(end, last)
            if tail is not None:
                cells = self._trace(best, end)
                options.append((best[-1][end].score + tail + self._lacking(cells, opening), end, cells))
        if not options:
            whole = [None] * len(kinds)
            title = kinds.index("title")
            return Laid((*whole[:title], (first, last), *whole[title + 1 :]), last, UNREAD_ROW)
        score, end, found = max(options, key=lambda option: option[:2])
        return Laid(found, end, score)

    def _trace(self, best: list[dict[int, _Step]], end: int) -> tuple[tuple[int, int] | None, ...]:
        cells: list[tuple[int, int] | None] = []
        for reached in reversed(best[1:]):
            start = reached[end].place
            cells.append((start, end) if start < end else None)
            end = start
        return tuple(reversed(cells))

    def _tail(self, first: int, last: int) -> float | None:
        """Score the lines behind a row as names of what gathers the next ones; None if they are none."""
        score, marked = 0.0, False
        for place in range(first, last):
            mark = is_marked(self.lines[place], self.lexicon)
            marked = marked or mark
            if not self.is_group(place) or not (self.columns.outer or marked):
                return None
            score += MARKED_GROUP if mark else BARE_GROUP
            score += 0.0 if marked else -LIKELY_BODY * self._bodies(place, place + 1)
        return score

    def _lacking(self, cells: tuple[tuple[int, int] | None, ...], opening: bool) -> float:
        """Score the columns for bodies: in a merged block they stand once, at its first row."""
        body = [cell for cell, kind in zip(cells, self.columns.kinds, strict=True) if kind == "body"]
        filled = sum(cell is not None for cell in body)
        if not body or filled == len(body):
            return 0.0
        return LACKING_BODY * (len(body) - filled) if filled else NO_BODIES_FIRST if opening else NO_BODIES

    def _bodies(self, first: int, last: int) -> Bodies:
        if (first, last) not in self.bodies:
            words = "".join(squeeze(line.words) for line in self.lines[first:last])
            self.bodies[first, last] = bodies_in(words, self.lexicon)
        return self.bodies[first, last]

    def _cell(self, column: int, kind: Kind, first: int, last: int, row: int) -> float | None:
        """Score the lines [first, last) as a cell of a column; None if they cannot be one."""
        if first == last:
            return None if kind == "title" else EMPTY.get(kind, 0.0)
        if kind == "body":
            return self._body_cell(column, first, last)
        if kind == "group":
            return GATHERS if last == first + 1 and self.is_group(first) and not self._bodies(first, last) else None
        score = FILLED
        if kind == "date":
            fits = last == first + 1 and DATE.search(self.lines[first].words) is not None
            score = FILLED + ALIKE if fits else -FILLED
        for place in range(first, last):
            score += STRAY_BODY * (self._bodies(place, place + 1) == Bodies.CERTAIN)
            if place > first:
                score += MORE_AFTER_COMMA if self._goes_on(place, row) else MORE_LINES
                score += STRAY_GROUP * self._opens_group(place)
        if first > row and self._goes_on(first, row):
            score += BREAK
        if kind == "year" and first > row and _alike(self.lines[first - 1].words, self.lines[first].words):
            score += ALIKE
        return score

    def _opens_group(self, place: int) -> bool:
        """Tell whether a line has a mark that names groups (行动一：, （二）) and stands in no cell."""
        mark = self.lines[place].mark
        return is_marked(self.lines[place], self.lexicon) and (mark is None or mark.style.id in GROUP_MARKS)

    def _goes_on(self, place: int, row: int) -> bool:
        """Tell whether a line goes on with the cell of the line before: after a comma, or with a mark of its own."""
        mark = self.lines[place].mark
        further = mark is not None and mark.number is not None and mark.number > 1
        return further or (place > row and self.lines[place - 1].words.endswith(GOES_ON))

    def _body_cell(self, column: int, first: int, last: int) -> float | None:
        """Score lines as a list of bodies: whole names each, or one list that was broken over the lines."""
        sure = [self._bodies(place, place + 1) for place in range(first, last)]
        level = min(sure) if all(sure) else self._bodies(first, last)
        if not level or (not all(sure) and not sure[0] and not sure[-1]):
            return None
        score = (SURE_BODY if max(level, *sure) == Bodies.CERTAIN else LIKELY_BODY) + MORE_BODIES * (last - first - 1)
        known = self.votes.get(column, Counter())
        words = [squeeze(line.words) for line in self.lines[first:last]]
        return score + VOTED * sum(known[word] > 0 for word in words)


def is_marked(line: Line, lexicon: Lexicon) -> bool:
    """Tell whether a line opens with a mark of its own: （一）, 1、, 行动一：."""
    return line.mark is not None or lexicon.columns.cells["group_label"].match(line.words) is not None


def _alike(one: str, other: str) -> bool:
    """Tell whether two cells say nearly the same: 建成100个 and 建成80个, 持续推进 twice."""
    one, other = (regex.sub(r"[\d.]+", "0", squeeze(words)) for words in (one, other))
    return one[:3] == other[:3] or one[-4:] == other[-4:]


__all__ = ["Laid", "RowLayout", "is_marked"]
