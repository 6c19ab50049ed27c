"""The OFD version of a manuscript, with the writer of the tests."""

from __future__ import annotations

import io
import zipfile

from tests.ofd_files import Block, Cell, PageBreak, Paragraph, Style, Table, write_ofd
from tools.parity import manuscript as source
from tools.parity.plain import paragraph
from tools.parity.word import DATE

STYLES: dict[str, Style] = {"title": "title", "subtitle": "title", "centre": "title", "right": "right"}
TURNS = frozenset({"page", "landscape", "portrait"})
SILENT = frozenset({"rule", "restart", "columns", "single", "note"})
DOTS = "…" * 6


def ofd_file(manuscript: source.Manuscript) -> bytes:
    """Give the file; footnotes stand at the end. One setting, `ofd=characters`, draws every character on its own."""
    blocks: list[Block] = []
    for part in manuscript.parts:
        if part.kind in TURNS:
            blocks.append(PageBreak())
        elif part.table is not None:
            blocks.append(_table(part.table))
        elif part.kind == "entry":
            blocks.append(Paragraph(part.text.replace(" | ", DOTS)))
        elif part.kind not in SILENT:
            style = "heading" if part.kind == "heading" and not part.text else STYLES.get(part.kind, "body")
            blocks.append(Paragraph(paragraph(part), style))
    blocks += [Paragraph(part.text.replace(" ", "", 1)) for part in manuscript.parts if part.kind == "note"]
    return _undated(write_ofd(blocks, by_character=manuscript.info.get("ofd") == "characters"))


def _table(table: source.Table) -> Table:
    rows = (
        tuple(Cell("\n".join(place.lines), place.row_span, place.column_span) for place in row)
        for row in table.places()
    )
    return Table(tuple(rows), tuple(table.widths))


def _undated(data: bytes) -> bytes:
    """Give the package with one date on all its parts, so that the same manuscript gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w") as copy:
        for name in package.namelist():
            entry = zipfile.ZipInfo(name, DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            copy.writestr(entry, package.read(name))
    return out.getvalue()
