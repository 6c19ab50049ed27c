"""Find what a document says a name means: 各板块（高新区、临港新城）, 市政务服务和数据局（以下简称市数据局）."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.extract.responsibility_names import ListReader
from pipeline.extract.responsibility_pieces import CLOSING, Name, trim
from pipeline.lexicon import Lexicon
from pipeline.model.findings import Definition
from pipeline.quick.pattern import pattern

# The names before （以下统称…） stand within this many characters.
LONGEST_LIST = 200
SENTENCE_ENDS = "。；;\n：:（(）)“”"


def find_definitions(text: str, lexicon: Lexicon) -> tuple[Definition, ...]:
    """Give what the text says a name means, in order; each name once, by its first definition.

    A collective name whose bracket lists two bodies or more means these; a name that is set for a list or for one
    body (以下统称各板块, 以下简称市数据局) means what stands before the bracket. Lists that hold anything else than
    bodies, areas and towns define nothing.
    """
    reader = ListReader(text, lexicon)
    found = [*_listed(reader, text), *_named(reader, text)]
    first: dict[str, Definition] = {}
    for definition in sorted(found, key=lambda definition: definition.start):
        first.setdefault(definition.name, definition)
    return tuple(first.values())


def _listed(reader: ListReader, text: str) -> Iterator[Definition]:
    """Read the brackets behind collective names."""
    for match in reader.parts["defined-by-list"].finditer(text):
        names = _members(reader, *match.span("members"))
        if len(names) > 1:
            name = "".join(match["name"].split())
            yield Definition(name, tuple(member.organisation for member in names), match.start("name"), match.end())


def _named(reader: ListReader, text: str) -> Iterator[Definition]:
    """Read what stands before （以下简称…）: the longest list of names that ends there."""
    for match in reader.parts["defined-as"].finditer(text):
        lowest = max(0, match.start() - LONGEST_LIST)
        start = next((at + 1 for at in range(match.start() - 1, lowest - 1, -1) if text[at] in SENTENCE_ENDS), lowest)
        for begin in (start, *(found.end() for found in STARTS.finditer(text, start, match.start()))):
            names = _members(reader, begin, match.start())
            if names:
                members = tuple(name.organisation for name in names)
                yield Definition(match["name"], members, names[0].start, match.end())
                break


# Where a shorter list may begin: behind a comma, or behind the verb that governs it.
STARTS = pattern(r"[，,、]|由|经|和|与|及|向|对|设立|成立|组建")


def _members(reader: ListReader, start: int, end: int) -> list[Name]:
    """Read a list of bodies, areas and towns; none where it holds anything else."""
    start, end = trim(reader.text, start, end, CLOSING + "等")
    if end - start < 2:
        return []
    items = reader.read(start, end)
    names = [item for item in items if isinstance(item, Name)]
    return names if len(names) == len(items) and all(_is_member(reader, name.organisation) for name in names) else []


def _is_member(reader: ListReader, name: str) -> bool:
    parts = reader.parts
    if reader.lexicon.bodies.is_collective(name):
        return False
    area = parts["zone"].match(name) or parts["town"].match(name) or reader.lexicon.places.by_name.get(name)
    return bool(area) or reader.is_certain(name)
