"""Remote places: the same files in the same order as in a folder, an output published as what changed of it."""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from remote_places import free_port, object_store, web_server

from pipeline.batch.jobs import Jobs
from pipeline.find import File, find_files
from pipeline.model.tables import ProblemRow
from pipeline.read import size
from pipeline.read.errors import ReadError
from pipeline.remote import files as remote_files
from pipeline.remote import place as places
from pipeline.remote.address import (
    AddressError,
    MissingExtraError,
    UnreachableError,
    beside,
    is_address,
    last_name,
    place_or_path,
)
from pipeline.remote.files import RemoteFile
from pipeline.remote.place import open_place, patiently
from pipeline.remote.publish import cache_address, check_target, publish
from pipeline.write.folder import FolderError

FILES = {
    "b.txt": "云州市",
    "a/计划 2025.txt": "青湖县行动计划",
    "a/x#y%20z.txt": "井号",
    "a/deep/er/c.html": "<p>深</p>",
    ".hidden/secret.txt": "不读",
    "a/~$计划.docx": "不读",
    "a/.DS_Store": "不读",
}
SEEN = ["a/deep/er/c.html", "a/x#y%20z.txt", "a/计划 2025.txt", "b.txt"]
buckets = itertools.count()


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    for name, words in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(words, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    for package in ("s3fs", "moto", "flask"):
        pytest.importorskip(package, reason=f"the extra cluster and moto are needed, {package} is absent")
    with object_store(tmp_path_factory.mktemp("store") / "log") as address:
        yield address


@pytest.fixture
def bucket(store: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Give the address of an empty bucket; the endpoint is told by the environment, as a user would."""
    for name, value in {
        "AWS_ENDPOINT_URL": store,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    import s3fs

    s3fs.S3FileSystem.clear_instance_cache()
    name = f"bucket-{next(buckets)}"
    s3fs.S3FileSystem().mkdir(name)
    yield f"s3://{name}"
    s3fs.S3FileSystem.clear_instance_cache()


@pytest.fixture
def memory() -> Iterator[str]:
    """Give the address of a place in this process."""
    fsspec = pytest.importorskip("fsspec", reason="the extra cluster is absent")
    name = f"memory://test-{next(buckets)}"
    yield name
    fsspec.filesystem("memory").rm(name.partition("://")[2], recursive=True)


def brought(folder: Path, address: str) -> None:
    place = open_place(address)
    for path in folder.rglob("*"):
        if path.is_file():
            place.put(path, place.below(path.relative_to(folder).as_posix()))


def found(*roots: str | Path, **options: Any) -> dict[str, str]:
    return {
        file.source: file.read().decode("utf-8")
        for file in find_files(roots, **options)
        if not isinstance(file, ProblemRow)
    }


def test_words_are_addresses_or_paths(tmp_path: Path) -> None:
    assert is_address("s3://bucket/raw") and not is_address(r"C:\plans") and not is_address("raw/s3")
    assert place_or_path("https://host/raw/") == "https://host/raw/"
    assert place_or_path("raw") == Path("raw")
    assert place_or_path(tmp_path.as_uri()) == tmp_path
    assert last_name("s3://bucket/raw/") == "raw"
    assert last_name("s3://bucket") == "bucket"
    assert last_name("https://host/%E8%AE%A1%E5%88%92.html") == "计划.html"
    assert beside("s3://bucket/a/b/", "c") == "s3://bucket/a/c"
    with pytest.raises(AddressError, match="whole bucket"):
        beside("s3://bucket/", "c")


def test_a_bucket_gives_what_a_folder_gives(bucket: str, raw: Path) -> None:
    brought(raw, f"{bucket}/raw")
    assert list(found(raw)) == SEEN
    assert found(f"{bucket}/raw") == found(raw)
    assert found(f"{bucket}/raw/") == found(raw)
    assert found(f"{bucket}/raw/b.txt") == {"b.txt": "云州市"}
    assert list(found(bucket)) == [f"raw/{name}" for name in SEEN]


def test_a_folder_and_a_bucket_go_together(bucket: str, raw: Path) -> None:
    brought(raw, f"{bucket}/plans")
    both = found(raw, f"{bucket}/plans", f"{bucket}/plans/a")
    assert list(both) == sorted([*(f"raw/{name}" for name in SEEN), *(f"plans/{name}" for name in SEEN)])


def test_the_output_below_the_input_is_left_out(bucket: str, raw: Path) -> None:
    brought(raw, bucket)
    assert list(found(bucket, leave_out=f"{bucket}/a")) == ["b.txt"]


def test_marks_change_with_the_file(bucket: str, raw: Path) -> None:
    brought(raw, f"{bucket}/raw")
    before = {file.source: file.stamp() for file in find_files([f"{bucket}/raw"]) if isinstance(file, RemoteFile)}
    again = {file.source: file.stamp() for file in find_files([f"{bucket}/raw"]) if isinstance(file, RemoteFile)}
    assert before == again and all(before.values())
    (raw / "b.txt").write_text("云洲市", encoding="utf-8")
    brought(raw, f"{bucket}/raw")
    after = {file.source: file.stamp() for file in find_files([f"{bucket}/raw"]) if isinstance(file, RemoteFile)}
    assert [name for name in SEEN if before[name] != after[name]] == ["b.txt"]


def test_what_is_not_there_is_told(bucket: str) -> None:
    with pytest.raises(FileNotFoundError):
        find_files([f"{bucket}/nothing"])
    with pytest.raises(FileNotFoundError):
        find_files(["s3://no-such-bucket/raw"])


def test_a_web_server_gives_what_a_folder_gives(raw: Path, tmp_path: Path) -> None:
    pytest.importorskip("aiohttp", reason="the extra cluster is absent")
    (raw / "empty").mkdir()
    with web_server(tmp_path, tmp_path / "log") as address:
        assert found(f"{address}/raw/") == found(raw)
        # The server sends on to the page of links.
        assert found(f"{address}/raw") == found(raw)
        assert found(f"{address}/raw/a/%E8%AE%A1%E5%88%92%202025.txt") == {"计划 2025.txt": "青湖县行动计划"}
        marks = [file.stamp() for file in find_files([f"{address}/raw/"]) if isinstance(file, RemoteFile)]
        assert all(marks) and len(set(marks)) == len(SEEN)
        with pytest.raises(FileNotFoundError):
            find_files([f"{address}/nothing/"])
        with pytest.raises(FileNotFoundError):
            find_files([f"{address}/nothing"])


def test_pages_of_links_lead_only_downwards() -> None:
    pytest.importorskip("fsspec", reason="the extra cluster is absent")
    from pipeline.remote.web import _links

    page = """<a href="?C=M;O=A">M</a> <a href="/raw/">up</a> <a href="../">up</a> <a href="a.txt">a</a>
        <a href="http://elsewhere/raw/sub/x.txt">x</a> <a href="http://h/raw/sub/b%20c.pdf?download=1#top">b</a>
        <a href="deep/er.txt">e</a> <a href="/raw/sub/d/">d</a> <a href=".git/">g</a> <a href="..%2Fup.txt">u</a>
        <a href="mailto:a@b">m</a> <a href="http://[">bad</a> <a href="a.txt">again</a>"""
    folder = "http://h/raw/sub/"
    assert _links(page.encode(), folder) == [f"{folder}a.txt", f"{folder}b%20c.pdf", f"{folder}d/"]
    assert _links(b"", folder) == []


def test_a_server_that_does_not_answer_is_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("aiohttp", reason="the extra cluster is absent")
    monkeypatch.setattr(places, "WAIT_SECONDS", (0.0, 0.0))
    address = f"http://127.0.0.1:{free_port()}/a.txt"
    (row,) = Jobs([RemoteFile("a.txt", address, address, 3, "3-x")])
    assert isinstance(row, ProblemRow)
    assert row.code == "unreachable" and "Run again later" in row.message


def test_network_faults_are_met_with_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(places.time, "sleep", waited.append)
    answers: list[Exception | str] = [ConnectionResetError(104, "reset"), TimeoutError(), "at last"]

    def call() -> str:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert patiently(call) == "at last"
    assert waited == list(places.WAIT_SECONDS[:2])
    answers += [OSError("no")] * 10
    with pytest.raises(UnreachableError, match="OSError: no"):
        patiently(call)
    assert len(answers) == 10 - len(places.WAIT_SECONDS) - 1
    waited.clear()
    answers[:] = [PermissionError(13, "forbidden")]
    with pytest.raises(PermissionError):
        patiently(call)
    assert waited == []


def test_a_file_that_is_too_large_is_not_fetched(memory: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_files, "MOST_BYTES", 5)
    (tmp_path / "a.txt").write_bytes(b"123456")
    brought(tmp_path, memory)
    (file,) = find_files([memory])
    assert isinstance(file, RemoteFile)
    for unknown in (file, RemoteFile("a.txt", file.root, file.path)):
        with pytest.raises(ReadError, match="too_large"):
            unknown.read()
    assert size.MOST_BYTES == 512 << 20


def test_without_the_extra_its_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'zhengce-pipeline\[cluster\]'"):
        find_files(["s3://bucket/raw"])


def test_an_unknown_protocol_is_told() -> None:
    pytest.importorskip("fsspec", reason="the extra cluster is absent")
    with pytest.raises(AddressError, match="nosuch"):
        find_files(["nosuch://bucket/raw"])


def output_of(folder: Path, documents: dict[str, str]) -> Path:
    """Write what looks like an output: a table, two files a document, and the descriptor."""
    for name in ("json", "text"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for path in (folder / name).iterdir():
            path.unlink()
    for name, words in documents.items():
        (folder / "text" / f"{name}.txt").write_text(words, encoding="utf-8")
        (folder / "json" / f"{name}.json").write_text(json.dumps(words), encoding="utf-8")
    table = "".join(f"{name},{words}\n" for name, words in documents.items())
    (folder / "documents.csv").write_text(table, encoding="utf-8")
    (folder / "datapackage.json").write_text(json.dumps({"hash": table}), encoding="utf-8")
    return folder


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("kind", ["bucket", "memory"])
def test_only_what_changed_is_published(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    address = f"{request.getfixturevalue(kind)}/tables"
    folder = output_of(tmp_path / "out", {"a": "一", "b": "二"})
    check_target(address)
    assert publish(folder, address) == (6, 0, 0)
    assert found(address) == tree(folder)
    check_target(address)
    assert publish(folder, address) == (0, 6, 0)
    output_of(folder, {"a": "一", "c": "三"})
    assert publish(folder, address) == (4, 2, 2)
    assert found(address) == tree(folder)
    # Somebody else wrote there: what is noted no longer holds.
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.txt").write_text("旧", encoding="utf-8")
    brought(tmp_path / "other", f"{address}/text")
    assert publish(folder, address) == (1, 5, 0)
    assert found(address) == tree(folder)


def test_the_descriptor_comes_last_and_removed_files_go_after_it(
    memory: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"{memory}/tables"
    folder = output_of(tmp_path / "out", {"a": "一"})
    publish(folder, address)
    output_of(folder, {"b": "二"})
    deeds: list[str] = []
    put, remove = places.Place.put, places.Place.remove
    monkeypatch.setattr(places.Place, "put", lambda self, file, path: (deeds.append(path), put(self, file, path)))
    monkeypatch.setattr(places.Place, "remove", lambda self, path: (deeds.append(f"-{path}"), remove(self, path)))
    publish(folder, address)
    names = [deed.rpartition("/")[2] for deed in deeds]
    assert sorted(names[:2]) == ["b.json", "b.txt"]
    assert names[2:4] == ["documents.csv", "datapackage.json"]
    assert sorted(names[4:6]) == ["a.json", "a.txt"] and all(deed.startswith("-") for deed in deeds[4:6])
    assert names[6:] == ["published.json"]


def test_publishing_that_was_stopped_goes_on(memory: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"{memory}/tables"
    folder = output_of(tmp_path / "out", {"a": "一", "b": "二"})
    put = places.Place.put

    def stopped(self: places.Place, file: Path, path: str) -> None:
        if path.endswith(".csv"):
            raise KeyboardInterrupt
        put(self, file, path)

    monkeypatch.setattr(places.Place, "put", stopped)
    with pytest.raises(KeyboardInterrupt):
        publish(folder, address)
    monkeypatch.undo()
    assert "datapackage.json" not in found(address)
    check_target(address)
    publish(folder, address)
    assert found(address) == tree(folder)


def test_only_a_former_output_is_replaced(memory: str, tmp_path: Path) -> None:
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "mine.txt").write_text("我的", encoding="utf-8")
    brought(tmp_path, f"{memory}/mine")
    with pytest.raises(FolderError, match="not an output of this program"):
        check_target(f"{memory}/mine")
    folder = output_of(tmp_path / "out", {"a": "一"})
    publish(folder, f"{memory}/tables")
    brought(tmp_path, f"{memory}/tables/notes")
    with pytest.raises(FolderError, match="also holds notes"):
        check_target(f"{memory}/tables")
    with pytest.raises(AddressError, match="can be read, not written"):
        check_target("http://host/tables")
    with pytest.raises(AddressError, match="whole bucket"):
        check_target("s3://bucket")


def test_what_is_kept_lies_beside_the_output() -> None:
    assert cache_address("s3://bucket/deep/tables/") == "s3://bucket/deep/.tables.cache"


def test_files_of_this_machine_have_a_place_too(raw: Path) -> None:
    (file,) = find_files([raw / "b.txt"])
    assert isinstance(file, File) and file.place == str((raw / "b.txt").resolve())
