"""Set what a comparison found against what changed, and tell what it missed and what it made up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.model.changes import ChangeRow, Comparison
from pipeline.model.tables import Record
from plans.events import Event, Truth
from plans.located import Places

# The notice, the words before the first heading and the signature tell number, date and years: they may differ.
OF_FRAME = ("front", "preamble", "closing")


class Said(NamedTuple):
    """One change that a comparison tells of a pair, or of an element without partner."""

    element: str
    change: str
    a_id: str | None
    b_id: str | None


@dataclass(slots=True)
class Score:
    """Counts by element and change, with what was missed and what was wrong, in words."""

    right: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: Counter[tuple[str, str]] = field(default_factory=Counter)
    missed: Counter[tuple[str, str]] = field(default_factory=Counter)
    stories: list[tuple[str, tuple[str, str], str]] = field(default_factory=list)

    def add(self, other: Score) -> None:
        """Add the counts of another pair of plans."""
        self.right += other.right
        self.wrong += other.wrong
        self.missed += other.missed
        self.stories += other.stories

    def f1(self, *types: tuple[str, str]) -> float:
        """Give F1 of the types, of all together where none is named; 1 where there was nothing to find or to miss."""
        chosen = set(types) or {*self.right, *self.wrong, *self.missed}
        right, wrong, missed = (sum(c[t] for t in chosen) for c in (self.right, self.wrong, self.missed))
        return 2 * right / (2 * right + wrong + missed) if right + wrong + missed else 1.0


def scored(comparison: Comparison, truth: Truth) -> Score:
    """Give what the comparison of two documents found, missed and made up of the changes in `truth`."""
    a, b = Places(comparison.a[0]), Places(comparison.b[0])
    rows = list(said(comparison.changes))
    known, score = set(rows), Score()
    used: set[Said] = set()
    for event in truth.events:
        pair = _ids(event, a, b)
        names = [Said(event.element, change, *pair) for change in (event.change, *event.instead)]
        hits = [name for name in names if name in known]
        used |= set(names)
        kind = (event.element, event.change)
        if hits:
            score.right[kind] += 1
        else:
            score.missed[kind] += 1
            score.stories.append(("missed", kind, _story(event, pair, comparison)))
    allowed = {Said(event.element, event.change, *_ids(event, a, b)) for event in truth.optional}
    excused = _excused(truth, a, b, comparison)
    for row in rows:
        # The plan itself is told apart by its years, of which nothing is expected here.
        if row in used or row in allowed or {("a", row.a_id), ("b", row.b_id)} & excused or row.element == "plan":
            continue
        score.wrong[row.element, row.change] += 1
        score.stories.append(("wrong", (row.element, row.change), _told(row, comparison)))
    return score


def said(changes: Iterable[ChangeRow]) -> Iterable[Said]:
    """Give every change that the rows tell, those of `also` too; none for what did not change."""
    for row in changes:
        for change in dict.fromkeys([row.change, *(row.also or "").split(";")]):
            if change and change != "unchanged":
                yield Said(row.element, change, row.a_id, row.b_id)


def table(score: Score) -> str:
    """Give the counts by type as lines of text."""
    types = sorted({*score.right, *score.wrong, *score.missed})
    lines = [f"{'':32} {'right':>6} {'missed':>6} {'wrong':>6} {'F1':>7}"]
    lines += [
        f"{f'{element} {change}':32} {score.right[element, change]:6} {score.missed[element, change]:6}"
        f" {score.wrong[element, change]:6} {score.f1((element, change)):7.4f}"
        for element, change in types
    ]
    totals = (sum(counts.values()) for counts in (score.right, score.missed, score.wrong))
    return "\n".join([*lines, "{:32} {:6} {:6} {:6} {:7.4f}".format("all", *totals, score.f1())])


def _ids(event: Event, a: Places, b: Places) -> tuple[str | None, str | None]:
    return (
        a.row(event.element, event.a) if event.a is not None else None,
        b.row(event.element, event.b) if event.b is not None else None,
    )


def _excused(truth: Truth, a: Places, b: Places, comparison: Comparison) -> set[tuple[str, str | None]]:
    sides = {"a": a, "b": b}
    found: set[tuple[str, str | None]] = {(side, sides[side].row(e, key)) for side, e, key in truth.excused}
    for side, record in (("a", comparison.a[0]), ("b", comparison.b[0])):
        found |= {(side, section.section_id) for section in record.sections if section.kind in OF_FRAME}
    return found


def _names(record: Record) -> dict[str, str]:
    """What to call a row in a report, by its id."""
    titles = {section.section_id: section.title or section.kind for section in record.sections}
    names = {id: f"«{title}»" for id, title in titles.items()}
    names |= {t.target_id: f"«{titles[t.section_id]}» {t.indicator} {t.quote}" for t in record.targets}
    for charge in record.responsibilities:
        names[charge.responsibility_id] = f"«{titles[charge.section_id]}» {charge.organisation} ({charge.role})"
    return names


def _told(row: Said, comparison: Comparison) -> str:
    a, b = _names(comparison.a[0]), _names(comparison.b[0])
    return f"{a.get(row.a_id or '', '–')} → {b.get(row.b_id or '', '–')}"


def _story(event: Event, pair: tuple[str | None, str | None], comparison: Comparison) -> str:
    """What should have been found, and what the rows of the two elements say in its place."""
    a_id, b_id = pair
    touching = [
        row
        for row in comparison.changes
        if row.element == event.element and ((a_id and row.a_id == a_id) or (b_id and row.b_id == b_id))
    ]
    told = "; ".join(
        f"{row.change}{f'+{row.also}' if row.also else ''} {_told(Said('', '', row.a_id, row.b_id), comparison)}"
        for row in touching
    )
    return f"{_told(Said(event.element, event.change, *pair), comparison)}   but told: {told or 'no row'}"
