"""Read tables in plain text whose cells are parted by blanks, a row a line: 1 森林覆盖率 % 40.1 41 约束性."""

from __future__ import annotations

from pipeline.lexicon import Lexicon
from pipeline.model import Text
from pipeline.quick.pattern import pattern
from pipeline.segment.fitting import LEADING, Fit, lay_out, shape_of, sort_of
from pipeline.segment.lines import Line
from pipeline.segment.tables import GridCell, Row, TableNode, head_role, read_grid
from pipeline.segment.wrapped_rows import find_wrapped_rows

CELL = pattern(r"\S+")
FEWEST_HEADS = 3
FEWEST_ROWS = 2
LONGEST_LINE = 150
# Cells of figures, units and kinds of commitment fit so well on the average, or the line is no row.
LOWEST_RATE = 1.2


def find_spaced_rows(text: Text, lines: list[Line], index: int, lexicon: Lexicon) -> tuple[int, list[TableNode]]:
    """Read the table that begins with its column heads at `index`, its cells parted by blanks.

    Gives the index of the line after the table, and its groups and rows; (index, []) if there is none. A row may
    lack the cells that gather several rows. Where a row lacks a figure, those it has stand below all columns of
    figures: which one is lacking, no one can tell. Rows that are broken over lines are read by wrapped_rows.py.
    """
    after, nodes = _find_whole_rows(text, lines, index, lexicon)
    further, wrapped = find_wrapped_rows(text, lines, index, lexicon)
    return (further, wrapped) if len(wrapped) > len(nodes) else (after, nodes)


def _find_whole_rows(text: Text, lines: list[Line], index: int, lexicon: Lexicon) -> tuple[int, list[TableNode]]:
    if len(lines[index].words.split(None, FEWEST_HEADS - 1)) < FEWEST_HEADS:
        return index, []
    heads = lines[index].words.split()
    known = sum(head_role(head, lexicon) != "" for head in heads)
    shapes = [shape_of(head, lexicon) for head in heads]
    if known * 3 < len(heads) * 2 or "figure" not in shapes:
        return index, []
    rows: list[Row] = []
    above: Row = [None] * len(heads)
    after = index + 1
    while after < len(lines) and _may_be_row(lines[after]):
        row = _row(lines[after], len(rows), above, shapes, lexicon) or _lacking_row(
            lines[after], len(rows), shapes, lexicon
        )
        if row is None:
            break
        rows.append(row)
        above = [None] * len(heads) if all(cell == row[0] for cell in row) else row
        after += 1
    while rows and all(cell == rows[-1][0] for cell in rows[-1]):
        # a line of one cell behind the last row is no group
        rows.pop()
        after -= 1
    if sum(any(cell != row[0] for cell in row) for row in rows) < FEWEST_ROWS:
        return index, []
    nodes = read_grid(text.text, rows, lexicon, heads, (lines[index].start, lines[index].end))
    return (after, nodes) if nodes else (index, [])


def _may_be_row(line: Line) -> bool:
    return line.is_text and len(line.words) <= LONGEST_LINE and not line.words.endswith(("。", "；"))


def _row(line: Line, number: int, above: Row, shapes: list[str], lexicon: Lexicon) -> Row | None:
    """Lay the cells of a line out below the heads; None if they do not fit, a single cell stands below all heads."""
    found = list(CELL.finditer(line.words))
    words = [cell.group() for cell in found]
    if len(words) == 1:
        whole = GridCell(line.start, line.end, number)
        return [whole] * len(shapes) if number and line.mark is None else None
    fit = lay_out(words, shapes, lexicon, blanks=False, rows=1)
    lacking = _without_first(words, shapes, lexicon, number)
    fit = max((fit, *lacking), key=lambda option: (option.taken, option.score))
    if fit.taken < len(words) or len(fit.rows) != 1 or fit.rate < LOWEST_RATE:
        return None
    titles = [span for shape, span in zip(shapes, fit.rows[0].columns, strict=True) if shape == "title" and span]
    if any(sort_of(words[first], lexicon) == "figure" for first, _ in titles):
        # a running number is no name
        return None
    row: Row = []
    for column, span in enumerate(fit.rows[0].columns):
        if span is None:
            row.append(above[column] if shapes[column] in LEADING[1:] else None)
        else:
            first, last = found[span[0]], found[span[1] - 1]
            row.append(GridCell(line.start + first.start(), line.start + last.end(), number))
    return row


def _lacking_row(line: Line, number: int, shapes: list[str], lexicon: Lexicon) -> Row | None:
    """Give a row with fewer figures than columns for them, as one cell; None if the line is no such row."""
    found = list(CELL.finditer(line.words))
    sorts = [sort_of(cell.group(), lexicon) for cell in found]
    figures = [place for place, sort in enumerate(sorts) if sort in ("figure", "dash")]
    figures = [place for place in figures if place or shapes[0] != "index"]
    names = [place for place, sort in enumerate(sorts) if sort in ("words", "mixed")]
    lacking = 0 < len(figures) < shapes.count("figure")
    if not number or not lacking or len(names) != 1 or names[0] > figures[0] or "title" not in shapes:
        return None
    if figures[-1] - figures[0] + 1 != len(figures):
        return None

    def cell(first: int, last: int) -> GridCell:
        return GridCell(line.start + found[first].start(), line.start + found[last].end(), number)

    merged = cell(figures[0], figures[-1])
    row: Row = [merged if shape == "figure" else None for shape in shapes]
    row[shapes.index("title")] = cell(names[0], names[0])
    return row


def _without_first(words: list[str], shapes: list[str], lexicon: Lexicon, number: int) -> list[Fit]:
    """Give the layouts of a row that lacks its first cells, which gather it with the row above."""
    options = []
    for column in range(1, len(shapes)):
        if shapes[column - 1] not in LEADING or not number:
            break
        fit = lay_out(words, shapes[column:], lexicon, blanks=False, rows=1)
        if len(fit.rows) == 1:
            row = fit.rows[0]._replace(columns=((None,) * column + fit.rows[0].columns))
            options.append(Fit((row,), fit.taken, fit.score - column, fit.rate))
    return options


__all__ = ["find_spaced_rows"]
