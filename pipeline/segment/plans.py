"""Find the plans that a document prints: where each begins and what it is called."""

from __future__ import annotations

from itertools import pairwise

from pipeline.lexicon import Lexicon
from pipeline.quick.classes import NamedTuple
from pipeline.quick.pattern import pattern
from pipeline.segment.lines import Line
from pipeline.segment.marks import squeeze
from pipeline.segment.titles import bare, one_line

# A title is printed over so many lines at most, each no longer than this.
TITLE_LINES = 5
LONGEST_TITLE = 90
# The first lines in which a document's own title is looked for.
TOP_LINES = 12
ANNEX_LABEL = pattern(r"^附\s?[件表]?\s?[:：]")
ITEM_END = pattern(r"(?<!\d)\d{1,2}\s?[.．、](?!\d)|[；;]")
# Lines of the form that are no part of a title.
NO_TITLE = ("red_head", "doc_number", "date", "date_in_brackets", "number_and_date", "public_note", "adopted")


class PlanStart(NamedTuple):
    """Where a plan begins: its first line, the lines [title_first, title_last) of its title, the title."""

    first: int
    title_first: int
    title_last: int
    title: str


def levelled_plans(lines: list[Line], lexicon: Lexicon) -> list[PlanStart]:
    """Take the blocks below several headings of level 1 as plans if they repeat the same headings below them.

    Chapters of one report differ in what they hold; plans printed after one form do not.
    """
    tops = [index for index, line in enumerate(lines) if line.block.level == 1]
    if len(tops) < 2:
        return []
    bounds = [*tops, len(lines)]
    below = [
        {bare(line.words) for line in lines[first + 1 : last] if line.block.level > 1}
        for first, last in pairwise(bounds)
    ]
    shared = set.intersection(*below)
    if not shared or len(shared) * 2 < min(map(len, below)):
        return []
    code = lexicon.headings.front["form_code"]
    return [PlanStart(top, top, top + 1, code.sub("", lines[top].words)) for top in tops]


def find_names(head: list[Line], lexicon: Lexicon) -> list[str]:
    """Give the titles of the plans that a notice says it issues, in its order: from its text, title and annex list.

    What a page says around the document (“《…行动计划.docx》由会员分享”) names it as well.
    """
    front = lexicon.headings.front
    words = [line.words for line in head if line.is_text]
    names: list[str] = []
    for edge in head:
        names += [match["name"] for match in front["file_title"].finditer(edge.words)]
        if not edge.is_text:
            names += _quoted(edge.words, lexicon)
    for line in words:
        if front["notice_text"].search(line):
            issued = [match["name"][1:-1] for match in front["issued_name"].finditer(line, overlapped=True)]
            names += _quoted(line, lexicon) or issued
    match = front["issues"].search(one_line("".join(words[:8])))
    if match:
        names += _quoted(match["name"], lexicon) or [front["and_others"].sub("", match["name"])]
    names += [name for name in _listed_annexes(head, lexicon) if lexicon.headings.genre(name) == "plan"]
    return list({bare(name): name for name in reversed(names) if bare(name)}.values())[::-1]


def _listed_annexes(head: list[Line], lexicon: Lexicon) -> list[str]:
    """Give the titles that a list of annexes names (附件：1.… 2.…), in one line or a line each."""
    titles: list[str] = []
    expected = 0
    for line in head:
        if lexicon.headings.front["annex_list"].match(line.words):
            items = [item.strip() for item in ITEM_END.split(ANNEX_LABEL.sub("", line.words))]
            titles += [item for item in items if item]
            expected = 2
        elif expected and line.mark and line.mark.style.id == "digit" and line.mark.number == expected:
            titles.append(line.words[line.mark.end :])
            expected += 1
        else:
            expected = 0
    return titles


def _quoted(words: str, lexicon: Lexicon) -> list[str]:
    front = lexicon.headings.front
    found = [front["file_suffix"].sub("", match["name"]) for match in front["quoted_title"].finditer(words)]
    return [name for name in found if lexicon.headings.genre(name) in ("plan", "annex")]


def named_plans(lines: list[Line], names: list[str], after: int, lexicon: Lexicon) -> list[PlanStart]:
    """Find the lines that print the titles that the notice gave, the first place of each."""
    wanted = {bare(name) for name in names}
    starts: list[PlanStart] = []
    index = after
    while index < len(lines) and wanted:
        last = _title_end(lines, index, wanted, lexicon)
        if last is None:
            index += 1
            continue
        wanted.discard(bare(_joined(lines, index, last, lexicon)))
        end = _past_years(lines, last, lexicon)
        first = _with_annex_label(lines, index, lexicon)
        starts.append(PlanStart(first, index, end, _joined(lines, index, end, lexicon)))
        index = end
    return starts


def _title_end(lines: list[Line], index: int, wanted: set[str], lexicon: Lexicon) -> int | None:
    """Give the index of the line after a wanted title that is printed from `index` on."""
    for last in range(index, min(index + TITLE_LINES, len(lines))):
        line = lines[last]
        if not line.is_text or line.words[-1] in "。；：:" or len(line.words) > LONGEST_TITLE:
            return None
        key = bare(_joined(lines, index, last + 1, lexicon))
        if key in wanted:
            return last + 1
        if not any(name.startswith(key) for name in wanted):
            return None
    return None


def _joined(lines: list[Line], first: int, last: int, lexicon: Lexicon) -> str:
    """Give the title that lines print, without the label of an annex and a note on its adoption."""
    words = [line.words for line in lines[first:last] if not lexicon.headings.front_match("adopted", line.words)]
    mark = lines[first].mark
    if mark and mark.style.kind == "annex" and words:
        words[0] = words[0][mark.end :]
    return one_line("".join(words))


def _past_years(lines: list[Line], index: int, lexicon: Lexicon) -> int:
    """Step over a line of years or of adoption below a title."""
    front = lexicon.headings.front
    while index < len(lines) and any(
        front[name].match(lines[index].words) for name in ("period", "adopted", "closing_years", "draft_state")
    ):
        index += 1
    return index


def _with_annex_label(lines: list[Line], index: int, lexicon: Lexicon) -> int:
    """Step back over a line 附件1 above a plan's title."""
    if index and lexicon.headings.front["annex_label"].match(lines[index - 1].words):
        return index - 1
    return index


def top_title(lines: list[Line], start: int, stop: int, lexicon: Lexicon) -> PlanStart | None:
    """Find a plan's title in the next lines: it ends in a genre (计划, 方案 …), or is the one heading of its level."""
    top = _top_level(lines)
    found = (_title_at(lines, index, stop, top, lexicon) for index in range(start, min(stop, start + TOP_LINES)))
    return next(filter(None, found), None)


def _top_level(lines: list[Line]) -> tuple[int, bool]:
    """Give the highest level of headings that the source marks, 0 without any, and whether one line alone has it."""
    levels = [line.block.level for line in lines if line.block.level and line.is_text]
    highest = min(levels, default=0)
    return highest, levels.count(highest) == 1


def _title_at(lines: list[Line], index: int, stop: int, top: tuple[int, bool], lexicon: Lexicon) -> PlanStart | None:
    """Find a plan's title that opens with the line at `index` and ends before `stop`; `top` is the highest level."""
    front = lexicon.headings.front
    highest, single = top
    if lexicon.headings.front_match("annex_label", lines[index].words):
        return None
    for last in range(index, min(index + TITLE_LINES, stop)):
        line = lines[last]
        if line.block.level > highest or not line.is_text:
            return None
        if not _may_be_title(line.words):
            return None
        if last > index and line.mark is not None and line.mark.style.kind == "heading":
            # a paragraph and the heading below it (三、保障措施) are no title over two lines
            return None
        if squeeze(line.words) in lexicon.headings.titles or lexicon.headings.any_front(NO_TITLE, line.words):
            return None
        goes_on = last + 1 < stop and front["goes_on"].match(lines[last + 1].words)
        title = _joined(lines, index, last + 1, lexicon)
        closed = lexicon.headings.genre(title) == "plan" and len(bare(title)) > 4
        alone = line.block.level == highest > 0 and single
        if (closed or alone) and not goes_on:
            index = _past_other_title(lines, index, last)
            end = _past_years(lines, last + 1, lexicon)
            first = _with_annex_label(lines, index, lexicon)
            code = front["form_code"].match(lines[index].words) if line.block.level else None
            title = _joined(lines, index, end, lexicon)
            return PlanStart(first, index, end, title.removeprefix(squeeze(code[0])) if code else title)
    return None


def _may_be_title(words: str) -> bool:
    """Tell whether a line may be one of a title: neither long nor closed by a stop or colon."""
    return words[-1] not in "。：:；" and len(words) <= LONGEST_TITLE


def _past_other_title(lines: list[Line], first: int, last: int) -> int:
    """Step over lines above a title that begin as it does (云州市文件汇编 above 云州市…方案): they are not its own."""
    opening = lines[first].words[:3]
    return max((n for n in range(first, last + 1) if lines[n].words.startswith(opening)), default=first)


def unnamed_plans(lines: list[Line], starts: list[PlanStart], closing: int, lexicon: Lexicon) -> list[PlanStart]:
    """Add the plans that no notice names: a title after which the highest marks of the one before begin anew at 1."""
    found = list(starts)
    begins = {start.first for start in starts}
    top: str | None = None
    highest = 0
    level = _top_level(lines)
    # Below a title the highest marks begin anew: behind the last 1 of a style there is none.
    firsts = {line.mark.style.id: at for at, line in enumerate(lines[:closing]) if line.mark and line.mark.number == 1}
    for index in range(starts[0].title_last, closing):
        if index in begins:
            top, highest = None, 0
        mark = lines[index].mark
        if mark and mark.style.kind == "heading" and mark.number is not None:
            top = top or mark.style.id
            highest = mark.number if mark.style.id == top else highest
        elif (
            highest >= 2
            and firsts.get(top or "", -1) > index
            and _may_be_title(lines[index].words)
            and not _follows_annex(lines, index)
        ):
            # what stands above the title of a plan that is known already is no part of that title
            stop = min((begin for begin in begins if begin > index), default=closing)
            title = _title_at(lines, index, min(index + TITLE_LINES, stop, closing), level, lexicon)
            if title and title.title_first == index and _next_mark(lines[title.title_last : closing]) == (top, 1):
                found.append(title)
                top, highest = None, 0
    return sorted(found)


def _follows_annex(lines: list[Line], index: int) -> bool:
    """Tell whether a line is an annex's head, or stands below the label of one."""
    marks = (lines[index].mark, lines[index - 1].mark if index else None)
    return any(mark is not None and mark.style.kind == "annex" for mark in marks)


def _next_mark(lines: list[Line]) -> tuple[str, int] | None:
    for line in lines[:TOP_LINES]:
        if line.mark and line.mark.style.kind == "heading" and line.mark.number is not None:
            return line.mark.style.id, line.mark.number
    return None
