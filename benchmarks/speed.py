"""How fast this tree parses, measured against a former revision on the same documents in the same run.

    python benchmarks/speed.py [FOLDER ...] [--base REVISION] [--rounds N] [--least RATIO]

Two processes hold the two trees (the former one in a git worktree that is removed at the end) and parse each document
in turn, so that a slow moment of the machine strikes both. Counted are CPU seconds from the file to its rows, the
median of all rounds for each document. Prints the speed of this tree as a share of the former one's; exit code 1 where
it is less than the least. Documents are those of ../shared (raw/ where it is absent) and of the folders given.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
# The release before the tables of targets were worked over.
BASE = "856a077"
LEAST = 0.8

# Parses the file named on each line it is sent, and answers with the seconds, or null where it cannot be read.
WORKER = """
import json, sys, time
from pathlib import Path
import pipeline
print(json.dumps(pipeline.__file__), flush=True)
for line in sys.stdin:
    path = Path(line.rstrip("\\n"))
    started = time.process_time()
    try:
        pipeline.parse(path)
        answer = time.process_time() - started
    except Exception:
        answer = None
    print(json.dumps(answer), flush=True)
"""


class Tree:
    """A checkout with a process that parses by its code."""

    def __init__(self, root: Path) -> None:
        """Start the process. Raises RuntimeError where it takes the code from elsewhere."""
        self.process = subprocess.Popen(
            [sys.executable, "-c", WORKER],
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        if not Path(str(self._answer())).resolve().is_relative_to(root.resolve()):
            raise RuntimeError(f"the code of {root} was not taken from there")

    def parse(self, path: Path) -> float | None:
        """Give the CPU seconds that one document takes, None where it cannot be read."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{path}\n")
        self.process.stdin.flush()
        answer = self._answer()
        return answer if isinstance(answer, float) else None

    def close(self) -> None:
        """End the process."""
        self.process.communicate()

    def _answer(self) -> object:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("a tree's process ended; what went wrong stands above")
        return json.loads(line)


@contextmanager
def worktree(revision: str) -> Iterator[Path]:
    """Give a checkout of a revision, and remove it."""
    git = ["git", "-C", str(ROOT), "worktree"]
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "base"
        subprocess.run([*git, "add", "--quiet", "--detach", str(tree), revision], check=True)
        try:
            yield tree
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)


def measure(base: Tree, live: Tree, paths: Sequence[Path], rounds: int) -> dict[Path, tuple[float, float]]:
    """Give for each document that both trees read the median seconds of either; a first round warms up."""
    seconds: dict[Path, tuple[list[float], list[float]]] = {}
    for turn in range(rounds + 1):
        for path in paths:
            order = (base, live) if turn % 2 else (live, base)
            taken = {tree: tree.parse(path) for tree in order}
            former, present = taken[base], taken[live]
            if turn and former is not None and present is not None:
                lists = seconds.setdefault(path, ([], []))
                lists[0].append(former)
                lists[1].append(present)
    return {path: (median(former), median(present)) for path, (former, present) in seconds.items()}


def report(medians: dict[Path, tuple[float, float]], base: str) -> float:
    """Print a line a document and the whole; gives the speed of this tree as a share of the former one's."""
    print(f"{'document':44s}{base[:10]:>10s}{'now':>10s}{'speed':>8s}")
    for path, (former, present) in medians.items():
        print(f"{path.stem[:43]:44s}{former:>9.3f}s{present:>9.3f}s{former / present:>8.2f}")
    former, present = (sum(pair[side] for pair in medians.values()) for side in (0, 1))
    print(f"{f'all {len(medians)}':44s}{former:>9.3f}s{present:>9.3f}s{former / present:>8.2f}")
    print(f"{'the document in the middle':64s}{median(a / b for a, b in medians.values()):>8.2f}")
    return former / present


def main() -> int:
    """Measure, print, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*", help="more documents")
    parser.add_argument("--base", default=BASE, help="the former revision")
    parser.add_argument("--rounds", type=int, default=5, help="how often each document is parsed")
    parser.add_argument("--least", type=float, default=LEAST, help="the least share of the former speed")
    options = parser.parse_args()
    inputs = [SHARED / "seeds", SHARED / "documents"] if SHARED.is_dir() else [ROOT / "raw"]
    paths = sorted(path for root in [*inputs, *options.folders] for path in root.resolve().rglob("*") if path.is_file())
    with worktree(options.base) as tree:
        base, live = Tree(tree), Tree(ROOT)
        try:
            medians = measure(base, live, paths, options.rounds)
        finally:
            base.close()
            live.close()
    if not medians:
        print("No document was read by both trees.", file=sys.stderr)
        return 1
    return 0 if report(medians, options.base) >= options.least else 1


if __name__ == "__main__":
    sys.exit(main())
