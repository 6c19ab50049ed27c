"""Peel typed words off the two ends of a stretch of text until the noun phrase between them is left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import regex

from pipeline.lexicon.wording import Wording
from pipeline.model.findings import Token
from pipeline.quick.classes import dataclass
from pipeline.quick.pattern import pattern

__all__ = ["BASE", "VERB_JOINTS", "Peeler", "Token", "peel_left", "peel_right", "peeler", "trim"]

# 比上年, 较2020年, 同比, 在2020年基础上: what a change is measured from.
BASE = pattern(
    r"(?:比|较|与)(?:上一?年(?:度)?|去年|前一年|\d{4}年(?:底|末)?|“[^”]{2,4}”(?:末|时期|期末)?|基期|同期|年初|上届|上次|峰值|现状|现有水平|[^，。；\d]{0,6}平均(?:水平|值|数))"
    r"(?:同期|相比|水平)?(?:均|各)?|同比|环比|在(?:\d{4}年|现有|原有)(?:的|水平)?基础上|[由从]\d{4}年的?水平"
)
# What a base of comparison begins and ends with; most stretches do neither, so the pattern need not be tried.
BASE_OPENS = frozenset("比较与同环在由从")
BASE_CLOSES = frozenset("年度底末”期初届次值状平数比均各上")
# 人均达到12万元: 均 belongs to the noun.
PER_ONE = "人户亩地日月周"
VERB_JOINTS = "和与及或并、"
LONGEST_BASE = 30
SPACE = " \t\n　"


# Thousands of words are peeled in a document; this makes a token in half the time.
_token = tuple.__new__


@dataclass(frozen=True, slots=True)
class Peeler:
    """Longest-match look-up of words of given classes at an end of a stretch.

    `opening` and `closing` give the lengths of the words that begin or end with a character, the longest first.
    """

    words: dict[str, tuple[str, str]]
    barred: regex.Pattern[str] | None
    opening: dict[str, tuple[int, ...]]
    closing: dict[str, tuple[int, ...]]

    def at_end(self, text: str, start: int, end: int) -> Token | None:
        """Give the longest word that ends at `end` and does not start before `start`."""
        for length in self.closing.get(text[end - 1 : end], ()):
            if length <= end - start and (found := self.words.get(word := text[end - length : end])) is not None:
                return _token(Token, (*found, word, end - length, end))
        return None

    def at_start(self, text: str, start: int, end: int) -> Token | None:
        """Give the longest word that starts at `start` and does not end after `end`."""
        for length in self.opening.get(text[start : start + 1], ()):
            if length <= end - start and (found := self.words.get(word := text[start : start + length])) is not None:
                if self.barred is not None and self.barred.search(text[start:end]):
                    return None
                return _token(Token, (*found, word, start, start + length))
        return None


def peeler(wording: Wording, *names: str, barred: regex.Pattern[str] | None = None) -> Peeler:
    """Give the look-up for words of the classes `names`; where a word has several, the first named wins.

    `barred` names stretches at whose head no word is peeled (全国 of 全国文明城市).
    """
    words: dict[str, tuple[str, str]] = {}
    for name in names:
        for word, value in wording[name].items():
            words.setdefault(word, (name, value))
    return Peeler(words, barred, _lengths(words, 0), _lengths(words, -1))


def _lengths(words: Iterable[str], place: int) -> dict[str, tuple[int, ...]]:
    """Give the lengths of the words that have a character at `place` (first or last), the longest first."""
    lengths: dict[str, set[int]] = {}
    for word in words:
        lengths.setdefault(word[place], set()).add(len(word))
    return {character: tuple(sorted(found, reverse=True)) for character, found in lengths.items()}


def trim(text: str, start: int, end: int, extra: str = "") -> tuple[int, int]:
    """Drop white space and the characters of `extra` at both ends."""
    marks = SPACE + extra
    while start < end and text[start] in marks:
        start += 1
    while start < end and text[end - 1] in marks:
        end -= 1
    return start, end


def peel_right(
    text: str, start: int, end: int, words: Peeler, holes: Sequence[tuple[int, int]]
) -> tuple[list[Token], int]:
    """Peel words, time expressions (`holes`) and bases of comparison off the end.

    Gives the tokens from right to left and the new end.
    """
    tokens: list[Token] = []
    while True:
        start, end = trim(text, start, end)
        if tokens and tokens[-1].name == "time" and text[end - 1] in "、和" and any(h[1] == end - 1 for h in holes):
            # 2023年、2025年分别达到
            end -= 1
        base = _base_at_end(text, start, end) if text[end - 1 : end] in BASE_CLOSES else None
        if base is not None:
            tokens.append(Token("base", "", base.group(), base.start(), end))
            end = base.start()
            continue
        hole = _hole_at_end(text, start, end, holes) if holes else None
        if hole is not None:
            tokens.append(Token("time", "", text[hole[0] : end], hole[0], end))
            end = hole[0]
            continue
        # 较2023年增长: no word runs into a time expression (年增长).
        token = words.at_end(text, _past_holes(start, end, holes) if holes else start, end)
        if token is None or token.name == "noun" or (token.word == "均" and text[token.start - 1] in PER_ONE):
            return tokens, end
        tokens.append(token)
        end = token.start
        # 引进和培养1万名: two verbs joined stand before one figure.
        if token.name == "increase" and end - 1 > start and text[end - 1] in VERB_JOINTS:
            first = words.at_end(text, start, end - 1)
            if first is not None and first.name == "increase" and len(first.word) > 1:
                tokens.append(first)
                end = first.start


def _hole_at_end(text: str, start: int, end: int, holes: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """Give the time expression that ends at `end`, or before 的 there."""
    end_before = end - 1 if end > start and text[end - 1] == "的" else end
    for hole in holes:
        if end_before <= hole[1] <= end and hole[0] >= start:
            return hole
    return None


def _past_holes(start: int, end: int, holes: Sequence[tuple[int, int]]) -> int:
    """Give where the last time expression before `end` ends, or `start`."""
    for hole in holes:
        if start < hole[1] <= end:
            start = hole[1]
    return start


def _closed(start: int, end: int, holes: Sequence[tuple[int, int]]) -> int:
    """Give the end of the time expression that opens at `start`; -1 where there is none before `end`."""
    for hole in holes:
        if hole[0] == start and hole[1] <= end:
            return hole[1]
    return -1


def _base_at_end(text: str, start: int, end: int) -> regex.Match[str] | None:
    """Give the base of comparison that ends at `end`."""
    return next((m for m in BASE.finditer(text, max(start, end - LONGEST_BASE), end) if m.end() == end), None)


def peel_left(
    text: str, start: int, end: int, words: Peeler, holes: Sequence[tuple[int, int]]
) -> tuple[list[Token], int]:
    """Peel words, time expressions and bases of comparison off the start; gives the tokens and the new start."""
    tokens: list[Token] = []
    while True:
        start, end = trim(text, start, end, "、，,：:；;")
        closed = _closed(start, end, holes) if holes else -1
        if closed >= 0:
            # 2024年起每年新增
            stop = closed + text.startswith("起", closed, end)
            tokens.append(Token("time", "", text[start:stop], start, stop))
            start = stop
            continue
        token = words.at_start(text, start, end)
        if token is None:
            base = BASE.match(text, start, end) if text[start : start + 1] in BASE_OPENS else None
            if base is None:
                return tokens, start
            token = Token("base", "", base.group(), start, base.end())
        tokens.append(token)
        start = token.end
