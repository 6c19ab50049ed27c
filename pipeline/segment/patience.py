"""Bound what is read in vain behind column heads that open no table."""

from __future__ import annotations

from collections import Counter

# Column heads that opened no table so many times in a row in a chapter are not looked at again.
MOST_REFUSED = 30
# So many lines of a plan are read in vain (a second or so), or each so many times on the average. Then heads of cells,
# a line each, open nothing any more.
FEWEST, MOST_TIMES = 200_000, 10


class Patience:
    """Which heads are still looked at, and how many lines may still be read in vain.

    Behind each list of heads all may be read up to the next chapter. What turns out to be a table is not in vain.
    """

    def __init__(self, lines: int) -> None:
        """Take how many lines the plan has."""
        self.left = max(FEWEST, MOST_TIMES * lines)
        self._refused: Counter[str] = Counter()

    def lasts_for(self, words: str) -> bool:
        """Tell whether a line with these words is looked at as the first head of a table."""
        return self._refused[words] < MOST_REFUSED

    def note(self, words: str, *, opened: bool) -> None:
        """Say whether it opened one."""
        self._refused[words] = 0 if opened else self._refused[words] + 1

    def renew(self) -> None:
        """Look at all heads again: behind a chapter or a drawn table other rows may follow."""
        self._refused.clear()

    def __bool__(self) -> bool:
        """Tell whether lines may still be read in vain."""
        return self.left > 0

    def spend(self, lines: int) -> None:
        """Say that so many lines were read in vain."""
        self.left -= lines


__all__ = ["Patience"]
