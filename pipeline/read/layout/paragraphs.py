"""Lines → paragraphs: a line that is full goes on in the next, on the next page too, unless that one is indented."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from pipeline.quick.pattern import pattern
from pipeline.read.layout.lines import Line

# In type sizes: what counts as an indent, and how much of a line may stay free though the next word did not fit.
INDENT = 0.8
HANGING = 1.2
DEEPER = 2.6
SLACK = 0.6
# Type of another size, or a wider gap between lines, begins something new.
OTHER_SIZE = 0.12
WIDER = 1.45
CENTRED = 0.9
LEADER = pattern(r"(?:[.．·・•…‥]\s*){4,}\s*[（(]?\s*[0-9ivxIVX]{1,4}\s*[）)]?\s*$|…{2,}\s*[0-9]{1,4}\s*$")
# No line may begin with these, so the sign before comes down with them; no line may end with those.
CLOSING = "，。、；：！？）》」』】〕”’％%…—"
NEVER_FIRST = "，。、；：！？）》」』】〕”’,.;:!?)"
OPENING = "（《「『【〔“‘"
NARROW = pattern(r"[^\p{Han}\u3000-\u303f\uff01-\uff60“”‘’—…\s]+")
LABEL = pattern(r"(?:[（(]?[一二三四五六七八九十百]{1,4}[）)、]|第[一二三四五六七八九十百]{1,4}[章节条篇])")
ANNEX = pattern(r"附\s*[件表录錄图圖]")
SENTENCE_END = pattern(r"[。！？；：;:!?]$")
LATIN = pattern(r"[A-Za-z]")


@dataclass(frozen=True)
class Region:
    """The lines of one column or box of a page, with the margins between which they are set."""

    lines: tuple[Line, ...]
    left: float
    right: float
    pitch: float
    framed: bool = False
    note: bool = False

    @property
    def centre(self) -> float:
        """The middle between the margins."""
        return (self.left + self.right) / 2


@dataclass(frozen=True)
class Paragraph:
    """Lines that are one paragraph."""

    lines: tuple[Line, ...]
    centred: bool
    contents: bool = False

    @property
    def bold(self) -> bool:
        """Whether all of it is bold."""
        return all(line.bold for line in self.lines)


def region_of(lines: Sequence[Line], right: float | None = None) -> Region:
    """Give the margins of some lines: where most begin, and how far the fullest reach (or `right`)."""
    size = median(line.size for line in lines)
    starts = Counter(round(line.x0 / 2) * 2 for line in lines)
    most = max(starts.values())
    usual = min(start for start, count in starts.items() if count >= max(0.3 * most, 1))
    left = min((line.x0 for line in lines if abs(line.x0 - usual) <= 2.5), default=float(usual))
    reach = max(line.x1 for line in lines) if right is None else right
    pitches = [after.top - before.top for before, after in itertools.pairwise(lines)]
    pitch = median([step for step in pitches if 0.5 * size < step < 4 * size] or [1.5 * size])
    return Region(tuple(lines), left, reach, pitch)


def paragraphs_of(regions: Sequence[Region]) -> list[Paragraph]:
    """Give the paragraphs of a flow of regions, in reading order; one may begin in one region and end in the next."""
    indented = _is_indented(regions)
    groups: list[list[Line]] = []
    places: list[Region] = []
    before: tuple[Line, Region] | None = None
    for region in regions:
        for line in region.lines:
            if before is not None and _goes_on(before, (line, region), groups[-1], indented=indented):
                groups[-1].append(line)
            else:
                groups.append([line])
                places.append(region)
            before = (line, region)
    return [_paragraph(group, region) for group, region in zip(groups, places, strict=True)]


def is_full(line: Line, following: Line, right: float) -> bool:
    """Tell whether the first word of `following` would not have fitted at the end of `line`."""
    return following.text[0] in NEVER_FIRST or right - line.x1 < _first_word(following) + SLACK * line.size


def _first_word(line: Line) -> float:
    """Give the width of what cannot be parted at the start of a line."""
    text = line.text
    end = 0
    while end < len(text) - 1 and text[end] in OPENING:
        end += 1
    narrow = NARROW.match(text, end)
    end = narrow.end() if narrow else end + 1
    while end < len(text) and text[end] in CLOSING:
        end += 1
    return line.rights[min(end, len(text)) - 1] - line.lefts[0]


def _goes_on(before: tuple[Line, Region], after: tuple[Line, Region], group: Sequence[Line], *, indented: bool) -> bool:
    (line, region), (following, place) = before, after
    if abs(line.size - following.size) > OTHER_SIZE * line.size or LEADER.search(line.text):
        return False
    below = line.page == following.page and following.top > line.top
    if below and following.top - line.top > WIDER * max(region.pitch, place.pitch):
        return False
    if region is place and min(line.x0, following.x0) > region.left + 2 * line.size and _is_bracket_open(group):
        return True
    if not is_full(line, following, region.right):
        return False
    ends = SENTENCE_END.search(line.text) is not None
    if ends and (ANNEX.match(following.text) or (LABEL.match(following.text) and not indented)):
        return False
    shift = following.x0 - place.left
    if shift <= INDENT * line.size:
        return True
    if ends:
        return False
    # A title that is too long for its line goes on in the middle of the next; 抄送： hangs before its names.
    own = group[-1].x0 - region.left
    if region is place and _is_centred(following, place):
        return following.text[0] not in OPENING
    if len(group) == 1 and own <= HANGING * line.size < shift - own:
        return True
    # A block that stands further in as a whole: by less or by more than an indent, but not at the right, where names
    # and dates stand; at an indent two lines are two paragraphs.
    inset = own <= HANGING * line.size or DEEPER * line.size < own < 0.3 * (region.right - region.left)
    return abs(shift - own) <= 0.3 * line.size and (len(group) >= 2 or inset)


def _is_bracket_open(lines: Sequence[Line]) -> bool:
    """Tell whether a bracket was opened and not closed: a title's note (…会议通过) that takes two lines."""
    words = "".join(line.text for line in lines)
    return any(words.count(opening) > words.count(closing) for opening, closing in ("（）", "()", "《》"))


def _is_indented(regions: Sequence[Region]) -> bool:
    """Tell whether paragraphs begin with an indent, as in official papers."""
    inset = full = 0
    for region in regions:
        for line in region.lines:
            shift = (line.x0 - region.left) / line.size
            inset += 1.5 <= shift <= 2.6
            full += line.x1 > region.right - 2 * line.size
    return inset >= 2 and inset >= 0.1 * full


def _paragraph(lines: Sequence[Line], region: Region) -> Paragraph:
    first = lines[0]
    centred = _is_centred(lines[-1], region) and (len(lines) > 1 or first.x0 - region.left > 2 * first.size)
    centred = centred and abs((first.x0 - region.left) - (region.right - first.x1)) < CENTRED * first.size
    contents = len(lines) == 1 and LEADER.search(first.text) is not None
    return Paragraph(tuple(lines), centred, contents)


def _is_centred(line: Line, region: Region) -> bool:
    """Tell whether a line leaves the same room on both sides, and more than an indent."""
    before, after = line.x0 - region.left, region.right - line.x1
    return min(before, after) > 2 * line.size and abs(before - after) < CENTRED * line.size


def joined_cell(lines: Sequence[Line], width: float) -> list[list[Line]]:
    """Give the paragraphs of a table cell: a line goes on where the next word did not fit into the cell."""
    groups: list[list[Line]] = []
    for line in lines:
        free = width - (groups[-1][-1].x1 - groups[-1][-1].x0) if groups else 0.0
        if groups and free < _first_word(line) + SLACK * line.size:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups
