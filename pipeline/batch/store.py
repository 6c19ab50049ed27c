"""What a run knows, kept beside its output: results by document, what the files hold, what was published.

One SQLite file. Whatever moment a run ends at, what it had finished is in there whole or not at all, and the next run
goes on from it. While a run is at work nobody else can open it: that is what keeps two runs on one output apart.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from pipeline.batch.folders import FILE, SCRATCH
from pipeline.batch.jobs import Leaf, Seen
from pipeline.batch.supervise import end_strays
from pipeline.model import Problem
from pipeline.quick.classes import NamedTuple
from pipeline.write.folder import FolderError
from pipeline.write.rendered import Packed

HOLDER = "running.json"
# Results are written to the disk together, not one by one.
COMMIT_SECONDS = 1.0
# Counts the shapes of the tables below: a store of another shape is made anew.
SHAPE = 1
SCHEMA = """
CREATE TABLE results (key BLOB PRIMARY KEY, code TEXT, message TEXT, seconds REAL, rows BLOB, files BLOB);
CREATE TABLE readings (key BLOB PRIMARY KEY, content BLOB);
CREATE TABLE files (source TEXT PRIMARY KEY, stamp TEXT, digest TEXT, leaves TEXT) WITHOUT ROWID;
CREATE TABLE published (name TEXT PRIMARY KEY, key BLOB, stamp TEXT) WITHOUT ROWID;
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
"""


class BusyError(FolderError):
    """Another run works on this output."""


class Kept(NamedTuple):
    """What is told of a document whose result is kept; `code` and `message` are empty where it was read."""

    code: str
    message: str
    seconds: float


class Store:
    """The open store of one output."""

    def __init__(self, folder: Path, base: sqlite3.Connection) -> None:
        self.folder = folder
        self._base = base
        self._committed = time.monotonic()

    @property
    def scratch(self) -> Path:
        """Give the folder for what workers write for a while; what is left there by a killed run is removed."""
        return self.folder / SCRATCH

    # results

    def kept(self, key: bytes) -> Kept | None:
        """Give what is known of a document's result, None where there is none."""
        found = self._one("SELECT code, message, seconds FROM results WHERE key = ?", key)
        return None if found is None else Kept(*found)

    def keep(self, key: bytes, kept: Kept, packed: Packed) -> None:
        """Keep a result."""
        self._do("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?)", key, *kept, *packed)

    def rows(self, key: bytes) -> bytes:
        """Give the packed rows of a kept result."""
        return self._blob("SELECT rows FROM results WHERE key = ?", key)

    def files(self, key: bytes) -> bytes:
        """Give the packed text and tree of a kept result."""
        return self._blob("SELECT files FROM results WHERE key = ?", key)

    # what stages made

    def reading(self, key: bytes) -> bytes | None:
        """Give what a stage made of a document, None where it is not kept."""
        found = self._one("SELECT content FROM readings WHERE key = ?", key)
        return None if found is None else found[0]

    def keep_reading(self, key: bytes, content: bytes) -> None:
        """Keep what a stage made."""
        self._do("INSERT OR REPLACE INTO readings VALUES (?, ?)", key, content)

    def drop_reading(self, key: bytes) -> None:
        """Forget what a stage made."""
        self._do("DELETE FROM readings WHERE key = ?", key)

    # what files hold: the memory of jobs

    def seen(self, source: str, stamp: str) -> Seen | None:
        """Give what was in the file when it had this stamp."""
        found = self._one("SELECT digest, leaves FROM files WHERE source = ? AND stamp = ?", source, stamp)
        if found is None:
            return None
        digest, leaves = found
        return Seen(digest, None if leaves is None else tuple(map(_leaf, json.loads(leaves))))

    def learn(self, source: str, stamp: str, seen: Seen) -> None:
        """Remember what a file holds."""
        leaves = None if seen.leaves is None else json.dumps([_words(leaf) for leaf in seen.leaves], ensure_ascii=False)
        self._do("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", source, stamp, seen.digest, leaves)

    # what stands in the output

    def fact(self, name: str) -> Any:
        """Give a fact of the last run that was published, None where there is none."""
        found = self._one("SELECT value FROM facts WHERE name = ?", name)
        return None if found is None else json.loads(found[0])

    def published(self) -> Iterator[tuple[str, bytes, str]]:
        """Give the files of the output as they were published: name, key of the result, stamp."""
        yield from self._base.execute("SELECT name, key, stamp FROM published")

    def published_file(self, name: str) -> tuple[bytes, str] | None:
        """Give key and stamp of one such file."""
        found = self._one("SELECT key, stamp FROM published WHERE name = ?", name)
        return None if found is None else (found[0], found[1])

    def publish(self, files: Iterable[tuple[str, bytes, str]], facts: dict[str, Any]) -> None:
        """Note what now stands in the output, in the place of what stood there."""
        self._do("DELETE FROM published")
        self._base.executemany("INSERT INTO published VALUES (?, ?, ?)", files)
        for name, value in facts.items():
            self._do("INSERT OR REPLACE INTO facts VALUES (?, ?)", name, json.dumps(value))
        self.commit()

    def forget_others(self, results: Iterable[bytes], readings: Iterable[bytes], sources: Iterable[str]) -> None:
        """Drop what the output no longer stands for, and give the room back to the disk."""
        for table, column, kept in (
            ("results", "key", results), ("readings", "key", readings), ("files", "source", sources),
        ):  # fmt: skip
            self._base.execute("CREATE TEMP TABLE live (name PRIMARY KEY) WITHOUT ROWID")
            self._base.executemany("INSERT OR IGNORE INTO live VALUES (?)", ((name,) for name in kept))
            self._base.execute(f"DELETE FROM {table} WHERE {column} NOT IN (SELECT name FROM live)")
            self._base.execute("DROP TABLE live")
        self.commit()
        self._base.execute("PRAGMA incremental_vacuum").fetchall()

    def commit(self) -> None:
        """Have all that was kept on the disk."""
        try:
            self._base.commit()
        except sqlite3.OperationalError as error:
            raise FolderError(_unwritable(self.folder, error)) from error
        self._committed = time.monotonic()

    def _do(self, words: str, *values: Any) -> None:
        self._asked(words, values)
        if time.monotonic() - self._committed > COMMIT_SECONDS:
            self.commit()

    def _one(self, words: str, *values: Any) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] | None = self._asked(words, values).fetchone()
        return found

    def _asked(self, words: str, values: tuple[Any, ...]) -> sqlite3.Cursor:
        """Have a statement done. Raises FolderError at once where the disk fails: what was not committed is lost."""
        try:
            return self._base.execute(words, values)
        except sqlite3.OperationalError as error:
            raise FolderError(_unwritable(self.folder, error)) from error

    def _blob(self, words: str, key: bytes) -> bytes:
        found = self._one(words, key)
        if found is None:
            raise KeyError(key.hex())
        content: bytes = found[0]
        return content


@contextmanager
def open_store(folder: Path, *, fresh: bool = False, keep: bool = True) -> Iterator[Store]:
    """Open the store in `folder` for one run, or make one.

    `fresh` drops what it knows first; without `keep` it is removed at the end. A store that is damaged or of another
    shape is made anew. Raises BusyError where another run has it open, FolderError where nothing can be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        base = _opened(folder, fresh=fresh)
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise BusyError(_busy(folder)) from error
        raise FolderError(_unwritable(folder, error)) from error
    except OSError as error:
        raise FolderError(_unwritable(folder, error.strerror or error)) from error
    try:
        holder = {"process": os.getpid(), "since": time.strftime("%Y-%m-%d %H:%M:%S")}
        (folder / HOLDER).write_text(json.dumps(holder), encoding="utf-8")
        if (folder / SCRATCH).exists():
            # A run was killed.
            end_strays(folder / SCRATCH)
            shutil.rmtree(folder / SCRATCH, ignore_errors=True)
        yield Store(folder, base)
        base.commit()
    except sqlite3.OperationalError as error:
        raise FolderError(_unwritable(folder, error)) from error
    finally:
        with suppress(sqlite3.Error):
            base.close()
        shutil.rmtree(folder / SCRATCH, ignore_errors=True)
        with suppress(OSError):
            (folder / HOLDER).unlink()
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def _opened(folder: Path, *, fresh: bool) -> sqlite3.Connection:
    """Open the file and take it for this run alone."""
    try:
        base = _locked(folder / FILE)
        if not fresh and base.execute("PRAGMA user_version").fetchone()[0] == SHAPE:
            return base
        if not base.execute("SELECT 1 FROM sqlite_master").fetchone():
            return _made(base)
        # Emptied inside the lock: a second run must not find the file gone and take a new one.
        return _made(_emptied(base))
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        # Not a store, or damaged: all of it can be made again.
        for name in (FILE, f"{FILE}-wal", f"{FILE}-shm"):
            (folder / name).unlink(missing_ok=True)
        return _made(_locked(folder / FILE))


def _locked(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(path, timeout=0)
    # Held from the first statement to the end; a process that is killed gives it back.
    base.execute("PRAGMA locking_mode = EXCLUSIVE")
    base.execute("PRAGMA auto_vacuum = INCREMENTAL")
    base.execute("PRAGMA journal_mode = WAL")
    # After a power cut the last second may be missing, never half of something.
    base.execute("PRAGMA synchronous = NORMAL")
    base.execute("BEGIN EXCLUSIVE")
    base.commit()
    return base


def _made(base: sqlite3.Connection) -> sqlite3.Connection:
    base.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = {SHAPE}; COMMIT;")
    return base


def _emptied(base: sqlite3.Connection) -> sqlite3.Connection:
    for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        base.execute(f'DROP TABLE "{name}"')
    base.commit()
    return base


def _words(leaf: Leaf) -> list[Any]:
    notes = [[note.severity, note.code, note.message, note.start, note.end] for note in leaf.notes]
    return [leaf.source, leaf.digest, notes, leaf.code, leaf.message]


def _leaf(values: list[Any]) -> Leaf:
    source, digest, notes, code, message = values
    return Leaf(source, digest, tuple(Problem(*note) for note in notes), code, message)


def _busy(folder: Path) -> str:
    who = ""
    with suppress(OSError, ValueError, KeyError):
        holder = json.loads((folder / HOLDER).read_text(encoding="utf-8"))
        who = f" (process {holder['process']}, since {holder['since']})"
    name = folder.name.removeprefix(".").removesuffix(".cache")
    return f"Another run is writing {folder.parent / name}{who}. Wait for it to end, or give another folder to -o."


def _unwritable(folder: Path, reason: object) -> str:
    return (
        f"What the run knows cannot be kept in {folder}: {reason}. The former output is untouched. Make room or give "
        "rights there, or choose another place with --cache."
    )
