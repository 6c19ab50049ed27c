"""What a person should look at: years that cannot be, exchanged digits, signs of bad recognition, private signs."""

from __future__ import annotations

from bisect import bisect_left

import regex

from pipeline.lexicon import Lexicon
from pipeline.model import Problem, Span, Text
from pipeline.normalise.digits import UNREADABLE, exchanged, find_faults, hidden_digits
from pipeline.normalise.draft import MOST_ROWS, quoted
from pipeline.quick.classes import replace
from pipeline.quick.pattern import pattern
from pipeline.quick.plain import plain

PRIVATE = pattern(r"[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]+")
UNREADABLE_SIGN = plain(f"[{UNREADABLE}]")
CONTEXT = 8
YEAR = (
    "implausible_year",
    "“{}” cannot be a year of a plan; digits of this file may have been exchanged. Compare it with the original.",
)
MISREAD = (
    "doubtful_characters",
    "“{}” looks misread by character recognition or conversion. Compare the passage with the original.",
)
HIDDEN = (
    "hidden_digits",
    "“{}” holds a figure with signs that show nothing here: a font of the page draws its digits. Look it up there.",
)
PRIVATE_SIGN = (
    "unknown_private_character",
    "“{}” holds a private-use character that shows nothing here. Look it up in the original.",
)


def with_doubts(text: Text, unusual: frozenset[str], lexicon: Lexicon) -> Text:
    """Give the text with a warning for every doubtful passage, and its doubts; the words stay as they are.

    The doubts are the passages the reader was not sure of, the figures that cannot be as they stand, and what looks
    misread. `digits_exchanged` is set where so many figures cannot be that no other is to be trusted either. `unusual`
    holds the characters of the source that GB 2312 does not have.
    """
    words = text.text
    faults = find_faults(words, lexicon)
    years = _joined([(fault.start, fault.end) for fault in faults if fault.use == "year"])
    misread = _found(words, [rule.pattern for rule in lexicon.frames.rules["doubt"].worth_trying(words)])
    signs = UNREADABLE_SIGN.search("".join(unusual)) is not None or any(
        repair.step == "read_entities" for repair in text.repairs
    )
    hidden = hidden_digits(words) if signs else []
    private = _found(words, [PRIVATE]) if signs else []
    private = [span for span in private if not _meets(span, hidden)]
    whole = exchanged(words, faults)
    problems = [] if whole is None else [whole]
    for spans, row in ((years, YEAR), (misread, MISREAD), (hidden, HIDDEN), (private, PRIVATE_SIGN)):
        problems += _warnings(words, spans, *row)
    unsure: list[tuple[int, int]] = [text.alignment.to_text(*doubt) for doubt in text.source.doubts]
    spans = [*unsure, *((fault.start, fault.end) for fault in faults), *misread, *hidden]
    return replace(
        text,
        problems=(*text.problems, *problems),
        doubts=tuple(Span(start, end) for start, end in _joined(spans) if start < end),
        digits_exchanged=whole is not None,
    )


def _found(text: str, patterns: list[regex.Pattern[str]]) -> list[tuple[int, int]]:
    return _joined([found.span() for pattern in patterns for found in pattern.finditer(text)])


def _meets(span: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    """Tell whether a range overlaps one of others, which are in order and apart."""
    before = bisect_left(others, (span[1], 0)) - 1
    return before >= 0 and span[0] < others[before][1]


def _joined(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give the ranges in order, those that meet as one."""
    spans: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _warnings(text: str, spans: list[tuple[int, int]], code: str, message: str) -> list[Problem]:
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
