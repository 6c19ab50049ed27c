"""Make up a plan from a seed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import count
from random import Random

from plans.model import SCOPES, Cadence, Charge, Commitment, Group, Line, Plan, Prose, Style, Target, Task
from plans.sound import is_sound
from plans.vocabulary import Body, Indicator, Theme, Vocabulary, choose, vocabulary

BY_YEAR = ("到{year}年，", "力争到{year}年，", "到{year}年底，")
DONE_BY = ("到{year}年，", "{year}年底前，", "力争到{year}年，")
GOAL_OPENING = ("到{year}年，", "到{year}年，全市")
PERCENT_LIMIT = Decimal("99.5")
ANNEXED = 0.3
# Units that a column of units does not tell as such.
UNREAD_UNITS: tuple[str, ...] = ()


class Composer:
    """Draws the parts of one plan; hands out ids, and sees that headings and keys stay unique."""

    def __init__(self, random: Random, words: Vocabulary, start: int, end: int) -> None:
        self.random, self.words, self.start, self.end = random, words, start, end
        self.count = 0
        self.used: set[Theme] = set()
        # Bodies that still go by the name from before the reorganisation.
        self.former: set[str] = set()

    def uid(self, letter: str) -> str:
        """Give a new id."""
        self.count += 1
        return f"{letter}{self.count}"

    def name_of(self, body: Body) -> str:
        """Give the name that a body goes by."""
        return body.former if body.former and body.name in self.former else body.name

    def value(self, indicator: Indicator) -> Decimal:
        """Give a figure of the indicator, as written before its scale."""
        steps = int((indicator.high - indicator.low) / indicator.step)
        return indicator.low + indicator.step * self.random.randint(0, steps * 2 // 3)

    def level(self, indicator: Indicator, rank: str, year: int | None) -> Target:
        """Give a target that asks for a state."""
        upper = indicator.use == "cap"
        comparator = "<=" if upper else self.random.choice(("=", "=", ">=", ">", "~"))
        named = rank + indicator.name
        return Target(
            self.uid("t"), indicator.name, named, indicator.unit, self.value(indicator), indicator.scale, "level",
            comparator, year=year,
        )  # fmt: skip

    def added(self, indicator: Indicator, rank: str, year: int | None) -> Target:
        """Give a target that asks for an addition: by a year, every year, or over the plan's years."""
        value = max(indicator.step, (self.value(indicator) / 4 // indicator.step) * indicator.step)
        often: tuple[Cadence, ...] = ("by", "by", "annual", "within") if year is None else ("by",)
        cadence = self.random.choice(often)
        return Target(
            self.uid("t"), indicator.name, rank + indicator.name, indicator.unit, value, indicator.scale, "increase",
            self.random.choice(("=", "=", ">=", "~")), verb=self.random.choice(indicator.adds), cadence=cadence,
            year=year,
        )  # fmt: skip

    def commitment(self, indicator: Indicator, rank: str = "") -> Commitment:
        """Give a sentence with one target."""
        random = self.random
        year = random.choice((None, self.end, self.end, self.end - 1))
        may_level = indicator.use != "add"
        if indicator.adds and (not may_level or random.random() < 0.5):
            return Commitment(random.choice(DONE_BY), [self.added(indicator, rank, year)])
        target = self.level(indicator, rank, year)
        if indicator.city and not rank and random.random() < 0.35:
            target.area = random.choice(("全市", "全市", self.words.frame["zones"][0]))
        return Commitment(random.choice(BY_YEAR), [target])

    def commitments(self, topic: str, most: int) -> list[Commitment]:
        """Give up to `most` sentences of targets, at times with indicators that are easily taken for each other."""
        random = self.random
        chosen = random.sample(self.words.of_topic(topic), k=min(most, len(self.words.of_topic(topic))))
        given: list[Commitment] = []
        for indicator in chosen[: random.randint(0 if most < 2 else 1, most)]:
            given.append(self.commitment(indicator, random.choice(("", *indicator.ranks))))
            given += self._confusable(indicator, given[-1])
        return self.settled(_distinct(given))

    def settled(self, given: list[Commitment]) -> list[Commitment]:
        """Give the sentences with years that a reader of the whole task takes as they are meant.

        A sentence without a year takes that of the sentences around it.
        """
        by_year = {said.targets[0].year for said in given}
        if len(given) > 1 and (len(by_year) > 1 or self._spans(given)):
            for said in given:
                for target in said.targets:
                    target.cadence = "by" if target.cadence == "within" else target.cadence
                    if target.cadence == "by" and target.year is None:
                        target.year = self.end
                if any(target.year is not None for target in said.targets):
                    for target in said.targets:
                        target.cadence, target.year = "by", target.year or self.end
            if any(target.cadence == "annual" for said in given for target in said.targets):
                for said in given:
                    for target in said.targets:
                        target.year = self.end if target.year is not None else None
        return given

    @staticmethod
    def _spans(given: list[Commitment]) -> bool:
        return any(target.cadence == "within" for said in given for target in said.targets)

    def _confusable(self, indicator: Indicator, said: Commitment) -> list[Commitment]:
        random, first = self.random, said.targets[0]
        if len(indicator.ranks) > 1 and random.random() < 0.5:
            rank = random.choice(indicator.ranks)
            if first.indicator != rank + indicator.name:
                other = self.commitment(indicator, rank)
                second = other.targets[0]
                if (second.year, second.cadence, second.kind) == (first.year, first.cadence, first.kind):
                    said.targets += other.targets
                    return []
                return [other]
        plain = not first.indicator.startswith(indicator.ranks or "/")
        if indicator.city and plain and indicator.use == "both" and first.kind == "level" and random.random() < 0.4:
            if random.random() < 0.5 and first.area in SCOPES:
                return [Commitment(random.choice(DONE_BY), [self.added(indicator, "", first.year)])]
            zone = self.level(indicator, "", first.year)
            zone.area = random.choice(self.words.frame["zones"])
            if zone.area != first.area:
                return [Commitment(random.choice(BY_YEAR), [zone])]
        return []

    def charges(self, topic: str) -> list[Charge]:
        """Give the organisations of a task: all responsible, or one in the lead and others that help."""
        random = self.random
        names = [self.name_of(body) for body in self.words.answering(topic)] or ["市政府办公室", "市发改委", "市财政局"]
        if len(names) < 2:
            names.append("市财政局")
        chosen = random.sample(names, k=random.randint(2, min(4, len(names))))
        if random.random() < 0.5:
            return [Charge(self.uid("c"), name, "responsible") for name in chosen]
        roles = ["lead", *["participant"] * (len(chosen) - 1)]
        return [Charge(self.uid("c"), name, role) for name, role in zip(chosen, roles, strict=True)]  # type: ignore[arg-type]

    def task(self, theme: Theme, most_targets: int, charged: bool = True) -> Task:
        """Give a task of a theme."""
        self.used.add(theme)
        random = self.random
        keep = sorted(random.sample(range(len(theme.sentences)), k=random.randint(3, len(theme.sentences))))
        sentences: list[Prose | Commitment] = [
            Prose(theme.sentences[at], choose(theme.sentences[at], random)) for at in keep
        ]
        for said in self.commitments(theme.topic, most_targets) if most_targets else []:
            sentences.insert(random.choice((len(sentences), len(sentences), random.randint(1, len(sentences)))), said)
        uid = self.uid("k")
        return Task(
            uid, theme.topic, theme.noun, theme.second, theme.titles, random.choice(theme.titles), sentences,
            self.charges(theme.topic) if charged and random.random() < 0.9 else [], (uid,),
        )  # fmt: skip

    def spare_theme(self, topic: str) -> Theme | None:
        """Give a theme that no task has yet, of the topic where there is one left."""
        left = [theme for theme in self.words.themes if theme not in self.used]
        same = [theme for theme in left if theme.topic == topic]
        return self.random.choice(same or left) if left else None

    def group(self, topic: str) -> Group:
        """Give a heading with its tasks."""
        themes = [theme for theme in self.words.themes if theme.topic == topic]
        chosen = self.random.sample(themes, k=self.random.randint(min(2, len(themes)), len(themes)))
        tasks = [self.task(theme, self.random.choice((0, 1, 1, 2, 2, 3))) for theme in chosen]
        return Group(self.uid("g"), self.random.choice(self.words.groups[topic]), topic, tasks)


def composed(seed: int) -> tuple[Plan, Composer]:
    """Give the plan of a seed, and what drew it, so that edits can draw more of the same."""
    return next(drawn for attempt in count() if is_sound((drawn := _drawn(Random(f"{seed}/{attempt}")))[0]))


def _drawn(random: Random) -> tuple[Plan, Composer]:
    words = vocabulary()
    old = random.random() < 0.3
    start = random.choice((2017, 2018) if old else (2021, 2023, 2024, 2025))
    end = start + 2
    composer = Composer(random, words, start, end)
    if old:
        composer.former = {body.name for body in words.bodies if body.former}
    topics = random.sample(list(words.groups), k=random.randint(3, 6))
    groups = [composer.group(topic) for topic in topics]
    frame = words.frame
    place = random.choice(frame["places"])
    plan = Plan(
        place=place["name"], short=place["short"],
        title=place["name"] + random.choice(frame["names"]) + random.choice(frame["genres"]),
        start=start, end=end, number=random.randint(3, 90),
        issued=(start, random.randint(1, 6), random.randint(1, 28)),
        preamble=choose(random.choice(frame["preambles"]), random),
        guide=choose(random.choice(frame["guides"]), random),
        principles=[choose(words_, random) for words_ in frame["principles"]],
        goals=_goals(composer, groups), groups=groups,
        safeguards=[
            composer.task(theme, 0, charged=False)
            for theme in random.sample(words.safeguards, k=random.randint(3, 4))
        ],
        style=Style(*(random.random() < share for share in (0.4, 0.7, 0.7, 0.8, 0.7))),
    )  # fmt: skip
    if random.random() < ANNEXED:
        plan.annex = _annex(composer, plan)
    return plan, composer


def _annex(composer: Composer, plan: Plan) -> list[Line]:
    """The table of goals: mostly those of the section of goals, some of its own."""
    random, lines = composer.random, []
    goals = [target for target in plan.goal_targets() if target.unit not in UNREAD_UNITS]
    for target in random.sample(goals, k=len(goals) * 2 // 3):
        target.goal = target.goal or target.uid
        again = replace(target, uid=composer.uid("t"), comparator="=", area="", in_table=True)
        lines.append(again)
    known = {target.entry for target in goals}
    for group in plan.groups:
        spare = [
            i for i in composer.words.of_topic(group.topic)
            if i.use in ("level", "both") and i.name not in known and i.unit not in UNREAD_UNITS
        ]  # fmt: skip
        if spare:
            own = composer.level(random.choice(spare), "", composer.end)
            lines.append(replace(own, comparator="=", in_table=True))
    natures = ("预期性", "预期性", "约束性")
    return [Line(target, target.value - _step(composer, target), random.choice(natures)) for target in lines]


def _step(composer: Composer, target: Target) -> Decimal:
    return next(i.step for i in composer.words.indicators if i.name == target.entry)


def _goals(composer: Composer, groups: list[Group]) -> list[Commitment]:
    """Sentences of goals: a list for every two groups; some goals stand again in a task."""
    random, goals = composer.random, []
    said: set[str] = set()
    for first in range(0, len(groups), 2):
        targets: list[Target] = []
        for group in groups[first : first + 2]:
            targets += _goals_of(composer, group, said)
        if targets:
            goals.append(Commitment(random.choice(GOAL_OPENING), targets, random.choice(("，", "；"))))
    return goals


def _goals_of(composer: Composer, group: Group, said: set[str]) -> list[Target]:
    random = composer.random
    targets: list[Target] = []
    for target in [target for task in group.tasks for target in task.targets]:
        plain = target.kind == "level" and target.area in ("", "全市") and target.year == composer.end
        if plain and target.indicator not in said and random.random() < 0.7:
            said.add(target.indicator)
            again = Target(
                composer.uid("t"), target.entry, target.indicator, target.unit, target.value, target.scale, "level",
                target.comparator, year=composer.end, goal=target.uid,
            )  # fmt: skip
            target.goal = target.uid
            targets.append(again)
    for indicator in random.sample(composer.words.of_topic(group.topic), k=random.randint(1, 2)):
        if indicator.name not in said and indicator.use != "add":
            said.add(indicator.name)
            targets.append(composer.level(indicator, "", composer.end))
    return targets


def _distinct(given: list[Commitment]) -> list[Commitment]:
    """Leave out sentences whose target reads like one before it."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for said in given:
        said.targets = [t for t in said.targets if (t.read_as, t.figure) not in seen]
        seen |= {(t.read_as, t.figure) for t in said.targets}
        if said.targets:
            kept.append(said)
    return kept
