"""Rules and word lists as data, with their loader. A researcher edits the CSV and TOML files beside this one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from pipeline.lexicon import (
    audit,
    bodies,
    breakthroughs,
    characters,
    columns,
    contrasts,
    facts,
    frames,
    grammar,
    headings,
    indicators,
    ledger,
    measures,
    places,
    roles,
    synonyms,
    timing,
    wording,
)
from pipeline.lexicon.loader import Faults, LexiconError
from pipeline.quick.classes import dataclass

__all__ = ["Lexicon", "LexiconError", "load_lexicon"]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All rules, one field a topic, as every stage takes them."""

    characters: characters.Characters
    columns: columns.Columns
    contrasts: contrasts.Contrasts
    frames: frames.Frames
    headings: headings.Headings
    indicators: indicators.Indicators
    roles: roles.Roles
    bodies: bodies.Bodies
    places: places.Places
    measures: measures.Measures
    wording: wording.Wording
    timing: timing.Timing
    ledger: ledger.Ledger
    facts: facts.Facts
    patterns: grammar.Patterns
    breakthroughs: breakthroughs.Breakthroughs
    audit: audit.Audit
    families: Mapping[str, synonyms.Family]


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """Read all data files once. Raises LexiconError with every fault of every file."""
    faults = Faults()
    lexicon = Lexicon(
        characters=characters.load(faults),
        columns=columns.load(faults),
        contrasts=contrasts.load(faults),
        frames=frames.load(faults),
        headings=headings.load(faults),
        indicators=indicators.load(faults),
        roles=roles.load(faults),
        bodies=bodies.load(faults),
        places=places.load(faults),
        measures=measures.load(faults),
        wording=wording.load(faults),
        timing=timing.load(faults),
        ledger=ledger.load(faults),
        facts=facts.load(faults),
        patterns=grammar.load(faults),
        breakthroughs=breakthroughs.load(faults),
        audit=audit.load(faults),
        families=synonyms.load(faults),
    )
    faults.check()
    return lexicon
