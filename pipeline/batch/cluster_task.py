"""What the scheduler has a worker do: one function, which takes and gives words. It runs inside the worker of dask."""

from __future__ import annotations

import json
import threading
from collections import Counter
from pathlib import Path
from typing import Any

from pipeline.batch.shard_process import MOST_ENDS, ShardProcess
from pipeline.batch.shards import cluster_version, shard_of
from pipeline.quick.classes import replace

_idle: list[ShardProcess] = []
_lock = threading.Lock()


def shard_task(words: str, store: str) -> str:
    """Have a shard worked on, and give in words what was made: its name, how many documents, how many failed.

    The results themselves stay in the store. A file that ends the process twice is left out of the third attempt.
    """
    shard = shard_of(words)
    ends: Counter[int] = Counter()
    while True:
        process = _taken()
        done: dict[str, Any] | None = None
        try:
            done, ended_at = process.work(shard.words(), store)
        finally:
            if done is None:
                process.close()
        if done is not None:
            _give_back(process)
            return json.dumps(done)
        assert ended_at is not None
        ends[ended_at] += 1
        if ends[ended_at] >= MOST_ENDS:
            shard = replace(shard, refused=shard.refused | {ended_at})


def worker_version() -> str:
    """Give the version of code, packages and rules on this worker."""
    return cluster_version()


def unseen(paths: list[str]) -> list[str]:
    """Give those of some paths that are not there on this worker."""
    return [path for path in paths if not Path(path).exists()]


def _taken() -> ShardProcess:
    with _lock:
        if _idle:
            return _idle.pop()
    return ShardProcess()


def _give_back(process: ShardProcess) -> None:
    with _lock:
        _idle.append(process)
