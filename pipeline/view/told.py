"""Rows of a comparison → what a person is told about each: its subject, its place, before and after, years."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from pipeline.model.changes import ChangeRow, Comparison
from pipeline.model.tables import PlanRow, Record, ResponsibilityRow, SectionRow, TargetRow
from pipeline.terminal import amount
from pipeline.view.signs import SIGNS, Sign, difference, document_names, years

# What is told together; the words are those of the buttons of the page.
GROUPS = {
    "target": "Targets",
    "plan": "Sections and tasks",
    "section": "Sections and tasks",
    "task": "Sections and tasks",
    "responsibility": "Organisations",
}
SUBJECT = 60
TRAVELLED = frozenset(("moved", "renamed", "split", "merged"))
LONG_FIGURE = re.compile(r"\d{5,}(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Side:
    """The rows of one side by id, over all its documents."""

    records: tuple[Record, ...]
    sections: Mapping[str, SectionRow]
    targets: Mapping[str, TargetRow]
    responsibilities: Mapping[str, ResponsibilityRow]
    plans: Mapping[str, PlanRow]


@dataclass(frozen=True, slots=True)
class Told:
    """One change in words. `before` and `after` are empty where there is nothing on that side.

    `place` is the heading above, and the documents where a side has several of them.
    """

    row: ChangeRow
    group: str
    types: tuple[str, ...]
    subject: str
    former: str
    place: str
    before: str
    after: str
    difference: str
    years: str

    @property
    def sign(self) -> Sign:
        """Mark, word and tone of the most telling change."""
        return SIGNS[self.row.change]

    @property
    def further(self) -> tuple[Sign, ...]:
        """The same of the other changes of the pair."""
        return tuple(SIGNS[name] for name in self.types[1:])

    @property
    def changed(self) -> bool:
        """False for a pair that stayed as it was."""
        return self.row.change != "unchanged"

    @property
    def travelled(self) -> bool:
        """True where the partner stands elsewhere, or under another name."""
        return not TRAVELLED.isdisjoint(self.types)

    @property
    def parted(self) -> bool:
        """True where one section became several, or several one."""
        return not {"split", "merged"}.isdisjoint(self.types)

    @property
    def score(self) -> str:
        """The similarity of the pair with two decimals, or nothing."""
        return "" if self.row.score is None else f"{self.row.score:.2f}"


def sides(comparison: Comparison) -> tuple[Side, Side]:
    """Give both sides with their rows by id."""
    return _side(comparison.a), _side(comparison.b)


def _side(records: tuple[Record, ...]) -> Side:
    return Side(
        records,
        MappingProxyType({row.section_id: row for record in records for row in record.sections}),
        MappingProxyType({row.target_id: row for record in records for row in record.targets}),
        MappingProxyType({row.responsibility_id: row for record in records for row in record.responsibilities}),
        MappingProxyType({row.plan_id: row for record in records for row in record.plans}),
    )


def told(comparison: Comparison) -> list[Told]:
    """Give every row of the comparison in words: targets first, then sections and tasks, then organisations.

    Of each of these the pairs come first, then what is new, then what was dropped: of two plans that share little, the
    few values that can be set against each other would drown in the rest.
    """
    a, b = sides(comparison)
    names = document_names(comparison) if len(comparison.a) > 1 or len(comparison.b) > 1 else {}
    rows = [_told(row, a, b, names) for row in comparison.changes]
    order = list(dict.fromkeys(GROUPS.values()))
    alone = {"new": 1, "dropped": 2}
    return sorted(rows, key=lambda item: (order.index(item.group), alone.get(item.row.change, 0)))


def _told(row: ChangeRow, a: Side, b: Side, names: Mapping[tuple[str, str], str]) -> Told:
    former, subject = _subject(row.element, row.a_id, a), _subject(row.element, row.b_id, b)
    a_target, b_target = a.targets.get(row.a_id or ""), b.targets.get(row.b_id or "")
    also = tuple(name for name in (row.also or "").split(";") if name in SIGNS and name != row.change)
    sources = [names.get(key) for key in (("a", row.a_document_id or ""), ("b", row.b_document_id or ""))]
    place = _place(row.element, row.b_id, b) or _place(row.element, row.a_id, a)
    types = (row.change, *also)
    return Told(
        row=row,
        group=GROUPS[row.element],
        types=types,
        subject=subject or former or row.b_quote or row.a_quote or "(without title)",
        former=former if subject and former != subject and (a_target or not TRAVELLED.isdisjoint(types)) else "",
        place=" ".join(filter(None, (place, " → ".join(filter(None, sources))))),
        before=readable(row.before or row.a_quote or "", a_target) if row.a_id else "",
        after=readable(row.after or row.b_quote or "", b_target) if row.b_id else "",
        difference=difference(a_target, b_target) if row.comparable else "",
        years=_years(years(a_target), years(b_target)),
    )


def readable(words: str, target: TargetRow | None) -> str:
    """Give a value as people write it: 540000000 元, 2023 → 5.4亿 元; the year has a column of its own."""
    if target is None:
        return words
    return LONG_FIGURE.sub(lambda found: amount(Decimal(found[0])), words.removesuffix(f", {target.year_end}"))


def _years(a: str, b: str) -> str:
    """Join when a target was due and is due; what both begin with stands once: yearly to 2023 → 2026."""
    if not a or not b or a == b:
        return a or b
    first = "yearly to "
    return f"{a} → {b.removeprefix(first) if a.startswith(first) else b}"


def _subject(element: str, row_id: str | None, side: Side) -> str:
    """Give what the row is about: indicator, organisation, heading, or title of the plan."""
    if row_id is None:
        return ""
    if element == "target":
        return side.targets[row_id].indicator if row_id in side.targets else ""
    if element == "responsibility":
        return side.responsibilities[row_id].organisation if row_id in side.responsibilities else ""
    if element == "plan":
        return (side.plans[row_id].title or "") if row_id in side.plans else ""
    return heading(side.sections[row_id]) if row_id in side.sections else ""


def _place(element: str, row_id: str | None, side: Side) -> str:
    """Give the heading of the section in which a target or an organisation stands."""
    places: Mapping[str, TargetRow] | Mapping[str, ResponsibilityRow]
    places = side.targets if element == "target" else side.responsibilities
    if row_id is None or row_id not in places:
        return ""
    section = side.sections.get(places[row_id].section_id)
    return heading(section) if section else ""


def heading(section: SectionRow) -> str:
    """Give mark and title of a section, or its first words where it has no title."""
    if section.title:
        return f"{section.label or ''}{section.title}"
    words = " ".join(section.text.split())
    return words[:SUBJECT] + "…" if len(words) > SUBJECT else words


def counts(rows: Iterable[Told]) -> dict[str, int]:
    """Count the rows by their most telling change, in the order of SIGNS."""
    found = [item.row.change for item in rows]
    return {name: found.count(name) for name in SIGNS if name in found}
