"""Read the mark that a line opens with: its style, its words, its number."""

from __future__ import annotations

from pipeline.lexicon import Lexicon
from pipeline.lexicon.headings import MarkStyle
from pipeline.quick.classes import NamedTuple


class Mark(NamedTuple):
    """A heading mark: 一、 is `label`, 1 its `number` (None if it has none); the words after it begin at `end`."""

    style: MarkStyle
    label: str
    number: int | None
    end: int


def read_mark(words: str, lexicon: Lexicon) -> Mark | None:
    """Find the heading mark that a line opens with; None if it opens with none."""
    for style in lexicon.headings.openings.fitting(words):
        match = style.pattern.match(words)
        if match:
            numeral = match["number"]
            number = lexicon.headings.value_of(numeral) if numeral else None
            return Mark(style, squeeze(match["label"]), number, match.end())
    return None


def squeeze(words: str) -> str:
    """Give words without white space."""
    return "".join(words.split())
