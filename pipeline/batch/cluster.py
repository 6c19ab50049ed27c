"""Shards handed out to the workers of a cluster through a scheduler of dask, a bounded number at a time.

Only words go through the scheduler: what a shard is, and what was made of it. A worker that is lost costs the time of
its shard; a shard whose workers are lost again and again is parted until the file that does it is alone.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

from pipeline.batch.cluster_task import shard_task, unseen, worker_version
from pipeline.batch.shard_process import VersionError
from pipeline.batch.shards import Shard
from pipeline.quick.classes import NamedTuple
from pipeline.remote.address import INSTALL, ClusterError, MissingExtraError

CONNECT_SECONDS = 20
FAREWELL_SECONDS = 3
# Workers that are started together with the run may take their time; a cluster that has none at all is told.
NO_WORKER_SECONDS = 120.0
LOOK_SECONDS = 5.0
# So many for each thread of a worker: it has the next one when it is done with one.
SHARDS_A_THREAD = 2
# A network or a disk may fail for a while.
RETRIES = 3
GONE = "The scheduler is gone. Start it and run again: what was finished is kept."


class Piece(NamedTuple):
    """A shard, and the number that each of its files has in the run."""

    shard: Shard
    files: dict[int, int]

    def parts(self) -> Iterator[Piece]:
        """Give pieces of fewer files."""
        start = 0
        for shard in self.shard.parts():
            yield Piece(shard, {place: self.files[start + place] for place in range(len(shard.entries))})
            start += len(shard.entries)


class Finished(NamedTuple):
    """A piece whose results are in the store; or, of a single file, one that ended every worker it was given to."""

    piece: Piece
    lost: bool


class Cluster:
    """A scheduler with its workers; use it in a `with` block, which takes back what is not done.

    Raises MissingExtraError, and ClusterError where no scheduler or worker answers, or a worker is another version.
    """

    def __init__(self, scheduler: str, version: str) -> None:
        try:
            import distributed
        except ImportError as error:
            raise MissingExtraError(f"--scheduler needs packages that are not installed: {INSTALL}") from error
        try:
            client: Any = distributed.Client
            self._client = client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise ClusterError(
                f"No scheduler answers at {scheduler} ({_told(error)}). Start one with `dask scheduler`, and give the "
                "address that it prints."
            ) from error
        self._version = version

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(Exception):
            self._client.close(timeout=FAREWELL_SECONDS)

    def check(self, paths: Sequence[str] = ()) -> None:
        """Raise ClusterError unless there are workers, all of them are this program's version, and see these files."""
        try:
            self._client.wait_for_workers(1, timeout=NO_WORKER_SECONDS)
        except TimeoutError as error:
            raise ClusterError(_no_workers()) from error
        for worker, found in self._client.run(worker_version, on_error="return").items():
            if isinstance(found, ImportError) or "No module named" in str(found):
                raise ClusterError(
                    f"The worker {worker} has no zhengce-pipeline. Install the version of this machine there, with "
                    f"{INSTALL}, and start it anew."
                )
            if found != self._version:
                raise ClusterError(
                    f"The worker {worker} has other code, rules or packages than this machine ({found!s:.12} there, "
                    f"{self._version:.12} here). Install the same version of zhengce-pipeline[cluster] there, and "
                    "start it anew."
                )
        for worker, missing in self._client.run(unseen, list(paths)).items():
            if missing:
                raise ClusterError(
                    f"The worker {worker} does not see {missing[0]}. Mount the folder at the same path on all "
                    "machines, or give an address such as s3://bucket/folder."
                )

    def finished(self, pieces: Iterable[Piece], store: str) -> Iterator[Finished]:
        """Have pieces worked on, and give each as soon as it is done. Raises ClusterError."""
        waiting, left = deque[Piece](), iter(pieces)
        # With the futures: a task that nobody holds the future of is given up.
        running: dict[str, tuple[Piece, Any]] = {}
        done: SimpleQueue[Any] = SimpleQueue()
        while True:
            room = max(2, SHARDS_A_THREAD * self._threads()) - len(running)
            for _ in range(room):
                piece = waiting.popleft() if waiting else next(left, None)
                if piece is None:
                    break
                # Not told apart by its arguments: what a former run asked for may still be known to the scheduler.
                future = self._client.submit(shard_task, piece.shard.words(), store, pure=False, retries=RETRIES)
                running[future.key] = (piece, future)
                future.add_done_callback(done.put)
            if not running:
                return
            future = self._next(done)
            piece, _ = running.pop(future.key)
            if self._settled(future):
                yield Finished(piece, lost=False)
            elif len(piece.shard.entries) == 1:
                yield Finished(piece, lost=True)
            else:
                waiting.extend(piece.parts())

    def _threads(self) -> int:
        try:
            return sum(self._client.nthreads().values())
        except OSError as error:
            raise ClusterError(GONE) from error

    def _next(self, done: SimpleQueue[Any]) -> Any:
        """Give the next future that is done. Raises ClusterError where nobody is left to do any."""
        seen = time.monotonic()
        while True:
            with suppress(Empty):
                return done.get(timeout=LOOK_SECONDS)
            if self._client.status != "running":
                raise ClusterError(GONE)
            now = time.monotonic()
            seen = now if self._threads() else seen
            if now - seen > NO_WORKER_SECONDS:
                raise ClusterError(_no_workers())

    def _settled(self, future: Any) -> bool:
        """Tell whether a shard was made; False where its workers were lost. Raises ClusterError for all else."""
        from distributed import KilledWorker

        try:
            json.loads(future.result(timeout=CONNECT_SECONDS))
        except KilledWorker:
            return False
        except VersionError as error:
            raise ClusterError(str(error)) from error
        except CancelledError as error:
            raise ClusterError(GONE) from error
        except Exception as error:
            raise ClusterError(
                f"A worker could not do its part: {_told(error)}. Mend that and run again: what was finished is kept."
            ) from error
        finally:
            future.release()
        return True


def _no_workers() -> str:
    return (
        f"No worker has been there for {NO_WORKER_SECONDS:g} s. Start some with `dask worker` and the address of the "
        "scheduler, and run again: what was finished is kept."
    )


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
