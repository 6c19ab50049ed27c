"""Find the passages that say once who answers for many tasks: 以下均涉及…，不再列出; 列第一位的为牵头单位."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from pipeline.extract.responsibility_names import ListReader
from pipeline.extract.responsibility_pieces import Name
from pipeline.model.findings import Role
from pipeline.model.outline import Section
from pipeline.model.source import Span
from pipeline.quick.classes import dataclass

DEFAULT_LABEL = "责任单位"


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
    for index, match in _matches(reader, sections, "standing"):
        standing = _standing(reader, index, match)
        if standing is not None and not any(_meet(standing.span, other.span) for other in found):
            found.append(standing)
    return tuple(sorted(found, key=lambda rule: rule.span))


def find_first_rules(reader: ListReader, sections: Sequence[tuple[int, Section]]) -> tuple[FirstLeads, ...]:
    """Give the rules by which the first body of each list leads.

    One that stands behind a list (…负责，列第一位的为牵头单位) governs it alone, unless 下同 or a word for all
    lists goes with it; one that stands in plain text governs all lists from its section on.
    """
    found: list[FirstLeads] = []
    for index, match in _matches(reader, sections, "first"):
        line_end = reader.text.find("\n", match.end())
        line_end = len(reader.text) if line_end < 0 else line_end
        line_start = reader.text.rfind("\n", 0, match.start()) + 1
        opening = _open_bracket(reader.text, line_start, match.start())
        alone = opening is not None and "下同" not in reader.text[match.end() : min(match.end() + 8, line_end)]
        found.append(FirstLeads(index, Span(*match.span()), not alone))
    return tuple(found)


def _matches(
    reader: ListReader, sections: Sequence[tuple[int, Section]], kind: str
) -> Iterator[tuple[int, regex.Match[str]]]:
    """Give the matches of the rules of one kind in each section, with the index of the section."""
    passages = reader.lexicon.roles.passages.of_document(reader.text)
    rules = [item for item in passages.rules if item[1].extra["kind"] == kind]
    if not rules:
        return
    passages = passages._replace(rules=tuple(rules))
    for index, section in sections:
        for rule in passages.possible(reader.text, section.start, section.end):
            for match in rule.pattern.finditer(reader.text, section.start, section.end):
                yield index, match


def _standing(reader: ListReader, index: int, match: regex.Match[str]) -> StandingRule | None:
    items = reader.read(*match.span("names"))
    names = tuple(item for item in items if isinstance(item, Name))
    verbs = [item.text for item in items if not isinstance(item, Name)]
    if not names or not all(reader.is_body(name.organisation) for name in names):
        return None
    groups = match.groupdict()
    label = groups.get("label") or (verbs[-1] if verbs else _label_above(reader, match.start()))
    role = reader.lexicon.roles.of_label(label) or "responsible"
    span = Span(*match.span())
    return StandingRule(index, span, Span(*match.span("cut")) if groups.get("cut") else span, names, role, label)


def _label_above(reader: ListReader, place: int) -> str:
    """Give the role label of the list in which a rule stands, 责任单位 where it stands in none."""
    line = reader.text.rfind("\n", 0, place) + 1
    labels = [match["label"] for match in reader.lexicon.roles.opening.finditer(reader.text, line, place)]
    return labels[-1] if labels else DEFAULT_LABEL


def _open_bracket(text: str, start: int, end: int) -> int | None:
    """Give the place of the bracket that is still open at `end`, None where there is none."""
    opened: list[int] = []
    for place in range(start, end):
        if text[place] in "（(〔[【":
            opened.append(place)
        elif text[place] in "）)〕]】" and opened:
            opened.pop()
    return opened[-1] if opened else None


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
