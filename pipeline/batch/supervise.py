"""Run a function in a process of its own, so that a document that hangs, explodes or crashes costs itself only.

One worker serves thousands of documents; it is started anew after a failure and now and then against leaks. On Linux
it is a copy of this process (fork: the rules are loaded already), elsewhere a fresh one. It leads a process group (on
Windows: the tree below it), which is ended as a whole: programs that a reader starts do not outlive it.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Generic, TypeVar

from pipeline.batch.limits import CHARACTERS, MEGABYTES, SECONDS
from pipeline.batch.process import Connection, Process, start, wait
from pipeline.batch.worker import ALIVE, DONE, LAST, NO_MEMORY, READY, UNFIT, serve
from pipeline.quick.classes import NamedTuple, dataclass

Task = TypeVar("Task")
Answer = TypeVar("Answer")

# A document that goes on telling pages may take this many times as long in all: some hundreds of scanned pages.
WHOLE = 30
# The largest file that it may write: an office program's copy of a document, a page as picture.
WRITTEN_MEGABYTES = 1024
# The rows of the longest text that is read take a tenth of this.
MOST_ANSWER_BYTES = 1 << 30
# Against what readers leak besides memory; a new process takes half a second to get warm.
DOCUMENTS_A_WORKER = 5000
# How often it is looked whether the worker still lives; what it answers is seen at once.
LOOK_SECONDS = 0.25
FAREWELL_SECONDS = 2.0
# Stages and rules take a tenth of a second to load; on a machine that is busy beyond measure, so long at most.
PREPARATION_SECONDS = 120.0
PRIVATE = 0o700
# Nothing yet, where an answer may be None.
NONE: Any = object()
METHOD = "fork" if sys.platform.startswith("linux") else "spawn"


def nothing() -> None:
    """Prepare nothing."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take.

    `seconds` is the longest time without a sign of progress, so many times as long for a text of some million
    characters; with such signs it may take `whole_seconds` in all.
    `megabytes` bounds the addresses of the worker (where the system has that: Linux), `written_megabytes` each file
    that it writes.
    """

    seconds: float = SECONDS
    megabytes: int = MEGABYTES
    written_megabytes: int = WRITTEN_MEGABYTES
    whole: float = WHOLE

    @property
    def whole_seconds(self) -> float:
        """Give the longest time in all."""
        return self.seconds * self.whole

    def silent_seconds(self, characters: int) -> float:
        """Give the longest time without a sign of progress in a text of so many characters."""
        return self.seconds * max(1.0, characters / CHARACTERS)


class Failure(NamedTuple):
    """Why a task gave no answer: `time_limit`, `memory_limit` or `reader_crashed`, and what a person can do."""

    code: str
    message: str


class Answered(NamedTuple, Generic[Task, Answer]):
    """What came of a task: the answer or why there is none, and how many seconds it took."""

    task: Task
    answer: Answer | Failure
    seconds: float


class Supervisor(Generic[Task, Answer]):
    """Gives the answers of `function`, from several workers at once; use it in a `with` block, which ends them.

    With the method `spawn`, `function` must be one that a fresh process can import. Tasks and answers are pickled.
    What the workers write for a while lies below `scratch`, or where the system keeps such files. `prepare` loads what
    `function` needs, before the first task and not at its expense; what it raises is passed on.
    """

    def __init__(
        self,
        function: Callable[[Task], Answer],
        limits: Limits | None = None,
        *,
        workers: int = 1,
        method: str = METHOD,
        scratch: Path | None = None,
        prepare: Callable[[], object] = nothing,
    ) -> None:
        self._function = function
        self._prepare = prepare
        self._limits = limits or Limits()
        self._most = workers
        self._method = method
        self._scratch = scratch
        self._idle: list[Worker] = []
        self._busy: dict[Worker, Task] = {}

    def __enter__(self) -> Supervisor[Task, Answer]:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for worker in self._busy:
            worker.stop(at_once=True)
        for worker in self._idle:
            worker.stop(at_once=kind is not None)
        self._busy, self._idle = {}, []

    def start_ahead(self) -> None:
        """Start a worker before there is a task: it prepares itself while this process does other things."""
        self._idle.append(self._worker())

    def dismiss(self) -> None:
        """Tell the workers that there is nothing more to do. They leave while this process does other things."""
        for worker in self._idle:
            worker.dismiss()

    def answer(self, task: Task) -> Answer | Failure:
        """Give what the function gives for a task, or why it gave nothing. What it raises is not passed on."""
        return next(self.answers([task])).answer

    def answers(self, tasks: Iterable[Task]) -> Iterator[Answered[Task, Answer]]:
        """Give the answers as they come, in no order; a task is taken when a worker is free for it.

        NONE among the tasks says that there are no more for now, but may be after the next answer.

        Whoever stops before the end, or fails meanwhile, loses the workers that are busy.
        """
        waiting = iter(tasks)
        try:
            yield from self._answers(waiting)
        except BaseException:
            for worker in self._busy:
                worker.stop(at_once=True)
            self._busy = {}
            raise

    def _answers(self, waiting: Iterator[Task]) -> Iterator[Answered[Task, Answer]]:
        more = self._fill(waiting)
        while self._busy:
            done = [
                Answered(self._busy.pop(worker), found, worker.seconds)
                for worker, found in _look(self._busy)
                if self._free(worker, found)
            ]
            # Whoever is free gets its next task before the answers are looked at.
            more = more and self._fill(waiting)
            yield from done
            # An answer may have brought more tasks when there was nobody left to wait for.
            more = more and (bool(self._busy) or self._fill(waiting))

    def _fill(self, waiting: Iterator[Task]) -> bool:
        """Give a task to every worker that is free; False when there are no more."""
        while len(self._busy) < self._most:
            task = next(waiting, None)
            if task is None or task is NONE:
                return task is NONE
            self._give(task)
        return True

    def _give(self, task: Task) -> None:
        worker = self._idle.pop() if self._idle else self._start()
        self._busy[worker] = task
        worker.give(task)

    def _start(self) -> Worker:
        if self._method == "fork":
            # Once, for all workers that are copies of this process.
            self._prepare()
        return self._worker()

    def _worker(self) -> Worker:
        # A copy of this process would hold open the pipes of its brothers, which then had no end.
        others = [worker.connection for worker in (*self._idle, *self._busy)]
        deeds = (self._prepare, self._function)
        return Worker(deeds, self._limits, self._method, others, self._scratch)

    def _free(self, worker: Worker, found: Any) -> bool:
        """Keep a worker for the next task, or let it go; True, because it is busy no more."""
        if isinstance(found, Failure) or worker.leaves or worker.served >= DOCUMENTS_A_WORKER:
            worker.stop(at_once=isinstance(found, Failure))
        else:
            self._idle.append(worker)
        return True


def _look(busy: Iterable[Worker]) -> list[tuple[Worker, Any]]:
    """Wait until a worker has something to say, or it is time to look at them all; give who has answered."""
    workers = list(busy)
    wait([worker.connection for worker in workers], min(LOOK_SECONDS, *(worker.left() for worker in workers)))
    return [(worker, found) for worker in workers if (found := worker.found()) is not NONE]


class Worker:
    """One process, its end of the pipe, and the folder for what it leaves on the disk."""

    def __init__(
        self,
        deeds: tuple[Callable[[], object], Callable[[Any], Any]],
        limits: Limits,
        method: str,
        others: Sequence[Connection] = (),
        scratch: Path | None = None,
    ) -> None:
        self.served = 0
        self.seconds = 0.0
        # It said that it is not to be asked again.
        self.leaves = False
        self._limits = limits
        self._ready = False
        self._began = self._heard = 0.0
        self._characters = 0
        self._scratch = scratch
        self._folder: Path | None = None
        sizes = (limits.megabytes << 20, limits.written_megabytes << 20)
        self._process: Process
        self._process, self.connection = start(method, serve, (*deeds, os.getpid(), *sizes), others)

    def give(self, task: Any) -> None:
        """Send it a task; one at a time."""
        self.served += 1
        self._began = self._heard = time.monotonic()
        self._characters = 0
        # Not before there is something to do: a worker may be started before anything is written to the disk.
        self._folder = self._folder or _own_folder(self._scratch, self._process)
        # Where it has gone, what it said before tells why.
        with suppress(BrokenPipeError, ConnectionError):
            self.connection.send((str(self._folder), task))

    def left(self) -> float:
        """Give the seconds that are left for its task. What it prepares before is not at the expense of the task."""
        if not self._ready:
            return max(self._began + max(self._limits.seconds, PREPARATION_SECONDS) - time.monotonic(), 0.0)
        silent = self._limits.silent_seconds(self._characters)
        ends = min(self._heard + silent, self._began + self._limits.whole_seconds)
        return max(ends - time.monotonic(), 0.0)

    def found(self) -> Any:
        """Give its answer, or why there is none; NONE if it is still at it. After a Failure it is of no more use."""
        # Asked before the pipe is, so that an answer just before the end is still found in it.
        lives = self._process.is_alive()
        found = self._told()
        if found is NONE and not lives:
            found = self._crashed()
        if found is NONE and not self.left():
            found = _too_slow(time.monotonic() - self._began, self._limits, self._characters)
        self.seconds = time.monotonic() - self._began
        return found

    def _told(self) -> Any:
        while self.connection.poll():
            kind, content = self._received()
            if kind == ALIVE:
                self._heard = time.monotonic()
                self._characters = content or self._characters
            elif kind == READY:
                self._ready = True
                self._began = self._heard = time.monotonic()
            elif kind == UNFIT:
                raise content
            elif kind in (DONE, LAST):
                self.leaves = kind == LAST
                return content
            else:
                return _too_big(self._limits) if kind == NO_MEMORY else self._crashed()
        return NONE

    def _received(self) -> tuple[str, Any]:
        try:
            kind, content = pickle.loads(self.connection.recv_bytes(MOST_ANSWER_BYTES))
        except (EOFError, OSError, pickle.UnpicklingError):
            return "", None
        return kind, content

    def _crashed(self) -> Failure:
        self._process.join(FAREWELL_SECONDS)
        code = self._process.exitcode
        if METHOD == "fork" and code == -signal.SIGKILL:
            # Nobody but the system ends it so: the memory of the machine was used up.
            return _too_big(self._limits)
        return Failure(
            "reader_crashed",
            f"Its reader broke down ({_ending(code)}); the other files are not touched. The file may be damaged or "
            "made to do harm, or need more memory than --memory-limit allows. Open it in its own program, save it "
            "anew, and run again.",
        )

    def dismiss(self) -> None:
        """Have it leave: the end of the pipe tells it to."""
        self.connection.close()

    def stop(self, *, at_once: bool) -> None:
        """End the process with all that it started, and remove what it wrote."""
        self.dismiss()
        if not at_once:
            self._process.join(FAREWELL_SECONDS)
        _end(self._process)
        if self._folder is not None:
            if at_once:
                end_strays(self._folder)
            _remove(self._folder)


def _own_folder(scratch: Path | None, process: Process) -> Path:
    """Make a folder for one worker, in `scratch` or where the system keeps such things."""
    if scratch is None:
        import tempfile

        return Path(tempfile.mkdtemp(prefix="zhengce-"))
    scratch.mkdir(parents=True, exist_ok=True)
    folder = scratch / f"zhengce-{process.pid}"
    folder.mkdir(mode=PRIVATE, exist_ok=True)
    return folder


def _remove(folder: Path) -> None:
    """Remove a folder; most workers never wrote to theirs."""
    try:
        folder.rmdir()
    except OSError:
        import shutil

        shutil.rmtree(folder, ignore_errors=True)


def _end(process: Process) -> None:
    assert process.pid is not None
    if os.name == "posix":
        # No such group: it has gone, or not come so far that it leads one.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.is_alive():
        import subprocess

        with suppress(OSError):
            subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    process.kill()
    process.join(FAREWELL_SECONDS)


def end_strays(folder: Path) -> None:
    """End programs that were started with a folder of a worker among their arguments and lead groups of their own.

    An office program does: nothing else tells whose it is when the worker that waited for it is gone. Linux only;
    elsewhere such a program goes on to its end.
    """
    mark = os.fsencode(folder)
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        # It may have ended since, or belong to someone else.
        with suppress(OSError):
            if mark in entry.read_bytes() and int(entry.parent.name) != os.getpid():
                os.kill(int(entry.parent.name), signal.SIGKILL)


def _ending(code: int | None) -> str:
    if code is None or code >= 0:
        return f"exit code {code}"
    with suppress(ValueError):
        return f"{signal.Signals(-code).name}, signal {-code}"
    return f"signal {-code}"


def _too_slow(seconds: float, limits: Limits, characters: int) -> Failure:
    if seconds >= limits.whole_seconds:
        what = f"It was not read after {limits.whole_seconds:g} s in all"
    else:
        what = f"Reading it made no progress for {limits.silent_seconds(characters):g} s"
    return Failure(
        "time_limit",
        f"{what} and was stopped; the other files are not touched. If it is a long document, raise --time-limit; else "
        "open it in its own program, save it anew, and run again.",
    )


def _too_big(limits: Limits) -> Failure:
    return Failure(
        "memory_limit",
        f"Reading it took more than {limits.megabytes} MB of memory, or more than the machine has, and was stopped; "
        "the other files are not touched. If it is a large document, raise --memory-limit or part it; else open it in "
        "its own program, save it anew, and run again.",
    )
