"""Three printed plans as a person reads them on their rendered pages."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import pytest

from pipeline.read.content import Content
from pipeline.read.pdf import read_pdf

INDICATORS = """\
1.信息化发展指数 72.45 88 —
2.信息产业收入规模（万亿元） 17.1 26.2 8.9
3.国内信息技术发明专利授权数（万件） 11.0 15.3 6.9
4.IT项目投资占全社会固定资产投资总额的比例（%） 2.2 5 〔2.8〕
5.光纤入户用户占总宽带用户的比率（%） 56 80 〔24〕
6.固定宽带家庭普及率（%） 40 70 〔30〕
7.移动宽带用户普及率（%） 57 85 〔28〕
8.贫困村宽带网络覆盖率（%） 78 90 〔12〕
9.互联网国际出口带宽（Tbps） 3.8 20 39.4
10.信息消费规模（万亿元） 3.2 6 13.4
11.电子商务交易规模（万亿元） 21.79 >38 >11.8
12.网络零售额（万亿元） 3.88 10 20.8
13.网民数量（亿） 6.88 >10 >7.8
14.社会保障卡普及率（%） 64.6 90 〔25.4〕
15.电子健康档案城乡居民覆盖率（%） 75 90 〔15〕
16.基本公共服务事项网上办理率（%） 20 80 〔60〕
17.电子诉讼占比（%） <1 >15 〔>14〕"""
GRID_FIGURES = """\
2001年2月16日
人口自然增长率控制在10‰以下
旅游外汇收入达到6亿美元左右,国内旅游收入达到250亿元左右
全省装机容量达1080万千瓦,年发电量456亿千瓦时
再延长30年不变
技工贸总收入5000万元以上
生存条件的50万贫困人口"""
INFORMATISATION = "stateCouncil-informatization-13fyp.pdf"
SOFTWARE = "miit-software-14fyp.pdf"
YUNNAN = "yunnan-10fyp-2001.pdf"


@functools.cache
def content_of(folder: Path, name: str) -> Content:
    path = folder / "documents" / name
    if not path.is_file():
        pytest.skip(f"{name} is not among the real documents")
    return read_pdf(path.read_bytes(), name)


def paragraphs(content: Content) -> list[str]:
    return [content.text[block.start : block.end] for block in content.blocks if block.kind == "paragraph"]


def tables(content: Content) -> list[list[list[str]]]:
    found = []
    for block in content.blocks:
        rows: dict[int, list[str]] = {}
        for cell in block.cells:
            rows.setdefault(cell.row, []).append(content.text[cell.start : cell.end])
        if rows:
            found.append([rows[row] for row in sorted(rows)])
    return found


def test_the_front_of_a_notice_and_its_plan(shared: Path) -> None:
    lines = paragraphs(content_of(shared, INFORMATISATION))
    assert lines[:3] == ["国务院关于印发", "“十三五”国家信息化规划的通知", "国发〔2016〕73号"]
    assert (lines[3][:11], lines[3][-13:]) == ("各省、自治区、直辖市人", "国务院各部委、各直属机构：")
    assert lines[5:8] == ["国务院", "2016年12月15日", "（此件公开发布）"]
    for heading in (
        "一、发展现状与形势",
        "（一）发展成就。",
        "（二）发展形势。",
        "三、主攻方向",
        "专栏3　陆海空天一体化信息网络工程",
    ):
        assert heading in lines


def test_the_indicators_row_by_row(shared: Path) -> None:
    table = tables(content_of(shared, INFORMATISATION))[1]
    assert table[0] == ["指　标", "2015年", "2020年", "年均增速（%）"]
    assert [" ".join(row) for row in table if len(row) == 4][1:] == INDICATORS.split("\n")
    groups = ["总体发展水平", "信息技术与产业", "信息基础设施", "信息经济", "信息服务"]
    assert [row[0] for row in table if len(row) == 1][:5] == groups


def test_a_table_with_two_heads_over_a_page_end(shared: Path) -> None:
    table = tables(content_of(shared, INFORMATISATION))[0]
    assert table[0] == ["指　标", "规划目标", "实现情况"]
    assert ["4.网民数量（亿）", "8.5", "13.2", "6.88", "8.5"] in table
    assert ["13.中央部委和省级政务部门主要业务信息化覆盖率（%）", ">85", "〔>15〕", "90.8", "〔20.8〕"] in table


def test_the_tasks_over_eighteen_pages(shared: Path) -> None:
    table = tables(content_of(shared, INFORMATISATION))[2]
    assert table[0] == ["序号", "重点工作", "负责单位"]
    assert [row[0] for row in table[1:]] == [str(number) for number in range(1, 75)]
    # Rows that the end of a page cuts.
    assert table[27][1].endswith("实施网信援外计划，加快推进中国标准走出去。")
    assert table[27][2].endswith("工业和信息化部、商务部、外交部、国家标准委等按职责分工负责")
    assert table[33][1:] == [
        "深度参与国际网络空间治理，推动建立多边、民主、透明的国际互联网治理体系。",
        "中央网信办、外交部牵头，工业和信息化部、公安部等按职责分工负责",
    ]
    assert table[34][2].endswith("国家标准委等按职责分工负责")
    assert table[74][1] == "强化责任意识，建立信息化工作问责制度。"
    assert all(row[2].endswith("分工负责") for row in table[1:])


def test_a_box_that_goes_on_over_a_page_end(shared: Path) -> None:
    text = content_of(shared, INFORMATISATION).text
    assert "适度超前部署超大容量光传输系统、高性能路由设备和智能管控设备。推动广播电视宽带骨干网、接入网建设" in text


def test_the_headings_and_contents_of_the_software_plan(shared: Path) -> None:
    content = content_of(shared, SOFTWARE)
    contents = [content.text[block.start : block.end] for block in content.blocks if block.kind == "contents"]
    assert len(contents) == 22
    lines = paragraphs(content)
    for heading in ("一、发展回顾", "（二）加大财政金融支持", "（五）深化国际开放合作"):
        assert lines.count(heading) == 1


def test_page_numbers_of_the_software_plan_are_gone(shared: Path) -> None:
    content = content_of(shared, SOFTWARE)
    assert not [line for line in content.text.split("\n") if line.strip().isdigit()]
    assert "page_furniture_left_out" in [problem.code for problem in content.problems]
    assert content.text.split("\n")[-1].endswith("联合开展项目开发和人才培训。")
    assert "2020年全国软件著作权登记量突破172万件，较2015年增长超5倍。" in "".join(content.text.split(" "))


def test_figures_on_the_chinese_grid(shared: Path) -> None:
    content = content_of(shared, YUNNAN)
    for words in GRID_FIGURES.split("\n"):
        assert words in content.text
    assert re.findall(r"\d \d", content.text) == []


def test_the_foot_of_the_copy_is_gone(shared: Path) -> None:
    content = content_of(shared, YUNNAN)
    assert "China Academic Journal" not in content.text
    assert "cnki" not in content.text
    assert content.text.rstrip().endswith("努力奋斗!")


def test_contents_without_leaders(shared: Path) -> None:
    lines = paragraphs(content_of(shared, YUNNAN))
    assert lines[:4] == [
        "分类号:BH66",
        "云南日报/2001年/02月/20日/第A01版/",
        "云南省国民经济和社会发展",
        "第十个五年计划纲要",
    ]
    for heading in ("第一章经济社会发展的指导思想", "第二章经济社会发展的主要目标", "第十四章继续扩大对内对外开放"):
        assert heading in lines


@pytest.mark.parametrize("name", [INFORMATISATION, SOFTWARE, YUNNAN])
def test_they_are_read_without_doubt(shared: Path, name: str) -> None:
    content = content_of(shared, name)
    assert {problem.severity for problem in content.problems} <= {"info"}
    assert content.layout is not None
    assert len(content.layout.sizes) == content.pages
