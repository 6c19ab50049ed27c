"""Look words up by their first or last character: most names have none of the words, and one look tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def lengths_by_first(words: Iterable[str]) -> Mapping[str, tuple[int, ...]]:
    """Give for each first character the lengths of the words that open with it, the longest first; 1 and 0 are none."""
    lengths: dict[str, set[int]] = {}
    for word in words:
        if len(word) > 1:
            lengths.setdefault(word[0], set()).add(len(word))
    return {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}


def by_last(words: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Give for each last character the words that it closes, in their order."""
    found: dict[str, tuple[str, ...]] = {}
    for word in words:
        found[word[-1]] = (*found.get(word[-1], ()), word)
    return found
