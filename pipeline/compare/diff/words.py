"""Two wordings of one passage → which words stayed, went, came or were replaced, by position in both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

import regex
from rapidfuzz.distance import Indel

from pipeline.lexicon import load_lexicon
from pipeline.lexicon.dictionary import dictionary

# 5G and B2B are one word; so is a figure with its scale and unit (3.5万平方米, 2025年), which is why it is told apart
# from the Chinese characters before jieba sees them.
TOKEN = regex.compile(
    r"(?P<latin>[0-9]*\p{Latin}[\p{Latin}0-9]*(?:[-'’][\p{Latin}0-9]+)*)"
    r"|(?P<figure>[0-9]+(?:[.,][0-9]+)*)(?:[十百千万亿]+)?"
    r"|(?P<han>\p{Han}+)|(?P<blank>[^\S\n]+)|.",
    regex.DOTALL,
)
SENTENCE = regex.compile(r"[^。；！？\n]*[。；！？\n]|[^。；！？\n]+")
DIGIT = regex.compile(r"\p{Nd}")
WORD_CHARACTER = regex.compile(r"[\p{L}\p{N}]")
# The matcher keeps a bit for every pair of tokens: 12 MB at the first bound, 120 MB at the second.
TOKEN_PAIRS = 10**8
SENTENCE_PAIRS = 10**9
# Equal words between two changes count as changed where both changes are at least so many times as long.
ISLAND = 3
MIRRORED = {"insert": "delete", "delete": "insert"}


class WordChange(NamedTuple):
    """A passage of both texts: `op` is equal, delete, insert or replace; offsets in code points, half open."""

    op: str
    a_start: int
    a_end: int
    b_start: int
    b_end: int


class _Change(NamedTuple):
    """A passage that differs; what lies between two of them is the same in both texts."""

    a_start: int
    a_end: int
    b_start: int
    b_end: int

    @property
    def size(self) -> int:
        return max(self.a_end - self.a_start, self.b_end - self.b_start)


def word_changes(a: str, b: str) -> list[WordChange]:
    """Give the passages of two texts in order: together they cover both texts without gap or overlap.

    Chinese is cut into words of jieba's dictionary; figures with their unit, years and Latin words stay whole. Short
    islands between two changes count as changed, so that a person can read the result: 新建幼儿园14所 against
    新建改扩建幼儿园5所 gives = 新建, insert 改扩建, = 幼儿园, replace 14所 by 5所. `word_changes(b, a)` is the mirror
    image. Two empty texts give no passage.
    """
    if (len(a), a) > (len(b), b):
        # The matcher decides ties by the order of its arguments; one order for both directions makes them agree.
        return [
            WordChange(MIRRORED.get(op, op), a_start, a_end, b_start, b_end)
            for op, b_start, b_end, a_start, a_end in word_changes(b, a)
        ]
    changes = _without_islands(_differing(a, b), a)
    return list(_passages(list(_slid(changes, a, b)), a, b))


def _differing(a: str, b: str) -> Iterator[_Change]:
    """Give what differs, by whole sentences first: most of a long text is the same and needs no closer look."""
    a_sentences, b_sentences = _cut_at(SENTENCE, a), _cut_at(SENTENCE, b)
    head = _common(a_sentences, b_sentences)
    tail = _common(a_sentences[head:][::-1], b_sentences[head:][::-1])
    a_middle, b_middle = a_sentences[head : len(a_sentences) - tail], b_sentences[head : len(b_sentences) - tail]
    start = sum(map(len, a_sentences[:head]))
    a_words, b_words = list(_words("".join(a_middle))), list(_words("".join(b_middle)))
    if len(a_words) * len(b_words) <= TOKEN_PAIRS:
        yield from _matched(a_words, b_words, start, start, TOKEN_PAIRS)
        return
    for block in _matched(a_middle, b_middle, start, start, SENTENCE_PAIRS):
        a_words = list(_words(a[block.a_start : block.a_end]))
        b_words = list(_words(b[block.b_start : block.b_end]))
        yield from _matched(a_words, b_words, block.a_start, block.b_start, TOKEN_PAIRS)


def _cut_at(pattern: regex.Pattern[str], text: str) -> list[str]:
    return [found[0] for found in pattern.finditer(text)]


def _common(a: Sequence[str], b: Sequence[str]) -> int:
    """Count the pieces that both begin with."""
    count = 0
    for one, other in zip(a, b, strict=False):
        if one != other:
            break
        count += 1
    return count


def _matched(a: Sequence[str], b: Sequence[str], a_start: int, b_start: int, bound: int) -> Iterator[_Change]:
    """Give what differs between two lists of pieces that begin at `a_start` and `b_start` of their texts."""
    a_ends, b_ends = _ends(a, a_start), _ends(b, b_start)
    if len(a) * len(b) > bound:
        yield _Change(a_ends[0], a_ends[-1], b_ends[0], b_ends[-1])
        return
    # Numbers in the order of first sight: their hash is the same in every process, that of words is not.
    numbers: dict[str, int] = {}
    a_numbers = [numbers.setdefault(piece, len(numbers)) for piece in a]
    b_numbers = [numbers.setdefault(piece, len(numbers)) for piece in b]
    for step in Indel.opcodes(a_numbers, b_numbers):
        if step.tag != "equal":
            yield _Change(a_ends[step.src_start], a_ends[step.src_end], b_ends[step.dest_start], b_ends[step.dest_end])


def _ends(pieces: Sequence[str], start: int) -> list[int]:
    """Give where the pieces begin and end: one number more than pieces."""
    return list(accumulate(map(len, pieces), initial=start))


def _words(text: str) -> Iterator[str]:
    """Cut a text into tokens that together are the text."""
    measures = load_lexicon().measures
    at = 0
    while at < len(text):
        found = TOKEN.match(text, at)
        assert found is not None  # the last branch takes any character
        end = found.end()
        if found["han"]:
            yield from dictionary().cut(found["han"], unknown=False)
        else:
            unit = measures.at(text, end) if found["figure"] else None
            end += len(unit.unit) if unit else 0
            yield text[at:end]
        at = end


def _without_islands(changes: Iterator[_Change], a: str) -> list[_Change]:
    """Join changes that touch, and those that only a scrap of equal text keeps apart."""
    kept: list[_Change] = []
    for change in changes:
        while kept and _is_island(a[kept[-1].a_end : change.a_start], min(kept[-1].size, change.size)):
            before = kept.pop()
            change = _Change(before.a_start, change.a_end, before.b_start, change.b_end)
        kept.append(change)
    return kept


def _is_island(words: str, around: int) -> bool:
    """Tell whether equal words between two changes, the smaller of `around` characters, only disturb the reader.

    A line break parts paragraphs and a figure is what people look for: both stay.
    """
    if "\n" in words or DIGIT.search(words):
        return False
    size = len(WORD_CHARACTER.findall(words))
    return size <= 1 or size * ISLAND <= around


def _slid(changes: list[_Change], a: str, b: str) -> Iterator[_Change]:
    """Move what came or went behind a mark, where its words allow: 县[住建局、县] is [县住建局、]县."""
    a_before = b_before = 0
    for change in changes:
        if (change.a_start == change.a_end) != (change.b_start == change.b_end):
            text, start, end = (b, *change[2:]) if change.a_start == change.a_end else (a, *change[:2])
            room = min(change.a_start - a_before, change.b_start - b_before)
            steps = _steps_to_mark(text, start, end, room)
            change = _Change(*(offset - steps for offset in change))
        yield change
        a_before, b_before = change.a_end, change.b_end


def _steps_to_mark(text: str, start: int, end: int, room: int) -> int:
    """Count how far `text[start:end]` moves to the left, over the words that it ends with too; −1 is to the right."""
    if start and WORD_CHARACTER.match(text, start - 1) and not WORD_CHARACTER.match(text, start):
        return -1 if end < len(text) and text[start] == text[end] != "\n" else 0
    for steps in range(room + 1):
        if start == steps or not WORD_CHARACTER.match(text, start - steps - 1):
            return steps
        if text[start - steps - 1] != text[end - steps - 1]:
            break
    return 0


def _operation(change: _Change) -> str:
    if change.a_start == change.a_end:
        return "insert"
    return "delete" if change.b_start == change.b_end else "replace"


def _passages(changes: list[_Change], a: str, b: str) -> Iterator[WordChange]:
    a_at = b_at = 0
    for change in changes:
        if change.a_start > a_at:
            yield WordChange("equal", a_at, change.a_start, b_at, change.b_start)
        yield WordChange(_operation(change), *change)
        a_at, b_at = change.a_end, change.b_end
    if a_at < len(a):
        yield WordChange("equal", a_at, len(a), b_at, len(b))
