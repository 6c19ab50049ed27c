"""A plan as data. Every element has a `uid` that it keeps while the plan is edited, so that its two versions are known.

The classes are mutable on purpose: an edit works on a deep copy of the plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

SCALES = {"": 1, "万": 10**4, "亿": 10**8}
# Words of the comparator, before and behind the figure.
LEVEL_WORDS = {
    "=": ("达到", ""),
    ">=": ("达到", "以上"),
    ">": ("超过", ""),
    "~": ("达到", "左右"),
    "<=": ("控制在", "以内"),
}
ADDED_WORDS = {"=": "", ">=": "以上", "~": "左右"}
# Areas that the reader of targets knows as a scope; a zone stays part of the indicator there.
SCOPES = ("", "全市", "市本级")

Kind = Literal["level", "increase"]
Cadence = Literal["by", "annual", "within"]
Role = Literal["lead", "responsible", "participant"]


@dataclass(slots=True)
class Target:
    """A quantity that the plan commits to: `value` as written before `scale`, `year` None where not said.

    Targets of one `goal` are the same goal, stated in several places.
    """

    uid: str
    entry: str
    indicator: str
    unit: str
    value: Decimal
    scale: str
    kind: Kind
    comparator: str
    verb: str = ""
    cadence: Cadence = "by"
    area: str = ""
    year: int | None = None
    goal: str = ""
    in_table: bool = False

    @property
    def amount(self) -> Decimal:
        """The value in the base unit."""
        return self.value * SCALES[self.scale]

    @property
    def measured(self) -> Decimal:
        """The value in a unit that its other units convert to: square metres for 亩."""
        return self.amount * 2000 / 3 if self.unit == "亩" else self.amount

    @property
    def figure(self) -> str:
        """The value as it is written, with its unit."""
        return f"{self.value.normalize():f}{self.scale}{self.unit}"

    @property
    def read_as(self) -> str:
        """The indicator as a reader without a map of the city names it: a zone stays with it, and so does a verb."""
        named = (self.verb[1:] if self.verb.startswith("+") else "") + self.indicator
        return named if self.area in SCOPES else self.area + named

    @property
    def clause(self) -> str:
        """The words that say it, without the year."""
        if self.kind == "level":
            before, behind = LEVEL_WORDS[self.comparator]
            return f"{self.area}{self.indicator}{before}{self.figure}{behind}"
        often = {"by": "", "annual": "每年", "within": "三年累计"}[self.cadence]
        verb = self.verb.removeprefix("+")
        return f"{self.area}{often}{verb}{self.indicator}{self.figure}{ADDED_WORDS[self.comparator]}"


@dataclass(slots=True)
class Prose:
    """A sentence of a theme: which sentence pattern, and its words."""

    pattern: str
    words: str


@dataclass(slots=True)
class Commitment:
    """A sentence of one or several targets. All share the year that it opens with."""

    opening: str
    targets: list[Target]
    joint: str = "、"

    @property
    def words(self) -> str:
        """The sentence."""
        year = self.targets[0].year
        opening = self.opening.format(year=year) if year is not None else ""
        return opening + self.joint.join(target.clause for target in self.targets) + "。"


@dataclass(slots=True)
class Charge:
    """An organisation that answers for a task."""

    uid: str
    name: str
    role: Role


@dataclass(slots=True)
class Task:
    """A task: its sentences in order. `origins` are the tasks of the first version that it was made from."""

    uid: str
    topic: str
    noun: str
    second: str
    titles: tuple[str, ...]
    title: str
    sentences: list[Prose | Commitment]
    charges: list[Charge]
    origins: tuple[str, ...] = ()

    @property
    def targets(self) -> list[Target]:
        """Its targets in reading order."""
        return [t for s in self.sentences if isinstance(s, Commitment) for t in s.targets]

    @property
    def words(self) -> str:
        """Its prose, without heading and note."""
        return "".join(sentence.words for sentence in self.sentences)


@dataclass(slots=True)
class Group:
    """A heading with tasks under it."""

    uid: str
    title: str
    topic: str
    tasks: list[Task]


@dataclass(slots=True)
class Line:
    """A row of the annexed table of goals, with the figure of the year before the plan, as written."""

    target: Target
    present: Decimal
    nature: str


@dataclass(slots=True)
class Style:
    """How the plan is laid out: chapters of groups, or a chapter per group; continuous numbers; indented lines.

    `labels`: whether notes name the roles before the bodies (牵头单位：…) or behind them (…牵头).
    """

    chapters: bool
    continuous: bool
    indented: bool
    run_in: bool
    labels: bool


@dataclass(slots=True)
class Plan:
    """A plan and the notice that issues it."""

    place: str
    short: str
    title: str
    start: int
    end: int
    number: int
    issued: tuple[int, int, int]
    preamble: str
    guide: str
    principles: list[str]
    goals: list[Commitment]
    groups: list[Group]
    safeguards: list[Task]
    style: Style
    annex: list[Line] = field(default_factory=list)
    moved: set[str] = field(default_factory=set)
    reworded: set[str] = field(default_factory=set)
    retitled: set[str] = field(default_factory=set)
    successor: bool = False

    def tasks(self) -> Iterator[Task]:
        """All tasks in reading order, the safeguards last."""
        for group in self.groups:
            yield from group.tasks
        yield from self.safeguards

    def goal_targets(self) -> list[Target]:
        """The targets of the section of goals."""
        return [target for goal in self.goals for target in goal.targets]

    def targets(self) -> Iterator[tuple[str, Target]]:
        """All targets in reading order, each with the heading that it stands under."""
        for target in self.goal_targets():
            yield GOALS, target
        for task in self.tasks():
            for target in task.targets:
                yield task.title, target
        for line in self.annex:
            yield line.target.indicator, line.target


GOALS = "主要目标"
ANNEX = "主要指标表"
