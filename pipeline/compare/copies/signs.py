"""A text as signs and shingles: what two copies of it still have in common after damage.

Signs are its letters, Chinese characters and figures in order. White space and punctuation are left out, because they
change when a text is set anew; letters are small; every figure is one mark, so that a text and its version with other
figures have the same signs and can be told apart by the figures alone.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

Signs = NDArray[np.uint32]
Shingles = NDArray[np.uint64]

# Five signs: two Chinese words. Plans of strangers share about one of 600 (median of the samples), and a copy in which
# every twentieth sign is damaged still three of four.
SHINGLE = 5
FIGURE = ord("#")
FIGURES = re.compile("[0-9]+")
PLANE = 0x10000
MULTIPLIER, MIXER = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
FIRST_SHIFT, LAST_SHIFT = np.uint64(29), np.uint64(32)


def letters_of(text: str) -> Signs:
    """Give the code points of all letters, Chinese characters and figures in order, Latin letters small."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    # Rare characters of the further planes are all letters for our purpose.
    letters: Signs = codes[_letters()[np.minimum(codes, PLANE)]]
    large = (letters >= ord("A")) & (letters <= ord("Z"))
    letters[large] += np.uint32(32)
    return letters


def signs_of(letters: Signs) -> Signs:
    """Give letters with one mark in place of each figure."""
    digits = (letters >= ord("0")) & (letters <= ord("9"))
    first = digits & ~np.concatenate((np.zeros(1, bool), digits[:-1]))
    marked = letters.copy()
    marked[digits] = FIGURE
    signs: Signs = marked[~digits | first]
    return signs


def figures_of(letters: Signs) -> list[str]:
    """Give the figures in the order of their marks: 2023—2025 is one, 20232025, and 3.5 is 35."""
    return FIGURES.findall(letters.tobytes().decode("utf-32-le", "surrogatepass"))


def shingles_of(signs: Signs, length: int = SHINGLE) -> Shingles:
    """Give the hash of the `length` signs that start at each sign, 64 bits; nothing for a shorter text."""
    count = max(0, len(signs) - length + 1)
    found = np.zeros(count, np.uint64)
    for step in range(length if count else 0):
        found *= MULTIPLIER
        found += signs[step : step + count]
    found ^= found >> FIRST_SHIFT
    found *= MIXER
    found ^= found >> LAST_SHIFT
    return found


@cache
def _letters() -> NDArray[np.bool_]:
    """Tell for each code point of the first plane, and for all others at the end, whether it is kept."""
    return np.array([chr(code).isalnum() for code in range(PLANE)] + [True])
