"""Files are fetched some time before they are read, and give what they give when they are fetched at their turn."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from pipeline.batch.jobs import Job, Jobs
from pipeline.model.tables import ProblemRow
from pipeline.remote import ahead
from pipeline.remote.files import RemoteFile


class Server:
    """Stands for a place, and notes who was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.lock = threading.Lock()

    def read(self, path: str) -> bytes:
        with self.lock:
            self.asked.append(path)
        if path == "gone":
            raise FileNotFoundError(2, "gone")
        return path.encode()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    found = Server()
    monkeypatch.setattr(ahead, "open_place", lambda root: found)
    monkeypatch.setattr("pipeline.remote.place.open_place", lambda root: found)
    return found


def file(name: str, size: int | None = 1) -> RemoteFile:
    return RemoteFile(name, "s3://b", name, size, "m")


def outcomes(jobs: Jobs) -> dict[str, Any]:
    return {job.source: job.data if isinstance(job, Job) else job.code for job in jobs}


def test_all_is_read_once_and_faults_come_at_their_turn(server: Server) -> None:
    names = [f"{number:02}" for number in range(30)]
    with ahead.fetched_ahead([*map(file, names), file("gone")]) as files:
        found = outcomes(Jobs(files))
    assert found == {**{name: name.encode() for name in names}, "gone": "file_vanished"}
    assert sorted(server.asked) == [*names, "gone"]


def test_the_next_files_are_on_their_way(server: Server) -> None:
    names = [f"{number:02}" for number in range(30)]
    with ahead.fetched_ahead(map(file, names)) as files:
        jobs = iter(Jobs(files))
        next(jobs)
        for future in list(files[0].queue._fetched.values()):  # type: ignore[union-attr]
            future.result()
        assert sorted(server.asked) == names[: 1 + ahead.FETCHED_AHEAD]


def test_what_is_known_or_large_is_not_fetched_early(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "LARGEST", 5)
    given = [file("a"), file("b", 6), file("c"), file("d")]
    with ahead.fetched_ahead(given, lambda one: one.source != "c") as files:
        files[0].read()
        assert list(files[0].queue._fetched) == ["d"]  # type: ignore[union-attr]
        assert [one.read() for one in files] == [b"a", b"b", b"c", b"d"]


def test_other_files_stay_what_they_are(server: Server) -> None:
    row = ProblemRow(None, "x", "error", "c", "m", None, None, None, None)
    with ahead.fetched_ahead([row, file("a")]) as files:
        assert files[0] is row
        assert outcomes(Jobs(files)) == {"a": b"a", "x": "c"}
