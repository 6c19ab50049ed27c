"""Read the column heads of a table of tasks that was published one cell a line, and what its columns hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from pipeline.lexicon import Lexicon
from pipeline.lexicon.columns import remember
from pipeline.quick.classes import dataclass
from pipeline.quick.pattern import pattern
from pipeline.segment.lines import Line
from pipeline.segment.marks import squeeze
from pipeline.segment.tables import head_role

Kind = Literal["title", "group", "year", "text", "date", "body"]
"""What a column holds: the task itself, what gathers tasks, the work of one year, other words, a deadline, bodies."""

LONGEST_HEAD, LONGEST_JOINED = 20, 10
MOST_HEAD_LINES = 24
MOST_LINES_OF_HEAD = 3
# (No fewer than MOST_LINES_OF_HEAD: the lines that the first head may take are all there where heads are.)
FEWEST_COLUMNS = 3
FEWEST_YEARS = 2
# What a head costs: known by itself; so short that it may be half of one; put together of lines; not known at all.
SHORT_COST, JOIN_COST, UNKNOWN_COST = 0.3, 0.4, 1.5
SHORTEST_SURE_HEAD = 3
# What a line costs that stands behind the heads already, the name of a group.
BEHIND_COST = 1.0
YEAR = pattern(r"(?:19|20)\d\d年")
# Columns that stand in tables of indicators and projects, which are told by their figures.
OF_FIGURES = ("unit", "money", "present", "stock", "nature", "project", "place")


@dataclass(frozen=True, slots=True)
class TaskHeads:
    """The heads of a table of tasks: the words of each, its place, how many lines all take, where 序号 stands."""

    words: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    lines: int
    index: int | None


@dataclass(frozen=True, slots=True)
class TaskColumns:
    """One way to understand the heads: the columns from the running mark on, each with what it holds.

    `outer` counts the columns before the mark, which gather tasks. `likely` is false where the column for the task
    has a head that asks for what gathers several (类别).
    """

    kinds: tuple[Kind, ...]
    heads: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    outer: int
    likely: bool


def find_task_heads(lines: Sequence[Line], index: int, lexicon: Lexicon) -> TaskHeads | None:
    """Give the heads of a table of tasks that begin at `index`; None if the lines are none.

    Heads are short lines without stop, of which one asks for bodies or several name a year; one head may be broken
    over lines (任务 / 分类). No column is for figures alone.
    """
    if not _may_be_head(lines[index]):
        return None
    words: list[str] = []
    for line in lines[index : index + MOST_HEAD_LINES]:
        if not _may_be_head(line):
            break
        said = squeeze(line.words)
        if len(said) > LONGEST_HEAD or lexicon.columns.cells["group_label"].match(line.words) is not None:
            break
        if said.isdigit() and words and len(said) < 4:
            break
        words.append(said)
        if len(words) == MOST_LINES_OF_HEAD and not _may_open(words, lexicon):
            return None
    if len(words) < FEWEST_COLUMNS or not _may_ask(words, lexicon):
        return None
    cuts = _cuts(words, lexicon)
    heads = ["".join(words[first:last]) for first, last in cuts]
    roles = [lexicon.columns.role_of(head) for head in heads]
    bodies = sum(is_body_head(head, lexicon) for head in heads)
    years = sum(YEAR.search(head) is not None for head in heads)
    known = sum(_is_known(head, lexicon) for head in heads)
    if len(heads) < FEWEST_COLUMNS or known * 3 < len(heads) * 2 or not (bodies or years >= FEWEST_YEARS):
        return None
    if any(role in OF_FIGURES and not is_body_head(head, lexicon) for role, head in zip(roles, heads, strict=True)):
        return None
    places = tuple((lines[index + first].start, lines[index + last - 1].end) for first, last in cuts)
    running = next((place for place, role in enumerate(roles) if role == "index"), None)
    return TaskHeads(tuple(heads), places, cuts[-1][1], running)


def _may_be_head(line: Line) -> bool:
    """Tell whether a line has neither a stop at its end nor a mark."""
    return line.mark is None and line.words[-1] not in "。；;：:，,、" and line.block.kind == "paragraph"


def columns_of(heads: TaskHeads, lexicon: Lexicon) -> Iterator[TaskColumns]:
    """Give the ways to understand the heads, which differ in the column that holds the task itself.

    With 序号 it stands behind that; without, the running mark stands in it (（1）建设道路).
    """
    kinds = [_kind(head, lexicon) for head in heads.words]
    first = heads.index + 1 if heads.index is not None else 0
    details = [place for place, kind in enumerate(kinds) if kind in ("body", "year", "date") and place >= first]
    stop = min(details, default=len(kinds))
    for title in range(first, stop):
        opens = first if heads.index is not None else title
        groups: list[Kind] = ["group"] * (title - opens)
        chosen: list[Kind] = [*groups, "title", *kinds[title + 1 :]]
        outer = opens - (heads.index is not None)
        likely = lexicon.columns.role_of(heads.words[title]) != "group"
        yield TaskColumns(tuple(chosen), heads.words[opens:], heads.places[opens:], outer, likely)


def is_body_head(head: str, lexicon: Lexicon) -> bool:
    """Tell whether a column head asks for bodies: 牵头单位, 推进部门, 实施主体."""
    asks = lexicon.columns.body_heads.get(head)
    if asks is None:
        asks = lexicon.columns.role_of(head) == "body" or lexicon.roles.of_label(head) is not None
        remember(lexicon.columns.body_heads, head, asks)
    return asks


def _kind(head: str, lexicon: Lexicon) -> Kind:
    if is_body_head(head, lexicon):
        return "body"
    if lexicon.columns.role_of(head) == "date":
        return "date"
    # 重点任务（2024—2026年） is due within the plan, 2025年计划 in its own year
    return "year" if YEAR.match(head) else "text"


def _may_open(words: Sequence[str], lexicon: Lexicon) -> bool:
    """Tell whether the first line is a known head or opens one that was broken over lines."""
    tries = ("".join(words[:size]) for size in range(1, MOST_LINES_OF_HEAD + 1))
    return any(_is_known(words, lexicon) for words in tries)


def _may_ask(words: Sequence[str], lexicon: Lexicon) -> bool:
    """Tell whether some of the lines, joined to heads in any way, ask for bodies or name years."""
    if len(YEAR.findall("".join(words))) >= FEWEST_YEARS:
        return True
    sizes = range(1, MOST_LINES_OF_HEAD + 1)
    return any(is_body_head("".join(words[n : n + size]), lexicon) for n in range(len(words)) for size in sizes)


def _is_known(head: str, lexicon: Lexicon) -> bool:
    return len(head) <= LONGEST_HEAD and (is_body_head(head, lexicon) or head_role(head, lexicon) != "")


def _cuts(words: Sequence[str], lexicon: Lexicon) -> list[tuple[int, int]]:
    """Put the lines of heads together at the least cost; lines behind the last known head are left out."""
    best: list[tuple[float, list[tuple[int, int]]]] = [(0.0, [])]
    for last in range(1, len(words) + 1):
        options = []
        for first in range(max(0, last - MOST_LINES_OF_HEAD), last):
            cost = _head_cost(words[first:last], lexicon)
            if cost is not None:
                options.append((best[first][0] + cost, [*best[first][1], (first, last)]))
        best.append(min(options))
    ends = [(cost + BEHIND_COST * (len(words) - end), end) for end, (cost, _) in enumerate(best) if end]
    return best[min(ends)[1]][1]


def _head_cost(lines: Sequence[str], lexicon: Lexicon) -> float | None:
    joined = "".join(lines)
    if len(lines) == 1:
        short = SHORT_COST * (len(joined) < SHORTEST_SURE_HEAD)
        return short if _is_known(joined, lexicon) else UNKNOWN_COST
    whole = joined in lexicon.headings.heads or is_body_head(joined, lexicon)
    return JOIN_COST * (len(lines) - 1) if whole and len(joined) <= LONGEST_JOINED else None


__all__ = ["TaskColumns", "TaskHeads", "columns_of", "find_task_heads", "is_body_head"]
