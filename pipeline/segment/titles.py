"""Compare and join titles that a document prints, quotes and breaks over lines."""

from __future__ import annotations

from pipeline.lexicon import Lexicon
from pipeline.quick.pattern import pattern

CLOSING = ("）", ")", "〕")
# （2024—2026年）（征求意见稿）: when it holds and how far it has come; no part of the name.
CLOSING_NOTES = pattern(
    r"(?:[（(〔]\s?(?:(?:19|20)\d{2}[^（）()〔〕]*|(?:公开)?(?:征求意见|送审|讨论|报批|审议)稿|草案)[）)〕]\s*)+$"
)
SPACE = pattern(r"\s+")
SPACE_OR_MARK = pattern(r"[\s\p{P}]+")
ISSUING = pattern("关于|印发|转发")


def bare(words: str) -> str:
    """Give a title for comparing: without white space, punctuation and closing brackets of years or of its state."""
    if words.rstrip().endswith(CLOSING):
        words = CLOSING_NOTES.sub("", words)
    return SPACE_OR_MARK.sub("", words)


def without_years(title: str, lexicon: Lexicon) -> str:
    """Give a title on one line without a closing (2023—2025年) or (征求意见稿)."""
    return CLOSING_NOTES.sub("", lexicon.headings.front["closing_years"].sub("", one_line(title)))


def one_line(words: str) -> str:
    """Give a title on one line. White space goes, but between the bodies before 关于 or 印发 one space stays."""
    if words.split(None, 1) == [words]:
        return words
    verb = ISSUING.search(words)
    place = verb.start() if verb else 0
    return SPACE.sub(" ", words[:place].strip()) + SPACE.sub("", words[place:])
