"""Tables without drawn lines: rows whose words stand below each other in columns, with figures among them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from pipeline.quick.pattern import pattern
from pipeline.read.layout.lines import Line
from pipeline.read.layout.paragraphs import LEADER
from pipeline.read.layout.tables import Table, TableCell
from pipeline.read.printed import Glyph

# So many rows of so many columns make a table; lists of names in columns hold no figures.
FEWEST_ROWS = 3
FEWEST_COLUMNS = 3
FIGURE_SHARE = 0.25
FIGURE = pattern(r"[0-9０-９]|^[—–－\-/]+$")
SENTENCE = pattern(r"[。；]")
# Lines further apart than this, in type sizes, belong to different tables; a cell's own lines stand closer.
FAR = 3.2
CLOSE = 1.7
# Where the columns are known, a gap of this size between two signs parts them.
NARROW_GAP = 0.4
# What overlaps a column by this share of its width stands in it.
OVERLAP = 0.3

Band = tuple[float, float]
Segment = tuple[Glyph, ...]


def parted(lines: Sequence[Line]) -> list[tuple[Line, ...] | Table]:
    """Give the lines of a column of text, and in their place the tables that some of them make."""
    found: list[tuple[Line, ...] | Table] = []
    plain: list[Line] = []
    index = 0
    while index < len(lines):
        end = _end_of_run(lines, index)
        above = _wrapped(lines[index:end], plain[::-1]) if end > index else 0
        below = _wrapped(lines[index:end], lines[end:]) if end > index else 0
        table = _table([*plain[len(plain) - above :], *lines[index : end + below]]) if end > index else None
        if table is None:
            plain.append(lines[index])
            index += 1
            continue
        if plain[: len(plain) - above]:
            found.append(tuple(plain[: len(plain) - above]))
        plain = []
        found.append(table)
        index = end + below
    return [*found, tuple(plain)] if plain else found


def _is_row(line: Line) -> bool:
    """Tell whether a line has words in several columns, and is no line of a contents list."""
    return len(line.segments()) >= FEWEST_COLUMNS and LEADER.search(line.text) is None


def _end_of_run(lines: Sequence[Line], start: int) -> int:
    """Give the end of the rows that begin at `start`: rows, with lines of wrapped cells between them."""
    if not _is_row(lines[start]):
        return start
    last = start
    for index in range(start + 1, len(lines)):
        line = lines[index]
        if line.top - lines[index - 1].top > FAR * line.size:
            break
        if _is_row(line):
            last = index
        elif SENTENCE.search(line.text) or index - last > 2:
            break
    return last + 1


def _wrapped(rows: Sequence[Line], beside: Sequence[Line]) -> int:
    """Give how many of the lines next to a run, above or below it, are parts of its cells: close, in one column."""
    bands = _bands([line for line in rows if _is_row(line)])
    edge = rows[0] if beside and beside[0].top < rows[0].top else rows[-1]
    count = 0
    for line in beside[:2]:
        close = abs(line.top - edge.top) <= CLOSE * line.size and abs(line.size - edge.size) <= 0.12 * edge.size
        if not bands or not close or SENTENCE.search(line.text) or len(_columns(line.glyphs, bands)) != 1:
            break
        count, edge = count + 1, line
    return count


def _table(lines: Sequence[Line]) -> Table | None:
    """Give a run of lines as a table; None where they do not stand in columns or hold no figures."""
    rows = [line for line in lines if _is_row(line)]
    if len(rows) < FEWEST_ROWS:
        return None
    bands = _bands(rows)
    segments = [segment for line in rows for segment in line.segments()]
    figures = sum(FIGURE.search("".join(glyph.text for glyph in segment)) is not None for segment in segments)
    if len(bands) < FEWEST_COLUMNS or figures < FIGURE_SHARE * len(segments):
        return None
    cells: dict[tuple[int, int], tuple[int, list[Line]]] = {}
    for line, row in zip(lines, _row_numbers(lines, rows), strict=True):
        for segment in _parts(line, bands):
            columns = _columns(segment, bands)
            if not columns:
                return None
            span, parts = cells.setdefault((row, columns[0]), (len(columns), []))
            parts.append(Line(line.page, segment, line.grid))
            cells[(row, columns[0])] = (max(span, len(columns)), parts)
    made = tuple(
        TableCell(row, column, 1, span, (tuple(parts),)) for (row, column), (span, parts) in sorted(cells.items())
    )
    edges = (*(band[0] for band in bands), bands[-1][1])
    return Table(lines[0].page, lines[0].page, made, edges, lines[0].top, lines[-1].bottom, drawn=False)


def _bands(rows: Sequence[Line]) -> list[Band]:
    """Give the columns: where the words of the rows with the usual number of parts lie."""
    counts = Counter(len(row.segments()) for row in rows)
    usual = max(counts, key=lambda count: (counts[count], count))
    found: list[Band] = []
    for segment in sorted((s for row in rows if len(row.segments()) == usual for s in row.segments()), key=_start):
        start, end = segment[0].x0, segment[-1].x1
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found if len(found) == usual else []


def _parts(line: Line, bands: Sequence[Band]) -> list[Segment]:
    """Give the parts of a line; one that runs over two columns is parted where a small gap tells them apart."""
    found: list[Segment] = []
    for segment in line.segments():
        cut = max(range(1, len(segment)), key=lambda n, s=segment: s[n].x0 - s[n - 1].x1, default=0)  # type: ignore[misc]
        gap = segment[cut].x0 - segment[cut - 1].x1 if cut else 0.0
        if len(_columns(segment, bands)) == 2 and gap >= NARROW_GAP * line.size:
            left, right = segment[:cut], segment[cut:]
            if _columns(left, bands)[-1] < _columns(right, bands)[0]:
                found += [left, right]
                continue
        found.append(segment)
    return found


def _start(segment: Segment) -> float:
    return segment[0].x0


def _columns(segment: Segment, bands: Sequence[Band]) -> list[int]:
    """Give the columns that a part of a line stands in: all that it runs over, else the nearest."""
    start, end = segment[0].x0, segment[-1].x1
    over = [
        number
        for number, (first, last) in enumerate(bands)
        if min(end, last) - max(start, first) >= OVERLAP * min(last - first, end - start)
    ]
    if over:
        return list(range(over[0], over[-1] + 1))
    middle = (start + end) / 2
    gaps = [(max(first - middle, middle - last, 0.0), number) for number, (first, last) in enumerate(bands)]
    return [min(gaps)[1]] if gaps else []


def _row_numbers(lines: Sequence[Line], rows: Sequence[Line]) -> list[int]:
    """Give each line its row: a line of a wrapped cell goes with the row that is nearest to it, else stands alone."""
    numbers: list[int] = []
    starts = [row.top for row in rows]
    near = [min(starts, key=lambda top, line=line: abs(top - line.top)) for line in lines]  # type: ignore[misc]
    keys = [
        top if abs(top - line.top) <= CLOSE * line.size else line.top for top, line in zip(near, lines, strict=True)
    ]
    for (_, before), (place, key) in pairwise([(-1, float("-inf")), *enumerate(keys)]):
        numbers.append(numbers[-1] + (key != before) if place else 0)
    return numbers
