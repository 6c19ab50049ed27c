"""What extraction finds in the sections: numbers, periods, targets, responsible organisations."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pipeline.model.source import Problem, Span
from pipeline.quick.classes import NamedTuple, dataclass

NumberClass = Literal["target", "baseline", "support", "qualifier", "date", "doc_number", "label", "name", "other"]
Comparator = Literal["=", ">=", ">", "<=", "<", "~", "range"]
TargetKind = Literal["level", "increase", "change", "rank", "breakthrough"]
Cadence = Literal["by", "annual", "within"]
YearSource = Literal["sentence", "paragraph", "heading", "plan"]
PeriodKind = Literal["year", "span", "deadline", "duration", "recurring", "date"]
PeriodBasis = Literal["text", "plan", "issued_on", "five_year_plan", "minguo"]
Role = Literal["lead", "responsible", "participant"]
ResponsibilityBasis = Literal["note", "table", "rule", "heading", "prose"]
EvidenceField = Literal[
    "value", "unit", "comparator", "kind", "cadence", "year_end", "indicator", "scope", "modality", "baseline",
    "part_of", "confidence",
]  # fmt: skip


class Evidence(NamedTuple):
    """The words [start, end) that one field of a target was read from, and the id of the rule that read them.

    `rule` is a rule of the grammar (level-verb), of a data file (deadline-year-bound), or the way in which the
    words came to the field (own-words, carried). A field may rest on several stretches, as an indicator whose noun
    stands at the end of a list does. A field without evidence was not said: it is what holds by default.
    """

    field: EvidenceField
    rule: str
    start: int
    end: int


class Token(NamedTuple):
    """A word of the grammar in its place: its class, what the class gives it, the word."""

    name: str
    value: str
    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Number:
    """One entry of the ledger. `section` and `target` are indices into the outline and the findings.

    `rule` is the id of what gave the number its class, empty where nothing did.
    """

    section: int
    text: str
    value: Decimal | None
    number_class: NumberClass
    target: int | None
    start: int
    end: int
    rule: str = ""

    @property
    def unexplained(self) -> bool:
        """True for a number that no rule understood; a telephone number is `other` too, but a rule says so."""
        return self.number_class == "other" and not self.rule


@dataclass(frozen=True, slots=True)
class Period:
    """One time expression; `first` and `last` are ISO 8601 with the precision of the text, None where open."""

    section: int
    kind: PeriodKind
    first: str | None
    last: str | None
    recurrence: str | None
    basis: PeriodBasis
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Target:
    """One committed quantity. [start, end) is the figure with its comparator and unit.

    `rule` is the id of the grammar rule that composed it. `part_of` is the index of the target that is
    its total. `year_start`, `year_end` are years; `due_on` is ISO 8601 where a month or day is stated.
    `evidence` tells for each field the words it was read from, `tokens` are the typed words around the figure.
    """

    section: int
    indicator: str
    value: Decimal
    value_max: Decimal | None
    unit: str
    comparator: Comparator
    kind: TargetKind
    cadence: Cadence
    year_start: int | None
    year_end: int | None
    year_source: YearSource | None
    due_on: str | None
    scope: str | None
    modality: str | None
    baseline: str | None
    part_of: int | None
    start: int
    end: int
    sentence_start: int
    sentence_end: int
    confidence: Decimal
    rule: str
    evidence: tuple[Evidence, ...] = ()
    tokens: tuple[Token, ...] = ()


@dataclass(frozen=True, slots=True)
class Responsibility:
    """One organisation in one role for one section. `organisation` is as written, made complete.

    `note` is the whole statement that the name stands in, None for plain sentences and what is inherited.
    """

    section: int
    role: Role
    role_text: str
    organisation: str
    basis: ResponsibilityBasis
    inherited: bool
    start: int
    end: int
    note: Span | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """What a document says a name means: 各板块（高新区、临港新城）. [start, end) is the passage that says so.

    One member is another name of the same body (以下简称市数据局), several are those that a collective name stands for.
    """

    name: str
    members: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Findings:
    """All that was found in one document, each list in reading order."""

    numbers: tuple[Number, ...]
    periods: tuple[Period, ...]
    targets: tuple[Target, ...]
    responsibilities: tuple[Responsibility, ...]
    problems: tuple[Problem, ...] = ()
    definitions: tuple[Definition, ...] = ()
