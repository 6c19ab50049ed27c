"""ZIP packages: their parts, and what is refused before it can do harm."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.read import ReadError
from pipeline.read import package as module
from pipeline.read.package import MOST_PARTS, open_package


def packed(parts: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Give a package with these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def code_of(data: bytes, part: str | None = None) -> str:
    """Give the code of the error that a package, or one part of it, is refused with."""
    with pytest.raises(ReadError) as caught:
        package = open_package(data, "云州市方案.docx")
        package.tree(part or package.names[0])
    assert "云州市方案.docx" in caught.value.message
    assert caught.value.message.endswith(".")
    return caught.value.code


def test_parts_are_found_without_case_and_with_either_slash() -> None:
    package = open_package(packed({"Word\\Document.xml": b"<a>1</a>", "/x/y.bin": b"2"}), "plan.docx")
    assert package.names == ("Word/Document.xml", "x/y.bin")
    assert package.read("word/document.xml") == b"<a>1</a>"
    assert package.read("/X/Y.bin") == b"2"
    assert "word/styles.xml" not in package
    assert package.size("x/y.bin") == 1


def test_a_missing_part_and_a_cut_file_are_damaged() -> None:
    whole = packed({"a.xml": b"<a/>" * 1000})
    assert code_of(whole, "b.xml") == "damaged_file"
    assert code_of(whole[:-30]) == "damaged_file"
    assert code_of(whole[: len(whole) // 2]) == "damaged_file"
    broken = bytearray(whole)
    broken[40:44] = b"\xff\xff\xff\xff"
    assert code_of(bytes(broken)) == "damaged_file"


@pytest.mark.parametrize("text", [b"", b"<a>", b"<a>&x;</a>", b"\x00\x01", b'<?xml version="1.0" encoding="xx"?><a/>'])
def test_a_part_that_is_no_xml_is_damaged(text: bytes) -> None:
    assert code_of(packed({"a.xml": text})) == "damaged_file"


def test_a_document_type_is_refused_in_every_encoding() -> None:
    markup = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>'
    for encoding in ("utf-8", "utf-16"):
        assert code_of(packed({"a.xml": markup.encode(encoding)})) == "damaged_file"


def test_encrypted_entries_are_told() -> None:
    data = bytearray(packed({"a.xml": b"<a/>"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.index(mark) + offset
        data[place : place + 2] = struct.pack("<H", 1)
    assert code_of(bytes(data)) == "encrypted_file"


def test_bombs_are_refused_by_what_they_declare(monkeypatch: pytest.MonkeyPatch) -> None:
    assert code_of(packed({"a.xml": b"<a>" + b" " * (3 << 20) + b"</a>"})) == "too_large"
    assert code_of(packed({str(number): b"" for number in range(MOST_PARTS + 1)})) == "too_large"
    monkeypatch.setattr(module, "MOST_PART_BYTES", 1000)
    assert code_of(packed({"a.xml": b"<a/>" + bytes(range(256)) * 4})) == "too_large"
    monkeypatch.setattr(module, "MOST_BYTES", 500)
    assert code_of(packed({"a.xml": bytes(300), "b.xml": bytes(300)})) == "too_large"


def test_a_size_that_lies_gives_no_more_than_it_declares() -> None:
    data = bytearray(packed({"a.xml": b"<a>" + b"1" * 5000 + b"</a>"}))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = data.index(mark) + offset
        data[place : place + 4] = struct.pack("<I", 100)
    assert code_of(bytes(data)) == "damaged_file"


def test_depth_long_texts_and_many_tags_are_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    assert code_of(packed({"a.xml": b"<a>" * 3000 + b"</a>" * 3000})) == "too_large"
    text = b"<a>" + b"1" * (11 << 20) + b"</a>"
    assert code_of(packed({"a.xml": text}, method=zipfile.ZIP_STORED)) == "too_large"
    monkeypatch.setattr(module, "MOST_TAGS", 10)
    assert code_of(packed({"a.xml": b"<a>" + b"<b/>" * 10 + b"</a>"})) == "too_large"


@given(st.binary(max_size=200), st.integers(0, 300))
def test_any_bytes_give_parts_or_a_reason(noise: bytes, place: int) -> None:
    data = packed({"a.xml": b"<a/>", "b.xml": b"<b>2</b>"})
    place %= len(data)
    try:
        package = open_package(data[:place] + noise + data[place + len(noise) :], "plan.docx")
        for name in package.names:
            package.tree(name)
    except ReadError as error:
        assert error.code in ("damaged_file", "encrypted_file", "too_large")
