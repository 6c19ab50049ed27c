"""Measures (计量单位): which words count as one, and to which dimension they belong."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from pipeline.lexicon.loader import Faults, read_table

DIMENSIONS = frozenset(
    ("count", "share", "points", "ratio", "money", "length", "area", "volume", "mass", "rate", "power")
) | frozenset(("voltage", "energy", "temperature", "sound", "data", "time", "age"))


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: the unit as written, its dimension, its canonical spelling."""

    unit: str
    dimension: str
    canonical: str


@dataclass(frozen=True, slots=True)
class Measures:
    """All measures by the unit as written, and the length of the longest."""

    by_unit: MappingProxyType[str, Measure]
    longest: int

    def at(self, text: str, start: int) -> Measure | None:
        """Give the longest measure that stands at `start`, or None."""
        for length in range(min(self.longest, len(text) - start), 0, -1):
            found = self.by_unit.get(text[start : start + length])
            if found is not None:
                return found
        return None


def load(faults: Faults) -> Measures:
    """Read measures.csv; the dimension must be one of DIMENSIONS."""
    found: dict[str, Measure] = {}
    for row in read_table("measures.csv", ("unit", "dimension", "canonical"), faults, unique="unit"):
        if row["dimension"] not in DIMENSIONS:
            faults.add("measures.csv", row.line, f"unknown dimension {row['dimension']!r}")
        found[row["unit"]] = Measure(row["unit"], row["dimension"], row["canonical"])
    return Measures(MappingProxyType(found), max(map(len, found), default=0))
