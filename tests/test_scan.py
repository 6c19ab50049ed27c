"""Scans and images. The pictures in files/scan are drawn from our own words: 200 dots per inch, Noto Serif CJK."""

from __future__ import annotations

import io
import struct
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageOps

from pipeline.model import Block, Span
from pipeline.read import scan, scan_engine
from pipeline.read.content import Content
from pipeline.read.errors import ReadError
from pipeline.read.scan import doubt_problems, read_image, scanned_page
from pipeline.read.scan_engine import Sign
from pipeline.read.scan_repairs import dash_strokes, label_strokes, wide_brackets

FILES = Path(__file__).parent / "files" / "scan"
PROSE = [
    "青湖县绿色出行三年行动计划",
    "为改善城乡出行条件，制定本行动计划。",
    "一、主要目标",
    "到2027年，新建公交站点36个，更新公交车118辆，绿色出行比例达到72.5%以上，年均投入资金1.08亿元（含中央补助）。",
    "（一）优化线路。（责任单位：县交通局、县财政局）",
]
TABLE = [
    ["序号", "指标", "单位", "2025年", "2027年"],
    ["1", "新建公交站点", "个", "8", "36"],
    ["2", "绿色出行比例", "%", "61.27", "72.5"],
    ["3", "新增停车位", "万个", "1.1", "5"],
    ["4", "开通微循环线路", "条", "1", "7"],
]


@pytest.fixture
def engine_present() -> None:
    """Skip where the extra is not installed."""
    pytest.importorskip("onnxruntime", reason="the extra ocr is not installed")
    pytest.importorskip("rapidocr", reason="the extra ocr is not installed")


needs_engine = pytest.mark.usefixtures("engine_present")


def picture(name: str) -> Image.Image:
    """Give a picture on white paper with room around it, as a scanner does."""
    return ImageOps.expand(Image.open(FILES / f"{name}.png").convert("RGB"), 60, "white")


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    """Give the bytes of an image file."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def words(content: Content) -> list[str]:
    """Give the words of each block."""
    return [content.text[block.start : block.end] for block in content.blocks]


@needs_engine
def test_words_and_figures_of_a_scan() -> None:
    content = read_image((FILES / "prose.png").read_bytes(), "prose.png")
    assert words(content) == PROSE
    assert content.doubts == ()
    assert content.pages == 1
    assert [problem.code for problem in content.problems] == ["text_recognised"]


@needs_engine
def test_characters_stand_where_they_are_drawn() -> None:
    # 青 is drawn at x 256, y 40 with 56 pixels at 200 dots per inch, 县 two signs further on.
    glyphs = scanned_page(Image.open(FILES / "prose.png"), 200).glyphs
    first, third = next(g for g in glyphs if g.text == "青"), next(g for g in glyphs if g.text == "县")
    assert first.x0 == pytest.approx(256 * 0.36, abs=4)
    assert third.x0 == pytest.approx((256 + 2 * 56) * 0.36, abs=4)
    assert first.size == pytest.approx(56 * 0.36, rel=0.1)


@needs_engine
def test_cells_of_a_ruled_table_with_single_digits() -> None:
    content = read_image((FILES / "table.png").read_bytes(), "table.png")
    table = next(block for block in content.blocks if block.kind == "table")
    rows: list[list[str]] = [[""] * 5 for _ in range(5)]
    for cell in table.cells:
        rows[cell.row][cell.column] = content.text[cell.start : cell.end]
    assert rows == TABLE
    assert content.doubts == ()


@needs_engine
def test_drawn_lines_are_told_in_points() -> None:
    # Level lines from x 40 to 1050, the first at y 90 pixels.
    rules = scanned_page(Image.open(FILES / "table.png"), 200).rules
    level = sorted((rule for rule in rules if rule.x1 - rule.x0 > 100), key=lambda rule: rule.top)
    assert len(level) == 6
    assert level[0].x0 == pytest.approx(40 * 0.36, abs=2)
    assert level[0].x1 == pytest.approx(1050 * 0.36, abs=2)
    assert level[0].top == pytest.approx(90 * 0.36, abs=2)
    assert len(rules) - len(level) == 6


@needs_engine
def test_a_smeared_digit_is_doubtful() -> None:
    # Drawn as 386个; the 8 is smeared past reading.
    content = read_image((FILES / "smeared.png").read_bytes(), "smeared.png")
    start = content.text.index("服务站") + 3
    end = content.text.index("个，覆盖")
    assert any(doubt.start < end and start < doubt.end for doubt in content.doubts)
    # The other figures were read without doubt.
    assert not any(doubt.start > end for doubt in content.doubts)
    assert [problem.code for problem in content.problems].count("doubtful_characters") == 1


@needs_engine
@pytest.mark.parametrize("degrees", [-2.0, 1.0, 3.0])
def test_a_tilted_table_is_levelled(degrees: float) -> None:
    tilted = picture("table").rotate(degrees, Image.Resampling.BICUBIC, fillcolor="white", expand=True)
    content = read_image(saved(tilted, "PNG", dpi=(200, 200)), "tilted.png")
    table = next(block for block in content.blocks if block.kind == "table")
    assert [content.text[cell.start : cell.end] for cell in table.cells] == [cell for row in TABLE for cell in row]


@needs_engine
@pytest.mark.parametrize(
    ("turn", "turned"),
    [(Image.Transpose.ROTATE_90, 90), (Image.Transpose.ROTATE_180, 180), (Image.Transpose.ROTATE_270, 270)],
)
def test_pages_laid_sideways_and_upside_down(turn: Image.Transpose, turned: int) -> None:
    page = scanned_page(picture("prose").transpose(turn), 200)
    assert "".join(glyph.text for glyph in page.glyphs if glyph.text) == "".join(PROSE)
    assert page.turned == turned
    assert page.width > page.height


@needs_engine
def test_the_camera_tells_how_it_was_held() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the picture must be turned by a quarter clockwise to be seen upright
    data = saved(picture("prose").transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif, dpi=(200, 200), quality=90)
    assert words(read_image(data, "photo.jpg")) == PROSE


@needs_engine
def test_pages_of_a_tiff() -> None:
    data = saved(
        picture("prose"), "TIFF", save_all=True, append_images=[picture("smeared")], dpi=(200, 200), compression="jpeg"
    )
    content = read_image(data, "pages.tif")
    assert content.pages == 2
    assert {block.page for block in content.blocks} == {1, 2}
    assert "培训护理员240人次" in content.text


@needs_engine
@pytest.mark.parametrize("kind", ["BMP", "WEBP", "GIF"])
def test_other_kinds_of_image(kind: str) -> None:
    # None of them tells its resolution.
    assert words(read_image(saved(picture("prose"), kind), "image")) == PROSE


@needs_engine
def test_words_below_a_seal() -> None:
    from PIL import ImageChops, ImageDraw

    seal = Image.new("RGB", picture("prose").size, "white")
    ImageDraw.Draw(seal).ellipse((500, 250, 840, 590), outline="#d8302c", width=9)
    content = read_image(saved(ImageChops.multiply(picture("prose"), seal), "PNG", dpi=(200, 200)), "sealed.png")
    assert words(content) == PROSE


@needs_engine
def test_light_words_on_dark_ground() -> None:
    assert words(read_image(saved(ImageOps.invert(picture("prose")), "PNG", dpi=(200, 200)), "dark.png")) == PROSE


@needs_engine
def test_a_picture_of_a_long_web_page_is_read_to_its_end() -> None:
    part = picture("prose")
    long = Image.new("RGB", (part.width, part.height * 6), "white")
    for number in range(6):
        long.paste(part, (0, part.height * number))
    page = scanned_page(long, 200)
    assert "".join(glyph.text for glyph in page.glyphs).count("绿色出行三年行动计划") == 6


@needs_engine
def test_the_same_bytes_give_the_same_text() -> None:
    data = (FILES / "smeared.png").read_bytes()
    assert read_image(data, "a.png") == read_image(data, "a.png")


@needs_engine
def test_an_empty_image_has_no_text() -> None:
    with pytest.raises(ReadError) as error:
        read_image(saved(Image.new("L", (800, 1100), 255), "PNG"), "empty.png")
    assert error.value.code == "no_text"


def test_a_missing_extra_is_named_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    scan_engine.engine.cache_clear()
    with pytest.raises(ReadError) as error:
        read_image((FILES / "prose.png").read_bytes(), "prose.png")
    scan_engine.engine.cache_clear()
    assert error.value.code == "ocr_missing"
    assert error.value.message == (
        "This page is an image, and reading images needs the extra `ocr`, which is not installed. "
        'Install it with: pip install "zhengce-pipeline[ocr]"'
    )


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [9_500, 100_000])
def test_bombs_are_refused(side: int) -> None:
    # A file of a hundred bytes that claims a picture of 90 million pixels, or of ten thousand million.
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    with pytest.raises(ReadError) as error:
        read_image(data, "bomb.png")
    assert error.value.code == "too_large"


def test_too_many_pages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "MOST_PAGES", 1)
    small = Image.new("L", (20, 20), 255)
    with pytest.raises(ReadError) as error:
        read_image(saved(small, "TIFF", save_all=True, append_images=[small]), "pages.tif")
    assert error.value.code == "too_large"


def test_a_cut_off_image_is_damaged() -> None:
    with pytest.raises(ReadError) as error:
        read_image((FILES / "prose.png").read_bytes()[:3000], "prose.png")
    assert error.value.code == "damaged_file"


def test_the_resolution_is_that_of_the_file_or_of_a_sheet() -> None:
    assert scan._dots((300, 300), (2480, 3508)) == 300
    assert scan._dots(None, (1654, 2339)) == pytest.approx(200, abs=0.5)
    # 72 is what programs write that know no resolution.
    assert scan._dots((72, 72), (3508, 2480)) == pytest.approx(300, abs=0.5)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("行动计划(2024—2026年)》", "行动计划（2024—2026年）》"),
        ("(责任单位：市民政局）", "（责任单位：市民政局）"),
        ("f(x)=2", "f(x)=2"),
    ],
)
def test_brackets_are_as_wide_as_their_neighbours(given: str, wanted: str) -> None:
    assert "".join(wide_brackets(list(given))) == wanted


def test_strokes_that_can_be_but_one_sign() -> None:
    assert "".join(label_strokes(list("-、加强领导"))) == "一、加强领导"
    assert "".join(label_strokes(list("-5℃至20℃"))) == "-5℃至20℃"
    assert "".join(dash_strokes(list("产业园2一3个"))) == "产业园2—3个"
    assert "".join(dash_strokes(list("第一3个"))) == "第一3个"


@pytest.mark.parametrize(
    ("line", "doubtful"),
    [("更新公交车118辆", ""), ("更新公交车1l8辆", "l"), ("达到8.0%17", "8.0%17"), ("建设5G基站300个", "")],
)
def test_what_does_not_stand_with_figures(line: str, doubtful: str) -> None:
    from pipeline.read import scan_doubts

    signs = [Sign(text, index / len(line), index / len(line), 0.999) for index, text in enumerate(line)]
    found = {index for index in range(len(line)) if scan_doubts._doubt(signs, index)}
    for start, end in scan_doubts._runs(signs):
        if odd := scan_doubts._odd_neighbours(signs, start, end):
            found |= set(range(min(start, *odd), max(end - 1, *odd) + 1))
    assert doubtful in "".join(line[index] for index in sorted(found))
    assert bool(found) == bool(doubtful)


def test_doubtful_passages_are_counted_beyond_twenty() -> None:
    text = "\n".join(f"新建站点{number}个" for number in range(10, 35))
    doubts = tuple(Span(start, start + 2) for start in (index * 8 + 4 for index in range(25)))
    problems = list(doubt_problems(Content(text, (Block("paragraph", 0, len(text), page=3),), doubts=doubts)))
    assert len(problems) == 21
    assert problems[0].code == "doubtful_characters"
    assert problems[0].severity == "warning"
    assert (problems[0].start, problems[0].end) == (4, 6)
    assert problems[0].message.startswith("「10」 in 「新建站点10个 新建站点11")
    assert "on page 3" in problems[0].message
    assert problems[-1].message.startswith("5 more passages may be misread")


def test_equal_digits_side_by_side_stay_two() -> None:
    # The model knows the place of a sign to an eighth of the height only: both ones of 118 may seem to lie together.
    from pipeline.read.scan_lines import _spread

    spread = _spread([20.0, 24.0, 50.0, 90.0], ["1", "1", "8", "个"], 40.0)
    assert spread[1] - spread[0] >= 0.4 * 40
    assert spread[2] - spread[1] >= 0.4 * 40
    assert spread[3] == 90.0
