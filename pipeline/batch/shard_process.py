"""The process that works on shards, and whoever gives it shards: lines of JSON over its standard streams.

A worker of the cluster keeps such a process instead of reading files itself: it may have children of its own, it is no
threaded program that is copied, and when a file ends it the worker lives on and knows which file it was.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any

from pipeline.batch.shards import Shard, shard_of

COMMAND = (sys.executable, "-m", "pipeline.cluster_worker")
# A machine that is short of memory may end a process for another's sake; only what happens again is the file's doing.
MOST_ENDS = 2
FAREWELL_SECONDS = 5.0


class ShardError(Exception):
    """A shard could not be worked on, whatever its files hold; the message tells why."""


class VersionError(ShardError):
    """A worker has other code, packages or rules than the driver."""


# Works on a shard whose results are to lie below an address, and tells the place of each file that it begins.
Work = Callable[[Shard, str, Callable[[int], None]], dict[str, Any]]


def serve(work: Work) -> None:
    """Work on shards until nobody gives any more; ends at once when nobody listens any more."""
    given, told = sys.stdin.buffer, os.fdopen(os.dup(1), "w", encoding="utf-8")
    # What libraries print must not stand between our lines.
    os.dup2(2, 1)

    def tell(**words: Any) -> None:
        print(json.dumps(words), file=told, flush=True)

    def begin(number: int) -> None:
        tell(begun=number)

    with suppress(BrokenPipeError):
        while line := given.readline():
            store, words = json.loads(line)
            try:
                tell(done=work(shard_of(words), store, begin))
            except VersionError as error:
                tell(refused=str(error))
            except Exception as error:
                tell(failed=f"{type(error).__name__}: {error}")
    # The stream is closed already; closing it again would complain.
    with suppress(BrokenPipeError):
        told.close()


class ShardProcess:
    """One such process, and the lines to and from it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdin is not None and self._process.stdout is not None
        self._to: IO[bytes] = self._process.stdin
        self._from: IO[bytes] = self._process.stdout

    def work(self, words: str, store: str) -> tuple[dict[str, Any] | None, int | None]:
        """Give what is told of a finished shard; or None, and the place of the file at which the process ended.

        Raises VersionError, and ShardError where something other than a file stood in the way.
        """
        begun: int | None = None
        with suppress(BrokenPipeError):
            self._to.write(json.dumps([store, words]).encode("ascii") + b"\n")
            self._to.flush()
        for line in self._from:
            told = json.loads(line)
            if "begun" in told:
                begun = told["begun"]
            elif "done" in told:
                return told["done"], None
            elif "refused" in told:
                raise VersionError(told["refused"])
            else:
                raise ShardError(told["failed"])
        code = self._process.wait()
        if begun is None:
            raise ShardError(f"the process that reads files ended with code {code} before it began")
        return None, begun

    def close(self) -> None:
        """End the process."""
        for stream in (self._to, self._from):
            with suppress(BrokenPipeError):
                stream.close()
        try:
            self._process.wait(FAREWELL_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
