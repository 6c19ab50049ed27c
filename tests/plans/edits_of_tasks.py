"""Edit the tasks and sections of a plan: new, dropped, moved, reworded, split, merged."""

from __future__ import annotations

from copy import deepcopy
from difflib import SequenceMatcher
from random import Random

from plans.composed import Composer
from plans.edits import entry, every_target, restated, same_goals
from plans.events import LEAST_PASSED
from plans.model import Charge, Plan, Prose, Task
from plans.vocabulary import choose

LEAST_REWORDED, MOST_REWORDED = 0.2, 0.5
TRIES = 30


def untouched(plan: Plan, task: Task) -> bool:
    """True for a task that stands where it stood and is what it was."""
    return task.origins == (task.uid,) and task.uid not in plan.moved | plan.reworded


def new_task(plan: Plan, composer: Composer) -> bool:
    """Put in a task of a theme that the plan did not have."""
    random = composer.random
    group = random.choice(plan.groups)
    theme = composer.spare_theme(group.topic)
    if theme is None:
        return False
    task = composer.task(theme, random.randint(0, 2))
    task.origins = ()
    group.tasks.insert(random.randint(0, len(group.tasks)), task)
    return True


def drop_task(plan: Plan, composer: Composer) -> bool:
    """Take a task out with its targets; a goal that stood there too stays with the goals."""
    able = [group for group in plan.groups if len(group.tasks) > 1]
    if not able:
        return False
    group = composer.random.choice(able)
    task = composer.random.choice(group.tasks)
    if not untouched(plan, task):
        return False
    group.tasks.remove(task)
    return True


def move_task(plan: Plan, composer: Composer) -> bool:
    """Move a task into another section, or past at least two others in its own."""
    random = composer.random
    source = random.choice(plan.groups)
    if len(source.tasks) < 2:
        return False
    task = random.choice(source.tasks)
    if not untouched(plan, task):
        return False
    at = source.tasks.index(task)
    source.tasks.remove(task)
    if random.random() < 0.6 and len(plan.groups) > 1:
        goal = random.choice([group for group in plan.groups if group is not source])
        goal.tasks.insert(random.randint(0, len(goal.tasks)), task)
    else:
        to = random.randint(0, len(source.tasks))
        passed = source.tasks[min(at, to) : max(at, to)]
        if sum(untouched(plan, other) for other in passed) < LEAST_PASSED:
            return False
        source.tasks.insert(to, task)
    plan.moved.add(task.uid)
    return True


def move_section(plan: Plan, composer: Composer) -> bool:
    """Move a section with all its tasks past at least two others."""
    random = composer.random
    if len(plan.groups) <= LEAST_PASSED or plan.moved & {group.uid for group in plan.groups}:
        return False
    group = random.choice(plan.groups)
    at = plan.groups.index(group)
    places = [to for to in range(len(plan.groups)) if abs(to - at) >= LEAST_PASSED]
    if not places:
        return False
    plan.groups.remove(group)
    plan.groups.insert(random.choice(places), group)
    plan.moved.add(group.uid)
    return True


def drop_section(plan: Plan, composer: Composer) -> bool:
    """Take out a section with all its tasks."""
    able = [group for group in plan.groups if all(untouched(plan, task) for task in group.tasks)]
    if len(plan.groups) < 4 or not able:
        return False
    plan.groups.remove(composer.random.choice(able))
    return True


def new_section(plan: Plan, composer: Composer) -> bool:
    """Put in a section of a topic that the plan did not have."""
    random = composer.random
    known = {group.topic for group in plan.groups} | {task.topic for task in plan.tasks()}
    spare = [topic for topic in composer.words.groups if topic not in known]
    if not spare:
        return False
    group = composer.group(random.choice(spare))
    for task in group.tasks:
        task.origins = ()
    plan.groups.insert(random.randint(0, len(plan.groups)), group)
    return True


def reword(plan: Plan, composer: Composer) -> bool:
    """Say a task in other words: between a fifth and half of its prose changes, at times its heading too."""
    random = composer.random
    able = [task for task in plan.tasks() if untouched(plan, task)]
    if not able:
        return False
    task = random.choice(able)
    before = _prose(task)
    for _ in range(TRIES):
        sentences = [
            Prose(said.pattern, choose(said.pattern, random, avoid=said.words))
            if isinstance(said, Prose) and random.random() < 0.8
            else said
            for said in task.sentences
        ]
        after = "".join(s.words for s in sentences if isinstance(s, Prose))
        if LEAST_REWORDED <= changed_share(before, after) <= MOST_REWORDED:
            task.sentences = sentences
            plan.reworded.add(task.uid)
            if random.random() < 0.3:
                task.title = random.choice(task.titles)
            return True
    return False


def retitle(plan: Plan, composer: Composer) -> bool:
    """Give a task or a section another heading over the same words."""
    random = composer.random
    if random.random() < 0.4:
        group = random.choice(plan.groups)
        spare = [title for title in composer.words.groups[group.topic] if title != group.title]
        if group.uid in plan.moved or not spare:
            return False
        group.title = spare[0]
        plan.retitled.add(group.uid)
        return True
    able = [task for task in plan.tasks() if untouched(plan, task) and task.uid not in plan.retitled]
    task = random.choice(able) if able else None
    if task is None:
        return False
    task.title = next(title for title in task.titles if title != task.title)
    plan.retitled.add(task.uid)
    return True


def split(plan: Plan, composer: Composer) -> bool:
    """Part a task in two at the end of a sentence; the second half gets a heading of its own."""
    able = [
        (group, task) for group in plan.groups for task in group.tasks
        if untouched(plan, task) and len(_proses(task)) >= 4
    ]  # fmt: skip
    if not able:
        return False
    group, task = composer.random.choice(able)
    cut = task.sentences.index(_proses(task)[2])
    second = Task(
        composer.uid("k"), task.topic, task.noun, task.second, (task.second,), task.second, task.sentences[cut:],
        [Charge(composer.uid("c"), charge.name, charge.role) for charge in task.charges], (task.uid,),
    )  # fmt: skip
    del task.sentences[cut:]
    group.tasks.insert(group.tasks.index(task) + 1, second)
    plan.reworded.add(second.uid)
    # The first half keeps its id, and is no longer the whole.
    plan.reworded.add(task.uid)
    return True


def merge(plan: Plan, composer: Composer) -> bool:
    """Make one task of two neighbours, with the sentences and bodies of both."""
    able = [
        (group, at) for group in plan.groups for at in range(len(group.tasks) - 1)
        if untouched(plan, group.tasks[at]) and untouched(plan, group.tasks[at + 1]) and len(group.tasks) > 2
    ]  # fmt: skip
    if not able:
        return False
    group, at = composer.random.choice(able)
    first, second = group.tasks[at : at + 2]
    title = composer.random.choice(("统筹推进{}和{}", "协同抓好{}与{}")).format(first.noun, second.noun)
    known = {charge.name for charge in first.charges}
    merged = Task(
        composer.uid("k"), first.topic, title, title, (title,), title, [*first.sentences, *second.sentences],
        [*first.charges, *(charge for charge in second.charges if charge.name not in known)],
        (first.uid, second.uid),
    )  # fmt: skip
    if sum(charge.role == "lead" for charge in merged.charges) > 1 or _mixes_roles(merged):
        for charge in merged.charges:
            charge.role = "responsible"
    group.tasks[at : at + 2] = [merged]
    return True


def renew_for_next_period(plan: Plan, composer: Composer) -> None:
    """Move the plan to the years after its own, with every figure raised: its successor."""
    years = plan.end - plan.start + 1
    plan.start, plan.end, plan.successor = plan.start + years, plan.end + years, True
    plan.issued = (plan.issued[0] + years, *plan.issued[1:])
    done: set[str] = set()
    for target in every_target(plan):
        if target.year is not None:
            target.year += years
        if target.uid in done:
            continue
        target.value = restated(target, composer, 1)
        for same in same_goals(plan, target):
            same.value = target.value
            done.add(same.uid)
    for line in plan.annex:
        line.present = line.target.value - entry(line.target, composer).step
    composer.start, composer.end = plan.start, plan.end


def shuffled(plan: Plan, random: Random) -> Plan:
    """Give the plan with sections and tasks in another order, each task in its section."""
    other = deepcopy(plan)
    random.shuffle(other.groups)
    for group in other.groups:
        random.shuffle(group.tasks)
    return other


def changed_share(before: str, after: str) -> float:
    """Give the share of the words that are not those of before, 0 to 1."""
    kept = sum(block.size for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks())
    return 1 - kept / max(len(before), len(after), 1)


def _proses(task: Task) -> list[Prose]:
    return [sentence for sentence in task.sentences if isinstance(sentence, Prose)]


def _prose(task: Task) -> str:
    return "".join(sentence.words for sentence in _proses(task))


def _mixes_roles(task: Task) -> bool:
    roles = {charge.role for charge in task.charges}
    return "responsible" in roles and len(roles) > 1
