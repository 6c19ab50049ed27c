"""What is asked for: words or ids of indicators → the names and ids that belong to them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from pipeline.lexicon import Lexicon
from pipeline.lexicon.canonical import Canonical, indicator_id
from pipeline.lexicon.synonyms import Family
from pipeline.model.history import Asked

ID = re.compile(r"i[0-9a-f]{12}")
# Shorter names of a family (高企) stand inside other words (提高企业…), so they are matched whole or not at all.
SHORTEST_PART = 4
LONGEST_AREA = 10
# 云州市 opens a query with its place, 上市 does not.
SHORTEST_PLACE = 3


@dataclass(frozen=True, slots=True)
class Name:
    """What an indicator_id was asked as: its family, the reason where its name is only related to that, a note."""

    family: str
    word: str
    related: str | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The names that the queries ask for.

    `by_id` leads from indicator_id to the names (one may be related to several families), `units` to the units of a
    family that count the same. `place` is what a query itself names (云州市高新技术企业).
    """

    asked: tuple[Asked, ...]
    by_id: Mapping[str, tuple[Name, ...]]
    units: Mapping[str, tuple[str, ...]]
    place: str
    parts: Mapping[str, str]
    forms: Canonical

    def near(self, indicator: str) -> str | None:
        """Give the family whose words stand inside the name of an indicator, None where none do."""
        folded = indicator.casefold()
        return next((family for part, family in self.parts.items() if part in folded), None)

    def area_of(self, indicator: str) -> tuple[str, Name] | None:
        """Part a name that opens with an area: 临湖区高新技术企业 gives 临湖区 and the name asked for."""
        for length, _ in self.forms.lexicon.places.starting(indicator):
            if found := self._whole(indicator[length:]):
                return indicator[:length], found
        area = self.forms.lexicon.roles.parts["area"]
        for end in range(2, min(LONGEST_AREA, len(indicator) - 2) + 1):
            # A level word alone is no sign of an area: 上市 is no 市.
            if area.search(indicator[:end]) and (found := self._whole(indicator[end:])):
                return indicator[:end], found
        return None

    def _whole(self, rest: str) -> Name | None:
        names = self.by_id.get(indicator_id(self.forms.form(rest)), ()) if rest else ()
        return next((name for name in names if name.related is None), None)


def wanted_names(queries: Sequence[str], lexicon: Lexicon, *, exact: bool = False, related: bool = True) -> Wanted:
    """Find what the queries mean: an indicator_id, or words that belong to a family or stand for themselves.

    `exact` takes no other wordings of the family in; `related` takes the names in that belong in one chart.
    """
    forms = Canonical((), lexicon)
    index = _index(lexicon, forms)
    asked: list[Asked] = []
    by_id: dict[str, dict[tuple[str, str | None], Name]] = {}
    units: dict[str, tuple[str, ...]] = {}
    parts: dict[str, str] = {}
    place = ""
    for query in dict.fromkeys(word.strip() for word in queries if word.strip()):
        words, own_place, key = _read_query(query, index, forms, lexicon)
        place = own_place or place
        family = None if exact else index.get(key)
        name = family.name if family else words
        members = {name: "", **family.same} if family else {words: ""}
        if any(one.family == name for one in asked):
            continue
        asked.append(Asked(query, name, family.note if family else "", tuple(members)))
        units[name] = family.units if family else ()
        for word, note in members.items():
            _add(by_id, indicator_id(forms.form(word)), Name(name, word, None, note))
        _add(by_id, key, Name(name, words, None))
        for word, reason in family.related.items() if family and related else ():
            # A related name may head a family: all its wordings are then one related indicator.
            other = lexicon.families.get(word)
            for wording in (word, *(other.same if other else ())):
                _add(by_id, indicator_id(forms.form(wording)), Name(name, word, reason))
        for word in (words, *members):
            if (word == words or len(word) >= SHORTEST_PART) and not ID.fullmatch(word):
                parts.setdefault(word.casefold(), name)
    frozen = {key: tuple(names.values()) for key, names in by_id.items()}
    return Wanted(
        tuple(asked), MappingProxyType(frozen), MappingProxyType(units), place, MappingProxyType(parts), forms
    )


def _add(by_id: dict[str, dict[tuple[str, str | None], Name]], key: str, name: Name) -> None:
    kept = by_id.setdefault(key, {})
    if not any(family == name.family for family, _ in kept):
        kept[name.family, name.related] = name


def _index(lexicon: Lexicon, forms: Canonical) -> dict[str, Family]:
    """Give the families by the ids of all their wordings."""
    return {
        indicator_id(forms.form(word)): family
        for family in lexicon.families.values()
        for word in (family.name, *family.same)
    }


def _read_query(query: str, index: Mapping[str, Family], forms: Canonical, lexicon: Lexicon) -> tuple[str, str, str]:
    """Give the words of a query without a place in front, that place, and the id of the words."""
    if ID.fullmatch(query):
        return (index[query].name if query in index else query), "", query
    key = indicator_id(forms.form(query))
    if key in index:
        return query, "", key
    known = [length for length, _ in lexicon.places.starting(query)]
    endings = tuple(lexicon.places.level_words)
    openings = known + [
        end for end in range(SHORTEST_PLACE, min(LONGEST_AREA, len(query) - 2) + 1) if query[:end].endswith(endings)
    ]
    for length in openings:
        rest = indicator_id(forms.form(query[length:])) if query[length:] else ""
        if rest in index:
            return query[length:], query[:length], rest
    if known and len(query) > known[0] + 1 and not query[known[0] :].startswith("级"):
        return query[known[0] :], query[: known[0]], indicator_id(forms.form(query[known[0] :]))
    return query, "", key
