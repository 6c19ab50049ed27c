"""Run: each file fails alone, the order of files and the machine do not matter, nothing is lost without a row."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import pipeline
from pipeline import run
from pipeline.find import find_files, printable
from pipeline.run import parse_folder
from pipeline.update import Done, NothingToReadError, run_folders
from pipeline.write import FolderError

ROOT = Path(__file__).parents[1]
PLAN = """云州市人民政府办公室关于印发云州市智慧港口行动计划的通知
云政办发〔2024〕7号
各区县人民政府，市有关部门：
《云州市智慧港口行动计划（2024—2026年）》已经市政府同意，现印发给你们，请认真贯彻执行。
云州市人民政府办公室
2024年3月1日
云州市智慧港口行动计划
（2024—2026年）
一、主要目标
到2026年，自动化泊位达到12个，港口吞吐量突破3.5亿吨。
二、重点任务
（一）建设智慧码头。推进设备更新，每年改造岸桥4台以上。（责任单位：市交通局、市发改委）
（二）培育港航企业。到2025年，新增高新技术企业20家。（责任单位：市科技局）
"""


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    (folder / "港口").mkdir(parents=True)
    (folder / "港口" / "计划.txt").write_text(PLAN, encoding="utf-8")
    (folder / "b.txt").write_text(PLAN.replace("2024", "2025"), encoding="utf-8")
    return folder


def outcomes(dataset: run.Dataset) -> dict[str, str]:
    """Give every source with its id or its code."""
    found = {row.document.source: "read" for row in dataset.records}
    return found | {row.source: row.code for row in dataset.problems}


def test_parse_takes_a_path_or_bytes(raw: Path) -> None:
    path = raw / "港口" / "计划.txt"
    by_path, by_bytes = pipeline.parse(path), pipeline.parse(path.read_bytes(), name="港口/计划.txt")
    assert by_path.document.source == "计划.txt"
    assert by_bytes.document.source == "港口/计划.txt"
    assert by_path.targets == by_bytes.targets
    assert by_path.document.doc_number == "云政办发〔2024〕7号"


def test_the_front_door_opens_what_it_names() -> None:
    assert all(getattr(pipeline, name) is not None for name in pipeline.__all__)
    with pytest.raises(AttributeError, match="no attribute 'parse_all'"):
        _ = pipeline.parse_all


def test_the_stages_meet_in_one_record(raw: Path) -> None:
    record = pipeline.parse(raw / "港口" / "计划.txt")
    assert {(row.indicator, str(row.value), row.unit) for row in record.targets} >= {
        ("自动化泊位", "12", "个"), ("高新技术企业", "20", "家"),
    }  # fmt: skip
    assert {row.organisation for row in record.responsibilities} == {"市交通局", "市发改委", "市科技局"}
    assert "".join(row.text for row in record.sections) == record.text


def test_frames_have_every_table(raw: Path) -> None:
    frames = parse_folder(raw).frames()
    assert len(frames["documents"]) == 2
    assert frames["targets"]["document_id"].nunique() == 2
    assert frames["organisations"]["organisation_id"].is_unique
    single = pipeline.to_frames(pipeline.parse(raw / "b.txt"))
    assert set(single) == set(frames)


def test_sources_are_paths_below_the_root_in_order(raw: Path) -> None:
    assert [found.source for found in find_files([raw])] == ["b.txt", "港口/计划.txt"]
    assert [found.source for found in find_files([raw / "b.txt"])] == ["b.txt"]


def test_hidden_files_and_lock_files_are_left_out(raw: Path) -> None:
    for name in (".git", "~$计划.docx", "Thumbs.db", ".~lock.计划.odt#"):
        (raw / name).write_bytes(b"x")
    (raw / ".cache").mkdir()
    (raw / ".cache" / "c.txt").write_text(PLAN, encoding="utf-8")
    assert len(find_files([raw])) == 2


def test_two_roots_with_one_name_are_told_apart(tmp_path: Path, raw: Path) -> None:
    more = tmp_path / "more"
    more.mkdir()
    (more / "b.txt").write_text("二", encoding="utf-8")
    (more / "c.txt").write_text("三", encoding="utf-8")
    assert [found.source for found in find_files([raw, more])] == ["c.txt", "more/b.txt", "raw/b.txt", "港口/计划.txt"]
    assert [found.source for found in find_files([more, raw])] == ["c.txt", "more/b.txt", "raw/b.txt", "港口/计划.txt"]


def test_two_roots_of_one_name_get_a_count(tmp_path: Path) -> None:
    for parent in ("x", "y"):
        (tmp_path / parent / "raw").mkdir(parents=True)
        (tmp_path / parent / "raw" / "a.txt").write_text(parent, encoding="utf-8")
    roots = [tmp_path / "x" / "raw", tmp_path / "y" / "raw"]
    assert [found.source for found in find_files(roots)] == ["raw-2/a.txt", "raw/a.txt"]


def test_a_file_that_two_roots_reach_comes_once(raw: Path) -> None:
    found = find_files([raw, raw / "港口", raw])
    assert [file.source for file in found] == ["b.txt", "港口/计划.txt"]


def test_a_loop_of_links_ends(raw: Path) -> None:
    try:
        (raw / "loop").symlink_to(raw, target_is_directory=True)
    except OSError:
        pytest.skip("this system does not let us make links")
    assert len(find_files([raw])) == 2


def test_a_name_that_is_no_utf8_can_be_written() -> None:
    assert printable("a\udcff.txt") == "a\\udcff.txt"


def test_each_file_fails_alone(raw: Path) -> None:
    (raw / "empty.txt").write_bytes(b"")
    (raw / "picture.txt").write_bytes(bytes(range(256)) * 64)
    dataset = parse_folder(raw)
    found = outcomes(dataset)
    assert found["b.txt"] == found["港口/计划.txt"] == "read"
    assert set(found) == {"b.txt", "港口/计划.txt", "empty.txt", "picture.txt"}
    assert len(dataset.records) == 2
    for row in dataset.problems:
        assert (row.severity, row.document_id) == ("error", None)
        assert row.message


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_a_row(raw: Path) -> None:
    (raw / "b.txt").chmod(0)
    assert outcomes(parse_folder(raw)) == {"b.txt": "permission_denied", "港口/计划.txt": "read"}


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (FileNotFoundError(2, "gone"), "file_vanished"),
        (PermissionError(13, "no"), "permission_denied"),
        (OSError(5, "Input/output error"), "unreadable"),
    ],
)
def test_a_file_that_cannot_be_opened_is_a_row(
    raw: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, code: str
) -> None:
    read_bytes = Path.read_bytes

    def fails(self: Path) -> bytes:
        if self.name == "b.txt":
            raise error
        return read_bytes(self)

    monkeypatch.setattr(Path, "read_bytes", fails)
    assert outcomes(parse_folder(raw)) == {"b.txt": code, "港口/计划.txt": "read"}


def test_a_fault_of_the_program_is_a_row_and_names_the_stage(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.segment import segment

    def fails(text: object, lexicon: object) -> object:
        if text.source.path == "b.txt":  # type: ignore[attr-defined]
            raise KeyError("章")
        return segment(text, lexicon)  # type: ignore[arg-type]

    monkeypatch.setattr(run, "segment", fails)
    (row,) = parse_folder(raw).problems
    assert (row.source, row.code, row.severity) == ("b.txt", "internal_error", "error")
    assert row.message.startswith("A fault of this program, not of the file: KeyError in stage run")


def test_same_bytes_twice_give_two_documents_and_a_note(raw: Path, tmp_path: Path) -> None:
    (raw / "copy.txt").write_bytes((raw / "b.txt").read_bytes())
    first, second, _ = parse_folder(raw).records
    assert second.document.document_id == first.document.document_id + "-2"
    (note,) = [row for row in second.problems if row.code == "duplicate_file"]
    assert note.message.startswith("The file has the same bytes as b.txt.")
    assert not [row for row in first.problems if row.code == "duplicate_file"]
    parse_folder(raw).write(tmp_path / "out")
    assert len(list((tmp_path / "out" / "json").iterdir())) == 3


def test_dataset_and_run_write_the_same(raw: Path, tmp_path: Path) -> None:
    (raw / "empty.txt").write_bytes(b"")
    parse_folder(raw).write(tmp_path / "a")
    counts = run_folders([raw], tmp_path / "b")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert (counts.rows["documents"], counts.severities["error"]) == (2, 1)


def test_progress_is_told_for_every_file(raw: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int, bool]] = []

    def watch(done: int, total: int, one: Done) -> None:
        told.append((done, total, not one.code))

    run_folders([raw], tmp_path / "out", watch=watch)
    assert told == [(1, 2, True), (2, 2, True)]


def test_the_output_below_an_input_is_not_read(raw: Path) -> None:
    for _ in range(2):
        assert run_folders([raw], raw / "structured").rows["documents"] == 2


def test_an_input_inside_the_output_is_refused(raw: Path, tmp_path: Path) -> None:
    run_folders([raw], tmp_path / "out")
    inside = tmp_path / "out" / "text"
    before = contents(tmp_path / "out")
    with pytest.raises(FolderError, match="lies in the output folder"):
        run_folders([inside], tmp_path / "out")
    assert contents(tmp_path / "out") == before


def test_nothing_to_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    with pytest.raises(NothingToReadError, match="No file to read below"):
        run_folders([tmp_path / "raw"], tmp_path / "out")
    with pytest.raises(FileNotFoundError, match="is not there"):
        run_folders([tmp_path / "other"], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_two_runs_are_alike_to_the_byte(raw: Path, tmp_path: Path) -> None:
    """Neither the hash seed, nor the time zone, nor the locale, nor the order of files on the disk matters."""
    moved = tmp_path / "moved" / "raw"
    (moved / "港口").mkdir(parents=True)
    for path in sorted(raw.rglob("*.txt"), reverse=True):
        (moved / path.relative_to(raw)).write_bytes(path.read_bytes())
    for name, folder, seed, zone in (("a", raw, "1", "Asia/Shanghai"), ("b", moved, "2", "America/New_York")):
        environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"}
        command = [sys.executable, "-m", "pipeline", "run", str(folder), "-o", str(tmp_path / name)]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
