"""Find the files below one or several folders, in an order that no file system decides."""

from __future__ import annotations

import os
import stat
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.model import Problem
from pipeline.model.tables import ProblemRow
from pipeline.read import ReadError
from pipeline.read.litter import is_litter

# A file is held in memory while it is read. Larger ones are films, backups, images of disks.
MOST_BYTES = 512 << 20
# Some file systems note times to two seconds.
COARSE_SECONDS = 2.5


@dataclass(frozen=True, slots=True)
class File:
    """One file to read: what the rows call it (`source`, below its root, with /) and where it is."""

    source: str
    path: Path
    notes: tuple[Problem, ...] = ()

    def read(self) -> bytes:
        """Give its bytes. Raises OSError, and ReadError for a file that is too large to be a document."""
        size = self.path.stat().st_size
        if size > MOST_BYTES:
            raise ReadError(
                "too_large",
                f"{self.source} has {size:,} bytes; the limit is {MOST_BYTES:,}. If it is an archive, unpack it and "
                "give its documents; else leave it out.",
            )
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


Found = File | ProblemRow


def find_files(roots: Iterable[str | Path], *, leave_out: Path | None = None) -> list[Found]:
    """Give all files below `roots` (folders or single files) by their source, and what could not be entered.

    Links are followed, each folder is entered once. Hidden files and lock files are left out, so is the
    folder `leave_out` (the output, which may lie below an input). A file that two roots reach comes once; two
    files with one relative path get the names of their roots in front. Raises FileNotFoundError for a root
    that is not there.
    """
    tops = [Path(root) for root in roots]
    seen: set[Path] = set()
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


def _is_new(found: Found, seen: set[Path]) -> bool:
    """Tell whether a file was not met before, under whatever name, and remember it."""
    if isinstance(found, ProblemRow):
        return True
    place = found.path.resolve()
    known = place in seen
    seen.add(place)
    return not known


def printable(path: str) -> str:
    """Give a path as text that every file can hold: bytes of the file system that are no UTF-8 become \\udcff."""
    return path.encode("utf-8", "backslashreplace").decode("utf-8")


def _root_names(roots: list[Path]) -> list[str]:
    """Give each root a name of its own: raw, raw-2, …"""
    counts: Counter[str] = Counter()
    names = []
    for root in roots:
        name = printable((root if root.is_dir() else root.parent).resolve().name)
        counts[name] += 1
        names.append(name if counts[name] == 1 else f"{name}-{counts[name]}")
    return names


def _walk(root: Path, leave_out: Path | None) -> Iterator[Found]:
    """Give what lies below a root. The root itself may be hidden: it was asked for by name."""
    if not root.exists():
        raise FileNotFoundError(f"{root} is not there.")
    if not root.is_dir():
        yield File(printable(root.name), root)
        return
    entered = {leave_out.resolve()} if leave_out is not None else set()
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
