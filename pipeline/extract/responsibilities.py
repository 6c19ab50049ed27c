"""Who leads, answers for or takes part in what: every stated list of bodies, in all customary notations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.extract.responsibility_names import ListReader
from pipeline.extract.responsibility_notes import Note, NoteReader
from pipeline.extract.responsibility_pieces import Covered, blank
from pipeline.extract.responsibility_prose import find_prose
from pipeline.extract.responsibility_rules import find_first_rules, find_standing_rules
from pipeline.lexicon import Lexicon
from pipeline.model.findings import Responsibility, ResponsibilityBasis
from pipeline.model.outline import Outline, Section
from pipeline.model.source import Problem, Span
from pipeline.model.text import Text

PLAN_KINDS = ("preamble", "section", "task", "row", "annex")
# Of rows that say the same of one section, the one from the nearest source stays.
BASES: tuple[ResponsibilityBasis, ...] = ("note", "table", "rule", "heading", "prose")
RANK = {basis: rank for rank, basis in enumerate(BASES)}
NOTHING = Covered(())
Stated = dict[int, list[tuple[Note, ResponsibilityBasis]]]


def find_responsibilities(
    text: Text, outline: Outline, lexicon: Lexicon
) -> tuple[tuple[Responsibility, ...], tuple[Problem, ...]]:
    """Give one row per section, role and body, by section and place, and the notes that could not be read whole.

    Notes in brackets or on lines of their own give basis `note` to the section whose own part they stand in; cells of
    table rows give `table`, merged ones in the rows below their first `heading`; rules for all later lists
    (以下均涉及…，不再列出) `rule`; the notes of a heading, and the rule that the first body leads, give `heading` to
    what they govern; plain sentences (由财政局牵头) `prose`. Names are as written, made complete (市科技局、财政局
    gives 市财政局). `start` and `end` are the place of the name, or that of rule or note where the row is inherited.
    Bodies at the edges of the document (contacts, 抄送) give none.
    """
    return _Finder(text, outline, lexicon).run()


class _Finder:
    def __init__(self, text: Text, outline: Outline, lexicon: Lexicon) -> None:
        self.text = text.text
        self.sections = outline.sections
        self.lexicon = lexicon
        reader = ListReader(text.text, lexicon)
        inside = [
            (index, section)
            for index, section in enumerate(self.sections)
            if section.plan is not None and section.kind in PLAN_KINDS
        ]
        self.reader = reader
        self.inside = inside
        self.standing = find_standing_rules(reader, inside)
        self.firsts = find_first_rules(reader, inside)
        cuts = sorted([rule.cut for rule in self.standing] + [rule.span for rule in self.firsts])
        self.last_cells: dict[str, Note] = {}
        self.notes = NoteReader(text.text, reader, tuple(cuts))

    def run(self) -> tuple[tuple[Responsibility, ...], tuple[Problem, ...]]:
        stated: Stated = {index: self._stated(section) for index, section in self.inside}
        rows: list[Responsibility] = []
        ruled = Covered([rule.span for rule in self.standing])
        for index, section in self.inside:
            for note, basis in stated[index]:
                rows += _of_note(index, note, basis)
            if stated[index]:
                rows += self._of_rules(index, stated[index])
            else:
                rows += self._inherited(index, stated)
            notes = Covered([Span(note.start, note.end) for note, _ in stated[index]]) if stated[index] else NOTHING
            rows += find_prose(self.reader, index, section, (notes, ruled))
        return tuple(_unique(rows)), tuple(self.notes.problems)

    def _stated(self, section: Section) -> list[tuple[Note, ResponsibilityBasis]]:
        """Give what a section states itself: the cells of a row, else the notes in its own part."""
        cells: list[tuple[Note, ResponsibilityBasis]] = []
        for cell in section.cells:
            head = blank(cell.head)
            role = self.lexicon.roles.of_label(head)
            if role is None:
                continue
            above = self.last_cells.get(head)
            note = above and self.notes.repeated(cell.start, cell.end, above)
            note = note or self.notes.cell(cell.start, cell.end, role, head)
            if note is not None:
                self.last_cells[head] = note
                # a cell that begins before its row is merged: it was stated in a row above
                cells.append((note, "table" if cell.start >= section.start else "heading"))
        if cells:
            return cells
        return [(note, "note") for note in self.notes.find(section.start, section.end)]

    def _of_rules(self, index: int, stated: list[tuple[Note, ResponsibilityBasis]]) -> Iterator[Responsibility]:
        """Give what rules stated here or above in the plan add to a section that has a list of its own."""
        plan = self.sections[index].plan
        for rule in self.standing:
            if rule.section <= index and self.sections[rule.section].plan == plan:
                for name in rule.names:
                    yield Responsibility(index, rule.role, rule.role_text, name.organisation, "rule", True, *rule.span)
        group = stated[0][0].groups[0]
        if group.role != "responsible":
            return
        for first in self.firsts:
            governs = first.section <= index if first.onward else first.section == index
            if governs and self.sections[first.section].plan == plan:
                words = blank(self.text[first.span.start : first.span.end])
                leader = group.names[0].organisation
                yield Responsibility(index, "lead", words, leader, "heading", True, *first.span)

    def _inherited(self, index: int, stated: Stated) -> Iterator[Responsibility]:
        """Give what the nearest heading above with a note of its own passes down."""
        parent = self.sections[index].parent
        while parent is not None and not stated.get(parent):
            parent = self.sections[parent].parent
        for note, _ in stated.get(parent, []) if parent is not None else []:
            for group in note.groups:
                for name in group.names:
                    yield Responsibility(
                        index, group.role, group.role_text, name.organisation, "heading", True, note.start, note.end
                    )


def _of_note(index: int, note: Note, basis: ResponsibilityBasis) -> Iterator[Responsibility]:
    for group in note.groups:
        for name in group.names:
            yield Responsibility(
                index, group.role, group.role_text, name.organisation, basis, basis == "heading", name.start, name.end,
                Span(note.start, note.end),
            )  # fmt: skip


def _unique(rows: Iterable[Responsibility]) -> Iterator[Responsibility]:
    """Keep the first of the rows that say the same of one section: its own list before a rule before a heading."""
    seen = set()
    for row in sorted(rows, key=lambda row: (row.section, RANK[row.basis], row.start)):
        key = (row.section, row.role, row.organisation)
        if key not in seen:
            seen.add(key)
            yield row
