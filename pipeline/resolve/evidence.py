"""What each field of a target was read from, as rows with the words quoted."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.model.findings import Evidence, Target
from pipeline.model.tables import EvidenceRow

# Fields that a target may leave open; words that were considered for one that it leaves open are not told.
MAY_BE_UNSAID = frozenset({"year_end", "scope", "modality", "baseline", "part_of"})


def evidence_rows(text: str, target: Target, target_id: str) -> Iterator[EvidenceRow]:
    """Give the typed words around the figure in order, then the words of each field.

    The rule of a typed word is its class with what the class gives it: `comparator_before:>=`.
    """
    seen: set[tuple[int, int]] = set()
    for token in sorted(target.tokens, key=lambda token: (token.start, token.end)):
        if token.start < token.end and (token.start, token.end) not in seen:
            seen.add((token.start, token.end))
            rule = f"{token.name}:{token.value}" if token.value else token.name
            yield _row(text, target_id, "token", rule, token.start, token.end)
    for item in target.evidence:
        if item.field not in MAY_BE_UNSAID or getattr(target, item.field) is not None:
            yield _row(text, target_id, item.field, item.rule, item.start, item.end)


def _row(text: str, target_id: str, field: str, rule: str, start: int, end: int) -> EvidenceRow:
    return EvidenceRow(target_id, field, rule, start, end, text[start:end])


def year_of(target: Target) -> Evidence | None:
    """Give the words that `year_end` was read from; None where no words say it."""
    if target.year_end is None:
        return None
    return next((item for item in target.evidence if item.field == "year_end"), None)
