"""What the benchmarks share: the stages one by one, time, growth, memory, the line of options, the file of figures."""

from __future__ import annotations

import argparse
import gc
import json
import math
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipeline.extract import extract  # noqa: E402
from pipeline.lexicon import Lexicon  # noqa: E402
from pipeline.model.tables import Record  # noqa: E402
from pipeline.normalise import normalise  # noqa: E402
from pipeline.read import open_source  # noqa: E402
from pipeline.resolve import resolve  # noqa: E402
from pipeline.segment import segment  # noqa: E402

SHARED = ROOT.parent / "shared"
STAGES = ("read", "normalise", "segment", "extract", "resolve")
# Less than this of CPU says nothing about growth: the clock and the fixed part of a call are in it.
LEAST_SECONDS = 0.02


def options(description: str | None, quick: str) -> argparse.ArgumentParser:
    """Give a parser with the options of every benchmark; `quick` tells what the short run leaves out."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, by name")
    parser.add_argument("--quick", action="store_true", help=f"a short run: {quick}")
    return parser


def write_figures(figures: Mapping[str, float], file: Path | None) -> None:
    """Write figures by name into a file, if one is given."""
    if file is not None:
        rounded = {name: float(f"{value:.6g}") for name, value in figures.items()}
        file.write_text(json.dumps(rounded, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def stages(data: bytes, name: str, lexicon: Lexicon) -> Iterator[tuple[str, Any]]:
    """Give the name of each stage with what came out of it, in order; the last is the Record."""
    source = open_source(data, name)
    yield "read", source
    text = normalise(source, lexicon)
    yield "normalise", text
    outline = segment(text, lexicon)
    yield "segment", outline
    findings = extract(text, outline, lexicon)
    yield "extract", findings
    yield "resolve", resolve(text, outline, findings, lexicon)


def record_of(data: bytes, name: str, lexicon: Lexicon) -> Record:
    """Give the rows of one document whose bytes are in memory."""
    *_, (_, record) = stages(data, name, lexicon)
    assert isinstance(record, Record)
    return record


def timed(data: bytes, name: str, lexicon: Lexicon) -> tuple[dict[str, float], Record]:
    """Give the CPU seconds of each stage of one document, and its rows."""
    gc.collect()
    seconds: dict[str, float] = {}
    made: Any = None
    began = time.process_time()
    for stage, made in stages(data, name, lexicon):  # noqa: B007
        now = time.process_time()
        seconds[stage] = now - began
        began = now
    assert isinstance(made, Record)
    return seconds, made


def stage_seconds(data: bytes, name: str, lexicon: Lexicon) -> dict[str, float]:
    """Give the CPU seconds of each stage of one document."""
    return timed(data, name, lexicon)[0]


def cpu_seconds(deed: Callable[[], object]) -> float:
    """Give the CPU seconds of one call."""
    gc.collect()
    began = time.process_time()
    deed()
    return time.process_time() - began


def exponent(small: float, large: float, times: float) -> float | None:
    """Give the exponent of growth where `times` as much took `large` after `small`; None where both are too short.

    1 is linear, 2 is quadratic.
    """
    if large < LEAST_SECONDS:
        return None
    return math.log(large / max(small, LEAST_SECONDS / 10)) / math.log(times)


def seeds() -> list[tuple[str, bytes]]:
    """Give name and bytes of the seeds; where they are absent, of the texts of raw/ in UTF-8, which the floor reads."""
    folder = SHARED / "seeds" if (SHARED / "seeds").is_dir() else ROOT / "raw"
    found = [(path.name, path.read_bytes()) for path in sorted(folder.glob("*.txt"))]
    return [(name, data) for name, data in found if _is_utf8(data)]


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def peak_megabytes(process: int | str = "self") -> float:
    """Give the highest resident memory of a process so far; 0 where the system does not tell, or it has gone."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def children(process: int) -> list[int]:
    """Give the processes that a process started and that still run; none where the system does not tell."""
    try:
        told = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="utf-8")
    except OSError:
        return []
    return [int(child) for child in told.split()]


def python(*arguments: str | Path) -> list[str]:
    """Give the command that runs this interpreter with these arguments."""
    return [sys.executable, *map(str, arguments)]


def here() -> dict[str, str]:
    """Give an environment in which a process takes the code of this tree."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}


def answers(arguments: Sequence[str | Path], seconds: float | None = None) -> list[Any]:
    """Give the lines of JSON that a Python process prints, until it ends or is ended after `seconds`.

    Raises CalledProcessError where it fails.
    """
    try:
        told = subprocess.run(
            python(*arguments), env=here(), timeout=seconds, check=True, stdout=subprocess.PIPE
        ).stdout
    except subprocess.TimeoutExpired as error:
        told = error.stdout or b""
    return [json.loads(line) for line in told.decode("utf-8").splitlines()]
