"""Leave out rules that cannot match a passage: most rules need characters that few passages have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from pipeline.lexicon.loader import Rule
from pipeline.quick.classes import NamedTuple

# So far before a passage its rules look back (今后 before 5年); what they need may stand there too.
REACH = 32


def matches(rule: Rule, text: str, start: int, end: int) -> Iterator[regex.Match[str]]:
    """Give the matches of a rule in text[start:end], none of which is empty, one behind the other.

    The same as `finditer`, but where there is none, as mostly, at half its price.
    """
    search = rule.pattern.search
    match = search(text, start, end)
    while match is not None:
        yield match
        match = search(text, match.end(), end)


class Sieve(NamedTuple):
    """Rules in their order, with what they need.

    A rule may have the key `needs`: sets of words (a list), or of characters (a string), of each of which a passage
    must hold one; a rule without it is always tried. Every set is one bit: `bits` gives for each word those of the sets
    that hold it, `rules` for each rule those of its own.
    """

    bits: tuple[tuple[str, int], ...]
    rules: tuple[tuple[int, Rule], ...]

    def of_document(self, text: str, characters: frozenset[str] | None = None) -> Sieve:
        """Give the same for passages of one text: what none of them can match is not looked for in each.

        `characters` are those of the text, for who asks several sieves of one text.
        """
        known = frozenset(text) if characters is None else characters
        # To look for a word takes as long as the text is; most words that are not in it have a character that is not.
        held = [item for item in self.bits if known.issuperset(item[0]) and item[0] in text]
        mask = needed = 0
        for _, bits in held:
            mask |= bits
        rules = tuple([item for item in self.rules if item[0] & mask == item[0]])
        for needs, _ in rules:
            needed |= needs
        # A word of none but rules that lack another one tells nothing any more.
        return Sieve(tuple([item for item in held if item[1] & needed]), rules)

    def possible(self, text: str, start: int, end: int) -> list[Rule]:
        """Give the rules that may match in text[start:end], in their order."""
        # Where a text begins is the start of a line.
        passage = text[start - REACH : end] if start >= REACH else "\n" + text[:end]
        mask = 0
        for word, bits in self.bits:
            if word in passage:
                mask |= bits
        return [rule for needs, rule in self.rules if needs & mask == needs]


def sieve(rules: Sequence[Rule]) -> Sieve:
    """Make the sieve of some rules."""
    bits: dict[str, int] = {}
    found: list[tuple[int, Rule]] = []
    known: dict[frozenset[str], int] = {}
    for rule in rules:
        mask = 0
        for words in rule.extra.get("needs", ()):
            bit = known.setdefault(frozenset(words), 1 << len(known))
            mask |= bit
            for word in words:
                bits[word] = bits.get(word, 0) | bit
        found.append((mask, rule))
    return Sieve(tuple(bits.items()), tuple(found))


def words_of(rules: Sequence[Rule]) -> tuple[str, ...]:
    """Give the words that rules with one set each need: a passage that has none of them fits no rule."""
    return tuple(dict.fromkeys(word for rule in rules for words in rule.extra.get("needs", ()) for word in words))
