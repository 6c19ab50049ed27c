"""Wordings that decide what the audit of a plan may compare."""

from __future__ import annotations

from types import MappingProxyType

import regex

from pipeline.lexicon.loader import Faults, read_rules
from pipeline.quick.classes import dataclass


@dataclass(frozen=True, slots=True)
class Audit:
    """The compiled patterns of audit.toml by id."""

    by_id: MappingProxyType[str, regex.Pattern[str]]

    def __getitem__(self, name: str) -> regex.Pattern[str]:
        """Give the pattern with this id."""
        return self.by_id[name]


def load(faults: Faults) -> Audit:
    """Read audit.toml; every rule says what it is used for."""
    rules = read_rules("audit.toml", faults, required=("use",))
    return Audit(MappingProxyType({rule.id: rule.pattern for rule in rules}))
