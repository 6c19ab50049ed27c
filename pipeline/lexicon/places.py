"""Lexicon topic: places. The administrative divisions, present and former, areas with a committee, and their marks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, cast, get_args

from pipeline.lexicon.edges import lengths_by_first
from pipeline.lexicon.loader import Faults, Row, read_table
from pipeline.lexicon.packing import packed, packed_groups, unpacked, unpacked_groups
from pipeline.quick.classes import NamedTuple, dataclass

PlaceLevel = Literal["province", "city", "county", "township", "zone"]
DIVISION_LEVELS = ("province", "city", "county")
FORMER_COLUMNS = ("code", "name", "short", "level", "parent", "valid_from", "valid_to", "successor")


class Place(NamedTuple):
    """One place: 320000 江苏省, short 江苏. `parent` is the code of the division above, empty for a province.

    A town or an area that a committee runs (level `township`, `zone`) has no code of its own: `code` and `parent`
    are those of the division it lies in. A place that is in no list has something else than digits for a code, which
    keeps it apart from those of other documents. `successor` is the code of the division that took a former one's area.
    """

    code: str
    name: str
    short: str
    level: PlaceLevel
    parent: str
    valid_to: int | None = None
    successor: str = ""

    @property
    def key(self) -> str:
        """What tells the place from all others: its code, for a town or an area with the name."""
        return self.code if self.level in DIVISION_LEVELS else f"{self.code} {self.name}"

    @property
    def label(self) -> str:
        """Code and name as tables show them; the name alone where the place is in no list."""
        return f"{self.code} {self.name}" if self.code.isdigit() else self.name

    @property
    def level_word(self) -> str:
        """The word that stands for the place in the names of its own bodies: 省, 自治区, 市, 县, 区 …"""
        for word in ("自治区", "自治州", "自治县", "自治旗", "特别行政区"):
            if self.name.endswith(word):
                return word if word in ("自治区", "特别行政区") else word[-1]
        return "街道" if self.name.endswith("街道") else self.name[-1]


class NumberMark(NamedTuple):
    """What opens the document numbers of a place. `follows`: the organ word that must come next, empty for any."""

    place: Place
    follows: str


@dataclass(frozen=True, slots=True)
class Places:
    """All divisions by code, by full and short name (several may share one), and by their mark in document numbers.

    `marks` are those of provinces, `number_marks` those of cities and counties. `level_words` gives the level that
    省, 市, 县 … mean in the name of a body. `lengths` tells how long the names are that open with a character.
    """

    by_code: Mapping[str, Place]
    by_name: Mapping[str, tuple[Place, ...]]
    marks: Mapping[str, Place]
    number_marks: Mapping[str, tuple[NumberMark, ...]]
    level_words: Mapping[str, PlaceLevel]
    lengths: Mapping[str, tuple[int, ...]]

    def starting(self, name: str) -> tuple[tuple[int, tuple[Place, ...]], ...]:
        """Give the places that `name` opens with, longest wording first, as (length of the wording, places)."""
        found = []
        for length in self.lengths.get(name[:1], ()):
            places = self.by_name.get(name[:length])
            if places and length <= len(name):
                found.append((length, places))
        return tuple(found)

    def within(self, place: Place, other: Place) -> bool:
        """Tell whether `place` is `other` or lies in it."""
        return place.key == other.key or any(above.key == other.key for above in self.above(place))

    def path(self, place: Place) -> str:
        """Give the names of a place and of those above it, from the top: 青川省 / 云州市 / 临湖县."""
        return " / ".join(reversed([place.name, *(above.name for above in self.above(place))]))

    def above(self, place: Place) -> Iterator[Place]:
        """Give the divisions that `place` lies in, from below."""
        parent = self.by_code.get(place.parent)
        while parent is not None:
            yield parent
            parent = self.by_code.get(parent.parent)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the thousands of places as a few texts."""
        groups = (self.by_name, {word: tuple(m.place for m in marks) for word, marks in self.number_marks.items()})
        rows = list(
            dict.fromkeys([*self.by_code.values(), *(row for g in groups for several in g.values() for row in several)])
        )
        follows = [[mark.follows for mark in marks] for marks in self.number_marks.values()]
        codes = {word: place.code for word, place in self.marks.items()}
        by_name, number_marks = (packed_groups(group, rows) for group in groups)
        return _rebuilt, (
            packed(rows),
            len(self.by_code),
            by_name,
            number_marks,
            follows,
            codes,
            self.level_words,
            self.lengths,
        )


def _rebuilt(
    rows: bytes,
    coded: int,
    by_name: bytes,
    number_marks: bytes,
    follows: list[list[str]],
    codes: dict[str, str],
    level_words: Mapping[str, PlaceLevel],
    lengths: Mapping[str, tuple[int, ...]],
) -> Places:
    """Undo `Places.__reduce__`."""
    places = unpacked(Place, rows)
    by_code = {place.code: place for place in places[:coded]}
    marked = zip(unpacked_groups(number_marks, places).items(), follows, strict=True)
    return Places(
        by_code,
        unpacked_groups(by_name, places),
        {word: by_code[code] for word, code in codes.items()},
        {word: tuple(map(NumberMark, several, after)) for (word, several), after in marked},
        level_words,
        lengths,
    )


def _level(row: Row, file: str, faults: Faults) -> PlaceLevel:
    if row["level"] not in DIVISION_LEVELS:
        faults.add(file, row.line, f"level is {row['level']!r}, should be province, city or county")
    return cast(PlaceLevel, row["level"])


def _read_former(places: dict[str, Place], faults: Faults) -> list[tuple[str, Place]]:
    """Give the names of former divisions with what they mean: the present place, where only the name changed."""
    file, named = "former_places.csv", list[tuple[str, Place]]()
    former: dict[str, Place] = {}
    for row in read_table(file, FORMER_COLUMNS, faults):
        if not row["valid_to"].isdigit() or (row["valid_from"] and row["valid_from"] > row["valid_to"]):
            faults.add(file, row.line, f"valid_to is {row['valid_to']!r}, should be a year, not before valid_from")
            continue
        if row["successor"] and row["successor"] not in places:
            faults.add(file, row.line, f"no present place has the code {row['successor']!r} of the successor")
        if row["parent"] not in places and row["parent"] not in former:
            faults.add(file, row.line, f"the parent {row['parent']!r} stands neither in places.csv nor above")
        place = places.get(row["code"])
        if place is None:
            level = _level(row, file, faults)
            place = Place(
                row["code"], row["name"], row["short"], level, row["parent"], int(row["valid_to"]), row["successor"]
            )
            former.setdefault(place.code, place)
        named += [(name, place) for name in dict.fromkeys((row["name"], row["short"])) if name]
    places.update(former)
    return named


def _read_zones(places: Mapping[str, Place], faults: Faults) -> list[tuple[str, Place]]:
    """Give the names of the areas that run their own administration outside the divisions (苏州工业园区)."""
    named: list[tuple[str, Place]] = []
    owners: dict[str, str] = {}
    for row in read_table("zones.csv", ("name", "aliases", "code", "since"), faults, unique="name"):
        if row["code"] not in places:
            faults.add("zones.csv", row.line, f"no place has the code {row['code']!r}")
            continue
        zone = Place(row["code"], row["name"], "", "zone", row["code"])
        for name in dict.fromkeys((row["name"], *row["aliases"].split("/"))):
            if not name:
                continue
            if name in owners:
                faults.add("zones.csv", row.line, f"{name!r} belongs to {owners[name]!r} already")
            owners[name] = row["name"]
            named.append((name, zone))
    return named


def _read_number_marks(places: Mapping[str, Place], faults: Faults) -> dict[str, tuple[NumberMark, ...]]:
    marks: dict[str, tuple[NumberMark, ...]] = {}
    for row in read_table("number_marks.csv", ("mark", "code", "follows"), faults):
        if row["code"] not in places:
            faults.add("number_marks.csv", row.line, f"no place has the code {row['code']!r}")
            continue
        mark = NumberMark(places[row["code"]], row["follows"])
        if mark in marks.get(row["mark"], ()):
            faults.add("number_marks.csv", row.line, f"{row['mark']!r} stands twice for {row['code']}")
        marks[row["mark"]] = (*marks.get(row["mark"], ()), mark)
    return marks


def load(faults: Faults) -> Places:
    """Read the tables of places; a parent, successor or mark that leads to no place is a fault."""
    by_code: dict[str, Place] = {}
    by_name: dict[str, list[Place]] = {}
    for row in read_table("places.csv", ("code", "name", "short", "level", "parent"), faults, unique="code"):
        place = Place(row["code"], row["name"], row["short"], _level(row, "places.csv", faults), row["parent"])
        if place.parent and place.parent not in by_code:
            faults.add("places.csv", row.line, f"the parent {place.parent!r} does not stand above")
        by_code[place.code] = place
        for name in {place.name, place.short} - {""}:
            by_name.setdefault(name, []).append(place)
    present = set(by_name)
    for name, place in _read_former(by_code, faults):
        # 襄樊市 means the city that is now called otherwise; a former name that a present place has too means that one.
        if name not in present and place not in by_name.setdefault(name, []):
            by_name[name].append(place)
    for name, place in _read_zones(by_code, faults):
        if name not in present:
            by_name[name] = [place]
    marks: dict[str, Place] = {}
    for row in read_table("place_marks.csv", ("mark", "code"), faults, unique="mark"):
        if row["code"] not in by_code:
            faults.add("place_marks.csv", row.line, f"no place has the code {row['code']!r}")
            continue
        marks[row["mark"]] = by_code[row["code"]]
    level_words: dict[str, PlaceLevel] = {}
    for row in read_table("level_words.csv", ("word", "level"), faults, unique="word"):
        if row["level"] not in get_args(PlaceLevel):
            faults.add("level_words.csv", row.line, f"level is {row['level']!r}, should be province, city, county …")
        level_words[row["word"]] = cast(PlaceLevel, row["level"])
    return Places(
        by_code,
        {name: tuple(places) for name, places in by_name.items()},
        marks,
        _read_number_marks(by_code, faults),
        level_words,
        lengths_by_first(by_name),
    )
