"""Leave out rules that cannot match a passage: most rules need characters that few passages have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from pipeline.lexicon.loader import Rule
from pipeline.quick.classes import NamedTuple

# So far before a passage its rules look back (今后 before 5年); what they need may stand there too.
REACH = 32
# So many words that share a character are looked for together.
FEWEST_PAIRS = 3


def matches(rule: Rule, text: str, start: int, end: int) -> Iterator[regex.Match[str]]:
    """Give the matches of a rule in text[start:end], none of which is empty, one behind the other.

    The same as `finditer`, but where there is none, as mostly, at half its price.
    """
    search = rule.pattern.search
    match = search(text, start, end)
    while match is not None:
        yield match
        match = search(text, match.end(), end)


Word = tuple[str, int]


class Pairs(NamedTuple):
    """Words of two characters, one of which they share: the first (`opens`) or the last. `words` are by the other one.

    To look for a word of two characters in a whole text takes ten times as long as to look for one character.
    """

    shared: str
    opens: bool
    words: dict[str, Word]

    def held(self, text: str) -> list[Word]:
        """Give those that stand in a text."""
        pieces = text.split(self.shared)
        beside = {piece[:1] for piece in pieces[1:]} if self.opens else {piece[-1:] for piece in pieces[:-1]}
        return [word for other, word in self.words.items() if other in beside]


class Sieve(NamedTuple):
    """Rules in their order, with what they need.

    A rule may have the key `needs`: sets of words (a list), or of characters (a string), of each of which a passage
    must hold one; a rule without it is always tried. Every set is one bit: `bits` gives for each word those of the sets
    that hold it, `rules` for each rule those of its own. `pairs` and `others` are all words once more, as they are
    looked for in a whole text.
    """

    bits: tuple[Word, ...]
    rules: tuple[tuple[int, Rule], ...]
    pairs: tuple[Pairs, ...]
    others: tuple[Word, ...]

    def of_document(self, text: str) -> Sieve:
        """Give the same for passages of one text: what none of them can match is not looked for in each."""
        found = [item for item in self.others if item[0] in text]
        for pairs in self.pairs:
            found += pairs.held(text)
        mask = needed = 0
        for _, bits in found:
            mask |= bits
        rules = tuple([item for item in self.rules if item[0] & mask == item[0]])
        for needs, _ in rules:
            needed |= needs
        held = tuple([item for item in found if item[1] & needed])
        return Sieve(held, rules, (), held)

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
    return Sieve(tuple(bits.items()), tuple(found), *_paired(bits))


def _paired(bits: dict[str, int]) -> tuple[tuple[Pairs, ...], tuple[Word, ...]]:
    """Part words into those that share one of their two characters with several others, and the rest."""
    # 年年 would be missed: what stands before its last character is the end of the same word.
    left = {word: found for word, found in bits.items() if len(word) == 2 and word[0] != word[1]}
    pairs: list[Pairs] = []
    for opens in (False, True):
        groups: dict[str, dict[str, Word]] = {}
        for word, found in left.items():
            shared, other = (word[0], word[1]) if opens else (word[1], word[0])
            groups.setdefault(shared, {})[other] = word, found
        pairs += [Pairs(shared, opens, words) for shared, words in groups.items() if len(words) >= FEWEST_PAIRS]
        left = {word: found for word, found in left.items() if len(groups[word[not opens]]) < FEWEST_PAIRS}
    grouped = {word for group in pairs for word, _ in group.words.values()}
    return tuple(pairs), tuple(item for item in bits.items() if item[0] not in grouped)


def words_of(rules: Sequence[Rule]) -> tuple[str, ...]:
    """Give the words that rules with one set each need: a passage that has none of them fits no rule."""
    return tuple(dict.fromkeys(word for rule in rules for words in rule.extra.get("needs", ()) for word in words))
