"""Files made to do harm: each is one row of problems with its code, the others are read, in bounded time.

All are made here; none is kept in the repository.
"""

from __future__ import annotations

import importlib.util
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from test_archive import tarred, zipped, zipped_raw
from test_run import PLAN

from pipeline import run
from pipeline.batch.supervise import METHOD, Limits
from pipeline.cli import main
from pipeline.read import archive
from pipeline.read import open as front
from pipeline.update import Done, Settings, run_folders

# A twentieth of what a user gets, so that the suite is quick; a slow machine still reads a plan in this.
LIMITS = Limits(seconds=6, megabytes=1024, whole=2)
# What a run may take that meets one of these files: the limits and some room for a busy machine.
BOUND = 40
TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
WORD = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
FONTS = b"<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
REFUSED = {"too_large", "damaged_file", "time_limit", "memory_limit", "reader_crashed"}


def needs(module: str) -> pytest.MarkDecorator:
    """Skip where the reader of a format is not there."""
    return pytest.mark.skipif(importlib.util.find_spec(module) is None, reason=f"{module} is not there")


def outcomes(raw: Path, tmp_path: Path, limits: Limits = LIMITS) -> dict[str, str]:
    """Run over a folder; give each source with its code, or `read`. Assert that it ends in time."""
    found: dict[str, str] = {}

    def watch(_: int, __: int, one: Done) -> None:
        found[one.source] = one.code or "read"

    began = time.monotonic()
    run_folders([raw], tmp_path / "out", watch=watch, settings=Settings(limits=limits))
    assert time.monotonic() - began < BOUND
    return found


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """Give a folder with a plan that must be read whatever lies before it."""
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "z.txt").write_text(PLAN, encoding="utf-8")
    return folder


def package(parts: dict[str, bytes]) -> bytes:
    return zipped({"[Content_Types].xml": TYPES, **parts})


def pdf(content: bytes, *, filters: bytes = b"/FlateDecode", kids: bytes = b"3 0 R") -> bytes:
    """Give a PDF of one page with this packed content."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[" + kids + b"]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources" + FONTS + b">>",
        b"<</Length %d/Filter[%s]>>stream\n%s\nendstream" % (len(content), filters, content),
    ]
    body, places = b"%PDF-1.7\n", []
    for number, words in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj" % number + words + b"endobj\n"
    table = b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + table + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(body)


def deflated(parts: int, part: bytes) -> bytes:
    """Pack a part many times over without holding it all."""
    packer = zlib.compressobj(1)
    return b"".join(packer.compress(part) for _ in range(parts)) + packer.flush()


def word_bomb() -> bytes:
    text = b"<w:p><w:r><w:t>" + b"a" * 70_000_000 + b"</w:t></w:r></w:p>"
    return package({"word/document.xml": WORD + text + b"</w:body></w:document>"})


def word_of_two_million_paragraphs() -> bytes:
    return package({"word/document.xml": WORD + b"<w:p/>" * 2_000_000 + b"</w:body></w:document>"})


def word_of_nested_tables() -> bytes:
    depth = 3000
    inner = b"<w:tbl><w:tr><w:tc>" * depth + b"</w:tc></w:tr></w:tbl>" * depth
    return package({"word/document.xml": WORD + inner + b"</w:body></w:document>"})


LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (number, b"&l%d;" % (number - 1) * 10) for number in range(1, 10))


def word_of_entities() -> bytes:
    kind = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY l0 "ha">' + LAUGHS + b"]>"
    return package({"word/document.xml": kind + WORD + b"<w:p><w:r><w:t>&l9;</w:t></w:r></w:p></w:body></w:document>"})


def word_that_reads_a_file() -> bytes:
    kind = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY l0 SYSTEM "file:///etc/passwd">]>'
    return package({"word/document.xml": kind + WORD + b"<w:p><w:r><w:t>&l0;</w:t></w:r></w:p></w:body></w:document>"})


def workbook_bomb() -> bytes:
    return package({"xl/workbook.xml": b"<workbook>" + b" " * 70_000_000 + b"</workbook>"})


@needs("pipeline.read.word")
@pytest.mark.parametrize(
    "make",
    [word_bomb, word_of_two_million_paragraphs, word_of_nested_tables, word_of_entities, word_that_reads_a_file],
)
def test_word_files_that_do_harm(raw: Path, tmp_path: Path, make: Callable[[], bytes]) -> None:
    (raw / "a.docx").write_bytes(make())
    found = outcomes(raw, tmp_path)
    assert found["z.txt"] == "read"
    assert found["a.docx"] in REFUSED


def test_a_workbook_that_unpacks_to_too_much(raw: Path, tmp_path: Path) -> None:
    (raw / "a.xlsx").write_bytes(workbook_bomb())
    assert outcomes(raw, tmp_path) == {"a.xlsx": "too_large", "z.txt": "read"}


@needs("pipeline.read.pdf")
@pytest.mark.parametrize(
    ("make", "codes"),
    [
        (lambda: pdf(deflated(500, b"BT /F1 9 Tf (a) Tj ET\n" * 10_000)), REFUSED),
        (
            lambda: pdf(zlib.compress(deflated(1200, bytes(1 << 20)), 9), filters=b"/FlateDecode/FlateDecode"),
            REFUSED | {"no_text"},
        ),
        (lambda: pdf(zlib.compress(b""), kids=b"2 0 R"), REFUSED | {"no_text"}),
        (lambda: pdf(zlib.compress(b"BT /F1 9 Tf (plan) Tj ET"))[:300], REFUSED | {"no_text"}),
    ],
    ids=["five million words", "packed twice", "a loop of pages", "cut short"],
)
def test_pdf_files_that_do_harm(raw: Path, tmp_path: Path, make: Callable[[], bytes], codes: set[str]) -> None:
    (raw / "a.pdf").write_bytes(make())
    found = outcomes(raw, tmp_path)
    assert found["z.txt"] == "read"
    assert found["a.pdf"] in codes


def test_pages_without_end(raw: Path, tmp_path: Path) -> None:
    (raw / "a.html").write_bytes(b"<html><body>" + b"<p>1</p>" * 6_250_000)
    (raw / "b.html").write_bytes(b"<html><body>" + "<p>目标</p>".encode() * 700_000)
    (raw / "c.txt").write_bytes("目标".encode() * 5_000_000)
    (raw / "d.txt").write_bytes(b"12345 " * 1_500_000)
    assert outcomes(raw, tmp_path) == {
        "a.html": "too_large", "b.html": "too_large", "c.txt": "too_large", "d.txt": "too_large", "z.txt": "read",
    }  # fmt: skip


def test_a_page_of_200_000_nested_elements_is_read_with_a_warning(raw: Path, tmp_path: Path) -> None:
    words = "到2025年，自动化泊位达到12个。"
    (raw / "a.html").write_text("<html>" + "<div>" * 200_000 + words + "</div>" * 200_000, encoding="utf-8")
    assert outcomes(raw, tmp_path) == {"a.html": "read", "z.txt": "read"}
    told = (tmp_path / "out" / "problems.csv").read_text(encoding="utf-8")
    assert "nesting_too_deep" in told


def test_a_text_of_one_line_ends(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Text just below the limit is read, or stopped by the limit of time; here both are small."""
    monkeypatch.setattr(front, "MOST_CHARACTERS", 400_000)
    (raw / "a.txt").write_text("到2025年，企业达到20家，" * 26_000, encoding="utf-8")
    found = outcomes(raw, tmp_path, Limits(seconds=4, whole=1))
    assert found["a.txt"] in ("read", "time_limit", "too_large") and found["z.txt"] == "read"


def test_archives_that_do_harm(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "RATIO_FREE", 1 << 20)
    other = PLAN.replace("12个", "15个").encode()
    bomb = zipped({"bomb.txt": bytes(50_000_000), "plan.txt": other})
    nested = bomb
    for _ in range(3):
        nested = zipped({"in.zip": nested})
    (raw / "bomb.zip").write_bytes(bomb)
    (raw / "nested.zip").write_bytes(nested)
    (raw / "up.zip").write_bytes(zipped_raw([(b"../../../up.txt", PLAN.replace("12个", "16个").encode())]))
    (raw / "locked.zip").write_bytes(zipped_raw([(b"plan.docx", b"x" * 500)], flags=1))
    whole = zipped({"a.txt": PLAN.replace("12个", "17个").encode(), "b.txt": other})
    (raw / "cut.zip").write_bytes(whole[: whole.index(b"PK\x01\x02") - 20])
    (raw / "bomb.tar.gz").write_bytes(zlib.compress(tarred({"bomb.txt": bytes(50_000_000)}), wbits=31))
    assert outcomes(raw, tmp_path) == {
        "bomb.tar.gz": "too_large", "bomb.zip/bomb.txt": "too_large", "bomb.zip/plan.txt": "read",
        "cut.zip": "damaged_archive", "cut.zip/a.txt": "read", "cut.zip/b.txt": "damaged_archive",
        "locked.zip/plan.docx": "encrypted_file", "nested.zip/in.zip/in.zip/in.zip": "too_large",
        "up.zip/__/__/__/up.txt": "read", "z.txt": "read",
    }  # fmt: skip
    assert list(tmp_path.parent.rglob("up.txt")) == []


def test_entries_that_share_their_bytes(raw: Path, tmp_path: Path) -> None:
    """One packed kernel, named by a thousand entries of the directory."""
    data = bytearray(zipped({f"{number}.txt": bytes(2000) for number in range(1000)}))
    place = data.index(b"PK\x01\x02")
    while data[place : place + 4] == b"PK\x01\x02":
        data[place + 42 : place + 46] = bytes(4)
        lengths = [int.from_bytes(data[place + at : place + at + 2], "little") for at in (28, 30, 32)]
        place += 46 + sum(lengths)
    (raw / "a.zip").write_bytes(bytes(data))
    assert outcomes(raw, tmp_path) == {"a.zip": "damaged_archive", "z.txt": "read"}


def test_a_directory_of_a_million_entries(raw: Path, tmp_path: Path) -> None:
    entry = zipped_raw([(b"a", b"")])
    central = entry[entry.index(b"PK\x01\x02") : entry.index(b"PK\x05\x06")]
    end = b"PK\x05\x06" + bytes(4) + b"\xff\xff\xff\xff" + bytes(8) + bytes(2)
    (raw / "a.zip").write_bytes(entry[: entry.index(b"PK\x01\x02")] + central * 500_000 + end)
    found = outcomes(raw, tmp_path)
    assert found["z.txt"] == "read"
    assert set(found.values()) <= {"read", "too_large", "damaged_archive", "empty_file"}
    assert len(found) < 20


@pytest.mark.skipif(not hasattr(sys, "getrefcount"), reason="needs a file with holes")
def test_a_file_larger_than_any_document_is_not_loaded(raw: Path, tmp_path: Path) -> None:
    with (raw / "a.bin").open("wb") as file:
        file.truncate(600 << 20)
    assert outcomes(raw, tmp_path) == {"a.bin": "too_large", "z.txt": "read"}


@pytest.mark.parametrize(
    "noise", [b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08", b"PK\x03\x04\x14\x00\x08\x00\x08\x00"]
)
def test_any_bytes_behind_the_mark_of_an_archive_are_rows(raw: Path, tmp_path: Path, noise: bytes) -> None:
    for number in range(20):
        rubbish = bytes((number * 37 + place * place * 11) % 256 for place in range(number * 40))
        (raw / f"{number:02}.zip").write_bytes(noise + rubbish)
    found = outcomes(raw, tmp_path)
    assert found.pop("z.txt") == "read"
    assert {source.split("/")[0] for source in found} == {f"{number:02}.zip" for number in range(20)}
    assert "internal_error" not in found.values()


def test_the_command_tells_what_was_stopped_and_goes_on(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if METHOD != "fork":
        pytest.skip("the reader is replaced in this process; only a copy of it has the replacement")
    open_source = run.open_source

    def opened(data: bytes, source: str) -> object:
        while source == "a.txt":
            time.sleep(1)
        return open_source(data, source)

    monkeypatch.setattr(run, "open_source", opened)
    (raw / "a.txt").write_text(PLAN.replace("12个", "18个"), encoding="utf-8")
    assert main(["run", str(raw), "-o", str(tmp_path / "out"), "--time-limit", "3", "--memory-limit", "2000"]) == 1
    said = capsys.readouterr()
    assert "\na.txt: time_limit: Reading it made no progress for 3 s and was stopped" in said.err
    assert said.out.startswith("1 documents, ")
    assert main(["check", str(tmp_path / "out"), "--raw", str(raw)]) == 0
    with pytest.raises(SystemExit):
        main(["run", str(raw), "-o", str(tmp_path / "out"), "--time-limit", "0"])
