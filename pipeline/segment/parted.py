"""Read tables in plain text whose cells are parted by tabs or bars, a row a line or a cell a line."""

from __future__ import annotations

from pipeline.lexicon import Lexicon
from pipeline.model import Text
from pipeline.quick.pattern import pattern
from pipeline.segment.fitting import FIT, MISFIT, shape_of, sort_of
from pipeline.segment.lines import Line
from pipeline.segment.tables import HEAD_ROWS, GridCell, Row, TableNode, head_role, may_be_grid, read_grid

PART = pattern(r"[\t|｜]")
# A line that only rules off the heads of a Markdown table.
RULE = pattern(r"[|｜\s:：\-—]+")
LONGEST_HEAD = 20
FEWEST_ROWS = 2


def find_parted_rows(text: Text, lines: list[Line], index: int, lexicon: Lexicon) -> tuple[int, list[TableNode]]:
    """Read the table that begins with its column heads at `index`.

    Gives the index of the line after the table, and its groups and rows; (index, []) if there is none.
    """
    words = lines[index].words
    if "\t" not in words and "|" not in words and "｜" not in words:
        return index, []
    rows, after = _rows_of_lines(text, lines, index, lexicon)
    if not rows:
        rows, after = _rows_of_cells(text, lines, index, lexicon)
    nodes = read_grid(text.text, rows, lexicon) if len(rows) > FEWEST_ROWS - 1 else []
    return (after, nodes) if nodes else (index, [])


def _rows_of_lines(text: Text, lines: list[Line], index: int, lexicon: Lexicon) -> tuple[list[Row], int]:
    """Read a row a line. A row with too few cells lacks those of its first columns, which gather several rows."""
    heads = _cells(lines[index], 0)
    known = [cell for cell in heads if head_role(text.text[cell.start : cell.end], lexicon)]
    if len(heads) < 2 or len(known) < 2 or len(known) * 2 < len(heads):
        return [], index
    rows: list[Row] = [list(heads)]
    after = index + 1
    while after < len(lines) and lines[after].is_text and PART.search(lines[after].words):
        if not RULE.fullmatch(lines[after].words):
            cells = _cells(lines[after], len(rows))
            if len(cells) > len(heads) or len(cells) < 2:
                break
            cells = _without_filling(text, cells, heads, lexicon)
            rows.append([None] * (len(heads) - len(cells)) + cells)
            # What has no heads is not read to its end, once for each of its rows that holds two words as heads do.
            if len(rows) == HEAD_ROWS and not may_be_grid(text.text, rows, lexicon):
                break
        after += 1
    return rows, after


def _without_filling(text: Text, cells: list[GridCell], heads: list[GridCell], lexicon: Lexicon) -> list[GridCell]:
    """Leave out the empty cells at a row's end that only make up for those of its first columns.

    A converter that lost a merged cell fills the row up at its end; its cells then fit better below the heads to the
    right of theirs.
    """
    shapes = [shape_of("".join(text.text[head.start : head.end].split()), lexicon) for head in heads]
    sorts = [sort_of("".join(text.text[cell.start : cell.end].split()), lexicon) for cell in cells]
    empty = next((count for count, sort in enumerate(reversed(sorts)) if sort != "empty"), len(sorts))

    def fit(count: int) -> float:
        kept = sorts[: len(sorts) - count]
        pairs = zip(shapes[len(shapes) - len(kept) :], kept, strict=True)
        return sum(FIT[shape].get(sort, MISFIT) for shape, sort in pairs if sort != "empty")

    best = max(range(min(empty, len(cells) - 2) + 1), key=lambda count: (fit(count), -count))
    return cells[: len(cells) - best]


def _rows_of_cells(text: Text, lines: list[Line], index: int, lexicon: Lexicon) -> tuple[list[Row], int]:
    """Read a cell a line, each closed by a bar. There are as many columns as there are known heads at first."""
    cells: list[GridCell] = []
    after = index
    while after < len(lines) and lines[after].is_text and lines[after].words.endswith(("|", "｜")):
        parts = _cells(lines[after], 0)
        if len(parts) != 1:
            break
        cells += parts
        after += 1
    width = 0
    while width < len(cells) and head_role(text.text[cells[width].start : cells[width].end], lexicon):
        width += 1
    if width < 2:
        return [], index
    full = len(cells) // width
    rows: list[Row] = [
        [GridCell(cell.start, cell.end, number) for cell in cells[number * width : (number + 1) * width]]
        for number in range(full)
    ]
    return rows, index + full * width


def _cells(line: Line, row: int) -> list[GridCell]:
    """Cut a line into its cells, without the empty ones outside an outer bar."""
    ends = [*(match.start() for match in PART.finditer(line.words)), len(line.words)]
    cells = []
    start = 0
    for end in ends:
        words = line.words[start:end]
        left = start + len(words) - len(words.lstrip())
        cells.append(GridCell(line.start + left, line.start + left + len(words.strip()), row))
        start = end + 1
    if len(cells) > 1 and line.words[0] in "|｜":
        del cells[0]
    if len(cells) > 1 and line.words[-1] in "|｜":
        del cells[-1]
    return cells
