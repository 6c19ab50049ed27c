"""Record: ids nest and are unique, references lead somewhere, quotes are the text, tasks say what is to be done."""

from __future__ import annotations

import dataclasses
from typing import Any

import handmade
import pytest

from pipeline.lexicon import Lexicon
from pipeline.model import TABLES, Findings, Problem, Record
from pipeline.resolve import resolve


@pytest.fixture(scope="module")
def record(lexicon: Lexicon) -> Record:
    return resolve(handmade.text(), handmade.outline(), handmade.findings(), lexicon)


def test_ids_come_from_content_and_place(record: Record) -> None:
    document = "d" + record.document.sha256[:12]
    assert record.document.document_id == document
    assert [row.plan_id for row in record.plans] == [f"{document}-p1"]
    assert [row.section_id.removeprefix(document) for row in record.sections] == [
        "-p0-s1", "-p1-s0", "-p1-s1", "-p1-s2", "-p1-s2.1", "-p1-s2.2", "-p0-s2",
    ]  # fmt: skip
    assert [row.target_id.removeprefix(document) for row in record.targets] == [
        "-p1-s1-t1", "-p1-s1-t2", "-p1-s1-t3", "-p1-s2.1-t1", "-p1-s2.2-t1",
    ]  # fmt: skip
    assert [row.period_id.removeprefix(document) for row in record.periods] == [
        "-p1-s0-y1", "-p1-s1-y1", "-p1-s2.1-y1", "-p1-s2.2-y1", "-p0-s2-y1",
    ]  # fmt: skip
    assert record.numbers[0].number_id == f"{document}-n000001"


def test_a_copy_has_ids_of_its_own(lexicon: Lexicon, record: Record) -> None:
    note = Problem("info", "duplicate_file", "The same bytes.")
    copy = resolve(handmade.text(), handmade.outline(), handmade.findings(), lexicon, copy=2, notes=(note,))
    assert copy.document.document_id == record.document.document_id + "-2"
    assert {row.target_id for row in copy.targets}.isdisjoint(row.target_id for row in record.targets)
    assert copy.problems[0].code == "duplicate_file"
    assert copy.document.problem_count == len(copy.problems) == len(record.problems) + 1


def test_every_reference_leads_to_a_row(record: Record) -> None:
    tables = {row.table: getattr(record, row.table) for row in TABLES if row.table != "documents"}
    tables["documents"] = (record.document,)
    for row in TABLES:
        for column, target in row.links.items():
            key = next(other.key[0] for other in TABLES if other.table == target)
            known = {getattr(entry, key) for entry in tables[target]} | {None}
            assert {getattr(entry, column) for entry in tables[row.table]} <= known, f"{row.table}.{column}"


def test_quotes_are_the_text_and_stand_in_the_source(record: Record) -> None:
    source = "".join(handmade.text().source.text.split())
    rows: list[Any] = [*record.targets, *record.periods, *record.responsibilities]
    for row in rows:
        assert record.text[row.char_start : row.char_end] == row.quote
        assert "".join(row.source_quote.split()) in source
    assert "".join(row.text for row in record.sections) == record.text


def test_source_quote_is_spelt_as_in_the_file(lexicon: Lexicon) -> None:
    findings = handmade.findings()
    across = dataclasses.replace(findings.targets[0], start=handmade.at("通知")[0], end=handmade.at("云政办发")[1])
    row = resolve(
        handmade.text(), handmade.outline(), dataclasses.replace(findings, targets=(across,), numbers=()), lexicon
    ).targets[0]
    assert (row.quote, row.source_quote) == ("通知\n云政办发", "通知\n\n云政办发")


def test_tasks_say_what_is_to_be_done_by_whom_and_when(record: Record) -> None:
    task, row = record.tasks
    assert task.path == row.path == "云州市智慧港口行动计划 / 重点任务"
    assert (task.title, task.number) == ("建设智慧码头", 1)
    assert task.text == "每年改造岸桥4台。（责任单位：市交通局、港务集团）"
    assert task.responsible is not None and task.responsible.count(";") == 1
    assert (task.lead, task.participants, task.target_count, task.years) == (None, None, 1, None)
    assert (row.title, row.text, row.years) == ("建成调度平台1个", "建成调度平台1个", "2025")
    assert row.lead is not None and row.responsible is None


def test_a_heading_that_is_the_whole_task_is_its_text(lexicon: Lexicon) -> None:
    outline = handmade.outline()
    task = outline.sections[4]
    bare = dataclasses.replace(task, body_start=task.end)
    sections = (*outline.sections[:4], bare, *outline.sections[5:])
    changed = resolve(handmade.text(), dataclasses.replace(outline, sections=sections), handmade.findings(), lexicon)
    assert changed.tasks[0].text == "建设智慧码头"


def test_parts_name_their_total(record: Record) -> None:
    total, part, *_ = record.targets
    assert part.part_of == total.target_id
    assert total.part_of is None


def test_numbers_name_their_target(record: Record) -> None:
    named = {row.text: row.target_id for row in record.numbers if row.target_id}
    assert named["3.5"] == record.targets[2].target_id
    assert len(named) == 5


def test_pages_come_from_the_blocks(record: Record) -> None:
    assert [row.page for row in record.targets] == [1, 1, 1, 2, 2]
    assert record.sections[0].page == 1


def test_the_register_counts_mentions(record: Record) -> None:
    assert sorted(row.mention_count for row in record.organisations) == [1, 2]
    by_id = {row.organisation_id: row for row in record.organisations}
    for row in record.responsibilities:
        register = by_id[row.organisation_id]
        assert row.organisation == register.name or row.organisation in (register.aliases or "").split(";")


def test_a_reader_problem_is_placed_in_the_normalised_text(record: Record) -> None:
    reader, heading = record.problems
    assert (reader.char_start, reader.char_end, reader.quote) == (3, 4, record.text[3:4])
    assert (heading.quote, heading.section_id) == ("二、", record.sections[3].section_id)


def test_a_page_without_headings_and_number_is_doubted(lexicon: Lexicon) -> None:
    outline = handmade.outline()
    front = dataclasses.replace(outline.front, doc_number="")
    whole = dataclasses.replace(outline.sections[1], start=0, end=len(handmade.TEXT))
    page = dataclasses.replace(outline, front=front, sections=(whole,), problems=())
    nothing = Findings((), (), (), ())
    codes = [row.code for row in resolve(handmade.text(), page, nothing, lexicon).problems]
    assert codes == ["encoding_guessed", "not_a_plan"]
    numbered = dataclasses.replace(page, front=outline.front)
    assert "not_a_plan" not in [row.code for row in resolve(handmade.text(), numbered, nothing, lexicon).problems]
