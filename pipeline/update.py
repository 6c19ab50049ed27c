"""Folders in, one output folder out: what is new is parsed, what is known is taken from the store, all is written."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.batch.folders import FILE, SCRATCH, store_folder
from pipeline.batch.supervise import METHOD, Answered, Limits, Supervisor
from pipeline.batch.tasks import OUT_OF_MEMORY, Done, Later, Made, Task, Watch
from pipeline.quick.classes import dataclass, field
from pipeline.remote.address import is_address

# What finds and keeps documents is loaded when the first worker has been started, which takes long to get ready.
if TYPE_CHECKING:
    from pipeline.batch.store import Store
    from pipeline.find import Found
    from pipeline.lexicon import Lexicon
    from pipeline.write import Counts

__all__ = ["Done", "NothingToReadError", "Settings", "Watch", "files_to_read", "run_folders"]

# Where the pages that were recognised in images are kept, in the folder of the store.
PAGES = "pages"


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
    cache = settings.cache or store_folder(out)
    worker = _worker(lexicon, cache / PAGES, settings)
    supervisor = Supervisor(
        worker,
        settings.limits,
        workers=settings.jobs or processors(),
        scratch=cache / SCRATCH,
        prepare=_prepare if lexicon is None else _prepare_stages,
    )
    answers = partial(_isolated, supervisor) if settings.isolate else partial(_answers_here, worker)
    with supervisor if settings.isolate else nullcontext():
        # Where nothing is known there will be something to parse.
        if settings.isolate and lexicon is None and not (cache / FILE).exists():
            supervisor.start_ahead()
        return _run(roots, out, leave_out or out, cache, settings, watch, answers, standard=lexicon is None)


def _run(
    roots: Sequence[str | Path],
    out: Path,
    leave_out: str | Path,
    cache: Path,
    settings: Settings,
    watch: Watch | None,
    answers: Callable[[Iterable[Task]], Iterable[Answered[Task, Made | Later]]],
    *,
    standard: bool,
) -> Counts:
    from pipeline.batch.documents import Documents
    from pipeline.batch.jobs import Jobs
    from pipeline.batch.publish import publish
    from pipeline.batch.store import open_store
    from pipeline.write.dataset import alike

    files = files_to_read(roots, leave_out)
    with open_store(cache, fresh=settings.fresh, keep=settings.keep) as store, _on_their_way(files, store) as fetched:
        documents = Documents(
            store, Jobs(fetched, store), settings.limits, watch, standard=standard, retry=settings.retry
        )
        for answered in answers(_and_then(documents.tasks(), alike)):
            documents.settle(answered)
        counts = publish(store, documents.order, out, documents.version.result)
        documents.forget_others([found.source for found in files])
        return counts


def _and_then(tasks: Iterator[Task], meanwhile: Callable[[], object]) -> Iterator[Task]:
    """Give the tasks, and after the first, while it is worked on, do what is to be done in the end anyway."""
    for first in tasks:
        yield first
        meanwhile()
        yield from tasks


def _on_their_way(files: list[Found], store: Store) -> AbstractContextManager[Sequence[Found]]:
    """Give the same files; those behind addresses that are new are fetched some time before they are read."""
    from pipeline.remote.files import RemoteFile

    if not any(isinstance(file, RemoteFile) for file in files):
        return nullcontext(files)
    from pipeline.remote.ahead import fetched_ahead

    return fetched_ahead(files, lambda file: store.seen(file.source, file.stamp() or "") is None)


def files_to_read(roots: Sequence[str | Path], output: str | Path) -> list[Found]:
    """Give the files below `roots`, in order, without those of the output.

    Raises FileNotFoundError, FolderError for a root in the output, which is replaced, and NothingToReadError.
    """
    from pipeline.find import find_files
    from pipeline.write.folder import FolderError

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


def _worker(lexicon: Lexicon | None, pages: Path, settings: Settings) -> Callable[[Task], Made | Later]:
    """Give the function that a worker runs. A copy of this process has the rules; a fresh one loads its own."""
    if METHOD != "fork" and settings.isolate and lexicon is not None:
        raise ValueError("Rules of your own cannot be handed to a worker process on this system. Give isolate=False.")
    # Of rules of one's own, and of a store that is removed, nobody will ask for what the stages made.
    return partial(_answer, lexicon=lexicon, keep=settings.keep and lexicon is None, pages=pages)


def _answer(task: Task, lexicon: Lexicon | None, keep: bool, pages: Path) -> Made | Later:
    from pipeline.run import document_answer

    return document_answer(task, lexicon, keep=keep, pages=pages)


def _prepare() -> None:
    """Load the stages and the rules. Raises LexiconError where these have faults."""
    from pipeline.lexicon import load_lexicon

    load_lexicon()
    _prepare_stages()


def _prepare_stages() -> None:
    import pipeline.run  # noqa: F401


def _isolated(supervisor: Supervisor[Task, Any], tasks: Iterable[Task]) -> Iterator[Answered[Task, Any]]:
    """Answer in workers. In the end they leave, while this process goes on."""
    yield from supervisor.answers(tasks)
    supervisor.dismiss()


def _answers_here(worker: Callable[[Task], Made | Later], tasks: Iterable[Task]) -> Iterator[Answered[Task, Any]]:
    """Answer in this process, without a supervisor."""
    for task in tasks:
        try:
            yield Answered(task, worker(task), 0.0)
        except MemoryError:
            yield Answered(task, OUT_OF_MEMORY, 0.0)
