"""Files → the documents in them, archives opened, in the order of their sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from pipeline.batch.faults import program_fault
from pipeline.find import Found, file_problem, problem
from pipeline.model import Problem
from pipeline.model.tables import ProblemRow
from pipeline.read import ReadError
from pipeline.read.archive import MOST_DEPTH, Budget, Listed, Refused, is_archive, members


@dataclass(frozen=True, slots=True)
class Job:
    """One document to parse: what the rows call it, its bytes, and what is to be told about it."""

    source: str
    data: bytes
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """A file whose bytes are at hand."""

    source: str
    data: bytes
    notes: tuple[Problem, ...] = ()

    def read(self) -> bytes:
        """Give its bytes."""
        return self.data


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Something that is not opened yet, and the archives it lies in."""

    item: Found | Given | Listed
    depth: int = 0
    budget: Budget | None = None


class Jobs:
    """Gives documents, and rows for what gives none, by source, code point by code point; one is in memory at a time.

    The members of an archive come as `archive.zip/folder/name`. Sorting all names at once would mean to open all
    archives first; so each is opened at its turn, and its members wait in a heap among the files behind it:
    `a.zip.txt` comes before `a.zip/b.txt`.
    """

    def __init__(self, files: Iterable[Found | Given]) -> None:
        self._heap = [(found.source, place, _Waiting(found)) for place, found in enumerate(files)]
        self._pushed = len(self._heap)
        # How many outcomes there will be as far as is known: it grows when an archive is opened.
        self.total = len(self._heap)
        heapify(self._heap)

    def __iter__(self) -> Iterator[Job | ProblemRow]:
        while self._heap:
            source, _, waiting = heappop(self._heap)
            opened = self._opened(source, waiting)
            if opened is not None:
                yield opened

    def _opened(self, source: str, waiting: _Waiting) -> Job | ProblemRow | None:
        """Give the document or the row that an item stands for; None for an archive, whose members now wait."""
        item = waiting.item
        if isinstance(item, ProblemRow):
            return item
        if isinstance(item, Refused):
            return file_problem(source, item.code, item.message)
        try:
            data = item.read()
            if not is_archive(data):
                return Job(source, data, item.notes)
            if waiting.depth >= MOST_DEPTH:
                return file_problem(source, "too_large", _too_deep(source))
            budget = waiting.budget or Budget()
            listed = members(data, source, budget)
        except OSError as error:
            return problem(source, error)
        except ReadError as error:
            return file_problem(source, error.code, error.message)
        except Exception as error:
            return file_problem(source, "internal_error", program_fault(error))
        self.total += len(listed) - 1
        for one in listed:
            self._pushed += 1
            heappush(self._heap, (one.source, self._pushed, _Waiting(one, waiting.depth + 1, budget)))
        return None


def _too_deep(source: str) -> str:
    return (
        f"{source} is an archive that lies more than {MOST_DEPTH} archives deep, which is the limit. Unpack it by "
        "hand and give its documents."
    )
