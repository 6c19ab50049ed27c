"""The documents of all shards in the order of their sources, whichever worker made them, in bounded memory."""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import groupby
from pathlib import Path

from pipeline.batch.shard_store import Receipt, Receipts, ShardStore
from pipeline.batch.shards import Copies, Shard
from pipeline.quick.classes import NamedTuple
from pipeline.write.rendered import Packed

SCHEMA = """
CREATE TABLE shards (number INTEGER PRIMARY KEY, documents TEXT);
CREATE TABLE documents (
    source TEXT, file INTEGER, at INTEGER, digest TEXT, shard INTEGER, start INTEGER, rows INTEGER, files INTEGER,
    PRIMARY KEY (source, file, at)
) WITHOUT ROWID;
CREATE TABLE here (file INTEGER, at INTEGER, rows BLOB, files BLOB, PRIMARY KEY (file, at));
"""
# Neighbours in the order of sources lie in one shard, or in a few where archives stand between files.
OPEN_SHARDS = 6
# Fetched while those before them are written.
FETCHED_AHEAD = 3
# The number of what the driver itself knows.
HERE = -1


class Same(NamedTuple):
    """A document with the bytes of one before it: its file, the how manieth there; the first, the how manieth it is."""

    file: int
    at: int
    first: str
    copy: int


class Merger:
    """Takes in the receipts of shards, tells which documents are copies, and gives all documents in order.

    `folder` is an empty one for what is held for a while. A file is known by its number in the list of all files.
    """

    def __init__(self, store: ShardStore, folder: Path) -> None:
        self.store = store
        self._folder = folder
        self._base = sqlite3.connect(folder / "receipts.sqlite")
        # What is lost by a power cut is of use to nobody.
        self._base.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {SCHEMA}")

    def close(self) -> None:
        """Let go of the files in the folder."""
        self._base.close()

    def add(self, receipts: Receipts, files: dict[int, int]) -> None:
        """Take in a finished shard; `files` gives the number of each of its files. What was known is replaced."""
        number = self._base.execute("INSERT INTO shards (documents) VALUES (?)", (receipts.documents,)).lastrowid
        self._base.executemany(
            "INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (_values(receipt, files[receipt.file], number) for receipt in receipts.receipts),
        )

    def add_here(self, source: str, file: int, packed: Packed) -> None:
        """Take in the one outcome of a file that no worker made."""
        self._base.execute("INSERT INTO documents VALUES (?, ?, 0, '', ?, 0, 0, 0)", (source, file, HERE))
        self._base.execute("INSERT INTO here VALUES (?, 0, ?, ?)", (file, *packed))

    def copies(self) -> Iterator[Same]:
        """Give the documents whose bytes came before, in the order of files."""
        self._base.execute("CREATE TEMP TABLE same (file INTEGER, at INTEGER, first TEXT, count INTEGER)")
        # Digests of several documents only; the first of each keeps its rows.
        query = """
            SELECT digest, source, file, at FROM documents WHERE digest IN
                (SELECT digest FROM documents WHERE digest != '' GROUP BY digest HAVING COUNT(*) > 1)
            ORDER BY digest, source, file, at
        """
        for _, group in groupby(self._base.execute(query), key=lambda row: row[0]):
            first = next(group)[1]
            rows = ((file, at, first, count) for count, (_, _, file, at) in enumerate(group, start=2))
            self._base.executemany("INSERT INTO same VALUES (?, ?, ?, ?)", rows)
        yield from map(Same._make, self._base.execute("SELECT * FROM same ORDER BY file, at").fetchall())
        self._base.execute("DROP TABLE same")

    def count(self) -> int:
        """Give how many documents there are."""
        found: int = self._base.execute("SELECT COUNT(*) FROM documents").fetchone()[0]
        return found

    def documents(self) -> Iterator[Packed]:
        """Give all documents, packed, by their sources, code point by code point."""
        with _Shards(self._base, self.store, self._folder) as shards:
            query = "SELECT shard, start, rows, files, file, at FROM documents ORDER BY source, file, at"
            for number, start, rows, files, file, at in self._base.execute(query):
                if number == HERE:
                    found = self._base.execute("SELECT rows, files FROM here WHERE file = ? AND at = ?", (file, at))
                    yield Packed(*found.fetchone())
                else:
                    yield shards.packed(number, start, rows, files)


def _values(receipt: Receipt, file: int, shard: int | None) -> tuple[object, ...]:
    return (
        receipt.source, file, receipt.at, receipt.digest, shard, receipt.start, receipt.rows, receipt.files,
    )  # fmt: skip


class _Shards:
    """The packed documents of some shards as local files: those in use, and those that come next."""

    def __init__(self, base: sqlite3.Connection, store: ShardStore, folder: Path) -> None:
        self._names: dict[int, str] = dict(base.execute("SELECT number, documents FROM shards"))
        query = "SELECT shard FROM documents WHERE shard >= 0 GROUP BY shard ORDER BY MIN(source)"
        self._next = (number for (number,) in base.execute(query).fetchall())
        self._store = store
        self._folder = folder
        self._fetched: OrderedDict[int, Future[Path]] = OrderedDict()
        self._ahead: set[int] = set()
        self._pool = ThreadPoolExecutor(FETCHED_AHEAD)

    def __enter__(self) -> _Shards:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def packed(self, number: int, start: int, rows: int, files: int) -> Packed:
        """Give a document by its shard and place there. Raises OSError where the shard is gone or cannot be had."""
        self._ahead.discard(number)
        if number not in self._fetched:
            self._fetch(number)
        self._fetched.move_to_end(number)
        while len(self._ahead) < FETCHED_AHEAD and (following := next(self._next, None)) is not None:
            if following not in self._fetched:
                self._ahead.add(following)
                self._fetch(following)
        with self._fetched[number].result().open("rb") as file:
            file.seek(start)
            return Packed(file.read(rows), file.read(files))

    def _fetch(self, number: int) -> None:
        """Begin to bring a shard here; the one that was not used for longest makes room for it."""
        if len(self._fetched) >= OPEN_SHARDS:
            oldest = next(one for one in self._fetched if one not in self._ahead)
            self._fetched.pop(oldest).result().unlink(missing_ok=True)
        path = self._folder / f"shard-{number}"
        self._fetched[number] = self._pool.submit(self._store.fetch, self._names[number], path)


def copy_shards(same: Iterator[Same], shards: dict[int, tuple[Shard, int]]) -> Iterator[tuple[Shard, dict[int, int]]]:
    """Give shards that make documents anew as the copies they are, with the numbers of their files.

    `shards` gives for each file the shard in which it was read, and its place there.
    """
    groups: dict[int, tuple[Shard, dict[int, dict[int, tuple[str, int]]]]] = {}
    numbers: dict[int, dict[int, int]] = {}
    for file, at, first, copy in same:
        shard, place = shards[file]
        _, copies = groups.setdefault(id(shard), (shard, {}))
        copies.setdefault(place, {})[at] = (first, copy)
        numbers.setdefault(id(shard), {})[place] = file
    for key, (shard, copies) in groups.items():
        places = sorted(copies)
        entries = tuple(shard.entries[place] for place in places)
        wanted: Copies = {new: copies[place] for new, place in enumerate(places)}
        files = {new: numbers[key][place] for new, place in enumerate(places)}
        yield Shard(entries, shard.version, shard.limits, wanted), files
