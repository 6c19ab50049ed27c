"""Small patterns that the grammar of targets asks by name."""

from __future__ import annotations

import re
from types import MappingProxyType

import regex

from pipeline.lexicon.loader import Faults, read_rules
from pipeline.lexicon.sieve import words_of
from pipeline.quick.classes import dataclass


@dataclass(frozen=True, slots=True)
class Patterns:
    """The compiled patterns of grammar.toml by id, and for some of them words of which all that they find has one."""

    by_id: MappingProxyType[str, regex.Pattern[str]]
    needs: MappingProxyType[str, tuple[str, ...]]

    def __getitem__(self, name: str) -> regex.Pattern[str]:
        """Give the pattern with this id."""
        return self.by_id[name]

    def sign(self, *names: str) -> re.Pattern[str]:
        """Give what finds a word that one of these patterns needs: where it finds none, none of them need be tried."""
        words = dict.fromkeys(word for name in names for word in self.needs[name])
        return re.compile("|".join(map(re.escape, words)))


def load(faults: Faults) -> Patterns:
    """Read grammar.toml; every rule says what it is used for, and may say which words it needs, in one set."""
    rules = read_rules("grammar.toml", faults, required=("use",))
    needs = {rule.id: words_of([rule]) for rule in rules if "needs" in rule.extra}
    return Patterns(MappingProxyType({rule.id: rule.pattern for rule in rules}), MappingProxyType(needs))
