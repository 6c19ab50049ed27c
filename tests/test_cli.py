"""The command line: exit codes, what a person reads, lines that fit."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_run import PLAN

import pipeline
from pipeline.cli import main
from pipeline.lexicon import LexiconError
from pipeline.terminal import Progress, cut, width, wrapped

ROOT = Path(__file__).parents[1]


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "计划.txt").write_text(PLAN, encoding="utf-8")
    return folder


def test_run_tells_what_it_wrote(raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(raw), "-o", str(tmp_path / "out")]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("1 documents, 1 plans, 2 tasks, ")
    assert f"→ {tmp_path / 'out'}\nproblems: 0 errors, " in said.out
    assert said.err == "[1/1] 计划.txt\n"
    assert main(["check", str(tmp_path / "out"), "--raw", str(raw)]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'out'}: the contract is kept\n"


def test_run_with_a_bad_file_writes_the_rest(raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (raw / "empty.txt").write_bytes(b"")
    assert main(["run", str(raw), "-o", str(tmp_path / "out")]) == 1
    said = capsys.readouterr()
    assert said.out.startswith("1 documents, ")
    assert "\nempty.txt: " in said.err


def test_a_run_without_one_readable_file_keeps_the_former_output(
    raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["run", str(raw), "-o", str(out)]) == 0
    former = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "empty.txt").write_bytes(b"")
    capsys.readouterr()
    assert main(["run", str(bad), "-o", str(out)]) == 2
    said = capsys.readouterr().err
    assert "empty.txt: empty_file: " in said
    assert "the former output in" in said
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == former
    # Where there is nothing to lose, the problems are the output.
    assert main(["run", str(bad), "-o", str(tmp_path / "other")]) == 1
    assert "empty_file" in (tmp_path / "other" / "problems.csv").read_text(encoding="utf-8")


def test_wrong_use_is_said(raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(tmp_path / "none"), "-o", str(tmp_path / "out")]) == 2
    assert main(["run", str(raw), "-o", str(raw)]) == 2
    assert main(["show", str(tmp_path / "none.txt")]) == 2
    assert main(["check", str(tmp_path / "none")]) == 2
    said = capsys.readouterr().err.splitlines()
    assert said[0] == f"zhengce: {tmp_path / 'none'} is not there."
    assert said[1].startswith(f"zhengce: {raw} lies in the output folder {raw}, which is replaced as a whole.")
    assert said[2] == f"zhengce: {tmp_path / 'none.txt'} is not there."
    with pytest.raises(SystemExit) as exit_code:
        main(["run", str(raw)])
    assert exit_code.value.code == 2


def test_faults_of_the_lexicon_have_a_code(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails() -> None:
        raise LexiconError("The lexicon has faults; mend these lines:\npipeline/lexicon/roles.csv:3: stray space")

    monkeypatch.setattr("pipeline.lexicon.load_lexicon", fails)
    assert main(["run", str(raw), "-o", str(tmp_path / "out")]) == 3
    assert "roles.csv:3: stray space" in capsys.readouterr().err


def test_an_interrupt_has_a_code(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipeline.running.run_folders", interrupted)
    assert main(["run", str(raw), "-o", str(tmp_path / "out")]) == 130


def test_version_is_that_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_code:
        main(["--version"])
    assert exit_code.value.code == 0
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert capsys.readouterr().out == f"zhengce {pipeline.__version__}\n"
    assert project.get("version", pipeline.__version__) == pipeline.__version__


def test_show_prints_the_document_for_a_person(raw: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(raw / "计划.txt")]) == 0
    said = capsys.readouterr().out
    assert said.splitlines()[0] == "云州市人民政府办公室关于印发云州市智慧港口行动计划的通知"
    assert "number      云政办发〔2024〕7号\n" in said
    assert "\n云州市智慧港口行动计划 (2024–2026)\n  一、主要目标\n" in said
    assert "    → 自动化泊位  = 12 个  (by 2026)\n" in said
    assert "      @ responsible: 市交通局、市发改委\n" in said
    assert "\x1b" not in said
    assert max(map(width, said.splitlines())) <= 80


def test_show_says_why_it_cannot(
    raw: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (raw / "empty.txt").write_bytes(b"")
    assert main(["show", str(raw / "empty.txt")]) == 1
    assert main(["show", str(raw)]) == 2

    def fails(*_: object) -> None:
        raise IndexError("章")

    monkeypatch.setattr("pipeline.run.segment", fails)
    assert main(["show", str(raw / "计划.txt")]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 3 and "Traceback" not in said
    assert "A fault of this program, not of the file: IndexError" in said


def test_as_a_module_in_a_foreign_locale(raw: Path) -> None:
    environment = os.environ | {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "pipeline", "show", str(raw / "计划.txt")]
    said = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True).stdout
    assert "自动化泊位" in said.decode("utf-8")


def test_a_reader_that_stops_early_is_no_fault(raw: Path) -> None:
    command = [sys.executable, "-m", "pipeline", "show", str(raw / "计划.txt")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None and child.stderr is not None
        child.stdout.close()
        assert child.stderr.read() == b""
        assert child.wait(timeout=30) == 0


@given(st.text(max_size=60), st.integers(4, 40))
def test_cut_fits(words: str, columns: int) -> None:
    assert width(cut(words, columns)) <= columns


mixed = st.text(st.sampled_from("云州市，。（）“”2026年ab c%—"), max_size=80)


@given(mixed, st.integers(36, 80))
def test_wrapped_lines_fit_and_lose_nothing(words: str, columns: int) -> None:
    lines = list(wrapped(words, columns, first="→ ", rest="  "))
    assert "".join("".join(lines).split()) == "→" + "".join(words.split())
    assert all(width(line) <= columns for line in lines)


def test_chinese_characters_take_two_columns() -> None:
    assert width("GDP增长5%") == 9
    assert cut("云州市智慧港口", 9) == "云州市…"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_a_bar_on_a_terminal_and_lines_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    terminal, file = Terminal(), io.StringIO()
    for stream in (terminal, file):
        progress = Progress(stream)
        progress.show(1, 2, "计划\x1b[2J.txt")
        progress.clear()
    assert file.getvalue() == "[1/2] 计划 [2J.txt\n"
    assert terminal.getvalue() == "\r\x1b[K[############............] 1/2 计划 [2J.txt\r\x1b[K"
