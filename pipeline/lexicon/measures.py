"""Measures (计量单位): which words count as one, and to which dimension they belong."""

from __future__ import annotations

from types import MappingProxyType

from pipeline.lexicon.loader import Faults, read_table
from pipeline.quick.classes import dataclass
from pipeline.quick.pattern import pattern

DIMENSIONS = frozenset(
    ("count", "share", "points", "ratio", "money", "length", "area", "volume", "mass", "rate", "power")
) | frozenset(("voltage", "score", "energy", "temperature", "sound", "data", "time", "age"))

# Where things are counted of themselves, only the scale is told: 网络用户数（亿）.
BARE_SCALE = pattern(r"(?:万亿|百万|千万|万|亿)$")
# What multiplies a measure in a column head or cell: 万 of 万亩; 千 of 千米 is part of the measure.
LEADING_SCALE = pattern(r"(?:万亿|百万|千万|万|亿|千(?!米|瓦|克|伏))(?=[\p{Han}A-Za-z])")


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: the unit as written, its dimension, its canonical spelling."""

    unit: str
    dimension: str
    canonical: str


@dataclass(frozen=True, slots=True)
class Measures:
    """All measures by the unit as written; `lengths` are those of units by first character, longest first."""

    by_unit: MappingProxyType[str, Measure]
    lengths: MappingProxyType[str, tuple[int, ...]]

    def at(self, text: str, start: int) -> Measure | None:
        """Give the longest measure that stands at `start`, or None."""
        for length in self.lengths.get(text[start : start + 1], ()):
            found = self.by_unit.get(text[start : start + length])
            if found is not None:
                return found
        return None

    def is_unit(self, words: str) -> bool:
        """Tell whether `words` are one measure and no more, with or without a scale before it: 处, 万亩."""
        return LEADING_SCALE.sub("", words) in self.by_unit


def load(faults: Faults) -> Measures:
    """Read measures.csv; the dimension must be one of DIMENSIONS."""
    found: dict[str, Measure] = {}
    for row in read_table("measures.csv", ("unit", "dimension", "canonical"), faults, unique="unit"):
        if row["dimension"] not in DIMENSIONS:
            faults.add("measures.csv", row.line, f"unknown dimension {row['dimension']!r}")
        found[row["unit"]] = Measure(row["unit"], row["dimension"], row["canonical"])
    lengths: dict[str, set[int]] = {}
    for unit in filter(None, found):
        lengths.setdefault(unit[0], set()).add(len(unit))
    ordered = {first: tuple(sorted(of_units, reverse=True)) for first, of_units in lengths.items()}
    return Measures(MappingProxyType(found), MappingProxyType(ordered))
