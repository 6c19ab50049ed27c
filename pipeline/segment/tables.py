"""Read goal, task and indicator tables: group cells become headings, each row one section with its cells."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from pipeline.lexicon import Lexicon
from pipeline.model import Block, RowCell, Text
from pipeline.segment.headings import match_mark
from pipeline.segment.lines import Line, trimmed

# Below these roles stands what a row is about, the better one first.
TITLE_ROLES = ("goal", "indicator", "group")


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a grid: its place in the text (start == end if it is empty) and what it covers."""

    start: int
    end: int
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class TableNode:
    """A group cell (`row` false, `level` 1 for the outermost) or a row of a table, with its own start in the text."""

    row: bool
    level: int
    label: str
    number: int | None
    start: int
    title_start: int
    title_end: int
    cells: tuple[RowCell, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a table by row and column, a merged cell at every place it covers."""

    rows: list[list[GridCell | None]]


def read_block(text: Text, block: Block, lexicon: Lexicon) -> list[TableNode]:
    """Give the groups and rows of a real table; none if its column heads are not known."""
    if not block.cells:
        return []
    cells = [GridCell(c.start, c.end, c.row, c.column, c.row_span, c.column_span) for c in block.cells]
    return read_grid(text.text, _grid(cells), lexicon)


def _grid(cells: list[GridCell]) -> Grid:
    height = max(cell.row + cell.row_span for cell in cells)
    width = max(cell.column + cell.column_span for cell in cells)
    rows: list[list[GridCell | None]] = [[None] * width for _ in range(height)]
    for cell in cells:
        for row in range(cell.row, cell.row + cell.row_span):
            for column in range(cell.column, cell.column + cell.column_span):
                rows[row][column] = cell
    return Grid(rows)


def read_grid(text: str, grid: Grid, lexicon: Lexicon) -> list[TableNode]:
    """Give the groups and rows of a grid in reading order; none if its column heads are not known."""
    head_rows = _head_rows(text, grid, lexicon)
    if not head_rows:
        return []
    heads = _column_heads(text, grid, head_rows)
    roles = [_role(head, lexicon) for head in heads]
    title_column = _title_column(roles)
    if title_column is None:
        return []
    groups = _group_columns(text, grid, head_rows, roles, title_column)
    return _nodes(text, grid, head_rows, heads, roles, title_column, groups, lexicon)


def words_of(text: str, cell: GridCell | None) -> str:
    """Give the words of a cell without white space."""
    return regex.sub(r"\s", "", text[cell.start : cell.end]) if cell else ""


def is_head(words: str, lexicon: Lexicon) -> bool:
    """Tell whether a cell is a column head: a known one, a year, or words that end in a known one."""
    return _role(words, lexicon) != "" and len(words) <= 20


def _role(head: str, lexicon: Lexicon) -> str:
    words = regex.sub(r"[（(〔\[][^（）()〔〕\[\]]*[）)〕\]]|\s", "", head)
    if words in lexicon.headings.heads:
        return lexicon.headings.heads[words]
    if regex.search(r"(?:19|20)\d{2}年?", words) or regex.search("“?十[一二三四五六]五”?", words):
        return "value"
    return next((lexicon.headings.heads[words[-n:]] for n in range(6, 1, -1) if words[-n:] in lexicon.headings.heads), "")


def _head_rows(text: str, grid: Grid, lexicon: Lexicon) -> set[int]:
    """Find the rows of column heads: the first rows, and where the same heads are printed again."""
    found: set[int] = set()
    first: list[str] = []
    for index, row in enumerate(grid.rows):
        words = [words_of(text, cell) for cell in row]
        filled = [word for word in words if word]
        heads = sum(is_head(word, lexicon) for word in filled)
        if not found and index > 2:
            break
        if not found or (index - 1 in found and index <= 2):
            if heads >= 2 and heads * 2 > len(filled) and not _numbered(words):
                found.add(index)
                first = first or words
        elif words == first:
            found.add(index)
    return found


def _numbered(words: list[str]) -> bool:
    return bool(words) and words[0].isdigit() and len(words[0]) < 4


def _column_heads(text: str, grid: Grid, head_rows: set[int]) -> list[str]:
    """Give the words over each column, those of an upper head before those of a lower one."""
    heads = []
    leading = [index for index in sorted(head_rows) if index <= 2]
    for column in range(len(grid.rows[0])):
        over: list[str] = []
        for index in leading:
            words = words_of(text, grid.rows[index][column])
            if words and words not in over:
                over.append(words)
        heads.append(" ".join(over))
    return heads


def _title_column(roles: list[str]) -> int | None:
    for role in TITLE_ROLES:
        places = [column for column, name in enumerate(roles) if name == role]
        if places:
            return places[-1] if role != "goal" else places[0]
    return None


def _group_columns(text: str, grid: Grid, head_rows: set[int], roles: list[str], title_column: int) -> list[int]:
    """Find the columns whose cells gather several rows. Indicator tables have none: their groups are names."""
    if roles[title_column] == "indicator":
        return []
    groups = []
    for column in range(title_column):
        if roles[column] not in ("group", "goal"):
            continue
        cells = [row[column] for index, row in enumerate(grid.rows) if index not in head_rows]
        distinct = {(cell.start, cell.end) for cell in cells if cell and cell.start < cell.end}
        if len(distinct) < len(cells):
            groups.append(column)
    return groups


def _nodes(
    text: str, grid: Grid, head_rows: set[int], heads: list[str], roles: list[str], title_column: int,
    groups: list[int], lexicon: Lexicon,
) -> list[TableNode]:  # fmt: skip
    nodes: list[TableNode] = []
    current: dict[int, str] = {}
    for index, row in enumerate(grid.rows):
        if index in head_rows:
            continue
        start = None
        for level, column in enumerate(groups, start=1):
            cell = row[column]
            words = words_of(text, cell)
            # a group cell that is empty, or printed again on the next page, goes on
            if cell is None or not words or current.get(column) == words:
                continue
            current[column] = words
            for lower in groups[level:]:
                current.pop(lower, None)
            nodes.append(_group(text, cell, level, lexicon))
        title = row[title_column]
        if title is None or title.start == title.end or title.row != index:
            continue
        own = [c for column, c in enumerate(row) if c and column not in groups and c.row == index and c.start < c.end]
        floor = nodes[-1].title_end if nodes and not nodes[-1].row else 0
        start = min((cell.start for cell in own if cell.start >= floor), default=title.start)
        nodes.append(_row(text, row, heads, roles, title_column, groups, start, lexicon))
    return nodes


def _group(text: str, cell: GridCell, level: int, lexicon: Lexicon) -> TableNode:
    words = text[cell.start : cell.end]
    found = match_mark(words, lexicon)
    offset = found[1].end() if found and found[0].kind == "heading" and found[1].end() < len(words) else 0
    label = regex.sub(r"\s", "", found[1]["label"]) if found and offset else ""
    number = lexicon.headings.value_of(found[1]["number"]) if found and offset and found[1]["number"] else None
    end = cell.start + len(words.rstrip("。；，：:; \n\t"))
    return TableNode(False, level, label, number, cell.start, cell.start + offset, end)


def _row(
    text: str, row: list[GridCell | None], heads: list[str], roles: list[str], title_column: int, groups: list[int],
    start: int, lexicon: Lexicon,
) -> TableNode:  # fmt: skip
    title = row[title_column]
    assert title is not None
    cells = []
    seen: set[tuple[int, int]] = set()
    label = ""
    for column, cell in enumerate(row):
        if cell is None or cell.start == cell.end or column in groups or (cell.start, cell.end) in seen:
            continue
        seen.add((cell.start, cell.end))
        cells.append(RowCell(heads[column], cell.start, cell.end))
        if roles[column] == "index":
            label = words_of(text, cell)
    number = lexicon.headings.value_of(regex.sub(r"\D+$", "", label)) if regex.match(r"\d{1,4}\D?$", label) else None
    return TableNode(True, len(groups) + 1, label, number, start, title.start, title.end, tuple(cells))


def find_cell_lines(text: Text, lines: list[Line], index: int, lexicon: Lexicon) -> tuple[int, list[TableNode]]:
    """Read a table that was copied one cell a line, if one begins with its column heads at `index`.

    Word and WPS copy each cell as a line that opens with a tab, an empty cell as a tab alone, and a blank
    line at the end of each row; a line without a tab goes on in the cell above. Gives the index of the line
    after the table, and its groups and rows; (index, []) if there is no such table.
    """
    heads = 0
    while index + heads < len(lines) and lines[index + heads].block.kind == "paragraph":
        if not is_head(regex.sub(r"\s", "", lines[index + heads].words), lexicon) or len(lines[index + heads].words) > 12:
            break
        heads += 1
    if heads < 3:
        return index, []
    rows, after = _tabbed_rows(text, lines, index, heads)
    if len(rows) < 2:
        return index, []
    grid = Grid([[*row, *[None] * (heads - len(row))] for row in rows])
    return after, read_grid(text.text, grid, lexicon)


def _tabbed_rows(
    text: Text, lines: list[Line], index: int, heads: int
) -> tuple[list[list[GridCell | None]], int]:
    """Give the rows of cells from the heads on, as long as each has as many cells as there are heads."""
    source = text.source.text
    where = [text.alignment.to_source(line.start, line.end) for line in lines[index:]]
    place = source.rfind("\n", 0, where[0].start) + 1
    rows: list[list[GridCell | None]] = []
    cells: list[tuple[int, int]] = []
    taken = 0
    while place <= len(source):
        stop = source.find("\n", place)
        stop = len(source) if stop < 0 else stop
        raw = source[place:stop]
        if raw.startswith("\t"):
            cells.append((place, stop))
        elif raw.strip() and cells and len(cells) <= heads:
            cells[-1] = (cells[-1][0], stop)
        elif cells:
            # a blank line closes the row
            row, taken = _to_cells(text, lines[index:], where, cells, taken, len(rows))
            if row is None or len(cells) != heads:
                break
            rows.append(row)
            cells = []
        elif raw.strip():
            break
        place = stop + 1
    if cells and len(cells) <= heads:
        row, taken = _to_cells(text, lines[index:], where, cells, taken, len(rows))
        if row is not None:
            rows.append(row)
    return rows, index + taken


def _to_cells(
    text: Text, lines: list[Line], where: list, cells: list[tuple[int, int]], taken: int, row: int
) -> tuple[list[GridCell | None] | None, int]:
    """Turn source ranges of cells into cells of the text; None if a line of the text reaches over two cells."""
    found: list[GridCell | None] = []
    last_end = lines[taken - 1].end if taken else lines[0].start
    for column, (start, end) in enumerate(cells):
        first = taken
        while taken < len(lines) and where[taken].start < end:
            if where[taken].start < start or where[taken].end > end:
                return None, taken
            taken += 1
        if taken > first:
            found.append(GridCell(lines[first].start, lines[taken - 1].end, row, column))
            last_end = lines[taken - 1].end
        else:
            found.append(GridCell(last_end, last_end, row, column))
    return found, taken


__all__ = ["TableNode", "find_cell_lines", "read_block", "trimmed"]
