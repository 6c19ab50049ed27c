"""The process in which a worker of a cluster reads files (`python -m pipeline.cluster_worker`), a shard a line."""

from __future__ import annotations

import platform
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache, partial
from typing import Any

from pipeline.batch.jobs import Job
from pipeline.batch.shard_process import VersionError, serve
from pipeline.batch.shard_store import ShardStore
from pipeline.batch.shard_work import Result, problem_result, work_on
from pipeline.batch.shards import Shard, cluster_version
from pipeline.batch.supervise import Failure, Limits, Supervisor
from pipeline.batch.tasks import Made, Task
from pipeline.find import file_problem
from pipeline.lexicon import load_lexicon
from pipeline.quick.classes import replace
from pipeline.run import document_answer

_stack = ExitStack()


def main() -> None:
    """Serve shards until there are no more."""
    with _stack:
        serve(work)


def work(shard: Shard, store: str, begin: Callable[[int], None]) -> dict[str, Any]:
    """Make the results of a shard, and tell how much that was. Raises VersionError where the program is another one."""
    if shard.version != cluster_version():
        raise VersionError(
            f"The worker on {platform.node()} has other code, rules or packages than this machine. Install the same "
            "version of zhengce-pipeline[cluster] there, and start it anew."
        )
    made = work_on(shard, _store(store), partial(_result, _supervisor(*shard.limits)), begin)
    failed = sum(bool(receipt.code) for receipt in made.receipts)
    return {"shard": made.shard, "documents": len(made.receipts), "failed": failed, "machine": platform.node()}


def _result(supervisor: Supervisor[Task, Made], job: Job, same: tuple[str, int]) -> Result:
    # Its bytes are at hand; where they came from is of no use to the one who parses them.
    (answered,) = supervisor.answers([Task(replace(job, again=None), same)])
    found = answered.answer
    if isinstance(found, Failure):
        return problem_result(file_problem(job.source, *found))._replace(seconds=answered.seconds)
    return Result(found.packed, found.code, found.message, answered.seconds)


@cache
def _store(address: str) -> ShardStore:
    return ShardStore(address)


@cache
def _supervisor(seconds: float, megabytes: int) -> Supervisor[Task, Any]:
    # Once, for all workers that are copies of this process.
    load_lexicon()
    limits = Limits(seconds=seconds, megabytes=megabytes)
    return _stack.enter_context(Supervisor(partial(document_answer, keep=False), limits))


if __name__ == "__main__":
    main()
