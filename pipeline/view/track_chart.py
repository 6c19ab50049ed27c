"""Panels of a history as SVG: targets as steps over the years, a colour and a shape for each place.

A point stands at the end of its year; the line before it covers the years in which its plan is to get there, so the
plan of 2023–2025 begins where that of 2020–2022 ends.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from itertools import groupby

from pipeline.model.history import PointRow, Series
from pipeline.view.track_words import figure, plan_words, short_amount, years

WIDTH = 920
# A panel with one or two figures needs no more than a strip.
HIGH, STRIP, FEW = 400, 210, 2
LEFT, RIGHT, TOP, BOTTOM = 66, 190, 26, 40
COLOURS, SHAPES = 8, ("circle", "square", "triangle", "diamond", "drop", "pentagon", "cross")
LABEL_HEIGHT = 16
# Below this share of the highest value the axis starts at zero: small changes of a small share stay readable.
ZERO_BELOW = 0.6
MOST_TICKS_OF_YEARS = 14


@dataclass(frozen=True, slots=True)
class Scale:
    """Years and values → places in the drawing."""

    first: float
    last: float
    low: float
    high: float
    tick: float
    height: int

    def x(self, year: float) -> float:
        """Give the distance from the left of the end of a year."""
        return LEFT + (year - self.first) / (self.last - self.first) * (WIDTH - LEFT - RIGHT)

    def y(self, value: Decimal | float) -> float:
        """Give the distance from the top of a value."""
        return self.base - (float(value) - self.low) / (self.high - self.low) * (self.base - TOP)

    @property
    def base(self) -> int:
        """Give where the axis of years lies."""
        return self.height - BOTTOM


def mark_of(number: int) -> tuple[int, str]:
    """Give colour and shape of the place with this number; no two of the first 56 places share both."""
    return number % COLOURS, SHAPES[number % len(SHAPES)]


def symbol(number: int, x: float, y: float, size: float, *, hollow: bool = False) -> str:
    """Draw the mark of a place around a point."""
    colour, shape = mark_of(number)
    kind = f'class="mark c{colour}{" hollow" if hollow else ""}"'
    if shape == "circle":
        return f'<circle {kind} cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}"/>'
    points = " ".join(f"{x + size * dx:.1f},{y + size * dy:.1f}" for dx, dy in _corners(shape))
    return f'<polygon {kind} points="{points}"/>'


def _corners(shape: str) -> list[tuple[float, float]]:
    if shape == "square":
        return [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]
    if shape == "cross":
        thin = 0.36
        arm = [(-thin, -1.1), (thin, -1.1), (thin, -thin), (1.1, -thin), (1.1, thin), (thin, thin)]
        return arm + [(-x, -y) for x, y in arm]
    corners, turn = {"triangle": (3, 0.0), "diamond": (4, 0.0), "drop": (3, 180.0), "pentagon": (5, 0.0)}[shape]
    angles = [math.radians(turn + 360 * corner / corners) for corner in range(corners)]
    return [(1.2 * math.sin(angle), -1.2 * math.cos(angle)) for angle in angles]


def chart(series: Sequence[Series], places: Mapping[str, int], title: str, beside: Sequence[Series] = ()) -> str:
    """Draw one panel: series of one kind, basis and unit. `places` gives the number of each place's mark.

    `beside` are the series of the drawings above and below this one: all of them show the same years. Empty where no
    point has a year. Every point is a link to its row (`#p-` and its point_id) with all it says as tooltip, which
    readers without a pointer find in the table.
    """
    dated = [(one, [point for point in one.points if _at(point) is not None]) for one in series]
    dated = [(one, points) for one, points in dated if points]
    if not dated:
        return ""
    scale = _scale([point for _, points in dated for point in points], _years_of([*series, *beside]))
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {scale.height}" role="img" aria-label="{escape(title)}">',
        *_axes(scale, dated[0][0].unit or ""),
    ]
    for one, points in dated:
        number = places[one.place or one.label]
        parts += _lines(points, scale, number, _style(one))
    for one, points in dated:
        number = places[one.place or one.label]
        parts += (_point(point, one, scale, number) for point in points)
    parts += _values(dated, scale)
    parts += _labels(dated, scale, places)
    return "\n".join([*parts, "</svg>"])


def _style(series: Series) -> str:
    return " related" if series.related else " part" if series.scope else ""


def _at(point: PointRow) -> float | None:
    """Give where a point stands; a present value without a year stands where its plan begins."""
    return point.year if point.year is not None else _start(point) if point.role == "baseline" else None


def _start(point: PointRow) -> float | None:
    """Give the end of the year before the span that a point covers, else when the document was issued."""
    first = point.year_start if point.basis != "state" else point.period_start
    if first is not None:
        return first - 1
    if point.issued_on:
        year, month = int(point.issued_on[:4]), int(point.issued_on[5:7] or 1)
        return year - 1 + month / 12
    return None


def _years_of(series: Sequence[Series]) -> tuple[int, int]:
    points = [point for one in series for point in one.points if _at(point) is not None]
    ends = [at for point in points if (at := _at(point)) is not None]
    starts = [start for point in points if (start := _start(point)) is not None]
    return math.floor(min(ends + starts)), math.ceil(max(ends))


def _scale(points: Sequence[PointRow], span: tuple[int, int]) -> Scale:
    first, last = span
    values = [float(value) for point in points for value in (point.value, point.value_max) if value is not None]
    low, high = min(values), max(values)
    if 0 <= low < ZERO_BELOW * high or low == high or points[0].kind != "level":
        low = min(low, 0)
    height = STRIP if len(set(values)) <= FEW else HIGH
    room = (high - low) * 0.12 or abs(high) * 0.2 or 1
    tick = _nice((high + room - low) / (5 if height == HIGH else 2))
    bottom = math.floor(low / tick) * tick if low <= 0 or low < tick else math.floor((low - room / 2) / tick) * tick
    return Scale(first - 0.3, max(last, first + 1) + 0.3, bottom, math.ceil((high + room) / tick) * tick, tick, height)


def _nice(step: float) -> float:
    """Round a step up to 1, 2, 2.5 or 5 times a power of ten."""
    power = math.pow(10, math.floor(math.log10(step)))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= step * 0.999)


def _axes(scale: Scale, unit: str) -> Iterator[str]:
    for count in range(round((scale.high - scale.low) / scale.tick) + 1):
        value = scale.low + count * scale.tick
        y = scale.y(value)
        words = short_amount(Decimal(repr(round(value, 10))))
        yield f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text class="tick" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{escape(words)}</text>'
    yield f'<text class="unit" x="{LEFT - 8}" y="{TOP - 12}" text-anchor="end">{escape(unit)}</text>'
    base = scale.base
    yield f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{base}" y2="{base}"/>'
    first, last = math.ceil(scale.first), math.floor(scale.last)
    every = math.ceil((last - first + 1) / MOST_TICKS_OF_YEARS)
    for year in range(first, last + 1):
        x = scale.x(year)
        yield f'<line class="axis" x1="{x:.1f}" x2="{x:.1f}" y1="{base}" y2="{base + 5}"/>'
        if (last - year) % every == 0:
            yield f'<text class="tick" x="{x:.1f}" y="{base + 20}" text-anchor="middle">{year}</text>'


def _lines(points: Sequence[PointRow], scale: Scale, number: int, style: str) -> Iterator[str]:
    """Draw the steps of each plan; of a state the plan's points climb one stair, sums lie each over its own span."""
    colour = mark_of(number)[0]
    before: list[tuple[float, float]] = []
    in_plans = sorted(points, key=lambda point: (point.issued_on or "", point.plan_id or point.document_id))
    for _, group in groupby(in_plans, key=lambda point: point.plan_id or point.document_id):
        stair = _stair([point for point in group if point.role != "baseline"], scale)
        if not stair:
            continue
        if before and points[0].basis == "state":
            (x0, y0), (x1, y1) = _left_off(before, stair[0][0][0]), stair[0][0]
            yield f'<path class="link c{colour}" d="M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}"/>'
        for leg in stair:
            path = "L".join(f"{x:.1f} {y:.1f}" for x, y in leg)
            yield f'<path class="line c{colour}{style}" d="M{path}"/>'
        before = stair[-1]


def _left_off(leg: Sequence[tuple[float, float]], x: float) -> tuple[float, float]:
    """Give where a plan's line is left for the next plan: at its end, or where one begins that revises it."""
    if x >= leg[-1][0]:
        return leg[-1]
    return x, next((y for end, y in leg if end >= x), leg[-1][1])


def _stair(points: Sequence[PointRow], scale: Scale) -> list[list[tuple[float, float]]]:
    if points and points[0].basis != "state":
        legs = []
        for point in points:
            end, start = float(point.year or 0), _start(point)
            begin = start if start is not None and start < end else end - 0.5
            legs.append([(scale.x(begin), scale.y(point.value)), (scale.x(end), scale.y(point.value))])
        return legs
    # Where a plan contradicts itself the line follows what it states first; the other marks stand alone.
    firsts = {point.year: point for point in reversed(points) if point.year is not None}
    leg: list[tuple[float, float]] = []
    for year, point in sorted(firsts.items()):
        start = _start(point) if not leg else None
        x, y = scale.x(year), scale.y(point.value)
        if not leg:
            begin = scale.x(start) if start is not None and start < year else scale.x(year - 0.5)
            leg.append((begin, y))
        else:
            leg.append((leg[-1][0], y))
        leg.append((x, y))
    return [leg] if leg else []


def _point(point: PointRow, series: Series, scale: Scale, number: int) -> str:
    at = _at(point)
    x, y = scale.x(at if at is not None else scale.first), scale.y(point.value)
    size = 6.0 if point.role == "final" else 4.6 if point.role == "baseline" else 3.6
    colour = mark_of(number)[0]
    parts = [f'<a href="#p-{escape(point.point_id)}"><title>{escape(tooltip(point, series))}</title>']
    if point.value_max is not None:
        top = scale.y(point.value_max)
        parts.append(f'<path class="span c{colour}" d="M{x:.1f} {y:.1f}V{top:.1f}M{x - 5:.1f} {top:.1f}h10"/>')
    if point.conflict:
        parts.append(f'<circle class="conflict" cx="{x:.1f}" cy="{y:.1f}" r="{size + 5:.1f}"/>')
        parts.append(f'<text class="warn" x="{x + size + 4:.1f}" y="{y + size + 11:.1f}">!</text>')
    if point.comparator in (">=", ">", "<=", "<"):
        way = -1 if point.comparator.startswith(">") else 1
        tip, foot = y + way * 13, y - way * 2
        # Beside the mark: above it stands the line that leads to the next plan.
        side = x + size + (9 if point.conflict else 4)
        parts.append(
            f'<path class="bound c{colour}" d="M{side:.1f} {foot:.1f}V{tip:.1f}'
            f'M{side - 3.5:.1f} {tip - way * 4:.1f}L{side:.1f} {tip:.1f}L{side + 3.5:.1f} {tip - way * 4:.1f}"/>'
        )
    parts.append(symbol(number, x, y, size, hollow=point.role == "baseline"))
    return "".join(parts) + "</a>"


def _values(dated: Sequence[tuple[Series, Sequence[PointRow]]], scale: Scale) -> Iterator[str]:
    """Write the figures of goals above their lines, where they cover no other figure."""
    taken: list[tuple[float, float, float]] = []
    for _, points in dated:
        for point in points:
            if point.role != "final" or point.year is None:
                continue
            words = figure(point).removesuffix(point.unit or "").rstrip()
            right, base = scale.x(point.year) - 9, scale.y(point.value) - 7
            left = right - 7.5 * len(words)
            free = all(right < one or left > other or abs(base - at) > LABEL_HEIGHT - 2 for one, other, at in taken)
            if free and left > LEFT:
                taken.append((left, right, base))
                yield f'<text class="value" x="{right:.1f}" y="{base:.1f}" text-anchor="end">{escape(words)}</text>'


def tooltip(point: PointRow, series: Series) -> str:
    """Give all that a point says, a line each."""
    lines = [f"{series.label}: {figure(point)}, {years(point)}", plan_words(point)]
    if point.doc_number or point.issued_on:
        lines.append(" ".join(filter(None, (point.doc_number, point.issued_on))))
    if point.role == "baseline":
        lines.append("the value it starts from" + ("" if point.year else "; its year is not told, drawn at the start"))
    elif point.role != "final":
        lines.append("on the way" if point.role == "step" else "behind the plan's end")
    lines += filter(None, (point.change_reason and f"{point.change}: {point.change_reason}", point.conflict_reason))
    if series.reason:
        lines.append(f"not comparable: {series.reason}")
    return "\n".join(lines)


def _labels(
    dated: Sequence[tuple[Series, Sequence[PointRow]]], scale: Scale, places: Mapping[str, int]
) -> Iterator[str]:
    """Write the name of each series beside its last point, moved apart where names would cover each other."""
    ends = []
    for one, points in dated:
        last = max(points, key=lambda point: (point.year or 0, point.role == "final"))
        ends.append((scale.y(last.value), scale.x(_at(last) or 0), one))
    ends.sort(key=lambda end: (end[0], end[2].label))
    ys = [y for y, _, _ in ends]
    for turn in range(len(ys) - 1):
        ys[turn + 1] = max(ys[turn + 1], ys[turn] + LABEL_HEIGHT)
    over = (ys[-1] - scale.base) if ys else 0
    if over > 0:
        ys[-1] -= over
        for turn in range(len(ys) - 1, 0, -1):
            ys[turn - 1] = min(ys[turn - 1], ys[turn] - LABEL_HEIGHT)
    left = WIDTH - RIGHT + 16
    for (y, x, one), at in zip(ends, ys, strict=True):
        colour = mark_of(places[one.place or one.label])[0]
        yield f'<path class="lead c{colour}" d="M{x + 9:.1f} {y:.1f}L{left - 10} {y:.1f}L{left - 3} {at:.1f}"/>'
        words = one.label if len(one.label) <= 13 else one.label[:12] + "…"
        yield f'<text class="name c{colour}" x="{left}" y="{at + 4:.1f}">{escape(words)}</text>'
