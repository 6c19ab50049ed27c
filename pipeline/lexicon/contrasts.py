"""Lexicon topic: words that tell apart two indicators whose names are alike otherwise."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from pipeline.lexicon.loader import Faults, read_table
from pipeline.quick.classes import dataclass


@dataclass(frozen=True, slots=True)
class Contrasts:
    """Each word with its group and its meaning there, and the expression that finds them, the longest first."""

    words: Mapping[str, tuple[str, str]]
    expression: str

    @property
    def pattern(self) -> re.Pattern[str]:
        """Give the expression compiled. Only comparing needs it, so it is not compiled with the other rules."""
        return re.compile(self.expression)


def load(faults: Faults) -> Contrasts:
    """Read `contrasts.csv`. A group of one meaning sets nothing against anything."""
    words: dict[str, tuple[str, str]] = {}
    meanings: dict[str, set[str]] = {}
    lines: dict[str, int] = {}
    for row in read_table("contrasts.csv", ("word", "group", "meaning"), faults, unique="word"):
        word = row["word"].casefold()
        words[word] = row["group"], row["meaning"]
        meanings.setdefault(row["group"], set()).add(row["meaning"])
        lines.setdefault(row["group"], row.line)
        if not (row["group"] and row["meaning"]):
            faults.add("contrasts.csv", row.line, f"{word} needs a group and a meaning")
    for group, found in meanings.items():
        if len(found) < 2:
            faults.add("contrasts.csv", lines[group], f"group {group!r} has one meaning; it takes two to tell apart")
    expression = "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))
    return Contrasts(MappingProxyType(words), expression or "(?!)")
