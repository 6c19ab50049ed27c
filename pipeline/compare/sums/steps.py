"""Yearly steps against the total that they should lead to: 三年新增90家; 2023年25家, 2024年30家, 2025年35家."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pipeline.compare.sums.amounts import Aim, bounds_of, why_not_summed
from pipeline.compare.sums.sums import Part, one_value, verdict_row
from pipeline.lexicon import Lexicon
from pipeline.model.reports import ConsistencyRow

# A plan for longer is no plan: a year was misread.
MOST_YEARS = 30


def steps(aims: Iterable[Aim], lexicon: Lexicon) -> Iterator[ConsistencyRow]:
    """Set each addition over several years against the additions of single years, and those due every year.

    Both must be of one plan, indicator, unit and area. States at the end of each year are no steps: they hold what was
    there before.
    """
    groups: dict[tuple[str, str, str, str], list[Aim]] = defaultdict(list)
    for aim in aims:
        if aim.kind == "increase" and not why_not_summed(aim, lexicon):
            groups[aim.plan_id, aim.indicator_id, aim.unit, aim.area or ""].append(aim)
    for _, group in sorted(groups.items()):
        yearly = [aim for aim in group if _is_step(aim)]
        totals: dict[tuple[int, int], list[Aim]] = defaultdict(list)
        for aim in group:
            span = _span(aim)
            if span is not None and not _is_step(aim) and span[0] < span[1]:
                totals[span].append(aim)
        if yearly:
            for span in sorted(totals):
                yield from _against_years(totals[span], span, yearly)


def _against_years(mine: Sequence[Aim], span: tuple[int, int], yearly: Sequence[Aim]) -> Iterator[ConsistencyRow]:
    whole, note = one_value(mine)
    parts = []
    # 2025年建成2条 in a plan until 2025 says the total once more.
    yearly = [aim for aim in yearly if aim.annual or (aim.year_end, aim.value) != (span[1], whole.value)]
    for year in range(span[0], span[1] + 1):
        single = [aim for aim in yearly if not aim.annual and aim.year_end == year]
        every = [aim for aim in yearly if aim.annual and _covers(aim, year)]
        if single or every:
            # A figure for the year itself is more telling than one for every year.
            step, remark = one_value(single or every)
            parts.append(Part(str(year), bounds_of(step), (step.target_id,), remark))
    if parts and (len(parts) > 1 or parts[0].name != str(span[1])):
        yield verdict_row("steps", whole, parts, span[1] - span[0] + 1, note)


def _is_step(aim: Aim) -> bool:
    """A figure due every year, or one of a single year: of the end of a span nobody knows what it counts from."""
    return aim.annual or (aim.year_start is not None and aim.year_start == aim.year_end)


def _span(aim: Aim) -> tuple[int, int] | None:
    if aim.span_start is None or aim.year_end is None or not 0 <= aim.year_end - aim.span_start < MOST_YEARS:
        return None
    return aim.span_start, aim.year_end


def _covers(aim: Aim, year: int) -> bool:
    span = _span(aim)
    return span is not None and span[0] <= year <= span[1]
