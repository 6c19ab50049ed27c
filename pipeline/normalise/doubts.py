"""What a person should look at: years that cannot be, signs of bad character recognition, unknown private signs."""

from __future__ import annotations

import regex

from pipeline.lexicon import Lexicon
from pipeline.model import Problem, Text
from pipeline.normalise.draft import MOST_ROWS, quoted

PRIVATE = regex.compile(r"[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]+")
CONTEXT = 8


def find_doubts(text: Text, lexicon: Lexicon) -> tuple[Problem, ...]:
    """Give a warning for every doubtful passage of the normalised text; the text itself stays as it is."""
    rules = lexicon.frames.rules
    year = (
        "implausible_year",
        "“{}” cannot be a year of a plan; digits of this file may have been exchanged. Compare it with the original.",
    )
    misread = (
        "doubtful_characters",
        "“{}” looks misread by character recognition or conversion. Compare the passage with the original.",
    )
    private = (
        "unknown_private_character",
        "“{}” holds a private-use character that shows nothing here. Look it up in the original.",
    )
    problems = _warnings(text.text, [rule.pattern for rule in rules["year"]], *year)
    problems += _warnings(text.text, [rule.pattern for rule in rules["doubt"]], *misread)
    problems += _warnings(text.text, [PRIVATE], *private)
    return tuple(problems)


def _warnings(text: str, patterns: list[regex.Pattern[str]], code: str, message: str) -> list[Problem]:
    spans: list[tuple[int, int]] = []
    for start, end in sorted(found.span() for pattern in patterns for found in pattern.finditer(text)):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    problems = [
        Problem("warning", code, message.format(_around(text, start, end)), start, end)
        for start, end in spans[:MOST_ROWS]
    ]
    if len(spans) > MOST_ROWS:
        rest = len(spans) - MOST_ROWS
        advice = f"{rest} more passages like the {MOST_ROWS} listed: " + message.format(
            _around(text, *spans[MOST_ROWS])
        )
        problems.append(Problem("warning", code, advice, *spans[MOST_ROWS]))
    return problems


def _around(text: str, start: int, end: int) -> str:
    return quoted(text[max(start - CONTEXT, 0) : end + CONTEXT], 40)
