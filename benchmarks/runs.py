"""Whole runs of `zhengce run` as processes: their time, their memory, and what they wrote."""

from __future__ import annotations

import csv
import hashlib
import os
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.measure import children, here, peak_megabytes, python

LOOK_SECONDS = 0.1
# The longest cell is the text of a whole section.
csv.field_size_limit(1 << 30)


class Ran(NamedTuple):
    """One run: seconds on the clock and of CPU (with its workers), exit code, peak memory in MB, what it printed."""

    seconds: float
    cpu: float
    code: int
    main: float
    worker: float
    told: str


def command(inputs: Path, out: Path, *more: str) -> list[str]:
    """Give the command of a run."""
    return python("-m", "pipeline", "run", inputs, "-o", out, *more)


def run(inputs: Path, out: Path, *more: str, start: Sequence[str] | None = None) -> Ran:
    """Run once; `start` replaces the command. The processes below it count as workers."""
    spent = os.times()
    began = time.monotonic()
    process = subprocess.Popen(
        list(start or command(inputs, out, *more)),
        env=here(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8",
    )  # fmt: skip
    watch = _Memory(process.pid)
    watch.start()
    told, _ = process.communicate()
    seconds = time.monotonic() - began
    watch.over.set()
    watch.join()
    now = os.times()
    cpu = now.children_user - spent.children_user + now.children_system - spent.children_system
    return Ran(seconds, cpu, process.returncode, watch.main, watch.worker, told)


class _Memory(threading.Thread):
    """Looks at the peak memory of a process and of all below it until told that it is over."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.process, self.main, self.worker = process, 0.0, 0.0
        self.over = threading.Event()

    def run(self) -> None:
        """Look now and then. The highest is kept by the system, so looking seldom misses little."""
        while not self.over.wait(LOOK_SECONDS):
            self.main = max(self.main, peak_megabytes(self.process))
            below = children(self.process)
            while below:
                child = below.pop()
                self.worker = max(self.worker, peak_megabytes(child))
                below += children(child)


def tree_hash(folder: Path) -> str:
    """Give the SHA-256 of all files below a folder, names and contents; empty where there is none."""
    if not folder.is_dir():
        return ""
    whole = hashlib.sha256()
    for path in sorted(entry for entry in folder.rglob("*") if entry.is_file()):
        data = path.read_bytes()
        whole.update(f"{path.relative_to(folder).as_posix()}\0{len(data)}\0".encode())
        whole.update(data)
    return whole.hexdigest()


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    """Give the rows of a table of an output folder."""
    with (folder / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
