"""Word files built in memory from the XML of their parts: what the tests of Word start from."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

from pipeline.model import Source
from pipeline.read import open_source

TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
NAMESPACES = {
    "w": TRANSITIONAL,
    "r": f"{OFFICE}/relationships",
    "m": f"{OFFICE}/math",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
}
DECLARED = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in NAMESPACES.items())
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def part(root: str, inner: str) -> bytes:
    """Give an XML part with all namespaces declared."""
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{root} {DECLARED}>{inner}</w:{root}>'.encode()


def relations(targets: Sequence[tuple[str, str]]) -> bytes:
    """Give a part of relationships: kind and target of each."""
    inner = "".join(
        f'<Relationship Id="r{index}" Type="{OFFICE}/relationships/{kind}" Target="{target}"/>'
        for index, (kind, target) in enumerate(targets)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'.encode()


def content_types(kinds: Sequence[str]) -> bytes:
    """Give the part that says what the parts are; other programs look at it, our reader does not."""
    named = {"document": "document.main"}
    inner = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    inner += "".join(
        f'<Override PartName="/word/{kind}.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        f'wordprocessingml.{named.get(kind, kind)}+xml"/>'
        for kind in kinds
    )
    return f'<Types xmlns="{PACKAGE}/content-types">{inner}</Types>'.encode()


def docx(
    body: str, *, parts: dict[str, bytes] | None = None, more: Sequence[tuple[str, str]] = (), **roots: str
) -> bytes:
    """Give a file with this body. `roots` are the inner XML of other parts (styles, numbering, footnotes …).

    `parts` are further files by name, `more` further relationships of the document.
    """
    targets = [(kind, f"{kind}.xml") for kind in roots]
    files = {
        "[Content_Types].xml": content_types(["document", *roots]),
        "_rels/.rels": relations([("officeDocument", "word/document.xml")]),
        "word/_rels/document.xml.rels": relations([*targets, *more]),
        "word/document.xml": part("document", f"<w:body>{body}<w:sectPr/></w:body>"),
        **{f"word/{kind}.xml": part(ROOTS.get(kind, kind), inner) for kind, inner in roots.items()},
        **(parts or {}),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


ROOTS = {"header": "hdr", "footer": "ftr"}


def run(text: str, properties: str = "") -> str:
    """Give a run of text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def p(*runs: str, style: str = "", number: tuple[int, int] | None = None, properties: str = "") -> str:
    """Give a paragraph of runs (or bare words), with its style and its list and level."""
    inner = "".join(piece if piece.startswith("<") else run(piece) for piece in runs)
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    numbered = f'<w:numPr><w:ilvl w:val="{number[1]}"/><w:numId w:val="{number[0]}"/></w:numPr>' if number else ""
    return f"<w:p><w:pPr>{styled}{numbered}{properties}</w:pPr>{inner}</w:p>"


def level(depth: int, style: str, text: str, more: str = "", start: int = 1) -> str:
    """Give a level of a list."""
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{style}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbering(*lists: Sequence[str]) -> str:
    """Give the inner XML of a numbering part: list 1, 2 … with these levels."""
    abstracts = "".join(
        f'<w:abstractNum w:abstractNumId="{index}">{"".join(levels)}</w:abstractNum>'
        for index, levels in enumerate(lists)
    )
    nums = "".join(
        f'<w:num w:numId="{index + 1}"><w:abstractNumId w:val="{index}"/></w:num>' for index in range(len(lists))
    )
    return abstracts + nums


def cell(*blocks: str, properties: str = "") -> str:
    """Give a table cell with paragraphs (or bare words)."""
    inner = "".join(block if block.startswith("<") else p(block) for block in blocks) or p("")
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    """Give a table row of cells (or bare words)."""
    inner = "".join(entry if entry.startswith("<") else cell(entry) for entry in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{inner}</w:tr>"


def table(*rows: str) -> str:
    """Give a table with a grid as wide as its widest row; other programs ask for one."""
    columns = max((line.count("<w:tc>") for line in rows), default=0)
    grid = "".join('<w:gridCol w:w="2000"/>' for _ in range(columns))
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def field(instruction: str, result: str | None = None) -> str:
    """Give a field in its long form, with its result where it has one."""
    middle = "" if result is None else f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(result)}'
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{escape(instruction)}</w:instrText></w:r>'
        f'{middle}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def source(body: str, **more: object) -> Source:
    """Read a file with this body."""
    return open_source(docx(body, **more), "plan.docx")  # type: ignore[arg-type]


def lines(found: Source) -> list[str]:
    """Give the words of each block."""
    return [found.text[block.start : block.end] for block in found.blocks]


def read(body: str, **more: object) -> list[str]:
    """Give the words of each block of a file with this body."""
    return lines(source(body, **more))


def codes(found: Source) -> dict[str, str]:
    """Give the message of each problem by its code."""
    return {problem.code: problem.message for problem in found.problems}
