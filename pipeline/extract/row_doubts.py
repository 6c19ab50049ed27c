"""Tell a person where the figures of a table row ran together, and what was made of them."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.extract.numerals import NUMBER
from pipeline.extract.reading import Place
from pipeline.model.outline import RowCell
from pipeline.model.source import Problem

# A figure is never longer, so no more of the text need be looked at around a cell.
REACH = 30


def is_fused(text: str, cell: RowCell) -> bool:
    """Tell whether a cell begins or ends inside a run of digits: 54 and 56 of 5456."""
    return _between_digits(text, cell.start) or _between_digits(text, cell.end)


def _between_digits(text: str, place: int) -> bool:
    return 0 < place < len(text) and text[place - 1].isdigit() and text[place].isdigit()


def whole_numerals(text: str, places: Sequence[Place]) -> list[Place]:
    """Give the numerals of the text that the given ones are parts of: the ledger knows 5456, not 54."""
    found: dict[Place, None] = {}
    for start, end in places:
        left = start
        while left > 0 and start - left < REACH and (text[left - 1].isdigit() or text[left - 1] == "."):
            left -= 1
        for number in NUMBER.finditer(text, left, min(len(text), end + REACH)):
            if number.start() < end and number.end() > start:
                found[number.span()] = None
    return list(found)


def doubts(text: str, name: str, cells: Sequence[tuple[RowCell, str]]) -> list[Problem]:
    """Give what a person should look at in a row: figures that were cut, figures that could not be."""
    found = []
    for cell, role in cells:
        if role == "unparted" and NUMBER.search(text, cell.start, cell.end):
            message = (
                f"The figures “{text[cell.start : cell.end]}” of “{name}” stand below several columns ({cell.head}), "
                "and how they part is not plain. They are no targets; look them up in the printed table."
            )
            found.append(Problem("warning", "figures_not_parted", message, cell.start, cell.end))
    cut = [cell for cell, role in cells if role in ("goal", "present") and is_fused(text, cell)]
    if cut:
        start, end = cut[0].start, cut[-1].end
        parts = ", ".join(f"{cell.head}: {text[cell.start : cell.end]}" for cell in cut)
        message = (
            f"The figures “{''.join(text[start:end].split())}” of “{name}” had run together and were parted by "
            f"their size and decimals ({parts}). Compare them with the printed table."
        )
        found.append(Problem("warning", "figures_parted", message, start, end))
    return found
