"""The other side of the supervisor: what the worker process does. Limits itself, then answers until the pipe ends."""

from __future__ import annotations

import faulthandler
import gc
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

from pipeline.batch.process import Connection
from pipeline.quick.kept import close_shelves
from pipeline.read.pulse import listening

# LAST: done, and not to be asked again. READY, or UNFIT with what was raised: it has prepared itself, or cannot.
READY, UNFIT, ALIVE, DONE, LAST, NO_MEMORY = "ready", "unfit", "alive", "done", "last", "no memory"
# Readers leak, and one document in ten thousand needs a hundred times the memory of others: a process that once had
# this much gives it back by ending. Not after every document, because a new one has to get warm.
LARGE = 700 << 20
LEAST_SERVED = 20
# A page may take a thousandth of a second; who waits need not hear of each.
PULSE_SECONDS = 1.0
# From <sys/prctl.h>: the signal that a process gets when the one that started it ends.
SET_PARENT_DEATH_SIGNAL = 1


def serve(
    connection: Connection,
    prepare: Callable[[], object],
    function: Callable[[Any], Any],
    parent: int,
    memory: int,
    written: int,
) -> None:
    """Prepare, then answer tasks with what `function` gives, until the pipe ends or memory runs out.

    A task comes with the folder for what is written for a while.
    """
    _stand_alone(parent)
    try:
        _prepared(prepare)
    except Exception as error:
        connection.send((UNFIT, error))
        return
    _limit(memory, written)
    connection.send((READY, None))
    with listening(_Pulse(connection)):
        for served in count(1):
            try:
                try:
                    folder, task = connection.recv()
                except (EOFError, OSError):
                    # The patterns of readers that only a worker loads are kept as well.
                    close_shelves()
                    return
                _write_below(folder)
                answer = function(task)
                connection.send((LAST if served >= LEAST_SERVED and _peak() > LARGE else DONE, answer))
            except MemoryError:
                # Whatever is left in a state nobody planned goes with this process.
                with suppress(MemoryError, OSError):
                    connection.send((NO_MEMORY, None))
                return


def _prepared(prepare: Callable[[], object]) -> None:
    """Prepare. Modules and rules stay to the end, so they are never gone through for garbage."""
    collects = gc.isenabled()
    gc.disable()
    prepare()
    gc.freeze()
    if collects:
        gc.enable()


class _Pulse:
    """Tells the supervisor of progress, not more often than it needs."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._told = 0.0

    def __call__(self, characters: int) -> None:
        now = time.monotonic()
        if now - self._told >= PULSE_SECONDS or characters:
            self._told = now
            self._connection.send((ALIVE, characters))


def _stand_alone(parent: int) -> None:
    """Lead a process group, be deaf to Ctrl-C (the parent hears it and ends us), say nothing, go with the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if os.name == "posix":
        os.setsid()
    if sys.platform.startswith("linux"):
        import ctypes

        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)
    # The supervisor tells of a crash, in words for the user; a trace of the stack is none.
    faulthandler.disable()
    # Libraries in C write to the streams; that would stand between the lines of the progress.
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)


def _limit(memory: int, written: int) -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    bounds = [(resource.RLIMIT_FSIZE, written), (resource.RLIMIT_CORE, 0)]
    # Elsewhere the system does not keep the bound, or counts what it shares with everybody.
    if sys.platform.startswith("linux"):
        bounds.append((resource.RLIMIT_AS, _mapped() + memory))
    for kind, bound in bounds:
        with suppress(ValueError, OSError):
            _, hard = resource.getrlimit(kind)
            most = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
            resource.setrlimit(kind, (most, hard))


def _mapped() -> int:
    """Give how many bytes of addresses this process has from the one that it is a copy of.

    They are not the document's: a parent that fetches files from a server has some hundred megabytes for its threads,
    and what is read must not depend on where the file lay.
    """
    with suppress(OSError, ValueError, IndexError):
        pages = int(Path("/proc/self/statm").read_bytes().split()[0])
        return pages * os.sysconf("SC_PAGE_SIZE")
    return 0


def _peak() -> int:
    """Give the most memory that this process ever had, in bytes; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most << 10


def _write_below(folder: str) -> None:
    """Have all that the readers and their programs write for a while below one folder, which is removed after."""
    os.environ.update(dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder))
    # Who loads it later asks the environment.
    if "tempfile" in sys.modules:
        sys.modules["tempfile"].tempdir = folder  # type: ignore[attr-defined]
