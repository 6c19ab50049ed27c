"""The formats of a manuscript that other programs make: LibreOffice, Chromium, and a scanner that is played."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

# Moment that stands in every file in the place of the moment of its making.
MOMENT = b"20240101000000"
DATES = re.compile(rb"(/(?:CreationDate|ModDate)\s*\(D:)(\d{14})([^)]*)\)")
FILE_ID = re.compile(rb"(/ID\s*\[\s*<)([0-9A-Fa-f]+)(>\s*<)([0-9A-Fa-f]+)(>)")
CHECKSUM = re.compile(rb"(/DocChecksum /)([0-9A-F]+)")
CHROMIUM_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--no-pdf-header-footer",
)  # fmt: skip
TIME_LIMIT = 180
SCAN_DPI = 200
SCAN_TILT = 0.3
SCAN_NOISE = 2.5
SCAN_QUALITY = 60


def office(source: Path, kind: str, target: Path) -> None:
    """Have LibreOffice write `source` as `kind` (a filter name may follow a colon) into `target`."""
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder, "profile").as_uri()
        command = [
            _program("soffice"), f"-env:UserInstallation={profile}", "--headless", "--convert-to", kind,
            "--outdir", folder, str(source),
        ]  # fmt: skip
        subprocess.run(command, check=True, timeout=TIME_LIMIT, capture_output=True)
        made = Path(folder, source.stem).with_suffix("." + kind.partition(":")[0])
        data = made.read_bytes()
    target.write_bytes(undated(data) if kind.startswith("pdf") else data)


def chromium(page: str, target: Path) -> None:
    """Have Chromium print a web page into a PDF."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "page.html")
        source.write_text(page, "utf-8")
        made = Path(folder, "page.pdf")
        profile = f"--user-data-dir={Path(folder, 'profile')}"
        command = [_program("chromium"), *CHROMIUM_FLAGS, profile, f"--print-to-pdf={made}", source.as_uri()]
        subprocess.run(command, check=True, timeout=TIME_LIMIT, capture_output=True)
        target.write_bytes(undated(made.read_bytes()))


def undated(data: bytes) -> bytes:
    """Give a PDF with the moment of its making and the ids that hang on it replaced by as many fixed bytes."""
    data = DATES.sub(lambda m: m[1] + MOMENT + m[3] + b")", data)
    data = FILE_ID.sub(lambda m: m[1] + b"0" * len(m[2]) + m[3] + b"0" * len(m[4]) + m[5], data)
    return CHECKSUM.sub(lambda m: m[1] + b"0" * len(m[2]), data)


def turned(source: Path, target: Path, angle: int) -> None:
    """Store the wide sheets of a PDF sideways, to be shown turned by `angle` (90 or 270), as many programs do."""
    import pypdf
    from pypdf.generic import NameObject, NumberObject, RectangleObject

    writer = pypdf.PdfWriter(clone_from=source)
    for page in writer.pages:
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        if width > height:
            page.add_transformation((0, 1, -1, 0, height, 0) if angle == 90 else (0, -1, 1, 0, 0, width))
            page.mediabox = RectangleObject((0, 0, height, width))
            page[NameObject("/Rotate")] = NumberObject(angle)
    writer.write(target)
    target.write_bytes(undated(target.read_bytes()))


def scanned(source: Path, target: Path, pages: int | None = None) -> None:
    """Play a scanner: grey pictures of the (first) pages, slightly tilted and noisy, in a PDF without any text."""
    import pypdfium2

    document = pypdfium2.PdfDocument(source)
    count = min(len(document), pages or len(document))
    pictures = [_scan(document[i].render(scale=SCAN_DPI / 72, grayscale=True).to_pil(), i) for i in range(count)]
    pictures[0].save(
        target, "PDF", save_all=True, append_images=pictures[1:], resolution=SCAN_DPI, quality=SCAN_QUALITY,
        creationDate=None, modDate=None,
    )  # fmt: skip
    target.write_bytes(undated(target.read_bytes()))


def _scan(picture: Any, page: int) -> Any:
    import numpy
    from PIL import Image

    tilt = SCAN_TILT if page % 2 == 0 else -SCAN_TILT
    turned = picture.convert("L").rotate(tilt, resample=Image.Resampling.BICUBIC, fillcolor=255)
    noise = numpy.random.default_rng(page).normal(0, SCAN_NOISE, (turned.height, turned.width))
    # Paper is not quite white, ink not quite black.
    grey = numpy.asarray(turned, dtype=float) * 0.86 + 28 + noise
    return Image.fromarray(grey.clip(0, 255).astype("uint8"))


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"{name} is not installed; the corpus is made with LibreOffice and Chromium.")
    return found
