"""Find bodies that plain sentences charge with something: 由市教育局牵头, 市水务局会同市财政局制定…"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from pipeline.extract.responsibility_names import ListReader, Mark, Name
from pipeline.extract.responsibility_notes import compose
from pipeline.model.findings import Responsibility
from pipeline.model.outline import Section
from pipeline.model.source import Span


def find_prose(reader: ListReader, index: int, section: Section, taken: Sequence[Span]) -> Iterator[Responsibility]:
    """Give the bodies with which clauses open before 牵头, 负责, 会同, outside `taken`, the places of notes and rules.

    Only names that are surely bodies count (市教育局, 各区人民政府, 教育部), and only where the whole run before
    the verb is such names: precision before quantity.
    """
    for match in reader.lexicon.roles.prose.finditer(reader.text, section.body_start, section.end):
        if any(span.start <= match.start() < span.end for span in taken):
            continue
        yield from _read(reader, index, match)


def _read(reader: ListReader, index: int, match: regex.Match[str]) -> Iterator[Responsibility]:
    items: list[Name | Mark] = (
        [*reader.read(*match.span("names")), *reader.read(*match.span("verb"))]
        if match.group("modal")
        else reader.read(match.start("names"), match.end("verb"))
    )
    names = [item for item in items if isinstance(item, Name)]
    if not names or not all(reader.is_certain(name.organisation) for name in names):
        return
    for group in compose(items, "responsible", ""):
        for name in group.names:
            yield Responsibility(
                index, group.role, group.role_text, name.organisation, "prose", False, name.start, name.end
            )
