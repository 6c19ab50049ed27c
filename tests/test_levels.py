"""Totals against their parts: only amounts of one kind are summed up, every place once, and what is missing is told."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipeline
from pipeline.compare.sums.amounts import Aim, Bounds, bounds_of, total, why_not_summed
from pipeline.compare.sums.areas import inside
from pipeline.compare.sums.levels import below, one_document_a_plan
from pipeline.compare.sums.steps import steps
from pipeline.consistency import check_consistency, consistency_lines, consistency_table
from pipeline.lexicon import Lexicon
from pipeline.lexicon.places import Place, Places
from pipeline.model.reports import ConsistencyRow
from pipeline.stored import NoDatasetError
from pipeline.terminal import width

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"
CITY = Place("990100", "澜江市", "澜江", "city", "990000")
COUNTIES = [
    Place(f"99010{n}", name, name[:-1], "county", "990100") for n, name in enumerate(("青湖县", "栖山县", "云港区"))
]


@pytest.fixture(scope="module")
def here(lexicon: Lexicon) -> Lexicon:
    """The lexicon with a register of an invented province: one city with three counties."""
    places = [Place("990000", "青川省", "青川", "province", ""), CITY, *COUNTIES]
    register = Places(
        {place.code: place for place in places},
        {name: (place,) for place in places for name in (place.name, place.short)},
        {}, {}, lexicon.places.level_words, 4,
    )  # fmt: skip
    return replace(lexicon, places=register)


def aim(place: Place = CITY, value: str = "1000", **more: object) -> Aim:
    """A target of a place: so many 高新技术企业 by 2025, of a plan from 2023."""
    path = "青川省 / 澜江市" + ("" if place is CITY else f" / {place.name}")
    values: dict[str, object] = {
        "target_id": f"{place.code}-t1", "document_id": place.code, "source": f"{place.name}.txt",
        "place": place.label, "place_path": path, "place_level": place.level, "plan_id": f"{place.code}-p1",
        "plan_title": f"{place.name}行动计划", "plan_years": "2023-2025", "issued_on": "2023-03-01",
        "indicator": "高新技术企业", "indicator_id": "i1", "value": Decimal(value), "value_max": None, "unit": "家",
        "comparator": "=", "kind": "level", "cadence": "by", "year_start": None, "year_end": 2025,
        "span_start": 2023, "area": None, "stated": False, "quote": f"{value}家",
        "sentence": f"到2025年，高新技术企业达到{value}家。",
    }  # fmt: skip
    return Aim(**(values | more))  # type: ignore[arg-type]


def counties(*values: str, **more: object) -> list[Aim]:
    return [aim(place, value, **more) for place, value in zip(COUNTIES, values, strict=False)]


def only(rows: object) -> ConsistencyRow:
    (row,) = list(rows)  # type: ignore[call-overload]
    return row  # type: ignore[no-any-return]


# Intervals.


@pytest.mark.parametrize(
    "comparator, highest, low, high, spelled",
    [
        ("=", None, "1000", "1000", "1,000"),
        (">=", None, "1000", None, "≥1,000"),
        (">", None, "1000", None, "≥1,000"),
        ("<=", None, "0", "1000", "≤1,000"),
        ("range", "1200", "1000", "1200", "1,000–1,200"),
        ("~", None, "1000", "1000", "~1,000"),
    ],
)
def test_what_a_comparator_binds_to(
    comparator: str, highest: str | None, low: str, high: str | None, spelled: str
) -> None:
    bounds = bounds_of(aim(comparator=comparator, value_max=Decimal(highest) if highest else None))
    assert (bounds.low, bounds.high) == (Decimal(low), Decimal(high) if high else None)
    assert str(bounds) == spelled


amounts = st.decimals(min_value=0, max_value=10**9, places=2)
intervals = st.tuples(amounts, st.none() | amounts).map(
    lambda pair: Bounds(pair[0], None if pair[1] is None else pair[0] + pair[1])
)


@given(st.lists(intervals, max_size=8), st.randoms(use_true_random=False))
def test_sums_of_intervals_do_not_depend_on_the_order(parts: list[Bounds], chance: Random) -> None:
    whole = total(parts)
    shuffled = list(parts)
    chance.shuffle(shuffled)
    assert total(shuffled) == whole
    assert whole.low == sum(part.low for part in parts)
    assert (whole.high is None) == any(part.high is None for part in parts)


# What may be summed up.


@pytest.mark.parametrize("unit", ["家", "个", "元", "平方米", "公里", "吨", "千瓦时", "人次"])
def test_amounts_add_up(lexicon: Lexicon, unit: str) -> None:
    assert why_not_summed(aim(unit=unit), lexicon) == ""


@pytest.mark.parametrize("unit", ["%", "百分点", "年", "岁", "吨/日", "元/人", "倍", "分", ""])
def test_what_each_place_has_does_not(lexicon: Lexicon, unit: str) -> None:
    assert why_not_summed(aim(unit=unit), lexicon)


@pytest.mark.parametrize(
    "indicator",
    ["万人有效发明专利拥有量", "人均公园绿地面积", "城镇居民人均可支配收入", "单位GDP能耗", "每千人口执业医师"],
)
def test_averages_and_intensities_do_not_whatever_their_unit(lexicon: Lexicon, indicator: str) -> None:
    assert why_not_summed(aim(indicator=indicator), lexicon)


@pytest.mark.parametrize("kind", ["rank", "change", "breakthrough"])
def test_ranks_and_changes_do_not(lexicon: Lexicon, kind: str) -> None:
    assert why_not_summed(aim(kind=kind), lexicon)


# A place and those in it.


@pytest.mark.parametrize(
    "values, verdict, difference",
    [
        (("500", "300", "200"), "covered", "0"),
        (("500", "300", "450"), "covered", "250"),
        (("500", "300", "100"), "short", "-100"),
        (("500", "300"), "cannot tell", "-200"),
        (("700", "300"), "covered", "0"),
    ],
)
def test_a_city_and_its_counties(here: Lexicon, values: tuple[str, ...], verdict: str, difference: str) -> None:
    row = only(below([aim(), *counties(*values)], here))
    assert (row.verdict, row.difference) == (verdict, Decimal(difference))
    assert (row.parts, row.parts_expected) == (len(values), 3)
    assert row.sum == sum(map(Decimal, values))
    assert f"{len(values)} of 3 places" in row.reason


def test_how_many_counties_there_are_may_not_be_known(lexicon: Lexicon) -> None:
    row = only(below([replace(aim(), place="澜江市"), *counties("300", "200")], lexicon))
    assert (row.verdict, row.parts_expected) == ("cannot tell", None)


def test_bounds_are_respected(here: Lexicon) -> None:
    floors = only(below([aim(comparator=">="), *counties("500", "300", "100", comparator=">=")], here))
    assert (floors.verdict, floors.sum, floors.sum_max) == ("short", Decimal(900), None)
    assert "may bring more" in floors.reason
    ranges = counties("300", "300", "300", comparator="range", value_max=Decimal(400))
    row = only(below([aim(), *ranges], here))
    assert (row.verdict, row.sum, row.sum_max) == ("short", Decimal(900), Decimal(1200))
    assert "may bring more" in row.reason
    exact = only(below([aim(), *counties("300", "300", "300")], here))
    assert "may bring more" not in exact.reason


@pytest.mark.parametrize(
    "values, verdict", [(("300", "300", "300"), "covered"), (("600", "300", "200"), "cannot tell")]
)
def test_an_upper_limit_is_kept_or_not(here: Lexicon, values: tuple[str, ...], verdict: str) -> None:
    assert only(below([aim(comparator="<="), *counties(*values, comparator="<=")], here)).verdict == verdict


@pytest.mark.parametrize(
    "other, words",
    [
        ({"year_end": 2026}, "other year"),
        ({"kind": "increase"}, "increase against level"),
        ({"unit": "个"}, "other unit"),
        ({"cadence": "annual"}, "annual against total"),
        ({"comparator": "<="}, "upper limit"),
    ],
)
def test_what_comes_near_is_told_apart(here: Lexicon, other: dict[str, object], words: str) -> None:
    row = only(below([aim(), aim(COUNTIES[0], "300", **other)], here))
    assert row.verdict == "not comparable" and words in row.reason
    assert row.sum is None and row.part_ids == "990100-t1"


def test_additions_are_counted_from_the_same_year(here: Lexicon) -> None:
    whole = aim(kind="increase")
    row = only(below([whole, aim(COUNTIES[0], "300", kind="increase", span_start=2021)], here))
    assert row.verdict == "not comparable" and "counted from 2021" in row.reason
    assert only(below([whole, aim(COUNTIES[0], "300", kind="increase")], here)).verdict == "cannot tell"


def test_shares_are_never_summed(here: Lexicon) -> None:
    row = only(below([aim(unit="%", value="70"), *counties("60", "70", "80", unit="%")], here))
    assert row.verdict == "not comparable" and row.sum is None


def test_areas_zones_and_places_further_down_are_no_parts(here: Lexicon) -> None:
    area = aim(COUNTIES[0], "300", area="各园区")
    zone = aim(COUNTIES[1], "300", place_level="zone")
    deeper = aim(COUNTIES[2], "300", place_path="青川省 / 澜江市 / 云港区 / 临江街道", place_level="township")
    assert list(below([aim(), area, zone, deeper], here)) == []


def test_what_another_total_asks_for_is_listed_there(here: Lexicon) -> None:
    later = aim(year_end=2027, target_id="later")
    assert [row.verdict for row in below([aim(), later, *counties("500", "300", "200")], here)] == ["covered"]
    rows = list(below([aim(), later, *counties("500", "300"), aim(COUNTIES[2], "9", year_end=2026)], here))
    assert [(row.year_end, row.verdict) for row in rows] == [
        (2025, "cannot tell"), (2025, "not comparable"), (2027, "not comparable"),
    ]  # fmt: skip


def test_a_plan_in_two_documents_counts_once(here: Lexicon) -> None:
    again = replace(aim(COUNTIES[0], "500"), document_id="copy", target_id="copy-t1")
    aims = one_document_a_plan([aim(), again, *counties("500", "300", "200")])
    row = only(below(aims, here))
    assert row.sum == 1000 and "copy-t1" not in (row.part_ids or "")
    other_period = replace(again, plan_years="2026-2028")
    assert other_period in one_document_a_plan([other_period, *counties("500")])


def test_several_values_of_one_place_are_told(here: Lexicon) -> None:
    twice = [aim(COUNTIES[0], "500"), aim(COUNTIES[0], "100", target_id="part")]
    row = only(below([aim(), *twice], here))
    assert row.sum == 500 and "also names 100" in row.reason
    stated = [aim(COUNTIES[0], "500"), aim(COUNTIES[0], "100", target_id="said", stated=True)]
    assert only(below([aim(), *stated], here)).sum == 100


# Areas of one plan.


def area(name: str, value: str, **more: object) -> Aim:
    return aim(value=value, area=name, target_id=f"{name}-t", **more)


def test_areas_that_a_plan_names(here: Lexicon) -> None:
    rows = list(inside([aim(), area("青湖县", "400"), area("栖山", "300"), area("云港区", "300")], here))
    assert [(row.verdict, row.sum, row.parts_expected) for row in rows] == [("covered", Decimal(1000), 3)]


def test_whether_areas_are_all_may_not_be_known(here: Lexicon) -> None:
    row = only(inside([aim(), area("高新区", "400"), area("临港开发区", "300")], here))
    assert (row.verdict, row.parts, row.parts_expected) == ("cannot tell", 2, None)


def test_so_many_of_each(here: Lexicon) -> None:
    both = area("高新区、临港开发区", "2", sentence="高新区、临港开发区各新增2家。", quote="2家")
    assert only(inside([aim(value="4"), both], here)).sum == 4
    together = area("高新区、临港开发区", "2", sentence="高新区、临港开发区共新增2家。", quote="2家")
    assert only(inside([aim(value="4"), together], here)).sum == 2
    row = only(inside([aim(value="4"), area("各镇街", "2")], here))
    assert row.verdict == "not comparable" and "镇街" in row.reason


# Years.


def year(of: int, value: str, **more: object) -> Aim:
    return aim(value=value, kind="increase", year_start=of, year_end=of, span_start=of, target_id=f"y{of}", **more)


def test_yearly_steps(here: Lexicon) -> None:
    whole = aim(value="90", kind="increase")
    rows = list(steps([whole, year(2023, "25"), year(2024, "30"), year(2025, "35")], here))
    assert [(row.verdict, row.sum, row.parts) for row in rows] == [("covered", Decimal(90), 3)]
    row = only(steps([whole, year(2023, "25"), year(2025, "35")], here))
    assert (row.verdict, row.parts, row.parts_expected) == ("cannot tell", 2, 3)


def test_so_many_every_year(here: Lexicon) -> None:
    every = aim(value="30", kind="increase", cadence="annual", target_id="every")
    row = only(steps([aim(value="100", kind="increase"), every], here))
    assert (row.verdict, row.sum, row.difference) == ("short", Decimal(90), Decimal(-10))
    first = year(2023, "40")
    assert only(steps([aim(value="100", kind="increase"), every, first], here)).verdict == "covered"


def test_the_total_said_of_the_last_year_is_no_step(here: Lexicon) -> None:
    whole = aim(value="90", kind="increase")
    assert list(steps([whole, year(2025, "90")], here)) == []
    assert list(steps([whole, year(2025, "60")], here)) == []
    assert only(steps([whole, year(2024, "30"), year(2025, "90")], here)).sum == 30


def test_states_at_the_end_of_years_are_no_steps(here: Lexicon) -> None:
    yearly = [aim(value=str(100 * n), year_start=2022 + n, year_end=2022 + n, target_id=f"y{n}") for n in (1, 2, 3)]
    assert list(steps([aim(), *yearly], here)) == []


# Laws.


@given(st.permutations(range(7)))
def test_the_order_of_targets_does_not_matter(order: list[int]) -> None:
    lexicon = pipeline.lexicon.load_lexicon()
    aims = [
        aim(), *counties("500", "300", "200"), area("高新区", "40"),
        aim(COUNTIES[0], "90", kind="increase", target_id="grown"), aim(value="7", year_end=2027, target_id="later"),
    ]  # fmt: skip

    def rows(given: list[Aim]) -> list[ConsistencyRow]:
        given = one_document_a_plan(given)
        return [*below(given, lexicon), *inside(given, lexicon), *steps(given, lexicon)]

    assert rows([aims[place] for place in order]) == rows(aims)


def test_an_unrelated_target_changes_nothing(here: Lexicon) -> None:
    aims = [aim(), *counties("500", "300", "200")]
    strange = aim(COUNTIES[0], "77", indicator="养老床位", indicator_id="i2", unit="张", target_id="strange")
    assert list(below([*aims, strange], here)) == list(below(aims, here))


# An output folder.

PLAN = """澜江市养老服务行动计划（2024—2026年）

一、工作目标

2024—2026年，全市累计新增护理型床位1000张。

二、年度安排

2024年，全市新增护理型床位300张。2025年，全市新增护理型床位300张。2026年，全市新增护理型床位350张。
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    raw = tmp_path_factory.mktemp("levels")
    (raw / "in").mkdir()
    (raw / "in" / "plan.txt").write_text(PLAN, encoding="utf-8")
    (raw / "in" / "copy.txt").write_text(PLAN.replace("。", "。\n"), encoding="utf-8")
    pipeline.parse_folder(raw / "in").write(raw / "out")
    return raw / "out"


def test_a_folder_with_a_copy(folder: Path, lexicon: Lexicon) -> None:
    row = only(check_consistency(folder, lexicon))
    assert (row.relation, row.verdict, row.value, row.sum) == ("steps", "short", Decimal(1000), Decimal(950))
    (read,) = csv.DictReader(io.StringIO(consistency_table([row])))
    assert read["difference"] == "-50" and read["verdict"] == "short"
    lines = list(consistency_lines([row], 40))
    assert max(map(width, lines)) <= 80
    assert any("short by 50" in line for line in lines)


def test_a_folder_without_tables(tmp_path: Path, lexicon: Lexicon) -> None:
    with pytest.raises(NoDatasetError):
        check_consistency(tmp_path, lexicon)


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the shared documents are not here")
def test_real_plans_of_a_city_and_its_county(tmp_path: Path, lexicon: Lexicon) -> None:
    pipeline.parse_folder(SEEDS).write(tmp_path / "out")
    rows = check_consistency(tmp_path / "out", lexicon)
    short = [(row.relation, row.value, row.sum) for row in rows if row.verdict == "short"]
    assert short == [("steps", Decimal(100), Decimal(90))]
    # The plan of the city is for 2027, those of its county for 2022 and 2025.
    near = [row for row in rows if row.relation == "below"]
    assert near and all(row.verdict == "not comparable" for row in near)
    assert any("other year" in row.reason for row in near)
