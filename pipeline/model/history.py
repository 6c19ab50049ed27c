"""The history of an indicator: every point that a plan sets, in series that may be compared, with what changed."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from pipeline.model.changes import CHANGES
from pipeline.model.tables import column
from pipeline.quick.classes import NamedTuple, dataclass

# final: due in the last year of its plan; step: before it; outlook: behind it; baseline: what the plan starts from.
ROLES = ("final", "step", "outlook", "baseline")
# What a figure measures: a state; an addition or a change over the whole span, or in each year of it; a rank; a first.
BASES = ("state", "total", "annual")
KINDS = ("level", "increase", "change", "rank", "breakthrough")


@dataclass(frozen=True, slots=True)
class PointRow:
    """One point of a history. Rows of `track.csv`; every row leads back to its target by `target_id`."""

    table: ClassVar[str] = "track"
    key: ClassVar[tuple[str, ...]] = ("point_id",)
    links: ClassVar[dict[str, str]] = {}

    point_id: str = column(
        "Id of the point: its target_id; with -baseline for the value that the target starts from, with the series_id "
        "where the name is only related"
    )
    target_id: str = column("Target in the table targets that the point was read from")
    series_id: str = column("The same for all points that stand in one series")
    family: str = column("Indicator that was asked for, in its standard wording")
    indicator: str = column("Indicator as the plan words it")
    indicator_id: str = column("Id of that wording, as in targets")
    related: bool = column("True for a name that belongs in the chart but must not be compared with the family")
    name_note: str | None = column("What to mind of that wording: where custom gives it another meaning")
    place: str | None = column("Place that the plan speaks for, with its administrative code where known")
    place_path: str | None = column("The place below those it lies in, joined by /")
    scope: str | None = column("Part of the place, or body, that the figure holds for; empty for the whole place")
    kind: str = column("As in targets: a state, an addition, a relative change, a rank, a first", enum=KINDS)
    basis: str = column("State, or total of a span, or amount of each year", enum=BASES)
    unit: str | None = column("Unit in which the series counts")
    role: str = column("Due at the plan's end, before it, behind it; or what it starts from", enum=ROLES)
    year_start: int | None = column("First year of the span that the figure covers, where known")
    year: int | None = column("Year in which it is due; of a baseline the year that the plan tells for it")
    span: int | None = column("Number of years that an addition or change covers, where known")
    value: Decimal = column("Value in the unit, exact; the lower bound of a range")
    value_max: Decimal | None = column("Upper bound of a range")
    comparator: str = column("How the value binds", enum=("=", ">=", ">", "<=", "<", "~", "range"))
    change: str | None = column("What became of the target of the plan before, in the same series", enum=CHANGES)
    change_from: str | None = column("Point of the plan before that the change is told from")
    change_reason: str | None = column("The change in words")
    conflict: bool = column("True where the same series says another value for the same year")
    conflict_reason: str | None = column("Which values, and where")
    comparable: bool = column("False where the series must not be set against the main one of its place")
    reason: str | None = column("Why not, in words")
    copies: int = column("Number of further documents that print the same plan with the same value")
    repeats: int = column("Number of further passages of the document that say the same")
    copy_ids: str | None = column("target_id of these copies and repeats, joined by ;")
    modality: str | None = column("力争, 确保, 约束性, 预期性 … as written")
    confidence: Decimal = column("As in targets")
    plan_id: str | None = column("Plan that sets the target")
    plan_title: str | None = column("Its title")
    period_start: int | None = column("First year that the plan covers")
    period_end: int | None = column("Last year that the plan covers")
    document_id: str = column("Document that prints it")
    document_title: str | None = column("Title of the document")
    doc_number: str | None = column("发文字号")
    issued_on: str | None = column("成文日期", format="date")
    source: str = column("Path of the file below the input root, with /")
    heading: str | None = column("Heading above the target")
    quote: str = column("The figure as in the normalised text; of a baseline the words that tell it")
    sentence: str = column("The full sentence or table cell")
    char_start: int = column("Start of the target's quote in text/<document_id>.txt, in code points")
    char_end: int = column("End of it, exclusive")


@dataclass(frozen=True, slots=True)
class Series:
    """Points of one indicator, place, scope, kind and unit, in the order of their years.

    `label` is what a legend shows for it; `reason` says why it must not be set against the main series of its place
    (None where it may), `related` why its name is another indicator than the family (None where it is the same).
    """

    series_id: str
    family: str
    label: str
    related: str | None
    place: str | None
    place_path: str | None
    scope: str | None
    kind: str
    basis: str
    unit: str | None
    comparable: bool
    reason: str | None
    points: tuple[PointRow, ...]


class Asked(NamedTuple):
    """One query and what it was taken for: the family's standard wording, its note, how many names it holds."""

    query: str
    family: str
    note: str
    names: tuple[str, ...]


class AlsoSeen(NamedTuple):
    """A name that holds the words of the query and was not counted, with the number of its targets."""

    family: str
    indicator: str
    number: int


@dataclass(frozen=True, slots=True)
class History:
    """What a folder of plans says about the indicators that were asked for.

    `target_count` targets were read, `matched` of them belong to the indicators (related names included), of these
    `left_out` fell to the options; `copies` (in other documents) and `repeats` (in the same) were folded into the point
    that they say again. `notes` tell in words what could not be read or drawn.
    """

    asked: tuple[Asked, ...]
    series: tuple[Series, ...]
    also_seen: tuple[AlsoSeen, ...]
    target_count: int
    matched: int
    left_out: int
    copies: int
    repeats: int
    notes: tuple[str, ...] = ()

    @property
    def points(self) -> tuple[PointRow, ...]:
        """All points in the order of the series."""
        return tuple(point for series in self.series for point in series.points)
