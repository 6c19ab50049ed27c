"""Run a function in a process of its own, so that a document that hangs, explodes or crashes costs itself only.

One worker serves thousands of documents; it is started anew after a failure and now and then against leaks. On Linux
it is a copy of this process (fork: the rules are loaded already), elsewhere a fresh one. It leads a process group (on
Windows: the tree below it), which is ended as a whole: programs that a reader starts do not outlive it.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from pipeline.batch.worker import ALIVE, DONE, NO_MEMORY, serve

Task = TypeVar("Task")
Answer = TypeVar("Answer")

# Readers of pages tell each page, so this need not grow with the file: a scanned page takes seconds.
SECONDS = 120
# A document that goes on telling pages may take this many times as long in all: some hundreds of scanned pages.
WHOLE = 30
# Recognising characters asks for 2 GB of addresses, an office program for as much.
MEGABYTES = 4096
# The largest file that it may write: an office program's copy of a document, a page as picture.
WRITTEN_MEGABYTES = 1024
# The rows of the longest text that is read take a tenth of this.
MOST_ANSWER_BYTES = 1 << 30
# Against what readers leak; a start costs some hundredths of a second.
DOCUMENTS_A_WORKER = 500
# How often it is looked whether the worker still lives; what it answers is seen at once.
LOOK_SECONDS = 0.25
FAREWELL_SECONDS = 2.0
METHOD = "fork" if sys.platform.startswith("linux") else "spawn"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take.

    `seconds` is the longest time without a sign of progress; with such signs it may take `whole_seconds` in all.
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


class Failure(NamedTuple):
    """Why a task gave no answer: `time_limit`, `memory_limit` or `reader_crashed`, and what a person can do."""

    code: str
    message: str


class Supervisor(Generic[Task, Answer]):
    """Gives the answers of `function`, a task at a time; use it in a `with` block, which ends the worker.

    With the method `spawn`, `function` must be one that a fresh process can import. Tasks and answers are pickled.
    """

    def __init__(
        self, function: Callable[[Task], Answer], limits: Limits | None = None, *, method: str = METHOD
    ) -> None:
        self._function = function
        self._limits = limits or Limits()
        self._method = method
        self._worker: _Worker | None = None

    def __enter__(self) -> Supervisor[Task, Answer]:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._worker is not None:
            self._worker.stop(at_once=kind is not None)
            self._worker = None

    def answer(self, task: Task) -> Answer | Failure:
        """Give what the function gives for a task, or why it gave nothing. What it raises is not passed on."""
        worker = self._worker
        if worker is None:
            worker = self._worker = _Worker(self._function, self._limits, self._method)
        try:
            found: Answer | Failure = worker.answer(task)
        except BaseException:
            self._drop()
            raise
        if isinstance(found, Failure) or worker.served >= DOCUMENTS_A_WORKER:
            self._drop(at_once=isinstance(found, Failure))
        return found

    def _drop(self, *, at_once: bool = True) -> None:
        if self._worker is not None:
            self._worker.stop(at_once=at_once)
            self._worker = None


class _Worker:
    """One process, its end of the pipe, and the folder for what it leaves on the disk."""

    def __init__(self, function: Callable[[Any], Any], limits: Limits, method: str) -> None:
        self.served = 0
        self._limits = limits
        self._folder = Path(tempfile.mkdtemp(prefix="zhengce-"))
        context = multiprocessing.get_context(method)
        self._connection, theirs = context.Pipe()
        arguments = (theirs, self._connection if method == "fork" else None, function, self._folder, os.getpid())
        sizes = (limits.megabytes << 20, limits.written_megabytes << 20)
        # A daemon: if this program ends in a way that skips our end, the worker goes with it.
        self._process: BaseProcess = context.Process(  # type: ignore[attr-defined]
            target=serve, args=(*arguments, *sizes), daemon=True
        )
        with _without_main() if method != "fork" else nullcontext():
            self._process.start()
        theirs.close()

    def answer(self, task: Any) -> Any:
        """Wait for the answer within the limits. After a Failure this worker is of no more use."""
        self.served += 1
        try:
            self._connection.send(task)
        except (BrokenPipeError, ConnectionError):
            return self._crashed()
        began = heard = time.monotonic()
        while True:
            now = time.monotonic()
            left = min(heard + self._limits.seconds, began + self._limits.whole_seconds) - now
            if left <= 0:
                return _too_slow(now - began, self._limits)
            # Asked before the pipe is, so that an answer just before the end is still found in it.
            lives = self._process.is_alive()
            if self._connection.poll(min(left, LOOK_SECONDS) if lives else 0):
                kind, content = self._received()
                if kind == ALIVE:
                    heard = time.monotonic()
                elif kind == DONE:
                    return content
                elif kind == NO_MEMORY:
                    return _too_big(self._limits)
                else:
                    return self._crashed()
            elif not lives:
                return self._crashed()

    def _received(self) -> tuple[str, Any]:
        try:
            kind, content = pickle.loads(self._connection.recv_bytes(MOST_ANSWER_BYTES))
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

    def stop(self, *, at_once: bool) -> None:
        """End the process with all that it started, and remove what it wrote."""
        self._connection.close()
        if not at_once:
            # The end of the pipe tells it to leave.
            self._process.join(FAREWELL_SECONDS)
        _end(self._process)
        shutil.rmtree(self._folder, ignore_errors=True)


def _end(process: BaseProcess) -> None:
    assert process.pid is not None
    if os.name == "posix":
        # No such group: it has gone, or not come so far that it leads one.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.is_alive():
        with suppress(OSError):
            subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    process.kill()
    process.join(FAREWELL_SECONDS)


@contextmanager
def _without_main() -> Iterator[None]:
    """Hide the main module: a fresh process would import it again, and with it start a run that is not guarded."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _ending(code: int | None) -> str:
    if code is None or code >= 0:
        return f"exit code {code}"
    with suppress(ValueError):
        return f"{signal.Signals(-code).name}, signal {-code}"
    return f"signal {-code}"


def _too_slow(seconds: float, limits: Limits) -> Failure:
    if seconds >= limits.whole_seconds:
        what = f"It was not read after {limits.whole_seconds:g} s in all"
    else:
        what = f"Reading it made no progress for {limits.seconds:g} s"
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
