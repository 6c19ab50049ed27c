"""Find bodies that plain sentences charge with something: 由市教育局牵头, 市水务局会同市财政局制定…"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from pipeline.extract.responsibility_groups import Group, compose
from pipeline.extract.responsibility_names import ListReader
from pipeline.extract.responsibility_pieces import Covered, Mark, Name, trim
from pipeline.model.findings import Responsibility
from pipeline.model.outline import Section

# The names before a verb, and those that are to act with them, stand within this many characters.
LONGEST_RUN, LONGEST_JOINT = 120, 60
CLAUSE_ENDS = "。；;：:！!？?\n“”《》"


def find_prose(reader: ListReader, index: int, section: Section, taken: Sequence[Covered]) -> Iterator[Responsibility]:
    """Give the bodies before 牵头, 负责, 会同 and the like, and those behind 会同, outside `taken` (notes and rules).

    Only names that are surely bodies count (市教育局, 各区人民政府, 教育部), and only where the whole run from the
    start of its clause, or from 由, to the verb is such names: precision before quantity. Who acts with others (会同)
    and has no other role leads them.
    """
    finder: _Prose | None = None
    for verb in reader.roles.prose.finditer(reader.text, section.body_start, section.end):
        if any(part.holds(verb.start()) for part in taken):
            continue
        finder = finder or _Prose(reader)
        for group in finder.read(verb, section.body_start, section.end):
            for name in group.names:
                yield Responsibility(
                    index, group.role, group.role_text, name.organisation, "prose", False, name.start, name.end
                )


class _Prose:
    """Reads the names around verbs of one text; a run of names is read once, for the first verb behind it."""

    def __init__(self, reader: ListReader) -> None:
        self.reader = reader
        self.text = reader.text
        self.parts = reader.lexicon.roles.parts
        self.read_to = 0

    def read(self, verb: regex.Match[str], first: int, last: int) -> tuple[Group, ...]:
        start = self._clause_start(verb.start(), first)
        names = self._names_before(max(start, self.read_to), self._without_modal(start, verb.start()))
        joint = verb["joint"] is not None
        goes_on = (
            joint and trim(self.text, self.read_to, verb.start(), "，,")[0] == verb.start() and self.read_to > start
        )
        if not names and joint and self.text[verb.start() - 1 : verb.start()] in ("，", ","):
            names = self._subject(max(start, self.read_to), verb.start())
        if not names and not goes_on:
            return ()
        if not joint:
            self.read_to = verb.end()
            return compose([*names, *self._mark(verb)], "responsible", "")
        helping, end = self._names_behind(verb.end(), last)
        self.read_to = end
        role = self.parts["prose-role"].match(self.text, end, last)
        mark = Mark(self.reader.lexicon.roles.of_label(role["role"]) or "lead", role["role"], False) if role else None
        items: list[Name | Mark] = [*names, Mark("participant", verb["joint"], True), *helping]
        return compose([*items, mark] if mark else items, "lead", "会同") if helping else ()

    def _mark(self, verb: regex.Match[str]) -> Iterator[Mark]:
        role = self.reader.lexicon.roles.of_label(verb["role"])
        yield Mark(role or "responsible", verb["role"], False)

    def _clause_start(self, place: int, first: int) -> int:
        lowest = max(first, place - LONGEST_RUN)
        for at in range(place - 1, lowest - 1, -1):
            if self.text[at] in CLAUSE_ENDS:
                return at + 1
        return lowest

    def _without_modal(self, start: int, end: int) -> int:
        """Give where the names end before 应当, 要, 按职责分工 that stand between them and the verb."""
        found = self.parts["prose-modal"].search(self.text, start, end)
        return found.start() if found else end

    def _names_before(self, start: int, end: int) -> list[Name]:
        """Give the longest run of sure names that ends at `end` and begins at a clause, behind 由 or after a comma."""
        starts = [start, *(found.end() for found in self.parts["prose-start"].finditer(self.text, start, end))]
        for begin in starts:
            names = self._sure(begin, end)
            if names:
                return names
        return []

    def _sure(self, start: int, end: int) -> list[Name]:
        """Read [start, end) as a list of names; none where it holds anything else."""
        start, end = trim(self.text, start, end)
        if end - start < 2:
            return []
        items = self.reader.read(start, end)
        names = [item for item in items if isinstance(item, Name)]
        whole = len(names) == len(items) and all(
            self.reader.is_certain(name.organisation) and "对" not in name.organisation for name in names
        )
        return names if whole else []

    def _subject(self, start: int, end: int) -> list[Name]:
        """Give the body that opens the sentence and does what its later clauses say: 市文旅局要加强统筹，会同…"""
        comma = self.text.find("，", start, end)
        for modal in self.parts["prose-modal-inside"].finditer(self.text, start, comma if comma > 0 else end):
            return self._sure(start, modal.start())
        return []

    def _names_behind(self, start: int, last: int) -> tuple[list[Name], int]:
        """Give the sure names that follow 会同, and where they end, for nothing parts them from what they do.

        The longest run of listed names (市财政局、水务局制定办法), else the shortest of sure ones.
        """
        stop = min(last, start + LONGEST_JOINT)
        for at in range(start, stop):
            if self.text[at] in CLAUSE_ENDS or self.text[at] in "，,":
                stop = at
                break
        shortest: list[Name] = []
        at = start
        verb = self.reader.lexicon.roles.prose.search(self.text, start, stop)
        stop = verb.start() if verb else stop
        for end in range(stop, start + 1, -1):
            if self.reader.lexicon.bodies.ends_like_body(self.text[start:end].rstrip("）)〕等")):
                names = self._sure(start, end)
                if names and all(self.reader.is_known(name.organisation) for name in names):
                    return names, end
                shortest, at = (names, end) if names else (shortest, at)
        return shortest, at
