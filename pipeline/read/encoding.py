"""Bytes → text: which encoding a file is in, by what it shows rather than by what it says."""

from __future__ import annotations

import codecs
import re

from pipeline.model import Problem
from pipeline.quick.classes import NamedTuple
from pipeline.quick.plain import plain

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# Every label of the GB family means its largest member (镕 and 䶮 are not in gb2312), as browsers read them.
LABELS = {
    "gb2312": ("gb18030",),
    "gb_2312-80": ("gb18030",),
    "gbk": ("gb18030",),
    "x-gbk": ("gb18030",),
    "cp936": ("gb18030",),
    "gb18030": ("gb18030",),
    "big5": ("big5hkscs", "cp950"),
    "big5-hkscs": ("big5hkscs", "cp950"),
    "big5hkscs": ("big5hkscs", "cp950"),
    "x-x-big5": ("big5hkscs", "cp950"),
    "cp950": ("cp950", "big5hkscs"),
}
# The label in <meta charset> or <?xml encoding>; browsers look at the first 1024 bytes, old portals need more.
LABEL = plain(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:-]+)""", re.IGNORECASE)
LABEL_WINDOW = 4096
# Characters of Chinese text in UTF-16: most bytes of one half are the high byte of a Han character or of ASCII.
HAN_HIGH_BYTES = frozenset(range(0x4E, 0xA0)) | {0x00, 0x30, 0xFF}
SAMPLE = 64 * 1024
LOST_SHARE = 0.01


class Decoded(NamedTuple):
    """The text, the codec that gave it, and what a person should know of it."""

    text: str
    encoding: str
    problems: tuple[Problem, ...]


def decode(data: bytes) -> Decoded:
    """Give the text of `data`; bytes that no encoding explains become U+FFFD, with a warning.

    The order: byte order mark, strict UTF-8, UTF-8 with a few bad bytes, the label in the file, UTF-16 without mark,
    statistics, the best guess with replacements.
    """
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return _replacing(data, encoding)
    exact = _strict(data, "utf-8")
    if exact is None and _nearly_utf8(data):
        return _replacing(data, "utf-8")
    if exact is None:
        for encoding in (*_labelled(data), *_wide(data), *_detected(data)):
            exact = _strict(data, encoding)
            if exact is not None:
                break
    return exact or _replacing(data, _least_damaged(data))


def _strict(data: bytes, encoding: str) -> Decoded | None:
    try:
        return Decoded(data.decode(encoding), encoding, ())
    except (UnicodeDecodeError, LookupError):
        return None


def _nearly_utf8(data: bytes) -> bool:
    """Tell whether all but a few bytes are UTF-8: text cut in mid character, or with a damaged spot.

    Text in another encoding hardly ever holds valid sequences of three bytes in number.
    """
    text = data.decode("utf-8", errors="replace")
    lost = text.count("\ufffd")
    valid = sum(character > "\u07ff" for character in text[:SAMPLE]) - lost
    return valid >= 10 and lost <= max(2, LOST_SHARE * valid)


def _replacing(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, errors="replace")
    lost = text.count("\ufffd") - data.count("\ufffd".encode())
    name = "utf-8" if encoding == "utf-8-sig" else encoding
    if lost <= 0:
        return Decoded(text, name, ())
    place = text.index("\ufffd")
    around = " ".join(text[max(0, place - 15) : place + 15].split())
    message = (
        f"{lost} characters could not be decoded as {name} and stand as \ufffd, the first in “{around}”. "
        "Compare the passage with the original, or save the file as UTF-8."
    )
    return Decoded(text, name, (Problem("warning", "undecodable_characters", message),))


def _labelled(data: bytes) -> tuple[str, ...]:
    """Give the codecs for the label that the file states, if it states one."""
    found = LABEL.search(data[:LABEL_WINDOW])
    if found is None:
        return ()
    label = found.group(1).decode("ascii").lower()
    return LABELS.get(label, (label,) if _known(label) else ())


def _known(label: str) -> bool:
    try:
        return codecs.lookup(label)._is_text_encoding
    except LookupError:
        return False


def _wide(data: bytes) -> tuple[str, ...]:
    """Give the UTF-16 whose high bytes look like Chinese text, if one does."""
    if len(data) < 4 or len(data) % 2:
        return ()
    sample = data[:SAMPLE]
    shares = {
        encoding: sum(byte in HAN_HIGH_BYTES for byte in sample[half::2]) / len(sample[half::2])
        for encoding, half in (("utf-16-le", 1), ("utf-16-be", 0))
    }
    best = max(shares, key=lambda encoding: shares[encoding])
    return (best,) if shares[best] > 0.95 and min(shares.values()) < 0.8 else ()


def _detected(data: bytes) -> tuple[str, ...]:
    """Give what the statistics of the bytes suggest."""
    from charset_normalizer import from_bytes  # slow to import, rarely needed

    best = from_bytes(
        data[:SAMPLE], cp_isolation=["gb18030", "gbk", "gb2312", "big5", "big5hkscs", "cp950", "utf_8"]
    ).best()
    if best is None:
        return ()
    return LABELS.get(best.encoding.replace("_", "-"), LABELS.get(best.encoding, (best.encoding,)))


def _least_damaged(data: bytes) -> str:
    """Give the codec that loses the fewest characters; UTF-8 where they are equal."""
    candidates = ("utf-8", *_labelled(data), "gb18030", "big5hkscs")
    sample = data[:SAMPLE]
    return min(candidates, key=lambda encoding: sample.decode(encoding, errors="replace").count("\ufffd"))
