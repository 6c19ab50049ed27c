"""Many plans → the history of an indicator: series of points, and what changed from plan to plan.

What holds after `history_of`: every matched target that the options keep stands in exactly one point (as itself, or
folded into the point that says the same); points of one series share family, place, scope, kind, basis and unit; series
and points have a fixed order.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipeline.compare.history.points import (
    NATIONAL,
    Draft,
    Found,
    drafts_of,
    found_headings,
    point_of,
    sheet_of,
    title_of,
)  # fmt: skip
from pipeline.compare.history.query import ID, Wanted
from pipeline.compare.history.trend import changed, comparability, conflicts
from pipeline.compare.places import place_name
from pipeline.lexicon import Lexicon
from pipeline.model.history import KINDS, AlsoSeen, History, PointRow, Series
from pipeline.model.tables import DocumentRow

# What stands between the names of a place_path.
PATH = " / "


@dataclass(frozen=True, slots=True)
class Only:
    """What to keep: places and scopes by a part of their words, kinds, years from and to (both included)."""

    places: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    first_year: int | None = None
    last_year: int | None = None

    def keeps(self, draft: Draft) -> bool:
        """Tell whether a point stays. A point without a year stays unless a year is asked for."""
        document = draft.found.document
        where = f"{document.place or ''} {document.place_path or ''}"
        if self.places and not any(word in where for word in self.places):
            return False
        if self.scopes and not any(word in draft.scope for word in self.scopes):
            return False
        if self.kinds and draft.found.target.kind not in self.kinds:
            return False
        if self.first_year is None and self.last_year is None:
            return True
        year = draft.year
        return year is not None and (self.first_year or year) <= year <= (self.last_year or year)


def history_of(
    found: Iterable[Found],
    wanted: Wanted,
    lexicon: Lexicon,
    *,
    only: Only | None = None,
    also_seen: Mapping[tuple[str, str], int] | None = None,
    target_count: int = 0,
) -> History:
    """Give the history that the found targets tell. `also_seen` counts (family, name) that were not taken."""
    keep = only or Only()
    rows, wanted = _named(sorted(_placed(list(found)), key=_print_order), wanted)
    sheets = _sheets(rows)
    drafts: list[Draft] = []
    unread = 0
    kept_ids: set[str] = set()
    for row in rows:
        drawn = drafts_of(row, sheets[id(row)], wanted.units.get(row.name.family, ()), lexicon)
        unread += bool(row.target.baseline) and row.target.kind == "level" and len(drawn) == 1
        kept = [draft for draft in drawn if keep.keeps(draft)]
        kept_ids.update(row.target.target_id for draft in kept if not draft.is_baseline)
        drafts += kept
    points = _fold(_parted(drafts, lexicon))
    order = {name.family: number for number, name in enumerate(wanted.asked)}
    series = _with_reasons(sorted((_series(group, wanted) for group in points.values()), key=_series_order(order)))
    all_points = [point for one in series for point in one.points]
    nowhere = {row.document.document_id for row in rows if not row.document.place and row.document.level != "national"}
    elsewhere, here = _folded(all_points, rows)
    seen = Counter(also_seen or {})
    return History(
        asked=wanted.asked,
        series=tuple(series),
        also_seen=tuple(AlsoSeen(*key, number) for key, number in sorted(seen.items(), key=lambda i: (-i[1], i[0]))),
        target_count=target_count,
        matched=len({row.target.target_id for row in rows}),
        left_out=len({row.target.target_id for row in rows} - kept_ids),
        copies=len(elsewhere),
        repeats=len(here - elsewhere),
        notes=tuple(_notes(all_points, unread, len(nowhere))),
    )


def _print_order(found: Found) -> tuple[str, str, str, int, str]:
    document = found.document
    # A document with a number is the print to keep: copies on web pages often lose it.
    unnumbered = "" if document.doc_number else "~"
    return document.issued_on or "~", unnumbered, document.source, found.target.char_start, found.target.target_id


def _named(rows: list[Found], wanted: Wanted) -> tuple[list[Found], Wanted]:
    """Put the name that most plans use for an id that was asked for and belongs to no family."""
    names: dict[str, str] = {}
    for key in {asked.family for asked in wanted.asked if ID.fullmatch(asked.family)}:
        words = Counter(row.target.indicator for row in rows if row.name.family == key)
        if words:
            names[key] = min(words, key=lambda word: (-words[word], word))
    if not names:
        return rows, wanted
    asked = tuple(
        one._replace(family=names[one.family], names=(names[one.family],)) if one.family in names else one
        for one in wanted.asked
    )
    renamed = [
        replace(row, name=replace(row.name, family=names[row.name.family])) if row.name.family in names else row
        for row in rows
    ]
    return renamed, replace(wanted, asked=asked)


def _placed(rows: list[Found]) -> list[Found]:
    """Give a copy that lost the head of its document the place of the print that has it.

    A plan whose title names its place (云州市…行动计划) is that place's wherever it is printed.
    """
    homes: dict[str, dict[str, DocumentRow]] = defaultdict(dict)
    for row in rows:
        place = row.document.place
        if place and place_name(place) in (title := title_of(row.document, row.plan)):
            homes[title][place] = row.document
    placed = []
    for row in rows:
        owners = {} if row.document.place else homes.get(title_of(row.document, row.plan), {})
        if len(owners) == 1:
            (owner,) = owners.values()
            document = replace(row.document, place=owner.place, place_path=owner.place_path, level=owner.level)
            row = replace(row, document=document)
        placed.append(row)
    return placed


def _sheets(rows: Sequence[Found]) -> dict[int, str]:
    """Give for each found target (by identity) the plan that it is a print of.

    Documents with one title, place and period print one plan if their numbers agree; a document without number goes
    with the only numbered one there is.
    """
    numbers: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        sheet, number = sheet_of(row.document, row.plan)
        if number:
            numbers[sheet].add(number)
    given = {}
    for row in rows:
        sheet, number = sheet_of(row.document, row.plan)
        known = numbers[sheet]
        given[id(row)] = f"{sheet} {number or (next(iter(known)) if len(known) == 1 else '')}"
    return given


def _parted(drafts: list[Draft], lexicon: Lexicon) -> list[Draft]:
    """Set apart what stands below a heading that names an area, where it would contradict what holds for the whole.

    A city's plan states 1000 enterprises in its goals and 250 in the section on its development zone.
    """
    values: dict[object, set[object]] = defaultdict(set)
    for draft in drafts:
        values[draft.sheet, draft.series, draft.year, draft.is_baseline].add((draft.value, draft.value_max))
    narrowed = lexicon.audit["narrowed"]
    parted = []
    for draft in drafts:
        several = len(values[draft.sheet, draft.series, draft.year, draft.is_baseline]) > 1
        if several and not draft.scope:
            headings = found_headings(draft.found)
            title = next((title for title in reversed(headings) if narrowed.search(title)), "")
            draft = replace(draft, scope=f"〔{title}〕") if title else draft
        parted.append(draft)
    return parted


def _fold(drafts: Iterable[Draft]) -> dict[tuple[str, ...], list[tuple[Draft, PointRow]]]:
    """Give the points by series, passages that say the same folded into the first of them."""
    first: dict[object, Draft] = {}
    others: dict[object, dict[str, str]] = defaultdict(dict)
    for draft in drafts:
        if first.setdefault(draft.said, draft) is not draft:
            others[draft.said][draft.found.target.target_id] = draft.found.document.document_id
    series: dict[tuple[str, ...], list[tuple[Draft, PointRow]]] = defaultdict(list)
    for said, draft in first.items():
        series[draft.series].append((draft, point_of(draft, others[said])))
    return series


def _folded(points: Iterable[PointRow], rows: Iterable[Found]) -> tuple[set[str], set[str]]:
    """Give the target_id of what was folded: copies in other documents, repetitions in the same."""
    documents = {row.target.target_id: row.document.document_id for row in rows}
    elsewhere: set[str] = set()
    here: set[str] = set()
    for point in points:
        if point.role != "baseline" and point.copy_ids:
            for other in point.copy_ids.split(";"):
                (here if documents[other] == point.document_id else elsewhere).add(other)
    return elsewhere, here


def _series(group: list[tuple[Draft, PointRow]], wanted: Wanted) -> Series:
    """Put the points of one series in order, with their roles, conflicts and changes."""
    draft, point = group[0]
    name = draft.found.name
    sheets: dict[str, list[PointRow]] = defaultdict(list)
    for one, row in _with_roles(group):
        sheets[one.sheet].append(row)
    marks = conflicts(sheets)
    rows = changed([[replace(row, **marks.get(row.point_id, {})) for row in rows] for rows in sheets.values()])
    rows.sort(key=lambda row: (row.year or 0, row.issued_on or "~", row.role != "baseline", row.source, row.char_start))
    _, _, owner, _, kind, _, _ = draft.series
    unknown = f"place not told: {point.plan_title or point.document_title or point.source}"
    where = place_name(point.place) or (NATIONAL if owner == NATIONAL else unknown)
    parts = (where, *((draft.scope,) if draft.scope else ()), *((name.word,) if name.related is not None else ()))
    return Series(
        series_id=point.series_id,
        family=name.family,
        label=" · ".join(parts),
        related=name.related,
        place=point.place,
        place_path=point.place_path,
        scope=point.scope,
        kind=kind,
        basis=draft.basis,
        unit=point.unit,
        comparable=True,
        reason=None,
        points=tuple(rows),
    )


def _with_roles(group: list[tuple[Draft, PointRow]]) -> list[tuple[Draft, PointRow]]:
    """Tell the goal of a plan from steps on the way and from outlooks behind its end."""
    last: dict[str, int] = {}
    for draft, row in group:
        if not draft.is_baseline and row.year is not None:
            last[draft.sheet] = max(last.get(draft.sheet, 0), row.year)
    given = []
    for draft, row in group:
        end = row.period_end or last.get(draft.sheet)
        role = row.role
        if role != "baseline" and row.year is not None and end is not None and row.year != end:
            role = "step" if row.year < end else "outlook"
        given.append((draft, replace(row, role=role)))
    return given


def _series_order(order: Mapping[str, int]) -> Callable[[Series], tuple[Any, ...]]:
    def key(series: Series) -> tuple[Any, ...]:
        path = series.place_path or series.place or "~"
        return (
            order.get(series.family, len(order)), series.related is not None, KINDS.index(series.kind),
            series.basis, series.unit or "", path, series.scope or "", series.label,
        )  # fmt: skip

    return key


def _with_reasons(series: Sequence[Series]) -> list[Series]:
    """Tell for each series whether it may be set against the main one of its place: whole place, level first."""
    main: dict[tuple[str, str], Series] = {}
    for one in series:
        if one.related is None and one.scope is None:
            main.setdefault((one.family, one.place or one.label), one)
    told = []
    for one in series:
        other = main.get((one.family, one.place or one.label))
        comparable, reason = comparability(one, other) if other and other is not one else (one.related is None, None)
        reason = reason or (f"another indicator: {one.related}" if one.related else None)
        points = tuple(replace(point, comparable=comparable, reason=reason) for point in one.points)
        told.append(replace(one, comparable=comparable, reason=reason, points=points))
    return told


def _notes(points: Sequence[PointRow], unread: int, unplaced: int) -> Iterable[str]:
    if unread:
        yield f"{unread:,} present values are words that could not be read as a figure"
    if undated := sum(point.year is None and point.role != "baseline" for point in points):
        yield f"{undated:,} points have no year: they stand in the table, not in the chart"
    if unplaced:
        yield f"{unplaced:,} documents do not tell which place they speak for; each has series of its own"
    paths = {point.place_path for point in points if point.place_path}
    for path in sorted(paths):
        above = [upper for upper in _upper(path) if upper in paths]
        if above:
            lower, upper = path.rpartition(PATH)[2], above[-1].rpartition(PATH)[2]
            yield f"{lower} lies in {upper}: part against whole, their figures are not to be added or compared"


def _upper(path: str) -> list[str]:
    """Give the paths of the places that a place lies in, the highest first."""
    steps = path.split(PATH)
    return [PATH.join(steps[:end]) for end in range(1, len(steps))]
