"""The front of all readers: look at the bytes, choose the reader, and refuse with a reason what none can read."""

from __future__ import annotations

import importlib
import re
from pathlib import PurePath

from pipeline.model import Source
from pipeline.quick.digest import hexadecimal
from pipeline.quick.plain import plain
from pipeline.read.content import Content
from pipeline.read.encoding import decode
from pipeline.read.errors import ReadError
from pipeline.read.sniff import Format, format_of
from pipeline.read.text import read_text

# Module, function and media type of the reader of each format. A reader is imported when its first file comes.
READERS: dict[Format, tuple[str, str, str]] = {
    "pdf": ("pipeline.read.pdf", "read_pdf", "application/pdf"),
    "docx": (
        "pipeline.read.word",
        "read_docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "ole": ("pipeline.read.old_word", "read_old_word", "application/msword"),
    "rtf": ("pipeline.read.old_word", "read_old_word", "application/rtf"),
    "xlsx": (
        "pipeline.read.workbook",
        "read_workbook",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "ofd": ("pipeline.read.ofd", "read_ofd", "application/ofd"),
    "image": ("pipeline.read.scan", "read_image", "image/*"),
    "mht": ("pipeline.read.mht", "read_mht", "multipart/related"),
}
# Formats that are known and not read, and what a person calls them.
NOT_READ: dict[Format, str] = {
    "pptx": "a presentation (PPTX)",
    "gzip": "a gzip archive",
    "7z": "a 7z archive",
    "rar": "a RAR archive",
    "zip": "a ZIP archive",
    "tar": "a TAR archive",
    "package": "a package of another program (ODT, EPUB, XPS)",
}
# A page states that it is one, or begins with an element; text that quotes a tag is still text.
PAGE = plain(
    r"\A\s*<(?:!--|\?xml|(?:meta|link|table|tbody|tr|td|div|p|span|article|section|center|font|h[1-6])\b)"
    r"|<!doctype\s+html|<(?:html|head|body)(?:\s[^<>]*)?>",
    re.IGNORECASE,
)
PAGE_WINDOW = 20_000
# The longest plans have 200,000 characters, a yearbook of documents one or two million. All stages take time in
# proportion to the text: eight million characters of prose take seconds and some 30 bytes each; where each sentence is
# a target, a minute or two and some 600 bytes each, so that the limits of a worker are what stops them.
MOST_TEXT_BYTES = 32_000_000
MOST_CHARACTERS = 8_000_000
# A page that Word wrote has 20 tags a line; beyond this a reader would go through empty elements for minutes.
MOST_TAGS = 600_000
# Control characters that text never holds; more than this share of them is no text.
CONTROLS = plain(r"[\x00-\x06\x0e-\x1a\x1c-\x1f]")
CONTROL_SHARE = 0.002
UNREADABLE_SHARE = 0.1


def open_source(data: bytes, path: str) -> Source:
    """Give the visible text of a file and where its blocks lie, whatever the file is called.

    Raises ReadError: `empty_file`, `unsupported_format` (a known format without reader), `binary_content` (bytes that
    are no text), `too_large`, `no_text` (nothing to see), and what the reader of the format cannot do.
    """
    if not data.strip():
        raise ReadError("empty_file", f"{path} is empty. Fetch it again, or leave it out.")
    kind = format_of(data)
    if kind in NOT_READ:
        raise ReadError(
            "unsupported_format",
            f"{path} is {NOT_READ[kind]}, which cannot be read. Unpack it, or save its documents as PDF or DOCX.",
        )
    if kind == "text":
        content, media_type, encoding = _decoded(data, path)
    else:
        module, function, media_type = READERS[kind]
        content = getattr(importlib.import_module(module), function)(data, path)
        encoding = ""
    _check_length(content.text, path)
    if not content.blocks:
        raise ReadError("no_text", f"{path} shows no text. If the page loads its text later, save it from a browser.")
    return Source(
        path=PurePath(path).as_posix(),
        media_type=media_type,
        sha256=hexadecimal(data),
        encoding=encoding,
        text=content.text,
        blocks=content.blocks,
        fields=content.fields,
        pages=content.pages,
        problems=content.problems,
        layout=content.layout,
        doubts=content.doubts,
    )


def _check_length(text: str, path: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise _too_large(path, f"{len(text):,} characters of text", f"{MOST_CHARACTERS:,}")


def _too_large(path: str, size: str, most: str) -> ReadError:
    message = (
        f"{path} has {size}; the limit is {most}. Part it into its documents, or save the text of the document only."
    )
    return ReadError("too_large", message)


def _decoded(data: bytes, path: str) -> tuple[Content, str, str]:
    """Read a text file or web page; give its media type and encoding too."""
    if len(data) > MOST_TEXT_BYTES:
        raise _too_large(path, f"{len(data):,} bytes of text or markup", f"{MOST_TEXT_BYTES:,}")
    decoded = decode(data)
    sample = decoded.text[:PAGE_WINDOW]
    broken = len(CONTROLS.findall(sample)) > CONTROL_SHARE * len(sample)
    if broken or sample.count("\ufffd") > UNREADABLE_SHARE * len(sample):
        raise ReadError(
            "binary_content",
            f"{path} holds binary data, not text. If it is a document, give it its own format; else leave it out.",
        )
    is_page = "<" in sample and PAGE.search(sample) is not None
    if is_page and (tags := decoded.text.count("<")) > MOST_TAGS:
        raise _too_large(path, f"{tags:,} tags", f"{MOST_TAGS:,}")
    if not is_page:
        _check_length(decoded.text, path)
    if is_page:
        # Only here: a text file needs no parser of markup.
        from pipeline.read.html import read_page

        content = read_page(decoded.text)
    else:
        content = read_text(decoded.text)
    content = content._replace(problems=decoded.problems + content.problems)
    return content, "text/html" if is_page else "text/plain", decoded.encoding
