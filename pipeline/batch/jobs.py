"""Files → the documents in them, archives opened, in the order of their sources.

What a former run saw in a file that is unchanged is remembered: it is then not opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from hashlib import sha256
from heapq import heapify, heappop, heappush
from typing import Protocol

from pipeline.batch.faults import program_fault
from pipeline.batch.tasks import Job as Job
from pipeline.find import File, Found, file_problem, problem
from pipeline.model import Problem
from pipeline.model.tables import ProblemRow
from pipeline.quick.classes import NamedTuple, dataclass, field
from pipeline.read import ReadError
from pipeline.read.archive import MOST_DEPTH, Budget, Listed, Refused, is_archive, members
from pipeline.remote.files import RemoteFile
from pipeline.write.folder import FolderError


@dataclass(frozen=True, slots=True)
class Given:
    """A file whose bytes are at hand."""

    source: str
    data: bytes
    notes: tuple[Problem, ...] = ()

    def read(self) -> bytes:
        """Give its bytes."""
        return self.data

    def stamp(self) -> str | None:
        """Give None: nothing tells it from other bytes of this name."""
        return None


class Leaf(NamedTuple):
    """A document in an archive, by its digest; or, with a code and a message, what is not read of the archive."""

    source: str
    digest: str
    notes: tuple[Problem, ...] = ()
    code: str = ""
    message: str = ""


class Seen(NamedTuple):
    """What a file holds: its SHA-256, and for an archive what lies in it, in the order of sources."""

    digest: str
    leaves: tuple[Leaf, ...] | None


class Memory(Protocol):
    """What former runs saw; a stamp tells whether a file is still the same."""

    def seen(self, source: str, stamp: str) -> Seen | None:
        """Give what was in the file when it had this stamp."""

    def learn(self, source: str, stamp: str, seen: Seen) -> None:
        """Remember it."""


@dataclass(slots=True)
class _Top:
    """A file that is read for the first time, of which it is noted what it holds while that comes up."""

    file: File | RemoteFile | Given
    stamp: str | None
    digest: str = ""
    waiting: int = 1
    leaves: list[Leaf] | None = None


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Something that is not opened yet, the archives it lies in, and the file on the disk."""

    item: Found | Given | Listed | Leaf
    depth: int = 0
    budget: Budget | None = None
    top: _Top | None = None
    again: Callable[[], bytes] | None = None


@dataclass(slots=True)
class _Archive:
    """Gets the documents of an archive anew, in the order of their sources, one in memory at a time."""

    file: File | RemoteFile | Given
    opened: Iterator[Job | ProblemRow] | None = field(default=None)

    def read(self, source: str) -> bytes:
        for _ in range(2):
            self.opened = self.opened or iter(Jobs([self.file]))
            for job in self.opened:
                if isinstance(job, Job) and job.source == source and job.data is not None:
                    return job.data
            self.opened = None
        raise FileNotFoundError(2, "The archive was changed while it was read", source)


class Jobs:
    """Gives documents, and rows for what gives none, by source, code point by code point; one is in memory at a time.

    The members of an archive come as `archive.zip/folder/name`. Sorting all names at once would mean to open all
    archives first; so each is opened at its turn, and its members wait in a heap among the files behind it:
    `a.zip.txt` comes before `a.zip/b.txt`.
    """

    def __init__(self, files: Iterable[Found | Given], memory: Memory | None = None) -> None:
        self._heap = [(found.source, place, _Waiting(found)) for place, found in enumerate(files)]
        self._pushed = len(self._heap)
        self._memory = memory
        # How many outcomes there will be as far as is known: it grows when an archive is opened.
        self.total = len(self._heap)
        heapify(self._heap)

    def __iter__(self) -> Iterator[Job | ProblemRow]:
        while self._heap:
            source, _, waiting = heappop(self._heap)
            opened = self._opened(source, waiting)
            if opened is not None:
                yield opened
            if waiting.top is not None:
                self._note(waiting.top, opened)

    def _opened(self, source: str, waiting: _Waiting) -> Job | ProblemRow | None:
        """Give the document or the row that an item stands for; None for an archive, whose members now wait."""
        item = waiting.item
        if isinstance(item, ProblemRow):
            return item
        if isinstance(item, Refused):
            return file_problem(source, item.code, item.message)
        if isinstance(item, Leaf):
            if item.code:
                return file_problem(source, item.code, item.message)
            return Job(source, None, item.notes, item.digest, waiting.again)
        try:
            return self._file(item, waiting) if waiting.top is None else self._member(item, waiting)
        except OSError as error:
            return problem(source, error)
        except ReadError as error:
            return file_problem(source, error.code, error.message)
        except FolderError:
            # Not of this file: what is known can no longer be kept.
            raise
        except Exception as error:
            return file_problem(source, "internal_error", program_fault(error))

    def _file(self, item: File | RemoteFile | Given | Listed, waiting: _Waiting) -> Job | ProblemRow | None:
        """Open a file of the disk, unless a former run knows what it holds."""
        assert isinstance(item, File | RemoteFile | Given)
        # Taken before it is read: what is written to it meanwhile gives it another one.
        stamp = item.stamp() if self._memory is not None else None
        seen = self._memory.seen(item.source, stamp) if self._memory is not None and stamp is not None else None
        if seen is None:
            top = _Top(item, stamp)
            found = self._member(item, _Waiting(item, 0, None, top, item.read))
            top.digest = found.digest if isinstance(found, Job) else top.digest
            self._note(top, found)
            return found
        if seen.leaves is None:
            return Job(item.source, None, item.notes, seen.digest, item.read)
        archive = _Archive(item)
        self.total += len(seen.leaves) - 1
        for leaf in seen.leaves:
            self._push(leaf.source, _Waiting(leaf, again=partial(archive.read, leaf.source)))
        return None

    def _member(self, item: File | RemoteFile | Given | Listed, waiting: _Waiting) -> Job | ProblemRow | None:
        """Read a file or a member of an archive."""
        assert not isinstance(item, Refused) and waiting.top is not None
        source, top = item.source, waiting.top
        data = item.read()
        if not is_archive(data):
            return Job(source, data, item.notes, sha256(data).hexdigest(), waiting.again)
        if waiting.depth >= MOST_DEPTH:
            return file_problem(source, "too_large", _too_deep(source))
        if top.leaves is None:
            top.digest, top.leaves = sha256(data).hexdigest(), []
        budget = waiting.budget or Budget()
        listed = members(data, source, budget)
        archive = _Archive(top.file)
        self.total += len(listed) - 1
        top.waiting += len(listed)
        for one in listed:
            again = partial(archive.read, one.source)
            self._push(one.source, _Waiting(one, waiting.depth + 1, budget, top, again))
        return None

    def _push(self, source: str, waiting: _Waiting) -> None:
        self._pushed += 1
        heappush(self._heap, (source, self._pushed, waiting))

    def _note(self, top: _Top, found: Job | ProblemRow | None) -> None:
        """Note what came out of a part of a file; when all of it has come, remember it."""
        top.waiting -= 1
        if top.leaves is not None and isinstance(found, Job):
            top.leaves.append(Leaf(found.source, found.digest, found.notes))
        elif top.leaves is not None and isinstance(found, ProblemRow):
            top.leaves.append(Leaf(found.source, "", (), found.code, found.message))
        if top.waiting == 0 and top.digest and top.stamp is not None and self._memory is not None:
            leaves = None if top.leaves is None else tuple(top.leaves)
            self._memory.learn(top.file.source, top.stamp, Seen(top.digest, leaves))


def _too_deep(source: str) -> str:
    return (
        f"{source} is an archive that lies more than {MOST_DEPTH} archives deep, which is the limit. Unpack it by "
        "hand and give its documents."
    )
