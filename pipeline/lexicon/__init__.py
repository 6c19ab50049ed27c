"""Rules and word lists as data, with their loader. A researcher edits the CSV and TOML files beside this one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.lexicon.loader import Faults, LexiconError
from pipeline.quick.classes import dataclass

# A topic is imported when it is first asked for, or with a stage that names it.
if TYPE_CHECKING:
    from pipeline.lexicon.audit import Audit
    from pipeline.lexicon.bodies import Bodies
    from pipeline.lexicon.breakthroughs import Breakthroughs
    from pipeline.lexicon.characters import Characters
    from pipeline.lexicon.columns import Columns
    from pipeline.lexicon.contrasts import Contrasts
    from pipeline.lexicon.facts import Facts
    from pipeline.lexicon.frames import Frames
    from pipeline.lexicon.grammar import Patterns
    from pipeline.lexicon.headings import Headings
    from pipeline.lexicon.indicators import Indicators
    from pipeline.lexicon.ledger import Ledger
    from pipeline.lexicon.measures import Measures
    from pipeline.lexicon.places import Places
    from pipeline.lexicon.roles import Roles
    from pipeline.lexicon.synonyms import Family
    from pipeline.lexicon.timing import Timing
    from pipeline.lexicon.wording import Wording

__all__ = ["Lexicon", "LexiconError", "load_lexicon", "read_lexicon"]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All rules, one field a topic, as every stage takes them."""

    characters: Characters
    columns: Columns
    contrasts: Contrasts
    frames: Frames
    headings: Headings
    indicators: Indicators
    roles: Roles
    bodies: Bodies
    places: Places
    measures: Measures
    wording: Wording
    timing: Timing
    ledger: Ledger
    facts: Facts
    patterns: Patterns
    breakthroughs: Breakthroughs
    audit: Audit
    families: Mapping[str, Family]


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """Give the rules of all data files. Raises LexiconError with every fault of every file.

    Once read they are kept for the next start, until a data file or the code beside it changes.
    """
    from pipeline.lexicon.ready import keep, kept_lexicon, stamps

    made_from = stamps()
    found = kept_lexicon(made_from)
    if found is None:
        found = read_lexicon()
        keep(found, made_from)
    return found


def read_lexicon() -> Lexicon:
    """Read all data files. Raises LexiconError with every fault of every file."""
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
