"""Folders or addresses in, one output folder out, the documents read by the workers of a cluster.

The rows are those of a run on one machine, byte for byte. What was finished stays at the place that all share: a run
that was stopped is gone on with, and of unchanged files nothing is made again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

from pipeline.batch.cluster import Cluster, Finished, Piece
from pipeline.batch.folders import store_folder
from pipeline.batch.merging import Merger, copy_shards
from pipeline.batch.publish import refuse_emptying
from pipeline.batch.shard_store import Receipts, ShardStore
from pipeline.batch.shard_work import CRASHED
from pipeline.batch.shards import Shard, cluster_version, plan_shards
from pipeline.batch.store import open_store
from pipeline.find import File, Found, file_problem
from pipeline.lexicon import load_lexicon
from pipeline.model.tables import ProblemRow
from pipeline.quick.classes import dataclass, field
from pipeline.remote.address import ClusterError
from pipeline.remote.publish import cache_address
from pipeline.update import Done, Settings, Watch, files_to_read
from pipeline.write import Counts
from pipeline.write.dataset import Part, write_parts
from pipeline.write.folder import replacing
from pipeline.write.rendered import Packed, render, unpack_files, unpack_rows

# Receipts of former runs that are fetched at once.
FETCHED_AT_ONCE = 16
SHARDS = "shards"


def run_on_cluster(
    roots: Sequence[str | Path],
    folder: Path,
    output: str | Path,
    *,
    settings: Settings,
    watch: Watch | None = None,
) -> Counts:
    """Have what lies below `roots` read by the workers behind `settings.scheduler`, and write the tables into `folder`.

    `output` is where they are brought to in the end. The place of the shards is one that this machine and all workers
    can write; so must they all see the files. Raises what `run_folders` raises, MissingExtraError, ClusterError where
    the cluster cannot do it, and OSError where the shards cannot be had; what is in `folder` then stays as it was.
    """
    # Faults in the rules are told here, not by each worker.
    load_lexicon()
    files = files_to_read(roots, output)
    cache = settings.cache or store_folder(folder)
    # Nothing is in this store, but it keeps two runs on one output apart.
    with open_store(cache, keep=settings.keep):
        return _run(files, folder, settings.shards or _shards(cache, output), settings, watch)


def _shards(cache: Path, output: str | Path) -> str:
    """Give the address of the folder where shards are kept without a word of the user: beside the output."""
    return f"{cache_address(output)}/{SHARDS}" if isinstance(output, str) else (cache.resolve() / SHARDS).as_uri()


def _run(files: Sequence[Found], folder: Path, shards: str, settings: Settings, watch: Watch | None) -> Counts:
    assert settings.scheduler is not None
    version = cluster_version()
    limits = (settings.limits.seconds, settings.limits.megabytes)
    with (
        tempfile.TemporaryDirectory(prefix="zhengce-") as scratch,
        Cluster(settings.scheduler, version) as cluster,
        closing(Merger(ShardStore(shards), Path(scratch))) as merger,
    ):
        cluster.check(_examples(files))
        run = _Run(files, cluster, merger, settings, watch)
        run.make(_pieces(files, version, limits))
        run.make([Piece(*made) for made in copy_shards(merger.copies(), run.shard_of)])
        if not run.read:
            refuse_emptying(folder)
        with replacing(folder) as fresh:
            counts = write_parts(map(_part, merger.documents()), fresh)
        merger.store.forget_others(run.live if settings.keep else ())
        return counts


def _pieces(files: Sequence[Found], version: str, limits: tuple[float, int]) -> Iterator[Piece]:
    """Part the files that were found into shards."""
    numbers = [number for number, found in enumerate(files) if not isinstance(found, ProblemRow)]
    readable = (found for found in files if not isinstance(found, ProblemRow))
    start = 0
    for shard in plan_shards(readable, version, limits):
        yield Piece(shard, {place: numbers[start + place] for place in range(len(shard.entries))})
        start += len(shard.entries)


def _examples(files: Iterable[Found]) -> list[str]:
    """Give the path of one file of this machine, which all others must see too; none where all have addresses."""
    return next(([str(found.path.absolute())] for found in files if isinstance(found, File)), [])


def _part(packed: Packed) -> Part:
    return Part(unpack_rows(packed.rows), partial(unpack_files, packed.files))


@dataclass(slots=True)
class _Run:
    """One run: which shards there are, and what is known of them."""

    files: Sequence[Found]
    cluster: Cluster
    merger: Merger
    settings: Settings
    watch: Watch | None
    # For each file the shard in which it was read, and its place there.
    shard_of: dict[int, tuple[Shard, int]] = field(default_factory=dict)
    live: list[Receipts] = field(default_factory=list)
    # How many documents gave rows, and how many are told of.
    read: int = 0
    _done: int = 0

    def __post_init__(self) -> None:
        for number, found in enumerate(self.files):
            if isinstance(found, ProblemRow):
                self._add_here(number, found)

    def make(self, pieces: Iterable[Piece]) -> None:
        """Have all pieces made that are not known, and take in their receipts."""
        left = []
        there = set() if self.settings.fresh else self.merger.store.names()
        with ThreadPoolExecutor(FETCHED_AT_ONCE) as pool:
            known = partial(self._known, there)
            for piece, receipts in pool.map(lambda piece: (piece, known(piece)), pieces):
                if receipts is None:
                    left.append(piece)
                else:
                    self._take(piece, receipts, known=True)
        for finished in self.cluster.finished(left, self.merger.store.place.address):
            self._settle(finished)

    def _known(self, there: set[str], piece: Piece) -> Receipts | None:
        """Give the receipts of a shard that a former run made, if it would come out the same today."""
        if piece.shard.name not in there or not piece.shard.certain:
            return None
        receipts = self.merger.store.receipts(piece.shard.name)
        if receipts is None or not receipts.settled or (self.settings.retry and receipts.failed):
            return None
        return receipts

    def _settle(self, finished: Finished) -> None:
        piece = finished.piece
        if finished.lost:
            (number,) = piece.files.values()
            self._add_here(number, file_problem(self.files[number].source, "reader_crashed", CRASHED))
            return
        receipts = self.merger.store.receipts(piece.shard.name)
        if receipts is None:
            raise ClusterError(
                f"A worker says that it has written to {self.merger.store.place.address}, where nothing is found. Give "
                "an address, or a path that is the same folder on all machines, to --shards."
            )
        self._take(piece, receipts, known=False)

    def _take(self, piece: Piece, receipts: Receipts, *, known: bool) -> None:
        self.merger.add(receipts, piece.files)
        self.live.append(receipts._replace(receipts=()))
        for place, number in piece.files.items():
            self.shard_of[number] = (piece.shard, place)
        for receipt in () if piece.shard.copies else receipts.receipts:
            self.read += not receipt.code
            self._tell(Done(receipt.source, receipt.code, receipt.message, receipt.seconds, known=known))

    def _add_here(self, number: int, row: ProblemRow) -> None:
        self.merger.add_here(row.source, number, render(row).packed())
        self._tell(Done(row.source, row.code, row.message, 0.0, known=False))

    def _tell(self, done: Done) -> None:
        self._done += 1
        if self.watch is not None:
            self.watch(self._done, max(len(self.files), self._done), done)
