"""The step that closes gaps inside words, figures and sentences, and keeps the spaces that part names."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.lexicon import Lexicon
from pipeline.model import Problem
from pipeline.normalise.alignment import Edit
from pipeline.normalise.draft import Draft, Line, edit_lines
from pipeline.normalise.shape import (
    SENTENCE_MARK,
    count_matches,
    is_table_row,
    is_unit,
    matching,
    starts_with,
)
from pipeline.quick.pattern import pattern
from pipeline.quick.plain import plain

BLANK = r"[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\n]"
GAP = plain(f"{BLANK}+")
HAN = pattern(r"[\p{Han}〇]")
HAN_RUN = pattern(r"[\p{Han}〇]*")
HAN_RUN_BEFORE = pattern(r"(?r)[\p{Han}〇]*")
WIDE_MARK = pattern(r"[\u3001-\u3003\u3008-\u301f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65“”‘’—…·]")
NESTED_NUMBER = pattern(r"^\d{1,2}(?:[.-]\d{1,2})*\.?$")
LIST_MARK = pattern(r"[-*+•]")
LONGEST_NUMBER = 12
SPACED_YEAR = pattern(rf"(?<!\d)(\d){BLANK}(\d){BLANK}(\d){BLANK}(\d)(?={BLANK}?年)")
# A block this long, or one of few, with heading marks in its middle lost its line breaks; its spaces are all that
# parts its paragraphs.
FLAT_LENGTH = 600
FLAT_MARKS = 2
FEW_LINES = 3
# A line with so many tabs beside one with as many is a row of a table.
FEWEST_TABS = 2
# Names set side by side (联合发文) have at least so many characters; single characters set apart are letter-spacing.
NAME_LENGTH = 3


def close_gaps(draft: Draft, lexicon: Lexicon) -> Draft:
    """Take out white space inside words, figures and sentences: 到 2025 年 → 到2025年, 提 出 → 提出.

    One space stays between Latin words, between two numbers, between names set side by side in a line without
    punctuation (市委  市政府), after 第一章 or 附件1, and where a flattened text has nothing else to part paragraphs.
    """
    few = len(draft.lines) <= FEW_LINES
    rows = _tabbed_rows(draft.lines) if "\t" in draft.words.joined else set()
    lines, repairs = edit_lines(
        draft, "close_gaps", lambda line: _gaps(line, lexicon, few, id(line) in rows), draft.words.gapped
    )
    problems: list[Problem] = []
    if repairs:
        message = f"Closed {len(repairs)} gaps inside words, figures and sentences. Nothing to do."
        problems.append(Problem("info", "gaps_closed", message))
    return draft.after(lines, repairs, problems)


def _tabbed_rows(lines: Sequence[Line]) -> set[int]:
    """Give the ids of the lines that are rows of one table: neighbours with as many tabs, at least two."""
    tabs = [line.text.count("\t") for line in lines]
    rows: set[int] = set()
    for number in range(1, len(lines)):
        if tabs[number] >= FEWEST_TABS and tabs[number] == tabs[number - 1]:
            rows |= {id(lines[number - 1]), id(lines[number])}
    return rows


def _gaps(line: Line, lexicon: Lexicon, few_lines: bool, row: bool) -> list[Edit]:
    if line.kind not in ("paragraph", "table"):
        if matching(lexicon.frames.rules["contents_title"], line.text) is not None:
            return [Edit(found.start(), found.end(), "") for found in GAP.finditer(line.text)]
        return _single_spaces(line)
    edits: list[Edit] = []
    for start, end in line.spans():
        if GAP.search(line.text, start, end) is None:
            continue
        edits += _Gaps(line.text[start:end], start, lexicon, few_lines=few_lines, row=row).edits()
    return edits


def _single_spaces(line: Line) -> list[Edit]:
    """Lines at the edges keep their columns; only runs of white space shrink."""
    return [
        Edit(found.start(), found.end(), after)
        for found in GAP.finditer(line.text)
        if found.group() != (after := "\t" if "\t" in found.group() else " ")
    ]


class _Gaps:
    """Decides on every gap of one paragraph or cell."""

    def __init__(self, text: str, offset: int, lexicon: Lexicon, *, few_lines: bool, row: bool) -> None:
        self.text = text
        self.offset = offset
        self.lexicon = lexicon
        self.marks = marks = lexicon.frames.rules["inline_mark"]
        self.is_prose = SENTENCE_MARK.search(text) is not None
        self.is_flat = (few_lines or len(text) > FLAT_LENGTH) and count_matches(marks, text) >= FLAT_MARKS
        self.is_row = row or is_table_row(text, lexicon)

    def edits(self) -> list[Edit]:
        """Give an edit for every gap that changes."""
        years = {found.start(k) - 1 for found in SPACED_YEAR.finditer(self.text) for k in (2, 3, 4)}
        edits: list[Edit] = []
        for found in GAP.finditer(self.text):
            after = "" if found.start() in years else self._glue(found.start(), found.end())
            if after != found.group():
                edits.append(Edit(self.offset + found.start(), self.offset + found.end(), after))
        return edits

    def _glue(self, start: int, end: int) -> str:
        """Give what the gap [start, end) becomes: nothing or one space (a tab stays one between columns)."""
        text = self.text
        if start == 0 or end == len(text):
            return ""
        before, after, gap = text[start - 1], text[end], text[start:end]
        if start == 1 and LIST_MARK.match(text):
            return " "
        if self.is_row:
            return "\t" if "\t" in gap else " "
        if "\n" in gap:
            return "" if WIDE_MARK.match(before) or WIDE_MARK.match(after) else " "
        if self.is_flat and not self._inside_figure(before, after, end):
            return "" if self._is_letter_spaced(start, end) else " "
        if WIDE_MARK.match(before) or WIDE_MARK.match(after):
            return self._beside_mark(start, gap)
        if HAN.match(before) and HAN.match(after):
            return self._between_han(start, end, gap)
        if HAN.match(before) or HAN.match(after):
            return self._between_han_and_latin(start, end, gap)
        return self._between_latin(start, end)

    def _inside_figure(self, before: str, after: str, end: int) -> bool:
        """Tell whether a gap parts a figure from the word before or after it, in 到 2025 年."""
        if HAN.match(before) and after.isdigit():
            return not starts_with(self.marks, self.text, end)
        return before.isdigit() and is_unit(self.text[end : end + 6], self.lexicon)

    def _is_letter_spaced(self, start: int, end: int) -> bool:
        """Tell whether single characters stand apart on both sides: 目　录, 提 出."""
        if starts_with(self.marks, self.text, end):
            return False
        left = _run_before(self.text, start)
        right = _run_after(self.text, end)
        return left == 1 and right == 1

    def _follows_label(self, start: int) -> bool:
        """Tell whether 第一章, 附件2 and the like stand before the gap."""
        return any(rule.pattern.match(self.text, 0, start) for rule in self.lexicon.frames.rules["label"])

    def _follows_number(self, start: int) -> bool:
        """Tell whether the line opens with a nested heading number that ends before the gap: 1.1, 2-3."""
        return start <= LONGEST_NUMBER and NESTED_NUMBER.match(self.text[:start]) is not None

    def _beside_mark(self, start: int, gap: str) -> str:
        if self._follows_label(start) or self._follows_number(start):
            return " "
        # Tabs part the columns of a row; a label such as 一、 may be followed by one.
        return "\t" if "\t" in gap and not self.is_prose and start > 6 else ""

    def _between_han(self, start: int, end: int, gap: str) -> str:
        if self._follows_label(start):
            return " "
        if "\t" in gap and not self.is_prose:
            return "\t"
        left = _run_before(self.text, start)
        right = _run_after(self.text, end)
        if self.is_prose or min(left, right) < 2:
            return ""
        return " " if min(left, right) >= NAME_LENGTH or len(gap) >= 2 or "\u3000" in gap else ""

    def _between_han_and_latin(self, start: int, end: int, gap: str) -> str:
        if "\t" in gap and not self.is_prose:
            return "\t"
        if self._follows_label(start):
            return "" if self.text[end].isdigit() else " "
        # 1.1 总体要求: a number at the start is a label unless a unit follows.
        if self._follows_number(start) and not is_unit(self.text[end : end + 6], self.lexicon):
            return " " if self.text[start - 1].isdigit() else ""
        return ""

    def _between_latin(self, start: int, end: int) -> str:
        if self.text[start - 1].isdigit() and (
            self.text[end] in "%‰" or (self.text[end].isalpha() and is_unit(self.text[end : end + 6], self.lexicon))
        ):
            return ""
        # A wave parts the ends of a range: 2021 ~ 2024.
        return "" if "~" in (self.text[start - 1], self.text[end]) else " "


def _run_after(text: str, start: int) -> int:
    """Give the number of Chinese characters from `start` on."""
    found = HAN_RUN.match(text, start)
    return found.end() - start if found is not None else 0


def _run_before(text: str, end: int) -> int:
    """Give the number of Chinese characters up to `end`."""
    found = HAN_RUN_BEFORE.match(text, 0, end)
    return end - found.start() if found is not None else 0
