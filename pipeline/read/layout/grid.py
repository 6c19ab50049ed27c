"""Drawn lines → tables: the cells they part, merged ones once, and which boxes only stand around prose."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from pipeline.read.printed import Glyph, Page, Rule

# Lines closer than this, in points, are one line; producers draw borders cell by cell and as thin boxes.
SNAP = 3.0
THIN = 4.0
# Ends of level lines that agree within this are the open sides of one table.
OPEN_SIDE = 4.0
FEWEST_LEVEL = 3
# More drawn lines than this on one page are a drawing (a map, a chart); looking for cells would take minutes.
MOST_RULES = 6000
Box = tuple[float, float, float, float]


class GridCell(NamedTuple):
    """One cell: where it is drawn, and the grid places it covers."""

    box: Box
    row: int
    column: int
    row_span: int
    column_span: int


class Grid(NamedTuple):
    """One table or box of a page: its outline and its cells, row by row; the upright lines between its columns."""

    box: Box
    cells: tuple[GridCell, ...]
    edges: tuple[float, ...]

    @property
    def columns(self) -> int:
        """The number of columns."""
        return max(cell.column + cell.column_span for cell in self.cells)


def grids_of(page: Page) -> list[Grid]:
    """Give the tables and boxes that the drawn lines of a page make, from top to bottom."""
    if len(page.rules) < FEWEST_LEVEL or len(page.rules) > MOST_RULES:
        return []
    from pdfplumber import table as plumber  # slow to import, and most pages have no table

    edges = [edge for rule in page.rules if (edge := _edge(rule, page)) is not None]
    # Lines drawn cell by cell end where the next begins, so they are joined before their ends are looked at.
    for more in (_open_sides, _open_ends):
        joined = plumber.merge_edges(edges, SNAP, SNAP, SNAP, SNAP)
        edges = joined + more(joined)
    merged = plumber.merge_edges(edges, SNAP, SNAP, SNAP, SNAP)
    crossings = plumber.edges_to_intersections(merged, SNAP, SNAP)
    cells = plumber.intersections_to_cells(crossings)
    grids = [_grid(group) for group in plumber.cells_to_tables(cells)]
    return sorted(_outermost([grid for grid in grids if grid is not None]), key=lambda grid: (grid.box[1], grid.box[0]))


def in_cells(grid: Grid, glyphs: Iterable[Glyph]) -> list[tuple[Glyph, GridCell]]:
    """Give those glyphs whose middle lies in a cell, each with its cell; where cells overlap, the first."""
    heights = sorted({height for cell in grid.cells for height in (cell.box[1], cell.box[3])})
    bands: list[list[GridCell]] = [[] for _ in heights]
    for cell in grid.cells:
        for band in bands[bisect_left(heights, cell.box[1]) : bisect_left(heights, cell.box[3])]:
            band.append(cell)
    found: list[tuple[Glyph, GridCell]] = []
    for glyph in glyphs:
        _, x0, top, x1, bottom, _, _, _ = glyph
        x = (x0 + x1) / 2
        for cell in bands[bisect_right(heights, (top + bottom) / 2) - 1]:
            if cell[0][0] <= x < cell[0][2]:
                found.append((glyph, cell))
                break
    return found


def inside(box: Box, glyph: Glyph) -> bool:
    """Tell whether the middle of a glyph lies in a box."""
    x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
    return box[0] <= x < box[2] and box[1] <= y < box[3]


def _edge(rule: Rule, page: Page) -> dict[str, Any] | None:
    """Give a drawn line as pdfplumber wants it: upright (v) or level (h)."""
    width, height = rule.x1 - rule.x0, rule.bottom - rule.top
    level = height <= THIN and width > height
    if not level and width > THIN:
        return None
    x0, x1 = max(rule.x0, -SNAP), min(rule.x1, page.width + SNAP)
    top, bottom = max(rule.top, -SNAP), min(rule.bottom, page.height + SNAP)
    if x1 < x0 or bottom < top:
        return None
    if level:
        top = bottom = (top + bottom) / 2
    else:
        x0 = x1 = (x0 + x1) / 2
    return {
        "x0": x0, "x1": x1, "top": top, "bottom": bottom, "width": x1 - x0, "height": bottom - top,
        "orientation": "h" if level else "v", "object_type": "line",
    }  # fmt: skip


def _open_sides(edges: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give upright lines for tables whose outer sides are not drawn: level lines of one width, uprights inside them."""
    extents: dict[tuple[int, int], list[dict[str, Any]]] = defaultdict(list)
    for edge in edges:
        if edge["orientation"] == "h":
            extents[(round(edge["x0"] / OPEN_SIDE), round(edge["x1"] / OPEN_SIDE))].append(edge)
    made: list[dict[str, Any]] = []
    for alike in extents.values():
        x0, x1 = min(edge["x0"] for edge in alike), max(edge["x1"] for edge in alike)
        top, bottom = min(edge["top"] for edge in alike), max(edge["bottom"] for edge in alike)
        uprights = [
            edge
            for edge in edges
            if edge["orientation"] == "v" and top - SNAP <= edge["top"] and edge["bottom"] <= bottom + SNAP
        ]
        within = any(x0 + OPEN_SIDE < edge["x0"] < x1 - OPEN_SIDE for edge in uprights)
        if len(alike) < FEWEST_LEVEL or not within:
            continue
        for side in (x0, x1):
            if not any(abs(edge["x0"] - side) <= OPEN_SIDE for edge in uprights):
                made.append(
                    {
                        "x0": side, "x1": side, "top": top, "bottom": bottom, "width": 0, "height": bottom - top,
                        "orientation": "v", "object_type": "line",
                    }
                )  # fmt: skip
    return made


def _open_ends(edges: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give level lines where uprights end together without one: a row that the end of the page cuts has no foot."""
    uprights = [edge for edge in edges if edge["orientation"] == "v"]
    levels = [edge for edge in edges if edge["orientation"] == "h"]
    made: list[dict[str, Any]] = []
    for end in ("top", "bottom"):
        together: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for edge in uprights:
            together[round(edge[end] / OPEN_SIDE)].append(edge)
        for alike in together.values():
            x0, x1 = min(edge["x0"] for edge in alike), max(edge["x1"] for edge in alike)
            height = alike[0][end]
            near = [level for level in levels if abs(level["top"] - height) <= 2 * OPEN_SIDE]
            closed = sum(max(min(level["x1"], x1) - max(level["x0"], x0), 0.0) for level in near)
            enough = len(alike) >= FEWEST_LEVEL or _are_sides(alike, levels)
            if enough and closed < 0.5 * (x1 - x0):
                made.append(
                    {
                        "x0": x0, "x1": x1, "top": height, "bottom": height, "width": x1 - x0, "height": 0,
                        "orientation": "h", "object_type": "line",
                    }
                )  # fmt: skip
    return made


def _are_sides(uprights: Sequence[dict[str, Any]], levels: Sequence[dict[str, Any]]) -> bool:
    """Tell whether uprights are the two sides of a box: a level line runs from one to the other."""
    x0, x1 = min(edge["x0"] for edge in uprights), max(edge["x1"] for edge in uprights)
    top, bottom = min(edge["top"] for edge in uprights), max(edge["bottom"] for edge in uprights)
    return x1 - x0 > OPEN_SIDE and any(
        abs(level["x0"] - x0) <= OPEN_SIDE and abs(level["x1"] - x1) <= OPEN_SIDE
        for level in levels
        if top - SNAP <= level["top"] <= bottom + SNAP
    )


def _grid(cells: Sequence[Box]) -> Grid | None:
    """Give cells as a grid: each covers the rows and columns between the lines at its sides."""
    columns = _positions([cell[0] for cell in cells])
    rows = _positions([cell[1] for cell in cells])
    made = []
    for box in sorted(cells, key=lambda cell: (cell[1], cell[0])):
        column, row = _place(columns, box[0]), _place(rows, box[1])
        last_column, last_row = _place(columns, box[2] - 2 * SNAP), _place(rows, box[3] - 2 * SNAP)
        made.append(GridCell(box, row, column, max(last_row - row, 0) + 1, max(last_column - column, 0) + 1))
    if not made:
        return None
    made.sort(key=lambda cell: (cell.row, cell.column))
    box = (
        min(cell[0] for cell in cells),
        min(cell[1] for cell in cells),
        max(cell[2] for cell in cells),
        max(cell[3] for cell in cells),
    )
    return Grid(box, tuple(made), (*columns, box[2]))


def _positions(values: Sequence[float]) -> list[float]:
    """Give the different positions, those of one line taken as one."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > SNAP:
            found.append(value)
    return found


def _place(positions: Sequence[float], value: float) -> int:
    return max(bisect_right(positions, value + SNAP) - 1, 0)


def _outermost(grids: Sequence[Grid]) -> list[Grid]:
    """Give the grids that lie in no larger one's cell: a table inside a box stands on its own, the box is prose."""
    tables = [grid for grid in grids if grid.columns > 1]
    boxes = [grid for grid in grids if grid.columns == 1]
    kept_boxes = [box for box in boxes if not any(_contains(other.box, box.box) for other in tables)]
    return [table for table in tables if not any(_contains(o.box, table.box) for o in tables if o is not table)] + [
        box for box in kept_boxes if not any(_contains(box.box, table.box) for table in tables)
    ]


def _contains(outer: Box, inner: Box) -> bool:
    return (
        outer[0] - SNAP <= inner[0]
        and outer[1] - SNAP <= inner[1]
        and inner[2] <= outer[2] + SNAP
        and inner[3] <= outer[3] + SNAP
    )
