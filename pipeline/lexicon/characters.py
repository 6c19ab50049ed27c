"""Lexicon topic: characters."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.lexicon.loader import Faults


@dataclass(frozen=True, slots=True)
class Characters:
    """To be filled by its owner."""


def load(faults: Faults) -> Characters:
    """Read the data files of this topic."""
    return Characters()
