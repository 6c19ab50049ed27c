"""A web archive (MHT, RFC 2557; Word's single file web page too) → the page that it holds."""

from __future__ import annotations

import binascii
import email
import email.policy
from collections.abc import Iterator
from email.errors import CloseBoundaryNotFoundDefect
from email.message import Message

from pipeline.model import Problem
from pipeline.read.content import Content
from pipeline.read.encoding import LABELS, Decoded, decode
from pipeline.read.errors import ReadError
from pipeline.read.html import read_page

PAGES = ("text/html", "application/xhtml+xml")
# A saved page has some hundred pictures and style sheets; more parts than this cost minutes and give nothing.
MOST_PARTS = 5_000
# Parts inside parts: a saved page has two levels, one more for each frame.
MOST_NESTING = 20
CUT_SHORT = "The web archive ends before its end mark, so text may be missing. Fetch it again, or save the page anew."
BOUNDARY = b"--"


def read_mht(data: bytes, path: str) -> Content:
    """Give the text of the page in a web archive; pictures, style sheets and other frames are left out.

    The page is the part that the archive names as its start, else the first HTML part. Frames that hold pages of their
    own are told in a row. Raises ReadError: `damaged_file` (no HTML part), `too_large`.
    """
    if data.count(b"\n" + BOUNDARY) > MOST_PARTS:
        raise ReadError("too_large", f"{path} holds more than {MOST_PARTS:,} parts. Save the page itself as HTML.")
    # The old policy keeps headers as they stand: the new one raises errors over some that browsers write.
    message = email.message_from_bytes(data.lstrip(), policy=email.policy.compat32)
    pages = [part for part in _parts(message, 0, path) if part.get_content_type() in PAGES]
    if not pages:
        raise ReadError(
            "damaged_file",
            f"{path} is a web archive without a page: it may be cut short. Save the page anew, as HTML or PDF.",
        )
    root = _start(message, pages)
    decoded, problems = _decoded(root)
    if any(isinstance(defect, CloseBoundaryNotFoundDefect) for defect in message.defects):
        problems += (Problem("warning", "file_cut_short", CUT_SHORT),)
    content = read_page(decoded.text)
    others = [part for part in pages if part is not root and _holds_text(part)]
    if others:
        problems += (
            Problem(
                "warning",
                "frames_left_out",
                f"The archive holds {len(others)} more pages (frames), which were left out. If the document is in one "
                "of them, open the archive in a browser and save that frame alone.",
            ),
        )
    return content._replace(problems=(*decoded.problems, *problems, *content.problems))


def _parts(message: Message, depth: int, path: str) -> Iterator[Message]:
    """Give the parts that are no containers, in order."""
    if depth > MOST_NESTING:
        raise ReadError("too_large", f"{path} nests its parts too deeply. Save the page itself as HTML.")
    inner = message.get_payload() if message.is_multipart() else None
    if isinstance(inner, list):
        for part in inner:
            if isinstance(part, Message):
                yield from _parts(part, depth + 1, path)
    else:
        yield message


def _start(message: Message, pages: list[Message]) -> Message:
    """Give the page that the archive begins with: the one named by `start`, else the first that shows text."""
    named = str(message.get_param("start", "") or "").strip()
    chosen = [part for part in pages if named and (part.get("Content-ID") or "").strip() == named]
    return next(iter([*chosen, *filter(_holds_text, pages), *pages]))


def _holds_text(part: Message) -> bool:
    """Tell whether a page shows any words; the frames of scripts and advertisements do not."""
    return bool(read_page(_decoded(part)[0].text).blocks)


def _decoded(part: Message) -> tuple[Decoded, tuple[Problem, ...]]:
    """Give the text of a part: in the charset of its header if its bytes are in it, else by what the bytes show."""
    content, problems = _bytes(part)
    label = str(part.get_param("charset", "") or "").strip().strip("\"'").lower()
    for encoding in LABELS.get(label, (label,) if label else ()):
        try:
            return Decoded(content.decode(encoding), encoding, ()), problems
        except (UnicodeDecodeError, LookupError):
            continue
    return decode(content), problems


def _bytes(part: Message) -> tuple[bytes, tuple[Problem, ...]]:
    """Give the bytes of a part, after base64 or quoted-printable; a row where that is damaged."""
    try:
        content = part.get_payload(decode=True)
    except (binascii.Error, ValueError):
        content = None
    if not isinstance(content, bytes):
        content = str(part.get_payload()).encode("utf-8", "replace")
    if not part.defects:
        return content, ()
    message = "The page inside the archive is damaged; some of its text may be missing. Save it anew, as HTML or PDF."
    return content, (Problem("warning", "damaged_part", message),)
