"""The documents of one run, in order: which of them must be parsed, and where the rows of each are."""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Iterable, Iterator
from hashlib import sha256

from pipeline.batch.jobs import Job, Jobs
from pipeline.batch.store import Kept, Store
from pipeline.batch.supervise import NONE, Answered, Failure, Limits
from pipeline.batch.tasks import NO_READINGS, Copies, Done, Later, Made, Readings, Task, Watch
from pipeline.batch.versions import Versions, key, versions
from pipeline.find import file_problem, problem
from pipeline.model.tables import ProblemRow
from pipeline.quick.classes import replace
from pipeline.read import ReadError
from pipeline.write.rendered import render

# A document that may not be read for longer, or with more memory, is tried again when it may.
BY_LIMITS = frozenset({"time_limit", "memory_limit", "reader_crashed"})


def _own_versions() -> Versions:
    """Give versions that no other run has: nobody knows when rules of one's own are the same."""
    return Versions(*(os.urandom(20) for _ in range(3)))


class Documents:
    """The documents of one run: goes through them in order, and notes of each where its rows are."""

    def __init__(
        self, store: Store, jobs: Jobs, limits: Limits, watch: Watch | None, *, standard: bool, retry: bool
    ) -> None:
        self.store = store
        self.jobs = jobs
        # Of each outcome, in order: the key of a result in the store, or a row that needs none.
        self.order: list[bytes | ProblemRow] = []
        self._retry = retry
        self.version = versions() if standard else _own_versions()
        self._watch = watch
        self._copies = Copies()
        self._limits = f"{limits.seconds:g} s, {limits.megabytes} MB"
        # What is not done: where it stands in the order, the document, and the copies of it so far.
        self._open: dict[bytes, tuple[int, Job, tuple[str, int]]] = {}
        self._later: deque[bytes] = deque()
        self._done = 0

    def tasks(self) -> Iterator[Task]:
        """Give what is to be parsed; documents of images come last. NONE: there may be more when others are done."""
        for job in self.jobs:
            if isinstance(job, ProblemRow):
                self.order.append(job)
                self._tell(Done(job.source, job.code, job.message, 0.0, known=False))
                continue
            same = self._copies.of(job)
            name = self._key(job, same)
            if (known := self._known(name)) is not None:
                found, kept = known
                self.order.append(found)
                self._tell(Done(job.source, kept.code, kept.message, kept.seconds, known=True))
                continue
            self.order.append(name)
            # Its bytes are fetched again if need be: a thousand scans that wait do not fit into memory.
            self._open[name] = (len(self.order) - 1, replace(job, data=None), same)
            task = self._task(name, job.data, scans=False)
            if task is not None:
                yield task
        while self._open:
            task = self._task(self._later.popleft(), None, scans=True) if self._later else NONE
            if task is not None:
                yield task

    def settle(self, answered: Answered[Task, Made | Later]) -> None:
        """Keep what came of a task."""
        job = answered.task.job
        found = answered.answer
        name = self._key(job, answered.task.same)
        if isinstance(found, Later):
            self._later.append(name)
            if not found.scan:
                for reading in self._reading_keys(job.digest):
                    self.store.drop_reading(reading)
            return
        if isinstance(found, Failure):
            row = file_problem(job.source, *found)
            found = Made(render(row).packed(), NO_READINGS, row.code, row.message)
        place, *_ = self._open.pop(name)
        if found.code:
            # Under a name of its own: the same file may be read well another time.
            name = self.order[place] = self._failed(name, by_limits=found.code in BY_LIMITS)
        self.store.keep(name, Kept(found.code, found.message, answered.seconds), found.packed)
        for content, reading in zip(found.readings, self._reading_keys(job.digest), strict=True):
            if content is not None:
                self.store.keep_reading(reading, content)
        self._tell(Done(job.source, found.code, found.message, answered.seconds, known=False))

    def forget_others(self, sources: Iterable[str]) -> None:
        """Have the store drop what is of no document of this run, if there is such."""
        results = (name for name in self.order if isinstance(name, bytes))
        readings = (name for digest in self._copies.digests() for name in self._reading_keys(digest))
        self.store.forget_others(results, readings, sources)

    def _key(self, job: Job, same: tuple[str, int]) -> bytes:
        """Name the result of a document: equal where nothing it depends on is different."""
        first, count = same
        notes = json.dumps([(note.severity, note.code, note.message) for note in job.notes])
        copy_of = first if count > 1 else ""
        return key(self.version.result, job.digest, job.source, str(count), copy_of, notes)

    def _reading_keys(self, digest: str) -> tuple[bytes, bytes]:
        return key("text", self.version.text, digest), key("outline", self.version.outline, digest)

    def _known(self, name: bytes) -> tuple[bytes, Kept] | None:
        """Give the result of a document that is in the store, with its key; a failure only if it would be the same."""
        failed = () if self._retry else (self._failed(name, by_limits=limits) for limits in (False, True))
        return next(((one, kept) for one in (name, *failed) if (kept := self.store.kept(one)) is not None), None)

    def _failed(self, name: bytes, *, by_limits: bool) -> bytes:
        return key("failed", name, self._limits if by_limits else "")

    def _task(self, name: bytes, data: bytes | None, *, scans: bool) -> Task | None:
        """Give the task for a document, with its bytes where they are needed; None where they cannot be had."""
        _, job, same = self._open[name]
        text_key, outline_key = self._reading_keys(job.digest)
        text = self.store.reading(text_key)
        if text is not None:
            return Task(replace(job, again=None), same, Readings(text, self.store.reading(outline_key)), scans)
        try:
            if data is None:
                data = job.content()
                if sha256(data).hexdigest() != job.digest:
                    raise ReadError("unreadable", "The file was changed while the run was at work. Run again.")
        except OSError as error:
            self._lost(name, problem(job.source, error))
            return None
        except ReadError as error:
            self._lost(name, file_problem(job.source, error.code, error.message))
            return None
        return Task(replace(job, data=data, again=None), same, NO_READINGS, scans)

    def _lost(self, name: bytes, row: ProblemRow) -> None:
        self.order[self._open.pop(name)[0]] = row
        self._tell(Done(row.source, row.code, row.message, 0.0, known=False))

    def _tell(self, done: Done) -> None:
        self._done += 1
        if self._watch is not None:
            self._watch(self._done, max(self.jobs.total, self._done), done)
