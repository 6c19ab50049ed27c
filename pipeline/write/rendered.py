"""One document as the bytes that its rows, its text and its tree take in the output; what is kept and sent about."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.model.tables import TABLES, OrganisationRow, ProblemRow, Record
from pipeline.quick.classes import NamedTuple, astuple, dataclass
from pipeline.write import nested, tables

# Half the size is saved in a tenth of the time that the best level takes.
LEVEL = 1
# The register is one over all documents; its rows come out of no single one.
ROWS_AT_ONCE = 5000
OF_DOCUMENT = tuple(row for row in TABLES if row is not OrganisationRow)


class Packed(NamedTuple):
    """A rendered document in bytes: what the tables take of it, and its two files, so that one can be had alone."""

    rows: bytes
    files: bytes


@dataclass(frozen=True, slots=True)
class Rows:
    """What one document, or one file that gave none, adds to the tables.

    `lines` are its lines of CSV by table, `counts` how many they are, `organisations` its part of the register.
    `document_id` is None where there is no document.
    """

    source: str
    document_id: str | None
    lines: dict[str, bytes]
    counts: dict[str, int]
    severities: dict[str, int]
    unexplained: int
    organisations: tuple[OrganisationRow, ...]


@dataclass(frozen=True, slots=True)
class Files:
    """The text of a document and its nested JSON; both empty where there is no document."""

    text: bytes
    tree: bytes


@dataclass(frozen=True, slots=True)
class Rendered:
    """One outcome, ready to be written."""

    rows: Rows
    files: Files

    def packed(self) -> Packed:
        """Give it as bytes: the same for the same outcome, read back by `unpack_rows` and `unpack_files`."""
        rows = self.rows
        head = {
            "source": rows.source,
            "document_id": rows.document_id,
            "counts": rows.counts,
            "severities": rows.severities,
            "unexplained": rows.unexplained,
            "organisations": [astuple(row) for row in rows.organisations],
            "lines": {name: len(lines) for name, lines in rows.lines.items()},
        }
        return Packed(
            _pack(head, rows.lines.values()),
            _pack({"text": len(self.files.text)}, (self.files.text, self.files.tree)) if self.files.tree else b"",
        )


def render(outcome: Record | ProblemRow) -> Rendered:
    """Give the bytes of a record, or of the problem of a file that gave none."""
    if isinstance(outcome, ProblemRow):
        line = tables.line(outcome).encode("utf-8")
        table = ProblemRow.table
        rows = Rows(outcome.source, None, {table: line}, {table: 1}, {outcome.severity: 1}, 0, ())
        return Rendered(rows, Files(b"", b""))
    found: dict[str, Sequence[Any]] = {row.table: getattr(outcome, row.table, ()) for row in OF_DOCUMENT}
    found["documents"] = (outcome.document,)
    rows = Rows(
        source=outcome.document.source,
        document_id=outcome.document.document_id,
        lines={name: _lines(rows) for name, rows in found.items() if rows},
        counts={name: len(rows) for name, rows in found.items() if rows},
        severities=dict(sorted(Counter(row.severity for row in outcome.problems).items())),
        unexplained=outcome.document.unexplained_count,
        organisations=outcome.organisations,
    )
    return Rendered(rows, Files(outcome.text.encode("utf-8"), nested.document(outcome)))


def _lines(rows: Sequence[Any]) -> bytes:
    """Write the rows of a table, so many at a time that their cells take little memory."""
    parts = (rows[first : first + ROWS_AT_ONCE] for first in range(0, len(rows), ROWS_AT_ONCE))
    return b"".join([tables.lines(part).encode("utf-8") for part in parts])


def unpack_rows(packed: bytes) -> Rows:
    """Give back the rows of a packed document. Raises ValueError where the bytes are damaged."""
    head, rest = _unpack(packed)
    lines, start = {}, 0
    for name, size in head["lines"].items():
        lines[name] = rest[start : start + size]
        start += size
    organisations = tuple(OrganisationRow(*values) for values in head["organisations"])
    return Rows(
        source=head["source"],
        document_id=head["document_id"],
        lines=lines,
        counts=head["counts"],
        severities=head["severities"],
        unexplained=head["unexplained"],
        organisations=organisations,
    )


def unpack_files(packed: bytes) -> Files:
    """Give back the files of a packed document. Raises ValueError where the bytes are damaged."""
    if not packed:
        return Files(b"", b"")
    head, rest = _unpack(packed)
    return Files(rest[: head["text"]], rest[head["text"] :])


def _pack(head: dict[str, Any], parts: Iterable[bytes]) -> bytes:
    front = json.dumps(head, ensure_ascii=False).encode("utf-8")
    packing = zlib.compressobj(LEVEL)
    pieces = [packing.compress(part) for part in (len(front).to_bytes(4, "big"), front, *parts)]
    return b"".join((*pieces, packing.flush()))


def _unpack(packed: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        # Its checksum is looked at on the way.
        whole = zlib.decompress(packed)
        size = 4 + int.from_bytes(whole[:4], "big")
        return json.loads(whole[4:size]), whole[size:]
    except (zlib.error, KeyError, UnicodeDecodeError) as error:
        raise ValueError(f"a kept document is damaged: {error}") from error
