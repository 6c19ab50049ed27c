"""Set apart what a copyist put above a document: the name of the file, a list of entries, the titles of his parts."""

from __future__ import annotations

from functools import lru_cache

import regex

from pipeline.lexicon import Lexicon
from pipeline.model.source import BlockKind
from pipeline.quick.classes import replace
from pipeline.quick.pattern import pattern
from pipeline.segment.lines import Line
from pipeline.segment.marks import squeeze

# The head of a copy ends within so many lines.
HEAD_LINES = 40
# One line with a colon may be anything; two known entries are a list of entries.
FEWEST_ENTRIES = 2
ENTRY = pattern(r"[-*+•·●]?\s*[\[【]?(?P<name>[^:：\[\]【】]{2,10}?)[\]】]?\s*[:：](?P<value>.*)", regex.DOTALL)


def mark_copy_head(lines: list[Line], lexicon: Lexicon) -> list[Line]:
    """Give the lines with those of a copy's own head marked as `metadata` (entries) and `frame` (all else).

    Copies in Markdown print 发布日期: …, 来源: … below their own title, then a rule, then a heading of their own
    (政策全文) above the paper. The title itself stays: where the paper prints none, it is the only one.
    """
    head = lines[:HEAD_LINES]
    first = next((index for index, line in enumerate(head) if _names_entry(line, lexicon)), len(head))
    if first == len(head):
        return lines
    last = _entries_end(head, first, lexicon)
    if sum(_count_entries(line, lexicon) for line in head[first:last]) < FEWEST_ENTRIES:
        return lines
    marked = list(lines)
    for index in range(last):
        frame = _is_frame(lines[index], lexicon)
        if lines[index].is_text and (frame or (index >= first and not lines[index].block.level)):
            marked[index] = _as(lines[index], "frame" if frame else "metadata")
    return marked


def _names_entry(line: Line, lexicon: Lexicon) -> bool:
    if not line.is_text:
        return line.block.kind == "metadata"
    entry = ENTRY.fullmatch(line.words) if "：" in line.words or ":" in line.words else None
    return entry is not None and squeeze(entry["name"]) in lexicon.headings.fields


def _count_entries(line: Line, lexicon: Lexicon) -> int:
    """Count the entries of a line (发布日期：… 来源：…)."""
    if not _names_entry(line, lexicon):
        return 0
    return len(_entry_names(tuple(lexicon.headings.fields)).findall(line.words))


@lru_cache(maxsize=1)
def _entry_names(names: tuple[str, ...]) -> regex.Pattern[str]:
    return pattern(rf"(?:{'|'.join(map(regex.escape, names))})\s?[:：]")


def _is_frame(line: Line, lexicon: Lexicon) -> bool:
    front = lexicon.headings.front
    return any(front[name].match(line.words) for name in ("copy_part", "copy_file", "rule_off"))


def _entries_end(head: list[Line], first: int, lexicon: Lexicon) -> int:
    """Give the index of the line after the list of entries and the copy's own lines that follow it.

    An entry of unknown name, and a title, stand in the list if a known entry, or a line of the copy, follows.
    """
    end = first
    for index in range(first, len(head)):
        line = head[index]
        if _names_entry(line, lexicon) or _is_frame(line, lexicon) or not line.is_text:
            end = index + 1
        elif not (line.block.level or ENTRY.fullmatch(line.words)):
            break
    return end


def _as(line: Line, kind: BlockKind) -> Line:
    return replace(line, block=replace(line.block, kind=kind, level=0), mark=None)
