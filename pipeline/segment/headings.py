"""Find the lines that open with a heading: its mark, its number, its words."""

from __future__ import annotations

from dataclasses import dataclass, replace

import regex

from pipeline.lexicon import Lexicon
from pipeline.lexicon.headings import MarkKind, MarkStyle
from pipeline.segment.lines import Line

LONGEST_TITLE = 60
PLAIN = "plain"
PAIRS = {"（": "）", "(": ")", "《": "》", "“": "”", "〔": "〕", "「": "」", "『": "』", "[": "]", "【": "】"}
LINKS = "与和及、"
# A title that stands alone does not end in these; a sentence or a list item does.
NUMBERED_NOTE = regex.compile(r"(?:注|说明|备注)\s?[:：]\s?1\s?[.．、]|^附\s?[件表图]?\s?[:：]\s?1\s?[.．、]")
SENTENCE_ENDS = "。；，、,;!！"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that opens with a heading, its depth not yet known.

    `line` is the index of the line, `style` the id of its mark (`h2` for a heading level of the file itself,
    `plain` for none), `number` the value of the mark. `runs_on` is true where text follows in the same line.
    """

    line: int
    style: str
    kind: MarkKind
    form: str
    rank: int
    label: str
    number: int | None
    start: int
    title_start: int
    title_end: int
    body_start: int
    end: int
    runs_on: bool


def find_candidates(lines: list[Line], lexicon: Lexicon) -> list[Candidate]:
    """Give the headings of a plan's lines in order. Table blocks hold none."""
    found = []
    styles = {style for line in lines if (style := _style_of(line, lexicon))}
    notes = _note_lines(lines, lexicon)
    for index, line in enumerate(lines):
        candidate = None
        if line.block.kind == "paragraph" and index not in notes:
            candidate = _marked(lines, index, styles, lexicon) or _unmarked(lines, index, lexicon)
        if candidate:
            found.append(candidate)
    return _with_lost_labels(lines, found)


def _note_lines(lines: list[Line], lexicon: Lexicon) -> set[int]:
    """Give the lines that go on with a numbered note or list of annexes that began inside a line (注：1.…)."""
    found: set[int] = set()
    expected = 0
    for index, line in enumerate(lines):
        mark = match_mark(line.words, lexicon)
        number = lexicon.headings.value_of(mark[1]["number"]) if mark and mark[1]["number"] else None
        if expected and mark and mark[0].id == "digit" and number == expected:
            found.add(index)
            expected += 1
        else:
            expected = 2 if NUMBERED_NOTE.search(line.words) else 0
    return found


def _style_of(line: Line, lexicon: Lexicon) -> str | None:
    match = match_mark(line.words, lexicon)
    return match[0].id if match else None


def match_mark(words: str, lexicon: Lexicon) -> tuple[MarkStyle, regex.Match[str]] | None:
    """Find the heading mark that a line opens with."""
    for style in lexicon.headings.marks:
        match = style.pattern.match(words)
        if match:
            return style, match
    return None


def _marked(lines: list[Line], index: int, styles: set[str], lexicon: Lexicon) -> Candidate | None:
    line = lines[index]
    found = match_mark(line.words, lexicon)
    if found is None:
        return None
    style, match = found
    if style.needs and style.needs not in styles:
        return None
    number = lexicon.headings.value_of(match["number"]) if match["number"] else None
    if style.kind == "annex":
        return _annex(lines, index, style, match, number)
    title_end, body = title_span(line, match.end(), lexicon, box=style.kind == "box", short=style.rank < 10)
    if title_end == match.end():
        return None
    return Candidate(
        index, style.id, style.kind, style.form, style.rank, regex.sub(r"\s", "", match["label"]), number, line.start,
        line.start + match.end(), line.start + title_end, line.start + body, line.end, body < len(line.words),
    )  # fmt: skip


def _annex(
    lines: list[Line], index: int, style: MarkStyle, match: regex.Match[str], number: int | None
) -> Candidate | None:
    """Read an annex's head: its title follows in the same line or is the next one (or the next two)."""
    line = lines[index]
    title = line.words[match.end() :]
    first = last = line
    title_start = line.start + match.end()
    if not title:
        following = _title_lines(lines, index + 1)
        if not following:
            return None
        first, last = following[0], following[-1]
        title_start = first.start
    elif len(title) > LONGEST_TITLE or title[-1] in SENTENCE_ENDS:
        return None
    return Candidate(
        index, style.id, style.kind, style.form, style.rank, regex.sub(r"[\s:：]", "", match["label"]), number,
        line.start, title_start, last.end, last.end, last.end, False,
    )  # fmt: skip


def _title_lines(lines: list[Line], index: int) -> list[Line]:
    """Give the one or two lines that make a title: short, without a stop, the first not closed by a genre."""
    taken: list[Line] = []
    for line in lines[index : index + 2]:
        if line.block.kind != "paragraph" or len(line.words) > LONGEST_TITLE or line.words[-1] in SENTENCE_ENDS + "：:":
            break
        if taken and not _continues(taken[-1].words, line.words):
            break
        taken.append(line)
    return taken


def _continues(first: str, second: str) -> bool:
    """Tell whether a title that ends in `first` plainly goes on in the next line."""
    return bool(regex.search(r"(?:[的和与及关于、]|印发|行动|推进)$", first)) or bool(
        regex.match(r"^[（(〔]\s?(?:19|20)\d{2}", second)
    )


def title_span(
    line: Line, start: int, lexicon: Lexicon, *, box: bool = False, short: bool = False
) -> tuple[int, int]:
    """Give the end of the heading's words and the start of the text after them, as offsets into the line.

    The words go up to the first full stop or colon that stands outside brackets and quotation marks. Where a
    text lost its line breaks there may be no stop: a title that custom has fixed (指导思想) ends by itself.
    """
    words = line.words
    fixed = _fixed_title_end(words, start, lexicon)
    if fixed is not None and (not line.opens or words[fixed : fixed + 1].isspace()):
        return fixed, _skip(words, fixed)
    stop = _first_stop(words, start)
    end = len(words) if stop is None else stop
    if box:
        end = _before_column_heads(words, start, end)
    if not line.opens and short and end - start > LONGEST_TITLE:
        comma = regex.compile("[，,]").search(words, start, end)
        end = comma.start() if comma else end
    title_end = end
    while title_end > start and (words[title_end - 1].isspace() or words[title_end - 1] in "。；：:，,;、"):
        title_end -= 1
    return title_end, _skip(words, end)


def _skip(words: str, place: int) -> int:
    while place < len(words) and (words[place].isspace() or words[place] in "。：:；"):
        place += 1
    return place


def _first_stop(words: str, start: int) -> int | None:
    """Find the first full stop, or colon, outside brackets and quotation marks."""
    closers: list[str] = []
    for place in range(start, len(words)):
        character = words[place]
        if character in PAIRS:
            # an opening mark whose partner was lost in scanning opens nothing
            if PAIRS[character] in words[place : place + 80]:
                closers.append(PAIRS[character])
        elif closers and character == closers[-1]:
            closers.pop()
        elif not closers and (character == "。" or (character in "：:" and not _is_ratio(words, place))):
            return place
    return None


def _is_ratio(words: str, place: int) -> bool:
    return words[place - 1 : place].isdigit() and words[place + 1 : place + 2].isdigit()


def _fixed_title_end(words: str, start: int, lexicon: Lexicon) -> int | None:
    """Find the end of a title that custom has fixed (or two joined by 与 or 和) at `start`."""
    place, best = start, None
    while True:
        size = _known_title(words, place, lexicon)
        if not size:
            return best
        best = place + size
        if words[best : best + 1] not in LINKS or best >= len(words):
            return best
        place = best + 1
        if not _known_title(words, place, lexicon):
            return None


def _known_title(words: str, place: int, lexicon: Lexicon) -> int:
    """Give the length of the longest fixed title at a place, 0 if none stands there."""
    longest = min(12, len(words) - place)
    return next((size for size in range(longest, 1, -1) if words[place : place + size] in lexicon.headings.titles), 0)


def _before_column_heads(words: str, start: int, end: int) -> int:
    """Cut a box's title where, for want of line breaks, the heads of its table follow."""
    heads = regex.compile(r"序\s*号|(?<=指标)\s*指\s*标|指\s+标|指\s*标(?=\s*(?:单\s*位|(?:19|20)\d{2}年))|项\s*目\s*名\s*称|\s{3,}|　　")
    match = heads.search(words, start + 2, end)
    return match.start() if match else end


def _unmarked(lines: list[Line], index: int, lexicon: Lexicon) -> Candidate | None:
    """Take a line without mark as a heading where the file, or custom, says it is one."""
    line = lines[index]
    words = line.words
    level = line.block.level
    if level:
        return _plain(index, line, f"h{level}", level)
    bare = regex.sub(r"\s", "", words)
    if bare in lexicon.headings.standing_titles and not _among_column_heads(lines, index, lexicon):
        return _plain(index, line, PLAIN, 0)
    short = len(bare) <= 40 and bare[-1] not in SENTENCE_ENDS + "：:）)"
    if short and line.block.bold and line.opens and _text_follows(lines, index):
        return _plain(index, line, PLAIN, 0)
    if short and _table_follows(lines, index) and lexicon.headings.genre(bare) == "annex":
        return _plain(index, line, PLAIN, 0)
    return None


def _among_column_heads(lines: list[Line], index: int, lexicon: Lexicon) -> bool:
    """Tell whether a line stands beside a column head, so that it is one itself (序号, 主要指标, 单位)."""
    beside = [line.words for line in lines[max(index - 1, 0) : index + 2] if line is not lines[index]]
    heads = lexicon.headings.heads
    return any(words in heads and words not in lexicon.headings.standing_titles for words in beside)


def _text_follows(lines: list[Line], index: int) -> bool:
    return index + 1 < len(lines) and lines[index + 1].block.kind == "paragraph" and not lines[index + 1].block.bold


def _table_follows(lines: list[Line], index: int) -> bool:
    return index + 1 < len(lines) and lines[index + 1].block.kind == "table"


def _plain(index: int, line: Line, style: str, rank: int) -> Candidate:
    end = line.end
    while end > line.start + 1 and line.words[end - line.start - 1] in "。；：:，,;、":
        end -= 1
    return Candidate(
        index, style, "heading", style, rank, "", None, line.start, line.start, end, line.end, line.end, False
    )


def _with_lost_labels(lines: list[Line], found: list[Candidate]) -> list[Candidate]:
    """Add the headings whose mark was lost: 9. and 11. stand there, and one paragraph between them is no heading.

    The lost one is a paragraph like its neighbours: opening with a short sentence where they run on, or a
    short line by itself where they stand alone. Its label is empty; it takes the number that is missing.
    """
    taken = {candidate.line for candidate in found}
    added = []
    for style in {candidate.style for candidate in found}:
        row = [candidate for candidate in found if candidate.style == style]
        for before, after in zip(row, row[1:], strict=False):
            if before.number is None or after.number != before.number + 2:
                continue
            between = [n for n in range(before.line + 1, after.line) if n not in taken]
            lost = _lost_line(lines, between, before, after)
            if lost is not None:
                added.append(_restored(lines, lost, before))
    return sorted([*found, *added], key=lambda candidate: candidate.start)


def _lost_line(lines: list[Line], between: list[int], before: Candidate, after: Candidate) -> int | None:
    if before.runs_on and after.runs_on:
        fits = [n for n in between if 0 < (_first_stop(lines[n].words, 0) or 0) <= 40]
        return fits[0] if len(between) == 1 and fits else None
    if not before.runs_on and not after.runs_on:
        fits = [n for n in between if len(lines[n].words) <= 40 and lines[n].words[-1] not in SENTENCE_ENDS + "：:"]
        return fits[0] if len(fits) == 1 else None
    return None


def _restored(lines: list[Line], index: int, before: Candidate) -> Candidate:
    line = lines[index]
    stop = _first_stop(line.words, 0)
    end = len(line.words) if stop is None else stop
    return replace(
        before, line=index, label="", number=(before.number or 0) + 1, start=line.start, title_start=line.start,
        title_end=line.start + end, body_start=line.start + _skip(line.words, end), end=line.end,
    )  # fmt: skip
