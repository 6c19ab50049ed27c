"""How long the command takes from its start to its end, against a process that does the least of the same.

    python benchmarks/start.py [FILE ...] [--rounds N] [--json FILE]

The floor is a program of thirty lines: it reads the text, converts it with opencc, scans it for numbers, years and
organisations, and writes what it finds as CSV. It and the command, for the same file, are started in turn, so that a
slow moment of the machine strikes both; told are medians of wall time over all rounds, and how many times the floor
the command takes. Beside them stand bare Python and `zhengce --help` and `--version` against `import argparse`. All
run with byte code, as an installed program does; the first round, which writes it, is not counted. Each run writes
into a folder of its own, so that nothing is known from a former one. Without FILE the document is a seed of
../shared, or where that is absent a text of raw/.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT.parent / "shared" / "seeds"
FLOOR = """
import argparse, csv, re
import opencc

NUMBER = re.compile(r"([0-9][0-9,.]*)([万亿]*(?:个百分点|平方米|公里|千瓦|[家个项人名元亩件吨所座台套批%％]))")
YEAR = re.compile(r"(?:19|20)[0-9]{2}(?=年)")
ORGANISATION = re.compile(r"[市省县区][\\u4e00-\\u9fff]{1,12}?(?:委员会|办公室|[局委办厅])")

parser = argparse.ArgumentParser()
parser.add_argument("file")
parser.add_argument("-o", "--output", required=True)
options = parser.parse_args()
with open(options.file, encoding="utf-8") as file:
    text = opencc.OpenCC("t2s").convert(file.read())
with open(options.output + ".csv", "w", encoding="utf-8", newline="") as file:
    table = csv.writer(file)
    table.writerow(("kind", "start", "end", "words"))
    for kind, pattern in (("number", NUMBER), ("year", YEAR), ("organisation", ORGANISATION)):
        table.writerows((kind, found.start(), found.end(), found.group()) for found in pattern.finditer(text))
"""
ZHENGCE = ("-m", "pipeline")
# What a person asks before there is any work, and the least that can answer.
QUESTIONS = {"help": ("--help",), "version": ("--version",)}
# Stands for the number of the round.
ROUND = "{round}"
ARGPARSE = ("-c", "import argparse")
BARE = ("-c", "pass")


def main() -> int:
    """Measure, print and write the figures."""
    options = _options()
    commands = {"bare": BARE, "argparse": ARGPARSE, **{name: (*ZHENGCE, *words) for name, words in QUESTIONS.items()}}
    with tempfile.TemporaryDirectory() as folder:
        floor = Path(folder, "floor.py")
        floor.write_text(FLOOR, encoding="utf-8")
        for place, file in enumerate(options.files or [_own_document()]):
            output = str(Path(folder, f"out{place}-{ROUND}"))
            commands[f"floor {file.name}"] = (str(floor), str(file), "-o", output)
            commands[f"run {file.name}"] = (*ZHENGCE, "run", str(file), "-o", output)
        seconds = _measured(commands, options.rounds)
    figures = _figures(seconds)
    for name, value in figures.items():
        print(f"{value:9.2f}  {name}")
    if options.json is not None:
        options.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="text files, each a run of its own")
    parser.add_argument("--rounds", type=int, default=21, metavar="N", help="starts of each command (21)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    return parser.parse_args()


def _own_document() -> Path:
    seeds = sorted(SEEDS.glob("*.txt"), key=lambda file: file.stat().st_size)
    # The middle one: 26 kB.
    return seeds[len(seeds) // 2] if seeds else ROOT / "raw" / "notice-with-one-plan.txt"


def _measured(commands: dict[str, tuple[str, ...]], rounds: int) -> dict[str, float]:
    """Give the median seconds of each command. Raises CalledProcessError where one fails."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPATH"] = str(ROOT)
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for measured in range(rounds + 1):
        for name, words in commands.items():
            line = [sys.executable, *(word.replace(ROUND, str(measured)) for word in words)]
            began = time.perf_counter()
            subprocess.run(line, env=environment, capture_output=True, check=True)
            if measured:
                taken[name].append(time.perf_counter() - began)
    return {name: median(values) for name, values in taken.items()}


def _figures(seconds: dict[str, float]) -> dict[str, float]:
    """Give milliseconds by command, and the ratios that count."""
    figures = {f"start: {name}, ms": round(value * 1000, 1) for name, value in seconds.items()}
    for name in QUESTIONS:
        figures[f"start: {name} / argparse"] = round(seconds[name] / seconds["argparse"], 2)
    for name in seconds:
        if name.startswith("run "):
            file = name.removeprefix("run ")
            figures[f"start: {name} / floor"] = round(seconds[name] / seconds[f"floor {file}"], 2)
    return figures


if __name__ == "__main__":
    sys.exit(main())
