"""What is found out over many documents of an output folder: copies, and sums that should agree.

The rows are written as CSV beside the tables or printed; they are no part of the package that a run writes.
"""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from pipeline.model.tables import column
from pipeline.quick.classes import dataclass

# identical text: not a sign differs, white space aside; same text: damaged, typed anew or set otherwise; contained:
# all of it stands in a longer document; version: much wording in common, but other figures or another subject.
COPY_RELATIONS = ("identical text", "same text", "contained", "version")

# below: a place and the places that lie in it; inside: a document's total and the parts of its area; steps: a total
# and its yearly steps.
SUM_RELATIONS = ("below", "inside", "steps")
VERDICTS = ("covered", "short", "over", "cannot tell", "not comparable")


@dataclass(frozen=True, slots=True)
class DuplicateRow:
    table: ClassVar[str] = "duplicates"
    key: ClassVar[tuple[str, ...]] = ()
    links: ClassVar[dict[str, str]] = {"document_id": "documents", "other_id": "documents"}

    group_id: str = column("Group of documents that print one text, or of versions of it")
    document_id: str = column("Document of the group")
    source: str = column("Path of its file below the input root, with /")
    relation: str = column("How it is related to `other_id`; versions are no copies", enum=COPY_RELATIONS)
    other_id: str = column("Document that it was compared with: the better one, or for that one its nearest copy")
    similarity: Decimal = column("Share of the signs of the shorter text that stand in the longer one, 0 to 1")
    better: bool = column("True for the one to keep; of versions each is")
    score: Decimal = column("What the source is worth: the points that `reason` lists")
    reason: str = column("Why the relation holds, and the points for and against this source")


@dataclass(frozen=True, slots=True)
class ConsistencyRow:
    table: ClassVar[str] = "consistency"
    key: ClassVar[tuple[str, ...]] = ()
    links: ClassVar[dict[str, str]] = {"document_id": "documents", "target_id": "targets"}

    relation: str = column("What is summed up against the total", enum=SUM_RELATIONS)
    document_id: str = column("Document that names the total")
    source: str = column("Path of its file below the input root, with /")
    target_id: str = column("Target that is the total")
    place: str | None = column("Place that the total is of, as in documents")
    indicator: str = column("What is counted, as the total names it")
    indicator_id: str = column("The same for the same indicator over all documents")
    unit: str | None = column("Base unit")
    kind: str = column("A state or an addition, as in targets")
    year_end: int | None = column("Year in which the total is due")
    comparator: str = column("How the total binds, as in targets")
    value: Decimal = column("The total; the lower bound of a range")
    value_max: Decimal | None = column("Upper bound of a range")
    parts: int = column("Number of parts that were summed up: places, areas or years")
    parts_expected: int | None = column("Number of parts that there are; empty where that is not known")
    sum: Decimal | None = column("What the parts bring at least; empty where nothing was summed up")
    sum_max: Decimal | None = column("What they bring at most, where that is told and differs")
    difference: Decimal | None = column("sum − value: below 0 a shortfall")
    verdict: str = column("Whether the parts bring the total", enum=VERDICTS)
    part_ids: str | None = column("target_id of the parts, joined by ;")
    part_values: str | None = column("The parts with their values, joined by ;")
    reason: str = column("The verdict in words, with what is missing or stands in the way")
