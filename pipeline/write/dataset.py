"""Rendered documents, one after the other → the folder of the contract. Holds one document at a time."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from functools import cache, reduce
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from pipeline.model.tables import TABLES, OrganisationRow, ProblemRow, Record
from pipeline.quick.classes import astuple, dataclass, field, replace
from pipeline.write import nested, package, tables
from pipeline.write.folder import DESCRIPTOR, replacing
from pipeline.write.rendered import Files, Rows, render

if TYPE_CHECKING:
    import sqlite3

# Rows of the register that are held in memory: some ten megabytes.
MOST_AT_HAND = 20_000


@dataclass(slots=True)
class Counts:
    """How many rows each table got, how many problems of each severity there were, how many numbers none explained."""

    rows: Counter[str] = field(default_factory=Counter)
    severities: Counter[str] = field(default_factory=Counter)
    unexplained: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """What one document adds to an output: its rows, and a way to its two files.

    `linked` are paths by name below the folder (`text/….txt`) of files of a former output that hold the same bytes:
    they are linked instead of being written.
    """

    rows: Rows
    files: Callable[[], Files]
    linked: Mapping[str, Path] = field(default_factory=dict)


def write_dataset(outcomes: Iterable[Record | ProblemRow], folder: Path) -> Counts:
    """Write records, and problems of files that gave no record, in the order in which they come.

    The whole stands under `folder` when this returns, in the place of a former output; if anything fails,
    or the program is killed, the former output stays. Files: see the contract in docs/. Raises FolderError
    where `folder` holds anything but a former output.
    """
    with replacing(folder) as fresh:
        return write_parts(map(_part, outcomes), fresh)


def _part(outcome: Record | ProblemRow) -> Part:
    rendered = render(outcome)
    return Part(rendered.rows, lambda: rendered.files)


def write_parts(parts: Iterable[Part], folder: Path) -> Counts:
    """Write the tables, files and descriptor of an output into an empty folder, in the order of the parts."""
    counts = Counts()
    register = Register()
    (folder / "json").mkdir()
    (folder / "text").mkdir()
    with ExitStack() as stack:
        files = {row.table: stack.enter_context(_Table(folder, row)) for row in TABLES}
        for part in parts:
            for name, lines in part.rows.lines.items():
                files[name].put(lines)
            register.add(part.rows.organisations)
            counts.rows.update(part.rows.counts)
            counts.severities.update(part.rows.severities)
            counts.unexplained += part.rows.unexplained
            if part.rows.document_id is not None:
                _write_files(part, folder)
        for organisation in register.rows():
            counts.rows[OrganisationRow.table] += 1
            files[OrganisationRow.table].put(tables.line(organisation).encode("utf-8"))
    (folder / "schema.json").write_bytes(alike())
    facts = {name: table.facts() for name, table in files.items()}
    _write_words(folder / DESCRIPTOR, nested.dumps(package.descriptor(facts)))
    return counts


@cache
def alike() -> bytes:
    """Give `schema.json`, which every output has alike. It, and what columns the tables have, is made once."""
    for row in TABLES:
        tables.header(row)
    return nested.dumps(nested.schema()).encode("utf-8")


def file_names(document_id: str) -> tuple[str, str]:
    """Give the names of a document's text and of its tree below the output folder."""
    return f"text/{document_id}.txt", f"json/{document_id}.json"


def _write_files(part: Part, folder: Path) -> None:
    assert part.rows.document_id is not None
    missing = [name for name in file_names(part.rows.document_id) if not _link(part.linked.get(name), folder / name)]
    if not missing:
        return
    files = part.files()
    for name in missing:
        # Bytes, because text mode would turn line feeds into CR LF on Windows and offsets would shift.
        (folder / name).write_bytes(files.text if name.startswith("text/") else files.tree)


def _link(former: Path | None, path: Path) -> bool:
    """Give a file of the former output a second name; False where there is none, or the file system has no links."""
    if former is None:
        return False
    try:
        os.link(former, path)
    except (OSError, NotImplementedError):
        return False
    return True


class _Table:
    """One CSV file that is being written, with its size and digest."""

    def __init__(self, folder: Path, row: Any) -> None:
        self.path = folder / f"{row.table}.csv"
        self.header = tables.header(row)
        self.digest = sha256()
        self.size = 0

    def __enter__(self) -> _Table:
        self.file: BinaryIO = self.path.open("wb")
        self.put(self.header.encode("utf-8"))
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def facts(self) -> package.FileFacts:
        return package.FileFacts(self.size, self.digest.hexdigest())

    def put(self, lines: bytes) -> None:
        self.file.write(lines)
        self.digest.update(lines)
        self.size += len(lines)


class Register:
    """The organisations of many documents, each once.

    A hundred thousand documents name a million: what is more than a part is put on the disk, in a file that is gone
    with this object, and brought together at the end.
    """

    def __init__(self) -> None:
        self._known: dict[str, OrganisationRow] = {}
        self._disk: sqlite3.Connection | None = None

    def add(self, organisations: Iterable[OrganisationRow]) -> None:
        """Take in the organisations of one document: other spellings and mentions add up."""
        for row in organisations:
            known = self._known.get(row.organisation_id)
            self._known[row.organisation_id] = row if known is None else _merged(known, row)
        if len(self._known) >= MOST_AT_HAND:
            self._put_away()

    def rows(self) -> Iterator[OrganisationRow]:
        """Give all organisations, by id."""
        if self._disk is None:
            yield from (self._known[key] for key in sorted(self._known))
            return
        self._put_away()
        # What was put away earlier comes first, as it would have.
        found = self._disk.execute("SELECT content FROM parts ORDER BY id, rowid")
        rows = (OrganisationRow(*json.loads(content)) for (content,) in found)
        for _, parts in groupby(rows, key=lambda row: row.organisation_id):
            yield reduce(_merged, parts)

    def _put_away(self) -> None:
        import sqlite3

        if self._disk is None:
            # A database without a name lies in a temporary file of its own.
            self._disk = sqlite3.connect("")
            self._disk.execute("CREATE TABLE parts (id TEXT, content TEXT)")
        rows = ((key, json.dumps(astuple(row), ensure_ascii=False)) for key, row in self._known.items())
        self._disk.executemany("INSERT INTO parts VALUES (?, ?)", rows)
        self._disk.commit()
        self._known.clear()


def _merged(first: OrganisationRow, second: OrganisationRow) -> OrganisationRow:
    spellings = {*(first.aliases or "").split(";"), *(second.aliases or "").split(";"), second.name}
    aliases = sorted(spellings - {"", first.name})
    also = dict.fromkeys([*(first.also_functions or "").split(";"), *(second.also_functions or "").split(";")])
    return replace(
        first,
        aliases=";".join(aliases) or None,
        mention_count=first.mention_count + second.mention_count,
        also_functions=";".join(field for field in also if field) or None,
    )


def _write_words(path: Path, words: str) -> None:
    path.write_bytes(words.encode("utf-8"))
