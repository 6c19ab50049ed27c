"""Make the files of the parity corpus: every manuscript of tests/parity in every format.

    python -m tools.parity                   all manuscripts
    python -m tools.parity port lake         some

Needs LibreOffice, Chromium, the fonts Noto Serif CJK, and the packages numpy, pillow, pypdf and pypdfium2; the tests
need none of them, as the files are kept.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from tools.parity.manuscript import Manuscript, read_manuscript
from tools.parity.ofd import ofd_file
from tools.parity.plain import plain_text
from tools.parity.produce import chromium, office, scanned, turned
from tools.parity.web import web_page
from tools.parity.word import write_docx

CORPUS = Path(__file__).resolve().parents[2] / "tests" / "parity"
FILES = CORPUS / "files"


def make(manuscript: Manuscript, folder: Path) -> None:
    """Write all formats of a manuscript into `folder`: name.txt, .html, .ofd, .docx, .doc, .wps and PDFs."""
    stem = manuscript.name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{stem}.txt").write_text(plain_text(manuscript), "utf-8", newline="\n")
    (folder / f"{stem}.html").write_text(web_page(manuscript), "utf-8", newline="\n")
    (folder / f"{stem}.ofd").write_bytes(ofd_file(manuscript))
    word = folder / f"{stem}.docx"
    write_docx(manuscript, word)
    office(word, "doc:MS Word 97", folder / f"{stem}.doc")
    shutil.copyfile(folder / f"{stem}.doc", folder / f"{stem}.wps")
    printed = folder / f"{stem}.libreoffice.pdf"
    office(word, "pdf", printed)
    chromium(web_page(manuscript, printed=True), folder / f"{stem}.chromium.pdf")
    if "turned" in manuscript.info:
        turned(printed, folder / f"{stem}.turned.pdf", int(manuscript.info["turned"]))
    pages = manuscript.info.get("scan")
    if pages:
        scanned(printed, folder / f"{stem}.scan.pdf", None if pages == "all" else int(pages))


def main() -> None:
    """Read the names of manuscripts and make their files."""
    parser = argparse.ArgumentParser(description="Make the files of the parity corpus.")
    parser.add_argument("names", nargs="*", help="manuscripts of tests/parity, without .md; all if none is given")
    names = parser.parse_args().names or sorted(path.stem for path in CORPUS.glob("*.md"))
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder)
            make(read_manuscript(CORPUS / f"{name}.md"), made)
            FILES.mkdir(exist_ok=True)
            for file in sorted(made.iterdir()):
                shutil.copyfile(file, FILES / file.name)
        print(name, sum(file.stat().st_size for file in FILES.glob(f"{name}.*")) // 1024, "KiB")


if __name__ == "__main__":
    main()
