"""Read an output folder of `zhengce run` back: documents from their nested JSON and text, tables row by row."""

from __future__ import annotations

import csv
import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from pipeline.model.source import PageSize
from pipeline.model.tables import (
    DocumentRow,
    EvidenceRow,
    MemberRow,
    NumberRow,
    OrganisationRow,
    PeriodRow,
    PlanRow,
    ProblemRow,
    Record,
    ResponsibilityRow,
    SectionRow,
    TargetRow,
    TaskRow,
)
from pipeline.write.columns import Column, columns

Row = TypeVar("Row")
# A cell may hold a whole section; the csv module stops at 131072 characters unless told otherwise.
LONGEST_CELL = 1 << 30
INSIDE: Mapping[str, type] = {
    "targets": TargetRow, "periods": PeriodRow, "responsibilities": ResponsibilityRow, "numbers": NumberRow,
}  # fmt: skip


class NoDatasetError(Exception):
    """The folder holds no output of `zhengce run`, or not the document that was asked for."""


def is_dataset(folder: Path) -> bool:
    """Tell whether a folder is an output of `zhengce run`."""
    return (folder / "documents.csv").is_file() and (folder / "json").is_dir()


def document_ids(folder: Path) -> dict[str, str]:
    """Give the source of every document of an output folder by its id. Raises NoDatasetError."""
    return {row["document_id"]: row["source"] for row in read_rows(folder, DocumentRow.table)}


def read_rows(folder: Path, table: str) -> Iterator[dict[str, str]]:
    """Give the rows of a table of an output folder as words by column, in the order of the file.

    Raises NoDatasetError where the table is not there.
    """
    names, rows = open_table(folder, table)
    return (dict(zip(names, cells, strict=False)) for cells in rows)


def find_document(folder: Path, name: str) -> str:
    """Give the id of the document that `name` means: its id, its source, or the file name of its source.

    Raises NoDatasetError where none or several fit; the message lists some.
    """
    ids = document_ids(folder)
    if name in ids:
        return name
    found = [key for key, source in ids.items() if source == name]
    found = found or [key for key, source in ids.items() if source.rpartition("/")[2] == name]
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(f"{key} ({ids[key]})" for key in found[:5])
        raise NoDatasetError(f"{name} means {len(found):,} documents of {folder}: {listed}. Give the id of one.")
    some = ", ".join(f"{key} ({source})" for key, source in list(ids.items())[:3])
    raise NoDatasetError(f"{folder} holds no document {name}. Give an id or a source of its documents.csv: {some} …")


def open_table(folder: Path, table: str) -> tuple[list[str], Iterator[list[str]]]:
    """Give the names of a table's columns, and its rows as lists of cells, one after another.

    For tables of which few rows matter: nothing is held in memory. Raises NoDatasetError where the table is not there.
    """
    path = folder / f"{table}.csv"
    if not path.is_file():
        raise NoDatasetError(f"{folder} holds no {table}.csv. Give the output folder of `zhengce run`.")
    csv.field_size_limit(LONGEST_CELL)
    rows = _cells(path)
    return next(rows, []), rows


def _cells(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.reader(file)


def row_of(shape: type[Row], cells: Mapping[str, str]) -> Row:
    """Make a row of its class from the cells of a table; a column that an older folder lacks is empty."""
    values = {}
    for column in columns(shape):
        words = cells.get(column.name, "")
        empty: Any = None if column.nullable or column.type is not str else ""
        values[column.attribute] = _from_cell(column.type, words) if words else empty
    return shape(**values)


def _from_cell(kind: type, words: str) -> Any:
    if kind is bool:
        return words == "true"
    return Decimal(words) if kind is Decimal else kind(words)


def read_records(folder: Path) -> Iterator[Record]:
    """Give all documents of an output folder, in the order of documents.csv. Raises NoDatasetError."""
    for document_id in document_ids(folder):
        yield read_record(folder, document_id)


def read_record(folder: Path, document_id: str) -> Record:
    """Give one document of an output folder as it was parsed.

    `workload` and `positions` are left out: the first is made from the other rows, the second only draws pages.
    Raises NoDatasetError where its files are not there.
    """
    try:
        tree = json.loads((folder / "json" / f"{document_id}.json").read_text(encoding="utf-8"), parse_float=Decimal)
        text = (folder / "text" / f"{document_id}.txt").read_bytes().decode("utf-8")
    except FileNotFoundError as error:
        raise NoDatasetError(f"{error.filename} is not there, so {folder} is not whole. Run again.") from None
    return _Reader(tree, document_id, text).record()


class _Reader:
    """Turns the tree of a document back into rows."""

    def __init__(self, tree: dict[str, Any], document_id: str, text: str) -> None:
        self.tree, self.document_id, self.text = tree, document_id, text
        self.found: dict[str, list[Any]] = {name: [] for name in INSIDE}
        self.sections: list[SectionRow] = []
        self.tasks: list[TaskRow] = []
        self.evidence: list[EvidenceRow] = []

    def record(self) -> Record:
        """Give the record."""
        place = {"document_id": self.document_id, "source": self.tree["source"]}
        plans = [_row(PlanRow, plan, place) for plan in self.tree["plans"]]
        for top, plan_id in [
            (self.tree["notice"], None),
            *((plan["sections"], plan["plan_id"]) for plan in self.tree["plans"]),
        ]:
            for node in top:
                self._section(node, None, plan_id)
        self.sections.sort(key=lambda row: row.ordinal)
        order = {row.section_id: row.ordinal for row in self.sections}
        for rows in self.found.values():
            rows.sort(key=lambda row: order[row.section_id])
        return Record(
            document=_row(DocumentRow, self.tree, place),
            text=self.text,
            plans=tuple(plans),
            sections=tuple(self.sections),
            tasks=tuple(sorted(self.tasks, key=lambda row: order[row.task_id])),
            targets=tuple(self.found["targets"]),
            periods=tuple(self.found["periods"]),
            responsibilities=tuple(self.found["responsibilities"]),
            organisations=tuple(_row(OrganisationRow, entry, place) for entry in self.tree["organisations"]),
            members=tuple(_row(MemberRow, entry, place | self._at(entry)) for entry in self.tree["members"]),
            workload=(),
            numbers=tuple(self.found["numbers"]),
            problems=tuple(_row(ProblemRow, entry, place) for entry in self.tree["problems"]),
            evidence=tuple(self.evidence),
            page_sizes=tuple(
                PageSize(float(size["width"]), float(size["height"]), size["turned"])
                for size in self.tree["page_sizes"]
            ),
        )

    def _at(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """Give the section in which a passage stands: the last one that starts before it."""
        place = bisect_right(self.sections, entry["char_start"], key=lambda row: row.char_start) - 1
        return {"section_id": self.sections[place].section_id}

    def _section(self, node: dict[str, Any], parent_id: str | None, plan_id: str | None) -> None:
        section_id = node["section_id"]
        place = {"document_id": self.document_id, "plan_id": plan_id, "section_id": section_id, "source": None}
        self.sections.append(_row(SectionRow, node, place | {"parent_id": parent_id}))
        if node["task"] is not None:
            self.tasks.append(_row(TaskRow, node["task"], place | {"task_id": section_id}))
        for name, shape in INSIDE.items():
            for entry in node[name]:
                self.found[name].append(_row(shape, entry, place))
                for found in entry.get("evidence", ()):
                    self.evidence.append(_row(EvidenceRow, found, {"target_id": entry["target_id"]}))
        for child in node["sections"]:
            self._section(child, section_id, plan_id)


def _row(shape: type[Row], entry: Mapping[str, Any], place: Mapping[str, Any]) -> Row:
    """Make a row of the entry's values and of what its place in the tree tells."""
    values = {}
    for column in columns(shape):
        value = entry[column.name] if column.name in entry else place[column.name]
        values[column.attribute] = _value(column, value)
    return shape(**values)


def _page_size(width: Decimal, height: Decimal, turned: int) -> PageSize:
    return PageSize(float(width), float(height), turned)


def _value(column: Column, value: Any) -> Any:
    if isinstance(value, list):
        return ";".join(str(item) for item in value) or None
    if column.type is Decimal and value is not None:
        return Decimal(value)
    return value
