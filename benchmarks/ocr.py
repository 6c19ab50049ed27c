"""How well scans are read: wrong characters, and above all wrong digits that nothing marks as doubtful.

    python benchmarks/ocr.py [--browser chromium] [--pages N] [--only VARIANT ...] [--list]

Prints our own texts (raw/*.txt and a table of indicators) to PDF with a browser, draws the pages and spoils them in
several ways, has them recognised, and compares each line with the words of the PDF. A digit is wrong where the line
has another one, none, or one too many; it is flagged where a sign at that place is doubtful. Prints one row a variant:
characters, character error rate, digits, wrong digits, those flagged, right digits flagged for nothing, seconds a
page, and at the end the memory of the process.
"""

from __future__ import annotations

import argparse
import html
import io
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy
import pypdfium2
from PIL import Image, ImageDraw, ImageFilter

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipeline.read.layout.lines import clean, lines_of  # noqa: E402
from pipeline.read.pdf_glyphs import page_glyphs  # noqa: E402
from pipeline.read.printed import Glyph  # noqa: E402
from pipeline.read.scan import scanned_page  # noqa: E402

DOTS = 200
DOCUMENTS = {
    # Each with the font of its words and the font of its figures.
    "plan-with-goal-table": ("Noto Serif CJK SC", "Liberation Serif"),
    "task-division-of-a-zone": ("Noto Sans CJK SC", "Noto Sans CJK SC"),
    "opinion-with-lead-rule": ("Noto Serif CJK SC", "Noto Serif CJK SC"),
    "notice-with-one-plan": ("Noto Serif CJK SC", "Liberation Serif"),
}
TABLE = """序号,指标,单位,2023年,2025年,2030年,属性,责任单位
1,重点企业数字化改造完成率,%,41.6,75,98.5,约束性,市工信局
2,新建标准化厂房,万平方米,12,36.8,110,预期性,市自然资源规划局
3,数字经济核心产业增加值,亿元,8.05,17.3,66.7,预期性,市发改委
4,每万人拥有公共充电桩,个,5,9,14,是,市住建局
5,森林覆盖率,%,61.27,61.5,62,约束性,市林业局
6,村卫生室达标数,所,118,131,171,预期性,市卫健委
7,城乡居民收入比,,2.11,1.98,1.9,预期性,市农业农村局
8,开通公交线路,条,1,3,7,是,市交通局
9,新增绿地,公顷,0.6,10.1,33.38,预期性,市城管局
10,政务事项网办率,%,88.9,96.06,100,约束性,市数据局"""
TABLE_FONTS = (("Noto Serif CJK SC", "Noto Serif CJK SC", 12), ("Noto Sans CJK SC", "Liberation Serif", 10.5))
FIGURE = frozenset("0123456789.%")


@dataclass
class Score:
    """What was counted in one variant."""

    characters: int = 0
    wrong: int = 0
    digits: int = 0
    wrong_digits: int = 0
    flagged: int = 0
    false_flags: int = 0
    pages: int = 0
    seconds: float = 0.0


def printed(folder: Path, browser: str) -> Iterator[Path]:
    """Print the texts; give the PDF files."""
    pages: dict[str, str] = {}
    for name, (font, figures) in DOCUMENTS.items():
        lines = (ROOT / "raw" / f"{name}.txt").read_text("utf-8").splitlines()
        body = "".join(f'<p class="line">{html.escape(line.strip())}</p>' for line in lines if line.strip())
        pages[name] = _page(body, font, figures, 16)
    rows = [row.split(",") for row in TABLE.splitlines()]
    for number, (font, figures, size) in enumerate(TABLE_FONTS):
        cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
        body = f'<p class="title">附表：青湖县主要指标表</p><table>{cells}</table>'
        pages[f"table-{number}"] = _page(body, font, figures, size)
    for name, markup in pages.items():
        source, target = folder / f"{name}.html", folder / f"{name}.pdf"
        source.write_text(markup, encoding="utf-8")
        command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
        subprocess.run([*command, f"--print-to-pdf={target}", str(source)], check=True, capture_output=True)
        yield target


def _page(body: str, font: str, figures: str, size: float) -> str:
    """Give a web page as official papers are set; its figures may have a font of their own."""
    if figures != font:
        wrap = re.compile(r"[0-9.%]+")
        body = re.sub(
            r"(?<=>)[^<]+", lambda m: wrap.sub(lambda n: f'<font face="{figures}">{n.group()}</font>', m[0]), body
        )
    style = (
        "@page{size:A4;margin:2.7cm 2.6cm}"
        f"body{{font-family:'{font}';font-size:{size}pt}}"
        "p.line{margin:0;text-indent:2em;line-height:1.75;text-align:justify}p.title{text-align:center}"
        "table{border-collapse:collapse;width:100%}td{border:0.75pt solid black;padding:2pt}"
    )
    return f'<html lang="zh-CN"><meta charset="utf-8"><style>{style}</style><body>{body}</body></html>'


def _jpeg(image: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(io.BytesIO(buffer.getvalue())).convert("RGB")


def _tilted(image: Image.Image, degrees: float) -> Image.Image:
    return image.rotate(degrees, Image.Resampling.BICUBIC, fillcolor="white")


def _salted(image: Image.Image) -> Image.Image:
    values = numpy.asarray(image).copy()
    random = numpy.random.default_rng(7)
    places = random.random(values.shape[:2])
    values[places < 0.004] = 0
    values[places > 0.996] = 255
    return Image.fromarray(values)


def _grained(image: Image.Image) -> Image.Image:
    random = numpy.random.default_rng(7)
    noise = random.normal(0, 22, image.size[::-1])[:, :, None]
    return Image.fromarray(numpy.clip(numpy.asarray(image) * 0.8 + 25 + noise, 0, 255).astype(numpy.uint8))


def _grey(image: Image.Image) -> Image.Image:
    """Grey paper, darker towards one side, and faint ink."""
    values = numpy.asarray(image).astype(float)
    shade = numpy.linspace(0.72, 0.95, image.width)[None, :, None]
    return Image.fromarray(((values * 0.65 + 90) * shade).clip(0, 255).astype(numpy.uint8))


def _stamped(image: Image.Image) -> Image.Image:
    result = image.copy()
    draw = ImageDraw.Draw(result)
    x, y, radius = image.width * 0.6, image.height * 0.42, image.width * 0.125
    for inset in range(9):
        draw.ellipse(
            (x - radius + inset, y - radius + inset, x + radius - inset, y + radius - inset), outline="#d8302c"
        )
    draw.regular_polygon((x, y, radius * 0.35), 5, fill="#d8302c")
    return Image.fromarray(numpy.minimum(numpy.asarray(image), numpy.asarray(result)))


def _copied(image: Image.Image) -> Image.Image:
    """A photocopy of a photocopy: blurred, black and white."""
    return image.convert("L").filter(ImageFilter.GaussianBlur(1.6)).point(lambda v: 255 * (v > 150)).convert("RGB")


def _faxed(image: Image.Image) -> Image.Image:
    """Half the resolution, hard edges."""
    small = image.convert("L").resize((image.width // 2, image.height // 2), Image.Resampling.BOX)
    return small.point(lambda v: 255 * (v > 160)).resize(image.size, Image.Resampling.NEAREST).convert("RGB")


# Each with the resolution at which the page is drawn.
VARIANTS: dict[str, tuple[int, Callable[[Image.Image], Image.Image]]] = {
    "clean": (DOTS, lambda image: image),
    "jpeg 35": (DOTS, lambda image: _jpeg(image, 35)),
    "tilted 1": (DOTS, lambda image: _tilted(image, 1)),
    "tilted -2": (DOTS, lambda image: _tilted(image, -2)),
    "tilted + jpeg": (DOTS, lambda image: _jpeg(_tilted(image, 1.3), 35)),
    "salt": (DOTS, _salted),
    "grain": (DOTS, _grained),
    "grey": (DOTS, _grey),
    "stamp": (DOTS, _stamped),
    "copy": (DOTS, _copied),
    "fax": (DOTS, _faxed),
    "100 dpi": (100, lambda image: image),
    "150 dpi": (150, lambda image: image),
    "300 dpi": (300, lambda image: image),
    "upside down": (DOTS, lambda image: image.rotate(180)),
    "sideways": (DOTS, lambda image: image.transpose(Image.Transpose.ROTATE_90)),
}


def compared(score: Score, truth: list[Glyph], read: list[Glyph], shown: bool) -> None:
    """Count the differences of a page, line by line."""
    lines = lines_of(clean(truth), 0)
    rest: list[list[Glyph]] = [[] for _ in lines]
    middles = [(line.top + line.bottom) / 2 for line in lines]
    for glyph in clean(read):
        here = (glyph.top + glyph.bottom) / 2
        rest[min(range(len(lines)), key=lambda index: abs(middles[index] - here))].append(glyph)
    for line, glyphs in zip(lines, rest, strict=True):
        found = sorted(glyphs, key=lambda glyph: glyph.x0)
        count_line(score, [glyph.text.replace("．", ".") for glyph in line.glyphs], found, shown)


def count_line(score: Score, truth: list[str], found: list[Glyph], shown: bool) -> None:
    """Count the differences of one line."""
    words = [glyph.text.replace("．", ".") for glyph in found]
    score.characters += len(truth)
    score.digits += sum(text in FIGURE for text in truth)
    for kind, a, b, c, d in SequenceMatcher(None, truth, words, autojunk=False).get_opcodes():
        if kind == "equal":
            score.false_flags += sum(found[index].doubtful and words[index] in FIGURE for index in range(c, d))
            continue
        score.wrong += max(b - a, d - c)
        digits = max(sum(text in FIGURE for text in truth[a:b]), sum(text in FIGURE for text in words[c:d]))
        if digits:
            near = found[max(0, c - 1) : d + 1]
            is_flagged = any(glyph.doubtful for glyph in near)
            score.wrong_digits += digits
            score.flagged += digits * is_flagged
            if shown:
                part = "".join(truth[max(0, a - 4) : b + 4]), "".join(words[max(0, c - 4) : d + 4])
                print(f"    {'flagged  ' if is_flagged else 'UNFLAGGED'} {part[0]} read as {part[1]}")


def measured(files: list[Path], name: str, most: int, shown: bool) -> Score:
    """Read all pages in one variant."""
    dots, spoil = VARIANTS[name]
    score = Score()
    for file in files:
        document: Any = pypdfium2.PdfDocument(file)
        for number in range(min(len(document), most)):
            page = document[number]
            truth, _, _ = page_glyphs(page)
            image = spoil(page.render(scale=dots / 72).to_pil().convert("RGB"))
            started = time.perf_counter()
            read = scanned_page(image, dots)
            score.seconds += time.perf_counter() - started
            score.pages += 1
            compared(score, truth, list(read.glyphs), shown)
        document.close()
    return score


def memory() -> str:
    """Give the most memory that this process has taken, where the system tells it."""
    try:
        import resource
    except ImportError:
        return "unknown"
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--browser", default="chromium", help="prints web pages to PDF (Chromium or Chrome)")
    parser.add_argument("--pages", type=int, default=2, help="at most so many pages of each document")
    parser.add_argument("--only", nargs="+", choices=list(VARIANTS), default=list(VARIANTS), help="these variants")
    parser.add_argument("--list", action="store_true", help="list every wrong digit")
    arguments = parser.parse_args()
    if shutil.which(arguments.browser) is None:
        sys.exit(f"{arguments.browser} is not on the path. Name a browser with --browser.")
    with tempfile.TemporaryDirectory() as folder:
        files = list(printed(Path(folder), arguments.browser))
        print("| variant | characters | error rate | digits | wrong | flagged | false flags | seconds a page |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- |")
        for name in arguments.only:
            score = measured(files, name, arguments.pages, arguments.list)
            print(
                f"| {name} | {score.characters} | {score.wrong / max(score.characters, 1):.2%} | {score.digits} "
                f"| {score.wrong_digits} | {score.flagged} | {score.false_flags} "
                f"| {score.seconds / max(score.pages, 1):.1f} |",
                flush=True,
            )
    print(f"Most memory: {memory()}")


if __name__ == "__main__":
    main()
