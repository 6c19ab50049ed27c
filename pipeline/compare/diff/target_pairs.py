"""Which targets of two sides are pairs: the same indicator first, then the same place, kind, area and time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pipeline.compare.diff.assignment import Pairs, assign
from pipeline.compare.diff.candidates import candidates
from pipeline.compare.diff.letters import bigrams, likeness
from pipeline.compare.diff.names import Likeness
from pipeline.compare.diff.sides import Goal, Side

# A pair needs this much; below SURE a person should look.
LEAST, SURE, PLAIN = 0.52, 0.66, 0.87
# What each difference leaves of the likeness of the names.
OTHER_WORD, OTHER_UNIT, OTHER_AREA, OTHER_CADENCE, PER_YEAR = 0.97, 0.6, 0.6, 0.92, 0.06
OTHER_KIND, MAY_BE_KIND, OTHER_VERB = 0.85, 0.96, 0.93
MOST_YEARS = 4
# How much the sections, the sentence around and the figure add to a pair.
SAME_SECTION, SAME_PLAN, FRAME, FIGURE = 0.12, 0.04, 0.1, 0.04
# Names this different are no pair, wherever they stand, unless all else is the same: then it is a new name.
LEAST_NAME, RENAMED, RENAMED_FRAME = 0.5, 0.62, 0.6
# What two names must have in common beside the areas that open them.
LIKE_REST = 0.6
# In a list whose other members go on, a name at its place may differ by more.
LEAST_IN_LIST = 0.3
# What the only name with a measure is worth, where the other side has one name with it too; shares are of anything.
ONLY_MEASURE, COMMON_UNITS = 0.6, ("%", "百分点", "‰")
# An indicator that more targets have is looked for only in paired sections and in order.
MOST_TOGETHER = 400
# Two mentions of one target in one plan have names at least this alike.
ONE_NAME = 0.72


@dataclass(frozen=True, slots=True)
class TargetPairs:
    """Pairs, the further pairs of what one side says again, and the score of the best rival of each pair."""

    pairs: Pairs
    again: Pairs
    rivals: Pairs


@dataclass(slots=True)
class _Context:
    a: Side
    b: Side
    plans: Pairs
    sections: Pairs
    parts: Pairs
    likeness: Likeness
    measured: tuple[dict[str, set[str]], ...] = ()

    def __post_init__(self) -> None:
        """Note the names that each side has with each unit."""
        sides: tuple[dict[str, set[str]], ...] = ({}, {})
        for names, side in zip(sides, (self.a, self.b), strict=True):
            for goal in side.goals:
                names.setdefault(goal.row.unit or "", set()).add(self.likeness.bare(goal.name))
        self.measured = sides

    def only_measure(self, one: Goal, other: Goal) -> bool:
        """Tell whether two names end alike and are the only ones of their sides with their measure (平方米, 公里)."""
        if one.measured is None or one.row.unit != other.row.unit or one.row.unit in COMMON_UNITS:
            return False
        heads = {self.likeness.head(goal.name) for goal in (one, other)}
        return len(heads) == 1 and all(len(names[one.row.unit or ""]) == 1 for names in self.measured)

    def section(self, one: Goal, other: Goal) -> float:
        """Give what the places of two targets add: the same section, or at least the same plan."""
        nodes = one.node, other.node
        if nodes in self.sections or nodes in self.parts:
            return SAME_SECTION
        return SAME_PLAN if (self.a.nodes[nodes[0]].plan, self.b.nodes[nodes[1]].plan) in self.plans else 0.0


Tier = Callable[[_Context, Goal, Goal], bool]


def pair_targets(a: Side, b: Side, plans: Pairs, sections: Pairs, parts: Pairs) -> TargetPairs:
    """Give the pairs of targets over all sections."""
    context = _Context(a, b, plans, sections, parts, Likeness(a.lexicon))
    scores: Pairs = {}
    for pair in _candidates(a, b, sections, parts):
        score = _score(context, a.goals[pair[0]], b.goals[pair[1]])
        if score >= LEAST:
            i, j = pair
            # Of mentions that are alike in all else those at the same point of the texts are pairs.
            scores[pair] = score - 0.01 * abs(i / len(a.goals) - j / len(b.goals))
    pairs: Pairs = {}
    again: Pairs = {}
    # What is plainly the same target is settled before what may be, and what is said again before that.
    for tiers in (((_here, SURE), (_plain, SURE)), ((_alike, SURE),), ((_timely, SURE), (_any, LEAST))):
        for tier, least in tiers:
            pairs |= assign(_free(context, scores, (*pairs, *again), tier), least)
        again |= _again(context, pairs, again)
    pairs |= _between(context, (*pairs, *again))
    pairs |= _left_alone(context, (*pairs, *again))
    return TargetPairs(_rounded(pairs), _rounded(again), _rivals(context, pairs, scores))


def _candidates(a: Side, b: Side, sections: Pairs, parts: Pairs) -> set[tuple[int, int]]:
    """Give the pairs worth a look: one indicator, names with rare pieces in common, or paired sections."""
    found = candidates([bigrams(goal.name) for goal in a.goals], [bigrams(goal.name) for goal in b.goals], most=12)
    named: dict[str, tuple[list[int], list[int]]] = {}
    for side, which in ((a, 0), (b, 1)):
        for place, goal in enumerate(side.goals):
            named.setdefault(goal.name, ([], []))[which].append(place)
    for first, second in named.values():
        if len(first) * len(second) <= MOST_TOGETHER:
            found |= {(i, j) for i in first for j in second}
    for i, j in (*sections, *parts):
        first, second = a.goals_of.get(i, []), b.goals_of.get(j, [])
        if len(first) * len(second) <= MOST_TOGETHER:
            found |= {(x, y) for x in first for y in second}
        else:
            found |= _same_names(a, b, first, second)
    return found


def _same_names(a: Side, b: Side, first: Sequence[int], second: Sequence[int]) -> set[tuple[int, int]]:
    """Pair the targets of two long tables by name, those of one name by their order."""
    named: dict[str, tuple[list[int], list[int]]] = {}
    for side, places, which in ((a, first, 0), (b, second, 1)):
        for place in places:
            named.setdefault(side.goals[place].name, ([], []))[which].append(place)
    return {pair for one, other in named.values() for pair in zip(one, other, strict=False)}


def areas_apart(one: Goal, other: Goal, likeness: Likeness) -> tuple[Goal, Goal]:
    """Take the area that opens a name for an area where the rest is like the other name: 经开区托育托位, 托育托位."""
    if one.area or other.area:
        return one, other
    first, second = likeness.apart(one.name), likeness.apart(other.name)
    if first[0] == second[0] or likeness.of(first[1], second[1]) <= max(likeness.of(one.name, other.name), LIKE_REST):
        return one, other
    return replace(one, area=first[0], name=first[1]), replace(other, area=second[0], name=second[1])


def _score(context: _Context, one: Goal, other: Goal) -> float:
    one, other = areas_apart(one, other, context.likeness)
    name = context.likeness.of(one.name, other.name)
    frame = 0.0
    around = context.section(one, other)
    same_figure = one.row.value == other.row.value and one.row.value_max == other.row.value_max
    if around == SAME_SECTION:
        frame = likeness(one.frame, other.frame)
    if name < 1.0 and same_figure and _one_kind(one, other) and around == SAME_SECTION and frame >= RENAMED_FRAME:
        name = max(name, RENAMED + 0.2 * frame)
    if name < ONLY_MEASURE and context.only_measure(one, other):
        name = ONLY_MEASURE
    if name < LEAST_NAME:
        return 0.0
    score = name * _sameness(one, other)
    return score + (around + FRAME * frame + FIGURE * same_figure) * min(score, 1.0)


def _sameness(one: Goal, other: Goal) -> float:
    """Give what unit, kind, area, cadence and time leave of the likeness of two names."""
    left = 1.0
    x, y = one.row, other.row
    if x.unit != y.unit:
        left *= OTHER_WORD if _countable(one, other) else OTHER_UNIT
    if x.kind != y.kind:
        left *= MAY_BE_KIND if may_be_level(one, other) else OTHER_KIND
    elif one.adds != other.adds:
        left *= OTHER_VERB
    if one.area != other.area:
        left *= OTHER_AREA
    if (x.cadence == "annual") != (y.cadence == "annual"):
        left *= OTHER_CADENCE
    if one.late is not None and other.late is not None:
        left *= 1 - PER_YEAR * min(abs(one.late - other.late), MOST_YEARS)
    return left


def may_be_level(one: Goal, other: Goal) -> bool:
    """Tell whether an increase and a level may be meant alike: 培育1200家 against 达到2800家, but not 新增1200家."""
    kinds = {one.row.kind, other.row.kind}
    return kinds == {"increase", "level"} and not (one.adds or other.adds)


def _countable(one: Goal, other: Goal) -> bool:
    """Tell whether both are counted with a counting word, so that 家 and 个 mean the same."""
    return one.measured is None and other.measured is None


def _between(context: _Context, taken: Sequence[tuple[int, int]]) -> Pairs:
    """Pair a lone target with the lone one between the partners of its neighbours, if it may be the same by a new name.

    In a list that goes on as it was (A达到…、B达到…、C达到…) the place says which is which.
    """
    partner = dict(taken)
    held = {j for _, j in taken}
    goals, others = context.a.goals, context.b.goals
    found: Pairs = {}
    for i, goal in enumerate(goals):
        before, after = partner.get(i - 1), partner.get(i + 1)
        if i in partner or (before is None and after is None):
            continue
        j = before + 1 if before is not None else (after or 0) - 1
        if not 0 <= j < len(others) or j in held or (after is not None and after != j + 1):
            continue
        neighbours = [(i + step, j + step) for step in (-1, 1) if partner.get(i + step) == j + step]
        if _takes_the_place(context, goal, others[j], [goals[x] for x, _ in neighbours]):
            found[i, j] = LEAST
    return found


def _left_alone(context: _Context, taken: Sequence[tuple[int, int]]) -> Pairs:
    """Pair the only two targets of one kind and unit that are left in a section, if the name only has another head.

    绿色出行比例 and 绿色出行分担率 are one under a new name; 养老机构 and 托育机构 have one head and are two things.
    """
    taken_a, taken_b = {i for i, _ in taken}, {j for _, j in taken}
    found: Pairs = {}
    for x, y in context.sections:
        left: dict[tuple[object, ...], tuple[list[int], list[int]]] = {}
        for side, node, gone, which in ((context.a, x, taken_a, 0), (context.b, y, taken_b, 1)):
            for place in side.goals_of.get(node, ()):
                if place not in gone:
                    goal = side.goals[place]
                    kind = goal.row.unit, goal.row.kind, goal.adds, goal.area, goal.row.cadence == "annual"
                    left.setdefault(kind, ([], []))[which].append(place)
        for first, second in left.values():
            if len(first) == len(second) == 1:
                one, other = context.a.goals[first[0]], context.b.goals[second[0]]
                if _near(one, other) and context.likeness.same_topic(one.name, other.name):
                    found[first[0], second[0]] = LEAST
    return found


def _near(one: Goal, other: Goal) -> bool:
    """Tell whether two figures are of one size."""
    smaller, larger = sorted((one.row.value, other.row.value))
    return smaller > 0 and larger <= 2 * smaller


def _takes_the_place(context: _Context, one: Goal, other: Goal, neighbours: Sequence[Goal]) -> bool:
    """Tell whether a target of a list may be another one under a new name: like it in all but that, of its size."""
    listed = any(goal.row.sentence == one.row.sentence for goal in neighbours)
    if not (listed and _alike(context, one, other) and context.section(one, other) == SAME_SECTION):
        return False
    return _near(one, other) and context.likeness.of(one.name, other.name) >= LEAST_IN_LIST


def _free(context: _Context, scores: Pairs, taken: Sequence[tuple[int, int]], tier: Tier) -> Pairs:
    """Give the possible pairs of a tier whose targets have no partner yet."""
    taken_a, taken_b = ({pair[which] for pair in taken} for which in (0, 1))
    return {
        (i, j): score
        for (i, j), score in scores.items()
        if i not in taken_a and j not in taken_b and tier(context, context.a.goals[i], context.b.goals[j])
    }


def _here(context: _Context, one: Goal, other: Goal) -> bool:
    """Tell whether two targets have one name but for a modifier and stand in the same section."""
    one, other = areas_apart(one, other, context.likeness)
    return context.likeness.of(one.name, other.name) >= PLAIN and context.section(one, other) == SAME_SECTION


def _plain(context: _Context, one: Goal, other: Goal) -> bool:
    """Tell whether two targets are alike in all and have one name but for a modifier."""
    return _alike(context, one, other) and context.likeness.of(one.name, other.name) >= PLAIN


def _timely(context: _Context, one: Goal, other: Goal) -> bool:
    """Tell whether two targets are due at the same point of their plans: no step takes the place of a final goal."""
    return one.late == other.late or one.late is None or other.late is None


def _any(context: _Context, one: Goal, other: Goal) -> bool:
    return True


def _alike(context: _Context, one: Goal, other: Goal) -> bool:
    """Tell whether two targets are of one kind, unit, area and cadence, and due at the same point of their plans."""
    return _one_kind(one, other) and _timely(context, one, other)


def _one_kind(one: Goal, other: Goal) -> bool:
    x, y = one.row, other.row
    return (
        (x.unit == y.unit or _countable(one, other))
        and x.kind == y.kind
        and one.adds == other.adds
        and one.area == other.area
        and (x.cadence == "annual") == (y.cadence == "annual")
    )


def _again(context: _Context, pairs: Pairs, known: Pairs) -> Pairs:
    """Give the further pairs of targets without partner that say again what a target with partner says."""
    found: Pairs = {}
    for side, which in ((context.a, 0), (context.b, 1)):
        taken = {pair[which]: pair for pair in pairs}
        done = taken.keys() | {pair[which] for pair in known}
        said: dict[tuple[object, ...], list[int]] = {}
        for place in sorted(taken):
            said.setdefault(_statement(side.goals[place]), []).append(place)
        for place, goal in enumerate(side.goals):
            if place in done:
                continue
            for twin in said.get(_statement(goal), ()):
                pair = (place, taken[twin][1]) if which == 0 else (taken[twin][0], place)
                score = _score(context, context.a.goals[pair[0]], context.b.goals[pair[1]])
                if score >= LEAST and context.likeness.of(goal.name, side.goals[twin].name) >= ONE_NAME:
                    found[pair] = score
                    break
    return found


def _statement(goal: Goal) -> tuple[object, ...]:
    """Give what two mentions of one target have in common, beside its name."""
    row = goal.row
    return (row.plan_id, row.unit, row.value, row.value_max, row.kind, row.cadence, row.year_end, goal.area)


def _rounded(pairs: Pairs) -> Pairs:
    return {pair: round(min(score, 1.0), 4) for pair, score in sorted(pairs.items())}


def _rivals(context: _Context, pairs: Pairs, scores: Pairs) -> Pairs:
    """Give for each pair how well the best other partner of either would have fitted, that says something else."""
    sides = (context.a, context.b)
    best: tuple[dict[int, list[tuple[float, int]]], ...] = ({}, {})
    for (i, j), score in scores.items():
        best[0].setdefault(i, []).append((score, j))
        best[1].setdefault(j, []).append((score, i))
    found: Pairs = {}
    for pair in pairs:
        found[pair] = 0.0
        for which in (0, 1):
            goals, partner = sides[1 - which].goals, pair[1 - which]
            others = [
                score
                for score, place in best[which].get(pair[which], ())
                if place != partner and _statement(goals[place]) != _statement(goals[partner])
            ]
            found[pair] = max([found[pair], *others])
    return found
