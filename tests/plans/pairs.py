"""Two versions of an invented plan, with what changed from the one to the other."""

from __future__ import annotations

from copy import deepcopy
from typing import NamedTuple

from plans import edits, edits_of_tasks
from plans.composed import composed
from plans.edits import Edit
from plans.events import Truth, derive
from plans.model import Plan
from plans.sound import is_sound
from plans.vocabulary import vocabulary
from plans.written import written

# Each edit with how often it is drawn.
EDITS: dict[Edit, int] = {
    edits.raise_target: 6, edits.lower_target: 3, edits.postpone: 3, edits.bring_forward: 2, edits.drop_target: 3,
    edits.new_target: 3, edits.rename_target: 3, edits.change_comparator: 2, edits.change_scope: 2,
    edits.change_kind: 2, edits.change_cadence: 2, edits.change_unit: 2, edits.new_body: 3, edits.drop_body: 3,
    edits.replace_lead: 3, edits.change_roles: 1, edits.reorganise: 3, edits.spell_out: 1,
    edits.rephrase: 2, edits.move_target: 2,
    edits_of_tasks.new_task: 3, edits_of_tasks.drop_task: 3, edits_of_tasks.move_task: 3,
    edits_of_tasks.move_section: 1, edits_of_tasks.drop_section: 1, edits_of_tasks.new_section: 1,
    edits_of_tasks.reword: 4, edits_of_tasks.retitle: 2, edits_of_tasks.split: 2, edits_of_tasks.merge: 2,
}  # fmt: skip
FEWEST, MOST = 5, 16
TRIES = 60
SUCCESSORS = 0.15


class Pair(NamedTuple):
    """Two versions, their texts, and what changed; `made` names the edits in order."""

    a: Plan
    b: Plan
    a_text: str
    b_text: str
    truth: Truth
    made: tuple[str, ...]


def _ambiguous(a: Plan, b: Plan) -> bool:
    """True where one goal went and another of the same thing came: nobody can tell whether it is the same goal."""
    before, after = ({target.uid: target.entry for _, target in plan.targets()} for plan in (a, b))
    gone = {entry for uid, entry in before.items() if uid not in after}
    return bool(gone & {entry for uid, entry in after.items() if uid not in before})


def pair(seed: int, count: int | None = None, successor: bool | None = None) -> Pair:
    """Give the pair of a seed, with `count` edits; `successor`: whether the second is the plan of the next period."""
    a, composer = composed(seed)
    random = composer.random
    wanted = random.randint(FEWEST, MOST) if count is None else count
    b, made = deepcopy(a), []
    b.number, b.issued = b.number % 89 + 1, (b.issued[0], b.issued[1] + 5, b.issued[2])
    next_period = random.random() < SUCCESSORS
    if next_period if successor is None else successor:
        edits_of_tasks.renew_for_next_period(b, composer)
        made.append("renew_for_next_period")
    for _ in range(TRIES):
        if len(made) >= wanted:
            break
        edit = random.choices(list(EDITS), list(EDITS.values()))[0]
        trial = deepcopy(b)
        if edit(trial, composer) and is_sound(trial) and not _ambiguous(a, trial):
            b = trial
            made.append(edit.__name__)
    addressees = vocabulary().frame["addressees"]
    return Pair(a, b, written(a, addressees), written(b, addressees), derive(a, b), tuple(made))
