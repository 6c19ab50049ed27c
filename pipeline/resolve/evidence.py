"""What each field of a target was read from, as rows with the words quoted."""

from __future__ import annotations

from operator import attrgetter

from pipeline.model.findings import Evidence, Target
from pipeline.model.tables import EvidenceRow

# Fields that a target may leave open; words that were considered for one that it leaves open are not told.
MAY_BE_UNSAID = frozenset({"year_end", "scope", "modality", "baseline", "part_of"})
PLACE = attrgetter("start", "end")


def evidence_rows(text: str, target: Target, target_id: str) -> list[EvidenceRow]:
    """Give the typed words around the figure in order, then the words of each field.

    The rule of a typed word is its class with what the class gives it: `comparator_before:>=`.
    """
    rows: list[EvidenceRow] = []
    first = last = -1
    for name, value, _, start, end in sorted(target.tokens, key=PLACE):
        if start < end and (start, end) != (first, last):
            first, last = start, end
            rule = f"{name}:{value}" if value else name
            rows.append(EvidenceRow(target_id, "token", rule, start, end, text[start:end]))
    for field, rule, start, end in target.evidence:
        if field not in MAY_BE_UNSAID or getattr(target, field) is not None:
            rows.append(EvidenceRow(target_id, field, rule, start, end, text[start:end]))
    return rows


def year_of(target: Target) -> Evidence | None:
    """Give the words that `year_end` was read from; None where no words say it."""
    if target.year_end is None:
        return None
    for item in target.evidence:
        if item.field == "year_end":
            return item
    return None
