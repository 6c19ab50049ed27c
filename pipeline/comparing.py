"""Two sides named on the command line → their comparison; a comparison → the files that tell it."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pipeline.compare import compare
from pipeline.lexicon import Lexicon
from pipeline.model.changes import ChangeRow, Comparison
from pipeline.model.tables import Record
from pipeline.run import parse, parse_folder
from pipeline.stored import find_document, is_dataset, read_record, read_records
from pipeline.write.columns import columns
from pipeline.write.nested import dumps
from pipeline.write.tables import header, line

PLAN = re.compile(r"(?P<name>.+)#p?(?P<number>\d+)$")


class SideError(Exception):
    """A side of a comparison cannot be read; the message says what was given and what may be."""


def read_side(words: str, lexicon: Lexicon, dataset: Path | None = None) -> list[Record]:
    """Give the documents that one side of a comparison names.

    `words` are a file, a folder of files, an output folder of `zhengce run`, or, with `dataset`, the id or source of a
    document of that output folder. Behind a document `#2` keeps only its second plan. Raises SideError, NoDatasetError,
    and for a single file ReadError and OSError.
    """
    name, number = words, None
    if (found := PLAN.fullmatch(words)) and not (dataset is None and Path(words).exists()):
        name, number = found["name"], int(found["number"])
    records = _read(name, lexicon, dataset)
    if number is None:
        return records
    if len(records) != 1:
        raise SideError(f"{words}: a plan can be chosen in one document, and {name} gives {len(records):,}.")
    return [only_plan(records[0], number)]


def _read(name: str, lexicon: Lexicon, dataset: Path | None) -> list[Record]:
    if dataset is not None:
        return [read_record(dataset, find_document(dataset, name))]
    path = Path(name)
    if not path.is_dir():
        if not path.exists():
            raise SideError(
                f"{name} is not there. Give a file or a folder, or name the folder of the tables with --in."
            )
        return [parse(path, lexicon=lexicon)]
    records = list(read_records(path)) if is_dataset(path) else list(parse_folder(path, lexicon=lexicon).records)
    if not records:
        raise SideError(f"{name} holds no document that can be read.")
    return records


def only_plan(record: Record, number: int) -> Record:
    """Give a document with one of its plans alone. Raises SideError where it has not so many."""
    if not 1 <= number <= len(record.plans):
        titles = "; ".join(f"#{place} {plan.title}" for place, plan in enumerate(record.plans, start=1))
        raise SideError(f"{record.document.source} has no plan #{number}. It has: {titles}")
    plan_id = record.plans[number - 1].plan_id

    def kept(rows: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(row for row in rows if row.plan_id == plan_id)

    return dataclasses.replace(
        record,
        plans=kept(record.plans),
        sections=kept(record.sections),
        tasks=kept(record.tasks),
        targets=kept(record.targets),
        periods=kept(record.periods),
        responsibilities=kept(record.responsibilities),
    )


def diff(
    a: str | Path | Record | Sequence[Record],
    b: str | Path | Record | Sequence[Record],
    *,
    dataset: str | Path | None = None,
    lexicon: Lexicon | None = None,
) -> Comparison:
    """Give what changed from `a` to `b`, each a file, a folder, an output folder, or documents already parsed.

    With `dataset`, an output folder of `zhengce run`, names are ids or sources of its documents. Raises what
    `read_side` raises, and LexiconError.
    """
    from pipeline.lexicon import load_lexicon

    rules = lexicon or load_lexicon()
    folder = None if dataset is None else Path(dataset)
    sides = [read_side(str(side), rules, folder) if isinstance(side, str | Path) else side for side in (a, b)]
    return compare(sides[0], sides[1], rules)


def write_comparison(comparison: Comparison, folder: Path, page: Callable[[Comparison], str]) -> list[Path]:
    """Write `changes.csv`, `changes.json` and the page `changes.html` into a folder; give their paths.

    Files of other names in the folder stay. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parts = {
        "changes.csv": "".join((header(ChangeRow), *map(line, comparison.changes))),
        "changes.json": dumps(as_tree(comparison)),
        "changes.html": page(comparison),
    }
    for name, words in parts.items():
        (folder / name).write_text(words, encoding="utf-8", newline="\n")
    return [folder / name for name in parts]


def as_tree(comparison: Comparison) -> dict[str, Any]:
    """Give a comparison as JSON has it: the documents of both sides, how they are related, the changes."""
    return {
        "a": [_document(record) for record in comparison.a],
        "b": [_document(record) for record in comparison.b],
        "relations": [_relation(row) for row in comparison.relations],
        "changes": [_change(row) for row in comparison.changes],
    }


def _document(record: Record) -> dict[str, Any]:
    names = ("document_id", "source", "title", "doc_number", "issued_on", "place")
    return {name: getattr(record.document, name) for name in names}


def _relation(row: Any) -> dict[str, Any]:
    names = ("a_document_id", "b_document_id", "kind", "similarity", "reason")
    return {name: getattr(row, name) for name in names} | {"damage": [found._asdict() for found in row.damage]}


def _change(row: ChangeRow) -> dict[str, Any]:
    entry = {column.name: getattr(row, column.attribute) for column in columns(ChangeRow)}
    return entry | {"also": row.also.split(";") if row.also else [], "fields": json.loads(row.fields)}
