"""Small patterns that the grammar of targets asks by name."""

from __future__ import annotations

from types import MappingProxyType

import regex

from pipeline.lexicon.loader import Faults, read_rules
from pipeline.quick.classes import dataclass


@dataclass(frozen=True, slots=True)
class Patterns:
    """The compiled patterns of grammar.toml by id."""

    by_id: MappingProxyType[str, regex.Pattern[str]]

    def __getitem__(self, name: str) -> regex.Pattern[str]:
        """Give the pattern with this id."""
        return self.by_id[name]


def load(faults: Faults) -> Patterns:
    """Read grammar.toml; every rule says what it is used for."""
    rules = read_rules("grammar.toml", faults, required=("use",))
    return Patterns(MappingProxyType({rule.id: rule.pattern for rule in rules}))
