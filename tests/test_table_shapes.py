"""Tables of goals in all shapes seen in the wild, from the file to the targets: `gold/tables.toml` against `parse`."""

from __future__ import annotations

import pathlib
import tomllib
from typing import Any

import pytest

import pipeline
from pipeline.extract.row_doubts import whole_numerals
from pipeline.segment.fused import part

CASES = tomllib.loads((pathlib.Path(__file__).parent / "gold" / "tables.toml").read_text(encoding="utf-8"))["case"]
ABOVE = """云州市人民政府关于印发云州市“十四五”生态建设规划的通知
云政发〔2021〕8号

各县（市、区）人民政府：
现将规划印发给你们，请认真贯彻执行。

云州市人民政府
2021年5月6日

云州市“十四五”生态建设规划

一、总体要求
坚持绿色发展，建设宜居家园，让群众得到实惠，让山川更加秀美。
二、主要目标
到2025年，主要目标如下。

"""
BELOW = "\n三、保障措施\n加强组织领导，落实工作责任，确保规划实施。\n"


def parse(case: dict[str, Any]) -> pipeline.Record:
    """Print the table of a case in a plan of its own and parse that."""
    if not case.get("html"):
        return pipeline.parse((ABOVE + case["table"] + BELOW).encode(), name="plan.txt")
    lines = [f"<p>{line}</p>" for line in ABOVE.split("\n") if line]
    rest = [f"<p>{line}</p>" for line in BELOW.split("\n") if line]
    page = "<html><body>" + "".join([*lines, case["table"], *rest]) + "</body></html>"
    return pipeline.parse(page.encode(), name="plan.html")


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_shapes(case: dict[str, Any]) -> None:
    """Every goal with its unit, kind, year and present value; what is doubtful is told, and nothing more is found."""
    record = parse(case)
    found = []
    for target in record.targets:
        value = f"{target.value:f}" + ("" if target.value_max is None else f"..{target.value_max:f}")
        cells = (
            target.indicator, value, target.unit or "", target.comparator, target.kind, target.cadence,
            target.year_end, target.baseline or "", target.confidence,
        )  # fmt: skip
        found.append("|".join(map(str, cells)))
    assert found == case["targets"]
    assert [p.code for p in record.problems if p.code.startswith("figures")] == case.get("doubts", [])


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_numbers_of_goals_are_in_the_ledger(case: dict[str, Any]) -> None:
    """Each target has a number of the ledger that is classed so, also where its figures had run together."""
    record = parse(case)
    claimed = {number.target_id for number in record.numbers if number.class_ == "target"}
    fused = [target for target in record.targets if target.target_id not in claimed]
    assert not fused


@pytest.mark.parametrize(
    ("words", "bracketed", "cells"),
    [
        ("5456", [False, False], ["54", "56"]),
        ("40.141.2〔1.1〕", [False, False, True], ["40.1", "41.2", "〔1.1〕"]),
        ("5456", [False, False, True], ["54", "56"]),
        ("-≥8-", [False, False, True], ["-", "≥8", "-"]),
        ("-90以上-", [False, False, True], ["-", "90以上", "-"]),
        ("63.8968", [False, False], ["63.89", "68"]),
        ("3100045000", [False, False], ["31000", "45000"]),
        ("151165180", [False, False, False], ["151", "165", "180"]),
        ("112", [False, False], None),
        ("68", [False, False], None),
        ("20-5020-50", [False, False], None),
    ],
)
def test_figures_that_ran_together(words: str, bracketed: list[bool], cells: list[str] | None) -> None:
    """Figures part where one cut is plainly the likeliest; a short run may be one figure and stays whole."""
    parting = part(words, 0, len(words), bracketed)
    assert (parting and [words[piece.start : piece.end] for piece in parting.pieces]) == cells


def test_a_note_mark_between_figures() -> None:
    """The mark of the next note may stand behind a figure: 15.7, note 4, then 15左右."""
    parting = part("15.7415左右", 0, 9, [False, False], "4")
    assert parting and [(piece.start, piece.end) for piece in parting.pieces] == [(0, 4), (5, 9)]


def test_parts_of_a_numeral_claim_it_whole() -> None:
    """The ledger knows 5456, not the 56 that was cut from it."""
    assert whole_numerals("盖度（%）5456预期性", [(7, 9)]) == [(5, 9)]
