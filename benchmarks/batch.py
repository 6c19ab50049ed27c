"""Many documents: how fast, how time and memory grow, what two workers bring, and what a second run costs.

    python benchmarks/batch.py [--most N] [--scheduler ADDRESS] [--work DIR] [--quick] [--json FILE]

The documents are those of documents.py: 2 to 20 KB, text and web pages. Each run is a process of `zhengce run`; its
seconds are those on the clock, so the machine should be quiet; where ratios of CPU seconds say more, they are told
too. Peak memory is what the system keeps as the highest of the main process and of the largest worker. Outputs are
compared byte by byte with those of a fresh run.
"""

from __future__ import annotations

import math
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.documents import document, path_of, write_documents
from benchmarks.measure import cpu_seconds, here, options, python, record_of, write_figures
from benchmarks.runs import Ran, run, tree_hash
from pipeline.lexicon import Lexicon, load_lexicon

MOST, QUICK_MOST = 100_000, 400
# Runs of this many documents are repeated; larger ones run once.
REPEATED, TIMES = 1000, 3
# What the machine gives two processes that have nothing to do with each other is told over so many documents each.
ALONE = 300
# Reads documents over and over in one process, without a run around it.
READER = "from benchmarks.batch import warm_rate; warm_rate({count})"
CORES = os.cpu_count() or 1
Figures = dict[str, float]


@contextmanager
def workplace(given: Path | None) -> Iterator[Path]:
    """Give an empty folder for documents and outputs, and remove it."""
    if given is not None:
        given.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=given) as folder:
        yield Path(folder)


def told(name: str, ran: Ran, count: int) -> None:
    """Print a line about a run."""
    rate = count / ran.seconds
    print(
        f"{name:34}{ran.seconds:>9.1f} s{rate:>9.1f}/s{ran.main:>7.0f} MB{ran.worker:>7.0f} MB a worker",
        flush=True,
    )


def must(ran: Ran) -> Ran:
    """Give a run back that went well; raises RuntimeError else."""
    if ran.code:
        raise RuntimeError(f"a run ended with exit code {ran.code}:\n{ran.told[-2000:]}")
    return ran


def fresh(inputs: Path, out: Path, *more: str) -> Ran:
    """Run without anything from before."""
    for folder in (out, out.with_name(f".{out.name}.cache")):
        shutil.rmtree(folder, ignore_errors=True)
    return must(run(inputs, out, *more))


@contextmanager
def cluster(address: str | None) -> Iterator[str | None]:
    """Give the address of a scheduler: the given one, or for `here` one of our own, with two workers beside it."""
    if address != "here":
        yield address
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    quiet = {"env": here(), "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    plain = ("--no-dashboard", "--host", "127.0.0.1")
    port = address.rpartition(":")[2]
    words = [("scheduler", *plain, "--port", port), *[("worker", address, *plain, "--nthreads", "1")] * 2]
    with ExitStack() as ending:
        for one in words:
            process = subprocess.Popen(python("-m", "dask", *one), **quiet)  # type: ignore[call-overload]
            ending.callback(process.wait)
            ending.callback(process.terminate)
        yield address


def warm_rate(count: int) -> Figures:
    """Give documents a second of one core, from bytes to records, the rules loaded."""
    lexicon = load_lexicon()
    made = [(f"{seed}{suffix}", data) for seed in range(count) for suffix, data in [document(seed)]]
    for name, data in made[:20]:
        record_of(data, name, lexicon)
    rates = []
    for start in range(5):
        part = made[start::5]
        rates.append(len(part) / cpu_seconds(partial(_parse_all, part, lexicon)))
    return {"batch.warm.documents_a_second": median(rates)}


def _parse_all(documents: list[tuple[str, bytes]], lexicon: Lexicon) -> None:
    for name, data in documents:
        record_of(data, name, lexicon)


def workers(work: Path, count: int, scheduler: str | None) -> Figures:
    """Give what two workers bring, and what a scheduler costs against them: medians of runs in turn."""
    inputs = work / "documents"
    ways = {"one worker": ("--jobs", "1"), "two workers": ("--jobs", "2")}
    if scheduler:
        ways["two workers of a scheduler"] = ("--scheduler", scheduler)
    ran: dict[str, list[Ran]] = {way: [] for way in ways}
    side_by_side: list[float] = []
    for _ in range(TIMES):
        side_by_side.append(2 * _readers(1, min(count, ALONE)) / _readers(2, min(count, ALONE)))
        print(f"two processes that share nothing: {side_by_side[-1]:.2f} × one", flush=True)
        for way, more in ways.items():
            ran[way].append(fresh(inputs, work / "out", *more))
            told(f"{count:,}, {way}", ran[way][-1], count)
    seconds = {way: median(one.seconds for one in runs) for way, runs in ran.items()}
    cpu = {way: median(one.cpu for one in runs) for way, runs in ran.items()}
    figures = {
        "batch.two_workers": seconds["one worker"] / seconds["two workers"],
        "batch.two_workers.cpu": cpu["two workers"] / cpu["one worker"],
        "batch.two_processes": median(side_by_side),
        "batch.run.documents_a_second": count / seconds["one worker"],
    }
    if scheduler:
        figures["batch.scheduler"] = seconds["two workers of a scheduler"] / seconds["two workers"]
    return figures


def _readers(processes: int, documents: int) -> float:
    """Give the seconds that so many processes take, each of which reads the same documents on its own."""
    began = time.monotonic()
    words = READER.format(count=documents)
    readers = [subprocess.Popen(python("-c", words), env=here()) for _ in range(processes)]
    if any([reader.wait() for reader in readers]):
        raise RuntimeError("a process that reads documents on its own failed")
    return time.monotonic() - began


def growth(work: Path, sizes: list[int], before: tuple[int, Ran] | None = None) -> tuple[Figures, tuple[int, Ran]]:
    """Give time and memory from size to size, and the last run; documents and output of the last are left.

    Exponents compare each size with the mean of the smaller one, run before it and behind it.
    """
    inputs, out = work / "documents", work / "out"
    figures: Figures = {}
    for size in sizes:
        written = before[0] if before else 0
        write_documents(inputs, size - written, written)
        times = TIMES if size <= REPEATED else 1
        ran = sorted((fresh(inputs, out) for _ in range(times)), key=lambda one: one.seconds)[times // 2]
        told(f"{size:,}", ran, size)
        figures |= {
            f"batch.{size}.seconds": ran.seconds, f"batch.{size}.main_megabytes": ran.main,
            f"batch.{size}.worker_megabytes": ran.worker,
        }  # fmt: skip
        if before is not None:
            few, former = before
            again = _again(work, few)
            times = math.log(size / few)
            clock, cpu = ((a + b) / 2 for a, b in zip(former[:2], again[:2], strict=True))
            figures[f"batch.{size}.exponent"] = math.log(ran.seconds / clock) / times
            figures[f"batch.{size}.cpu_exponent"] = math.log(ran.cpu / cpu) / times
            figures[f"batch.{size}.memory_growth"] = ran.main / max(former.main, 1)
        before = size, ran
    assert before is not None
    return figures, before


def _again(work: Path, size: int) -> Ran:
    """Run over fewer documents once more: a machine that is shared is slower at one hour than at another."""
    with tempfile.TemporaryDirectory(dir=work) as folder:
        write_documents(Path(folder) / "documents", size)
        ran = fresh(Path(folder) / "documents", Path(folder) / "out")
    told(f"{size:,}, once more", ran, size)
    return ran


def second_runs(work: Path, size: int) -> Figures:
    """Give what a second run costs when nothing or one file is new, and whether it writes what a fresh one does."""
    inputs, out, again = work / "documents", work / "out", work / "again"
    whole = must(run(inputs, out))
    fresh_seconds = fresh(inputs, again).seconds
    same = tree_hash(out) == tree_hash(again)
    nothing = sorted(must(run(inputs, out)).seconds for _ in range(TIMES))[TIMES // 2]
    print(f"{size:,}, nothing new{nothing:>29.1f} s   {100 * nothing / fresh_seconds:.1f} % of {fresh_seconds:.1f} s")
    figures = {
        "batch.nothing_new.seconds": nothing, "batch.nothing_new.share": nothing / fresh_seconds,
        "batch.first_look.seconds": whole.seconds,
    }  # fmt: skip
    suffix, data = document(0)
    first, new = path_of(inputs, 0, suffix), inputs / "new.txt"
    newcomer = next(made for made in map(document, range(10**9, 10**9 + 100)) if made[0] == ".txt")[1]
    deeds: dict[str, Callable[[], object]] = {
        "one_changed": lambda: first.write_bytes(data.replace("总体目标".encode(), "主要目标".encode())),
        "one_added": lambda: new.write_bytes(newcomer),
        "one_removed": new.unlink,
    }
    for name, deed in deeds.items():
        deed()
        ran = must(run(inputs, out))
        told(f"{size:,}, {name.replace('_', ' ')}", ran, size)
        fresh(inputs, again)
        same = same and tree_hash(out) == tree_hash(again)
        figures[f"batch.{name}.seconds"] = ran.seconds
        figures[f"batch.{name}.share"] = ran.seconds / fresh_seconds
    first.write_bytes(data)
    print(f"outputs are {'the same as' if same else 'DIFFERENT from'} those of fresh runs, byte by byte")
    return {**figures, "batch.identical": float(same)}


def sizes_up_to(most: int) -> list[int]:
    """Give the sizes to measure: thousands in steps of ten, or smaller steps where `most` is small."""
    found = [size for size in (1000, 10_000, 100_000) if size <= most]
    return found if len(found) > 1 and found[-1] == most else sorted({*found, max(2, most // 10), most})


def main() -> int:
    """Measure and print."""
    parser = options(__doc__, f"{QUICK_MOST} documents at most")
    parser.add_argument("--most", type=int, help=f"the most documents ({MOST:,}; {QUICK_MOST} with --quick)")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="measure a cluster with two workers too; here: our own")
    parser.add_argument("--work", type=Path, metavar="DIR", help="where the documents go for a while")
    given = parser.parse_args()
    most = given.most or (QUICK_MOST if given.quick else MOST)
    sizes = sizes_up_to(most)
    middle = sizes[-2] if len(sizes) > 2 else sizes[-1]
    figures = warm_rate(100 if given.quick else 500)
    print(f"warm, one core: {figures['batch.warm.documents_a_second']:.1f} documents a second")
    with workplace(given.work) as work:
        count = min(most // 2 if given.quick else most, REPEATED)
        write_documents(work / "documents", count)
        with cluster(given.scheduler) as scheduler:
            figures |= workers(work, count, scheduler)
        shutil.rmtree(work / "documents")
        grown, last = growth(work, [size for size in sizes if size <= middle])
        figures |= grown | second_runs(work, middle)
        # The largest comes last and alone: nothing of the others is on the disk.
        for folder in ("again", ".again.cache"):
            shutil.rmtree(work / folder, ignore_errors=True)
        (work / "documents" / "new.txt").unlink(missing_ok=True)
        if middle < sizes[-1]:
            figures |= growth(work, sizes[-1:], last)[0]
    figures["batch.documents"] = sizes[-1]
    for name in ("exponent", "cpu_exponent", "memory_growth"):
        figures[f"batch.{name}"] = max(figures[f"batch.{size}.{name}"] for size in sizes[1:])
    figures["batch.main_megabytes"] = figures[f"batch.{sizes[-1]}.main_megabytes"]
    figures["batch.worker_megabytes"] = figures[f"batch.{sizes[-1]}.worker_megabytes"]
    write_figures(figures, given.json)
    return 0 if figures["batch.identical"] else 1


if __name__ == "__main__":
    sys.exit(main())
