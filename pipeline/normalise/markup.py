"""Steps that read plain-text markup: Markdown headings, bold words and tables, and HTML entities left in text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import unescape

import regex

from pipeline.lexicon import Lexicon
from pipeline.model import Cell, Repair
from pipeline.normalise.alignment import Edit, Mapped, concatenate, cut
from pipeline.normalise.draft import Draft, Line, edit_lines, quoted, report

HEADING = regex.compile(r"(#{1,6})[ \t\u3000]+(?=\S)")
CLOSING_HASHES = regex.compile(r"[ \t]+#+$")
STRONG = regex.compile(r"(\*\*|__)(?=\S)(.{1,300}?)(?<=\S)\1")
# One line with a # may be anything; two headings, or a heading and bold words, are Markdown.
FEWEST_MARKS = 2
ENTITY = regex.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,6}|#[xX][0-9A-Fa-f]{2,5});")
PIPE_ROW = regex.compile(r"\|.*\|$", regex.DOTALL)
PIPE_RULE = regex.compile(r"\|(?:\s*:?-{2,}:?\s*\|)+$")
PIPE_CELL = regex.compile(r"\|([^|]*)(?=\|)")


def read_entities(draft: Draft, lexicon: Lexicon) -> Draft:
    """Write HTML entities that a scraper left in plain text as the characters they stand for: &ldquo; → “."""
    if draft.source.media_type != "text/plain" or "&" not in draft.source.text:
        return draft
    lines, repairs = edit_lines(draft, "read_entities", _entities)
    places = [repair.before for repair in repairs]
    return draft.after(lines, repairs, report("entities_read", "Read an HTML entity", places, "Nothing to do."))


def _entities(line: Line) -> list[Edit]:
    found = ((match, unescape(match.group())) for match in ENTITY.finditer(line.text))
    return [Edit(match.start(), match.end(), after) for match, after in found if after != match.group()]


def read_pipe_tables(draft: Draft, lexicon: Lexicon) -> Draft:
    """Make a table of lines such as | 指标 | 单位 | with a rule |---|---| below the first."""
    lines: list[Line] = []
    repairs: list[Repair] = []
    places: list[str] = []
    index = 0
    while index < len(draft.lines):
        end = index
        while end < len(draft.lines) and draft.lines[end].kind == "paragraph" and PIPE_ROW.match(draft.lines[end].text):
            end += 1
        rows = draft.lines[index:end]
        if len(rows) >= 2 and PIPE_RULE.match(rows[1].text):
            lines.append(_pipe_table([rows[0], *rows[2:]]))
            repairs.append(rows[1].removal("read_pipe_tables"))
            places.append(quoted(lines[-1].text))
            index = end
        else:
            lines += draft.lines[index : end + 1]
            index = end + 1
    return draft.after(lines, repairs, report("pipe_table_read", "Read a Markdown table", places, "Nothing to do."))


def _pipe_table(rows: Sequence[Line]) -> Line:
    """Give the rows as one line of kind table; the first row is its head."""
    pieces: list[Mapped] = []
    cells: list[Cell] = []
    length = 0
    for row, line in enumerate(rows):
        for column, found in enumerate(PIPE_CELL.finditer(line.text)):
            if pieces:
                pieces.append(Mapped("\t" if column else "\n", ()))
                length += 1
            start = found.start(1) + len(found.group(1)) - len(found.group(1).lstrip())
            words = cut(Mapped(line.text, line.runs), start, start + len(found.group(1).strip()))
            pieces.append(words)
            cells.append(Cell(length, length + len(words.text), row, column, header=row == 0))
            length += len(words.text)
    text, runs = concatenate(pieces)
    return replace(rows[0].marked("table"), text=text, runs=runs, cells=tuple(cells))


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
