"""Cut text into paragraphs, sentences and items: the stretches that each hold at most one statement of a figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.extract.quantities import Quantity
from pipeline.model.source import Span
from pipeline.quick.classes import NamedTuple
from pipeline.quick.pattern import pattern
from pipeline.quick.plain import plain

SENTENCE_END = "。！？!?"
# A quotation longer than this that has commas quotes a sentence, not a name.
LONGEST_NAME = 20
# 累计新建 before a figure is a deed without noun; 惠及居民 before the next one is a noun of its own.
LONGEST_DEED = 6
SHORTEST_NOUN = 3
# Longer runs without a full stop are lists or damaged text; they are read in pieces, so that time stays linear.
LONGEST_SENTENCE = 1500
# A run without any mark is cut here.
LONGEST_PIECE = 2 * LONGEST_SENTENCE + 1
# What stands further before in a paragraph has nothing to do with a figure.
LONGEST_REACH = 2 * LONGEST_PIECE
LINE = plain(r"[^\n\t]+")
PAIRS = {"（": "）", "(": ")", "《": "》", "〔": "〕", "“": "”", "「": "」", "『": "』"}
OPENER = plain("[（(《〔“「『]")
# What a sentence may end at, and the brackets that keep it from ending.
STOP = plain("[。！？!?（(〔）)〕]")
MARK = plain("[。！？!?（(〔）)〕；;，,、]")
CLOSERS = "”’」』）)〕]"
BREAKS = "，,；;：:。！？!?\n\t"
CLAUSE_END = plain("[，；;。]")
BREAK = plain(f"[{BREAKS}]")
JOINTS = plain("以及|[、和及与或]")
# 推进3个园区和至少1个基地: a bound may stand between the mark and its figure.
JOINT_BEFORE = plain(rf"(?P<joint>{JOINTS.pattern})(?:至少|不少于|不低于|约|近|超过?|力争|各)?\Z")
# The last character of these, and how long they are at most.
JOINT_CLOSES = frozenset("、和及与或少于低约近超过争各")
LONGEST_JOINT = 5
# What parts two counts more than a 、 between them does, and what a short deed before a count stands behind.
PARTING = plain(f"[{BREAKS}的]")
MARK_BEFORE = plain(f"[{BREAKS}、]")
NEXT_YEAR = pattern(r"(?<![年底末期\d])、(?=(?:到|至|力争)?(?:20\d\d年|[一二三四]季度|上半年|下半年|年底))")
POST = pattern(
    r"(?:及以上|及以下|或以上|以上|以内|之内|以下|左右|上下|之上)?(?:[（(][^（）()]{0,30}[)）])?(?:及以上|以上|以内|以下|左右)?(?:的)?"
)


GOAL_NOUN = pattern("目标|要求|水平|标准|任务|速度|幅度")
ATTRIBUTE = pattern(r"(?:产值|收入|规模|面积|营收|税收|投资额?|销售额|估值|市值|利润)(?:超过?|达到?|不低于|不少于)?$")


class Item(NamedTuple):
    """A stretch of a sentence: [start, end), the quantities in it, and the mark that parts it from the one before."""

    start: int
    end: int
    quantities: tuple[Quantity, ...]
    joint: str


def paragraphs(text: str, start: int, end: int) -> Iterator[Span]:
    """Give the non-blank lines of text[start:end] (table cells are parted by a tab and count as lines)."""
    for match in LINE.finditer(text, start, end):
        if match.group().strip():
            yield Span(match.start(), match.end())


def paragraph_start(text: str, place: int) -> int:
    """Give where the paragraph around a place begins, or a place LONGEST_REACH before it if it begins further away."""
    nearest = max(0, place - LONGEST_REACH)
    return max(nearest, text.rfind("\n", nearest, place) + 1)


def sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """Give the sentences of a paragraph. A closing quotation mark or bracket after the stop belongs to it."""
    begin = position = start
    depth = 0
    # Only where a sentence may be too long does it matter where its parts end.
    marks = STOP if end - start <= LONGEST_SENTENCE else MARK
    for mark in marks.finditer(text, start, end):
        if mark.start() < position:
            continue
        while mark.end() - begin > LONGEST_PIECE:
            yield Span(begin, begin + LONGEST_PIECE)
            begin, depth = begin + LONGEST_PIECE, 0
        position = mark.end()
        character = mark.group()
        depth += (character in "（(〔") - (character in "）)〕")
        length = position - begin
        if length > LONGEST_SENTENCE and (character in "；;，,、" or length > 2 * LONGEST_SENTENCE):
            yield Span(begin, position)
            begin, depth = position, 0
        if character in SENTENCE_END and depth <= 0:
            while position < end and text[position] in CLOSERS:
                position += 1
            yield Span(begin, position)
            begin, depth = position, 0
    while end - begin >= LONGEST_PIECE:
        yield Span(begin, begin + LONGEST_PIECE)
        begin += LONGEST_PIECE
    if text[begin:end].strip():
        yield Span(begin, end)


def split_items(text: str, sentence: Span, quantities: Sequence[Quantity]) -> list[Item]:
    """Cut a sentence at its breaks, and at 、 和 及 beside a quantity: 院士工作站10家、科技平台10家 are two items.

    Breaks inside brackets, quotation marks and numerals do not count. The content of a bracket that holds a
    quantity is not cut off: the figures in brackets are judged by what stands before them.
    """
    inside = bytearray(sentence.end - sentence.start)
    for quantity in quantities:
        inside[quantity.start - sentence.start : quantity.end - sentence.start] = b"\1" * (
            quantity.end - quantity.start
        )
    _mark_nested(text, sentence, inside)
    items: list[Item] = []
    start, joint = sentence.start, ""
    first = last = 0
    for cut_start, cut_end in (*_cuts(text, sentence, quantities, inside), (sentence.end, sentence.end)):
        while last < len(quantities) and quantities[last].start < cut_start:
            last += 1
        if text[start:cut_start].strip():
            held = tuple([q for q in quantities[first:last] if start <= q.start])
            items.append(Item(start, cut_start, held, joint))
        first = last
        start, joint = cut_end, text[cut_start:cut_end].strip() or joint
    return items


def _mark_nested(text: str, sentence: Span, inside: bytearray) -> None:
    """Mark what stands in brackets, book titles and short quotations: breaks there part nothing."""
    for match in OPENER.finditer(text, sentence.start, sentence.end):
        close = text.find(PAIRS[match.group()], match.end(), min(sentence.end, match.end() + 80))
        words = text[match.end() : close] if close > 0 else ""
        sentence_like = match.group() in "“「『" and len(words) > LONGEST_NAME and any(c in "，,；" for c in words)
        if close > 0 and not sentence_like:
            inside[match.start() - sentence.start : close + 1 - sentence.start] = b"\1" * (close + 1 - match.start())


def _cuts(text: str, sentence: Span, quantities: Sequence[Quantity], inside: bytearray) -> list[tuple[int, int]]:
    """Give the places where the sentence is cut, in order."""
    cuts = {m.span() for m in BREAK.finditer(text, *sentence) if not inside[m.start() - sentence.start]}
    # 投产1台机组、2026年全部投产: another year opens another item.
    listed = text.find("、", *sentence) >= 0
    for match in NEXT_YEAR.finditer(text, *sentence) if listed else ():
        if not inside[match.start() - sentence.start]:
            cuts.add((match.start(), match.start() + 1))
    for number, quantity in enumerate(quantities[:-1]):
        post = POST.match(text, quantity.end, sentence.end)
        joint = JOINTS.match(text, post.end(), sentence.end) if post else None
        if (
            joint
            and not quantity.graded
            and quantity.dimension != "voltage"
            and _is_list(text, quantity, joint.end(), sentence.end, quantities[number + 1 :])
        ):
            cuts.add(joint.span())
    for number, quantity in enumerate(quantities[1:], start=1):
        place = _joint_before(text, sentence.start, quantity)
        if place is not None and not inside[place[0] - sentence.start]:
            before = next((q for q in reversed(quantities[:number]) if q.end <= place[0]), None)
            alike = before is not None and before.dimension != "voltage"
            if before is not None and alike and not BREAK.search(text, before.end, place[0]):
                cuts.add(place)
    if listed and len(quantities) > 1:
        cuts |= _between_counts(text, sentence, quantities, inside)
    kept: list[tuple[int, int]] = []
    for cut in sorted(cuts):
        if not kept or cut[0] >= kept[-1][1]:
            kept.append(cut)
    return kept


def _joint_before(text: str, start: int, quantity: Quantity) -> tuple[int, int] | None:
    """Give the place of the 、 or 和 that joins a figure to what stands before it in the sentence from `start` on."""
    figure = quantity.start
    if text[figure - 1 : figure] not in JOINT_CLOSES:
        return None
    found = JOINT_BEFORE.search(text, max(start, figure - LONGEST_JOINT), figure)
    return found.span("joint") if found else None


def _between_counts(
    text: str, sentence: Span, quantities: Sequence[Quantity], inside: bytearray
) -> set[tuple[int, int]]:
    """Give the 、 between a figure with its noun behind and one with its noun before: 改造300个小区、惠及居民2万户."""
    cuts = set()
    for first, second in pairwise(quantities):
        between = text[first.end : second.start]
        if not (first.dimension == second.dimension == "count") or "、" not in between or PARTING.search(between):
            continue
        marks = [p for p in range(first.end, second.start) if text[p] == "、" and not inside[p - sentence.start]]
        lead = text[max(sentence.start, first.start - LONGEST_DEED - 1) : first.start]
        led = len(lead) <= LONGEST_DEED or MARK_BEFORE.search(lead) is not None
        if led and len(marks) == 1 and marks[0] > first.end + 1 and second.start - marks[0] > SHORTEST_NOUN:
            cuts.add((marks[0], marks[0] + 1))
    return cuts


def _is_described(text: str, stop: int, later: Sequence[Quantity]) -> bool:
    """True in 营收10亿元以上、研发占比5%以上的企业8家: the sizes up to 的 all describe the noun after it."""
    for quantity in later:
        if quantity.start >= stop or quantity.dimension == "count":
            return False
        post = POST.match(text, quantity.end, stop)
        if post and post.group().endswith("的"):
            return GOAL_NOUN.match(text, post.end()) is None
    return False


def _is_list(text: str, quantity: Quantity, after: int, end: int, later: Sequence[Quantity]) -> bool:
    """True where the mark after a quantity joins it to a next figure of the same breath, not two qualifiers."""
    if not later:
        return False
    mark = CLAUSE_END.search(text, after, end)
    stop = mark.start() if mark else end
    if quantity.dimension != "count" and _is_described(text, stop, later):
        return False
    if quantity.dimension != "count" and "的" in text[after : later[0].start]:
        # 年产值超1亿元、带动力强的企业5家: the amount and what follows it describe one thing.
        return not ATTRIBUTE.search(text[max(0, quantity.start - 8) : quantity.start])
    return later[0].start < stop
