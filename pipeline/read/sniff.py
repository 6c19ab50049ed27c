"""What a file is, by its bytes and not by its name."""

from __future__ import annotations

import re
from typing import Literal

from pipeline.read.zip_entries import zip_entries

Format = Literal[
    "pdf", "docx", "xlsx", "pptx", "ofd", "zip", "ole", "rtf", "mht", "image", "gzip", "tar", "7z", "rar", "package",
    "text",
]  # fmt: skip
# A PDF may begin with a few bytes of rubbish; readers look for its mark in the first 1024.
PDF_WINDOW = 1024
MAGIC: tuple[tuple[bytes, Format], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
)
TAR_MARK = b"ustar"
ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
# Names of the parts by which a package tells what it is, also one that is cut short. An archive of documents holds no
# such parts itself.
ZIP_PARTS: tuple[tuple[str, Format], ...] = (
    (r"word/(?:.*/)?[^/]*\.(?:xml|rels)", "docx"),
    (r"xl/(?:.*/)?[^/]*\.(?:xml|bin|rels)", "xlsx"),
    (r"ppt/(?:.*/)?[^/]*\.(?:xml|rels)", "pptx"),
    (r"ofd\.xml", "ofd"),
    (r"\[content_types\]\.xml|_rels/\.rels|docprops/.*|meta-inf/(?:manifest|container)\.xml", "package"),
)
# A package states its parts first or soon; an archive may have many more entries.
MOST_PARTS = 5000
MHT_WINDOW = 4096


def format_of(data: bytes) -> Format:
    """Give the format of a file; `text` for everything that is not known by its first bytes (web pages too)."""
    if data.startswith(ZIP_MARKS):
        return _zip_format(data)
    for magic, name in MAGIC:
        if data.startswith(magic):
            return name
    # Before PDF: the first file in a TAR begins within the window.
    if data[257:262] == TAR_MARK:
        return "tar"
    if b"%PDF-" in data[:PDF_WINDOW]:
        return "pdf"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image"
    if data.startswith(b"BM") and data[6:10] == bytes(4):
        return "image"
    head = data[:MHT_WINDOW]
    if re.search(rb"^MIME-Version:", head, re.IGNORECASE | re.MULTILINE) and b"multipart/related" in head.lower():
        return "mht"
    return "text"


def _zip_format(data: bytes) -> Format:
    """Tell a document from an archive by the names of its parts; the first of ZIP_PARTS that is there decides."""
    found, _ = zip_entries(data, MOST_PARTS)
    names = [entry.name.decode("utf-8", "replace").replace("\\", "/").lstrip("/").casefold() for entry in found]
    for part, kind in ZIP_PARTS:
        if any(re.fullmatch(part, name) for name in names):
            return kind
    return "zip"
