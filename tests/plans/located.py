"""Find the elements of a plan as data among the rows that were read from its text."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.model.tables import Record, TargetRow
from plans.model import GOALS, SCOPES, Plan, Target

UNITS = {"车位": "个"}


class Key(NamedTuple):
    """What locates a row: its heading, and for a target indicator and figure, for a body its name."""

    heading: str
    name: str = ""
    quote: str = ""


def target_key(heading: str, target: Target) -> Key:
    """Give the key of a target."""
    return Key(heading, target.read_as, quote_of(target))


def quote_of(target: Target) -> str:
    """Give the figure with the words that bind it: the verb of a comparator before it, what stands behind it."""
    if target.in_table:
        return f"{target.value.normalize():f}"
    before = {">": "超过", "<=": "控制在"}.get(target.comparator, "")
    behind = {">=": "以上", "~": "左右", "<=": "以内"}.get(target.comparator, "")
    return before + target.figure + behind


class Places:
    """The rows of a record by key."""

    def __init__(self, record: Record) -> None:
        titles = {section.section_id: section.title or "" for section in record.sections}
        kinds = {section.section_id: section.kind for section in record.sections}
        self.rows: dict[tuple[str, Key], list[str]] = defaultdict(list)
        for section in record.sections:
            element = "task" if section.kind in ("task", "row") else "section"
            self.rows[element, Key(section.title or "")].append(section.section_id)
        for target in record.targets:
            key = Key(titles[target.section_id], target.indicator, target.quote)
            self.rows["target", key].append(target.target_id)
        for charge in record.responsibilities:
            key = Key(titles[charge.section_id], charge.organisation)
            self.rows["responsibility", key].append(charge.responsibility_id)
        self.kinds = kinds

    def row(self, element: str, key: Key) -> str:
        """Give the id of the row. Raises KeyError where there is none, or several."""
        found = self.rows.get((element, key), [])
        if len(found) != 1:
            raise KeyError(f"{len(found)} rows for {element} {key}")
        return found[0]


def misreadings(plan: Plan, record: Record) -> list[str]:
    """Say where the rows differ from the data: headings, targets, bodies, missing or beside them."""
    return [*_headings(plan, record), *_targets(plan, record), *_charges(plan, record), *_frame(plan, record)]


def _frame(plan: Plan, record: Record) -> Iterator[str]:
    if len(record.plans) != 1:
        yield f"{len(record.plans)} plans"
        return
    row = record.plans[0]
    if (row.title, row.period_start, row.period_end) != (plan.title, plan.start, plan.end):
        yield f"plan {row.title} {row.period_start} {row.period_end}"


def _headings(plan: Plan, record: Record) -> Iterator[str]:
    places = Places(record)
    for task in plan.tasks():
        if len(places.rows.get(("task", Key(task.title)), [])) != 1:
            yield f"task {task.title} is not read as one task"
    for group in plan.groups:
        if len(places.rows.get(("section", Key(group.title)), [])) != 1:
            yield f"section {group.title} is not read as one section"
    rows = [row.title for row in record.sections if row.kind == "row"]
    if rows != [line.target.indicator for line in plan.annex]:
        yield f"rows of the annex are read as {rows}"
    count = sum(row.kind == "task" for row in record.sections)
    if count != len(list(plan.tasks())):
        yield f"{count} tasks for {len(list(plan.tasks()))}"


def _targets(plan: Plan, record: Record) -> Iterator[str]:
    titles = {section.section_id: section.title or "" for section in record.sections}
    by_key: dict[Key, list[TargetRow]] = defaultdict(list)
    for row in record.targets:
        by_key[Key(titles[row.section_id], row.indicator, row.quote)].append(row)
    for heading, target in plan.targets():
        found = by_key.pop(target_key(heading, target), [])
        if len(found) != 1:
            yield f"target {target.clause} is read {len(found)} times"
        else:
            yield from _differences(plan, target, found[0], heading == GOALS)
    for key in by_key:
        yield f"target {key} beside the data"


def _differences(plan: Plan, target: Target, row: TargetRow, goal: bool) -> Iterator[str]:
    expected = {
        "value": target.amount,
        "unit": target.unit,
        "comparator": target.comparator,
        "kind": target.kind,
        "cadence": target.cadence,
        "year_end": target.year or plan.end,
    }
    if target.area in SCOPES and not goal:
        expected["scope"] = target.area or None
    for name, value in expected.items():
        if getattr(row, name) != value:
            yield f"{name} of {target.clause} is read {getattr(row, name)}, not {value}"


def _charges(plan: Plan, record: Record) -> Iterator[str]:
    titles = {section.section_id: section.title or "" for section in record.sections}
    read = Counter((titles[r.section_id], r.role, r.organisation) for r in record.responsibilities)
    said = Counter((task.title, str(charge.role), charge.name) for task in plan.tasks() for charge in task.charges)
    for words, count in (said - read).items():
        yield f"{count} × {words} is not read"
    for words, count in (read - said).items():
        yield f"{count} × {words} beside the data"
