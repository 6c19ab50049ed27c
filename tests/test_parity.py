"""The same plan gives the same records, whatever format it comes in."""

from __future__ import annotations

import tomllib
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import parity_table as parity
import pytest

CORPUS = Path(__file__).parent / "parity"
WRITTEN = [ending for ending in parity.FORMATS if ending not in ("txt", "scan.pdf")]
SCANNED = [document for document in parity.DOCUMENTS if (parity.FILES / f"{document}.scan.pdf").is_file()]
# What does not come out the same yet, with the reason. Each is strict: a mended one has to be taken off the list.
KNOWN: dict[tuple[str, str], str] = {}
# Of the targets of a scan so many come out with their value.
SCAN_FOUND = 0.97


def expected(document: str) -> dict[str, Any]:
    """Give what a person read in a plan."""
    return tomllib.loads((CORPUS / f"{document}.expected.toml").read_text("utf-8"))


def agree(one: str, other: str) -> bool:
    """Tell whether two names of an indicator mean the same: one holds the other and is not much longer, or nearly."""
    one, other = parity.squeezed(one), parity.squeezed(other)
    short, long = sorted((one, other), key=len)
    if short in long and len(long) <= 1.5 * len(short):
        return True
    pairs = [Counter(pairwise(name)) for name in (one, other)]
    return 2 * (pairs[0] & pairs[1]).total() >= 0.8 * (pairs[0].total() + pairs[1].total())


def read_targets(document: str) -> list[tuple[str, str]]:
    """Give name and facts of the targets that were read, spelled as in the expected file."""
    found = []
    for row in parity.record_of(document, "txt").targets:
        _, value, highest, *_ = parity.target(row)
        figure = f"{value}-{highest}" if highest else value
        facts = (figure, row.unit or "-", row.comparator, row.kind, row.cadence, str(row.year_end))
        found.append((row.indicator, " | ".join(facts)))
    return found


def read_responsibilities(document: str) -> set[str]:
    """Give who answers for what, spelled as in the expected file: heading | role | names."""
    record = parity.record_of(document, "txt")
    titles = {section.section_id: section.title for section in record.sections}
    groups: dict[tuple[str, str], list[str]] = {}
    for row in record.responsibilities:
        groups.setdefault((row.section_id, row.role), []).append(row.organisation)
    return {f"{titles[section]} | {role} | {'、'.join(names)}" for (section, role), names in groups.items()}


@pytest.mark.parametrize("document", parity.DOCUMENTS)
def test_the_plain_text_gives_what_a_person_reads(document: str) -> None:
    gold = expected(document)
    record = parity.record_of(document, "txt")
    row = record.document
    assert (row.title, row.doc_number or "-", row.issued_on or "-") == (
        gold["title"],
        gold["doc_number"],
        gold["issued_on"],
    )
    assert [f"{plan.title} | {plan.period_start} | {plan.period_end}" for plan in record.plans] == gold["plans"]
    kinds = ("section", "task", "annex")
    headings = [f"{s.depth} | {s.label} | {s.title}" for s in record.sections if s.kind in kinds and s.label]
    assert headings == gold["headings"]


@pytest.mark.parametrize("document", parity.DOCUMENTS)
def test_the_plain_text_gives_the_targets_a_person_reads(document: str) -> None:
    gold = expected(document)
    gaps = [gap for gap in gold["gaps"] if gap in gold["targets"]]
    wanted = list((Counter(gold["targets"]) - Counter(gaps)).elements())
    left = read_targets(document)
    missed = []
    for target in wanted:
        name, facts = target.split(" | ", 1)
        exact = [row for row in left if row == (name, facts)]
        near = [row for row in left if row[1] == facts and agree(row[0], name)]
        if exact or near:
            left.remove((exact or near)[0])
        else:
            missed.append(target)
    assert missed == []
    assert len(left) <= len(gaps), left
    assert not {" | ".join(row) for row in left} & set(gaps), "a gap that is closed has to be taken off the list"


@pytest.mark.parametrize("document", parity.DOCUMENTS)
def test_the_plain_text_gives_the_responsibilities_a_person_reads(document: str) -> None:
    gold = expected(document)
    found = read_responsibilities(document)
    gaps = {gap for gap in gold["gaps"] if gap in gold["responsibilities"]}
    assert set(gold["responsibilities"]) - found == gaps
    assert len(found - set(gold["responsibilities"])) <= len(gaps)


@pytest.mark.parametrize("ending", WRITTEN)
@pytest.mark.parametrize("document", parity.DOCUMENTS)
def test_a_format_gives_the_records_of_the_plain_text(
    document: str, ending: str, request: pytest.FixtureRequest
) -> None:
    if reason := parity.missing(document, ending):
        pytest.skip(reason)
    if known := KNOWN.get((document, ending)):
        request.node.add_marker(pytest.mark.xfail(reason=known, strict=True))
    assert list(parity.differences(document, ending)) == []


@pytest.mark.parametrize("document", SCANNED)
def test_a_scan_gives_the_targets_and_tells_its_doubts(document: str) -> None:
    if reason := parity.missing(document, "scan.pdf"):
        pytest.skip(reason)
    found, whole = parity.found(document, "scan.pdf")
    assert parity.unflagged(document, "scan.pdf") == []
    assert found >= SCAN_FOUND * whole


@pytest.mark.parametrize("document", parity.DOCUMENTS)
def test_every_format_points_back_to_its_own_words(document: str) -> None:
    for ending in WRITTEN:
        if parity.missing(document, ending) is None:
            for row in parity.record_of(document, ending).targets:
                assert parity.squeezed(row.quote) != ""
                assert row.page is not None or not ending.endswith((".pdf", "ofd"))


def test_the_table_in_the_documentation_is_current() -> None:
    stated = parity.stated().splitlines()
    for ending, name in parity.FORMATS.items():
        if all(parity.missing(document, ending) for document in parity.DOCUMENTS) or ending.startswith("scan"):
            continue
        row = parity.row_of(ending)
        assert row is not None
        assert parity.line(row) in stated, f"{name}: run python tests/parity_table.py --write"


def test_the_files_are_those_of_the_manuscripts() -> None:
    """What needs no other program is made anew; the other formats are made from it by `python -m tools.parity`."""
    plain = pytest.importorskip("tools.parity.plain")
    from tools.parity.manuscript import read_manuscript
    from tools.parity.web import web_page

    for document in parity.DOCUMENTS:
        manuscript = read_manuscript(CORPUS / f"{document}.md")
        assert (parity.FILES / f"{document}.txt").read_text("utf-8") == plain.plain_text(manuscript)
        assert (parity.FILES / f"{document}.html").read_text("utf-8") == web_page(manuscript)
