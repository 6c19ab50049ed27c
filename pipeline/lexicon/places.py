"""Lexicon topic: places. The administrative divisions, and the marks that stand for provinces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast, get_args

from pipeline.lexicon.loader import Faults, Row, read_table

PlaceLevel = Literal["province", "city", "county"]


@dataclass(frozen=True, slots=True)
class Place:
    """One division: 320000 江苏省, short 江苏. `parent` is the code of the one above, empty for a province."""

    code: str
    name: str
    short: str
    level: PlaceLevel
    parent: str

    @property
    def level_word(self) -> str:
        """The word that stands for the place in the names of its own bodies: 省, 自治区, 市, 县, 区 …"""
        for word in ("自治区", "自治州", "自治县", "自治旗", "特别行政区"):
            if self.name.endswith(word):
                return word if word in ("自治区", "特别行政区") else word[-1]
        return self.name[-1]


@dataclass(frozen=True, slots=True)
class Places:
    """All divisions by code, by full and short name (several may share one), and by their one-character mark.

    `level_words` gives the level that 省, 市, 县 … mean in the name of a body.
    """

    by_code: Mapping[str, Place]
    by_name: Mapping[str, tuple[Place, ...]]
    marks: Mapping[str, Place]
    level_words: Mapping[str, PlaceLevel]
    longest: int

    def starting(self, name: str) -> tuple[tuple[int, tuple[Place, ...]], ...]:
        """Give the places that `name` opens with, longest wording first, as (length of the wording, places)."""
        found = []
        for length in range(min(self.longest, len(name)), 1, -1):
            places = self.by_name.get(name[:length])
            if places:
                found.append((length, places))
        return tuple(found)

    def within(self, place: Place, other: Place) -> bool:
        """Tell whether `place` is `other` or lies in it."""
        current: Place | None = place
        while current is not None:
            if current.code == other.code:
                return True
            current = self.by_code.get(current.parent)
        return False


def _level(row: Row, file: str, faults: Faults) -> PlaceLevel:
    if row["level"] not in get_args(PlaceLevel):
        faults.add(file, row.line, f"level is {row['level']!r}, should be province, city or county")
    return cast(PlaceLevel, row["level"])


def load(faults: Faults) -> Places:
    """Read `places.csv` and `place_marks.csv`; a parent or mark without place is a fault."""
    by_code: dict[str, Place] = {}
    by_name: dict[str, list[Place]] = {}
    for row in read_table("places.csv", ("code", "name", "short", "level", "parent"), faults, unique="code"):
        place = Place(row["code"], row["name"], row["short"], _level(row, "places.csv", faults), row["parent"])
        if place.parent and place.parent not in by_code:
            faults.add("places.csv", row.line, f"the parent {place.parent!r} does not stand above")
        by_code[place.code] = place
        for name in {place.name, place.short} - {""}:
            by_name.setdefault(name, []).append(place)
    marks: dict[str, Place] = {}
    for row in read_table("place_marks.csv", ("mark", "code"), faults, unique="mark"):
        if row["code"] not in by_code:
            faults.add("place_marks.csv", row.line, f"no place has the code {row['code']!r}")
            continue
        marks[row["mark"]] = by_code[row["code"]]
    level_words: dict[str, PlaceLevel] = {}
    for row in read_table("level_words.csv", ("word", "level"), faults, unique="word"):
        level_words[row["word"]] = _level(row, "level_words.csv", faults)
    return Places(
        by_code,
        {name: tuple(places) for name, places in by_name.items()},
        marks,
        level_words,
        max((len(name) for name in by_name), default=0),
    )
