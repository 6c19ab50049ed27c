"""Hold a comparison against pairs of targets that readers wrote down: recall and precision.

python tests/read_pairs.py prints what is missing and what is wrong.
"""

from __future__ import annotations

import dataclasses
import re
import sys
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import pipeline
from pipeline.compare import compare
from pipeline.lexicon import load_lexicon
from pipeline.model.changes import ChangeRow
from pipeline.model.tables import Record, TargetRow

GOLD = Path(__file__).parent / "gold" / "pairs"
SHARED = Path(__file__).parents[1].parent / "shared"
SPACE = re.compile(r"\s")


class Score(NamedTuple):
    """Pairs that readers are sure of and how many were found; pairs given and how many of them are right."""

    wanted: int
    found: int
    given: int
    right: int
    misses: tuple[str, ...]

    @property
    def recall(self) -> float:
        """Share of the sure pairs that were found."""
        return self.found / self.wanted

    @property
    def precision(self) -> float:
        """Share of the given pairs that readers wrote down too, as sure or as possible."""
        return self.right / self.given


def load(name: str) -> Record:
    """Give a shared document by the start of its path; `#p1` keeps only its first plan."""
    path, _, plan = name.partition("#")
    [file] = (SHARED / path).parent.glob(Path(path).name + "_*")
    record = pipeline.parse(file)
    if not plan:
        return record
    parts = {
        field: tuple(row for row in getattr(record, field) if (row.plan_id or "").endswith(f"-{plan}"))
        for field in ("plans", "sections", "tasks", "targets", "responsibilities")
    }
    return dataclasses.replace(record, **parts)  # type: ignore[arg-type]


class Mentions:
    """Finds the target that a passage means."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.places = [place for place, character in enumerate(record.text) if not SPACE.match(character)]
        self.text = "".join(record.text[place] for place in self.places)

    def target(self, words: str) -> str | None:
        """Give the id of the last target that the passage touches; None where the figure is no target of the record."""
        assert self.text.count(words) == 1, words
        start = self.text.index(words)
        first, last = self.places[start], self.places[start + len(words) - 1]
        touched = [row for row in self.record.targets if row.char_start <= last and row.char_end > first]
        return touched[-1].target_id if touched else None


def score(file: Path) -> tuple[Score, list[ChangeRow], dict[str, Any]]:
    """Compare the two documents of a file of pairs and count."""
    gold = tomllib.loads(file.read_text(encoding="utf-8"))
    a, b = load(gold["a"]), load(gold["b"])
    rows = [row for row in compare(a, b, load_lexicon()).changes if row.element == "target" and row.a_id and row.b_id]
    given = {(row.a_id, row.b_id) for row in rows}
    mentions = Mentions(a), Mentions(b)
    allowed: set[tuple[str | None, str | None]] = set()
    wanted = found = 0
    misses = []
    for pair in gold["pair"]:
        sure = {(mentions[0].target(x), mentions[1].target(y)) for x in pair["a"] for y in pair["b"]}
        firsts = [mentions[0].target(x) for x in (*pair["a"], *pair.get("a_steps", ()))]
        seconds = [mentions[1].target(y) for y in (*pair["b"], *pair.get("b_steps", ()))]
        allowed |= {(x, y) for x in firsts for y in seconds}
        if pair["sure"]:
            wanted += 1
            found += bool(sure & given)
            if not sure & given:
                misses.append(f"missing: {pair['name']}")
    names = {row.target_id: row for record in (a, b) for row in record.targets}
    wrong = sorted((x, y) for x, y in given - allowed if x and y)
    misses += [f"wrong: {_words(names[x])} → {_words(names[y])}" for x, y in wrong]
    return Score(wanted, found, len(given), len(given) - len(wrong), tuple(misses)), rows, gold


def _words(row: TargetRow) -> str:
    return f"{row.indicator} {row.value} {row.year_end}"


if __name__ == "__main__":
    for gold_file in sorted(GOLD.glob("*.toml")):
        counted, _, _ = score(gold_file)
        print(f"{gold_file.stem}: recall {counted.recall:.2f} ({counted.found}/{counted.wanted}), ", end="")
        print(f"precision {counted.precision:.2f} ({counted.right}/{counted.given})")
        for line in counted.misses if "--misses" in sys.argv else ():
            print("   ", line)
