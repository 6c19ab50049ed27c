"""Time expressions: the rules that find them, and the calendar of five-year plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.lexicon.loader import Faults, Rule, read_rules
from pipeline.lexicon.sieve import Sieve, sieve
from pipeline.quick.classes import dataclass

KINDS = frozenset(("year", "span", "deadline", "duration", "recurring", "date", "within"))

# Five-year plans by the ordinal before 五 in their short name: “十四五” covers 2021 to 2025.
FIVE_YEAR_PLANS = {
    "十": (2001, 2005), "十一": (2006, 2010), "十二": (2011, 2015), "十三": (2016, 2020),
    "十四": (2021, 2025), "十五": (2026, 2030), "二十": (2051, 2055),
}  # fmt: skip
MINGUO_EPOCH = 1911
SCRIPTS = ("hans", "hant", "mixed")


@dataclass(frozen=True, slots=True)
class Timing:
    """The rules for time expressions in the order in which they are tried; those with `script` only hold for it."""

    rules: tuple[Rule, ...]
    of_script: Mapping[str, Sieve]

    def for_script(self, script: str) -> Sieve:
        """Give the rules that hold for a text of this script: bare Minguo years stand in traditional texts only."""
        return self.of_script[script]


def _holding(rules: Sequence[Rule], script: str) -> Sieve:
    known = {script, "hant"} if script == "mixed" else {script}
    return sieve([rule for rule in rules if rule.extra.get("script", script) in known])


def load(faults: Faults) -> Timing:
    """Read periods.toml; every rule names one of KINDS."""
    rules = read_rules("periods.toml", faults, required=("kind",))
    for rule in rules:
        if rule.extra.get("kind") not in KINDS:
            faults.add("periods.toml", rule.id, f"unknown kind {rule.extra.get('kind')!r}")
    return Timing(tuple(rules), {script: _holding(rules, script) for script in SCRIPTS})
