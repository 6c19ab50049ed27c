"""Steps that mark what stands around the document: contents pages, database headers, navigation lines, page feet.

Nothing is taken out here, because the ledger of numbers covers these lines too; they only get a kind of their own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

import regex

from pipeline.lexicon import Lexicon
from pipeline.lexicon.starts import Rules
from pipeline.model import Repair
from pipeline.model.source import BlockKind
from pipeline.normalise.alignment import Mapped, cut
from pipeline.normalise.draft import Draft, Line
from pipeline.normalise.shape import count_matches, is_squeezed, matching, opens_by_words, opens_paragraph, squeezed
from pipeline.quick.classes import replace
from pipeline.quick.pattern import pattern

# The head of a file ends at the first heading, paragraph of prose or addressee line, at the latest here.
RULE = "---"
HEAD_LINES = 60
TAIL_LINES = 60
PROSE_LENGTH = 60
# Between lines of a page foot a few may stand that no rule knows.
UNKNOWN_FOOT_LINES = 2
FOOT_LINE_LENGTH = 40
LONGEST_FRAME = 400
LONGEST_LEADER = 300
# This many lines that come back later are a contents list even without the word 目录.
LISTED_LINES = 5
SHORTEST_ENTRY = 4
# An entry of a list may be wrapped, or worded otherwise than its heading.
UNKNOWN_ENTRIES = 2
# More lines with one beginning than this are not looked through.
MOST_ALIKE = 50
# The number of a page at the end of an entry, and what leads to it.
PAGE_AT_END = pattern(r"[（(]?\d{0,4}[）)]?$")
LONGEST_PAGE = 6
LEADER = ".．·•・‥…。_-"
FEWEST_INLINE_MARKS = 4


def mark_contents(draft: Draft, lexicon: Lexicon) -> Draft:
    """Mark tables of contents: dot leaders, and lines after 目录 that come back as headings later."""
    rules = lexicon.frames.rules
    leaders = rules["contents_line"].worth_trying(draft.words.joined)
    draft = _with_contents_title_apart(draft, leaders, lexicon)
    titles = draft.words.first_rules(rules["contents_title"])
    entries = _Entries(draft, leaders, lexicon)
    if not titles and not entries.listed:
        return draft
    lines = list(draft.lines)
    index = 0
    while index < len(lines):
        titled = index in titles and lines[index].kind == "paragraph"
        if not titled and not entries.near(index):
            index += 1
            continue
        end = _contents_end(lines, index + titled, entries, titled=titled)
        if end > index + titled:
            lines[index:end] = [
                line.marked("contents") if line.kind == "paragraph" else line for line in lines[index:end]
            ]
            index = end
        else:
            index += 1
    return draft.after(lines)


def mark_edges(draft: Draft, lexicon: Lexicon) -> Draft:
    """Mark the lines of databases and portals before and after the document as `metadata` or `frame`."""
    lines = list(draft.lines)
    fields = _FieldNames(lexicon)
    kinds: dict[int, BlockKind] = dict.fromkeys(range(_entries_end(lines)), "metadata")
    breadcrumb = -1
    for index in _head(lines, lexicon, fields):
        text = lines[index].text
        if matching(lexicon.frames.rules["breadcrumb"], text) is not None:
            breadcrumb = index
            kinds[index] = "frame"
        elif fields.opens(text.lstrip("| "), near=index - 1 in kinds or text.startswith("|")):
            kinds[index] = "metadata"
        elif _is_frame(text, lexicon):
            kinds[index] = "frame"
    for index in range(breadcrumb):
        kinds.setdefault(index, "frame")
    kinds |= _tail(lines, lexicon, fields)
    if not kinds:
        return draft
    for index, kind in kinds.items():
        if lines[index].kind == "paragraph":
            lines[index] = lines[index].marked(kind)
    return draft.after(lines)


def _head(lines: Sequence[Line], lexicon: Lexicon, fields: _FieldNames) -> list[int]:
    """Give the lines before the document's own words begin."""
    for index, line in enumerate(lines[:HEAD_LINES]):
        text = line.text
        is_prose = len(text) > PROSE_LENGTH and "。" in text
        is_addressee = text.endswith(("：", ":")) and len(text) > 8
        # A heading of the file's own form (# …) may be the page's: 政策原文 above the paper's own words.
        is_body = is_prose or is_addressee or bool(line.block.cells) or opens_by_words(text, lexicon)
        if (
            line.kind == "paragraph"
            and is_body
            and not (_is_frame(text, lexicon) or fields.opens(text.lstrip("| "), near=True))
        ):
            return list(range(index))
    return list(range(min(len(lines), HEAD_LINES)))


def _entries_end(lines: Sequence[Line]) -> int:
    """Give the end of the entries between two lines --- with which a Markdown file may begin; 0 if there are none."""
    if not lines or lines[0].text.strip() != RULE:
        return 0
    return next((n + 1 for n, line in enumerate(lines[1:HEAD_LINES], start=1) if line.text.strip() == RULE), 0)


def _tail(lines: Sequence[Line], lexicon: Lexicon, fields: _FieldNames) -> dict[int, BlockKind]:
    """Give the kinds of the lines after the document's own words, read from the end upwards."""
    kinds: dict[int, BlockKind] = {}
    unknown: list[int] = []
    for index in range(len(lines) - 1, max(len(lines) - TAIL_LINES, 0) - 1, -1):
        text = lines[index].text
        if _is_frame(text, lexicon) or matching(lexicon.frames.rules["breadcrumb"], text) is not None:
            kinds[index] = "frame"
        elif fields.opens(text, near=False):
            kinds[index] = "metadata"
        else:
            unknown.append(index)
            if len(unknown) > UNKNOWN_FOOT_LINES or len(text) > FOOT_LINE_LENGTH or "。" in text:
                break
            continue
        kinds.update((skipped, "frame") for skipped in unknown if kinds and skipped < max(kinds))
        unknown = []
    return kinds


def _is_frame(text: str, lexicon: Lexicon) -> bool:
    return len(text) <= LONGEST_FRAME and matching(lexicon.frames.rules["frame"], text) is not None


class _FieldNames:
    """Finds the names of information tables at the start of lines: 发布时间：2025-09-16, 有效期 长期 公开程序 ….."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._with_colon, self._with_space, self._several = _field_patterns(tuple(lexicon.frames.fields))

    def opens(self, text: str, *, near: bool) -> bool:
        """Tell whether `text` is such a line. Without a colon it must hold two names, or stand `near` such a line."""
        if len(text) > 300:
            return False
        if self._with_colon.match(text) is not None:
            return True
        if self._with_space.match(text) is None:
            return False
        return near or len(self._several.findall(text)) >= 2


@lru_cache(maxsize=1)
def _field_patterns(fields: tuple[str, ...]) -> tuple[regex.Pattern[str], regex.Pattern[str], regex.Pattern[str]]:
    """Give what finds a line that opens with a field and a colon, one with a space instead, and all fields of it."""
    names = sorted(fields, key=len, reverse=True)
    spaced = [r"\s*".join(map(regex.escape, name)) for name in names]
    long = [pattern for name, pattern in zip(names, spaced, strict=True) if len(name) >= 3]
    return (
        pattern(rf"^[\[【]?(?:{'|'.join(spaced)})[\]】]?\s*[:：]"),
        pattern(rf"^(?:{'|'.join(spaced)})[\s\u3000]+\S"),
        pattern(rf"(?:^|[\s\u3000])(?:{'|'.join(long)})[\s\u3000:：]"),
    )


class _LaterLines:
    """Tells whether a line of a contents list comes back further down."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._starts: list[str] = []
        self._by_start: dict[str, list[int]] = {}
        for index, text in enumerate(texts):
            start = text[:SHORTEST_ENTRY]
            if not (start.isalnum() or is_squeezed(start)):
                start = squeezed(text)[:SHORTEST_ENTRY]
            self._starts.append(start)
            self._by_start.setdefault(start, []).append(index)
        # The lines that a later one begins like.
        self.alike = [index for places in self._by_start.values() for index in places[:-1]]

    def hold(self, index: int) -> bool:
        """Tell whether a line after `index` begins with the words of this one, page number aside."""
        alike = self._by_start[self._starts[index]]
        entry = _without_page(self._texts[index]) if alike[-1] > index else ""
        if len(entry) < SHORTEST_ENTRY:
            return False
        first = bisect_right(alike, index)
        return any(
            found.startswith(entry) or (len(found) >= 2 * SHORTEST_ENTRY and entry.startswith(found))
            for found in (squeezed(self._texts[place]) for place in alike[first : first + MOST_ALIKE])
        )


def _without_page(text: str) -> str:
    """Give a line of a contents list without white space, and without the number of the page at its end."""
    entry = squeezed(text)
    page = PAGE_AT_END.search(entry, max(len(entry) - LONGEST_PAGE, 0))
    return (entry[: page.start()] if page is not None else entry).rstrip(LEADER)


def _contents_end(lines: Sequence[Line], start: int, listed: _Entries, *, titled: bool) -> int:
    """Give the end of the contents list that begins at `start`, or `start` if there is none.

    The list is over where its first entries come again: there the body begins.
    """
    index = start
    end = start
    entries: set[str] = set()
    while index < len(lines) and lines[index].kind == "paragraph":
        text = lines[index].text
        if listed.hold(index, titled=titled):
            entry = _without_page(text)
            if entry in entries:
                break
            entries.add(entry)
            end = index + 1
        elif index - end >= (UNKNOWN_ENTRIES if titled else 1) or "。" in text or len(text) > PROSE_LENGTH:
            break
        index += 1
    return end if len(entries) >= (1 if titled else LISTED_LINES) else start


class _Entries:
    """Tells which lines belong to a contents list."""

    def __init__(self, draft: Draft, leaders: Rules, lexicon: Lexicon) -> None:
        self._texts = draft.words.texts
        self._lexicon = lexicon
        self._leaders = leaders
        self._later = later = _LaterLines(draft.words.texts)
        # The lines that are entries whatever stands above them.
        self.listed = {n for n in later.alike if opens_paragraph(draft.lines[n], lexicon) and later.hold(n)}
        if leaders:
            self.listed |= {n for n in range(len(draft.lines)) if self._leads(n)}

    def near(self, index: int) -> bool:
        """Tell whether a line or the next one is an entry; else no list begins here."""
        return index in self.listed or index + 1 in self.listed

    def hold(self, index: int, *, titled: bool) -> bool:
        """Tell whether a line is an entry; after 目录 less is asked."""
        return index in self.listed or (titled and self._may_be_entry(index))

    def _leads(self, index: int) -> bool:
        """Tell whether dots lead from a line to the number of a page."""
        return matching(self._leaders, self._texts[index][-LONGEST_LEADER:]) is not None

    def _may_be_entry(self, index: int) -> bool:
        text = self._texts[index]
        marks = 0 if "。" in text else count_matches(self._lexicon.frames.rules["inline_mark"], text)
        return marks >= FEWEST_INLINE_MARKS or self._later.hold(index)


def _with_contents_title_apart(draft: Draft, leaders: Rules, lexicon: Lexicon) -> Draft:
    """Give 目录 a line of its own where it is glued to the line before: 第三次会议批准目 录."""
    glued = lexicon.frames.rules["contents_title_glued"].worth_trying(draft.words.joined)
    if not glued or not leaders:
        return draft
    lines: list[Line] = []
    repairs: list[Repair] = []
    for line, following in zip(draft.lines, (*draft.lines[1:], None), strict=True):
        rule = matching(glued, line.text)
        found = rule.pattern.search(line.text) if rule is not None and following is not None else None
        if found is None or following is None or matching(leaders, following.text[-LONGEST_LEADER:]) is None:
            lines.append(line)
            continue
        for start, end in ((0, found.start()), (found.start(), len(line.text))):
            text, runs = cut(Mapped(line.text, line.runs), start, end)
            lines.append(replace(line, text=text, runs=runs))
        place = lines[-1].source_start
        repairs.append(Repair("mark_contents", place, place, "", "\n"))
    return draft.after(lines, repairs)
