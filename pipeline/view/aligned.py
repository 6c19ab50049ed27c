"""Two sides of a comparison → their sections in groups that belong together, in one order for both."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.model.changes import Comparison
from pipeline.view.told import Side

Node = tuple[str, str]


class Group(NamedTuple):
    """Ids of sections that belong together: one and one, one and its parts, or one alone."""

    a: tuple[str, ...]
    b: tuple[str, ...]


class _Joined:
    """Sections of both sides that became one group (disjoint sets)."""

    def __init__(self) -> None:
        self.parent: dict[Node, Node] = {}

    def root(self, node: Node) -> Node:
        """Give the node that stands for the group of `node`."""
        while self.parent.setdefault(node, node) != node:
            self.parent[node] = self.parent[self.parent[node]]
            node = self.parent[node]
        return node

    def join(self, one: Node, other: Node) -> None:
        """Make the groups of two nodes one."""
        self.parent[self.root(one)] = self.root(other)


def aligned(comparison: Comparison, a: Side, b: Side) -> list[Group]:
    """Give every section of both sides in exactly one group, in the order of the second side.

    A section is joined with all its parts (split) or all that went into it (merged). What was dropped follows the
    group of the section before it.
    """
    joined = _Joined()
    for row in comparison.changes:
        if row.element in ("section", "task") and row.a_id in a.sections and row.b_id in b.sections:
            joined.join(("a", row.a_id or ""), ("b", row.b_id or ""))
    a_members: dict[Node, list[str]] = {}
    b_members: dict[Node, list[str]] = {}
    for name in a.sections:
        a_members.setdefault(joined.root(("a", name)), []).append(name)
    for name in b.sections:
        b_members.setdefault(joined.root(("b", name)), []).append(name)
    following: dict[Node | None, list[Node]] = {}
    before: Node | None = None
    for node in a_members:
        if node in b_members:
            before = node
        else:
            following.setdefault(before, []).append(node)
    order = list(following.get(None, []))
    for node in b_members:
        order += [node, *following.get(node, [])]
    return [Group(tuple(a_members.get(node, ())), tuple(b_members.get(node, ()))) for node in order]
