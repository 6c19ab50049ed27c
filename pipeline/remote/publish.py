"""Bring a finished output folder to a remote place: what changed, the descriptor last, then remove what is gone.

An object store renames no folder, so a remote output is not replaced in one step as a local one is. Each file is
replaced in one; whoever reads while files are brought finds tables whose digests are not those of the descriptor.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipeline.quick.classes import NamedTuple
from pipeline.remote.address import AddressError, beside, last_name
from pipeline.remote.place import Place, mark_of, open_place
from pipeline.write.folder import DESCRIPTOR, LITTER, OUR_ENTRIES, FolderError

# Beside an output as `.structured.cache` is beside a local one.
MEMORY = "published.json"
BROUGHT_AT_ONCE = 8
READ_BYTES = 1 << 20


class Published(NamedTuple):
    """How many files of the output were brought, were there already, and were removed."""

    brought: int
    kept: int
    removed: int


def cache_address(output: str) -> str:
    """Give the address of what is kept beside an output: s3://bucket/tables → s3://bucket/.tables.cache."""
    return beside(output, f".{last_name(output)}.cache")


def check_target(output: str) -> None:
    """Raise FolderError unless the address is that of nothing, or of a former output and nothing else.

    Raises AddressError for a web server, to which nothing can be written, and for a whole bucket.
    """
    cache_address(output)
    place = open_place(output)
    if place.protocol == "http":
        raise AddressError(f"{output} can be read, not written. Give a folder, or an address such as s3://… to -o.")
    try:
        entries = {_name(facts) for facts in place.entries(place.path)} - LITTER - {last_name(output)}
    except FileNotFoundError:
        return
    except NotADirectoryError as error:
        raise FolderError(f"{output} is a file. Give a folder to -o.") from error
    # The descriptor comes last: without it, only what is noted beside tells that a run of ours was stopped here.
    if entries and DESCRIPTOR not in entries and (entries - OUR_ENTRIES or _known(_memory(output)) is None):
        raise FolderError(
            f"{output} holds files but no {DESCRIPTOR}, so it is not an output of this program and is left as it is. "
            "Give an empty or a new folder to -o."
        )
    if foreign := sorted(entries - OUR_ENTRIES):
        names = ", ".join(foreign[:5]) + (" …" if len(foreign) > 5 else "")
        raise FolderError(
            f"{output} is a former output, but it also holds {names}. Move that elsewhere, or give another folder to "
            "-o."
        )


def refuse_emptying(output: str) -> None:
    """Raise FolderError where an output of no document would take the place of one with some."""
    place = open_place(output)
    with suppress(FileNotFoundError):
        if len(place.read(place.below("documents.csv")).splitlines()) > 1:
            raise FolderError(
                f"None of the files could be read, so the former output in {output} was kept. Mend the files, or give "
                "another folder to -o."
            )


def publish(folder: Path, output: str, watch: Callable[[int, int], None] | None = None) -> Published:
    """Make the remote output the same as `folder`, and tell how much there was to do.

    `watch` is told how many files are brought of how many. Stopped half-way, the next call goes on. Raises OSError
    where the place cannot be written.
    """
    place, memory = open_place(output), _memory(output)
    there = dict(_files(place))
    known = _known(memory)
    if known is None:
        _remember(memory, {}, folder)
        known = {}
    digests = {path.relative_to(folder).as_posix(): _digest(path) for path in folder.rglob("*") if path.is_file()}
    new = [name for name, digest in digests.items() if name not in there or known.get(name) != [digest, there[name]]]
    gone = [name for name in there if name not in digests]
    done = 0
    with ThreadPoolExecutor(BROUGHT_AT_ONCE) as pool:
        for group in _in_turn(new):
            for _ in pool.map(lambda name: place.put(folder / name, place.below(name)), group):
                done += 1
                if watch is not None:
                    watch(done, len(new))
        # After the descriptor, which no longer speaks of them.
        list(pool.map(lambda name: place.remove(place.below(name)), gone))
    if new or gone:
        marks = dict(_files(place))
        _remember(memory, {name: [digest, marks.get(name, "")] for name, digest in digests.items()}, folder)
    return Published(len(new), len(digests) - len(new), len(gone))


def _in_turn(names: Iterable[str]) -> Iterator[list[str]]:
    """Part names into those of documents, of tables, and the descriptor: each group stands before the next begins."""
    groups: tuple[list[str], list[str], list[str]] = [], [], []
    for name in sorted(names):
        groups[0 if "/" in name else 2 if name == DESCRIPTOR else 1].append(name)
    yield from groups


def _files(place: Place) -> Iterator[tuple[str, str]]:
    """Give the files of the remote output, by their path in it, with their marks."""
    top = place.path.rstrip("/")
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        try:
            entries = place.entries(folder)
        except FileNotFoundError:
            continue
        for facts in entries:
            path = str(facts["name"]).rstrip("/")
            if path == folder:
                continue
            if facts["type"] == "directory":
                waiting.append(path)
            elif _name(facts) not in LITTER:
                yield path[len(top) + 1 :], mark_of(facts)


def _name(facts: Mapping[str, Any]) -> str:
    return str(facts["name"]).rstrip("/").rpartition("/")[2]


def _memory(output: str) -> Place:
    return open_place(f"{cache_address(output)}/{MEMORY}")


def _known(memory: Place) -> dict[str, list[str]] | None:
    """Give digest and mark of each file as it was brought; None where nothing ever was."""
    try:
        found = json.loads(memory.read(memory.path))
        return found if isinstance(found, dict) else {}
    except FileNotFoundError:
        return None
    except ValueError:
        return {}


def _remember(memory: Place, files: Mapping[str, list[str]], folder: Path) -> None:
    # Beside the folder, not in it: it belongs to the place, not to the output.
    path = folder.with_name(f".{folder.name}.{MEMORY}")
    path.write_text(json.dumps(files, sort_keys=True), encoding="utf-8")
    try:
        memory.put(path, memory.path)
    finally:
        path.unlink()


def _digest(path: Path) -> str:
    whole = sha256()
    with path.open("rb") as file:
        while piece := file.read(READ_BYTES):
            whole.update(piece)
    return whole.hexdigest()
