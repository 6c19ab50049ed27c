"""How much rests on rules that only one document needs: drop them all, and score what is left.

    python benchmarks/ablation.py [FOLDER ...] [--gold NAME=FOLDER ...] [--write]

A rule fires in a document when the document's targets or its ledger change without it. Two rules that do the work of
each other thus fire less than they are used; so the score is also told for the rules that are left when all those come
back that, given back alone, change more than one document. Documents are those of
../shared and of the folders given; gold is that of tests/score_floors.py, of the samples, of the passages, and of the
folders given (full gold files, for documents of the folders). `--write` puts the table into docs/accuracy.md and the
list of rules into benchmarks/ablation.md. Takes ten minutes and more on all cores.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import textwrap
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from multiprocessing import get_context
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.rules import Rule, code_without, lexicon_without, rules_of_code, rules_of_lexicon  # noqa: E402
from pipeline.extract import extract  # noqa: E402
from pipeline.find import find_files  # noqa: E402
from pipeline.lexicon import Lexicon, load_lexicon  # noqa: E402
from pipeline.model import Findings, Outline, Source, Text  # noqa: E402
from pipeline.model.tables import ProblemRow  # noqa: E402
from pipeline.normalise import normalise  # noqa: E402
from pipeline.read import ReadError, open_source  # noqa: E402
from pipeline.segment import segment  # noqa: E402
from pipeline.update import run_folders  # noqa: E402
from tests import score_floors, test_passages  # noqa: E402

LIST, DOCS = ROOT / "benchmarks" / "ablation.md", ROOT / "docs" / "accuracy.md"
MARKS = ("<!-- written by benchmarks/ablation.py -->", "<!-- end of what benchmarks/ablation.py wrote -->")
SHOWN = {"found": "found", "strict": "strict", "full": "full", "class": "ledger class"}
# What a user sees of a target; not the places, which shift where a line is left out before.
SEEN = (
    "indicator", "value", "value_max", "unit", "comparator", "kind", "cadence", "year_start", "year_end", "year_source",
    "due_on", "scope", "modality", "baseline", "part_of",
)  # fmt: skip
# A rule that fires in so many documents is asked for no more.
ENOUGH = 2
# So many rules are dropped together first; most of them change nothing.
TOGETHER = 12
CODE = "patterns in extract/"
WIDTH = 80
Scores = dict[str, dict[str, float]]


class Asked:
    """A lexicon that notes which of its topics were asked for."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Nothing was asked yet."""
        self.lexicon, self.topics = lexicon, set[str]()

    def __getattr__(self, topic: str) -> Any:
        """Give the topic and note it."""
        self.topics.add(topic)
        return getattr(self.lexicon, topic)


@dataclass(frozen=True, slots=True)
class Document:
    """One document as the full rules read it. `first_stage` tells for each topic which stage asks for it first."""

    name: str
    source: Source
    text: Text
    outline: Outline
    signature: tuple[Any, ...]
    first_stage: dict[str, int]
    words: str
    bare: str

    def may_fire(self, rule: Rule) -> bool:
        """False where the words of a rule do not stand in the document, or no stage asks for its topic."""
        if rule.field and rule.field not in self.first_stage:
            return False
        bare = re.sub(r"\W+", "", rule.words)
        return bare in self.bare if bare else rule.words in self.words

    def without(self, rules: Sequence[Rule]) -> tuple[Any, ...] | None:
        """Give what is found without the rules, None where the document cannot be read without them."""
        if not rules:
            return self.signature
        lexicon = lexicon_without(rules)
        stage = min(self.first_stage.get(rule.field, 2) for rule in rules)
        try:
            with code_without(rules):
                text = normalise(self.source, lexicon) if stage == 0 else self.text
                outline = segment(text, lexicon) if stage <= 1 else self.outline
                return signature(text, extract(text, outline, lexicon))
        except Exception:
            return None


def read_documents(roots: Iterable[Path], lexicon: Lexicon) -> list[Document]:
    """Give the documents below the roots, the quickest first; files that cannot be read are left out."""
    found = []
    for file in find_files(list(roots)):
        if isinstance(file, ProblemRow):
            continue
        try:
            source = open_source(file.path.read_bytes(), file.source)
        except ReadError:
            continue
        started = time.perf_counter()
        asked = [Asked(lexicon) for _ in range(3)]
        text = normalise(source, asked[0])  # type: ignore[arg-type]
        outline = segment(text, asked[1])  # type: ignore[arg-type]
        findings = extract(text, outline, asked[2])  # type: ignore[arg-type]
        stages = {topic: stage for stage in (2, 1, 0) for topic in asked[stage].topics}
        words = "".join((source.text + text.text).split())
        bare = re.sub(r"\W+", "", words)
        document = Document(file.source, source, text, outline, signature(text, findings), stages, words, bare)
        found.append((time.perf_counter() - started, document))
    return [document for _, document in sorted(found, key=lambda pair: pair[0])]


def signature(text: Text, findings: Findings) -> tuple[Any, ...]:
    """Give what the tables of targets and numbers say of a document, places left out."""
    known = {field.name for field in fields(findings.targets[0])} if findings.targets else set()
    seen = [name for name in SEEN if name in known]
    targets = [(text.text[t.start : t.end], *(getattr(t, name) for name in seen)) for t in findings.targets]
    return tuple(targets), tuple((n.text, n.number_class, n.target) for n in findings.numbers)


# What the processes share, set before they start: the documents, the rules that stay dropped while others are given
# back, and what is found without them.
documents: list[Document] = []
absent: list[Rule] = []
poorer: dict[int, tuple[Any, ...] | None] = {}


def changed_by(place: int, rules: Sequence[Rule]) -> list[Rule]:
    """Give which rules change what is found in a document when each is dropped or, if it is absent, given back.

    All at once are tried first, and halved where that makes a difference.
    """
    document = documents[place]
    if absent and place not in poorer:
        poorer[place] = document.without(absent)
    tried = set(rules)
    dropped = [rule for rule in absent if rule not in tried] if absent else rules
    if not rules or document.without(dropped) == (poorer[place] if absent else document.signature):
        return []
    if len(rules) == 1:
        return list(rules)
    middle = len(rules) // 2
    return [*changed_by(place, rules[:middle]), *changed_by(place, rules[middle:])]


def firing(rules: Sequence[Rule], *, given_back: bool = False) -> dict[Rule, list[str]]:
    """Give for each rule the first documents that it changes, no more than are enough to tell one from several.

    A rule is dropped alone; with `given_back` it is given back alone where all the others are absent. Works on all
    cores, and tells on the terminal how far it is.
    """
    found: dict[Rule, list[str]] = {rule: [] for rule in rules}
    absent[:] = rules if given_back else []
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("fork")) as pool:
        for place, document in enumerate(documents):
            left = [rule for rule in rules if len(found[rule]) < ENOUGH and document.may_fire(rule)]
            groups = [left[first : first + TOGETHER] for first in range(0, len(left), TOGETHER)]
            for changed in pool.map(changed_by, [place] * len(groups), groups):
                for rule in changed:
                    found[rule].append(document.name)
            if sys.stderr.isatty():
                print(f"{place + 1}/{len(documents)} {document.name}: {len(left)} rules", file=sys.stderr)
    return found


def scores(roots: Sequence[Path], gold: dict[str, Path], dropped: Sequence[Rule]) -> Scores:
    """Give the figures of every set of gold, read without the dropped rules."""
    lexicon = lexicon_without(dropped)
    with tempfile.TemporaryDirectory() as folder, code_without(dropped):
        structured = Path(folder) / "structured"
        run_folders(roots, structured, lexicon=lexicon)
        found = {name: score_floors.figures(structured, path) for name, path in gold.items()}
        found["passages"] = test_passages.measure(lexicon)[0]
    return found


def score_table(full: Scores, rest: Scores) -> list[list[str]]:
    """Give rows of set, and for each figure its value with all rules and without the dropped ones."""
    rows = [["gold", *SHOWN, "most lost"]]
    for name, figures in full.items():
        pairs = [(figures.get(key), rest[name].get(key)) for key in SHOWN.values()]
        lost = max(a - b for a, b in pairs if a is not None and b is not None)
        cells = ["–" if a is None or b is None else f"{a:.3f} → {b:.3f}" for a, b in pairs]
        rows.append([name, *cells, f"{100 * lost:.1f}"])
    return rows


def count_table(found: dict[Rule, list[str]]) -> list[list[str]]:
    """Give rows of file, and how many of its rules fire in no, in one, in several documents."""
    counts: dict[str, Counter[int]] = {}
    for rule, names in found.items():
        file = rule.file if rule.field else CODE
        counts.setdefault(file, Counter())[len(names)] += 1
    counts["all"] = sum(counts.values(), Counter())
    heads = ["rules of", "all", "none", "one", "several"]
    return [heads, *([file, *map(str, (n.total(), n[0], n[1], n[2]))] for file, n in counts.items())]


def loss_table(
    full: Scores, groups: dict[str, list[Rule]], score: Callable[[Sequence[Rule]], Scores]
) -> list[list[str]]:
    """Give rows of a group of rules, how many they are, and the points of `strict` that each set loses without them."""
    rows = [["without those of", "rules", *full]]
    for name, rules in groups.items():
        rest = score(rules)
        rows.append([name, str(len(rules)), *(f"{100 * (full[g]['strict'] - rest[g]['strict']):.1f}" for g in full)])
    return rows


def by_kind(rules: Sequence[Rule]) -> dict[str, list[Rule]]:
    """Sort rules by their files, with all words and all patterns together first."""
    groups: dict[str, list[Rule]] = {"all words (.csv)": [], "all patterns": []}
    for rule in rules:
        groups["all words (.csv)" if rule.line else "all patterns"].append(rule)
        groups.setdefault(rule.file if rule.field else CODE, []).append(rule)
    return groups


def plain(rows: list[list[str]]) -> str:
    """Set a table in columns for the terminal."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(r, widths, strict=True)).rstrip() for r in rows)


def markdown(rows: list[list[str]]) -> str:
    """Set a table in Markdown."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


@dataclass(frozen=True, slots=True)
class Result:
    """What came out: where each rule fires, the rules that fire in one document, those of them that no other needs."""

    found: dict[Rule, list[str]]
    single: list[Rule]
    alone: list[Rule]
    without_single: list[list[str]]
    without_alone: list[list[str]]
    losses: list[list[str]]

    def parts(self, form: Callable[[list[list[str]]], str]) -> list[str]:
        """Give what is told of the scores: a sentence and a table in turn."""
        first, second = self.sentences()
        third = "Points of strict that are lost where only those of one kind or file are dropped:"
        tables = [form(self.without_single), form(self.without_alone), form(self.losses)]
        told = [textwrap.fill(words, WIDTH) for words in (first, second, third)]
        return [part for pair in zip(told, tables, strict=True) for part in pair]

    def sentences(self) -> tuple[str, str]:
        """Tell what was dropped for either table."""
        fired = (
            f"Of {len(self.found)} rules, {len(self.single)} change the targets or the ledger of only one of the "
            f"{len(documents)} documents at hand when they alone are dropped. With all rules → without all of these:"
        )
        needed = (
            f"{len(self.single) - len(self.alone)} of them do the work of another of them, so that neither is missed: "
            f"given back alone, they change two documents or more. Without the other {len(self.alone)}:"
        )
        return fired, needed


def measure(inputs: Sequence[Path], more_gold: dict[str, Path]) -> Result:
    """Find the rules that fire in one document, and score without them."""
    documents[:] = read_documents(inputs, load_lexicon())
    found = firing([*rules_of_lexicon(), *rules_of_code()])
    single = [rule for rule, names in found.items() if len(names) == 1]
    alone = [rule for rule, names in firing(single, given_back=True).items() if len(names) < ENOUGH]
    with tempfile.TemporaryDirectory() as work:
        gold = score_floors.gold_folders(Path(work)) | {"samples": ROOT / "tests" / "gold" / "samples"}
        gold |= more_gold
        roots = [*inputs, ROOT / "raw"]
        full = scores(roots, gold, ())
        without_single, without_alone = (score_table(full, scores(roots, gold, rules)) for rules in (single, alone))
        losses = loss_table(full, by_kind(alone), lambda dropped: scores(roots, gold, dropped))
    return Result(found, single, alone, without_single, without_alone, losses)


def write(result: Result) -> None:
    """Put the tables into docs/accuracy.md and the list of rules into benchmarks/ablation.md."""
    parts = result.parts(markdown)
    section = "\n\n".join([MARKS[0], *parts, MARKS[1]])
    text = DOCS.read_text(encoding="utf-8")
    place = re.compile(f"{re.escape(MARKS[0])}.*{re.escape(MARKS[1])}", re.DOTALL)
    if not place.search(text):
        raise SystemExit(f"{DOCS} has no place for the table: {MARKS[0]}")
    DOCS.write_text(place.sub(lambda _: section, text), encoding="utf-8")
    rows = [["rule", "file", "document", "stands in for another"]]
    for rule in result.single:
        stands_in = "" if rule in result.alone else "yes"
        rows.append([f"`{rule.name}`", rule.file, Path(result.found[rule][0]).stem, stands_in])
    head = (
        "# Rules that fire in one document\n\nWritten by `make ablation`. A rule that only one document needs may "
        "still be right; it is the first to doubt."
    )
    LIST.write_text("\n\n".join([head, markdown(count_table(result.found)), *parts, markdown(rows)]) + "\n", "utf-8")


def main() -> int:
    """Find the rules, drop them, score, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*", help="more documents")
    parser.add_argument("--gold", action="append", default=[], help="NAME=FOLDER, full gold files of these documents")
    parser.add_argument("--write", action="store_true", help="write docs/accuracy.md and benchmarks/ablation.md")
    options = parser.parse_args()
    if not score_floors.SCORER.exists():
        print(f"Nothing to measure: {score_floors.SHARED} is not there. The documents are not part of this project.")
        return 0
    started = time.perf_counter()
    more_gold = {name: Path(folder) for name, _, folder in (given.rpartition("=") for given in options.gold)}
    result = measure([*score_floors.INPUTS, *options.folders], more_gold)
    for rule in result.single:
        print(f"{'alone   ' if rule in result.alone else 'stand-in'}  {rule}  in {Path(result.found[rule][0]).stem}")
    print("\n" + "\n\n".join([plain(count_table(result.found)), *result.parts(plain)]) + "\n")
    if options.write:
        write(result)
    print(f"{time.perf_counter() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
