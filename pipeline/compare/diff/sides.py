"""One side of a comparison: the rows of its documents, flattened, with what they are compared by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.compare.diff.letters import letters
from pipeline.compare.diff.names import Names
from pipeline.lexicon import Lexicon
from pipeline.model.tables import (
    DocumentRow,
    OrganisationRow,
    PlanRow,
    Record,
    ResponsibilityRow,
    SectionRow,
    TargetRow,
    TaskRow,
)

TASKS = ("task", "row")
# Levels of the administrations that stand for a part of a place.
PARTS = ("zone", "township")
COUNTRY = "全国"


@dataclass(frozen=True, slots=True)
class Node:
    """A section: its row, that of its task if it is one, its place in the tree, the letters of title and own text."""

    section: SectionRow
    task: TaskRow | None
    plan: int | None
    parent: int | None
    title: str
    body: str

    @property
    def element(self) -> str:
        """What the table of changes calls it."""
        return "task" if self.section.kind in TASKS else "section"

    @property
    def wording(self) -> str:
        """Title and text in one."""
        return self.title + self.body


@dataclass(frozen=True, slots=True)
class Goal:
    """A target: its row, the section in which it stands, the canonical name of its indicator and the area it is for.

    `area` is empty for the whole place of the document; `place` is that place. `late` tells by how many years it is due
    after its plan ends, None where either is not known. `frame` are the letters of its sentence. `measured` is the
    dimension of its unit (`occasions` for 人次), None for counting words (家, 个). `adds` tells that the verb plainly
    adds to what is there (新增, 引进); 培育1200家 and 达到2800家 may be meant alike.
    """

    row: TargetRow
    node: int
    name: str
    area: str
    late: int | None
    place: str
    frame: str
    measured: str | None
    adds: bool


@dataclass(frozen=True, slots=True)
class Charge:
    """A responsible body: its row, its section, its entry in the register."""

    row: ResponsibilityRow
    node: int
    body: OrganisationRow | None


class Side:
    """All rows of one side in reading order. Places in its lists are what the stages of the comparison speak of."""

    def __init__(self, records: Sequence[Record], lexicon: Lexicon) -> None:
        self.records = tuple(records)
        self.lexicon = lexicon
        self.documents: tuple[DocumentRow, ...] = tuple(record.document for record in self.records)
        self.plans: tuple[PlanRow, ...] = tuple(plan for record in self.records for plan in record.plans)
        self.plan_at = {plan.plan_id: place for place, plan in enumerate(self.plans)}
        self.nodes = tuple(self._nodes())
        self.node_at = {node.section.section_id: place for place, node in enumerate(self.nodes)}
        self.maybe_totals = tuple(sorted(lexicon.wording["maybe_total"]))
        self.charges = tuple(self._charges())
        self.areas = self._areas()
        self.goals = tuple(self._goals())

    def _nodes(self) -> list[Node]:
        tasks = {task.task_id: task for record in self.records for task in record.tasks}
        rows = [row for record in self.records for row in record.sections]
        notes = _notes(self.records)
        at = {row.section_id: place for place, row in enumerate(rows)}
        nodes = []
        for row in rows:
            task = tasks.get(row.section_id)
            title = letters(_heading(row, notes.get(row.section_id, ())))
            nodes.append(
                Node(
                    section=row,
                    task=task,
                    plan=None if row.plan_id is None else self.plan_at[row.plan_id],
                    parent=None if row.parent_id is None else at[row.parent_id],
                    title=title,
                    body=_body(row, task, title, notes.get(row.section_id, ())),
                )
            )
        return nodes

    def _goals(self) -> list[Goal]:
        goals = []
        for record in self.records:
            names = Names(record.document, self.lexicon)
            verbs = {found.target_id: found.quote for found in record.evidence if found.field == "kind"}
            ends = _ends(record)
            for row in record.targets:
                end = ends.get(row.plan_id)
                node = self.node_at[row.section_id]
                heading = self.areas.get(node, "")
                area = names.area(row.scope) or heading
                goals.append(
                    Goal(
                        row=row,
                        node=node,
                        name=names.indicator(row.indicator.removeprefix(area) or row.indicator),
                        area=area,
                        late=row.year_end - end if row.year_end is not None and end is not None else None,
                        place=place_of(record.document),
                        frame=letters(row.sentence),
                        measured=self._measured(row.unit),
                        adds=row.kind == "increase" and not verbs.get(row.target_id, "").startswith(self.maybe_totals),
                    )
                )
        return goals

    def _measured(self, unit: str | None) -> str | None:
        # One who comes three times is 3人次: these are no 人 who could be set against 人.
        if unit in self.lexicon.wording["occasions"]:
            return "occasions"
        measure = self.lexicon.measures.by_unit.get(unit or "")
        return measure.dimension if measure is not None and measure.dimension != "count" else None

    def _charges(self) -> list[Charge]:
        charges = []
        for record in self.records:
            register = {body.organisation_id: body for body in record.organisations}
            charges += [
                Charge(row, self.node_at[row.section_id], register.get(row.organisation_id))
                for row in record.responsibilities
            ]
        return charges

    def _areas(self) -> dict[int, str]:
        """Give the area that the targets of a section are for, where its heading names one that has it in charge.

        A task for a part of the place is customarily headed by its name (全面提升…高新区…) and given to its own
        administration first; its targets then leave the name out.
        """
        endings = sorted(self.lexicon.bodies.organs, key=lambda word: (-len(word), word))
        found: dict[int, str] = {}
        for place, charges in self.charges_of.items():
            first = self.charges[charges[0]]
            if first.body is None or first.body.level not in PARTS or first.body.function == "collective":
                continue
            names = [first.row.organisation]
            names += [names[0].removesuffix(ending) for ending in endings if names[0].endswith(ending)][:1]
            titles = self._titles(place)
            for name in names:
                if len(name) > 1 and any(name in title for title in titles):
                    found[place] = name
        return found

    def _titles(self, place: int) -> list[str]:
        """Give the titles of a section and of those above it."""
        titles = []
        here: int | None = place
        while here is not None:
            titles.append(self.nodes[here].section.title or "")
            here = self.nodes[here].parent
        return titles

    @cached_property
    def children(self) -> dict[tuple[int | None, int | None], list[int]]:
        """The nodes below each plan and parent, in reading order."""
        below: dict[tuple[int | None, int | None], list[int]] = {}
        for place, node in enumerate(self.nodes):
            below.setdefault((node.plan, node.parent), []).append(place)
        return below

    @cached_property
    def goals_of(self) -> dict[int, list[int]]:
        """The goals of each node."""
        return _by_node([goal.node for goal in self.goals])

    @cached_property
    def charges_of(self) -> dict[int, list[int]]:
        """The charges of each node."""
        return _by_node([charge.node for charge in self.charges])


def _ends(record: Record) -> dict[str | None, int]:
    """Give the year in which each plan ends: as it says, else the last year of its targets."""
    ends: dict[str | None, int] = {}
    for row in record.targets:
        if row.year_end is not None:
            ends[row.plan_id] = max(row.year_end, ends.get(row.plan_id, row.year_end))
    return ends | {plan.plan_id: plan.period_end for plan in record.plans if plan.period_end is not None}


def place_of(document: DocumentRow) -> str:
    """Give the place that a document speaks for, the country where the centre speaks; empty where it is not known."""
    return document.place or (COUNTRY if document.level == "national" else "")


def _by_node(nodes: Sequence[int]) -> dict[int, list[int]]:
    groups: dict[int, list[int]] = {}
    for place, node in enumerate(nodes):
        groups.setdefault(node, []).append(place)
    return groups


def _heading(row: SectionRow, note: Sequence[ResponsibilityRow]) -> str:
    """Give the words that name a section.

    A paragraph of one sentence has that for a title; its first clause says which task it is (建成信息平台，年内上线
    运行). A row of a table has its goal for a title; the cell before it names the task, where there is one.
    """
    title = row.title or ""
    if row.kind == "row":
        cells = [cell.strip() for cell in row.text.split("\t")]
        named = cells[: cells.index(title)] if title in cells else []
        return next((cell for cell in reversed(named) if not cell.isdigit()), "") or title
    if row.kind == "task" and letters(_without_note(row, note)) == letters(f"{row.label or ''}{title}"):
        return title.partition("，")[0]
    return title


def _notes(records: Sequence[Record]) -> dict[str, list[ResponsibilityRow]]:
    """Give the bodies that the note of each section names (责任单位：市科技局、市工信局)."""
    notes: dict[str, list[ResponsibilityRow]] = {}
    for record in records:
        for row in record.responsibilities:
            if row.basis == "note":
                notes.setdefault(row.section_id, []).append(row)
    return notes


def _body(row: SectionRow, task: TaskRow | None, title: str, note: Sequence[ResponsibilityRow]) -> str:
    """Give the letters of a section's own text without its mark, its title and the bodies that its note names.

    Title and bodies are compared apart; the parts of a split task have the same note.
    """
    if task is not None and task.text is not None and not note:
        return letters(task.text)
    words = letters(_without_note(row, note))
    words = words.removeprefix(letters(row.label or ""))
    return words.removeprefix(title) if title else words


def _without_note(row: SectionRow, note: Sequence[ResponsibilityRow]) -> str:
    inside = [charge for charge in note if row.char_start <= charge.char_start and charge.char_end <= row.char_end]
    if not inside:
        return row.text
    start = min(charge.char_start for charge in inside) - row.char_start
    end = max(charge.char_end for charge in inside) - row.char_start
    before, between, after = row.text[:start], row.text[start:end], row.text[end:]
    if "。" in between:
        return row.text
    roles = sorted({charge.role_text or "" for charge in inside}, key=len, reverse=True)
    bare = before.rstrip("：: （(〔[【")
    return next((bare.removesuffix(role) for role in roles if role and bare.endswith(role)), before) + after
