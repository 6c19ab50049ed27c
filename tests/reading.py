"""Read one passage as if it stood in a task of a plan: what the tests of extraction start from."""

from __future__ import annotations

import hashlib

from pipeline.extract import extract
from pipeline.lexicon import Lexicon
from pipeline.model import Alignment, Block, Findings, Front, Outline, Plan, Run, Section, Source, Target, Text


def make_text(words: str, script: str = "hans") -> Text:
    """Give `words` as a normalised text that is its own source, one block a line."""
    blocks, start = [], 0
    for line in words.split("\n"):
        if line.strip():
            blocks.append(Block("paragraph", start, start + len(line)))
        start += len(line) + 1
    source = Source(
        "made/up.txt", "text/plain", hashlib.sha256(words.encode()).hexdigest(), "utf-8", words, tuple(blocks)
    )
    return Text(source, words, Alignment((Run(0, 0, len(words)),)), script, tuple(blocks))  # type: ignore[arg-type]


def make_outline(
    words: str,
    *,
    plan: tuple[int | None, int | None] = (2023, 2025),
    heading: str = "主要任务",
    issued_on: str = "2023-01-10",
) -> Outline:
    """Give the outline of a plan with one section, under a heading that is not part of the text."""
    section = Section(
        plan=0, parent=None, path=(1,), depth=1, kind="task", label="", number=None, title=heading,
        title_start=0, title_end=0, body_start=0, start=0, end=len(words),
    )  # fmt: skip
    front = Front("", "", (), issued_on, "", (), ())
    return Outline(front, (Plan("云州市行动计划", *plan, 0, len(words)),), (section,))


def read(
    words: str,
    lexicon: Lexicon,
    *,
    plan: tuple[int | None, int | None] = (2023, 2025),
    heading: str = "主要任务",
    issued_on: str = "2023-01-10",
    script: str = "hans",
) -> Findings:
    """Extract from `words`."""
    outline = make_outline(words, plan=plan, heading=heading, issued_on=issued_on)
    return extract(make_text(words, script), outline, lexicon)


def spell(target: Target) -> str:
    """Write a target as the gold files do: indicator | value | unit | comparator | kind | cadence | year."""
    value = f"{target.value:f}" + (f"-{target.value_max:f}" if target.value_max is not None else "")
    year = str(target.year_end) if target.year_end is not None else "-"
    return " | ".join(
        (target.indicator, value, target.unit or "-", target.comparator, target.kind, target.cadence, year)
    )
