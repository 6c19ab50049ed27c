"""Find where a text that lost its line breaks must be cut: at headings, and at the parts of a document's head."""

from __future__ import annotations

import re
from collections.abc import Iterator

import regex

from pipeline.lexicon import Lexicon
from pipeline.lexicon.headings import MarkStyle
from pipeline.quick.pattern import pattern
from pipeline.quick.plain import plain

# A heading may follow these; behind ：and ；there are clauses, but for the highest marks.
STOPS = "。！？”）)】》…!?"
HIGHEST = ("han", "chapter")
# The words of a heading that has no stop are no longer than this.
LONGEST_BARE = 45
# With white space around them they take no more than this.
LONGEST_BETWEEN = 200
# Two marks at least: two of the highest, or a heading and the one behind it.
FEWEST_MARKS = 2
# Whether a mark may stand anywhere: a quick look that finds all of MARK_HEAD, and more.
MARK_SIGN = plain(
    r"""[（(﹙〔一二三四五六七八九十0-9第专](?:
    (?<=[（(﹙〔])\s?[一二三四五六七八九十]
    | (?<=[一二三四五六七八九十0-9])[一二三四五六七八九十0-9]{0,7}\s?[、﹑.．﹒]
    | (?<=第)\s?[一二三四五六七八九十百0-9]+\s?[章节条]
    | (?<=专)栏)""",
    re.VERBOSE,
)
# Where a mark may begin; which mark it is, the patterns of the lexicon say.
MARK_HEAD = pattern(
    r"""(?=[（(﹙〔一二三四五六七八九十\d第专]|\p{Han}{2}专栏)
    (?:[（(﹙〔]\s?[一二三四五六七八九十]
    | (?<![一二三四五六七八九十])[一二三四五六七八九十]+\s?[、﹑．.﹒]
    | (?<![\d.．])\d{1,2}\s?[.．﹒、﹑]
    | 第\s?[一二三四五六七八九十百\d]+\s?[章节条]
    | (?:^|(?<=[。）\s]))(?:\p{Han}{2})?专栏)""",
    regex.VERBOSE,
)
YEARS_BEHIND = pattern(r"\s?[（(](?:19|20)\d\d[^）)]*[）)]")
GAP_BEHIND_STOP = pattern(r"[。：:]\s+\S")
INNER_STOP = pattern(r"[。；：:;！？]")
# The words of a heading that runs on: short, without a comma, closed by a full stop.
TITLE_AFTER = pattern(r"\s?\p{Han}{4,20}。")


def flat_marks(words: str, lexicon: Lexicon) -> list[int]:
    """Give the offsets of headings inside a paragraph that lost its line breaks, none if it is an ordinary one.

    An ordinary paragraph may number its clauses (（一）…；（二）…。); those are no headings. Lost line breaks
    show in one of two ways: the highest marks (一、二、 or 第一章) follow each other inside the paragraph, or a
    lower mark stands directly behind the words of a heading that has no stop (总体思路（一）指导思想。).
    """
    if len(MARK_SIGN.findall(words)) < FEWEST_MARKS:
        return []
    inner = [(place, style, behind) for place, style, behind in _rising_marks(words, lexicon) if place > 0]
    highest = sum(style.id in HIGHEST for _, style, _ in inner)
    if highest >= 2 or any(behind for _, _, behind in inner):
        return [place for place, _, _ in inner]
    return []


def _rising_marks(words: str, lexicon: Lexicon) -> Iterator[tuple[int, MarkStyle, bool]]:
    """Find the marks whose numbers rise by one in their style, as (offset, style, stands behind a bare heading).

    A style starts anew at 1 once a higher mark was passed.
    """
    styles = [style for style in lexicon.headings.marks if style.inside]
    last: dict[str, int] = {}
    fresh = {style.id for style in styles}
    heading: tuple[int, MarkStyle] | None = None
    for head in MARK_HEAD.finditer(words):
        place = head.start()
        found = _mark_at(words, place, lexicon)
        if found is None:
            continue
        style, length, numeral = found
        number = lexicon.headings.value_of(numeral) if numeral else None
        before = last.get(style.id, 0)
        behind = _behind_bare_heading(words, place, heading, style)
        after_stop = place == 0 or words[place - 1].isspace() or words[place - 1] in STOPS
        after_stop = after_stop or (style.id in HIGHEST and words[place - 1] in "：:；;")
        listed = style.id == "digit" and number == before + 1 > 1 and TITLE_AFTER.match(words, place + length)
        rises = number == before + 1 or (number == 1 and style.id in fresh) or style.kind == "box"
        titled = number == 1 and style.id in HIGHEST and lexicon.headings.genre(words, place) == "plan"
        if not rises or not (after_stop or behind or listed or titled):
            continue
        if number is not None:
            last[style.id] = number
        fresh = (fresh - {style.id}) | {other.id for other in styles if other.rank > style.rank}
        heading = place + length, style
        yield place, style, behind


def _mark_at(words: str, place: int, lexicon: Lexicon) -> tuple[MarkStyle, int, str | None] | None:
    opening = words[place : place + 40]
    for style in lexicon.headings.fitting_marks(opening):
        match = style.pattern.match(opening) if style.inside else None
        if match:
            return style, len(match["label"]), match["number"]
    return None


def _behind_bare_heading(words: str, place: int, heading: tuple[int, MarkStyle] | None, style: MarkStyle) -> bool:
    """Tell whether only the short words of a higher heading stand between its mark and this one.

    Behind a box (专栏) only （一） is believed: a table's rows have numbers too.
    """
    if heading is None:
        return False
    start, above = heading
    if place - start > LONGEST_BETWEEN:
        return False
    lower = style.id == "han_paren" if above.kind == "box" else above.rank < style.rank
    between = words[start:place].strip().rstrip("：:")
    return lower and 0 < len(between) <= LONGEST_BARE and not INNER_STOP.search(between)


def front_cuts(words: str, names: list[str], lexicon: Lexicon) -> list[int]:
    """Give the offsets at which a line of the head must be cut, because parts of the form ran together.

    Parts are an address up to its colon, a document number behind a title, a signature and a date behind the last
    sentence, a note in brackets (此件…), and a plan's title that the notice names (`names`). Where such parts, or
    sentences, are told apart by blanks, each blank is taken for a line break.
    """
    front = lexicon.headings.front
    places: set[int] = set()
    address = front["address_inside"].match(words)
    if address and front["addressee"].match(address["part"]):
        places.add(address.end("part"))
    for name in ("title_run_in", "number_after_title", "note_inside", "signature_inside", "signer_after_text"):
        for match in front[name].finditer(words):
            places.update((match.start("part"), match.end("part")))
            if "next" in front[name].groupindex and match["next"]:
                places.update((match.start("next"), match.end("next")))
    for name in names:
        place = words.find(name)
        while place >= 0:
            years = YEARS_BEHIND.match(words, place + len(name))
            end = years.end() if years is not None else place + len(name)
            before = words[:place].rstrip()
            if not before or before[-1] in "。）)日":
                places.update((place, end))
            place = words.find(name, max(end, place + 1))
    if places or GAP_BEHIND_STOP.search(words):
        places.update(match.end() for match in front["blank_for_break"].finditer(words))
    return sorted(place for place in places if 0 < place < len(words))
