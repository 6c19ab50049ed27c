"""Tables of a Word document: merged cells as Word states them."""

from __future__ import annotations

from xml.sax.saxutils import escape

from tools.parity.manuscript import Place, Table

TWIPS_PER_MM = 56.7
LEVEL_SIDES = ("top", "bottom", "insideH")
SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


def table_xml(table: Table) -> str:
    """Give a ruled table. A cell over several rows is restated in each as `vMerge`, one over columns has `gridSpan`."""
    grid = "".join(f'<w:gridCol w:w="{round(width * TWIPS_PER_MM)}"/>' for width in table.widths)
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="6" w:space="0" w:color="000000"/>'
        for side in (SIDES if table.upright else LEVEL_SIDES)
    )
    width = round(sum(table.widths) * TWIPS_PER_MM)
    properties = f'<w:tblW w:w="{width}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{borders}</w:tblBorders>'
    places = {(place.row, place.column): place for row in table.places() for place in row}
    rows = "".join(_row(table, places, i) for i in range(len(table.grid)))
    properties += '<w:tblLayout w:type="fixed"/>'
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"


def _row(table: Table, places: dict[tuple[int, int], Place], row: int) -> str:
    head = "<w:tblHeader/>" if table.repeat and row < table.head else ""
    whole = "" if table.split else "<w:cantSplit/>"
    cells = []
    for place in places.values():
        if place.row <= row < place.row + place.row_span:
            width = sum(table.widths[place.column : place.column + place.column_span])
            cells.append((place.column, _cell(place, row, width, head=row < table.head)))
    return f"<w:tr><w:trPr>{whole}{head}</w:trPr>{''.join(xml for _, xml in sorted(cells))}</w:tr>"


def _cell(place: Place, row: int, width: float, *, head: bool) -> str:
    properties = f'<w:tcW w:w="{round(width * TWIPS_PER_MM)}" w:type="dxa"/>'
    if place.column_span > 1:
        properties += f'<w:gridSpan w:val="{place.column_span}"/>'
    if place.row_span > 1:
        properties += '<w:vMerge w:val="restart"/>' if row == place.row else "<w:vMerge/>"
    lines = place.lines if row == place.row else [""]
    bold = "<w:b/>" if head else ""
    long = not head and max(map(len, lines)) > 8
    layout = (
        '<w:spacing w:line="460" w:lineRule="exact"/><w:ind w:firstLineChars="0" w:firstLine="0"/>'
        f'<w:jc w:val="{"both" if long else "center"}"/>'
    )
    paragraphs = "".join(
        f'<w:p><w:pPr>{layout}</w:pPr><w:r><w:rPr>{bold}<w:sz w:val="26"/></w:rPr><w:t>{escape(line)}</w:t></w:r></w:p>'
        for line in lines
    )
    return f'<w:tc><w:tcPr>{properties}<w:vAlign w:val="center"/></w:tcPr>{paragraphs}</w:tc>'
