"""Who leads, answers for or takes part in what: every stated list of bodies, in all customary notations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.extract.responsibility_names import ListReader, Name, blank
from pipeline.extract.responsibility_notes import Note, NoteReader
from pipeline.lexicon import Lexicon
from pipeline.model.findings import Responsibility, ResponsibilityBasis, Role
from pipeline.model.outline import Outline, Section
from pipeline.model.source import Problem, Span
from pipeline.model.text import Text

PLAN_KINDS = ("preamble", "section", "task", "row", "annex")


@dataclass(frozen=True, slots=True)
class StandingRule:
    """A rule stated once for many lists: names that all later lists have too (以下均涉及…)."""

    section: int
    span: Span
    names: tuple[Name, ...]
    role: Role
    role_text: str


def find_responsibilities(
    text: Text, outline: Outline, lexicon: Lexicon
) -> tuple[tuple[Responsibility, ...], tuple[Problem, ...]]:
    """Give one row per section, role and body, in the order of the text, and notes that could not be read whole.

    Notes in brackets or on lines of their own give basis `note` to the section whose own part they stand in, cells
    of table rows `table`, rules for all later lists (以下均涉及…，不再列出) `rule`, the notes of a heading, and the rule
    that the first body leads, `heading` to what they govern. Names are as written, made complete
    (市科技局、财政局 gives 市财政局); `start`, `end` are the place of the name, of rule or note where inherited.
    """
    return _Finder(text, outline, lexicon).run()


class _Finder:
    def __init__(self, text: Text, outline: Outline, lexicon: Lexicon) -> None:
        self.text = text.text
        self.sections = outline.sections
        self.roles = lexicon.roles
        self.list_reader = ListReader(text.text, lexicon)
        self.rules = self._standing_rules()
        self.firsts = self._first_rules()
        spans = tuple(sorted([rule.span for rule in self.rules] + [span for _, span in self.firsts]))
        self.notes = NoteReader(text.text, self.list_reader, spans)

    def run(self) -> tuple[tuple[Responsibility, ...], tuple[Problem, ...]]:
        stated = {index: self._stated(section) for index, section in enumerate(self.sections)}
        rows: list[Responsibility] = []
        for index, notes in stated.items():
            for note, basis in notes:
                rows += self._of_note(index, note, basis)
            if notes:
                rows += self._of_rules(index, notes)
            else:
                rows += self._inherited(index, stated)
        return tuple(_unique(rows)), tuple(self.notes.problems)

    def _stated(self, section: Section) -> list[tuple[Note, ResponsibilityBasis]]:
        """Give what a section states itself: the cells of a row, else the notes in its own part."""
        if section.plan is None or section.kind not in PLAN_KINDS:
            return []
        cells: list[tuple[Note, ResponsibilityBasis]] = []
        for cell in section.cells:
            head = blank(cell.head)
            role = self.roles.of_label(head)
            note = self.notes.cell(cell.start, cell.end, role, head) if role else None
            if note is not None:
                cells.append((note, "table"))
        if cells:
            return cells
        return [(note, "note") for note in self.notes.find(section.start, section.end)]

    def _of_note(self, index: int, note: Note, basis: ResponsibilityBasis) -> Iterator[Responsibility]:
        for group in note.groups:
            for name in group.names:
                yield Responsibility(
                    index, group.role, group.role_text, name.organisation, basis, False, name.start, name.end
                )

    def _of_rules(self, index: int, notes: list[tuple[Note, ResponsibilityBasis]]) -> Iterator[Responsibility]:
        """Give what rules stated here or above in the plan add to a section that has a list of its own."""
        plan = self.sections[index].plan
        for rule in self.rules:
            if rule.section <= index and self.sections[rule.section].plan == plan:
                for name in rule.names:
                    yield Responsibility(
                        index,
                        rule.role,
                        rule.role_text,
                        name.organisation,
                        "rule",
                        True,
                        rule.span.start,
                        rule.span.end,
                    )
        for section, span in self.firsts:
            if self.sections[section].plan != plan or index < section:
                continue
            group = notes[0][0].groups[0]
            if group.role != "lead":
                first = group.names[0]
                words = blank(self.text[span.start : span.end])
                yield Responsibility(index, "lead", words, first.organisation, "heading", True, span.start, span.end)

    def _inherited(
        self, index: int, stated: dict[int, list[tuple[Note, ResponsibilityBasis]]]
    ) -> Iterator[Responsibility]:
        """Give what the nearest heading above with a note of its own passes down."""
        parent = self.sections[index].parent
        while parent is not None and not stated.get(parent):
            parent = self.sections[parent].parent
        if parent is None:
            return
        for note, _ in stated[parent]:
            for row in self._of_note(index, note, "heading"):
                yield Responsibility(
                    index, row.role, row.role_text, row.organisation, "heading", True, note.start, note.end
                )

    def _standing_rules(self) -> tuple[StandingRule, ...]:
        found = []
        for index, section in self._plan_sections():
            for rule in self.roles.standing:
                for match in rule.pattern.finditer(self.text, section.start, section.end):
                    items = self.list_reader.read(*match.span("names"))
                    names = tuple(item for item in items if isinstance(item, Name))
                    marks = [item for item in items if not isinstance(item, Name)]
                    if not names or not all(self.list_reader.is_body(name.organisation) for name in names):
                        continue
                    label = match.groupdict().get("label") or (
                        marks[-1].text if marks else self._label_above(match.start())
                    )
                    role = self.roles.of_label(label) or "responsible"
                    found.append(StandingRule(index, Span(*match.span()), names, role, label))
        return tuple(found)

    def _label_above(self, place: int) -> str:
        """Give the role label of the list in which a rule stands, 责任单位 where it stands in none."""
        line = self.text.rfind("\n", 0, place) + 1
        labels = [match[0] for match in self.roles.opening.finditer(self.text, line, place)]
        return labels[-1] if labels else "责任单位"

    def _first_rules(self) -> tuple[tuple[int, Span], ...]:
        """Give the rules by which the first body of a list leads, each with the first section that it governs."""
        found = []
        for index, section in self._plan_sections():
            for rule in self.roles.first:
                for match in rule.pattern.finditer(self.text, section.start, section.end):
                    found.append((index, Span(*match.span())))
        return tuple(found)

    def _plan_sections(self) -> Iterator[tuple[int, Section]]:
        for index, section in enumerate(self.sections):
            if section.plan is not None and section.kind in PLAN_KINDS:
                yield index, section


def _unique(rows: Iterable[Responsibility]) -> Iterator[Responsibility]:
    """Keep the first of the rows that say the same of one section: its own list before a rule before a heading."""
    order = ("note", "table", "rule", "heading", "prose")
    seen = set()
    for row in sorted(rows, key=lambda row: (row.section, order.index(row.basis), row.start)):
        key = (row.section, row.role, row.organisation)
        if key not in seen:
            seen.add(key)
            yield row
