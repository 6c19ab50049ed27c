"""Tables by places and of projects, from a text file with tabs to the targets."""

from __future__ import annotations

import pytest

import pipeline

PLAN = """云州市人民政府办公室关于印发云州市口袋公园建设实施方案（2024—2026年）的通知
云政办发〔2024〕8号

各县（市、区）人民政府：
现将方案印发给你们，请认真贯彻执行。

云州市口袋公园建设实施方案
（2024—2026年）

一、总体要求
加快建设身边的绿地。

附件1 {caption}
{table}
"""
UNITS_IN_HEADS = """\
序号	县（市、区）	现有数量（个）	新建口袋公园（个）	改造绿地（公顷）
1	东岭区	12	20	3.5
2	青川县	8	15	2"""
YEARS_IN_HEADS = """\
序号	地区	2025年计划（处）	2026年计划（处）
1	东岭区	4	6
2	青川县	3	5"""
PROJECTS = """\
序号	项目名称	建设内容	起止年限	总投资（万元）
1	白石河清淤工程	清淤长度3.2公里，清淤量5万立方米	2024—2025	800
2	南塘公园改造项目	新建驿站4座，维修步道1500米	2025—2026	1200"""


@pytest.mark.parametrize(
    ("caption", "table", "expected"),
    [
        (
            "口袋公园建设任务分解表",
            UNITS_IN_HEADS,
            [
                ("新建口袋公园", "20", "个", "increase", 2026, "东岭区"),
                ("改造绿地", "3.5", "公顷", "increase", 2026, "东岭区"),
                ("新建口袋公园", "15", "个", "increase", 2026, "青川县"),
                ("改造绿地", "2", "公顷", "increase", 2026, "青川县"),
            ],
        ),
        (
            "内涝积水点整治计划表",
            YEARS_IN_HEADS,
            [
                ("内涝积水点整治", "4", "处", "increase", 2025, "东岭区"),
                ("内涝积水点整治", "6", "处", "increase", 2026, "东岭区"),
                ("内涝积水点整治", "3", "处", "increase", 2025, "青川县"),
                ("内涝积水点整治", "5", "处", "increase", 2026, "青川县"),
            ],
        ),
        (
            "重点项目表",
            PROJECTS,
            [
                ("白石河清淤长度", "3.2", "公里", "increase", 2025, ""),
                ("白石河清淤量", "50000", "立方米", "increase", 2025, ""),
                ("驿站", "4", "座", "increase", 2026, ""),
                ("步道", "1500", "米", "increase", 2026, ""),
            ],
        ),
    ],
    ids=["units-in-heads", "years-in-heads", "projects"],
)
def test_rows_of_places_and_projects(caption: str, table: str, expected: list[tuple[object, ...]]) -> None:
    """The head names what is counted and in which unit, the row whose part it is or what is built."""
    record = pipeline.parse(PLAN.format(caption=caption, table=table).encode(), name="plan.txt")
    found = [(t.indicator, f"{t.value:f}", t.unit, t.kind, t.year_end, t.scope or "") for t in record.targets]
    assert found == expected


def test_present_values_and_money_are_no_targets() -> None:
    """现有数量 is a baseline and 总投资 is money; both stay in the ledger as what they are."""
    record = pipeline.parse(PLAN.format(caption="任务表", table=UNITS_IN_HEADS).encode(), name="plan.txt")
    classes = {n.text: n.class_ for n in record.numbers}
    assert classes["12"] == classes["8"] == "baseline"
    record = pipeline.parse(PLAN.format(caption="项目表", table=PROJECTS).encode(), name="plan.txt")
    assert {n.text: n.class_ for n in record.numbers}["800"] == "support"


GROUPED = """\
序号

项目名称

建设性质

建设内容

项目起止

总投资

（万元）



河道治理工程（含清淤、护岸）/（个）





1

白石河清淤工程

新建

清淤河段长约3200米

2021-2023

800

2

南塘河护岸工程

新建



2022-2024

1200



小计



2



2000



泵站工程/（个）





1

西塘泵站工程

改建

新建泵站1座

2023-2026

900



小计



1



900"""


def test_projects_in_groups_with_sums() -> None:
    """A line over all columns is a heading; running numbers begin again below it; a row is due in its own last year."""
    record = pipeline.parse(PLAN.format(caption="重点项目表", table=GROUPED).encode(), name="plan.txt")
    tree = [(s.kind, s.depth, s.title) for s in record.sections if s.depth and s.kind != "task"]
    assert tree[-8:] == [
        ("annex", 1, "重点项目表"),
        ("section", 2, "河道治理工程（含清淤、护岸）/（个）"),
        ("row", 3, "白石河清淤工程"),
        ("row", 3, "南塘河护岸工程"),
        ("row", 3, "小计"),
        ("section", 2, "泵站工程/（个）"),
        ("row", 3, "西塘泵站工程"),
        ("row", 3, "小计"),
    ]
    found = [(t.indicator, f"{t.value:f}", t.year_end) for t in record.targets]
    assert found == [("白石河清淤河段长", "3200", 2023), ("泵站", "1", 2026)]
    assert [n.text for n in record.numbers if n.class_ == "support"] == ["800", "1200", "2000", "900", "900"]


STANDARDS = """\
序号

城市及分区

河流

防护情况







规划防护标准

（重现期·年）

现状防护标准

（重现期·年）

1

云州市

东岭区

白石河

50-100

50

2



青川区

南塘河

50

20







南塘河支流

20

20

3

临湖市

湖滨区

湖滨河

100

≤50

4



山南区

山南河

50

20"""


def test_two_columns_below_one_head_and_a_row_without_number() -> None:
    """The left column gathers rows; a place that has two rows stands for both; what is planned is the goal."""
    record = pipeline.parse(PLAN.format(caption="各区防护规划标准及现状表", table=STANDARDS).encode(), name="plan.txt")
    found = [(t.scope, f"{t.value:f}", t.value_max, t.unit, t.comparator) for t in record.targets]
    assert found == [
        ("东岭区", "50", 100, "年", "range"),
        ("青川区", "50", None, "年", "="),
        ("青川区", "20", None, "年", "="),
        ("湖滨区", "100", None, "年", "="),
        ("山南区", "50", None, "年", "="),
    ]
    assert {t.indicator for t in record.targets} == {"防护标准", "南塘河支流防护标准"}


LISTED = "片区名录序号片区名称1东岭片区（云州市）沿河地带等2青川片区（云州市）沿湖地带等3湖滨片区（临湖市）沿江地带等"


def test_rows_that_only_running_numbers_part() -> None:
    """A table in one line without figures: each running number opens a row and is a label."""
    record = pipeline.parse(PLAN.format(caption="片区名录", table=LISTED).encode(), name="plan.txt")
    rows = [(s.number, s.title) for s in record.sections if s.kind == "row"]
    assert rows == [(1, "东岭片区（云州市）"), (2, "青川片区（云州市）"), (3, "湖滨片区（临湖市）")]
    assert {n.class_ for n in record.numbers if n.text in ("2", "3")} == {"label"}
