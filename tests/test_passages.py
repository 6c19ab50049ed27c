"""The grammar of targets on passages of all topics that were written and read by a second person.

The rules were not written for these passages; what the first run found is told in docs/accuracy.md. The floors
below only rise. `python -m tests.test_passages` prints every difference, `… paragraphs.toml` those of one file.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from pipeline.lexicon import Lexicon, load_lexicon
from tests.reading import read, spell

GOLD = Path(__file__).parent / "gold"
SCORES = ("found", "strict", "full")
FLOORS = {
    "passages.toml": {"found": 0.985, "strict": 0.92, "full": 0.885},
    "paragraphs.toml": {"found": 0.985, "strict": 0.845, "full": 0.825},
}
UNITS = {"个百分点": "百分点", "个工作日": "工作日", "个月": "月"}


def same_indicator(gold: str, got: str) -> bool:
    """Tell whether two names of an indicator agree: three quarters of their bigrams, or one within the other."""
    a, b = (re.sub(r"[\"'“”()（）\[\]、，,;；:：.·的\s-]", "", name) for name in (gold, got))
    if a == b:
        return True
    pairs = [Counter(name[i : i + 2] for i in range(len(name) - 1)) for name in (a, b)]
    dice = 2 * sum((pairs[0] & pairs[1]).values()) / max(1, sum(pairs[0].values()) + sum(pairs[1].values()))
    short, long = sorted((a, b), key=len)
    return dice >= 0.75 or (short in long and len(short) >= 0.6 * len(long))


def compare(case: dict[str, Any], lexicon: Lexicon, counts: Counter[str]) -> list[str]:
    """Count what agrees in one case, and give its differences in words."""
    settings = {key: case[key] for key in ("heading",) if key in case}
    if "plan" in case:
        settings["plan"] = tuple(case["plan"])
    got = [spell(target).split(" | ") for target in read(case["text"], lexicon, **settings).targets]
    want = [row.split(" | ") for row in case["targets"]]
    counts["gold"] += len(want)
    counts["got"] += len(got)
    differences = []
    for row in want:
        candidates = [g for g in got if g[1] == row[1] and UNITS.get(g[2], g[2]) == UNITS.get(row[2], row[2])]
        if not candidates:
            differences.append("missed: " + " | ".join(row))
            continue
        best = max(candidates, key=lambda g: same_indicator(row[0], g[0]))
        got.remove(best)
        counts["found"] += 1
        strict = same_indicator(row[0], best[0]) and (row[3], row[6]) == (best[3], best[6])
        counts["strict"] += strict
        counts["full"] += strict and row[4:6] == best[4:6]
        if not strict or row[4:6] != best[4:6]:
            differences.append(f"{' | '.join(row)}  got  {' | '.join(best)}")
    return differences + ["too many: " + " | ".join(g) for g in got]


def measure(lexicon: Lexicon, names: Iterable[str] = tuple(FLOORS)) -> tuple[dict[str, float], list[str]]:
    """Give F1 of found, strict and full over all passages of some files, and all differences."""
    counts: Counter[str] = Counter()
    differences = []
    for case in (case for name in names for case in tomllib.loads((GOLD / name).read_text(encoding="utf-8"))["case"]):
        found = compare(case, lexicon, counts)
        differences += [f"{case['id']}  {case['text']}", *(f"    {line}" for line in found)] if found else []
    return {name: 2 * counts[name] / (counts["gold"] + counts["got"]) for name in SCORES}, differences


@pytest.mark.parametrize("name", FLOORS)
def test_floors(name: str, lexicon: Lexicon) -> None:
    """No change may fall below what was reached."""
    scores, differences = measure(lexicon, (name,))
    below = {kind: round(score, 4) for kind, score in scores.items() if score < FLOORS[name][kind]}
    assert not below, "\n".join([f"below the floor: {below}", *differences])


if __name__ == "__main__":
    totals, lines = measure(load_lexicon(), sys.argv[1:] or FLOORS)
    print("\n".join([*lines, *(f"{name:8s}{score:.4f}" for name, score in totals.items())]))
