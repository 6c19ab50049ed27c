"""The step that joins lines which a producer broke in the middle of a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate, pairwise

from pipeline.lexicon import Lexicon
from pipeline.model import Problem, Repair
from pipeline.normalise.alignment import Mapped, concatenate, cut
from pipeline.normalise.draft import Draft, Line, quoted, report
from pipeline.normalise.shape import (
    CLOSING,
    alone,
    cannot_open,
    closes,
    ends_sentence,
    ends_unfinished,
    goes_on,
    is_prose,
    may_close,
    open_bracket,
    openings,
)
from pipeline.normalise.wrapping import Paragraph, find_wrapping, is_indented
from pipeline.quick.classes import replace
from pipeline.quick.pattern import pattern
from pipeline.quick.plain import plain

# Without a margin only a line of running text of this length can have been broken.
BROKEN_LENGTH = 24
HEADING_LENGTH = 50
# What ends with a stop and is no longer than this is the rest of a sentence: 等。
LAST_WORDS = 6
# Within this many lines on both sides, short lines without punctuation are cells of a table written one a line.
NEIGHBOURS = 4
CELL_LENGTH = 14
# Eight blanks or more after a full stop, and then a few words: a right-aligned line that lost its line break.
# (The first blank stands by itself, because a set of characters is looked for faster than a number of them.)
PUSHED = plain(r"[ \t\u00a0\u3000][ \t\u00a0\u3000]{7}")
PUSHED_RIGHT = pattern(r"(?<=[。！；：])[ \t\u00a0\u3000]{8,}(?=[^，。；：]{2,40}$)")
COLONS = ("：", ":")
# （如图⏎4）: what looks like a list mark closes a bracket of the line before.
ENDS_BRACKET = pattern(r"^[\p{Han}\d]{1,4}[）)]")
LATIN_END = pattern(r"[A-Za-z0-9]$")
LATIN_START = pattern(r"^[A-Za-z0-9]")


def part_signatures(draft: Draft, lexicon: Lexicon) -> Draft:
    """Give a signature its own line where blanks alone push it to the right: 贯彻执行。　　　　　　云州市人民政府."""
    if PUSHED.search(draft.words.joined) is None:
        return draft
    lines: list[Line] = []
    repairs: list[Repair] = []
    for line in draft.lines:
        found = PUSHED_RIGHT.search(line.text) if line.kind == "paragraph" else None
        if found is None:
            lines.append(line)
            continue
        for start, end in ((0, found.start()), (found.end(), len(line.text))):
            text, runs = cut(Mapped(line.text, line.runs), start, end)
            lines.append(replace(line, text=text, runs=runs))
        repairs.append(Repair("part_signatures", lines[-2].source_end, lines[-1].source_start, found.group(), "\n"))
    what = "Gave a line of its own to what stands far to the right"
    places = [after.text for line, after in pairwise(lines) if line.block is after.block]
    return draft.after(lines, repairs, report("signature_parted", what, places, "Nothing to do."))


def join_lines(draft: Draft, lexicon: Lexicon) -> Draft:
    """Join lines of one paragraph: 完善功能⏎⏎布局 → 完善功能布局.

    Headings, list items, dates, addressees, titles and cells keep their line. In text wrapped at a margin a full line
    goes on in the next; elsewhere only a line of prose that breaks off goes on, in a line that reads as its rest.
    """
    joiner = _Joiner(draft, lexicon)
    lines: list[Line] = []
    repairs: list[Repair] = []
    first = 0
    for index in range(len(draft.lines)):
        if index and joiner.continues(index):
            joiner.add(index)
            continue
        if index:
            lines.append(_joined(draft.lines[first:index], repairs))
        joiner.begin(index)
        first = index
    if not repairs and first + 1 >= len(draft.lines):
        return draft
    lines.append(_joined(draft.lines[first:], repairs))
    return draft.after(lines, repairs, _summary(draft, repairs))


class _Joiner:
    """Decides for each line whether it goes on what the line before began."""

    def __init__(self, draft: Draft, lexicon: Lexicon) -> None:
        self.lines = lines = draft.lines
        self.texts = draft.words.texts
        self.lexicon = lexicon
        self.opening = openings(draft, lexicon)
        self.alone = alone(draft, lexicon)
        self.ending = [ends_sentence(text) for text in self.texts]
        self.cells = _cell_like(self.texts)
        self.wrapping = find_wrapping(lines, self.opening, self.ending, lexicon)
        self.paragraph = Paragraph(False, False, 0, 0)
        gaps = Counter([min(line.gap, 3) for line in lines[1:]])
        # How many blank lines usually stand between two lines: more than that part paragraphs.
        self.usual_gap = gaps.most_common(1)[0][0] if gaps else 0

    def begin(self, index: int) -> None:
        """Begin a paragraph with line `index`. How wide it is matters only in text wrapped at a margin."""
        if self.wrapping is not None:
            columns = self.wrapping.widths[index]
            self.paragraph = Paragraph(self.opening[index], is_indented(self.lines[index]), columns, columns)

    def add(self, index: int) -> None:
        """Add line `index` to the paragraph."""
        if self.wrapping is not None:
            self.paragraph.add(self.texts[index], self.wrapping.widths[index])

    def continues(self, index: int) -> bool:
        """Tell whether line `index` goes on the paragraph of the line before it."""
        # What stands alone is no paragraph, or no plain one.
        if self.alone[index - 1] or self.alone[index]:
            return False
        opens = self.opening[index]
        words, rest = self.texts[index - 1], self.texts[index]
        if opens and ENDS_BRACKET.match(rest) is None:
            return False
        before, after = self.lines[index - 1], self.lines[index]
        if "\t" in after.indent:
            return False
        colon = words.endswith(COLONS)
        # Only a line that closes a bracket, or follows a colon, can go on in one.
        bracket = open_bracket(words) if (colon or may_close(rest)) and is_prose(words) else ""
        if bracket and (closes(bracket, rest) or (colon and not opens)):
            return True
        if opens:
            return False
        ends = self.ending[index - 1]
        if goes_on(words) or (cannot_open(rest) and not ends):
            return True
        if len(rest) <= LAST_WORDS and rest.endswith("。") and not ends:
            return True
        if (self.cells[index - 1] or self.cells[index]) and not self._are_sentences(words, rest):
            return False
        if after.gap > self.usual_gap and not after.page_ended and before.block.page == after.block.page:
            return False
        if self.wrapping is None:
            return self._breaks_off(index)
        return not colon and self.wrapping.goes_on(self.lines, index, self.paragraph)

    def _are_sentences(self, before: str, after: str) -> bool:
        """Tell whether two lines are running text, although short lines stand around them."""
        if min(len(before), len(after)) < BROKEN_LENGTH and not ends_sentence(after):
            return False
        is_text = len(before) >= BROKEN_LENGTH and is_prose(before) and is_prose(after)
        return is_text and (self.wrapping is not None or ends_sentence(after))

    def _breaks_off(self, index: int) -> bool:
        """Tell whether a line of prose stops in mid-sentence and the next reads as its rest."""
        text, rest = self.texts[index - 1], self.texts[index]
        if self.ending[index - 1] or text.endswith(CLOSING) or not is_prose(text) or not is_prose(rest):
            return False
        if ends_unfinished(text, self.lexicon):
            return True
        if len(text) < BROKEN_LENGTH or (self.opening[index - 1] and "。" not in text and len(text) < HEADING_LENGTH):
            return False
        # Several lines in a row without a full stop are a list, not one sentence broken again and again.
        return self.lines[index].page_ended or self.ending[index]


def _joined(group: Sequence[Line], repairs: list[Repair]) -> Line:
    """Give the lines of a group as one, and note each joint in `repairs`."""
    first = group[0]
    if len(group) == 1:
        return first
    pieces = [Mapped(first.text, first.runs)]
    for before, after in pairwise(group):
        glue = _glue(before, after)
        pieces += (Mapped(glue, ()), Mapped(after.text, after.runs))
        repairs.append(Repair("join_lines", before.source_end, after.source_start, "\n", glue))
    text, runs = concatenate(pieces)
    bold = all([line.block.bold for line in group])
    block = first.block if bold == first.block.bold else replace(first.block, bold=bold)
    return replace(first, text=text, runs=runs, block=block)


def _glue(before: Line, after: Line) -> str:
    """Give a space between two Latin words or figures, nothing elsewhere or where a page mark cut a figure."""
    if LATIN_END.search(before.text) is None or LATIN_START.search(after.text) is None:
        return ""
    cut_figure = after.page_ended and before.text[-1].isdigit() and after.text[0].isdigit()
    return "" if cut_figure else " "


def _cell_like(texts: Sequence[str]) -> list[bool]:
    """Tell for each line whether it stands among short lines without punctuation, as cells written one a line do."""
    short = [len(text) <= CELL_LENGTH and not is_prose(text) for text in texts]
    if not any(short):
        return short
    sums = [0, *accumulate(short)]
    found: list[bool] = []
    for index in range(len(texts)):
        start, end = max(index - NEIGHBOURS, 0), min(index + NEIGHBOURS + 1, len(texts))
        found.append(2 * (sums[end] - sums[start] - short[index]) > end - start - 1)
    return found


def _summary(draft: Draft, repairs: Sequence[Repair]) -> list[Problem]:
    if not repairs:
        return []
    first = repairs[0]
    text = draft.source.text
    around = f"{quoted(text[max(first.source_start - 10, 0) : first.source_start], 20)}⏎"
    around += quoted(text[first.source_end : first.source_end + 10], 20)
    message = (
        f"Joined {len(repairs)} lines that broke off in the middle of a paragraph (first: {around}). "
        "Check the text if sentences of different paragraphs run together."
    )
    return [Problem("info", "lines_joined", message)]
