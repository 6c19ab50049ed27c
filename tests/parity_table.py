"""How far every format of the parity corpus gives the records of the plain text.

python tests/parity_table.py            print the table and what differs
python tests/parity_table.py --write    put the table into docs/formats.md
python tests/parity_table.py port docx  what differs in one file
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pipeline
from pipeline.read.open import READERS
from pipeline.read.sniff import format_of

HERE = Path(__file__).resolve().parent
FILES = HERE / "parity" / "files"
PAGE = HERE.parent / "docs" / "formats.md"
MARKS = ("<!-- parity table: made by tests/parity_table.py --write -->", "<!-- end of the parity table -->")
# What a person calls the format, how its files end.
FORMATS = {
    "txt": "plain text",
    "html": "web page",
    "docx": "DOCX",
    "doc": "DOC",
    "wps": "WPS",
    "libreoffice.pdf": "PDF from LibreOffice",
    "chromium.pdf": "PDF from Chromium",
    "turned.pdf": "PDF, wide sheets stored sideways",
    "ofd": "OFD",
    "scan.pdf": "scan (200 dpi, grey, tilted)",
}
DOCUMENTS = tuple(
    sorted(path.name.removesuffix(".expected.toml") for path in (HERE / "parity").glob("*.expected.toml"))
)
KINDS = ("front", "plans", "headings", "targets", "organisations", "periods")
# A target whose value is told to be doubtful.
FLAGGED = 0.3

Facts = dict[str, Counter[tuple[Any, ...]]]


class Row(NamedTuple):
    """One line of the table: of each kind, how many facts of the plain text came out the same, and how many more."""

    format: str
    documents: int
    same: dict[str, int]
    expected: dict[str, int]
    added: dict[str, int]


def missing(document: str, ending: str) -> str | None:
    """Tell why a file cannot be read on this machine, None if it can."""
    path = FILES / f"{document}.{ending}"
    if not path.is_file():
        return f"the corpus has no {path.name}"
    kind = format_of(path.read_bytes())
    if kind in READERS and importlib.util.find_spec(READERS[kind][0]) is None:
        return f"no reader for {kind} yet"
    if kind in ("ole", "rtf") and shutil.which("soffice") is None:
        return "LibreOffice is not installed"
    if ending.startswith("scan") and importlib.util.find_spec("pipeline.read.scan") is None:
        return "no reader for scans yet"
    if ending.startswith("scan") and importlib.util.find_spec("rapidocr") is None:
        return "the extra `ocr` is not installed"
    return None


@cache
def record_of(document: str, ending: str) -> Any:
    """Give the record of a file of the corpus."""
    return pipeline.parse(FILES / f"{document}.{ending}")


@cache
def facts_of(document: str, ending: str) -> Facts:
    """Give what is compared: facts without places, as often as they are told."""
    return facts(record_of(document, ending))


def facts(record: Any) -> Facts:
    """Give the facts of a record, by kind."""
    sections = {section.section_id: section for section in record.sections}
    names = {row.organisation_id: row.name for row in record.organisations}
    front = ("title", "doc_number", "issuers", "issued_on", "published_on", "addressees", "copied_to", "script")
    return {
        "front": Counter((name, getattr(record.document, name)) for name in front),
        "plans": Counter((row.title, row.period_start, row.period_end) for row in record.plans),
        "headings": Counter(
            (row.kind, row.depth, row.label, row.number, row.title) for row in record.sections if row.depth > 0
        ),
        "targets": Counter(target(row) for row in record.targets),
        "organisations": Counter(
            (" / ".join(titles(sections, row.section_id)), row.role, names[row.organisation_id])
            for row in record.responsibilities
        ),
        "periods": Counter(
            (row.kind, row.start, row.end, row.recurrence, squeezed(row.quote)) for row in record.periods
        ),
    }


def target(row: Any) -> tuple[Any, ...]:
    """Give what a target says, exact figures in one spelling."""
    figures = tuple(None if value is None else f"{value.normalize():f}" for value in (row.value, row.value_max))
    rest = (row.unit, row.comparator, row.kind, row.cadence, row.year_end, row.scope, row.baseline)
    return (squeezed(row.indicator), *figures, *rest)


def titles(sections: dict[str, Any], section_id: str | None) -> Iterator[str]:
    """Give the titles of a section and of those above it, from the top."""
    if section_id is None:
        return
    section = sections[section_id]
    yield from titles(sections, section.parent_id)
    if section.depth:
        yield squeezed(section.title or section.label or "")


def squeezed(words: str) -> str:
    """Give words without white space: where a line broke tells nothing."""
    return re.sub(r"\s", "", words)


def row_of(ending: str) -> Row | None:
    """Compare all documents of one format with their plain text; None where none can be read here."""
    documents = [name for name in DOCUMENTS if missing(name, ending) is None]
    if not documents:
        return None
    same, expected, added = ({kind: 0 for kind in KINDS} for _ in range(3))
    for name in documents:
        plain, other = facts_of(name, "txt"), facts_of(name, ending)
        for kind in KINDS:
            same[kind] += (plain[kind] & other[kind]).total()
            expected[kind] += plain[kind].total()
            added[kind] += (other[kind] - plain[kind]).total()
    return Row(ending, len(documents), same, expected, added)


def line(row: Row) -> str:
    """Give a row of the table as Markdown: same/expected, and what came out besides in brackets."""
    cells = []
    for kind in KINDS:
        more = f" (+{row.added[kind]})" if row.added[kind] else ""
        cells.append(f"{row.same[kind]}/{row.expected[kind]}{more}")
    return f"| {FORMATS[row.format]} | {row.documents} | {' | '.join(cells)} |"


def head() -> str:
    """Give the head of the table."""
    return f"| format | documents | {' | '.join(KINDS)} |\n|---|---|{'---|' * len(KINDS)}"


def table(read: Callable[[str], Row | None] = row_of) -> str:
    """Give the table; formats that cannot be read on this machine keep the line that the page has, or say so."""
    former = {line.split(" | ")[0].strip("| "): line for line in stated().splitlines()}
    lines = [head()]
    for ending, name in FORMATS.items():
        row = read(ending)
        lines.append(line(row) if row else former.get(name, f"| {name} | not read here |{' |' * len(KINDS)}"))
    return "\n".join(lines)


def stated() -> str:
    """Give the table that docs/formats.md prints."""
    text = PAGE.read_text("utf-8")
    return text[text.index(MARKS[0]) + len(MARKS[0]) : text.index(MARKS[1])].strip()


def differences(document: str, ending: str) -> Iterator[str]:
    """Tell what a format lacks (-) and what it has besides (+), fact by fact."""
    plain, other = facts_of(document, "txt"), facts_of(document, ending)
    for kind in KINDS:
        for fact in (plain[kind] - other[kind]).elements():
            yield f"{document}.{ending} {kind} - {fact}"
        for fact in (other[kind] - plain[kind]).elements():
            yield f"{document}.{ending} {kind} + {fact}"


def unflagged(document: str, ending: str) -> list[str]:
    """Give the targets that the plain text does not have and that nothing marks as doubtful."""
    record = record_of(document, ending)
    known = {figures(row) for row in record_of(document, "txt").targets}
    doubts = [row for row in record.problems if row.code == "doubtful_figure" and row.char_start is not None]
    return [
        f"{row.indicator} {row.value} {row.unit}"
        for row in record.targets
        if figures(row) not in known
        and row.confidence > FLAGGED
        and not any(doubt.char_start < row.char_end and row.char_start < doubt.char_end for doubt in doubts)
    ]


def found(document: str, ending: str) -> tuple[int, int]:
    """Give how many targets of the plain text came out with their value, unit and year, and how many there are."""
    plain = Counter(figures(row) for row in record_of(document, "txt").targets)
    other = Counter(figures(row) for row in record_of(document, ending).targets)
    return (plain & other).total(), plain.total()


def figures(row: Any) -> tuple[Any, ...]:
    """Give the committed figure of a target without the words around it."""
    return row.value, row.value_max, row.unit, row.year_end


def main() -> None:
    """Print or write the table."""
    parser = argparse.ArgumentParser(description="Compare the formats of the parity corpus with its plain texts.")
    parser.add_argument("only", nargs="*", help="documents and formats (endings of files) to look at")
    parser.add_argument("--write", action="store_true", help="put the table into docs/formats.md")
    options = parser.parse_args()
    if options.write:
        text = PAGE.read_text("utf-8")
        before, after = text.index(MARKS[0]) + len(MARKS[0]), text.index(MARKS[1])
        PAGE.write_text(f"{text[:before]}\n{table()}\n{text[after:]}", "utf-8", newline="\n")
        return
    print(table(lambda ending: row_of(ending) if not options.only or ending in options.only else None))
    for ending in FORMATS:
        for document in DOCUMENTS:
            wanted = not options.only or (
                (document in options.only or not set(DOCUMENTS) & set(options.only)) and
                (ending in options.only or not set(FORMATS) & set(options.only))
            )  # fmt: skip
            if wanted and missing(document, ending) is None:
                print(*differences(document, ending), sep="\n")


if __name__ == "__main__":
    main()
