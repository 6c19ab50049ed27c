"""What a worker of a cluster does with a shard: read its files, have their documents parsed, keep the results."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pipeline.batch.jobs import Job, Jobs
from pipeline.batch.shard_store import Receipt, Receipts, ShardStore
from pipeline.batch.shards import Shard
from pipeline.find import Found, file_problem
from pipeline.model.tables import ProblemRow
from pipeline.quick.classes import NamedTuple
from pipeline.remote.ahead import fetched_ahead
from pipeline.write.rendered import Packed, render

CRASHED = (
    "Reading it ended the process of a worker more than once; the other files are not touched. The file may be damaged "
    "or need more memory than the worker has. Open it in its own program, save it anew, and run again."
)


class Result(NamedTuple):
    """One document, parsed and packed; `code` and `message` say why it gave no rows."""

    packed: Packed
    code: str
    message: str
    seconds: float


# Gives the result of a document; the pair is the first source with its bytes, and the how manieth it is.
Answer = Callable[[Job, tuple[str, int]], Result]


def work_on(shard: Shard, store: ShardStore, answer: Answer, begin: Callable[[int], None]) -> Receipts:
    """Make the results of a shard and keep them in the store; a document at a time is in memory.

    `begin` is told the place of each document's file in the shard before it is read. Raises OSError where the store
    cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="zhengce-") as folder:
        path = Path(folder, "packed")
        receipts: list[Receipt] = []
        with path.open("wb") as file, fetched_ahead(entry.file() for entry in shard.entries) as files:
            for number, at, source, digest, result in _results(shard, files, answer, begin):
                start = file.tell()
                file.write(result.packed.rows)
                file.write(result.packed.files)
                receipt = Receipt(
                    source,
                    number,
                    at,
                    digest,
                    start,
                    len(result.packed.rows),
                    len(result.packed.files),
                    result.code,
                    result.message,
                    round(result.seconds, 3),
                )
                receipts.append(receipt)
        return store.keep(shard.name, path, receipts)


def _results(
    shard: Shard, files: Sequence[Found], answer: Answer, begin: Callable[[int], None]
) -> Iterator[tuple[int, int, str, str, Result]]:
    """Give place of the file, place in the file, source, digest and result of each document."""
    for number, entry in enumerate(shard.entries):
        begin(number)
        if number in shard.refused:
            yield number, 0, entry.source, "", problem_result(file_problem(entry.source, "reader_crashed", CRASHED))
            continue
        wanted = shard.copies.get(number, {})
        for at, job in enumerate(Jobs([files[number]])):
            if shard.copies and at not in wanted:
                continue
            if isinstance(job, ProblemRow):
                yield number, at, job.source, "", problem_result(job)
            else:
                yield number, at, job.source, job.digest, answer(job, wanted.get(at, (job.source, 1)))
            begin(number)


def problem_result(row: ProblemRow) -> Result:
    """Give the result for a file that gave no document."""
    return Result(render(row).packed(), row.code, row.message, 0.0)
