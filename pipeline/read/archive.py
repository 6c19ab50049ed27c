"""An archive → the documents in it, one at a time. Nothing is ever written to the disk."""

from __future__ import annotations

import io
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import PurePosixPath

from pipeline.model import Problem
from pipeline.quick.classes import dataclass, replace
from pipeline.quick.plain import plain
from pipeline.read.errors import ReadError
from pipeline.read.litter import is_litter
from pipeline.read.sniff import Format, format_of
from pipeline.read.zip_entries import Entry, decoded_name, entry_name, overlap, unpack, zip_entries

ARCHIVES: frozenset[Format] = frozenset({"zip", "gzip", "tar"})
MEGABYTE = 1 << 20
# The annexes of a notice are dozens, a year of an office's documents some thousands.
MOST_ENTRIES = 10_000
# A scanned plan of several hundred pages takes 100 MB.
MOST_BYTES = 256 * MEGABYTE
# All that one archive may unpack to, with the archives inside it.
MOST_BYTES_IN_ALL = 1024 * MEGABYTE
# Text packs to a tenth, a table of equal rows to a fiftieth. Small members may pack better: they do no harm.
MOST_RATIO = 200
RATIO_FREE = 8 * MEGABYTE
# An archive in an archive in an archive.
MOST_DEPTH = 3
MOST_NAME = 240
# Characters that a name may hold and no line should: controls, marks that turn the direction of writing, lone halves.
UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
DRIVE = plain(r"\A([A-Za-z]):(?=/|\Z)")
ADVICE = "Unpack the archive by hand and give its documents."


@dataclass(slots=True)
class Budget:
    """What an archive, with all archives inside it, may still unpack to."""

    entries: int = MOST_ENTRIES
    size: int = MOST_BYTES_IN_ALL


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its source (the archive's, a slash, its name there), and how to get its bytes.

    `read` raises ReadError where they cannot be had. `notes` tell where the name had to be changed.
    """

    source: str
    read: Callable[[], bytes]
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """What is not read, an entry or the rest of an archive, and why."""

    source: str
    code: str
    message: str


Listed = Member | Refused


def is_archive(data: bytes) -> bool:
    """Tell whether these bytes are an archive that `members` opens."""
    return format_of(data) in ARCHIVES


def members(data: bytes, path: str, budget: Budget) -> list[Listed]:
    """Give what lies in an archive (ZIP, TAR, gzip) by source, each name once, and what of it is not read.

    Folders, hidden files and lock files are left out without a word. The bytes of a member are unpacked when it is
    read. Codes of what is refused: `encrypted_file`, `damaged_archive`, `too_large`, `archive_link`, and for an
    archive in which nothing is left, `no_document`.
    """
    kind = format_of(data)
    try:
        if kind == "gzip":
            listed = list(_of_gzip(data, path, budget))
        else:
            listed = list(_of_tar(data, path, budget) if kind == "tar" else _of_zip(data, path, budget))
    except ReadError as error:
        return [Refused(path, error.code, f"{path} {error.message}.")]
    if not listed:
        return [Refused(path, "no_document", f"{path} holds no file. Ask for it anew, or leave it out.")]
    return sorted(_numbered(listed, path), key=lambda one: one.source)


def _of_zip(data: bytes, path: str, budget: Budget) -> Iterator[Listed]:
    entries, whole = zip_entries(data, MOST_ENTRIES)
    if overlap(entries) and whole:
        raise ReadError("damaged_archive", f"holds entries that share their bytes, so it is not read. {ADVICE[:-1]}")
    if not whole:
        yield Refused(
            path,
            "damaged_archive",
            f"{path} has lost its directory, perhaps with its end; {len(entries)} entries could still be found and "
            "are read as far as they are whole. Fetch it again.",
        )
    wanted = [(entry, name) for entry in entries if _is_wanted(name := entry_name(entry))]
    for entry, name in wanted[: budget.entries]:
        source, notes = _source(path, name)
        if entry.is_link:
            yield _link(source)
        elif entry.is_encrypted:
            message = f"{source} is encrypted. Unpack the archive with its password and give the document."
            yield Refused(source, "encrypted_file", message)
        else:
            yield Member(source, partial(_unpack, data, entry, source, budget), notes)
    yield from _surplus(path, len(wanted), budget)


def _unpack(data: bytes, entry: Entry, source: str, budget: Budget) -> bytes:
    most = _allowed(entry.packed if entry.packed is not None else len(data), budget)
    try:
        content = unpack(data, entry, most)
    except ReadError as error:
        raise _explained(error, source, most) from error
    budget.size -= len(content)
    return content


def _of_gzip(data: bytes, path: str, budget: Budget) -> Iterator[Listed]:
    """Give the one file in a gzip file, or the members of the TAR in it."""
    most = _allowed(len(data), budget)
    content, is_whole = _gunzipped(data, most)
    if len(content) > most:
        raise ReadError("too_large", f"unpacks to more than {most // MEGABYTE} MB, the limit here. {ADVICE[:-1]}")
    if format_of(content) == "tar":
        yield from _of_tar(content, path, budget)
    elif content:
        budget.size -= len(content)
        source, notes = _source(path, PurePosixPath(path).stem)
        yield Member(source, lambda: content, notes)
    if not is_whole:
        yield Refused(
            path,
            "damaged_archive",
            f"{path} is damaged; {len(content):,} bytes before the damage are read. Fetch it again.",
        )


def _gunzipped(data: bytes, most: int) -> tuple[bytes, bool]:
    """Give the unpacked bytes, at most one more than `most`, and whether the file is whole."""
    parts: list[bytes] = []
    left, rest = most + 1, data
    try:
        # A gzip file may be several, one behind the other.
        while rest.startswith(b"\x1f\x8b") and left > 0:
            unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
            parts.append(unpacker.decompress(rest, left))
            left -= len(parts[-1])
            if not unpacker.eof:
                return b"".join(parts), False
            rest = unpacker.unused_data
    except zlib.error:
        return b"".join(parts), False
    return b"".join(parts), True


def _of_tar(data: bytes, path: str, budget: Budget) -> Iterator[Listed]:
    # Only here: most runs meet no such archive.
    import tarfile

    count = 0
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:", encoding="utf-8", errors="surrogateescape") as archive:
            for entry in archive:
                name = decoded_name(entry.name.encode("utf-8", "surrogateescape"))
                if entry.isdir() or not _is_wanted(name):
                    continue
                count += 1
                if count > budget.entries:
                    continue
                source, notes = _source(path, name)
                if not entry.isreg() or entry.issparse():
                    yield _link(source)
                else:
                    place = (entry.offset_data, entry.offset_data + entry.size)
                    yield Member(source, partial(_cut, data, place, source, budget), notes)
    except (tarfile.TarError, EOFError, OSError, ValueError, OverflowError) as error:
        message = f"{path} is damaged: {error}. The members before the damage are read. Fetch it again."
        yield Refused(path, "damaged_archive", message)
    yield from _surplus(path, count, budget)


def _cut(data: bytes, place: tuple[int, int], source: str, budget: Budget) -> bytes:
    start, end = place
    most = min(MOST_BYTES, budget.size)
    if end - start > most:
        raise _explained(ReadError("too_large", ""), source, most)
    if end > len(data):
        raise _explained(ReadError("damaged_archive", "is damaged: its end is missing"), source, most)
    budget.size -= end - start
    return data[start:end]


def _allowed(packed: int, budget: Budget) -> int:
    """Give the most bytes that so many packed ones may become."""
    return max(0, min(MOST_BYTES, budget.size, max(RATIO_FREE, packed * MOST_RATIO)))


def _explained(error: ReadError, source: str, most: int) -> ReadError:
    if error.code == "too_large":
        message = (
            f"{source} unpacks to more than {most // MEGABYTE} MB, the limit here (one member {MOST_BYTES // MEGABYTE} "
            f"MB, an archive {MOST_BYTES_IN_ALL // MEGABYTE} MB, {MOST_RATIO} times its packed size). {ADVICE}"
        )
    else:
        message = f"{source} {error.message}. Fetch the archive again, or unpack it by hand and give the document."
    return ReadError(error.code, message)


def _link(source: str) -> Refused:
    return Refused(source, "archive_link", f"{source} is a link or a device, not a file. {ADVICE}")


def _surplus(path: str, count: int, budget: Budget) -> Iterator[Refused]:
    """Count entries against the budget, and tell of those above it."""
    surplus = count - budget.entries
    budget.entries = max(0, budget.entries - count)
    if surplus > 0:
        message = f"{path} holds more than {MOST_ENTRIES:,} files, the limit here; the rest is not read. {ADVICE}"
        yield Refused(path, "too_large", message)


def _is_wanted(name: str) -> bool:
    parts = [part for part in re.split(r"[/\\]", name) if part not in ("", ".", "..")]
    return bool(parts) and not name.endswith(("/", "\\")) and not any(map(is_litter, parts))


def _source(path: str, name: str) -> tuple[str, tuple[Problem, ...]]:
    """Give the source of a member; a name that would lead out of a folder or hide is shown so that it does neither."""
    shown = "/".join(part for part in DRIVE.sub(r"\1_", name.replace("\\", "/")).split("/") if part not in ("", "."))
    shown = "/".join("__" if part == ".." else part for part in shown.split("/"))
    shown = "".join(_visible(character) for character in shown)
    if len(shown) > MOST_NAME:
        shown = f"{shown[: MOST_NAME - 20]}…{shown[-19:]}"
    source = f"{path}/{shown}"
    if shown == name.replace("\\", "/").removeprefix("./"):
        return source, ()
    message = (
        f"In the archive this file is called {name[:MOST_NAME]!a}, a name that leads out of its folder or holds "
        "signs that do not show. It was read under a safe name; look whom the archive comes from."
    )
    return source, (Problem("warning", "unsafe_name", message),)


def _visible(character: str) -> str:
    if unicodedata.category(character) not in UNSEEN:
        return character
    return character.encode("unicode_escape").decode("ascii") if ord(character) > 0 else "\\x00"


def _numbered(listed: list[Listed], path: str) -> Iterator[Listed]:
    """Give members of one name a number each, in the order of the archive: 附件.docx, 附件 (2).docx."""
    taken = {one.source for one in listed}
    met: Counter[str] = Counter()
    for one in listed:
        met[one.source] += 1
        if met[one.source] == 1 or one.source == path:
            yield one
            continue
        name = PurePosixPath(one.source)
        number = met[one.source]
        while (source := f"{name.parent}/{name.stem} ({number}){name.suffix}") in taken:
            number += 1
        taken.add(source)
        yield replace(one, source=source)
