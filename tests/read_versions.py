"""Hold the comparison of plans against what readers wrote down of five pairs: tests/gold/versions, tests/files/pairs.

python tests/read_versions.py [name …] prints what is missing and what no reader would give.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pipeline
from pipeline.compare import compare
from pipeline.lexicon import load_lexicon
from pipeline.model.changes import ChangeRow, Comparison
from pipeline.model.tables import Record, ResponsibilityRow, TargetRow

HERE = Path(__file__).parent
GOLD = HERE / "gold" / "versions"
FILES = HERE / "files" / "pairs"
NAMES = tuple(sorted(path.stem for path in GOLD.glob("*.toml")))
NUMBER = re.compile(r"\d+(?:\.\d+)?")
LONE = ("new", "dropped")

Fact = dict[str, Any]


class Verdict(NamedTuple):
    """What the comparison says to one fact of the readers: `fault` is empty where they agree."""

    fact: Fact
    fault: str
    rows: tuple[ChangeRow, ...]


@cache
def gold(name: str) -> Fact:
    """Give what readers found in a pair."""
    return tomllib.loads((GOLD / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def record(name: str, side: str) -> Record:
    """Give one document of a pair as it is read."""
    [path] = FILES.glob(f"{name}-{side}.*")
    return pipeline.parse(path)


@cache
def compared(name: str) -> Comparison:
    """Give the comparison of a pair."""
    return compare(record(name, "a"), record(name, "b"), load_lexicon())


def figure(text: str, snippet: str) -> tuple[int, int]:
    """Give the place of the last figure of a snippet in a text; of its last words where it has none."""
    [match] = re.finditer(".*?".join(f"({re.escape(part)})" for part in snippet.split("…")), text, re.DOTALL)
    start, end = match.span(match.lastindex or 1)
    last = [place.span() for place in NUMBER.finditer(text, start, end)][-1:]
    return last[0] if last else (start, end)


def targets_at(name: str, side: str, snippets: str | list[str] | None) -> list[TargetRow]:
    """Give the targets whose quote holds the figure of one of the snippets."""
    read = record(name, side)
    places = [figure(read.text, snippet) for snippet in ([snippets] if isinstance(snippets, str) else snippets or [])]
    return [row for row in read.targets for start, end in places if row.char_start < end and start < row.char_end]


def told(row: ChangeRow) -> set[str]:
    """Give all that a row says of its pair."""
    return {row.change, *(row.also.split(";") if row.also else ())}


def _agrees(row: ChangeRow, fact: Fact) -> str:
    if fact.get("sure", True) is not True:
        return ""
    if fact["change"] not in told(row):
        return f"says {'+'.join(sorted(told(row)))} for {fact['change']}"
    # That name or wording differ too is no matter of judgement.
    if more := told(row) - {fact["change"], *fact.get("also", ()), "renamed", "reworded", "unchanged"}:
        return f"says {'+'.join(sorted(more))} besides"
    if "comparable" in fact and row.comparable != fact["comparable"]:
        return f"comparable {row.comparable}"
    return ""


def target_verdicts(name: str) -> Iterator[Verdict]:
    """Judge the comparison by every target of the readers."""
    rows = [row for row in compared(name).changes if row.element == "target"]
    for fact in gold(name)["target"]:
        sides = [[target.target_id for target in targets_at(name, side, fact.get(side))] for side in "ab"]
        if any(fact.get(side) and not ids for side, ids in zip("ab", sides, strict=True)):
            yield Verdict(fact, "not read: " + ", ".join(s for s, i in zip("ab", sides, strict=True) if not i), ())
            continue
        yield _judged(fact, rows, *sides)


def _judged(fact: Fact, rows: list[ChangeRow], a_ids: list[str], b_ids: list[str]) -> Verdict:
    mine = tuple(row for row in rows if row.a_id in a_ids or row.b_id in b_ids)
    if fact["change"] in LONE:
        return Verdict(fact, "" if fact["change"] in {row.change for row in mine} else "paired", mine)
    pairs = tuple(row for row in mine if row.a_id in a_ids and row.b_id in b_ids)
    if not pairs:
        return Verdict(fact, "no pair", mine)
    faults = [_agrees(row, fact) for row in pairs]
    return Verdict(fact, "" if "" in faults else faults[0], pairs)


def _titled(name: str, side: str, title: str | None) -> set[str]:
    if title is None:
        return set()
    sections = record(name, side).sections
    exact = {row.section_id for row in sections if row.title == title and row.kind not in ("front", "preamble")}
    # A row of a table has the cell of its goal for a title; readers name it by that of its task.
    exact |= {row.section_id for row in sections if row.kind == "row" and title in row.text.split("\t")}
    return exact or {row.section_id for row in sections if (row.title or "").startswith(title)}


def task_verdicts(name: str) -> Iterator[Verdict]:
    """Judge the comparison by every task and heading of the readers."""
    rows = [row for row in compared(name).changes if row.element in ("task", "section")]
    for fact in gold(name)["task"]:
        a_ids, b_ids = (sorted(_titled(name, side, fact.get(side))) for side in "ab")
        if any(fact.get(side) and not ids for side, ids in (("a", a_ids), ("b", b_ids))):
            yield Verdict(fact, "not read", ())
            continue
        yield _judged(fact, rows, a_ids, b_ids)


def _charges(name: str, side: str, fact: Fact, headings: set[str]) -> list[ResponsibilityRow]:
    rows = record(name, side).responsibilities
    wanted = fact.get(side), fact.get(f"{side}_role")
    return [row for row in rows if (row.organisation, row.role) == wanted and row.section_id in headings]


def body_verdicts(name: str) -> Iterator[Verdict]:
    """Judge the comparison by every body of the readers; `role` asks that the row names the two roles."""
    rows = [row for row in compared(name).changes if row.element == "responsibility"]
    tasks = [row for row in compared(name).changes if row.element in ("task", "section")]
    for fact in gold(name)["body"]:
        b_sections = _titled(name, "b", fact["heading"])
        a_sections = {row.a_id for row in tasks if row.b_id in b_sections and row.a_id}
        a_ids, b_ids = (
            [row.responsibility_id for row in _charges(name, side, fact, sections)]
            for side, sections in (("a", a_sections), ("b", b_sections))
        )
        if any(fact.get(side) and not ids for side, ids in (("a", a_ids), ("b", b_ids))):
            yield Verdict(fact, "not read or its task not paired", ())
            continue
        if fact["change"] == "role":
            pairs = tuple(row for row in rows if row.a_id in a_ids and row.b_id in b_ids)
            yield Verdict(fact, "" if any(row.change != "unchanged" for row in pairs) else "role", pairs)
        else:
            yield _judged(fact, rows, a_ids, b_ids)


VERDICTS: dict[str, Callable[[str], Iterator[Verdict]]] = {
    "target": target_verdicts, "task": task_verdicts, "body": body_verdicts,
}  # fmt: skip


def unread_pairs(name: str) -> Iterator[ChangeRow]:
    """Give the pairs of targets that no reader wrote down, as sure or as possible."""
    known = {
        (one.target_id, other.target_id)
        for fact in gold(name)["target"]
        for one in targets_at(name, "a", fact.get("a"))
        for other in targets_at(name, "b", fact.get("b"))
    }
    for row in compared(name).changes:
        if row.element == "target" and row.a_id and row.b_id and (row.a_id, row.b_id) not in known:
            yield row


def main(names: list[str]) -> None:
    """Print, of every pair, what is missing and what no reader would give."""
    for name in names or NAMES:
        [relation] = compared(name).relations
        print(f"== {name}: {relation.kind} (readers: {gold(name)['relation']}) {relation.similarity:.2f}")
        for element, verdicts in VERDICTS.items():
            found = list(verdicts(name))
            print(f"-- {element}: {sum(not verdict.fault for verdict in found)}/{len(found)}")
            for fact, fault, rows in found:
                if fault:
                    mark = "" if fact.get("sure", True) else "(unsure) "
                    print(f"   {mark}{fault}: {fact.get('a')} → {fact.get('b')}")
                    for row in rows:
                        print(f"        {row.change}|{row.also}: {row.before} → {row.after} [{row.score}] {row.reason}")
        for row in unread_pairs(name):
            print(f"   no reader: {row.change}: {row.before} → {row.after} [{row.score}] {row.reason}")


if __name__ == "__main__":
    main(sys.argv[1:])
