"""Divide a document: its front matter, the plans it prints, its closing."""

from __future__ import annotations

from pipeline.lexicon import Lexicon
from pipeline.quick.classes import dataclass
from pipeline.segment.copied import mark_copy_head
from pipeline.segment.flat import front_cuts
from pipeline.segment.lines import Line, cut
from pipeline.segment.plans import (
    TITLE_LINES,
    PlanStart,
    find_names,
    levelled_plans,
    named_plans,
    top_title,
    unnamed_plans,
)  # fmt: skip
from pipeline.segment.titles import one_line, without_years

# Lines of the form around a title, and those that close a notice's form.
FORM = ("red_head", "doc_number", "date", "date_in_brackets", "number_and_date", "public_note")
FOOT_FORM = ("notice_text", "date", "date_in_brackets", "public_note", "annex_list", "addressee")
LONGEST_NOTICE_TITLE = 180
# 抄送, 印发 and the like stand on the last lines of a document.
CLOSING_LINES = 15
# A body that signs gives its full name; a cell of a table may hold a short one (市财政局).
SHORTEST_SIGNER = 6
# A contents page follows a plan's title within so many lines.
CONTENTS_LINES = 12


@dataclass(frozen=True, slots=True)
class PlanLines:
    """The lines [first, last) of one plan; [title_first, title_last) print its title, before or after `first`.

    `printed` is the title as printed, `title` the same without its years.
    """

    title: str
    printed: str
    first: int
    last: int
    title_first: int
    title_last: int


@dataclass(frozen=True, slots=True)
class Layout:
    """How the lines of a document divide: front [0, front_end), the plans, closing [closing_start, …).

    `title` is that of the notice, opinion or decision around the plans; empty where there is none.
    """

    lines: list[Line]
    title: str
    front_end: int
    plans: tuple[PlanLines, ...]
    closing_start: int


def find_layout(lines: list[Line], lexicon: Lexicon) -> Layout:
    """Divide the lines of a document into front matter, plans and closing. There is always one plan at least."""
    lines = mark_copy_head(lines, lexicon)
    levelled = levelled_plans(lines, lexicon)
    if levelled:
        closing = _closing_start(lines, levelled[0].title_last, lexicon)
        return Layout(lines, "", levelled[0].first, _to_plans(levelled, closing, lexicon), closing)
    names = find_names(lines[: first_heading(lines) + 1], lexicon)
    lines = _with_head_cut(lines, names, lexicon)
    heading = first_heading(lines)
    title, title_last = _notice_title(lines[:heading], lexicon)
    starts = named_plans(lines, names, title_last, lexicon)
    if starts:
        starts[0] = _printed_last(lines[:heading], starts[0], lexicon)
    else:
        starts = [_single_plan(lines, heading, title, title_last, names, lexicon)]
    closing = _closing_start(lines, max(starts[0].first + 1, starts[0].title_last), lexicon)
    starts = unnamed_plans(lines, starts, closing, lexicon)
    starts = [_past_edges(lines, starts, closing), *starts[1:]]
    return Layout(lines, title, starts[0].first, _to_plans(starts, closing, lexicon), closing)


def first_heading(lines: list[Line]) -> int:
    """Give the index of the first line that opens with a heading numbered 1; the number of lines if none does.

    An extract may have lost the first of every list: there it is the first heading that the next number follows.
    """
    numbered: list[tuple[int, str, int]] = []
    for index, line in enumerate(lines):
        mark = line.mark
        if mark and mark.style.kind == "heading" and mark.number and mark.end < len(line.words):
            if mark.number == 1:
                return index
            numbered.append((index, mark.style.id, mark.number))
    known = {(style, number) for _, style, number in numbered}
    return next((index for index, style, number in numbered if (style, number + 1) in known), len(lines))


def _to_plans(starts: list[PlanStart], closing: int, lexicon: Lexicon) -> tuple[PlanLines, ...]:
    ends = [start.first for start in starts[1:]] + [closing]
    return tuple(
        PlanLines(
            title=without_years(start.title, lexicon),
            printed=start.title,
            first=start.first,
            last=max(start.first, end),
            title_first=start.title_first,
            title_last=start.title_last,
        )
        for start, end in zip(starts, ends, strict=True)
    )


def _with_head_cut(lines: list[Line], names: list[str], lexicon: Lexicon) -> list[Line]:
    """Cut lines of the head in which a title, an address or a signature ran into the next line."""
    heading = first_heading(lines)
    pieces: list[Line] = []
    for line in lines[:heading]:
        pieces.extend(cut(line, front_cuts(line.words, names, lexicon), lexicon) if line.is_text else [line])
    return [*pieces, *lines[heading:]]


def _notice_title(head: list[Line], lexicon: Lexicon) -> tuple[str, int]:
    """Find the title of a notice, opinion or decision: from the line with 关于 or 印发 to that with 通知.

    It is printed over up to five lines; lines above that name nothing but bodies belong to it. A page may give it
    above as well; the last one before the address counts. Gives the title and the index of the line after it;
    ("", 0) if there is none.
    """
    front = lexicon.headings.front
    found, begun = ("", 0), 0
    for first, line in enumerate(head):
        if line.is_text and (front["addressee"].match(line.words) or line.words[-1] == "。"):
            break
        last = _notice_title_end(head, first, lexicon) if front["title_verb"].search(line.words) else None
        if last is None:
            continue
        before = "".join(piece.words for piece in head[begun:first])
        if first >= found[1] or front["title_over"].search(before):
            words = "".join(piece.words for piece in head[first:last])
            words = front["number_in_title"].sub("", words)
            found, begun = (one_line(_with_bodies_above(head[:first], words, lexicon)), last), first
    return found


def _notice_title_end(head: list[Line], first: int, lexicon: Lexicon) -> int | None:
    """Give the index of the line after a title that begins at `first`."""
    front = lexicon.headings.front
    joined = ""
    for last in range(first, min(first + TITLE_LINES, len(head))):
        words = head[last].words
        if not head[last].is_text or words[-1] in "。：:；" or is_form(words, lexicon):
            return None
        joined += words
        closed = front["title_end"].search(front["number_in_title"].sub("", joined))
        if len(joined) <= LONGEST_NOTICE_TITLE and closed:
            return last + 1
    return None


def _with_bodies_above(lines: list[Line], title: str, lexicon: Lexicon) -> str:
    """Put the bodies on the lines right above a title before it, each with a blank behind it."""
    body = lexicon.headings.front["body"]
    for line in reversed(lines):
        if not line.is_text or line.words in title or not all(body.match(name) for name in line.words.split()):
            break
        title = line.words + ("" if title.startswith(("关于", "印发")) else " ") + title
    return title


def is_form(words: str, lexicon: Lexicon) -> bool:
    """Tell whether a line is a part of the form around a title: red head, number, date, note."""
    return lexicon.headings.any_front(FORM, words)


def _single_plan(
    lines: list[Line], heading: int, notice_title: str, title_last: int, names: list[str], lexicon: Lexicon
) -> PlanStart:
    """Find the one plan of a document whose notice, if there is one, does not tell where it begins.

    It begins behind the last line of the notice's form; there its own title may stand. An opinion or decision
    has no other title than its own.
    """
    after = _after_form(lines, heading, title_last, lexicon)
    start = top_title(lines, after, heading, lexicon)
    if start is None and not notice_title:
        start = top_title(lines, 0, heading, lexicon)
    if start is not None:
        return _printed_last(lines[:heading], start, lexicon)
    title = names[0] if len(names) == 1 else notice_title
    if after == len(lines):
        # nothing but the notice is printed: its text is all there is of the plan
        after = _after_address(lines, title_last, lexicon)
    return PlanStart(after, after, after, title)


def _printed_last(head: list[Line], start: PlanStart, lexicon: Lexicon) -> PlanStart:
    """Give the last place before the first heading where a plan's title is printed.

    A copy gives the title above its entries, and a notice in its list of annexes; the paper prints it again below.
    """
    while again := named_plans(head, [start.title], start.title_last, lexicon):
        start = again[0]
    return start


def _after_address(lines: list[Line], start: int, lexicon: Lexicon) -> int:
    addressee = lexicon.headings.front["addressee"]
    return next((index + 1 for index in range(start, len(lines)) if addressee.match(lines[index].words)), start)


def _after_form(lines: list[Line], heading: int, start: int, lexicon: Lexicon) -> int:
    """Give the index of the line after the last part of the form before the first heading."""
    front = lexicon.headings.front
    after = start
    for index in range(start, heading):
        line = lines[index]
        head_part = any(front[name].match(line.words) for name in ("doc_number", "red_head"))
        foot_part = any(front[name].search(line.words) for name in FOOT_FORM)
        if ((not line.is_text or head_part) and index == after) or (line.is_text and foot_part):
            after = index + 1
    return after


def _past_edges(lines: list[Line], starts: list[PlanStart], closing: int) -> PlanStart:
    """Let the first plan begin after a page's entries, or the contents, that stand between its title and its text."""
    first = starts[0]
    stop = starts[1].first if len(starts) > 1 else closing
    index = max(first.first, first.title_last)
    while index < stop and lines[index].block.kind in ("metadata", "frame"):
        index += 1
        first = first._replace(first=index)
    index, reach = first.title_last, first.title_last + CONTENTS_LINES
    while index < min(stop, reach):
        if lines[index].block.kind == "contents":
            first = first._replace(first=index + 1)
            reach = index + CONTENTS_LINES
        index += 1
    return first


def _closing_start(lines: list[Line], first: int, lexicon: Lexicon) -> int:
    """Give the index from which on only page frames, 抄送, 印发, a signature and notes follow."""
    front = lexicon.headings.front
    last = len(lines)
    for index in range(max(first, last - CLOSING_LINES), last):
        if front["copied"].match(lines[index].words):
            last = index
            break
    while last > first:
        line = lines[last - 1]
        edge = not line.is_text and line.block.kind != "table"
        form = any(front[name].match(line.words) for name in ("copied", "printed", "date", "public_note"))
        signer = last < len(lines) and front["body"].match(line.words) and _closes(lines[last], lexicon)
        if not (edge or form or signer or _signs_alone(lines[:last], lexicon)):
            break
        last -= 1
    return last


def _signs_alone(lines: list[Line], lexicon: Lexicon) -> bool:
    """Tell whether the last line is a signature without date: one full name below the last sentence."""
    if len(lines) < 2 or not lines[-1].is_text or not lines[-2].is_text:
        return False
    name, above = lines[-1].words, lines[-2].words
    full = len(name) >= SHORTEST_SIGNER and "、" not in name and lexicon.headings.front["body"].match(name)
    return bool(full) and above[-1] in "。）)"


def _closes(line: Line, lexicon: Lexicon) -> bool:
    front = lexicon.headings.front
    return any(front[name].match(line.words) for name in ("printed", "date", "body", "copied"))
