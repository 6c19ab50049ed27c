"""Lexicon topic: places."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.lexicon.loader import Faults


@dataclass(frozen=True, slots=True)
class Places:
    """To be filled by its owner."""


def load(faults: Faults) -> Places:
    """Read the data files of this topic."""
    return Places()
