"""Pieces of the comparison: the assignment, names, verdicts on targets, moves, relations."""

from __future__ import annotations

import dataclasses
import itertools
import json
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pipeline
from pipeline.compare import compare
from pipeline.compare.diff import assignment
from pipeline.compare.diff.assignment import assign
from pipeline.compare.diff.candidates import candidates
from pipeline.compare.diff.changes import in_order
from pipeline.compare.diff.letters import beyond_chance, letters
from pipeline.compare.diff.names import Likeness
from pipeline.compare.diff.sides import Goal
from pipeline.compare.diff.target_changes import Plans, target_verdict
from pipeline.lexicon import load_lexicon
from pipeline.model.changes import Comparison
from pipeline.model.tables import TargetRow

CASES = tomllib.loads((Path(__file__).parent / "gold" / "target_changes.toml").read_text(encoding="utf-8"))["case"]
MIRROR = {"raised": "lowered", "lowered": "raised", "postponed": "brought_forward", "brought_forward": "postponed"}
TARGET = TargetRow(
    target_id="d1-p1-s1-t1", section_id="d1-p1-s1", plan_id="d1-p1", document_id="d1", indicator="示范企业",
    indicator_id="i1", value=Decimal(1), value_max=None, unit="家", comparator="=", kind="level", cadence="by",
    year_start=None, year_end=None, year_source="plan", scope=None, modality=None, baseline=None, part_of=None,
    quote="1家", sentence="", char_start=0, char_end=2, page=None, source_quote="1家",
    confidence=Decimal(1), due_on=None, rule="", year_quote=None, year_char_start=None, year_char_end=None,
)  # fmt: skip


def goal(fields: dict[str, Any], period: list[int]) -> Goal:
    """Give a target with some of its fields as a comparison sees it."""
    own = {"area": "", "place": "320000 云州市", "measured": None, "adds": False}
    own |= {name: value for name, value in fields.items() if name in own}
    row = {name: value for name, value in fields.items() if name not in own}
    row |= {name: Decimal(str(row[name])) for name in ("value", "value_max") if name in row}
    target = dataclasses.replace(TARGET, **row)
    late = None if target.year_end is None else target.year_end - period[1]
    return Goal(target, 0, "示范企业", own["area"], late, own["place"], "", own["measured"], own["adds"])


def plans_of(case: dict[str, Any]) -> Plans:
    (a_start, a_end), (b_start, b_end) = case["plans"]
    return Plans(b_end - a_end, a_end - a_start + 1, b_end - b_start + 1, a_start == b_start)


def turned(plans: Plans) -> Plans:
    return Plans(None if plans.later is None else -plans.later, plans.span_b, plans.span_a, plans.one_start)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_what_became_of_a_target(case: dict[str, Any]) -> None:
    a, b = (goal(case[side], period) for side, period in zip("ab", case["plans"], strict=True))
    verdict = target_verdict(a, b, plans_of(case), renamed=False, moved=False)
    assert list(verdict.changes) == case["changes"]
    assert verdict.comparable is case.get("comparable", True)
    if "reason" in case:
        assert case["reason"] in verdict.reasons


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_same_pair_from_the_other_side(case: dict[str, Any]) -> None:
    a, b = (goal(case[side], period) for side, period in zip("ab", case["plans"], strict=True))
    back = target_verdict(b, a, turned(plans_of(case)), renamed=False, moved=False)
    assert list(back.changes) == [MIRROR.get(change, change) for change in case["changes"]]
    assert back.comparable is case.get("comparable", True)


scores = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(30, 100).map(lambda n: n / 100), max_size=12
)


@settings(deadline=None)
@given(scores)
def test_no_other_assignment_has_a_higher_sum(table: dict[tuple[int, int], float]) -> None:
    least = 0.3
    chosen = assign(table, least)
    assert len({i for i, _ in chosen}) == len({j for _, j in chosen}) == len(chosen)
    best = max(
        sum(table[pair] - least for pair in pairs)
        for count in range(min(5, len(table)) + 1)
        for pairs in itertools.combinations(table, count)
        if len({i for i, _ in pairs}) == len({j for _, j in pairs}) == count
    )
    assert sum(table[pair] - least for pair in chosen) == pytest.approx(best, abs=1e-4)


@settings(deadline=None)
@given(scores)
def test_the_sparse_way_gives_sums_as_high(table: dict[tuple[int, int], float]) -> None:
    dense = assign(table, 0.3)
    most, assignment.MOST_CELLS = assignment.MOST_CELLS, 0
    try:
        sparse = assign(table, 0.3)
    finally:
        assignment.MOST_CELLS = most
    assert sum(v - 0.3 for v in sparse.values()) == pytest.approx(sum(v - 0.3 for v in dense.values()), abs=1e-4)


def test_candidates_are_those_that_share_what_is_rare() -> None:
    common = ["推进", "加强"]
    a = [[*common, "养老"], [*common, "托育"]]
    b = [[*common, "托育"], [*common, "教育"], [*common, "养老"]]
    assert candidates(a, b, common=2) >= {(0, 2), (1, 0)}
    assert (0, 0) not in candidates(a, b, common=1)


ONE = [
    ("高新技术企业", "有效高新技术企业"), ("科技型企业", "科技型企业评价入库"), ("雏鹰企业", "雏鹰入库企业"),
    ("国内外标准", "主导参与制修订国内外标准"), ("森林覆盖率", "森林覆盖率"), ("高新技术企业", "高企"),
]  # fmt: skip
TWO = [
    ("省级技术创新中心", "市级技术创新中心"), ("城镇居民人均可支配收入", "农村居民人均可支配收入"),
    ("10亿元以上项目", "30亿元以上项目"), ("小学就近入学比例", "初中就近入学比例"),
    ("高新技术企业", "高新技术产业产值"), ("养老机构", "技术转移机构"),
    ("新型研发机构", "通过新型研发机构搭建各类创新平台研发机构"),
]  # fmt: skip


@pytest.mark.parametrize(("x", "y"), ONE)
def test_names_of_one_indicator_are_alike(x: str, y: str) -> None:
    assert Likeness(load_lexicon()).of(x, y) >= 0.8


@pytest.mark.parametrize(("x", "y"), TWO)
def test_names_of_two_indicators_are_not(x: str, y: str) -> None:
    assert Likeness(load_lexicon()).of(x, y) < 0.66


@given(st.sampled_from([name for pair in (*ONE, *TWO) for name in pair]), st.text("省市级企业机构率0123", max_size=8))
def test_the_likeness_of_names_has_no_direction(x: str, y: str) -> None:
    likeness = Likeness(load_lexicon())
    assert likeness.of(x, y) == likeness.of(y, x) <= 1.0
    assert likeness.of(x, x) == 1.0


def test_letters_leave_marks_out_and_keep_figures() -> None:
    assert letters("（一）到2025年，增长3.5%。 A级\n") == "一到2025年增长3.5%a级"
    assert beyond_chance("推进老旧小区改造", "推进老旧小区改造") == pytest.approx(1.0)
    assert beyond_chance("推进老旧小区改造", "加强队伍作风建设") == 0.0


def test_what_was_dropped_stands_behind_what_it_stood_behind() -> None:
    assert list(in_order(4, 3, [(0, 0), (3, 2)])) == [(0, 0), (1, None), (2, None), (None, 1), (3, 2)]
    assert list(in_order(2, 2, [(0, 1), (1, 0)])) == [(1, 0), (0, 1)]
    assert list(in_order(1, 0, [])) == [(0, None)]


def plan(years: str, body: str, number: str = "云政办发〔2024〕3号", place: str = "云州市") -> str:
    title = f"{place}节水行动方案（{years}）"
    return f"{place}人民政府办公室文件\n\n{number}\n\n{place}人民政府办公室关于印发{title}的通知\n\n{title}\n\n{body}"


BODY = (
    "一、总体目标\n到2026年，节水型小区达到120个，再生水利用率达到25%。\n二、重点任务\n"
    "（一）抓好城镇节水。更换老旧管网，公共机构带头使用节水器具。（责任单位：市水务局、市住建局）\n"
    "（二）抓好农业节水。推广滴灌和水肥一体化，改造灌区渠系。（责任单位：市农业农村局）\n"
)


def compared(a: str, b: str) -> Comparison:
    records = [pipeline.parse(words.encode("utf-8"), name=f"{name}.txt") for name, words in (("a", a), ("b", b))]
    return compare(records[0], records[1], load_lexicon())


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        (plan("2024—2026年", BODY), plan("2024—2026年", BODY), "same"),
        (plan("2024—2026年", BODY), plan("2024—2026年", BODY.replace("120个", "150个")), "version"),
        (plan("2024—2026年", BODY), plan("2027—2029年", BODY.replace("2026", "2029")), "successor"),
        (plan("2024—2026年", BODY), plan("2024—2026年", BODY, "青政办发〔2024〕9号", "青湖县"), "level"),
        (plan("2024—2026年", BODY), plan("2024—2026年", BODY.replace("，", ",").replace("水务", "氺务")), "copy"),
    ],
)
def test_how_two_documents_are_related(a: str, b: str, kind: str) -> None:
    [relation] = compared(a, b).relations
    assert relation.kind == kind, relation


def test_swapped_tasks_only_moved() -> None:
    lines = BODY.splitlines(keepends=True)
    first, second = lines[3].replace("（一）", "（二）"), lines[4].replace("（二）", "（一）")
    other = "".join([*lines[:3], second, first])
    found = compared(plan("2024—2026年", BODY), plan("2024—2026年", other)).differences
    assert {(row.element, row.change, row.also) for row in found} == {("task", "moved", None)}
    assert len(found) == 1


def test_a_raised_figure_is_one_row_of_targets() -> None:
    found = compared(plan("2024—2026年", BODY), plan("2024—2026年", BODY.replace("120个", "150个"))).differences
    [row] = [row for row in found if row.element == "target"]
    assert (row.change, row.before, row.after, row.comparable) == ("raised", "120 个, 2026", "150 个, 2026", True)
    fields = json.loads(row.fields)
    assert fields.keys() == {"value", "quote", "sentence"}
    assert fields["value"] == ["120", "150"]
    assert fields["quote"] == ["120个", "150个"]


def test_another_lead_is_one_row_of_responsibilities() -> None:
    other = BODY.replace("责任单位：市农业农村局", "责任单位：市水务局")
    found = compared(plan("2024—2026年", BODY), plan("2024—2026年", other)).differences
    [row] = [row for row in found if row.element == "responsibility"]
    assert (row.change, row.before, row.after) == (
        "lead_changed",
        "市农业农村局 (responsible)",
        "市水务局 (responsible)",
    )


def test_ids_are_those_of_the_tables() -> None:
    comparison = compared(plan("2024—2026年", BODY), plan("2024—2026年", BODY.replace("120个", "150个")))
    [a], [b] = comparison.a, comparison.b
    for row in comparison.changes:
        for record, key, quote in ((a, row.a_id, row.a_quote), (b, row.b_id, row.b_quote)):
            rows = {
                "plan": {x.plan_id: x.title for x in record.plans},
                "section": {x.section_id: x.title for x in record.sections},
                "task": {x.task_id: x.title for x in record.tasks},
                "target": {x.target_id: x.quote for x in record.targets},
                "responsibility": {x.responsibility_id: x.quote for x in record.responsibilities},
            }[row.element]
            assert key is None or rows[key] == quote
    assert len({row.change_id for row in comparison.changes}) == len(comparison.changes)
