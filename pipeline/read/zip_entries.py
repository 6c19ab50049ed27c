"""The entries of a ZIP archive: from its directory, or where that is gone from the heads before the entries.

The standard library refuses an archive as a whole where one name is odd or the end is missing. Here what stands
before the damage is still found. Layout of the records: APPNOTE.TXT, sections 4.3.7 (local head), 4.3.12 (directory),
4.3.16 (end of the directory), 4.5.3 (sizes above 4 GB), 4.6.9 (Unicode path).
"""

from __future__ import annotations

import struct
import zlib
from itertools import pairwise
from typing import Any

from pipeline.quick.classes import NamedTuple
from pipeline.read.errors import ReadError

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
AFTER_DATA = (b"PK\x07\x08", LOCAL, CENTRAL)
LOCAL_HEAD = struct.Struct("<4s5H3I2H")
CENTRAL_HEAD = struct.Struct("<4s6H3I5H2I")
END_HEAD = struct.Struct("<4s4H2IH")
# The comment behind the end of the directory takes at most 64 kB.
END_WINDOW = END_HEAD.size + 0xFFFF
ENCRYPTED = 0x1 | 0x40 | 0x2000
SIZES_FOLLOW, UTF8_NAME = 0x8, 0x800
WIDE, UNICODE_PATH = 0x0001, 0x7075
NOT_TOLD = 0xFFFFFFFF
COUNT_ELSEWHERE = 0xFFFF
STORED, DEFLATED, BZIPPED = 0, 8, 12
UNIX, LINK, TYPE_MASK = 3, 0o120000, 0o170000
CJK_IDEOGRAPHS = ("\u3400", "\u9fff")


class Entry(NamedTuple):
    """One entry: its name as bytes, how it is packed, and where its head lies. Sizes are None where none are told."""

    name: bytes
    extra: bytes
    flags: int
    method: int
    checksum: int | None
    packed: int | None
    size: int | None
    offset: int
    is_link: bool = False

    @property
    def is_encrypted(self) -> bool:
        """Tell whether a password is needed."""
        return bool(self.flags & ENCRYPTED)


class Entries(NamedTuple):
    """The entries of an archive in the order of its file, and whether its directory told them."""

    found: tuple[Entry, ...]
    whole: bool


def zip_entries(data: bytes, most: int) -> Entries:
    """Give the entries of a ZIP archive; `whole` is false where its directory is missing or damaged.

    At most `most` entries and one more are given, so that the caller sees that there are too many.
    """
    from_directory = _directory(data, most)
    if from_directory is not None:
        return Entries(from_directory, True)
    return Entries(_scanned(data, most), False)


def _directory(data: bytes, most: int) -> tuple[Entry, ...] | None:
    end = data.rfind(END, max(0, len(data) - END_WINDOW))
    if end < 0 or end + END_HEAD.size > len(data):
        return None
    _, _, _, _, count, length, stated, _ = END_HEAD.unpack_from(data, end)
    if NOT_TOLD in (length, stated) or count == COUNT_ELSEWHERE:
        # Only archives above our limits need the wide form of the end; the directory is found by its first mark.
        start = data.find(CENTRAL)
        shift = 0
    else:
        # What was put before the archive (a program that unpacks itself) moves all places.
        start = end - length
        shift = start - stated
    if start < 0 or shift < 0 or (count and data[start : start + 4] != CENTRAL):
        return None
    found: list[Entry] = []
    place = start
    while data[place : place + 4] == CENTRAL and len(found) <= most:
        if place + CENTRAL_HEAD.size > len(data):
            return None
        head = CENTRAL_HEAD.unpack_from(data, place)
        made_by, flags, method, checksum, packed, size = head[1], head[3], head[4], *head[7:10]
        name_length, extra_length, comment_length, attributes, offset = *head[10:13], head[15], head[16]
        name_at = place + CENTRAL_HEAD.size
        name = data[name_at : name_at + name_length]
        extra = data[name_at + name_length : name_at + name_length + extra_length]
        size, packed, offset = _widened(extra, size, packed, offset)
        is_link = made_by >> 8 == UNIX and (attributes >> 16) & TYPE_MASK == LINK
        found.append(Entry(name, extra, flags, method, checksum, packed, size, offset + shift, is_link))
        place = name_at + name_length + extra_length + comment_length
    is_whole = len(found) >= min(count, most) or count == COUNT_ELSEWHERE
    return tuple(found) if is_whole else None


def _widened(extra: bytes, *figures: int) -> tuple[int, ...]:
    """Put in the figures that do not fit 32 bits; they stand in the extra field, in this order, where they are cut."""
    wide = _extra_field(extra, WIDE)
    values = iter(struct.unpack_from(f"<{len(wide) // 8}Q", wide))
    return tuple(next(values, figure) if figure == NOT_TOLD else figure for figure in figures)


def _extra_field(extra: bytes, wanted: int) -> bytes:
    place = 0
    while place + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, place)
        if kind == wanted:
            return extra[place + 4 : place + 4 + length]
        place += 4 + length
    return b""


def _scanned(data: bytes, most: int) -> tuple[Entry, ...]:
    """Find entries by the head before each; what a damaged archive still holds."""
    found: list[Entry] = []
    place = data.find(LOCAL)
    while 0 <= place <= len(data) - LOCAL_HEAD.size and len(found) <= most:
        _, _, flags, method, _, _, checksum, packed, size, name_length, extra_length = LOCAL_HEAD.unpack_from(
            data, place
        )
        name_at = place + LOCAL_HEAD.size
        start = name_at + name_length + extra_length
        name, extra = data[name_at : name_at + name_length], data[name_at + name_length : start]
        if flags & SIZES_FOLLOW and not packed:
            found.append(Entry(name, extra, flags, method, None, None, None, place))
            after = min((at for mark in AFTER_DATA if (at := data.find(mark, start)) >= 0), default=len(data))
        else:
            size, packed = _widened(extra, size, packed)
            found.append(Entry(name, extra, flags, method, checksum, packed, size, place))
            after = start + packed
        place = data.find(LOCAL, after)
    return tuple(found)


def overlap(entries: tuple[Entry, ...]) -> bool:
    """Tell whether two entries share bytes, as those of archives do that are made to exhaust a reader."""
    ordered = sorted((entry.offset, entry.packed or 0) for entry in entries)
    return any(offset + LOCAL_HEAD.size + packed > following for (offset, packed), (following, _) in pairwise(ordered))


def unpack(data: bytes, entry: Entry, most: int) -> bytes:
    """Give the bytes of an entry.

    Raises ReadError: `too_large` above `most` bytes, `damaged_archive`, `unsupported_format` for a method of packing
    that is not read. Not more than `most` bytes are ever made.
    """
    head = data[entry.offset : entry.offset + LOCAL_HEAD.size]
    if len(head) < LOCAL_HEAD.size or not head.startswith(LOCAL):
        raise _damaged("its head is missing")
    name_length, extra_length = struct.unpack_from("<2H", head, 26)
    start = entry.offset + LOCAL_HEAD.size + name_length + extra_length
    end = len(data) if entry.packed is None else start + entry.packed
    if end > len(data):
        raise _damaged("its end is missing")
    content = _unpacked(memoryview(data)[start:end], entry.method, most)
    if len(content) > most:
        raise ReadError("too_large", "")
    if entry.checksum is not None and zlib.crc32(content) != entry.checksum:
        raise _damaged("its checksum does not fit")
    return content


def _unpacked(packed: memoryview, method: int, most: int) -> bytes:
    if method == STORED:
        return bytes(packed[: most + 1])
    if method == DEFLATED:
        unpacker: Any = zlib.decompressobj(-zlib.MAX_WBITS)
    elif method == BZIPPED:
        # Only here: hardly an archive is packed so.
        import bz2

        unpacker = bz2.BZ2Decompressor()
    else:
        raise ReadError("unsupported_format", f"is packed by a method (number {method}) that is not read")
    try:
        content: bytes = unpacker.decompress(packed, most + 1)
    except (zlib.error, OSError, ValueError) as error:
        raise _damaged(str(error)) from error
    if len(content) <= most and not unpacker.eof:
        raise _damaged("its end is missing")
    return content


def _damaged(how: str) -> ReadError:
    return ReadError("damaged_archive", f"is damaged: {how}")


def entry_name(entry: Entry) -> str:
    """Give the name of an entry as text: by its Unicode path, as UTF-8 where that is stated, else as decoded."""
    path = _extra_field(entry.extra, UNICODE_PATH)
    if len(path) > 5 and path[0] == 1 and int.from_bytes(path[1:5], "little") == zlib.crc32(entry.name):
        return path[5:].decode("utf-8", "replace")
    if entry.flags & UTF8_NAME:
        return entry.name.decode("utf-8", "replace")
    return decoded_name(entry.name)


def decoded_name(name: bytes) -> str:
    """Give the text of a name whose encoding nobody states: what Chinese systems write, UTF-8, GB18030 or Big5.

    A short name in GB18030 may be valid UTF-8 by chance, but does not show ideographs then.
    """
    for encoding in ("utf-8", "gb18030", "big5hkscs"):
        try:
            text = name.decode(encoding)
        except UnicodeDecodeError:
            continue
        first, last = CJK_IDEOGRAPHS
        if encoding != "utf-8" or name.isascii() or any(first <= character <= last for character in text):
            return text
    return name.decode("cp437")
