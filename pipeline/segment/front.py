"""Read the head and foot of a document: title, 发文字号, issuers, dates, addressees, copies."""

from __future__ import annotations

from collections.abc import Iterable

import regex

from pipeline.lexicon import Lexicon
from pipeline.model import Front, Text
from pipeline.segment.lines import Line
from pipeline.segment.plans import Layout, one_line

OPENERS, CLOSERS = "（(〔[", "）)〕]"


def read_front(text: Text, layout: Layout, lexicon: Lexicon) -> Front:
    """Give what head, foot and information table say; what the document itself prints goes before the table."""
    lines = layout.lines
    head = [line for line in lines[: layout.front_end] if line.block.kind == "paragraph"]
    foot = [line for line in lines[layout.closing_start :] if line.block.kind == "paragraph"]
    fields = _fields(text, lines, lexicon)
    title = layout.notice_title or _title(layout, fields)
    issuers, issued_on = _signature(head, lexicon)
    if not issuers and not issued_on:
        issuers, issued_on = _signature(foot, lexicon, last=True)
    if not issuers:
        issuers = _red_head(head, lexicon) or _in_field(fields, "issuer") or _in_title(title, lexicon)
    return Front(
        title=title,
        doc_number=_doc_number(head, fields, lexicon),
        issuers=tuple(dict.fromkeys(issuers)),
        issued_on=issued_on or _date(fields.get("issued_on", ""), lexicon),
        published_on=_printed(foot, lexicon) or _date(fields.get("published_on", ""), lexicon),
        addressees=_addressees(head, lexicon),
        copied_to=_copied(foot, lexicon),
    )


def _fields(text: Text, lines: list[Line], lexicon: Lexicon) -> dict[str, str]:
    """Give the entries of the information table by meaning, the first of each."""
    known = lexicon.headings.fields
    found: dict[str, str] = {}
    for entry in text.source.fields:
        meaning = known.get(regex.sub(r"[\s:：]", "", entry.name), "")
        if meaning and entry.value.strip():
            found.setdefault(meaning, entry.value.strip())
    names = sorted(known, key=len, reverse=True)
    label = regex.compile(r"(?:^|(?<=\s))(?P<name>" + "|".join(map(regex.escape, names)) + r")\s*[:：\s]\s*")
    for line in lines:
        if line.block.kind != "metadata":
            continue
        marks = list(label.finditer(line.words))
        for mark, following in zip(marks, [*marks[1:], None], strict=True):
            value = line.words[mark.end() : following.start() if following else len(line.words)].strip()
            meaning = known[mark["name"]]
            if meaning and value:
                found.setdefault(meaning, value)
    return found


def _title(layout: Layout, fields: dict[str, str]) -> str:
    """Give the title of a document without a notice: that of its one plan, else of the information table."""
    if len(layout.plans) == 1 and layout.plans[0].title:
        plan = layout.plans[0]
        words = [line.words for line in layout.lines[plan.title_first : plan.title_last]]
        return one_line("".join(words)) if words else plan.title
    return one_line(fields.get("title", ""))


def _doc_number(head: list[Line], fields: dict[str, str], lexicon: Lexicon) -> str:
    front = lexicon.headings.front
    for words in [line.words for line in head] + [fields.get("doc_number", "")]:
        match = front["doc_number"].match(words)
        if match:
            serial = regex.sub(r"[\s第]", "", match["serial"])
            return f"{regex.sub(r's', '', match['name'])}〔{match['year']}〕{serial}号"
    return ""


def _signature(lines: list[Line], lexicon: Lexicon, *, last: bool = False) -> tuple[list[str], str]:
    """Read a signature: a line with nothing but a date, and the bodies on the lines above it."""
    front = lexicon.headings.front
    places = [index for index, line in enumerate(lines) if front["date"].match(line.words)]
    if not places:
        return [], ""
    place = places[-1]
    issuers: list[str] = []
    for line in reversed(lines[:place]):
        if front["public_note"].match(line.words):
            continue
        names = regex.split(r"\s{1,}|　|、", line.words)
        joined = regex.sub(r"\s", "", line.words)
        if front["body"].match(joined) and not all(front["body"].match(name) for name in names):
            names = [joined]
        if not all(front["body"].match(name) for name in names):
            break
        issuers[:0] = names
    return issuers, _date(lines[place].words, lexicon)


def _date(words: str, lexicon: Lexicon) -> str:
    """Give a date as ISO 8601: 2023年8月17日, 二〇二三年八月十七日, 民国112年3月30日, 2023-08-17; empty if there is none."""
    match = regex.search(r"((?:19|20)\d{2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{1,2})", words)
    if match:
        return f"{int(match[1]):04}-{int(match[2]):02}-{int(match[3]):02}"
    match = regex.search(r"(民国)?\s?([\d〇○零O０一二三四五六七八九十]{2,4})\s?年\s?([\d一二三四五六七八九十]{1,3})\s?月\s?([\d一二三四五六七八九十]{1,3})\s?日", words)
    if not match:
        return ""
    year, month, day = (lexicon.headings.value_of(regex.sub("[○O０]", "〇", part)) or 0 for part in match.groups()[1:])
    year += 1911 if match[1] else 0
    return f"{year:04}-{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= 31 else ""


def _red_head(head: list[Line], lexicon: Lexicon) -> list[str]:
    for line in head[:4]:
        match = lexicon.headings.front["red_head"].match(regex.sub(r"\s", "", line.words))
        if match:
            return [match["name"]]
    return []


def _in_field(fields: dict[str, str], meaning: str) -> list[str]:
    return [name for name in regex.split(r"[;；、，,\s]+", fields.get(meaning, "")) if name]


def _in_title(title: str, lexicon: Lexicon) -> list[str]:
    """Give the bodies that a title names before 关于 (云州市人民政府关于印发…)."""
    head, mark, _ = title.partition("关于")
    if not mark:
        return []
    names = regex.split(r"[\s、]+", regex.sub(r"印发$", "", head.strip()))
    return [name for name in names if lexicon.headings.front["body"].match(name)]


def _printed(foot: list[Line], lexicon: Lexicon) -> str:
    for line in foot:
        match = lexicon.headings.front["printed"].match(line.words)
        if match:
            return _date(match["name"], lexicon)
    return ""


def _addressees(head: list[Line], lexicon: Lexicon) -> tuple[str, ...]:
    for line in head:
        match = lexicon.headings.front["addressee"].match(line.words)
        if match:
            return tuple(split_names(match["name"], lexicon))
    return ()


def _copied(foot: list[Line], lexicon: Lexicon) -> tuple[str, ...]:
    names: list[str] = []
    for line in foot:
        match = lexicon.headings.front["copied"].match(line.words)
        if match:
            names += split_names(match["name"].rstrip("。"), lexicon)
    return tuple(names)


def split_names(words: str, lexicon: Lexicon) -> Iterable[str]:
    """Part a list of bodies at ，and 、, but not inside a name that only its last part completes.

    各市、县（区）人民政府 is one name: 各市 alone is no body.
    """
    names: list[str] = []
    for part in _split_outside(words, "，,；;"):
        pending = ""
        for piece in _split_outside(part, "、"):
            pending = f"{pending}、{piece}" if pending else piece
            if _is_body(pending, lexicon):
                names.append(pending)
                pending = ""
        if pending:
            names.append(pending)
    return [name for name in (regex.sub(r"\s", "", name) for name in names) if name]


def _is_body(name: str, lexicon: Lexicon) -> bool:
    core = regex.sub(r"[（(][^（）()]*[）)]$", "", name.strip())
    return bool(regex.search(r"(?:政府|委员会|党委|工委|[)）]委|[局厅部委院署办会处社]|单位|机构|企业|公司|部门|管委会|街道|中心|学校|大学|团体|法院)$", core))


def _split_outside(words: str, marks: str) -> list[str]:
    """Split at marks that stand outside brackets."""
    parts, depth, start = [], 0, 0
    for place, character in enumerate(words):
        if character in OPENERS:
            depth += 1
        elif character in CLOSERS:
            depth = max(0, depth - 1)
        elif character in marks and not depth:
            parts.append(words[start:place])
            start = place + 1
    return [*parts, words[start:]]
