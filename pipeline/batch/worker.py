"""The other side of the supervisor: what the worker process does. Limits itself, then answers until the pipe ends."""

from __future__ import annotations

import ctypes
import faulthandler
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from pipeline.quick.kept import close_shelves
from pipeline.read.pulse import listening

# LAST: done, and not to be asked again.
ALIVE, DONE, LAST, NO_MEMORY = "alive", "done", "last", "no memory"
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
    copied: Sequence[Connection],
    function: Callable[[Any], Any],
    folder: Path,
    parent: int,
    memory: int,
    written: int,
) -> None:
    """Answer tasks with what `function` gives, until the pipe ends or memory runs out.

    `copied` are the caller's ends of its pipes where a fork copied them: while they are open here, those pipes have
    no end.
    """
    for other in copied:
        other.close()
    _stand_alone(parent)
    _limit(memory, written)
    _write_below(folder)
    with listening(_Pulse(connection)):
        for served in count(1):
            try:
                try:
                    task = connection.recv()
                except (EOFError, OSError):
                    # The patterns of readers that only a worker loads are kept as well.
                    close_shelves()
                    return
                answer = function(task)
                connection.send((LAST if served >= LEAST_SERVED and _peak() > LARGE else DONE, answer))
            except MemoryError:
                # Whatever is left in a state nobody planned goes with this process.
                with suppress(MemoryError, OSError):
                    connection.send((NO_MEMORY, None))
                return


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


def _write_below(folder: Path) -> None:
    """Have all that the readers and their programs write for a while below one folder, which is removed after."""
    tempfile.tempdir = str(folder)
    os.environ.update(dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder)))
