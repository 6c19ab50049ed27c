"""Plans of three invented places over three periods: what the tests of histories and their page are read from.

云州市 sets yearly steps and a present value, contradicts itself once (2023) and prints one plan twice; 青湖县
postpones a target; 澜江市 words additions where the others set levels, and gives its zone a figure of its own.
"""

from __future__ import annotations

import pathlib

NOTICE = """{place}人民政府关于印发{title}（{first}—{last}年）的通知
{number}
市各有关部门：
现将《{title}（{first}—{last}年）》印发给你们，请认真组织实施。
{place}人民政府
{day}
{title}
（{first}—{last}年）
"""

YUN_2018 = (
    ("云州市", "云州市科技企业培育三年行动计划", 2018, 2020, "云州政发〔2018〕6号", "2018年3月5日"),
    """一、工作目标
到2020年，全市高新技术企业达到500家，全社会研发投入占GDP的比重达到2.1%，万人发明专利拥有量达到12件。
二、重点任务
（一）建立培育库。每年遴选入库企业100家。（责任单位：市科技局）
""",
)
YUN_2021 = (
    ("云州市", "云州市科技企业培育三年行动计划", 2021, 2023, "云州政发〔2021〕9号", "2021年4月12日"),
    """一、工作目标
到2023年，全市有效期内高新技术企业由2020年的520家提高到1000家以上，全社会研发经费支出占GDP比重达到2.6%，万人口高价值发明专利拥有量达到6件。
二、重点任务
（一）壮大企业梯队。到2021年，国家高新技术企业达到650家；到2022年，国家高新技术企业达到800家；到2023年，高新技术企业总量突破1200家。三年净增高新技术企业480家。（责任单位：市科技局）
（二）做强园区。到2023年，高新区高新技术企业达到300家。（责任单位：高新区管委会）
""",
)
YUN_2024 = (
    ("云州市", "云州市科技企业培育三年行动计划", 2024, 2026, "云州政发〔2024〕3号", "2024年2月20日"),
    """一、工作目标
到2026年，全市高新技术企业保有量力争达到1600家，研发投入强度达到3%左右，高新技术企业营业收入突破900亿元。
二、重点任务
（一）壮大企业梯队。每年新增高新技术企业200家以上，三年净增高新技术企业400家。（责任单位：市科技局）
""",
)
QING_2021 = (
    ("青湖县", "青湖县创新驱动发展行动计划", 2021, 2023, "青政发〔2021〕4号", "2021年6月1日"),
    """一、行动目标
到2023年，全县高新技术企业达到120家，科技型中小企业达到200家。
二、主要举措
（一）引育企业。三年新增高新技术企业60家。（责任单位：县科技局）
""",
)
QING_2024 = (
    ("青湖县", "青湖县创新驱动发展行动计划", 2024, 2026, "青政发〔2024〕2号", "2024年3月18日"),
    """一、行动目标
到2026年，全县高企数量达到120家，科技型中小企业评价入库达到180家。
二、主要举措
（一）引育企业。到2026年，新增高新技术企业80—100家。（责任单位：县科技局）
""",
)
LAN_2021 = (
    ("澜江市", "澜江市企业创新能力提升行动方案", 2021, 2025, "澜政办发〔2021〕30号", "2021年9月9日"),
    """一、总体目标
到2025年，全市高新技术企业不少于800户，省级以上新型研发机构达到30家。
二、重点任务
（一）推动企业升级。五年新增高新技术企业300家。（责任单位：市科技局）
（二）建设临江开发区创新高地。到2025年，高新技术企业达到150家。（责任单位：临江开发区管委会）
""",
)
# A plan of 澜江市 that asks for more in the last year of the one before it. Not among PLANS.
LAN_2023 = (
    ("澜江市", "澜江市高新技术企业倍增计划", 2023, 2025, "澜政办发〔2023〕8号", "2023年2月6日"),
    """一、总体目标
到2025年，全市国家高新技术企业达到1000家。三年新增高新技术企业260家。
""",
)
PLANS = {
    "yunzhou-2018.txt": YUN_2018,
    "yunzhou-2021.txt": YUN_2021,
    "yunzhou-2024.txt": YUN_2024,
    "qinghu-2021.txt": QING_2021,
    "qinghu-2024.txt": QING_2024,
    "lanjiang-2021.txt": LAN_2021,
}


Plan = tuple[tuple[str, str, int, int, str, str], str]


def plan_text(plan: Plan) -> str:
    """Give the text of a plan with its notice."""
    (place, title, first, last, number, day), body = plan
    return NOTICE.format(place=place, title=title, first=first, last=last, number=number, day=day) + body


def write_plans(folder: pathlib.Path) -> None:
    """Write all plans, and a copy of one as a web page would carry it: without its document number."""
    for name, plan in PLANS.items():
        (folder / name).write_text(plan_text(plan), encoding="utf-8")
    copy = plan_text(YUN_2018).replace("云州政发〔2018〕6号\n", "")
    (folder / "yunzhou-2018-copy.txt").write_text(copy, encoding="utf-8")
