"""Shards: where they end, what they are called, who works on them, in which order their documents come."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from pipeline.batch import cluster_task, shard_process
from pipeline.batch.cluster import Cluster, Piece
from pipeline.batch.jobs import Job
from pipeline.batch.merging import Merger, copy_shards
from pipeline.batch.shard_process import ShardError, VersionError
from pipeline.batch.shard_store import ShardStore
from pipeline.batch.shard_work import Result, problem_result, work_on
from pipeline.batch.shards import Entry, Shard, cluster_version, entry_of, plan_shards, shard_of
from pipeline.find import File, file_problem, find_files
from pipeline.model.tables import ProblemRow
from pipeline.write.rendered import unpack_rows

LIMITS = (120.0, 4096)


def files(folder: Path, names: list[str]) -> list[File]:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_text(name, encoding="utf-8")
        os.utime(folder / name, (1_600_000_000, 1_600_000_000))
    return [file for file in find_files([folder]) if isinstance(file, File)]


def planned(found: list[File]) -> dict[str, list[str]]:
    entries = {shard.entries[0].source: shard for shard in plan_shards(found, "v", LIMITS)}
    return {first: [entry.source for entry in shard.entries] for first, shard in entries.items()}


def test_a_new_file_changes_its_own_shard_only(tmp_path: Path) -> None:
    names = [f"{number:04}.txt" for number in range(0, 2000, 2)]
    before = planned(files(tmp_path / "raw", names))
    assert list(chain.from_iterable(before.values())) == names
    assert 10 < len(before) < 100 and max(map(len, before.values())) <= 128
    after = planned(files(tmp_path / "raw", ["0777.txt"]))
    assert list(chain.from_iterable(after.values())) == sorted([*names, "0777.txt"])
    changed = [shard for shard in after.values() if shard not in before.values()]
    assert 1 <= len(changed) <= 2 and any("0777.txt" in shard for shard in changed)


def test_large_files_do_not_crowd_a_shard() -> None:
    from pipeline.remote.files import RemoteFile

    found = [RemoteFile(f"{number}.pdf", "s3://b", f"b/{number}.pdf", 40 << 20, "m") for number in range(5)]
    assert [len(shard.entries) for shard in plan_shards(found, "v", LIMITS)] == [1] * 5


def test_the_name_tells_of_all_that_counts() -> None:
    entry = Entry("a.txt", "s3://b", "b/a.txt", 3, "mark")
    shard = Shard((entry,), "v", LIMITS)
    others = [
        Shard((entry._replace(source="b.txt"),), "v", LIMITS),
        Shard((entry._replace(mark="new"),), "v", LIMITS),
        Shard((entry, entry), "v", LIMITS),
        Shard((entry,), "w", LIMITS),
        Shard((entry,), "v", (60.0, 4096)),
        Shard((entry,), "v", LIMITS, {0: {0: ("a.txt", 2)}}),
    ]
    assert len({shard.name, *(other.name for other in others)}) == 1 + len(others)
    # The same work, done with more caution.
    assert Shard((entry,), "v", LIMITS, refused=frozenset({0})).name == shard.name
    assert shard.certain and not Shard((entry._replace(mark=""),), "v", LIMITS).certain


def test_a_shard_goes_through_a_line_of_text() -> None:
    entry = Entry("计划 \n.txt", "", "/raw/计划 \n.txt", None, "")
    shard = Shard((entry, entry), "v", LIMITS, {1: {0: ("首", 2), 3: ("首", 3)}}, frozenset({0}))
    assert "\n" not in shard.words()
    assert shard_of(shard.words()) == shard
    assert shard_of(shard.words()).name == shard.name


def test_parts_are_together_the_whole() -> None:
    entries = tuple(Entry(f"{number}", "", f"/{number}", 1, "m") for number in range(21))
    shard = Shard(entries, "v", LIMITS, {20: {0: ("0", 2)}})
    parts = list(shard.parts())
    assert tuple(chain.from_iterable(part.entries for part in parts)) == entries
    assert [part.copies for part in parts if part.copies] == [{2: {0: ("0", 2)}}]
    piece = Piece(shard, {place: 100 + place for place in range(21)})
    numbers = [number for part in piece.parts() for number in part.files.values()]
    assert numbers == list(range(100, 121))


def test_a_file_that_is_gone_is_no_fault_of_planning(tmp_path: Path) -> None:
    assert entry_of(File("a.txt", tmp_path / "a.txt"))[3:] == (None, "")


def made_here(job: Job, same: tuple[str, int]) -> Result:
    """Give a row that tells what was asked."""
    return problem_result(file_problem(job.source, "asked", f"{same[0]} {same[1]} {job.content().decode('utf-8')}"))


def told(merger: Merger) -> list[tuple[str, str]]:
    rows = [unpack_rows(packed.rows) for packed in merger.documents()]
    return [(row.source, row.lines["problems"].decode("utf-8")) for row in rows]


@pytest.fixture
def store(tmp_path: Path) -> ShardStore:
    pytest.importorskip("fsspec", reason="the extra cluster is absent")
    return ShardStore((tmp_path / "shards").as_uri())


def test_documents_come_by_source_whatever_shard_they_lie_in(tmp_path: Path, store: ShardStore) -> None:
    import zipfile

    raw = tmp_path / "raw"
    files(raw, ["b.zip.txt", "c.txt", "a.txt"])
    with zipfile.ZipFile(raw / "b.zip", "w") as archive:
        archive.writestr("z.txt", "a.txt")
        archive.writestr("a.txt", "甲")
    found = find_files([raw])
    assert [file.source for file in found] == ["a.txt", "b.zip", "b.zip.txt", "c.txt"]
    merger = Merger(store, tmp_path)
    where: dict[int, tuple[Shard, int]] = {}
    # Each file is a shard of its own, and they are finished in the wrong order.
    for number, file in reversed(list(enumerate(found))):
        assert not isinstance(file, ProblemRow)
        shard = Shard((entry_of(file),), "v", LIMITS)
        merger.add(work_on(shard, store, made_here, lambda _: None), {0: number})
        where[number] = (shard, 0)
    assert [source for source, _ in told(merger)] == ["a.txt", "b.zip.txt", "b.zip/a.txt", "b.zip/z.txt", "c.txt"]
    # b.zip/z.txt has the bytes of a.txt, and is made again as its copy.
    ((shard, numbers),) = copy_shards(merger.copies(), where)
    assert shard.copies == {0: {1: ("a.txt", 2)}} and numbers == {0: 1}
    merger.add(work_on(shard, store, made_here, lambda _: None), numbers)
    assert {source for source, row in told(merger) if "a.txt 2 a.txt" in row} == {"b.zip/z.txt"}
    assert merger.count() == 5
    merger.close()


def test_what_is_kept_is_whole(tmp_path: Path, store: ShardStore) -> None:
    (file,) = files(tmp_path / "raw", ["a.txt"])
    shard = Shard((entry_of(file),), "v", LIMITS)
    assert store.names() == set() and store.receipts(shard.name) is None
    made = work_on(shard, store, made_here, lambda _: None)
    assert store.names() == {shard.name} and store.receipts(shard.name) == made
    (tmp_path / "shards" / f"{shard.name}.json").write_text("{", encoding="utf-8")
    assert store.receipts(shard.name) is None
    store.forget_others([])
    assert list((tmp_path / "shards").iterdir()) == []


def test_failures_that_may_pass_are_not_settled(tmp_path: Path, store: ShardStore) -> None:
    (file,) = files(tmp_path / "raw", ["a.txt"])
    shard = Shard((entry_of(file),), "v", LIMITS)
    for code, settled in (("encrypted", True), ("time_limit", True), ("unreachable", False)):
        failing = problem_result(file_problem("a.txt", code, "…"))
        assert work_on(shard, store, lambda job, same, failing=failing: failing, lambda _: None).settled is settled


SERVER = """
import os, sys
from pipeline.batch.shard_process import VersionError, serve

def work(shard, store, begin):
    print("a library says something")
    for number, entry in enumerate(shard.entries):
        begin(number)
        if number in shard.refused:
            continue
        if entry.source == "bomb":
            os._exit(9)
        if entry.source == "once" and not os.path.exists(entry.path):
            open(entry.path, "w").close()
            os._exit(9)
        if entry.source == "full":
            raise OSError("no room left")
        if entry.source == "old":
            raise VersionError("install the same version")
    return {"refused": sorted(shard.refused), "process": os.getpid()}

serve(work)
"""


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., dict[str, Any]]]:
    """Give a way to have a shard of files with these names worked on by a process of its own."""
    monkeypatch.setattr(shard_process, "COMMAND", (sys.executable, "-c", SERVER))
    monkeypatch.setattr(cluster_task, "_idle", [])

    def ask(*sources: str) -> dict[str, Any]:
        entries = tuple(Entry(source, "", str(tmp_path / source), 1, "m") for source in sources)
        found: dict[str, Any] = json.loads(cluster_task.shard_task(Shard(entries, "v", LIMITS).words(), "store"))
        return found

    yield ask
    for process in cluster_task._idle:
        process.close()


def test_a_process_serves_many_shards(asked: Callable[..., dict[str, Any]]) -> None:
    first, second = asked("a", "b"), asked("c")
    assert first["refused"] == [] and first["process"] == second["process"] != os.getpid()


def test_a_file_that_ends_its_process_again_is_refused(asked: Callable[..., dict[str, Any]]) -> None:
    assert asked("a", "bomb", "b")["refused"] == [1]
    assert asked("a", "bomb", "b", "bomb")["refused"] == [1, 3]


def test_a_process_that_ends_once_costs_nobody_anything(asked: Callable[..., dict[str, Any]]) -> None:
    assert asked("a", "once", "b")["refused"] == []


def test_what_stands_in_the_way_is_told(asked: Callable[..., dict[str, Any]]) -> None:
    with pytest.raises(ShardError, match="OSError: no room left"):
        asked("full")
    with pytest.raises(VersionError, match="install the same version"):
        asked("old")
    assert asked("a")["refused"] == []


def test_a_process_that_does_not_start_is_told(
    asked: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shard_process, "COMMAND", (sys.executable, "-c", "raise SystemExit(3)"))
    with pytest.raises(ShardError, match="ended with code 3 before it began"):
        asked("a")


class FakeFuture:
    def __init__(self, key: str, error: Exception | None) -> None:
        self.key, self._error = key, error

    def add_done_callback(self, call: Callable[[Any], None]) -> None:
        call(self)

    def result(self, timeout: float) -> str:
        if self._error is not None:
            raise self._error
        return "{}"

    def release(self) -> None:
        return


class FakeClient:
    """A scheduler whose workers all die of one file."""

    status = "running"

    def __init__(self, bad: str, error: Exception) -> None:
        self.bad, self.error = bad, error
        self.asked: list[list[str]] = []

    def nthreads(self) -> dict[str, int]:
        return {"one": 1}

    def submit(self, function: object, words: str, store: str, **options: object) -> FakeFuture:
        sources = [entry.source for entry in shard_of(words).entries]
        self.asked.append(sources)
        return FakeFuture(str(len(self.asked)), self.error if self.bad in sources else None)


def cluster_of(client: FakeClient) -> Cluster:
    cluster = Cluster.__new__(Cluster)
    cluster._client, cluster._version = client, "v"
    return cluster


def test_a_shard_whose_workers_are_lost_is_parted_until_the_file_is_alone() -> None:
    distributed = pytest.importorskip("distributed", reason="the extra cluster is absent")
    entries = tuple(Entry(str(number), "", f"/{number}", 1, "m") for number in range(100))
    client = FakeClient("37", distributed.KilledWorker("task", None, 3))
    pieces = [Piece(Shard(entries, "v", LIMITS), {place: 500 + place for place in range(100)})]
    finished = list(cluster_of(client).finished(pieces, "store"))
    assert [one.piece.files for one in finished if one.lost] == [{0: 537}]
    read = sorted(number for one in finished if not one.lost for number in one.piece.files.values())
    assert read == [500 + number for number in range(100) if number != 37]
    # A handful of workers is lost for it, not one for each file.
    assert sum("37" in sources for sources in client.asked) == 4


def test_other_faults_of_workers_end_the_run() -> None:
    pytest.importorskip("distributed", reason="the extra cluster is absent")
    from pipeline.remote.address import ClusterError

    entry = Entry("1", "", "/1", 1, "m")
    for error, words in (
        (ShardError("OSError: no room left"), "no room left"),
        (VersionError("other code"), "other code"),
    ):
        cluster = cluster_of(FakeClient("1", error))
        with pytest.raises(ClusterError, match=words):
            list(cluster.finished([Piece(Shard((entry,), "v", LIMITS), {0: 0})], "store"))


def test_the_version_stays_the_same_while_the_program_does() -> None:
    assert cluster_version() == cluster_version() and len(cluster_version()) == 64
