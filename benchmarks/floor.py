"""The floor: the least that any reader of figures must do with a text, as the yardstick of the other benchmarks.

Traditional to simplified characters (opencc), then one scan each for sentences, for figures with a unit, for years and
for 300 names of organisations. What is found are tuples of places; nothing is understood, and nothing is written.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from opencc import OpenCC

LEXICON = Path(__file__).resolve().parents[1] / "pipeline" / "lexicon"
NAMES = 300
SENTENCE = re.compile(r"[^。！？；\n]+")
FIGURE = re.compile(
    r"([0-9][0-9,.]*)\s*[万亿]*(个百分点|平方米|平方公里|公里|千瓦时|千瓦|人次|[家个项人名元亩件吨所场位条座台套批%％])"
)
YEAR = re.compile(r"(?:19|20)[0-9]{2}(?:[—–-](?:19|20)[0-9]{2})?年")
Found = tuple[list[tuple[int, int]], ...]


@cache
def names() -> tuple[str, ...]:
    """Give 300 names of bodies of a city, made of the stems and endings of the lexicon."""
    lines = (LEXICON / "bodies.csv").read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    made = dict.fromkeys(
        f"市{row['form']}{ending}" for row in rows if row["endings"] for ending in row["endings"].split("/")
    )
    # The short ones are those that texts use.
    return tuple(sorted(made, key=len)[:NAMES])


def trie_pattern(words: tuple[str, ...]) -> str:
    """Give a pattern for words, the longest first, that tries each beginning once."""
    branches: dict[str, list[str]] = {}
    for word in words:
        branches.setdefault(word[:1], []).append(word[1:])
    alternatives = [
        re.escape(first) + (f"(?:{trie_pattern(tuple(rests))})" if any(rests) else "")
        for first, rests in branches.items()
        if first
    ]
    if "" in branches:
        return "|".join([*alternatives, ""])
    return "|".join(alternatives)


@cache
def name_scan() -> tuple[str, Callable[[str], list[tuple[int, int]]]]:
    """Give the name of the engine that finds names, and what it does: ahocorasick_rs where it is installed, else re."""
    try:
        import ahocorasick_rs
    except ImportError:
        pattern = re.compile(trie_pattern(names()))
        return "re", lambda text: [found.span() for found in pattern.finditer(text)]
    engine = ahocorasick_rs.AhoCorasick(names(), matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
    return "ahocorasick_rs", lambda text: [(start, end) for _, start, end in engine.find_matches_as_indexes(text)]


@cache
def converter() -> OpenCC:
    """Give the converter from traditional to simplified characters."""
    return OpenCC("t2s")


def floor(data: bytes) -> Found:
    """Give the places of sentences, figures, units, years and names in a text file."""
    text: str = converter().convert(data.decode("utf-8"))
    sentences = [found.span() for found in SENTENCE.finditer(text)]
    figures: list[tuple[int, int]] = []
    units: list[tuple[int, int]] = []
    for found in FIGURE.finditer(text):
        figures.append(found.span(1))
        units.append(found.span(2))
    years = [found.span() for found in YEAR.finditer(text)]
    _, scan = name_scan()
    return sentences, figures, units, years, scan(text)
