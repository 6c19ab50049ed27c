"""The commands that compare: what they print and write, and what they say when they cannot."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

import pipeline
from pipeline.cli import main
from pipeline.terminal import width

ROOT = Path(__file__).parents[1]
OLD, NEW = ROOT / "raw" / "versions" / "school-plan-2021.txt", ROOT / "raw" / "versions" / "school-plan-2024.txt"
STRUCTURED = ROOT / "structured"
COLUMNS = (
    "change_id,element,change,also,a_document_id,b_document_id,a_id,b_id,a_quote,b_quote,before,after,fields,"
    "comparable,score,reason,doubtful"
)


def test_diff_prints_what_changed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", str(OLD), str(NEW)]) == 0
    said = capsys.readouterr().out
    assert "B is the successor of A: plans for 2021–2023 and 2024–2026" in said
    assert "学前三年毛入园率  92 % → 95 %, 2023 → 2026: raised" in said
    assert all(width(line) <= 80 for line in said.splitlines())


def test_a_plan_against_itself_says_no_change(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", str(OLD), str(OLD)]) == 0
    assert "no change" in capsys.readouterr().out
    assert pipeline.diff(OLD, OLD).differences == ()


def test_diff_writes_table_tree_and_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "new" / "changes"
    assert main(["diff", str(OLD), str(NEW), "-o", str(out)]) == 0
    assert capsys.readouterr().out.rstrip().endswith("changes.html")
    text = (out / "changes.csv").read_bytes().decode("utf-8")
    assert text.startswith(COLUMNS + "\n")
    assert "\r" not in text
    rows = list(csv.DictReader(text.splitlines()))
    tree = json.loads((out / "changes.json").read_text(encoding="utf-8"))
    assert [row["change_id"] for row in rows] == [row["change_id"] for row in tree["changes"]]
    assert all(json.loads(row["fields"]) == entry["fields"] for row, entry in zip(rows, tree["changes"], strict=True))
    assert [document["source"] for document in (*tree["a"], *tree["b"])] == [OLD.name, NEW.name]
    assert [relation["kind"] for relation in tree["relations"]] == ["successor"]
    assert (out / "changes.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    assert main(["diff", str(OLD), str(NEW), "-o", str(out)]) == 0
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first


def test_documents_of_an_output_folder_are_compared_by_source_and_id(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", str(OLD), str(NEW)]) == 0
    from_files = capsys.readouterr().out
    assert main(["diff", "--in", str(STRUCTURED), "versions/school-plan-2021.txt", "school-plan-2024.txt"]) == 0
    from_tables = capsys.readouterr().out
    # The names of the files have their folder before them; where lines break behind it differs.
    assert "".join(from_tables.replace("versions/", "").split()) == "".join(from_files.split())


def test_one_plan_of_a_document_can_be_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    bundle = next((ROOT / "raw").glob("web-page-three-plans*"))
    comparison = pipeline.diff(f"{bundle}#2", f"{bundle}#2")
    assert len(comparison.a[0].plans) == 1
    assert {row.b_id for row in comparison.changes if row.element == "plan"} == {comparison.a[0].plans[0].plan_id}
    assert main(["diff", f"{bundle}#9", str(OLD)]) == 2
    assert "has no plan #9. It has: #1 " in capsys.readouterr().err


def test_folders_are_compared_document_by_document() -> None:
    comparison = pipeline.diff(OLD.parent, STRUCTURED)
    paired = {
        (row.a_document_id, row.b_document_id) for row in comparison.changes if row.element == "plan" and row.a_id
    }
    assert {a == b for a, b in paired} == {True}
    assert len(paired) == 2
    touched = [row for row in comparison.differences if row.a_id]
    assert not touched


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["missing.txt", str(OLD)], "missing.txt is not there. Give a file or a folder, or name"),
        (["--in", str(STRUCTURED), "missing.txt", "also.txt"], "holds no document missing.txt. Give an id or a source"),
        (["--in", str(OLD.parent), "a", "b"], "holds no documents.csv. Give the output folder of `zhengce run`."),
    ],
)
def test_diff_says_what_it_cannot_find(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", *arguments]) == 2
    said = capsys.readouterr()
    assert words in said.err
    assert said.out == ""


def test_a_side_that_cannot_be_read_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    assert main(["diff", str(tmp_path / "empty.txt"), str(OLD)]) == 1
    assert "empty" in capsys.readouterr().err
    (tmp_path / "folder").mkdir()
    assert main(["diff", str(tmp_path / "folder"), str(OLD)]) == 2
    assert "holds no document that can be read." in capsys.readouterr().err


def test_an_output_that_is_a_file_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    assert main(["diff", str(OLD), str(NEW), "-o", str(tmp_path / "taken")]) == 2
    assert "Choose another place to write to." in capsys.readouterr().err


def test_track_writes_points_and_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("track.csv", "track.json", "track.html"):
        assert main(["track", str(STRUCTURED), "学前三年毛入园率", "-o", str(tmp_path / name)]) == 0
        assert (tmp_path / name).is_file()
    said = capsys.readouterr().out
    assert "92 % by 2023 → 95 % by 2026" in said
    assert all(width(line) <= 80 for line in said.splitlines() if not line.startswith("written: "))
    rows = list(csv.DictReader((tmp_path / "track.csv").read_text(encoding="utf-8").splitlines()))
    own = [row for row in rows if row["related"] == "false"]
    assert {(row["year"], row["value"]) for row in own} == {("2023", "92"), ("2026", "95")}
    assert main(["track", str(STRUCTURED), "学前三年毛入园率", "-o", str(tmp_path / "track.pdf")]) == 2
    assert "should end in .csv, .json or .html" in capsys.readouterr().err


def test_duplicates_and_consistency_write_their_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["duplicates", str(STRUCTURED), "-o", str(tmp_path / "duplicates.csv")]) == 0
    rows = list(csv.DictReader((tmp_path / "duplicates.csv").read_text(encoding="utf-8").splitlines()))
    better = {row["source"]: row["better"] for row in rows if row["relation"] != "version"}
    assert better == {"notice-with-one-plan.txt": "true", "noisy-copy.txt": "false"}
    assert main(["consistency", str(STRUCTURED), "-o", str(tmp_path / "sums.csv")]) == 0
    assert (tmp_path / "sums.csv").read_text(encoding="utf-8").count("\n") > 1
    assert all(width(line) <= 80 for line in capsys.readouterr().out.splitlines() if not line.startswith("written: "))


@pytest.mark.parametrize("command", ["track", "duplicates", "consistency"])
def test_a_folder_without_tables_is_said(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more = ["高新技术企业"] if command == "track" else []
    assert main([command, str(tmp_path), *more]) == 2
    assert "Give the output folder of `zhengce run`." in capsys.readouterr().err
