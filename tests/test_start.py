"""What a start loads: questions load nothing of the stages, a text document no package for anything else."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys

import pytest

# Runs the command and then prints which modules are loaded; a worker is a copy, so what it adds is not seen here.
SPY = """
import sys
from pipeline.cli import main
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
PLAN = """云州市数字经济行动计划
（2024—2026年）
一、主要目标
到2026年，全市数字经济企业达到300家。（责任单位：市工信局）
"""


def loaded(root: pathlib.Path, *arguments: str) -> set[str]:
    """Give the names of all modules that are loaded after a command."""
    environment = os.environ | {"PYTHONPATH": str(root)}
    ran = subprocess.run(
        [sys.executable, "-c", SPY, *arguments], env=environment, capture_output=True, encoding="utf-8", check=True
    )
    return set(ran.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("question", ["--help", "--version"])
def test_a_question_loads_the_parser_of_arguments_only(root: pathlib.Path, question: str) -> None:
    modules = loaded(root, question)
    ours = {name for name in modules if name.startswith("pipeline")}
    assert ours == {"pipeline", "pipeline.batch", "pipeline.batch.limits", "pipeline.cli"}
    assert not modules & (HEAVY | {"csv", "json", "multiprocessing", "opencc", "regex", "sqlite3"})


def test_a_text_document_loads_no_package_for_other_formats(root: pathlib.Path, tmp_path: pathlib.Path) -> None:
    plan = tmp_path / "plan.txt"
    plan.write_text(PLAN, encoding="utf-8")
    modules = loaded(root, "run", str(plan), "-o", str(tmp_path / "out"))
    assert (tmp_path / "out" / "targets.csv").read_text(encoding="utf-8").count("\n") == 2
    assert not modules & HEAVY
    unused = ("pipeline.compare", "pipeline.view", "pipeline.check", "pipeline.read.pdf", "pipeline.read.word")
    assert not [name for name in modules if name.startswith(unused)]
