"""Cut the normalised text into lines: a line per paragraph, more where a text lost its line breaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from pipeline.lexicon import Lexicon
from pipeline.lexicon.headings import MarkStyle
from pipeline.model import Block, Text

STOPS = "。；！？：”）)】》…:;!?"
LONGEST_TITLE = 45
# The words of a heading that runs on: short, without a comma, closed by a full stop.
TITLE_AFTER = regex.compile(r"\s?\p{Han}{4,20}。")
MARK_HEAD = regex.compile(
    r"""[（(﹙〔]\s?[一二三四五六七八九十]
    | (?<![一二三四五六七八九十])[一二三四五六七八九十]+\s?[、﹑．.﹒]
    | (?<![\d.．])\d{1,2}\s?[.．﹒、﹑]
    | 第\s?[一二三四五六七八九十百\d]+\s?[章节]
    | (?:^|(?<=[。）\s]))(?:\p{Han}{2})?专栏""",
    regex.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text without outer white space: text[start:end] is `words`.

    `opens` is true where the line opens its paragraph in the source, false where it was found inside one.
    """

    start: int
    end: int
    words: str
    block: Block
    opens: bool = True


def split_lines(text: Text, lexicon: Lexicon) -> list[Line]:
    """Give the lines of a text in order: one per block, more where a block holds headings without line breaks."""
    lines: list[Line] = []
    for block in text.blocks:
        line = trimmed(text.text, block.start, block.end, block)
        if line is None:
            continue
        if block.kind != "paragraph":
            lines.append(line)
            continue
        lines.extend(_split_flat(line, lexicon))
    return lines


def trimmed(text: str, start: int, end: int, block: Block, opens: bool = True) -> Line | None:
    """Give text[start:end] as a line without outer white space, None if nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Line(start, end, text[start:end], block, opens) if start < end else None


def cut(line: Line, places: list[int]) -> list[Line]:
    """Cut a line at offsets inside its words."""
    bounds = [0, *places, len(line.words)]
    pieces = []
    for left, right in zip(bounds, bounds[1:], strict=False):
        words = line.words[left:right]
        stripped = words.strip()
        if not stripped:
            continue
        start = line.start + left + words.index(stripped[0])
        pieces.append(Line(start, start + len(stripped), stripped, line.block, line.opens and left == 0))
    return pieces


def _split_flat(line: Line, lexicon: Lexicon) -> list[Line]:
    places = flat_marks(line.words, lexicon)
    return cut(line, places) if places else [line]


def flat_marks(words: str, lexicon: Lexicon) -> list[int]:
    """Give the offsets of headings inside a paragraph that lost its line breaks, none if it is an ordinary one.

    An ordinary paragraph may number its clauses (（一）…；（二）…。); those are no headings. Lost line breaks
    show in one of two ways: the highest marks (一、二、, or 第一章) follow each other inside the paragraph, or
    a lower mark stands directly behind the words of a heading that has no stop (总体思路（一）指导思想。).
    """
    found = list(_rising_marks(words, lexicon))
    inner = [(place, style) for place, style, _ in found if place > 0]
    if not inner:
        return []
    highest = [style.id for _, style in inner if style.id in ("han", "chapter")]
    glued = any(glue for place, _, glue in found if place > 0)
    if len(highest) >= 2 or glued:
        return [place for place, _ in inner]
    return []


def _rising_marks(words: str, lexicon: Lexicon) -> Iterator[tuple[int, MarkStyle, bool]]:
    """Find the marks whose numbers rise by one in their style, as (offset, style, stands behind a bare heading).

    A style starts anew at 1 once a higher mark was passed.
    """
    styles = [style for style in lexicon.headings.marks if style.inside]
    last: dict[str, int] = {}
    fresh: set[str] = {style.id for style in styles}
    heading: tuple[int, MarkStyle] | None = None
    for place in _mark_places(words):
        found = _mark_at(words, place, styles)
        if found is None:
            continue
        style, label, numeral = found
        number = lexicon.headings.value_of(numeral) if numeral else None
        behind = _behind_bare_heading(words, place, heading, style)
        after_stop = place == 0 or words[place - 1] in STOPS or words[place - 1].isspace()
        listed = style.id == "digit" and number == last.get(style.id, 0) + 1 > 1 and TITLE_AFTER.match(words, place + len(label))
        rises = number == last.get(style.id, 0) + 1 or (number == 1 and style.id in fresh) or style.kind == "box"
        if not rises or not (after_stop or behind or listed):
            continue
        if number is not None:
            last[style.id] = number
        fresh = (fresh - {style.id}) | {other.id for other in styles if other.rank > style.rank}
        heading = place + len(label), style
        yield place, style, behind


def _mark_at(words: str, place: int, styles: list[MarkStyle]) -> tuple[MarkStyle, str, str | None] | None:
    for style in styles:
        match = style.pattern.match(words[place : place + 40])
        if match:
            return style, match["label"], match["number"]
    return None


def _mark_places(words: str) -> Iterator[int]:
    for match in MARK_HEAD.finditer(words):
        yield match.start()


def _behind_bare_heading(words: str, place: int, heading: tuple[int, MarkStyle] | None, style: MarkStyle) -> bool:
    """Tell whether only the short words of a higher heading stand between its mark and this one."""
    if heading is None:
        return False
    if style.id != "han_paren" if heading[1].kind == "box" else heading[1].rank >= style.rank:
        return False
    between = words[heading[0] : place].strip()
    return 0 < len(between) <= LONGEST_TITLE and not regex.search(r"[。；：:;！？]", between)


def flat_front_cuts(words: str, names: list[str], lexicon: Lexicon) -> list[int]:
    """Give the offsets at which a line of the head must be cut, because parts of the form ran together.

    Parts are: an address up to its colon, a document number behind a title, a signature and date behind the
    last sentence, a note in brackets (此件…), a plan's title that the notice named. A line without line breaks
    whose parts are told apart by blanks only (28-style web text) is cut at the blanks.
    """
    places: set[int] = set()
    front = lexicon.headings.front
    address = regex.match(r"[^。；：:]{2,200}[:：]", words)
    if address and address.end() < len(words) and front["addressee"].match(address.group()):
        places.add(address.end())
    number = regex.search(
        r"(?<=通知|意见|决定|批复)\s*(?P<number>\p{Han}{2,10}\s?[〔\[【（(﹝]\s?(?:19|20)\d{2}\s?[〕\]】）)﹞]\s?第?\s?\d+\s?号)", words
    )
    if number:
        places.update((number.start("number"), number.end()))
        rest = regex.compile(r"[^。；：:]{2,200}[:：]").match(words, number.end())
        if rest:
            places.add(rest.end())
    for match in regex.finditer(r"[（(](?:此件|此页|本文有)[^）)]*[）)]", words):
        places.update((match.start(), match.end()))
    signature = r"(?<=[。）)])\s*(?P<body>(?:\p{Han}{2,30}\s*){1,4}?)(?P<date>(?:20\d\d|二[〇○零]\p{Han}{2})\s?年\s?[\d一二三四五六七八九十]{1,3}\s?月\s?[\d一二三四五六七八九十]{1,3}\s?日)"
    for match in regex.finditer(signature, words):
        places.update((match.start("body"), match.start("date"), match.end("date")))
    for match in regex.finditer(r"(?<=。)\s+(?=\p{Han}{2,30}$)", words):
        places.add(match.end())
    for name in names:
        for match in regex.finditer(regex.escape(name) + r"(?:\s?[（(](?:19|20)\d\d[^）)]*[）)])?", words):
            before = words[: match.start()].rstrip()
            if before and before[-1] in "。）)日":
                places.update((match.start(), match.end()))
    if len(words) > 150 and not places:
        pass
    if len(regex.findall(r"[。：:]\s+\S", words)) or places:
        places.update(match.end() for match in regex.finditer(r"(?<=[。：:日）)])\s+|(?<=通知)\s+|(?<=措施|计划|方案|规划)\s+", words))
    return sorted(place for place in places if 0 < place < len(words))
