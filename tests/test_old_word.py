"""Old Word files and RTF: told apart by their streams, converted by LibreOffice, else refused with advice."""

from __future__ import annotations

import importlib.util
import pathlib
import stat
import struct
import sys

import pytest
from word_files import docx, level, lines, numbering, p, row, run, table

import pipeline
from pipeline.read import ReadError, libreoffice, old_word, open_source
from pipeline.read.libreoffice import Converted, convert, find_program

SECTOR = 512
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
NEEDS_LIBREOFFICE = pytest.mark.skipif(find_program() is None, reason="LibreOffice is not installed")
NEEDS_POSIX = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in program is a shell script")


def container(streams: dict[str, bytes]) -> bytes:
    """Give an OLE container ([MS-CFB], sectors of 512 bytes) with these streams, each padded to 4096 bytes."""
    size = 4096
    first = {name: index * (size // SECTOR) for index, name in enumerate(streams)}
    directory_at = len(streams) * size // SECTOR
    fat_at = directory_at + 1
    table = [END if (index + 1) % 8 == 0 else index + 1 for index in range(directory_at)] + [END, FAT]
    table += [FREE] * (SECTOR // 4 - len(table))
    entries = [_entry("Root Entry", 5, END, 0, child=1 if streams else FREE)]
    names = list(streams)
    for index, name in enumerate(names):
        right = index + 2 if index + 1 < len(names) else FREE
        entries.append(_entry(name, 2, first[name], size, right=right))
    entries += [_entry("", 0, 0, 0)] * (4 - len(entries))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, directory_at, 0, 4096, END, 0, END, 0)
    header += struct.pack("<I", fat_at) + b"\xff" * 432
    body = b"".join(data.ljust(size, b"\0") for data in streams.values())
    return header + body + b"".join(entries) + struct.pack(f"<{SECTOR // 4}I", *table)


def _entry(name: str, kind: int, start: int, size: int, *, right: int = FREE, child: int = FREE) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0" if name else b""
    links = struct.pack("<III", FREE, right, child)
    return (
        encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded), kind, 1) + links + bytes(36)
        + struct.pack("<IQ", start, size)
    )  # fmt: skip


def word_head(flags: int = 0) -> bytes:
    return struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0x804, 0, flags)


def refusal(data: bytes, name: str = "plan.doc") -> ReadError:
    with pytest.raises(ReadError) as caught:
        open_source(data, name)
    assert name in caught.value.message
    return caught.value


@pytest.mark.parametrize(
    ("streams", "code"),
    [
        ({"EncryptionInfo": b"x", "EncryptedPackage": b"x"}, "encrypted_file"),
        ({"WordDocument": word_head(0x0100)}, "encrypted_file"),
        ({"Workbook": bytes.fromhex("0908040000060500") + b"\x2f\x00"}, "encrypted_file"),
        ({"PowerPoint Document": b"x"}, "unsupported_format"),
        ({"CONTENTS": b"x"}, "damaged_file"),
        ({"WordDocument": b"\0" * 40}, "damaged_file"),
        ({}, "damaged_file"),
    ],
)
def test_containers_are_told_apart_by_their_streams(streams: dict[str, bytes], code: str) -> None:
    assert refusal(container(streams)).code == code


def test_an_old_workbook_is_refused_with_advice_where_no_reader_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(old_word, "WORKBOOK_READER", "pipeline.read.no_such_reader")
    error = refusal(container({"Workbook": bytes.fromhex("0908100000060500")}), "list.xls")
    assert error.code == "unsupported_format"
    assert "save it as XLSX" in error.message


@pytest.mark.parametrize("length", [8, 100, 512, 600])
def test_broken_containers_are_damaged(length: int) -> None:
    whole = container({"WordDocument": word_head()})
    assert refusal(whole[:length].ljust(length, b"\0")).code == "damaged_file"
    assert refusal(whole[:8] + bytes(range(256)) * 80).code == "damaged_file"


def test_without_libreoffice_the_message_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libreoffice, "find_program", lambda: None)
    for data in (container({"WordDocument": word_head()}), rb"{\rtf1 plan}"):
        error = refusal(data)
        assert error.code == "converter_missing"
        assert "Install LibreOffice" in error.message
        assert "ZHENGCE_SOFFICE" in error.message


def stand_in(folder: pathlib.Path, script: str) -> str:
    """Write a program that takes the place of LibreOffice."""
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return str(program)


@NEEDS_POSIX
def test_a_conversion_is_judged_by_the_file_it_gives(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGCE_SOFFICE", stand_in(tmp_path, "exit 0"))
    error = refusal(rb"{\rtf1 plan}")
    assert error.code == "conversion_failed"
    assert "gave no file" in error.message


@NEEDS_POSIX
def test_a_conversion_that_hangs_is_stopped_with_its_children(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = tmp_path / "alive"
    script = f"(sleep 2; touch '{mark}') & sleep 60"
    monkeypatch.setenv("ZHENGCE_SOFFICE", stand_in(tmp_path, script))
    monkeypatch.setattr(libreoffice, "MOST_SECONDS", 0.3)
    assert "took more than" in refusal(rb"{\rtf1 plan}").message
    monkeypatch.setenv("ZHENGCE_SOFFICE", stand_in(tmp_path, "sleep 2.5"))
    monkeypatch.setattr(libreoffice, "MOST_SECONDS", 10)
    refusal(rb"{\rtf1 plan}")
    assert not mark.exists()


def test_what_was_converted_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    made = docx(p("到2025年建成管网200公里。", run("密", "<w:vanish/>")))
    monkeypatch.setattr(old_word, "convert", lambda *_: Converted(made, "7.4.7.2"))
    source = open_source(container({"WordDocument": word_head()}), "plan.doc")
    assert [problem.code for problem in source.problems] == ["converted", "hidden_text_left_out"]
    assert "LibreOffice 7.4.7.2" in source.problems[0].message


@NEEDS_LIBREOFFICE
def test_doc_and_rtf_give_the_records_of_the_new_file() -> None:
    outline = [level(0, "chineseCounting", "%1、"), level(1, "chineseCounting", "（%2）")]
    for suffix in ("doc", "rtf"):
        # LibreOffice writes 、 of a list as ? into RTF (it reads it well), so there the marks are typed.
        typed = suffix == "rtf"
        body = (
            p("云州市水网建设行动计划（2023—2025年）", properties='<w:jc w:val="center"/>')
            + (p("一、总体要求") if typed else p("总体要求", number=(1, 0)))
            + p("到2025年，建成管网200公里，改造泵站12座。")
            + (p("二、重点任务") if typed else p("重点任务", number=(1, 0)))
            + (
                p("（一）建设管网。到2024年新建管网80公里。")
                if typed
                else p("建设管网。到2024年新建管网80公里。", number=(1, 1))
            )
            + table(row("指标", "2025年"), row("管网长度（公里）", "200"), row("泵站（座）", "12"))
            + p("")
        )
        made = docx(body, numbering=numbering(outline))
        wanted = pipeline.parse(made, name="plan.docx")
        assert len(wanted.targets) >= 3
        old = convert(made, "docx", suffix, "plan.docx").data
        assert lines(open_source(old, f"plan.{suffix}")) == lines(open_source(made, "plan.docx"))
        found = pipeline.parse(old, name=f"plan.{suffix}")
        for rows in ("sections", "targets"):
            assert [spelled(entry) for entry in getattr(found, rows)] == [
                spelled(entry) for entry in getattr(wanted, rows)
            ]


def spelled(entry: object) -> tuple[object, ...]:
    """Give what a row says, without the ids that come from the file's bytes."""
    names = ("label", "title", "depth", "indicator", "value", "unit", "year_end", "quote")
    return tuple(getattr(entry, name, None) for name in names)


@pytest.mark.skipif(importlib.util.find_spec("pipeline.read.workbook") is None, reason="no reader of workbooks")
@NEEDS_LIBREOFFICE
def test_an_old_workbook_is_read_by_way_of_a_new_one() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    import io

    book = openpyxl.Workbook()
    for line in (("指标", "2025年"), ("管网长度（公里）", 200), ("泵站（座）", 12)):
        book.active.append(line)
    buffer = io.BytesIO()
    book.save(buffer)
    old = convert(buffer.getvalue(), "xlsx", "xls", "list.xlsx").data
    source = open_source(old, "list.xls")
    assert "管网长度（公里）" in source.text
    assert source.problems[0].code == "converted"
