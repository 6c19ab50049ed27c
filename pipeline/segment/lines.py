"""Cut the normalised text into lines: a line per paragraph, more where a text lost its line breaks."""

from __future__ import annotations

from itertools import pairwise

from pipeline.lexicon import Lexicon
from pipeline.model import Block, Text
from pipeline.quick.classes import dataclass
from pipeline.segment.flat import flat_marks
from pipeline.segment.marks import Mark, read_mark


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text without outer white space: text[start:end] is `words`.

    `mark` is the heading mark it opens with. `opens` is true where the line opens its paragraph in the source,
    false where it was found inside one.
    """

    start: int
    end: int
    words: str
    block: Block
    mark: Mark | None
    opens: bool

    @property
    def is_text(self) -> bool:
        """True for a line of the document itself, false for a table and for what lies at the edges of a page."""
        return self.block.kind == "paragraph"


def split_lines(text: Text, lexicon: Lexicon) -> list[Line]:
    """Give the lines of a text in order: one per block, more where a block holds headings without line breaks."""
    lines: list[Line] = []
    whole = text.text
    for block in text.blocks:
        start = block.start
        words = whole[start : block.end]
        is_text = block.kind == "paragraph"
        places = flat_marks(words, lexicon) if is_text else []
        if places:
            lines += _pieces(words, start, block, places, lexicon, opens=True)
            continue
        stripped = words.strip()
        if stripped:
            if words[0] != stripped[0]:
                start += len(words) - len(words.lstrip())
            mark = read_mark(stripped, lexicon) if is_text else None
            lines.append(Line(start, start + len(stripped), stripped, block, mark, True))
    return lines


def cut(line: Line, places: list[int], lexicon: Lexicon) -> list[Line]:
    """Cut a line at offsets inside its words."""
    return _pieces(line.words, line.start, line.block, places, lexicon, opens=line.opens) if places else [line]


def _pieces(words: str, offset: int, block: Block, places: list[int], lexicon: Lexicon, *, opens: bool) -> list[Line]:
    is_text = block.kind == "paragraph"
    pieces = []
    for left, right in pairwise((0, *places, len(words))):
        piece = words[left:right]
        stripped = piece.strip()
        if stripped:
            start = offset + left + (len(piece) - len(piece.lstrip()))
            mark = read_mark(stripped, lexicon) if is_text else None
            pieces.append(Line(start, start + len(stripped), stripped, block, mark, opens and left == 0))
    return pieces
