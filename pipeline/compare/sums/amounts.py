"""What a target binds to, as an interval, and which targets may be summed up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from pipeline.lexicon import Lexicon

ZERO = Decimal(0)
CAPS = ("<=", "<")
FLOORS = (">=", ">")
# Measures of things that lie side by side. A share, a grade, an age or a speed is had by each thing.
ADDED = frozenset(("count", "money", "area", "length", "volume", "mass", "power", "energy", "data"))
SUMMED_KINDS = ("level", "increase")
SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<", "~": "~"}


@dataclass(frozen=True, slots=True)
class Aim:
    """A target with what its document tells of place and period: one row of targets, documents and plans.

    `area` is None where it holds for the whole place of the document, else the area as named; `stated`: the document
    says that it holds for the whole. `span_start` is the first year that it covers: its own, else that of the plan.
    """

    target_id: str
    document_id: str
    source: str
    place: str
    place_path: str
    place_level: str
    plan_id: str
    plan_title: str
    plan_years: str
    issued_on: str
    indicator: str
    indicator_id: str
    value: Decimal
    value_max: Decimal | None
    unit: str
    comparator: str
    kind: str
    cadence: str
    year_start: int | None
    year_end: int | None
    span_start: int | None
    area: str | None
    stated: bool
    quote: str
    sentence: str

    @property
    def annual(self) -> bool:
        """True where the value is due in each year."""
        return self.cadence == "annual"


@dataclass(frozen=True, slots=True)
class Bounds:
    """From `low` to `high`; None where there is no upper bound. `rough` where a value was about."""

    low: Decimal
    high: Decimal | None
    rough: bool = False

    def __add__(self, other: Bounds) -> Bounds:
        """Add intervals end by end."""
        high = None if self.high is None or other.high is None else self.high + other.high
        return Bounds(self.low + other.low, high, self.rough or other.rough)

    def times(self, number: int) -> Bounds:
        """Give the sum of so many of it."""
        return Bounds(self.low * number, None if self.high is None else self.high * number, self.rough)

    def __str__(self) -> str:
        """Spell it: 1,000, ≥1,000, 5–6, ≤20."""
        low = f"{self.low:,f}"
        if self.high == self.low:
            return f"~{low}" if self.rough else low
        if self.high is None:
            return f"≥{low}"
        return f"≤{self.high:,f}" if self.low == ZERO else f"{low}–{self.high:,f}"


def bounds_of(aim: Aim) -> Bounds:
    """Give what a target binds to: 达到500家 is 500, 500家以上 is 500 and more, 不超过500家 is 0 to 500."""
    if aim.comparator == "range" and aim.value_max is not None:
        return Bounds(aim.value, aim.value_max)
    if aim.comparator in FLOORS:
        return Bounds(aim.value, None)
    if aim.comparator in CAPS:
        return Bounds(ZERO, aim.value)
    return Bounds(aim.value, aim.value, aim.comparator == "~")


def total(bounds: Iterable[Bounds]) -> Bounds:
    """Add them all up."""
    whole = Bounds(ZERO, ZERO)
    for each in bounds:
        whole += each
    return whole


def why_not_summed(aim: Aim, lexicon: Lexicon) -> str:
    """Say why targets of this indicator cannot be summed up over places; nothing where they can.

    The unit decides (counts, money, areas … add up; shares, points, rates and times do not), the kind (a state or an
    addition, no rank), and the name (人均, 万人, 强度, 率 are had by each place).
    """
    if aim.kind not in SUMMED_KINDS:
        return f"a target of kind {aim.kind} is no amount"
    measure = lexicon.measures.by_unit.get(aim.unit)
    if not aim.unit or measure is None:
        return f"whether {aim.unit or 'a value without unit'} adds up is not known"
    if measure.dimension not in ADDED or "/" in aim.unit:
        return f"values in {aim.unit} are had by each place and do not add up"
    named = lexicon.audit["not-additive"].search(aim.indicator)
    if named is not None:
        return f"{named.group()} in its name says that each place has its own; such values do not add up"
    return ""
