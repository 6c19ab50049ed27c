"""What of a row is its content, and how it differs between two rows; ids and offsets only say where a row stands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pipeline.model.tables import PlanRow, ResponsibilityRow, SectionRow, TargetRow, TaskRow

PLAN = ("title", "period_start", "period_end")
SECTION = ("kind", "depth", "label", "number", "title", "text")
TASK = ("path", "title", "text", "lead", "responsible", "participants", "years")
TARGET = (
    "indicator", "value", "value_max", "unit", "comparator", "kind", "cadence", "year_start", "year_end", "scope",
    "modality", "baseline", "due_on", "quote", "sentence",
)  # fmt: skip
RESPONSIBILITY = ("role", "role_text", "organisation", "basis", "inherited", "due_on")
COLUMNS: Mapping[type, tuple[str, ...]] = {
    PlanRow: PLAN, SectionRow: SECTION, TaskRow: TASK, TargetRow: TARGET, ResponsibilityRow: RESPONSIBILITY,
}  # fmt: skip
PLAIN = json.JSONEncoder(ensure_ascii=False, separators=(", ", ": ")).encode

Content = dict[str, Any]


def content(row: Any, prefix: str = "") -> Content:
    """Give the columns of a row that are content; none for no row."""
    return {} if row is None else {prefix + name: getattr(row, name) for name in COLUMNS[type(row)]}


def differences(before: Content, after: Content) -> dict[str, list[Any]]:
    """Give each column that differs with both values; a row that is not there has null in every column."""
    names = dict.fromkeys((*before, *after))
    return {
        name: [_plain(before.get(name)), _plain(after.get(name))]
        for name in names
        if before.get(name) != after.get(name)
    }


def as_json(fields: Mapping[str, Any]) -> str:
    """Write differences as JSON, figures as text in full: no reader rounds them."""
    return PLAIN(dict(fields))


def _plain(value: Any) -> Any:
    return figure(value) if isinstance(value, Decimal) else value


def figure(value: Decimal) -> str:
    """Write a figure in full without closing zeros."""
    words = format(value, "f")
    return words.rstrip("0").rstrip(".") if "." in words else words
