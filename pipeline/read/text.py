"""Plain text → Source: a block per line that is not blank."""

from __future__ import annotations

from pipeline.model import Block
from pipeline.quick.plain import plain
from pipeline.read.content import Content

LINE_BREAK = plain(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
# White space in the wider sense: what shows nothing at a line's edge.
BLANK = " \t\u00a0\u3000\ufeff\u200b\x00"


def read_text(text: str) -> Content:
    """Give the text as it stands, a block for every line that is not blank, and pages where form feeds part them."""
    paged = "\x0c" in text.strip(BLANK + "\r\n\x0c")
    page = 1
    blocks: list[Block] = []
    position = 0
    for found in (*LINE_BREAK.finditer(text), None):
        end = found.start() if found else len(text)
        line = text[position:end]
        stripped = line.strip().strip(BLANK)
        if stripped:
            start = position + line.index(stripped)
            blocks.append(Block("paragraph", start, start + len(stripped), page=page if paged else None))
        if found is None:
            break
        if found.group() == "\x0c":
            page += 1
        position = found.end()
    return Content(text, tuple(blocks), pages=blocks[-1].page if blocks and paged else None)
