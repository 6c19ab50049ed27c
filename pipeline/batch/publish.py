"""Results in the store → the output folder: written anew as a whole, or left alone where it already is what it should.

Texts and trees that are the same as in the former output are linked instead of being written, so that one new file
among a hundred thousand costs little.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path

from pipeline.batch.store import Store
from pipeline.model.tables import ProblemRow
from pipeline.write import Counts, FolderError
from pipeline.write.dataset import Part, file_names, write_parts
from pipeline.write.folder import LITTER, replacing
from pipeline.write.rendered import Files, render, unpack_files, unpack_rows

PLAN, COUNTS = "plan", "counts"
FOLDERS = ("", "text", "json")

# Of each outcome of a run, in the order of sources: the key of a result in the store, or a row that needs none.
Order = Sequence[bytes | ProblemRow]


def publish(store: Store, order: Order, out: Path, version: bytes) -> Counts:
    """Have the output stand for these outcomes, made by this version of the program and its rules; give its counts.

    Raises FolderError where it cannot be written, or where no document at all would take the place of those in it.
    """
    plan = _plan(order, version)
    if store.fact(PLAN) == plan and (counts := store.fact(COUNTS)) is not None and _stands(store, out):
        return Counts(Counter(counts["rows"]), Counter(counts["severities"]), counts["unexplained"])
    if not _any_document(store, order):
        refuse_emptying(out)
    # What is done is safe, whatever becomes of the writing.
    store.commit()
    keys: dict[str, bytes] = {}
    with replacing(out) as fresh:
        counts = write_parts(_parts(store, order, out, keys), fresh)
    facts = {"rows": dict(counts.rows), "severities": dict(counts.severities), "unexplained": counts.unexplained}
    store.publish(_stamps(keys, out), {PLAN: plan, COUNTS: facts})
    return counts


def refuse_emptying(out: Path) -> None:
    """Raise FolderError where an output of no document would take the place of one with some."""
    former = out / "documents.csv"
    if former.is_file() and len(former.read_bytes().splitlines()) > 1:
        raise FolderError(
            f"None of the files could be read, so the former output in {out} was kept. Mend the files, or give "
            "another folder to -o."
        )


def _plan(order: Order, version: bytes) -> str:
    whole = sha256(version)
    for one in order:
        data = one if isinstance(one, bytes) else repr(one).encode("utf-8", "backslashreplace")
        whole.update(len(data).to_bytes(8, "big") + data)
    return whole.hexdigest()


def _any_document(store: Store, order: Order) -> bool:
    return any(isinstance(one, bytes) and (kept := store.kept(one)) is not None and not kept.code for one in order)


def _parts(store: Store, order: Order, out: Path, keys: dict[str, bytes]) -> Iterator[Part]:
    """Give what each outcome adds to the output, and note the key of each document by its id."""
    for one in order:
        if isinstance(one, ProblemRow):
            rendered = render(one)
            yield Part(rendered.rows, _none)
            continue
        rows = unpack_rows(store.rows(one))
        linked = {}
        if rows.document_id is not None:
            keys[rows.document_id] = one
        for name in file_names(rows.document_id) if rows.document_id is not None else ():
            published = store.published_file(name)
            if published is not None and published == (one, _stamp(out / name)):
                linked[name] = out / name
        yield Part(rows, partial(_files, store, one), linked)


def _none() -> Files:
    return Files(b"", b"")


def _files(store: Store, key: bytes) -> Files:
    return unpack_files(store.files(key))


def _stamp(path: Path) -> str | None:
    """Give words that change when someone writes to a file of the output."""
    try:
        return _words(path.stat())
    except OSError:
        return None


def _words(found: os.stat_result) -> str:
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ino}"


def _standing(out: Path) -> Iterator[tuple[str, str]]:
    """Give name and stamp of everything in an output folder."""
    for folder in FOLDERS:
        with os.scandir(out / folder) as entries:
            for entry in entries:
                if entry.is_file() and entry.name not in LITTER:
                    # On Windows an entry does not know the number of its file.
                    found = entry.stat() if os.name == "posix" else os.stat(entry.path)
                    yield f"{folder}/{entry.name}" if folder else entry.name, _words(found)


def _stands(store: Store, out: Path) -> bool:
    """Tell whether nobody touched the output since it was published."""
    try:
        found = dict(_standing(out))
    except OSError:
        return False
    return found == {name: stamp for name, _, stamp in store.published()}


def _stamps(keys: dict[str, bytes], out: Path) -> Iterator[tuple[str, bytes, str]]:
    """Give what now stands in the output, each text and tree with the result that it is of."""
    for name, stamp in _standing(out.resolve()):
        document_id = name.rpartition("/")[2].rpartition(".")[0]
        yield name, keys.get(document_id, b"") if "/" in name else b"", stamp
