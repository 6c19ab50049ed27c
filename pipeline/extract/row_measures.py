"""Name what is measured where one row of a table tells several measures of a thing: its amount, its share."""

from __future__ import annotations

from pipeline.extract.row_cells import TableRow, head_year
from pipeline.extract.row_names import share_of
from pipeline.lexicon import Lexicon
from pipeline.model.outline import RowCell
from pipeline.quick.pattern import pattern

IN_BRACKETS = pattern(r"[（(][^（）()]*[)）]")


def aspect(cell: RowCell, row: TableRow, lexicon: Lexicon) -> str:
    """Give what a column measures where several columns of one year measure several things: 实物量, 比重.

    The year stands over them (2025年 | 实物量, 比重). Empty for a column that has its year to itself.
    """
    upper, _, lower = cell.head.rpartition(" ")
    beside = [other for other in row.of("goal") if other.head.rpartition(" ")[0] == upper]
    lower = IN_BRACKETS.sub("", lower)
    known = lexicon.columns.cells["aspect"].search(lower) is not None
    return lower if known and len(beside) > 1 and head_year(upper) is not None else ""


def state_before(cell: RowCell, row: TableRow, lexicon: Lexicon) -> RowCell | None:
    """Give the cell of the state that a goal in a column of several measures starts from: the latest of its measure."""
    words = aspect(cell, row, lexicon)
    same = [other for other in row.of("present") if IN_BRACKETS.sub("", other.head.rpartition(" ")[2]) == words]
    return max(same, key=lambda other: head_year(other.head) or 0, default=None) if words else None


def aspect_name(name: str, cell: RowCell, row: TableRow, lexicon: Lexicon) -> str:
    """Complete the name of a row by what its column measures of it: 煤炭消费量 | 比重 is 煤炭消费比重.

    实物量 is the amount by itself and adds nothing; another amount (标准量) is added in brackets.
    """
    words = aspect(cell, row, lexicon)
    if not words or lexicon.columns.cells["plain_amount"].search(words):
        return name
    return share_of(name, words, lexicon) if lexicon.columns.cells["share_name"].search(words) else f"{name}（{words}）"
