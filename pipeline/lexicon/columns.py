"""What the columns of indicator and project tables hold, by the words of their heads."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.lexicon.loader import Faults, Rule, read_rules

ROLES = frozenset(
    ("index", "body", "nature", "unit", "money", "date", "present", "goal", "place", "project", "group", "name", "text")
)


@dataclass(frozen=True, slots=True)
class Columns:
    """The rules in the order in which they are tried."""

    rules: tuple[Rule, ...]

    def role_of(self, head: str) -> str:
        """Give the role of a column; `text` for heads that no rule knows."""
        bare = "".join(head.split())
        return next((str(rule.extra["role"]) for rule in self.rules if rule.pattern.search(bare)), "text")


def load(faults: Faults) -> Columns:
    """Read columns.toml; every rule names one of ROLES."""
    rules = read_rules("columns.toml", faults, required=("role",))
    for rule in rules:
        if rule.extra.get("role") not in ROLES:
            faults.add("columns.toml", rule.id, f"unknown role {rule.extra.get('role')!r}")
    return Columns(tuple(rules))
