"""Find the lines that open with a heading: its mark, its number, its words."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from pipeline.lexicon import Lexicon
from pipeline.lexicon.headings import Headings, MarkKind
from pipeline.quick.classes import dataclass, replace
from pipeline.quick.derived import derived
from pipeline.quick.pattern import pattern
from pipeline.quick.plain import plain
from pipeline.segment.lines import Line
from pipeline.segment.marks import Mark, squeeze

# Where a heading stands alone on its line, its words are no longer than this.
LONGEST_TITLE = 60
# A heading without mark, and the first sentence of one whose mark was lost.
LONGEST_PLAIN = 40
PLAIN = "plain"
# The title of a table whose cells run as plain lines; a shorter line may be a cell itself.
SHORTEST_TABLE_TITLE = 8
# Ranks of headings without mark: the opening and closing words of a plan, its tasks and safeguards, all others.
OPENING_RANK, TOP_RANK, OTHER_RANK = 0, 1, 2
RANK_OF_ROLE = {"frame": OPENING_RANK, "work": TOP_RANK}
# A title that stands alone does not end in these; a sentence or a list item does.
SENTENCE_ENDS = "。；，、,;!！：:"
PAIRS = {"（": "）", "(": ")", "《": "》", "“": "”", "〔": "〕", "「": "」", "『": "』", "[": "]", "【": "】"}
STOP_OR_BRACKET = plain("[。：:" + re.escape("".join((*PAIRS, *PAIRS.values()))) + "]")
# An opening bracket whose partner does not follow within so many characters was lost in scanning.
LONGEST_PAIR = 80
FEWEST_GROUPS = 2
# Pages set little pictures before their headings.
SIGN = pattern(r"(?:[\p{So}\uFE0F\u200D]\s*)+")
NOTE_OPENS = plain(r"[（(\[【]")
COMMA = plain("[，,]")
INNER_STOP = plain("[：:。；]")
CELL_END = pattern(r"[\s|｜]+")
# No title that custom has fixed is longer.
LONGEST_FIXED = 12
# Words that join two fixed titles to one (总体思路和目标).
LINKS = "与和及、"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that opens with a heading, its depth not yet known.

    `line` is the index of the line, `style` the id of its mark (`h2` for a heading level of the file itself,
    `plain` for none), `number` the value of the mark. `rank` is the style's place in custom, the level of a file's
    own heading, one of the ranks above for a heading without mark. `runs_on` is true where text follows in
    the same line.
    """

    line: int
    style: str
    kind: MarkKind
    form: str
    rank: float
    label: str
    number: int | None
    start: int
    title_start: int
    title_end: int
    body_start: int
    runs_on: bool

    @property
    def levelled(self) -> bool:
        """True for a heading whose level the file itself states."""
        return self.form == "level"


def find_candidates(lines: list[Line], in_tables: set[int], lexicon: Lexicon) -> list[Candidate]:
    """Give the headings of a plan's lines in order. Tables (`in_tables` their lines) and numbered notes hold none."""
    styles = {line.mark.style.id for line in lines if line.mark}
    notes = note_lines(lines, lexicon)
    groups = _group_lines(lines, lexicon)
    found: list[Candidate] = []
    # The number of the last heading marked 1., which a mark glued to a figure goes on from.
    digit: int | None = None
    below_table_title = False
    for index, line in enumerate(lines):
        below_table_title = below_table_title and _may_be_cell(line, lexicon)
        if not line.is_text or index in in_tables or index in notes or (below_table_title and line.mark):
            continue
        if found and line.start < found[-1].title_end:
            # an annex's title on the line below its label
            continue
        line = _with_glued_mark(line, digit, lexicon)
        candidate = _marked(lines, index, line, styles, lexicon) if line.mark is not None else None
        candidate = candidate or _unmarked(lines, index, groups, lexicon)
        if candidate:
            found.append(candidate)
            digit = candidate.number if candidate.style == "digit" else digit
            below_table_title = candidate.style == "table"
    return _with_lost_labels(lines, found, in_tables)


def _with_glued_mark(line: Line, last: int | None, lexicon: Lexicon) -> Line:
    """Give a line the mark that looks like a decimal with the figure behind it, where its list goes on (3.5G基站).

    `last` is the number of the last heading with such a mark.
    """
    glued = lexicon.headings.front_match("glued_mark", line.words) if last is not None else None
    if glued is None or last != int(glued["number"]) - 1:
        return line
    style = next(style for style in lexicon.headings.marks if style.id == "digit")
    return replace(line, mark=Mark(style, glued["label"], int(glued["number"]), glued.end("label")))


def _may_be_cell(line: Line, lexicon: Lexicon) -> bool:
    """Tell whether a line below a table's title may be one of its cells: short, no note, no mark but a list's."""
    listed = line.mark is None or line.mark.style.id in ("digit", "circled")
    return listed and len(line.words) <= LONGEST_TITLE and not lexicon.headings.front["table_note"].match(line.words)


def note_lines(lines: list[Line], lexicon: Lexicon) -> set[int]:
    """Give the lines that go on with a numbered note or list of annexes that began inside a line (注：1.…)."""
    opens = lexicon.headings.front["numbered_note"]
    found: set[int] = set()
    expected = 0
    for index, line in enumerate(lines):
        if expected and line.mark and line.mark.style.id == "digit" and line.mark.number == expected:
            found.add(index)
            expected += 1
        else:
            expected = 2 if opens.search(line.words) else 0
    return found


def _marked(lines: list[Line], index: int, line: Line, styles: set[str], lexicon: Lexicon) -> Candidate | None:
    mark = line.mark
    if mark is None or (mark.style.needs and mark.style.needs not in styles):
        return None
    if mark.style.kind == "annex":
        return _annex(lines, index)
    style = mark.style
    title_end, body = title_span(line, mark.end, lexicon, box=style.kind == "box", short=style.rank < 10)
    if title_end == mark.end:
        return None
    return Candidate(
        index, style.id, style.kind, style.form, style.rank, mark.label, mark.number, line.start,
        line.start + mark.end, line.start + title_end, line.start + body, body < len(line.words),
    )  # fmt: skip


def _annex(lines: list[Line], index: int) -> Candidate | None:
    """Read an annex's head: its title follows in the same line, or is the next one or two; some have none."""
    line = lines[index]
    mark = line.mark
    assert mark is not None
    title_start, title_end = line.start + mark.end, line.end
    title = line.words[mark.end :]
    if not title:
        following = _title_lines(lines, index + 1)
        if following:
            title_start, title_end = following[0].start, following[-1].end
    elif len(title) > LONGEST_TITLE or title[-1] in SENTENCE_ENDS:
        return None
    style = mark.style
    return Candidate(
        index, style.id, style.kind, style.form, style.rank, mark.label, mark.number, line.start, title_start,
        title_end, title_end, False,
    )  # fmt: skip


def _title_lines(lines: list[Line], index: int) -> list[Line]:
    """Give the one or two lines that make a title: short, without mark and stop."""
    taken: list[Line] = []
    for line in lines[index : index + 2]:
        unfit = not line.is_text or line.mark or len(line.words) > LONGEST_TITLE or line.words[-1] in SENTENCE_ENDS
        if unfit or (taken and not _goes_on(taken[-1].words, line.words)):
            break
        taken.append(line)
    return taken


def _goes_on(first: str, second: str) -> bool:
    """Tell whether a title that breaks off after `first` plainly goes on in the next line."""
    return first[-1] in "的和与及、" or second[0] in "（(和与及"


def title_span(line: Line, start: int, lexicon: Lexicon, *, box: bool = False, short: bool = False) -> tuple[int, int]:
    """Give the end of the heading's words and the start of the text after them, as offsets into the line.

    The words go up to the first full stop or colon that stands outside brackets and quotation marks. Where a
    text lost its line breaks there may be no stop: a title that custom has fixed (指导思想) ends by itself, and one
    whose mark custom gives to short titles (`short`) ends at its first comma when it grows too long. The title of
    a `box` ends where the column heads of its table begin. A note in brackets on who does it (市科技局牵头) is no
    part of it.
    """
    words = line.words
    fixed = _fixed_title_end(words, start, lexicon)
    if fixed is not None and (not line.opens or words[fixed : fixed + 1].isspace()):
        return fixed, _skip(words, fixed)
    stop = _first_stop(words, start)
    end = len(words) if stop is None or (short and _has_subtitle(line, start, stop, lexicon)) else stop
    if box:
        heads = lexicon.headings.front["heads_in_title"].search(words, start + 2, end)
        end = heads.start() if heads else end
    if NOTE_OPENS.search(words, start + 2, end):
        note = lexicon.headings.front["note_in_title"].search(words, start + 2, end)
        end = note.start() if note else end
    if short and not line.opens and end - start > LONGEST_TITLE:
        comma = COMMA.search(words, start, end)
        end = comma.start() if comma else end
    title_end = end
    while title_end > start and (words[title_end - 1].isspace() or words[title_end - 1] in SENTENCE_ENDS):
        title_end -= 1
    return title_end, _skip(words, end)


def _has_subtitle(line: Line, start: int, stop: int, lexicon: Lexicon) -> bool:
    """Tell whether a title of two parts fills its line (未来生活篇：从净零生活开始): no sentence, list or entry."""
    words = line.words
    name, rest = squeeze(words[start:stop]), words[stop + 1 :].strip()
    whole = line.opens and len(words) <= LONGEST_PLAIN and words[stop] in "：:"
    entry = name in lexicon.headings.fields or lexicon.roles.of_label(name) is not None
    return whole and not entry and lexicon.headings.front["subtitle"].fullmatch(rest) is not None


def _skip(words: str, place: int) -> int:
    while place < len(words) and (words[place].isspace() or words[place] in "。：:；"):
        place += 1
    return place


def _first_stop(words: str, start: int) -> int | None:
    """Find the first full stop, or colon, outside brackets and quotation marks."""
    closers: list[str] = []
    for sign in STOP_OR_BRACKET.finditer(words, start):
        place, character = sign.start(), sign.group()
        if character in PAIRS:
            if PAIRS[character] in words[place : place + LONGEST_PAIR]:
                closers.append(PAIRS[character])
        elif closers and character == closers[-1]:
            closers.pop()
        elif not closers and (character == "。" or (character in "：:" and not _goes_past(words, start, place))):
            return place
    return None


def _goes_past(words: str, start: int, colon: int) -> bool:
    """Tell whether a colon does not end a heading: that of a ratio, and that of examples in its sentence (如：…)."""
    ratio = words[colon - 1 : colon].isdigit() and words[colon + 1 : colon + 2].isdigit()
    return ratio or words.endswith(("，如", ",如", "例如", "譬如", "诸如"), start, colon)


def _fixed_title_end(words: str, start: int, lexicon: Lexicon) -> int | None:
    """Find the end of a title that custom has fixed (or of several joined by 与 or 和) at `start`."""
    place = start
    while size := _known_title(words, place, lexicon):
        place += size
        if place >= len(words) or words[place] not in LINKS:
            return place
        place += 1
    return None


def _known_title(words: str, place: int, lexicon: Lexicon) -> int:
    """Give the length of the longest fixed title at a place, 0 if none stands there."""
    headings = lexicon.headings
    sizes = _title_sizes(headings).get(words[place : place + 2], ())
    for size in sizes:
        if place + size <= len(words) and words[place : place + size] in headings.titles:
            return size
    return 0


@derived
def _title_sizes(headings: Headings) -> dict[str, list[int]]:
    """Give how long the fixed titles are, the longest first, by their first two characters."""
    sizes: dict[str, set[int]] = {}
    for title in headings.titles:
        if 1 < len(title) <= LONGEST_FIXED:
            sizes.setdefault(title[:2], set()).add(len(title))
    return {start: sorted(found, reverse=True) for start, found in sizes.items()}


def _group_lines(lines: list[Line], lexicon: Lexicon) -> dict[int, float]:
    """Give the short lines without level that stand above headings of one level, each with a level just over theirs.

    Pages set the names of groups of tasks as mere lines: no stop, no mark, right above a heading, and not right
    below one of the same level, whose whole text they would be. They come several times; a slogan comes once.
    """
    name = lexicon.headings.front["group_line"]
    found: dict[int, float] = {}
    if not any(line.block.level for line in lines):
        return found
    for index in range(1, len(lines) - 1):
        line, above, below = lines[index], lines[index - 1].block.level, lines[index + 1].block.level
        plain = line.is_text and line.opens and not line.block.level and line.mark is None
        if plain and below and (not above or above < below) and name.match(squeeze(line.words)):
            found[index] = below - 0.5
    counts = Counter(found.values())
    return {index: level for index, level in found.items() if counts[level] >= FEWEST_GROUPS}


def _unmarked(lines: list[Line], index: int, groups: dict[int, float], lexicon: Lexicon) -> Candidate | None:
    """Take a line without mark as a heading where the file, or custom, says it is one.

    The file says so by a heading level, or by bold type in a short line that text follows; custom by fixed titles
    (总体要求), and by the title of a table that stands right above it. `groups` are lines as `_group_lines` gives.
    """
    line = lines[index]
    if line.block.level:
        return _plain(index, line, f"h{line.block.level}", "level", line.block.level)
    if index in groups:
        return _plain(index, line, f"h{groups[index]}", "level", groups[index])
    words = squeeze(line.words)
    if words in lexicon.headings.standing_titles and not _beside_column_head(lines, index, lexicon):
        rank = RANK_OF_ROLE.get(lexicon.headings.titles[words], OTHER_RANK)
        return _plain(index, line, PLAIN, PLAIN, rank)
    if len(words) > LONGEST_PLAIN or not line.opens or words[-1] in SENTENCE_ENDS or index + 1 == len(lines):
        return None
    following = lines[index + 1]
    if lexicon.headings.genre(words) == "annex" and (
        _begins_table(following, lexicon) or (len(words) >= SHORTEST_TABLE_TITLE and _cells_follow(lines, index))
    ):
        return replace(_plain(index, line, "table", "table", OTHER_RANK), kind="box")
    bold = line.block.bold and following.is_text and not following.block.bold and not INNER_STOP.search(words)
    return _plain(index, line, PLAIN, PLAIN, OTHER_RANK) if bold else None


def _begins_table(line: Line, lexicon: Lexicon) -> bool:
    """Tell whether a line is a table or begins with a column head (序号, 指标)."""
    first = CELL_END.split(line.words.lstrip("|｜ "), 1)[0]
    return line.block.kind == "table" or first in lexicon.headings.heads


def _cells_follow(lines: list[Line], index: int) -> bool:
    """Tell whether a sentence ends above a line, and short pieces without any stop follow it, as cells do."""
    above = lines[index - 1].words if index else "。"
    below = [line.words for line in lines[index + 1 : index + 4]]
    return above[-1] in "。；" and len(below) == 3 and all(len(w) < 30 and w[-1] not in SENTENCE_ENDS for w in below)


def _beside_column_head(lines: list[Line], index: int, lexicon: Lexicon) -> bool:
    """Tell whether a line stands beside a column head, so that it is one itself (序号, 主要指标, 单位)."""
    beside = [lines[place].words for place in (index - 1, index + 1) if 0 <= place < len(lines)]
    heads = lexicon.headings.heads
    return any(words in heads and words not in lexicon.headings.standing_titles for words in beside)


def _plain(index: int, line: Line, style: str, form: str, rank: float) -> Candidate:
    words = line.words.rstrip(SENTENCE_ENDS) or line.words
    end = line.start + len(words)
    sign = SIGN.match(words)
    start = line.start + (sign.end() if sign and sign.end() < len(words) else 0)
    return Candidate(index, style, "heading", form, rank, "", None, line.start, start, end, line.end, False)


def _with_lost_labels(lines: list[Line], found: list[Candidate], in_tables: set[int]) -> list[Candidate]:
    """Add the headings whose mark was lost: 9. and 11. stand there, and one paragraph between them is no heading.

    The lost one is a paragraph like its neighbours: opening with a short sentence where they run on, or a
    short line by itself where they stand alone. Its label is empty; it takes the number that is missing.
    """
    taken = in_tables | {candidate.line for candidate in found}
    added = []
    for style in sorted({candidate.style for candidate in found}):
        row = [candidate for candidate in found if candidate.style == style and candidate.number is not None]
        for before, after in pairwise(row):
            if (after.number or 0) != (before.number or 0) + 2:
                continue
            between = [index for index in range(before.line + 1, after.line) if index not in taken]
            lost = _lost_line(lines, between, before, after)
            if lost is not None:
                added.append(_restored(lines, lost, before))
    return sorted([*found, *added], key=lambda candidate: candidate.start)


def _lost_line(lines: list[Line], between: list[int], before: Candidate, after: Candidate) -> int | None:
    if before.runs_on and after.runs_on and len(between) == 1:
        stop = _first_stop(lines[between[0]].words, 0) or 0
        return between[0] if 0 < stop <= LONGEST_PLAIN else None
    if not before.runs_on and not after.runs_on:
        fits = [n for n in between if len(lines[n].words) <= LONGEST_PLAIN and lines[n].words[-1] not in SENTENCE_ENDS]
        return fits[0] if len(fits) == 1 else None
    return None


def _restored(lines: list[Line], index: int, before: Candidate) -> Candidate:
    line = lines[index]
    stop = _first_stop(line.words, 0)
    end = len(line.words) if stop is None else stop
    return replace(
        before, line=index, label="", number=(before.number or 0) + 1, start=line.start, title_start=line.start,
        title_end=line.start + end, body_start=line.start + _skip(line.words, end),
    )  # fmt: skip
