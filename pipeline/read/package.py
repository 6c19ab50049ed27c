"""Files that are ZIP packages (DOCX, XLSX, OFD): open them within limits, and give their parts one by one.

What a package says of its sizes is looked at before anything is unpacked, and what comes out is counted again while
it is unpacked, since a package may lie. Nothing is ever written to disk, so the names of parts can do no harm.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from types import MappingProxyType
from typing import NoReturn

from lxml import etree

from pipeline.read.errors import ReadError

# The longest real plans hold some hundred parts and unpack to a few MB of words; the rest are pictures.
MOST_PARTS = 5_000
MOST_PART_BYTES = 64 << 20
MOST_BYTES = 256 << 20
# Office XML shrinks about 20-fold; only bombs reach hundreds. Small parts can repeat one byte and do no harm.
MOST_RATIO = 200
RATIO_FROM_BYTES = 1 << 20
# A tag costs some hundred bytes of memory once it is read; a plan of 300 pages has about 200,000.
MOST_TAGS = 3_000_000
ENCRYPTED_FLAG = 0x1
# The two ways of packing that the standards of packages know (ECMA-376 part 2, GB/T 33190).
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
FAULTS = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OSError, ValueError)
# `<!DOCTYPE` as the encodings of XML spell it. Only a document type can define entities.
DOCUMENT_TYPES = tuple("<!DOCTYPE".encode(name) for name in ("utf-8", "utf-16-le", "utf-16-be"))
# What libxml2 says where its own limits (depth 256, 10 MB a text node) stop it.
LIMIT_WORDS = re.compile(r"huge|excessive|limit", re.IGNORECASE)


class Package:
    """The parts of a ZIP package. Names are compared without case, with forward slashes, as OPC asks.

    `names` are the names as written, but for the slashes, in the order of the package's directory.
    """

    def __init__(self, archive: zipfile.ZipFile, path: str) -> None:
        self.path = path
        self._archive = archive
        self._unpacked = 0
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        self.names = tuple(_clean(entry.filename) for entry in entries)
        # A later entry replaces an earlier one of its name, as writers that append to a package mean it.
        self._entries = MappingProxyType(
            {name.casefold(): entry for name, entry in zip(self.names, entries, strict=True)}
        )

    def __contains__(self, name: str) -> bool:
        return _clean(name).casefold() in self._entries

    def size(self, name: str) -> int:
        """Give the unpacked size of a part in bytes, as the package states it."""
        return self._entry(name).file_size

    def read(self, name: str) -> bytes:
        """Give the bytes of a part. Raises ReadError: `damaged_file`, `too_large`, `encrypted_file`."""
        entry = self._entry(name)
        if entry.compress_type not in METHODS:
            _refuse_damaged(self.path, f"its part {name} is packed in a way that no package uses")
        try:
            with self._archive.open(entry) as stream:
                data = stream.read(MOST_PART_BYTES + 1)
        except RuntimeError:  # zipfile asks for a password
            _refuse_encrypted(self.path)
        except FAULTS as error:
            _refuse_damaged(self.path, f"its part {name} cannot be unpacked ({error})")
        self._unpacked += len(data)
        if len(data) > MOST_PART_BYTES:
            _refuse_large(self.path, f"its part {name} unpacks to more than {MOST_PART_BYTES >> 20} MB")
        if self._unpacked > MOST_BYTES:
            _refuse_large(self.path, f"its parts unpack to more than {MOST_BYTES >> 20} MB")
        return data

    def tree(self, name: str) -> etree._Element:
        """Give the root of an XML part; nothing outside the part is ever read. Raises ReadError as `read` does.

        A part with a document type is refused: office files have none, and it is the way in for entities that grow
        without end or name other files.
        """
        data = self.read(name)
        if any(mark in data for mark in DOCUMENT_TYPES):
            _refuse_damaged(self.path, f"its part {name} declares a document type (DOCTYPE), which no office file has")
        if data.count(b"<") > MOST_TAGS:
            _refuse_large(self.path, f"its part {name} has more than {MOST_TAGS:,} tags")
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
            remove_pis=True,
        )  # fmt: skip
        try:
            return etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError, LookupError) as error:
            if LIMIT_WORDS.search(str(error)):
                _refuse_large(self.path, f"its part {name} is nested too deeply or has a text without end ({error})")
            _refuse_damaged(self.path, f"its part {name} is no XML ({error})")

    def _entry(self, name: str) -> zipfile.ZipInfo:
        entry = self._entries.get(_clean(name).casefold())
        if entry is None:
            _refuse_damaged(self.path, f"its part {name} is missing")
        return entry


def open_package(data: bytes, path: str) -> Package:
    """Give the parts of a ZIP package, after a look at what it says of them.

    Raises ReadError: `damaged_file` (no ZIP, or cut short), `encrypted_file`, `too_large` (more than 5,000 parts,
    64 MB in a part, 256 MB in all, or a part that is packed more than 200-fold).
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except FAULTS as error:
        _refuse_damaged(path, f"its directory of parts cannot be read ({error})")
    if any(entry.flag_bits & ENCRYPTED_FLAG for entry in entries):
        _refuse_encrypted(path)
    if len(entries) > MOST_PARTS:
        _refuse_large(path, f"it has {len(entries):,} parts; {MOST_PARTS:,} are read")
    for entry in entries:
        if entry.file_size > MOST_PART_BYTES:
            _refuse_large(path, f"its part {entry.filename} unpacks to {entry.file_size >> 20} MB")
        if entry.file_size > RATIO_FROM_BYTES and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
            _refuse_large(path, f"its part {entry.filename} is packed more than {MOST_RATIO}-fold, as ZIP bombs are")
    total = sum(entry.file_size for entry in entries)
    if total > MOST_BYTES:
        _refuse_large(path, f"its parts unpack to {total >> 20} MB; {MOST_BYTES >> 20} MB are read")
    return Package(archive, path)


def _clean(name: str) -> str:
    """Give a part's name with forward slashes and none in front: some writers use those of Windows."""
    return name.replace("\\", "/").lstrip("/")


def _refuse_damaged(path: str, why: str) -> NoReturn:
    raise ReadError(
        "damaged_file",
        f"{path} is damaged: {why}. Fetch it again, or open it in the program it was written with and save it anew.",
    )


def _refuse_encrypted(path: str) -> NoReturn:
    raise ReadError(
        "encrypted_file",
        f"{path} is locked with a password. Open it with the password and save it without one.",
    )


def _refuse_large(path: str, why: str) -> NoReturn:
    raise ReadError(
        "too_large",
        f"{path} is too large to be read: {why}. Save its text alone, without pictures, or split it.",
    )
