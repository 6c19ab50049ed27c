"""Write: the folder keeps the contract, comes whole or not at all, and never deletes what is not ours."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import handmade
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.lexicon import Lexicon
from pipeline.model import TABLES, Record
from pipeline.model.tables import NumberRow, OrganisationRow, ProblemRow, SectionRow
from pipeline.resolve import resolve
from pipeline.write import FolderError, Register, columns, frame, plain_number, tables, write_dataset
from pipeline.write import folder as folders
from pipeline.write.nested import dumps


@pytest.fixture(scope="module")
def record(lexicon: Lexicon) -> Record:
    return resolve(handmade.text(), handmade.outline(), handmade.findings(), lexicon)


UNREADABLE = ProblemRow(None, "坏.pdf", "error", "damaged", "The file is cut off.", None, None, None, None)


@pytest.fixture
def written(record: Record, tmp_path: Path) -> Path:
    write_dataset([record, UNREADABLE], tmp_path / "structured")
    return tmp_path / "structured"


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8"), newline="")))


def test_tables_have_the_columns_of_the_contract(written: Path) -> None:
    heads = {row.table: (written / f"{row.table}.csv").read_text(encoding="utf-8").split("\n")[0] for row in TABLES}
    assert heads["numbers"] == "number_id,document_id,section_id,text,value,class,target_id,char_start,char_end,rule"
    assert heads["problems"] == "document_id,source,severity,code,message,section_id,char_start,char_end,quote"
    assert heads["targets"].startswith("target_id,section_id,plan_id,document_id,indicator,indicator_id,value,")


def test_files_are_utf8_with_line_feeds(written: Path) -> None:
    for path in written.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not data.startswith(b"\xef\xbb\xbf") and b"\r" not in data, path
            data.decode("utf-8")


def test_cells_are_plain(written: Path, record: Record) -> None:
    targets = read(written / "targets.csv")
    assert [row["value"] for row in targets] == ["12", "5", "350000000", "4", "1"]
    assert [row["confidence"] for row in targets] == ["0.9"] * 5
    assert targets[0]["value_max"] == targets[0]["part_of"] == ""
    assert [row["inherited"] for row in read(written / "responsibilities.csv")] == ["false", "false", "true"]
    assert read(written / "problems.csv")[-1]["document_id"] == ""


def test_text_is_what_offsets_count_in(written: Path, record: Record) -> None:
    assert (written / "text" / f"{record.document.document_id}.txt").read_bytes().decode("utf-8") == record.text


def test_nested_document_is_valid_and_complete(written: Path, record: Record) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    shape = json.loads((written / "schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(shape)
    value = json.loads((written / "json" / f"{record.document.document_id}.json").read_text(encoding="utf-8"))
    jsonschema.validate(value, shape, cls=jsonschema.Draft202012Validator)
    assert value["issuers"] == ["云州市人民政府办公室"]
    chapters = value["plans"][0]["sections"]
    assert [chapter["title"] for chapter in chapters] == [None, "主要目标", "重点任务"]
    assert [part["title"] for part in chapters[2]["sections"]] == ["建设智慧码头", "建成调度平台1个"]
    assert chapters[2]["sections"][0]["task"]["responsible"] == [row.name for row in record.organisations]
    assert [part["kind"] for part in value["notice"]] == ["front", "closing"]

    def count(sections: list[dict[str, Any]], name: str) -> int:
        return sum(len(part[name]) + count(part["sections"], name) for part in sections)

    for name in ("targets", "periods", "responsibilities", "numbers"):
        assert count([*chapters, *value["notice"]], name) == len(getattr(record, name))


def test_the_package_loads_in_its_validator(written: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.validate(str(written / "datapackage.json"))
    assert report.valid, report.flatten(["title", "note"])
    assert len(report.tasks) == len(TABLES)


def test_the_validator_sees_damage(written: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    path = written / "targets.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",level,", ",lvel,"), encoding="utf-8", newline="\n")
    assert not frictionless.validate(str(written / "datapackage.json")).valid


def test_the_register_is_the_same_from_memory_and_from_the_disk(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [
        [
            dataclasses.replace(row, aliases=f"别名{number % 3}", name=f"{row.name}{number % 2}", mention_count=number)
            for row in record.organisations
        ]
        for number in range(1, 8)
    ]

    def rows() -> list[OrganisationRow]:
        register = Register()
        for organisations in documents:
            register.add(organisations)
        return list(register.rows())

    expected = rows()
    assert [row.mention_count for row in expected] == [28] * len(record.organisations)
    for most in (1, 2, len(record.organisations) + 1):
        monkeypatch.setattr("pipeline.write.dataset.MOST_AT_HAND", most)
        assert rows() == expected


# A cell may hold anything that a document holds.
words = st.text(st.characters(codec="utf-8"), max_size=12)


@given(st.lists(st.tuples(words, words, st.none() | words), max_size=4))
def test_csv_round_trip(rows: list[tuple[str, str, str | None]]) -> None:
    numbers = [
        NumberRow(number_id, "d", section, target_id or "", None, "other", target_id, 0, 1, None)
        for number_id, section, target_id in rows
    ]
    text = tables.header(NumberRow) + "".join(tables.line(row) for row in numbers)
    again = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    assert [(row["number_id"], row["section_id"], row["target_id"]) for row in again] == [
        (row.number_id, row.section_id, row.target_id or "") for row in numbers
    ]


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_numbers_are_written_in_full_and_exact(value: Decimal) -> None:
    plain = plain_number(value)
    assert Decimal(plain) == value
    assert "E" not in plain and not ("." in plain and plain.endswith("0"))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


@given(json_values)
def test_json_says_the_same_as_the_standard_library(value: object) -> None:
    assert json.loads(dumps(value)) == value
    assert dumps({"a": Decimal("4E+4"), "b": []}) == '{\n "a": 40000,\n "b": []\n}\n'


def test_frames_have_types_that_know_an_empty_place(record: Record) -> None:
    table = frame(type(record.targets[0]), record.targets)
    assert list(table.columns) == [column.name for column in columns(type(record.targets[0]))]
    assert table["value"].sum() == 350000022
    assert table["year_end"].tolist() == [2026, 2026, 2026, 2026, 2025]
    assert table["part_of"].isna().sum() == 4
    assert frame(SectionRow, []).empty


def test_organisations_of_several_documents_are_one_register(lexicon: Lexicon, tmp_path: Path) -> None:
    first, second = (
        resolve(handmade.text(path, path.encode()), handmade.outline(), handmade.findings(), lexicon)
        for path in ("a.txt", "b.txt")
    )
    other = dataclasses.replace(second.organisations[0], aliases="交通局")
    second = dataclasses.replace(second, organisations=(other, *second.organisations[1:]))
    write_dataset([first, second], tmp_path / "out")
    rows = {row["organisation_id"]: row for row in read(tmp_path / "out" / "organisations.csv")}
    assert len(rows) == len(first.organisations)
    assert rows[other.organisation_id]["mention_count"] == str(2 * other.mention_count)
    assert "交通局" in rows[other.organisation_id]["aliases"].split(";")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_former_output_is_replaced_as_a_whole(written: Path, record: Record) -> None:
    write_dataset([UNREADABLE], written)
    assert not list((written / "text").iterdir())
    assert read(written / "documents.csv") == []
    assert [path.name for path in written.parent.iterdir()] == ["structured"]


@pytest.mark.parametrize("foreign", ["notes.xlsx", "targets.parquet"])
def test_a_folder_with_anything_else_is_refused(written: Path, record: Record, foreign: str) -> None:
    (written / foreign).write_bytes(b"mine")
    before = contents(written)
    with pytest.raises(FolderError, match=f"also holds {foreign}, which replacing it would delete"):
        write_dataset([record], written)
    assert contents(written) == before


def test_a_folder_that_is_no_output_is_refused(tmp_path: Path, record: Record) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(FolderError, match=r"holds files but no datapackage\.json"):
        write_dataset([record], tmp_path)
    with pytest.raises(FolderError, match="is a file"):
        write_dataset([record], tmp_path / "thesis.txt")
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "years of work"


def test_an_empty_folder_may_hold_litter(tmp_path: Path, record: Record) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".DS_Store").write_bytes(b"")
    write_dataset([record], tmp_path / "out")
    assert (tmp_path / "out" / "targets.csv").exists()


def test_a_failure_leaves_the_former_output_and_no_litter(written: Path, record: Record) -> None:
    before = contents(written)

    def fails() -> Iterator[Record]:
        yield record
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_dataset(fails(), written)
    assert contents(written) == before
    assert [path.name for path in written.parent.iterdir()] == ["structured"]


KILLED = """
    import sys, time
    sys.path.insert(0, {tests!r})
    import handmade
    from pathlib import Path
    from pipeline.lexicon import load_lexicon
    from pipeline.resolve import resolve
    from pipeline.write import write_dataset

    def slow():
        yield resolve(handmade.text(data=b"other"), handmade.outline(), handmade.findings(), load_lexicon())
        print("writing", flush=True)
        time.sleep(60)

    write_dataset(slow(), Path({folder!r}))
"""


def test_a_killed_run_leaves_the_former_output(written: Path, record: Record) -> None:
    before = contents(written)
    code = textwrap.dedent(KILLED.format(tests=str(Path(__file__).parent), folder=str(written)))
    root = Path(__file__).parents[1]
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=root, text=True) as child:
        assert child.stdout is not None and child.stdout.readline() == "writing\n"
        child.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
        child.wait(timeout=30)
    assert contents(written) == before
    assert len(list(written.parent.iterdir())) == 2, "the unfinished folder lies beside it"
    write_dataset([record], written)
    assert [path.name for path in written.parent.iterdir()] == ["structured"]


def test_a_run_killed_during_the_swap_is_put_right(written: Path, record: Record) -> None:
    before = contents(written)
    written.rename(written.parent / ".structured.old-123")
    with pytest.raises(RuntimeError):
        write_dataset(failing_at_once(), written)
    assert contents(written) == before


def failing_at_once() -> Iterator[Record]:
    raise RuntimeError
    yield


def test_a_full_swap_rolls_back(written: Path, record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(written)
    rename = Path.rename

    def refuses(self: Path, target: Path) -> Path:
        if ".new-" in self.name and not str(target).endswith(".gone"):
            raise PermissionError(13, "Access is denied")
        return rename(self, target)

    monkeypatch.setattr(folders, "_exchanged", lambda *_: False)
    monkeypatch.setattr(Path, "rename", refuses)
    with pytest.raises(FolderError, match="cannot be replaced: Access is denied"):
        write_dataset([record], written)
    assert contents(written) == before


@pytest.mark.parametrize("exchanges", [True, False])
def test_replaced_in_one_step_or_in_two(
    written: Path, record: Record, monkeypatch: pytest.MonkeyPatch, exchanges: bool
) -> None:
    rename, moved = Path.rename, []

    def told(self: Path, target: Path) -> Path:
        moved.append(self)
        return rename(self, target)

    if not exchanges:
        monkeypatch.setattr(folders, "_exchanged", lambda *_: False)
    elif not folders._exchanged(written, written):
        pytest.skip("this file system cannot exchange folders")
    monkeypatch.setattr(Path, "rename", told)
    write_dataset([UNREADABLE], written)
    assert (written / "documents.csv").read_text(encoding="utf-8").count("\n") == 1
    assert [path.name for path in written.parent.iterdir()] == ["structured"]
    # In one step there is no moment without an output.
    assert (written in moved) is not exchanges


def test_what_a_run_left_that_was_killed_after_the_exchange_is_removed(written: Path, record: Record) -> None:
    before = contents(written)
    # The former output stands where the new one was written.
    shutil.copytree(written, written.parent / ".structured.new-123")
    with pytest.raises(RuntimeError):
        write_dataset(failing_at_once(), written)
    assert contents(written) == before
    assert [path.name for path in written.parent.iterdir()] == ["structured"]


def test_the_same_records_give_the_same_bytes(written: Path, record: Record, tmp_path: Path) -> None:
    write_dataset([record, UNREADABLE], tmp_path / "again")
    assert contents(tmp_path / "again") == contents(written)
