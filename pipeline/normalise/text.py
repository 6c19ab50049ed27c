"""The stage: run the named steps in order, then lay the lines out as one text."""

from __future__ import annotations

from pipeline.lexicon import Lexicon
from pipeline.model import Alignment, Block, Run, Source, Text
from pipeline.normalise.characters import drop_note_marks, line_ends, narrow_figures, plain_radicals, strip_invisible
from pipeline.normalise.doubts import with_doubts
from pipeline.normalise.draft import Draft, Step, first_draft
from pipeline.normalise.edges import mark_contents, mark_edges
from pipeline.normalise.furniture import (
    drop_page_marks,
    drop_page_numbers,
    drop_page_numbers_in_lines,
    drop_running_heads,
)
from pipeline.normalise.lines import join_lines, part_signatures
from pipeline.normalise.markup import read_entities, read_markdown, read_pipe_tables
from pipeline.normalise.script import simplify_script
from pipeline.normalise.spaces import close_gaps
from pipeline.quick.classes import replace

STEPS: tuple[Step, ...] = (
    line_ends,
    read_entities,
    strip_invisible,
    plain_radicals,
    narrow_figures,
    simplify_script,
    drop_note_marks,
    read_markdown,
    read_pipe_tables,
    mark_contents,
    mark_edges,
    drop_page_numbers,
    drop_running_heads,
    drop_page_marks,
    drop_page_numbers_in_lines,
    part_signatures,
    join_lines,
    close_gaps,
)


def normalise(source: Source, lexicon: Lexicon) -> Text:
    """Give the simplified, repaired text of a source, with the way back for every character.

    Afterwards holds:
    - one line a paragraph: blocks are parted by exactly one line feed, and cover every other character;
    - cells of a table are parted by a tab, its rows by a line feed;
    - every digit of the source is there, but for page numbers, page marks and running heads inside the flow, each
      recorded in `repairs` and told in `problems`;
    - `source_quote` of any range is a verbatim piece of `source.text`;
    - text that was clean before comes out unchanged.
    """
    draft = first_draft(source)
    for step in STEPS:
        draft = step(draft, lexicon)
    return with_doubts(_laid_out(draft), draft.unusual, lexicon)


def _laid_out(draft: Draft) -> Text:
    """Give the lines as one text. A line feed that is put in between two lines parts their runs too."""
    words: list[str] = []
    runs: list[Run] = []
    blocks: list[Block] = []
    position = 0
    for line in draft.lines:
        if not line.text:
            continue
        cells = line.cells
        if cells:
            cells = tuple([replace(cell, start=cell.start + position, end=cell.end + position) for cell in cells])
        block, end = line.block, position + len(line.text)
        blocks.append(Block(block.kind, position, end, block.page, block.level, block.centred, block.bold, cells))
        for start, source, length in line.runs:
            runs.append(Run(start + position, source, length))
        words.append(line.text)
        position = end + 1
    return Text(
        draft.source,
        "\n".join(words),
        Alignment(tuple(runs)),
        draft.script,
        tuple(blocks),
        draft.repairs,
        draft.problems,
    )
