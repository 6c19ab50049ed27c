"""Find the files below one or several folders, in an order that no file system decides."""

from __future__ import annotations

import os
import stat
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.model import Problem
from pipeline.model.tables import ProblemRow
from pipeline.quick.classes import dataclass, replace
from pipeline.read.litter import is_litter
from pipeline.read.size import MOST_BYTES, too_large
from pipeline.remote.address import UnreachableError, is_address, last_name
from pipeline.remote.files import NotListed, RemoteFile

# Some file systems note times to two seconds.
COARSE_SECONDS = 2.5


@dataclass(frozen=True, slots=True)
class File:
    """One file to read: what the rows call it (`source`, below its root, with /) and where it is."""

    source: str
    path: Path
    notes: tuple[Problem, ...] = ()

    @property
    def place(self) -> str:
        """Give a name for where it is, which two sources share when they are one file."""
        return str(self.path.resolve())

    def read(self) -> bytes:
        """Give its bytes. Raises OSError, and ReadError for a file that is too large to be a document."""
        size = self.path.stat().st_size
        if size > MOST_BYTES:
            raise too_large(self.source, f"{size:,}")
        return self.path.read_bytes()

    def stamp(self) -> str | None:
        """Give words that change when the file does: its place, size, times and number on the disk.

        None where they could stay the same although it is written to: it was touched a moment ago, and the clock of
        the file system is coarse. Raises OSError.
        """
        found = self.path.stat()
        if time.time() - max(found.st_mtime, found.st_ctime) < COARSE_SECONDS:
            return None
        return f"{self.path.absolute()} {found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}"


Found = File | RemoteFile | ProblemRow


def find_files(roots: Iterable[str | Path], *, leave_out: str | Path | None = None) -> list[Found]:
    """Give all files below `roots` (folders, single files, addresses) by their source, and what could not be entered.

    Links are followed, each folder is entered once. Hidden files and lock files are left out, so is the
    folder `leave_out` (the output, which may lie below an input). A file that two roots reach comes once; two
    files with one relative path get the names of their roots in front. Raises FileNotFoundError for a root
    that is not there, and what `pipeline.remote` raises for an address that cannot be used.
    """
    tops = [root if isinstance(root, str) and is_address(root) else Path(root) for root in roots]
    seen: set[str] = set()
    walks = [[found for found in _in_order(_walk(top, leave_out)) if _is_new(found, seen)] for top in tops]
    taken = Counter(found.source for files in walks for found in files)
    return _in_order(
        replace(found, source=f"{name}/{found.source}") if taken[found.source] > 1 else found
        for name, files in zip(_root_names(tops), walks, strict=True)
        for found in files
    )


def _in_order(files: Iterable[Found]) -> list[Found]:
    """Sort by source, code point by code point: the same on every system."""
    return sorted(files, key=lambda found: found.source)


def _is_new(found: Found, seen: set[str]) -> bool:
    """Tell whether a file was not met before, under whatever name, and remember it."""
    if isinstance(found, ProblemRow):
        return True
    known = found.place in seen
    seen.add(found.place)
    return not known


def printable(path: str) -> str:
    """Give a path as text that every file can hold: bytes of the file system that are no UTF-8 become \\udcff."""
    return path.encode("utf-8", "backslashreplace").decode("utf-8")


def _root_names(roots: list[str | Path]) -> list[str]:
    """Give each root a name of its own: raw, raw-2, …"""
    counts: Counter[str] = Counter()
    names = []
    for root in roots:
        if isinstance(root, str):
            name = last_name(root)
        else:
            name = printable((root if root.is_dir() else root.parent).resolve().name)
        counts[name] += 1
        names.append(name if counts[name] == 1 else f"{name}-{counts[name]}")
    return names


def _walk(root: str | Path, leave_out: str | Path | None) -> Iterator[Found]:
    """Give what lies below a root. The root itself may be hidden: it was asked for by name."""
    if isinstance(root, str):
        # Only here: it brings packages of its own.
        from pipeline.remote.listing import walk_remote

        excluded = leave_out if isinstance(leave_out, str) else None
        for found in walk_remote(root, excluded):
            yield problem(*found) if isinstance(found, NotListed) else found
        return
    if not root.exists():
        raise FileNotFoundError(f"{root} is not there.")
    if not root.is_dir():
        yield File(printable(root.name), root)
        return
    entered = {leave_out.resolve()} if isinstance(leave_out, Path) else set()
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        if folder.resolve() in entered:
            continue
        entered.add(folder.resolve())
        try:
            # In order, because of a folder and a link to it the one that comes first is entered.
            entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
        except OSError as error:
            yield problem(_source(root, folder), error)
            continue
        for entry in entries:
            if is_litter(entry.name):
                continue
            if entry.is_dir():
                waiting.append(entry)
            elif _is_plain(entry):
                yield File(_source(root, entry), entry)


def _source(root: Path, path: Path) -> str:
    return printable(path.relative_to(root).as_posix())


def _is_plain(path: Path) -> bool:
    """Tell whether opening it ends: a pipe or device would wait forever. A broken link fails when opened."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except OSError:
        return True


def problem(source: str, error: OSError) -> ProblemRow:
    """Give the row for a file or folder that the system does not let us read."""
    if isinstance(error, FileNotFoundError):
        code, message = "file_vanished", "The file was gone when it was to be read, or is a link that leads nowhere."
    elif isinstance(error, PermissionError):
        code, message = "permission_denied", "This user may not read it. Change its permissions and run again."
    elif isinstance(error, UnreachableError):
        code, message = "unreachable", f"Its server gave no answer, asked again and again: {error}. Run again later."
    else:
        reason = error.strerror or str(error)
        code, message = "unreadable", f"The system could not read it: {reason}. Copy it anew and run again."
    return file_problem(source, code, message)


def file_problem(source: str, code: str, message: str) -> ProblemRow:
    """Give the row for a file that gave no record."""
    return ProblemRow(
        document_id=None,
        source=source,
        severity="error",
        code=code,
        message=printable(message),
        section_id=None,
        char_start=None,
        char_end=None,
        quote=None,
    )
