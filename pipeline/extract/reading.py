"""What the readers of sentences and rows are given, and where they put what they find."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from pipeline.extract.grammar import Grammar
from pipeline.extract.periods import Calendar, Mention
from pipeline.extract.quantities import Quantity
from pipeline.extract.statements import Draft
from pipeline.lexicon.facts import Facts
from pipeline.model.findings import Evidence, NumberClass, Target
from pipeline.model.source import Problem, Span
from pipeline.quick.classes import NamedTuple, dataclass, field

Place = tuple[int, int]
UNREADABLE = "year-implausible"
LOCAL = ("deadline-year-bound", "deadline-month", "year-half", "end-of-year", "month-of-plan-year", "season-of-year")


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


class Paragraph:
    """A paragraph [start, end) with its time expressions `near`; what only few figures ask of it is found once."""

    def __init__(self, text: str, place: Span, near: tuple[Mention, ...], passage: Passage, grammar: Grammar) -> None:
        self.text, self.near, self.passage, self.grammar = text, near, passage, grammar
        self.start, self.end = place
        self.objects: dict[tuple[str, int], Place | None] = {}

    @cached_property
    def notes(self) -> list[Place]:
        """The brackets that tell a present value."""
        return [m.span() for m in self.grammar.patterns["current-note"].finditer(self.text, self.start, self.end)]

    @cached_property
    def carrying(self) -> list[Mention]:
        """The time expressions that also date the sentences after their own, none before the plan."""
        base = self.passage.calendar.plan_start or self.passage.calendar.issued_year or 0
        ahead = (mention for mention in self.near if mention.year is None or mention.year >= base)
        return [mention for mention in ahead if carries(self.text, mention)]

    @cached_property
    def agree(self) -> bool:
        """True where all these name one year."""
        return len({mention.year for mention in self.carrying}) == 1


def carries(text: str, mention: Mention) -> bool:
    """True where an expression also dates the sentences after it: 到2025年 does, 2023年6月底前 is its clause's own."""
    if mention.rule == UNREADABLE:
        return True
    if mention.year is None or mention.word not in ("deadline", "year", "span", "duration"):
        return False
    if text.endswith("其中", 0, mention.period.start):
        return False
    return mention.rule not in LOCAL or text[mention.period.start] in "到至"


class Clause(NamedTuple):
    """What a clause (up to ；) says of the figures in it.

    `recipient` is the place of those who are helped, `within` that of the places a work is done in; `threshold` marks
    conditions for an application, `area` the bounds of an area, `forecast` what is expected of the world.
    """

    recipient: Place | None
    within: Place | None
    threshold: bool
    area: bool
    forecast: bool


class Reading(NamedTuple):
    """One sentence in its place, with all that is needed to judge the figures in it.

    `inside` are the time expressions of the sentence, `earlier` the last deadline before the paragraph in the
    section, `holes` the places of time expressions in the sentence (no word may run through them), `figures` the
    starts of its quantities, `notes` the brackets that tell a present value. `clauses` are those that were read.
    """

    text: str
    sentence: Span
    paragraph: Paragraph
    inside: tuple[Mention, ...]
    earlier: Mention | None
    holes: tuple[Place, ...]
    figures: tuple[int, ...]
    notes: tuple[Place, ...]
    passage: Passage
    grammar: Grammar
    clauses: dict[Place, Clause]


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
