"""Check documents: offsets, cover, ledger, nesting of ids, counts, and the quotes in the raw files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.check.faults import Fault
from pipeline.check.tables import Row, Table

# An Arabic number as the ledger counts it: 1,200.5 is one, 2023-2025 are two.
NUMBER = re.compile(r"\d+(?:[,，]\d{3})*(?:\.\d+)?")
# The column that must be the text at char_start:char_end.
QUOTED = {
    "sections": "text", "targets": "quote", "periods": "quote", "responsibilities": "quote", "numbers": "text",
    "problems": "quote",
}  # fmt: skip
# How an id opens: with the id of what it lies in and a mark.
NESTING = (
    ("plans", "plan_id", "document_id", "-p"), ("targets", "target_id", "section_id", "-t"),
    ("periods", "period_id", "section_id", "-y"), ("numbers", "number_id", "document_id", "-n"),
)  # fmt: skip
COUNTED = (
    ("plan_count", "plans"),
    ("target_count", "targets"),
    ("problem_count", "problems"),
    ("number_count", "numbers"),
)


def grouped(tables: Mapping[str, Table]) -> dict[str, dict[str, list[Row]]]:
    """Give the rows of every table that hangs on documents, by document, in the order of the file."""
    result: dict[str, dict[str, list[Row]]] = {}
    for name, table in tables.items():
        if "document_id" in table.row.links:
            for row in table.rows:
                result.setdefault(row["document_id"], {}).setdefault(name, []).append(row)
    return result


def check_document(folder: Path, document: Row, mine: Mapping[str, Sequence[Row]]) -> Iterator[Fault]:
    """Check one document: its text file, and all its rows against it."""
    name = document["document_id"]
    file = f"text/{name}.txt"
    try:
        text = (folder / file).read_bytes().decode("utf-8")
    except FileNotFoundError:
        yield Fault(file, None, "the file is missing")
        return
    except UnicodeDecodeError as error:
        yield Fault(file, None, f"is not UTF-8 (byte {error.start})")
        return
    if document["characters"] != str(len(text)):
        yield Fault("documents.csv", document.line, f"characters: {document['characters']}, but {file} has {len(text)}")
    for column, table in COUNTED:
        count = len(mine.get(table, ()))
        if document[column] != str(count):
            message = f"{column}: {document[column]}, but {table}.csv has {count} rows"
            yield Fault("documents.csv", document.line, message)
    yield from _offsets(text, mine)
    yield from _cover(text, document, mine.get("sections", ()))
    yield from _ledger(text, file, mine.get("numbers", ()))
    yield from _nesting(mine)


def _offsets(text: str, mine: Mapping[str, Sequence[Row]]) -> Iterator[Fault]:
    for table, column in QUOTED.items():
        for row in mine.get(table, ()):
            span = row.span()
            if span is None:
                if row["char_start"] or row["char_end"] or row[column]:
                    yield Fault(f"{table}.csv", row.line, f"{column} and offsets must stand together")
            elif not 0 <= span[0] <= span[1] <= len(text):
                yield Fault(f"{table}.csv", row.line, f"char_start, char_end: {span} lies outside the text")
            elif text[slice(*span)] != row[column]:
                there = text[slice(*span)][:40]
                yield Fault(f"{table}.csv", row.line, f"{column}: is {row[column][:40]!r}, the text has {there!r}")


def _cover(text: str, document: Row, sections: Sequence[Row]) -> Iterator[Fault]:
    """Sections in their order cut the text without gap or overlap."""
    expected = 0
    for ordinal, row in enumerate(sections, start=1):
        if row["ordinal"] != str(ordinal):
            yield Fault("sections.csv", row.line, f"ordinal: {row['ordinal']}, should be {ordinal}")
        span = row.span()
        if span is None:
            continue
        if span[0] != expected:
            what = "a gap" if span[0] > expected else "an overlap"
            yield Fault("sections.csv", row.line, f"{what}: begins at {span[0]}, the section before ends at {expected}")
        expected = span[1]
    if expected != len(text):
        message = f"the sections of {document['document_id']} end at {expected}, its text at {len(text)}"
        yield Fault("sections.csv", None, message)


def _ledger(text: str, file: str, numbers: Sequence[Row]) -> Iterator[Fault]:
    """Every Arabic number stands in the ledger once; rows come in order."""
    spans = Counter(row.span() for row in numbers)
    for match in NUMBER.finditer(text):
        count = spans[match.span()]
        if count != 1:
            line = text.count("\n", 0, match.start()) + 1
            message = f"{match.group()} at {match.start()} stands {count} times in numbers.csv, should be 1"
            yield Fault(file, line, message)
    before = -1
    for row in numbers:
        span = row.span()
        if span is not None:
            if span[0] < before:
                yield Fault("numbers.csv", row.line, "stands before the number above it or overlaps it")
            before = span[1]


def _nesting(mine: Mapping[str, Sequence[Row]]) -> Iterator[Fault]:
    for table, child, parent, mark in NESTING:
        for row in mine.get(table, ()):
            if not row[child].startswith(row[parent] + mark):
                yield Fault(f"{table}.csv", row.line, f"{child}: {row[child]} does not open with {row[parent]}{mark}")
    for row in mine.get("sections", ()):
        above = row["plan_id"] or f"{row['document_id']}-p0"
        if not row["section_id"].startswith(f"{above}-s"):
            yield Fault("sections.csv", row.line, f"section_id: {row['section_id']} does not open with {above}-s")


def check_against_raw(document: Row, mine: Mapping[str, Sequence[Row]], source_text: str) -> Iterator[Fault]:
    """White space aside, every source_quote stands in the decoded source."""
    bare = "".join(source_text.split())
    for table in ("targets", "periods", "responsibilities"):
        for row in mine.get(table, ()):
            if "".join(row["source_quote"].split()) not in bare:
                message = f"source_quote: {row['source_quote'][:40]!r} is not in {document['source']}"
                yield Fault(f"{table}.csv", row.line, message)
