"""Documents that broke other programs: each is read or is a row, and the program does not fail (tools/malformed.py)."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from types import ModuleType

import pytest
from test_archive import tarred
from test_run import PLAN

from pipeline.batch.supervise import Limits
from pipeline.find import File


@pytest.fixture(scope="module")
def tool(root: Path) -> ModuleType:
    specification = importlib.util.spec_from_file_location("malformed", root / "tools" / "malformed.py")
    assert specification is not None and specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_documents_of_a_source_package_are_found(tool: ModuleType, tmp_path: Path) -> None:
    files = {
        "lib-1/tests/data/a.pdf": b"%PDF-1.7", "lib-1/tests/.b.docx": b"x", "lib-1/LICENSE.txt": b"x",
        "lib-1/data/c.txt": PLAN.encode(), "lib-1/../../d.html": b"x", "lib-1/setup.py": b"x",
    }  # fmt: skip
    (tmp_path / "lib.tar.gz").write_bytes(tarred(files, "w:gz"))
    assert tool.unpack(tmp_path / "lib.tar.gz", tmp_path / "lib") == 4
    names = sorted(path.name for path in (tmp_path / "lib").iterdir())
    assert names == ["0001-a.pdf", "0002-b.docx", "0003-c.txt", "0004-d.html"]


def test_a_fault_and_a_file_that_vanished_are_told(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "corpus" / "lib"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text(PLAN, encoding="utf-8")
    (folder / "b.txt").write_bytes(b"")
    assert tool.main([str(tmp_path / "corpus")]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[1].split() == ["lib", "2", "1", "1", "0", "0"]

    def fails(*_: object) -> None:
        raise IndexError("章")

    monkeypatch.setattr("pipeline.run.segment", fails)
    found = tool.run(tmp_path / "corpus", Limits())[1]
    assert [line.partition(":")[0] for line in found] == ["lib/a.txt"]
    monkeypatch.setattr(tool, "find_files", lambda _: [File("lib/lost.txt", folder / "lost.txt")])
    assert "lib/lost.txt: no row tells of it" in tool.run(tmp_path / "corpus", Limits())[1]


def test_no_document_that_broke_other_programs_breaks_this_one(
    tool: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = os.environ.get("ZHENGCE_MALFORMED")
    if not folder:
        pytest.skip("ZHENGCE_MALFORMED names no folder; `python tools/malformed.py --download FOLDER` fetches one")
    assert tool.main([folder]) == 0, capsys.readouterr().out
