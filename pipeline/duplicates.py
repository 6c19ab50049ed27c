"""Copies among the documents of an output folder: what is read of it, and the lines that a terminal shows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.model.reports import DuplicateRow
from pipeline.model.tables import DocumentRow, PlanRow, ProblemRow, SectionRow
from pipeline.stored import read_rows
from pipeline.terminal import counted, cut, wrapped
from pipeline.write.tables import header, line

if TYPE_CHECKING:
    from pipeline.compare.copies.worth import Facts

COLUMNS = 80
# What a reason closes with: the points of the source.
SOURCE = "; source: "
FRONT = (("title", "title"), ("doc_number", "document number"), ("issuers", "issuer"), ("issued_on", "date"))


def find_duplicates(folder: Path) -> list[DuplicateRow]:
    """Give the documents of an output folder that print one text, grouped, the better source first; then versions.

    Texts are read one by one; kept are about two kilobytes a document. Raises NoDatasetError where the folder is none.
    """
    # numpy takes a moment to load.
    from pipeline.compare.copies.duplicates import find_copies

    def read(document_id: str) -> str:
        return (folder / "text" / f"{document_id}.txt").read_bytes().decode("utf-8")

    return find_copies(((facts, read(facts.document_id)) for facts in _facts(folder)), read)


def duplicate_table(rows: Iterable[DuplicateRow]) -> str:
    """Give the rows as a CSV file."""
    return header(DuplicateRow) + "".join(map(line, rows))


def duplicate_lines(rows: Sequence[DuplicateRow], limit: int) -> Iterator[str]:
    """Draw the groups for a terminal of 80 columns: the better source first, marked by *, versions behind."""
    copies = sum(not row.better for row in rows)
    groups = [list(group) for _, group in groupby(rows, key=lambda row: row.group_id)]
    versions = sum(group[0].relation == "version" for group in groups)
    for group in groups[:limit]:
        yield "versions, no copies:" if group[0].relation == "version" else "one text:"
        for row in group:
            mark = "*" if row.better and row.relation != "version" else " "
            yield f" {mark} {cut(row.source, COLUMNS - 3)}"
            kin, _, worth = row.reason.partition(SOURCE)
            # Of two documents the relation is told once, beside the second.
            told = "" if row is group[0] else f"{row.relation}, {row.similarity:.0%}: {kin}; "
            yield from wrapped(
                f"{told}{str(row.score).replace('-', '−')} points: {worth}", COLUMNS, first="     ", rest="     "
            )
        yield ""
    if len(groups) > limit:
        yield f"… and {len(groups) - limit:,} more groups; --limit shows them"
    found = counted(copies, "document is a copy", "documents are copies")
    yield f"{found}, in {counted(len(groups) - versions, 'group')}; * marks the better source"
    yield counted(versions, "group of versions", "groups of versions")


def _facts(folder: Path) -> Iterator[Facts]:
    """Read what the tables tell of each document, in the order of documents.csv."""
    from pipeline.compare.copies.worth import CUT, DAMAGE, RECOGNISED, Facts

    damaged, recognised = Counter[str](), set[str]()
    for row in read_rows(folder, ProblemRow.table):
        damaged[row["document_id"]] += row["code"] in DAMAGE | CUT
        if row["code"] == RECOGNISED:
            recognised.add(row["document_id"])
    titles: dict[str, list[str]] = defaultdict(list)
    for row in read_rows(folder, PlanRow.table):
        if row["title"]:
            titles[row["document_id"]].append(row["title"])
    parts = _parts(folder)
    for row in read_rows(folder, DocumentRow.table):
        name = row["document_id"]
        yield Facts(
            document_id=name,
            source=row["source"],
            media_type=row["media_type"],
            characters=int(row["characters"]),
            titles=tuple(dict.fromkeys((*titles[name], row["title"]) if row["title"] else titles[name])),
            issuers=tuple(filter(None, row["issuers"].split(";"))),
            place_path=row["place_path"],
            front=tuple(word for column, word in FRONT if row[column]),
            damaged=damaged[name],
            numbers=int(row["number_count"]),
            unexplained=int(row["unexplained_count"]),
            recognised=name in recognised,
            parts=tuple(parts.get(name, ())),
        )


def _parts(folder: Path) -> dict[str, list[tuple[int, int]]]:
    """Give the ranges of the plans of each document, in order: its text without the notice around them."""
    ranges: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for row in read_rows(folder, SectionRow.table):
        if row["plan_id"]:
            start, end = int(row["char_start"]), int(row["char_end"])
            first, last = ranges[row["document_id"]].get(row["plan_id"], (start, end))
            ranges[row["document_id"]][row["plan_id"]] = (min(first, start), max(last, end))
    return {document: sorted(plans.values()) for document, plans in ranges.items()}
