"""The history of an indicator for a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.model.history import History, Series
from pipeline.terminal import cut, width, wrapped
from pipeline.view.track_words import figure, kind_words, marks, plan_words, years

COLUMNS = 80
WIDTHS = {"place": 13, "plan": 19, "year": 10, "value": 13, "kind": 9, "mark": 16}
NAMES_SHOWN = 12


def track_lines(history: History, limit: int | None = None) -> Iterator[str]:
    """Draw the points as a table, and below it what must not be compared, what contradicts, what was not counted.

    `limit` stops the table after that many points. No line is wider than 80 columns.
    """
    shown = 0
    for asked in history.asked:
        yield from wrapped(f"{asked.family}{': ' + asked.note if asked.note else ''}", COLUMNS)
        if len(asked.names) > 1:
            names = "、".join(name for name in asked.names if name != asked.family)
            yield from wrapped(f"also as {names}", COLUMNS, first="  ", rest="  ")
        series = [one for one in history.series if one.family == asked.family]
        yield _row({name: name for name in WIDTHS}) if series else "  no plan has a target for it"
        for one in series:
            room = len(one.points) if limit is None else max(limit - shown, 0)
            yield from _series_lines(one, room)
            shown += len(one.points)
        yield from _also_seen(history, asked.family)
    if limit is not None and shown > limit:
        yield f"… and {shown - limit:,} more points; --limit shows them"
    yield from _remarks(history)
    yield from _sums(history)


def _series_lines(series: Series, room: int) -> Iterator[str]:
    """Give a line a point; what holds for a part, or goes by a related name, has a line above that says so in full."""
    place = series.label.partition(" · ")[0]
    special = series.label if place != series.label or (not series.place and width(place) > WIDTHS["place"]) else ""
    if special and room:
        yield from wrapped(special + ":", COLUMNS, first="  ", rest="    ")
    for point in series.points[:room]:
        noted = (["related"] if series.related else ["part"] if series.scope else []) + marks(point)
        yield _row(
            {
                "place": place,
                "plan": plan_words(point),
                "year": years(point),
                "value": figure(point),
                "kind": kind_words(series),
                "mark": " ".join(noted),
            }
        )


def _row(cells: dict[str, str]) -> str:
    line = ""
    for name, columns in WIDTHS.items():
        words = cut(" ".join(cells[name].split()), columns - 1)
        blank = " " * (columns - 1 - width(words))
        line += (blank + words if name == "value" else words + blank) + " "
    return line.rstrip()


def _remarks(history: History) -> Iterator[str]:
    """List conflicts, changes and what is not comparable, each once."""
    conflicts, changes, apart, names = [], [], [], []
    for series in history.series:
        for point in series.points:
            if point.conflict_reason:
                conflicts.append(f"{series.label}: {point.conflict_reason}")
            if point.name_note:
                names.append(f"{point.indicator}: {point.name_note}")
            if point.change_reason and point.change not in (None, "unchanged"):
                changes.append(f"{series.label}: {point.change}: {point.change_reason}")
        if series.reason:
            apart.append(f"{series.reason}: {series.label} ({kind_words(series)})")
    titles = ("conflicts", "changes from plan to plan", "not comparable", "names to mind")
    for title, lines in zip(titles, (conflicts, changes, apart, names), strict=True):
        if lines:
            yield f"{title}:"
            for words in dict.fromkeys(lines):
                yield from wrapped(words, COLUMNS, first="  ", rest="    ")


def _also_seen(history: History, family: str) -> Iterator[str]:
    names = [one for one in history.also_seen if one.family == family]
    if names:
        listed = "; ".join(f"{one.indicator} ({one.number:,})" for one in names[:NAMES_SHOWN])
        more = f"; and {len(names) - NAMES_SHOWN:,} more names" if len(names) > NAMES_SHOWN else ""
        yield from wrapped(f"also seen, not counted: {listed}{more}", COLUMNS, first="  ", rest="    ")


def _sums(history: History) -> Iterator[str]:
    words = f"{history.target_count:,} targets read, {history.matched:,} of them matched"
    if history.left_out:
        words += f", {history.left_out:,} left out by the options"
    words += f"; counted once: copies ({history.copies:,}), repetitions ({history.repeats:,})"
    yield from wrapped(words, COLUMNS)
    for note in history.notes:
        yield from wrapped(note, COLUMNS)
