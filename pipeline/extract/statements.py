"""What is known of a figure while its statement is put together: its parts, what the sentence said before, a draft."""

from __future__ import annotations

from decimal import Decimal

from pipeline.extract.peel import Token
from pipeline.extract.quantities import Quantity
from pipeline.model.findings import Comparator, Evidence, TargetKind
from pipeline.quick.classes import NamedTuple, dataclass, field

Place = tuple[int, int]


class Draft(NamedTuple):
    """A statement of a figure, before it is known whether it commits and when it is due.

    `named` are the words of its indicator, `evidence` those of what else it says, `year_at` those of `year`.
    """

    indicator: str
    quantity: Quantity
    comparator: Comparator
    kind: TargetKind
    start: int
    end: int
    scope: str | None
    modality: str | None
    of_which: bool
    rule: str
    confidence: Decimal
    baseline: Quantity | None = None
    year: int | None = None
    chained: bool = False
    backed: bool = False
    describes: bool = False
    year_at: Place | None = None
    evidence: tuple[Evidence, ...] = ()
    named: tuple[Evidence, ...] = ()
    tokens: tuple[Token, ...] = ()


@dataclass(slots=True)
class Breath:
    """What one item of a sentence hands on to the next.

    `said` holds the words that gave kind, scope, modality and 其中, `named` those of the indicator; `measure` is the
    indicator without the area that it was last told for, `total` that of a figure whose parts stand in the bracket
    behind it, `headed` what stands before a colon, `whole` the last that is no part after 其中, `counted` the last in
    each measure; `years` are those that a list has gone over.
    """

    kind: TargetKind | None = None
    noun: str | None = None
    indicator: str | None = None
    unit: str = ""
    kept: bool = False
    subject: str = ""
    scope: str | None = None
    modality: str | None = None
    of_which: bool = False
    qualifiers: list[Quantity] = field(default_factory=list)
    baseline: Quantity | None = None
    label: str | None = None
    measure: str = ""
    headed: str = ""
    total: str = ""
    whole: str | None = None
    whole_unit: str = ""
    counted: dict[str, str] = field(default_factory=dict)
    opened: bool = False
    years: tuple[tuple[int, Place], ...] = ()
    subject_at: Place | None = None
    label_at: Place | None = None
    named: tuple[Evidence, ...] = ()
    said: dict[str, Evidence] = field(default_factory=dict)


class Parts(NamedTuple):
    """An item taken apart around one figure: peeled words, the noun between them, and what follows the figure.

    `core_at`, `rest_at`, `after_at` are the places of the noun, the rest and the bound after the figure. `elided` marks
    a noun left out after 的: 其中营收超10亿元的8家.
    """

    left: tuple[Token, ...]
    right: tuple[Token, ...]
    core: str
    start: int
    end: int
    rest: str
    after: str
    verb: Token | None
    core_at: Place
    rest_at: Place
    after_at: Place
    elided: bool = False
