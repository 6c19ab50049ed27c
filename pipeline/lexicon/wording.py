"""Lexicon topic: wording."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.lexicon.loader import Faults


@dataclass(frozen=True, slots=True)
class Wording:
    """To be filled by its owner."""


def load(faults: Faults) -> Wording:
    """Read the data files of this topic."""
    return Wording()
