"""Tell a person what in the outline is doubtful: lost, mistyped and missing marks, tables without known heads."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from pipeline.lexicon import Lexicon
from pipeline.model import Plan, Problem, Section
from pipeline.quick.pattern import pattern
from pipeline.segment.lines import Line
from pipeline.segment.task_heads import find_task_heads, is_body_head

LONGEST_QUOTE = 30
# The first row of a table stands within so many lines of its heads.
LINES_TO_FIRST_ROW = 10
DIGITS = pattern(r"\d+")
CHINESE = pattern("[一二三四五六七八九十百]+")
# What both are made into, so that the forms of marks compare.
NUMERAL = pattern("[1一]")
TYPED_ALIKE = str.maketrans("．﹒（）﹑", "..()、")


def find_problems(
    lines: list[Line], plans: tuple[Plan, ...], sections: list[Section], lexicon: Lexicon
) -> tuple[Problem, ...]:
    """Give the doubts about an outline, in reading order within each kind."""
    found = [*_plans(plans), *_lost_marks(sections)]
    siblings: dict[tuple[int | None, int | None], list[Section]] = defaultdict(list)
    for section in sections:
        if section.kind in ("section", "task") and section.number is not None:
            siblings[section.plan, section.parent].append(section)
    for group in siblings.values():
        found.extend(_mistyped_marks([section for section in group if section.label]))
        found.extend(_gaps(group))
    found.extend(_tables(lines, sections))
    found.extend(_task_tables(lines, sections, lexicon))
    return tuple(found)


def _plans(plans: tuple[Plan, ...]) -> Iterator[Problem]:
    for number, plan in enumerate(plans, start=1):
        if not plan.title:
            message = f"No title was found for plan {number}. Look at its first lines; its rows have no plan title."
            yield Problem("warning", "plan_without_title", message)


def _lost_marks(sections: list[Section]) -> Iterator[Problem]:
    for section in sections:
        if section.kind in ("section", "task") and not section.label and section.number is not None:
            message = (
                f"The heading “{_short(section.title)}” has no mark in the source. By its neighbours it is number "
                f"{section.number}. Check that it is a heading."
            )
            yield Problem("info", "heading_mark_lost", message, section.title_start, section.title_end)


def _mistyped_marks(group: list[Section]) -> Iterator[Problem]:
    """Tell marks that differ from the others of their list in nothing but their numerals."""
    found = [_form(section.label) for section in group]
    if len(set(found)) < 2:
        return
    forms = Counter(found)
    usual = max(forms, key=lambda form: forms[form])
    for section, form in zip(group, found, strict=True):
        if form != usual and forms[form] == 1 and NUMERAL.sub("", form) == NUMERAL.sub("", usual):
            message = (
                f"The mark “{section.label}” of “{_short(section.title)}” is read as one like those of the headings "
                "beside it, though it is typed differently. Check its level."
            )
            yield Problem("info", "heading_mark_mistyped", message, section.start, section.title_end)


@lru_cache(maxsize=512)
def _form(label: str) -> str:
    """Give a label with its numerals made alike: 一、 for 三、, 1. for 12．."""
    label = DIGITS.sub("1", CHINESE.sub("一", label))
    return label.translate(TYPED_ALIKE).strip(".、")


def _gaps(group: list[Section]) -> Iterator[Problem]:
    for before, after in pairwise(group):
        forms = {_form(section.label) for section in (before, after) if section.label}
        if len(forms) == 1 and (after.number or 0) > (before.number or 0) + 1:
            message = (
                f"After the heading “{before.label}{_short(before.title)}” comes “{after.label}{_short(after.title)}”. "
                "A heading between them may be missing or may have lost its mark; look at the text between."
            )
            yield Problem("warning", "heading_number_missing", message, after.start, after.title_end)


def _tables(lines: list[Line], sections: list[Section]) -> Iterator[Problem]:
    rows = [section.start for section in sections if section.kind == "row"]
    for line in lines:
        if line.block.cells and not _one_between(rows, line.start, line.end):
            first = line.words.split("\n")[0].replace("\t", " | ")
            message = (
                f"The column heads of the table that begins “{_short(first)}” are not known, so its rows stay plain "
                "text. If it states goals, add its heads to pipeline/lexicon/table_heads.csv."
            )
            yield Problem("warning", "table_not_read", message, line.start, line.end)


def _task_tables(lines: list[Line], sections: list[Section], lexicon: Lexicon) -> Iterator[Problem]:
    """Tell the tables of tasks, a cell a line, whose heads are known and whose rows could not be told apart."""
    rows = [section.start for section in sections if section.kind == "row"]
    place = 0
    while place < len(lines):
        heads = find_task_heads(lines, place, lexicon)
        if heads is None or not any(is_body_head(head, lexicon) for head in heads.words):
            place += 1
            continue
        start, end = lines[place].start, lines[place + heads.lines - 1].end
        place += heads.lines
        following = lines[place : place + LINES_TO_FIRST_ROW]
        if following and not _one_between(rows, start, following[-1].end):
            message = (
                f"Below the column heads “{_short(' | '.join(heads.words))}” stand lines whose rows could not "
                "be told apart, so they stay plain text. Look up in the printed table who does what."
            )
            yield Problem("warning", "table_not_read", message, start, end)


def _one_between(rows: list[int], start: int, end: int) -> bool:
    """Tell whether one of the starts of rows, which rise, lies in [start, end)."""
    first = bisect_left(rows, start)
    return first < len(rows) and rows[first] < end


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_QUOTE else words[:LONGEST_QUOTE] + "…"
