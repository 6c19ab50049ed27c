"""How a text that was wrapped at a margin goes on from line to line.

Producers drop the indents, so the widths must tell: a first line is two characters narrower than the rest, indented
lists are narrower as a whole, and the last line of a paragraph is short.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import regex

from pipeline.lexicon import Lexicon
from pipeline.normalise.draft import Line
from pipeline.normalise.shape import CLOSING, cannot_open, ends_sentence, ends_unfinished, is_prose, label_style, width
from pipeline.quick.classes import dataclass, field
from pipeline.quick.pattern import pattern

# Printed lines are between 14 and 70 Chinese characters wide.
NARROWEST, WIDEST = 28, 140
# Text is wrapped where so many of its prose lines stop in mid-sentence.
BROKEN_SHARE = 0.35
FEWEST_BROKEN = 6
REACHING_SHARE = 0.7
STOPS_SHARE = 0.2
# Indents tell first lines apart where some broken lines have one and others have none.
INDENTED_SHARE = 0.05
# A margin is where so many lines end, give or take a Latin word or a mark that moved to the next line.
MARGIN_SHARE = 0.12
FEWEST_AT_MARGIN = 4
RAGGED = 4
# An indent is two characters, in columns; a first line is narrower by about that.
INDENT = (3, 8)
# A heading or first line that reaches so far may have been broken at the margin.
LONG_SHARE = 0.8
PROSE_SHARE = 0.65
# What is left of a broken heading is short.
REST_SHARE = 0.4
# The rest of a numbered sentence is short; a paragraph of one so short sentence is rare.
SENTENCE_REST_SHARE = 0.6
# Labelled lines that come so near the margin were broken there; else the longest of them is a whole heading.
REACH_SHARE = 0.9
# A heading lists two things at most (加强督查、考核); more 、 stand in sentences.
FEWEST_LISTED = 2
SHORTEST_PROSE = 15
FIRST_WORD = pattern(r"[A-Za-z0-9.,%°/()+-]+|.", regex.DOTALL)
FIGURES_ONLY = pattern(r"^[\d\s.,%()/<>=+-]{1,12}$")


@dataclass(slots=True)
class Paragraph:
    """The paragraph being put together: whether it opens with a label or an indent, and how wide its lines are.

    `first` and `last` are the widths of these lines, `inner` is that of the widest below the first, 0 if there is none.
    """

    labelled: bool
    indented: bool
    first: int
    last: int
    inner: int = 0
    lines: int = 1

    @property
    def widest(self) -> int:
        """The width of the widest line."""
        return max(self.first, self.inner)

    def add(self, text: str, columns: int) -> None:
        """Add a line; one that begins with 。or ，is the rest of a printed line that the producer cut at the mark."""
        if cannot_open(text):
            self.last += columns
        else:
            self.last = columns
            self.lines += 1
        if self.lines == 1:
            self.first = self.last
        else:
            self.inner = max(self.inner, self.last)


@dataclass(frozen=True, slots=True)
class Wrapping:
    """The right margin of a wrapped text in half-width columns, and what labels and indents mean in it.

    `reach` is how wide the lines with each style of label get, `heading_styles` are the styles that mostly stand on
    headings here, not on numbered paragraphs. `indents` tells that the file kept the indents of first lines. `widths`
    are those of all lines.
    """

    margin: int
    widths: Sequence[int] = field(repr=False)
    reach: Mapping[str, int]
    heading_styles: frozenset[str]
    indents: bool
    lexicon: Lexicon = field(repr=False)

    def goes_on(self, lines: Sequence[Line], index: int, paragraph: Paragraph) -> bool:
        """Tell whether the last line so far of `paragraph` goes on in line `index` below it, which opens nothing."""
        before, after = lines[index - 1], lines[index]
        if FIGURES_ONLY.match(before.text) or FIGURES_ONLY.match(after.text):
            # A line of figures alone is a subscript or a cell that the producer let fall between the lines.
            return False
        if self.indents and (paragraph.indented or is_indented(after)):
            return not is_indented(after)
        if self._is_apart(before, after, self.widths[index]):
            return False
        first = paragraph.lines == 1
        last = paragraph.last
        if ends_sentence(before.text):
            return self._is_full(after, paragraph) and not self._looks_indented(lines, index, paragraph)
        if first and paragraph.labelled and not _holds_sentence(before.text):
            return self._label_line_goes_on(before, after, self.widths[index - 1], self.widths[index])
        if first:
            share = PROSE_SHARE if is_prose(before.text) and not paragraph.labelled else LONG_SHARE
            return last >= share * self.margin
        return last >= paragraph.widest - INDENT[1] or last >= LONG_SHARE * self.margin

    def _label_line_goes_on(self, before: Line, after: Line, columns: int, columns_after: int) -> bool:
        """Tell whether a numbered line without a full sentence is broken, not a heading above its text.

        `columns` is how wide it is, `columns_after` how wide the line below it is.
        """
        if columns < LONG_SHARE * self.margin:
            return False
        if ends_unfinished(before.text, self.lexicon):
            return True
        if not is_prose(after.text) and columns_after <= REST_SHARE * self.margin:
            return True
        if label_style(before.text, self.lexicon) not in self.heading_styles:
            return True
        if not is_prose(before.text) and before.text.count("、") < FEWEST_LISTED:
            return False
        if ends_sentence(after.text) and columns_after <= SENTENCE_REST_SHARE * self.margin:
            return True
        reach = self.reach.get(label_style(before.text, self.lexicon), 0)
        limit = reach if reach >= REACH_SHARE * self.margin else self.margin
        return columns + _first_word(after) > limit - RAGGED

    def _is_full(self, after: Line, paragraph: Paragraph) -> bool:
        """Tell whether the first word of `after` would not have fitted into the last line of `paragraph`."""
        # The first line is narrower (indent) or wider (a list mark that hangs out) than those below it.
        inner = paragraph.inner if paragraph.lines > 1 else self.margin - INDENT[0]
        return paragraph.last + _first_word(after) >= inner

    def _looks_indented(self, lines: Sequence[Line], index: int, paragraph: Paragraph) -> bool:
        """Tell whether a line stops in mid-sentence two characters before the margin, as first lines do.

        A line that stops there because the next word is long does not count.
        """
        text = lines[index].text
        if self.indents or index + 1 == len(lines) or ends_sentence(text) or text.endswith(CLOSING):
            return False
        local = paragraph.widest if paragraph.lines > 2 else self.margin
        missing = local - self.widths[index]
        return INDENT[0] <= missing <= INDENT[1] and missing > _first_word(lines[index + 1])

    def _is_apart(self, before: Line, after: Line, columns: int) -> bool:
        """Tell whether `after`, so wide, is a few words without a stop below a sentence: a signature, a caption."""
        is_rest = columns >= LONG_SHARE * self.margin or is_prose(after.text) or after.text.endswith(CLOSING)
        return not is_rest and (ends_sentence(before.text) or before.text.endswith(CLOSING))


def find_wrapping(
    lines: Sequence[Line], opening: Sequence[bool], ending: Sequence[bool], lexicon: Lexicon
) -> Wrapping | None:
    """Give the wrapping of a text, None for a text whose lines are whole paragraphs.

    `opening` tells which lines open a paragraph, `ending` which end a sentence.
    """
    prose = [
        index
        for index, line in enumerate(lines[:-1])
        if len(line.text) >= SHORTEST_PROSE and line.block.kind == "paragraph"
    ]
    broken = [
        index
        for index in prose
        if not ending[index] and not opening[index + 1] and lines[index + 1].kind == "paragraph"
    ]
    if len(broken) < max(FEWEST_BROKEN, BROKEN_SHARE * len(prose)):
        return None
    widths = [width(line.text) for line in lines]
    margin = _margin(lines, widths)
    if margin is None:
        return None
    # Items of a list may lack full stops too, but then the whole list has none.
    if sum(lines[index].text.count("。") for index in prose) < STOPS_SHARE * len(broken):
        return None
    # Lines of a list are as long as their words; broken lines reach for the margin.
    if sum(widths[index] >= LONG_SHARE * margin for index in broken) < REACHING_SHARE * len(broken):
        return None
    indented = sum(is_indented(lines[index]) for index in broken)
    indents = INDENTED_SHARE * len(broken) <= indented <= (1 - INDENTED_SHARE) * len(broken)
    opened = [index for index, line in enumerate(lines) if opening[index] and line.kind == "paragraph"]
    styles = {index: label_style(lines[index].text, lexicon) for index in opened}
    reach = _reach(lines, styles, widths)
    return Wrapping(margin, widths, reach, _heading_styles(lines, styles, widths, margin), indents, lexicon)


def is_indented(line: Line) -> bool:
    """Tell whether a line stands in by two characters, as the first line of a paragraph does."""
    return (
        line.indent != "" and width("".join("永" if blank in "\u3000\t" else "x" for blank in line.indent)) >= INDENT[0]
    )


def _margin(lines: Sequence[Line], all_widths: Sequence[int]) -> int | None:
    """Give the rightmost width at which many lines end, if hardly any line is wider."""
    widths = Counter([columns for columns, line in zip(all_widths, lines, strict=True) if line.kind == "paragraph"])
    total = sum(count for columns, count in widths.items() if columns >= NARROWEST)
    for columns in sorted(widths, reverse=True):
        near = sum([widths[columns - less] for less in range(RAGGED + 1)])
        if NARROWEST <= columns <= WIDEST and near >= max(MARGIN_SHARE * total, FEWEST_AT_MARGIN):
            wider = sum(count for other, count in widths.items() if other > columns + RAGGED)
            return columns if wider <= 0.1 * total else None
    return None


def _reach(lines: Sequence[Line], styles: Mapping[int, str], widths: Sequence[int]) -> dict[str, int]:
    """Give the width of the widest line that opens with each style of label and stops in mid-sentence."""
    found: dict[str, list[int]] = {}
    for index, style in styles.items():
        if not ends_sentence(lines[index].text):
            found.setdefault(style, []).append(widths[index])
    return {style: max(widths) for style, widths in found.items() if len(widths) >= 3}


def _heading_styles(
    lines: Sequence[Line], styles: Mapping[int, str], widths: Sequence[int], margin: int
) -> frozenset[str]:
    """Give the styles of label under which more short lines without a sentence stand than sentences."""
    balance: Counter[str] = Counter()
    for index, style in styles.items():
        if _holds_sentence(lines[index].text):
            balance[style] -= 1
        elif widths[index] < LONG_SHARE * margin:
            balance[style] += 1
    return frozenset(style for style, heads in balance.items() if heads > 0)


def _first_word(line: Line) -> int:
    found = FIRST_WORD.match(line.text)
    return width(found.group()) if found else 0


def _holds_sentence(text: str) -> bool:
    """Tell whether a line holds a sentence or a name with words on it, as headings do not."""
    return any(mark in text for mark in "。；：;:")
