"""Fetch the next files while one is being read: a server takes longer to answer than a document takes to be parsed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from pipeline.remote.files import RemoteFile
from pipeline.remote.place import open_place

FETCHED_AHEAD = 8
# A larger file is fetched at its turn, so that what waits takes little memory.
LARGEST = 8 << 20

Item = TypeVar("Item")
Wanted = Callable[[RemoteFile], bool]


class AheadFile(RemoteFile):
    """A file that may be on its way already when it is read."""

    __slots__ = ("queue",)
    queue: _Queue

    def __init__(self, file: RemoteFile, queue: _Queue) -> None:
        super().__init__(file.source, file.root, file.path, file.size, file.mark, file.notes)
        # What is frozen is set like this in its making.
        object.__setattr__(self, "queue", queue)

    def read(self) -> bytes:
        """Give its bytes. Raises OSError and ReadError, as if it were fetched now."""
        fetched = self.queue.taken(self)
        return super().read() if fetched is None else fetched.result()


class _Queue:
    """The files that were not read yet, in their order, and those that are being fetched."""

    def __init__(self, pool: ThreadPoolExecutor, wanted: Wanted) -> None:
        self._pool = pool
        self._wanted = wanted
        self.waiting: deque[RemoteFile] = deque()
        self._fetched: dict[str, Future[bytes]] = {}

    def taken(self, file: RemoteFile) -> Future[bytes] | None:
        """Give a file that is on its way, None for one that is not, and have the next ones fetched."""
        found = self._fetched.pop(file.source, None)
        while self.waiting and self.waiting[0].source <= file.source:
            self.waiting.popleft()
        while self.waiting and len(self._fetched) < FETCHED_AHEAD:
            following = self.waiting.popleft()
            if following.size is not None and following.size <= LARGEST and self._wanted(following):
                # Opened in this thread: fsspec has a file system for each, and each would log in anew.
                place = open_place(following.root)
                self._fetched[following.source] = self._pool.submit(following.read_from, place)
        return found


@contextmanager
def fetched_ahead(files: Iterable[Item], wanted: Wanted = lambda _: True) -> Iterator[list[Item | AheadFile]]:
    """Give the same files in the same order; reading a remote one has those behind it fetched, if they are `wanted`.

    They are expected to be read in the order of their sources; one that is read out of turn, or again, is fetched then.
    """
    with ThreadPoolExecutor(FETCHED_AHEAD) as pool:
        queue = _Queue(pool, wanted)
        found: list[Item | AheadFile] = [
            AheadFile(file, queue) if isinstance(file, RemoteFile) else file for file in files
        ]
        queue.waiting.extend(file for file in found if isinstance(file, AheadFile))
        try:
            yield found
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
