"""Tables of tasks that were published one cell a line and lost their merged cells, from the text file to the rows."""

from __future__ import annotations

import pytest

import pipeline

PLAN = """云州市人民政府关于印发云州市河湖整治行动方案（2024—2026年）的通知
云政发〔2024〕8号

各县（市、区）人民政府：
现将方案印发给你们，请认真贯彻执行。

云州市人民政府
2024年1月6日

云州市河湖整治行动方案（2024—2026年）

一、总体要求
坚持系统治理，让山川更加秀美。

附件

云州市河湖整治重点任务清单

{table}
"""
# Groups without mark below those with one; the bodies stand at the first row of a merged block.
GROUPS = """\
任务类型
序号
工作任务
推进单位
行动一：清河行动
1
开展河道巡查，清理白石河沿线垃圾。
市水务局、市城管局、各相关街镇
2
拆除南塘河违建20处
行动二：活水行动
管网改造
3
改造雨污管网30公里
市住建局、云州水务集团
泵站建设
4
新建泵站2座
5
完善泵站运行制度。
市水务局"""
# Heads broken over lines, a column for each year, cells of several paragraphs, bodies merged over rows.
YEARS = """\
任务
分类
主要方向
重点任务（2024—2026年）
2024年计划
2025年计划
2026年计划
牵头
部门
配合
部门
（一）
岸线整治
1、整治岸线
（1）整治岸线30公里。
整治岸线8公里。
整治岸线10公里。
整治岸线12公里。
河道管理处
各相关部门和单位
（2）新增沿河座椅300个。
80个
100个
120个
2、开放岸线
（3）推进岸线开放。
开放南塘河东岸；
开放白石河西岸。
开放海滨河两岸。
持续推进。
河道管理处
规划建设处
各相关部门和单位
（二）
水质提升
3、监测水质
（4）新建水闸9座。
新建水闸3座。
新建水闸3座。
新建水闸3座。
水质监测处
各区"""


def read(table: str) -> pipeline.Record:
    """Print a table in a plan of its own and parse that."""
    return pipeline.parse(PLAN.format(table=table).encode(), name="plan.txt")


def outline(record: pipeline.Record) -> list[str]:
    """Give what stands below the annex: depth, kind, label and title."""
    kinds = [section.kind for section in record.sections]
    below = record.sections[kinds.index("annex") + 1 :]
    return [f"{s.depth} {s.kind} {s.label or ''}|{(s.title or '')[:12]}" for s in below]


def bodies(record: pipeline.Record) -> list[str]:
    """Give per row the stated bodies; inherited ones in brackets."""
    titles = {section.section_id: section.title or "" for section in record.sections}
    found: dict[str, list[str]] = {}
    for row in record.responsibilities:
        name = f"（{row.organisation}）" if row.inherited else row.organisation
        found.setdefault(titles[row.section_id], []).append(f"{row.role_text}:{name}")
    return [f"{title[:7]} {' '.join(names)}" for title, names in found.items()]


def test_groups_and_merged_bodies() -> None:
    """Marked and unmarked groups are headings of two depths; later rows of a merged block inherit its bodies."""
    record = read(GROUPS)
    assert outline(record) == [
        "2 section 行动一：|清河行动",
        "3 row 1|开展河道巡查，清理白石河",
        "3 row 2|拆除南塘河违建20处",
        "2 section 行动二：|活水行动",
        "3 section |管网改造",
        "4 row 3|改造雨污管网30公里",
        "3 section |泵站建设",
        "4 row 4|新建泵站2座",
        "4 row 5|完善泵站运行制度。",
    ]
    assert bodies(record) == [
        "开展河道巡查， 推进单位:市水务局 推进单位:市城管局 推进单位:各相关街镇",
        "拆除南塘河违建 推进单位:（市水务局） 推进单位:（市城管局） 推进单位:（各相关街镇）",
        "改造雨污管网3 推进单位:市住建局 推进单位:云州水务集团",
        "新建泵站2座 推进单位:（市住建局） 推进单位:（云州水务集团）",
        "完善泵站运行制 推进单位:市水务局",
    ]
    assert {row.basis for row in record.responsibilities if row.inherited} == {"heading"}


def test_years_in_columns() -> None:
    """A goal is due in the year of its column; a bare amount counts what the task of its row counts."""
    record = read(YEARS)
    found = [f"{t.indicator}|{t.value:f}{t.unit}|{t.kind}|{t.year_end}" for t in record.targets]
    assert found == [
        "整治岸线|30公里|increase|2026",
        "整治岸线|8公里|increase|2024",
        "整治岸线|10公里|increase|2025",
        "整治岸线|12公里|increase|2026",
        "沿河座椅|300个|increase|2026",
        "沿河座椅|80个|increase|2024",
        "沿河座椅|100个|increase|2025",
        "沿河座椅|120个|increase|2026",
        "水闸|9座|increase|2026",
        "水闸|3座|increase|2024",
        "水闸|3座|increase|2025",
        "水闸|3座|increase|2026",
    ]


def test_bodies_in_columns() -> None:
    """A cell of two paragraphs is told by what stands in its column elsewhere."""
    record = read(YEARS)
    assert outline(record)[:5] == [
        "2 section （一）|岸线整治",
        "3 section 1、|整治岸线",
        "4 row （1）|整治岸线30公里。",
        "4 row （2）|新增沿河座椅300个。",
        "3 section 2、|开放岸线",
    ]
    assert bodies(record) == [
        "整治岸线30公 牵头部门:河道管理处 配合部门:各相关部门和单位",
        "新增沿河座椅3 牵头部门:（河道管理处） 配合部门:（各相关部门和单位）",
        "推进岸线开放。 牵头部门:河道管理处 牵头部门:规划建设处 配合部门:各相关部门和单位",
        "新建水闸9座。 牵头部门:水质监测处 配合部门:各区",
    ]


@pytest.mark.parametrize("task", ["整治岸线", "改造管网"])
def test_work_is_no_body(task: str) -> None:
    """Where a column of bodies would hold tasks, nothing is read into it."""
    lines = "\n".join(f"{n}\n{task}，完成第{n}段工程。\n加快推进{task}任务" for n in range(1, 5))
    record = read(f"序号\n工作任务\n责任单位\n{lines}")
    assert not [row for row in record.responsibilities if row.basis == "table"]
    assert "table_not_read" in {problem.code for problem in record.problems}


# Groups behind the running number, a deadline, a name of many bodies; text follows the table.
INNER_GROUPS = """\
序号
类别
主要任务
具体举措
完成时限
责任单位
1
控源截污
改造雨污管网
排查管网30公里，修复破损管段。
2025年6月底
市住建局
2
整治排污口
排查排污口，分类整治：
1.封堵废弃排口。
2.改造混接排口。
2025年底
市生态环境局
各县（市、区）人民政府
3
生态修复
种植水生植物
种植水草2万平方米。
持续推进
市林业局

二、保障措施
（一）加强领导
各有关部门要落实责任，密切配合。"""


def test_groups_behind_the_number() -> None:
    """A cell that gathers rows stands behind the number of its first row; what follows the table is none of it."""
    record = read(INNER_GROUPS)
    assert outline(record) == [
        "2 section |控源截污",
        "3 row 1|改造雨污管网",
        "3 row 2|整治排污口",
        "2 section |生态修复",
        "3 row 3|种植水生植物",
        "1 section 二、|保障措施",
        "2 task （一）|加强领导",
    ]
    assert bodies(record) == [
        "改造雨污管网 责任单位:市住建局",
        "整治排污口 责任单位:市生态环境局 责任单位:各县（市、区）人民政府",
        "种植水生植物 责任单位:市林业局",
    ]
    assert [(t.indicator, t.year_end) for t in record.targets] == [("管网", 2025), ("水草", 2026)]
