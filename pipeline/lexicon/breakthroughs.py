"""Firsts of their kind (零的突破)."""

from __future__ import annotations

import re
from functools import cached_property

from pipeline.lexicon.loader import Faults, Rule, read_rules
from pipeline.lexicon.sieve import words_of
from pipeline.quick.classes import dataclass


@dataclass(frozen=True)
class Breakthroughs:
    """The rules in the order in which they are tried; one of `words` stands in all that they find."""

    rules: tuple[Rule, ...]
    words: tuple[str, ...]

    @cached_property
    def sign(self) -> re.Pattern[str]:
        """Finds the words."""
        return re.compile("|".join(map(re.escape, self.words)))

    def may_stand(self, text: str, start: int, end: int) -> bool:
        """Tell whether text[start:end] has a word that a rule needs."""
        return self.sign.search(text, start, end) is not None


def load(faults: Faults) -> Breakthroughs:
    """Read breakthroughs.toml; every rule says which words it needs."""
    rules = tuple(read_rules("breakthroughs.toml", faults, required=("needs",)))
    return Breakthroughs(rules, words_of(rules))
