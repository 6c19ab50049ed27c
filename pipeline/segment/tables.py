"""Read goal, task and indicator tables: group cells become headings, each row one section with its cells."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from pipeline.lexicon import Lexicon
from pipeline.model import Block, RowCell, Text
from pipeline.segment.marks import read_mark, squeeze

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
    return squeeze(text[cell.start : cell.end]) if cell else ""


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
    end = cell.start + len(words.rstrip("。；，：:; \n\t"))
    mark = read_mark(words, lexicon)
    if mark is None or mark.style.kind != "heading" or mark.end >= len(words):
        return TableNode(False, level, "", None, cell.start, cell.start, end)
    return TableNode(False, level, mark.label, mark.number, cell.start, cell.start + mark.end, end)


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
