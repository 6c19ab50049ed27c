"""Read tables in one unbroken line whose rows are told apart by running numbers alone: 序号片区1东片区2西片区."""

from __future__ import annotations

import regex

from pipeline.lexicon import Lexicon
from pipeline.model import RowCell
from pipeline.quick.pattern import pattern
from pipeline.segment.tables import TableNode
from pipeline.segment.unbroken import Unbroken

# The head of the running numbers, other heads without figure or stop, and the first row.
HEADS = pattern(r"序\s*号(?P<heads>[^\d。；：]{2,60}?)(?=1\s?\p{Han})")
NUMBER = pattern(r"(?<![\d.．,，—–~～/-])\d+(?=\s?\p{Han})")
FEWEST_ROWS = 3
LONGEST_TITLE = 60
TITLE_ENDS = pattern(r"[）)](?=\p{Han})|[\s。；，,]")


def find_listed(text: str, start: int, end: int, lexicon: Lexicon) -> Unbroken | None:
    """Give the rows of a table that text[start:end] holds in one piece; None if it holds none.

    Where the cells of a row part, nothing tells; it is one cell behind the running number.
    """
    heads = HEADS.search(text, start, end)
    if heads is None:
        return None
    places = _numbers(text, heads.end(), end, lexicon)
    if len(places) < FEWEST_ROWS:
        return None
    at = (heads.start(), heads.end())
    nodes = []
    for (first, last), following in zip(places, [*(place for place, _ in places[1:]), end], strict=True):
        words = text[last:following]
        left = last + len(words) - len(words.lstrip())
        right = last + len(words.rstrip())
        stop = TITLE_ENDS.search(text, left + 2, min(right, left + LONGEST_TITLE))
        title_end = (stop.end() if stop and text[stop.start()] in "）)" else stop.start()) if stop else right
        cells = (RowCell("序号", first, last, at), RowCell("", left, right, at))
        label = text[first:last]
        nodes.append(TableNode(True, 1, label, int(label), first, left, min(title_end, right), cells))
    return Unbroken(nodes, end)


def _numbers(text: str, start: int, end: int, lexicon: Lexicon) -> list[tuple[int, int]]:
    """Give the places of the running numbers 1, 2, 3 …, each before words and behind no figure."""
    found: list[tuple[int, int]] = []
    for match in NUMBER.finditer(text, start, end):
        if match.group() == str(len(found) + 1) and _may_open(text, match, lexicon):
            found.append(match.span())
    return found


def _may_open(text: str, match: regex.Match[str], lexicon: Lexicon) -> bool:
    """Tell whether a number counts nothing (3个, 5年) and says no order (第3)."""
    counts = lexicon.columns.cells["counted"].match(text[match.end() : match.end() + 4])
    return counts is None and text[match.start() - 1] not in "第十百"


__all__ = ["find_listed"]
