"""Names in the shared documents: what a careful reader judged right stays so, and few names stay unresolved.

gold/resolutions.csv holds a random sample of 200 with the verdicts of a reader who knew no rules, on name, place, level
and function: 192 right, 2 wrong, 6 that experts could hold either way. Of these 8 it holds what was judged; some were
mended since.
"""

from __future__ import annotations

import csv
import pathlib
from collections import Counter

import pytest

from pipeline import parse
from pipeline.model.tables import OrganisationRow, Record
from pipeline.read import ReadError

GOLD = pathlib.Path(__file__).parent / "gold" / "resolutions.csv"
# Of 100 mentions of bodies so many have a function and a level.
FLOOR = 99.5


@pytest.fixture(scope="module")
def records(shared: pathlib.Path) -> dict[str, Record]:
    found: dict[str, Record] = {}
    for file in sorted([*(shared / "seeds").iterdir(), *(shared / "documents").iterdir()]):
        try:
            found[file.stem] = parse(file)
        except ReadError:
            assert file.suffix == ".pdf"
    return found


def test_what_a_reader_judged_right_stays(records: dict[str, Record]) -> None:
    with GOLD.open(encoding="utf-8", newline="") as file:
        judged = list(csv.DictReader(file))
    rows = [row for row in judged if row["verdict"] == "right"]
    assert len(judged) == 200 and len(rows) == 192
    lost = []
    for row in rows:
        record = records[row["document"]]
        register = {body.organisation_id: body for body in record.organisations}
        ids = {found.organisation_id for found in record.responsibilities if found.organisation == row["written"]}
        found = [_facts(register[body]) for body in ids]
        if found != [[row["name"], row["place"], row["level"], row["function"], row["also"]]]:
            lost.append((row, found))
    assert not lost


def _facts(body: OrganisationRow) -> list[str]:
    return [part or "" for part in (body.name, body.place, body.level, body.function, body.also_functions)]


def test_few_mentions_stay_unresolved(records: dict[str, Record]) -> None:
    count: Counter[bool] = Counter()
    for record in records.values():
        register = {body.organisation_id: body for body in record.organisations}
        for found in record.responsibilities:
            body = register[found.organisation_id]
            count[body.function is not None and body.level is not None] += 1
    assert sum(count.values()) > 900
    assert 100 * count[True] / sum(count.values()) >= FLOOR
