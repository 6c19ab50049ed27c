"""What a page prints around the text: page numbers, running heads and feet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import regex

from pipeline.quick.pattern import pattern
from pipeline.read.layout.lines import Line

# The upper and lower part of a page in which heads and feet stand, as a share of its height, and at least
# in points: pages turned sideways keep the margins of the others.
EDGE = 0.12
EDGE_POINTS = 95.0
# Lines that come back at one height on this many pages (or on half of a short document) belong to the pages.
FEWEST_PAGES = 3
SAME_HEIGHT = 6.0
# Between the first and the last of them, so many pages carry them: odd pages may have heads of their own.
DENSE = 0.3
# How many lines at each edge may be heads or feet.
DEEPEST = 3
PAGE_NUMBER = pattern(
    r"[—–\-－―─_·•.\s]*(?:第\s*)?(?:[0-9０-９]{1,4}|[ivxlcIVXLC]{1,6}|[一二三四五六七八九十百〇○]{1,5})(?:\s*页)?"
    r"(?:\s*[/／,，]?\s*(?:共\s*)?[0-9０-９]{1,4}\s*页?)?[—–\-－―─_·•.\s]*"
)
BARE_LABEL = pattern(r"[一二三四五六七八九十百〇○]{1,5}")
DIGITS = pattern(r"[0-9０-９]+|[ivxlcIVXLC]+(?!\p{L})")


def find_furniture(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> set[int]:
    """Give the ids (`id(line)`) of the lines that belong to the pages and not to the text.

    A page number must count the pages: the numbers at one edge rise with them. Heads and feet come back at the same
    height with the same words, but for the number.
    """
    edges = [(line, place) for number, lines in enumerate(pages) for line, place in _edges(lines, heights[number])]
    repeated: dict[tuple[str, str], list[Line]] = defaultdict(list)
    numbers: dict[str, list[Line]] = defaultdict(list)
    for line, place in edges:
        if PAGE_NUMBER.fullmatch(line.text):
            numbers[place].append(line)
        else:
            repeated[(DIGITS.sub("#", "".join(line.text.split())), place)].append(line)
    needed = max(2, min(FEWEST_PAGES, len(pages)))
    furniture: set[int] = set()
    for alike in repeated.values():
        for line in alike:
            near = {other.page for other in alike if abs(other.top - line.top) <= SAME_HEIGHT}
            if len(near) >= max(needed, DENSE * (max(near) - min(near) + 1)):
                # Pages of another size carry the same words at another height.
                furniture |= set(map(id, alike))
                break
    for alike in numbers.values():
        furniture |= _counting(alike, pages_count=len(pages))
    return furniture


def _edges(lines: Sequence[Line], height: float) -> list[tuple[Line, str]]:
    """Give the lines at the upper and lower edge of one page, the outermost first."""
    rows = sorted(lines, key=lambda line: line.top)
    edge = max(EDGE * height, EDGE_POINTS)
    top = [line for line in rows[:DEEPEST] if line.bottom < edge]
    bottom = [line for line in rows[-DEEPEST:] if line.top > height - edge and not any(line is other for other in top)]
    return [(line, "top") for line in top] + [(line, "bottom") for line in bottom]


def _counting(lines: Sequence[Line], *, pages_count: int) -> set[int]:
    """Give those lines whose numbers rise with the pages, one page one number; one page alone needs its dashes."""
    offsets: dict[int, list[Line]] = defaultdict(list)
    other: list[Line] = []
    for line in lines:
        digits = regex.search(r"[0-9]+", line.text.translate(str.maketrans("０１２３４５６７８９", "0123456789")))
        if digits is not None:
            offsets[int(digits.group()) - line.page].append(line)
        elif not BARE_LABEL.fullmatch(line.text.strip()):
            other.append(line)
    found = {id(line) for line in other}
    for alike in offsets.values():
        dashed = [line for line in alike if not line.text.strip().isdigit()]
        if len(alike) >= 2:
            found |= {id(line) for line in alike}
        else:
            found |= {id(line) for line in dashed or (alike if pages_count == 1 else [])}
    return found
