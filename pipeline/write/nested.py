"""One document as nested JSON, and the JSON Schema of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from itertools import islice
from operator import attrgetter
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
from pipeline.write.columns import Column, columns
from pipeline.write.entries import LISTS, Cells, Shape, dumps, flat, listed, plain, shape

__all__ = ["document", "dumps", "schema"]

# What the place in the tree tells already.
TOLD_BY_PLACE = frozenset({"document_id", "plan_id", "section_id", "parent_id", "task_id", "source"})
# A target's own id stands on the target; below it, it is told by the place.
TOLD_BY_TARGET = frozenset({"target_id"})
OWN_KEY = {DocumentRow: ("document_id", "source"), PlanRow: ("plan_id",), SectionRow: ("section_id",)}
# Rows that tell on which page and in which cell their quote stands.
PLACED = frozenset({"targets", "periods", "responsibilities"})
BOX = "A box on a page: points (1/72 inch) from its upper left corner, turned upright"
OF_SECTION: tuple[tuple[str, type], ...] = (
    ("targets", TargetRow), ("periods", PeriodRow), ("responsibilities", ResponsibilityRow), ("numbers", NumberRow),
)  # fmt: skip
# Fields of an object behind its columns, in their order. What a section holds comes after these and stands not here.
MORE: dict[type, tuple[str, ...]] = {
    DocumentRow: ("page_sizes",),
    SectionRow: ("task", "position"),
    TargetRow: ("position", "evidence"),
    PeriodRow: ("position",),
    ResponsibilityRow: ("position",),
    # A problem hangs on the document, so it names its section.
    ProblemRow: ("section_id",),
}
# So many entries of a list are put together at a time, so that a section with a hundred thousand is not written twice.
ENTRIES_AT_ONCE = 1000


def document(record: Record) -> bytes:
    """Give a document as JSON in UTF-8: document → plans → sections → what was found in each section.

    `notice` holds the sections around the plans (文头, 落款, 抄送); `problems` are those of the document. An object
    stands one space further in than the one around it, and each of its fields on a line of its own.
    """
    tree = _Tree(record)
    tree.write()
    return b"".join(tree.pieces)


# Rows with the texts of their cells.
Found = list[tuple[Any, Cells]]


class _Tree:
    """The tree of one document. The rows of each table are written together, then put where they belong.

    A margin is a line feed and the spaces before the end of an object or list; what it holds stands one further in.
    `pieces` are joined once, so that what is deep inside is not copied on every level above it. They are bytes, which
    take half the memory or less; and what is written is not kept.
    """

    def __init__(self, record: Record) -> None:
        self.record = record
        self.pieces: list[bytes] = []
        placed = [found for found in record.positions if not found.section_id]
        self.positions = {(found.char_start, found.char_end): found for found in placed}
        self.titles = {found.section_id: found for found in record.positions if found.section_id}
        self.evidence = _by(EvidenceRow, record.evidence, "target_id")
        self.found = {name: _by(row, getattr(record, name), "section_id") for name, row in OF_SECTION}
        self.tasks = _by(TaskRow, record.tasks, "task_id")
        # Those below others by the id of the one above them, the others by their plan.
        above = [section for section in record.sections if section.parent_id is None]
        self.tops = _by(SectionRow, above, "plan_id")
        self.below = _by(SectionRow, [row for row in record.sections if row.parent_id is not None], "parent_id")

    def write(self) -> None:
        """Write the whole tree into `pieces`."""
        record, put = self.record, self._put
        # The margins of the document, of its lists, and of what these hold.
        root, inner, far = "\n", "\n ", "\n  "
        sizes = listed([flat(size, far) for size in record.page_sizes], inner)
        ((_, cells),) = _written(DocumentRow, (record.document,))
        put(_shape(DocumentRow).opened(cells, root, sizes))
        put(f',{inner}"plans": ')
        opening = "["
        for plan, cells in _written(PlanRow, record.plans):
            put(f'{opening}{far}{_shape(PlanRow).opened(cells, far)},{far} "sections": ')
            self._sections(self.tops.get(plan.plan_id, []), far + " ")
            put(far + "}")
            opening = ","
        put(inner + "]" if record.plans else "[]")
        put(f',{inner}"notice": ')
        self._sections(self.tops.get(None, []), inner)
        for row in (OrganisationRow, MemberRow):
            found = _written(row, getattr(record, row.table))
            put(f',{inner}"{row.table}": {_list(row, found, inner)}')
        form = _shape(ProblemRow)
        problems = [
            form.entry(cells, far, plain(row.section_id)) for row, cells in _written(ProblemRow, record.problems)
        ]
        put(f',{inner}"problems": {listed(problems, inner)}{root}}}{root}')

    def _put(self, words: str) -> None:
        self.pieces.append(words.encode("utf-8"))

    def _sections(self, found: Found, margin: str) -> None:
        """Write a list of sections, each with what was found in it and those below it."""
        put, inner = self._put, margin + " "
        opening = "["
        for row, cells in found:
            key = row.section_id
            task = self.tasks.get(key)
            more = (
                _shape(TaskRow).entry(task[0][1], inner + " ") if task else "null",
                self._position(self.titles.get(key), inner + " "),
            )
            put(f"{opening}{inner}{_shape(SectionRow).opened(cells, inner, *more)}")
            for name, kind in OF_SECTION:
                put(f',{inner} "{name}": ')
                self._of_section(name, kind, key, inner + " ")
            put(f',{inner} "sections": ')
            self._sections(self.below.get(key, []), inner + " ")
            put(inner + "}")
            opening = ","
        put(margin + "]" if found else "[]")

    def _of_section(self, name: str, row: type, section_id: str, margin: str) -> None:
        """Write the list of the rows of one table that stand in a section."""
        found = self.found[name].pop(section_id, [])
        inner = margin + " "
        entries = iter(self._placed(name, row, found, inner) if name in PLACED else _entries(row, found, inner))
        opening = "["
        while some := list(islice(entries, ENTRIES_AT_ONCE)):
            self._put(f"{opening}{inner}{f',{inner}'.join(some)}")
            opening = ","
        self._put(margin + "]" if found else "[]")

    def _placed(self, name: str, row: type, found: Found, margin: str) -> Iterator[str]:
        """Write rows that tell where they stand, the targets with their evidence."""
        form, inner = _shape(row), margin + " "
        for one, cells in found:
            more = [self._position(self.positions.get((one.char_start, one.char_end)), inner)]
            if name == "targets":
                more.append(_list(EvidenceRow, self.evidence.pop(one.target_id, []), inner))
            yield form.entry(cells, margin, *more)

    def _position(self, found: Position | None, margin: str) -> str:
        """Write where a passage stands: its boxes on pages and its table cell."""
        if found is None:
            return "null"
        boxes = listed([flat(box, margin + "  ") for box in found.boxes], margin + " ")
        cell = flat(found.cell, margin + " ") if found.cell else "null"
        return f'{{{margin} "boxes": {boxes},{margin} "cell": {cell}{margin}}}'


def _written(row: type, rows: Sequence[Any]) -> Found:
    return list(zip(rows, _shape(row).cells(rows), strict=True)) if rows else []


def _by(row: type, rows: Sequence[Any], attribute: str) -> dict[str | None, Found]:
    """Write rows and group them by one of their ids, in their order."""
    groups: dict[str | None, Found] = {}
    for key, found in zip(map(attrgetter(attribute), rows), _written(row, rows), strict=True):
        groups.setdefault(key, []).append(found)
    return groups


def _list(row: type, found: Found, margin: str) -> str:
    """Write a list of rows that have no more fields than their columns."""
    return listed(list(_entries(row, found, margin + " ")), margin)


def _entries(row: type, found: Found, margin: str) -> Iterator[str]:
    return _shape(row).entries([cells for _, cells in found], margin)


@cache
def _kept(row: type) -> tuple[Column, ...]:
    own = OWN_KEY.get(row, ())
    told = TOLD_BY_TARGET if row is EvidenceRow else TOLD_BY_PLACE
    return tuple(column for column in columns(row) if column.name in own or column.name not in told)


@cache
def _shape(row: type) -> Shape:
    return shape(_kept(row), *MORE.get(row, ()))


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
