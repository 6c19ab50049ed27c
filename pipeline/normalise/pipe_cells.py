"""Put the cells of a Markdown table back in their columns: converters write a merged cell once, or leave it empty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import regex

from pipeline.lexicon import Lexicon
from pipeline.model import Cell, Repair
from pipeline.normalise.alignment import Edit, Mapped, concatenate, cut
from pipeline.normalise.draft import Line
from pipeline.quick.classes import NamedTuple, replace
from pipeline.quick.pattern import pattern

PIPE_CELL = pattern(r"\|([^|]*)(?=\|)")
# <br> stands in a cell for a new line, a backslash before a mark that Markdown would read.
BREAK = pattern(r"\s*<br\s*/?>\s*", regex.IGNORECASE)
ESCAPE = pattern(r"\\(?=[\\`*_{}\[\]()#+.!~>-])")
GROUP_HEAD = pattern("目标|规划|计划|任务|\\d{4}年?")
# A row is moved to the right where so many more of its cells then stand among their like.
PLAINLY = 1.0
# So many whole rows must tell what the columns hold.
FEWEST_WHOLE = 2


class _Row(NamedTuple):
    """A row of the table: its line, and its cells with the column each stands in."""

    line: Line
    cells: list[tuple[int, regex.Match[str]]]


def pipe_table(rows: Sequence[Line], columns: int, lexicon: Lexicon) -> tuple[list[Line], list[Repair]]:
    """Give the rows as one line of kind table; the first row is its head. Rows without words are left out.

    A converter writes a merged cell once, so that its row, or the rows below it, lack cells: the cells of a second
    head row stand below the head that groups them, and a row that is too short begins below what stands above it.
    Some converters fill such a row up with empty cells at its end; it is moved where its cells stand among their like.
    """
    edited = [row.edited(_marks_in_cells(row)) for row in rows]
    repairs = [repair for row in rows for repair in row.repairs("read_pipe_tables", _marks_in_cells(row))]
    grid = [(row, [*PIPE_CELL.finditer(row.text)]) for row in edited]
    grid = [(row, found) for row, found in grid if any(match.group(1).strip() for match in found)]
    if not grid:
        return [], [*repairs, *(row.removal("read_pipe_tables") for row in rows)]
    heads = [[match.group(1).strip() for match in found] for _, found in grid[:2]]
    spans = _head_spans(heads, columns)
    group = None if spans else _group_head(heads, columns)
    moved = _moves([[match.group(1).strip() for match in found] for _, found in grid], columns, bool(spans), lexicon)
    placed = [_Row(line, _in_columns(number, found, spans, moved[number])) for number, (line, found) in enumerate(grid)]
    pieces: list[Mapped] = []
    cells: list[Cell] = []
    length = 0
    for number, row in enumerate(placed):
        for order, (column, found) in enumerate(row.cells):
            if pieces:
                pieces.append(Mapped("\t" if order else "\n", ()))
                length += 1
            start = found.start(1) + len(found.group(1)) - len(found.group(1).lstrip())
            words = cut(Mapped(row.line.text, row.line.runs), start, start + len(found.group(1).strip()))
            pieces.append(words)
            span = (length, length + len(words.text))
            if spans or moved[number]:
                cells.append(_spread(number, column, spans, span))
            else:
                cells.append(_placed(number, order, len(row.cells), columns, group, span))
            length += len(words.text)
    text, runs = concatenate(pieces)
    return [replace(grid[0][0].marked("table"), text=text, runs=runs, cells=tuple(_stretched(cells)))], repairs


def _marks_in_cells(row: Line) -> list[Edit]:
    found = [*BREAK.finditer(row.text), *ESCAPE.finditer(row.text)]
    return [Edit(mark.start(), mark.end(), "") for mark in sorted(found, key=lambda mark: mark.start())]


def _head_spans(heads: Sequence[Sequence[str]], columns: int) -> list[int]:
    """Give over how many columns each cell of the first head row stands, where empty cells beside it tell so.

    Below 品种 | 2020年 | (empty) | 2025年 | (empty) the second row has a head for each column of the years, and none
    below 品种. An empty list where the heads do not stand so.
    """
    if len(heads) < 2 or len(heads[0]) != columns or len(heads[1]) != columns or not heads[0][0]:
        return []
    starts = [column for column, head in enumerate(heads[0]) if head]
    spans = [after - start for start, after in zip(starts, [*starts[1:], columns], strict=True)]
    over = sum(span for span in spans if span > 1)
    lower = [head for head in heads[1] if head]
    plain = not any(regex.match(r"[\d〔\[≥>＞-]", head) for head in lower)
    return spans if plain and over == len(lower) < columns else []


def _moves(rows: Sequence[Sequence[str]], columns: int, spread: bool, lexicon: Lexicon) -> list[int]:
    """Give by how many columns each row moves to the right: one that ends in empty cells, and fits better so."""
    first = 2 if spread else 1
    whole = [row for row in rows[first:] if len(row) == columns and row[-1]]
    moves = [0] * len(rows)
    if len(whole) < FEWEST_WHOLE:
        return moves
    likes = [Counter(_sort(row[column], lexicon) for row in whole) for column in range(columns)]

    def fit(row: Sequence[str], move: int) -> float:
        sorts = ((column + move, _sort(words, lexicon)) for column, words in enumerate(row) if words)
        return sum(likes[column][sort] / len(whole) for column, sort in sorts if sort)

    for number, row in enumerate(rows[first:], start=first):
        empty = next((count for count, words in enumerate(reversed(row)) if words), len(row))
        if len(row) != columns or not 0 < empty < columns - 1:
            continue
        options = [(fit(row, move), -move) for move in range(empty + 1)]
        best, move = max(options)
        if best >= fit(row, 0) + PLAINLY:
            moves[number] = -move
    return moves


def _sort(words: str, lexicon: Lexicon) -> str:
    """Give what a cell holds by its own words: a kind of commitment, figure, measure or words; a dash tells nothing."""
    bare = "".join(words.split())
    known = lexicon.columns.cells
    found = next((sort for sort in ("dash", "nature", "figure") if known[sort].search(bare)), "")
    if found or not bare:
        return "" if found == "dash" else found
    return "unit" if bare in "%％‰" or lexicon.measures.is_unit(bare) else "words"


def _in_columns(
    number: int, found: list[regex.Match[str]], spans: list[int], move: int
) -> list[tuple[int, regex.Match[str]]]:
    """Give the cells of a row that are to be kept, each with its column."""
    if spans and number == 0:
        return [(column, match) for column, match in enumerate(found) if match.group(1).strip()]
    if spans and number == 1:
        starts = [sum(spans[:order]) for order in range(len(spans))]
        below = [start + n for start, span in zip(starts, spans, strict=True) if span > 1 for n in range(span)]
        return list(zip(below, (match for match in found if match.group(1).strip()), strict=True))
    kept = found[: len(found) - move] if move else found
    return [(column + move, match) for column, match in enumerate(kept)]


def _spread(row: int, column: int, spans: list[int], span: tuple[int, int]) -> Cell:
    """Give a cell of a table whose head cells span several columns, or of a row that was moved."""
    if not spans or row > 1:
        return Cell(*span, row, column, header=row == 0)
    if row == 1:
        return Cell(*span, 1, column, header=True)
    wide = next(wide for order, wide in enumerate(spans) if sum(spans[:order]) == column)
    return Cell(*span, 0, column, 2 if wide == 1 else 1, wide, header=True)


def _group_head(heads: Sequence[Sequence[str]], columns: int) -> int | None:
    """Give which cell of the first head row spans the cells of the second, or None where no cells are merged.

    It is the one that says what is aimed at or by when (目标, 规划, 2025年), else the last.
    """
    if len(heads) < 2 or len(heads[0]) - 1 + len(heads[1]) != columns or len(heads[0]) == columns:
        return None
    return next((n for n, head in enumerate(heads[0]) if GROUP_HEAD.search(head)), len(heads[0]) - 1)


def _placed(row: int, order: int, length: int, columns: int, group: int | None, span: tuple[int, int]) -> Cell:
    """Give the cell with the grid place it has once merged cells are counted."""
    if group is None:
        missing = columns - length if row and 0 < columns - length < columns - 1 else 0
        return Cell(*span, row, order + missing, header=row == 0)
    wide = columns - length + 1
    if row == 0:
        column = order if order <= group else order + wide - 1
        grouping = order == group
        return Cell(*span, 0, column, 1 if grouping else 2, wide if grouping else 1, header=True)
    if row == 1:
        return Cell(*span, 1, order + group, header=True)
    return Cell(*span, row, order + max(0, columns - length))


def _stretched(cells: Sequence[Cell]) -> list[Cell]:
    """Stretch cells over the places below them that a short row left out."""
    by_place = {(cell.row, cell.column): cell for cell in cells}
    height = max(cell.row for cell in cells) + 1
    firsts: dict[int, int] = {}
    for cell in cells:
        firsts[cell.row] = min(cell.column, firsts.get(cell.row, cell.column))
    stretched = []
    for cell in cells:
        span, below = cell.row_span, cell.row + cell.row_span
        while (
            not cell.header and below < height and firsts[below] > cell.column and (below, cell.column) not in by_place
        ):
            span, below = span + 1, below + 1
        stretched.append(replace(cell, row_span=span))
    return stretched
