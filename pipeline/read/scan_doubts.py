"""Which signs of a scan are doubtful, and the rows that tell so.

A wrong figure costs more than one that a person looks at in vain: digits must be read with a high score, read alike
at a second look, and be as many as there are shapes of ink.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

from pipeline.model import Problem, Span
from pipeline.quick.pattern import pattern
from pipeline.read.content import Content
from pipeline.read.scan_engine import Engine, Sign
from pipeline.read.scan_ink import FIGURES, beside_lost_ink, shapes

if TYPE_CHECKING:
    from pipeline.read.scan_lines import Crop

# Why a sign is doubtful; empty where it is not.
# score: the model is not sure of it. hidden: it saw a sign beside it and left it out. look-alike: a letter where digits
# stand. second-look: the same ink read again gave other digits. shapes: a cell has more or fewer shapes than signs.
# odd-neighbour: a sign beside it does not stand with figures (8.0%17, 50€). lost-ink: ink beside it belongs to no
# sign. repaired: a named repair exchanged it.
Doubt = Literal["", "score", "hidden", "look-alike", "second-look", "shapes", "odd-neighbour", "lost-ink", "repaired"]
DIGITS = frozenset("0123456789０１２３４５６７８９")
NUMERALS = frozenset("一二三四五六七八九十百千万亿两零〇")
LOOK_ALIKES = frozenset("OoQDlI|SsBZzb〇○口")
# A broken 4 or 1 before a measure: 建设+个.
BROKEN = frozenset("+|lI")
MEASURES = frozenset("个家所处座条项张户人名万亿%％台辆亩吨元年月日次件")
# What is looked at twice: figures, and what a broken digit looks like.
LOOKED_AT = FIGURES | frozenset("+|lIOo")
# Shares of the model below which a sign is doubtful, as measured by benchmarks/ocr.py.
SURE_FIGURE = 0.9
SURE_SIGN = 0.6
MOST_HIDDEN = 0.1
# The second look takes in so many signs on both sides and so much more of the height, which changes the scale.
CONTEXT = 2
TALLER = 0.1
OPENING, CLOSING = "(（[〔", ")）]〕"
# Letters and marks that do not stand beside a figure in these papers; 5G, PM2.5, A4, 3D, m² and km do.
ODD = pattern(r"[a-jn-zBEFHIJLN-RS-Z/$€£&*#@^∠\\{}!?'\"_~|]")
MARK = "□"
MOST_ROWS = 20
AROUND = 12


def doubts_of(
    engine: Engine, image: Any, crops: Sequence[Crop], lines: Sequence[tuple[Sign, ...]]
) -> list[tuple[Doubt, ...]]:
    """Give for each sign of each line why it is doubtful."""
    doubts = [[_doubt(signs, index) for index in range(len(signs))] for signs in lines]
    runs = [(number, start, end) for number, signs in enumerate(lines) for start, end in _runs(signs)]
    again = engine.read([_window(image, crops[number], lines[number], start, end) for number, start, end in runs])
    for (number, start, end), second in zip(runs, again, strict=True):
        words = "".join(sign.text for sign in lines[number][start:end])
        if words not in _figures(second):
            _mark(doubts[number], start, end, "second-look")
    for number, start, end in runs:
        if odd := _odd_neighbours(lines[number], start, end):
            _mark(doubts[number], min(start, *odd), max(end - 1, *odd) + 1, "odd-neighbour")
    for number, (crop, signs) in enumerate(zip(crops, lines, strict=True)):
        if signs and all(sign.text in DIGITS or sign.text == "." for sign in signs) and shapes(crop) != len(signs):
            _mark(doubts[number], 0, len(signs), "shapes")
        for index in beside_lost_ink(crop, signs):
            doubts[number][index] = doubts[number][index] or "lost-ink"
    return [tuple(line) for line in doubts]


def doubt_problems(content: Content) -> Iterator[Problem]:
    """Give a warning for each doubtful passage of a text, the first twenty, and one that counts the others."""
    passages = _passages(content.doubts)
    for start, end in passages[:MOST_ROWS]:
        words = " ".join(content.text[max(0, start - AROUND) : end + AROUND].split())
        page = next((block.page for block in content.blocks if block.start <= start < block.end), None)
        place = "" if page is None else f" on page {page}"
        message = f"「{content.text[start:end]}」 in 「{words}」{place} may be misread. Compare it with the original."
        yield Problem("warning", "doubtful_characters", message, start, end)
    if len(passages) > MOST_ROWS:
        message = (
            f"{len(passages) - MOST_ROWS} more passages may be misread. Compare the text with the original, or scan "
            "it again with 300 dots per inch."
        )
        yield Problem("warning", "doubtful_characters", message)


def _passages(doubts: Sequence[Span]) -> list[Span]:
    """Put doubts together that lie side by side."""
    passages: list[Span] = []
    for start, end in doubts:
        if passages and start <= passages[-1].end:
            passages[-1] = Span(passages[-1].start, max(end, passages[-1].end))
        else:
            passages.append(Span(start, end))
    return passages


def _doubt(signs: Sequence[Sign], index: int) -> Doubt:
    sign = signs[index]
    near = (*signs[max(0, index - 1) : index], *signs[index + 1 : index + 2])
    is_beside = any(other.text in DIGITS for other in near)
    if sign.text in LOOK_ALIKES and (is_beside or (sign.text in "Oo口" and any(o.text in NUMERALS for o in near))):
        return "look-alike"
    if sign.text in BROKEN and index + 1 < len(signs) and signs[index + 1].text in MEASURES:
        return "look-alike"
    is_figure = sign.text in FIGURES or sign.text in NUMERALS
    if sign.score < (SURE_FIGURE if is_figure else SURE_SIGN):
        return "score"
    return "hidden" if is_figure and sign.hidden > MOST_HIDDEN else ""


def _mark(doubts: list[Doubt], start: int, end: int, why: Doubt) -> None:
    for index in range(start, end):
        doubts[index] = doubts[index] or why


def _runs(signs: Sequence[Sign]) -> Iterator[tuple[int, int]]:
    """Give start and end of the runs of figures of a line."""
    start: int | None = None
    for index in range(len(signs) + 1):
        is_in = index < len(signs) and signs[index].text in LOOKED_AT
        if is_in and start is None:
            start = index
        elif not is_in and start is not None:
            yield start, index
            start = None


def _odd_neighbours(signs: Sequence[Sign], start: int, end: int) -> list[int]:
    """Give the places of signs in a run and beside it that do not stand with figures; they are broken digits."""
    found = [index for index in range(start, end - 1) if signs[index].text in "%‰％"]
    for index in (start - 1, end):
        if not 0 <= index < len(signs):
            continue
        text = signs[index].text
        is_open = text in OPENING and not any(sign.text in CLOSING for sign in signs[index:])
        is_closed = text in CLOSING and not any(sign.text in OPENING for sign in signs[:index])
        # A bracket may be closed on the next line, but not one that stands between two digits.
        is_between = 0 < index < len(signs) - 1 and {signs[index - 1].text, signs[index + 1].text} <= DIGITS
        if ODD.match(text) or ((is_open or is_closed) and (is_between or text in "[]")):
            found.append(index)
    return found


def _figures(signs: Sequence[Sign]) -> list[str]:
    """Give the runs of figures that were read in a window."""
    return ["".join(sign.text for sign in signs[start:end]) for start, end in _runs(signs)]


def _window(image: Any, crop: Crop, signs: Sequence[Sign], start: int, end: int) -> Any:
    """Give the image of some signs of a line and of those beside them, a little higher than the line."""
    width, aside = crop.x1 - crop.x0, TALLER * (crop.bottom - crop.top)
    first, last = max(0, start - CONTEXT), min(len(signs), end + CONTEXT)
    left = crop.x0 + width * (signs[first - 1].start + signs[first].start) / 2 if first else crop.x0
    right = crop.x0 + width * (signs[last - 1].start + signs[last].start) / 2 if last < len(signs) else crop.x1
    part = image[max(0, int(crop.top - aside)) : int(crop.bottom + aside), int(left) : max(int(left) + 8, int(right))]
    return part if part.shape[1] >= 4 else crop.image
