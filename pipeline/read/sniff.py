"""What a file is, by its bytes and not by its name."""

from __future__ import annotations

import re
from typing import Literal

Format = Literal[
    "pdf", "docx", "xlsx", "pptx", "ofd", "zip", "ole", "rtf", "mht", "image", "gzip", "7z", "rar", "text",
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
ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
# Names of parts, as they stand in the directory at the end of a ZIP file and before each part.
ZIP_PARTS: tuple[tuple[bytes, Format], ...] = (
    (b"word/document", "docx"),
    (b"word/", "docx"),
    (b"xl/workbook", "xlsx"),
    (b"ppt/presentation", "pptx"),
    (b"OFD.xml", "ofd"),
)
PACKAGE_MARK = b"[Content_Types].xml"
ZIP_WINDOW = 1 << 16
MHT_WINDOW = 4096


def format_of(data: bytes) -> Format:
    """Give the format of a file; `text` for everything that is not known by its first bytes (web pages too)."""
    if data.startswith(ZIP_MARKS):
        return _zip_format(data)
    for magic, name in MAGIC:
        if data.startswith(magic):
            return name
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
    """Tell a document from an archive: an archive of documents may show their names too, but not their parts."""
    head = data[:ZIP_WINDOW] + data[-ZIP_WINDOW:]
    is_package = PACKAGE_MARK in head
    for part, name in ZIP_PARTS:
        if part in head and (is_package or name == "ofd"):
            return name
    return "zip"
