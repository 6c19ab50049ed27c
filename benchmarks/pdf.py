"""How fast PDFs are read, measured against what lies below in the same run, and how time and memory grow with pages.

    python benchmarks/pdf.py [PDF ...] [--rounds N] [--quick] [--json FILE]

The PDFs are printed through LibreOffice where it is installed: the texts of ../shared/seeds (raw/ where they are
absent) with a footer and one ruled table; else those of raw/ and tests/ serve. Their pages are sorted into two files,
pages without drawn lines and pages with a ruled table. For each, CPU seconds are medians of rounds in turn:

- `text`: pypdfium2 gives the text of each page; `loop`: each sign and its box, one by one, in a plain loop;
- `plumber`: pdfplumber's extract_text, once, as it is slow;
- `read`: our reader, from the bytes to text, blocks, boxes and tables; `whole`: from the bytes to rows.

Then one long text is read at 100, 400 and 1,600 pages, each in a process of its own: time, its exponent (1 is linear),
and the highest memory. PDFs that are named are measured instead, each by itself, without the growth.
"""

from __future__ import annotations

import html
import io
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import median

import pypdfium2 as pdfium
from pypdfium2 import raw

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.measure import cpu_seconds, exponent, options, write_figures  # noqa: E402
from pipeline.lexicon import Lexicon, load_lexicon  # noqa: E402
from pipeline.read.libreoffice import convert  # noqa: E402
from pipeline.read.office_program import find_program  # noqa: E402
from pipeline.read.pdf import read_pdf  # noqa: E402
from pipeline.read.pdf_rules import page_rules  # noqa: E402
from pipeline.run import parse  # noqa: E402

SHARED = ROOT.parent / "shared"
GROWTH = (100, 400, 1600)
# A page with fewer drawn lines than a table of two rows and columns has no table.
FEWEST_RULES = 6
ROWS = 90
COLUMNS = ("序号", "指标", "单位", "2025年", "2030年", "属性")
# Reads the file named, and says CPU seconds and highest memory in MB.
CHILD = """
import re, sys, time
from pathlib import Path
from pipeline.read.pdf import read_pdf
data = Path(sys.argv[1]).read_bytes()
started = time.process_time()
read_pdf(data, "x.pdf")
seconds = time.process_time() - started
status = Path("/proc/self/status")
peak = re.search(r"VmHWM:\\s+(\\d+)", status.read_text(encoding="utf-8")) if status.is_file() else None
print(seconds, int(peak[1]) / 1024 if peak else 0)
"""
FRAME = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text">
<office:styles><style:default-style style:family="paragraph"><style:text-properties
 fo:font-family="Noto Serif CJK SC" style:font-family-asian="Noto Serif CJK SC"
 fo:font-size="16pt" style:font-size-asian="16pt"/></style:default-style></office:styles>
<office:automatic-styles>
<style:style style:name="P" style:family="paragraph"><style:paragraph-properties fo:text-indent="32pt"/></style:style>
<style:style style:name="F" style:family="paragraph"><style:paragraph-properties fo:text-align="center"/></style:style>
<style:style style:name="C" style:family="table-cell"><style:table-cell-properties fo:border="0.5pt solid #000000"
 fo:padding="2pt"/></style:style>
<style:page-layout style:name="L"><style:page-layout-properties fo:page-width="595pt" fo:page-height="842pt"
 fo:margin="72pt"/><style:footer-style/></style:page-layout></office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="L"><style:footer>
<text:p text:style-name="F">— <text:page-number/> —</text:p></style:footer></style:master-page></office:master-styles>
<office:body><office:text>{}</office:text></office:body></office:document>"""


def printed(lines: Iterable[str], rows: Sequence[Sequence[str]] = ()) -> bytes:
    """Give a PDF of some paragraphs and one ruled table, printed by LibreOffice."""
    body = "".join(f'<text:p text:style-name="P">{html.escape(line)}</text:p>' for line in lines)
    if rows:
        cells = (
            "".join(
                f'<table:table-cell table:style-name="C"><text:p>{html.escape(w)}</text:p></table:table-cell>'
                for w in row
            )
            for row in rows
        )
        body += f'<table:table><table:table-column table:number-columns-repeated="{len(rows[0])}"/>'
        body += "".join(f"<table:table-row>{row}</table:table-row>" for row in cells) + "</table:table>"
    return convert(FRAME.format(body).encode(), "fodt", "pdf", "benchmark").data


def paragraphs() -> list[str]:
    """Give the lines of the texts that are printed."""
    folder = SHARED / "seeds" if (SHARED / "seeds").is_dir() else ROOT / "raw"
    texts = (path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt")))
    return [line.strip() for text in texts for line in text.splitlines() if line.strip()]


def by_class(files: Iterable[bytes]) -> dict[str, bytes]:
    """Give the pages of some PDFs as two PDFs: `prose` without drawn lines, `ruled` with so many as a table has."""
    made = {"prose": pdfium.PdfDocument.new(), "ruled": pdfium.PdfDocument.new()}
    for data in files:
        document = pdfium.PdfDocument(data)
        kinds: dict[str, list[int]] = {"prose": [], "ruled": []}
        for number, page in enumerate(document):
            kinds["ruled" if len(page_rules(page, 0)) >= FEWEST_RULES else "prose"].append(number)
        for kind, numbers in kinds.items():
            if numbers:
                made[kind].import_pages(document, numbers)
    return {kind: saved(document) for kind, document in made.items() if len(document)}


def saved(document: pdfium.PdfDocument) -> bytes:
    """Give a PDF as bytes."""
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def read_text(data: bytes) -> None:
    """Have pypdfium2 give the text of each page."""
    for page in pdfium.PdfDocument(data):
        page.get_textpage().get_text_range()
        page.close()


def read_signs(data: bytes) -> None:
    """Have pypdfium2 give each sign and its box, one by one."""
    for page in pdfium.PdfDocument(data):
        textpage = page.get_textpage()
        found = []
        for index in range(textpage.count_chars()):
            found.append((raw.FPDFText_GetUnicode(textpage, index), textpage.get_charbox(index)))
        page.close()


def read_plumber(data: bytes) -> None:
    """Have pdfplumber give the text of each page."""
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as document:
        for page in document.pages:
            page.extract_text()
            page.close()


def measured(name: str, data: bytes, lexicon: Lexicon, rounds: int, *, plumber: bool) -> dict[str, float]:
    """Measure one PDF, print a table, and give its figures by name."""
    ways: dict[str, Callable[[], object]] = {
        "text": lambda: read_text(data),
        "loop": lambda: read_signs(data),
        "read": lambda: read_pdf(data, "x.pdf"),
        "whole": lambda: parse(data, name="x.pdf", lexicon=lexicon),
    }
    for deed in ways.values():
        deed()
    found = {way: median(times) for way, times in _in_turn(ways, rounds).items()}
    if plumber:
        found["plumber"] = cpu_seconds(lambda: read_plumber(data))
    document = pdfium.PdfDocument(data)
    pages, signs = len(document), sum(page.get_textpage().count_chars() for page in document)
    print(f"\n{name}: {pages} pages, {signs:,} signs")
    print(f"  {'':8} {'ms/page':>8} {'µs/sign':>8} {'× text':>7} {'× loop':>7}")
    for way, took in found.items():
        against = f"{took / found['text']:7.2f} {took / found['loop']:7.2f}"
        print(f"  {way:8} {took * 1e3 / pages:8.2f} {took * 1e6 / signs:8.2f} {against}")
    figures = {f"pdf.{name}.{way}_ms_per_page": took * 1e3 / pages for way, took in found.items()}
    # Pages with tables are held against pdfplumber, which makes their cells.
    figures[f"pdf.{name}.{'read' if name == 'ruled' else 'layout'}_to_loop"] = found["read"] / found["loop"]
    figures[f"pdf.{name}.whole_to_loop"] = found["whole"] / found["loop"]
    if plumber:
        figures[f"pdf.{name}.read_to_plumber"] = found["read"] / found["plumber"]
    return figures


def _in_turn(ways: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way, deed in ways.items():
            times[way].append(cpu_seconds(deed))
    return times


def growth(lines: Sequence[str], sizes: Sequence[int]) -> dict[str, float]:
    """Read one long PDF at several lengths, each in a process of its own; print and give time, exponent, memory."""
    long = pdfium.PdfDocument(printed(_long(lines, sizes[-1])))
    figures: dict[str, float] = {}
    before: tuple[int, float] | None = None
    print("\ngrowth: pages, CPU seconds, exponent, MB at most")
    for wanted in sizes:
        part = pdfium.PdfDocument.new()
        part.import_pages(long, list(range(min(wanted, len(long)))))
        pages = len(part)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "long.pdf"
            file.write_bytes(saved(part))
            answer = subprocess.run(
                [sys.executable, "-c", CHILD, str(file)], cwd=ROOT, check=True, stdout=subprocess.PIPE, encoding="utf-8"
            )
        took, peak = map(float, answer.stdout.split())
        figures[f"pdf.growth.{wanted}_pages_seconds"], figures[f"pdf.growth.{wanted}_pages_mb"] = took, peak
        told = ""
        if before is not None:
            grown = exponent(before[1], took, pages / before[0]) or 0.0
            figures[f"pdf.growth.{wanted}_pages_exponent"] = grown
            told = f"{grown:.2f}"
        print(f"  {pages:5} {took:8.2f} {told:>5} {peak:6.0f}")
        before = pages, took
    return figures


def _long(lines: Sequence[str], pages: int) -> list[str]:
    """Give paragraphs enough for so many pages: of 16 point type a page holds less than 30 lines of 28 signs."""
    found: list[str] = []
    rows = 0
    while rows < 30 * (pages + 10):
        for line in lines:
            found.append(line)
            rows += (len(line) + 2) // 28 + 1
    return found


def documents() -> list[bytes]:
    """Give the PDFs to sort into pages with and without tables."""
    if find_program() is None:
        return [path.read_bytes() for path in sorted([*ROOT.glob("raw/*.pdf"), *ROOT.glob("tests/**/*.pdf")])]
    lines = paragraphs()
    rows = [COLUMNS]
    rows += [(str(n), lines[n % len(lines)][:24], "万人", f"{n}.5", f"{2 * n}.5", "预期性") for n in range(1, ROWS)]
    return [printed(lines, rows)]


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; write the figures where a file is named. Exit code 0."""
    parser = options(__doc__, "without pdfplumber and without the growth")
    parser.add_argument("files", nargs="*", type=Path, metavar="PDF")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="how often each is measured (5)")
    given = parser.parse_args(argv)
    cases = {path.stem: path.read_bytes() for path in given.files} or by_class(documents())
    lexicon = load_lexicon()
    figures: dict[str, float] = {}
    for name, data in cases.items():
        figures |= measured(name, data, lexicon, given.rounds, plumber=not given.quick)
    if not given.quick and not given.files and find_program() is not None:
        figures |= growth(paragraphs(), GROWTH)
    write_figures(figures, given.json)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
