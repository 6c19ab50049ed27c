"""The year of a present value: said in the sentence before it, or by the head of its column in a table."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.model.tables import TargetRow

# 由2022年的500家: the year that a sentence tells for a present value stands right before it.
BEFORE = re.compile(r"(?P<year>(?:19|20)\d\d)年?(?:底|末|度)?[^\d，。；、]{0,4}$")
IN_HEAD = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?!\d)")
# A longer cell with a year in it is work to be done, not the head of a column.
LONGEST_HEAD = 16


def stands_in_table(target: TargetRow) -> bool:
    """Tell whether a target and its present value are cells of one table row."""
    return bool(target.baseline) and "\t" in target.sentence


def present_year(target: TargetRow, text: str | None) -> int | None:
    """Give the year of a target's present value, None where nothing tells it.

    `text` is the normalised text of the document; without it only the sentence is read.
    """
    if not stands_in_table(target):
        match = BEFORE.search(target.sentence[: max(target.sentence.find(target.baseline or ""), 0)])
        return int(match["year"]) if match else None
    return _year_of_column(target, text) if text else None


def _year_of_column(target: TargetRow, text: str) -> int | None:
    """Count back from the column of the target's own year: 2020年 | 2023年 | 2025年 over 135 | 520 | 935.

    The heads are counted by their years, for a row lacks the cells that are merged with those above it, and heads of
    two lines set the years of the goals below one common head.
    """
    start = text.rfind("\n", 0, target.char_start) + 1
    own = text.count("\t", start, target.char_start)
    cells = text[start : text.find("\n", start) if "\n" in text[start:] else len(text)].split("\t")
    places = [place for place, cell in enumerate(cells[:own]) if cell.strip() == (target.baseline or "").strip()]
    heads = _heads(reversed(text[: max(start - 1, 0)].split("\n")))
    if not places or target.year_end is None or heads.count(target.year_end) != 1:
        return None
    place = heads.index(target.year_end) - (own - places[-1])
    return heads[place] if place >= 0 and heads[place] < target.year_end else None


def _heads(lines: Iterable[str]) -> list[int]:
    """Give the years in the heads of a table, read upwards from one of its rows."""
    found: list[int] = []
    for line in lines:
        if "\t" not in line:
            break
        short = [cell for cell in line.split("\t") if len(cell) <= LONGEST_HEAD]
        years = [int(match["year"]) for cell in short if (match := IN_HEAD.search(cell))]
        if found and not years:
            break
        found = years + found
    return found
