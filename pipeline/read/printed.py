"""A page as it is printed: signs at their places, and the lines that are drawn. What PDF, OFD and scans have in common.

All figures are points (1/72 inch) from the upper left corner of the page as it is shown: a page that is stored
sideways is turned first.
"""

from __future__ import annotations

from pipeline.quick.classes import NamedTuple, dataclass


class Glyph(NamedTuple):
    """One character and its box. White space need not come as a glyph: it is seen from the gap.

    `size` is the size of the type; `doubtful` tells that the reader is not sure which character it is.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    bold: bool = False
    doubtful: bool = False


class Rule(NamedTuple):
    """A drawn line, upright or level: one of its two sides is thin."""

    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its size, its glyphs in the order in which the file draws them, and the lines that may part cells.

    `turned` tells by how many degrees clockwise the page as it is shown was turned so that its words stand upright;
    size and places are those after turning.
    """

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[Rule, ...] = ()
    turned: int = 0
