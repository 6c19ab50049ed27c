"""The ledger's own rules: wordings that explain a number before any quantity is read."""

from __future__ import annotations

from typing import get_args

from pipeline.lexicon.loader import Faults, Rule, read_rules
from pipeline.lexicon.sieve import Sieve, sieve
from pipeline.model.findings import NumberClass
from pipeline.quick.classes import dataclass


@dataclass(frozen=True, slots=True)
class Ledger:
    """The rules in the order in which they are tried, and their sieve."""

    rules: tuple[Rule, ...]
    sieve: Sieve


def load(faults: Faults) -> Ledger:
    """Read ledger.toml; every rule names a class of the ledger."""
    rules = read_rules("ledger.toml", faults, required=("class",))
    for rule in rules:
        if rule.extra.get("class") not in get_args(NumberClass):
            faults.add("ledger.toml", rule.id, f"unknown class {rule.extra.get('class')!r}")
    return Ledger(tuple(rules), sieve(rules))
