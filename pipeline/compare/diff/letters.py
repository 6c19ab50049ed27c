"""What of a text is compared: its letters and figures. White space, punctuation and brackets say nothing."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import Indel

SHINGLE = 4
# Texts of more pairs of characters are compared by their shingles: exact similarity grows with the product.
MOST_PAIRS = 4_000_000_000
# Two passages of plans on different matters share about so much of their characters, in order.
CHANCE = 0.3


def letters(text: str) -> str:
    """Give the letters and figures of a text; decimal points and percent signs stay, they belong to figures."""
    return "".join(
        character
        for place, character in enumerate(text)
        if character.isalnum() or character in "%％‰" or (character == "." and _in_figure(text, place))
    ).casefold()


def _in_figure(text: str, place: int) -> bool:
    return text[place - 1 : place].isdigit() and text[place + 1 : place + 2].isdigit()


def shingles(text: str, size: int = SHINGLE) -> frozenset[str]:
    """Give all runs of `size` characters; of a shorter text itself."""
    if len(text) <= size:
        return frozenset((text,)) if text else frozenset()
    return frozenset(text[start : start + size] for start in range(len(text) - size + 1))


@lru_cache(maxsize=65536)
def bigrams(text: str) -> frozenset[str]:
    """Give all pairs of neighbouring characters of a name."""
    return shingles(text, 2)


def likeness(one: str, other: str) -> float:
    """Give how alike two texts are, 0 to 1: twice the characters they share in order, by the characters of both."""
    if len(one) * len(other) <= MOST_PAIRS:
        return Indel.normalized_similarity(one, other)
    first, second = shingles(one), shingles(other)
    return 2 * len(first & second) / (len(first) + len(second))


def beyond_chance(one: str, other: str) -> float:
    """Give the likeness of two texts beyond what any two texts of plans have in common by the words of their trade."""
    return max(likeness(one, other) - CHANCE, 0.0) / (1 - CHANCE)
