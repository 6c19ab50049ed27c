"""Records, one after the other → the folder of the contract. Holds one document at a time."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from pipeline.model.tables import TABLES, OrganisationRow, ProblemRow, Record
from pipeline.write import nested, package, tables
from pipeline.write.folder import DESCRIPTOR, replacing


@dataclass(slots=True)
class Counts:
    """How many rows each table got, how many problems of each severity there were, how many numbers none explained."""

    rows: Counter[str] = field(default_factory=Counter)
    severities: Counter[str] = field(default_factory=Counter)
    unexplained: int = 0


def write_dataset(outcomes: Iterable[Record | ProblemRow], folder: Path) -> Counts:
    """Write records, and problems of files that gave no record, in the order in which they come.

    The whole stands under `folder` when this returns, in the place of a former output; if anything fails,
    or the program is killed, the former output stays. Files: see the contract in docs/. Raises FolderError
    where `folder` holds anything but a former output.
    """
    with replacing(folder) as fresh:
        return _write(outcomes, fresh)


def _write(outcomes: Iterable[Record | ProblemRow], folder: Path) -> Counts:
    counts = Counts()
    register = Register()
    (folder / "json").mkdir()
    (folder / "text").mkdir()
    with ExitStack() as stack:
        files = {row.table: stack.enter_context(_Table(folder, row)) for row in TABLES}
        for outcome in outcomes:
            for row in _rows(outcome):
                files[row.table].add(row)
            if isinstance(outcome, Record):
                register.add(outcome.organisations)
                counts.unexplained += outcome.document.unexplained_count
                name = outcome.document.document_id
                _write_bytes(folder / "text" / f"{name}.txt", outcome.text)
                _write_bytes(folder / "json" / f"{name}.json", nested.document(outcome))
            counts.severities.update(row.severity for row in _rows(outcome) if isinstance(row, ProblemRow))
        for organisation in register.rows():
            files[OrganisationRow.table].add(organisation)
    counts.rows.update({name: table.rows for name, table in files.items()})
    _write_bytes(folder / "schema.json", nested.dumps(nested.schema()))
    facts = {name: table.facts() for name, table in files.items()}
    _write_bytes(folder / DESCRIPTOR, nested.dumps(package.descriptor(facts)))
    return counts


def _rows(outcome: Record | ProblemRow) -> Iterator[Any]:
    """Give all rows but those of the register, which is one over all documents."""
    if isinstance(outcome, ProblemRow):
        yield outcome
        return
    yield outcome.document
    for row in TABLES:
        if row.table not in ("documents", "organisations"):
            yield from getattr(outcome, row.table)


class _Table:
    """One CSV file that is being written, with its size and digest."""

    def __init__(self, folder: Path, row: Any) -> None:
        self.path = folder / f"{row.table}.csv"
        self.header = tables.header(row)
        self.digest = sha256()
        self.size = 0
        self.rows = 0

    def __enter__(self) -> _Table:
        self.file: BinaryIO = self.path.open("wb")
        self._put(self.header)
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def add(self, row: Any) -> None:
        self._put(tables.line(row))
        self.rows += 1

    def facts(self) -> package.FileFacts:
        return package.FileFacts(self.size, self.digest.hexdigest())

    def _put(self, line: str) -> None:
        data = line.encode("utf-8")
        self.file.write(data)
        self.digest.update(data)
        self.size += len(data)


class Register:
    """The organisations of many documents, each once."""

    def __init__(self) -> None:
        self._known: dict[str, OrganisationRow] = {}

    def add(self, organisations: Iterable[OrganisationRow]) -> None:
        """Take in the organisations of one document: other spellings and mentions add up."""
        for row in organisations:
            known = self._known.get(row.organisation_id)
            self._known[row.organisation_id] = row if known is None else _merged(known, row)

    def rows(self) -> list[OrganisationRow]:
        """Give all organisations, by id."""
        return [self._known[key] for key in sorted(self._known)]


def _merged(first: OrganisationRow, second: OrganisationRow) -> OrganisationRow:
    spellings = {*(first.aliases or "").split(";"), *(second.aliases or "").split(";"), second.name}
    aliases = sorted(spellings - {"", first.name})
    also = dict.fromkeys([*(first.also_functions or "").split(";"), *(second.also_functions or "").split(";")])
    return dataclasses.replace(
        first,
        aliases=";".join(aliases) or None,
        mention_count=first.mention_count + second.mention_count,
        also_functions=";".join(field for field in also if field) or None,
    )


def _write_bytes(path: Path, words: str) -> None:
    # Bytes, because text mode would turn line feeds into CR LF on Windows and offsets would shift.
    path.write_bytes(words.encode("utf-8"))
