"""Find the passages that say once who answers for many tasks: 以下均涉及…，不再列出; 列第一位的为牵头单位."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

import regex

from pipeline.extract.responsibility_names import ListReader
from pipeline.extract.responsibility_pieces import Name
from pipeline.model.findings import Role
from pipeline.model.outline import Section
from pipeline.model.source import Span
from pipeline.quick.classes import dataclass
from pipeline.quick.pattern import pattern

DEFAULT_LABEL = "责任单位"
# A label without colon is shorter.
LONGEST_OPENING = 200
OPENING = "（(〔[【"
LINE_AND_BRACKETS = pattern(r"[\n（(〔\[【）)〕\]】]")


@dataclass(frozen=True, slots=True)
class StandingRule:
    """Names that this list and all later ones of the plan have too. `cut` is what is no part of a list around it."""

    section: int
    span: Span
    cut: Span
    names: tuple[Name, ...]
    role: Role
    role_text: str


@dataclass(frozen=True, slots=True)
class FirstLeads:
    """The first body of a list leads: of the lists of `section` and, where `onward`, of all later ones of the plan."""

    section: int
    span: Span
    onward: bool


def find_standing_rules(reader: ListReader, sections: Sequence[tuple[int, Section]]) -> tuple[StandingRule, ...]:
    """Give the rules that name bodies for all later lists, in the order of the text."""
    found: list[StandingRule] = []
    # Those of `found`, which do not meet, in order.
    places: list[Span] = []
    labels = _LabelsAbove(reader)
    for index, match in _matches(reader, sections, "standing"):
        standing = _standing(reader, index, match, labels)
        if standing is None:
            continue
        at = bisect_left(places, standing.span)
        if not any(_meet(standing.span, other) for other in places[max(at - 1, 0) : at + 1]):
            places.insert(at, standing.span)
            found.append(standing)
    return tuple(sorted(found, key=lambda rule: rule.span))


def find_first_rules(reader: ListReader, sections: Sequence[tuple[int, Section]]) -> tuple[FirstLeads, ...]:
    """Give the rules by which the first body of each list leads.

    One that stands behind a list (…负责，列第一位的为牵头单位) governs it alone, unless 下同 or a word for all
    lists goes with it; one that stands in plain text governs all lists from its section on.
    """
    found: list[FirstLeads] = []
    brackets = _Brackets(reader.text)
    for index, match in _matches(reader, sections, "first"):
        behind = reader.text[match.end() : match.end() + 8].partition("\n")[0]
        alone = brackets.open_at(match.start()) and "下同" not in behind
        found.append(FirstLeads(index, Span(*match.span()), not alone))
    return tuple(found)


def _matches(
    reader: ListReader, sections: Sequence[tuple[int, Section]], kind: str
) -> Iterator[tuple[int, regex.Match[str]]]:
    """Give the matches of the rules of one kind in each section, with the index of the section."""
    every = reader.passages
    passages = every._replace(rules=tuple([item for item in every.rules if item[1].extra["kind"] == kind]))
    if not passages.rules:
        return
    for index, section in sections:
        for rule in passages.possible(reader.text, section.start, section.end):
            for match in rule.pattern.finditer(reader.text, section.start, section.end):
                yield index, match


def _standing(reader: ListReader, index: int, match: regex.Match[str], labels: _LabelsAbove) -> StandingRule | None:
    items = reader.read(*match.span("names"))
    names = tuple(item for item in items if isinstance(item, Name))
    verbs = [item.text for item in items if not isinstance(item, Name)]
    if not names or not all(reader.is_body(name.organisation) for name in names):
        return None
    groups = match.groupdict()
    label = groups.get("label") or (verbs[-1] if verbs else labels.of(match.start()))
    role = reader.lexicon.roles.of_label(label) or "responsible"
    span = Span(*match.span())
    return StandingRule(index, span, Span(*match.span("cut")) if groups.get("cut") else span, names, role, label)


class _LabelsAbove:
    """Gives the role label of the list in which a rule stands; goes on from the rule before in the same line."""

    def __init__(self, reader: ListReader) -> None:
        self.text, self.opening = reader.text, reader.lexicon.roles.opening
        self.at, self.label = 0, ""

    def of(self, place: int) -> str:
        """Give the last label of the line before `place`, 责任单位 where it has none."""
        goes_on = place >= self.at
        line = self.text.rfind("\n", self.at if goes_on else 0, place) + 1
        if line or not goes_on:
            self.at, self.label = line, ""
        last = self.label
        for match in self.opening.finditer(self.text, self.at, place):
            last = match["label"]
            if match.end() < place:
                self.at, self.label = match.end(), last
        # What ends right before this rule may go on before the next.
        self.at = max(self.at, place - LONGEST_OPENING)
        return last or DEFAULT_LABEL


class _Brackets:
    """Tells whether a bracket of the line is open; goes on from the place that was asked for before."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.depth = text, 0, 0

    def open_at(self, place: int) -> bool:
        """Tell whether a bracket that opens before `place` in its line is still open there."""
        if place < self.at:
            self.at, self.depth = self.text.rfind("\n", 0, place) + 1, 0
        for mark in LINE_AND_BRACKETS.finditer(self.text, self.at, place):
            if mark[0] == "\n":
                self.depth = 0
            else:
                self.depth = self.depth + 1 if mark[0] in OPENING else max(self.depth - 1, 0)
        self.at = place
        return self.depth > 0


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
