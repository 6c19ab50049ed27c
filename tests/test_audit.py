"""The audit against gold cases: what contradicts itself is told, and what only looks so is not."""

from __future__ import annotations

import html
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipeline
from pipeline.lexicon import Lexicon, load_lexicon
from pipeline.model.tables import ProblemRow, Record
from tests.reading import read

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "gold" / "audit.toml").read_text(encoding="utf-8")
)["case"]
TITLE = "云州市养老服务提升行动计划\n（2023—2025年）\n"
CODES = frozenset(
    ("two_values", "parts_exceed_total", "parts_do_not_add_up", "year_outside_plan", "against_baseline",
     "share_over_100", "range_reversed")
)  # fmt: skip


def page(words: str) -> bytes:
    """Give a text as a web page: a paragraph a line, a table where lines have cells."""
    parts: list[str] = []
    for line in words.splitlines():
        cells = line.split("|")
        if len(cells) == 1:
            parts.append(f"<p>{html.escape(line)}</p>")
            continue
        row = "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>"
        if parts and parts[-1].endswith("</table>"):
            parts[-1] = parts[-1].removesuffix("</table>") + row + "</table>"
        else:
            parts.append(f"<table>{row}</table>")
    return f"<html><head><meta charset='utf-8'></head><body>{''.join(parts)}</body></html>".encode()


def audited(case: dict[str, Any], lexicon: Lexicon) -> tuple[Record, list[ProblemRow]]:
    """Parse a case and give the rows of the audit."""
    record = pipeline.parse(page(TITLE + case["text"].strip()), name="plan.html", lexicon=lexicon)
    return record, [row for row in record.problems if row.code in CODES]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_gold(case: dict[str, Any], lexicon: Lexicon) -> None:
    record, rows = audited(case, lexicon)
    found = [f"{row.severity} {row.code} {row.quote}" for row in rows]
    assert found == case.get("problems", []), [target.indicator for target in record.targets]
    for words in case.get("says", []):
        assert any(words in row.message for row in rows), [row.message for row in rows]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_problem_lies_at_its_second_place(case: dict[str, Any], lexicon: Lexicon) -> None:
    """The quote is the text, the section is that of the place, and the message ends in what to do."""
    record, rows = audited(case, lexicon)
    for row in rows:
        assert row.char_start is not None and row.char_end is not None
        assert record.text[row.char_start : row.char_end] == row.quote
        section = next(s for s in record.sections if s.char_start <= row.char_start < s.char_end)
        assert row.section_id == section.section_id
        assert row.message.endswith(".") and "“" in row.message


def test_ids_are_unique_and_every_code_has_a_case_and_a_counter_case() -> None:
    ids = [case["id"] for case in CASES]
    assert len(set(ids)) == len(ids)
    raised = {problem.split()[1] for case in CASES for problem in case.get("problems", [])}
    assert raised == CODES
    assert sum("problems" not in case for case in CASES) >= len(CASES) // 2


WORDS = (
    "到2025年 新建 站点 30个 （ ） 城区12个 、 农村 28个 其中 合计 由 65% 提高到 56% 8—5家 万 占比 ， 。 达到 165% 4.09"
)
PIECES = st.sampled_from([*WORDS.split(), "\n"])


@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_text_is_audited_without_error(words: str) -> None:
    for problem in read(words, load_lexicon()).problems:
        assert problem.start is not None and problem.end is not None and 0 <= problem.start < problem.end <= len(words)


UNEXPLAINED = (
    TITLE
    + """一、重点任务
（一）完善网络。到2025年，新建服务站点30个，联系电话：0599-8812345。档案盒77印有88字样。
（二）加强保障。完善机制。
"""
)


def test_unexplained_numbers_are_told_once_a_section_and_counted() -> None:
    """A telephone number is `other` as well, but a rule says so: only 77 and 88 are not understood."""
    record = pipeline.parse(UNEXPLAINED.encode(), name="plan.txt")
    (row,) = [row for row in record.problems if row.code == "numbers_unexplained"]
    assert (row.severity, row.quote) == ("info", "77")
    assert row.message.startswith("2 numbers here were understood by no rule: ") and "【88】" in row.message
    open_numbers = [number.text for number in record.numbers if number.class_ == "other" and not number.rule]
    assert open_numbers == ["77", "88"]
    assert record.document.unexplained_count == 2
    assert record.document.number_count == len(record.numbers)


def test_a_plan_that_is_understood_has_no_row(lexicon: Lexicon) -> None:
    findings = read("到2025年，新建服务站点30个，覆盖率达到80%以上。", lexicon)
    assert not findings.problems


def test_the_rows_of_a_table_are_told_together(lexicon: Lexicon) -> None:
    tasks = "一、重点任务\n（一）完善网络。按附表落实。\n附表：任务表\n"
    table = "指标名称|说明|2025年目标值\n覆盖率|甲77款88|80\n持证率|乙99款66|90"
    record = pipeline.parse(page(TITLE + tasks + table), name="plan.html", lexicon=lexicon)
    rows = [row for row in record.problems if row.code == "numbers_unexplained"]
    assert [row.message.split(" ")[0] for row in rows] == ["4"]
