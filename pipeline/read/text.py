"""Plain text → Source: a block per line that is not blank."""

from __future__ import annotations

from itertools import pairwise

from pipeline.model import Block
from pipeline.quick.plain import plain
from pipeline.read.content import Content

LINE_BREAK = plain(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
# Separators of records, which Python takes for line breaks.
SEPARATORS = plain(r"[\x1c-\x1e]")
# White space in the wider sense: what shows nothing at a line's edge.
BLANK = " \t\u00a0\u3000\ufeff\u200b\x00"


def read_text(text: str) -> Content:
    """Give the text as it stands, a block for every line that is not blank, and pages where form feeds part them."""
    paged = "\x0c" in text and "\x0c" in text.strip(BLANK + "\r\n\x0c")
    page = 1 if paged else None
    blocks: list[Block] = []
    position = 0
    for line in _lines(text):
        stripped = line.strip().strip(BLANK)
        if stripped:
            start = position + line.index(stripped)
            blocks.append(Block("paragraph", start, start + len(stripped), page))
        if page is not None and line.endswith("\x0c"):
            page += 1
        position += len(line)
    return Content(text, tuple(blocks), pages=blocks[-1].page if blocks and paged else None)


def _lines(text: str) -> list[str]:
    """Give the lines of a text with the break that ends each."""
    if SEPARATORS.search(text) is None:
        return text.splitlines(keepends=True)
    ends = [found.end() for found in LINE_BREAK.finditer(text)]
    return [text[start:end] for start, end in pairwise((0, *ends, len(text)))]
