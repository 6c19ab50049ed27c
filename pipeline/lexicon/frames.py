"""Lexicon topic: frames."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.lexicon.loader import Faults


@dataclass(frozen=True, slots=True)
class Frames:
    """To be filled by its owner."""


def load(faults: Faults) -> Frames:
    """Read the data files of this topic."""
    return Frames()
