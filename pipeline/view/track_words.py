"""Figures and signs of a history as readers see them, the same on the terminal and on the page."""

from __future__ import annotations

import re
from decimal import Decimal

from pipeline.model.history import PointRow, Series
from pipeline.terminal import amount
from pipeline.view.signs import SIGNS as CHANGE_SIGNS

SIGNS = {"=": "", ">=": "≥", ">": ">", "<=": "≤", "<": "<", "~": "≈", "range": ""}
KIND_WORDS = {
    ("level", "state"): "level",
    ("increase", "total"): "added",
    ("increase", "annual"): "a year",
    ("change", "total"): "change",
    ("change", "annual"): "change/y",
    ("rank", "state"): "rank",
    ("breakthrough", "state"): "first",
}
PANEL_WORDS = {
    ("level", "state"): "Level to be reached",
    ("increase", "total"): "Additions over a span of years",
    ("increase", "annual"): "Additions in each year",
    ("change", "total"): "Change over a span of years",
    ("change", "annual"): "Change in each year",
    ("rank", "state"): "Rank to be reached",
    ("breakthrough", "state"): "Firsts of their kind",
}
CODE = re.compile(r"^\d{6} ")


def short_amount(value: Decimal) -> str:
    """Write large round amounts as Chinese readers do: 3000000000 → 30亿; others with thousands separators."""
    words = amount(value)
    if not words[-1].isdigit():
        return words
    whole, dot, rest = words.partition(".")
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{int(whole.lstrip('-')):,}{dot}{rest}"


def figure(point: PointRow) -> str:
    """Give value, bound and unit of a point: ≥1.5万 家, +300 家, 10-12 家."""
    value = short_amount(point.value)
    if point.value_max is not None:
        value += "-" + short_amount(point.value_max)
    plus = "+" if point.kind == "increase" and point.role != "baseline" else ""
    return f"{SIGNS[point.comparator]}{plus}{value} {point.unit or ''}".rstrip()


def years(point: PointRow) -> str:
    """Give the year, or the span that an addition covers: 2025, 2023-2025; ? where none is known."""
    if point.year is None:
        return "?"
    if point.basis != "state" and point.year_start not in (None, point.year):
        return f"{point.year_start}-{point.year}"
    return str(point.year)


def marks(point: PointRow) -> list[str]:
    """Give what is to be noted of a point: its role, the change from the plan before, a conflict, its copies."""
    found = [] if point.role == "final" else [point.role]
    if point.change:
        found.append(CHANGE_SIGNS[point.change].word)
    if point.conflict:
        found.append("conflict")
    if point.copies:
        found.append(f"+{point.copies} cop{'y' if point.copies == 1 else 'ies'}")
    return found


def kind_words(series: Series) -> str:
    """Give in a word what the figures of a series measure: a level, what is added in all, what is added a year …"""
    return KIND_WORDS.get((series.kind, series.basis), series.kind)


def panel_words(series: Series) -> str:
    """Give the heading of the panel that a series is drawn in."""
    return PANEL_WORDS.get((series.kind, series.basis), series.kind)


def plan_words(point: PointRow) -> str:
    """Give the title of a point's plan, else that of its document."""
    return point.plan_title or point.document_title or point.source


def place_words(place: str | None) -> str:
    """Give the name of a place without its code."""
    return CODE.sub("", place) if place else "?"
