"""Figures of OFD pages: matrices, boxes, the distances of characters, and the straight pieces of a path."""

from __future__ import annotations

import math
from collections.abc import Iterator

from pipeline.quick.classes import NamedTuple

# OFD counts in millimetres, pages in points.
POINTS = 72 / 25.4
# In millimetres: the largest posters have a few metres; figures beyond overflow when they are multiplied.
LONGEST_SIDE = 20_000.0
# Letters of a path and how many figures follow each (GB/T 33190-2016, 9.1); the last two are where the pen then is.
PATH_FIGURES = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}


class Matrix(NamedTuple):
    """x' = a·x + c·y + e, y' = b·x + d·y + f, as the CTM attribute writes it."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def within(self, outer: Matrix) -> Matrix:
        """Give the matrix that applies this one first and `outer` after it."""
        return Matrix(
            outer.a * self.a + outer.c * self.b,
            outer.b * self.a + outer.d * self.b,
            outer.a * self.c + outer.c * self.d,
            outer.b * self.c + outer.d * self.d,
            outer.a * self.e + outer.c * self.f + outer.e,
            outer.b * self.e + outer.d * self.f + outer.f,
        )

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Give where a point goes."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f


class Box(NamedTuple):
    """Left, upper, right and lower edge."""

    x0: float
    top: float
    x1: float
    bottom: float


def numbers(value: str | None, fewest: int = 1) -> tuple[float, ...]:
    """Give the figures of an attribute; empty where it holds fewer than `fewest`, or anything that is no figure."""
    try:
        found = tuple(float(part) for part in (value or "").replace(",", " ").split())
    except ValueError:
        return ()
    return found if len(found) >= fewest and all(map(math.isfinite, found)) else ()


def number(value: str | None, default: float) -> float:
    """Give the one figure of an attribute."""
    found = numbers(value)
    return found[0] if found else default


def box_of(value: str | None) -> Box | None:
    """Read a box `x y width height`; None where it is missing, has no extent, or is no size of a page."""
    found = numbers(value, 4)
    if not found or not 0 < min(found[2:4]) <= max(map(abs, found[:4])) <= LONGEST_SIDE:
        return None
    return Box(found[0], found[1], found[0] + found[2], found[1] + found[3])


def around(points: list[tuple[float, float]]) -> Box:
    """Give the box around points."""
    return Box(
        min(x for x, _ in points), min(y for _, y in points), max(x for x, _ in points), max(y for _, y in points)
    )


def deltas(value: str | None, most: int) -> list[float]:
    """Give at most `most` distances from character to character; `g 27 5.64` stands for 27 times 5.64.

    The bound comes first: a repeat count is a number in the file, and a billion of them is a bomb.
    """
    words = (value or "").split()
    found: list[float] = []
    place = 0
    while place < len(words) and len(found) < most:
        if words[place] in ("g", "G"):
            count, distance = numbers(" ".join(words[place + 1 : place + 3]), 2) or (0.0, 0.0)
            found += [distance] * int(max(0, min(count, most - len(found))))
            place += 3
        else:
            found.append(number(words[place], 0.0))
            place += 1
    return found


class Piece(NamedTuple):
    """A straight piece of a path."""

    start: tuple[float, float]
    end: tuple[float, float]


def pieces(data: str) -> Iterator[list[Piece]]:
    """Give the closed or open figures of a path, each as its straight pieces; a figure with a curve gives none."""
    words = data.replace(",", " ").split()
    found: list[Piece] = []
    curved = False
    pen = begin = (0.0, 0.0)
    place = 0
    while place < len(words):
        letter = words[place].upper()
        count = PATH_FIGURES.get(letter)
        place += 1
        if count is None:
            continue
        figures = numbers(" ".join(words[place : place + count]), count) if count else ()
        if count and not figures:
            continue
        place += count
        if letter in "SM":
            if found and not curved:
                yield found
            found, curved = [], False
            pen = begin = (figures[0], figures[1])
        else:
            target = begin if letter == "C" else (figures[-2], figures[-1])
            curved = curved or letter in "QBA"
            found.append(Piece(pen, target))
            pen = target
    if found and not curved:
        yield found
