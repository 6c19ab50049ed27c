"""Part the figures of a row that lost the gaps between its cells: 5456 below 2015年 | 2020年 is 54 and 56.

A table copied into one line runs its cells together. What a row counts changes little within a few years, so of all
ways to cut its figures the one is taken that gives figures of like size, written with as many decimals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations, pairwise
from math import log

import regex

from pipeline.quick.classes import NamedTuple, dataclass
from pipeline.quick.pattern import pattern

NUMBER = r"\d+(?:\.\d+)*"
# One cell, or several bare ones run together: ＞80, 90以上, 〔1.38〕, -, 151165.
ATOM = pattern(
    rf"""(?P<dash>[-－–](?!\d)|(?<![\d%％])[-－–]|[—―]+|/)
    | (?P<round>[〔\[【﹝]\s*[-－]?(?P<in>{NUMBER})[%％]?\s*[〕\]】﹞])
    | (?P<before>≥|≤|>|<|＞|＜)?=?(?P<bare>{NUMBER})(?![.．、]\D|\d)[%％]?(?P<after>及?以上|左右|以内|以下)?""",
    regex.VERBOSE,
)
# A cut is believed where its figures differ by no more than this factor (as a logarithm) on the average, and the next
# best cut is worse by at least the second number.
WORST_RATIO, CLEAR_GAP = 1.1, 0.4
# What each decimal place that two figures of a row differ by counts.
DECIMAL_COST = 0.3
LONGEST_RUN = 24
# A shorter run may be one figure whose neighbour is missing.
SHORTEST_RUN = 4


class Piece(NamedTuple):
    """A cell [start, end) below the column of figures number `column`."""

    start: int
    end: int
    column: int


@dataclass(frozen=True, slots=True)
class Parting:
    """The cells of a row, and whether figures had to be cut to get them."""

    pieces: tuple[Piece, ...]
    cut: bool


def part(text: str, start: int, end: int, bracketed: Sequence[bool], note: str = "") -> Parting | None:
    """Part text[start:end], the figures of one row, below its columns; None where no way is plainly the best.

    `bracketed` tells for each column of figures whether only values in 〔 〕 stand below it; where such a column is the
    last one, its cell may be missing. `note` is the next note mark, which may stand behind a figure (15.7④ as 15.74).
    """
    atoms = list(ATOM.finditer(text, start, end))
    if not atoms or regex.sub(r"\s", "", _between(text, atoms, start, end)):
        return None
    widths = [len(bracketed)]
    if bracketed[-1] and len(bracketed) > 1:
        widths.append(len(bracketed) - 1)
    for width in widths:
        parting = _part_into(text, atoms, bracketed[:width], note)
        if parting is not None:
            return parting
    return None


def _between(text: str, atoms: list[regex.Match[str]], start: int, end: int) -> str:
    bounds = [start, *(bound for atom in atoms for bound in atom.span()), end]
    return "".join(text[left:right] for left, right in zip(bounds[::2], bounds[1::2], strict=True))


def _part_into(text: str, atoms: list[regex.Match[str]], bracketed: Sequence[bool], note: str) -> Parting | None:
    """Part atoms into as many cells as there are columns."""
    options: dict[tuple[Piece, ...], float] = {}
    agreeing: list[tuple[Piece, ...]] = []
    for counts in _counts(len(atoms), len(bracketed)):
        for pieces, cost in _cuts(atoms, counts, note):
            placed = tuple(piece._replace(column=column) for column, piece in enumerate(pieces))
            if all(not only or _is_round(text, piece) for only, piece in zip(bracketed, placed, strict=True)):
                options[placed] = cost
                if counts.count(1) != len(counts) and _adds_up(text, placed):
                    agreeing.append(placed)
    if len(atoms) == len(bracketed) and options:
        return Parting(next(iter(options)), False)
    if len(agreeing) == 1:
        return Parting(agreeing[0], True)
    ranked = sorted(options.items(), key=lambda option: option[1])
    if not ranked or ranked[0][1] > WORST_RATIO:
        return None
    best = ranked[0][0]
    rivals = [pieces for pieces, cost in ranked[1:] if cost < ranked[0][1] + CLEAR_GAP]
    if any(rival[1:] != best[1:] for rival in rivals):
        return None
    return Parting(best, True)


def _counts(atoms: int, width: int) -> Iterator[tuple[int, ...]]:
    """Give the ways in which so many atoms may hold `width` cells, each at least one."""
    for bounds in combinations(range(1, width), atoms - 1):
        edges = (0, *bounds, width)
        yield tuple(right - left for left, right in pairwise(edges))


def _cuts(
    atoms: list[regex.Match[str]], counts: tuple[int, ...], note: str
) -> Iterator[tuple[tuple[Piece, ...], float]]:
    """Give the cells for one choice of how many each atom holds, with what the cuts cost."""
    done: list[tuple[tuple[Piece, ...], float]] = [((), 0.0)]
    for atom, count in zip(atoms, counts, strict=True):
        choices: list[tuple[tuple[Piece, ...], float]] = []
        if count == 1 and _is_whole(atom):
            choices = [((Piece(*atom.span(), 0),), 0.0)]
        elif count > 1 and atom.group("bare"):
            choices = list(_cut(atom, count, note))
        done = [(cells + more, cost + extra) for cells, cost in done for more, extra in choices]
    yield from done


def _is_whole(atom: regex.Match[str]) -> bool:
    return (atom.group("bare") or atom.group("in") or "").count(".") <= 1


def _cut(atom: regex.Match[str], count: int, note: str) -> Iterator[tuple[tuple[Piece, ...], float]]:
    """Cut a run of digits into `count` figures, with a note mark behind one of them or without."""
    run, first = atom.group("bare"), atom.start("bare")
    if not SHORTEST_RUN <= len(run) <= LONGEST_RUN or atom.group("before"):
        return
    for places in combinations(range(1, len(run)), count - 1):
        for marked in range(-1, count - 1 if note else 0):
            bounds = [0, *places, len(run)]
            ends = bounds[1:]
            if marked >= 0:
                if not run[: ends[marked]].endswith(note):
                    continue
                ends = [end - len(note) * (number == marked) for number, end in enumerate(ends)]
            figures = [run[left:right] for left, right in zip(bounds, ends, strict=False)]
            if not all(map(_is_figure, figures)):
                continue
            spans = [(first + left, first + right) for left, right in zip(bounds, ends, strict=False)]
            spans[0] = (atom.start(), spans[0][1])
            spans[-1] = (spans[-1][0], atom.end())
            yield tuple(Piece(*span, 0) for span in spans), _cost(figures)


def _is_figure(figure: str) -> bool:
    plain = regex.fullmatch(r"(?:0|[1-9]\d*)(?:\.\d+)?", figure) is not None
    return plain and Decimal(figure) != 0


def _cost(figures: list[str]) -> float:
    """Give how much the figures of a cut differ, in size and in decimals, from one to the next on the average."""
    pairs = list(pairwise(figures))
    ratio = sum(abs(log(float(a) / float(b))) for a, b in pairs)
    decimals = sum(abs(_decimals(a) - _decimals(b)) for a, b in pairs)
    return (ratio + DECIMAL_COST * decimals) / len(pairs)


def _decimals(figure: str) -> int:
    return len(figure.partition(".")[2])


def _is_round(text: str, piece: Piece) -> bool:
    atom = ATOM.fullmatch(text, piece.start, piece.end)
    return atom is not None and (atom.group("round") is not None or atom.group("dash") is not None)


def _adds_up(text: str, pieces: tuple[Piece, ...]) -> bool:
    """Tell whether the last value in 〔 〕 is the difference of the two figures before it."""
    if len(pieces) < 3:
        return False
    figures = [regex.search(NUMBER, text[piece.start : piece.end]) for piece in pieces[-3:]]
    if not all(figures) or not _is_round(text, pieces[-1]):
        return False
    first, second, total = (Decimal(figure.group()) for figure in figures if figure)
    return abs(second - first) == total


__all__ = ["ATOM", "Parting", "Piece", "part"]
