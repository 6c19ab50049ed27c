"""Edit the targets and organisations of a plan. Each edit changes the data and tells whether it found something to do.

What follows from an edit is not noted here: `events` derives it from the two versions, by the ids of their elements.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from random import Random

from plans.composed import BY_YEAR, DONE_BY, PERCENT_LIMIT, Composer
from plans.model import Charge, Commitment, Plan, Prose, Target, Task
from plans.vocabulary import Indicator

Edit = Callable[[Plan, Composer], bool]
SHARES = (Decimal("0.05"), Decimal("0.1"), Decimal("0.15"), Decimal("0.25"), Decimal("0.4"))
METRES_OF_3_MU = 2000


def entry(target: Target, composer: Composer) -> Indicator:
    """Give the entry of the vocabulary that a target was made from."""
    return next(i for i in composer.words.indicators if i.name == target.entry)


def restated(target: Target, composer: Composer, direction: int) -> Decimal:
    """Give another figure for a target, higher or lower, in the steps of its indicator; its own where there is none."""
    step = entry(target, composer).step
    if target.unit == "%":
        value = target.value + direction * step * composer.random.randint(1, 4)
        return value if 0 < value < PERCENT_LIMIT else target.value
    moved = max(step, (target.value * composer.random.choice(SHARES) // step) * step)
    value = target.value + direction * moved
    return value if value > 0 else target.value


def every_target(plan: Plan) -> list[Target]:
    """All targets of the plan."""
    return [target for _, target in plan.targets()]


def same_goals(plan: Plan, target: Target) -> list[Target]:
    """The target and the same goal wherever else the plan states it."""
    return [target] + [o for o in every_target(plan) if target.goal and o.goal == target.goal and o is not target]


def pick(random: Random, targets: list[Target]) -> Target | None:
    """Give one of them, None where there is none."""
    return random.choice(targets) if targets else None


def _restate(plan: Plan, composer: Composer, direction: int) -> bool:
    target = pick(composer.random, every_target(plan))
    if target is None or (value := restated(target, composer, direction)) == target.value:
        return False
    before, target.value = target.value, value
    for same in same_goals(plan, target):
        # A goal that stands in several places is mostly changed in all of them; at times one is forgotten.
        if same.value == before and composer.random.random() < 0.85:
            same.value = value
    return True


def raise_target(plan: Plan, composer: Composer) -> bool:
    """Ask for more."""
    return _restate(plan, composer, 1)


def lower_target(plan: Plan, composer: Composer) -> bool:
    """Ask for less."""
    return _restate(plan, composer, -1)


def _shift_year(plan: Plan, composer: Composer, years: int) -> bool:
    said = [c for task in plan.tasks() for c in commitments(task) if c.targets[0].year is not None]
    said = [c for c in said if not any(t.goal for t in c.targets)]
    if not said:
        return False
    for target in composer.random.choice(said).targets:
        assert target.year is not None
        target.year += years
    return True


def postpone(plan: Plan, composer: Composer) -> bool:
    """Give a target one year more."""
    return _shift_year(plan, composer, 1)


def bring_forward(plan: Plan, composer: Composer) -> bool:
    """Ask for a target one year earlier."""
    return _shift_year(plan, composer, -1)


def drop_target(plan: Plan, composer: Composer) -> bool:
    """Take a target out; a sentence without targets goes too."""
    target = pick(composer.random, every_target(plan))
    if target is None:
        return False
    for said in [*plan.goals, *(said for task in plan.tasks() for said in commitments(task))]:
        said.targets = [other for other in said.targets if other.uid != target.uid]
    plan.goals = [goal for goal in plan.goals if goal.targets]
    plan.annex = [line for line in plan.annex if line.target.uid != target.uid]
    for task in plan.tasks():
        task.sentences = [s for s in task.sentences if isinstance(s, Prose) or s.targets]
    return True


def new_target(plan: Plan, composer: Composer) -> bool:
    """Put a target into a task, or into the list of goals."""
    random = composer.random
    if plan.goals and random.random() < 0.3:
        goal, topic = random.choice(plan.goals), random.choice(plan.groups).topic
        known = {target.entry for target in plan.goal_targets()}
        spare = [i for i in composer.words.of_topic(topic) if i.use != "add" and i.name not in known]
        if not spare:
            return False
        goal.targets.insert(random.randint(0, len(goal.targets)), composer.level(random.choice(spare), "", plan.end))
        return True
    task = random.choice([task for group in plan.groups for task in group.tasks])
    known = {target.entry for target in task.targets}
    spare = [i for i in composer.words.of_topic(task.topic) if i.name not in known]
    if not spare:
        return False
    said = composer.commitment(random.choice(spare))
    task.sentences.append(said)
    return True


def rename_target(plan: Plan, composer: Composer) -> bool:
    """Call what is counted by its other name, wherever the plan speaks of it."""
    able = [t for t in every_target(plan) if t.indicator == t.entry and entry(t, composer).renames]
    target = pick(composer.random, able)
    if target is None:
        return False
    name = composer.random.choice(entry(target, composer).renames)
    for same in every_target(plan):
        if same.indicator == target.entry:
            same.indicator = name
    return True


def change_comparator(plan: Plan, composer: Composer) -> bool:
    """Say 超过 or 以上 where a plain figure stood, or the other way."""
    target = pick(composer.random, [t for t in every_target(plan) if t.comparator != "<=" and not t.in_table])
    if target is None:
        return False
    choices = ("=", ">=", ">", "~") if target.kind == "level" else ("=", ">=", "~")
    former = target.comparator
    comparator = composer.random.choice([c for c in choices if c != former])
    for same in same_goals(plan, target):
        if same.comparator == former and not same.in_table:
            same.comparator = comparator
    return True


def change_scope(plan: Plan, composer: Composer) -> bool:
    """Ask it of a zone, or of the city's own bodies, where it was asked of the whole city; or the other way."""
    able = [t for task in plan.tasks() for t in task.targets if entry(t, composer).city and not t.goal]
    target = pick(composer.random, [t for t in able if t.area])
    if target is None:
        return False
    zones = composer.words.frame["zones"]
    if target.area == "全市" and target.kind == "level":
        target.area = composer.random.choice((zones[0], zones[1], "市本级"))
    else:
        target.area = "全市"
    return True


def change_kind(plan: Plan, composer: Composer) -> bool:
    """Ask for an addition where a total stood, or the other way."""
    able = [
        t for task in plan.tasks() for t in task.targets
        if entry(t, composer).use == "both" and t.cadence == "by" and not t.goal and t.area in ("", "全市")
        and t.comparator != ">" and not t.verb.startswith("+")
    ]  # fmt: skip
    target = pick(composer.random, able)
    if target is None:
        return False
    verbs = [verb for verb in entry(target, composer).adds if not verb.startswith("+")]
    if target.kind == "level" and verbs:
        target.kind, target.verb = "increase", composer.random.choice(verbs)
        return True
    target.kind, target.verb = "level", ""
    return True


def change_cadence(plan: Plan, composer: Composer) -> bool:
    """Ask for so many a year where so many in all were asked for, or the other way."""
    able = [t for task in plan.tasks() for t in task.targets if t.kind == "increase" and t.year is None]
    target = pick(composer.random, able)
    if target is None:
        return False
    step = entry(target, composer).step
    if target.cadence == "annual":
        target.cadence, target.value = "within", target.value * 3
    else:
        target.cadence, target.value = "annual", max(step, (target.value / 3 // step) * step)
    return True


def change_unit(plan: Plan, composer: Composer) -> bool:
    """Count in another unit: another counting word, or 亩 for square metres of the same area."""
    able = [t for t in every_target(plan) if entry(t, composer).other_unit and t.unit == entry(t, composer).unit]
    target = pick(composer.random, able)
    if target is None:
        return False
    unit = entry(target, composer).other_unit
    pair = [same for same in same_goals(plan, target) if same.unit == target.unit]
    if unit == "亩" and any(same.amount % METRES_OF_3_MU for same in pair):
        return False
    for same in pair:
        if unit == "亩":
            same.value, same.scale = same.amount / METRES_OF_3_MU * 3, ""
        same.unit = unit
    return True


def rephrase(plan: Plan, composer: Composer) -> bool:
    """Open the sentence of a target with other words: the target stays what it was."""
    said = [c for task in plan.tasks() for c in commitments(task) if c.targets[0].year is not None]
    if not said:
        return False
    sentence = composer.random.choice(said)
    openings = DONE_BY if sentence.targets[0].kind == "increase" else BY_YEAR
    sentence.opening = composer.random.choice([words for words in openings if words != sentence.opening])
    return True


def move_target(plan: Plan, composer: Composer) -> bool:
    """Put the sentence of a target into another task of its section."""
    able = [(g, task, c) for g in plan.groups for task in g.tasks for c in commitments(task) if len(g.tasks) > 1]
    if not able:
        return False
    group, task, sentence = composer.random.choice(able)
    task.sentences.remove(sentence)
    composer.random.choice([other for other in group.tasks if other is not task]).sentences.append(sentence)
    return True


def commitments(task: Task) -> list[Commitment]:
    """The sentences of a task that commit to something."""
    return [sentence for sentence in task.sentences if isinstance(sentence, Commitment)]


def new_body(plan: Plan, composer: Composer) -> bool:
    """Let one more organisation answer for a task."""
    able = [task for group in plan.groups for task in group.tasks if task.charges]
    if not able:
        return False
    task = composer.random.choice(able)
    spare = _spare_bodies(plan, composer, task)
    if not spare:
        return False
    role = "participant" if any(c.role == "lead" for c in task.charges) else "responsible"
    task.charges.append(Charge(composer.uid("c"), composer.random.choice(spare), role))  # type: ignore[arg-type]
    return True


def drop_body(plan: Plan, composer: Composer) -> bool:
    """Take an organisation off a task; never the one in the lead, never the last but one."""
    able = [
        (task, charge) for task in plan.tasks() if len(task.charges) > 2
        for charge in task.charges if charge.role != "lead"
    ]  # fmt: skip
    if not able:
        return False
    task, charge = composer.random.choice(able)
    task.charges.remove(charge)
    return True


def replace_lead(plan: Plan, composer: Composer) -> bool:
    """Give a task to another leading body, one that had nothing to do with it."""
    able = [task for task in plan.tasks() if any(charge.role == "lead" for charge in task.charges)]
    if not able:
        return False
    task = composer.random.choice(able)
    spare = _spare_bodies(plan, composer, task)
    if not spare:
        return False
    lead = next(charge for charge in task.charges if charge.role == "lead")
    lead.name = composer.random.choice(spare)
    return True


def change_roles(plan: Plan, composer: Composer) -> bool:
    """Put the first of several responsible bodies in the lead."""
    able = [task for task in plan.tasks() if len(task.charges) > 1 and task.charges[0].role == "responsible"]
    if not able:
        return False
    task = composer.random.choice(able)
    for at, charge in enumerate(task.charges):
        charge.role = "participant" if at else "lead"
    return True


def reorganise(plan: Plan, composer: Composer) -> bool:
    """Call a body by the name that it has after the reorganisation, in every note."""
    named = {charge.name for task in plan.tasks() for charge in task.charges}
    able = [body for body in composer.words.bodies if body.former in named and body.name in composer.former]
    if not able:
        return False
    body = composer.random.choice(able)
    composer.former.discard(body.name)
    _rename(plan, body.former, body.name)
    return True


def spell_out(plan: Plan, composer: Composer) -> bool:
    """Write a body's name in full, in every note: the same body under the same name."""
    named = {charge.name for task in plan.tasks() for charge in task.charges}
    able = [body for body in composer.words.bodies if body.long and body.name in named]
    if not able:
        return False
    body = composer.random.choice(able)
    _rename(plan, body.name, body.long)
    return True


def _rename(plan: Plan, before: str, after: str) -> None:
    for task in plan.tasks():
        for charge in task.charges:
            charge.name = after if charge.name == before else charge.name


def _spare_bodies(plan: Plan, composer: Composer, task: Task) -> list[str]:
    """Bodies that answer for the topic and are not named by the task under any of their names."""
    named = {charge.name for charge in task.charges}
    bodies = composer.words.answering(task.topic)
    return [composer.name_of(b) for b in bodies if not named & {b.name, b.long, b.former}]
