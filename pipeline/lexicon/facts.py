"""Wordings of what is told as a fact rather than promised."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

import regex

from pipeline.lexicon.loader import Faults, read_rules
from pipeline.lexicon.sieve import words_of
from pipeline.quick.classes import dataclass
from pipeline.quick.pattern import pattern
from pipeline.quick.plain import plain


@dataclass(frozen=True)
class Facts:
    """One pattern for headings under which facts stand, one for wordings inside a sentence; each has one of `words`."""

    heading: regex.Pattern[str]
    sentence: regex.Pattern[str]
    words: tuple[str, ...]

    @cached_property
    def sign(self) -> re.Pattern[str]:
        """Finds the words; that is much faster than to look for the wordings, and most sentences have none."""
        return plain("|".join(map(re.escape, self.words)))

    def may_tell(self, text: str, start: int, end: int) -> bool:
        """Tell whether text[start:end] has a word that the wordings need."""
        # A wording may rest on the bracket before it.
        return self.sign.search(text, max(start - 1, 0), end) is not None

    def told(self, text: str, start: int, end: int) -> Iterator[regex.Match[str]]:
        """Give the wordings of facts in text[start:end] in order."""
        return self.sentence.finditer(text, start, end) if self.may_tell(text, start, end) else iter(())


def load(faults: Faults) -> Facts:
    """Read facts.toml; every rule names its place."""
    rules = read_rules("facts.toml", faults, required=("place",))
    patterns = {}
    for place in ("heading", "sentence"):
        patterns[place] = pattern("|".join(f"(?:{r.pattern.pattern})" for r in rules if r.extra.get("place") == place))
    return Facts(
        patterns["heading"], patterns["sentence"], words_of([r for r in rules if r.extra.get("place") == "sentence"])
    )
