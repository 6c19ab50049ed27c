"""Runs on a cluster of several processes, and to and from an object store: the same output as on one machine."""

from __future__ import annotations

import filecmp
import itertools
import os
import shutil
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from remote_places import Machines, free_port, killed, machines, object_store
from test_run import PLAN

from pipeline.anywhere import run_folders
from pipeline.batch import cluster, shards
from pipeline.cli import main
from pipeline.remote.address import ClusterError, MissingExtraError
from pipeline.remote.place import open_place
from pipeline.update import Done, Settings
from pipeline.write import FolderError

ACCOUNT = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
DOCUMENTS = 48
buckets = itertools.count()


@pytest.fixture(autouse=True)
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "FILES_A_SHARD", 4)


def modules(*names: str) -> None:
    for name in names:
        pytest.importorskip(name, reason=f"the extra cluster is needed, {name} is absent")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of an object store."""
    modules("s3fs", "moto", "flask")
    with object_store(tmp_path_factory.mktemp("store") / "log") as address:
        yield address


@pytest.fixture(scope="module")
def account(store: str) -> Iterator[dict[str, str]]:
    """Give what the environment tells of the object store, here and on the workers."""
    import s3fs

    told = {**ACCOUNT, "AWS_ENDPOINT_URL": store}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in told.items():
            patch.setenv(name, value)
        s3fs.S3FileSystem.clear_instance_cache()
        yield told
    s3fs.S3FileSystem.clear_instance_cache()


@pytest.fixture(scope="module")
def scheduler(account: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    modules("distributed")
    with machines(tmp_path_factory.mktemp("machines"), 2, account) as found:
        yield found


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with plans, copies of plans, archives, and files that cannot be read."""
    folder = tmp_path_factory.mktemp("input") / "raw"
    for number in range(DOCUMENTS):
        path = folder / f"{number % 3}" / f"plan-{number:03}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PLAN.replace("300", str(300 + number)), encoding="utf-8")
    for name in ("0/copy.txt", "2/plan-005-copy.txt", "a copy.txt"):
        (folder / name).write_bytes((folder / "2" / "plan-005.txt").read_bytes())
    with zipfile.ZipFile(folder / "1" / "more.zip", "w") as archive:
        archive.writestr("附件1.txt", (folder / "2" / "plan-005.txt").read_bytes())
        archive.writestr("附件2.txt", PLAN.replace("300", "999"))
        archive.writestr("a/附件3.txt", PLAN.replace("300", "999"))
    (folder / "1" / "more.zip.txt").write_text(PLAN, encoding="utf-8")
    (folder / "2" / "broken.pdf").write_bytes(b"%PDF-1.7 broken")
    (folder / "2" / "program.exe").write_bytes(b"MZ\x00\x01")
    (folder / ".hidden.txt").write_text(PLAN, encoding="utf-8")
    for path in folder.rglob("*"):
        # What was touched a moment ago may be touched again without a trace.
        os.utime(path, (1_600_000_000, 1_600_000_000))
    return folder


@pytest.fixture(scope="module")
def expected(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the output of a run on this machine alone."""
    folder = tmp_path_factory.mktemp("expected") / "out"
    run_folders([raw], folder, settings=Settings())
    return folder


@pytest.fixture
def bucket(account: dict[str, str]) -> str:
    import s3fs

    name = f"cluster-{next(buckets)}"
    s3fs.S3FileSystem().mkdir(name)
    return f"s3://{name}"


def run(raw: Any, output: Any, watch: Any = None, **settings: Any) -> list[Done]:
    told: list[Done] = []

    def note(done: int, total: int, one: Done) -> None:
        told.append(one)
        if watch is not None:
            watch(one)

    run_folders([raw], output, settings=Settings(**settings), watch=note)
    return told


def same(found: Path, expected: Path) -> bool:
    """Tell whether two folders hold the same files with the same bytes."""
    names = {path.relative_to(expected) for path in expected.rglob("*") if path.is_file()}
    if {path.relative_to(found) for path in found.rglob("*") if path.is_file()} != names:
        return False
    return all(filecmp.cmp(found / name, expected / name, shallow=False) for name in names)


def fetched(address: str, folder: Path) -> Path:
    place = open_place(address)
    place.system.get(place.path, str(folder), recursive=True)
    return folder


def filled(address: str, raw: Path) -> str:
    place = open_place(address)
    for path in raw.rglob("*"):
        if path.is_file():
            place.put(path, place.below(path.relative_to(raw).as_posix()))
    return address


def test_the_output_is_that_of_one_machine(scheduler: Machines, raw: Path, expected: Path, tmp_path: Path) -> None:
    told = run(raw, tmp_path / "out", scheduler=scheduler.scheduler)
    assert same(tmp_path / "out", expected)
    assert len(told) == DOCUMENTS + 3 + 3 + 1 + 2
    assert {one.source for one in told if one.code} == {"2/broken.pdf", "2/program.exe"}
    assert not any(one.known for one in told)


def test_what_is_done_is_not_done_again(scheduler: Machines, raw: Path, expected: Path, tmp_path: Path) -> None:
    work = tmp_path / "raw"
    shutil.copytree(raw, work)
    # A copy is a file of its own, with the time of today: back to long ago, and the clock of the disk goes on.
    time.sleep(2.6)
    settings = {"scheduler": scheduler.scheduler, "shards": (tmp_path / "shards").as_uri()}
    first = run(work, tmp_path / "out", **settings)
    assert same(tmp_path / "out", expected)
    again = run(work, tmp_path / "out", **settings)
    assert len(again) == len(first) and all(one.known for one in again)
    assert same(tmp_path / "out", expected)
    (work / "1" / "plan-001.txt").unlink()
    fewer = run(work, tmp_path / "out", **settings)
    assert len(fewer) == len(first) - 1
    assert 0 < sum(not one.known for one in fewer) < len(fewer) / 2
    run_folders([work], tmp_path / "local", settings=Settings())
    assert same(tmp_path / "out", tmp_path / "local")
    retried = [one.source for one in run(work, tmp_path / "out", retry=True, **settings) if not one.known]
    assert {"2/broken.pdf", "2/program.exe"} <= set(retried) and len(retried) < len(fewer) / 2
    assert all(not one.known for one in run(work, tmp_path / "out", fresh=True, **settings))


def test_a_run_that_is_stopped_is_gone_on_with(scheduler: Machines, raw: Path, expected: Path, tmp_path: Path) -> None:
    def stop(_: Done) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(raw, tmp_path / "out", stop, scheduler=scheduler.scheduler)
    assert not (tmp_path / "out").exists()
    assert any(one.known for one in run(raw, tmp_path / "out", scheduler=scheduler.scheduler))
    assert same(tmp_path / "out", expected)


@pytest.mark.skipif(os.name != "posix", reason="only there a process ends without a word")
def test_a_worker_that_is_lost_costs_time_only(
    account: dict[str, str], raw: Path, expected: Path, tmp_path: Path
) -> None:
    modules("distributed")
    with machines(tmp_path, 3, account) as found:
        lost: list[int] = []

        def kill_one(_: Done) -> None:
            if not lost:
                # It may be at work or not; of the three, two at least have had something to do.
                lost.append(found.workers[0].pid)
                killed(found.workers[0])
                killed(found.workers[1])

        told = run(raw, tmp_path / "out", kill_one, scheduler=found.scheduler)
        assert lost and same(tmp_path / "out", expected)
        assert {one.source for one in told if one.code} == {"2/broken.pdf", "2/program.exe"}
        # What they had started ends by itself.
        end = time.monotonic() + 30
        while time.monotonic() < end and members(lost[0]):
            time.sleep(0.1)
        assert not members(lost[0])


def test_a_scheduler_that_is_lost_ends_the_run(
    account: dict[str, str], raw: Path, expected: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modules("distributed")
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 3)
    with machines(tmp_path, 1, account) as found:
        with pytest.raises(ClusterError, match="scheduler is gone"):
            run(raw, tmp_path / "out", lambda _: killed(found.process), scheduler=found.scheduler)
        assert not (tmp_path / "out").exists()
    run(raw, tmp_path / "out")
    assert same(tmp_path / "out", expected)


def members(group: int) -> bool:
    """Tell whether any process of a group is left; a worker leads a group, and what it starts belongs to it."""
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def test_from_and_to_an_object_store(
    scheduler: Machines, raw: Path, expected: Path, bucket: str, tmp_path: Path
) -> None:
    source = filled(f"{bucket}/raw", raw)
    settings = {"scheduler": scheduler.scheduler, "cache": tmp_path / "cache"}
    run(source, f"{bucket}/structured", **settings)
    assert same(fetched(f"{bucket}/structured", tmp_path / "fetched"), expected)
    beside = {str(facts["name"]).rpartition("/")[2] for facts in open_place(bucket).entries(open_place(bucket).path)}
    assert beside == {"raw", "structured", ".structured.cache"}
    again = run(source, f"{bucket}/structured", **settings)
    assert all(one.known for one in again)


def test_without_a_cluster_from_and_to_an_object_store(
    raw: Path, expected: Path, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    source = filled(f"{bucket}/raw", raw)
    # The output lies below the input, and is no input of the next run.
    run(source, f"{bucket}/raw/structured")
    assert same(fetched(f"{bucket}/raw/structured", tmp_path / "fetched"), expected)
    again = run(source, f"{bucket}/raw/structured")
    assert all(one.known or one.code for one in again) and len(again) == DOCUMENTS + 9
    run(raw, f"{bucket}/once", keep=False)
    assert same(fetched(f"{bucket}/once", tmp_path / "once"), expected)


def test_the_command_takes_addresses(
    raw: Path, bucket: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(f"{bucket}/raw/0", raw / "0")
    arguments = ["run", f"{bucket}/raw/0/plan-000.txt", "-o", f"{bucket}/tables", "--cache", str(tmp_path / "cache")]
    assert main(arguments) == 0
    assert f"→ {bucket}/tables/problems.csv" in capsys.readouterr().out
    assert main(["run", f"{bucket}/tables", "-o", f"{bucket}/tables"]) == 2
    assert "lies in the output folder" in capsys.readouterr().err
    assert main(["run", f"{bucket}/nothing", "-o", f"{bucket}/tables"]) == 2
    assert f"{bucket}/nothing is not there" in capsys.readouterr().err
    assert main(["run", str(raw), "-o", bucket]) == 2
    assert "whole bucket" in capsys.readouterr().err


def test_a_former_output_is_not_replaced_by_nothing(raw: Path, bucket: str, tmp_path: Path) -> None:
    output = f"{bucket}/tables"
    run(raw / "a copy.txt", output, cache=tmp_path / "one")
    for cache in ("one", "two"):
        with pytest.raises(FolderError, match="None of the files could be read"):
            run(raw / "2" / "broken.pdf", output, cache=tmp_path / cache)
    assert len(open_place(output).read(open_place(f"{output}/documents.csv").path).splitlines()) == 2


def test_nothing_read_on_a_cluster_replaces_nothing(scheduler: Machines, raw: Path, tmp_path: Path) -> None:
    run(raw / "a copy.txt", tmp_path / "out", scheduler=scheduler.scheduler)
    with pytest.raises(FolderError, match="None of the files could be read"):
        run(raw / "2" / "broken.pdf", tmp_path / "out", scheduler=scheduler.scheduler)


def test_another_version_is_refused(scheduler: Machines, raw: Path, tmp_path: Path) -> None:
    with cluster.Cluster(scheduler.scheduler, "another") as found, pytest.raises(ClusterError, match="start it anew"):
        found.check()


def test_files_that_workers_do_not_see_are_told(scheduler: Machines, tmp_path: Path) -> None:
    version = cluster.worker_version()
    missing = str(tmp_path / "a.txt")
    with cluster.Cluster(scheduler.scheduler, version) as found:
        found.check([str(tmp_path)])
        with pytest.raises(ClusterError, match="Mount the folder at the same path"):
            found.check([missing])


def test_without_a_scheduler_it_is_told(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    modules("distributed")
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
    address = f"tcp://127.0.0.1:{free_port()}"
    assert main(["run", str(raw), "-o", str(tmp_path / "out"), "--scheduler", address]) == 2
    assert f"No scheduler answers at {address}" in capsys.readouterr().err


def test_without_the_extra_its_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'zhengce-pipeline\[cluster\]'"):
        cluster.Cluster("tcp://127.0.0.1:1", "v")
