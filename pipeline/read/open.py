"""The front of all readers: look at the bytes, choose the reader, and refuse with a reason what none can read."""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePath

from pipeline.model import Source
from pipeline.read.encoding import decode
from pipeline.read.errors import ReadError
from pipeline.read.html import read_page
from pipeline.read.text import read_text

# The first bytes of formats that are known but not read yet, and what a person calls them.
MAGIC = (
    (b"%PDF-", "PDF"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Word 97–2003 or WPS (.doc, .wps)"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG\r\n\x1a\n", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF8", "GIF image"),
    (b"II*\x00", "TIFF image"),
    (b"MM\x00*", "TIFF image"),
    (b"\x1f\x8b", "gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "7z archive"),
    (b"Rar!\x1a\x07", "RAR archive"),
)
ZIP_MEMBERS = ((b"word/", "DOCX"), (b"xl/", "XLSX"), (b"ppt/", "PPTX"), (b"OFD.xml", "OFD"), (b"Doc_0/", "OFD"))
# A page states that it is one, or begins with an element; text that quotes a tag is still text.
PAGE = re.compile(
    r"\A\s*<(?:!--|\?xml|(?:meta|link|table|tbody|tr|td|div|p|span|article|section|center|font|h[1-6])\b)"
    r"|<!doctype\s+html|<(?:html|head|body)(?:\s[^<>]*)?>",
    re.IGNORECASE,
)
PAGE_WINDOW = 20_000
# Control characters that text never holds; more than this share of them is no text.
CONTROLS = re.compile(r"[\x00-\x06\x0e-\x1a\x1c-\x1f]")
CONTROL_SHARE = 0.002
UNREADABLE_SHARE = 0.1


def open_source(data: bytes, path: str) -> Source:
    """Give the visible text of a file and where its blocks lie, whatever the file is called.

    Raises ReadError: `empty_file`, `unsupported_format` (a known format without reader), `binary_content` (bytes that
    are no text), `no_text` (nothing to see).
    """
    if not data.strip():
        raise ReadError("empty_file", f"{path} is empty. Fetch it again, or leave it out.")
    _refuse_known_formats(data, path)
    decoded = decode(data)
    sample = decoded.text[:PAGE_WINDOW]
    broken = len(CONTROLS.findall(sample)) > CONTROL_SHARE * len(sample)
    if broken or sample.count("\ufffd") > UNREADABLE_SHARE * len(sample):
        raise ReadError(
            "binary_content",
            f"{path} holds binary data, not text. If it is a document, give it its own format; else leave it out.",
        )
    is_page = PAGE.search(sample) is not None
    content = read_page(decoded.text) if is_page else read_text(decoded.text)
    if not content.blocks:
        raise ReadError("no_text", f"{path} shows no text. If the page loads its text later, save it from a browser.")
    return Source(
        path=PurePath(path).as_posix(),
        media_type="text/html" if is_page else "text/plain",
        sha256=hashlib.sha256(data).hexdigest(),
        encoding=decoded.encoding,
        text=content.text,
        blocks=content.blocks,
        fields=content.fields,
        pages=content.pages,
        problems=decoded.problems + content.problems,
    )


def _refuse_known_formats(data: bytes, path: str) -> None:
    name = next((name for magic, name in MAGIC if data.startswith(magic)), None)
    if data.startswith(b"PK\x03\x04"):
        head = data[: 1 << 16] + data[-(1 << 16) :]
        name = next((name for member, name in ZIP_MEMBERS if member in head), "ZIP archive")
    if b"multipart/related" in data[:4096] and b"MIME-Version" in data[:4096]:
        name = "MHT (web archive)"
    if data.startswith(b"BM") and data[6:10] == bytes(4):
        name = "BMP image"
    if name is not None:
        raise ReadError(
            "unsupported_format",
            f"{path} is {name}, which cannot be read yet. Convert it to text or HTML, or wait for a version that "
            "reads this format.",
        )
