"""Replace an output folder as a whole: a run that is killed leaves the former output as it was.

The new folder is written beside the old one and put in its place by renaming. Names beside `structured`:
`.structured.new-…` is being written, `.structured.old-…` is the former output during the swap. Where the system can
exchange two folders in one step, the new one is the former one then.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.model.tables import TABLES

DESCRIPTOR = "datapackage.json"
OUR_ENTRIES = frozenset({DESCRIPTOR, "schema.json", "json", "text", *(f"{row.table}.csv" for row in TABLES)})
# What file browsers leave behind; nobody misses it.
LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini", ".gitkeep"})

# From <fcntl.h> and <linux/fs.h>: paths are below the folder of the process; both must be there, and change places.
AT_FOLDER_OF_PROCESS, EXCHANGE = -100, 2
# So many files are brought to the disk one by one.
SINGLY = 100


class FolderError(Exception):
    """The output folder cannot be used; the message tells why and what to do."""


def check_folder(folder: Path) -> None:
    """Raise FolderError unless `folder` is absent, empty, or a former output and nothing else.

    Everything in it will be gone after the swap, so a single foreign file is enough to refuse.
    """
    if not folder.exists() and not folder.is_symlink():
        return
    if not folder.is_dir():
        raise FolderError(f"{folder} is a file. Give a folder to -o, for example {folder.with_suffix('')}-out.")
    entries = {entry.name for entry in folder.iterdir()} - LITTER
    if entries and DESCRIPTOR not in entries:
        raise FolderError(
            f"{folder} holds files but no {DESCRIPTOR}, so it is not an output of this program and is left as it "
            "is. Give an empty or a new folder to -o."
        )
    foreign = sorted(entries - OUR_ENTRIES)
    if foreign:
        names = ", ".join(foreign[:5]) + (" …" if len(foreign) > 5 else "")
        raise FolderError(
            f"{folder} is a former output, but it also holds {names}, which replacing it would delete. "
            "Move that elsewhere, or give another folder to -o."
        )


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """Give an empty folder to write into; when the block ends well, it stands in the place of `folder`.

    If the block fails, what was written is removed and `folder` stays as it was. Raises FolderError where
    `folder` must not or cannot be replaced.
    """
    # The link stays where it is; what it leads to is replaced.
    folder = folder.resolve()
    recover(folder)
    check_folder(folder)
    fresh = folder.parent / f".{folder.name}.new-{os.getpid()}"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh.mkdir()
    except OSError as error:
        raise FolderError(
            f"Nothing can be written beside {folder}: {error.strerror}. Give a folder to -o in a place where you may "
            "write."
        ) from error
    try:
        yield fresh
        _sync_tree(fresh)
        _swap(fresh, folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def recover(folder: Path) -> None:
    """Put right what a killed run left beside `folder`: give the former output its name back, drop the rest."""
    for former in sorted(_beside(folder, "old")):
        if folder.exists():
            _discard(former)
        else:
            former.rename(folder)
            _sync(folder.parent)
    for unfinished in _beside(folder, "new"):
        _discard(unfinished)


def _beside(folder: Path, mark: str) -> list[Path]:
    prefix = f".{folder.name}.{mark}-"
    if not folder.parent.is_dir():
        return []
    return [entry for entry in folder.parent.iterdir() if entry.name.startswith(prefix) and entry.is_dir()]


def _discard(leftover: Path) -> None:
    """Remove a leftover. Renamed first, so that a run which is still writing there fails instead of losing files."""
    doomed = leftover.with_name(f"{leftover.name}.gone")
    # Where another program holds a file of it open, Windows refuses; the next run tries again.
    with suppress(OSError):
        if not leftover.name.endswith(".gone"):
            leftover = leftover.rename(doomed)
        shutil.rmtree(leftover)


def _swap(fresh: Path, folder: Path) -> None:
    """Put the new output in the place of the former one, and remove that.

    Where the two cannot be exchanged, one is renamed away and the other in: no system renames over a full folder.
    """
    if folder.exists() and _exchanged(fresh, folder):
        _sync(folder.parent)
        _discard(fresh)
        return
    former = folder.parent / f".{folder.name}.old-{os.getpid()}"
    try:
        if folder.exists():
            folder.rename(former)
        try:
            fresh.rename(folder)
        except OSError:
            if former.exists():
                former.rename(folder)
            raise
    except OSError as error:
        raise FolderError(
            f"{folder} cannot be replaced: {error.strerror}. The former output is untouched. Close programs that have "
            "its files open; if it is a mounted volume, give a folder inside it to -o."
        ) from error
    _sync(folder.parent)
    if former.exists():
        _discard(former)


def _exchanged(one: Path, other: Path) -> bool:
    """Have two folders change places in one step, without a moment in which one of them is missing.

    False where nothing happened: other systems than Linux, and some file systems, have no such step.
    """
    if not sys.platform.startswith("linux"):
        return False
    # Only here: a first output needs none of it.
    import ctypes

    try:
        exchange = ctypes.CDLL(None).renameat2
    except (OSError, AttributeError):
        return False
    here = AT_FOLDER_OF_PROCESS
    done: int = exchange(here, os.fsencode(one), here, os.fsencode(other), EXCHANGE)
    return done == 0


def _sync_tree(folder: Path) -> None:
    """Have every file on the disk before the rename is: after a power cut there is no half-written output."""
    walked = [(Path(path), files) for path, _, files in os.walk(folder)]
    if hasattr(os, "sync") and sum(len(files) for _, files in walked) > SINGLY:
        # The whole system at once: one by one, a hundred thousand files take minutes.
        os.sync()
        return
    for path, files in walked:
        for name in files:
            _sync(path / name)
        _sync(path)


def _sync(path: Path) -> None:
    # Windows cannot open folders for this; there, and on file systems without it, the rename alone must do.
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
