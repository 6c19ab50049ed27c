"""OFD: where characters and lines come to stand, what is left out, and what hostile or broken files give."""

from __future__ import annotations

import random
import zlib
from collections import defaultdict

import pytest
from ofd_files import (
    EM,
    HEAD,
    LEFT,
    NAMESPACE,
    TEXT_WIDTH,
    Cell,
    PageBreak,
    Paragraph,
    Table,
    content_xml,
    document_parts,
    package,
    path_object,
    text_object,
    write_ofd,
)

from pipeline.model import Problem
from pipeline.read import ReadError, open_source
from pipeline.read.ofd import images_of, pages_of
from pipeline.read.ofd_geometry import POINTS, deltas
from pipeline.read.printed import Glyph, Page

NEAR = pytest.approx


def pages(*contents: str, **more: str) -> tuple[list[Page], list[Problem]]:
    return pages_of(package(document_parts(contents, **more)), "计划.ofd")


def page(objects: str, **more: str) -> Page:
    found, problems = pages(content_xml(objects, **more))
    assert problems == []
    return found[0]


def lines(found: Page) -> list[str]:
    """Give the lines of a page as glyphs of the same height make them, from the top."""
    rows: dict[int, list[Glyph]] = defaultdict(list)
    for glyph in found.glyphs:
        rows[round(glyph.bottom)].append(glyph)
    return ["".join(g.text for g in sorted(rows[row], key=lambda g: g.x0)) for row in sorted(rows)]


def words(found: Page) -> str:
    return "".join(glyph.text for glyph in found.glyphs)


# Places


def test_a_character_stands_where_boundary_code_and_distances_put_it() -> None:
    found = page(
        '<ofd:TextObject ID="1" Boundary="30 50 100 10" Font="3" Size="5">'
        '<ofd:TextCode X="1" Y="4" DeltaX="5 g 2 6">云州计划</ofd:TextCode></ofd:TextObject>'
    )
    assert [glyph.text for glyph in found.glyphs] == list("云州计划")
    assert [glyph.x0 / POINTS for glyph in found.glyphs] == NEAR([31, 36, 42, 48])
    assert [glyph.size for glyph in found.glyphs] == NEAR([5 * POINTS] * 4)
    first = found.glyphs[0]
    assert first.top < 54 * POINTS < first.bottom < 60 * POINTS
    assert first.x1 - first.x0 == NEAR(5 * POINTS)
    assert (found.width, found.height) == NEAR((595.28, 841.89), abs=0.01)


def test_distances_in_short_and_their_bound() -> None:
    assert deltas("g 3 5.64 2.82 g 2 1", 99) == [5.64, 5.64, 5.64, 2.82, 1, 1]
    assert deltas("1 2 3", 2) == [1, 2]
    assert deltas("g 4000000000 1", 3) == [1, 1, 1]
    assert deltas("g -5 1 7", 9) == [7]
    assert deltas("g 3", 9) == []
    assert deltas(None, 9) == []
    assert deltas("1 nan", 9) == [1, 0]


def test_a_matrix_scales_and_moves_before_the_boundary() -> None:
    found = page(
        '<ofd:TextObject ID="1" Boundary="10 20 100 10" CTM="2 0 0 2 3 4" Font="3" Size="5">'
        '<ofd:TextCode X="1" Y="5" DeltaX="5">云州</ofd:TextCode></ofd:TextObject>'
    )
    assert [glyph.x0 / POINTS for glyph in found.glyphs] == NEAR([15, 25])
    assert found.glyphs[0].size == NEAR(10 * POINTS)


def test_half_wide_figures_touch_and_a_far_one_does_not() -> None:
    found = page(text_object("2025", 20, 50, 6, distances=[3, 3, 9]))
    gaps = [right.x0 - left.x1 for left, right in zip(found.glyphs, found.glyphs[1:], strict=False)]
    assert gaps[:2] == NEAR([0, 0], abs=0.01)
    assert gaps[2] == NEAR(6 * POINTS, abs=0.1)


def test_characters_one_below_the_other() -> None:
    found = page(
        '<ofd:TextObject ID="1" Boundary="10 20 10 50" Font="3" Size="5">'
        '<ofd:TextCode X="0" Y="5" DeltaY="g 3 6">责任单位</ofd:TextCode></ofd:TextObject>'
    )
    assert len({glyph.x0 for glyph in found.glyphs}) == 1
    assert [glyph.top / POINTS for glyph in found.glyphs] == NEAR([20.6, 26.6, 32.6, 38.6])


def test_bold_by_weight_and_by_font() -> None:
    bold = f'{HEAD}<ofd:Res {NAMESPACE}><ofd:Fonts><ofd:Font ID="7" FontName="仿宋" Bold="true"/></ofd:Fonts></ofd:Res>'
    objects = (
        text_object("甲", 10, 10)
        + text_object("乙", 20, 10, attributes=' Weight="700"')
        + text_object("丙", 30, 10, font=7)
    )
    parts = document_parts([content_xml(objects)], common="<ofd:DocumentRes>/Doc_0/More.xml</ofd:DocumentRes>")
    found, _ = pages_of(package({**parts, "Doc_0/More.xml": bold}), "a.ofd")
    assert [(glyph.text, glyph.bold) for glyph in found[0].glyphs] == [("甲", False), ("乙", True), ("丙", True)]


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_page_set_sideways_is_turned(angle: int) -> None:
    turn = {90: "0 1 -1 0 180 0", 180: "-1 0 0 -1 200 200", 270: "0 -1 1 0 0 200"}[angle]
    objects = f'<ofd:CompositeObject ID="2" Boundary="0 0 210 297" CTM="{turn}" ResourceID="60"/>'
    inner = (
        text_object("第一行文字", 20, 30)
        + text_object("第二行文字", 20, 45)
        + path_object(20, 50, 60, 1, "M 0 0 L 60 0")
    )
    unit = (
        f'{HEAD}<ofd:Res {NAMESPACE}><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="60" Width="1" Height="1">'
        f"<ofd:Content>{inner}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>"
    )
    parts = document_parts([content_xml(objects)], common="<ofd:DocumentRes>Units.xml</ofd:DocumentRes>")
    found, problems = pages_of(package({**parts, "Doc_0/Units.xml": unit}), "a.ofd")
    assert problems == []
    assert lines(found[0]) == ["第一行文字", "第二行文字"]
    sides = (297, 210) if angle != 180 else (210, 297)
    assert (found[0].width / POINTS, found[0].height / POINTS) == NEAR(sides)
    (rule,) = found[0].rules
    assert rule.x1 - rule.x0 == NEAR(60 * POINTS, abs=1)
    assert rule.top > max(glyph.bottom for glyph in found[0].glyphs) - 6


def test_a_page_box_of_its_own_that_does_not_begin_at_zero() -> None:
    found = page(text_object("云州", 110, 60), area="100 50 297 210")
    assert (found.width / POINTS, found.height / POINTS) == NEAR((297, 210))
    assert found.glyphs[0].x0 / POINTS == NEAR(10)


# Lines


def test_strokes_and_thin_areas_are_rules_and_curves_are_none() -> None:
    found = page(
        path_object(20, 30, 100, 40, "M 0 0 L 100 0 L 100 40 L 0 40 C")
        + path_object(20, 90, 100, 0.3, "M 0 0 L 100 0 L 100 0.3 L 0 0.3 C", ' Fill="true" Stroke="false"')
        + path_object(20, 100, 50, 50, "M 0 0 B 10 10 20 20 50 0")
        + path_object(20, 100, 50, 50, "M 0 0 L 50 50")
        + path_object(20, 200, 100, 50, "M 0 0 L 100 0 L 100 50 L 0 50 C", ' Fill="true" Stroke="false"')
        + path_object(20, 20, 9, 9, "M 0 0 L 9 0", ' Visible="false"')
    )
    boxes = [tuple(round(edge / POINTS) for edge in rule) for rule in found.rules]
    assert boxes == [
        (20, 30, 120, 30), (120, 30, 120, 70), (20, 70, 120, 70), (20, 30, 20, 70), (20, 90, 120, 90),
    ]  # fmt: skip


# Templates, groups, layers


def test_templates_lie_under_and_over_the_page() -> None:
    common = (
        '<ofd:TemplatePage ID="50" BaseLoc="Tpls/Tpl_0/Content.xml"/>'
        '<ofd:TemplatePage ID="51" BaseLoc="Tpls/Tpl_1/Content.xml"/>'
    )
    used = '<ofd:Template TemplateID="51" ZOrder="Foreground"/><ofd:Template TemplateID="50" ZOrder="Background"/>'
    parts = document_parts(
        [
            content_xml(text_object("正文", 20, 40), template=used),
            content_xml(text_object("续", 20, 40), template=used),
        ],
        common=common,
    )
    parts["Doc_0/Tpls/Tpl_0/Content.xml"] = content_xml(
        text_object("页眉", 20, 20) + path_object(20, 25, 99, 1, "M 0 0 L 99 0")
    )
    parts["Doc_0/Tpls/Tpl_1/Content.xml"] = content_xml(text_object("页脚", 20, 280))
    found, problems = pages_of(package(parts), "a.ofd")
    assert [words(each) for each in found] == ["页眉正文页脚", "页眉续页脚"]
    assert [len(each.rules) for each in found] == [1, 1]
    assert problems == []


def test_a_missing_template_is_told_once_for_a_page() -> None:
    found, problems = pages(content_xml(text_object("正文", 20, 40), template='<ofd:Template TemplateID="50"/>'))
    assert words(found[0]) == "正文"
    assert [(problem.severity, problem.code) for problem in problems] == [("warning", "template_not_read")]


def test_groups_are_followed_and_hidden_objects_are_not() -> None:
    found = page(
        f"<ofd:PageBlock><ofd:PageBlock>{text_object('内', 20, 20)}</ofd:PageBlock></ofd:PageBlock>"
        + text_object("隐", 40, 20, attributes=' Visible="false"')
    )
    assert words(found) == "内"


def test_text_drawn_twice_to_look_bold_counts_once() -> None:
    found = page(text_object("2025年", 20, 20) + text_object("2025年", 20.1, 20) + text_object("22", 60, 20))
    assert words(found) == "2025年22"


def test_several_documents_follow_each_other() -> None:
    first = document_parts([content_xml(text_object("甲", 20, 20))])
    second = {
        name.replace("Doc_0", "Doc_1"): data
        for name, data in document_parts([content_xml(text_object("乙", 20, 20))]).items()
    }
    root = str(first["OFD.xml"]).replace(
        "</ofd:OFD>", "<ofd:DocBody><ofd:DocRoot>Doc_1/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    )
    found, problems = pages_of(package({**second, **first, "OFD.xml": root}), "a.ofd")
    assert [words(each) for each in found] == ["甲", "乙"]
    assert problems == []


# What is left out is told


def test_watermarks_and_text_off_the_page_are_told() -> None:
    leaning = text_object("内部资料", 50, 100, attributes=' CTM="0.7 -0.7 0.7 0.7 0 0"')
    found, problems = pages(content_xml(text_object("正文", 20, 20) + leaning + text_object("外", 400, 20)))
    assert words(found[0]) == "正文"
    assert [(problem.code, problem.message) for problem in problems] == [
        ("leaning_text_left_out", "Text that leans, as watermarks do, was left out: “内部资料”."),
        ("text_off_page", "Text outside the page, which nobody sees, was left out: “外”."),
    ]


def test_attachments_and_annotations_are_told() -> None:
    more = (
        "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>"
        "<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>"
    )
    parts = document_parts([content_xml(text_object("正文", 20, 20))], more=more)
    parts["Doc_0/Attachs/Attachments.xml"] = (
        f'{HEAD}<ofd:Attachments {NAMESPACE}><ofd:Attachment ID="1" Name="任务分解表.xlsx">'
        "<ofd:FileLoc>t.xlsx</ofd:FileLoc></ofd:Attachment></ofd:Attachments>"
    )
    parts["Doc_0/Annots/Annotations.xml"] = (
        f'{HEAD}<ofd:Annotations {NAMESPACE}><ofd:Page PageID="100"><ofd:FileLoc>P0.xml</ofd:FileLoc></ofd:Page>'
        "</ofd:Annotations>"
    )
    parts["Doc_0/Annots/P0.xml"] = (
        f'{HEAD}<ofd:PageAnnot {NAMESPACE}><ofd:Annot Type="Stamp"><ofd:Appearance>{text_object("已阅", 9, 9)}'
        "</ofd:Appearance></ofd:Annot></ofd:PageAnnot>"
    )
    found, problems = pages_of(package(parts), "a.ofd")
    assert words(found[0]) == "正文"
    assert [(problem.code, problem.message) for problem in problems] == [
        (
            "attachment_not_read",
            "The attachment “任务分解表.xlsx” inside the file was not read. Save it from an OFD viewer as a file.",
        ),
        ("annotation_left_out", "Annotations above the pages were left out: “已阅”."),
    ]


def test_glyphs_of_an_embedded_font_without_characters_are_told() -> None:
    mute = (
        '<ofd:TextObject ID="1" Boundary="9 9 9 9" Font="3" Size="5"><ofd:CGTransform CodePosition="0" CodeCount="2" '
        'GlyphCount="2"><ofd:Glyphs>11 12</ofd:Glyphs></ofd:CGTransform><ofd:TextCode X="0" Y="5"/></ofd:TextObject>'
    )
    told = mute.replace('<ofd:TextCode X="0" Y="5"/>', '<ofd:TextCode X="0" Y="5" DeltaX="5">云州</ofd:TextCode>')
    found, problems = pages(content_xml(told), content_xml(mute))
    assert [words(each) for each in found] == ["云州", ""]
    assert [problem.code for problem in problems] == ["text_without_characters"]


def picture_parts(objects: str) -> dict[str, str | bytes]:
    resource = (
        f'{HEAD}<ofd:Res {NAMESPACE} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="70" Type="Image">'
        "<ofd:MediaFile>scan.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>"
    )
    image = '<ofd:ImageObject ID="3" Boundary="0 0 210 297" CTM="210 0 0 297 0 0" ResourceID="70"/>'
    parts = document_parts([content_xml(image + objects)], common="<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>")
    return {**parts, "Doc_0/DocumentRes.xml": resource, "Doc_0/Res/scan.png": b"\x89PNG"}


def test_a_scan_gives_its_picture() -> None:
    data = package(picture_parts(""))
    assert pages_of(data, "a.ofd")[0][0].glyphs == ()
    ((image,),) = images_of(data, "a.ofd")
    assert image.data == b"\x89PNG"
    assert image.box == NEAR((0, 0, 595.28, 841.89), abs=0.01)


def test_a_scan_with_hidden_text_behind_it_gives_the_text() -> None:
    found, _ = pages_of(package(picture_parts(text_object("识别文字", 20, 20, attributes=' Visible="false"'))), "a.ofd")
    assert words(found[0]) == "识别文字"


def test_a_file_of_pictures_only_is_refused_with_advice() -> None:
    pytest.importorskip("pipeline.read.layout")
    from pipeline.read.ofd import read_ofd

    with pytest.raises(ReadError) as caught:
        read_ofd(package(picture_parts("")), "扫描.ofd")
    assert caught.value.code == "no_text"
    assert caught.value.message == (
        "扫描.ofd holds no characters, only pictures or outlines of them. Print it to PDF from an OFD viewer, so that "
        "it is read by character recognition, or look for a text version at its publisher."
    )


# Files as they come


def test_locations_written_otherwise_are_found() -> None:
    parts = document_parts([content_xml(text_object("正文", 20, 20))])
    document = str(parts["Doc_0/Document.xml"])
    for place in ("/Doc_0/Pages/Page_0/Content.xml", "Doc_0/Pages/Page_0/Content.xml", r"Pages\Page_0\content.XML"):
        written = document.replace("Pages/Page_0/Content.xml", place)
        found, problems = pages_of(package({**parts, "Doc_0/Document.xml": written}), "a.ofd")
        assert words(found[0]) == "正文"
        assert problems == []


@pytest.mark.parametrize("name", ["http://www.ofdspec.org", ""])
def test_other_namespaces_undeclared_prefixes_and_gb_labels(name: str) -> None:
    written = content_xml(text_object("朱镕", 20, 20))
    declared = f'xmlns:ofd="{name}"' if name else ""
    mended = written.replace(NAMESPACE, declared).replace("UTF-8", "GB2312").encode("gb18030")
    parts = document_parts([written])
    found, problems = pages_of(package({**parts, "Doc_0/Pages/Page_0/Content.xml": mended}), "a.ofd")
    assert words(found[0]) == "朱镕"
    assert problems == []


def test_broken_xml_is_read_as_far_as_it_goes_and_told() -> None:
    whole = content_xml(text_object("正文", 20, 20) + text_object("后文", 20, 40))
    found, problems = pages(content_xml(text_object("首页", 20, 20)), whole[: whole.index("后文")])
    assert words(found[1]).startswith("正文")
    assert [(problem.severity, problem.code) for problem in problems] == [("warning", "damaged_part")]


def test_a_missing_page_is_told_and_the_others_keep_their_numbers() -> None:
    parts = document_parts([content_xml(text_object(text, 20, 20)) for text in "甲乙丙"])
    del parts["Doc_0/Pages/Page_1/Content.xml"]
    found, problems = pages_of(package(parts), "a.ofd")
    assert [words(each) for each in found] == ["甲", "", "丙"]
    assert [(problem.severity, problem.code) for problem in problems] == [("error", "page_not_read")]
    assert problems[0].message.startswith("Page 2 was not read: a.ofd is damaged: its part ")


@pytest.mark.parametrize("missing", ["OFD.xml", "Doc_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml"])
def test_a_file_without_a_part_that_all_need_is_refused(missing: str) -> None:
    parts = document_parts([content_xml(text_object("正文", 20, 20))])
    del parts[missing]
    with pytest.raises(ReadError) as caught:
        pages_of(package({**parts, "other.xml": "<a/>"}), "a.ofd")
    assert caught.value.code == "damaged_file"


def test_a_missing_resource_file_costs_nothing() -> None:
    parts = document_parts([content_xml(text_object("正文", 20, 20))])
    del parts["Doc_0/PublicRes.xml"]
    assert words(pages_of(package(parts), "a.ofd")[0][0]) == "正文"


def test_an_encrypted_file_is_refused() -> None:
    parts = document_parts([content_xml(text_object("正文", 20, 20))])
    with pytest.raises(ReadError) as caught:
        pages_of(package({**parts, "Encryptions.xml": "<a/>"}), "a.ofd")
    assert caught.value.code == "encrypted_file"


# Hostile files


def test_entities_are_refused_wherever_they_stand() -> None:
    laughs = '<!DOCTYPE a [<!ENTITY a "哈哈哈"><!ENTITY b "&a;&a;&a;">]>'
    outside = '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    good = content_xml(text_object("正文", 20, 20))
    for evil in (laughs, outside):
        hostile = content_xml(text_object("甲", 20, 20)).replace(HEAD, HEAD + evil).replace("甲", "&a;")
        with pytest.raises(ReadError, match="document type"):
            pages(hostile)
        found, problems = pages(good, hostile)
        assert [words(each) for each in found] == ["正文", ""]
        assert [problem.code for problem in problems] == ["page_not_read"]


def test_a_bomb_is_refused() -> None:
    parts = document_parts([content_xml(text_object("正文", 20, 20))])
    with pytest.raises(ReadError) as caught:
        pages_of(package({**parts, "Doc_0/Res/bomb.bin": bytes(8 << 20)}), "a.ofd")
    assert caught.value.code == "too_large"


def test_a_template_that_multiplies_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.read.ofd.Budget.__init__.__defaults__", (500, 100))
    used = '<ofd:Template TemplateID="50"/>'
    parts = document_parts([content_xml("", template=used)] * 20, common='<ofd:TemplatePage ID="50" BaseLoc="T.xml"/>')
    parts["Doc_0/T.xml"] = content_xml(text_object("计" * 100, 20, 20))
    with pytest.raises(ReadError) as caught:
        pages_of(package(parts), "a.ofd")
    assert caught.value.code == "too_large"


def test_groups_without_end_and_groups_that_hold_themselves_are_told() -> None:
    deep = "<ofd:PageBlock>" * 60 + text_object("深", 20, 20) + "</ofd:PageBlock>" * 60
    found, problems = pages(content_xml(text_object("正文", 20, 20) + deep))
    assert words(found[0]) == "正文"
    assert [problem.code for problem in problems] == ["nesting_too_deep"]
    unit = (
        f'{HEAD}<ofd:Res {NAMESPACE}><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="60"><ofd:Content>'
        '<ofd:CompositeObject ResourceID="60" Boundary="0 0 9 9"/></ofd:Content></ofd:CompositeGraphicUnit>'
        "</ofd:CompositeGraphicUnits></ofd:Res>"
    )
    objects = text_object("正文", 20, 20) + '<ofd:CompositeObject ResourceID="60" Boundary="0 0 9 9"/>'
    parts = document_parts([content_xml(objects)], common="<ofd:DocumentRes>U.xml</ofd:DocumentRes>")
    _, problems = pages_of(package({**parts, "Doc_0/U.xml": unit}), "a.ofd")
    assert [problem.code for problem in problems] == ["nesting_too_deep"]


def test_a_damaged_zip_is_refused() -> None:
    data = write_ofd([Paragraph("云州市计划")])
    with pytest.raises(ReadError) as caught:
        pages_of(data[: len(data) // 2], "a.ofd")
    assert caught.value.code == "damaged_file"
    whole = package(document_parts([content_xml(text_object("正文" * 500, 20, 20))]))
    place = whole.index(b"Content.xml") + 40
    broken = whole[:place] + bytes(byte ^ 0x5A for byte in whole[place : place + 20]) + whole[place + 20 :]
    assert zlib.crc32(broken) != zlib.crc32(whole)
    with pytest.raises(ReadError) as caught:
        pages_of(broken, "a.ofd")
    assert caught.value.code == "damaged_file"


def test_figures_beyond_all_measure_are_left_out() -> None:
    found, problems = pages(
        content_xml(
            text_object("正文", 20, 20)
            + text_object("远", 1e300, 20)
            + text_object("大", 20, 60, attributes=' CTM="1e200 0 0 1e200 0 0"')
            + path_object(20, 30, 90, 1, "M 0 0 L 1e308 0")
            + path_object(20, 30, 90, 1, "M 0 0 L inf 0 L nan 0 L 50 0"),
            area="0 0 1e300 1e300",
        )
    )
    assert words(found[0]) == "正文"
    assert (found[0].width, found[0].height) == NEAR((595.28, 841.89), abs=0.01)
    assert all(0 <= edge <= 842 for rule in found[0].rules for edge in rule)
    assert [problem.code for problem in problems] == ["text_off_page"]


def test_text_without_a_size_is_read_and_text_of_no_size_is_not() -> None:
    sizeless = text_object("有", 20, 20).replace('Size="5.64" ', "").replace('Size="5.64"', "")
    found = page(sizeless + text_object("无", 20, 40).replace('Size="5.64"', 'Size="0"'))
    assert words(found) == "有"
    assert found.glyphs[0].size > 0


@pytest.mark.parametrize("seed", range(4))
def test_no_damage_gives_anything_but_pages_or_a_reason(seed: int) -> None:
    chance = random.Random(seed)
    whole = write_ofd(BLOCKS)
    for _ in range(25):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            found, _ = pages_of(bytes(data), "a.ofd")
            assert found
        except ReadError as error:
            assert error.code in ("damaged_file", "too_large", "encrypted_file")


# The writer of the test files


TEXT = "到2025年，全市研发投入强度达到2.8%以上，建成省级实验室12家，“云州云”平台服务企业超过1300家。"
BLOCKS = [
    Paragraph("云州市推进科技创新三年行动计划", "title"),
    Paragraph("一、总体要求", "heading"),
    *[Paragraph(f"{number}．{TEXT}") for number in range(1, 16)],
    Table(
        (
            (Cell("序号"), Cell("任务"), Cell("责任单位")),
            (Cell("1"), Cell("建设实验室"), Cell("市科技局\n市财政局", row_span=2)),
            (Cell("2"), Cell("培育企业")),
            (Cell("合计", column_span=2), Cell("2")),
        ),
        (1, 4, 3),
    ),
    PageBreak(),
    Paragraph("云州市科技局", "right"),
]  # fmt: skip


@pytest.mark.parametrize("by_character", [False, True])
def test_both_flavours_put_every_character_on_its_page(by_character: bool) -> None:
    found, problems = pages_of(write_ofd(BLOCKS, by_character=by_character), "a.ofd")
    assert problems == []
    assert [lines(each)[-1] for each in found] == [f"—{number}—" for number in range(1, len(found) + 1)]
    body = "".join("".join(lines(each)[:-1]) for each in found)
    for number in range(1, 16):
        assert f"{number}．{TEXT}" in body
    edge = (LEFT + TEXT_WIDTH + EM) * POINTS
    assert all(glyph.x0 >= LEFT * POINTS - 1 and glyph.x1 <= edge for each in found for glyph in each.glyphs)
    assert len({len(each.rules) for each in found}) > 1
    assert sum(len(each.rules) for each in found) == 4 * 10


@pytest.mark.parametrize("by_character", [False, True])
def test_the_front_gives_paragraphs_and_tables(by_character: bool) -> None:
    pytest.importorskip("pipeline.read.layout")
    source = open_source(write_ofd(BLOCKS, by_character=by_character), "计划.doc")
    assert source.media_type == "application/ofd"
    told = [source.text[block.start : block.end] for block in source.blocks]
    assert told[:2] == ["云州市推进科技创新三年行动计划", "一、总体要求"]
    assert told[2:17] == [f"{number}．{TEXT}" for number in range(1, 16)]
    assert told[17] == "序号\t任务\t责任单位\n1\t建设实验室\t市科技局\n市财政局\n2\t培育企业\n合计\t2"
    assert told[18:] == ["云州市科技局"]
    assert source.pages == 3
    spans = [(cell.row_span, cell.column_span) for cell in source.blocks[17].cells]
    assert [span for span in spans if span != (1, 1)] == [(2, 1), (1, 2)]
