"""What of a text is compared: its letters and figures. White space, punctuation and brackets say nothing."""

from __future__ import annotations

from functools import lru_cache

SHINGLE = 4


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
