"""Pair the names before 分别 with the values after it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from pipeline.extract.compose import compose
from pipeline.extract.items import Item
from pipeline.extract.periods import Mention
from pipeline.extract.reading import Harvest, Reading
from pipeline.extract.shared import expand
from pipeline.extract.statements import Breath, Draft
from pipeline.model.source import Problem
from pipeline.quick.pattern import pattern

JOINTS = ("、", "和", "及", "与", "，", ",", "以及")
LONGEST_LIST = 6
# 甲区、乙区各新建; 续签率、就诊率各不低于 (not 各地, 各类)
# 到2025年和2030年，甲率分别达到…: with a comma behind, the years hold for all that follows, not for their clause.
AHEAD_OF_ALL = pattern(r"[、和与及到至\d年底末]*[，,]")
EACH = pattern("各(?![地类级项种界族方界县区镇村市乡街园部单高学院校行社阶])")


def pair(
    item: Item, rest: Sequence[Item], composed: Sequence[Draft], reading: Reading, breath: Breath, harvest: Harvest
) -> tuple[list[Draft], int] | None:
    """Give one draft a name and how many items of `rest` were used, or None where there is no list to resolve.

    甲、乙、丙分别达到3家、2家、1家 pairs in order. A list of other length than its values is never paired by
    luck: every value keeps the whole list as its indicator, at low confidence, with a problem.
    """
    draft = composed[-1]
    lead = reading.text[item.start : draft.quantity.start]
    if "分别" not in lead:
        told = _each(item, rest, composed, reading) if EACH.search(lead) else None
        told = told or (_all_above(draft, reading, harvest) if "均" in lead else None)
        return told or _in_the_same_years(rest, draft, reading, breath)
    if (promised := _promised(rest, draft, reading)) is not None:
        return promised
    drafts = _with_bound_behind([draft, *_bare_values(rest, draft, reading)], reading.text)
    used = len(drafts) - 1
    for quantity in (q for after in rest[:used] for q in after.quantities):
        if all(quantity is not d.quantity for d in drafts):
            # 30小时、1小时（2022年为38小时）
            harvest.marks.put(quantity, "baseline", "current-note")
    if used == 0:
        if draft.kind == "increase":
            return None
        members = next(
            (m for n in range(LONGEST_LIST, 1, -1) if (m := expand(draft.indicator, n, reading.grammar))), None
        )
        return ([draft._replace(indicator=name, rule="respective") for name in members], 0) if members else None
    years = _parallel_years(item, draft, reading)
    if len(years) == len(drafts):
        breath.years = tuple(years)
        return _dated(drafts, years), used
    names = _named_above(draft, len(drafts), reading, harvest) or expand(draft.indicator, len(drafts), reading.grammar)
    if names is None:
        harvest.problems.append(_unequal(item, drafts))
        return [d._replace(rule="respective-unpaired", confidence=Decimal("0.30")) for d in drafts], used
    breath.noun = breath.indicator = names[-1]
    return [d._replace(indicator=n, rule="respective") for d, n in zip(drafts, names, strict=True)], used


def _with_bound_behind(drafts: list[Draft], text: str) -> list[Draft]:
    """分别达到98%、85%以上: the bound behind the last value is that of all, where none has one of its own."""
    last = drafts[-1]
    behind = text[last.quantity.end : last.end].strip()
    if len(drafts) < 2 or not behind or last.comparator not in (">=", "<=") or last.start < last.quantity.start:
        return drafts
    if any(d.comparator != "=" for d in drafts[:-1]):
        return drafts
    said = tuple(e for e in last.evidence if e.field == "comparator")
    return [d if d is last else d._replace(comparator=last.comparator, evidence=(*said, *d.evidence)) for d in drafts]


def _promised(rest: Sequence[Item], draft: Draft, reading: Reading) -> tuple[list[Draft], int] | None:
    """甲登记、乙登记分别在3个工作日、1个工作日内办结: the deed behind the last term is that of all."""
    if draft.quantity.dimension != "time" or not draft.indicator.endswith("分别在"):
        return None
    for count in range(1, len(rest) + 1):
        last = rest[count - 1]
        if len(last.quantities) != 1 or last.quantities[0].dimension != "time" or last.joint not in JOINTS:
            return None
        behind = reading.text[last.quantities[0].end : last.end].strip(" 。")
        bound = reading.grammar.comparators_after.at_start(behind, 0, len(behind))
        behind = behind[bound.end :] if bound is not None else behind
        deed = reading.grammar.patterns["promise-within"].search(behind)
        if deed is None:
            continue
        names = expand(draft.indicator.removesuffix("分别在"), count + 1, reading.grammar)
        if names is None:
            return None
        figures = [draft.quantity, *(i.quantities[0] for i in rest[:count])]
        drafts = [
            draft._replace(indicator=f"{n}{deed.group('deed')}时间", quantity=q, comparator="<=", rule="promise",
                start=q.start, end=q.end, kind="level",
            )
            for n, q in zip(names, figures, strict=True)
        ]  # fmt: skip
        return drafts, count
    return None


def _dated(drafts: Sequence[Draft], years: Sequence[tuple[int, tuple[int, int]]]) -> list[Draft]:
    dated = zip(drafts, years, strict=True)
    return [d._replace(year=y, year_at=at, rule="respective-years") for d, (y, at) in dated]


def _in_the_same_years(
    rest: Sequence[Item], draft: Draft, reading: Reading, breath: Breath
) -> tuple[list[Draft], int] | None:
    """2023年、2024年分别新增甲20家、24家，新增乙8家、9家: the second list goes over the same years."""
    if not breath.years:
        return None
    drafts = [draft, *_bare_values(rest, draft, reading)]
    return (_dated(drafts, breath.years), len(drafts) - 1) if len(drafts) == len(breath.years) else None


def with_bound_before(draft: Draft, item: Item, earlier: Draft | None) -> Draft:
    """不少于40家养老院和20家餐馆: the bound before the first holds for what 和 joins to it."""
    bare = draft.comparator == "=" and draft.start == draft.quantity.start and item.joint in ("和", "及", "与")
    if earlier is None or not bare or item.start != draft.quantity.start or earlier.rule != "figure-noun":
        return draft
    led = earlier.start < earlier.quantity.start and earlier.comparator in (">=", "<=", ">", "<")
    if not led or earlier.quantity.dimension != draft.quantity.dimension or draft.rule != "figure-noun":
        return draft
    said = tuple(e for e in earlier.evidence if e.field == "comparator")
    return draft._replace(
        comparator=earlier.comparator, scope=draft.scope or earlier.scope, evidence=(*said, *draft.evidence)
    )


def _each(
    item: Item, rest: Sequence[Item], composed: Sequence[Draft], reading: Reading
) -> tuple[list[Draft], int] | None:
    """2024年、2025年各新建3个 holds for each year; 甲区、乙区各引进不少于6个、3个 pairs districts and values."""
    draft = composed[-1]
    years = _parallel_years(item, draft, reading)
    if years:
        return [draft._replace(year=year, year_at=at, rule="respective-years") for year, at in years], 0
    drafts = [draft, *_bare_values(rest, draft, reading)]
    if len(drafts) < 2:
        return None
    if len(composed) == len(drafts):
        # 甲率、乙率各不低于80%、60%: the first value was taken for both.
        both = zip(drafts, composed, strict=True)
        return [d._replace(indicator=c.indicator, named=c.named, rule="respective") for d, c in both], len(drafts) - 1
    bodies = expand(draft.scope, len(drafts), reading.grammar) if draft.scope else None
    if bodies is None:
        # 续签率、就诊率各不低于80%、60%
        names = expand(draft.indicator, len(drafts), reading.grammar)
        named = [d._replace(indicator=n, rule="respective") for d, n in zip(drafts, names or (), strict=False)]
        return (named, len(drafts) - 1) if names is not None else None
    named = [
        d._replace(indicator=body + draft.indicator, scope=body, rule="respective")
        for d, body in zip(drafts, bodies, strict=True)
    ]
    return named, len(drafts) - 1


def _named_above(draft: Draft, count: int, reading: Reading, harvest: Harvest) -> list[str] | None:
    """上述两类企业 are the last that were counted; 分别增长10%、12% without names are the last of the sentence."""
    above = reading.grammar.patterns["those-above"].match(draft.indicator)
    if not above and draft.rule != "carried":
        return None
    seen: list[str] = []
    for target in reversed(harvest.targets):
        if not above and target.sentence_start != reading.sentence.start:
            return None
        if target.indicator not in seen and (not above or target.unit == (draft.quantity.unit or target.unit)):
            seen.insert(0, target.indicator)
        if len(seen) == count:
            return seen
    return None


def _all_above(draft: Draft, reading: Reading, harvest: Harvest) -> tuple[list[Draft], int] | None:
    """甲率和乙率2023年分别达到70%和85%、2024年均达到100%: the figure holds for all names of the list before."""
    names: list[str] = []
    for target in reversed(harvest.targets) if draft.rule == "carried" else ():
        if target.rule != "respective" or target.sentence_start != reading.sentence.start or target.indicator in names:
            break
        names.insert(0, target.indicator)
    return ([draft._replace(indicator=name, rule="respective") for name in names], 0) if len(names) > 1 else None


def _parallel_years(item: Item, draft: Draft, reading: Reading) -> list[tuple[int, tuple[int, int]]]:
    """Give the years of 到2025年和2030年…分别达到, with their places: each value has its own.

    None unless they stand side by side.
    """
    mentions = [
        m
        for m in reading.inside
        if m.period.start < draft.quantity.start
        and (
            AHEAD_OF_ALL.match(reading.text, m.period.end)
            or not any(m.period.end <= figure < item.start for figure in reading.figures)
        )
    ]
    dated = [m for m in mentions if m.year is not None]
    if len(dated) == 1 and dated[0].word == "span" and dated[0].year_first is not None:
        # 2025—2027年分别新增1200个、1500个和1800个
        return [(year, _at(dated[0])) for year in range(dated[0].year_first, (dated[0].year or 0) + 1)]
    found: list[tuple[int, tuple[int, int]]] = []
    for earlier, later in pairwise(dated):
        between = reading.text[earlier.period.end : later.period.start].strip()
        if between in ("、", "和", "与", "及", "，"):
            found = found or [(earlier.year or 0, _at(earlier))]
            found.append((later.year or 0, _at(later)))
    return found


def _at(mention: Mention) -> tuple[int, int]:
    return mention.period.start, mention.period.end


def _bare_values(rest: Sequence[Item], first: Draft, reading: Reading) -> list[Draft]:
    """Read the items that follow as long as they hold nothing but a value."""
    drafts: list[Draft] = []
    text = reading.text
    for item in rest:
        note = reading.grammar.patterns["current-note"].search(text, item.start, reading.sentence.end)
        own = [q for q in item.quantities if note is None or not note.start() < q.start < note.end()]
        if len(own) != 1 or item.joint not in JOINTS:
            break
        item = item._replace(quantities=tuple(own), end=min(item.end, note.start()) if note else item.end)
        quantity = item.quantities[0]
        lead = reading.grammar.patterns["bound-at-start"].sub("", text[item.start : quantity.start].strip())
        tail = reading.grammar.patterns["bound-behind"].sub("", text[quantity.end : item.end].strip(" 。"))
        if lead or (tail and tail[0] not in "（("):
            break
        breath = Breath(kind=first.kind, indicator=first.indicator, scope=first.scope, modality=first.modality)
        found = compose(text, item, reading.grammar, breath, reading.holes)
        if not found:
            break
        told = found[0]
        # 不低于7平方米、9平方米: a bound before the first value holds for the bare ones after it.
        lent = told.comparator == "=" and first.start < first.quantity.start
        bound = first.comparator if lent else told.comparator
        said = [e for e in (first if lent else told).evidence if e.field == "comparator"]
        drafts.append(
            first._replace(
                quantity=told.quantity,
                comparator=bound,
                start=told.start,
                end=told.end,
                baseline=told.baseline,
                evidence=(*said, *(e for e in first.evidence if e.field != "comparator")),
                tokens=(*first.tokens, *told.tokens),
            )
        )
    return drafts


def _unequal(item: Item, drafts: Sequence[Draft]) -> Problem:
    return Problem(
        "warning",
        "unequal_list",
        f"The names before 分别 and the {len(drafts)} values after it do not pair up, so each value has the whole "
        "list as its indicator. Read the sentence and correct the rows.",
        item.start,
        drafts[-1].end,
    )
