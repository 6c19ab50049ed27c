"""Wordings of what is told as a fact rather than promised."""

from __future__ import annotations

import regex

from pipeline.lexicon.loader import Faults, read_rules
from pipeline.quick.classes import dataclass
from pipeline.quick.pattern import pattern


@dataclass(frozen=True, slots=True)
class Facts:
    """One pattern for headings under which facts stand, one for wordings inside a sentence."""

    heading: regex.Pattern[str]
    sentence: regex.Pattern[str]


def load(faults: Faults) -> Facts:
    """Read facts.toml; every rule names its place."""
    rules = read_rules("facts.toml", faults, required=("place",))
    patterns = {}
    for place in ("heading", "sentence"):
        patterns[place] = pattern("|".join(f"(?:{r.pattern.pattern})" for r in rules if r.extra.get("place") == place))
    return Facts(patterns["heading"], patterns["sentence"])
