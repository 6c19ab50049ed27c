"""Archives: every document below its name, in order; names that lead nowhere bad; what is not read is told."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

import pytest
from test_run import PLAN, contents

import pipeline
from pipeline.batch.jobs import Given, Job, Jobs
from pipeline.cli import main
from pipeline.model.tables import ProblemRow
from pipeline.read import ReadError, archive
from pipeline.read.sniff import format_of
from pipeline.run import parse_folder
from pipeline.update import run_folders

WORDS = PLAN.encode()


def zipped(files: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Give a ZIP archive; names are written as the standard library writes them (UTF-8 with its flag)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packing) as target:
        for name, data in files.items():
            target.writestr(name, data)
    return buffer.getvalue()


def zipped_raw(files: list[tuple[bytes, bytes]], *, flags: int = 0, extra: bytes = b"", attributes: int = 0) -> bytes:
    """Give a ZIP archive whose names are these very bytes, stored."""
    body, directory = b"", b""
    for name, data in files:
        sizes = (zlib.crc32(data), len(data), len(data))
        head = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, flags, 0, 0, 0, *sizes, len(name), len(extra))
        directory += struct.pack(
            "<4s6H3I5H2I", b"PK\x01\x02", 3 << 8 | 20, 20, flags, 0, 0, 0, *sizes, len(name), len(extra), 0, 0, 0,
            attributes, len(body),
        ) + name + extra  # fmt: skip
        body += head + name + extra + data
    count = len(files)
    return body + directory + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(directory), len(body), 0)


def tarred(files: dict[str, bytes], mode: str = "w") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as target:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            target.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def opened(data: bytes, name: str = "a.zip") -> dict[str, str]:
    """Give every source of an archive with its text, or the code of its row; assert that they come in order."""
    found: list[tuple[str, str]] = []
    for job in Jobs([Given(name, data)]):
        found.append((job.source, job.code if isinstance(job, ProblemRow) else job.data.decode()))
    sources = [source for source, _ in found]
    assert sources == sorted(sources)
    assert len(set(sources)) == len(sources)
    return dict(found)


def test_members_come_by_name_below_the_archive() -> None:
    data = zipped({"b/附件2.txt": b"two", "附件1.txt": b"one", "b/": b"", "b/a.txt": b"three"})
    assert opened(data) == {"a.zip/b/a.txt": "three", "a.zip/b/附件2.txt": "two", "a.zip/附件1.txt": "one"}


def test_litter_is_left_out_without_a_word() -> None:
    names = ["__MACOSX/._plan.txt", ".DS_Store", "x/~$plan.docx", "x/Thumbs.db", "desktop.ini", ".git/config"]
    assert opened(zipped(dict.fromkeys([*names, "x/plan.txt"], b"x"))) == {"a.zip/x/plan.txt": "x"}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("附件1：重点任务.txt".encode("gb18030"), "附件1：重点任务.txt"),
        ("附件1：重点任务.txt".encode(), "附件1：重点任务.txt"),
        # All of these bytes are valid UTF-8 of two bytes each, but only GB18030 gives ideographs.
        ("一.txt".encode("gb18030"), "一.txt"),
        ("乡镇\\计划.txt".encode("gb18030"), "乡镇/计划.txt"),
        ("計畫，碁.txt".encode("big5hkscs"), None),
        (b"./a.txt", "a.txt"),
    ],
)
def test_names_in_the_encodings_of_chinese_systems(name: bytes, shown: str | None) -> None:
    (source,) = opened(zipped_raw([(name, b"x")]))
    assert shown is None or source == f"a.zip/{shown}"


def test_a_unicode_path_wins_over_the_name() -> None:
    name = b"????.txt"
    path = "附件.txt".encode()
    extra = struct.pack("<2HBI", 0x7075, 5 + len(path), 1, zlib.crc32(name)) + path
    assert list(opened(zipped_raw([(name, b"x")], extra=extra))) == ["a.zip/附件.txt"]
    stale = struct.pack("<2HBI", 0x7075, 5 + len(path), 1, 1) + path
    assert list(opened(zipped_raw([(name, b"x")], extra=stale))) == ["a.zip/????.txt"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"../../etc/plan.txt", "__/__/etc/plan.txt"),
        (b"..\\plan.txt", "__/plan.txt"),
        (b"/etc/plan.txt", "etc/plan.txt"),
        (b"C:\\Users\\plan.txt", "C_/Users/plan.txt"),
        (b"plan\x00.txt", "plan\\x00.txt"),
        (b"plan\x1b[2J\n.txt", "plan\\x1b[2J\\n.txt"),
        ("plan\u202etxt.exe".encode(), "plan\\u202etxt.exe"),
        (b"n" * 5000 + b".txt", None),
    ],
)
def test_unsafe_names_are_shown_safely_with_a_note(name: bytes, shown: str | None) -> None:
    (job,) = Jobs([Given("a.zip", zipped_raw([(name, b"x")], flags=0x800))])
    assert isinstance(job, Job)
    assert shown is None or job.source == f"a.zip/{shown}"
    assert len(job.source) < 300
    (note,) = job.notes
    assert (note.severity, note.code) == ("warning", "unsafe_name")


def test_nothing_is_written_to_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    opened(zipped_raw([(b"../escaped.txt", WORDS), (b"inside.txt", WORDS)]))
    assert list(tmp_path.parent.glob("escaped*")) == list(tmp_path.iterdir()) == []


def test_a_name_twice_is_numbered() -> None:
    files = [(b"a.txt", b"1"), (b"a.txt", b"2"), (b"a (2).txt", b"3"), (b"a.txt", b"4")]
    found = opened(zipped_raw(files))
    assert found["a.zip/a.txt"] == "1" and found["a.zip/a (2).txt"] == "3"
    assert sorted(found.values()) == ["1", "2", "3", "4"]


def test_a_link_is_refused() -> None:
    assert opened(zipped_raw([(b"link.txt", b"/etc/passwd")], attributes=0o120777 << 16)) == {
        "a.zip/link.txt": "archive_link"
    }
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as target:
        info = tarfile.TarInfo("link.txt")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        target.addfile(info)
    assert opened(buffer.getvalue(), "a.tar") == {"a.tar/link.txt": "archive_link"}


def test_encrypted_members_are_a_row_each() -> None:
    data = zipped_raw([(b"a.txt", b"x"), (b"b.txt", b"y")], flags=1)
    assert opened(data) == {"a.zip/a.txt": "encrypted_file", "a.zip/b.txt": "encrypted_file"}


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_archives_in_archives(packing: int) -> None:
    data = b"x"
    for depth in range(3):
        data = zipped({f"{depth}.txt": b"t", "in.zip": data} if depth else {"plan.txt": b"p"}, packing)
    assert opened(data) == {
        "a.zip/2.txt": "t", "a.zip/in.zip/1.txt": "t", "a.zip/in.zip/in.zip/plan.txt": "p",
    }  # fmt: skip
    deeper = opened(zipped({"in.zip": data, "plan.txt": b"p"}, packing))
    assert deeper["a.zip/in.zip/in.zip/in.zip"] == "too_large"
    assert deeper["a.zip/plan.txt"] == "p"


def test_gzip_and_tar() -> None:
    assert opened(gzip.compress(b"words"), "x/plan.txt.gz") == {"x/plan.txt.gz/plan.txt": "words"}
    assert opened(gzip.compress(b"one ") + gzip.compress(b"two"), "p.gz") == {"p.gz/p": "one two"}
    files = {"附件/a.txt": b"1", "b.txt": b"2"}
    for data, name in ((tarred(files), "a.tar"), (tarred(files, "w:gz"), "a.tgz")):
        assert opened(data, name) == {f"{name}/b.txt": "2", f"{name}/附件/a.txt": "1"}


def test_a_truncated_zip_gives_what_is_whole() -> None:
    files = {f"{number}.txt": bytes(str(number), "ascii") * 1000 for number in range(5)}
    data = zipped(files, zipfile.ZIP_STORED)
    found = opened(data[:3500])
    assert found.pop("a.zip") == "damaged_archive"
    assert found.pop("a.zip/3.txt") == "damaged_archive"
    assert found == {f"a.zip/{number}.txt": str(number) * 1000 for number in range(3)}


def test_a_truncated_stream_of_unknown_sizes_gives_what_is_whole() -> None:
    class Pipe(io.RawIOBase):
        """A target that cannot go back, so that sizes stand behind the data."""

        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, part: bytes) -> int:  # type: ignore[override]
            self.data += bytes(part)
            return len(part)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as target:  # type: ignore[arg-type]
        target.writestr("a.txt", WORDS)
        target.writestr("b.txt", WORDS * 2)
    without_directory = pipe.data[: pipe.data.index(b"PK\x01\x02")]
    assert list(opened(without_directory)) == ["a.zip", "a.zip/a.txt", "a.zip/b.txt"]
    found = {job.source: job for job in Jobs([Given("a.zip", without_directory[:-40])])}
    whole = found["a.zip/a.txt"]
    assert isinstance(whole, Job) and whole.data == WORDS
    assert getattr(found["a.zip/b.txt"], "code", "") == "damaged_archive"
    assert getattr(found["a.zip"], "code", "") == "damaged_archive"


def test_a_directory_that_is_damaged_in_the_middle_loses_nothing() -> None:
    data = bytearray(zipped({"a.txt": b"1", "b.txt": b"2", "c.txt": b"3"}))
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    data[second : second + 4] = b"XXXX"
    assert opened(bytes(data)) == {
        "a.zip": "damaged_archive",
        "a.zip/a.txt": "1",
        "a.zip/b.txt": "2",
        "a.zip/c.txt": "3",
    }


def test_a_damaged_member_is_its_own_loss() -> None:
    data = bytearray(zipped({"a.txt": b"a" * 500, "b.txt": b"b" * 500}, zipfile.ZIP_STORED))
    data[100] ^= 0xFF
    assert opened(bytes(data)) == {"a.zip/a.txt": "damaged_archive", "a.zip/b.txt": "b" * 500}


def test_truncated_tar_and_gzip() -> None:
    data = tarred({"a.txt": b"1" * 600, "b.txt": b"2" * 600})
    found = opened(data[:2300], "a.tar")
    assert found["a.tar/a.txt"] == "1" * 600
    assert "damaged_archive" in found.values()
    packed = gzip.compress(bytes(range(65, 91)) * 4000, 0)
    cut = opened(packed[:-2000], "a.gz")
    assert cut["a.gz"] == "damaged_archive"
    assert (bytes(range(65, 91)) * 4000).decode().startswith(cut["a.gz/a"])


def test_overlapping_entries_are_refused() -> None:
    data = bytearray(zipped({"a.txt": b"a" * 500, "b.txt": b"b" * 500}, zipfile.ZIP_STORED))
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = bytes(4)
    assert opened(bytes(data)) == {"a.zip": "damaged_archive"}


def test_limits_hold_and_the_others_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "RATIO_FREE", 10_000)
    bomb = zipped({"bomb.txt": bytes(1_000_000), "plan.txt": b"p"})
    assert opened(bomb) == {"a.zip/bomb.txt": "too_large", "a.zip/plan.txt": "p"}
    monkeypatch.setattr(archive, "MOST_BYTES", 5000)
    assert opened(zipped({"long.txt": b"x" * 5001, "plan.txt": b"p"}, zipfile.ZIP_STORED))["a.zip/plan.txt"] == "p"
    assert opened(tarred({"long.txt": b"x" * 5001, "plan.txt": b"p"}), "a.tar") == {
        "a.tar/long.txt": "too_large", "a.tar/plan.txt": "p",
    }  # fmt: skip
    assert opened(gzip.compress(bytes(5001)), "a.gz") == {"a.gz": "too_large"}


def test_the_limit_in_all_counts_inner_archives(monkeypatch: pytest.MonkeyPatch) -> None:
    budget = archive.Budget(entries=10, size=3000)
    monkeypatch.setattr("pipeline.batch.jobs.Budget", lambda: budget)
    inner = zipped({"x.txt": b"x" * 1500}, zipfile.ZIP_STORED)
    found = opened(zipped({"1.zip": inner, "2.zip": inner, "3.txt": b"p"}, zipfile.ZIP_STORED))
    # The first inner archive takes half of the budget, so neither its member nor the second archive fits.
    assert found == {"a.zip/1.zip/x.txt": "too_large", "a.zip/2.zip": "too_large", "a.zip/3.txt": "p"}
    monkeypatch.setattr("pipeline.batch.jobs.Budget", lambda: archive.Budget(entries=2))
    assert opened(zipped({"1.txt": b"1", "2.txt": b"2", "3.txt": b"3"})) == {
        "a.zip": "too_large", "a.zip/1.txt": "1", "a.zip/2.txt": "2",
    }  # fmt: skip


def test_an_archive_without_documents_says_so() -> None:
    assert opened(zipped({})) == {"a.zip": "no_document"}
    assert opened(zipped({"x/": b"", ".hidden": b"x"})) == {"a.zip": "no_document"}


def test_a_package_is_no_archive() -> None:
    types = {"[Content_Types].xml": b"x"}
    assert format_of(zipped({**types, "word/document.xml": b"x"})) == "docx"
    assert format_of(zipped({**types, "xl/workbook.xml": b"x"})) == "xlsx"
    assert format_of(zipped({**types, "FixedDocSeq.fdseq": b"x"})) == "package"
    assert format_of(zipped({"mimetype": b"x", "META-INF/manifest.xml": b"x"})) == "package"
    assert format_of(zipped({"OFD.xml": b"x"})) == "ofd"
    # A document that is stored as it is shows the names of its parts in the bytes of the archive.
    inner = zipped({**types, "word/document.xml": b"x"})
    assert format_of(zipped({"附件1.docx": inner}, zipfile.ZIP_STORED)) == "zip"
    assert format_of(tarred({"a.pdf": b"%PDF-1.7"})) == "tar"


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    other = PLAN.replace("2024", "2025").encode()
    (folder / "a.zip").write_bytes(zipped({"附件1.txt": WORDS, "b/附件2.txt": other}))
    (folder / "a.zip-list.txt").write_bytes(PLAN.replace("12个", "14个").encode())
    (folder / "a.zip.txt").write_bytes(PLAN.replace("12个", "13个").encode())
    (folder / "b.txt").write_bytes(WORDS)
    return folder


def test_a_run_reads_archives_in_order(raw: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    counts = run_folders([raw], tmp_path / "out", watch=lambda done, total, _: told.append((done, total)))
    assert counts.rows["documents"] == 5
    assert told == [(number, 5) for number in range(1, 6)]
    dataset = parse_folder(raw)
    sources = [record.document.source for record in dataset.records]
    assert sources == ["a.zip-list.txt", "a.zip.txt", "a.zip/b/附件2.txt", "a.zip/附件1.txt", "b.txt"]
    assert sorted(sources) == sources
    assert [row.code for row in dataset.records[-1].problems if row.code == "duplicate_file"] == ["duplicate_file"]
    dataset.write(tmp_path / "same")
    assert contents(tmp_path / "same") == contents(tmp_path / "out")


def test_one_document_is_parsed_and_several_are_not(
    raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = pipeline.parse(zipped({"计划.txt": WORDS}), name="x.zip")
    assert record.document.source == "x.zip/计划.txt"
    with pytest.raises(ReadError) as refused:
        pipeline.parse(raw / "a.zip")
    assert refused.value.code == "several_documents"
    assert "zhengce run" in refused.value.message
    with pytest.raises(ReadError, match="no_document"):
        pipeline.parse(zipped({}), name="x.zip")
    assert main(["show", str(raw / "a.zip")]) == 1
    said = capsys.readouterr().err
    assert "is an archive with 2 entries" in said and said.count("\n") == 1
