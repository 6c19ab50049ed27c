"""Folders in, one output folder out: what is new is parsed, what is known is taken from the store, all is written."""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipeline.batch.jobs import Job, Jobs
from pipeline.batch.publish import publish
from pipeline.batch.store import Kept, Store, open_store, store_folder
from pipeline.batch.supervise import METHOD, NONE, Answered, Failure, Limits, Supervisor
from pipeline.batch.versions import Versions, key, versions
from pipeline.find import Found, file_problem, find_files, problem
from pipeline.lexicon import Lexicon, load_lexicon
from pipeline.model.tables import ProblemRow
from pipeline.quick.classes import NamedTuple, dataclass, field, replace
from pipeline.read import ReadError
from pipeline.remote.address import is_address
from pipeline.remote.files import RemoteFile
from pipeline.run import NO_READINGS, OUT_OF_MEMORY, Copies, Later, Made, Readings, Task, document_answer
from pipeline.write import Counts, FolderError
from pipeline.write.rendered import render

# Where the pages that were recognised in images are kept, in the folder of the store.
PAGES = "pages"
# A document that may not be read for longer, or with more memory, is tried again when it may.
BY_LIMITS = frozenset({"time_limit", "memory_limit", "reader_crashed"})


class NothingToReadError(Exception):
    """No file was found below the folders that were given."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a run goes about its work; what comes out does not depend on it, but for `limits`.

    `jobs` is the number of worker processes (all processors if None); without `isolate` there is none, for a
    debugger. `cache` is the folder of the store (beside the output if None), which is removed at the end without
    `keep`. `fresh` takes nothing from former runs, `retry` no failures. With the address of a `scheduler` the
    documents are read by the workers of a cluster, which keep their results below the address `shards` (in the cache if
    None).
    """

    limits: Limits = field(default_factory=Limits)
    jobs: int | None = None
    isolate: bool = True
    cache: Path | None = None
    keep: bool = True
    fresh: bool = False
    retry: bool = False
    scheduler: str | None = None
    shards: str | None = None


class Done(NamedTuple):
    """What is told of a document: its source, why it gave no rows, the seconds it took, and whether it was known."""

    source: str
    code: str
    message: str
    seconds: float
    known: bool


# How many are done, how many there are (more when an archive is opened), and the one just done.
Watch = Callable[[int, int, Done], None]


def run_folders(
    roots: Sequence[str | Path],
    folder: str | Path,
    *,
    lexicon: Lexicon | None = None,
    leave_out: str | Path | None = None,
    watch: Watch | None = None,
    settings: Settings | None = None,
) -> Counts:
    """Parse what is new below `roots` and write the tables of all into `folder`.

    Each document is parsed in a worker process within limits, so that one that hangs or crashes its reader is a row
    of problems. What a former run knows is not made again; the output is the same as if it were. Until all is
    written, a former output in `folder` stays as it was; a run that is stopped is gone on with by the next one. What
    lies below `leave_out` is not read (`folder` if None).

    Raises FileNotFoundError for a root that is not there, NothingToReadError, LexiconError, BusyError where another
    run works on this output, and FolderError for an output folder that cannot be used, or whose documents would be
    replaced by none.
    """
    out = Path(folder)
    settings = settings or Settings()
    if settings.scheduler is not None:
        raise ValueError("This is a run on this machine alone; pipeline.run_folders knows clusters.")
    files = files_to_read(roots, leave_out or out)
    cache = settings.cache or store_folder(out)
    with open_store(cache, fresh=settings.fresh, keep=settings.keep) as store, _on_their_way(files, store) as fetched:
        run = _Run(store, Jobs(fetched, store), settings, watch, standard=lexicon is None)
        worker = _worker(lexicon, cache / PAGES, settings)
        workers = settings.jobs or processors()
        supervisor = Supervisor(worker, settings.limits, workers=workers, scratch=store.scratch)
        with supervisor if settings.isolate else nullcontext():
            answers = supervisor.answers if settings.isolate else partial(_answers_here, worker)
            for answered in answers(run.tasks()):
                run.settle(answered)
        counts = publish(store, run.order, out, run.version.result)
        run.forget_others([found.source for found in files])
        return counts


def _on_their_way(files: list[Found], store: Store) -> AbstractContextManager[Sequence[Found]]:
    """Give the same files; those behind addresses that are new are fetched some time before they are read."""
    if not any(isinstance(file, RemoteFile) for file in files):
        return nullcontext(files)
    from pipeline.remote.ahead import fetched_ahead

    return fetched_ahead(files, lambda file: store.seen(file.source, file.stamp() or "") is None)


def files_to_read(roots: Sequence[str | Path], output: str | Path) -> list[Found]:
    """Give the files below `roots`, in order, without those of the output.

    Raises FileNotFoundError, FolderError for a root in the output, which is replaced, and NothingToReadError.
    """
    files = find_files(roots, leave_out=output)
    if inside := next((root for root in roots if _lies_in(root, output)), None):
        raise FolderError(
            f"{inside} lies in the output folder {output}, which is replaced as a whole. Choose another -o."
        )
    if not files:
        raise NothingToReadError(f"No file to read below {', '.join(map(str, roots))}. Hidden files are left out.")
    return files


def _lies_in(root: str | Path, output: str | Path) -> bool:
    if is_address(root) or is_address(output):
        return f"{str(root).rstrip('/')}/".startswith(f"{str(output).rstrip('/')}/")
    return Path(root).resolve().is_relative_to(Path(output).resolve())


def processors() -> int:
    """Give how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _own_versions() -> Versions:
    """Give versions that no other run has: nobody knows when rules of one's own are the same."""
    return Versions(*(os.urandom(20) for _ in range(3)))


def _worker(lexicon: Lexicon | None, pages: Path, settings: Settings) -> Callable[[Task], Made | Later]:
    """Give the function that a worker runs. A copy of this process has the rules; a fresh one loads its own."""
    if METHOD != "fork" and settings.isolate and lexicon is not None:
        raise ValueError("Rules of your own cannot be handed to a worker process on this system. Give isolate=False.")
    return partial(document_answer, lexicon=lexicon, pages=pages)


def _answers_here(worker: Callable[[Task], Made | Later], tasks: Iterable[Task]) -> Iterator[Answered[Task, Any]]:
    """Answer in this process, without a supervisor."""
    for task in tasks:
        try:
            yield Answered(task, worker(task), 0.0)
        except MemoryError:
            yield Answered(task, OUT_OF_MEMORY, 0.0)


class _Run:
    """One run: goes through the documents in order, and notes of each where its rows are."""

    def __init__(self, store: Store, jobs: Jobs, settings: Settings, watch: Watch | None, *, standard: bool) -> None:
        self.store = store
        self.jobs = jobs
        # Of each outcome, in order: the key of a result in the store, or a row that needs none.
        self.order: list[bytes | ProblemRow] = []
        self._settings = settings
        self._standard = standard
        self.version = versions() if standard else _own_versions()
        self._watch = watch
        self._copies = Copies()
        self._limits = f"{settings.limits.seconds:g} s, {settings.limits.megabytes} MB"
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
        failed = () if self._settings.retry else (self._failed(name, by_limits=limits) for limits in (False, True))
        return next(((one, kept) for one in (name, *failed) if (kept := self.store.kept(one)) is not None), None)

    def _failed(self, name: bytes, *, by_limits: bool) -> bytes:
        return key("failed", name, self._limits if by_limits else "")

    def _task(self, name: bytes, data: bytes | None, *, scans: bool) -> Task | None:
        """Give the task for a document, with its bytes where they are needed; None where they cannot be had."""
        # Once, for all workers that are copies of this process; and faults in the rules are found before they start.
        if self._standard:
            load_lexicon()
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
