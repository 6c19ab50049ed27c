"""Bound what is read in vain behind column heads that open no table."""

from __future__ import annotations

# So many lines of a plan are read in vain (a second or so), or each so many times on the average. Then heads of cells,
# a line each, open nothing any more.
FEWEST, MOST_TIMES = 200_000, 10


class Patience:
    """How many lines may still be read in vain.

    Cells that stand a line each have no end of their own: behind each list of heads all may be read up to the next
    chapter. What turns out to be a table is not in vain.
    """

    def __init__(self, lines: int) -> None:
        """Take how many lines the plan has."""
        self.left = max(FEWEST, MOST_TIMES * lines)

    def __bool__(self) -> bool:
        """Tell whether there is any left."""
        return self.left > 0

    def spend(self, lines: int) -> None:
        """Say that so many lines were read in vain."""
        self.left -= lines


__all__ = ["Patience"]
