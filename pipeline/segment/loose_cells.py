"""Read tables of which nothing is left but their cells, a line each; what they say tells the columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise

from pipeline.lexicon import Lexicon
from pipeline.model import Text
from pipeline.quick.classes import replace
from pipeline.segment.cell_kinds import Bodies, bodies_in
from pipeline.segment.fitting import LEADING, CellScores, Fit, Sort, lay_out, shape_of
from pipeline.segment.lines import Line
from pipeline.segment.marks import squeeze
from pipeline.segment.patience import Patience
from pipeline.segment.tables import GridCell, Row, TableNode, head_role, read_grid
from pipeline.segment.task_heads import is_body_head

LONGEST_CELL = 120
LONGEST_HEAD = 12
MOST_HEADS = 16
# Lines that read like heads are a list of something else where there are more of them.
MOST_HEAD_LINES = 4 * MOST_HEADS
NARROWEST = 3
# A line above the rows that is longer is a caption (河道工程（含疏浚、护岸）), no head.
LONGEST_CAPTION = 16
# So many column heads must be known.
FEWEST_HEADS = 2
# So many cells of the first row may read like heads.
MOST_ALIKE = 2
# A column that no head of its own is for must make each row fit better by so much.
GROUP_COST = 0.3
# A table of this many rows at least; fewer lines that look alike are chance.
FEWEST_ROWS = 2
# Of the cells in a column for bodies so many name bodies; some name persons, or a project's owner without a known word.
BODY_SHARE = 0.7
# The heads are chosen by how well so many of the first cells stand below them.
PREVIEW = 80
# Cells of figures, units and kinds of commitment fit so well on the average, or the lines are no table.
LOWEST_RATE = 1.2
# Blank lines are mere spacing where each cell then fits so much better on the average.
PLAINLY = 0.3
SHARED = (*LEADING[1:], "unit", "nature")
INNER_MARKS = ("digit", "circled", "letter", "decimal")


def find_loose_cells(
    text: Text, lines: list[Line], index: int, lexicon: Lexicon, patience: Patience
) -> tuple[int, list[TableNode]]:
    """Read the table whose column heads begin at `index`.

    Gives the index of the line after the table, and its groups and rows; (index, []) if there is none. A running
    number (序号) opens the rows of most; where there is none, the heads must follow each other without a gap. More
    blank lines than usual between two lines are an empty cell.
    """
    if not patience or not _may_open(lines, index, lexicon):
        return index, []
    region = _region(lines, index, lexicon)
    above = lines[index - 1] if index else None
    taken, nodes = _read(text, above, region, lexicon) if len(region) >= NARROWEST else (0, [])
    patience.spend(len(region) - taken)
    return index + taken, nodes


def _read(text: Text, above: Line | None, region: list[Line], lexicon: Lexicon) -> tuple[int, list[TableNode]]:
    """Give how many lines of a region are a table, and its groups and rows."""
    cells = _with_empty_cells(text, region)
    words = [squeeze(text.text[cell.start : cell.end]) for cell in cells]
    best = None if _is_over_index(words, lexicon) else _best_heads(words, lexicon)
    if best is None:
        return 0, []
    filled = [cell for cell in cells if cell.start < cell.end]
    without = _best_heads([word for word in words if word], lexicon) if len(filled) < len(cells) else None
    if without is not None and without[0] > best[0] + PLAINLY:
        # blank lines part the rows here, and stand for no empty cells
        best, cells, words = without, filled, [word for word in words if word]
    _, opens, heads = best
    cells, words = _without_repeated_heads(cells, words, opens)
    body = words[opens:]
    gaps = GROUP_HEAD not in heads or GROUP_HEAD in words[:opens]
    fit = lay_out(body, [shape_of(head, lexicon) for head in heads], lexicon, blanks="" in body, gaps=gaps)
    rows = _grid(cells[opens:], fit, heads, lexicon)
    if not _believed(fit, heads, lexicon) or not _names_bodies(text, rows, heads, lexicon):
        return 0, []
    nodes = read_grid(text.text, rows, lexicon, heads, (cells[0].start, cells[opens - 1].end))
    nodes = _below_place(above, nodes, lexicon)
    end = cells[opens + fit.taken - 1].end
    return (sum(line.start < end for line in region), nodes) if nodes else (0, [])


def _may_open(lines: list[Line], index: int, lexicon: Lexicon) -> bool:
    """Tell whether the heads that begin at `index` end soon: with the number of the first row, or with its name."""
    if lexicon.headings.heads.get(squeeze(lines[index].words)) == "index":
        return any(squeeze(line.words) == "1" for line in lines[index : index + 2 * MOST_HEADS + 1])
    return any(not _is_head(squeeze(line.words), lexicon) for line in lines[index : index + MOST_HEAD_LINES + 1])


def _is_over_index(words: list[str], lexicon: Lexicon) -> bool:
    """Tell whether the first words are a caption above 序号 that reads like a head: 主要指标."""
    filled = [word for word in words[:NARROWEST] if word]
    known = [lexicon.headings.heads.get(word, "") for word in filled]
    return known[1:2] == ["index"] and known[0] not in ("", "group")


def _best_heads(words: list[str], lexicon: Lexicon) -> tuple[float, int, list[str]] | None:
    """Give the heads below which the first cells stand best, with how well each does on average and where they open."""
    best: tuple[float, float, int, list[str]] | None = None
    sorts: dict[str, Sort] = {}
    scores: dict[int, CellScores] = {}
    for opens, heads in _head_options(words, lexicon):
        shapes = [shape_of(head, lexicon) for head in heads]
        body = words[opens : opens + PREVIEW]
        scores[opens] = scores.get(opens) or CellScores(body, lexicon, sorts)
        gaps = GROUP_HEAD not in heads or GROUP_HEAD in words[:opens]
        fit = lay_out(scores[opens], shapes, lexicon, blanks="" in body, gaps=gaps)
        score = fit.score - GROUP_COST * len(fit.rows) * (GROUP_HEAD in heads)
        filled = sum(word != "" for word in body[: fit.taken])
        if best is None or score > best[0]:
            best = (score, score / max(filled, 1), opens, heads)
    return best[1:] if best else None


def _believed(fit: Fit, heads: list[str], lexicon: Lexicon) -> bool:
    full = [row for row in fit.rows if not row.banner]
    known = sum(head_role(head, lexicon) != "" or shape_of(head, lexicon) != "text" for head in heads)
    return len(full) >= FEWEST_ROWS and fit.rate >= LOWEST_RATE and known >= FEWEST_HEADS


def _names_bodies(text: Text, rows: list[Row], heads: list[str], lexicon: Lexicon) -> bool:
    """Tell whether the cells below 牵头单位 and the like are names of bodies; tasks there tell of a wrong layout."""
    for column, head in enumerate(heads):
        if not is_body_head(head, lexicon):
            continue
        cells = {cell for row in rows if (cell := row[column]) and cell.start < cell.end and row[0] != row[-1]}
        words = [squeeze(text.text[cell.start : cell.end]) for cell in cells]
        said = [word for word in words if not lexicon.columns.cells["dash"].search(word)]
        if sum(bodies_in(word, lexicon) != Bodies.NONE for word in said) < BODY_SHARE * len(said):
            return False
    return True


def _below_place(line: Line | None, nodes: list[TableNode], lexicon: Lexicon) -> list[TableNode]:
    """Put the rows below the place that a table is printed for, where its name alone stands over the heads (云州市)."""
    name = squeeze(line.words) if line and line.is_text else ""
    if line is None or not nodes or not name or all(length != len(name) for length, _ in lexicon.places.starting(name)):
        return nodes
    place = TableNode(False, 1, "", None, line.start, line.start, line.end)
    return [place, *(replace(node, level=node.level + 1) for node in nodes)]


def _region(lines: list[Line], index: int, lexicon: Lexicon) -> list[Line]:
    """Give the lines from `index` on that may be cells: no long paragraph, note, or heading of a higher mark."""
    region: list[Line] = []
    for line in lines[index:]:
        heading = line.mark is not None and line.mark.style.id not in INNER_MARKS
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


def _without_repeated_heads(cells: list[GridCell], words: list[str], opens: int) -> tuple[list[GridCell], list[str]]:
    """Leave out the heads that a table prints again on its next page."""
    heads = [word for word in words[:opens] if word]
    kept_cells, kept_words = list(cells[:opens]), list(words[:opens])
    place = opens
    while place < len(words):
        if words[place] == heads[0] and words[place : place + len(heads)] == heads:
            place += len(heads)
            continue
        kept_cells.append(cells[place])
        kept_words.append(words[place])
        place += 1
    return kept_cells, kept_words


def _head_options(words: list[str], lexicon: Lexicon) -> Iterator[tuple[int, list[str]]]:
    """Give what the heads may be, each with the place of the first cell below them.

    One head may have been broken over lines, may stand over several lower ones, or over two columns of which the
    left one gathers the rows of the right one.
    """
    numbered = lexicon.headings.heads.get(words[0]) == "index"
    opens = next((place for place, word in enumerate(words) if word == "1"), None) if numbered else None
    if numbered and (opens is None or opens > 2 * MOST_HEADS):
        return
    if opens is not None:
        yield from _heads_before(words, opens, lexicon)
        return
    behind = next((place for place, word in enumerate(words) if not _is_head(word, lexicon)), len(words))
    if behind > MOST_HEAD_LINES:
        return
    # the name of the first row may read like a head: 再生水利用率（%）
    for opens in range(behind, max(behind - MOST_ALIKE, NARROWEST) - 1, -1):
        yield from _heads_before(words, opens, lexicon)


def _heads_before(words: list[str], opens: int, lexicon: Lexicon) -> Iterator[tuple[int, list[str]]]:
    filled = [word for word in words[:opens] if word]
    while len(filled) > NARROWEST and _is_caption(filled[-1]):
        # a line over the first rows that says what they have in common is no head
        opens = max(place for place in range(opens) if words[place])
        filled.pop()
    for width in range(NARROWEST, min(len(filled), MOST_HEADS) + 1):
        heads = _upper_heads(words[:opens], width, lexicon) or _heads(filled, width, lexicon)
        if heads is None:
            continue
        yield opens, heads
        for place, head in enumerate(heads):
            if shape_of(head, lexicon) in LEADING[1:] and width < MOST_HEADS:
                yield opens, [*heads[:place], GROUP_HEAD, *heads[place:]]


# The head of the left one of two columns below one head.
GROUP_HEAD = "类别"


def _is_head(words: str, lexicon: Lexicon) -> bool:
    return 0 < len(words) <= LONGEST_HEAD and head_role(words, lexicon) != ""


def _is_caption(words: str) -> bool:
    return words.endswith(("：", ":")) or len(words) > LONGEST_CAPTION


def _heads(words: list[str], width: int, lexicon: Lexicon) -> list[str] | None:
    """Put the lines of the column heads together so that there are `width`; None if there are too few."""
    if len(words) < width:
        return None
    known = lexicon.headings.heads

    @cache
    def cost(first: int, last: int) -> float:
        joined = "".join(words[first:last])
        unknown = not head_role(joined, lexicon) or joined[0] in "（("
        swallowed = 0 if last - first == 1 or joined in known else sum(word in known for word in words[first:last])
        return unknown * 2 + (last - first - 1) ** 2 * 0.5 + swallowed**2 * 0.5

    return ["".join(words[first:last]) for first, last in _best_cuts(len(words), width, cost)]


def _upper_heads(words: list[str], width: int, lexicon: Lexicon) -> list[str] | None:
    """Give the heads of a table of two rows of heads, where the last head of the upper row stands over several.

    序号 | 地区 | 治理计划（处）, then an empty cell below each but the last, then 2021年 | 2022年. None if the empty
    cells do not tell it so.
    """
    empty = next((place for place, word in enumerate(words) if not word), len(words))
    below = next((place for place in range(empty, len(words)) if words[place]), len(words))
    upper, lower = words[:empty], words[below:]
    single = below - empty
    if len(upper) != single + 1 or not all(lower) or len(lower) < width - single or width - single < 2:
        return None
    parts = _heads(lower, width - single, lexicon)
    return [*upper[:single], *(f"{upper[-1]} {part}" for part in parts)] if parts else None


def _grid(cells: list[GridCell], fit: Fit, heads: list[str], lexicon: Lexicon) -> list[Row]:
    """Give the rows of a layout; a cell that gathers rows stands in each of them."""
    shapes = [shape_of(head, lexicon) for head in heads]
    rows: list[Row] = []
    above: Row = [None] * len(heads)
    for number, placed in enumerate(fit.rows):
        row = [_cell(cells, span, number) for span in placed.columns]
        if placed.banner:
            rows.append([row[0]] * len(row))
            above = [None] * len(heads)
            continue
        # a row without number of its own shares more with the one above than its group
        shared = SHARED if "index" in shapes and row[shapes.index("index")] is None else LEADING[1:]
        above = [
            over if shape in shared and (cell is None or cell.start == cell.end) else cell
            for cell, over, shape in zip(row, above, shapes, strict=True)
        ]
        rows.append(above)
    return rows


def _cell(cells: list[GridCell], span: tuple[int, int] | None, row: int) -> GridCell | None:
    return GridCell(cells[span[0]].start, cells[span[1] - 1].end, row) if span else None


def _best_cuts(length: int, width: int, cost: Callable[[int, int], float]) -> list[tuple[int, int]]:
    """Cut range(length) into `width` pieces, none empty, for which the costs sum to the least."""

    @cache
    def best(first: int, column: int) -> tuple[float, tuple[tuple[int, int], ...]]:
        left = width - column - 1
        if not left:
            return cost(first, length), ((first, length),)
        options = []
        for last in range(first + 1, length - left + 1):
            price, cuts = best(last, column + 1)
            options.append((cost(first, last) + price, ((first, last), *cuts)))
        return min(options)

    return list(best(0, 0)[1])


__all__ = ["find_loose_cells"]
