"""Check: a good folder passes, and every kind of damage is found with its file and line."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from test_run import PLAN

from pipeline.check import check_dataset
from pipeline.check.shapes import wrong_shape
from pipeline.model import TABLES
from pipeline.update import run_folders
from pipeline.write import schema


@pytest.fixture
def structured(tmp_path: Path) -> Path:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "计划.txt").write_text(PLAN, encoding="utf-8")
    run_folders([tmp_path / "raw"], tmp_path / "structured")
    return tmp_path / "structured"


def faults(folder: Path) -> list[str]:
    """Give the faults, without those that the digests of the descriptor find after every change."""
    return [str(fault) for fault in check_dataset(folder) if "was changed after it was written" not in fault.message]


def edit(path: Path, change: Callable[[str], str]) -> None:
    before = path.read_text(encoding="utf-8")
    after = change(before)
    assert after != before
    path.write_text(after, encoding="utf-8", newline="\n")


def test_a_fresh_output_keeps_the_contract(structured: Path) -> None:
    assert check_dataset(structured, [structured.parent / "raw"]) == []


def test_a_change_after_writing_is_seen(structured: Path) -> None:
    edit(structured / "plans.csv", lambda text: text + "\n")
    assert [str(fault) for fault in check_dataset(structured)] == [
        "plans.csv:3: 0 cells, should be 6",
        "plans.csv: was changed after it was written: size or digest are not those of datapackage.json",
    ]


@pytest.mark.parametrize("row", TABLES, ids=lambda row: row.table)
def test_a_missing_table_is_seen(structured: Path, row: Any) -> None:
    (structured / f"{row.table}.csv").unlink()
    assert f"{row.table}.csv: the file is missing" in faults(structured)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("targets.csv", "indicator_id,value", "indicator_id,worth", "targets.csv:1: the columns are target_id,"),
        ("targets.csv", ",12,", ",zwölf,", "targets.csv:2: value: 'zwölf' is not a plain number"),
        ("targets.csv", ",12,", ",1.20E1,", "targets.csv:2: value: '1.20E1' is not a plain number"),
        ("targets.csv", ",level,", ",levl,", "kind: 'levl' is none of level, increase"),
        ("targets.csv", "12个,到", "13个,到", "targets.csv:2: quote: is '13个', the text has '12个'"),
        ("documents.csv", "2024-03-01", "2024-3-1", "issued_on: '2024-3-1' is no date"),
        ("documents.csv", ",hans,", ",,", "documents.csv:2: script: is empty"),
        ("plans.csv", ",2026", ",2026.0", "plans.csv:2: period_end: '2026.0' is not an integer"),
        ("responsibilities.csv", ",false,", ",no,", "inherited: 'no' is not true or false"),
        ("sections.csv", "-p1-s0,", "-p0-s1,", "section_id: "),
        ("numbers.csv", "date", "dat", "class: 'dat' is none of target, baseline"),
    ],
)
def test_damage_to_a_cell_is_seen(structured: Path, file: str, old: str, new: str, said: str) -> None:
    edit(structured / file, lambda text: text.replace(old, new, 1))
    assert any(said in fault for fault in faults(structured)), faults(structured)


def drop_line(number: int) -> Callable[[str], str]:
    return lambda text: "".join(line for index, line in enumerate(text.splitlines(True)) if index != number)


def test_a_number_that_the_ledger_lacks_is_seen(structured: Path) -> None:
    edit(structured / "numbers.csv", drop_line(1))
    assert any("stands 0 times in numbers.csv, should be 1" in fault for fault in faults(structured))


def test_a_lost_section_is_seen(structured: Path) -> None:
    lines = (structured / "sections.csv").read_text(encoding="utf-8").count("\n")
    assert lines > 5
    edit(structured / "sections.csv", lambda text: text[: text.rindex("\nd")] + "\n")
    assert any("end at" in fault for fault in faults(structured))


def test_a_dangling_link_and_a_double_key_are_seen(structured: Path) -> None:
    edit(structured / "organisations.csv", drop_line(1))
    assert any("organisation_id: " in fault and "is not in organisations.csv" in fault for fault in faults(structured))
    edit(structured / "plans.csv", lambda text: text + text.splitlines(True)[1])
    assert any("stands 2 times" in fault for fault in faults(structured))


def test_a_changed_text_is_seen(structured: Path) -> None:
    (path,) = (structured / "text").iterdir()
    edit(path, lambda text: "再" + text)
    found = faults(structured)
    assert any(fault.startswith("documents.csv:2: characters: ") for fault in found)
    path.unlink()
    assert f"text/{path.name}: the file is missing" in faults(structured)


def test_byte_order_mark_and_other_encodings_are_seen(structured: Path) -> None:
    path = structured / "plans.csv"
    data = path.read_bytes()
    path.write_bytes(b"\xef\xbb\xbf" + data)
    assert "plans.csv:1: opens with a byte order mark" in faults(structured)
    path.write_bytes(data.decode("utf-8").encode("gb18030"))
    assert any(fault.startswith("plans.csv: is not UTF-8") for fault in faults(structured))


def test_damage_to_json_is_seen(structured: Path) -> None:
    (path,) = (structured / "json").iterdir()
    good = path.read_text(encoding="utf-8")
    path.write_text(good.replace('"kind": "level"', '"kind": "levl"', 1), encoding="utf-8")
    assert any("kind: 'levl' is none of the listed values" in fault for fault in faults(structured))
    path.write_text(good[:-10], encoding="utf-8")
    assert any("is no JSON" in fault for fault in faults(structured))
    path.write_text(good, encoding="utf-8")
    (structured / "json" / "dstray.json").write_text("{}", encoding="utf-8")
    assert faults(structured) == ["json/dstray.json: belongs to no row of documents.csv"]
    (structured / "schema.json").write_text("{}", encoding="utf-8")
    assert any(fault.startswith("schema.json: is not the schema of this version") for fault in faults(structured))


def test_the_raw_files_are_compared(structured: Path) -> None:
    raw = structured.parent / "raw" / "计划.txt"
    edit(structured / "targets.csv", lambda text: text.replace(",12个,0.", ",14个,0.", 1))
    found = [str(fault) for fault in check_dataset(structured, [raw.parent])]
    assert "targets.csv:2: source_quote: '14个' is not in 计划.txt" in found
    edit(raw, lambda text: text + "完")
    found = [str(fault) for fault in check_dataset(structured, [raw.parent])]
    assert "documents.csv:2: sha256: 计划.txt was changed after it was read" in found
    raw.rename(raw.with_name("别.txt"))
    found = [str(fault) for fault in check_dataset(structured, [raw.parent])]
    assert "documents.csv:2: source: 计划.txt is not among the raw files" in found


def test_shapes_agree_with_the_validator_of_the_standard(structured: Path) -> None:
    """Ours needs no package; on a valid document and on every one-place damage of it the two say the same."""
    jsonschema = pytest.importorskip("jsonschema")
    shape = schema()
    judge = jsonschema.Draft202012Validator(shape)
    (path,) = (structured / "json").iterdir()
    good = json.loads(path.read_text(encoding="utf-8"))
    assert not list(wrong_shape(good, shape)) and judge.is_valid(good)
    places = [(), ("plans", 0), ("plans", 0, "sections", 1), ("plans", 0, "sections", 1, "targets", 0), ("problems",)]
    values: list[Any] = [None, True, 3, "x", [], {}, [{}]]
    for place in places:
        for value in values:
            for name in list(_at(good, place))[:6] if isinstance(_at(good, place), dict) else [0]:
                bad = copy.deepcopy(good)
                holder = _at(bad, place)
                if isinstance(holder, list):
                    holder.insert(0, value)
                else:
                    holder[name] = value
                assert bool(list(wrong_shape(bad, shape))) != judge.is_valid(bad), (place, name, value)


def _at(value: Any, place: tuple[str | int, ...]) -> Any:
    for step in place:
        value = value[step]
    return value
