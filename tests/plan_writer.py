"""Measure the comparison of plans on invented pairs, or print such a pair.

    python tests/plan_writer.py --seeds 0-99 [--misses 2] [--type target/raised]
    python tests/plan_writer.py --seeds 7 --print

Prints the counts by type of change with F1, and examples of what was missed and what was wrong.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from plans.pairs import Pair, pair  # noqa: E402
from plans.scoring import Score, scored, table  # noqa: E402

import pipeline  # noqa: E402
from pipeline.compare import compare  # noqa: E402
from pipeline.lexicon import load_lexicon  # noqa: E402


def main() -> None:
    """Read the arguments and print what they ask for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--seeds", default="0-99", help="one seed, or a range: 0-99")
    parser.add_argument("--misses", nargs="?", type=int, const=1000, default=0, help="examples of each type of fault")
    parser.add_argument("--type", help="faults of one type alone: target/raised")
    parser.add_argument("--print", action="store_true", help="print the two texts and what changed")
    given = parser.parse_args()
    first, _, last = given.seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    if given.print:
        for seed in seeds:
            print(shown(pair(seed)))
        return
    total = Score()
    for seed in seeds:
        score = measured(seed)
        score.stories = [(what, kind, f"{seed}: {story}") for what, kind, story in score.stories]
        total.add(score)
    print(table(total))
    print(faults(total, given.misses, given.type))


def measured(seed: int) -> Score:
    """Give the score of the comparison on the pair of a seed."""
    both = pair(seed)
    a = pipeline.parse(both.a_text.encode(), name="a.txt")
    b = pipeline.parse(both.b_text.encode(), name="b.txt")
    return scored(compare(a, b, load_lexicon()), both.truth)


def shown(both: Pair) -> str:
    """Give the two texts of a pair, the edits and the events."""
    events = "\n".join(f"{e.element} {e.change}: {e.a} → {e.b}" for e in both.truth.events)
    return f"{both.a_text}\n\n{'=' * 40}\n\n{both.b_text}\n\n{'=' * 40}\n\n{', '.join(both.made)}\n\n{events}"


def faults(score: Score, most: int, only: str | None) -> str:
    """Give up to `most` examples of each type of fault."""
    shown_so_far: Counter[tuple[str, tuple[str, str]]] = Counter()
    lines = []
    for what, kind, story in sorted(score.stories, key=lambda fault: fault[:2]):
        shown_so_far[what, kind] += 1
        if shown_so_far[what, kind] <= most and only in (None, "/".join(kind)):
            lines.append(f"{what} {' '.join(kind)}  {story}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
