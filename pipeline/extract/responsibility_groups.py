"""Put the names of a list under the roles that its words give them."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.extract.responsibility_pieces import Mark, Name
from pipeline.model.findings import Role
from pipeline.quick.classes import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """Names that share one role. `role_text` is empty where the text only implies it."""

    role: Role
    role_text: str
    names: tuple[Name, ...]


def leading_and_helping(group: Group) -> Iterator[Group]:
    """Part the names under 主（协）办机关: those in brackets help, the others lead."""
    leading = tuple(name for name in group.names if not name.bracketed)
    helping = tuple(name for name in group.names if name.bracketed)
    if leading:
        yield Group("lead", group.role_text, leading)
    if helping:
        yield Group("participant", group.role_text, helping)


def compose(items: list[Name | Mark], role: Role, role_text: str) -> tuple[Group, ...]:
    """Put the names of a list under their roles; names that no word of the list reaches get `role`.

    A role word behind names reaches back to the last one (A、B牵头), 会同 reaches forward (会同C).
    """
    groups: list[Group] = []
    waiting: list[Name] = []
    joint: Mark | None = None
    helping: list[Name] = []

    def close(mark_role: Role, mark_text: str) -> None:
        # Below 牵头单位, 按职责分工负责 says how the leaders share the work, not that they do not lead.
        if role_text and role != "responsible" and mark_role == "responsible":
            mark_role, mark_text = role, role_text
        if waiting:
            groups.append(Group(mark_role, mark_text, tuple(waiting)))
        if helping and joint is not None:
            groups.append(Group(joint.role, joint.text, tuple(helping)))
        waiting.clear()
        helping.clear()

    for item in items:
        if isinstance(item, Mark):
            if item.opens:
                joint = item
            else:
                close(item.role, item.text)
                joint = None
        elif item.role is not None:
            groups.append(Group(item.role, item.role_text, (item,)))
        else:
            (helping if joint is not None else waiting).append(item)
    close(role, role_text)
    return tuple(groups)
