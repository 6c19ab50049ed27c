"""Lexicon topic: headings."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.lexicon.loader import Faults


@dataclass(frozen=True, slots=True)
class Headings:
    """To be filled by its owner."""


def load(faults: Faults) -> Headings:
    """Read the data files of this topic."""
    return Headings()
