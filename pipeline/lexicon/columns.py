"""What the columns of indicator and project tables hold, by the words of their heads; what cells hold, by their own."""

from __future__ import annotations

from types import MappingProxyType

import regex

from pipeline.lexicon.loader import Faults, Rule, read_rules
from pipeline.quick.classes import dataclass

ROLES = frozenset(
    ("index", "body", "nature", "unit", "money", "date", "present", "goal", "stock", "place", "project", "group")
) | frozenset(("name", "text"))


@dataclass(frozen=True, slots=True)
class Columns:
    """The rules for heads in the order in which they are tried, and the patterns of cells by their id."""

    rules: tuple[Rule, ...]
    cells: MappingProxyType[str, regex.Pattern[str]]

    def role_of(self, head: str) -> str:
        """Give the role of a column; `text` for heads that no rule knows."""
        bare = "".join(head.split())
        return next((str(rule.extra["role"]) for rule in self.rules if rule.pattern.search(bare)), "text")


def load(faults: Faults) -> Columns:
    """Read columns.toml, where every rule names one of ROLES, and cells.toml."""
    rules = read_rules("columns.toml", faults, required=("role",))
    for rule in rules:
        if rule.extra.get("role") not in ROLES:
            faults.add("columns.toml", rule.id, f"unknown role {rule.extra.get('role')!r}")
    cells = {rule.id: rule.pattern for rule in read_rules("cells.toml", faults)}
    return Columns(tuple(rules), MappingProxyType(cells))
