"""Read tables that were copied one cell a line, as word processors and web pages hand them to plain text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache
from itertools import pairwise

import regex

from pipeline.lexicon import Lexicon
from pipeline.model import Span, Text
from pipeline.segment.lines import Line
from pipeline.segment.marks import squeeze
from pipeline.segment.tables import GridCell, Row, TableNode, head_role, read_grid

LONGEST_HEAD = 12
LONGEST_CELL = 120
MOST_HEADS = 16
# So many column heads must be known.
FEWEST_HEADS = 2
# A line above the rows that is longer is a caption (河道工程（含疏浚、护岸）), no head.
LONGEST_CAPTION = 16
# A table of this many rows at least; fewer lines that look alike are chance.
FEWEST_ROWS = 2


def find_cell_lines(text: Text, lines: list[Line], index: int, lexicon: Lexicon) -> tuple[int, list[TableNode]]:
    """Read the table that begins with its column heads at `index`, one cell a line.

    Gives the index of the line after the table, and its groups and rows; (index, []) if there is none.
    """
    heads = _leading_heads(lines, index, lexicon)
    if heads >= 3:
        where = [text.alignment.to_source(line.start, line.end) for line in lines[index:]]
        rows, taken = _tabbed_rows(text.source.text, lines[index:], where, heads)
        if len(rows) > FEWEST_ROWS:
            nodes = read_grid(text.text, rows, lexicon)
            if nodes:
                return index + taken, nodes
    if lexicon.headings.heads.get(squeeze(lines[index].words)) == "index":
        return _spaced_rows(text, lines, index, lexicon)
    return index, []


def _leading_heads(lines: list[Line], index: int, lexicon: Lexicon) -> int:
    """Count the lines from `index` on that are column heads."""
    count = 0
    for line in lines[index : index + MOST_HEADS]:
        words = squeeze(line.words)
        if not line.is_text or len(words) > LONGEST_HEAD or not head_role(words, lexicon):
            break
        count += 1
    return count


def _tabbed_rows(source: str, lines: list[Line], where: list[Span], heads: int) -> tuple[list[Row], int]:
    """Read cells as word processors copy them, as long as each row has as many cells as there are heads.

    Each cell is a line that opens with a tab, an empty cell a tab alone; a line without tab goes on in the cell
    above, and a blank line ends the row. Gives the rows, that of the heads first, and how many lines they take.
    """
    rows: list[Row] = []
    cells: list[Span] = []
    taken = used = 0
    place = source.rfind("\n", 0, where[0].start) + 1
    while place <= len(source):
        stop = source.find("\n", place)
        stop = len(source) if stop < 0 else stop
        raw = source[place:stop]
        ends = not raw or stop == len(source)
        if raw.startswith("\t"):
            cells.append(Span(place, stop))
        elif raw.strip() and cells:
            cells[-1] = Span(cells[-1].start, stop)
        elif raw.strip():
            break
        if ends and cells:
            last = stop == len(source) and len(cells) < heads
            row, taken = _to_row(lines, where, cells, taken, len(rows))
            if row is None or (len(cells) != heads and not last):
                break
            rows.append(row + [None] * (heads - len(row)))
            used = taken
            cells = []
        place = stop + 1
    return rows, used


def _to_row(lines: list[Line], where: list[Span], cells: list[Span], taken: int, row: int) -> tuple[Row | None, int]:
    """Turn source ranges of cells into cells of the text; None if a line of the text reaches over two cells."""
    found: Row = []
    place = lines[taken - 1].end if taken else lines[0].start
    for cell in cells:
        first = taken
        while taken < len(lines) and where[taken].start < cell.end:
            if where[taken].start < cell.start or where[taken].end > cell.end:
                return None, taken
            taken += 1
        start, place = (lines[first].start, lines[taken - 1].end) if taken > first else (place, place)
        found.append(GridCell(start, place, row))
    return found, taken


def _spaced_rows(text: Text, lines: list[Line], index: int, lexicon: Lexicon) -> tuple[int, list[TableNode]]:
    """Read cells that stand a line each, an empty cell as one more blank line, with no sign where a row ends.

    The running number (序号) opens each row. The shortest row tells how many columns there are; where a row, or
    the heads, has more lines than that, a cell was broken over lines, and the lines are put together that fit.
    """
    region = _region(lines, index, lexicon)
    cells = _with_empty_cells(text, region)
    opens = next((place for place, cell in enumerate(cells) if _is(text, cell, 1)), None)
    if opens is None or opens > MOST_HEADS:
        return index, []
    chunks = _numbered_chunks(text, cells[opens:])
    if len(chunks) < FEWEST_ROWS:
        return index, []
    width = min(len(chunk) for chunk in chunks[:-1])
    upper = _upper_heads(text, cells[:opens], width, lexicon)
    heads = upper or _heads(text, [cell for cell in cells[:opens] if cell.start < cell.end], width, lexicon)
    broken = max(len(chunk) for chunk in chunks[:-1]) > 3 * width
    if width < 3 or heads is None or len(chunks[-1]) < width or broken:
        return index, []
    # Empty cells between the heads tell of merged ones; where they cannot be followed, few known heads are not enough.
    unsure = upper is None and any(cell.start == cell.end for cell in cells[:opens])
    if unsure and _leading_heads(lines, index, lexicon) < FEWEST_HEADS:
        return index, []
    if sum(head_role(head, lexicon) != "" for head in heads) < FEWEST_HEADS:
        return index, []
    chunks[-1] = _without_rest(text, chunks, width)
    rows = [_fitted(text, chunk, _profile(text, chunks, width), number) for number, chunk in enumerate(chunks)]
    nodes = read_grid(text.text, rows, lexicon, heads)
    end = max(cell.end for row in rows for cell in row if cell)
    return index + sum(line.start < end for line in region), nodes


def _region(lines: list[Line], index: int, lexicon: Lexicon) -> list[Line]:
    """Give the lines from `index` on that may be cells: no long paragraph, note, or heading of a higher mark."""
    region: list[Line] = []
    for line in lines[index:]:
        heading = line.mark is not None and line.mark.style.id not in ("digit", "circled", "letter", "decimal")
        note = lexicon.headings.front["table_note"].match(line.words)
        if not line.is_text or heading or note or len(line.words) > LONGEST_CELL:
            break
        region.append(line)
    return region


def _with_empty_cells(text: Text, region: list[Line]) -> list[GridCell]:
    """Give the cells of a region with the empty ones, which show as more line feeds between two lines than usual."""
    where = [text.alignment.to_source(line.start, line.end) for line in region]
    feeds = [text.source.text.count("\n", before.end, after.start) for before, after in pairwise(where)]
    usual = Counter(feeds).most_common(1)[0][0] if feeds else 1
    cells: list[GridCell] = []
    for line, count in zip(region, [*feeds, 0], strict=True):
        cells.append(GridCell(line.start, line.end, 0))
        cells.extend([GridCell(line.end, line.end, 0)] * max(0, count // max(usual, 1) - 1))
    return cells


def _is(text: Text, cell: GridCell, number: int) -> bool:
    return text.text[cell.start : cell.end] == str(number)


def _numbered_chunks(text: Text, cells: list[GridCell]) -> list[list[GridCell]]:
    """Cut cells before each running number 1, 2, 3, …; a row has three cells at least.

    A figure may look like the next number (1 | 东岭区 | 4 | 2). Where rows of one length give as many numbers, they
    are the rows.
    """
    starts = _starts(text, cells)
    for width in range(3, MOST_HEADS):
        count = 0
        while count * width < len(cells) and _is(text, cells[count * width], count + 1):
            count += 1
        if count > FEWEST_ROWS and count >= len(starts):
            starts = [number * width for number in range(count)]
            break
    return [cells[first:last] for first, last in zip(starts, [*starts[1:], len(cells)], strict=True)]


def _starts(text: Text, cells: list[GridCell]) -> list[int]:
    starts = [0]
    for place in range(1, len(cells)):
        if _is(text, cells[place], len(starts) + 1) and place - starts[-1] >= 3:
            starts.append(place)
    return starts


def _heads(text: Text, cells: list[GridCell], width: int, lexicon: Lexicon) -> list[str] | None:
    """Put the lines of the column heads together so that there are `width`; None if there are too few."""
    words = tuple(squeeze(text.text[cell.start : cell.end]) for cell in cells)
    while len(words) > width and (words[-1].endswith(("：", ":")) or len(words[-1]) > LONGEST_CAPTION):
        # a line over the first rows that says what they have in common is no head
        words = words[:-1]
    if len(words) < width:
        return None
    known = lexicon.headings.heads

    def cost(first: int, last: int, _: int) -> float:
        joined = "".join(words[first:last])
        unknown = not head_role(joined, lexicon) or joined[0] in "（("
        swallowed = 0 if last - first == 1 or joined in known else sum(word in known for word in words[first:last])
        return unknown * 2 + (last - first - 1) ** 2 * 0.5 + swallowed**2 * 0.5

    return ["".join(words[first:last]) for first, last in _best_cuts(len(words), width, cost)]


def _upper_heads(text: Text, cells: list[GridCell], width: int, lexicon: Lexicon) -> list[str] | None:
    """Give the heads of a table of two rows of heads, where the last head of the upper row stands over several.

    序号 | 地区 | 治理计划（处）, then an empty cell below each but the last, then 2021年 | 2022年. None if the empty
    cells do not tell it so.
    """
    words = [squeeze(text.text[cell.start : cell.end]) for cell in cells]
    empty = next((place for place, word in enumerate(words) if not word), len(words))
    below = next((place for place in range(empty, len(words)) if words[place]), len(words))
    upper, lower = words[:empty], words[below:]
    single = below - empty
    if len(upper) != single + 1 or not all(lower) or len(lower) < width - single or width - single < 2:
        return None
    lower_cells = [cell for cell in cells[below:] if cell.start < cell.end]
    parts = _heads(text, lower_cells, width - single, lexicon)
    return [*upper[:single], *(f"{upper[-1]} {part}" for part in parts)] if parts else None


def _without_rest(text: Text, chunks: list[list[GridCell]], width: int) -> list[GridCell]:
    """Give the last row without what follows the table, which has no number of its own (合计, the next paragraph).

    Where the last column repeats a few words (约束性), the row ends with one of them, however often it was broken.
    """
    last, others = chunks[-1], chunks[:-1]
    if len(last) <= max(map(len, others)):
        return last
    closers = [squeeze(text.text[chunk[-1].start : chunk[-1].end]) for chunk in others]
    if len(set(closers)) * 2 <= len(closers):
        for place in range(width - 1, min(len(last), 3 * width)):
            words = squeeze(text.text[last[place].start : last[place].end])
            if words and words in closers:
                return last[: place + 1]
    return last[:width]


def _profile(text: Text, chunks: list[list[GridCell]], width: int) -> list[bool]:
    """Tell for each column whether its cells hold figures, from the rows in which no cell was broken."""
    whole = [chunk for chunk in chunks[:-1] if len(chunk) == width]
    return [any(_has_figures(text, chunk[column]) for chunk in whole) for column in range(width)]


def _has_figures(text: Text, cell: GridCell) -> bool:
    words = text.text[cell.start : cell.end]
    return regex.search(r"\d", words) is not None or regex.fullmatch(r"[\s/\-－—]+", words) is not None


def _fitted(text: Text, chunk: list[GridCell], figures: list[bool], row: int) -> Row:
    """Put the lines of a row together so that there are as many cells as columns.

    Lines of one cell are about equally long, and a cell of figures stays in a column of figures.
    """

    def cost(first: int, last: int, column: int) -> float:
        group = [cell for cell in chunk[first:last] if cell.start < cell.end]
        lengths = [cell.end - cell.start for cell in group]
        uneven = sum(abs(a - b) for a, b in pairwise(lengths))
        misfit = bool(group) and any(_has_figures(text, cell) for cell in group) != figures[column]
        return (last - first - 1) * 0.6 + (last - first - 1) ** 2 * 0.01 + uneven * 0.05 + misfit

    cuts = _best_cuts(len(chunk), len(figures), cost)
    return [GridCell(chunk[first].start, chunk[last - 1].end, row) for first, last in cuts]


def _best_cuts(length: int, width: int, cost: Callable[[int, int, int], float]) -> list[tuple[int, int]]:
    """Cut range(length) into `width` pieces, none empty, for which the costs sum to the least."""

    @cache
    def best(first: int, column: int) -> tuple[float, tuple[tuple[int, int], ...]]:
        left = width - column - 1
        if not left:
            return cost(first, length, column), ((first, length),)
        options = []
        for last in range(first + 1, length - left + 1):
            price, cuts = best(last, column + 1)
            options.append((cost(first, last, column) + price, ((first, last), *cuts)))
        return min(options)

    return list(best(0, 0)[1])


__all__ = ["find_cell_lines"]
