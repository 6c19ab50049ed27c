"""Read goal, task and indicator tables: group cells become headings, each row one section with its cells."""

from __future__ import annotations

from pipeline.lexicon import Lexicon
from pipeline.lexicon.columns import remember
from pipeline.model import Block, RowCell
from pipeline.quick.classes import NamedTuple, dataclass, replace
from pipeline.quick.pattern import pattern
from pipeline.quick.plain import plain
from pipeline.segment.marks import read_mark, squeeze

# What a row is about stands below a head of one of these roles, the better one first.
TITLE_ROLES = ("goal", "indicator", "group")
# Column heads take the first rows of a table, three at most.
HEAD_ROWS = 3
LONGEST_HEAD = 20
NARROWEST = 3
FIGURES = ("goal", "present", "money", "stock")
NAMES = ("name", "project", "place")
# Between the heads of columns whose cells could not be parted.
PARTED = " | "
OPENING = plain(r"[（(〔\[]")
BRACKET = pattern(r"[（(〔\[][^（）()〔〕\[\]]*[）)〕\]]")
# Rows without a column of running numbers may have these before their names: 3.绿道长度.
NUMBERED = pattern(r"(?P<label>(?P<number>\d{1,3})[.．、])\s*(?=[\p{Han}A-Z]{2})")
YEAR = pattern(r"(?:19|20)\d{2}")
NAMED_YEAR = pattern(r"(?:19|20)\d{2}年")
IN_BRACKETS = pattern(r"[（(](?:单位[：:])?(?P<words>[^（）()]{1,8})[)）]$")


class GridCell(NamedTuple):
    """A cell of a grid: its place in the text (start == end if it is empty) and the row it begins in."""

    start: int
    end: int
    row: int


Row = list[GridCell | None]
"""The cells of one row of a grid, a merged cell at every place it covers."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table: their heads as printed, what these mean, which hold groups, which the title.

    `places` are those of the heads. `named` is true where the rows are indicators or places: what gathers them is
    part of their names, no heading.
    """

    heads: list[str]
    roles: list[str]
    groups: list[int]
    title: int
    places: list[tuple[int, int] | None]
    named: bool


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


def read_block(text: str, block: Block, lexicon: Lexicon) -> list[TableNode]:
    """Give the groups and rows of a real table in reading order; none if its column heads are not known."""
    if not block.cells:
        return []
    height = max(cell.row + cell.row_span for cell in block.cells)
    width = max(cell.column + cell.column_span for cell in block.cells)
    rows: list[Row] = [[None] * width for _ in range(height)]
    for cell in block.cells:
        for row in rows[cell.row : cell.row + cell.row_span]:
            for column in range(cell.column, cell.column + cell.column_span):
                row[column] = GridCell(cell.start, cell.end, cell.row)
    return read_grid(text, rows, lexicon)


def read_grid(
    text: str,
    rows: list[Row],
    lexicon: Lexicon,
    heads: list[str] | None = None,
    heads_at: tuple[int, int] | None = None,
) -> list[TableNode]:
    """Give the groups and rows of a grid in reading order; none if its column heads are not known.

    The heads are found in the first rows where they are not given (`heads_at` then is their place); rows that print
    them again are left out.
    """
    head_rows = set() if heads else _head_rows(text, rows, lexicon)
    if not heads and not head_rows:
        return []
    places = [heads_at] * len(heads) if heads else _head_places(rows, head_rows)
    heads = heads or _column_heads(text, rows, head_rows)
    body = [row for index, row in enumerate(rows) if index not in head_rows]
    roles = [head_role(head, lexicon) for head in heads]
    meanings = [lexicon.columns.role_of(head) for head in heads]
    gathering = _gathering(text, body)
    title = _title_column(roles, meanings, gathering)
    if title is None:
        return []
    named = meanings[title] in ("name", "place") and roles[title] != "goal"
    gathered = [] if roles[title] == "indicator" or named else _group_columns(gathering, roles, title)
    return _nodes(text, body, Columns(heads, roles, gathered, title, places, named), lexicon)


def may_be_grid(text: str, rows: list[Row], lexicon: Lexicon) -> bool:
    """Tell whether a grid may have known column heads, for which its first HEAD_ROWS rows are enough."""
    return len(rows) < HEAD_ROWS or bool(_head_rows(text, rows[:HEAD_ROWS], lexicon))


def _words(text: str, cell: GridCell | None) -> str:
    return squeeze(text[cell.start : cell.end]) if cell else ""


def head_role(head: str, lexicon: Lexicon) -> str:
    """Give what a column head means; empty if the words are no column head.

    A head may be a known one, name a year or a five-year plan, say in which unit it counts (新建站点（个）), name
    the places that a table is by, or end in a known one (重点任务责任单位). What else it has in brackets does not
    count.
    """
    role = lexicon.columns.head_roles.get(head)
    if role is None:
        role = _head_role(head, lexicon)
        remember(lexicon.columns.head_roles, head, role)
    return role


def _head_role(head: str, lexicon: Lexicon) -> str:
    heads = lexicon.headings.heads
    whole = squeeze(head)
    if whole in heads:
        return heads[whole]
    words = squeeze(BRACKET.sub("", head)) if OPENING.search(head) else whole
    if words in heads:
        return heads[words]
    if len(words) > LONGEST_HEAD:
        return ""
    meaning = lexicon.columns.role_of(head)
    if meaning in ("place", "body"):
        return "other" if meaning == "place" else "organisation"
    if any(lexicon.measures.is_unit(found.group("words")) for found in IN_BRACKETS.finditer(head)):
        return "value"
    if NAMED_YEAR.search(words) or lexicon.headings.front["five_year_plan"].search(words):
        return "value"
    if YEAR.fullmatch(words):
        return "value"
    sizes = range(min(len(words), 6), 1, -1)
    return next((heads[words[-size:]] for size in sizes if words[-size:] in heads), "")


def _head_rows(text: str, rows: list[Row], lexicon: Lexicon) -> set[int]:
    """Find the rows of column heads: the first rows, and where the same heads are printed again."""
    found: set[int] = set()
    first: list[str] = []
    for index, row in enumerate(rows):
        words = [_words(text, cell) for cell in row]
        leads = index < HEAD_ROWS and len(found) == index - min(found, default=index)
        if leads and _are_heads(row, words, lexicon):
            found.add(index)
            first = first or words
        elif found and words == first:
            found.add(index)
    return found


def _are_heads(row: Row, words: list[str], lexicon: Lexicon) -> bool:
    """Tell whether most cells of a row are column heads, and its first no running number."""
    filled = {(cell.start, cell.end): word for cell, word in zip(row, words, strict=True) if cell and word}
    heads = sum(head_role(word, lexicon) != "" for word in filled.values())
    numbered = bool(words) and _is_number(words[0], 3)
    return heads >= 2 and heads * 2 > len(filled) and not numbered


def _is_number(words: str, digits: int) -> bool:
    """Tell whether words are a running number of so many digits at most."""
    return words.isdecimal() and len(words) <= digits


def _column_heads(text: str, rows: list[Row], head_rows: set[int]) -> list[str]:
    """Give the words over each column, those of an upper head before those of a lower one."""
    heads = []
    leading = sorted(index for index in head_rows if index < HEAD_ROWS)
    for column in range(len(rows[0])):
        over = [_words(text, rows[index][column]) for index in leading]
        heads.append(" ".join(dict.fromkeys(word for word in over if word)))
    return heads


def _head_places(rows: list[Row], head_rows: set[int]) -> list[tuple[int, int] | None]:
    """Give the place of the lowest head over each column, which is the column's own."""
    leading = sorted((index for index in head_rows if index < HEAD_ROWS), reverse=True)
    over = ([rows[index][column] for index in leading] for column in range(len(rows[0])))
    return [next(((c.start, c.end) for c in cells if c and c.start < c.end), None) for cells in over]


def _title_column(roles: list[str], meanings: list[str], gathering: set[int]) -> int | None:
    """Find the column that says what a row is about: the first goal, else the last indicator, place or group.

    Of several goal columns (重点任务, 主要内容) the first in which every row has a cell of its own. A table that says
    who does it, or how much, but not what, has that in its first other column.
    """
    for role in TITLE_ROLES:
        columns = [column for column, name in enumerate(roles) if name == role]
        if role == "group" and "place" in meanings:
            columns = [column for column, name in enumerate(meanings) if name == "place"]
        if role == "goal" and columns:
            return next((column for column in columns if column not in gathering), columns[0])
        if columns:
            apart = role == "group" and "place" not in meanings and "name" not in meanings
            return _own_column(roles, columns[-1], gathering) if apart else columns[-1]
    if "organisation" in roles or "value" in roles:
        return next((column for column, name in enumerate(roles) if name in ("other", "")), None)
    return None


def _own_column(roles: list[str], group: int, gathering: set[int]) -> int:
    """Give the column that tells the rows of a group apart, 重点任务 | 建设内容 | 责任单位; else the group's own."""
    if group not in gathering:
        return group
    behind = range(group + 1, len(roles))
    return next((n for n in behind if roles[n] in ("other", "") and n not in gathering), group)


def _gathering(text: str, body: list[Row]) -> set[int]:
    """Find the columns of which a cell stands for several rows: merged, left empty below, or printed again."""
    found: set[int] = set()
    rows = [row for row in body if _banner(row) is None]
    for column in range(len(body[0]) if body else 0):
        last, runs = "", 0
        for row in rows:
            words = _words(text, row[column])
            if words and words != last:
                last, runs = words, runs + 1
        if 0 < runs < len(rows):
            found.add(column)
    return found


def _group_columns(gathering: set[int], roles: list[str], title: int) -> list[int]:
    """Find the columns before the title whose cells gather several rows."""
    return [column for column in range(title) if roles[column] in ("group", "goal") and column in gathering]


def _nodes(text: str, body: list[Row], columns: Columns, lexicon: Lexicon) -> list[TableNode]:
    nodes: list[TableNode] = []
    current: dict[int, str] = {}
    covered = 0
    lower = any(_banner(row) and not columns.named for row in body)
    for row in body:
        banner = _banner(row)
        if banner is not None:
            # the name of a group of tasks or projects; a note at the foot, and a group of indicators, are no heading
            if not columns.named and not lexicon.headings.front["table_note"].match(_words(text, banner)):
                current = {}
                nodes.append(_group(text, banner, 1, lexicon))
                covered = max(covered, banner.end)
            continue
        for level, column in enumerate(columns.groups, start=1 + lower):
            cell, words = row[column], _words(text, row[column])
            # a group cell that is empty, or printed again on the next page, goes on
            if cell is None or not words or current.get(column) == words:
                continue
            current[column] = words
            for below in columns.groups[level - lower :]:
                current.pop(below, None)
            node = _group(text, cell, level, lexicon)
            number = row[0] if columns.roles[0] == "index" and not node.label else None
            if number is not None and covered <= number.start < cell.start:
                # the running number of the first task stands before the name of the group
                node = replace(node, start=number.start)
            nodes.append(node)
            covered = max(covered, cell.end)
        title = _title_cell(row, columns, covered)
        if title is None:
            continue
        nodes.append(_row(text, row, title, columns, covered, lower, lexicon))
        covered = max(covered, title.end)
    return nodes


def _banner(row: Row) -> GridCell | None:
    """Give the cell that fills a whole row of three columns or more; None if there is none."""
    cell = row[0]
    filled = cell is not None and cell.start < cell.end and len(row) >= NARROWEST
    return cell if filled and row.count(cell) == len(row) else None


def _own_cells(row: Row, columns: Columns) -> list[GridCell]:
    """Give the filled cells that begin in this row, not in one above that they gather too."""
    number = max((cell.row for cell in row if cell is not None), default=0)
    cells = [cell for column, cell in enumerate(row) if cell is not None and column not in columns.groups]
    return [cell for cell in cells if cell.row == number and cell.start < cell.end]


def _title_cell(row: Row, columns: Columns, covered: int) -> GridCell | None:
    """Give the cell a row is named by: its own title, or where that stands for the row above too, its first own."""
    title = row[columns.title]
    if title is None or title.start == title.end:
        return None
    if title.start >= covered:
        return title
    return next(iter(_own_cells(row, columns)), None) if columns.named else None


def _head_over(over: list[int], columns: Columns, lexicon: Lexicon) -> str:
    """Give the head of a cell that stands below the columns `over`.

    Below several columns of figures it is all their heads: no one can tell which of them a single figure is for. A
    name or a word like 合计 that runs over the running number and more belongs to the last of them.
    """
    if len(over) == 1:
        return columns.heads[over[0]]
    heads = list(dict.fromkeys(columns.heads[column] for column in over))
    meanings = [lexicon.columns.role_of(head) for head in heads]
    if len(heads) > 1 and all(meaning in FIGURES for meaning in meanings):
        return PARTED.join(heads)
    named = [head for head, meaning in zip(heads, meanings, strict=True) if meaning in NAMES]
    return named[-1] if named else heads[0]


def _group(text: str, cell: GridCell, level: int, lexicon: Lexicon) -> TableNode:
    words = text[cell.start : cell.end]
    end = cell.start + len(words.rstrip("。；，：:; \n\t"))
    mark = read_mark(words, lexicon)
    if mark is None or mark.style.kind != "heading" or mark.end >= len(words):
        return TableNode(False, level, "", None, cell.start, cell.start, end)
    return TableNode(False, level, mark.label, mark.number, cell.start, cell.start + mark.end, end)


def _row(
    text: str, row: Row, title: GridCell, columns: Columns, covered: int, lower: bool, lexicon: Lexicon
) -> TableNode:
    """Make the node of a row. It begins with its first own cell behind what was `covered` before."""
    cells = []
    label = ""
    over: dict[GridCell | None, list[int]] = {}
    for column, cell in enumerate(row):
        over.setdefault(cell, []).append(column)
    for column, cell in enumerate(row):
        if cell is None or cell.start == cell.end or column in columns.groups or cell not in over:
            continue
        cells.append(
            RowCell(_head_over(over.pop(cell), columns, lexicon), cell.start, cell.end, columns.places[column])
        )
        if columns.roles[column] == "index" and cell != title:
            label = _words(text, cell)
    number = lexicon.headings.value_of(label) if _is_number(label, 4) else None
    words = text[title.start : title.end]
    mark = NUMBERED.match(words) if not label else None
    if mark is not None:
        label, number = mark.group("label"), int(mark.group("number"))
    title_start = title.start + (mark.end() if mark else 0)
    own = [cell.start for cell in _own_cells(row, columns) if cell.start >= covered]
    start = min(own, default=title.start)
    level = len(columns.groups) + 1 + lower
    return TableNode(True, level, label, number, min(start, title.start), title_start, title.end, tuple(cells))
