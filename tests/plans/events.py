"""The changes between two versions of a plan, derived from their data by the ids of the elements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from plans.located import Key, target_key
from plans.model import ANNEX, GOALS, SCOPES, Charge, Plan, Target, Task
from plans.vocabulary import vocabulary

# How many neighbours an element passes when it moves: past one alone, either of the two could be the one that moved.
LEAST_PASSED = 2


class Event(NamedTuple):
    """A change that a comparison has to find; `instead` are names for it that say as much.

    Where `a` or `b` is None the element has no partner.
    """

    element: str
    change: str
    a: Key | None
    b: Key | None
    instead: tuple[str, ...] = ()


class Truth(NamedTuple):
    """What has to be found; what may be said of a pair besides (change "*": anything); pairs and elements left out.

    `excused` are elements, by side and key, about which a comparison may say what it likes.
    """

    events: tuple[Event, ...]
    optional: frozenset[Event]
    excused: frozenset[tuple[str, str, Key]]


def derive(a: Plan, b: Plan) -> Truth:
    """Give the changes from `a` to `b`."""
    parts = [_of_sections(a, b), _of_tasks(a, b), _of_rows(a, b), _of_targets(a, b), _of_charges(a, b)]
    return Truth(
        tuple(event for part in parts for event in part.events),
        frozenset().union(*(part.optional for part in parts)),
        frozenset().union(*(part.excused for part in parts)),
    )


def _truth(
    events: list[Event], optional: list[Event] | None = None, excused: list[tuple[str, str, Key]] | None = None
) -> Truth:
    return Truth(tuple(events), frozenset(optional or ()), frozenset(excused or ()))


def _of_sections(a: Plan, b: Plan) -> Truth:
    events, optional = [], []
    before, after = {g.uid: g for g in a.groups}, {g.uid: g for g in b.groups}
    for uid, group in before.items():
        if uid not in after:
            events.append(Event("section", "dropped", Key(group.title), None))
        elif uid in b.moved - a.moved:
            told = [
                Event("section", "moved", Key(before[u].title), Key(after[u].title)) for u in (uid, *_passed(a, b, uid))
            ]
            if len(told) > LEAST_PASSED:
                events.append(told[0])
            else:
                # Past one neighbour, either of the two may be the one that moved.
                optional += told
        if uid in after and uid in b.retitled - a.retitled:
            events.append(Event("section", "renamed", Key(group.title), Key(after[uid].title), ("reworded",)))
    events += [Event("section", "new", None, Key(g.title)) for uid, g in after.items() if uid not in before]
    optional.append(Event("section", "reworded", Key(GOALS), Key(GOALS)))
    if a.annex and b.annex:
        # Its heads name the years.
        optional.append(Event("section", "reworded", Key(ANNEX), Key(ANNEX)))
    return _truth(events, optional)


def _passed(a: Plan, b: Plan, uid: str) -> list[str]:
    """The sections on whose other side a section stands now."""
    before, after = ([group.uid for group in plan.groups] for plan in (a, b))
    return [
        other
        for other in before
        if other in after and other not in b.moved and other != uid
        and (before.index(other) < before.index(uid)) != (after.index(other) < after.index(uid))
    ]  # fmt: skip


def _moved_plainly(a: Plan, b: Plan, uid: str) -> bool:
    """True where a task stands in another section, or on the other side of two tasks that stayed."""
    before, after = (
        next([task.uid for task in group.tasks] for group in plan.groups if uid in {task.uid for task in group.tasks})
        for plan in (a, b)
    )
    stayed = [other for other in before if other in after and other not in b.moved | b.reworded | {uid}]
    passed = [
        other
        for other in stayed
        if (before.index(other) < before.index(uid)) != (after.index(other) < after.index(uid))
    ]
    return _section_of(a, uid) != _section_of(b, uid) or len(passed) >= LEAST_PASSED


def _section_of(plan: Plan, uid: str) -> str:
    return next(group.uid for group in plan.groups if uid in {task.uid for task in group.tasks})


def descendants(a: Plan, b: Plan) -> Iterator[tuple[Task, Task]]:
    """Give the pairs of tasks of which the second was made from the first, or from a part of it."""
    before = {task.uid: task for task in a.tasks()}
    for task in b.tasks():
        for origin in task.origins:
            if origin in before:
                yield before[origin], task


def _of_tasks(a: Plan, b: Plan) -> Truth:
    events: list[Event] = []
    optional: list[Event] = []
    pairs = list(descendants(a, b))
    parts: dict[str, int] = {}
    for task, _ in pairs:
        parts[task.uid] = parts.get(task.uid, 0) + 1
    for task, later in pairs:
        keys = Key(task.title), Key(later.title)
        whole = parts[task.uid] == 1 and len(later.origins) == 1
        if parts[task.uid] > 1:
            events.append(Event("task", "split", *keys))
        if len(later.origins) > 1:
            events.append(Event("task", "merged", *keys))
        if whole and later.uid in b.moved - a.moved:
            (events if _moved_plainly(a, b, task.uid) else optional).append(Event("task", "moved", *keys))
        if whole and later.uid in b.reworded - a.reworded:
            events.append(Event("task", "reworded", *keys))
        if whole and later.uid in b.retitled - a.retitled:
            events.append(Event("task", "renamed", *keys, ("reworded",)))
        optional += _optional_of_task(task, later, *keys)
    known = {task.uid for task, _ in pairs}
    made = {later.uid for _, later in pairs}
    events += [Event("task", "dropped", Key(task.title), None) for task in a.tasks() if task.uid not in known]
    events += [Event("task", "new", None, Key(task.title)) for task in b.tasks() if task.uid not in made]
    return _truth(events, optional)


def _optional_of_task(task: Task, later: Task, a: Key, b: Key) -> list[Event]:
    """A task that differs through its targets or its note may be called reworded; one with another heading, renamed."""
    changes = {"lead_changed"}
    if task.words != later.words or task.title != later.title:
        changes.add("reworded")
    if [c.name for c in task.charges] != [c.name for c in later.charges]:
        changes.add("reworded")
    if [c.role for c in task.charges] != [c.role for c in later.charges]:
        changes.add("reworded")
    if task.title != later.title:
        changes.add("renamed")
    return [Event("task", change, a, b) for change in sorted(changes)]


def _of_rows(a: Plan, b: Plan) -> Truth:
    """The rows of the annexed table, which are tasks of their own in the tables."""
    events, optional = [], []
    before, after = ({line.target.uid: Key(line.target.indicator) for line in plan.annex} for plan in (a, b))
    for uid, key in before.items():
        if uid not in after:
            events.append(Event("task", "dropped", key, None))
        else:
            optional += [Event("task", change, key, after[uid]) for change in ("reworded", "renamed")]
    events += [Event("task", "new", None, key) for uid, key in after.items() if uid not in before]
    return _truth(events, optional)


def _of_targets(a: Plan, b: Plan) -> Truth:
    events, optional, excused = [], [], []
    before = {target.uid: (heading, target) for heading, target in a.targets()}
    after = {target.uid: (heading, target) for heading, target in b.targets()}
    for uid, (heading, target) in before.items():
        key = target_key(heading, target)
        if uid not in after:
            if _stands_elsewhere(target, b):
                excused.append(("a", "target", key))
            else:
                events.append(Event("target", "dropped", key, None))
            continue
        later_heading, later = after[uid]
        later_key = target_key(later_heading, later)
        for change, instead in _changes_of_target(target, later, b.end - a.end):
            events.append(Event("target", change, key, later_key, instead))
        allowed = [*_allowed(target, later, b.end - a.end), *(() if heading == later_heading else ("moved",))]
        optional += [Event("target", change, key, later_key) for change in allowed]
    for uid, (heading, target) in after.items():
        if uid not in before and _stands_elsewhere(target, a):
            excused.append(("b", "target", target_key(heading, target)))
        elif uid not in before:
            events.append(Event("target", "new", None, target_key(heading, target)))
    return _truth(events, optional, excused)


def _stands_elsewhere(target: Target, plan: Plan) -> bool:
    """True where the plan states a goal for the same thing: one more or one fewer place may tell of it or not."""
    return any(
        (other.entry, _rank(other), _area(other), other.kind, other.cadence == "annual")
        == (target.entry, _rank(target), _area(target), target.kind, target.cadence == "annual")
        for _, other in plan.targets()
    )


def _rank(target: Target) -> str:
    return target.indicator.removesuffix(target.entry) if target.indicator.endswith(target.entry) else ""


def _changes_of_target(a: Target, b: Target, shift: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the changes of a target that must be found, each with other names for it."""
    if a.indicator != b.indicator and not _alike(a, b):
        yield "renamed", ()
    if a.unit != b.unit:
        yield "unit_changed", ("not_comparable",)
    if a.kind != b.kind:
        yield "kind_changed", ("not_comparable",)
    elif "annual" in (a.cadence, b.cadence) and a.cadence != b.cadence:
        yield "not_comparable", ("kind_changed",)
    if _area(a) != _area(b):
        yield "scope_changed", ("not_comparable",)
    if _of_one_measure(a, b) and a.unit == b.unit and a.amount != b.amount:
        # More, but over more years as well: an addition may then be called incomparable.
        instead = ("not_comparable",) if a.kind == "increase" and _of_year(a, b, shift) else ()
        yield ("raised" if b.amount > a.amount else "lowered"), instead
    if a.comparator != b.comparator and a.kind == b.kind:
        yield "comparator_changed", ()
    if _of_one_measure(a, b) and (change := _of_year(a, b, shift)):
        yield change, ()


def _of_year(a: Target, b: Target, shift: int) -> str | None:
    """Whether a goal is due later or earlier, beyond the `shift` of the whole plan."""
    if a.year is None or b.year is None or b.year - shift == a.year:
        return None
    return "postponed" if b.year - shift > a.year else "brought_forward"


def _alike(a: Target, b: Target) -> bool:
    """True where the two names differ by what says only that something is counted: 高标准农田面积."""
    return a.indicator.startswith(b.indicator) or b.indicator.startswith(a.indicator)


def _area(target: Target) -> str:
    return "" if target.area == "全市" else target.area


def _of_one_measure(a: Target, b: Target) -> bool:
    """True where the figures can be set against each other as they stand."""
    annual = "annual" in (a.cadence, b.cadence) and a.cadence != b.cadence
    return a.kind == b.kind and not annual and _area(a) == _area(b)


def _allowed(a: Target, b: Target, shift: int) -> Iterator[str]:
    """What may be said of a pair besides; in the next plan the same level is promised for later."""
    if shift and a.amount == b.amount:
        yield from ("postponed", "brought_forward", "not_comparable")
    if not _of_one_measure(a, b):
        yield from ("not_comparable", "comparator_changed", "postponed", "brought_forward")
    if a.measured != b.measured:
        yield from ("raised", "lowered")
    if a.area != b.area:
        yield "scope_changed"
        if a.area not in SCOPES or b.area not in SCOPES:
            yield "renamed"
    if a.verb != b.verb or a.indicator != b.indicator:
        yield "renamed"
    if a.cadence != b.cadence:
        yield "kind_changed"


def _of_charges(a: Plan, b: Plan) -> Truth:
    events, optional, excused = [], [], []
    pairs = list(descendants(a, b))
    whole = {
        (task.uid, later.uid) for task, later in pairs
        if len(later.origins) == 1 and sum(other.uid == task.uid for other, _ in pairs) == 1
    }  # fmt: skip
    for task, later in pairs:
        if (task.uid, later.uid) in whole:
            some, more = _of_note(task, later)
            events += some
            optional += more
        else:
            excused += [("a", "responsibility", Key(task.title, c.name)) for c in task.charges]
            excused += [("b", "responsibility", Key(later.title, c.name)) for c in later.charges]
    known, made = {task.uid for task, _ in pairs}, {later.uid for _, later in pairs}
    for task in a.tasks():
        if task.uid not in known:
            events += [Event("responsibility", "dropped", Key(task.title, c.name), None) for c in task.charges]
    for task in b.tasks():
        if task.uid not in made:
            events += [Event("responsibility", "new", None, Key(task.title, c.name)) for c in task.charges]
    return _truth(events, optional, excused)


def _of_note(task: Task, later: Task) -> tuple[list[Event], list[Event]]:
    """The changes of the note of one task, and what may be said of its pairs besides."""
    events, optional = [], []
    before = {c.uid: c for c in task.charges}
    # A body that both notes name is the same, even if it was taken off and put on again in between.
    names = {c.name: c.uid for c in task.charges}
    taken = {names[c.name] for c in later.charges if c.name in names}
    after = {names.get(c.name, c.uid if c.uid not in taken else f"{c.uid}, another"): c for c in later.charges}
    for uid, charge in before.items():
        key = Key(task.title, charge.name)
        if uid not in after:
            events.append(Event("responsibility", "dropped", key, None))
            continue
        other = after[uid]
        keys = key, Key(later.title, other.name)
        change = _change_of_charge(charge, other)
        if change:
            events.append(Event("responsibility", change, *keys, ("kind_changed", "reworded")))
        changed = charge.role != other.role or charge.name != other.name
        extra = ("moved", *(("kind_changed", "reworded", "renamed", "lead_changed") if changed else ()))
        optional += [Event("responsibility", also, *keys) for also in extra]
    for uid, charge in after.items():
        if uid not in before:
            events.append(Event("responsibility", "new", None, Key(later.title, charge.name)))
    return events, optional


def _change_of_charge(a: Charge, b: Charge) -> str | None:
    """A body under the name after its reorganisation is renamed, under its full name the same."""
    if a.name != b.name:
        bodies = vocabulary().bodies
        if any(a.name == body.former and b.name in (body.name, body.long) for body in bodies):
            return "renamed"
        if any(body.long == b.name and body.name == a.name for body in bodies):
            return None
        return "lead_changed"
    return "lead_changed" if a.role != b.role and "lead" in (a.role, b.role) else None
