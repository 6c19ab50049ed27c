"""A process of one's own and the pipe to it: a copy of this one (fork), or a fresh one (spawn).

A copy needs no more than the system offers; `multiprocessing`, which takes as long to load as a document to parse, is
left to the fresh ones. Both give a connection and a process with the same few methods.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import sys
import time
import types
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Protocol

# The length of a message stands before it.
LENGTH = 8
# The most that is asked of the system at once.
PIECE = 1 << 20
# How long is slept at first, and at most, between two looks at a process that is to end.
FIRST_LOOK, LAST_LOOK = 0.0002, 0.01


class Connection(Protocol):
    """One end of a pipe for both directions."""

    def send(self, thing: Any, /) -> None:
        """Pickle and send. Raises OSError where nobody listens any more."""

    def recv(self) -> Any:
        """Wait for a thing. Raises EOFError where the other end is closed."""

    def recv_bytes(self, most: int | None = None, /) -> bytes:
        """Wait for a thing as it was pickled. Raises EOFError, and OSError where it has more bytes than `most`."""

    def poll(self) -> bool:
        """Tell whether there is something to receive, or the other end is closed."""

    def fileno(self) -> int:
        """Give the number under which the system knows it."""

    def close(self) -> None:
        """Close this end."""


class Process(Protocol):
    """A process that was started."""

    @property
    def pid(self) -> int | None:
        """Give its number."""

    @property
    def exitcode(self) -> int | None:
        """Give how it ended, as a negative number by which signal; None while it lives."""

    def is_alive(self) -> bool:
        """Tell whether it lives."""

    def join(self, timeout: float, /) -> None:
        """Wait for its end, at most so many seconds."""

    def kill(self) -> None:
        """End it."""


def start(
    method: str, target: Callable[..., None], arguments: Sequence[Any], others: Sequence[Connection] = ()
) -> tuple[Process, Connection]:
    """Start a process that calls `target` with its end of a pipe and `arguments`; give it with our end.

    `others` are our ends of other pipes: while a copy of them is open, those pipes have no end.
    """
    return _copy(target, arguments, others) if method == "fork" else _fresh(method, target, arguments)


def wait(connections: Sequence[Connection], seconds: float) -> None:
    """Wait until something can be received on one of these, at most so long."""
    if all(isinstance(connection, Link) for connection in connections):
        _ready(connections, seconds)
    else:
        from multiprocessing import connection as standard

        standard.wait(connections, seconds)  # type: ignore[arg-type]


def _ready(connections: Sequence[Connection], seconds: float) -> bool:
    waited = select.poll()
    for connection in connections:
        waited.register(connection.fileno(), select.POLLIN)
    return bool(waited.poll(seconds * 1000))


class Link:
    """An end of two pipes between a process and its copy."""

    def __init__(self, incoming: int, outgoing: int) -> None:
        self._incoming = incoming
        self._outgoing = outgoing
        self._open = True

    def send(self, thing: Any, /) -> None:
        content = pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)
        rest = memoryview(len(content).to_bytes(LENGTH, "big") + content)
        while rest:
            rest = rest[os.write(self._outgoing, rest[:PIECE]) :]

    def recv(self) -> Any:
        return pickle.loads(self.recv_bytes())

    def recv_bytes(self, most: int | None = None, /) -> bytes:
        size = int.from_bytes(self._received(LENGTH), "big")
        if most is not None and size > most:
            raise OSError(f"a message of {size:,} bytes")
        return self._received(size)

    def _received(self, size: int) -> bytes:
        pieces = []
        while size:
            piece = os.read(self._incoming, min(size, PIECE))
            if not piece:
                raise EOFError
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def poll(self) -> bool:
        return _ready((self,), 0)

    def fileno(self) -> int:
        return self._incoming

    def close(self) -> None:
        if self._open:
            self._open = False
            os.close(self._incoming)
            os.close(self._outgoing)


class Copy:
    """A process that is a copy of this one."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.exitcode: int | None = None
        self._ended = False

    def is_alive(self) -> bool:
        if not self._ended:
            try:
                found, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:
                # Somebody else was told of its end.
                self._ended = True
            else:
                self._ended = found == self.pid
                self.exitcode = os.waitstatus_to_exitcode(status) if self._ended else None
        return not self._ended

    def join(self, timeout: float, /) -> None:
        ends, pause = time.monotonic() + timeout, FIRST_LOOK
        while self.is_alive() and time.monotonic() < ends:
            time.sleep(pause)
            pause = min(2 * pause, LAST_LOOK)

    def kill(self) -> None:
        if self.is_alive():
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)


def _copy(
    target: Callable[..., None], arguments: Sequence[Any], others: Sequence[Connection]
) -> tuple[Process, Connection]:
    from_here, to_there = os.pipe()
    from_there, to_here = os.pipe()
    ours, theirs = Link(from_there, to_there), Link(from_here, to_here)
    # What waits there to be written would be in the copy, too.
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError, ValueError):
            stream.flush()
    pid = os.fork()
    if not pid:
        # Nothing of what this process was about goes on in the copy, whatever happens.
        code = 1
        try:
            for connection in (ours, *others):
                connection.close()
            target(theirs, *arguments)
            code = 0
        except SystemExit as asked:
            code = asked.code if isinstance(asked.code, int) else int(asked.code is not None)
        finally:
            os._exit(code)
    theirs.close()
    return Copy(pid), ours


def _fresh(method: str, target: Callable[..., None], arguments: Sequence[Any]) -> tuple[Process, Connection]:
    import multiprocessing

    context: Any = multiprocessing.get_context(method)
    ours, theirs = context.Pipe()
    # A daemon: if this program ends in a way that skips our end, the process goes with it.
    process = context.Process(target=target, args=(theirs, *arguments), daemon=True)
    with _without_main():
        process.start()
    theirs.close()
    return process, ours


@contextmanager
def _without_main() -> Iterator[None]:
    """Hide the main module: a fresh process would import it again, and with it start a run that is not guarded."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
