"""Tell whether a plan can be read as it is meant: headings and keys unique, years and areas that do not run over."""

from __future__ import annotations

from plans.located import Key, target_key
from plans.model import GOALS, SCOPES, Commitment, Plan, Task

# Names that a note of the form …牵头，…参与 does not give.
UNREAD_BEHIND_ROLES = ("团市委",)
RANKS = ("国家级", "省级", "市级")


def is_sound(plan: Plan) -> bool:
    """True where every element has a key of its own and no sentence lends its year or area to another."""
    titles = [task.title for task in plan.tasks()] + [group.title for group in plan.groups]
    titles += [line.target.indicator for line in plan.annex]
    keys = [target_key(heading, target) for heading, target in plan.targets()]
    if len(set(titles)) < len(titles) or len(set(keys)) < len(keys) or GOALS in titles:
        return False
    bodies = [Key(task.title, charge.name) for task in plan.tasks() for charge in task.charges]
    if len(set(bodies)) < len(bodies) or not all(group.tasks for group in plan.groups):
        return False
    if not plan.style.labels and any(key.name in UNREAD_BEHIND_ROLES for key in bodies):
        return False
    if any(not plan.start <= target.year <= plan.end + 1 for _, target in plan.targets() if target.year is not None):
        return False
    named = {target.indicator for _, target in plan.targets()}
    return all(_lends_nothing(task, plan.end, named) for task in plan.tasks()) and _one_year_a_sentence(plan)


def _one_year_a_sentence(plan: Plan) -> bool:
    said = [*plan.goals, *(s for task in plan.tasks() for s in task.sentences if isinstance(s, Commitment))]
    return all(len({target.year for target in sentence.targets}) == 1 for sentence in said)


def _lends_nothing(task: Task, end: int, named: set[str]) -> bool:
    """A sentence without year takes that of the task's other sentences; a zone is taken for the next sentence's too.

    So is a level word, where the plan names the indicator with it elsewhere.
    """
    targets = task.targets
    if len(targets) < 2:
        return True
    undated = [target for target in targets if target.year is None]
    if undated and {target.year for target in targets} - {None, end}:
        return False
    if any(target.cadence == "within" for target in targets):
        return False
    seen: dict[str, set[str]] = {}
    ranks: set[str] = set()
    for target in targets:
        before = seen.setdefault(target.entry, set())
        place = target.area if target.area not in SCOPES else target.indicator
        if target.kind == "increase" and (before - {place} or {rank + target.indicator for rank in ranks} & named):
            return False
        before.add(place)
        ranks |= {rank for rank in RANKS if target.indicator.startswith(rank)}
    return True
