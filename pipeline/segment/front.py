"""Read the head and foot of a document: title, 发文字号, issuers, dates, addressees, copies."""

from __future__ import annotations

from functools import lru_cache

import regex

from pipeline.lexicon import Lexicon
from pipeline.model import Front, Text
from pipeline.quick.pattern import pattern
from pipeline.segment.layout import Layout, first_heading
from pipeline.segment.lines import Line
from pipeline.segment.marks import squeeze
from pipeline.segment.titles import bare, one_line

OPENERS, CLOSERS = "（(〔[", "）)〕]"
BLANK_OR_COLON, BLANK_OR_ORDINAL = pattern(r"[\s:：]"), pattern(r"[\s第]")
BETWEEN_NAMES, BETWEEN_SIGNERS = pattern(r"[;；、，,\s]+"), pattern(r"[\s、]+")
ZERO = pattern("[○O０]")
# A red head stands on the first lines.
RED_HEAD_LINES = 6


def read_front(text: Text, layout: Layout, lexicon: Lexicon) -> Front:
    """Give what head, foot and information table say; what the document itself prints goes before the table.

    Dates are ISO 8601, names complete and in their order; empty where nothing is said. The issuers are those who
    sign, else the red head's, else the table's, else the bodies that the title names before 关于.
    """
    head = [line for line in layout.lines[: layout.front_end] if line.is_text]
    foot = [line for line in layout.lines[layout.closing_start :] if line.is_text]
    body = [line for line in layout.lines[layout.front_end : layout.closing_start] if line.is_text]
    fields = _fields(text, layout.lines, lexicon)
    title = _title(layout, fields)
    opening = [*head, *body[: first_heading(body)]]
    issuers, issued_on = _signature(head, lexicon)
    if not issued_on:
        issuers, issued_on = _below_title(opening, lexicon)
    for lines in (foot, [*body, *foot]):
        if not issued_on:
            issuers, issued_on = _signature(lines, lexicon, signed=lines is not foot)
    issuers = (
        issuers
        or _signers(foot[:1], lexicon)
        or _red_head(head, lexicon)
        or [name for name in _names(fields.get("issuer", "")) if not lexicon.bodies.is_collective(name)]
        or _in_title(title, lexicon)
    )
    return Front(
        title=title,
        doc_number=_doc_number([*(line.words for line in opening), fields.get("doc_number", "")], lexicon),
        issuers=tuple(dict.fromkeys(issuers)),
        issued_on=issued_on or read_date(fields.get("issued_on", ""), lexicon),
        published_on=_printed(foot, lexicon) or read_date(fields.get("published_on", ""), lexicon),
        addressees=_addressees(head, lexicon),
        copied_to=_copied(foot, lexicon),
    )


def _fields(text: Text, lines: list[Line], lexicon: Lexicon) -> dict[str, str]:
    """Give the entries of the information table by meaning, the first of each."""
    known = lexicon.headings.fields
    found: dict[str, str] = {}
    for entry in text.source.fields:
        meaning = known.get(BLANK_OR_COLON.sub("", entry.name), "")
        if meaning and entry.value.strip():
            found.setdefault(meaning, entry.value.strip())
    label = _entry_labels(tuple(known))
    for line in lines:
        if line.block.kind != "metadata":
            continue
        marks = list(label.finditer(line.words))
        ends = [mark.start() for mark in marks[1:]] + [len(line.words)]
        for mark, end in zip(marks, ends, strict=False):
            value = line.words[mark.end() : end].strip()
            if known[mark["name"]] and value:
                found.setdefault(known[mark["name"]], value)
    return found


@lru_cache(maxsize=1)
def _entry_labels(names: tuple[str, ...]) -> regex.Pattern[str]:
    """Give what finds the names of entries in a line."""
    longest_first = "|".join(map(regex.escape, sorted(names, key=len, reverse=True)))
    return pattern(rf"(?:^|(?<=\s))(?P<name>{longest_first})\s*[:：\s]\s*")


def _title(layout: Layout, fields: dict[str, str]) -> str:
    """Give the title of the notice; without one that of the one plan, else of the information table.

    A title that stands above the plan and differs from the plan's own in signs only is a copy of that one.
    """
    if len(layout.plans) == 1 and layout.plans[0].title:
        printed = one_line(layout.plans[0].printed)
        return printed if not layout.title or bare(layout.title) == bare(printed) else layout.title
    return layout.title or one_line(fields.get("title", ""))


def _doc_number(lines: list[str], lexicon: Lexicon) -> str:
    """Give the first 发文字号 that stands on a line of its own or closes a title, in the brackets of the standard."""
    front = lexicon.headings.front
    for words in lines:
        letter = front["letter_and_date"].match(words)
        if letter:
            return squeeze(letter["number"])
        match = front["doc_number"].match(words) or front["number_and_date"].match(words)
        if match is None and front["title_over"].search(words):
            match = front["number_in_title"].search(words)
        if match:
            serial = BLANK_OR_ORDINAL.sub("", match["serial"])
            return f"{squeeze(match['name'])}〔{match['year']}〕{serial}号"
    return ""


def _signature(lines: list[Line], lexicon: Lexicon, *, signed: bool = False) -> tuple[list[str], str]:
    """Read a signature: the last line with nothing but a date, and the bodies on the lines above it.

    With `signed`, a date counts only below a body.
    """
    known = lexicon.headings
    for place in range(len(lines) - 1, -1, -1):
        if not any(known.front_match(name, lines[place].words) for name in ("date", "date_in_brackets")):
            continue
        issuers = _signers(lines[:place], lexicon)
        if issuers or not signed:
            return issuers, read_date(lines[place].words, lexicon)
    return [], ""


def _below_title(lines: list[Line], lexicon: Lexicon) -> tuple[list[str], str]:
    """Read a line below the title that gives the body, the number and the date at once, as law collections do."""
    front, known = lexicon.headings.front, lexicon.headings
    for line in lines:
        match = known.front_match("number_and_date", line.words) or known.front_match("letter_and_date", line.words)
        if match:
            body = match["body"]
            return [body] if body and front["body"].match(body) else [], read_date(match["date"], lexicon)
    return [], ""


def _signers(lines: list[Line], lexicon: Lexicon) -> list[str]:
    """Give the bodies on the lines right above a date. Blanks part two names, or spread the letters of one."""
    front = lexicon.headings.front
    issuers: list[str] = []
    for line in reversed(lines):
        if front["public_note"].match(line.words):
            continue
        names = BETWEEN_SIGNERS.split(line.words)
        if not all(front["body"].match(name) for name in names):
            names = [squeeze(line.words)]
        if not front["body"].match(names[0]):
            break
        issuers[:0] = names
    return issuers


def read_date(words: str, lexicon: Lexicon) -> str:
    """Give a date as ISO 8601: 2023年8月17日, 二〇二三年八月十七日, 民国112年3月30日, 2023/8/17; else empty."""
    match = lexicon.headings.front["any_date"].search(words)
    if match is None:
        return ""
    numerals = (ZERO.sub("〇", match[name]) for name in ("year", "month", "day"))
    year, month, day = (lexicon.headings.value_of(numeral) or 0 for numeral in numerals)
    year += 1911 if match["era"] else 0
    return f"{year:04}-{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= 31 else ""


def _red_head(head: list[Line], lexicon: Lexicon) -> list[str]:
    for line in head[:RED_HEAD_LINES]:
        match = lexicon.headings.front["red_head"].match(squeeze(line.words))
        if match:
            return [match["name"]]
    return []


def _names(words: str) -> list[str]:
    return [name for name in BETWEEN_NAMES.split(words) if name]


def _in_title(title: str, lexicon: Lexicon) -> list[str]:
    """Give the bodies that a title names before 关于 (云州市人民政府关于印发…)."""
    head, mark, _ = title.partition("关于")
    names = _names(head.removesuffix("印发")) if mark else []
    return [name for name in names if lexicon.headings.front["body"].match(name)]


def _printed(foot: list[Line], lexicon: Lexicon) -> str:
    for line in foot:
        match = lexicon.headings.front["printed"].match(line.words)
        if match:
            return read_date(match["name"], lexicon)
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


def split_names(words: str, lexicon: Lexicon) -> list[str]:
    """Part a list of bodies at ，and 、, but not inside a name that only its last part completes.

    各市、县（区）人民政府 is one name: 各市 alone is no body. So is 各镇党委、人民政府: what comes last says not whose.
    """
    front = lexicon.headings.front
    names: list[str] = []
    for part in _split_outside(words, "，,；;"):
        whole: list[str] = []
        pending = ""
        for piece in _split_outside(part, "、"):
            pending = f"{pending}、{piece}" if pending else piece
            if whole and front["body_without_place"].match(pending.strip()):
                whole[-1] += f"、{pending}"
            elif front["body_end"].search(pending.strip()):
                whole.append(pending)
            else:
                continue
            pending = ""
        names += [*whole, pending]
    return [squeeze(name) for name in names if name.strip()]


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
