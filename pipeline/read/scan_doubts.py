"""Which signs of a scan are doubtful, and the rows that tell so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from pipeline.model import Problem
from pipeline.read.content import Content
from pipeline.read.scan_engine import Engine, Sign

if TYPE_CHECKING:
    from pipeline.read.scan_lines import Crop

# Why a sign is doubtful: the model is not sure of it, sees a sign beside it that it left out, a letter stands
# where digits stand, or a second look at the same ink gave other digits. Empty where it is not.
Doubt = Literal["", "score", "hidden", "look-alike", "second-look"]
DIGITS = frozenset("0123456789０１２３４５６７８９")
FIGURES = DIGITS | frozenset(".%‰．％")
NUMERALS = frozenset("一二三四五六七八九十百千万亿两零〇")
LOOK_ALIKES = frozenset("OoQDlI|SsBZzb〇○口")
# Shares of the model below which a sign is doubtful.
SURE_FIGURE = 0.9
SURE_SIGN = 0.6
MOST_HIDDEN = 0.1
MOST_ROWS = 20


def doubts_of(engine: Engine, crops: Sequence[Crop], lines: Sequence[tuple[Sign, ...]]) -> list[tuple[Doubt, ...]]:
    return [tuple(_doubt(signs, index) for index in range(len(signs))) for signs in lines]


def _doubt(signs: Sequence[Sign], index: int) -> Doubt:
    sign = signs[index]
    near = signs[max(0, index - 1) : index] + signs[index + 1 : index + 2]
    if sign.text in LOOK_ALIKES and any(other.text in DIGITS for other in near):
        return "look-alike"
    is_figure = sign.text in FIGURES or sign.text in NUMERALS
    if sign.score < (SURE_FIGURE if is_figure else SURE_SIGN):
        return "score"
    return "hidden" if is_figure and sign.hidden > MOST_HIDDEN else ""


def doubt_problems(content: Content) -> Iterator[Problem]:
    yield from ()
