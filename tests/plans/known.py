"""A comparison that knows what changed: what the yardstick is checked with."""

from __future__ import annotations

import json

from pipeline.model.changes import ChangeRow, Comparison
from pipeline.model.tables import Record
from plans.events import Truth
from plans.invariants import CONTENT, content
from plans.located import Places


def knowing(a: Record, b: Record, truth: Truth) -> Comparison:
    """Give the comparison that tells exactly the events of `truth`, a row for each pair."""
    places, others = Places(a), Places(b)
    told: dict[tuple[str, str | None, str | None], list[str]] = {}
    for event in truth.events:
        a_id = places.row(event.element, event.a) if event.a else None
        b_id = others.row(event.element, event.b) if event.b else None
        told.setdefault((event.element, a_id, b_id), []).append(event.change)
    rows = tuple(row(a, b, element, a_id, b_id, changes) for (element, a_id, b_id), changes in told.items())
    return Comparison((a,), (b,), (), rows)


def row(
    a: Record, b: Record, element: str, a_id: str | None, b_id: str | None, changes: list[str] | None = None
) -> ChangeRow:
    """Give the row of a pair with every column that differs."""
    names = CONTENT[element][2]
    nothing = dict.fromkeys(names)
    before = content(a)[element][a_id] if a_id else nothing
    after = content(b)[element][b_id] if b_id else nothing
    fields = {name: [before[name], after[name]] for name in names if before[name] != after[name]}
    change, *also = changes or ["unchanged"]
    return ChangeRow(
        change_id=f"{a_id}>{b_id}", element=element, change=change, also=";".join(also) or None,
        a_document_id=a.document.document_id, b_document_id=b.document.document_id, a_id=a_id, b_id=b_id,
        a_quote=None, b_quote=None, before=None, after=None, fields=json.dumps(fields, default=str), comparable=True,
        score=None, reason=None, doubtful=False,
    )  # fmt: skip
