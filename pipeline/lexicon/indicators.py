"""Lexicon topic: indicators. What makes the name of one indicator look like two."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pipeline.lexicon.loader import Faults, read_table
from pipeline.quick.classes import dataclass

CLASSES = ("synonym", "ending", "kept", "share", "opening", "tail", "listed")


@dataclass(frozen=True, slots=True)
class Indicators:
    """Synonyms with the wording that stands for them, and the words of the other classes; longest first in each."""

    synonyms: Mapping[str, str]
    endings: tuple[str, ...]
    kept: tuple[str, ...]
    shares: tuple[str, ...]
    openings: tuple[str, ...]
    tails: tuple[str, ...]
    listed: tuple[str, ...]


def load(faults: Faults) -> Indicators:
    """Read `indicators.csv`; a synonym needs a value, the other classes have none."""
    groups: dict[str, dict[str, str]] = {name: {} for name in CLASSES}
    for row in read_table("indicators.csv", ("word", "class", "value"), faults, unique="word"):
        if row["class"] not in groups:
            faults.add("indicators.csv", row.line, f"class is {row['class']!r}, should be one of {', '.join(CLASSES)}")
            continue
        if (row["class"] == "synonym") != bool(row["value"]):
            faults.add("indicators.csv", row.line, "a synonym needs a value, the other classes must have none")
        groups[row["class"]][row["word"]] = row["value"]
    ordered = {name: dict(sorted(group.items(), key=lambda item: -len(item[0]))) for name, group in groups.items()}
    return Indicators(
        MappingProxyType(ordered["synonym"]),
        tuple(ordered["ending"]),
        tuple(ordered["kept"]),
        tuple(ordered["share"]),
        tuple(ordered["opening"]),
        tuple(ordered["tail"]),
        tuple(ordered["listed"]),
    )
