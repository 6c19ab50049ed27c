"""Whether texts of the worst shapes take time in proportion to their length, stage by stage.

    python benchmarks/worst.py [--only CASE ...] [--quick | --full] [--limit SECONDS] [--json FILE]

Each case is a text in which one thing is carried to the extreme: one line, headings without end, brackets that never
close. It is parsed at three sizes, each four times the one before, the largest 2 million characters (most cases a
quarter of it), in a process of its own; with `--full` a few shapes up to what the reader takes: lines of 20 MB, half a
million headings, a million numbers, two million brackets in one another. Printed are the characters and CPU seconds
of the largest size and, for the whole and each stage, the exponent of the growth since the size before: 1 is linear, 2
quadratic; `-` is too short to tell. A size that would take longer than the limit, by the growth so far, is left out,
and the line tells so.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measure import (
    STAGES,
    answers,
    exponent,
    options,
    peak_megabytes,
    record_of,
    stage_seconds,
    timed,
    write_figures,
)
from benchmarks.worst_texts import CASES
from pipeline.lexicon import load_lexicon
from pipeline.model.tables import Record
from pipeline.read import ReadError
from pipeline.write import write_dataset

LARGEST = 1_990_000
# Just below what the reader takes, and the shapes that are measured there. Dense text needs 5 GB of memory.
FULL_SIZE = 7_990_000
FULL = ("no-stop", "one-line", "headings", "numbers", "numerals", "nested")
# The shapes that people ask for; the others are measured at a quarter of that.
FIRST = (
    "one-line", "no-stop", "headings", "numbers", "single-digits", "one-digit", "targets", "nested", "unclosed",
    "bodies", "table", "traditional",
)  # fmt: skip
# What a short run adds to them: shapes that once were not linear.
ALSO = ("digit-groups", "years", "short-lines", "contents", "pipes", "headings-mixed", "page-nested")
QUICK = 60_000
STEP = 4
ALL_STAGES = (*STAGES, "write")
# The clock may run so many times the limit of one size: there are three, and a machine may be busy.
CLOCK = 6
# What a stage may grow by and still be called linear: memory that no longer fits the caches costs some.
LINEAR = 1.25
# A stage that takes less than this share of the whole, or so few seconds, does not make it slow.
SHARE, FEW_SECONDS = 0.1, 0.25
Seconds = dict[str, float]


def measured(text: str) -> Seconds:
    """Give the CPU seconds of each stage, the writing too; raises ReadError where the text is refused."""
    lexicon = load_lexicon()
    data = text.encode("utf-8")
    seconds, record = timed(data, "worst.txt", lexicon)
    seconds["write"] = _writing(record)
    # Short ones again: on a busy machine the least of several comes nearest to what it is.
    for _ in range(2 if sum(seconds.values()) < 1.0 else 0):
        again = {**stage_seconds(data, "worst.txt", lexicon), "write": _writing(record)}
        seconds = {stage: min(seconds[stage], again[stage]) for stage in ALL_STAGES}
    return seconds


def _writing(record: Record) -> float:
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        write_dataset([record], Path(folder) / "out")
        return time.process_time() - began


def serve(case: str, sizes: list[int], limit: float) -> None:
    """Print a line of JSON for each size of a case: seconds, characters, memory; or why it was left out."""
    record_of("到2025年，新增企业10家。\n".encode(), "warm.txt", load_lexicon())
    before = peak_megabytes()
    last: list[float] = []
    for size in sizes:
        if last and (likely := last[-1] * max(STEP, last[-1] / max(last[-2:-1] or [1e9]))) > limit:
            _tell({"fault": f"{size:,} left out: about {likely:,.0f} s"})
            return
        text = CASES[case](size)
        try:
            seconds = measured(text)
        except ReadError as error:
            _tell({"fault": f"{size:,} refused: {error.code}"})
            return
        except (RecursionError, MemoryError) as error:
            _tell({"fault": f"{size:,}: {type(error).__name__}"})
            return
        last.append(sum(seconds.values()))
        _tell({"seconds": seconds, "characters": len(text), "megabytes": peak_megabytes() - before})


def _tell(found: dict[str, object]) -> None:
    print(json.dumps(found, ensure_ascii=False), flush=True)


class Growth:
    """The seconds of one case by size, and how they grow."""

    def __init__(self, case: str, sizes: list[int], limit: float) -> None:
        """Measure at each size as long as the next one is likely to stay within the limit."""
        self.case, self.note = case, ""
        self.points: list[tuple[int, Seconds, float]] = []
        words = [__file__, "--serve", case, str(limit), *map(str, sizes)]
        # What is known by then is still told.
        found = answers(words, CLOCK * limit)
        for one in found:
            if "fault" in one:
                self.note = one["fault"]
            else:
                self.points.append((one["characters"], one["seconds"], one["megabytes"]))
        if len(found) < len(sizes) and not self.note:
            self.note = f"{sizes[len(found)]:,} stopped after {CLOCK * limit:g} s on the clock"

    def exponent(self, stage: str | None = None) -> float | None:
        """Give the exponent between the two largest sizes, of one stage or of the whole."""
        if len(self.points) < 2:
            return None
        (small, before, _), (large, after, _) = self.points[-2:]
        if stage is None:
            return exponent(sum(before.values()), sum(after.values()), large / small)
        return exponent(before.get(stage, 0), after.get(stage, 0), large / small) if stage in before else None

    def culprits(self) -> list[str]:
        """Give the stages that grow faster than the text and matter."""
        if not self.points:
            return []
        last = self.points[-1][1]
        grown = {stage: self.exponent(stage) for stage in last}
        least = max(SHARE * sum(last.values()), FEW_SECONDS)
        return [stage for stage, power in grown.items() if power and power > LINEAR and last[stage] > least]

    def line(self) -> str:
        """Give the line that is printed."""
        if not self.points:
            return f"{self.case:18}{self.note}"
        characters, seconds, megabytes = self.points[-1]
        powers = "".join(_shown(self.exponent(stage)) for stage in (None, *ALL_STAGES))
        told = f"{self.case:18}{characters // 1000:>5}{sum(seconds.values()):>8.2f}{megabytes:>6.0f}{powers}"
        notes = [*([f"not linear: {', '.join(self.culprits())}"] if self.culprits() else []), self.note]
        return told + "".join(f"\n{'':18}{note}" for note in notes if note)


def _shown(power: float | None) -> str:
    return f"{'-' if power is None else f'{power:.2f}':>6}"


def growths(cases: Sequence[str], largest: int, limit: float) -> Iterator[Growth]:
    """Give the growth of each case; those that are not asked for first have a quarter of the largest size."""
    for case in cases:
        most = largest if case in FIRST + FULL or largest <= QUICK else largest // STEP
        yield Growth(case, [most // STEP**power for power in (2, 1, 0)], limit)


def figures(found: list[Growth]) -> dict[str, float]:
    """Give the figures by name: exponents of the whole, the worst of them, and how many are not linear."""
    powers = {growth.case: growth.exponent() for growth in found}
    named = {f"worst.{case}.exponent": power for case, power in powers.items() if power is not None}
    named["worst.exponent"] = max(named.values(), default=0.0)
    named["worst.cases"] = len(found)
    named["worst.not_linear"] = sum(bool(growth.culprits() or growth.note) for growth in found)
    last = [(growth.case, *growth.points[-1]) for growth in found if growth.points]
    named |= {f"worst.{case}.seconds": sum(seconds.values()) for case, _, seconds, _ in last}
    named["worst.bytes_a_character"] = max((mega * (1 << 20) / size for _, size, _, mega in last), default=0.0)
    return named


def main() -> int:
    """Measure, print; exit code 1 where a stage is not linear."""
    parser = options(__doc__, f"{len(FIRST + ALSO)} cases, {QUICK:,} characters at most")
    parser.add_argument("--only", nargs="+", choices=list(CASES), metavar="CASE", help=f"of {', '.join(CASES)}")
    parser.add_argument("--limit", type=float, default=120, help="seconds that one size may take (120)")
    parser.add_argument("--full", action="store_true", help=f"{len(FULL)} cases, up to {FULL_SIZE:,} characters")
    parser.add_argument("--largest", type=int, metavar="CHARACTERS", help=f"the largest size ({LARGEST:,})")
    parser.add_argument("--serve", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        case, limit, *sizes = given.serve
        serve(case, [int(size) for size in sizes], float(limit))
        return 0
    cases = given.only or (FIRST + ALSO if given.quick else FULL if given.full else list(CASES))
    largest = given.largest or (QUICK if given.quick else FULL_SIZE if given.full else LARGEST)
    print(f"{'case':18}{'k':>5}{'s':>8}{'MB':>6}{'all':>6}" + "".join(f"{stage[:5]:>6}" for stage in ALL_STAGES))
    found = []
    for growth in growths(cases, largest, given.limit):
        print(growth.line(), flush=True)
        found.append(growth)
    write_figures(figures(found), given.json)
    return 1 if any(growth.culprits() for growth in found) else 0


if __name__ == "__main__":
    sys.exit(main())
