"""Lexicon topic: characters. What to do with single characters, and the words that script conversion must not touch."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

import regex

from pipeline.lexicon.loader import Faults, read_table
from pipeline.quick.classes import dataclass
from pipeline.quick.pattern import pattern

KINDS = frozenset({"invisible", "private", "radical"})
# Kangxi radicals, compatibility ideographs and their supplement: Unicode itself says which character each stands for.
COMPATIBILITY_RANGES = ((0x2F00, 0x2FD5), (0xF900, 0xFAFF), (0x2F800, 0x2FA1D))


@dataclass(frozen=True, slots=True)
class Characters:
    """What single characters become, by kind, and the wordings whose simplified form OpenCC gets wrong.

    `becomes` maps a kind (`invisible`, `private`, `radical`) to its characters and what replaces them;
    an invisible character becomes nothing. `wordings` maps a traditional wording to its simplified form,
    of the same length; `wordings_pattern` finds them, the longest first.
    """

    becomes: Mapping[str, Mapping[str, str]]
    wordings: Mapping[str, str]
    wordings_pattern: regex.Pattern[str]


def load(faults: Faults) -> Characters:
    """Read `characters.csv` and `script.csv`; a wording and its simplified form must have one length."""
    becomes: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    for first, last in COMPATIBILITY_RANGES:
        for code in range(first, last + 1):
            plain = unicodedata.normalize("NFKC", chr(code))
            if plain != chr(code):
                becomes["radical"][chr(code)] = plain
    for row in read_table("characters.csv", ("code", "becomes", "kind", "reason"), faults, unique="code"):
        if row.cells["kind"] not in KINDS:
            faults.add("characters.csv", row.line, f"unknown kind {row['kind']!r}")
            continue
        for character in _characters(row.cells["code"], row.line, faults):
            becomes[row.cells["kind"]][character] = row.cells["becomes"]
    wordings: dict[str, str] = {}
    for row in read_table("script.csv", ("traditional", "simplified", "reason"), faults, unique="traditional"):
        if len(row.cells["traditional"]) != len(row.cells["simplified"]):
            faults.add("script.csv", row.line, "the two forms differ in length")
        wordings[row.cells["traditional"]] = row.cells["simplified"]
    longest_first = sorted(wordings, key=lambda wording: (-len(wording), wording))
    return Characters(becomes, wordings, pattern("|".join(map(regex.escape, longest_first)) or r"(?!)"))


def _characters(codes: str, line: int, faults: Faults) -> list[str]:
    """Give the characters of `U+200B` or `U+200B-U+200F`."""
    try:
        bounds = [int(code.removeprefix("U+"), 16) for code in codes.split("-")]
    except ValueError:
        faults.add("characters.csv", line, f"{codes!r} is no code like U+200B or U+200B-U+200F")
        return []
    return [chr(code) for code in range(bounds[0], bounds[-1] + 1)]
