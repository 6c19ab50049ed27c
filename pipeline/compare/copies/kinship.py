"""Whether two texts are one text, one is a part of the other, or they are versions: with the reason in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from math import sqrt
from typing import Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from pipeline.compare.copies.likeness import Body, Likeness, likeness
from pipeline.compare.copies.signs import SHINGLE

Kind = Literal["same text", "contained", "version"]

# Less of the shorter text than this in the longer one is a phrase here and there.
LEAST_SHARED, LEAST_COPIED = 0.6, 0.8
# A longer text that has so much more than the shorter one holds it, and is not the same.
LEAST_OF_LONGER = 0.85
# Passages of its own on both sides: reworded. On one side: an excerpt, or the frame that a web page adds.
OWN_PASSAGES = 0.12
# Damage strikes figures as it strikes words, by chance now more and now less. In a text that shows no other damage a
# figure that differs was changed by somebody; so were figures that differ beyond what chance explains.
DAMAGED = 0.03
DIGITS_TO_SIGNS, SCATTER = 1.5, 3.0
LIKE_TITLES = 60
OFTEN, SELDOM = 2, 0.2
EXAMPLES = 3
PATH_MARK = " / "
WORTH_TELLING = 0.02
TWO_YEARS = re.compile(r"(?:(?:19|20)\d\d){2}")


@dataclass(frozen=True, slots=True)
class Kinship:
    """How a shorter text is related to a longer one; `similarity`: the share of its signs that stand there."""

    kind: Kind
    similarity: float
    reason: str


@dataclass(frozen=True, slots=True)
class Names:
    """What a document says it is: titles of its plans and its own, issuing bodies, its place below those it lies in."""

    titles: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()
    place_path: str = ""


NOTHING = Names()


def kinship(
    shorter: Body, longer: Body, names: Names = NOTHING, other_names: Names = NOTHING, *, torn: bool = False
) -> Kinship | None:
    """Tell how two texts are related, None for strangers. `names` are those of the shorter text, then of the longer;
    `torn` says that the reader found damage in one of them.

    Figures, titles and places decide whether two texts that share their wording are copies.
    """
    if len(shorter) < SHINGLE or len(longer) < SHINGLE:
        return None
    like = likeness(shorter, longer)
    if like.covered < LEAST_SHARED:
        return None
    kind: Kind = "version"
    why = (
        _other_figures(like, torn)
        or _other_place(names, other_names)
        or _other_subject(shorter, longer, names.titles, other_names.titles)
        or _other_subject(shorter, longer, names.issuers, other_names.issuers)
        or _reworded(like)
    )
    if why:
        return Kinship(kind, like.found, f"{like.covered:.0%} of the wording is the same, but {why}")
    if like.covered < LEAST_COPIED:
        return None
    agree = f"; {like.figures - len(like.changed)} of {like.figures} figures agree" if like.figures else ""
    if like.covered_back < LEAST_OF_LONGER * like.covered:
        times = len(longer) / len(shorter)
        reason = f"{like.covered:.0%} of it stands in the other, which is {times:.1f} times as long{agree}"
        return Kinship("contained", like.found, reason)
    damaged = round(like.damage * len(shorter))
    marks = f"; single signs differ at {damaged} places" if damaged else ""
    more = 1 - like.covered_back
    lacks = f"; {more:.0%} of the longer one is not in the shorter" if more >= WORTH_TELLING else ""
    return Kinship("same text", like.found, f"{like.covered:.0%} of it stands in the other{agree}{marks}{lacks}")


def _other_figures(like: Likeness, torn: bool) -> str:
    """Give the figures that differ, where damage does not explain it."""
    struck = like.damage * like.digits if torn or like.damage >= DAMAGED else 0.0
    allowed = 1 + DIGITS_TO_SIGNS * struck + SCATTER * sqrt(struck) if struck else 0.0
    if like.exchanged <= allowed:
        return ""
    pairs = list(dict.fromkeys(like.changed))
    shown = ", ".join(f"{_spelled(ours)} against {_spelled(theirs)}" for ours, theirs in pairs[:EXAMPLES])
    more = ", …" if len(pairs) > EXAMPLES else ""
    return f"{len(like.changed)} of {like.figures} figures differ: {shown}{more}"


def _spelled(figure: str) -> str:
    """Write a figure for a person: signs have no dash, so a span of years has become one figure."""
    return f"{figure[:4]}—{figure[4:]}" if TWO_YEARS.fullmatch(figure) else figure


def _other_place(names: Names, others: Names) -> str:
    """Give two places of which neither lies in the other. A county that passes on the plan of its city copies it."""
    paths = (names.place_path, others.place_path)
    if not all(paths) or any(
        f"{path}{PATH_MARK}".startswith(f"{other}{PATH_MARK}") for path, other in permutations(paths)
    ):
        return ""
    return " and ".join(path.rpartition(PATH_MARK)[2] for path in paths) + " are different places"


def _other_subject(a: Body, b: Body, titles: Sequence[str], others: Sequence[str]) -> str:
    """Give the words that differ in two like titles or issuers, where each text says its own and never the other's.

    A plan of 澜州市 taken over by 云州市: the name is another one wherever it stands. A damaged title is not: the right
    words stand in both texts.
    """
    pairs = [(fuzz.ratio(title, other), title, other) for title in titles for other in others]
    likeness_of_titles, title, other = max(pairs, default=(0.0, "", ""))
    if likeness_of_titles < LIKE_TITLES:
        return ""
    for ours, theirs in _exchanged(title, other):
        own, strange = a.counts(ours), b.counts(ours)
        other_own, other_strange = b.counts(theirs), a.counts(theirs)
        if own >= OFTEN and other_own >= OFTEN and strange <= SELDOM * own and other_strange <= SELDOM * other_own:
            return f"where one says {ours} the other says {theirs}"
    return ""


def _exchanged(title: str, other: str) -> Iterator[tuple[str, str]]:
    """Give the words of two titles that stand in each other's place, with the sign before or behind them."""
    gone = came = ""
    for step in Indel.opcodes(title, other):
        if step.tag == "equal":
            if gone and came:
                yield gone, came
            gone = came = ""
        gone += title[step.src_start : step.src_end] if step.tag == "delete" else ""
        came += other[step.dest_start : step.dest_end] if step.tag == "insert" else ""
    if gone and came:
        yield gone, came


def _reworded(like: Likeness) -> str:
    own, other_own = 1 - like.covered, 1 - like.covered_back
    if min(own, other_own) < OWN_PASSAGES:
        return ""
    return f"each says what the other does not ({own:.0%} of one, {other_own:.0%} of the other)"
