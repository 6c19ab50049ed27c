"""Who has how much to do: the tidy table, what the command prints of it, and the names that nobody knows."""

from __future__ import annotations

import csv
import pathlib
from collections import defaultdict

import pytest

import pipeline
from pipeline.cli import main
from pipeline.lexicon import Lexicon, load_lexicon
from pipeline.stored import NoDatasetError
from pipeline.workload import proposed, read_work

RAW = pathlib.Path(__file__).parents[1] / "raw"
ZONE = RAW / "task-division-of-a-zone.txt"


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    out = tmp_path_factory.mktemp("workload") / "tables"
    pipeline.parse_folder(RAW).write(out)
    return out


def rows(folder: pathlib.Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_workload_counts_what_the_other_tables_hold(folder: pathlib.Path) -> None:
    tasks = {row["task_id"] for row in rows(folder, "tasks")}
    targets: dict[str, int] = defaultdict(int)
    for row in rows(folder, "targets"):
        targets[row["section_id"]] += 1
    named: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in rows(folder, "responsibilities"):
        named[row["organisation_id"], row["document_id"], row["role"]].add(row["section_id"])
    found = {
        (row["organisation_id"], row["document_id"], row["role"]): row
        for row in rows(folder, "workload")
        if not row["via"]
    }
    assert found.keys() == named.keys() and found
    for key, sections in named.items():
        row = found[key]
        assert int(row["sections"]) == len(sections)
        assert int(row["tasks"]) == len(sections & tasks)
        assert int(row["targets"]) == sum(targets[section] for section in sections)


def test_members_are_those_that_the_document_lists(folder: pathlib.Path) -> None:
    found = rows(folder, "members")
    assert [(row["organisation"], row["member"]) for row in found] == [
        ("各板块", "望江街道"),
        ("各板块", "石塘街道"),
        ("各板块", "综合保税区"),
    ]
    assert {row["quote"] for row in found} == {"各板块（望江街道、石塘街道、综合保税区）"}
    register = {row["organisation_id"]: row for row in rows(folder, "organisations")}
    assert all(register[row["member_id"]]["mention_count"] == "0" for row in found)
    via = [row for row in rows(folder, "workload") if row["via"]]
    assert {row["via"] for row in via} == {row["organisation_id"] for row in found}
    whole = {row["role"]: row["tasks"] for row in rows(folder, "workload") if row["organisation_id"] == via[0]["via"]}
    assert all(row["tasks"] == whole[row["role"]] for row in via)


def test_expanding_puts_members_for_the_collective_name(folder: pathlib.Path) -> None:
    plain = {work.name for work in read_work(folder, place="岚浦")}
    opened = {work.name for work in read_work(folder, place="岚浦", expand=True)}
    assert "各板块" in plain and "望江街道办事处" not in plain
    assert "各板块" not in opened
    members = {work.name for work in read_work(folder, expand=True)}
    assert {"望江街道办事处", "石塘街道办事处"} <= members


def test_two_names_that_the_document_sets_equal_are_one_body() -> None:
    record = pipeline.parse(ZONE)
    ids = {
        row.organisation_id for row in record.responsibilities if row.organisation in ("区数据局", "区政务服务和数据局")
    }
    assert len(ids) == 1


def test_deadline_of_a_note_stands_beside_its_bodies() -> None:
    record = pipeline.parse(ZONE)
    due = {(row.organisation, row.due_on) for row in record.responsibilities if row.basis == "note"}
    assert {("行政审批局", "2025-06"), ("税务局", "2025-06"), ("区数据局", "2025-09")} <= due
    assert ("信访局", None) in due
    assert all(row.due_on is None for row in record.responsibilities if row.inherited or row.basis == "prose")


def test_functions_compare_bodies_of_all_places(folder: pathlib.Path) -> None:
    by_function = {work.name: work for work in read_work(folder, by_function=True)}
    finance = read_work(folder, functions=["财政"])
    assert len(finance) > 2 and all("财政" in work.name for work in finance)
    assert by_function["财政"].tasks["responsible"] == sum(work.tasks["responsible"] for work in finance)
    assert read_work(folder, place="没有的地方") == []


def test_command_prints_the_table(folder: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["organisations", str(folder), "--place", "岚浦", "--limit", "3"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["organisation", "place", "docs", "lead", "resp.", "part."]
    assert lines[-2].startswith("… and ") and lines[-1].startswith("tasks/targets in each role")
    assert len(lines) == 6
    assert main(["organisations", str(folder), "--by", "function", "--limit", "2"]) == 0
    assert capsys.readouterr().out.startswith("function")


def test_command_lists_names_that_nobody_knows(folder: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["organisations", str(folder), "--unresolved"]) == 0
    out = capsys.readouterr().out
    assert "mentions have one" in out.splitlines()[0]
    unknown = [row for row in rows(folder, "organisations") if not row["function"]]
    for row in unknown:
        assert row["name"] in out or row["aliases"].split(";")[0] in out
    assert ",茶产业,茶产业,中心,government,," in out


def test_folder_without_tables_is_told(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NoDatasetError):
        read_work(tmp_path)
    assert main(["organisations", str(tmp_path)]) == 2
    assert capsys.readouterr().err == (
        f"zhengce: {tmp_path} holds no workload.csv. Give the output folder of `zhengce run`.\n"
    )


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("市留交办", "?,留交,留交,办,government,,"),
        ("区成套管理办公室", "?,成套管理,成套管理,办,government,,"),
        ("市委甲乙办", "?,甲乙,甲乙,办,party,,"),
        ("市新国联", "?,新国联,新国联,,other,,"),
    ],
)
def test_proposed_line_parts_a_name(name: str, line: str, lexicon: Lexicon) -> None:
    assert proposed(name, lexicon) == line


def test_member_of_two_collective_names_has_a_task_once() -> None:
    words = (
        "云州市节水行动方案\n各板块（望江街道、石塘街道）和各园区（望江街道、东岭高新区）参加。\n一、重点任务\n"
        "1.建站。新建站点3个。（责任单位：各板块，各园区）\n"
    )
    record = pipeline.parse(words.encode(), name="a.txt")
    shared = next(row.member_id for row in record.members if row.member == "望江街道")
    assert {row.organisation for row in record.members if row.member_id == shared} == {"各板块", "各园区"}
    assert sum(row.tasks for row in record.workload if row.organisation_id == shared) == 1
    once = next(row.member_id for row in record.members if row.member == "东岭高新区")
    assert [row.tasks for row in record.workload if row.organisation_id == once] == [1]
