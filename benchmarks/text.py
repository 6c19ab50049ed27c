"""From text to records: against the floor, against two other packages, and how the time grows with the text.

    python benchmarks/text.py [--peers PYTHON] [--rounds N] [--quick] [--json FILE]

The texts are the seeds of ../shared (those of raw/ where they are absent), their bytes in memory, the rules loaded.
Counted are CPU seconds, the median of the rounds; in each round every candidate has its turn, so that all meet the
same moments of the machine. The floor is that of floor.py. `--peers` names an interpreter that has Recognizers-Text
and JioNLP (peers.py tells how to make one); of what they and we find, the share of the gold's targets is told by the
scorer of ../shared, on value, unit and place, and on value and place alone.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.documents import document
from benchmarks.floor import converter, floor, name_scan
from benchmarks.measure import (
    SHARED,
    STAGES,
    cpu_seconds,
    options,
    record_of,
    seeds,
    stage_seconds,
    write_figures,
)
from benchmarks.peers import around
from pipeline.lexicon import Lexicon, load_lexicon
from pipeline.model.tables import Record

ROUNDS, QUICK_ROUNDS = 7, 3
# Recognizers-Text takes seconds a round.
PEER_ROUNDS = 3
MEGABYTE = 1_000_000
# One document stays below a quarter of the limit of the reader, so that a round takes seconds.
LONGEST = 5_400_000
Documents = list[tuple[str, bytes]]
Figures = dict[str, float]


class Peers:
    """The process of the other packages."""

    def __init__(self, interpreter: str, texts: Path) -> None:
        """Start it. Raises RuntimeError where the interpreter lacks a package."""
        self.process = subprocess.Popen(
            [interpreter, str(Path(__file__).with_name("peers.py")), str(texts)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8",
        )  # fmt: skip
        self.versions: dict[str, str] = self._answer()

    def ask(self, what: str) -> Any:
        """Give the answer to a line."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{what}\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the interpreter given to --peers has not the packages that peers.py names")
        return json.loads(line)


@contextmanager
def peers(interpreter: str | None, documents: Documents) -> Iterator[Peers | None]:
    """Give the process of the other packages with the texts in simplified characters; None where there is none."""
    if interpreter is None:
        print("Recognizers-Text and JioNLP: left out, no --peers")
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        for name, data in documents:
            (Path(folder) / name).write_text(converter().convert(data.decode("utf-8")), encoding="utf-8")
        others = Peers(interpreter, Path(folder))
        try:
            yield others
        finally:
            others.process.communicate()


def in_turn(candidates: dict[str, Callable[[], float]], rounds: dict[str, int]) -> dict[str, float]:
    """Give the median seconds of each candidate; all have their turn in each round, after one to warm up."""
    seconds: dict[str, list[float]] = {name: [] for name in candidates}
    for turn in range(max(rounds.values()) + 1):
        for name, candidate in candidates.items():
            if turn <= rounds[name]:
                taken = candidate()
                if turn:
                    seconds[name].append(taken)
    return {name: median(found) for name, found in seconds.items()}


def all_of(deed: Callable[[str, bytes], object], documents: Documents) -> float:
    """Give the CPU seconds of one deed over all documents; what came out is dropped at once."""

    def every() -> None:
        for name, data in documents:
            deed(name, data)

    return cpu_seconds(every)


def against_others(documents: Documents, lexicon: Lexicon, others: Peers | None, rounds: int) -> Figures:
    """Give our time as a share of the floor's and of the other packages'."""
    candidates: dict[str, Callable[[], float]] = {
        "ours": lambda: all_of(lambda name, data: record_of(data, name, lexicon), documents),
        "floor": lambda: all_of(lambda _, data: floor(data), documents),
    }
    times = {"ours": rounds, "floor": rounds}
    for peer in others.versions if others else ():
        candidates[peer] = lambda peer=peer: float(others.ask(peer))  # type: ignore[misc,union-attr]
        times[peer] = min(rounds, PEER_ROUNDS)
    found = in_turn(candidates, times)
    figures = {f"text.{name}.ms": 1000 * seconds for name, seconds in found.items()}
    figures["text.ours_to_floor"] = found["ours"] / found["floor"]
    for peer in others.versions if others else ():
        figures[f"text.{peer}_to_ours"] = found[peer] / found["ours"]
        figures[f"text.{peer}_to_floor"] = found[peer] / found["floor"]
    return figures


def by_stage(documents: Documents, lexicon: Lexicon, rounds: int) -> Figures:
    """Give the milliseconds of each stage over all documents."""
    sums: dict[str, list[float]] = {stage: [] for stage in STAGES}
    for _ in range(rounds):
        taken = [stage_seconds(data, name, lexicon) for name, data in documents]
        for stage in STAGES:
            sums[stage].append(1000 * sum(seconds[stage] for seconds in taken))
    return {f"text.{stage}.ms": median(found) for stage, found in sums.items()}


def growth(documents: Documents, lexicon: Lexicon, quick: bool) -> Figures:
    """Give the time a byte at ten times the text, as a share: as many documents, and as one."""
    few, many = (MEGABYTE // 4, MEGABYTE) if quick else (MEGABYTE, 10 * MEGABYTE)
    short, long = (MEGABYTE // 4, MEGABYTE) if quick else (MEGABYTE, LONGEST)
    figures = {}
    for name, small, large in (
        ("documents", _repeated(documents, few), _repeated(documents, many)),
        ("one", [("one.txt", _joined(documents, short))], [("one.txt", _joined(documents, long))]),
    ):
        rates = []
        for part in (small, large, small):
            size = sum(len(data) for _, data in part)
            rates.append(all_of(lambda source, data: record_of(data, source, lexicon), part) / size)
        figures[f"text.{name}.ms_a_megabyte"] = 1e9 * rates[1]
        # The small one was measured before and after the large one.
        figures[f"text.{name}.growth"] = rates[1] / (sum(rates[::2]) / 2)
    return figures


def _repeated(documents: Documents, size: int) -> Documents:
    times = size // sum(len(data) for _, data in documents) + 1
    given: Documents = []
    left = size
    for name, data in documents * times:
        if left > 0:
            given.append((name, data))
            left -= len(data)
    return given


def _joined(documents: Documents, size: int) -> bytes:
    whole = b"\n".join(data for _, data in _repeated(documents, size))
    return whole[:size].decode("utf-8", errors="ignore").encode("utf-8")


def never_met(lexicon: Lexicon, count: int) -> Figures:
    """Give our time as a share of the floor's over generated plans of which no two have a sentence in common."""
    made = [(f"{seed}.txt", document(seed)[1]) for seed in range(count) if seed % 4]
    parts = [made[start::4] for start in range(4)]
    ratios = []
    for part in parts:
        ours = all_of(lambda name, data: record_of(data, name, lexicon), part)
        least = all_of(lambda _, data: floor(data), part)
        ratios.append(ours / least)
    return {"text.generated.ours_to_floor": median(ratios)}


def gold_shares(documents: Documents, lexicon: Lexicon, others: Peers | None) -> Figures:
    """Give the share of the gold's targets that we and the others find, by the scorer of ../shared."""
    scorer, gold = SHARED / "score" / "score.py", SHARED / "gold"
    if not scorer.is_file():
        print(f"share of the gold's targets: left out, {scorer} is not there")
        return {}
    spec = importlib.util.spec_from_file_location("score", scorer)
    assert spec is not None and spec.loader is not None
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    hits = {"ours": {Path(name).stem: _rows(record_of(data, name, lexicon)) for name, data in documents}}
    for peer in others.versions if others else ():
        hits[peer] = others.ask(f"hits {peer}")  # type: ignore[union-attr]
    counts: dict[str, list[int]] = {}
    for stem in hits["ours"]:
        path = gold / f"{stem}.json"
        wanted = json.loads(path.read_text(encoding="utf-8"))["targets"] if path.is_file() else []
        wanted = [target for target in wanted if target["kind"] != "breakthrough"]
        bare = [target | {"unit": ""} for target in wanted]
        for who, found in hits.items():
            unitless = [row | {"unit": ""} for row in found[stem]]
            for name, targets, got in (("gold", wanted, found[stem]), ("gold_value", bare, unitless)):
                count = counts.setdefault(f"text.{who}.{name}", [0, 0])
                count[0] += score.score_targets(targets, got, [])["found"][0]
                count[1] += len(targets)
    return {name: found / wanted for name, (found, wanted) in counts.items() if wanted}


def _rows(record: Record) -> list[dict[str, Any]]:
    return [
        {"value": target.value, "unit": target.unit, "indicator": "",
         "sentence": around(record.text, target.char_start, target.char_end)}
        for target in record.targets
    ]  # fmt: skip


def report(figures: Figures) -> None:
    """Print the figures, a line each."""
    for name, value in figures.items():
        print(f"{name:44}{value:>14,.2f}")


def main() -> int:
    """Measure and print."""
    parser = options(__doc__, "three rounds, growth from 250 KB to 1 MB")
    parser.add_argument("--peers", metavar="PYTHON", help="an interpreter with Recognizers-Text and JioNLP")
    parser.add_argument("--rounds", type=int, help=f"rounds ({ROUNDS}; {QUICK_ROUNDS} with --quick)")
    given = parser.parse_args()
    rounds = given.rounds or (QUICK_ROUNDS if given.quick else ROUNDS)
    documents, lexicon = seeds(), load_lexicon()
    print(f"{len(documents)} texts, {sum(len(data) for _, data in documents):,} bytes; names by {name_scan()[0]}")
    with peers(given.peers, documents) as others:
        figures = against_others(documents, lexicon, others, rounds)
        figures |= gold_shares(documents, lexicon, others)
    figures |= by_stage(documents, lexicon, rounds)
    figures |= never_met(lexicon, 60 if given.quick else 300)
    figures |= growth(documents, lexicon, given.quick)
    report(figures)
    write_figures(figures, given.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
