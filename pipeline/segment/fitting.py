"""Lay a run of cells out in the columns of a table: which cell belongs below which head, and where rows end.

Text files lose the grid. What is left is the order of the cells, and what each says by itself: 约束性 stands below
属性, 万元 below 单位, 63.8 below a year. The layout taken is the one in which most cells stand where such words belong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from pipeline.lexicon import Lexicon
from pipeline.quick.classes import NamedTuple, dataclass
from pipeline.quick.pattern import pattern

Sort = Literal["empty", "dash", "total", "nature", "figure", "unit", "mixed", "words"]
"""What a cell holds by its own words."""

# A cell was broken over no more lines than this.
MOST_LINES = 7
# What a column holds, by the role of its head.
SHAPE_OF_ROLE = {
    "index": "index",
    "unit": "unit",
    "goal": "figure",
    "present": "figure",
    "stock": "figure",
    "money": "figure",
    "nature": "nature",
    "date": "date",
    "body": "body",
    "name": "title",
    "project": "title",
    "place": "title",
    "group": "group",
    "text": "text",
}
# How well a sort of cell stands in a shape of column: 2 belongs there, 1 may, 0 tells nothing, below 0 it should not.
FIT: dict[str, dict[Sort, float]] = {
    "index": {"figure": 2, "empty": 0, "dash": -1},
    "unit": {"unit": 2, "dash": 1, "empty": 0, "words": 0, "mixed": 0},
    "figure": {"figure": 2, "dash": 1, "empty": 0, "mixed": 0, "words": -1, "total": -2, "unit": -3},
    "nature": {"nature": 2, "empty": 0, "dash": 0, "words": -2},
    "date": {"figure": 1, "mixed": 1, "empty": 0, "words": 0, "dash": 0},
    "body": {"words": 1, "empty": 0, "mixed": 0, "dash": 0},
    "title": {"words": 1, "mixed": 0.5, "total": 1, "empty": -1, "dash": -2, "figure": -3, "unit": -2},
    "group": {"words": 1, "mixed": 0, "total": 0, "empty": 0, "dash": -1, "figure": -3, "unit": -3},
    "text": {"words": 0.8, "mixed": 0.6, "empty": 0, "dash": 0, "figure": 0, "unit": 0, "total": -1},
}
MISFIT = -4.0
LEADING = ("index", "group", "title")
TRAILING = ("nature", "text", "body", "date")
HARD = ("index", "unit", "figure", "nature")
# What each further line of a cell costs, less where the words plainly go on.
LINE_COST, PLAIN_LINE_COST, FIGURE_LINE_COST = 0.6, 0.1, 2.5
UNEVEN_COST = 0.05
# Lines that cost more are no cell, and no further line makes them one.
MOST_COST = 6.0
# Cells of one row are broken over about as many lines each.
EXTRA_COST = 0.01
# A line of its own between two rows, the name of a group.
BANNER_COST = 1.0
# A cell that a row shares with the row above, and is not printed for it.
MERGED_COST = 1.0
LONGEST_UNIT = 12
PER = pattern("[/／]")
DIGIT = pattern(r"\d")
# Figures, units, kinds of commitment and running numbers are broken over no more lines than this.
MOST_HARD_LINES = 4
OPENING = pattern(r"[（(《“〔\[][^）)》”〕\]]*$")


class Placed(NamedTuple):
    """A row: the cells [first, last) below each column, None for a column that has none of its own.

    A `banner` is a line that stands over all columns.
    """

    columns: tuple[tuple[int, int] | None, ...]
    banner: bool


@dataclass(frozen=True, slots=True)
class Fit:
    """The rows of a table, how many cells they take, and how well they fit.

    `rate` is the mean over the cells of columns that hold figures, units or kinds of commitment: 2 at best.
    """

    rows: tuple[Placed, ...]
    taken: int
    score: float
    rate: float


def sort_of(words: str, lexicon: Lexicon) -> Sort:
    """Give what a cell holds, its white space taken out: 万元/人 is a unit, ≥8 a figure, 防洪100 mixed."""
    known = lexicon.columns.cells
    if not words:
        return "empty"
    ordered: tuple[Sort, ...] = ("dash", "total", "nature", "figure")
    for sort in ordered:
        if known[sort].search(words):
            return sort
    if _is_unit(words, lexicon):
        return "unit"
    return "mixed" if DIGIT.search(words) else "words"


def _is_unit(words: str, lexicon: Lexicon) -> bool:
    """Tell whether words are a measure, one per another (万元/人), or one in brackets; 百分比 counts as one too."""
    if len(words) > LONGEST_UNIT:
        return False
    parts = PER.split(words.strip("（）()"))
    return all(part and (lexicon.measures.is_unit(part) or part in "%％‰") for part in parts)


def shape_of(head: str, lexicon: Lexicon) -> str:
    """Give what a column holds by the words of its head: `figure` for 2025年, `nature` for 属性."""
    return SHAPE_OF_ROLE[lexicon.columns.role_of(head)]


class CellScores:
    """How well each cell of a run, of one line or more, stands in each shape of column. Layouts of one run share it."""

    def __init__(self, cells: Sequence[str], lexicon: Lexicon, sorts: dict[str, Sort] | None = None) -> None:
        """Take the words of the cells; `sorts` is what is known of cells already, and learns more."""
        self.cells, self.lexicon = cells, lexicon
        self.known = {} if sorts is None else sorts
        self.sorts = [self._sort_of(words) for words in cells]
        self.scores: dict[tuple[int, str], list[float]] = {}
        self.joints: dict[tuple[int, int], float | None] = {}

    def from_place(self, place: int, shape: str) -> list[float]:
        """Give the scores of the cells that begin at `place`, of one line, of two and so on, as far as they are any."""
        found = self.scores.get((place, shape))
        if found is None:
            found = self.scores[place, shape] = []
            most = MOST_HARD_LINES if shape in HARD else MOST_LINES
            for last in range(place + 1, min(place + most, len(self.cells)) + 1):
                score = self._cell(place, last, shape)
                if score is None:
                    break
                found.append(score)
        return found

    def fit(self, shape: str, sort: Sort, words: str) -> float:
        """Give how well words of a sort stand in a shape of column."""
        if shape == "index" and sort in ("figure", "words", "mixed"):
            return 2.0 if self.lexicon.columns.cells["running_number"].search(words) else MISFIT
        if sort == "total" and shape not in FIT["title"] and "total" not in FIT[shape]:
            return MISFIT
        return FIT[shape].get(sort, MISFIT)

    def _sort_of(self, words: str) -> Sort:
        sort = self.known.get(words)
        if sort is None:
            sort = self.known[words] = sort_of(words, self.lexicon)
        return sort

    def _cell(self, first: int, last: int, shape: str) -> float | None:
        """Score the lines [first, last) as one cell; None if they, and more lines, are none."""
        if last - first == 1:
            return self.fit(shape, self.sorts[first], self.cells[first])
        cost = self._joints(first, last)
        if cost is None:
            return None
        words = "".join(self.cells[first:last])
        return self.fit(shape, self._sort_of(words), words) - cost

    def _joints(self, first: int, last: int) -> float | None:
        """Give what it costs that the lines [first, last) are one cell; None if they, and more lines, are none."""
        if (first, last) not in self.joints:
            cost: float | None = None
            if self.sorts[last - 1] != "empty" and self.sorts[first] != "empty":
                cost = EXTRA_COST * (last - first - 1) ** 2
                for place in range(first + 1, last):
                    cost += self._joint(first, place)
                    cost += UNEVEN_COST * min(abs(len(self.cells[place]) - len(self.cells[place - 1])), 20)
            self.joints[first, last] = cost if cost is not None and cost <= MOST_COST else None
        return self.joints[first, last]

    def _joint(self, first: int, place: int) -> float:
        """Give what it costs that line `place` goes on in the cell that began with line `first`."""
        known = self.lexicon.columns.cells
        before = "".join(self.cells[first:place])
        plain = OPENING.search(before) or known["goes_on"].search(before)
        plain = plain or known["cannot_open"].search(self.cells[place])
        hard = self.sorts[place] in ("figure", "dash", "nature", "total")
        return PLAIN_LINE_COST if plain else FIGURE_LINE_COST if hard else LINE_COST


def lay_out(
    cells: Sequence[str] | CellScores, shapes: Sequence[str], lexicon: Lexicon, *, blanks: bool, rows: int = 0,
    gaps: bool = False,
) -> Fit:  # fmt: skip
    """Give the best layout of cells (words without white space, "" an empty one) in columns of these shapes.

    With `blanks` empty cells show, so every row fills every column; without, cells that gather several rows, or
    stand at a row's end, may be missing. With `rows` there are so many at most. With `gaps` a group
    behind the running number may lack too. What follows the last row that fits is left out.
    """
    known = cells if isinstance(cells, CellScores) else CellScores(cells, lexicon)
    return _Layout(known, shapes, blanks=blanks, limit=rows, gaps=gaps and not blanks).best()


class _Step(NamedTuple):
    score: float
    place: int
    column: int
    rows: int


@dataclass(slots=True)
class _Layout:
    """The best score at which the first cells fill whole rows and the first columns of one more."""

    known: CellScores
    shapes: Sequence[str]
    blanks: bool
    limit: int
    gaps: bool
    cells: Sequence[str]
    sorts: Sequence[Sort]
    reached: list[list[_Step | None]]

    def __init__(self, known: CellScores, shapes: Sequence[str], *, blanks: bool, limit: int, gaps: bool) -> None:
        self.known, self.shapes, self.blanks, self.limit, self.gaps = known, shapes, blanks, limit, gaps
        self.cells, self.sorts = known.cells, known.sorts
        self.reached = [[None] * (len(shapes) + 1) for _ in range(len(self.cells) + 1)]

    def best(self) -> Fit:
        width = len(self.shapes)
        self.reached[0][0] = _Step(0.0, -1, -1, 0)
        for place in range(len(self.cells) + 1):
            self._end_rows(place)
            step = self.reached[place][width]
            if step is not None:
                self._reach(place, 0, _Step(step.score, place, width, step.rows))
            self._start_rows(place)
            for column in range(width):
                self._fill(place, column)
        ends = [(step.score, place) for place in range(len(self.cells) + 1) if (step := self.reached[place][width])]
        if not ends:
            return Fit((), 0, 0.0, 0.0)
        score, end = max(ends)
        return self._trace(end, score)

    def _reach(self, place: int, column: int, step: _Step) -> None:
        known = self.reached[place][column]
        if known is None or step.score > known.score:
            self.reached[place][column] = step

    def _fill(self, place: int, column: int) -> None:
        """Try the next cells, one or more lines, below a column."""
        step = self.reached[place][column]
        if step is None or (column == 0 and self.limit and step.rows >= self.limit):
            return
        rows = step.rows + (column == 0)
        below = column + 1
        if column and rows > 1 and self.gaps and self.shapes[column] == "group":
            # a group behind the running number is printed for its first row alone
            self._reach(place, below, _Step(step.score - MERGED_COST, place, column, rows))
        for last, score in enumerate(self.known.from_place(place, self.shapes[column]), start=place + 1):
            total = step.score + score
            reached = self.reached[last][below]
            if reached is None or total > reached.score:
                self.reached[last][below] = _Step(total, place, column, rows)

    def _end_rows(self, place: int) -> None:
        """Try to end a row before its last columns, where these gather several rows (属性) and show no empty cells."""
        if self.blanks:
            return
        width = len(self.shapes)
        for column in range(self._leading() + 2, width):
            step = self.reached[place][column]
            if step is not None and all(shape in TRAILING for shape in self.shapes[column:]):
                self._reach(place, width, _Step(step.score - (width - column), place, column, step.rows))

    def _start_rows(self, place: int) -> None:
        """Try the rows that are no whole ones: those that lack their first cells, totals, names of groups."""
        step = self.reached[place][0]
        if step is None or place == len(self.cells) or (self.limit and step.rows >= self.limit):
            return
        for last in self._banner_ends(place):
            self._reach(last, 0, _Step(step.score - BANNER_COST, place, 0, step.rows))
        if not place:
            return
        for column in range(1, self._leading() + 1):
            if not self.blanks:
                cost = sum(2 if shape == "index" else 1 for shape in self.shapes[:column])
                self._reach(place, column, _Step(step.score - cost, place, 0, step.rows + 1))
        self._go_on_in_row(step, place)
        if self.sorts[place] == "total":
            first = next((n for n, shape in enumerate(self.shapes) if shape == "figure"), len(self.shapes) - 1)
            for column in range(1, first + 1):
                self._reach(place + 1, column, _Step(step.score + 1, place, 0, step.rows + 1))

    def _go_on_in_row(self, step: _Step, place: int) -> None:
        """Try a row that shares its number, unit and kind of commitment with the one above: 其中公园绿地 | 58 | 60."""
        title = self._leading()
        figure = next((n for n, shape in enumerate(self.shapes) if shape == "figure"), 0)
        merged = figure - title - 1
        if self.blanks or "index" not in self.shapes[:title] or merged < 1:
            return
        if any(shape not in ("unit", "nature") for shape in self.shapes[title + 1 : figure]):
            return
        if self.sorts[place] not in ("words", "mixed"):
            return
        for last, score in enumerate(self.known.from_place(place, self.shapes[title]), start=place + 1):
            total = step.score + score - MERGED_COST * (title + merged)
            self._reach(last, figure, _Step(total, place, 0, step.rows + 1))

    def _leading(self) -> int:
        """Count the first columns whose cells may gather several rows; one column that names the row stays."""
        count = 0
        while count < len(self.shapes) and self.shapes[count] in LEADING:
            count += 1
        return max(count - 1, 0)

    def _banner_ends(self, place: int) -> Iterator[int]:
        """Give the places behind a line over all columns at `place`, with the empty cells beside it."""
        last = place
        while last < len(self.cells) and self.sorts[last] == "empty":
            last += 1
        if last == len(self.cells) or self.sorts[last] not in ("words", "mixed") or (last > place and not self.blanks):
            return
        last += 1
        while last - place < len(self.shapes):
            yield last
            if last == len(self.cells) or self.sorts[last] != "empty":
                return
            last += 1

    def _trace(self, end: int, score: float) -> Fit:
        """Walk back from the end of the last row and give the rows in order."""
        width = len(self.shapes)
        rows: list[Placed] = []
        hard: list[float] = []
        columns: list[tuple[int, int] | None] = [None] * width
        place, column = end, width
        while place or column:
            step = self.reached[place][column]
            assert step is not None
            if step.column == width and column == 0:
                place, column = step.place, width
                continue
            if column == 0:
                span = self._banner_span(step.place, place)
                rows.append(Placed((span,) * width, True))
            elif step.column + 1 == column and place > step.place:
                columns[step.column] = (step.place, place)
                if self.shapes[step.column] in HARD and place - step.place == 1:
                    hard.append(self.known.from_place(step.place, self.shapes[step.column])[0])
            elif place > step.place and self.sorts[step.place] == "total":
                for covered in range(step.column, column):
                    columns[covered] = (step.place, place)
            elif place > step.place:
                columns[self._leading()] = (step.place, place)
            place, column = step.place, step.column
            if column == 0 and any(columns):
                rows.append(Placed(tuple(columns), False))
                columns = [None] * width
        rows.reverse()
        return Fit(tuple(rows), end, score, sum(hard) / len(hard) if hard else 0.0)

    def _banner_span(self, first: int, last: int) -> tuple[int, int]:
        place = next(place for place in range(first, last) if self.sorts[place] != "empty")
        return place, place + 1


__all__ = ["CellScores", "Fit", "Placed", "lay_out", "shape_of", "sort_of"]
