"""Old Word files (DOC, DOT, WPS) and RTF → Source, by way of LibreOffice and the reader of DOCX.

What a file is called does not count: an OLE container says by its streams whether it is Word, Excel, PowerPoint, or a
new file locked with a password.
"""

from __future__ import annotations

import importlib
import importlib.util
import io
import struct
from typing import NoReturn

import olefile

from pipeline.model import Problem
from pipeline.read.content import Content
from pipeline.read.errors import ReadError
from pipeline.read.libreoffice import Converted, convert
from pipeline.read.word import read_docx

RTF_MARK = b"{\\rtf"
LOCKED_STREAMS = ("EncryptedPackage", "EncryptionInfo")
EXCEL_STREAMS = ("Workbook", "Book")
# Streams of other programs that write OLE containers, and what a person calls their files.
OTHER_STREAMS = {
    "PowerPoint Document": "a presentation (PPT)",
    "VisioDocument": "a Visio drawing",
    "__properties_version1.0": "an Outlook message",
    "HwpSummaryInformation": "a Hangul document",
    "Quill/QuillSub/CONTENTS": "a Publisher document",
}
# The head of the stream WordDocument ([MS-DOC] 2.5.2): its mark, and the flags with fEncrypted and fObfuscated.
WORD_MARKS = (0xA5EC, 0xA5DC)
FLAGS_OFFSET = 10
ENCRYPTED_FLAG = 0x0100
HEAD_BYTES = 64
FILE_PASS = b"\x2f\x00"
WORKBOOK_READER = "pipeline.read.workbook"


def read_old_word(data: bytes, path: str) -> Content:
    """Give the text of a DOC, DOT, WPS or RTF file as `read_docx` does, of XLS as `read_workbook`, and an info row.

    Raises ReadError: `converter_missing` (LibreOffice is needed), `conversion_failed`, `encrypted_file`,
    `unsupported_format` (a presentation or drawing), `damaged_file`, and what `read_docx` raises.
    """
    suffix = "rtf" if data.startswith(RTF_MARK) else _check_container(data, path)
    if suffix == "xls":
        converted = convert(data, suffix, "xlsx", path)
        content: Content = importlib.import_module(WORKBOOK_READER).read_workbook(converted.data, path)
    else:
        converted = convert(data, suffix, "docx", path)
        content = read_docx(converted.data, path)
    return content._replace(problems=(_note(suffix, converted), *content.problems))


def _check_container(data: bytes, path: str) -> str:
    """Give `doc` or `xls` for an OLE container with a text or workbook that is not locked, else raise ReadError."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            if any(container.exists(name) for name in LOCKED_STREAMS):
                _refuse_locked(path)
            if container.exists("WordDocument"):
                head = container.openstream("WordDocument").read(HEAD_BYTES)
            elif excel := next(filter(container.exists, EXCEL_STREAMS), None):
                return _check_workbook(container.openstream(excel).read(HEAD_BYTES), path)
            else:
                _refuse_other(container, path)
    except ReadError:
        raise
    # olefile fails in many ways on bytes that are not what they say: each means the same here.
    except Exception as error:
        _refuse_damaged(path, str(error) or type(error).__name__)
    if len(head) < FLAGS_OFFSET + 2 or struct.unpack_from("<H", head)[0] not in WORD_MARKS:
        _refuse_damaged(path, "its text does not begin as one of Word does")
    if struct.unpack_from("<H", head, FLAGS_OFFSET)[0] & ENCRYPTED_FLAG:
        _refuse_locked(path)
    return "doc"


def _check_workbook(head: bytes, path: str) -> str:
    """Give `xls` for a workbook that is not locked: FilePass is the record right after the first ([MS-XLS] 2.4.117)."""
    first = struct.unpack_from("<H", head, 2)[0] if len(head) >= 4 else 0
    if head[4 + first : 6 + first] == FILE_PASS:
        _refuse_locked(path)
    if importlib.util.find_spec(WORKBOOK_READER) is None:
        raise ReadError(
            "unsupported_format",
            f"{path} is an old Excel workbook (XLS or ET). Open it in Excel or WPS Office and save it as XLSX.",
        )
    return "xls"


def _refuse_other(container: olefile.OleFileIO[str], path: str) -> NoReturn:
    for name, kind in OTHER_STREAMS.items():
        if container.exists(name):
            raise ReadError("unsupported_format", f"{path} is {kind}, which cannot be read. Save it as PDF.")
    streams = ", ".join("/".join(entry) for entry in container.listdir()[:5]) or "nothing"
    _refuse_damaged(path, f"it holds no Word text, but {streams}")


def _refuse_locked(path: str) -> NoReturn:
    raise ReadError(
        "encrypted_file", f"{path} is locked with a password. Open it with the password and save it without one."
    )


def _refuse_damaged(path: str, why: str) -> NoReturn:
    raise ReadError(
        "damaged_file",
        f"{path} is damaged: {why}. Fetch it again, or open it in Word or WPS Office and save it as DOCX.",
    )


def _note(suffix: str, converted: Converted) -> Problem:
    message = (
        f"The file is in an old format ({suffix.upper()}); LibreOffice {converted.version} made a new one of it, which "
        "was read. Compare it with the original where its tables or numbers look wrong."
    )
    return Problem("info", "converted", message)
