"""The step that reads Markdown marks: # headings give a level, ** and __ go."""

from __future__ import annotations

from dataclasses import replace

import regex

from pipeline.lexicon import Lexicon
from pipeline.model import Repair
from pipeline.normalise.alignment import Edit
from pipeline.normalise.draft import Draft, Line, report

HEADING = regex.compile(r"(#{1,6})[ \t\u3000]+(?=\S)")
CLOSING_HASHES = regex.compile(r"[ \t]+#+$")
STRONG = regex.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
# One line with a # may be anything; two headings, or a heading and bold words, are Markdown.
FEWEST_MARKS = 2


def read_markdown(draft: Draft, lexicon: Lexicon) -> Draft:
    """Turn Markdown headings into levels and leave out the marks of bold text; list marks stay."""
    headings = sum(HEADING.match(line.text) is not None for line in draft.lines)
    strong = sum(len(STRONG.findall(line.text)) for line in draft.lines)
    if headings + strong < FEWEST_MARKS or draft.source.media_type != "text/plain":
        return draft
    lines: list[Line] = []
    repairs: list[Repair] = []
    for line in draft.lines:
        edits, level, bold = _marks(line.text)
        repairs += line.repairs("read_markdown", edits)
        line = line.edited(edits)
        block = replace(line.block, level=level or line.block.level, bold=bold or line.block.bold)
        lines.append(replace(line, block=block))
    what = f"Read Markdown marks in {len({repair.source_start for repair in repairs})} places"
    return draft.after(lines, repairs, report("markdown_read", what, [repairs[0].before], "Nothing to do."))


def _marks(text: str) -> tuple[list[Edit], int, bool]:
    """Give the edits of one line, its heading level (0 for none), and whether it is bold throughout."""
    edits: list[Edit] = []
    level = 0
    heading = HEADING.match(text)
    if heading is not None:
        level = len(heading.group(1))
        edits.append(Edit(0, heading.end(), ""))
        closing = CLOSING_HASHES.search(text, heading.end())
    else:
        closing = None
    bold = False
    for found in STRONG.finditer(text):
        if heading is not None and found.start() < heading.end():
            continue
        edits += [Edit(found.start(), found.start(2), ""), Edit(found.end(2), found.end(), "")]
        bold = bold or found.end() - found.start() == len(text)
    if closing is not None:
        edits.append(Edit(closing.start(), len(text), ""))
    return edits, level, bold
