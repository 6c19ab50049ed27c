"""How long comparing two plans takes, by their size: one plan against its edited version, both made of invented ones.

python benchmarks/compare.py [--pages 25 50 100 200 400 800] [--seed 1]

A page counts 700 characters. Printed are the seconds of each size, how many times the pages and how many times the
seconds of the smallest one that is, and the exponent of the growth since the size before (1 is linear).
"""

from __future__ import annotations

import argparse
import dataclasses
import math
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from plans.pairs import pair

import pipeline
from pipeline.compare import compare
from pipeline.lexicon import load_lexicon
from pipeline.model.tables import Record

PAGE = 700
ROWS = ("sections", "tasks", "targets", "responsibilities")
IDS = ("section_id", "parent_id", "task_id", "target_id", "responsibility_id", "part_of")


def joined(records: Sequence[Record]) -> Record:
    """Give many documents as one with a single plan: ids get the number of their document, offsets move on."""
    first = records[0]
    rows: dict[str, list[Any]] = {name: [] for name in ROWS}
    texts: list[str] = []
    bodies: dict[str, Any] = {}
    start = 0
    for number, record in enumerate(records):
        for name in ROWS:
            rows[name] += [_moved(row, first, number, start) for row in getattr(record, name)]
        bodies |= {body.organisation_id: body for body in record.organisations}
        texts.append(record.text)
        start += len(record.text)
    return dataclasses.replace(
        first, text="".join(texts), organisations=tuple(bodies.values()), evidence=(), members=(), periods=(),
        numbers=(), workload=(), problems=(), **{name: tuple(found) for name, found in rows.items()},
    )  # fmt: skip


def _moved(row: Any, first: Record, number: int, start: int) -> Any:
    changed: dict[str, Any] = {"document_id": first.document.document_id}
    if row.plan_id is not None:
        changed["plan_id"] = first.plans[0].plan_id
    for name in IDS:
        if getattr(row, name, None) is not None:
            changed[name] = f"{getattr(row, name)}-{number}"
    for name in ("char_start", "char_end"):
        if hasattr(row, name):
            changed[name] = getattr(row, name) + start
    return dataclasses.replace(row, **changed)


def plans_of(pages: int, seed: int) -> tuple[Record, Record]:
    """Give a plan of so many pages and its edited version."""
    sides: tuple[list[Record], list[Record]] = ([], [])
    characters = 0
    while characters < pages * PAGE:
        made = pair(seed)
        for side, words in zip(sides, (made.a_text, made.b_text), strict=True):
            side.append(pipeline.parse(words.encode("utf-8"), name="plan.txt"))
        characters += len(made.a_text)
        seed += 1
    return joined(sides[0]), joined(sides[1])


def measured(sizes: Sequence[int], seed: int) -> Iterator[str]:
    """Give a line for each size."""
    lexicon = load_lexicon()
    compare(*plans_of(1, seed), lexicon)
    first: tuple[int, float] | None = None
    last: tuple[int, float] | None = None
    heads = {
        "pages": 6,
        "sections": 9,
        "targets": 8,
        "bodies": 7,
        "seconds": 8,
        "× pages": 8,
        "× time": 7,
        "exponent": 9,
    }
    yield " ".join(head.rjust(size) for head, size in heads.items())
    for size in sizes:
        a, b = plans_of(size, seed)
        began = time.perf_counter()
        compare(a, b, lexicon)
        seconds = time.perf_counter() - began
        pages = len(a.text) // PAGE
        first = first or (pages, seconds)
        growth = f"{math.log(seconds / last[1]) / math.log(pages / last[0]):9.2f}" if last else ""
        yield (
            f"{pages:6} {len(a.sections):9,} {len(a.targets):8,} {len(a.responsibilities):7,} {seconds:8.2f} "
            f"{pages / first[0]:8.1f} {seconds / first[1]:7.1f} {growth}"
        )
        last = (pages, seconds)


def main() -> None:
    """Measure the sizes that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, nargs="+", default=[25, 50, 100, 200, 400, 800])
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for line in measured(options.pages, options.seed):
        print(line, flush=True)


if __name__ == "__main__":
    main()
