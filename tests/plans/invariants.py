"""What must hold of every comparison, whatever the documents: each function gives what does not hold, in words."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from pipeline.model.changes import ChangeRow, Comparison
from pipeline.model.tables import Record

Compare = Callable[[Record, Record], Comparison]
Content = dict[str, dict[str, Any]]

MIRRORED = {
    "raised": "lowered", "lowered": "raised", "postponed": "brought_forward", "brought_forward": "postponed",
    "new": "dropped", "dropped": "new", "split": "merged", "merged": "split",
}  # fmt: skip
# The columns that say what a row is, not where it stands; by element: the table, the id, the columns.
CONTENT: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "plan": ("plans", "plan_id", ("title", "period_start", "period_end")),
    "section": ("sections", "section_id", ("kind", "depth", "label", "number", "title", "text")),
    "task": ("tasks", "task_id", ("path", "title", "text", "lead", "responsible", "participants", "years")),
    "target": (
        "targets", "target_id",
        ("indicator", "value", "value_max", "unit", "comparator", "kind", "cadence", "year_start", "year_end", "scope",
         "modality", "baseline", "due_on", "quote", "sentence"),
    ),
    "responsibility": (
        "responsibilities", "responsibility_id",
        ("role", "role_text", "organisation", "basis", "inherited", "due_on"),
    ),
}  # fmt: skip


def differences_from_itself(compare: Compare, record: Record) -> list[str]:
    """Compared with itself a document did not change, and every row of it has its pair."""
    rows = compare(record, record).changes
    faults = [f"{row.element} {row.change} {row.a_quote} → {row.b_quote}" for row in rows if row.change != "unchanged"]
    faults += [f"{row.a_id} is paired with {row.b_id}" for row in rows if row.a_id != row.b_id]
    return faults + list(_left_out(record, {(row.element, row.a_id) for row in rows}))


def mirror_faults(compare: Compare, a: Record, b: Record) -> list[str]:
    """With the sides swapped every pair is the same, and every change its opposite."""
    there = {(r.element, r.a_id, r.b_id): _changes(r) for r in compare(a, b).changes}
    back = {(r.element, r.b_id, r.a_id): _changes(r) for r in compare(b, a).changes}
    faults = []
    for pair in sorted({*there, *back}, key=str):
        expected = {MIRRORED.get(change, change) for change in there.get(pair, set())}
        if pair not in there or pair not in back:
            faults.append(f"{pair} stands in one direction only: {there.get(pair) or back.get(pair)}")
        elif back[pair] != expected:
            faults.append(f"{pair} is {sorted(there[pair])} there, {sorted(back[pair])} back")
    return faults


def order_faults(compare: Compare, a: Record, b: Record) -> list[str]:
    """Where sections and tasks only stand in another order, all that can have happened to them is that they moved."""
    return [
        f"{row.element} {row.change} {row.also or ''} {row.a_quote} → {row.b_quote}"
        for row in compare(a, b).changes
        if _changes(row) - {"moved", "unchanged"}
    ]


def content(record: Record) -> dict[str, Content]:
    """Give what each row says, by element and id."""
    return {
        element: {getattr(row, key): {name: getattr(row, name) for name in columns} for row in getattr(record, rows)}
        for element, (rows, key, columns) in CONTENT.items()
    }


def applied(a: Record, comparison: Comparison) -> tuple[dict[str, Content], list[str]]:
    """Apply the changes to what the rows of the first side say: the rows of the second, and what did not fit."""
    start, faults = content(a), []
    given: dict[str, Content] = defaultdict(dict)
    for row in comparison.changes:
        columns = CONTENT[row.element][2]
        before = start[row.element].get(row.a_id, {}) if row.a_id else dict.fromkeys(columns)
        if row.a_id and not before:
            faults.append(f"{row.element} {row.a_id} is no row of the first side")
            continue
        after = dict(before)
        for name, (was, is_now) in json.loads(row.fields).items():
            if name in columns:
                if not _same(before[name], was):
                    faults.append(f"{row.element} {row.a_id} {name} was {before[name]!r}, not {was!r}")
                after[name] = is_now
        if row.b_id:
            given[row.element][row.b_id] = after
        elif any(value is not None for value in after.values()):
            faults.append(f"{row.element} {row.a_id} was dropped and still says {after}")
    return dict(given), faults


def apply_faults(a: Record, b: Record, comparison: Comparison) -> list[str]:
    """The changes applied to the first side give the second: every row, and every column that says what it is."""
    given, faults = applied(a, comparison)
    tasks = content(b)["task"]
    for element, rows in content(b).items():
        for id, columns in rows.items():
            if id not in given.get(element, {}):
                # A task is a section too; one row for it is enough.
                if element != "section" or id not in tasks:
                    faults.append(f"{element} {id} of the second side stands in no row")
                continue
            for name, value in columns.items():
                if not _same(value, given[element][id][name]):
                    faults.append(f"{element} {id} {name} is {value!r}, not {given[element][id][name]!r}")
        faults += [f"{element} {id} is no row of the second side" for id in given.get(element, {}) if id not in rows]
    return faults + list(_left_out(a, {(row.element, row.a_id) for row in comparison.changes}))


def _left_out(record: Record, told: set[tuple[str, str | None]]) -> Iterator[str]:
    rows = content(record)
    for element, ids in rows.items():
        for id in ids:
            if (element, id) not in told and not (element == "section" and ("task", id) in told):
                yield f"{element} {id} of the first side stands in no row"


def _changes(row: ChangeRow) -> set[str]:
    return {row.change, *(change for change in (row.also or "").split(";") if change)}


def _same(one: Any, other: Any) -> bool:
    """True for equal values; numbers are equal as numbers, however JSON spells them."""
    if isinstance(one, bool) or isinstance(other, bool) or one is None or other is None:
        return one is other
    if isinstance(one, int | float | Decimal) or isinstance(other, int | float | Decimal):
        try:
            return Decimal(str(one)) == Decimal(str(other))
        except InvalidOperation:
            return False
    return bool(one == other)
