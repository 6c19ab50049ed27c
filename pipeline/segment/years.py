"""Find the years that a plan says it covers."""

from __future__ import annotations

import regex

from pipeline.lexicon import Lexicon
from pipeline.segment.lines import Line

# A plan states its term within so many lines, where it does not number its headings.
OPENING_LINES = 15

Term = tuple[int | None, int | None, tuple[int, int] | None]


def _opening(lines: list[Line]) -> list[Line]:
    """Give the lines before the second heading of any list: what a plan says there holds for the whole of it."""
    second = next((index for index, line in enumerate(lines) if line.mark and line.mark.number == 2), len(lines))
    return lines[: min(second, OPENING_LINES)]


def _place(line: Line, match: regex.Match[str]) -> tuple[int, int]:
    return line.start + match.start(), line.start + match.end()


def find_period(title: str, lines: list[Line], lexicon: Lexicon) -> Term:
    """Give the first and last year that a plan says it covers, from its title, else from its text, and where.

    A five-year plan (“十四五”) covers the years of its name: the first began in 1953, from the seventh on each
    takes the five years from …1 or …6. 民国 years are turned into years of our era. A deadline (到2025年) is no
    period: both are None. A span from a year on (2021年起4年内) counts where the plan opens. Of 有效期至2027年 only
    the end is known. The place is None where the title says it.
    """
    front = lexicon.headings.front
    match = front["period_inside"].search(title)
    if match:
        return int(match["first"]), int(match["last"]), None
    match = front["five_year_plan"].search(title)
    if match:
        ordinal = lexicon.headings.value_of(match["name"] or match["ordinal"]) or 0
        return 1951 + 5 * ordinal, 1955 + 5 * ordinal, None
    match = front["one_year"].search(title)
    if match:
        return int(match["year"]), int(match["year"]), None
    for line in lines:
        match = front["term_span"].search(line.words)
        if match:
            # year 1 of the Republic (民国) is 1912
            before = 1911 if match["era"] else 0
            return int(match["first"]) + before, int(match["last"]) + before, _place(line, match)
    for line in _opening(lines):
        match = front["term_from"].search(line.words)
        count = lexicon.headings.value_of(match["count"].replace("两", "二")) if match else None
        if match and count:
            return int(match["first"]), int(match["first"]) + count - 1, _place(line, match)
    for line in lines:
        match = front["term_end"].search(line.words)
        if match:
            return None, int(match["last"]), _place(line, match)
    return None, None, None
