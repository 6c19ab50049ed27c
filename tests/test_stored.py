"""Documents read back from an output folder are those that were written."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

import pipeline
from pipeline.stored import NoDatasetError, document_ids, find_document, is_dataset, read_record, read_records

ROOT = Path(__file__).parents[1]
STRUCTURED = ROOT / "structured"
# What the nested JSON does not hold in full: made from the other rows, or only for drawing pages.
LEFT_OUT = ("workload", "positions")
PLAIN = sorted(source for source in document_ids(STRUCTURED).values() if source.endswith((".txt", ".html")))


@pytest.mark.parametrize("source", PLAIN)
def test_a_document_read_back_is_the_one_that_was_parsed(source: str) -> None:
    parsed = pipeline.parse(ROOT / "raw" / source, name=source)
    stored = read_record(STRUCTURED, parsed.document.document_id)
    for field in dataclasses.fields(parsed):
        if field.name not in LEFT_OUT:
            assert getattr(stored, field.name) == getattr(parsed, field.name), field.name


def test_all_documents_of_a_folder_come_in_order() -> None:
    assert [record.document.document_id for record in read_records(STRUCTURED)] == list(document_ids(STRUCTURED))


def test_a_document_is_found_by_id_source_and_file_name() -> None:
    ids = document_ids(STRUCTURED)
    source = "versions/school-plan-2021.txt"
    [document_id] = [key for key, value in ids.items() if value == source]
    assert find_document(STRUCTURED, document_id) == document_id
    assert find_document(STRUCTURED, source) == document_id
    assert find_document(STRUCTURED, "school-plan-2021.txt") == document_id


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    assert is_dataset(STRUCTURED)
    assert not is_dataset(tmp_path)
    with pytest.raises(NoDatasetError, match=r"holds no document plan\.txt\. Give an id or a source"):
        find_document(STRUCTURED, "plan.txt")
    with pytest.raises(NoDatasetError, match=r"holds no documents\.csv\. Give the output folder of `zhengce run`\."):
        document_ids(tmp_path)
    with pytest.raises(NoDatasetError, match=r"is not whole\. Run again\."):
        read_record(STRUCTURED, "d000")


def test_a_file_name_that_two_documents_have_is_not_guessed(tmp_path: Path) -> None:
    (tmp_path / "documents.csv").write_text("document_id,source\nd1,a/plan.txt\nd2,b/plan.txt\n", encoding="utf-8")
    with pytest.raises(NoDatasetError, match=r"plan\.txt means 2 documents of .*: d1 \(a/plan\.txt\), d2"):
        find_document(tmp_path, "plan.txt")
