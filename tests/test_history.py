"""The history of an indicator: which targets belong to it, what is set beside what, what became of a target."""

from __future__ import annotations

import csv
import dataclasses
import json
import pathlib
from decimal import Decimal
from typing import Any

import pytest
from track_plans import LAN_2021, LAN_2023, YUN_2021, plan_text, write_plans

import pipeline
from pipeline.compare.history.query import wanted_names
from pipeline.compare.history.trend import change_between, comparability
from pipeline.lexicon import Lexicon
from pipeline.lexicon.canonical import Canonical, indicator_id
from pipeline.model.history import History, PointRow, Series
from pipeline.stored import NoDatasetError
from pipeline.terminal import width
from pipeline.track import NoQueryError, history_json, read_history, track, write_history
from pipeline.view.track_lines import track_lines

FIRMS, SHARE, PATENTS = "高新技术企业", "全社会研发投入占GDP的比重", "万人发明专利拥有量"


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("plans")
    write_plans(folder)
    return folder


@pytest.fixture(scope="module")
def folder(raw: pathlib.Path, tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    out = tmp_path_factory.mktemp("history") / "tables"
    pipeline.parse_folder(raw).write(out)
    return out


@pytest.fixture(scope="module")
def firms(folder: pathlib.Path) -> History:
    return read_history(folder, [FIRMS])


def one(history: History, place: str, kind: str = "level", basis: str = "state", scope: str | None = None) -> Series:
    found = [
        series
        for series in history.series
        if (series.place, series.kind, series.basis, series.scope) == (place, kind, basis, scope)
        and series.related is None
    ]
    assert len(found) == 1, [series.label for series in history.series]
    return found[0]


def told(series: Series) -> list[tuple[int | None, int, str, str]]:
    return [(point.year, int(point.value), point.comparator, point.role) for point in series.points]


def test_names_of_one_family_stand_in_one_series(firms: History) -> None:
    assert told(one(firms, "云州市")) == [
        (2020, 500, "=", "final"),
        (2020, 520, "=", "baseline"),
        (2021, 650, "=", "step"),
        (2022, 800, "=", "step"),
        (2023, 1000, ">=", "final"),
        (2023, 1200, ">", "final"),
        (2026, 1600, "=", "final"),
    ]
    names = {point.indicator for point in one(firms, "云州市").points}
    assert {"高新技术企业", "有效期内高新技术企业", "国家高新技术企业"} <= names


def test_levels_additions_and_yearly_additions_are_kept_apart(firms: History) -> None:
    total = one(firms, "云州市", "increase", "total")
    assert [(point.year_start, point.year, point.span, int(point.value)) for point in total.points] == [
        (2021, 2023, 3, 480),
        (2024, 2026, 3, 400),
    ]
    yearly = one(firms, "云州市", "increase", "annual")
    assert [(point.year_start, point.year, int(point.value)) for point in yearly.points] == [(2024, 2026, 200)]
    assert not total.comparable and total.reason == "increase against level"
    assert comparability(total, yearly) == (False, "total against annual")


def test_what_became_of_a_target_in_the_next_plan(firms: History) -> None:
    changes = {
        (point.place, point.kind, point.year): (point.change, point.change_reason)
        for point in firms.points
        if point.change
    }
    assert changes == {
        ("云州市", "level", 2023): ("raised", "500 家 by 2020 → ≥ 1,000 家 by 2023"),
        ("云州市", "level", 2026): ("raised", "≥ 1,000 家 by 2023 → 1,600 家 by 2026"),
        ("青湖县", "level", 2026): ("postponed", "120 家 by 2023 → 120 家 by 2026"),
        ("云州市", "increase", 2026): ("lowered", "480 家 by 2023 → 400 家 by 2026"),
        ("青湖县", "increase", 2026): ("raised", "60 家 by 2023 → 80–100 家 by 2026"),
    }


def test_a_plan_that_says_two_values_for_one_year_is_marked(firms: History) -> None:
    marked = [point for point in firms.points if point.conflict]
    assert [(point.place, point.year, int(point.value)) for point in marked] == [
        ("云州市", 2023, 1000),
        ("云州市", 2023, 1200),
    ]
    assert {point.conflict_reason for point in marked} == {
        "this plan gives ≥ 1,000 家 and > 1,200 家 for 2023; both can hold"
    }


def test_two_plans_that_ask_for_different_values_in_one_year_are_marked(tmp_path: pathlib.Path) -> None:
    for name, plan in (("first.txt", LAN_2021), ("second.txt", LAN_2023)):
        (tmp_path / name).write_text(plan_text(plan), encoding="utf-8")
    history = track(pipeline.parse_folder(tmp_path).records, [FIRMS])
    old, new = one(history, "澜江市").points
    assert old.conflict and new.conflict
    assert new.conflict_reason == "2 plans of this place give ≥ 800 家 and 1,000 家 for 2025; both can hold"
    assert (new.change, new.change_from) == ("raised", old.point_id)
    sums = one(history, "澜江市", "increase", "total").points
    assert [(point.span, point.change) for point in sums] == [(5, None), (3, "not_comparable")]
    assert sums[1].change_reason is not None and sums[1].change_reason.endswith(
        "total over 5 years against total over 3 years"
    )


def test_a_copy_without_head_is_known_by_the_title_that_names_its_place(tmp_path: pathlib.Path) -> None:
    text = plan_text(YUN_2021)
    (tmp_path / "whole.txt").write_text(text, encoding="utf-8")
    title = "云州市科技企业培育三年行动计划"
    (tmp_path / "bare.txt").write_text(text[text.rindex(title) :].replace("1200家", "1250家"), encoding="utf-8")
    history = track(pipeline.parse_folder(tmp_path).records, [FIRMS])
    assert {series.place for series in history.series} == {"云州市"}
    goals = [point for point in one(history, "云州市").points if point.year == 2023]
    assert [(int(point.value), point.copies) for point in goals] == [(1000, 1), (1200, 0), (1250, 0)]
    assert all("2 prints of this plan give" in (point.conflict_reason or "") for point in goals)


@pytest.mark.parametrize(
    ("change", "differences"),
    [
        ("unchanged", {}),
        ("raised", {"value": Decimal(501)}),
        ("raised", {"value": Decimal(501), "year": 2025}),
        ("lowered", {"value": Decimal(499), "year": 2025}),
        ("postponed", {"year": 2021}),
        ("brought_forward", {"year": 2019}),
        ("comparator_changed", {"comparator": ">="}),
        ("not_comparable", {"basis": "total", "span": 5}),
    ],
)
def test_words_for_a_change(firms: History, change: str, differences: dict[str, Any]) -> None:
    before = one(firms, "云州市").points[0]
    if "span" in differences:
        before = dataclasses.replace(before, basis="total", span=3)
    assert change_between(before, dataclasses.replace(before, **differences))[0] == change


def test_a_copy_does_not_count_twice(firms: History, folder: pathlib.Path) -> None:
    goal = one(firms, "云州市").points[0]
    assert (goal.copies, goal.repeats, goal.doc_number) == (1, 0, "云州政发〔2018〕6号")
    assert firms.copies == 1
    with (folder / "targets.csv").open(encoding="utf-8", newline="") as file:
        known = {row["target_id"]: row["document_id"] for row in csv.DictReader(file)}
    assert goal.copy_ids is not None and known[goal.copy_ids] != goal.document_id


def test_what_holds_for_a_zone_is_no_point_of_the_whole_place(firms: History) -> None:
    zone = one(firms, "云州市", scope="高新区")
    assert told(zone) == [(2023, 300, "=", "final")]
    assert not zone.comparable and zone.reason == "part against whole"
    under = next(series for series in firms.series if series.place == "澜江市" and series.scope)
    assert under.scope == "〔建设临江开发区创新高地〕" and told(under) == [(2025, 150, "=", "final")]
    assert told(one(firms, "澜江市")) == [(2025, 800, ">=", "final")]


def test_what_custom_says_of_a_name_stands_with_its_points(firms: History) -> None:
    notes = {point.indicator: point.name_note for point in firms.points}
    assert notes["国家高新技术企业"] == "provinces certified their own until 2008"
    assert notes["高新技术企业"] is None


def test_units_of_a_family_count_the_same(firms: History) -> None:
    """澜江市 counts in 户 what the others count in 家."""
    assert {series.unit for series in firms.series} == {"家"}


def test_names_that_only_contain_the_words_are_listed(firms: History) -> None:
    assert [(seen.indicator, seen.number) for seen in firms.also_seen] == [("高新技术企业营业收入", 1)]


def test_a_related_name_is_in_the_chart_and_not_comparable(folder: pathlib.Path) -> None:
    history = read_history(folder, [PATENTS])
    related = [series for series in history.series if series.related]
    assert [told(series) for series in related] == [[(2023, 6, "=", "final")]]
    assert related[0].unit == "件" and not related[0].comparable
    assert related[0].reason is not None and related[0].reason.startswith("another indicator: ")
    assert not any(series.related for series in read_history(folder, [PATENTS], related=False).series)


def test_every_point_leads_back_to_its_target(firms: History, folder: pathlib.Path) -> None:
    with (folder / "targets.csv").open(encoding="utf-8", newline="") as file:
        targets = {row["target_id"]: row for row in csv.DictReader(file)}
    told_ids = set()
    for point in firms.points:
        text = (folder / "text" / f"{point.document_id}.txt").read_text(encoding="utf-8")
        target = targets[point.target_id]
        assert text[point.char_start : point.char_end] == target["quote"]
        if point.role != "baseline":
            assert Decimal(target["value"]) == point.value and point.quote == target["quote"]
            told_ids |= {point.target_id, *(point.copy_ids or "").split(";")} - {""}
    assert len(told_ids) == firms.matched
    assert len({point.point_id for point in firms.points}) == len(firms.points)


@pytest.mark.parametrize("query", ["有效高新技术企业", "全市高新技术企业数（家）", "高企", "i53a3a9059b77"])
def test_every_name_and_the_id_ask_for_the_family(folder: pathlib.Path, firms: History, query: str) -> None:
    found = read_history(folder, [query])
    assert found.asked[0].family == FIRMS
    assert [series.points for series in found.series] == [series.points for series in firms.series]


def test_a_query_may_name_its_place(folder: pathlib.Path) -> None:
    history = read_history(folder, ["青湖县高新技术企业"])
    assert {series.place for series in history.series} == {"青湖县"}


def test_two_names_of_one_family_ask_once(folder: pathlib.Path, firms: History) -> None:
    assert read_history(folder, [FIRMS, "高企", FIRMS]) == firms


def test_exact_takes_the_wording_alone(folder: pathlib.Path) -> None:
    names = {point.indicator for point in read_history(folder, ["国家高新技术企业"], exact=True).points}
    assert names == {"国家高新技术企业"}


def test_options_keep_some_points(folder: pathlib.Path) -> None:
    assert {one.place for one in read_history(folder, [FIRMS], places=["澜江", "青湖"]).series} == {"澜江市", "青湖县"}
    assert {one.kind for one in read_history(folder, [FIRMS], kinds=["increase"]).series} == {"increase"}
    assert {one.scope for one in read_history(folder, [FIRMS], scopes=["高新区"]).series} == {"高新区"}
    years = read_history(folder, [FIRMS], first_year=2021, last_year=2023)
    assert {point.year for point in years.points} == {2021, 2022, 2023}
    assert years.left_out > 0


def test_records_give_the_same_history_as_the_folder(raw: pathlib.Path, firms: History) -> None:
    records = pipeline.parse_folder(raw).records
    assert track(records, [FIRMS]) == firms


def test_order_of_documents_does_not_matter(raw: pathlib.Path, firms: History) -> None:
    assert track(reversed(pipeline.parse_folder(raw).records), [FIRMS]) == firms


def test_an_id_of_no_family_is_told_by_the_name_that_plans_use(folder: pathlib.Path) -> None:
    with (folder / "targets.csv").open(encoding="utf-8", newline="") as file:
        key = next(row["indicator_id"] for row in csv.DictReader(file) if row["indicator"] == "高新技术企业营业收入")
    history = read_history(folder, [key])
    assert [(asked.query, asked.family) for asked in history.asked] == [(key, "高新技术企业营业收入")]
    assert [told(series) for series in history.series] == [[(2026, 90000000000, ">", "final")]]


@pytest.mark.parametrize(
    ("query", "baseline"),
    [
        ("公共充电桩", (2020, 135)),
        ("清洁取暖率", (2020, 62)),
        ("岸电使用率", (2023, 71)),
        ("养老床位", (2024, 7450)),
        ("港航服务业营业收入", (2023, 6400000000)),
        ("高速公路通车里程", (2020, 486)),
    ],
)
def test_head_of_a_column_tells_the_year_of_a_present_value(
    root: pathlib.Path, query: str, baseline: tuple[int, int]
) -> None:
    """Heads of one line and of two, rows with and without the merged cell before them, a column in 亿元."""
    history = read_history(root / "structured", [query], related=False)
    found = [(point.year, int(point.value)) for point in history.points if point.role == "baseline"]
    assert found == [baseline]


def test_several_queries_are_told_one_after_another(folder: pathlib.Path) -> None:
    history = read_history(folder, [SHARE, FIRMS])
    assert [asked.family for asked in history.asked] == [SHARE, FIRMS]
    families = list(dict.fromkeys(series.family for series in history.series))
    assert families == [SHARE, FIRMS]
    share = [series for series in history.series if series.family == SHARE]
    assert [(point.year, str(point.value), point.comparator) for point in share[0].points] == [
        (2020, "2.1", "="),
        (2023, "2.6", "="),
        (2026, "3", "~"),
    ]


def test_export_holds_every_point(firms: History, tmp_path: pathlib.Path) -> None:
    write_history(firms, tmp_path / "track.csv")
    with (tmp_path / "track.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["target_id"] for row in rows] == [point.target_id for point in firms.points]
    assert [row["value"] for row in rows][:2] == ["500", "520"]
    write_history(firms, tmp_path / "track.json")
    data = json.loads((tmp_path / "track.json").read_text(encoding="utf-8"))
    assert data == json.loads(json.dumps(history_json(firms)))
    assert sum(len(series["points"]) for series in data["series"]) == len(rows)


def test_terminal_table_fits_eighty_columns(folder: pathlib.Path) -> None:
    lines = list(track_lines(read_history(folder, [FIRMS, SHARE, PATENTS, "没有的指标"])))
    assert max(map(width, lines)) <= 80
    assert any(line.split()[0] == "青湖县" and "postponed" in line for line in lines if line.strip())
    assert "  no plan has a target for it" in lines
    short = list(track_lines(read_history(folder, [FIRMS]), limit=3))
    assert sum(line.startswith(("云州市  ", "澜江市  ", "青湖县  ")) for line in short) == 3
    assert any(line.endswith("more points; --limit shows them") for line in short)


def test_what_cannot_be_read_is_said(folder: pathlib.Path, tmp_path: pathlib.Path) -> None:
    with pytest.raises(NoDatasetError):
        read_history(tmp_path, [FIRMS])
    with pytest.raises(NoQueryError):
        read_history(folder, [" "])
    for name in ("targets", "documents", "plans", "sections"):
        (tmp_path / f"{name}.csv").write_text("", encoding="utf-8")
    with pytest.raises(NoDatasetError, match=r"targets\.csv has no column"):
        read_history(tmp_path, [FIRMS])
    for name in ("targets", "plans", "sections"):
        (tmp_path / f"{name}.csv").write_bytes((folder / f"{name}.csv").read_bytes())
    with pytest.raises(NoDatasetError, match="zhengce check"):
        read_history(tmp_path, [FIRMS])


# The families of names.


def words_of(lexicon: Lexicon) -> list[tuple[str, str, str]]:
    return [
        (family.name, word, kind)
        for family in lexicon.families.values()
        for kind, words in (("same", (family.name, *family.same)), ("related", tuple(family.related)))
        for word in words
    ]


def test_no_name_belongs_to_two_families_or_stands_twice(lexicon: Lexicon) -> None:
    forms = Canonical((), lexicon)
    homes: dict[str, tuple[str, str]] = {}
    for family, word, kind in words_of(lexicon):
        if kind == "same":
            assert homes.setdefault(forms.form(word), (family, word)) == (family, word), (family, word)
    assert len(lexicon.families) >= 60


def test_related_names_are_other_indicators_and_go_by_their_standard_name(lexicon: Lexicon) -> None:
    forms = Canonical((), lexicon)
    homes = {forms.form(word): family for family, word, kind in words_of(lexicon) if kind == "same"}
    for family, word, kind in words_of(lexicon):
        if kind == "related":
            home = homes.get(forms.form(word))
            assert home != family, f"{word} is both same and related in {family}"
            assert home is None or forms.form(home) == forms.form(word), f"{word} should be {home} in {family}"


def test_units_of_families_are_measures(lexicon: Lexicon) -> None:
    for family in lexicon.families.values():
        assert all(unit in lexicon.measures.by_unit for unit in family.units), family.name


def test_two_definitions_are_two_families(lexicon: Lexicon) -> None:
    wanted = wanted_names(["有效发明专利"], lexicon)
    forms = Canonical((), lexicon)
    high = wanted.by_id[indicator_id(forms.form("高价值发明专利拥有量"))]
    assert [name.related is not None for name in high] == [True]
    assert wanted.by_id[indicator_id(forms.form("发明专利拥有量"))][0].related is None


FAULTY = """family,word,class,note
甲,甲,standard,what it counts
甲,乙,same,
甲,丙,related,
丁,丁,same,
丁,乙,same,
甲,戊,other,
"""


def test_faults_of_the_families_are_told_with_their_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.lexicon import synonyms
    from pipeline.lexicon.loader import Faults

    monkeypatch.setattr("pipeline.lexicon.loader.read_text", lambda file: FAULTY)
    faults = Faults()
    synonyms.load(faults)
    place = "pipeline/lexicon/indicator_synonyms.csv"
    assert faults.found == [
        f"{place}:4: a line of class related needs a note",
        f"{place}:5: a family has one line of class standard, which repeats its name, and no other does",
        f"{place}:6: '乙' belongs to the family '甲' already, line 3",
        f"{place}:7: class is 'other', should be one of standard, same, related, unit",
        f"{place}:5: the family '丁' has no line of class standard",
    ]


def test_points_are_described(firms: History) -> None:
    from pipeline.write import columns

    assert all(column.description for column in columns(PointRow))


def test_page_about_histories_shows_what_the_program_gives(root: pathlib.Path) -> None:
    from pipeline.write import columns

    page = (root / "docs" / "history.md").read_text(encoding="utf-8")
    history = read_history(root / "structured", ["普惠园覆盖率"], related=False)
    assert "\n".join(track_lines(history)) in page
    listed = [line.split(" | ") for line in page.splitlines() if line.startswith("| `")]
    assert [cells[0].strip("| `") for cells in listed] == [column.name for column in columns(PointRow)]
    for cells, column in zip(listed, columns(PointRow), strict=True):
        assert cells[2].startswith(column.description)
