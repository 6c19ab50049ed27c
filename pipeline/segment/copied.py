"""Set apart what a copyist put above a document: the name of the file, a list of entries, the titles of his parts."""

from __future__ import annotations

from dataclasses import replace

import regex

from pipeline.lexicon import Lexicon
from pipeline.model.source import BlockKind
from pipeline.segment.lines import Line
from pipeline.segment.marks import squeeze

# The head of a copy ends within so many lines.
HEAD_LINES = 40
# One line with a colon may be anything; two known entries are a list of entries.
FEWEST_ENTRIES = 2
ENTRY = regex.compile(r"[-*+•·●]?\s*[\[【]?(?P<name>[^:：\[\]【】]{2,10}?)[\]】]?\s*[:：](?P<value>.*)", regex.DOTALL)


def mark_copy_head(lines: list[Line], lexicon: Lexicon) -> list[Line]:
    """Give the lines with those of a copy's own head marked as `metadata` (entries) and `frame` (all else).

    Copies in Markdown print 发布日期: …, 来源: … below their own title, then a rule, then a heading of their own
    (政策全文) above the paper. The title itself stays: where the paper prints none, it is the only one.
    """
    head = lines[:HEAD_LINES]
    known = [index for index, line in enumerate(head) if line.is_text and _names_entry(line, lexicon)]
    if len(known) < FEWEST_ENTRIES:
        return lines
    first, last = known[0], _entries_end(head, known[0], lexicon)
    if sum(first <= index < last for index in known) < FEWEST_ENTRIES:
        return lines
    marked = list(lines)
    for index in range(last):
        frame = _is_frame(lines[index], lexicon)
        if lines[index].is_text and (frame or index >= first):
            marked[index] = _as(lines[index], "frame" if frame else "metadata")
    return marked


def _names_entry(line: Line, lexicon: Lexicon) -> bool:
    entry = ENTRY.fullmatch(line.words)
    return entry is not None and squeeze(entry["name"]) in lexicon.headings.fields


def _is_frame(line: Line, lexicon: Lexicon) -> bool:
    front = lexicon.headings.front
    return any(front[name].match(line.words) for name in ("copy_part", "copy_file", "rule_off"))


def _entries_end(head: list[Line], first: int, lexicon: Lexicon) -> int:
    """Give the index of the line after the list of entries and the copy's own lines that follow it.

    An entry of unknown name belongs to the list if a known one, or a line of the copy, follows.
    """
    end = first
    for index in range(first, len(head)):
        line = head[index]
        if not line.is_text or _names_entry(line, lexicon) or _is_frame(line, lexicon):
            end = index + 1
        elif not ENTRY.fullmatch(line.words):
            break
    return end


def _as(line: Line, kind: BlockKind) -> Line:
    return replace(line, block=replace(line.block, kind=kind, level=0), mark=None)
