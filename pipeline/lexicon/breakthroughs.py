"""Firsts of their kind (零的突破)."""

from __future__ import annotations

from pipeline.lexicon.loader import Faults, Rule, read_rules
from pipeline.quick.classes import dataclass


@dataclass(frozen=True, slots=True)
class Breakthroughs:
    """The rules in the order in which they are tried."""

    rules: tuple[Rule, ...]


def load(faults: Faults) -> Breakthroughs:
    """Read breakthroughs.toml."""
    return Breakthroughs(tuple(read_rules("breakthroughs.toml", faults)))
