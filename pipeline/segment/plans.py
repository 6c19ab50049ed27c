"""Find the plans that a document prints: where each begins, what it is called, which years it covers."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from pipeline.lexicon import Lexicon
from pipeline.segment.headings import Candidate, match_mark
from pipeline.segment.lines import Line, cut, flat_front_cuts

EDGES = ("metadata", "frame", "contents")
# Lines that a title is printed over, at most.
TITLE_LINES = 5
LONGEST_TITLE = 90


@dataclass(frozen=True, slots=True)
class PlanLines:
    """The lines [first, last) of one plan, of which [title_first, title_last) print its title."""

    title: str
    first: int
    last: int
    title_first: int
    title_last: int


@dataclass(frozen=True, slots=True)
class Layout:
    """How the lines of a document divide: front [0, front_end), the plans, closing [closing_start, …)."""

    lines: list[Line]
    front_end: int
    plans: tuple[PlanLines, ...]
    closing_start: int
    notice_title: str


def bare(words: str) -> str:
    """Give words without white space, quotation marks, stops and a closing bracket of years, for comparing titles."""
    words = regex.sub(r"[\s“”\"'‘’《》「」]", "", words)
    words = regex.sub(r"[（(〔][^（）()]*(?:19|20)\d{2}[^（）()]*[）)〕]$", "", words)
    return regex.sub(r"[（）()，,。、：:]", "", words)


def without_years(title: str) -> str:
    """Give a title without a closing (2023—2025年) and without white space."""
    return regex.sub(r"[（(〔]\s?(?:19|20)\d{2}[^（）()]*[）)〕]$", "", one_line(title))


def one_line(words: str) -> str:
    """Give a title on one line: white space between two names becomes one space, other white space goes."""
    head, mark, tail = words.partition("关于")
    if not mark:
        return regex.sub(r"\s+", "", words)
    return regex.sub(r"\s+", " ", head.strip()) + mark + regex.sub(r"\s+", "", tail)


def find_layout(lines: list[Line], lexicon: Lexicon) -> Layout:
    """Divide the lines of a document into front matter, plans and closing."""
    named = _levelled_plans(lines)
    if named:
        closing = _closing_start(lines, named[0][0] + 1, lexicon)
        return Layout(lines, named[0][0], _to_plans(named, closing), closing, "")
    names = _names(lines, _first_heading(lines, lexicon), lexicon)
    lines = _with_front_cut(lines, names, lexicon)
    first_heading = _first_heading(lines, lexicon)
    notice_title, title_last = _notice_title(lines, first_heading, lexicon)
    starts = _named_plans(lines, names, title_last, lexicon)
    front_end = starts[0][0] if starts else 0
    if not starts:
        front_end, start = _single_plan(lines, first_heading, notice_title, title_last, lexicon)
        starts = [start]
    closing = _closing_start(lines, starts[0][0] + 1, lexicon)
    starts = _with_unnamed_plans(lines, starts, closing, lexicon)
    front_end = _past_contents(lines, starts, front_end, closing)
    return Layout(lines, front_end, _to_plans(starts, closing), closing, notice_title)


Start = tuple[int, int, int, str]
"""Where a plan begins: its first line, the lines [from, to) of its title, its title."""


def _to_plans(starts: list[Start], closing: int) -> tuple[PlanLines, ...]:
    ends = [start[0] for start in starts[1:]] + [closing]
    return tuple(
        PlanLines(without_years(title), first, max(first, end), title_first, title_last)
        for (first, title_first, title_last, title), end in zip(starts, ends, strict=True)
    )


def _levelled_plans(lines: list[Line]) -> list[Start]:
    """Take the blocks below several headings of level 1 as plans if they repeat the same headings below them.

    Chapters of one report differ in what they hold; plans printed after one form do not.
    """
    tops = [index for index, line in enumerate(lines) if line.block.level == 1]
    if len(tops) < 2:
        return []
    bounds = [*tops, len(lines)]
    below = [
        {bare(line.words) for line in lines[first + 1 : last] if line.block.level > 1}
        for first, last in zip(bounds, bounds[1:], strict=False)
    ]
    shared = set.intersection(*below)
    if not shared or len(shared) * 2 < min(len(names) for names in below):
        return []
    return [(top, top, top + 1, regex.sub(r"^\d+(?:[-－.]\d+)*[.、]?\s+", "", lines[top].words)) for top in tops]


def _first_heading(lines: list[Line], lexicon: Lexicon) -> int:
    """Give the index of the line of the first heading with number 1; the number of lines if there is none."""
    for index, line in enumerate(lines):
        if line.block.kind != "paragraph":
            continue
        found = match_mark(line.words, lexicon)
        if found is None or found[0].kind != "heading" or not found[1]["number"]:
            continue
        if lexicon.headings.value_of(found[1]["number"]) == 1 and found[1].end() < len(line.words):
            return index
    return len(lines)


def _names(lines: list[Line], first_heading: int, lexicon: Lexicon) -> list[str]:
    """Give the titles of the plans that a notice says it issues, in its order."""
    head = [line.words for line in lines[:first_heading] if line.block.kind == "paragraph"]
    names: list[str] = []
    for words in head:
        if lexicon.headings.front["notice_text"].search(words):
            names += _quoted(words, lexicon)
    text = one_line("".join(head[:8]))
    match = regex.search(r"关于(?:印发|转发|发布|下发|公布)(?P<name>.{4,100}?)的?通知", text) or regex.search(
        r"印发(?P<name>关于.{4,80}?)的?通知", text
    )
    if match:
        quoted = _quoted(match["name"], lexicon)
        names += quoted or [regex.sub(r"等.{0,12}(?:计划|方案|文件|规划|措施)$", "", match["name"])]
    for words in head:
        if lexicon.headings.front["annex_list"].match(words):
            items = regex.split(r"\d{1,2}\s?[.．、]|；|;", regex.sub(r"^附\s?(?:件|表)?\s?[:：]", "", words))
            names += [item.strip() for item in items if lexicon.headings.genre(item.strip()) == "plan"]
    unique: dict[str, str] = {}
    for name in names:
        unique.setdefault(bare(name), name)
    return list(unique.values())


def _quoted(words: str, lexicon: Lexicon) -> list[str]:
    found = regex.findall(r"《((?:[^《》]|《[^《》]*》)+)》", words)
    return [name for name in found if lexicon.headings.genre(name) in ("plan", "annex")]


def _with_front_cut(lines: list[Line], names: list[str], lexicon: Lexicon) -> list[Line]:
    """Cut lines of the head in which a title, an address or a signature ran into the next line."""
    first_heading = _first_heading(lines, lexicon)
    cut_lines: list[Line] = []
    for index, line in enumerate(lines):
        if index < first_heading and line.block.kind == "paragraph":
            places = flat_front_cuts(line.words, names, lexicon)
            cut_lines.extend(cut(line, places))
        else:
            cut_lines.append(line)
    return cut_lines


def _notice_title(lines: list[Line], first_heading: int, lexicon: Lexicon) -> tuple[str, int]:
    """Find the title of a notice, opinion or decision: up to five lines from 关于 (or a body) to 通知.

    Gives the title and the index of the line after it; ("", 0) if there is none.
    """
    front = lexicon.headings.front
    for index in range(min(first_heading, len(lines))):
        if lines[index].block.kind != "paragraph" or _is_form(lines[index].words, lexicon):
            continue
        joined = ""
        for last in range(index, min(index + TITLE_LINES, first_heading)):
            words = lines[last].words
            if lines[last].block.kind != "paragraph" or words[-1] in "。：:；" or _is_form(words, lexicon):
                break
            joined += words if not joined else (" " if _both_bodies(joined, words, lexicon) else "") + words
            if len(joined) > LONGEST_TITLE * 2:
                break
            if front["title_start"].search(joined) and front["title_end"].search(joined) and "关于" in joined:
                return one_line(joined), last + 1
        if lines[index].words[-1] == "。":
            break
    return "", 0


def _both_bodies(first: str, second: str, lexicon: Lexicon) -> bool:
    body = lexicon.headings.front["body"]
    return bool(body.match(first.split()[-1])) and bool(body.match(second))


def _is_form(words: str, lexicon: Lexicon) -> bool:
    """Tell whether a line is a part of the form around a title: red head, number, date, note."""
    front = lexicon.headings.front
    return any(front[name].search(words) for name in ("red_head", "doc_number", "date", "public_note"))


def _named_plans(lines: list[Line], names: list[str], after: int, lexicon: Lexicon) -> list[Start]:
    """Find the lines that print the titles that the notice gave, each first place once."""
    wanted = {bare(name): name for name in names if bare(name)}
    starts: list[Start] = []
    index = after
    while index < len(lines) and wanted:
        match = _title_at(lines, index, wanted, lexicon)
        if match is None:
            index += 1
            continue
        first, last, key = match
        starts.append((_with_annex_label(lines, first, lexicon), first, last, _title_words(lines, first, last, lexicon)))
        del wanted[key]
        index = last
    return starts


def _title_at(
    lines: list[Line], index: int, wanted: dict[str, str], lexicon: Lexicon
) -> tuple[int, int, str] | None:
    joined = ""
    for last in range(index, min(index + TITLE_LINES, len(lines))):
        line = lines[last]
        if line.block.kind != "paragraph" or line.words[-1] in "。；：:" or len(line.words) > LONGEST_TITLE:
            return None
        joined += _without_annex_mark(line.words, lexicon) if last == index else line.words
        key = bare(joined)
        if key in wanted:
            return index, _past_years(lines, last + 1, lexicon), key
        if not any(name.startswith(key) for name in wanted):
            return None
    return None


def _without_annex_mark(words: str, lexicon: Lexicon) -> str:
    found = match_mark(words, lexicon)
    return words[found[1].end() :] if found and found[0].kind == "annex" else words


def _title_words(lines: list[Line], first: int, last: int, lexicon: Lexicon) -> str:
    words = [line.words for line in lines[first:last] if not lexicon.headings.front["adopted"].match(line.words)]
    return one_line(_without_annex_mark(words[0], lexicon) + "".join(words[1:])) if words else ""


def _past_years(lines: list[Line], index: int, lexicon: Lexicon) -> int:
    """Step over a line of years or of adoption below a title."""
    front = lexicon.headings.front
    while index < len(lines) and (front["period"].match(lines[index].words) or front["adopted"].match(lines[index].words)):
        index += 1
    return index


def _with_annex_label(lines: list[Line], index: int, lexicon: Lexicon) -> int:
    """Step back over a line 附件1 above a plan's title."""
    if index and regex.fullmatch(r"附\s*件\s*\d{0,2}\s*[:：]?", lines[index - 1].words):
        return index - 1
    return index


def _single_plan(
    lines: list[Line], first_heading: int, notice_title: str, title_last: int, lexicon: Lexicon
) -> tuple[int, Start]:
    """Find the one plan of a document whose notice (if any) does not name it."""
    front = lexicon.headings.front
    index = title_last
    last = title_last
    while index < first_heading:
        words = lines[index].words
        if lines[index].block.kind in EDGES:
            last = max(last, index + 1) if not last else last
        elif any(front[name].search(words) for name in ("notice_text", "date", "public_note", "annex_list", "addressee")):
            last = index + 1
        elif any(front[name].match(words) for name in ("doc_number", "red_head")):
            last = max(last, index + 1) if index == last else last
        index += 1
    title_first, title_end, title = _top_title(lines, last, first_heading, lexicon)
    if title:
        first = title_first if notice_title or title_first == 0 else title_first
        return first, (first, title_first, title_end, title)
    if last < first_heading and not title_last:
        title_first, title_end, title = _top_title(lines, 0, first_heading, lexicon)
        if title:
            return title_first, (title_first, title_first, title_end, title)
    return last, (last, last, last, notice_title)


def _top_title(lines: list[Line], start: int, stop: int, lexicon: Lexicon) -> tuple[int, int, str]:
    """Find a title over the next lines that ends in a genre (计划, 方案, 规划 …); title "" if there is none."""
    for index in range(start, min(stop, start + 12)):
        joined = ""
        for last in range(index, min(index + TITLE_LINES, stop, len(lines))):
            words = lines[last].words
            if lines[last].block.kind != "paragraph" or words[-1] in "。：:；" or len(words) > LONGEST_TITLE:
                break
            if _is_form(words, lexicon) or lexicon.headings.front["adopted"].match(words):
                break
            joined += words
            goes_on = last + 1 < len(lines) and regex.match(r"[和与及暨]", lines[last + 1].words)
            if lexicon.headings.genre(joined) == "plan" and len(bare(joined)) > 4 and not goes_on:
                end = _past_years(lines, last + 1, lexicon)
                return index, end, _title_words(lines, index, end, lexicon)
    return start, start, ""


def _with_unnamed_plans(lines: list[Line], starts: list[Start], closing: int, lexicon: Lexicon) -> list[Start]:
    """Add the plans that no notice names: a title after which the highest marks begin anew at 1."""
    found = list(starts)
    taken = {start[0] for start in starts}
    top: str | None = None
    highest = 0
    for index in range(starts[0][2], closing):
        if index in taken:
            highest, top = 0, None
        mark = match_mark(lines[index].words, lexicon) if lines[index].block.kind == "paragraph" else None
        if mark and mark[0].kind == "heading" and mark[1]["number"]:
            top = top or mark[0].id
            if mark[0].id == top:
                highest = lexicon.headings.value_of(mark[1]["number"]) or 0
            continue
        if highest < 2 or top is None:
            continue
        title_first, title_last, title = _top_title(lines, index, index + TITLE_LINES, lexicon)
        if not title or title_first != index or _follows_annex(lines, index) or not _centred_or_years(lines, index, title_last, lexicon):
            continue
        if _next_mark(lines, title_last, closing, lexicon) == (top, 1):
            found.append((index, index, title_last, title))
            highest, top = 0, None
    return sorted(found)


def _follows_annex(lines: list[Line], index: int) -> bool:
    return index > 0 and bool(regex.match(r"附\s*[件录表]", lines[index - 1].words)) or bool(
        regex.match(r"附\s*[件录表]", lines[index].words)
    )


def _centred_or_years(lines: list[Line], first: int, last: int, lexicon: Lexicon) -> bool:
    return len(lines[first].words) <= 50


def _next_mark(lines: list[Line], index: int, stop: int, lexicon: Lexicon) -> tuple[str, int] | None:
    for line in lines[index : min(stop, index + 12)]:
        mark = match_mark(line.words, lexicon) if line.block.kind == "paragraph" else None
        if mark and mark[0].kind == "heading" and mark[1]["number"]:
            return mark[0].id, lexicon.headings.value_of(mark[1]["number"]) or 0
    return None


def _past_contents(lines: list[Line], starts: list[Start], front_end: int, closing: int) -> int:
    """Let the front reach past a table of contents that stands between the first plan's title and its text."""
    last = starts[1][0] if len(starts) > 1 else closing
    for index in range(starts[0][2], min(last, starts[0][2] + 12)):
        if lines[index].block.kind == "contents":
            front_end = index + 1
    if front_end > starts[0][0]:
        first = starts[0]
        starts[0] = (front_end, first[1], first[2], first[3])
    return front_end


def _closing_start(lines: list[Line], first: int, lexicon: Lexicon) -> int:
    """Give the index from which on only page frames, 抄送, 印发, a signature and notes follow."""
    front = lexicon.headings.front
    last = len(lines)
    for index in range(max(first, len(lines) - 15), len(lines)):
        if front["copied"].match(lines[index].words):
            last = index
            break
    while last > first:
        line = lines[last - 1]
        form = any(front[name].match(line.words) for name in ("copied", "printed", "date", "public_note"))
        body = last < len(lines) and front["body"].match(line.words) and _is_closing(lines[last], lexicon)
        if line.block.kind not in EDGES and not form and not body:
            break
        last -= 1
    return last


def _is_closing(line: Line, lexicon: Lexicon) -> bool:
    front = lexicon.headings.front
    return any(front[name].match(line.words) for name in ("printed", "date", "body", "copied"))


def find_period(title: str, lines: list[Line], lexicon: Lexicon) -> tuple[int | None, int | None]:
    """Give the first and last year that a plan says it covers, from its title, else from its text.

    A five-year plan (“十四五”) covers the five years of its name. A deadline (到2025年) is no period.
    """
    front = lexicon.headings.front
    match = front["period_inside"].search(title)
    if match:
        return int(match["first"]), int(match["last"])
    match = front["five_year_plan"].search(title)
    if match:
        ordinal = lexicon.headings.value_of(match["name"] or match["ordinal"]) or 0
        # the first plan began in 1953, from the seventh on each takes the years after …0 and …5
        return 1951 + 5 * ordinal, 1955 + 5 * ordinal
    match = regex.search(r"(?P<year>(?:19|20)\d{2})\s?年度?(?!前|底|末|目标|远景|以前)", title)
    if match:
        return int(match["year"]), int(match["year"])
    for line in lines:
        match = front["term_span"].search(line.words)
        if match:
            return _year(match["first"]), _year(match["last"])
    for line in lines:
        match = front["term_end"].search(line.words)
        if match:
            return None, int(next(value for value in match.capturesdict()["last"] if value))
    return None, None


def _year(words: str) -> int:
    """Give the year of our era; year 1 of the Republic (民国) is 1912."""
    digits = int(regex.sub(r"\D", "", words))
    return digits + 1911 if words.startswith("民国") else digits


__all__ = ["Candidate", "Layout", "PlanLines", "find_layout", "find_period"]
