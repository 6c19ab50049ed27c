"""The words of the target grammar, made ready for looking up at the ends of a stretch."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

import regex

from pipeline.extract.peel import Peeler, Token, peeler
from pipeline.lexicon.grammar import Patterns
from pipeline.lexicon.starts import Starts
from pipeline.lexicon.wording import Wording
from pipeline.quick.classes import dataclass
from pipeline.quick.derived import derived
from pipeline.quick.pattern import pattern

CLOSING = frozenset("）)\n")
CLOSING_BRACKET = pattern(r"[（(][^（）()]*[)）]$")
# Rules for what stands before the verb of an item: what a thing does, once it is built, as is its duty.
OPENINGS = ("once-built", "duty")
# Rules for what an item may open with before its deed: by what means, with whose help, for whom, for each of what.
WAYS = ("by-means", "helped-to-do", "for-whom", "per-each")
# Rules that are tried on the same words, one behind the other; words that have none of what they need pass them all by.
SIGNS = {
    "trimming": (
        "owed", "lead-in", "explained", "work-tail", "middle-verb", "done-wholly", "long-modifier", "size-note",
    ),
    "scene": ("divides", "toward"),
    "future": ("future",),
    "uniform-rule": ("uniform-rule",),
    "baseline": ("baseline-from",),
    "modifier": ("had-by", "of-team", "size-before-noun", "of-noun"),
    "deed-inside": ("deed-inside",),
    "each": ("each-word",),
}  # fmt: skip
# So many different names, or parts of names, are remembered for what they are.
NAMES = 4096


@dataclass(frozen=True, slots=True)
class Grammar:
    """Look-ups by place: before a figure (`right` end of what precedes it), at the head of an item (`left`), in it."""

    before_figure: Peeler
    head: Peeler
    verbs: Peeler
    predicates: Peeler
    causatives: Peeler
    backgrounds: Peeler
    nominals: Peeler
    tails: Peeler
    comparators_after: Peeler
    rates: tuple[str, ...]
    rate_nouns: Peeler
    totals: tuple[str, ...]
    support: regex.Pattern[str]
    compounds: dict[str, tuple[str, ...]]
    adding: tuple[str, ...]
    holding: frozenset[str]
    attracting: tuple[str, ...]
    contrasts: tuple[str, ...]
    funding: tuple[str, ...]
    generic: frozenset[str]
    downward: frozenset[str]
    describing: frozenset[str]
    patterns: Mapping[str, regex.Pattern[str]]
    signs: Mapping[str, re.Pattern[str]]
    is_rate: Callable[[str], bool]
    openings: Starts[str]
    ways: Starts[str]
    goal_heading: regex.Pattern[str]
    modality: Peeler
    kept: frozenset[str]
    attributive: frozenset[str]

    def may_act(self, first: str) -> bool:
        """Tell whether a verb, or a word of how it is done, can open with this character."""
        return first in self.verbs.opening or first in self.before_figure.opening or first in self.causatives.opening

    def deed_at(self, text: str, start: int, end: int) -> Token | None:
        """Give the verb of doing, or of helping to do, that text[start:end] opens with."""
        return self.verbs.at_start(text, start, end) or self.causatives.at_start(text, start, end)

    @staticmethod
    @derived
    def of(wording: Wording, patterns: Patterns) -> Grammar:
        """Give the look-ups of the word lists; they are made once for a lexicon."""
        kept = frozenset(word for word, value in wording["increase"].items() if value != "drop")
        return Grammar(
            before_figure=peeler(
                wording, "comparator_before", "rank", "change", "level", "increase", "adverb", "modality", "noun"
            ),
            head=peeler(wording, "scope", "modality", "connector", barred=patterns["scope-in-name"]),
            verbs=peeler(wording, "increase"),
            predicates=peeler(wording, "predicate"),
            causatives=peeler(wording, "causative"),
            backgrounds=peeler(wording, "background"),
            nominals=peeler(wording, "nominal"),
            tails=peeler(wording, "tail"),
            comparators_after=peeler(wording, "comparator_after"),
            rates=tuple(sorted(wording["rate_noun"], key=len, reverse=True)),
            rate_nouns=peeler(wording, "rate_noun"),
            totals=tuple(sorted((w for w, v in wording["rate_noun"].items() if v == "total"), key=len, reverse=True)),
            support=_any(wording["support"]),
            compounds={verb: tuple(nouns.split()) for verb, nouns in wording["compound"].items()},
            adding=tuple(wording["adding"]),
            holding=frozenset(wording["holding"]),
            attracting=tuple(wording["attracting"]),
            contrasts=tuple(wording["contrast"]),
            funding=tuple(wording["funding"]),
            generic=frozenset(wording["generic"]),
            describing=frozenset(wording["describing"]),
            downward=frozenset(w for w, v in wording["change"].items() if v == "down"),
            patterns=patterns.by_id,
            signs={name: patterns.sign(*rules) for name, rules in SIGNS.items()},
            is_rate=_rates(peeler(wording, "rate_noun")),
            ways=Starts([(name, patterns[name]) for name in WAYS], anchored=True),
            openings=Starts([(name, patterns[name]) for name in OPENINGS], anchored=True),
            goal_heading=_any(wording["goal_heading"]),
            modality=peeler(wording, "modality"),
            kept=kept,
            attributive=frozenset(wording["attributive"]),
        )


def _rates(nouns: Peeler) -> Callable[[str], bool]:
    """Give what tells the names of rates. Several rules ask it of a name, and again where the name is carried on."""

    @lru_cache(maxsize=NAMES)
    def is_rate(words: str) -> bool:
        bare = CLOSING_BRACKET.sub("", words) if words[-1:] in CLOSING else words
        return nouns.at_end(bare, 0, len(bare)) is not None

    return is_rate


def _any(words: object) -> regex.Pattern[str]:
    return pattern("|".join(regex.escape(w) for w in sorted(words, key=len, reverse=True)))  # type: ignore[call-overload]
