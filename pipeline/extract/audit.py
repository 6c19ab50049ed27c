"""Audit a plan: figures that contradict each other, their total, their present value or the plan's own years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

import regex

from pipeline.extract.audit_conflicts import find_conflicts
from pipeline.extract.audit_places import Scene, amount, plain, shorten
from pipeline.extract.audit_sums import find_sums
from pipeline.extract.grammar import Grammar
from pipeline.extract.items import LONGEST_PIECE, paragraph_start
from pipeline.extract.numerals import ARABIC, SCALE, arabic, scale
from pipeline.model import Number, Problem, Section, Target
from pipeline.model.findings import NumberClass
from pipeline.quick.pattern import pattern

# 10—8家. The words 至 and 到 are left out: 由10家降至8家, 从10家到8家 tell a change, no range.
# A list of a million digits in threes is no number: without bounds each of its commas would be a start anew.
BOUND = r"\d{1,30}(?:[,，]\d{3}){0,9}(?:\.\d{1,30})?"
RANGE = pattern(
    rf"(?<![\d.第A-Za-z/〔（(-])(?P<a>(?>{BOUND}))(?P<p>[%％])?\s*[—–~～]{{1,2}}\s*(?P<b>{BOUND})(?![\d.A-Za-z])"
)
FIGURE = pattern(rf"(?P<n>{ARABIC})(?P<s>{SCALE})?\s*(?P<u>[%％‰]|\p{{Han}}+)?")
BARE_CLASSES = ("other", "target", "support", "qualifier", "baseline")
RANGED = frozenset(("count", "share", "points", "ratio", "money", "length", "area", "volume", "mass", "power"))
HUNDRED = Decimal(100)


def audit(scene: Scene, numbers: tuple[Number, ...], grammar: Grammar) -> tuple[Problem, ...]:
    """Give what does not agree in the figures of a document, in the order of the text.

    Every check is silent where it is not sure what is compared; docs/rules.md lists their conditions. Each problem
    quotes both places, gives both values, says what to do, and lies at the second place.
    """
    found = [
        *find_conflicts(scene, grammar),
        *find_sums(scene, grammar),
        *_late_years(scene),
        *_early_deadlines(scene),
        *_baselines(scene),
        *_shares(scene),
        *_ranges(scene, numbers),
    ]
    return tuple(sorted(found, key=lambda problem: (problem.start or 0, problem.code)))


def _late_years(scene: Scene) -> Iterator[Problem]:
    """Give targets that their own sentence dates after the plan's last year, once a plan and year, as info.

    Later years are usual in outlooks: where 展望, 远期, 远景 or the like stands in the paragraph or a heading above,
    nothing is said; nor of what is expected of others (预计全球…), nor of a ladder of years that starts in the plan.
    """
    late: dict[tuple[int, int], list[Target]] = defaultdict(list)
    for target in scene.targets:
        index = scene.outline.sections[target.section].plan
        last = scene.outline.plans[index].period_end if index is not None else None
        if index is None or last is None or target.year_end is None or target.year_end <= last:
            continue
        if _is_said(scene, target, last):
            late[index, target.year_end].append(target)
    for (index, year), targets in late.items():
        yield _late(scene, index, year, targets)


def _is_said(scene: Scene, target: Target, last: int) -> bool:
    """True where the sentence itself names the year, and nothing around says that it looks further ahead.

    A paragraph that first names a year up to the plan's `last` (到2025年达到20%；到2030年达到25%) goes on beyond it on
    purpose.
    """
    if scene.outline.sections[target.section].kind == "row":
        return False
    start = paragraph_start(scene.text, target.start)
    around = scene.text[start : target.sentence_end] + "\n" + scene.titles(target.section)
    inside = [p for p in scene.times(target.sentence_start, target.start) if p.basis == "text"]
    earlier = scene.times(start, target.start)
    ladder = any(p.last is not None and int(p.last[:4]) <= last for p in earlier if p.basis == "text")
    said = not ladder and any(p.last is not None and int(p.last[:4]) == target.year_end for p in inside)
    rules = scene.lexicon.audit
    return said and rules["looks-ahead"].search(around) is None and rules["of-others"].search(around) is None


def _late(scene: Scene, plan: int, year: int, targets: list[Target]) -> Problem:
    row, first = scene.outline.plans[plan], targets[0]
    more = f" So are {len(targets) - 1} more." if len(targets) > 1 else ""
    return Problem(
        "info",
        "year_outside_plan",
        f"The target “{scene.said(first)}” is due in {year}, after the years {row.period_start}–{row.period_end} of "
        f"the plan “{shorten(row.title)}” (characters {row.start}–{row.end}), and nothing such as 展望, 远期 or 远景 "
        f"says that it looks further.{more} Check the year; leave it if the plan means it.",
        first.start,
        first.end,
    )


def _early_deadlines(scene: Scene) -> Iterator[Problem]:
    """Give deadlines before the plan's first year under which something is still to be done, once a section.

    A deadline counts where it ends in 前 (2021年底前完成) or its sentence holds a word of will (力争, 确保); not in
    what is told as a fact, not after 较, 截至 and the like, and not where the document is as old as that year.
    """
    rules, facts = scene.lexicon.audit, scene.lexicon.facts
    issued = scene.outline.front.issued_on or scene.outline.front.published_on
    seen: set[int] = set()
    for period in scene.periods:
        section = scene.outline.sections[period.section]
        plan = scene.outline.plans[section.plan] if section.plan is not None else None
        if plan is None or plan.period_start is None or period.last is None or period.section in seen:
            continue
        year, first = int(period.last[:4]), min(plan.period_start, int(issued[:4]) if issued else plan.period_start)
        if period.kind != "deadline" or period.basis != "text" or year >= first or section.kind == "preamble":
            continue
        start, end = _sentence(scene.text, period.start, section)
        words, before = scene.text[start:end], scene.text[start : period.start]
        wanted = scene.text[period.start : period.end].endswith("前") or any(
            word in words for word in scene.lexicon.wording["modality"] if len(word) > 1
        )
        told = facts.sentence.search(words) or facts.heading.search(scene.titles(period.section))
        if not wanted or told or rules["past-reference"].search(before) or before.count("《") > before.count("》"):
            continue
        seen.add(period.section)
        yield Problem(
            "warning",
            "year_outside_plan",
            f"“{shorten(words)}” sets a deadline in {year}, before the years {plan.period_start}–{plan.period_end} of "
            f"the plan “{shorten(plan.title)}” (characters {plan.start}–{plan.end}). Check whether the year is a slip, "
            "or what was reached is told; no target was made of it.",
            period.start,
            period.end,
        )


def _sentence(text: str, place: int, section: Section) -> tuple[int, int]:
    """Give the sentence of a section around a place."""
    low, high = max(section.start, place - LONGEST_PIECE), min(section.end, place + LONGEST_PIECE)
    start = max(text.rfind(mark, low, place) for mark in "。！？；\n\t") + 1
    ends = [found for mark in "。！？；\n\t" if (found := text.find(mark, place, high)) >= 0]
    return max(start, low), min(ends, default=high)


def _baselines(scene: Scene) -> Iterator[Problem]:
    """Give levels that lie on the wrong side of the value they start from: 由65%提高到56%."""
    ways = scene.lexicon.wording["change"]
    for target in scene.targets:
        if not target.baseline or target.kind != "level" or target.value_max is not None or target.rule == "table-goal":
            continue
        place = scene.text.rfind(target.baseline, target.sentence_start, target.start)
        between = scene.text[place + len(target.baseline) : target.start]
        found = {way for word, way in ways.items() if word in between and len(word) > 1}
        old, new = FIGURE.match(target.baseline.strip()), FIGURE.search(scene.text, target.start, target.end)
        if place < 0 or len(found) != 1 or old is None or new is None or not _same_unit(old, new):
            continue
        before, after = (arabic(m.group("n")) * scale(m.group("s") or "") for m in (old, new))
        raised = found == {"up"}
        if (after > before) if raised else (after < before):
            continue
        yield Problem(
            "warning",
            "against_baseline",
            f"“{scene.said(target)}” is to {'rise' if raised else 'fall'} from “{target.baseline}” (characters {place}–"
            f"{place + len(target.baseline)}) to “{scene.text[target.start : target.end]}”: from {plain(before)} to "
            f"{plain(after)}. One of the two values, or the verb, is a slip; look it up in the source.",
            target.start,
            target.end,
        )


def _same_unit(old: regex.Match[str], new: regex.Match[str]) -> bool:
    """True where both figures have one unit, or the first leaves unit and scale to the second and has none."""
    units = [(m.group("u") or "").replace("％", "%")[:2] for m in (old, new)]
    scales = [m.group("s") or "" for m in (old, new)]
    return bool(units[0]) and units[0][0] == units[1][:1] and bool(scales[0] or not scales[1] or units[0])


def _shares(scene: Scene) -> Iterator[Problem]:
    """Give parts of a whole above 100 %. Rates that may exceed it (毛入园率, 产销率) are not meant."""
    rules = scene.lexicon.audit
    for target in scene.targets:
        top = target.value_max if target.value_max is not None else target.value
        if target.unit != "%" or target.kind != "level" or top <= HUNDRED:
            continue
        if rules["share"].search(target.indicator) and not rules["gross-rate"].search(target.indicator):
            yield Problem(
                "warning",
                "share_over_100",
                f"“{target.indicator}” is a share of a whole, but “{scene.said(target)}” sets it to {amount(target)}, "
                "more than 100 %. Look the figure up in the source; where it is a ratio that may exceed 100 %, add its "
                "name to gross-rate in pipeline/lexicon/audit.toml.",
                target.start,
                target.end,
            )


def _ranges(scene: Scene, numbers: tuple[Number, ...]) -> Iterator[Problem]:
    """Give ranges whose lower bound is the higher: 10—8家. Spans of years, dates and labels are none."""
    classes: dict[tuple[int, int], NumberClass] = {}
    for match in RANGE.finditer(scene.text):
        low, high = arabic(match.group("a")), arabic(match.group("b"))
        if low <= high:
            continue
        classes = classes or {(number.start, number.end): number.number_class for number in numbers}
        if any(classes.get(match.span(name)) not in BARE_CLASSES for name in ("a", "b")):
            continue
        place = match.end()
        scaled = regex.compile(SCALE).match(scene.text, place)
        measure = scene.lexicon.measures.at(scene.text, scaled.end() if scaled else place)
        opening = scene.text[max(0, match.start() - 12) : match.start()]
        if measure is None or measure.dimension not in RANGED or regex.search("[由从自](?!主)[^，。；]*$", opening):
            continue
        end = (scaled.end() if scaled else place) + len(measure.unit)
        yield Problem(
            "warning",
            "range_reversed",
            f"The range “{shorten(scene.text[match.start() : end])}” begins at {plain(low)} and ends at {plain(high)}, "
            "which is lower; no target was made of it. Look it up in the source and add the row.",
            match.start(),
            end,
        )
