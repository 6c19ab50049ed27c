"""Lexicon topic: measures."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.lexicon.loader import Faults


@dataclass(frozen=True, slots=True)
class Measures:
    """To be filled by its owner."""


def load(faults: Faults) -> Measures:
    """Read the data files of this topic."""
    return Measures()
