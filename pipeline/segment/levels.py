"""Find the logical depth of each heading: a stack of marks, judged by how their numbers run on."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict

from pipeline.quick.classes import dataclass, field, replace
from pipeline.segment.headings import OPENING_RANK, PLAIN, TOP_RANK, Candidate

ROOT = -1
# No plan divides itself so often: parts, chapters, articles and five kinds of numbers, with annexes and boxes, are ten.
# What stands deeper is no division but disorder, and stands side by side.
DEEPEST = 12


@dataclass(slots=True)
class _Tree:
    """What is open while the headings are read in order.

    `open` holds the indices of the headings from the top down to the last one. `last` tells, below each
    heading, the last number of every style that stood directly below it. `running` is the last number of a
    style anywhere. `above` holds the pairs of styles of which the first stood above the second, `highest` the
    least depth at which a style stood. `places` are the indices of the headings by the style of their marks, `first`
    is the first heading of each.
    """

    headings: list[Candidate]
    places: dict[str, list[int]]
    first: dict[str, Candidate]
    open: list[int] = field(default_factory=list)
    last: dict[int, dict[str, int]] = field(default_factory=lambda: {ROOT: {}})
    running: dict[str, int] = field(default_factory=dict)
    above: set[tuple[str, str]] = field(default_factory=set)
    highest: dict[str, int] = field(default_factory=dict)

    def entry(self, depth: int) -> Candidate:
        """The open heading at a depth (1 the highest)."""
        return self.headings[self.open[depth - 1]]

    def parents(self) -> list[tuple[int, int]]:
        """Give (depth of a child, index of the parent) for the open headings from the lowest up, and the top."""
        return [(depth + 1, self.open[depth - 1]) for depth in range(len(self.open), 0, -1)] + [(1, ROOT)]

    def next_number(self, index: int, style: str) -> int | None:
        """Give the number of the first heading of a style behind the one that is placed; None if there is none."""
        places = self.places[style]
        following = bisect_right(places, index)
        return self.headings[places[following]].number if following < len(places) else None

    def place(self, index: int, depth: int) -> None:
        """Put a heading at a depth: close what is open from there on down."""
        heading = self.headings[index]
        del self.open[depth - 1 :]
        parent = self.open[-1] if self.open else ROOT
        self.above.update((self.headings[ancestor].style, heading.style) for ancestor in self.open)
        if heading.number is not None:
            self.last[parent][heading.style] = heading.number
            self.running[heading.style] = heading.number
        self.highest[heading.style] = min(depth, self.highest.get(heading.style, depth))
        self.open.append(index)
        self.last[index] = {}


def mend_marks(headings: list[Candidate]) -> list[Candidate]:
    """Give the headings with the style that a mistyped first mark stands for (1、 where only 二、 三、 follow).

    A style that starts at 2 lacks its first heading. It is the last heading before it that bears the number 1
    in another style of the same form, and that no 2 of its own style follows. A lone （2） of a lower style is
    the mistyped one itself, and stays.
    """
    mended = list(headings)
    counts = Counter(heading.style for heading in headings)
    seen: set[str] = set()
    for index, heading in enumerate(headings):
        if heading.kind == "annex":
            seen.clear()
            continue
        if heading.number == 2 and heading.style not in seen and heading.kind == "heading":
            first = _mistyped_first(mended, index)
            established = counts[heading.style] > 1
            if first is not None and (established or heading.rank < mended[first].rank):
                mended[first] = replace(mended[first], style=heading.style, rank=heading.rank, form=heading.form)
        seen.add(heading.style)
    return mended


def _mistyped_first(headings: list[Candidate], second: int) -> int | None:
    # The number of the next heading of each style, on the way back.
    following: dict[str, int | None] = {}
    for index in range(second - 1, -1, -1):
        heading = headings[index]
        if heading.kind == "annex":
            return None
        alike = heading.form == headings[second].form and heading.style != headings[second].style
        if heading.number == 1 and alike and following.get(heading.style) != 2:
            return index
        following[heading.style] = heading.number
    return None


def find_depths(headings: list[Candidate]) -> list[int]:
    """Give the logical depth of each heading of one plan, 1 the highest, never more than one below its parent.

    What a mark means is not its form but its place: the next number of a list that is open belongs to that
    list; a 1 opens a new list below the heading before it, unless that heading's own style is one that stands
    lower. Which of two styles stands higher, the document itself shows; custom decides only where it does not.
    None stands deeper than DEEPEST.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for index, heading in enumerate(headings):
        places[heading.style].append(index)
    tree = _Tree(list(headings), places, {style: headings[found[0]] for style, found in places.items()})
    depths: list[int] = []
    for index, heading in enumerate(headings):
        depth = min(_depth_of(tree, index, heading), DEEPEST)
        tree.place(index, depth)
        depths.append(depth)
    return depths


def _depth_of(tree: _Tree, index: int, heading: Candidate) -> int:
    if heading.kind == "annex":
        return 1
    if heading.kind == "box":
        return _depth_of_box(tree)
    if heading.levelled:
        return _depth_of_level(tree, heading)
    if heading.number is None:
        return _depth_of_plain(tree, heading)
    for depth, parent in tree.parents():
        if tree.last[parent].get(heading.style) == heading.number - 1:
            return depth
    return _depth_of_gap(tree, index, heading, heading.number) or _depth_of_new_list(tree, index, heading)


def _depth_of_box(tree: _Tree) -> int:
    """Place a box (专栏) or table below the last heading that stands alone on its line.

    A heading that runs on in its own paragraph ends with it; a box behind it belongs to the heading above.
    """
    depth = len(tree.open)
    while depth > 0 and (tree.entry(depth).runs_on or tree.entry(depth).kind == "box"):
        depth -= 1
    return depth + 1


def _depth_of_level(tree: _Tree, heading: Candidate) -> int:
    """Place a heading by the level that the file states, below the last open one of a higher level."""
    depths = [
        depth
        for depth in range(1, len(tree.open) + 1)
        if tree.entry(depth).kind == "annex" or (tree.entry(depth).levelled and tree.entry(depth).rank < heading.rank)
    ]
    return max(depths, default=0) + 1


def _depth_of_plain(tree: _Tree, heading: Candidate) -> int:
    """Place a heading without mark: beside its like, else like a box; what custom puts at the top (前言) there."""
    if heading.rank <= TOP_RANK:
        return 1
    for depth in range(len(tree.open), 0, -1):
        if tree.entry(depth).style == PLAIN and tree.entry(depth).rank > OPENING_RANK:
            return depth
    return _depth_of_box(tree)


def _depth_of_gap(tree: _Tree, index: int, heading: Candidate, number: int) -> int | None:
    """Place a number that no open list leads to: a mark mistyped for another of its form, or a gap in a list.

    None for a 1, and for a number that runs on from list to list through the headings above (…3. （二） 4.…).
    """
    if number == 1 or tree.running.get(heading.style) == number - 1:
        return None
    for depth, parent in tree.parents():
        for style, before in tree.last[parent].items():
            like = tree.first[style]
            fits = before == number - 1 and like.form == heading.form and style != heading.style
            if fits and tree.next_number(index, style) != number:
                tree.headings[index] = replace(heading, style=style, rank=like.rank)
                return depth
    for depth, parent in tree.parents():
        if tree.last[parent].get(heading.style, number) < number:
            return depth
    return None


def _depth_of_new_list(tree: _Tree, index: int, heading: Candidate) -> int:
    """Place the first of a list: below the last heading that does not end with it."""
    depth = len(tree.open)
    if depth and tree.entry(depth).style == "table":
        # a table holds rows, no headings: what follows it stands beside it
        depth -= 1
    for above in range(depth, 0, -1):
        if tree.entry(above).kind != "heading":
            break
        if tree.entry(above).style == heading.style:
            return above
    while depth > 0 and _ends_with(tree, index, heading, depth):
        depth -= 1
    return depth + 1


def _ends_with(tree: _Tree, index: int, heading: Candidate, depth: int) -> bool:
    """Tell whether the open heading at a depth ends where `heading` begins, so that this does not stand below it."""
    other = tree.entry(depth)
    if other.kind != "heading" or other.levelled:
        return False
    if other.style == PLAIN:
        return other.rank == OPENING_RANK or tree.highest.get(heading.style, depth + 1) <= depth
    if (heading.style, other.style) in tree.above:
        return True
    if (other.style, heading.style) in tree.above:
        return False
    for place in range(index + 1, len(tree.headings)):
        later = tree.headings[place]
        if later.style == other.style and later.number is not None and other.number is not None:
            # 1. … （一） … 2.: the list of `other` goes on, so （一） stood inside it; 1. again: it began anew
            return later.number != other.number + 1
        if later.rank < min(heading.rank, other.rank):
            break
    return heading.rank < other.rank
