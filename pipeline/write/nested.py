"""One document as nested JSON, and the JSON Schema of it."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from typing import Any

from pipeline.model.tables import (
    Box,
    CellPlace,
    DocumentRow,
    EvidenceRow,
    MemberRow,
    NumberRow,
    OrganisationRow,
    PeriodRow,
    PlanRow,
    Position,
    ProblemRow,
    Record,
    ResponsibilityRow,
    SectionRow,
    TargetRow,
    TaskRow,
)
from pipeline.write.columns import Column, columns, plain_number

# What the place in the tree tells already.
TOLD_BY_PLACE = frozenset({"document_id", "plan_id", "section_id", "parent_id", "task_id", "source"})
# Cells that hold several values joined by `;` are lists in JSON.
LISTS = frozenset(
    {"issuers", "addressees", "copied_to", "lead", "responsible", "participants", "years", "aliases"}
    | {"also_functions", "candidates", "successors", "successor_ids"}
)
# A target's own id stands on the target; below it, it is told by the place.
TOLD_BY_TARGET = frozenset({"target_id"})
OWN_KEY = {DocumentRow: ("document_id", "source"), PlanRow: ("plan_id",), SectionRow: ("section_id",)}
# Rows that tell on which page and in which cell their quote stands.
PLACED = frozenset({"targets", "periods", "responsibilities"})
BOX = "A box on a page: points (1/72 inch) from its upper left corner, turned upright"
PLAIN = json.JSONEncoder(ensure_ascii=False).encode
OF_SECTION: tuple[tuple[str, type], ...] = (
    ("targets", TargetRow), ("periods", PeriodRow), ("responsibilities", ResponsibilityRow), ("numbers", NumberRow),
)  # fmt: skip


def nested(record: Record) -> dict[str, Any]:
    """Give a document as a tree: document → plans → sections → what was found in each section.

    `notice` holds the sections around the plans (文头, 落款, 抄送); `problems` are those of the document.
    """
    positions = {(found.char_start, found.char_end): found for found in record.positions if not found.section_id}
    inside: dict[str, dict[str, list[dict[str, Any]]]] = {}
    evidence: dict[str, list[dict[str, Any]]] = {}
    for found in record.evidence:
        evidence.setdefault(found.target_id, []).append(_entry(found))
    for name, _ in OF_SECTION:
        for row in getattr(record, name):
            entry = _entry(row)
            if name in PLACED:
                entry["position"] = _position(positions.get((row.char_start, row.char_end)))
            if isinstance(row, TargetRow):
                entry["evidence"] = evidence.get(row.target_id, [])
            inside.setdefault(row.section_id, {}).setdefault(name, []).append(entry)
    titles = {found.section_id: found for found in record.positions if found.section_id}
    tasks = {task.task_id: _entry(task) for task in record.tasks}
    nodes: dict[str, dict[str, Any]] = {}
    tops: dict[str | None, list[dict[str, Any]]] = {}
    for section in record.sections:
        node = _entry(section) | {"task": tasks.get(section.section_id)}
        node["position"] = _position(titles.get(section.section_id))
        node |= {name: inside.get(section.section_id, {}).get(name, []) for name, _ in OF_SECTION}
        node["sections"] = []
        nodes[section.section_id] = node
        top = tops.setdefault(section.plan_id, [])
        siblings = top if section.parent_id is None else nodes[section.parent_id]["sections"]
        siblings.append(node)
    plans = [_entry(plan) | {"sections": tops.get(plan.plan_id, [])} for plan in record.plans]
    return _entry(record.document) | {
        "page_sizes": [size._asdict() for size in record.page_sizes],
        "plans": plans,
        "notice": tops.get(None, []),
        "organisations": [_entry(row) for row in record.organisations],
        "members": [_entry(row) for row in record.members],
        "problems": [_problem(row) for row in record.problems],
    }


def _position(found: Position | None) -> dict[str, Any] | None:
    """Give where a passage stands: its boxes on pages and its table cell."""
    if found is None:
        return None
    cell = found.cell._asdict() if found.cell else None
    return {"boxes": [box._asdict() for box in found.boxes], "cell": cell}


@cache
def _kept(row: type) -> tuple[Column, ...]:
    own = OWN_KEY.get(row, ())
    told = TOLD_BY_TARGET if row is EvidenceRow else TOLD_BY_PLACE
    return tuple(column for column in columns(row) if column.name in own or column.name not in told)


def _entry(row: Any) -> dict[str, Any]:
    shape: type = type(row)
    return {column.name: _value(column, getattr(row, column.attribute)) for column in _kept(shape)}


def _value(column: Column, value: Any) -> Any:
    if column.name in LISTS:
        return value.split(";") if value else []
    return value


def _problem(row: ProblemRow) -> dict[str, Any]:
    """A problem hangs on the document, so it names its section."""
    return _entry(row) | {"section_id": row.section_id}


def schema() -> dict[str, Any]:
    """Give the JSON Schema (2020-12) that every nested document is valid under."""
    arrays = {name: _array(name) for name, _ in OF_SECTION}
    position = {"oneOf": [{"$ref": "#/$defs/position"}, {"type": "null"}]}
    shapes = {name: _object(row, {"position": position} if name in PLACED else {}) for name, row in OF_SECTION}
    shapes["targets"] = _object(TargetRow, {"evidence": _array("evidence"), "position": position})
    shapes["position"] = _fixed(
        "Where the quote, or the title of a section, stands",
        {
            "boxes": {"type": "array", "items": _fixed(BOX, {name: {"type": "number"} for name in Box._fields})},
            "cell": {
                "oneOf": [
                    _fixed(
                        "Table of the document, row and column in it, each from 1",
                        {name: {"type": "integer"} for name in CellPlace._fields},
                    ),
                    {"type": "null"},
                ]
            },
        },
    )
    shapes["evidence"] = _object(EvidenceRow)
    shapes["task"] = _object(TaskRow)
    shapes["sections"] = _object(
        SectionRow,
        {"task": {"oneOf": [{"$ref": "#/$defs/task"}, {"type": "null"}]}, "position": position}
        | arrays
        | {"sections": _array("sections")},
    )
    shapes["plans"] = _object(PlanRow, {"sections": _array("sections")})
    shapes["organisations"] = _object(OrganisationRow)
    shapes["members"] = _object(MemberRow)
    section_id = next(column for column in columns(ProblemRow) if column.name == "section_id")
    shapes["problems"] = _object(ProblemRow, {"section_id": _type(section_id)})
    document = _object(
        DocumentRow,
        {
            "page_sizes": {
                "type": "array",
                "items": _fixed(
                    "Size of a page in points, and by how many degrees clockwise it was turned to be read",
                    {"width": {"type": "number"}, "height": {"type": "number"}, "turned": {"type": "integer"}},
                ),
            },
            "plans": _array("plans"),
            "notice": _array("sections"),
            "organisations": _array("organisations"),
            "members": _array("members"),
            "problems": _array("problems"),
        },
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A policy document with its plans, sections, targets, periods and responsible organisations",
        **document,
        "$defs": dict(sorted(shapes.items())),
    }


def _array(name: str) -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": f"#/$defs/{name}"}}


def _object(row: type, more: dict[str, Any] | None = None) -> dict[str, Any]:
    properties = {column.name: _type(column) for column in _kept(row)} | (more or {})
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _fixed(description: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _type(column: Column) -> dict[str, Any]:
    described = {"description": column.description.replace(", joined by ;", "")}
    if column.name in LISTS:
        return {"type": "array", "items": {"type": "string"}, **described}
    name = {str: "string", int: "integer", bool: "boolean", Decimal: "number"}[column.type]
    shape: dict[str, Any] = {"type": [name, "null"] if column.nullable else name}
    if column.enum:
        shape["enum"] = [*column.enum, None] if column.nullable else list(column.enum)
    return {**shape, **described}


def dumps(value: Any) -> str:
    """Write JSON with one line an entry and every number in full, which `json` cannot do for Decimal."""
    return _dump(value, "\n") + "\n"


def _dump(value: Any, margin: str) -> str:
    inner = margin + " "
    if isinstance(value, dict) and value:
        return _members("{", [f"{PLAIN(str(key))}: {_dump(item, inner)}" for key, item in value.items()], "}", margin)
    if isinstance(value, list) and value:
        return _members("[", [_dump(item, inner) for item in value], "]", margin)
    return plain_number(value) if isinstance(value, Decimal) else PLAIN(value)


def _members(opening: str, members: list[str], closing: str, margin: str) -> str:
    inner = margin + " "
    return opening + inner + ("," + inner).join(members) + margin + closing
