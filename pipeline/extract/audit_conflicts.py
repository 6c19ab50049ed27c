"""Audit: one indicator with two values inside one plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Literal

import regex

from pipeline.extract.audit_places import Scene, amount, clause
from pipeline.extract.grammar import Grammar
from pipeline.lexicon.canonical import Canonical
from pipeline.lexicon.wording import Wording
from pipeline.model import Problem, Target
from pipeline.quick.classes import dataclass
from pipeline.quick.derived import derived
from pipeline.quick.pattern import pattern

Side = Literal["goals", "table", "task"]

# Rows that take their subject from elsewhere, or do not know it, are not compared.
UNSURE = frozenset(
    ("carried", "figure", "each", "place-figure-verb", "figure-noun-verb", "respective-unpaired", "promise",
     "done-things")
)  # fmt: skip
LOWEST_CONFIDENCE = Decimal("0.75")
SHORTEST_NAME = 4
ROUGH = Decimal("0.1")
YEAR = pattern(r"(?:19|20)\d\d")
# Words of these classes in a clause do not say which things are counted.
IDLE = (
    "increase", "level", "change", "rank", "comparator_before", "comparator_after", "adverb", "modality", "connector",
    "scope", "causative", "noun",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Statement:
    """A target with the side that states it; one that it can contradict has the same `key`."""

    target: Target
    side: Side
    key: tuple[object, ...]


def find_conflicts(scene: Scene, grammar: Grammar) -> Iterator[Problem]:
    """Give a problem for each indicator that has one value in the goals and another in the tasks or a table.

    Compared are targets of one plan that agree in the canonical indicator, unit, kind, direction, scope, span of
    time and verb of doing, of which one stands under a heading of goals, the other in a task or a table row, or one
    in prose and the other in a table. Their clauses name nothing besides the indicator, and neither headings nor
    sentence confine them to a part of the place. An indicator with three values or more is an enumeration (one value
    a district or basin) and raises nothing, nor do bounds that both can keep (≥ 60 and = 65).
    """
    canonical = Canonical(_own_places(scene), scene.lexicon)
    idle = _idle(scene.lexicon.wording)
    named: dict[tuple[object, ...], list[Target]] = defaultdict(list)
    for target in scene.targets:
        if _is_sure(scene, target):
            plan = scene.outline.sections[target.section].plan
            named[plan, canonical.form(target.indicator), target.kind].append(target)
    for (_, form, _), targets in named.items():
        if len({(target.value, target.value_max) for target in targets}) < 2:
            continue
        groups: dict[tuple[object, ...], list[Statement]] = defaultdict(list)
        for statement in _at_odds(_statement(scene, target, str(form), canonical, grammar) for target in targets):
            if _is_plain(scene, statement.target, str(form), canonical, idle):
                reach, deed = _reach(scene, statement.target), _deed(scene, statement.target, grammar)
                groups[*statement.key, deed, reach].append(statement)
        for statements in groups.values():
            if len({(s.target.value, s.target.value_max) for s in statements}) == 2:
                yield from _compare(scene, statements)


@derived
def _idle(wording: Wording) -> frozenset[str]:
    return frozenset(word for name in IDLE for word in wording[name])


def _own_places(scene: Scene) -> set[str]:
    """Give the places that the document speaks for: 云州市 of 云州市人民政府 and of 云州市水网建设规划."""
    names = (*scene.outline.front.issuers, scene.outline.front.title, *(plan.title for plan in scene.outline.plans))
    found = {name[:length] for name in names for length, _ in scene.lexicon.places.starting(name)[:1]}
    return found | {match.group() for name in names if (match := regex.match(r"\p{Han}{1,6}?[省市区县州盟旗]", name))}


def _is_sure(scene: Scene, target: Target) -> bool:
    """True where a target is sure enough, and says by when it is due."""
    return (
        target.rule not in UNSURE
        and target.confidence >= LOWEST_CONFIDENCE
        and target.year_end is not None
        and target.kind != "breakthrough"
        and scene.outline.sections[target.section].plan is not None
    )


def _statement(scene: Scene, target: Target, form: str, canonical: Canonical, grammar: Grammar) -> Statement | None:
    """Make a target ready to be compared by what is told at little cost; None where its name does not stand alone."""
    if len(form) < SHORTEST_NAME or target.indicator in grammar.generic:
        return None
    if scene.lexicon.audit["not-alone"].search(target.indicator):
        return None
    scope = target.scope or ""
    if scope in scene.lexicon.wording["scope"] or scope in canonical.own_places:
        scope = ""
    measure = scene.lexicon.measures.by_unit.get(target.unit)
    unit = measure.dimension if measure and measure.dimension == "count" else target.unit
    return Statement(target, _side(scene, target, grammar), (unit, scope, _span(scene, target)))


def _at_odds(statements: Iterable[Statement | None]) -> Iterator[Statement]:
    """Leave out what no other side says of the same: most indicators are named again on their own side only."""
    sides: dict[tuple[object, ...], set[Side]] = defaultdict(set)
    known = [statement for statement in statements if statement is not None]
    for statement in known:
        sides[statement.key].add(statement.side)
    return (statement for statement in known if len(sides[statement.key]) > 1)


def _reach(scene: Scene, target: Target) -> frozenset[str]:
    """Give the words of headings and sentence that confine a target to a part of the place."""
    return frozenset(
        found.group()
        for words in (scene.titles(target.section), scene.text[target.sentence_start : target.start])
        for found in scene.lexicon.audit.narrowed(words.replace(target.indicator, ""))
    )


def _side(scene: Scene, target: Target, grammar: Grammar) -> Side:
    kind = scene.outline.sections[target.section].kind
    if kind in ("row", "preamble"):
        return "table" if kind == "row" else "goals"
    titled = any(
        section.title and grammar.goal_heading.search(section.title) for section in scene.above(target.section)
    )
    return "goals" if titled else "task"


def _is_plain(scene: Scene, target: Target, form: str, canonical: Canonical, idle: frozenset[str]) -> bool:
    """True where the clause names nothing but the indicator: 新建养老中心20个, not 依托医院新建养老中心20个."""
    if target.rule in ("table-goal", "respective", "respective-years"):
        return True
    start, _ = clause(scene.text, target.start, target.end, target.sentence_start, target.sentence_end)
    start = max(start, scene.text.rfind("、", start, target.start) + 1)
    words = scene.text[start : target.start]
    for period in scene.times(start, target.start):
        words = words.replace(scene.text[period.start : period.end], "")
    left = _without_idle(words, idle)
    return not left or canonical.form(left) in form


def _without_idle(words: str, idle: frozenset[str]) -> str:
    """Take off, from both ends, the words that only say how a figure is meant."""
    words = regex.sub(r"[\s　]", "", words)
    while True:
        longest = max((n for n in range(len(words), 0, -1) if words[:n] in idle), default=0)
        words = words[longest:]
        closing = max((n for n in range(len(words), 0, -1) if words[-n:] in idle), default=0)
        words = words[: len(words) - closing]
        if not longest and not closing:
            return words


def _deed(scene: Scene, target: Target, grammar: Grammar) -> str:
    """Give what is done or which way it goes: the verb nearest before an increase, the direction of a change."""
    before = scene.text[target.sentence_start : target.start]
    if target.kind == "increase":
        before = before.replace(target.indicator, "")
        verbs = [t for place in range(len(before)) if (t := grammar.verbs.at_start(before, place, len(before)))]
        whole = [t for t in verbs if not any(o.start <= t.start and t.end <= o.end and o != t for o in verbs)]
        # 服务, 就业 and the like are verbs or nouns; the others are taken first.
        plain = [token for token in whole if token.word not in grammar.kept] or whole
        word = plain[-1].word if plain else ""
        return "adds" if scene.lexicon.audit["adds"].search(word) else word
    if target.kind != "change":
        return ""
    changes = scene.lexicon.wording["change"]
    ways = {way for word, way in changes.items() if word in before[-12:] or word in target.indicator}
    return "/".join(sorted(ways)) + "/" + "/".join(YEAR.findall(before))


def _span(scene: Scene, target: Target) -> tuple[object, ...]:
    """Give the time in which a value is due; additions inside one year are not those until that year."""
    if target.cadence == "annual":
        return "annual", target.year_end
    if target.kind != "increase":
        return "end", target.year_end
    year = str(target.year_end)
    inside = [p for p in scene.times(target.sentence_start, target.start) if year in (p.last or "")]
    if target.year_start == target.year_end or (inside and inside[-1].kind == "year"):
        return "year", target.year_end
    return "until", target.year_end


def _compare(scene: Scene, statements: list[Statement]) -> Iterator[Problem]:
    """Give a problem for each statement that contradicts an earlier one of another side."""
    for number, later in enumerate(statements):
        for earlier in statements[:number]:
            if earlier.side == later.side or earlier.target.section == later.target.section:
                continue
            if _disagree(earlier.target, later.target):
                yield _problem(scene, earlier, later)
                break


def _disagree(first: Target, second: Target) -> bool:
    """True where not both can be kept, or the same bound has two values."""
    if first.comparator == second.comparator:
        return (first.value, first.value_max) != (second.value, second.value_max)
    (low, high), (lower, upper) = _interval(first), _interval(second)
    return (high is not None and lower is not None and high < lower) or (
        upper is not None and low is not None and upper < low
    )


def _interval(target: Target) -> tuple[Decimal | None, Decimal | None]:
    value = target.value
    if target.comparator in (">", ">="):
        return value, None
    if target.comparator in ("<", "<="):
        return None, value
    if target.comparator == "~":
        return value * (1 - ROUGH), value * (1 + ROUGH)
    return value, target.value_max if target.value_max is not None else value


def _problem(scene: Scene, earlier: Statement, later: Statement) -> Problem:
    """Word the problem. Additions that are fewer in a task than in the goals may be meant as a part: info."""
    first, second = earlier.target, later.target
    goal = second if later.side == "goals" else first
    other = first if goal is second else second
    partial = first.kind == "increase" and (other.value < goal.value or "goals" not in (earlier.side, later.side))
    hint = " The lower one may be meant as a part of the other." if partial else ""
    return Problem(
        "info" if partial else "warning",
        "two_values",
        f"“{second.indicator}” has two values for {second.year_end} in this plan: {amount(first)} in "
        f"“{scene.said(first)}” (characters {first.start}–{first.end}), {amount(second)} in "
        f"“{scene.said(second)}”.{hint} Both rows are kept; find out which value holds, and leave out the other row.",
        second.start,
        second.end,
    )
