"""What the columns of indicator and project tables hold, by the words of their heads; what cells hold, by their own."""

from __future__ import annotations

from types import MappingProxyType
from typing import TypeVar

import regex

from pipeline.lexicon.loader import Faults, read_rules
from pipeline.lexicon.starts import Rules
from pipeline.quick.classes import dataclass, field

ROLES = frozenset(
    ("index", "body", "nature", "unit", "money", "date", "present", "goal", "stock", "place", "project", "group")
) | frozenset(("name", "text"))
Known = TypeVar("Known")
# So many heads, each no longer than this, are remembered with their role.
MOST_KEPT, LONGEST_KEPT = 4096, 40


@dataclass(frozen=True, slots=True)
class Columns:
    """The rules for heads in the order in which they are tried, and the patterns of cells by their id.

    `known` remembers the roles of short heads, which come again in every row of a table; the two behind it what a table
    makes of them (`remember`).
    """

    rules: Rules
    cells: MappingProxyType[str, regex.Pattern[str]]
    known: dict[str, str] = field(default_factory=dict, repr=False)
    head_roles: dict[str, str] = field(default_factory=dict, repr=False)
    body_heads: dict[str, bool] = field(default_factory=dict, repr=False)

    def role_of(self, head: str) -> str:
        """Give the role of a column; `text` for heads that no rule knows."""
        bare = "".join(head.split())
        role = self.known.get(bare)
        if role is None:
            rule = self.rules.first_in(bare)
            role = "text" if rule is None else str(rule.extra["role"])
            remember(self.known, bare, role)
        return role


def remember(known: dict[str, Known], head: str, what: Known) -> None:
    """Remember something of a head, if it is short and not too many are remembered."""
    if len(head) <= LONGEST_KEPT and len(known) < MOST_KEPT:
        known[head] = what


def load(faults: Faults) -> Columns:
    """Read columns.toml, where every rule names one of ROLES, and cells.toml."""
    rules = read_rules("columns.toml", faults, required=("role",))
    for rule in rules:
        if rule.extra.get("role") not in ROLES:
            faults.add("columns.toml", rule.id, f"unknown role {rule.extra.get('role')!r}")
    cells = {rule.id: rule.pattern for rule in read_rules("cells.toml", faults)}
    return Columns(Rules(rules), MappingProxyType(cells))
