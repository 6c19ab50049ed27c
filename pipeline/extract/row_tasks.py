"""Read the rows of task tables: work in words, a column for each year, amounts that say of the task how much."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.extract.grammar import Grammar
from pipeline.extract.reading import Harvest, Passage
from pipeline.extract.row_cells import TableRow, head_year
from pipeline.extract.rows import read_goal_row, unit_of, values
from pipeline.lexicon import Lexicon
from pipeline.model.findings import Target
from pipeline.model.outline import RowCell, Section
from pipeline.quick.classes import replace

# Cells that name what a row is about, so that it is no task in words.
NAMING = ("name", "project", "place", "unit", "unparted")


def is_task(row: TableRow, section: Section, text: str) -> bool:
    """True for a row that tells in words what is to be done: 更新公交站台300个 | 100个 | 100个 | 100个."""
    title = [cell for cell in row.of("text", "goal") if cell.start <= section.title_start < cell.end]
    return not row.of(*NAMING) and bool(title) and not _is_bare(text, title[0])


def bare_amounts(text: str, row: TableRow) -> list[RowCell]:
    """Give the cells that hold nothing but an amount, and say not of what: 100个, ≥20."""
    return [] if row.of(*NAMING) else [cell for cell in row.of("goal") if _is_bare(text, cell)]


def _is_bare(text: str, cell: RowCell) -> bool:
    found = values(text, cell)
    return bool(found) and not any(match.group("who") for match in found)


def in_year_of_column(passage: Passage, cell: RowCell) -> Passage:
    """Give what is known around a cell of prose: below 2025年计划 its goals are due in 2025."""
    year = head_year(cell.head)
    if year is None:
        return passage
    return replace(passage, calendar=replace(passage.calendar, heading_year=year, heading_at=cell.head_at))


def read_amounts(
    text: str, row: TableRow, cells: Sequence[RowCell], first: int, passage: Passage, grammar: Grammar,
    lexicon: Lexicon, harvest: Harvest,
) -> None:  # fmt: skip
    """Add the amounts of cells as targets. What they count is what the row's task counts in the same unit.

    Where the task counts nothing so, its own words name them. `first` is the index of the row's first target.
    """
    said = harvest.targets[first:]
    for cell in cells:
        unit = unit_of(values(text, cell)[0], row.unit)
        alike = [target for target in said if target.unit == unit or not unit]
        whole = alike[-1] if alike and len({target.indicator for target in alike}) == 1 else None
        named = replace(row, cells=((cell, "goal"),))
        if whole is not None:
            named = replace(named, name=whole.indicator, unit=whole.unit)
        start = len(harvest.targets)
        read_goal_row(text, named, passage, grammar, lexicon, harvest)
        if whole is not None:
            harvest.targets[start:] = [_as(target, whole) for target in harvest.targets[start:]]


def _as(target: Target, whole: Target) -> Target:
    """Give an amount the name and kind of what the task counts, with the words that say them."""
    fields = ("indicator", "kind")
    said = (e for e in whole.evidence if e.field in fields)
    own = (e for e in target.evidence if e.field not in fields)
    return replace(target, indicator=whole.indicator, kind=whole.kind, evidence=(*said, *own))


__all__ = ["bare_amounts", "in_year_of_column", "is_task", "read_amounts"]
