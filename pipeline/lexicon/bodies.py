"""Lexicon topic: bodies."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.lexicon.loader import Faults


@dataclass(frozen=True, slots=True)
class Bodies:
    """To be filled by its owner."""


def load(faults: Faults) -> Bodies:
    """Read the data files of this topic."""
    return Bodies()
