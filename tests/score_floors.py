"""Score the pipeline against the gold files of ../shared and hold the floors of score_floors.json.

    python tests/score_floors.py [--misses]

Prints the table of the scorer; exit code 1 where a figure lies below its floor. Floors are only raised.
Without ../shared (a checkout elsewhere) it says so and ends well.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[1] / "shared"
INPUTS = (SHARED / "seeds", SHARED / "documents")
SCORER, GOLD = SHARED / "score" / "score.py", SHARED / "gold"


def score(*options: str) -> str:
    """Run the pipeline over the shared documents and give what the scorer prints."""
    with tempfile.TemporaryDirectory() as folder:
        structured = Path(folder) / "structured"
        run = [sys.executable, "-m", "pipeline", "run", *map(str, INPUTS), "-o", str(structured)]
        # Exit code 1 is no failure here: some of the shared files are of formats that are not read yet.
        done = subprocess.run(run, cwd=HERE.parent, capture_output=True, encoding="utf-8", errors="replace")
        if not structured.is_dir():
            raise SystemExit(f"the pipeline wrote nothing:\n{done.stderr}")
        print(done.stdout)
        figures = [sys.executable, str(SCORER), str(structured), str(GOLD)]
        table = subprocess.run([*figures, *options], check=True, capture_output=True, encoding="utf-8")
        print(table.stdout, end="")
        return subprocess.run([*figures, "--json"], check=True, capture_output=True, encoding="utf-8").stdout


def below(figures: dict[str, float], floors: dict[str, float]) -> list[str]:
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
        print(f"Nothing to score: {SCORER} is not there. The gold files are not part of this project.")
        return 0
    figures = json.loads(score(*(["--misses"] if options.misses else [])))
    floors = json.loads((HERE / "score_floors.json").read_text(encoding="utf-8"))
    faults = below(figures, floors)
    print("\n".join(["", *faults]) if faults else "\nall floors hold")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
