"""Steps that read plain-text markup: Markdown headings, bold words and tables, and HTML entities left in text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.lexicon import Lexicon
from pipeline.model import Repair
from pipeline.normalise.alignment import Edit, Mapped, cut
from pipeline.normalise.draft import Draft, Line, edit_lines, quoted, report
from pipeline.normalise.pipe_cells import BREAK, PIPE_CELL, pipe_table
from pipeline.quick.classes import replace
from pipeline.quick.pattern import pattern
from pipeline.quick.plain import plain

HEADING = pattern(r"(#{1,6})[ \t\u3000]+(?=\S)")
CLOSING_HASHES = pattern(r"[ \t]+#+$")
STRONG = pattern(r"(\*\*|__)(?=\S)(.{1,300}?)(?<=\S)\1")
# One line with a # may be anything; two headings, a heading and bold words, or a title near the top are Markdown.
FEWEST_MARKS = 2
TITLE = pattern(r"#[ \t]+\p{Han}")
TITLE_LINES = 20
ENTITY = pattern(r"&(?:[A-Za-z]{2,8}|#\d{2,6}|#[xX][0-9A-Fa-f]{2,5});")
PIPE_ROW = plain(r"\|.*\|$", re.DOTALL)
PIPE_RULE = pattern(r"\|(?:\s*:?-{2,}:?\s*\|)+$")
# A bar may be all that is left of a table.
STRAY_BAR = pattern(r"\s*\|\s*$|^\s*\|\s*")


def read_entities(draft: Draft, lexicon: Lexicon) -> Draft:
    """Write HTML entities that a scraper left in plain text as the characters they stand for: &ldquo; → “."""
    if draft.source.media_type != "text/plain" or "&" not in draft.source.text:
        return draft
    lines, repairs = edit_lines(draft, "read_entities", _entities, range(len(draft.lines)))
    places = [repair.before for repair in repairs]
    return draft.after(lines, repairs, report("entities_read", "Read an HTML entity", places, "Nothing to do."))


def _entities(line: Line) -> list[Edit]:
    # Only here: the table of all names is long, and most texts hold none of them.
    from html import unescape

    found = ((match, unescape(match.group())) for match in ENTITY.finditer(line.text))
    return [Edit(match.start(), match.end(), after) for match, after in found if after != match.group()]


def read_pipe_tables(draft: Draft, lexicon: Lexicon) -> Draft:
    """Make a table of lines such as | 指标 | 单位 | with a rule |---|---| below the first.

    A table of one column is a box around prose: each line of it (parted by <br>) becomes a paragraph. Merged cells are
    put back (pipe_cells.py). What is left of a table whose other marks were lost, a bar at the end of a line, is left
    out.
    """
    if "|" not in draft.words.joined:
        return draft
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
            columns = len(PIPE_CELL.findall(rows[1].text))
            made, done = _boxed(rows) if columns == 1 else pipe_table([rows[0], *rows[2:]], columns, lexicon)
            lines += made
            repairs += [rows[1].removal("read_pipe_tables"), *done]
            places.append(quoted(lines[-1].text) if made else "")
            index = end
        else:
            kept = draft.lines[index : end + 1]
            repairs += [repair for line in kept for repair in line.repairs("read_pipe_tables", _stray_bar(line))]
            lines += [line.edited(_stray_bar(line)) for line in kept]
            index = end + 1
    return draft.after(lines, repairs, report("pipe_table_read", "Read a Markdown table", places, "Nothing to do."))


def _stray_bar(line: Line) -> list[Edit]:
    bar = STRAY_BAR.search(line.text) if line.kind == "paragraph" and line.text.count("|") == 1 else None
    return [Edit(bar.start(), bar.end(), "")] if bar else []


def _boxed(rows: Sequence[Line]) -> tuple[list[Line], list[Repair]]:
    """Give the prose in a table of one column, a line for each of its lines."""
    lines: list[Line] = []
    repairs: list[Repair] = []
    for row in (rows[0], *rows[2:]):
        cell = PIPE_CELL.match(row.text)
        start, stop = cell.span(1) if cell else (0, len(row.text))
        breaks = [*BREAK.finditer(row.text, start, stop)]
        repairs += row.repairs("read_pipe_tables", [Edit(found.start(), found.end(), "") for found in breaks])
        for begin, end in pairwise([start, *(place for found in breaks for place in found.span()), stop]):
            words = row.text[begin:end]
            if words.strip() and not BREAK.fullmatch(words):
                begin += len(words) - len(words.lstrip())
                piece = cut(Mapped(row.text, row.runs), begin, begin + len(words.strip()))
                lines.append(replace(row, text=piece.text, runs=piece.runs, indent="", gap=1))
    return lines, repairs


def read_markdown(draft: Draft, lexicon: Lexicon) -> Draft:
    """Turn Markdown headings into levels and leave out the marks of bold text; list marks stay."""
    marks = draft.words.joined
    if "#" not in marks and "**" not in marks and "__" not in marks:
        return draft
    headings = sum(HEADING.match(line.text) is not None for line in draft.lines)
    strong = sum(len(STRONG.findall(line.text)) for line in draft.lines)
    titled = any(TITLE.match(line.text) for line in draft.lines[:TITLE_LINES])
    if (headings + strong < FEWEST_MARKS and not titled) or draft.source.media_type != "text/plain":
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
