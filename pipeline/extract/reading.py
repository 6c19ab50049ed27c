"""What the readers of sentences and rows are given, and where they put what they find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.extract.grammar import Grammar
from pipeline.extract.parts import Draft
from pipeline.extract.periods import Calendar, Mention
from pipeline.extract.quantities import Quantity
from pipeline.lexicon.facts import Facts
from pipeline.model.findings import Evidence, NumberClass, Target
from pipeline.model.source import Problem, Span

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """What is known of the text around.

    `mentions` are the time expressions of the section that say when something is due, `times` the places of
    all, `upper` the year that the goals above it state and `upper_at` where; `factual` marks sections on the state
    of things, `goal` those that set goals. `title` is the place of the
    section's own title where it has a label, `above` that of the title it stands under.
    """

    section: int
    mentions: tuple[Mention, ...]
    times: tuple[Place, ...]
    calendar: Calendar
    upper: int | None
    factual: bool
    goal: bool
    facts: Facts
    cell: bool = False
    upper_at: Evidence | None = None
    title: Place | None = None
    above: Span | None = None


class Reading(NamedTuple):
    """One sentence in its place, with all that is needed to judge the figures in it.

    `near` are the time expressions of the paragraph, `earlier` the last deadline before it in the section,
    `holes` the places of time expressions in the sentence (no word may run through them), `figures` the
    starts of its quantities.
    """

    text: str
    sentence: Span
    paragraph: Span
    near: tuple[Mention, ...]
    earlier: Mention | None
    holes: tuple[Place, ...]
    figures: tuple[int, ...]
    passage: Passage
    grammar: Grammar


@dataclass(slots=True)
class Marks:
    """What the numbers of a document turned out to be: class, target index and rule by the place of the numeral."""

    classes: dict[Place, NumberClass] = field(default_factory=dict)
    targets: dict[Place, int] = field(default_factory=dict)
    rules: dict[Place, str] = field(default_factory=dict)

    def reason(self, place: Place) -> tuple[NumberClass, str]:
        """Give the class of a numeral and the rule for it; `other` without rule where nothing was said of it."""
        return self.classes.get(place, "other"), self.rules.get(place, "")

    def put(self, quantity: Quantity, number_class: NumberClass, rule: str = "") -> None:
        """Give all numerals of a quantity a class and the rule for it, unless they are a target's already."""
        for place in quantity.places:
            if self.classes.get(place) != "target":
                self.classes[place], self.rules[place] = number_class, rule

    def claim(self, places: Sequence[Place], target: int, rule: str = "") -> None:
        """Give numerals to a target; the first target that claims a numeral keeps it."""
        for place in places:
            self.classes[place] = "target"
            if self.targets.setdefault(place, target) == target:
                self.rules[place] = rule


@dataclass(slots=True)
class Harvest:
    """Targets, marks and problems as they are collected over a document; `rate` is the rate that was told last."""

    targets: list[Target] = field(default_factory=list)
    marks: Marks = field(default_factory=Marks)
    problems: list[Problem] = field(default_factory=list)
    rate: Draft | None = None
