"""Sections that were split or merged: what has no partner of its own, but stands in a section that has one.

Its wording tells, or its targets where all was written anew.
"""

from __future__ import annotations

from pipeline.compare.diff.assignment import Pairs
from pipeline.compare.diff.letters import shingles
from pipeline.compare.diff.sides import Node, Side

# Shorter texts are found in many others by chance.
LEAST_LETTERS = 20
SIZE = 5
# So much of the text must stand in the other section, and so much of it where that section's partner has it not.
HELD, NOT_IN_PARTNER = 0.6, 0.6
# Of the part that kept the title less is enough.
HELD_BY_NAME = 0.35
COMMON = 20
# Targets that are plainly the same, and so many of those of a part must stand in one task.
SAME_GOAL, MOST_GOALS = 0.8, 0.5
# One target alone may have moved to a task that stayed what it was when its own was dropped.
FEWEST_GOALS = 2


def find_parts(a: Side, b: Side, pairs: Pairs) -> Pairs:
    """Give the further pairs of splits (section of `a`, part in `b`) and mergers (part in `a`, section of `b`).

    The score is the share of the part's wording that stands in the whole.
    """
    found = {(whole, part): score for part, whole, score in _parts(b, a, {j: i for i, j in pairs})}
    found |= {(part, whole): score for part, whole, score in _parts(a, b, dict(pairs.keys()))}
    return dict(sorted(found.items()))


def parts_by_goals(a: Side, b: Side, pairs: Pairs, parts: Pairs, targets: Pairs) -> Pairs:
    """Give the further pairs of splits and mergers whose targets say so; the score is the share of targets.

    A task without partner, most of whose targets now stand in one task that has another partner, goes on in that one.
    """
    plain = [pair for pair, score in targets.items() if score >= SAME_GOAL]
    done = pairs.keys() | parts.keys()
    busy = {i for i, _ in done}, {j for _, j in done}
    partners = dict(pairs.keys()), {j: i for i, j in pairs}
    found: Pairs = {}
    for which, side, other in ((0, a, b), (1, b, a)):
        shared: dict[int, list[int]] = {}
        for pair in plain:
            place = side.goals[pair[which]].node
            if place not in busy[which] and _is_task(side.nodes[place]):
                shared.setdefault(place, []).append(other.goals[pair[1 - which]].node)
        for place, wholes in sorted(shared.items()):
            share = len(wholes) / len(side.goals_of[place])
            whole = wholes[0]
            kept = partners[1 - which].get(whole)
            if kept is None or not _is_task(other.nodes[whole]) or set(wholes) != {whole} or share < MOST_GOALS:
                continue
            renamed = side.nodes[kept].title != other.nodes[whole].title
            if renamed or len(wholes) >= FEWEST_GOALS:
                found[(place, whole) if which == 0 else (whole, place)] = round(share, 4)
    return dict(sorted(found.items()))


def _is_task(node: Node) -> bool:
    return node.section.kind == "task"


def _parts(parts: Side, wholes: Side, partners: dict[int, int]) -> list[tuple[int, int, float]]:
    """Give (part, whole, share) for each section of `parts` without partner that stands in one of `wholes`."""
    alone = [place for place, node in enumerate(parts.nodes) if place not in partners and _long(node)]
    if not alone:
        return []
    taken = {whole: part for part, whole in partners.items()}
    index: dict[str, list[int]] = {}
    wanted = {piece for place in alone for piece in shingles(parts.nodes[place].body, SIZE)}
    for place, node in enumerate(wholes.nodes):
        for piece in shingles(node.body, SIZE) & wanted:
            index.setdefault(piece, []).append(place)
    found = []
    for place in alone:
        pieces = shingles(parts.nodes[place].body, SIZE)
        counts: dict[int, int] = {}
        for piece in pieces:
            for whole in index.get(piece, ())[:COMMON]:
                counts[whole] = counts.get(whole, 0) + 1
        for whole, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:1]:
            share = count / len(pieces)
            named = bool(parts.nodes[place].title) and parts.nodes[place].title == wholes.nodes[whole].title
            enough = share >= (HELD_BY_NAME if named else HELD) and whole in taken
            if enough and _is_own(parts, place, taken[whole], wholes.nodes[whole]):
                found.append((place, whole, round(share, 4)))
    return found


def _long(node: Node) -> bool:
    return len(node.body) >= LEAST_LETTERS and node.plan is not None


def _is_own(parts: Side, place: int, partner: int, whole: Node) -> bool:
    """Tell whether the whole has this wording beside that of its partner: a text said twice is no split."""
    pieces = shingles(parts.nodes[place].body, SIZE) & shingles(whole.body, SIZE)
    rest = pieces - shingles(parts.nodes[partner].body, SIZE)
    return len(rest) >= NOT_IN_PARTNER * len(pieces)
