"""Wording of commitments: verbs, comparators, adverbs, scopes, and the words that rule a target out."""

from __future__ import annotations

from types import MappingProxyType

from pipeline.lexicon.loader import Faults, read_table
from pipeline.quick.classes import dataclass

CLASSES = (
    frozenset(("increase", "level", "rank", "change", "comparator_before", "comparator_after", "adverb", "modality"))
    | frozenset(("connector", "scope", "background", "support", "goal_heading", "nominal", "compound", "rate_noun"))
    | frozenset(("predicate", "causative", "adding", "holding", "attracting", "contrast", "funding", "generic"))
    | frozenset(("describing", "noun", "tail", "attributive", "maybe_total", "occasions", "area_kind"))
)


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of every class with the value that the class gives them (a comparator, a direction …)."""

    words: MappingProxyType[str, MappingProxyType[str, str]]

    def __getitem__(self, name: str) -> MappingProxyType[str, str]:
        """Give the words of one class, each with its value."""
        return self.words[name]


def load(faults: Faults) -> Wording:
    """Read wording.csv; the class must be one of CLASSES, a word stands once in a class."""
    words: dict[str, dict[str, str]] = {name: {} for name in CLASSES}
    for row in read_table("wording.csv", ("word", "class", "value"), faults):
        if row["class"] not in CLASSES:
            faults.add("wording.csv", row.line, f"unknown class {row['class']!r}")
            continue
        group = words[row["class"]]
        if row["word"] in group:
            faults.add("wording.csv", row.line, f"{row['word']!r} stands twice in class {row['class']}")
        group[row["word"]] = row["value"]
    return Wording(MappingProxyType({name: MappingProxyType(group) for name, group in words.items()}))
