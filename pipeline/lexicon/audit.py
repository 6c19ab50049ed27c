"""Wordings that decide what the audit of a plan may compare."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

import regex

from pipeline.lexicon.loader import Faults, read_rules
from pipeline.lexicon.sieve import Sieve, matches, sieve
from pipeline.quick.classes import dataclass


@dataclass(frozen=True, slots=True)
class Audit:
    """The compiled patterns of audit.toml by id, and the sieve of the one that costs much."""

    by_id: MappingProxyType[str, regex.Pattern[str]]
    narrowing: Sieve

    def __getitem__(self, name: str) -> regex.Pattern[str]:
        """Give the pattern with this id."""
        return self.by_id[name]

    def narrowed(self, words: str) -> Iterator[regex.Match[str]]:
        """Give the words that confine what is said to a part of a place: 临湖高新区, 农村, 每个乡镇."""
        for rule in self.narrowing.possible(words, 0, len(words)):
            yield from matches(rule, words, 0, len(words))


def load(faults: Faults) -> Audit:
    """Read audit.toml; every rule says what it is used for."""
    rules = read_rules("audit.toml", faults, required=("use",))
    narrowing = sieve([rule for rule in rules if rule.id == "narrowed"])
    return Audit(MappingProxyType({rule.id: rule.pattern for rule in rules}), narrowing)
