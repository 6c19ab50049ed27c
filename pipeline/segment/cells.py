"""Read tables that were copied one cell a line, as word processors and web pages hand them to plain text."""

from __future__ import annotations

from pipeline.lexicon import Lexicon
from pipeline.model import Span, Text
from pipeline.segment import task_heads
from pipeline.segment.lines import Line
from pipeline.segment.loose_cells import find_loose_cells
from pipeline.segment.marks import squeeze
from pipeline.segment.patience import Patience
from pipeline.segment.tables import GridCell, Row, TableNode, head_role, read_grid
from pipeline.segment.task_cells import find_task_cells

LONGEST_HEAD = 12
# No table that is read here opens with a longer head.
LONGEST_FIRST_HEAD = max(LONGEST_HEAD, task_heads.LONGEST_HEAD)
MOST_HEADS = 16
# So many column heads must be known.
FEWEST_HEADS, FEWEST_TABBED = 2, 3
# A table of this many rows at least; fewer lines that look alike are chance.
FEWEST_ROWS = 2


def find_cell_lines(
    text: Text, lines: list[Line], index: int, lexicon: Lexicon, patience: Patience
) -> tuple[int, list[TableNode]]:
    """Read the table that begins with its column heads at `index`, one cell a line.

    Gives the index of the line after the table, and its groups and rows; (index, []) if there is none.
    """
    said = squeeze(lines[index].words)
    if len(said) > LONGEST_FIRST_HEAD:
        return index, []
    heads = _leading_heads(lines, index, lexicon)
    if heads >= FEWEST_TABBED and _opens_with_tab(text, lines[index]):
        rows, taken = _tabbed_rows(text, lines, index, heads)
        if len(rows) > FEWEST_ROWS:
            nodes = read_grid(text.text, rows, lexicon)
            if nodes:
                return index + taken, nodes
    after, nodes = find_task_cells(text, lines, index, lexicon, patience)
    if nodes:
        return after, nodes
    if heads >= FEWEST_HEADS or lexicon.headings.heads.get(said) == "index":
        return find_loose_cells(text, lines, index, lexicon, patience)
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


def _opens_with_tab(text: Text, line: Line) -> bool:
    start = text.alignment.to_source(line.start, line.end).start
    return text.source.text.startswith("\t", text.source.text.rfind("\n", 0, start) + 1)


def _tabbed_rows(text: Text, lines: list[Line], index: int, heads: int) -> tuple[list[Row], int]:
    """Read cells as word processors copy them, as long as each row has as many cells as there are heads.

    Each cell is a line that opens with a tab, an empty cell a tab alone; a line without tab goes on in the cell
    above, and a blank line ends the row. Gives the rows, that of the heads first, and how many lines they take.
    """
    source = text.source.text
    rows: list[Row] = []
    cells: list[Span] = []
    taken = used = index
    where = _Where(text, lines)
    place = source.rfind("\n", 0, where[index].start) + 1
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
            row, taken = _to_row(where, lines, index, cells, taken, len(rows))
            if row is None or (len(cells) != heads and not last):
                break
            rows.append(row + [None] * (heads - len(row)))
            used = taken
            cells = []
        place = stop + 1
    return rows, used - index


def _to_row(
    where: _Where, lines: list[Line], index: int, cells: list[Span], taken: int, row: int
) -> tuple[Row | None, int]:
    """Turn source ranges of cells into cells of the text; None if a line of the text reaches over two cells."""
    found: Row = []
    place = lines[taken - 1].end if taken > index else lines[index].start
    for cell in cells:
        first = taken
        while taken < len(lines) and (span := where[taken]).start < cell.end:
            if span.start < cell.start or span.end > cell.end:
                return None, taken
            taken += 1
        start, place = (lines[first].start, lines[taken - 1].end) if taken > first else (place, place)
        found.append(GridCell(start, place, row))
    return found, taken


class _Where(dict[int, Span]):
    """Tells where each line stands in the source; looked up once for each."""

    def __init__(self, text: Text, lines: list[Line]) -> None:
        self.text, self.lines = text, lines

    def __missing__(self, index: int) -> Span:
        line = self.lines[index]
        self[index] = span = self.text.alignment.to_source(line.start, line.end)
        return span


__all__ = ["find_cell_lines"]
