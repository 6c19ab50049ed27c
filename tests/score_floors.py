"""Score the pipeline against the gold of the shared documents and hold the floors of score_floors.json.

    python tests/score_floors.py [--misses]

There are two sets: `shared`, the gold files of ../shared/gold, and `documents`, those that tests/gold_facts.py makes
of the facts in tests/gold/documents. Prints the table of the scorer for each; exit code 1 where a figure lies below
its floor. Floors are only raised. Without ../shared (a checkout elsewhere) it says so and ends well.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from tests import gold_facts  # noqa: E402

SHARED = HERE.parents[1] / "shared"
INPUTS = (SHARED / "seeds", SHARED / "documents")
SCORER = SHARED / "score" / "score.py"
FLOORS = HERE / "score_floors.json"

Figures = dict[str, float]


def floors() -> dict[str, Figures]:
    """Give the floors by set and figure."""
    sets: dict[str, Figures] = json.loads(FLOORS.read_text(encoding="utf-8"))
    return sets


def gold_folders(work: Path) -> dict[str, Path]:
    """Give the folder of full gold files of each set; those made of facts are written below `work`."""
    rebuilt = work / "documents"
    gold_facts.rebuild_all(rebuilt)
    return {"shared": SHARED / "gold", "documents": rebuilt}


def run_pipeline(inputs: Iterable[Path], structured: Path) -> str:
    """Run the pipeline over files or folders; gives what it printed."""
    run = [sys.executable, "-m", "pipeline", "run", *map(str, inputs), "-o", str(structured)]
    # Exit code 1 is no failure here: some of the shared files are of formats that are not read yet.
    done = subprocess.run(run, cwd=HERE.parent, capture_output=True, encoding="utf-8", errors="replace")
    if not structured.is_dir():
        raise SystemExit(f"the pipeline wrote nothing:\n{done.stderr}")
    return done.stdout


def table(structured: Path, gold: Path, *options: str) -> str:
    """Give what the scorer prints."""
    command = [sys.executable, str(SCORER), str(structured), str(gold), *options]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


def figures(structured: Path, gold: Path) -> Figures:
    """Give the figures of the scorer by name."""
    found: Figures = json.loads(table(structured, gold, "--json"))
    return found


def below(figures: Figures, floors: Figures) -> list[str]:
    """Give a line for each figure that is missing or lies below its floor."""
    return [
        f"{name}: {figures.get(name, 0):.4f} is below the floor {floor}"
        for name, floor in floors.items()
        if figures.get(name, 0) < floor
    ]


def main() -> int:
    """Score, print, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--misses", action="store_true", help="print every difference from the gold files")
    options = parser.parse_args()
    if not SCORER.exists():
        print(f"Nothing to score: {SCORER} is not there. The documents are not part of this project.")
        return 0
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        print(run_pipeline(INPUTS, work / "structured"))
        for name, gold in gold_folders(work).items():
            print(f"== {name}\n{table(work / 'structured', gold, *(['--misses'] if options.misses else []))}")
            low = below(figures(work / "structured", gold), floors()[name])
            faults += [f"{name}, {line}" for line in low]
    print("\n".join(faults) if faults else "all floors hold")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
