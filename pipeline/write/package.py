"""The descriptor of the folder: Data Package v2, every table with its fields, keys and links."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pipeline.model.tables import TABLES
from pipeline.quick.classes import dataclass
from pipeline.write.columns import Column, columns

PROFILES = "https://datapackage.org/profiles/2.0"
PERIOD_PATTERN = r"\d{4}(-\d{2}(-\d{2})?)?"
TYPES = {str: "string", int: "integer", bool: "boolean", Decimal: "number"}
TITLES = {
    "documents": "Documents: one row a file",
    "plans": "Plans: one row per plan that a document prints",
    "sections": "Sections: the documents as trees in reading order; together they cover the texts",
    "tasks": "Tasks: one row per section or table row that asks for work",
    "targets": "Targets: one row per committed quantity",
    "periods": "Periods: one row per time expression",
    "responsibilities": "Responsibilities: one row per section, role and organisation",
    "organisations": "Organisations: the register of all organisations seen",
    "members": "Members: whom a collective name stands for, where a document says so",
    "workload": "Workload: one row per organisation, document and role, with its tasks and targets",
    "numbers": "Numbers: the ledger of every number in the texts",
    "problems": "Problems: what was repaired, left out, doubtful or unreadable",
}


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the descriptor tells of a file so that damage can be found."""

    size: int
    sha256: str


def descriptor(facts: Mapping[str, FileFacts]) -> dict[str, Any]:
    """Describe the folder; `facts` are by table name, and left out for tables that have none."""
    return {
        "$schema": f"{PROFILES}/datapackage.json",
        "name": "zhengce-structured",
        "title": "Policy documents as tables of plans, tasks, targets, periods and responsible organisations",
        "description": (
            "char_start and char_end count code points in text/<document_id>.txt. "
            "json/<document_id>.json holds one document as a tree, valid under schema.json."
        ),
        "resources": [_resource(row, facts.get(row.table)) for row in TABLES],
    }


def _resource(row: Any, facts: FileFacts | None) -> dict[str, Any]:
    table = {
        "$schema": f"{PROFILES}/tableschema.json",
        "fields": [field(column, key=row.key) for column in columns(row)],
        "missingValues": [""],
    }
    if row.key:
        table["primaryKey"] = list(row.key)
    if row.links:
        table["foreignKeys"] = [_link(row.table, name, target) for name, target in row.links.items()]
    size = {} if facts is None else {"bytes": facts.size, "hash": f"sha256:{facts.sha256}"}
    return {
        "$schema": f"{PROFILES}/dataresource.json",
        "name": row.table,
        "type": "table",
        "title": TITLES[row.table],
        "path": f"{row.table}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **size,
        "dialect": {"$schema": f"{PROFILES}/tabledialect.json", "delimiter": ",", "lineTerminator": "\n"},
        "schema": table,
    }


def _link(table: str, name: str, target: str) -> dict[str, Any]:
    key = next(row.key[0] for row in TABLES if row.table == target)
    reference = {"fields": [key]} if target == table else {"resource": target, "fields": [key]}
    return {"fields": [name], "reference": reference}


def field(column: Column, *, key: tuple[str, ...] = ()) -> dict[str, Any]:
    """Describe one column as Table Schema does."""
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if key == (column.name,):
        constraints["unique"] = True
    if column.enum:
        constraints["enum"] = list(column.enum)
    if column.format == "period":
        constraints["pattern"] = PERIOD_PATTERN
    if column.name.endswith(("char_start", "char_end")):
        constraints["minimum"] = 0
    if column.name == "confidence":
        constraints |= {"minimum": 0, "maximum": 1}
    described: dict[str, Any] = {
        "name": column.name,
        "type": "date" if column.format == "date" else TYPES[column.type],
        "description": column.description,
    }
    if constraints:
        described["constraints"] = constraints
    return described
