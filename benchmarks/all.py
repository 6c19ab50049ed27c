"""All benchmarks, one after the other, and the table of docs/performance.md.

    python benchmarks/all.py [--only PART ...] [--quick] [--write] [--peers PYTHON] [--most N] [--scheduler ADDRESS]

Each part is a process of its own that prints as it goes; its figures are compared with the goals of goals.toml. The
whole takes an hour or so on two cores, `--quick` some minutes. `--write` puts the table into docs/performance.md and
all figures into docs/performance.json; parts that were not run keep their figures there if they were taken on the same
machine. Exit code 1 where a goal is not held or a part fails.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import textwrap
import time
import tomllib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.floor import name_scan
from benchmarks.measure import ROOT, here, python

HERE = Path(__file__).resolve().parent
PAGE, RAW = ROOT / "docs" / "performance.md", ROOT / "docs" / "performance.json"
MARKS = ("<!-- written by benchmarks/all.py -->", "<!-- end of what benchmarks/all.py wrote -->")
# The parts in their order, with the options of a short run. What asks for a quiet machine most comes first.
PARTS: dict[str, tuple[str, ...]] = {
    "start": ("--rounds", "7"),
    "text": ("--quick",),
    "pdf": ("--quick",),
    "worst": ("--quick", "--limit", "15"),
    "batch": ("--quick",),
    "kill": ("--quick",),
    "hostile": ("--quick",),
}
PEERS = ("recognizers-text-suite", "jionlp")
WIDTH = 120
Figures = dict[str, float]


class Line(NamedTuple):
    """One line of the table: what was measured, the figure, the goal, and whether it holds."""

    what: str
    figure: str
    goal: str
    held: str


def lines(figures: Figures) -> list[Line]:
    """Give the lines for which there are figures."""
    goals = tomllib.loads((HERE / "goals.toml").read_text(encoding="utf-8"))["line"]
    found = ((goal, [value for name, value in figures.items() if fnmatchcase(name, goal["figure"])]) for goal in goals)
    return [_line(goal, values) for goal, values in found if values]


def _line(goal: dict[str, Any], values: list[float]) -> Line:
    unit = goal.get("unit", "")
    if "most" in goal:
        value = max(values)
        return Line(goal["what"], shown(value, unit), f"≤ {shown(goal['most'], unit)}", _held(value <= goal["most"]))
    value = min(values)
    if "least" in goal:
        return Line(goal["what"], shown(value, unit), f"≥ {shown(goal['least'], unit)}", _held(value >= goal["least"]))
    return Line(goal["what"], shown(value, unit), "", "")


def _held(good: bool) -> str:
    return "held" if good else "**not held**"


def shown(value: float, unit: str) -> str:
    """Give a figure with its unit, as people write it."""
    if unit == "%":
        return f"{100 * value:.3g} %"
    words = f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"
    return f"{words} {unit}".strip()


def run_part(part: str, given: argparse.Namespace) -> tuple[Figures, str]:
    """Run a part; gives its figures, and what is to be told where there are none."""
    script = HERE / f"{part}.py"
    if not script.is_file():
        return {}, f"left out: {script.name} is not there"
    options = [*(PARTS[part] if given.quick else ()), *_options(part, given)]
    print(f"\n== {part} {' '.join(options)}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "figures.json"
        began = time.monotonic()
        done = subprocess.run(python(script, *options, "--json", file), env=here(), check=False)
        print(f"== {part}: {time.monotonic() - began:.0f} s, exit code {done.returncode}", flush=True)
        if not file.is_file():
            return {}, f"failed with exit code {done.returncode}"
        figures: Figures = json.loads(file.read_text(encoding="utf-8"))
        return figures, ""


def _options(part: str, given: argparse.Namespace) -> Iterator[str]:
    if part == "text" and given.peers:
        yield from ("--peers", given.peers)
    if part == "batch" and given.scheduler:
        yield from ("--scheduler", given.scheduler)
    if part == "batch" and given.most:
        yield from ("--most", str(given.most))


def machine() -> dict[str, str]:
    """Give what the figures depend on: processor, cores, memory, system."""
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "memory": _memory(),
        "system": f"{platform.system()} {platform.release()}",
    }


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    text = information.read_text(encoding="utf-8") if information.is_file() else ""
    found = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return " ".join((found[1] if found else platform.processor() or platform.machine()).split())


def _memory() -> str:
    try:
        return f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / (1 << 30):.0f} GB"
    except (AttributeError, ValueError, OSError):
        return "not told"


def versions(peers: str | None) -> dict[str, str]:
    """Give the versions of Python, of what we depend on, of the floor's engine and of the packages compared with."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [re.split(r"[><=!~\[ ;]", entry)[0] for entry in project["dependencies"]]
    engine = name_scan()[0]
    found = {"Python": platform.python_version()}
    for package in [*wanted, *([engine] if engine != "re" else [])]:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found | _peer_versions(peers)


def _peer_versions(interpreter: str | None) -> dict[str, str]:
    if interpreter is None:
        return {}
    words = "import importlib.metadata, json; print(json.dumps({p: importlib.metadata.version(p) for p in %r}))"
    done = subprocess.run([interpreter, "-c", words % (PEERS,)], capture_output=True, encoding="utf-8", check=False)
    return json.loads(done.stdout) if done.returncode == 0 else {}


def load() -> float:
    """Give how busy the machine was before the run: processes that wanted a core, over five minutes."""
    try:
        return os.getloadavg()[1]
    except (AttributeError, OSError):
        return 0.0


def table(found: Sequence[Line]) -> str:
    """Give the lines as a table of Markdown."""
    heads = Line("what", "figure", "goal", "held?")
    rows = [heads, *found]
    widths = [max(len(row[place]) for row in rows) for place in range(len(heads))]
    written = [
        "| " + " | ".join(cell.ljust(size) for cell, size in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    written.insert(1, "|" + "|".join(("---", "---:", "---:", "---")) + "|")
    return "\n".join(written)


def by_count(figures: Figures) -> str:
    """Give the table of runs over more and more documents; empty where there are none."""
    sizes = sorted({int(found[1]) for name in figures if (found := re.match(r"batch\.(\d+)\.seconds$", name))})
    if not sizes:
        return ""
    rows = ["| documents | seconds | a second | exponent | main, MB | worker, MB |", "|---:|---:|---:|---:|---:|---:|"]
    for size in sizes:
        seconds = figures[f"batch.{size}.seconds"]
        power = figures.get(f"batch.{size}.exponent")
        rows.append(
            f"| {size:,} | {seconds:,.1f} | {size / seconds:,.1f} | {'' if power is None else f'{power:.2f}'} "
            f"| {figures[f'batch.{size}.main_megabytes']:.0f} | {figures[f'batch.{size}.worker_megabytes']:.0f} |"
        )
    return "\n".join(rows)


def by_stage(figures: Figures) -> str:
    """Give the table of stages over the seeds; empty where there are none."""
    names = ("read", "normalise", "segment", "extract", "resolve", "ours", "floor", "jionlp", "recognizers")
    told = {name: figures[f"text.{name}.ms"] for name in names if f"text.{name}.ms" in figures}
    if "floor" not in told:
        return ""
    rows = ["| over the seeds | ms | times the floor |", "|---|---:|---:|"]
    rows += [f"| {name} | {value:,.1f} | {value / told['floor']:,.1f} |" for name, value in told.items()]
    return "\n".join(rows).replace("| ours |", "| **all stages** |")


def page(kept: dict[str, Any]) -> str:
    """Give what stands between the marks of the page."""
    parts: dict[str, dict[str, Any]] = kept["parts"]
    figures = {name: value for part in parts.values() for name, value in part["figures"].items()}
    where = kept["machine"]
    dates = sorted({part["date"] for part in parts.values()})
    short = sorted(name for name, part in parts.items() if part["quick"])
    machine_told = (
        f"Measured on {', '.join(dates)}: {where['processor']}, {where['cores']} cores, {where['memory']}, "
        f"{where['system']}; load before the run {max(part['load'] for part in parts.values()):.1f}."
    )
    told = [
        machine_told,
        "Versions: " + ", ".join(f"{name} {version}" for name, version in kept["versions"].items()) + ".",
        f"Short runs (`--quick`): {', '.join(short)}." if short else "",
        *(f"{part}: {why}." for part, why in kept["without"].items()),
        table(lines(figures)),
        by_stage(figures),
        by_count(figures),
    ]
    return "\n\n".join(
        paragraph if paragraph.startswith("|") else textwrap.fill(paragraph, WIDTH) for paragraph in told if paragraph
    )


def write(kept: dict[str, Any]) -> None:
    """Write figures and table. Raises ValueError where the page has lost its marks."""
    RAW.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    text = PAGE.read_text(encoding="utf-8")
    before, opening, rest = text.partition(MARKS[0])
    _, closing, behind = rest.partition(MARKS[1])
    if not opening or not closing:
        raise ValueError(f"{PAGE} has no place for the table: {MARKS[0]} … {MARKS[1]}")
    PAGE.write_text(f"{before}{opening}\n\n{page(kept)}\n\n{closing}{behind}", encoding="utf-8")


def measured(given: argparse.Namespace) -> dict[str, Any]:
    """Run the parts; gives all figures, with those of former runs on this machine."""
    former = json.loads(RAW.read_text(encoding="utf-8")) if RAW.is_file() else {}
    same = former.get("machine") == machine()
    kept: dict[str, Any] = {
        "machine": machine(),
        "versions": {**(former.get("versions", {}) if same and given.only else {}), **versions(given.peers)},
        "parts": former.get("parts", {}) if same and given.only else {},
        "without": former.get("without", {}) if same and given.only else {},
    }
    for part in given.only or PARTS:
        busy = load()
        figures, why = run_part(part, given)
        kept["without"].pop(part, None)
        if figures:
            today = datetime.now(UTC).date().isoformat()
            kept["parts"][part] = {"date": today, "quick": given.quick, "load": busy, "figures": figures}
        else:
            kept["without"][part] = why
    kept["parts"] = {part: kept["parts"][part] for part in PARTS if part in kept["parts"]}
    return kept


def main() -> int:
    """Run, print the table, write it if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=list(PARTS), metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="a short run, for a look")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md and .json")
    parser.add_argument("--peers", metavar="PYTHON", help="an interpreter with Recognizers-Text and JioNLP")
    parser.add_argument("--most", type=int, metavar="N", help="the most documents of a run")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="a scheduler of a cluster, for batch")
    given = parser.parse_args()
    kept = measured(given)
    if given.write:
        write(kept)
    ran = given.only or list(PARTS)
    found = lines(
        {name: value for part in ran for name, value in kept["parts"].get(part, {}).get("figures", {}).items()}
    )
    print()
    for line in found:
        print(
            f"{line.what:56.56}{line.figure:>11} {line.goal:>11} {'' if line.held == 'held' else line.held.strip('*')}"
        )
    for part in ran:
        if part in kept["without"]:
            print(f"{part}: {kept['without'][part]}")
    wrong = any("not" in line.held for line in found) or any("failed" in kept["without"].get(part, "") for part in ran)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
