"""The ledger: every Arabic number of the text once, in order, with one class; Chinese-numeral quantities too."""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.extract.numerals import NUMBER, arabic, chinese
from pipeline.extract.reading import Marks
from pipeline.lexicon.sieve import Sieve, matches
from pipeline.model.findings import Number, NumberClass
from pipeline.model.outline import Section
from pipeline.model.source import Problem
from pipeline.quick.pattern import pattern

# So many unexplained numbers are shown with their surroundings; the others are counted.
MOST_SHOWN = 5
AROUND = 10
CHINESE_NUMERAL = pattern(r"[〇零一二三四五六七八九两十百千万亿]+")

# Why a number is what it is: its class and the id of the rule that says so.
Reason = tuple[NumberClass, str]
Explained = dict[tuple[int, int], Reason]


def explain(
    text: str, start: int, end: int, taken: list[tuple[int, int]], rules: Sieve
) -> list[tuple[int, int, Reason]]:
    """Give the places of text[start:end] that a wording alone explains, by the first rule that fits; in order.

    `taken` are places that are explained already (time expressions, labels).
    """
    found: list[tuple[int, int, Reason]] = []
    numbers = [match.span() for match in NUMBER.finditer(text, start, end)]
    if not numbers:
        return found
    busy = bytearray(end - start)
    for a, b in taken:
        busy[max(a - start, 0) : max(b - start, 0)] = b"\1" * max(0, min(b, end) - max(a, start))
    # Numbers of which any character is still to be explained; where there is none, no rule has anything to say.
    waiting = [(a, b) for a, b in numbers if 0 in busy[a - start : b - start]]
    for rule in rules.possible(text, start, end) if waiting else ():
        told = len(found)
        for match in matches(rule, text, start, end):
            for number in NUMBER.finditer(text, match.start(), match.end()):
                a, b = number.span()
                if 1 not in busy[a - start : b - start]:
                    busy[a - start : b - start] = b"\1" * (b - a)
                    found.append((a, b, (rule.extra["class"], rule.id)))
        if len(found) > told:
            waiting = [(a, b) for a, b in waiting if 0 in busy[a - start : b - start]]
            if not waiting:
                break
    return sorted(found)


def close(
    text: str, bounds: list[int], explained: Explained, marks: Marks, chinese_spans: list[tuple[int, int]]
) -> tuple[Number, ...]:
    """Give the ledger of the whole text. `bounds` are the starts of the sections, `explained` what wordings said.

    A number that nothing explained is `other` and has no rule.
    """
    entries: list[Number] = []
    spans: dict[tuple[int, int], str] = {m.span(): m.group() for m in NUMBER.finditer(text)}
    classes = _by_number(spans, explained, marks)
    targets = _Targets(marks.targets)
    section, following, last = 0, 1, len(bounds)
    for span, numeral in spans.items():
        start, end = span
        while following < last and bounds[following] <= start:
            section, following = following, following + 1
        number_class, rule = classes[span]
        target = targets.of(span) if number_class == "target" else None
        entries.append(Number(section, numeral, arabic(numeral), number_class, target, start, end, rule))
    for start, end in chinese_spans:
        words = text[start:end]
        numeral_match = CHINESE_NUMERAL.match(words)
        value = chinese(numeral_match.group()) if numeral_match else None
        number_class, rule = marks.reason((start, end))
        target = marks.targets.get((start, end)) if number_class == "target" else None
        entries.append(Number(_section(bounds, start), words, value, number_class, target, start, end, rule))
    return tuple(sorted(entries, key=_start) if chinese_spans else entries)


def _start(entry: Number) -> int:
    return entry.start


def _by_number(spans: dict[tuple[int, int], str], explained: Explained, marks: Marks) -> dict[tuple[int, int], Reason]:
    """Give each number the class (and rule) of the place that it lies in; quantities come before wordings."""
    result: dict[tuple[int, int], Reason] = dict.fromkeys(spans, ("other", ""))
    marked = {place: marks.reason(place) for place in marks.classes}
    for places in (explained, marked):
        starts = sorted(places)
        following = 0
        for span in spans:
            while following < len(starts) and starts[following][0] <= span[0]:
                following += 1
            if following and starts[following - 1][1] >= span[1]:
                result[span] = places[starts[following - 1]]
    return result


class _Targets:
    """The targets by the places of their numerals; a number of a date or range may lie inside such a place."""

    def __init__(self, targets: dict[tuple[int, int], int]) -> None:
        self.targets = targets
        self.places = sorted(targets)
        self.apart = all(before[1] <= after[0] for before, after in pairwise(self.places))

    def of(self, span: tuple[int, int]) -> int | None:
        """Give the target that a number belongs to."""
        if span in self.targets:
            return self.targets[span]
        if not self.apart:
            held = (index for place, index in self.targets.items() if place[0] <= span[0] and span[1] <= place[1])
            return next(held, None)
        at = bisect_right(self.places, (span[0], sys.maxsize)) - 1
        return self.targets[self.places[at]] if at >= 0 and self.places[at][1] >= span[1] else None


def _section(bounds: list[int], position: int) -> int:
    return max(bisect_right(bounds, position) - 1, 0)


def find_unexplained(text: str, sections: Sequence[Section], numbers: Sequence[Number]) -> Iterator[Problem]:
    """Give one problem of severity info a section with numbers that no rule understood, at the first of them.

    The rows of a table are told together, because a table that could not be read has hundreds of such numbers. Each of
    them is found in the ledger by its class `other` and empty rule.
    """
    gathered: dict[int, list[Number]] = {}
    for number in (number for number in numbers if number.unexplained):
        section = sections[number.section]
        table = section.parent if section.kind == "row" else None
        gathered.setdefault(number.section if table is None else table, []).append(number)
    for found in gathered.values():
        first = found[0]
        shown = "; ".join(_surrounded(text, number) for number in found[:MOST_SHOWN])
        more = f" and {len(found) - MOST_SHOWN} more" if len(found) > MOST_SHOWN else ""
        many = f"{len(found)} numbers here were" if len(found) > 1 else "One number here was"
        yield Problem(
            "info",
            "numbers_unexplained",
            f"{many} understood by no rule: {shown}{more}. They are rows of numbers.csv (class other, rule empty). "
            "Where one is a target, add the row by hand, or the wording to the lexicon.",
            first.start,
            first.end,
        )


def _surrounded(text: str, number: Number) -> str:
    """Quote a number with the words around it: “…特大城市【500】万以上…”, as it stands in its line."""
    before = text[max(0, number.start - AROUND) : number.start].rsplit("\n", 1)[-1]
    after = text[number.end : number.end + AROUND].split("\n", 1)[0]
    words = " ".join(f"{before}【{number.text}】{after}".split())
    return f"“{words}” ({number.start})"
