"""Totals and what should bring them, in an output folder: what is read of it, and the lines that a terminal shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from pipeline.compare.places import place_name
from pipeline.compare.sums.amounts import Aim
from pipeline.compare.sums.areas import inside
from pipeline.compare.sums.levels import below, one_document_a_plan
from pipeline.compare.sums.steps import steps
from pipeline.duplicates import find_duplicates
from pipeline.lexicon import Lexicon
from pipeline.model.reports import ConsistencyRow
from pipeline.model.tables import DocumentRow, PlanRow, TargetRow
from pipeline.stored import read_rows
from pipeline.terminal import counted, wrapped
from pipeline.write.tables import header, line

COLUMNS = 80
# 2024年新增300张 is of that year alone, 到2024年新增300张 counts from the start of the plan.
ONE_YEAR = re.compile("[0-9]{4}年度?")
# 全市, 我省, 全县范围内; 全域 says it without the level.
WHOLE = re.compile("[全我本](?P<word>.{1,3}?)(?:范围内)?")
WHOLE_AREAS = ("全域", "辖区内")
TITLES = {
    "below": "totals of a place against the places in it",
    "inside": "totals of a plan against the areas it names",
    "steps": "totals of a plan against its yearly steps",
}


def check_consistency(folder: Path, lexicon: Lexicon) -> list[ConsistencyRow]:
    """Give a row for each total of an output folder that can be set against parts, or comes near that.

    Copies of a document are left out first. Rows are by relation, then in the order of documents and targets. Raises
    NoDatasetError where the folder is none.
    """
    copies = {row.document_id for row in find_duplicates(folder) if not row.better}
    aims = [aim for aim in read_aims(folder, lexicon) if aim.document_id not in copies]
    aims = one_document_a_plan(aims)
    return [*below(aims, lexicon), *inside(aims, lexicon), *steps(aims, lexicon)]


def read_aims(folder: Path, lexicon: Lexicon) -> Iterator[Aim]:
    """Give the targets of an output folder with what documents and plans tell of place and period."""
    documents = {row["document_id"]: row for row in read_rows(folder, DocumentRow.table)}
    plans = {row["plan_id"]: row for row in read_rows(folder, PlanRow.table)}
    for row in read_rows(folder, TargetRow.table):
        document, plan = documents[row["document_id"]], plans.get(row["plan_id"], {})
        years = [plan.get(name, "") for name in ("period_start", "period_end")]
        start = _year(row["year_end"]) if ONE_YEAR.fullmatch(row["year_quote"]) else _year(row["year_start"])
        own = _is_whole(row["scope"], document, lexicon)
        yield Aim(
            target_id=row["target_id"],
            document_id=row["document_id"],
            source=document["source"],
            place=document["place"],
            place_path=document["place_path"],
            place_level=document["level"],
            plan_id=row["plan_id"],
            plan_title=plan.get("title", ""),
            plan_years="-".join(years),
            issued_on=document["issued_on"],
            indicator=row["indicator"],
            indicator_id=row["indicator_id"],
            value=Decimal(row["value"]),
            value_max=Decimal(row["value_max"]) if row["value_max"] else None,
            unit=row["unit"],
            comparator=row["comparator"],
            kind=row["kind"],
            cadence=row["cadence"],
            year_start=start,
            year_end=_year(row["year_end"]),
            span_start=start or _year(years[0]),
            area=None if own or not row["scope"] else row["scope"],
            stated=own,
            quote=row["quote"],
            sentence=row["sentence"],
        )


def consistency_table(rows: Iterable[ConsistencyRow]) -> str:
    """Give the rows as a CSV file."""
    return header(ConsistencyRow) + "".join(map(line, rows))


def consistency_lines(rows: Sequence[ConsistencyRow], limit: int) -> Iterator[str]:
    """Draw the comparisons for a terminal of 80 columns; of those that must not be compared only the number."""
    told = [row for row in rows if row.verdict != "not comparable"]
    for relation, group in groupby(told[:limit], key=lambda row: row.relation):
        yield TITLES[relation]
        for row in group:
            yield from _lines(row)
        yield ""
    if len(told) > limit:
        yield f"… and {len(told) - limit:,} more; --limit shows them"
    near = len(rows) - len(told)
    counts = [f"{sum(row.verdict == name for row in told):,} {name}" for name in ("covered", "short", "over")]
    unsure = sum(row.verdict == "cannot tell" for row in told)
    yield f"{counted(len(told), 'total')}: {', '.join(counts)}, {unsure:,} cannot be told"
    if near:
        yield from wrapped(
            f"{counted(near, 'more has', 'more have')} figures of the same indicator that must not be set against "
            "them; the table of -o lists them with the reason",
            COLUMNS,
        )


def _lines(row: ConsistencyRow) -> Iterator[str]:
    year = f"{row.year_end} " if row.year_end else ""
    place = f"{row.place.rpartition(' ')[2]} " if row.place else ""
    yield from wrapped(f"{place}{year}{row.indicator}: {row.reason}", COLUMNS, first="  ", rest="      ")
    yield from wrapped(row.part_values or "", COLUMNS, first="      ", rest="      ")
    yield from wrapped(row.source, COLUMNS, first="      ", rest="      ")


def _is_whole(scope: str, document: dict[str, str], lexicon: Lexicon) -> bool:
    """Tell whether an area is the whole place of the document: 全市, 我省, or its own name, long or short.

    全区 in the plan of a city is one of its districts.
    """
    name = place_name(document["place"]) or ("中国" if document["level"] == "national" else "")
    if scope in (name, name[:-1]) or scope in WHOLE_AREAS:
        return bool(scope)
    match = WHOLE.fullmatch(scope)
    return match is not None and scope in lexicon.wording["scope"] and (not name or name.endswith(match["word"]))


def _year(words: str) -> int | None:
    return int(words) if words else None
