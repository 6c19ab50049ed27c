"""Pairs → typed changes: one row for each pair and each element without partner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from hashlib import sha256
from typing import Any

from pipeline.compare.diff.align import Alignment
from pipeline.compare.diff.assignment import Pairs
from pipeline.compare.diff.charge_pairs import NEW_FORM, SAME, SAME_FUNCTION, SAME_WORDS, SUCCESSOR, TOOK_OVER
from pipeline.compare.diff.content import as_json, content, differences, figure
from pipeline.compare.diff.letters import letters
from pipeline.compare.diff.names import Likeness
from pipeline.compare.diff.sides import Goal, Node, Side
from pipeline.compare.diff.target_changes import Plans, Verdict, target_verdict
from pipeline.compare.diff.target_pairs import SURE, areas_apart
from pipeline.model.changes import ChangeRow, Relation
from pipeline.model.tables import PlanRow, ResponsibilityRow, TargetRow

SIGNS = {"=": "", ">=": "≥ ", ">": "> ", "<=": "≤ ", "<": "< ", "~": "≈ ", "range": ""}
# A pair below this, or with a rival this near, is shown to a person as doubtful.
DOUBTFUL, NEAR = 0.5, 0.03

# Places of a pair in the lists of the two sides; None where an element has no partner.
Pair = tuple[int | None, int | None]

# Why two names are those of one body.
RENAMED = {
    SAME: "another of its names", SAME_WORDS: "spelled otherwise", SUCCESSOR: "took over from it",
    SAME_FUNCTION: "of the same function", NEW_FORM: "of the same function, by a name like it",
}  # fmt: skip


class Changes:
    """Writes the rows of one comparison."""

    def __init__(self, a: Side, b: Side, alignment: Alignment, relations: Iterable[Relation]) -> None:
        self.a, self.b, self.alignment = a, b, alignment
        self.copies = {(row.a_document_id, row.b_document_id) for row in relations if row.kind in ("copy", "same")}
        self.of_copies = {document_id for pair in self.copies for document_id in pair}
        self.likeness = Likeness(a.lexicon)
        self.moved: dict[Pair, str] = dict(alignment.moves.items())
        self.partner = dict(alignment.sections.keys())
        self.targets = alignment.again | alignment.targets
        self.sections = alignment.parts | alignment.sections
        self.held = frozenset(self.partner.values())

    def rows(self) -> Iterator[ChangeRow]:
        """Give all rows: plans, sections and tasks, targets, responsibilities; each group in reading order."""
        yield from self._plans()
        yield from self._sections()
        yield from self._targets()
        yield from self._charges()

    # Plans

    def _plans(self) -> Iterator[ChangeRow]:
        a, b = self.a.plans, self.b.plans
        for i, j in in_order(len(a), len(b), self.alignment.plans):
            one, other = _at(a, i), _at(b, j)
            fields = differences(content(one), content(other))
            changes = []
            if one is not None and other is not None:
                if letters(one.title or "") != letters(other.title or "") and not self._copied(one, other):
                    changes.append("renamed")
                changes += _period(one, other)
            yield self._row(
                "plan", one, other, changes, fields, "plan_id", _score(self.alignment.plans, (i, j)),
                words=("title", _years), reason=None if one is None or other is None else "by title and wording",
            )  # fmt: skip

    # Sections and tasks

    def _sections(self) -> Iterator[ChangeRow]:
        a, b = self.a.nodes, self.b.nodes
        splits = {i for i, j in self.alignment.parts if i in self.partner and self.partner[i] != j}
        mergers = {j for i, j in self.alignment.parts if i not in self.partner}
        for i, j in in_order(len(a), len(b), self.sections):
            yield self._section(_at(a, i), _at(b, j), (i, j), i in splits, j in mergers)

    def _section(self, one: Node | None, other: Node | None, pair: Pair, split: bool, merged: bool) -> ChangeRow:
        fields = differences(_section_content(one, other), _section_content(other, one))
        changes, reasons = [], []
        if one is not None and other is not None:
            if split or merged:
                changes.append("split" if split else "merged")
                reasons.append("a part of it goes on here" if split else "it goes on as a part of this one")
            if (reason := self.moved.get(pair)) is not None:
                changes.append("moved")
                reasons.append(reason)
            if not self._copied(one.section, other.section):
                if self._other_lead(pair):
                    changes.append("lead_changed")
                changes += self._wording(one, other, reasons)
            elif one.wording != other.wording:
                reasons.append("the copy spells it otherwise")
        element = "task" if "task" in {node.element for node in (one, other) if node is not None} else "section"
        score = _score(self.sections, pair)
        return self._row(
            element, one and one.section, other and other.section, changes, fields, "section_id", score,
            words=("title", lambda row: row.title), reason="; ".join(reasons) or None,
            doubtful=self._doubtful("sections", pair, score, DOUBTFUL),
        )  # fmt: skip

    def _wording(self, one: Node, other: Node, reasons: list[str]) -> list[str]:
        """Give how title and text of a pair of sections differ."""
        changes = []
        # The title over a preamble is that of the plan, which has a row of its own.
        if one.title != other.title and one.section.kind != "preamble":
            changes.append("renamed")
        if one.body != other.body:
            changes.append("reworded")
            if _without_figures(one.body) == _without_figures(other.body):
                reasons.append("only its figures differ")
        return changes

    def _other_lead(self, pair: Pair) -> bool:
        """Tell whether other bodies lead a task: no pairs of those that led it.

        A body that goes on by a new name, or that of the same function in another place, leads on. Where a note names
        no lead, the body that it names first has it by custom.
        """
        i, j = pair
        if i is None or j is None or self.a.nodes[i].task is None or self.b.nodes[j].task is None:
            return False
        first, second = leads(self.a, i), leads(self.b, j)
        if not {row.role for row in (*first.values(), *second.values())} & {"lead"}:
            return False
        kept = [(x, y) for (x, y), score in self.alignment.charges.items() if score != TOOK_OVER]
        both = [(x, y) for x, y in kept if x in first and y in second]
        return {x for x, _ in both} != first.keys() or {y for _, y in both} != second.keys()

    # Targets

    def _targets(self) -> Iterator[ChangeRow]:
        a, b = self.a.goals, self.b.goals
        others = self._other_goals()
        for i, j in in_order(len(a), len(b), self.targets):
            one, other = _at(a, i), _at(b, j)
            if i is None or j is None:
                yield self._lone_target(one, other, others)
            else:
                yield self._target(one, other, (i, j))

    def _target(self, one: Goal, other: Goal, pair: tuple[int, int]) -> ChangeRow:
        again = pair in self.alignment.again
        score = self.targets[pair]
        copied = self._copied(one.row, other.row)
        one, other = areas_apart(one, other, self.likeness)
        likeness = self.likeness.of(one.name, other.name)
        verdict = target_verdict(
            one,
            other,
            self._plans_of(one, other),
            renamed=likeness < 1.0 and one.row.indicator_id != other.row.indicator_id and not copied,
            moved=not again and self._elsewhere(one, other),
        )
        if copied:
            verdict = _as_copy(verdict)
        reasons = list(verdict.reasons)
        if again:
            reasons.insert(0, "said once on one side, several times on the other")
        if likeness < 1.0:
            reasons.append("the copy spells its name otherwise" if copied else f"names alike by {likeness:.2f}")
        return self._row(
            "target", one.row, other.row, verdict.changes, differences(content(one.row), content(other.row)),
            "target_id", score, words=("quote", _figure), comparable=verdict.comparable,
            reason="; ".join(reasons) or None, doubtful=not again and self._doubtful("targets", pair, score, SURE),
        )  # fmt: skip

    def _lone_target(self, one: Goal | None, other: Goal | None, others: dict[tuple[str, str], Goal]) -> ChangeRow:
        goal = one or other
        assert goal is not None
        found = others.get(("b" if one else "a", goal.name))
        reason, lost = None, goal.row.document_id in self.of_copies
        if lost:
            reason = "the figure or its words may be damaged in the copy"
        elif found is not None:
            reason = f"the other side has another target of this name: {_figure(found.row)} ({found.row.kind})"
        rows = (one and one.row, other and other.row)
        return self._row(
            "target", *rows, (), differences(content(rows[0]), content(rows[1])), "target_id", None,
            words=("quote", _figure), reason=reason, doubtful=lost,
        )  # fmt: skip

    def _other_goals(self) -> dict[tuple[str, str], Goal]:
        """Give the first goal of each name on each side."""
        found: dict[tuple[str, str], Goal] = {}
        for name, side in (("a", self.a), ("b", self.b)):
            for goal in side.goals:
                found.setdefault((name, goal.name), goal)
        return found

    def _plans_of(self, one: Goal, other: Goal) -> Plans:
        plans = [_at(side.plans, side.nodes[goal.node].plan) for side, goal in ((self.a, one), (self.b, other))]
        # A plan that does not tell its years ends with the last of its targets.
        ends = [
            goal.row.year_end - goal.late if goal.row.year_end is not None and goal.late is not None else None
            for goal in (one, other)
        ]
        spans = [
            plan.period_end - plan.period_start + 1 if plan and plan.period_end and plan.period_start else None
            for plan in plans
        ]
        later = ends[1] - ends[0] if ends[0] is not None and ends[1] is not None else None
        starts = [plan.period_start if plan else None for plan in plans]
        return Plans(later, spans[0], spans[1], starts[0] is not None and starts[0] == starts[1])

    def _elsewhere(self, one: Goal, other: Goal) -> bool:
        """Tell whether a target stands in another section, where its own section goes on."""
        if (one.node, other.node) in self.alignment.parts:
            return False
        kept = self.partner.get(one.node)
        return kept is not None and kept != other.node and other.node in self.held

    # Responsibilities

    def _charges(self) -> Iterator[ChangeRow]:
        a, b = self.a.charges, self.b.charges
        for i, j in in_order(len(a), len(b), self.alignment.charges):
            one, other = _at(a, i), _at(b, j)
            changes, reasons, comparable = [], [], True
            if one is not None and other is not None:
                x, y = one.row, other.row
                same_body = x.organisation_id == y.organisation_id
                other_place = bool(
                    one.body and other.body and _two_places(one.body.place, other.body.place) and not same_body
                )
                score = _score(self.alignment.charges, (i, j)) or 0.0
                if score == TOOK_OVER:
                    changes.append("lead_changed")
                    reasons.append("another body is named first")
                elif other_place:
                    comparable = False
                    reasons.append("the body of the same function in another place")
                elif not same_body and letters(x.organisation) != letters(y.organisation):
                    if not self._copied(x, y):
                        changes.append("renamed")
                    reasons.append(RENAMED[score])
                if x.role != y.role:
                    changes.append("lead_changed" if "lead" in (x.role, y.role) else "kind_changed")
                    reasons.append(f"{x.role} before, {y.role} now")
            yield self._row(
                "responsibility", one and one.row, other and other.row, changes,
                differences(content(one and one.row), content(other and other.row)), "responsibility_id",
                _score(self.alignment.charges, (i, j)), words=("quote", lambda row: f"{row.organisation} ({row.role})"),
                comparable=comparable, reason="; ".join(reasons) or None,
            )  # fmt: skip

    # Rows

    def _copied(self, one: Any, other: Any) -> bool:
        return (one.document_id, other.document_id) in self.copies

    def _doubtful(self, name: str, pair: Pair, score: float | None, sure: float) -> bool:
        rival = _score(self.alignment.rivals[name], pair)
        if score is None or rival is None:
            return False
        return score < sure or (score < 1.0 and rival > score - NEAR)

    def _row(
        self, element: str, one: Any, other: Any, changes: Iterable[str], fields: dict[str, Any], key: str,
        score: float | None, *, words: tuple[str, Any], comparable: bool = True, reason: str | None = None,
        doubtful: bool = False,
    ) -> ChangeRow:  # fmt: skip
        found = list(dict.fromkeys(changes)) or ["unchanged"]
        if one is None or other is None:
            found = ["new" if one is None else "dropped"]
        ids = [getattr(row, key) if row is not None else None for row in (one, other)]
        quote, shown = words
        return ChangeRow(
            change_id="c" + sha256(f"{element} {ids[0]} {ids[1]}".encode()).hexdigest()[:16],
            element=element,
            change=found[0],
            also=";".join(name for name in found[1:] if name != "unchanged") or None,
            a_document_id=one.document_id if one is not None else None,
            b_document_id=other.document_id if other is not None else None,
            a_id=ids[0],
            b_id=ids[1],
            a_quote=getattr(one, quote) if one is not None else None,
            b_quote=getattr(other, quote) if other is not None else None,
            before=shown(one) if one is not None else None,
            after=shown(other) if other is not None else None,
            fields=as_json(fields),
            comparable=comparable,
            score=None if score is None else Decimal(str(round(score, 4))),
            reason=reason,
            doubtful=doubtful,
        )


def in_order(first: int, second: int, pairs: Iterable[tuple[int, int]]) -> Iterator[Pair]:
    """Give pairs and lone elements by the second side; what was dropped stands behind what it stood behind."""
    by_b: dict[int, list[int | None]] = {}
    for i, j in sorted(pairs):
        by_b.setdefault(j, []).append(i)
    paired = {i for partners in by_b.values() for i in partners}
    waiting = [i for i in range(first) if i not in paired][::-1]
    highest = -1
    for j in range(second):
        for place in by_b.get(j, [None]):
            yield place, j
            highest = max(highest, -1 if place is None else place)
        while waiting and waiting[-1] <= highest + 1:
            highest = max(highest, waiting[-1])
            yield waiting.pop(), None
    yield from ((place, None) for place in reversed(waiting))


def leads(side: Side, node: int) -> dict[int, ResponsibilityRow]:
    """Give the bodies that lead a task: those called so, else the one that is named first."""
    named = {place: side.charges[place].row for place in side.charges_of.get(node, ())}
    return {place: row for place, row in named.items() if row.role == "lead"} or dict(list(named.items())[:1])


def _score(pairs: Pairs, pair: Pair) -> float | None:
    i, j = pair
    return None if i is None or j is None else pairs.get((i, j))


def _at(rows: Any, place: int | None) -> Any:
    return None if place is None else rows[place]


def _section_content(node: Node | None, other: Node | None) -> dict[str, Any]:
    """Give the content of a section, and of its task: the section's own columns then have `section.` before them."""
    if node is None:
        return {}
    if node.task is None and (other is None or other.task is None):
        return content(node.section)
    return content(node.task) | content(node.section, "section.")


def _period(one: PlanRow, other: PlanRow) -> list[str]:
    """Tell whether a plan was given more or less time; the plan of the next years was not postponed."""
    if one.period_end is None or other.period_end is None or one.period_start != other.period_start:
        return []
    shift = other.period_end - one.period_end
    return [] if shift == 0 else ["postponed" if shift > 0 else "brought_forward"]


def _two_places(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _without_figures(words: str) -> str:
    return "".join(character for character in words if not (character.isdigit() or character == "."))


def _years(row: Any) -> str:
    years = f" {row.period_start}–{row.period_end}" if row.period_start else ""
    return f"{row.title or ''}{years}"


def _figure(row: TargetRow) -> str:
    """Give a target's figure for a person: > 1000 家, 2025."""
    value = figure(row.value) + (f"–{figure(row.value_max)}" if row.value_max is not None else "")
    sign = "+" if row.kind == "increase" else ""
    unit = f" {row.unit}" if row.unit else ""
    when = " a year" if row.cadence == "annual" else ""
    year = f", {row.year_end}" if row.year_end is not None else ""
    return f"{SIGNS[row.comparator]}{sign}{value}{unit}{when}{year}"


def _as_copy(verdict: Verdict) -> Verdict:
    """Leave out what a copy only spells otherwise: bounds and places are read from words that may be damaged."""
    kept = tuple(name for name in verdict.changes if name in ("raised", "lowered", "unit_changed"))
    return Verdict(kept or ("unchanged",), verdict.comparable or not kept, verdict.reasons)
