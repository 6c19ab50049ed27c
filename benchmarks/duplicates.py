"""How the search for copies grows with the number of documents, measured within one run.

    python benchmarks/duplicates.py [--least N] [--most N] [--most-growth RATIO]

Makes invented plans in a folder that is removed at the end, laid out as `zhengce run` writes them: of 20 documents one
is a damaged copy of another, one the half of another, one a version with other years, one the same text. Looks for
copies among the first N, twice N … of them and prints seconds, seconds a document, and the ratio of the last to the
first of these: 1 where the work is linear. Also prints which copies were missed or taken for another kind. Exit code 1
where these are more than one in a hundred, where a version or a stranger is taken for a copy, or where the ratio is
above the most.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipeline.duplicates import find_duplicates  # noqa: E402
from pipeline.model.tables import DocumentRow, PlanRow, ProblemRow, SectionRow  # noqa: E402
from pipeline.write.tables import header  # noqa: E402
from tests.made_plans import damaged, plan_text  # noqa: E402

BLOCK = 20
MADE = {16: "same text", 17: "contained", 18: "version", 19: "identical text"}
DAMAGE = 0.03
# 45 signs a sentence: a plan has 3,000 to 8,000 signs.
SENTENCES = (70, 90, 120, 180)


def texts(count: int) -> Iterator[str]:
    """Give the documents in blocks of 20: 16 of their own, then a copy, a half, a version and a double of the first."""
    for number in range(count):
        block, place = divmod(number, BLOCK)
        made = MADE.get(place)
        seed = block * BLOCK + (place - min(MADE) if made else place)
        text = plan_text(seed, sentences=SENTENCES[seed % len(SENTENCES)], year=2028 if made == "version" else 2025)
        if made == "same text":
            text = damaged(text, DAMAGE, seed)
        elif made == "contained":
            text = text[: len(text) // 2]
        yield text


def lay_out(folder: Path, documents: list[str]) -> None:
    """Write the tables that the search reads, and the texts."""
    (folder / "text").mkdir(parents=True)
    rows: dict[type, list[dict[str, object]]] = {row: [] for row in (DocumentRow, PlanRow, SectionRow, ProblemRow)}
    for number, text in enumerate(documents):
        name = f"d{number:012}"
        (folder / "text" / f"{name}.txt").write_bytes(text.encode("utf-8"))
        plan = {"document_id": name, "plan_id": f"{name}-p1", "title": "云州市行动计划"}
        rows[DocumentRow].append(plan | {"source": f"{name}.txt", "media_type": "text/plain", "characters": len(text)})
        rows[DocumentRow][-1] |= {"number_count": 40, "unexplained_count": 0}
        rows[PlanRow].append(plan)
        rows[SectionRow].append(plan | {"char_start": 0, "char_end": len(text)})
        if MADE.get(number % BLOCK) == "same text":
            rows[ProblemRow] += [{"document_id": name, "code": "doubtful_characters"}] * 9
    for row, made in rows.items():
        names = [field.name for field in fields(row)]
        lines = (",".join(str(cells.get(name, "")) for name in names) + "\n" for cells in made)
        (folder / f"{row.table}.csv").write_text(header(row) + "".join(lines), encoding="utf-8", newline="")  # type: ignore[attr-defined]


def measure(documents: list[str]) -> tuple[float, int, int]:
    """Give the seconds that the search takes among these documents, the number of copies missed or mistaken, and that
    of documents taken for copies that are none.
    """
    count = len(documents)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "structured"
        lay_out(folder, documents)
        started = time.process_time()
        rows = find_duplicates(folder)
        seconds = time.process_time() - started
    expected = {f"d{number:012}": MADE[number % BLOCK] for number in range(count) if number % BLOCK in MADE}
    found = {row.document_id: row.relation for row in rows if row.document_id in expected}
    missed = Counter(
        f"{kind}: {found.get(name, 'not found')}" for name, kind in expected.items() if found.get(name) != kind
    )
    for what, number in sorted(missed.items()):
        print(f"    {number} {what}")
    dropped = {row.document_id for row in rows if not row.better}
    false = sum(expected.get(name, "stranger") in ("stranger", "version") for name in dropped)
    return seconds, missed.total(), false


def main() -> int:
    """Measure at each size, print, compare the first and the last."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--least", type=int, default=1000, help="the number of documents to start with")
    parser.add_argument("--most", type=int, default=16000, help="the number not to go beyond")
    parser.add_argument("--most-growth", type=float, default=1.3, help="the most that a document may take more")
    options = parser.parse_args()
    documents = list(texts(options.most))
    measure(documents[:BLOCK])
    print(f"{'documents':>10s}{'seconds':>10s}{'ms each':>10s}{'ratio':>8s}{'missed':>8s}{'false':>8s}")
    count, first, ratio, good = options.least, 0.0, 1.0, True
    while count <= options.most:
        seconds, missed, false = measure(documents[:count])
        each = seconds / count
        first = first or each
        ratio = each / first
        good = good and not false and 100 * missed <= len(MADE) * count // BLOCK
        print(f"{count:>10,d}{seconds:>10.1f}{1000 * each:>10.2f}{ratio:>8.2f}{missed:>8d}{false:>8d}", flush=True)
        count *= 2
    return 0 if ratio <= options.most_growth and good else 1


if __name__ == "__main__":
    sys.exit(main())
