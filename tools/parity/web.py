"""A web page of a manuscript, as a government's site shows it; printed, it gives the second PDF."""

from __future__ import annotations

from html import escape

from tools.parity.manuscript import Manuscript, Part, Place, Table

STYLE = """
@page { size: A4; margin: 37mm 26mm 35mm 28mm; @top-center { content: "RUNNING"; font: 9pt SERIF; } }
@page :right { @bottom-right { content: "— " counter(page) " —"; font: 14pt SERIF; } }
@page :left { @bottom-left { content: "— " counter(page) " —"; font: 14pt SERIF; } }
@page wide { size: A4 landscape; margin: 28mm 35mm 26mm 37mm; }
body { font: 16pt/28.9pt SERIF; margin: 0; text-align: justify; word-break: break-all; line-break: strict; }
p { margin: 0; text-indent: 2em; }
p.title { text-align: center; text-indent: 0; font-size: 22pt; line-height: 36pt; margin: 12pt 0; }
p.centre { text-align: center; text-indent: 0; }
p.flush { text-indent: 0; }
p.right { text-align: right; padding-right: 4em; }
p.hang { padding-left: 5em; text-indent: 0; }
p.copies, p.note { font-size: 14pt; line-height: 22pt; text-indent: 1em; }
p.entry { text-indent: 0; display: flex; }
p.entry i { flex: 1; overflow: hidden; white-space: nowrap; font-style: normal; }
table { border-collapse: collapse; width: 100%; font-size: 13pt; line-height: 23pt; table-layout: fixed; }
td, th { border: 0.75pt solid black; padding: 1.5pt 3pt; text-align: center; font-weight: normal; }
td.words { text-align: justify; }
tr { break-inside: avoid; }
.split tr { break-inside: auto; }
.level td, .level th { border-left: 0; border-right: 0; }
thead.once { display: table-row-group; }
thead th { font-weight: bold; }
h2, h3 { font-size: 16pt; margin: 0; font-weight: normal; text-indent: 2em; break-after: avoid; }
b { font-weight: bold; }
.page { break-before: page; }
.wide { page: wide; }
.columns { columns: 2; column-gap: 8mm; font-size: 10.5pt; line-height: 17pt; }
.columns table { font-size: 9pt; line-height: 13pt; }
.columns p.title { font-size: 15pt; line-height: 22pt; }
hr { border: 0; border-top: 1pt solid black; }
"""
CLASSES = {
    "title": "title",
    "subtitle": "centre",
    "number": "centre",
    "centre": "centre",
    "none": "text",
    "foot": "copies",
}
LEADER = "…" * 60


def web_page(manuscript: Manuscript, *, printed: bool = False) -> str:
    """Give the page; `printed` adds what only paper has: the table of contents and page turns."""
    serif = '"Noto Serif CJK TC"' if manuscript.info.get("script") == "hant" else '"Noto Serif CJK SC"'
    language = "zh-TW" if manuscript.info.get("script") == "hant" else "zh-CN"
    style = STYLE.replace("SERIF", serif).replace("RUNNING", manuscript.info.get("running", ""))
    body = _Body(manuscript, printed=printed).written()
    head = f'<meta charset="utf-8">\n<title>{escape(manuscript.title)}</title>\n<style>{style}</style>'
    return f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n{head}\n</head>\n<body>\n{body}\n</body>\n</html>\n'


class _Body:
    def __init__(self, manuscript: Manuscript, *, printed: bool) -> None:
        self._manuscript = manuscript
        self._printed = printed
        self._lines: list[str] = []
        self._notes: list[str] = []
        self._turn = False
        self._open = 0

    def written(self) -> str:
        if self._manuscript.fields and not self._printed:
            rows = "".join(f"<tr><td>{escape(n)}：</td><td>{escape(v)}</td></tr>" for n, v in self._manuscript.fields)
            self._lines.append(f'<table class="xxgk">{rows}</table>')
        for part in self._manuscript.parts:
            self._add(part)
        return "\n".join([*self._lines, *["</div>"] * self._open, *self._notes])

    def _add(self, part: Part) -> None:
        if part.kind == "page":
            self._turn = True
        elif part.kind == "note":
            self._notes.append(f'<p class="note">{escape(part.text.replace(" ", "", 1))}</p>')
        elif part.kind == "rule":
            self._lines.append("<hr>" if self._printed else "")
        elif part.kind in ("landscape", "columns"):
            kind = "wide" if part.kind == "landscape" else "columns"
            self._lines.append(f'<div class="{kind}{self._turned()}">')
            self._open += 1
        elif part.kind in ("portrait", "single"):
            self._lines.append("</div>")
            self._open -= 1
        elif part.table is not None:
            self._lines.append(table_markup(part.table, self._turned()))
        elif part.kind == "entry":
            words, _, page = part.text.partition(" | ")
            if self._printed:
                turn = self._turned()
                self._lines.append(f'<p class="entry{turn}"><span>{escape(words)}</span><i>{LEADER}</i>{page}</p>')
        elif part.kind != "restart":
            self._lines.append(self._paragraph(part))

    def _turned(self) -> str:
        turned, self._turn = self._turn and self._printed, False
        return " page" if turned else ""

    def _paragraph(self, part: Part) -> str:
        words = escape(part.label + part.lead)
        if part.kind == "heading" and not part.text:
            tag = "h2" if part.level == 1 else "h3"
            plain = self._manuscript.info.get("headings") != "styles"
            if plain:
                return f'<p class="text{self._turned()}"><b>{words}</b></p>'
            return f'<{tag} class="text{self._turned()}">{words}</{tag}>'
        if part.kind == "heading":
            return f'<p class="text{self._turned()}"><b>{words}</b>{escape(part.text)}</p>'
        name = CLASSES.get(part.kind, part.kind)
        centred = ' style="text-align:center"' if name in ("title", "centre") else ""
        return f'<p class="{name}{self._turned()}"{centred}>{escape(part.text)}</p>'


def table_markup(table: Table, turn: str = "") -> str:
    """Give a table with merged cells; its head rows stand in a thead."""
    total = sum(table.widths)
    columns = "".join(f'<col style="width:{100 * width / total:.1f}%">' for width in table.widths)
    rows = [_row(row, "th" if i < table.head else "td") for i, row in enumerate(table.places())]
    once = "" if table.repeat else ' class="once"'
    turn += ("" if table.upright else " level") + (" split" if table.split else "")
    head = f"<thead{once}>" + "\n".join(rows[: table.head]) + "</thead>"
    body = "<tbody>" + "\n".join(rows[table.head :]) + "</tbody>"
    return f'<table class="data{turn}"><colgroup>{columns}</colgroup>\n{head}\n{body}</table>'


def _row(row: list[Place], tag: str) -> str:
    return "<tr>" + "".join(_cell(place, tag) for place in row) + "</tr>"


def _cell(place: Place, tag: str) -> str:
    spans = f' rowspan="{place.row_span}"' if place.row_span > 1 else ""
    spans += f' colspan="{place.column_span}"' if place.column_span > 1 else ""
    words = "<br>".join(escape(line) for line in place.lines)
    long = ' class="words"' if tag == "td" and len(words) > 8 else ""
    return f"<{tag}{spans}{long}>{words}</{tag}>"
