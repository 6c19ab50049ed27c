"""Lexicon topic: synonyms. Families of names that mean one indicator, and names near them that do not."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pipeline.lexicon.loader import Faults, Row, read_table
from pipeline.quick.classes import dataclass, field

FILE = "indicator_synonyms.csv"
CLASSES = ("standard", "same", "related", "unit")


@dataclass(frozen=True, slots=True)
class Family:
    """One indicator: its standard wording and what that counts.

    `same` are the other wordings with a note (may be empty), `related` the names that belong in one chart and must not
    be compared, with the reason. `units` count the same thing here, the first is shown.
    """

    name: str
    note: str
    same: Mapping[str, str]
    related: Mapping[str, str]
    units: tuple[str, ...]


@dataclass(slots=True)
class _Growing:
    line: int
    note: str | None = None
    words: dict[str, dict[str, str]] = field(default_factory=lambda: {name: {} for name in CLASSES})


def load(faults: Faults) -> Mapping[str, Family]:
    """Read `indicator_synonyms.csv`; give the families by their standard wording, in the order of the file."""
    growing: dict[str, _Growing] = {}
    homes: dict[str, tuple[str, int]] = {}
    for row in read_table(FILE, ("family", "word", "class", "note"), faults):
        if row["class"] not in CLASSES:
            faults.add(FILE, row.line, f"class is {row['class']!r}, should be one of {', '.join(CLASSES)}")
            continue
        family = growing.setdefault(row["family"], _Growing(row.line))
        _check(row, family, homes, faults)
        family.words[row["class"]][row["word"]] = row["note"]
        if row["class"] == "standard":
            family.note = row["note"]
    for name, family in growing.items():
        if family.note is None:
            faults.add(FILE, family.line, f"the family {name!r} has no line of class standard")
    return MappingProxyType({name: _family(name, family) for name, family in growing.items()})


def _check(row: Row, family: _Growing, homes: dict[str, tuple[str, int]], faults: Faults) -> None:
    word, kind = row["word"], row["class"]
    if not word:
        faults.add(FILE, row.line, "no word")
    if (kind == "standard") != (word == row["family"]) or (kind == "standard" and family.note is not None):
        faults.add(FILE, row.line, "a family has one line of class standard, which repeats its name, and no other does")
    if kind in ("standard", "related") and not row["note"]:
        faults.add(FILE, row.line, f"a line of class {kind} needs a note")
    if word in family.words[kind]:
        faults.add(FILE, row.line, f"{word!r} stands twice in the family")
    if kind in ("standard", "same"):
        home, line = homes.setdefault(word, (row["family"], row.line))
        if home != row["family"]:
            faults.add(FILE, row.line, f"{word!r} belongs to the family {home!r} already, line {line}")


def _family(name: str, growing: _Growing) -> Family:
    words = growing.words
    return Family(
        name,
        growing.note or "",
        MappingProxyType(words["same"]),
        MappingProxyType(words["related"]),
        tuple(words["unit"]),
    )
