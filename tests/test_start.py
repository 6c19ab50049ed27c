"""What a start loads: questions load nothing of the stages, a text document no package for anything else."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys

import pytest

# Runs the command and then prints which modules are loaded, here and in the worker, which is a copy of this process.
SPY = """
import sys
from pipeline.cli import main
from pipeline.batch import worker
def told():
    with open("worker", "w", encoding="utf-8") as file:
        print(*sys.modules, file=file)
worker.close_shelves = told
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print()
print(*sys.modules)
"""
HEAVY = frozenset(
    (
        "PIL", "charset_normalizer", "dask", "dataclasses", "fsspec", "inspect", "jieba", "jinja2", "lxml", "numpy",
        "olefile", "onnxruntime", "pandas", "pdfminer", "pdfplumber", "pypdfium2", "rapidfuzz", "rapidocr", "scipy",
        "tarfile",
    )
)  # fmt: skip
# What the spy itself loads before a question is asked.
OF_THE_SPY = ("pipeline.batch.worker", "pipeline.batch.process", "pipeline.quick", "pipeline.read")
PLAN = """云州市数字经济行动计划
（2024—2026年）
一、主要目标
到2026年，全市数字经济企业达到300家。（责任单位：市工信局）
"""


def loaded(root: pathlib.Path, folder: pathlib.Path, *arguments: str) -> tuple[set[str], set[str]]:
    """Give the names of all modules that are loaded after a command, in its process and in that of its worker."""
    environment = os.environ | {"PYTHONPATH": str(root)}
    ran = subprocess.run(
        [sys.executable, "-c", SPY, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    told = folder / "worker"
    of_worker = told.read_text(encoding="utf-8").split() if told.exists() else []
    return set(ran.stdout.splitlines()[-1].split()), set(of_worker)


@pytest.mark.parametrize("question", ["--help", "--version"])
def test_a_question_loads_the_parser_of_arguments_only(
    root: pathlib.Path, tmp_path: pathlib.Path, question: str
) -> None:
    modules, _ = loaded(root, tmp_path, question)
    ours = {name for name in modules if name.startswith("pipeline") and not name.startswith(OF_THE_SPY)}
    assert ours == {"pipeline", "pipeline.batch", "pipeline.batch.limits", "pipeline.cli"}
    assert not modules & (HEAVY | {"csv", "json", "multiprocessing", "opencc", "regex", "sqlite3"})


def test_a_text_document_loads_no_package_for_other_formats(root: pathlib.Path, tmp_path: pathlib.Path) -> None:
    plan = tmp_path / "plan.txt"
    plan.write_text(PLAN, encoding="utf-8")
    modules, of_worker = loaded(root, tmp_path, "run", str(plan), "-o", str(tmp_path / "out"))
    assert (tmp_path / "out" / "targets.csv").read_text(encoding="utf-8").count("\n") == 2
    assert "pipeline.extract" in of_worker and not (modules | of_worker) & HEAVY
    assert not modules & {"multiprocessing", "opencc", "pipeline.extract", "regex"}
    assert not of_worker & {"multiprocessing", "pipeline.batch.jobs", "sqlite3"}
    unused = ("pipeline.compare", "pipeline.view", "pipeline.check", "pipeline.read.pdf", "pipeline.read.word")
    assert not [name for name in modules | of_worker if name.startswith(unused)]
