"""What may be set against what, which values contradict each other, and what became of a target in the next plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from pipeline.model.history import PointRow, Series

LOWER, UPPER = (">=", ">"), ("<=", "<")
SIGNS = {"=": "", ">=": "≥ ", ">": "> ", "<=": "≤ ", "<": "< ", "~": "≈ ", "range": ""}


def comparability(a: Series, b: Series) -> tuple[bool, str | None]:
    """Tell whether two series may be set against each other, and why not.

    Level against increase, annual against total, another unit, a part against the whole, another indicator.
    """
    if (a.family, a.related) != (b.family, b.related):
        reason = a.related or b.related
        return False, f"another indicator: {reason}" if reason else "another indicator"
    if a.kind != b.kind:
        return False, f"{a.kind} against {b.kind}"
    if a.basis != b.basis:
        return False, f"{a.basis} against {b.basis}"
    if a.unit != b.unit:
        return False, f"other unit: {a.unit or 'none'} against {b.unit or 'none'}"
    if a.place == b.place and a.scope != b.scope:
        if a.scope is None or b.scope is None:
            return False, "part against whole"
        return False, "other scope"
    upper, lower = sorted((a.place_path or "", b.place_path or ""), key=len)
    if upper and lower.startswith(upper + " / "):
        return False, f"part against whole: {lower} lies in {upper}"
    return True, None


def amount(point: PointRow) -> str:
    """Give the value with its sign and unit in words: ≥ 1,000 家."""
    value = SIGNS[point.comparator] + _plain(point.value)
    if point.value_max is not None:
        value += "–" + _plain(point.value_max)
    return f"{value} {point.unit or ''}".rstrip()


def _plain(value: Decimal) -> str:
    words = f"{value:,f}"
    return words.rstrip("0").rstrip(".") if "." in words else words


def conflicts(sheets: Mapping[str, Sequence[PointRow]]) -> dict[str, dict[str, Any]]:
    """Give by point_id the marks of points whose series says another value for the same year.

    Inside a plan every passage is held against every other; between plans only what they state first.
    """
    marks: dict[str, list[str]] = defaultdict(list)
    heads: dict[tuple[int, int], list[PointRow]] = defaultdict(list)
    for rows in sheets.values():
        by_span: dict[tuple[int, int], list[PointRow]] = defaultdict(list)
        for row in rows:
            if row.year is not None and row.role != "baseline":
                # What is added in five years does not contradict what is added in the last three of them.
                by_span[row.year, row.year_start or 0 if row.basis != "state" else 0].append(row)
        for span, same in sorted(by_span.items()):
            heads[span].append(same[0])
            documents = {row.document_id for row in same}
            where = "this plan gives" if len(documents) == 1 else f"{len(documents)} prints of this plan give"
            _mark(same, where, span[0], marks)
    for span, same in sorted(heads.items()):
        _mark(same, f"{len(same)} plans of this place give", span[0], marks)
    return {key: {"conflict": True, "conflict_reason": "; ".join(reasons)} for key, reasons in marks.items()}


def _mark(rows: Sequence[PointRow], who: str, year: int, marks: dict[str, list[str]]) -> None:
    if len({(row.value, row.value_max) for row in rows}) < 2:
        return
    values = list(dict.fromkeys(amount(row) for row in rows))
    reason = f"{who} {' and '.join(values)} for {year}"
    if rows[0].kind == "increase" and len({row.sentence for row in rows}) < len(rows):
        reason += " in one sentence: perhaps parts, or different work"
    elif _can_both_hold(rows):
        reason += "; both can hold"
    for row in rows:
        marks[row.point_id].append(reason)


def _can_both_hold(rows: Iterable[PointRow]) -> bool:
    """Tell whether one value satisfies all bounds: at least 1000 and exactly 1200."""
    least: Decimal | None = None
    most: Decimal | None = None
    for row in rows:
        if row.comparator not in UPPER:
            least = max(least, row.value) if least is not None else row.value
        if row.comparator not in LOWER:
            top = row.value_max if row.value_max is not None else row.value
            most = min(most, top) if most is not None else top
    return least is None or most is None or least <= most


def changed(sheets: Iterable[Sequence[PointRow]]) -> list[PointRow]:
    """Give all points, those that open a plan's part of the series with the change from the plan before it."""
    before: PointRow | None = None
    told: list[PointRow] = []
    for rows in sorted(sheets, key=_plan_order):
        head = head_of(rows)
        for row in rows:
            if row is head and before is not None:
                change, reason = change_between(before, row)
                row = replace(row, change=change, change_from=before.point_id, change_reason=reason)
            told.append(row)
        before = head or before
    return told


def head_of(rows: Sequence[PointRow]) -> PointRow | None:
    """Give the point that stands for a plan: its final target as first stated, else the latest step or outlook."""
    dated = [row for row in rows if row.role != "baseline" and row.year is not None]
    finals = [row for row in dated if row.role == "final"]
    return finals[0] if finals else max(dated, key=lambda row: row.year or 0, default=None)


def _plan_order(rows: Sequence[PointRow]) -> tuple[str, int, str]:
    row = rows[0]
    start = row.period_start or row.year or 0
    return row.issued_on or str(start), max((one.year or 0 for one in rows), default=0), row.source


def change_between(before: PointRow, after: PointRow) -> tuple[str, str]:
    """Name what became of a target in the next plan, in the words of `changes`, and say it.

    A sum over three years and one over five are not comparable; neither are ranges of different shape by number alone.
    """
    words = f"{amount(before)} by {before.year} → {amount(after)} by {after.year}"
    if before.basis == "total" and before.span != after.span:
        old, new = (f"{span} years" if span else "an unknown span" for span in (before.span, after.span))
        return "not_comparable", f"{words}: total over {old} against total over {new}"
    old_value, new_value = (before.value, before.value_max), (after.value, after.value_max)
    old_year, new_year = before.year or 0, after.year or 0
    if old_value == new_value:
        if old_year != new_year:
            return ("postponed" if new_year > old_year else "brought_forward"), words
        if before.comparator != after.comparator:
            return "comparator_changed", words
        return "unchanged", words
    old_mid, new_mid = (value + (top if top is not None else value) for value, top in (old_value, new_value))
    if old_mid == new_mid:
        return "comparator_changed", words
    return ("raised" if new_mid > old_mid else "lowered"), words
