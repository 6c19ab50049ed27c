"""Word files: what the text holds, what is left out and told, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from word_files import (
    STRICT,
    TRANSITIONAL,
    cell,
    codes,
    docx,
    field,
    level,
    lines,
    numbering,
    p,
    part,
    read,
    row,
    run,
    source,
    table,
)

from pipeline.read import ReadError, open_source
from pipeline.read import word as module

DELETED_MARK = '<w:rPr><w:del w:id="9" w:author="a"/></w:rPr>'
TEXT_BOX = "<w:txbxContent>{}</w:txbxContent>"


def deleted(text: str) -> str:
    return f'<w:del w:id="1" w:author="a"><w:r><w:delText>{text}</w:delText></w:r></w:del>'


def inserted(text: str) -> str:
    return f'<w:ins w:id="2" w:author="a">{run(text)}</w:ins>'


# --- changes ---------------------------------------------------------------------------------------------------------


def test_changes_are_read_as_accepted_and_told() -> None:
    found = source(p("企业数达到", deleted("1000"), inserted("1200"), "家。"))
    assert found.text == "企业数达到1200家。"
    assert codes(found)["revisions_accepted"].startswith("The file holds 2 tracked changes.")


def test_moved_words_stand_once() -> None:
    source_of_move = f'<w:moveFrom w:id="1" w:author="a">{run("到2025年")}</w:moveFrom>'
    target_of_move = f'<w:moveTo w:id="2" w:author="a">{run("到2025年")}</w:moveTo>'
    assert read(p(source_of_move, "建成管网。", target_of_move, "完工。")) == ["建成管网。到2025年完工。"]


def test_a_paragraph_whose_mark_is_deleted_goes_on_in_the_next() -> None:
    body = p("建成管网", properties=DELETED_MARK) + p("200公里。", properties='<w:outlineLvl w:val="0"/>')
    found = source(body)
    assert lines(found) == ["建成管网200公里。"]
    assert found.blocks[0].level == 1


def test_a_heading_set_into_its_paragraph_is_one_line_of_text() -> None:
    run_in = "<w:rPr><w:vanish/><w:specVanish/></w:rPr>"
    heading = p("建设管网。", number=(1, 0), properties='<w:outlineLvl w:val="1"/>' + run_in)
    found = source(heading + p("新建管网80公里。"), numbering=numbering([level(0, "chineseCounting", "（%1）")]))
    assert lines(found) == ["（一）建设管网。新建管网80公里。"]
    assert found.blocks[0].level == 0


def test_a_deleted_item_does_not_count() -> None:
    gone = p(deleted("旧事项"), number=(1, 0), properties=DELETED_MARK)
    body = p("甲", number=(1, 0)) + gone + p("乙", number=(1, 0))
    assert read(body, numbering=numbering([level(0, "decimal", "%1.")])) == ["1.甲", "2.乙"]


def test_deleted_rows_are_gone() -> None:
    gone = row("旧指标", "1", properties='<w:del w:id="1" w:author="a"/>')
    found = source(table(row("指标", "数值"), gone, row("管网（公里）", "200")))
    assert lines(found) == ["指标\t数值\n管网（公里）\t200"]
    assert [cell.row for cell in found.blocks[0].cells] == [0, 0, 1, 1]


# --- tables ----------------------------------------------------------------------------------------------------------


def test_merged_cells_stand_once_with_their_spans() -> None:
    start, more = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    found = source(
        table(
            row(cell("类别"), cell("指标", properties='<w:gridSpan w:val="2"/>'), properties="<w:tblHeader/>"),
            row(cell("水网", properties=start), "管网", "200公里"),
            row(cell(properties=more), "泵站", "12座"),
            row(cell("合计"), "2项", properties='<w:gridBefore w:val="1"/>'),
        )
    )
    block = found.blocks[0]
    assert block.kind == "table"
    places = [(c.row, c.column, c.row_span, c.column_span, c.header) for c in block.cells]
    words = [found.text[c.start : c.end] for c in block.cells]
    assert [(word, *place) for word, place in zip(words, places, strict=True)] == [
        ("类别", 0, 0, 1, 1, True), ("指标", 0, 1, 1, 2, True),
        ("水网", 1, 0, 2, 1, False), ("管网", 1, 1, 1, 1, False), ("200公里", 1, 2, 1, 1, False),
        ("泵站", 2, 1, 1, 1, False), ("12座", 2, 2, 1, 1, False),
        ("合计", 3, 1, 1, 1, False), ("2项", 3, 2, 1, 1, False),
    ]  # fmt: skip
    assert found.text == "类别\t指标\n水网\t管网\t200公里\n泵站\t12座\n合计\t2项"


def test_cells_hold_lines_without_tabs_and_numbers_of_their_own() -> None:
    body = table(
        row("序号", "任务"),
        row(cell(p(number=(1, 0))), cell(p("建设", "<w:r><w:tab/></w:r>", "管网。"), p("改造泵站。"))),
        row(cell(p(number=(1, 0))), cell(p("汇集", "<w:r><w:br/></w:r>", "数据。"))),
    )
    found = source(body, numbering=numbering([level(0, "decimal", "%1")]))
    assert [found.text[c.start : c.end] for c in found.blocks[0].cells] == [
        "序号", "任务", "1", "建设 管网。\n改造泵站。", "2", "汇集\n数据。",
    ]  # fmt: skip


def test_boxes_around_prose_and_single_rows_are_lines() -> None:
    box = table(row("专栏1 水网工程"), row(cell("建成管网200公里。", "改造泵站12座。")))
    assert read(box + table(row("甲方", "乙方"))) == [
        "专栏1 水网工程",
        "建成管网200公里。",
        "改造泵站12座。",
        "甲方",
        "乙方",
    ]


def test_page_columns_are_lines_but_a_small_table_inside_a_cell_stays_in_it() -> None:
    long = [f"第{number}段，" + "加快建设水网，" * 20 for number in range(7)]
    assert len(read(table(row(cell(*long), "附注"), row("甲", "乙")))) == 10
    inner = table(row("管网", "200公里"), row("泵站", "12座"))
    outer = table(
        *(row(f"任务{number}", "市水务局", "2025年") for number in range(4)), row("任务5", cell(inner), "2024年")
    )
    found = source(outer)
    assert len(found.blocks) == 1
    assert "任务5\t管网 200公里\n泵站 12座\t2024年" in found.text
    page = table(row(cell("版头"), cell("云州市")), row(cell(inner), cell("完")))
    assert [block.kind for block in source(page).blocks] == ["paragraph", "paragraph", "table", "paragraph"]


def test_rows_and_cells_in_content_controls() -> None:
    held = f"<w:sdt><w:sdtContent>{row('管网', '200公里')}</w:sdtContent></w:sdt>"
    in_cell = f"<w:tr><w:sdt><w:sdtContent>{cell('泵站')}</w:sdtContent></w:sdt>{cell('12座')}</w:tr>"
    assert read(table(row("指标", "数值"), held, in_cell)) == ["指标\t数值\n管网\t200公里\n泵站\t12座"]


# --- what hangs on a paragraph ---------------------------------------------------------------------------------------


def test_text_boxes_follow_their_paragraph_once() -> None:
    shape = f"<wps:wsp><wps:txbx>{TEXT_BOX.format(p('框中文字。'))}</wps:txbx></wps:wsp>"
    old = f"<w:pict><v:shape><v:textbox>{TEXT_BOX.format(p('框中文字。'))}</v:textbox></v:shape></w:pict>"
    both = (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{shape}</w:drawing></mc:Choice>'
        f"<mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert read(p("正文", both, "继续。")) == ["正文继续。", "框中文字。"]
    assert read(p("正文。", f"<w:r>{old}</w:r>")) == ["正文。", "框中文字。"]
    art = '<w:r><w:pict><v:shape><v:textpath string="云州市人民政府文件"/></v:shape></w:pict></w:r>'
    assert read(p(art) + p("正文。")) == ["云州市人民政府文件", "正文。"]


def test_notes_come_last_and_their_marks_do_not_touch_figures() -> None:
    notes = (
        '<w:footnote w:id="-1" w:type="separator"><w:p/></w:footnote>'
        f'<w:footnote w:id="2">{p("<w:r><w:footnoteRef/></w:r>", " 指规模以上企业。")}</w:footnote>'
        f'<w:footnote w:id="3">{p("另见附件。")}</w:footnote>'
    )
    mark = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    found = source(p("达到1000", mark.format(2), "家。") + p("完工", mark.format(3), "。"), footnotes=notes)
    assert lines(found) == ["达到1000¹家。", "完工²。", "¹指规模以上企业。", "²另见附件。"]
    assert "notes_at_end" in codes(found)


def test_fields_show_their_results() -> None:
    body = (
        p("见", field(" REF a \\h ", "附件1"), "。第", field("PAGE", "12"), "页")
        + p("第", field(r"eq \o\ac(○,3)"), "条，占", field(r"EQ \f(1,2)"), "以上")
        + p(f'<w:fldSimple w:instr=" DATE ">{run("2023年8月")}</w:fldSimple>')
        + p('<w:r><w:fldChar w:fldCharType="begin"/></w:r>', "未结束的域也不吞字。")
    )
    assert read(body) == ["见附件1。第页", "第③条，占1/2以上", "2023年8月", "未结束的域也不吞字。"]


def test_signs() -> None:
    raised = '<w:vertAlign w:val="superscript"/>'
    body = (
        p("建成", '<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>', "200公里", "<w:r><w:softHyphen/></w:r>")
        + p("A", "<w:r><w:noBreakHyphen/></w:r>", "1类，面积200km", run("2", raised), "，10", run("4", raised), "户")
        + p("上行", "<w:r><w:br/></w:r>", "下行")
        + p("<w:r><w:ruby><w:rt>" + run("zhou") + "</w:rt><w:rubyBase>" + run("州") + "</w:rubyBase></w:ruby></w:r>")
        + p(f'<w:hyperlink r:id="x">{run("链接文字")}</w:hyperlink>')
    )
    assert read(body) == ["建成≥200公里", "A-1类，面积200km²，10⁴户", "上行", "下行", "州", "链接文字"]


def test_equations_in_reading_order() -> None:
    def math(text: str) -> str:
        return f"<m:r><m:t>{text}</m:t></m:r>"

    fraction = f"<m:f><m:num>{math('产值')}</m:num><m:den>{math('面积')}</m:den></m:f>"
    power = f"<m:sSup><m:e>{math('10')}</m:e><m:sup>{math('4')}</m:sup></m:sSup>"
    assert read(p("强度=", f"<m:oMath>{fraction}{math('×')}{power}</m:oMath>", "。")) == ["强度=产值/面积×10⁴。"]


def test_hidden_words_are_left_out_and_told() -> None:
    found = source(
        p("公开。", run("内部批注", "<w:vanish/>"))
        + p(run("整段", "<w:vanish/>"), properties="<w:rPr><w:vanish/></w:rPr>")
    )
    assert lines(found) == ["公开。"]
    assert "内部批注 整段" in codes(found)["hidden_text_left_out"]


# --- layout ----------------------------------------------------------------------------------------------------------


def test_levels_centring_and_bold_come_from_styles_too() -> None:
    styles = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:name w:val="Normal"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="A"><w:name w:val="Title"/><w:pPr><w:jc w:val="center"/></w:pPr>'
        "<w:rPr><w:b/></w:rPr></w:style>"
        '<w:style w:type="paragraph" w:styleId="B"><w:name w:val="小标题"/><w:basedOn w:val="C"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="C"><w:name w:val="heading 2"/><w:basedOn w:val="B"/></w:style>'
    )
    body = (
        p("云州市行动计划", style="A")
        + p("总体要求", style="B")
        + p("正文。", style="C", properties='<w:outlineLvl w:val="9"/>')
    )
    found = source(body + p(run("加粗", "<w:b/>"), run("的一句，后面不是粗体。", '<w:b w:val="0"/>')), styles=styles)
    assert [(block.level, block.centred, block.bold) for block in found.blocks] == [
        (0, True, True), (2, False, False), (0, False, False), (0, False, False),
    ]  # fmt: skip


def test_tables_of_contents() -> None:
    gallery = '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
    control = f"<w:sdt>{gallery}<w:sdtContent>{p('目录')}{p('一、总体要求', run('1'))}</w:sdtContent></w:sdt>"
    begin, split, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    by_field = (
        p(begin, "<w:r><w:instrText>TOC \\o</w:instrText></w:r>", split, "二、任务 2")
        + p("三、保障 3")
        + p(end, "正文。")
    )
    found = source(control + by_field + p("正文。"))
    assert [block.kind for block in found.blocks] == ["contents"] * 4 + ["paragraph"] * 2


def test_blank_lines_stay_between_paragraphs() -> None:
    found = source(p("") + p("标题") + p("") + p("　　正文。") + p(""))
    assert found.text == "标题\n\n　　正文。"
    assert lines(found) == ["标题", "正文。"]


# --- what is told ----------------------------------------------------------------------------------------------------


def test_headers_comments_pictures_and_attachments_are_told() -> None:
    found = source(
        p("正文。", "<w:r><w:drawing><pic:pic/></w:drawing></w:r>"),
        header=p("云州市人民政府公报"),
        footer=p("第", field("PAGE", "1"), "页"),
        comments=f'<w:comment w:id="1">{p("请核实")}</w:comment>',
        parts={"word/embeddings/list.xlsx": b"x"},
        more=[("package", "embeddings/list.xlsx"), ("oleObject", "embeddings/oleObject1.bin")],
    )
    told = codes(found)
    assert found.text == "正文。"
    assert "云州市人民政府公报" in told["headers_and_footers_left_out"]
    assert told["comments_left_out"].startswith("The file holds 1 comments")
    assert told["images_not_read"].startswith("1 pictures")
    assert "list.xlsx, oleObject1.bin" in told["attachment_not_read"]
    assert {row.code: row.severity for row in found.problems}["attachment_not_read"] == "warning"


def test_a_plain_file_has_no_problems() -> None:
    assert source(p("到2025年建成管网200公里。"), footer=p(field("PAGE", "1"))).problems == ()


def test_strict_files_and_files_without_relationships() -> None:
    heading = p("总体要求", properties='<w:outlineLvl w:val="0"/>')
    body = part("document", f"<w:body>{heading}</w:body>")
    strict = body.replace(TRANSITIONAL.encode(), STRICT.encode())
    found = open_source(docx("", parts={"word/document.xml": strict, "_rels/.rels": b"<Relationships/>"}), "plan.docx")
    assert lines(found) == ["总体要求"]
    assert found.blocks[0].level == 1


# --- what is refused -------------------------------------------------------------------------------------------------


def refusal(data: bytes) -> ReadError:
    with pytest.raises(ReadError) as caught:
        open_source(data, "plan.docx")
    return caught.value


def test_files_without_words_say_why() -> None:
    assert refusal(docx(p(""))).code == "no_text"
    scan = refusal(docx(p("<w:r><w:drawing><pic:pic/></w:drawing></w:r>")))
    assert scan.code == "no_text"
    assert "Save it as PDF" in scan.message


def test_broken_and_dangerous_files_are_refused() -> None:
    whole = docx(p("正文。") * 50)
    assert refusal(whole[: len(whole) * 2 // 3]).code == "damaged_file"
    assert refusal(docx("", parts={"word/document.xml": b"<w:document"})).code == "damaged_file"
    assert refusal(docx("", parts={"word/document.xml": part("styles", "")})).code == "damaged_file"
    entity = b'<!DOCTYPE x [<!ENTITY a "1000">]>' + part("document", f"<w:body>{p('&amp;a;')}</w:body>")[38:]
    assert refusal(docx("", parts={"word/document.xml": entity})).code == "damaged_file"


def test_bombs_end_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(docx(f"<w:p><w:r><w:t>{'1' * (20 << 20)}</w:t></w:r></w:p>")).code == "too_large"
    assert refusal(docx("<w:p/>" * 2_000_000)).code == "too_large"
    assert refusal(docx("<w:tbl><w:tr><w:tc>" * 3000 + "</w:tc></w:tr></w:tbl>" * 3000)).code == "too_large"
    monkeypatch.setattr(module, "MOST_PARAGRAPHS", 10)
    assert refusal(docx(p("正文。") * 11)).code == "too_large"


def test_deep_nesting_and_huge_spans_are_read() -> None:
    deep = "甲"
    for _ in range(70):
        deep = table(row(cell(p("乙") + deep if deep.startswith("<") else deep)))
    assert read(deep)[-1] == "甲"
    wide = cell("甲", properties='<w:gridSpan w:val="999999999"/>')
    found = source(table(row(wide, "乙"), row("丙", "丁")))
    assert found.text == "甲\t乙\n丙\t丁"
    assert [entry.column for entry in found.blocks[0].cells] == [0, 1000, 0, 1]


PIECES = st.sampled_from(
    [
        p("正文。"), p(""), p(inserted("甲"), deleted("乙")), p("丙", properties=DELETED_MARK), p("丁", number=(1, 0)),
        p(field("PAGE", "1"), field("EQ x")), table(row("甲", "乙"), row("丙", "丁")),
        table(row(cell(table(row("甲"))))),
        table(row(cell("甲", properties="<w:vMerge/>"), "乙")), table(), "<w:tbl><w:tr/></w:tbl>", "<w:altChunk/>",
        "<w:sdt/>", '<w:p><w:r><w:fldChar w:fldCharType="end"/><w:t>戊</w:t></w:r></w:p>', "<m:oMath/>",
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r></w:p>', "<mc:AlternateContent/>",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12))
def test_blocks_cover_the_text_whatever_the_file_holds(pieces: list[str]) -> None:
    found = source(p("开头。") + "".join(pieces), numbering=numbering([level(0, "decimal", "%1.")]))
    position = 0
    for block in found.blocks:
        assert not found.text[position : block.start].strip()
        assert position <= block.start < block.end
        for entry in block.cells:
            assert block.start <= entry.start <= entry.end <= block.end
            assert "\t" not in found.text[entry.start : entry.end]
        position = block.end
    assert not found.text[position:].strip()
