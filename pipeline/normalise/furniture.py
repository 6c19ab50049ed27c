"""Steps that take page furniture out of the flow: page numbers, running heads, page marks glued into sentences.

A number at a page's edge looks like any other number. What gives it away is that its fellows rise by one from page to
page, at the distance of a page, and that sentences run on across them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate

from pipeline.lexicon import Lexicon
from pipeline.lexicon.loader import Rule
from pipeline.lexicon.starts import Rules
from pipeline.model import Repair
from pipeline.normalise.alignment import Edit
from pipeline.normalise.chains import Candidate, chains, regular
from pipeline.normalise.draft import Draft, Line, Words, edit_lines, report
from pipeline.normalise.shape import ends_sentence, matching, squeezed
from pipeline.quick.classes import replace
from pipeline.quick.pattern import pattern

ADVICE = "Check if the figure belongs to a sentence."
LONG_LINE = 15
# A page holds at least this many characters, or lines where a line is a printed line.
PAGE_CHARACTERS = (150, 6000)
PAGE_LINES = (8, 90)
LIST_NUMBER = pattern(r"[\s\u3000]*(?P<number>\d{1,3})[.．](?!\d)")
DIGITS = pattern(r"\d+")
LONGEST_HEAD = 40
# So many page marks at least rise from page to page.
FEWEST_MARKS = 4
# The next heading number stands within so many lines.
NEAR_LINES = 60


def drop_page_numbers(draft: Draft, lexicon: Lexicon) -> Draft:
    """Leave out lines that are page numbers: — 3 —, 第3页, and bare numbers that rise with the pages."""
    rules = lexicon.frames.rules
    lines = draft.lines
    dropped = {n for n in draft.words.first_rules(rules["page_number"]) if lines[n].kind != "table"}
    numbers = [n for n in draft.words.first_rules(rules["bare_number"]) if lines[n].kind != "table"]
    positions = _positions(draft.words.texts) if numbers else []
    bare = [Candidate(index, int(DIGITS.findall(lines[index].text)[0]), positions[index]) for index in numbers]
    dropped.update(_bare_page_numbers(draft, bare))
    return _without(
        draft, dropped, "drop_page_numbers", "page_number_removed", "Left out a page number that stood as a line"
    )


def drop_running_heads(draft: Draft, lexicon: Lexicon) -> Draft:
    """Leave out a short line that comes back at the edge of the pages, but for the first time it is printed."""
    edges = _page_edges(draft.lines)
    if not edges:
        return draft
    words = {index: DIGITS.sub("0", squeezed(draft.lines[index].text)) for index in edges}
    counts = Counter(words.values())
    pages = max(len({line.block.page for line in draft.lines}), sum(line.page_ended for line in draft.lines) + 1)
    heads = {text for text, count in counts.items() if count >= 3 and 2 * count >= pages and len(text) <= LONGEST_HEAD}
    seen: set[str] = set()
    dropped: set[int] = set()
    for index in sorted(edges):
        if words[index] in heads:
            if words[index] in seen:
                dropped.add(index)
            seen.add(words[index])
    return _without(
        draft, dropped, "drop_running_heads", "running_head_removed", "Left out a line repeated on the pages"
    )


def drop_page_marks(draft: Draft, lexicon: Lexicon) -> Draft:
    """Leave out page marks glued to the first word of a page: 市级6⏎8、0家 → 市级60家, 法治⏎23规则 → 法治规则."""
    marks = lexicon.frames.rules["page_mark"]
    lines = draft.lines
    by_first = draft.words.by_first.items()
    fitting = [index for first, places in by_first if marks.fitting(first) for index in places]
    listed = _listed(draft.words) if len(fitting) >= FEWEST_MARKS else set()
    opening = [(index, lines[index]) for index in sorted(fitting) if index not in listed]
    opening = [(index, line) for index, line in opening if line.kind != "table" and matching(marks, line.text)]
    if len(opening) < FEWEST_MARKS:
        return draft
    found: dict[int, int] = {}
    for unit, bounds in (("characters", PAGE_CHARACTERS), ("lines", PAGE_LINES)):
        rules = [rule for rule in marks if rule.extra["distance"] == unit]
        positions = range(len(lines)) if unit == "lines" else _positions(draft.words.texts)
        ends = _page_mark_candidates(lines, opening, rules, positions)
        for chain in _page_mark_chains(draft.lines, list(ends), bounds):
            for candidate in chain:
                found.setdefault(candidate.line, ends[candidate])
    return _without_starts(draft, found)


def drop_page_numbers_in_lines(draft: Draft, lexicon: Lexicon) -> Draft:
    """Leave out page numbers inside running text whose line breaks were lost: 加快— 3 —推进 → 加快推进."""
    rules = lexicon.frames.rules["inline_page_number"].worth_trying(draft.words.joined)
    if not rules:
        return draft
    holding = [place for place, text in enumerate(draft.words.texts) if rules.worth_trying(text)]
    lines, repairs = edit_lines(draft, "drop_page_numbers_in_lines", lambda line: _numbers_inside(line, rules), holding)
    places = [repair.before for repair in repairs]
    what = "Left out a page number inside a line"
    return draft.after(lines, repairs, report("page_number_removed", what, places, ADVICE))


def _numbers_inside(line: Line, rules: Rules) -> list[Edit]:
    edits: list[Edit] = []
    for rule in rules if line.kind == "paragraph" else ():
        matches = list(rule.pattern.finditer(line.text))
        candidates = [Candidate(k, int(m.group("number")), m.start()) for k, m in enumerate(matches)]
        for chain in chains(candidates, PAGE_CHARACTERS):
            if len(chain) >= 2:
                edits += [
                    Edit(_with_blanks(line.text, matches[c.line].start()), matches[c.line].end(), "") for c in chain
                ]
    return sorted(edits)


def _with_blanks(text: str, start: int) -> int:
    """Give `start`, moved back over the white space before it."""
    while start and text[start - 1].isspace():
        start -= 1
    return start


def _bare_page_numbers(draft: Draft, bare: Sequence[Candidate]) -> set[int]:
    """Choose the bare numbers that count pages."""
    if draft.source.pages is not None:
        return _numbers_at_page_edges(draft, bare)
    found: set[int] = set()
    for chain in chains(bare, PAGE_CHARACTERS):
        if len(chain) >= 3 and _sentences_run_across(draft.lines, chain, across=1):
            found.update(candidate.line for candidate in chain)
    return found


def _numbers_at_page_edges(draft: Draft, bare: Sequence[Candidate]) -> set[int]:
    """Choose the numbers at the edge of a page that differ from the page's ordinal by what most others do."""
    edges = _page_edges(draft.lines)
    at_edge = [
        (candidate, draft.lines[candidate.line].block.page or 0) for candidate in bare if candidate.line in edges
    ]
    differences = Counter(page - candidate.value for candidate, page in at_edge)
    if not differences:
        return set()
    difference, count = differences.most_common(1)[0]
    if count < 3 and 2 * count < len(at_edge):
        return set()
    return {candidate.line for candidate, page in at_edge if page - candidate.value == difference}


def _page_mark_candidates(
    lines: Sequence[Line], opening: Sequence[tuple[int, Line]], rules: Sequence[Rule], positions: Sequence[int]
) -> dict[Candidate, int]:
    """Give the numbers that may be page marks, in order, with the place where each ends in its line.

    `opening` are the lines that may open with one.
    """
    ends: dict[Candidate, int] = {}
    for index, line in opening:
        for rule in rules:
            match = rule.pattern.search(line.text)
            if match is None or ("rest" in match.groupdict() and not _rest_goes_on(lines, index, match.group("rest"))):
                continue
            ends[Candidate(index, int(match.group("number")), positions[index])] = match.end("mark")
    return ends


def _listed(words: Words) -> set[int]:
    """Give the lines that open with a number of a list, read whole: 12. after 11. or before 13."""
    last: dict[int, int] = {}
    listed: set[int] = set()
    fitting = (places for first, places in words.by_first.items() if first.isdecimal() or first.isspace())
    for index in sorted(place for places in fitting for place in places):
        mark = LIST_NUMBER.match(words.texts[index])
        if mark is None:
            continue
        number = int(mark.group("number"))
        if number - 1 in last:
            listed |= {last[number - 1], index}
        last[number] = index
    return listed


def _rest_goes_on(lines: Sequence[Line], index: int, rest: str) -> bool:
    """Tell whether the heading number after the page mark has its neighbours: (1)7.1 … 7.2, 3. … (5)4."""
    major, _, minor = rest.partition(".")
    if minor:
        following = f"{major}.{int(minor) + 1}"
        return any(line.text.startswith(following) for line in lines[index + 1 : index + NEAR_LINES])
    previous = tuple(f"{int(rest) - 1}{mark}" for mark in ".．、")
    return any(line.text.startswith(previous) for line in lines[max(index - NEAR_LINES, 0) : index])


def _page_mark_chains(
    lines: Sequence[Line], candidates: list[Candidate], bounds: tuple[int, int]
) -> Iterable[list[Candidate]]:
    """Give the chains of candidates that are page marks: one long regular chain, and those at the same distance."""
    found = chains(candidates, bounds)
    main = max(found, key=len, default=[])
    if len(main) < FEWEST_MARKS or not regular(main) or not _sentences_run_across(lines, main, across=0):
        return []
    step = (main[-1].position - main[0].position) / (main[-1].value - main[0].value)
    alike = [
        chain
        for chain in found
        if chain is not main
        and len(chain) >= 2
        and 0.6 * step <= (chain[-1].position - chain[0].position) / (chain[-1].value - chain[0].value) <= 1.6 * step
    ]
    return [main, *alike]


def _sentences_run_across(lines: Sequence[Line], chain: Sequence[Candidate], *, across: int) -> bool:
    """Tell whether at many of the places the line before breaks off in mid-sentence.

    List marks follow whole sentences, row numbers follow short cells; page marks fall anywhere.
    """
    broken = 0
    for candidate in chain:
        before = lines[candidate.line - 1].text if candidate.line else ""
        after = lines[candidate.line + across].text if candidate.line + across < len(lines) else ""
        broken += len(before) >= LONG_LINE and not ends_sentence(before) and len(after) >= LONG_LINE // 2
    return 2 * broken >= len(chain)


def _page_edges(lines: Sequence[Line]) -> set[int]:
    """Give the first and last two lines of each page, or the lines around page numbers that were left out."""
    edges: set[int] = set()
    for index in range(1, len(lines)):
        if lines[index].page_ended or lines[index].block.page != lines[index - 1].block.page:
            edges.update(k for k in range(index - 2, index + 2) if 0 <= k < len(lines))
    if edges and lines[0].block.page is not None:
        edges.update({0, 1, len(lines) - 1, len(lines) - 2} & set(range(len(lines))))
    return edges


def _positions(texts: Sequence[str]) -> list[int]:
    """Give the number of characters before each line."""
    return [0, *accumulate(map(len, texts))]


def _without(draft: Draft, dropped: set[int], step: str, code: str, what: str) -> Draft:
    if not dropped:
        return draft
    lines: list[Line] = []
    ended = False
    for index, line in enumerate(draft.lines):
        if index in dropped:
            ended = True
            continue
        lines.append(replace(line, page_ended=True) if ended else line)
        ended = False
    removed = [draft.lines[index] for index in sorted(dropped)]
    return draft.after(
        lines, [line.removal(step) for line in removed], report(code, what, [line.text for line in removed], ADVICE)
    )


def _without_starts(draft: Draft, ends: dict[int, int]) -> Draft:
    if not ends:
        return draft
    lines: list[Line] = []
    repairs: list[Repair] = []
    places: list[str] = []
    for index, line in enumerate(draft.lines):
        if index in ends:
            edit = Edit(0, ends[index], "")
            repairs += line.repairs("drop_page_marks", [edit])
            places.append(line.text[:20])
            line = replace(line.edited([edit]), page_ended=True)
        lines.append(line)
    what = "Left out a page mark glued to the first word of a page"
    return draft.after(lines, repairs, report("page_mark_removed", what, places, ADVICE))
