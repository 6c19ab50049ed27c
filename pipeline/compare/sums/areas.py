"""The total of a plan's whole area against the areas that it names: 全市净增500家; 高新区200家, 开发区150家."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pipeline.compare.places import place_code
from pipeline.compare.sums.amounts import Aim, bounds_of, why_not_summed
from pipeline.compare.sums.levels import places_below
from pipeline.compare.sums.sums import (
    Key,
    Part,
    hindrance,
    in_order,
    key_of,
    not_comparable_row,
    one_value,
    verdict_row,
)
from pipeline.lexicon import Lexicon
from pipeline.model.reports import ConsistencyRow

# 各镇街, and 各新增1家 behind several names.
EACH = "各"
BEFORE_QUOTE = 8
JOINTS = "、和及与"


def inside(aims: Iterable[Aim], lexicon: Lexicon) -> Iterator[ConsistencyRow]:
    """Set the total of a plan's whole area against the areas that it names, within one plan."""
    plans: dict[tuple[str, str], list[Aim]] = defaultdict(list)
    for aim in aims:
        plans[aim.plan_id, aim.indicator_id].append(aim)
    for _, group in sorted(plans.items()):
        totals: dict[Key, list[Aim]] = defaultdict(list)
        for aim in group:
            if aim.area is None:
                totals[key_of(aim)].append(aim)
        named = [aim for aim in group if aim.area is not None]
        if not named:
            continue
        for key in sorted(totals, key=in_order):
            # What belongs to another total of the plan (that of the next year) is listed there.
            fitting = [aim for aim in named if key_of(aim) == key or key_of(aim) not in totals]
            yield from _against_areas(totals[key], fitting, lexicon)


def _against_areas(mine: Sequence[Aim], named: Sequence[Aim], lexicon: Lexicon) -> Iterator[ConsistencyRow]:
    whole, note = one_value(mine)
    why = why_not_summed(whole, lexicon)
    areas: dict[str, list[Aim]] = defaultdict(list)
    near: dict[str, list[Part]] = defaultdict(list)
    for aim in named:
        hindered = hindrance(whole, aim) or _each_of_many(aim)
        if why and hindered:
            continue
        if reason := why or hindered:
            near[reason].append(Part(aim.area or "", bounds_of(aim), (aim.target_id,)))
        else:
            areas[aim.area or ""].append(aim)
    parts, seen = list[Part](), set[str]()
    for area, aims in areas.items():
        theirs, remark = one_value(aims)
        names = _names(area)
        if seen & set(names):
            near["an area that is counted already"].append(Part(area, bounds_of(theirs), (theirs.target_id,)))
            continue
        seen.update(names)
        number = len(names) if _is_each(theirs) else 1
        parts.append(Part(area, bounds_of(theirs).times(number), (theirs.target_id,), remark))
    if parts:
        yield verdict_row("inside", whole, parts, _all_areas(whole, seen, lexicon), note, found=len(seen))
    for reason in sorted(near):
        yield not_comparable_row("inside", whole, near[reason], reason)


def _all_areas(whole: Aim, names: set[str], lexicon: Lexicon) -> int | None:
    """Count the divisions below where all areas named are such; else nobody knows how many there are."""
    code = place_code(whole.place)
    if not code:
        return None
    for name in names:
        if not any(place.parent == code for place in lexicon.places.by_name.get(name, ())):
            return None
    return places_below(whole, lexicon)


def _each_of_many(aim: Aim) -> str:
    """各镇街新增2家 is so many of each, and how many there are is not told."""
    names = _names(aim.area or "")
    many = [name for name in names if name.startswith(EACH)]
    return f"so many of each of {many[0].removeprefix(EACH)}, whose number is not told" if many else ""


def _is_each(aim: Aim) -> bool:
    """Tell whether the figure is of each of the areas named before it: 高新区、开发区各新增1家."""
    before = aim.sentence.partition(aim.quote)[0]
    return EACH in before[-BEFORE_QUOTE:]


def _names(area: str) -> list[str]:
    for joint in JOINTS[1:]:
        area = area.replace(joint, JOINTS[0])
    return [name for name in area.split(JOINTS[0]) if name]
