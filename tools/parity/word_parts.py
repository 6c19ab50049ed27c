"""The parts of a Word package besides its main text: styles, numbering, notes, header and footers."""

from __future__ import annotations

from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEADING = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
NAMES = f'xmlns:w="{MAIN}" xmlns:r="{RELATIONS}"'
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
FONTS = {"hans": "Noto Serif CJK SC", "hant": "Noto Serif CJK TC"}
# Relation, its type, its part.
LINKS = (
    ("rId1", "styles", "styles.xml"),
    ("rId2", "settings", "settings.xml"),
    ("rId3", "numbering", "numbering.xml"),
    ("rId4", "footnotes", "footnotes.xml"),
    ("rId5", "header", "header1.xml"),
    ("rId6", "footer", "footer1.xml"),
    ("rId7", "footer", "footer2.xml"),
)
CONTENT_TYPES = (
    f'{HEADING}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{TYPE}document.main+xml"/>'
    + "".join(f'<Override PartName="/word/{part}" ContentType="{TYPE}{kind}+xml"/>' for _, kind, part in LINKS)
    + "</Types>"
)
PACKAGE_RELATIONS = (
    f'{HEADING}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="word/document.xml"/></Relationships>'
)
DOCUMENT_RELATIONS = (
    f'{HEADING}<Relationships xmlns="{PACKAGE}/relationships">'
    + "".join(f'<Relationship Id="{name}" Type="{RELATIONS}/{kind}" Target="{part}"/>' for name, kind, part in LINKS)
    + "</Relationships>"
)
SETTINGS = (
    f'{HEADING}<w:settings {NAMES}><w:evenAndOddHeaders/><w:footnotePr><w:numFmt w:val="decimalEnclosedCircle"/>'
    '<w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
    '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" '
    'w:val="15"/></w:compat></w:settings>'
)
# The marks of the four levels: number format and text.
LEVELS = (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."), ("decimal", "（%4）"))


def document(body: str) -> str:
    """Give the main part."""
    return f"{HEADING}<w:document {NAMES}><w:body>{body}</w:body></w:document>"


def section(orientation: str, columns: int, kind: str) -> str:
    """Give the properties of a section: A4, the margins of official papers (37, 35, 28 and 26 mm)."""
    wide = orientation == "landscape"
    size = 'w:w="16838" w:h="11906" w:orient="landscape"' if wide else 'w:w="11906" w:h="16838"'
    top, right, bottom, left = (1588, 1985, 1474, 2098) if wide else (2098, 1474, 1985, 1588)
    columns_xml = f'<w:cols w:num="{columns}" w:space="454"/>' if columns > 1 else ""
    return (
        '<w:sectPr><w:headerReference w:type="default" r:id="rId5"/><w:headerReference w:type="even" r:id="rId5"/>'
        '<w:footerReference w:type="default" r:id="rId6"/><w:footerReference w:type="even" r:id="rId7"/>'
        f'<w:footnotePr><w:numFmt w:val="decimalEnclosedCircle"/></w:footnotePr><w:type w:val="{kind}"/>'
        f'<w:pgSz {size}/><w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}" '
        f'w:header="1134" w:footer="1417" w:gutter="0"/>{columns_xml}</w:sectPr>'
    )


def styles(info: dict[str, str]) -> str:
    """Give the styles: 16 point serif (or `size`) on lines of 28.95 (or `line`) points, first line indented."""
    script = info.get("script", "hans")
    size = float(info.get("size", 16))
    line = float(info.get("line", 28.95))
    font = FONTS[script]
    fonts = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}" w:cs="{font}"/>'
    language = "zh-TW" if script == "hant" else "zh-CN"
    headings = "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/>'
        f'<w:basedOn w:val="Normal"/><w:pPr><w:keepNext/><w:outlineLvl w:val="{level - 1}"/></w:pPr></w:style>'
        for level in range(1, 5)
    )
    return (
        f'{HEADING}<w:styles {NAMES}><w:docDefaults><w:rPrDefault><w:rPr>{fonts}<w:sz w:val="{2 * size:.0f}"/>'
        f'<w:lang w:val="en-US" w:eastAsia="{language}"/></w:rPr></w:rPrDefault></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:pPr>'
        f'<w:spacing w:before="0" w:after="0" w:line="{20 * line:.0f}" w:lineRule="exact"/>'
        f'<w:ind w:firstLineChars="200" w:firstLine="{40 * size:.0f}"/><w:jc w:val="both"/></w:pPr></w:style>'
        f"{headings}"
        '<w:style w:type="paragraph" w:styleId="FootnoteText"><w:name w:val="footnote text"/>'
        '<w:basedOn w:val="Normal"/>'
        '<w:pPr><w:spacing w:line="320" w:lineRule="exact"/><w:ind w:firstLineChars="0" w:firstLine="0"/></w:pPr>'
        '<w:rPr><w:sz w:val="21"/></w:rPr></w:style></w:styles>'
    )


def numbering(lists: int) -> str:
    """Give `lists` lists of the four levels of headings, each counting from one."""
    levels = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:suff w:val="nothing"/>'
        f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="0" w:firstLineChars="200" '
        'w:firstLine="640"/></w:pPr></w:lvl>'
        for i, (form, text) in enumerate(LEVELS)
    )
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{i}"><w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
        for i in range(1, lists + 1)
    )
    used = "".join(f'<w:num w:numId="{i}"><w:abstractNumId w:val="{i}"/></w:num>' for i in range(1, lists + 1))
    return f"{HEADING}<w:numbering {NAMES}>{abstract}{used}</w:numbering>"


def reference(number: int) -> str:
    """Give the raised mark in the text that points to a footnote."""
    return f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="{number}"/></w:r>'


def footnotes(notes: list[str]) -> str:
    """Give the footnotes, below the two separators that every package has."""
    separators = "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'
        for number, kind in ((-1, "separator"), (0, "continuationSeparator"))
    )
    own = "".join(
        f'<w:footnote w:id="{i}"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr><w:r><w:rPr>'
        f'<w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r><w:r>'
        f'<w:t xml:space="preserve">{escape(note)}</w:t>'
        "</w:r></w:p></w:footnote>"
        for i, note in enumerate(notes, start=1)
    )
    return f"{HEADING}<w:footnotes {NAMES}>{separators}{own}</w:footnotes>"


def header(words: str) -> str:
    """Give the running head."""
    return f"{HEADING}<w:hdr {NAMES}>{_small(escape(words), 'center', 18)}</w:hdr>"


def footer(side: str) -> str:
    """Give the foot with the page's number between dashes, at one side."""
    field = (
        '<w:r><w:rPr><w:sz w:val="28"/></w:rPr><w:t xml:space="preserve">— </w:t></w:r>'
        '<w:r><w:rPr><w:sz w:val="28"/></w:rPr><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:rPr><w:sz w:val="28"/></w:rPr><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
        '<w:r><w:rPr><w:sz w:val="28"/></w:rPr><w:fldChar w:fldCharType="separate"/></w:r>'
        '<w:r><w:rPr><w:sz w:val="28"/></w:rPr><w:t>1</w:t></w:r>'
        '<w:r><w:rPr><w:sz w:val="28"/></w:rPr><w:fldChar w:fldCharType="end"/></w:r>'
        '<w:r><w:rPr><w:sz w:val="28"/></w:rPr><w:t xml:space="preserve"> —</w:t></w:r>'
    )
    layout = f'<w:pPr><w:ind w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="{side}"/></w:pPr>'
    return f"{HEADING}<w:ftr {NAMES}><w:p>{layout}{field}</w:p></w:ftr>"


def _small(words: str, side: str, size: int) -> str:
    layout = f'<w:pPr><w:ind w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="{side}"/></w:pPr>'
    return f'<w:p>{layout}<w:r><w:rPr><w:sz w:val="{size}"/></w:rPr><w:t>{words}</w:t></w:r></w:p>'
