"""Compare and join titles that a document prints, quotes and breaks over lines."""

from __future__ import annotations

import regex

from pipeline.lexicon import Lexicon


def bare(words: str) -> str:
    """Give a title for comparing: without white space, punctuation and a closing bracket of years."""
    words = regex.sub(r"[（(〔]\s?(?:19|20)\d{2}[^（）()〔〕]*[）)〕]\s*$", "", words)
    return regex.sub(r"[\s\p{P}]", "", words)


def without_years(title: str, lexicon: Lexicon) -> str:
    """Give a title on one line without a closing (2023—2025年)."""
    return lexicon.headings.front["closing_years"].sub("", one_line(title))


def one_line(words: str) -> str:
    """Give a title on one line. White space goes, but between the bodies before 关于 one space stays."""
    head, mark, tail = words.partition("关于")
    if not mark:
        return regex.sub(r"\s+", "", words)
    return regex.sub(r"\s+", " ", head.strip()) + mark + regex.sub(r"\s+", "", tail)
