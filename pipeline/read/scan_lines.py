"""Lines of a scan → glyphs: crops of lines, cut where drawn lines cut them, and the boxes of what was read in them."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

from pipeline.quick.classes import NamedTuple
from pipeline.read.printed import Glyph
from pipeline.read.scan_doubts import MARK, Doubt, doubts_of
from pipeline.read.scan_engine import Engine, Sign
from pipeline.read.scan_repairs import REPAIRS, wide_brackets
from pipeline.read.scan_rules import Stroke

# A line whose signs have less than this share on average is a picture, a stamp or a smear.
LEAST_SCORE = 0.5
# A box taller than this share of its width holds lines below each other (the head of a narrow column).
TALL = 1.5
OPENING = frozenset("（〔【《〈“‘「『([")
CLOSING = frozenset("）〕】》〉”’」』，。、；：！？")
# The box that the detector puts around a line of Chinese signs is this much higher than the type.
BOX_HEIGHT = 1.07
# Sizes of one type, as measured, differ by no more than this share.
SAME_SIZE = 0.13
# Where there are too few Chinese signs to measure a step, the height of the box is no good measure.
FEWEST_STEPS = 4
SAME_HEIGHT = 0.25
# No digit is narrower than this share of the size of its type.
LEAST_STEP = 0.45
TWICE = 0.36
# What is drawn at the edge of a crop and is lower than this share of its height belongs to the neighbours.
EDGE_INK = 0.12


class Crop(NamedTuple):
    """The image of one line, and its place on the page in pixels."""

    image: Any
    x0: float
    top: float
    x1: float
    bottom: float


class Reading(NamedTuple):
    """What was read in a crop, sign by sign, and which of the signs are doubtful and why."""

    crop: Crop
    signs: tuple[Sign, ...]
    doubts: tuple[Doubt, ...]

    @property
    def score(self) -> float:
        """The mean share of the signs."""
        return sum(sign.score for sign in self.signs) / len(self.signs) if self.signs else 0.0


def crops_of(image: Any, ink: Any, lines: Any, upright: Sequence[Stroke]) -> list[Crop]:
    """Give the crops of the lines found (corners: lines x 4 x 2), parted at upright drawn lines, from top to bottom."""
    height, width = image.shape[:2]
    crops: list[Crop] = []
    for corners in lines:
        x0, top = max(0.0, float(corners[:, 0].min())), max(0.0, float(corners[:, 1].min()))
        x1, bottom = min(float(width), float(corners[:, 0].max())), min(float(height), float(corners[:, 1].max()))
        for left, right in _parts(x0, top, x1, bottom, upright):
            boxes = [(top, bottom)]
            if bottom - top > TALL * (right - left):
                boxes = _rows(ink[int(top) : int(bottom), int(left) : int(right)], top)
            crops += [crop for up, down in boxes if (crop := cut(image, left, up, right, down)) is not None]
    return crops


def cut(image: Any, x0: float, top: float, x1: float, bottom: float) -> Crop | None:
    """Give the crop of a box, None where nothing is left of it."""
    left, up, right, down = int(x0), int(top), -int(-x1 // 1), -int(-bottom // 1)
    part = image[up:down, left:right]
    return None if min(part.shape[:2]) < 4 else Crop(part, left, up, right, down)


def readings(engine: Engine, image: Any, crops: Sequence[Crop]) -> list[Reading]:
    """Read crops of an image; one in which nothing is read has no signs."""
    signs_of = engine.read([crop.image for crop in crops])
    doubts = doubts_of(engine, image, crops, signs_of)
    found: list[Reading] = []
    for crop, signs, doubtful in zip(crops, signs_of, doubts, strict=True):
        given = wide_brackets([sign.text for sign in signs])
        texts = given
        for repair in REPAIRS:
            texts = repair(texts)
        marks: tuple[Doubt, ...] = tuple(
            doubt if text == before else "repaired" for doubt, text, before in zip(doubtful, texts, given, strict=True)
        )
        mended = tuple(sign._replace(text=text) for sign, text in zip(signs, texts, strict=True))
        found.append(Reading(crop, mended, marks))
    return found


def legible(found: Sequence[Reading]) -> list[Reading]:
    """Give the readings that are words: what scores low on average is a picture, a seal or a smear."""
    return [
        reading
        for reading in found
        if reading.score >= LEAST_SCORE and any(sign.text.strip() for sign in reading.signs)
    ]


def marked(reading: Reading) -> Reading:
    """Give the reading of a cell's ink; where it is not legible, the mark □ that Chinese print has for lost signs."""
    if legible([reading]):
        return reading
    return reading._replace(signs=(Sign(MARK, 0.5, 0.5, 0.0),), doubts=("score",))


def glyphs_of(reading: Reading, size: float, ink: Any, dots: float) -> list[Glyph]:
    """Give the signs of a line as glyphs, in points: cells side by side, as they are set, with the gaps of the line.

    All have the height and the size of the line: the scan does not tell them apart.
    """
    crop, scale = reading.crop, 72 / dots
    width = crop.x1 - crop.x0
    left, right = _ends(ink, crop)
    cells: list[tuple[float, float]] = []
    signs = [(sign, doubt) for sign, doubt in zip(reading.signs, reading.doubts, strict=True) if sign.text.strip()]
    texts = [sign.text for sign, _ in signs]
    centres = _spread([crop.x0 + sign.start * width for sign, _ in signs], texts, size)
    for text, centre in zip(texts, centres, strict=True):
        half = _width(text, size) / 2
        cells.append((centre - half, centre + half))
    cells = _ordered(cells)
    spaces = _spaces(reading.signs)
    cells = _joined(cells, texts, spaces, size)
    first = left if signs[0][0].text not in OPENING else min(left, cells[0][1] - size)
    last = right if signs[-1][0].text not in CLOSING else max(right, cells[-1][0] + size)
    cells[0] = (min(first, cells[0][1] - 1), cells[0][1])
    cells[-1] = (cells[-1][0], max(last, cells[-1][0] + 1))
    for index in range(len(cells) - 2, -1, -1):
        if texts[index] == texts[index + 1]:
            # The layout takes equal signs closer than 0.3 of their size for one that is drawn twice to look bold.
            cells[index] = (min(cells[index][0], cells[index + 1][0] - TWICE * size), cells[index][1])
    middle = (crop.top + crop.bottom) / 2
    top, bottom = (middle - size / 2) * scale, (middle + size / 2) * scale
    return [
        Glyph(sign.text, x0 * scale, top, x1 * scale, bottom, size * scale, doubtful=bool(doubt))
        for (sign, doubt), (x0, x1) in zip(signs, cells, strict=True)
    ]


def _parts(x0: float, top: float, x1: float, bottom: float, upright: Sequence[Stroke]) -> list[tuple[float, float]]:
    """Part a box at the upright lines that run through most of its height."""
    height = bottom - top
    cuts = sorted(
        (stroke.x0, stroke.x1)
        for stroke in upright
        if x0 < (stroke.x0 + stroke.x1) / 2 < x1 and min(stroke.bottom, bottom) - max(stroke.top, top) > 0.6 * height
    )
    parts: list[tuple[float, float]] = []
    start = x0
    for left, right in cuts:
        parts.append((start, float(left)))
        start = float(right)
    parts.append((start, x1))
    return [(left, right) for left, right in parts if right - left > 0.25 * height] if cuts else parts


def _rows(ink: Any, top: float) -> list[tuple[float, float]]:
    """Give the lines that stand below each other in a narrow box, by the level gaps between their ink."""
    import numpy

    if not ink.size:
        return []
    filled = numpy.flatnonzero(ink.any(axis=1))
    if not len(filled):
        return []
    width = ink.shape[1]
    breaks = numpy.flatnonzero(numpy.diff(filled) > 1)
    starts = [int(filled[0]), *(int(filled[i + 1]) for i in breaks)]
    ends = [*(int(filled[i]) + 1 for i in breaks), int(filled[-1]) + 1]
    rows: list[tuple[int, int]] = []
    for start, end in zip(starts, ends, strict=True):
        # Signs such as 二 have gaps of their own: what is together no higher than a sign is wide is one line.
        if rows and end - rows[-1][0] <= 0.95 * width:
            rows[-1] = (rows[-1][0], end)
        else:
            rows.append((start, end))
    margin = 0.06 * width
    return [(max(top, top + start - margin), top + end + margin) for start, end in rows]


def sizes_of(found: Sequence[Reading]) -> list[float]:
    """Give the size of the type of each line in pixels; lines that differ only as measurements do get one size.

    It is the step from one Chinese sign to the next, in lines that have few of them the height of the box.
    """
    measured = [_size(reading) for reading in found]
    sizes = [0.0] * len(found)
    rest = sorted(range(len(found)), key=lambda index: (-len(_steps(found[index])), index))
    while rest:
        # The size that most signs of the page have, then what is left above and below it.
        best = max(rest, key=lambda index: (_weight(found, measured, rest, index), -index))
        sure = [index for index in rest if len(_steps(found[index])) >= FEWEST_STEPS]
        alike = [
            index
            for index in rest
            if abs(measured[index] - measured[best])
            <= (SAME_SIZE if index in sure or not sure else SAME_HEIGHT) * measured[best]
        ]
        usual = median(measured[index] for index in alike if index in sure or best not in sure)
        for index in alike:
            sizes[index] = usual
        rest = [index for index in rest if index not in set(alike)]
    return sizes


def _weight(found: Sequence[Reading], measured: Sequence[float], rest: Sequence[int], index: int) -> int:
    size = measured[index]
    return sum(len(found[other].signs) for other in rest if abs(measured[other] - size) <= SAME_SIZE * size)


def _steps(reading: Reading) -> list[float]:
    """Give the steps from one Chinese sign to the next, in pixels."""
    width = reading.crop.x1 - reading.crop.x0
    return [
        (after.start - before.start) * width
        for before, after in zip(reading.signs, reading.signs[1:], strict=False)
        if _is_full(before.text) and _is_full(after.text)
    ]


def _size(reading: Reading) -> float:
    steps = _steps(reading)
    by_height = (reading.crop.bottom - reading.crop.top) / BOX_HEIGHT
    # Places are known to an eighth of a sign; over several signs the error goes out.
    step = sum(steps) / len(steps) if len(steps) >= FEWEST_STEPS else by_height
    return step if 0.7 * by_height <= step <= 1.3 * by_height else by_height


def _is_full(text: str) -> bool:
    return "\u3400" <= text <= "\u9fff" or text in OPENING or text in CLOSING


def _width(text: str, size: float) -> float:
    return size if text > "\u2e7f" or text in "“”‘’—…" else size * (0.28 if text in ".,'!|:;" else 0.5)


def _ends(ink: Any, crop: Crop) -> tuple[float, float]:
    """Give where the ink of a line begins and ends, pixels from the left of the page."""
    import numpy

    part = ink[int(crop.top) : int(crop.bottom), int(crop.x0) : int(crop.x1)]
    margin = int(EDGE_INK * part.shape[0])
    columns = numpy.flatnonzero(part[margin : part.shape[0] - margin].any(axis=0))
    if not len(columns):
        return crop.x0, crop.x1
    return crop.x0 + float(columns[0]), crop.x0 + float(columns[-1]) + 1


def _spaces(signs: Sequence[Sign]) -> set[int]:
    """Give the numbers of the signs (blanks not counted) that follow a blank that was read."""
    found: set[int] = set()
    count = 0
    for sign in signs:
        if sign.text.strip():
            count += 1
        else:
            found.add(count)
    return found


def _spread(centres: Sequence[float], texts: Sequence[str], size: float) -> list[float]:
    """Move digits apart that would lie in one another, their middle staying: the two of 118 are no 1 drawn twice."""
    spread = list(centres)
    start = 0
    for index in range(1, len(spread) + 1):
        is_in = index < len(spread) and texts[index].isascii() and texts[index - 1].isascii()
        if is_in:
            least = LEAST_STEP * size * (0.5 if "." in (texts[index], texts[index - 1]) else 1)
            spread[index] = max(spread[index], spread[index - 1] + least)
            continue
        moved = (sum(spread[start:index]) - sum(centres[start:index])) / (index - start)
        spread[start:index] = [centre - moved for centre in spread[start:index]]
        start = index
    return spread


def _ordered(cells: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Part cells that lie over each other in the middle."""
    cells = list(cells)
    for index in range(1, len(cells)):
        (start, before), (after, end) = cells[index - 1], cells[index]
        if before > after:
            centre = (max(start, min(before, end)) + min(end, max(after, start))) / 2
            cells[index - 1], cells[index] = (start, max(centre, start)), (max(centre, start), max(end, centre))
    return cells


def _joined(
    cells: list[tuple[float, float]], texts: Sequence[str], spaces: set[int], size: float
) -> list[tuple[float, float]]:
    """Close gaps that are none: the place of a sign is known to a few pixels, and a gap would be read as a blank."""
    cells = list(cells)
    for index in range(1, len(cells)):
        (start, before), (after, end) = cells[index - 1], cells[index]
        gap = after - before
        if index in spaces and not (texts[index - 1] > "\u2e7f" and texts[index] > "\u2e7f"):
            continue
        if 0 < gap < 0.9 * size and index not in spaces:
            middle = (before + after) / 2
            cells[index - 1], cells[index] = (start, middle), (middle, end)
    return cells
