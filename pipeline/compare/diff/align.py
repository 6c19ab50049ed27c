"""Which plans, sections, targets and bodies of two sides are pairs: by wording first, then by their neighbours."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.compare.diff.assignment import Pairs
from pipeline.compare.diff.charge_pairs import pair_charges
from pipeline.compare.diff.moves import moved_pairs
from pipeline.compare.diff.parts import parts_by_goals
from pipeline.compare.diff.plan_pairs import pair_plans
from pipeline.compare.diff.section_pairs import likely_sections, pair_sections
from pipeline.compare.diff.sides import Side
from pipeline.compare.diff.target_pairs import pair_targets


@dataclass(frozen=True, slots=True)
class Alignment:
    """The pairs of places in the lists of two sides, each with its score.

    `parts` are the further pairs of sections that were split (one of the first side, several of the second) or
    merged. `again` are pairs of targets of which one side says once what the other says several times. `rivals` tell
    for a section or target how well the best other partner would have fitted, `moves` why a section has moved.
    """

    plans: Pairs
    sections: Pairs
    parts: Pairs
    targets: Pairs
    again: Pairs
    charges: Pairs
    moves: dict[tuple[int, int], str] = field(default_factory=dict)
    rivals: dict[str, Pairs] = field(default_factory=dict)

    def turned(self) -> Alignment:
        """Give the same pairs as seen from the other side."""
        return Alignment(
            plans=_turned(self.plans),
            sections=_turned(self.sections),
            parts=_turned(self.parts),
            targets=_turned(self.targets),
            again=_turned(self.again),
            charges=_turned(self.charges),
            moves={(j, i): reason for (i, j), reason in self.moves.items()},
            rivals={name: _turned(pairs) for name, pairs in self.rivals.items()},
        )


def align(a: Side, b: Side) -> Alignment:
    """Give the pairs of two sides.

    Plans first, then their sections by title, text and place in the tree; targets over all sections, as a plan may
    state a goal elsewhere than its predecessor; bodies within paired sections. `align(b, a)` gives the same pairs
    turned round: whichever way it is asked, one order of the sides is computed.
    """
    if _key(b) < _key(a):
        return align(b, a).turned()
    plans = pair_plans(a, b)
    likely = likely_sections(a, b, plans)
    sections = pair_sections(a, b, plans, likely=likely)
    targets = pair_targets(a, b, plans, sections.pairs, sections.parts)
    sections = pair_sections(a, b, plans, targets.pairs, likely)
    targets = pair_targets(a, b, plans, sections.pairs, sections.parts)
    parts = sections.parts | parts_by_goals(a, b, sections.pairs, sections.parts, targets.pairs)
    charges = pair_charges(a, b, sections.pairs, parts)
    return Alignment(
        plans=plans,
        sections=sections.pairs,
        parts=dict(sorted(parts.items())),
        targets=targets.pairs,
        again=targets.again,
        charges=charges,
        # Which of two neighbours that changed places has moved is a choice, the same one from either side.
        moves=moved_pairs(a, b, sections.pairs),
        rivals={"sections": sections.rivals, "targets": targets.rivals},
    )


def _key(side: Side) -> tuple[str, ...]:
    """Give an order of sides that does not depend on which of them was named first."""
    return tuple(plan.plan_id for plan in side.plans)


def _turned(pairs: Pairs) -> Pairs:
    return dict(sorted(((b, a), score) for (a, b), score in pairs.items()))
