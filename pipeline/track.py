"""The history of an indicator, read from an output folder of `zhengce run` in one pass over each table."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

from pipeline.compare.history.points import Found
from pipeline.compare.history.present import present_year, stands_in_table
from pipeline.compare.history.query import Name, Wanted, wanted_names
from pipeline.compare.history.series import Only, history_of
from pipeline.lexicon import Lexicon, load_lexicon
from pipeline.model.history import History, PointRow
from pipeline.model.tables import DocumentRow, PlanRow, Record, SectionRow, TargetRow
from pipeline.quick.classes import dataclass, field
from pipeline.stored import NoDatasetError, open_table, row_of
from pipeline.write.columns import columns, plain_number
from pipeline.write.tables import header, line

FILE = f"{PointRow.table}.csv"
Row = TypeVar("Row")


class NoQueryError(Exception):
    """Nothing was asked for."""


@dataclass(slots=True)
class _Sifted:
    """What one pass over the targets keeps: the rows asked for, and names that only contain the words."""

    kept: list[tuple[TargetRow, Name, str]] = field(default_factory=list)
    also: Counter[tuple[str, str]] = field(default_factory=Counter)
    number: int = 0


def read_history(
    folder: Path,
    queries: Sequence[str],
    *,
    places: Sequence[str] = (),
    scopes: Sequence[str] = (),
    kinds: Sequence[str] = (),
    first_year: int | None = None,
    last_year: int | None = None,
    exact: bool = False,
    related: bool = True,
) -> History:
    """Give the history of the indicators that `queries` name (words, or an indicator_id) over all plans of a folder.

    The options keep only some points: `places` and `scopes` by a part of their words, `kinds` as in targets, years with
    both ends. `exact` takes the wording itself and no other name of its family; `related` takes in names that belong in
    one chart though they are not comparable. Each table is read once, and only what matches is held in memory.
    Raises NoDatasetError where the folder holds no tables, NoQueryError where nothing is asked for.
    """
    lexicon = load_lexicon()
    wanted = _wanted(queries, lexicon, exact, related)
    names, rows = open_table(folder, TargetRow.table)
    if missing := {"indicator_id", "indicator"} - set(names):
        raise NoDatasetError(
            f"{folder}/targets.csv has no column {min(missing)}. Write the folder anew: `zhengce run`."
        )
    sifted = _sift(names, rows, wanted)
    documents = _pick(folder, DocumentRow, {target.document_id for target, _, _ in sifted.kept})
    plans = _pick(folder, PlanRow, {target.plan_id for target, _, _ in sifted.kept if target.plan_id})
    titles = _titles(folder, {above for target, _, _ in sifted.kept for above in _above(target.section_id)})
    if lost := sorted({target.document_id for target, _, _ in sifted.kept} - documents.keys()):
        raise NoDatasetError(f"{folder}/documents.csv lacks {lost[0]}, which targets.csv names. See `zhengce check`.")
    years = _present_years(folder, sifted.kept)
    found = [
        Found(
            target, name, area, documents[target.document_id], plans.get(target.plan_id or ""), _path(target, titles),
            years.get(target.target_id),
        )
        for target, name, area in sifted.kept
    ]  # fmt: skip
    only = Only(_place(places, wanted), tuple(scopes), tuple(kinds), first_year, last_year)
    return history_of(found, wanted, lexicon, only=only, also_seen=sifted.also, target_count=sifted.number)


def track(records: Iterable[Record], queries: Sequence[str], *, exact: bool = False, related: bool = True) -> History:
    """Give the history of indicators over records, as `read_history` does over a folder."""
    lexicon = load_lexicon()
    wanted = _wanted(queries, lexicon, exact, related)
    sifted = _Sifted()
    found: list[Found] = []
    for record in records:
        titles = {section.section_id: section.title or "" for section in record.sections}
        plans = {plan.plan_id: plan for plan in record.plans}
        for target in record.targets:
            sifted.number += 1
            for name, area in _names(target.indicator_id, target.indicator, wanted, sifted.also):
                plan = plans.get(target.plan_id or "")
                year = present_year(target, record.text) if target.baseline else None
                found.append(Found(target, name, area, record.document, plan, _path(target, titles), year))
    only = Only(_place((), wanted))
    return history_of(found, wanted, lexicon, only=only, also_seen=sifted.also, target_count=sifted.number)


def write_history(history: History, file: Path) -> None:
    """Write the points as CSV, or as JSON where the name of the file ends so; each with its target_id."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="\n") as out:
        if file.suffix.lower() == ".json":
            json.dump(history_json(history), out, ensure_ascii=False, indent=1)
            out.write("\n")
            return
        out.write(header(PointRow))
        out.writelines(line(point) for point in history.points)


def history_json(history: History) -> dict[str, Any]:
    """Give the history as plain data: what was asked, the series with their points, names that were not counted.

    Numbers are written exactly, as strings where a float would round them.
    """
    return {
        "asked": [one._asdict() for one in history.asked],
        "targets_read": history.target_count,
        "matched": history.matched,
        "left_out": history.left_out,
        "copies": history.copies,
        "repeats": history.repeats,
        "notes": list(history.notes),
        "series": [
            {
                "series_id": one.series_id,
                "family": one.family,
                "label": one.label,
                "related": one.related,
                "place": one.place,
                "scope": one.scope,
                "kind": one.kind,
                "basis": one.basis,
                "unit": one.unit,
                "comparable": one.comparable,
                "reason": one.reason,
                "points": [_point_json(point) for point in one.points],
            }
            for one in history.series
        ],
        "also_seen": [one._asdict() for one in history.also_seen],
    }


def _point_json(point: PointRow) -> dict[str, Any]:
    found = {}
    for column in columns(PointRow):
        value = getattr(point, column.attribute)
        found[column.name] = value if value is None or isinstance(value, bool | int | str) else plain_number(value)
    return found


def _wanted(queries: Sequence[str], lexicon: Lexicon, exact: bool, related: bool) -> Wanted:
    wanted = wanted_names(queries, lexicon, exact=exact, related=related)
    if not wanted.asked:
        raise NoQueryError("Nothing is asked for. Give the words of an indicator, or an indicator_id.")
    return wanted


def _place(places: Sequence[str], wanted: Wanted) -> tuple[str, ...]:
    return tuple(places) or ((wanted.place,) if wanted.place else ())


def _sift(names: list[str], rows: Iterator[list[str]], wanted: Wanted) -> _Sifted:
    """Keep the targets asked for; the others are looked at in two cells and forgotten."""
    sifted = _Sifted()
    key, words = names.index("indicator_id"), names.index("indicator")
    for cells in rows:
        sifted.number += 1
        for name, area in _names(cells[key], cells[words], wanted, sifted.also):
            sifted.kept.append((row_of(TargetRow, dict(zip(names, cells, strict=False))), name, area))
    return sifted


def _names(key: str, indicator: str, wanted: Wanted, also: Counter[tuple[str, str]]) -> list[tuple[Name, str]]:
    """Give what a target was asked as, with the area that its name opens with; count a name that is only near."""
    if found := wanted.by_id.get(key):
        return [(name, "") for name in found]
    family = wanted.near(indicator)
    if family is None:
        return []
    if parted := wanted.area_of("".join(indicator.split())):
        return [(parted[1], parted[0])]
    also[family, indicator] += 1
    return []


def _pick(folder: Path, kind: type[Row], ids: Collection[str]) -> dict[str, Row]:
    """Give the rows of a table that have one of the ids in its first column."""
    names, rows = open_table(folder, kind.table)  # type: ignore[attr-defined]
    return {cells[0]: row_of(kind, dict(zip(names, cells, strict=False))) for cells in rows if cells[0] in ids}


def _titles(folder: Path, ids: Collection[str]) -> dict[str, str]:
    names, rows = open_table(folder, SectionRow.table)
    title = names.index("title") if names else 0
    return {cells[0]: cells[title] for cells in rows if cells[0] in ids}


def _present_years(folder: Path, kept: Sequence[tuple[TargetRow, Name, str]]) -> dict[str, int]:
    """Give by target_id the years of present values; a text is opened only to look up the head of a column."""
    years: dict[str, int] = {}
    told = [target for target, _, _ in kept if target.baseline]
    for document, targets in groupby(told, key=lambda target: target.document_id):
        text: str | None = None
        for target in targets:
            path = folder / "text" / f"{document}.txt"
            if text is None and stands_in_table(target) and path.is_file():
                text = path.read_bytes().decode("utf-8")
            if (year := present_year(target, text)) is not None:
                years[target.target_id] = year
    return years


def _above(section_id: str) -> list[str]:
    """Give a section's own id and those of the sections it nests in, the highest first: …-s3, …-s3.2, …-s3.2.1."""
    stem, mark, path = section_id.rpartition("-s")
    steps = path.split(".")
    return [stem + mark + ".".join(steps[: end + 1]) for end in range(len(steps))]


def _path(target: TargetRow, titles: dict[str, str]) -> tuple[str, ...]:
    return tuple(title for above in _above(target.section_id) if (title := titles.get(above)))
