"""Comparisons built by hand for the tests of the views: pairs by title, by indicator, by organisation."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pipeline
from pipeline.model.changes import ChangeRow, Comparison, Relation
from pipeline.model.tables import Record, TargetRow


def parsed(folder: Path, name: str, text: str) -> Record:
    """Parse a text written for a test."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return pipeline.parse(path)


def change(element: str, what: str, a: Any, b: Any, **other: Any) -> ChangeRow:
    """Give a row of `element` from rows of the tables; None for the side that has nothing."""
    names = {"target": "target_id", "task": "section_id", "section": "section_id", "plan": "plan_id"}
    name = names.get(element, "responsibility_id")
    a_id, b_id = (getattr(row, name) if row else None for row in (a, b))
    facts: dict[str, Any] = {
        "change_id": f"{element}-{a_id or ''}-{b_id or ''}",
        "element": element,
        "change": what,
        "also": None,
        "a_document_id": a.document_id if a else None,
        "b_document_id": b.document_id if b else None,
        "a_id": a_id,
        "b_id": b_id,
        "a_quote": _quote(a),
        "b_quote": _quote(b),
        "before": _quote(a),
        "after": _quote(b),
        "fields": json.dumps({}),
        "comparable": True,
        "score": Decimal("1") if a and b else None,
        "reason": None,
        "doubtful": False,
    }
    return ChangeRow(**{**facts, **other})


def _quote(row: Any) -> str | None:
    return None if row is None else (getattr(row, "quote", None) or row.title)


def paired(a: Sequence[Any], b: Sequence[Any], key: Any) -> Iterator[tuple[Any, Any]]:
    """Pair rows with one key, each once, in the order of the second side; the rest of the first side at the end."""
    waiting: dict[Any, list[Any]] = {}
    for row in a:
        waiting.setdefault(key(row), []).append(row)
    for row in b:
        same = waiting.get(key(row))
        yield (same.pop(0) if same else None), row
    yield from ((row, None) for rows in waiting.values() for row in rows)


def compared(a: Record, b: Record, *, kind: str = "successor", extra: Sequence[ChangeRow] = ()) -> Comparison:
    """Pair two records by headings, indicators and organisations; good enough to draw a page from."""
    rows: list[ChangeRow] = []
    for one, other in paired(a.sections, b.sections, lambda row: (row.kind, row.title)):
        element = "task" if (other or one).kind in ("task", "row") else "section"
        rows.append(change(element, _what(one, other, lambda row: row.text, "reworded"), one, other))
    for one, other in paired(a.targets, b.targets, lambda row: row.indicator):
        rows.append(change("target", _target(one, other), one, other, reason=one and other and "same indicator"))
    titles = {row.section_id: row.title for record in (a, b) for row in record.sections}
    for one, other in paired(
        a.responsibilities, b.responsibilities, lambda row: (titles[row.section_id], row.organisation)
    ):
        rows.append(change("responsibility", _what(one, other, lambda row: row.role, "lead_changed"), one, other))
    relation = Relation(a.document.document_id, b.document.document_id, kind, 0.71, "title and place agree")
    return Comparison((a,), (b,), (relation,), (*rows, *extra))


def _what(a: Any, b: Any, key: Any, otherwise: str) -> str:
    if a is None or b is None:
        return "new" if a is None else "dropped"
    return "unchanged" if key(a) == key(b) else otherwise


def _target(a: TargetRow | None, b: TargetRow | None) -> str:
    if a is None or b is None:
        return "new" if a is None else "dropped"
    if a.value != b.value:
        return "raised" if b.value > a.value else "lowered"
    return "unchanged" if a.year_end == b.year_end else "postponed"
