"""Named repairs of what recognition is known to confuse and the place tells for sure. No digit is ever changed."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.quick.pattern import pattern

BRACKETS = str.maketrans("()", "（）")
HAN = pattern(r"[\p{Han}〇\u3001-\u301f\uff01-\uff5e“”]")
DIGITS = frozenset("0123456789")
DASHED_LABEL = pattern(r"[-—－–](?=、)")


def wide_brackets(texts: Sequence[str]) -> list[str]:
    """Give the signs of a line with wide brackets where Chinese signs stand in them or beside them: （2024—2026年）.

    The model reads either width at random. Brackets around and between Latin signs stay: f(x).
    """
    given = list(texts)
    result = list(texts)
    opened: list[int] = []
    for index, text in enumerate(given):
        if text in "(（" and text:
            opened.append(index)
        elif text in ")）" and text:
            start = opened.pop() if opened else index
            if any(HAN.match(sign) for sign in given[max(0, start - 1) : index + 2] if sign not in "()（）"):
                result[start] = result[start].translate(BRACKETS)
                result[index] = result[index].translate(BRACKETS)
    for index in opened:
        if any(HAN.match(sign) for sign in given[max(0, index - 1) : index + 2] if sign not in "()（）"):
            result[index] = result[index].translate(BRACKETS)
    return result


def label_strokes(texts: Sequence[str]) -> list[str]:
    """Give the signs of a line with 一 for a dash that stands as its label: -、加强领导 is 一、加强领导."""
    result = list(texts)
    if DASHED_LABEL.match("".join(texts)):
        result[0] = "一"
    return result


def dash_strokes(texts: Sequence[str]) -> list[str]:
    """Give the signs of a line with a dash for 一 between digits, where no numeral can stand: 2一3个 is 2—3个."""
    result = list(texts)
    for index in range(1, len(texts) - 1):
        if texts[index] == "一" and texts[index - 1] in DIGITS and texts[index + 1] in DIGITS:
            result[index] = "—"
    return result


# In this order. A sign that the last two exchange stays doubtful; the width of a bracket is no doubt.
REPAIRS = (label_strokes, dash_strokes)
