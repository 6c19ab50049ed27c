"""Two sides of a comparison → their sections as blocks, pair by pair, with marks at their characters."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.compare.diff.words import word_changes
from pipeline.model.changes import Comparison
from pipeline.model.tables import SectionRow
from pipeline.view.aligned import Group, aligned
from pipeline.view.marks import Mark, Piece, pieces
from pipeline.view.told import Side, Told, heading, sides

EXCERPT = 40


@dataclass(frozen=True, slots=True)
class Block:
    """A section of one side with its pieces, its own changes and those of its organisations.

    `order` is its place on its side. `changed` is false where nothing in it changed and no damage is marked;
    `short` is true where there is no more than a heading. `alone` is new or dropped where it has no partner.
    """

    side: str
    anchor: str
    parent: str
    order: int
    section: SectionRow
    heading: str
    pieces: tuple[Piece, ...]
    changes: tuple[Told, ...]
    organisations: tuple[Told, ...]
    changed: bool
    short: bool
    alone: str

    @property
    def excerpt(self) -> str:
        """Its words that are not those of the other side; of a section without partner, its words after the heading."""
        if self.alone:
            words = "".join(piece.text for piece in self.pieces if "heading" not in piece.kinds)
        else:
            words = "".join(piece.text if piece.differs else "\n" for piece in self.pieces)
        # Words that follow a heading open with its full stop.
        words = " … ".join(part for part in (part.strip().lstrip("。．，；：") for part in words.split("\n")) if part)
        return words[:EXCERPT] + "…" if len(words) > EXCERPT else words

    @property
    def travelled(self) -> bool:
        """True where a reader wants to know which section on the other side is meant."""
        return any(change.travelled for change in self.changes)


@dataclass(frozen=True, slots=True)
class Pair:
    """The blocks of both sides that belong together, and its number from 1."""

    number: int
    a: tuple[Block, ...]
    b: tuple[Block, ...]

    @property
    def changed(self) -> bool:
        """False where nothing changed on either side."""
        return any(block.changed for block in self.a + self.b)


def anchor(side: str, row_id: str) -> str:
    """Give the name of a place on the page: `a-…` or `b-…`."""
    return f"{side}-{row_id}"


def pairs(comparison: Comparison, rows: Iterable[Told]) -> list[Pair]:
    """Give all sections of both sides, each once, in the order of the second side.

    The blocks hold the text of their sections character by character, up to the line break at its end, cut where a
    mark begins or ends.
    """
    a, b = sides(comparison)
    rows = list(rows)
    desks = _Desk("a", a, comparison, rows), _Desk("b", b, comparison, rows)
    return [Pair(number, *_both(group, a, b, desks)) for number, group in enumerate(aligned(comparison, a, b), start=1)]


def _both(group: Group, a: Side, b: Side, desks: tuple[_Desk, _Desk]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    a_sections, b_sections = [a.sections[name] for name in group.a], [b.sections[name] for name in group.b]
    a_words, b_words = _word_marks(a_sections, b_sections)
    changed = not (a_sections and b_sections) or bool(a_words or b_words)
    changed = changed or any(map(desks[0].touched, group.a)) or any(map(desks[1].touched, group.b))
    return (
        tuple(desks[0].block(section, a_words, changed, "" if b_sections else "dropped") for section in a_sections),
        tuple(desks[1].block(section, b_words, changed, "" if a_sections else "new") for section in b_sections),
    )


def _word_marks(a: Sequence[SectionRow], b: Sequence[SectionRow]) -> tuple[list[Mark], list[Mark]]:
    """Mark what differs between the texts of a group, on both sides; a section alone differs as a whole."""
    if not a or not b:
        return [], []
    a_text, b_text = "".join(section.text for section in a), "".join(section.text for section in b)
    if a_text == b_text:
        return [], []
    a_marks: list[Mark] = []
    b_marks: list[Mark] = []
    for change in word_changes(a_text, b_text):
        if change.op != "equal":
            a_marks += _placed(a, change.a_start, change.a_end, change.op)
            b_marks += _placed(b, change.b_start, change.b_end, change.op)
    return a_marks, b_marks


def _placed(sections: Sequence[SectionRow], start: int, end: int, op: str) -> Iterator[Mark]:
    """Turn offsets in the joined texts of sections into offsets in their document."""
    at = 0
    for section in sections:
        first, last = max(start, at), min(end, at + len(section.text))
        if first < last:
            yield Mark(section.char_start + first - at, section.char_start + last - at, op)
        at += len(section.text)


class _Desk:
    """All marks of one side by section, laid out before the blocks are made."""

    def __init__(self, side: str, rows: Side, comparison: Comparison, changes: Sequence[Told]) -> None:
        self.side = side
        self.rows = rows
        self.order = {name: number for number, name in enumerate(rows.sections)}
        self.marks: dict[str, list[Mark]] = {}
        self.changes: dict[str, list[Told]] = {}
        self.organisations: dict[str, list[Told]] = {}
        self.busy: set[str] = set()
        for change in changes:
            self._add(change)
        self._add_damage(comparison)

    def _add(self, change: Told) -> None:
        row_id = (change.row.a_id if self.side == "a" else change.row.b_id) or ""
        element = change.row.element
        section_id = ""
        if element in ("section", "task") and row_id in self.rows.sections:
            section_id = row_id
            if change.changed:
                self.changes.setdefault(section_id, []).append(change)
        elif element == "target" and row_id in self.rows.targets:
            target = self.rows.targets[row_id]
            section_id = target.section_id
            mark = Mark(target.char_start, target.char_end, "target", anchor(self.side, row_id), change)
            self.marks.setdefault(section_id, []).append(mark)
        elif element == "responsibility" and row_id in self.rows.responsibilities and change.changed:
            charge = self.rows.responsibilities[row_id]
            section_id = charge.section_id
            self.organisations.setdefault(section_id, []).append(change)
            mark = Mark(charge.char_start, charge.char_end, "organisation", anchor(self.side, row_id), change)
            if not charge.inherited:
                self.marks.setdefault(section_id, []).append(mark)
        if change.changed and section_id:
            self.busy.add(section_id)

    def _add_damage(self, comparison: Comparison) -> None:
        tables = {record.document.document_id: record.sections for record in self.rows.records}
        for relation in comparison.relations:
            sections = tables.get(relation.a_document_id if self.side == "a" else relation.b_document_id, ())
            starts = [section.char_start for section in sections]
            for number, damage in enumerate(relation.damage, start=1):
                start, end = damage[:2] if self.side == "a" else damage[2:4]
                name = f"{self.side}-damage-{relation.a_document_id}-{relation.b_document_id}-{number}"
                first = max(bisect_right(starts, start) - 1, 0)
                for section in sections[first:]:
                    if section.char_start >= max(end, start + 1):
                        break
                    self.marks.setdefault(section.section_id, []).append(Mark(start, end, "damage", name))
                    self.busy.add(section.section_id)

    def touched(self, section_id: str) -> bool:
        """Tell whether anything at this section changed."""
        return section_id in self.busy

    def block(self, section: SectionRow, words: Iterable[Mark], changed: bool, alone: str) -> Block:
        """Give the block of a section, with `words` that differ marked in it."""
        name = section.section_id
        marks = [*words, *self.marks.get(name, ())]
        headed = heading_end(section)
        if headed:
            marks.append(Mark(section.char_start, section.char_start + headed, "heading"))
        return Block(
            side=self.side,
            anchor=anchor(self.side, name),
            parent=anchor(self.side, section.parent_id) if section.parent_id else "",
            order=self.order[name],
            section=section,
            heading=heading(section),
            pieces=tuple(pieces(section.text.rstrip(), section.char_start, marks)),
            changes=tuple(self.changes.get(name, ())),
            organisations=tuple(self.organisations.get(name, ())),
            changed=changed,
            short=len(section.text.rstrip()) <= headed,
            alone=alone,
        )


def heading_end(section: SectionRow) -> int:
    """Give how many characters at the head of a section's text are its heading, whatever blanks it is set with."""
    words = "".join(f"{section.label or ''}{section.title or ''}".split())
    if not section.title or section.kind == "row":
        return 0
    at = 0
    for position, character in enumerate(section.text):
        if at == len(words):
            return position
        if character == words[at]:
            at += 1
        elif not character.isspace():
            return 0
    return len(section.text) if at == len(words) else 0
