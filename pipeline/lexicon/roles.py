"""Lexicon topic: roles."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.lexicon.loader import Faults


@dataclass(frozen=True, slots=True)
class Roles:
    """To be filled by its owner."""


def load(faults: Faults) -> Roles:
    """Read the data files of this topic."""
    return Roles()
