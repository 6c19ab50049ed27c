"""Whether a run that is killed at any moment spoils anything: killed again and again, then run to its end.

    python benchmarks/kill.py [--times N] [--documents N] [--seed S] [--quick] [--json FILE]

An output of generated plans is there; a tenth of the files is changed, added and removed, and a new run is killed
(SIGKILL) at a moment that the seed draws from the whole length of such a run. The output must then be the former or
the new one, whole, byte by byte. A third of the runs is killed several times before it may go to its end; another
third has no former output. In the end the output must equal that of an undisturbed run, and nothing may lie beside it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.documents import document, path_of, write_documents
from benchmarks.measure import children, here, options, write_figures
from benchmarks.runs import command, run, tree_hash

TIMES, QUICK_TIMES = 100, 6
DOCUMENTS, QUICK_DOCUMENTS = 200, 20
MOST_KILLS = 4
FIRST_NEW = 10**6


def change(inputs: Path, count: int) -> None:
    """Change, add and remove a tenth of the documents."""
    for seed in range(0, count, 10):
        suffix, data = document(seed)
        path_of(inputs, seed, suffix).write_bytes(data.replace("总体目标".encode(), "主要目标".encode()))
        path_of(inputs, seed + 1, document(seed + 1)[0]).unlink()
    write_documents(inputs / "new", max(1, count // 10), FIRST_NEW)


class Scene:
    """The inputs, the output before the change with its cache, and what both outputs must be."""

    def __init__(self, work: Path, count: int) -> None:
        self.work, self.inputs, self.out = work, work / "documents", work / "out"
        write_documents(self.inputs, count)
        self._run(self.out)
        self.former = tree_hash(self.out)
        self.entries = [entry for entry in work.iterdir() if entry.name.startswith(("out", ".out"))]
        kept = work / "kept"
        for entry in self.entries:
            shutil.copytree(entry, kept / entry.name)
        change(self.inputs, count)
        self.whole = self._run(work / "undisturbed")
        self.new = tree_hash(work / "undisturbed")
        self.seconds = self._run(self.out)
        assert self.new not in (self.former, "")

    def _run(self, out: Path) -> float:
        ran = run(self.inputs, out)
        if ran.code:
            raise RuntimeError(f"an undisturbed run ended with exit code {ran.code}:\n{ran.told[-2000:]}")
        return ran.seconds

    def reset(self, former: bool) -> None:
        """Put the former output with its cache there, or nothing at all."""
        for entry in self.beside():
            shutil.rmtree(entry)
        for entry in self.entries if former else ():
            shutil.copytree(self.work / "kept" / entry.name, entry)

    def beside(self) -> list[Path]:
        """Give the output and all that lies beside it under its name."""
        return [entry for entry in self.work.iterdir() if entry.name.startswith(("out", ".out"))]

    def killed_after(self, seconds: float) -> bool:
        """Start a run and kill it after so long; tells whether it was still at work."""
        process = subprocess.Popen(
            command(self.inputs, self.out), env=here(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            workers = children(process.pid)
            process.kill()
            process.wait()
            _gone(workers)
            return True
        return False


def _gone(processes: list[int]) -> None:
    """Wait a little for the workers, which go with their parent."""
    until = time.monotonic() + 5
    while time.monotonic() < until and any(Path(f"/proc/{process}").exists() for process in processes):
        time.sleep(0.01)


def tried(scene: Scene, seed: int) -> Counter[str]:
    """Kill as the seed says, then run to the end; gives what was seen, by name."""
    random = Random(seed)
    former = seed % 3 != 2
    scene.reset(former)
    # Without a former output the whole takes longer, and there is nothing to spoil before the end.
    length = scene.seconds if former else scene.whole
    seen: Counter[str] = Counter()
    for _ in range(random.randint(2, MOST_KILLS) if seed % 3 == 1 else 1):
        if not scene.killed_after(random.uniform(0, length)):
            seen["ended before"] += 1
            continue
        seen["kills"] += 1
        found = tree_hash(scene.out)
        if found not in (scene.new, scene.former if former else ""):
            seen["spoilt"] += 1
    ran = run(scene.inputs, scene.out)
    seen["failed"] += ran.code != 0
    seen["different"] += tree_hash(scene.out) != scene.new
    names = {scene.out.name, *(entry.name for entry in scene.entries)}
    seen["left behind"] += any(entry.name not in names for entry in scene.beside())
    return seen


def main() -> int:
    """Kill, look, print; exit code 1 where anything was spoilt."""
    parser = options(__doc__, f"{QUICK_TIMES} runs over {QUICK_DOCUMENTS} documents")
    parser.add_argument("--times", type=int, help=f"how many runs ({TIMES})")
    parser.add_argument("--documents", type=int, help=f"over how many documents ({DOCUMENTS})")
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    given = parser.parse_args()
    times = given.times or (QUICK_TIMES if given.quick else TIMES)
    total: Counter[str] = Counter()
    with TemporaryDirectory() as folder:
        scene = Scene(Path(folder), given.documents or (QUICK_DOCUMENTS if given.quick else DOCUMENTS))
        for seed in range(given.seed, given.seed + times):
            seen = tried(scene, seed)
            wrong = [name for name in ("spoilt", "failed", "different", "left behind") if seen[name]]
            if wrong:
                print(f"seed {seed}: {', '.join(wrong)}", flush=True)
            total += seen
    wrong_ones = sum(total[name] for name in ("spoilt", "failed", "different", "left behind"))
    print(
        f"{times} runs, {total['kills']} kills ({total['ended before']} came too late): output neither the former nor "
        f"the new one {total['spoilt']}, re-run failed {total['failed']}, other output {total['different']}, "
        f"something left behind {total['left behind']}"
    )
    write_figures({"kill.runs": times, "kill.kills": total["kills"], "kill.faults": wrong_ones}, given.json)
    return 1 if wrong_ones else 0


if __name__ == "__main__":
    sys.exit(main())
