"""What a comparison gives: how two documents are related, and one row per pair and per element without partner."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from pipeline.model.tables import Record, column
from pipeline.quick.classes import NamedTuple, dataclass

ELEMENTS = ("plan", "section", "task", "target", "responsibility")
CHANGES = (
    "unchanged", "raised", "lowered", "postponed", "brought_forward", "new", "dropped", "renamed", "reworded",
    "moved", "split", "merged", "unit_changed", "kind_changed", "scope_changed", "comparator_changed",
    "lead_changed", "not_comparable",
)  # fmt: skip
# same: not a character differs; copy: one text, damaged or typed anew; version: one plan, revised;
# successor: the plan of the next period; level: plans of two places; other: none of these.
RELATIONS = ("same", "copy", "version", "successor", "level", "other")


@dataclass(frozen=True, slots=True)
class ChangeRow:
    table: ClassVar[str] = "changes"
    key: ClassVar[tuple[str, ...]] = ("change_id",)
    links: ClassVar[dict[str, str]] = {}

    change_id: str = column("Id of the row, made from the ids of the pair")
    element: str = column("What is compared", enum=ELEMENTS)
    change: str = column("What became of it: the most telling change", enum=CHANGES)
    also: str | None = column("Further changes of the same pair, joined by ;")
    a_document_id: str | None = column("Document of the first side; empty for what is new")
    b_document_id: str | None = column("Document of the second side; empty for what was dropped")
    a_id: str | None = column("Id of the row in the tables of the first side; empty for what is new")
    b_id: str | None = column("Id of the row in the tables of the second side; empty for what was dropped")
    a_quote: str | None = column("Its words on the first side: figure, title or name")
    b_quote: str | None = column("Its words on the second side")
    before: str | None = column("The value that a person compares, on the first side")
    after: str | None = column("The same on the second side")
    fields: str = column("JSON object: every column that differs → [value on the first side, value on the second]")
    comparable: bool = column("False where the two values must not be set against each other; `reason` says why")
    score: Decimal | None = column("Similarity of the pair, 0 to 1; empty for an element without partner")
    reason: str | None = column("Why the two are a pair, what the change is, or why they cannot be compared")
    doubtful: bool = column("True where a person should look whether the pair is right")


class Damage(NamedTuple):
    """Words of a copy that are not those of the original: offsets in the normalised texts, and the words."""

    a_start: int
    a_end: int
    b_start: int
    b_end: int
    a_words: str
    b_words: str


@dataclass(frozen=True, slots=True)
class Relation:
    """How a document of the first side is related to one of the second.

    `kind` is one of RELATIONS; `similarity` that of the two texts, 0 to 1; `reason` says it in words. `damage` lists
    where the texts of a copy differ.
    """

    a_document_id: str
    b_document_id: str
    kind: str
    similarity: float
    reason: str
    damage: tuple[Damage, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides, how their documents are related, and the changes from the first side to the second.

    `changes` holds a row for every pair, also for unchanged ones, and for every element without partner, in the order
    of the second side; what was dropped stands where it stood among its neighbours.
    """

    a: tuple[Record, ...]
    b: tuple[Record, ...]
    relations: tuple[Relation, ...]
    changes: tuple[ChangeRow, ...]

    @property
    def differences(self) -> tuple[ChangeRow, ...]:
        """The changes without the pairs that did not change."""
        return tuple(row for row in self.changes if row.change != "unchanged")
