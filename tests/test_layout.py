"""Printed pages → text: paragraphs, furniture, columns, spacing. Every case states what a person reads."""

from __future__ import annotations

import pytest
from printed_pages import FULL, LEFT, RIGHT, SIZE, STEP, Paper, fill

from pipeline.read.content import Content
from pipeline.read.layout import Engine, lay_out


def read(*papers: Paper) -> Content:
    return lay_out([paper.page for paper in papers])


def lines(*papers: Paper) -> list[str]:
    return read(*papers).text.split("\n")


def body(paper: Paper, paragraphs: int = 6) -> Paper:
    """Fill a page with paragraphs of two lines and a half, so that its margins are known."""
    for _ in range(paragraphs):
        paper.say(fill(2 * FULL + 10))
    return paper


# Paragraphs


def test_lines_are_joined_and_an_indent_begins_a_paragraph() -> None:
    first, second = fill(70), fill(61)
    assert lines(Paper().say(first).say(second).say(first)) == [first, second, first]


def test_a_paragraph_goes_on_over_the_end_of_a_page() -> None:
    words = fill(4 * FULL)
    one, two = body(Paper()), Paper()
    start, rest = words[: 2 * FULL - 2], words[2 * FULL - 2 :]
    one.say(start)
    two.say(rest, indent=0)
    assert words in lines(one, body(two))


def test_a_line_that_is_not_full_ends_its_paragraph_on_its_page() -> None:
    one, two = body(Paper()).say("一句没有写满的话"), Paper().say(fill(60), indent=0)
    found = lines(one, body(two))
    assert "一句没有写满的话" in found
    assert fill(60) in found


def test_a_full_last_line_does_not_swallow_the_indented_paragraph_on_the_next_page() -> None:
    full = fill(2 * FULL - 2)
    found = lines(body(Paper()).say(full), body(Paper().say(fill(50))))
    assert full in found and fill(50) in found


def test_headings_and_list_items_stand_alone() -> None:
    paper = body(Paper()).say("一、总体要求").say(fill(60)).say("（一）指导思想").say(fill(60))
    paper.say("1.到2025年，建成3个中心。").say("2.到2027年，建成5个中心。")
    found = lines(paper)
    for words in ("一、总体要求", "（一）指导思想", "1.到2025年，建成3个中心。", "2.到2027年，建成5个中心。"):
        assert words in found


def test_type_of_another_size_begins_something_new() -> None:
    paper = body(Paper())
    paper.say(fill(25), indent=0, size=12).say(fill(60))
    assert fill(60) in lines(paper)


@pytest.mark.parametrize("number", ["2025", "12.5%", "1,234.5", "5G", "2021—2025"])
def test_numbers_broken_at_the_end_of_a_line_are_whole(number: str) -> None:
    for place in range(1, len(number)):
        paper = body(Paper())
        lead = fill(FULL - 2)[: FULL - 2 - (place + 1) // 2]
        paper.text(LEFT + 2 * SIZE, paper.top, lead + number[:place])
        paper.text(LEFT, paper.top + STEP, number[place:] + "的目标按期完成并且公开发布结果")
        assert f"{lead}{number}的目标按期完成并且公开发布结果" in lines(paper), place


def test_latin_words_are_parted_by_a_space_where_the_line_ends() -> None:
    paper = body(Paper())
    lead = fill(20)[:19]
    paper.text(LEFT + 2 * SIZE, paper.top, lead + "Smart Factory")
    paper.text(LEFT, paper.top + STEP, "Programme等项目建设。")
    assert f"{lead}Smart Factory Programme等项目建设。" in lines(paper)


def test_a_title_over_two_centred_lines_is_one() -> None:
    paper = (
        Paper()
        .centre("云州市人民政府关于印发云州市推进数字", 22, step=34)
        .centre("经济发展行动计划的通知", 22, step=50)
    )
    found = read(body(paper))
    assert found.text.split("\n")[0] == "云州市人民政府关于印发云州市推进数字经济发展行动计划的通知"
    assert found.blocks[0].centred


def test_names_that_hang_after_copies_to() -> None:
    paper = body(Paper())
    names = "抄送：市委各部门，市人大常委会办公室，市政协办公室，市"
    paper.text(LEFT, paper.top, names + "法院")
    paper.text(LEFT + 3 * SIZE, paper.top + STEP, "检察院，云州军分区。")
    assert f"{names}法院检察院，云州军分区。" in lines(paper)


def test_a_block_that_stands_further_in_is_joined() -> None:
    paper = body(Paper())
    paper.say(fill(70), indent=0, left=LEFT + 3 * SIZE)
    assert fill(70) in lines(paper)


def test_contents_are_kept_apart() -> None:
    paper = Paper().centre("目录", 22)
    for number, name in enumerate(["一、总体要求", "二、主要任务", "三、保障措施"], start=1):
        dots = "…" * (FULL - len(name) - 1)
        paper.say(f"{name}{dots}{number}", indent=0)
    found = read(paper, body(Paper()))
    kinds = {found.text[block.start : block.end][:6]: block.kind for block in found.blocks}
    assert [kinds[name] for name in ("一、总体要求", "二、主要任务", "三、保障措施")] == ["contents"] * 3


def test_contents_without_leaders_are_lines_of_their_own() -> None:
    paper = Paper().centre("目录", 22)
    names = [
        f"第{number}章推动{'数字经济发展创新能力提升工程'[: 4 + 2 * (n % 5)]}"
        for n, number in enumerate("一二三四五六七八九十")
    ]
    for name in names:
        paper.say(name)
    assert lines(paper, body(Paper(), 8))[1:11] == names


def test_a_note_in_brackets_below_the_title_is_one() -> None:
    paper = (
        Paper()
        .centre("云州市第十个五年计划纲要", 22)
        .centre("（2001年2月16日云州市第九")
        .centre("届人民代表大会通过）")
    )
    found = read(body(paper))
    assert found.text.split("\n")[1] == "（2001年2月16日云州市第九届人民代表大会通过）"
    assert found.blocks[1].centred


def test_an_annex_begins_anew_after_a_full_line() -> None:
    paper = body(Paper()).say(fill(2 * FULL - 2)).say("附件：1.云州市重点任务分工表", indent=0)
    assert "附件：1.云州市重点任务分工表" in lines(paper)


# Furniture


@pytest.mark.parametrize("mark", ["— {} —", "{}", "第{}页 共8页", "- {} -", "{}/8", "－{}－"])
def test_page_numbers_are_left_out(mark: str) -> None:
    papers = []
    for number in range(1, 5):
        paper = body(Paper())
        side = RIGHT - 60 if number % 2 else LEFT
        papers.append(paper.text(side, 790, mark.format(number), 14))
    found = read(*papers)
    assert len(found.text.split("\n")) == 24
    assert [problem.code for problem in found.problems] == ["page_furniture_left_out"]


def test_roman_page_numbers_are_left_out() -> None:
    papers = [body(Paper()).text(300, 790, mark, 10) for mark in ("i", "ii", "iii", "iv")]
    assert len(lines(*papers)) == 24


def test_running_heads_on_every_page_and_on_odd_pages() -> None:
    papers = []
    for number in range(6):
        paper = body(Paper()).text(LEFT, 40, "云州市人民政府公报", 10)
        papers.append(paper.text(RIGHT - 60, 60, "规范性文件", 10) if number % 2 else paper)
    found = read(*papers).text
    assert "公报" not in found and "规范性文件" not in found


def test_a_running_head_on_a_wide_page_among_upright_ones() -> None:
    papers = [body(Paper()).text(LEFT, 40, "云州市人民政府公报", 10) for _ in range(4)]
    wide = Paper(842, 608).text(LEFT, 40, "云州市人民政府公报", 10)
    wide.say(fill(90)).say(fill(90))
    assert "公报" not in read(*papers[:2], wide, *papers[2:]).text


def test_furniture_of_two_pages() -> None:
    papers = [body(Paper()).text(290, 790, f"— {n} —", 14) for n in (1, 2)]
    assert "—" not in read(*papers).text


def test_a_figure_alone_at_the_foot_that_counts_no_pages_stays() -> None:
    papers = [body(Paper()).text(290, 790, "365", 14), body(Paper()), body(Paper())]
    assert "365" in lines(*papers)


def test_the_same_heading_in_the_body_of_pages_stays() -> None:
    papers = [body(Paper()).say("牵头单位：市科技局") for _ in range(4)]
    assert read(*papers).text.count("牵头单位：市科技局") == 4


# Columns


def columns(rows: int, left: str, right: str, *, hang: bool = False) -> Paper:
    paper = Paper()
    for number in range(rows):
        paper.text(LEFT, 200 + number * 22, left[number * 17 : number * 17 + 17], 12)
        if hang:
            paper.text(LEFT + 17 * 12, 200 + number * 22, "，", 12)
        paper.text(LEFT + 19.5 * 12, 200 + number * 22, right[number * 17 : number * 17 + 17], 12)
    return paper


LEFT_WORDS = "左栏各县区人民政府市直各部门要结合实际认真贯彻落实" * 12
RIGHT_WORDS = "右栏企业可以申请设备更新补助资金并按规定提交材料备案" * 12


@pytest.mark.parametrize("rows", [8, 20])
def test_two_columns_are_read_one_after_the_other(rows: int) -> None:
    found = "".join(lines(columns(rows, LEFT_WORDS, RIGHT_WORDS)))
    assert found == LEFT_WORDS[: rows * 17] + RIGHT_WORDS[: rows * 17]


def test_marks_in_the_gutter_and_ends_at_different_heights() -> None:
    paper = columns(14, LEFT_WORDS, RIGHT_WORDS, hang=True)
    paper.text(LEFT, 200 + 14 * 22, LEFT_WORDS[:17], 12)
    found = "".join(lines(paper))
    assert found.endswith(RIGHT_WORDS[: 14 * 17])
    assert found.count("，") == 14


def test_a_title_above_and_a_note_below_both_columns() -> None:
    paper = columns(14, LEFT_WORDS, RIGHT_WORDS)
    paper.text(LEFT + 20, 130, "云州市人民政府办公室关于设备更新的通知全文如下", 18)
    paper.text(LEFT, 200 + 14 * 22 + 40, "注：本办法由市科技局负责解释并且自印发之日起施行有效期五年至期满为止", 12)
    found = lines(paper)
    assert found[0].startswith("云州市人民政府办公室")
    assert found[-1].startswith("注：本办法")
    assert found[1].startswith("左栏")


def test_three_columns() -> None:
    paper = Paper(842, 608)
    for number in range(16):
        for place, words in enumerate((LEFT_WORDS, RIGHT_WORDS, "第三栏" * 90)):
            paper.text(60 + place * 250, 100 + number * 22, words[number * 19 : number * 19 + 19], 12)
    found = "".join(lines(paper))
    assert found == LEFT_WORDS[:304] + RIGHT_WORDS[:304] + ("第三栏" * 90)[:304]


# Signs and gaps


def test_signs_drawn_twice_are_one_bold_sign() -> None:
    paper = body(Paper())
    paper.text(LEFT, paper.top, "一、总体目标").text(LEFT + 0.3, paper.top, "一、总体目标")
    found = read(paper)
    assert found.text.endswith("\n一、总体目标")
    assert found.blocks[-1].bold


def test_the_same_sign_twice_side_by_side_stays_twice() -> None:
    paper = body(Paper())
    assert read(paper.text(LEFT, paper.top, "11个市县，人人享有，222项。")).text.endswith("11个市县，人人享有，222项。")


def test_a_heading_with_wide_spaces() -> None:
    paper = Paper()
    paper.text(290, 100, "总", 18).text(326, 100, "则", 18)
    assert lines(body(Paper()), paper)[-1].replace("\u3000", "") == "总则"


def test_digits_on_the_chinese_grid_are_one_number() -> None:
    paper = Paper()
    for line in ("到2005年末全市有60家企业和1200名职工参保", "完成投资3500万元比1999年增长48个百分点左右"):
        paper.text(LEFT, paper.top, line, 12, pitch=12)
        paper.top += 20
    found = read(paper).text
    assert "到2005年末全市有60家企业和1200名职工参保" in found
    assert "完成投资3500万元比1999年增长48个百分点左右" in found


def test_two_numbers_side_by_side_stay_apart() -> None:
    paper = body(Paper())
    paper.text(LEFT, paper.top, "指标").text(LEFT + 100, paper.top, "35").text(LEFT + 150, paper.top, "48")
    assert read(paper).text.split("\n")[-1].split() == ["指标", "35", "48"]


def test_raised_figures_do_not_join_the_number_before_them() -> None:
    paper = body(Paper())
    paper.text(LEFT, paper.top, "建成1000").text(LEFT + 4 * SIZE, paper.top - 1, "1", 8)
    paper.text(LEFT + 4.25 * SIZE, paper.top, "家企业，面积300m").text(LEFT + 12.25 * SIZE, paper.top - 1, "2", 8)
    assert "10001" not in read(paper).text
    assert read(paper).text.endswith("300m²")


def test_lowered_figures_are_plain() -> None:
    paper = body(Paper())
    paper.text(LEFT, paper.top, "PM").text(LEFT + SIZE, paper.top + 10, "2.5", 8).text(
        LEFT + 1.75 * SIZE, paper.top, "和CO"
    )
    paper.text(LEFT + 3.75 * SIZE, paper.top + 10, "2", 8).text(LEFT + 4 * SIZE, paper.top, "排放总量")
    assert read(paper).text.split("\n")[-1] == "PM2.5和CO2排放总量"


def test_a_line_alone_on_its_page_is_not_full_because_it_is_the_longest() -> None:
    papers = [Paper().text(LEFT, 300, "云州市数字经济发展规划"), Paper().text(LEFT, 100, "云州市发展和改革委员会编印")]
    assert lines(*papers) == ["云州市数字经济发展规划", "云州市发展和改革委员会编印"]


# Pages one by one


def test_pages_may_come_in_any_order() -> None:
    papers = [body(Paper()) for _ in range(3)]
    engine = Engine()
    for number in (2, 3, 1):
        engine.put(number, papers[number - 1].page)
    assert engine.content() == read(*papers)
