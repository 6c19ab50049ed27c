"""Find the logical depth of each heading: a stack of marks, judged by how their numbers run on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pipeline.segment.headings import PLAIN, Candidate

ROOT = -1


@dataclass(slots=True)
class _Tree:
    """What is open while the headings are read in order.

    `open` holds the indices of the headings from the top down to the last one. `last` tells, below each
    heading, the last number of every style that stood directly below it. `running` is the last number of a
    style anywhere. `above` holds the pairs of styles of which the first stood above the second.
    """

    headings: list[Candidate]
    open: list[int] = field(default_factory=list)
    last: dict[int, dict[str, int]] = field(default_factory=lambda: {ROOT: {}})
    running: dict[str, int] = field(default_factory=dict)
    above: set[tuple[str, str]] = field(default_factory=set)

    def entry(self, depth: int) -> Candidate:
        """The open heading at a depth (1 the highest)."""
        return self.headings[self.open[depth - 1]]

    def place(self, index: int, depth: int) -> None:
        """Put a heading at a depth: close what is open from there on down."""
        heading = self.headings[index]
        del self.open[depth - 1 :]
        parent = self.open[-1] if self.open else ROOT
        for ancestor in self.open:
            self.above.add((self.headings[ancestor].style, heading.style))
        if heading.number is not None:
            self.last.setdefault(parent, {})[heading.style] = heading.number
            self.running[heading.style] = heading.number
        self.open.append(index)
        self.last.setdefault(index, {})

    def parents(self) -> list[tuple[int, int]]:
        """Give the open headings from the lowest up, as (depth of a child, index), and the top of the plan."""
        return [(depth + 1, self.open[depth - 1]) for depth in range(len(self.open), 0, -1)] + [(1, ROOT)]


def mend_marks(headings: list[Candidate]) -> list[Candidate]:
    """Give the headings with the style that a mistyped first mark stands for (1、 where only 二、 三、 follow).

    A style that starts at 2 lacks its first heading. It is the last heading before it that bears the number 1
    in another style of the same form, and that no 2 of its own style follows. A lone （2） of a lower style is
    the mistyped one itself, and stays.
    """
    mended = list(headings)
    seen: set[str] = set()
    for index, heading in enumerate(headings):
        if heading.kind == "annex":
            seen.clear()
            continue
        if heading.number == 2 and heading.style not in seen and heading.kind == "heading":
            first = _mistyped_first(mended, index)
            established = sum(other.style == heading.style for other in headings) > 1
            if first is not None and (established or heading.rank < mended[first].rank):
                mended[first] = replace(mended[first], style=heading.style, rank=heading.rank, form=heading.form)
        seen.add(heading.style)
    return mended


def _mistyped_first(headings: list[Candidate], second: int) -> int | None:
    for index in range(second - 1, -1, -1):
        heading = headings[index]
        if heading.kind == "annex":
            return None
        if heading.number != 1 or heading.form != headings[second].form or heading.style == headings[second].style:
            continue
        following = next((h.number for h in headings[index + 1 : second] if h.style == heading.style), None)
        if following != 2:
            return index
    return None


def find_depths(headings: list[Candidate]) -> list[int]:
    """Give the logical depth of each heading of one plan, 1 the highest, never more than one below its parent.

    What a mark means is not its form but its place: the next number of a list that is open belongs to that
    list; a 1 opens a new list below the heading before it, unless that heading's own style is one that stands
    lower. Which of two styles stands higher, the document itself shows; custom decides only where it does not.
    """
    tree = _Tree(list(headings))
    depths: list[int] = []
    for index, heading in enumerate(headings):
        depth = _depth_of(tree, index, heading)
        tree.place(index, depth)
        depths.append(depth)
    return depths


def _depth_of(tree: _Tree, index: int, heading: Candidate) -> int:
    if heading.kind == "annex":
        return 1
    if heading.number is None or heading.style.startswith("h") and heading.style[1:].isdigit():
        return _depth_without_number(tree, heading)
    if heading.kind == "box":
        return _depth_of_box(tree, heading)
    for depth, parent in tree.parents():
        if tree.last[parent].get(heading.style) == heading.number - 1:
            return depth
    if heading.number > 1:
        depth = _depth_of_gap(tree, index, heading)
        if depth:
            return depth
    return _depth_of_new_list(tree, index, heading)


def _depth_without_number(tree: _Tree, heading: Candidate) -> int:
    """Place a heading by the level that the file states; a plain one below the heading that it follows."""
    if heading.kind == "box":
        return _depth_of_box(tree, heading)
    if heading.style != PLAIN:
        depth = 1
        for position, number in enumerate(tree.open, start=1):
            above = tree.headings[number]
            if above.style[0] == "h" and above.style[1:].isdigit() and above.rank < heading.rank:
                depth = position + 1
        return depth
    for depth in range(len(tree.open), 0, -1):
        if tree.entry(depth).style == PLAIN:
            return depth
    return min(len(tree.open) + 1, 2) if tree.open else 1


def _depth_of_box(tree: _Tree, heading: Candidate) -> int:
    """Place a box (专栏) or table below the last heading that stands alone on its line.

    A heading that runs on in its own paragraph ends with it; a box behind it belongs to the heading above.
    """
    depth = len(tree.open)
    while depth > 0 and (tree.entry(depth).runs_on or tree.entry(depth).kind == "box"):
        depth -= 1
    return depth + 1


def _depth_of_gap(tree: _Tree, index: int, heading: Candidate) -> int | None:
    """Place a number that no open list leads to: a mark mistyped for another of its form, or a gap in a list."""
    number = heading.number or 0
    if tree.running.get(heading.style) == number - 1:
        return None
    for depth, parent in tree.parents():
        for style, before in tree.last[parent].items():
            like = next(h for h in tree.headings if h.style == style)
            following = next((h.number for h in tree.headings[index + 1 :] if h.style == style), None)
            if before == number - 1 and like.form == heading.form and following != number and style != heading.style:
                tree.headings[index] = replace(heading, style=style, rank=like.rank)
                return depth
    for depth, parent in tree.parents():
        if tree.last[parent].get(heading.style, number) < number:
            return depth
    return None


def _depth_of_new_list(tree: _Tree, index: int, heading: Candidate) -> int:
    if tree.open and tree.entry(len(tree.open)).style == "table":
        # a table holds rows, no headings: what follows it stands beside it
        tree.open.pop()
    for depth in range(len(tree.open), 0, -1):
        if tree.entry(depth).kind != "heading":
            break
        if tree.entry(depth).style == heading.style:
            return depth
    depth = len(tree.open) + 1
    while depth > 1 and _stands_above(tree, index, heading, tree.headings[tree.open[depth - 2]]):
        depth -= 1
    return depth


def _stands_above(tree: _Tree, index: int, heading: Candidate, other: Candidate) -> bool:
    """Tell whether `heading` closes `other` and does not stand below it."""
    if other.kind != "heading" or other.style == PLAIN or (other.style[0] == "h" and other.style[1:].isdigit()):
        return False
    if (heading.style, other.style) in tree.above:
        return True
    if (other.style, heading.style) in tree.above:
        return False
    for later in tree.headings[index + 1 :]:
        if later.style == other.style and later.number is not None and other.number is not None:
            return later.number != other.number + 1
        if later.rank < min(heading.rank, other.rank):
            break
    return heading.rank < other.rank
