"""Lexicon topic: the words inside the name of a body that tell what it is for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.lexicon.loader import Faults, read_table
from pipeline.quick.classes import dataclass
from pipeline.quick.pattern import pattern

# What may stand between the fields of a joint body: 文化和旅游.
JOINING = pattern(r"[和与及、]*")


def _tokens(name: str, words: Mapping[str, str], longest: int) -> Iterator[tuple[str, int, int]]:
    """Give the words of `name` from the left, the longest at each place, as (function, start, end)."""
    place = 0
    while place < len(name) - 1:
        for length in range(min(longest, len(name) - place), 1, -1):
            function = words.get(name[place : place + length])
            if function is not None:
                yield function, place, place + length
                place += length - 1
                break
        place += 1


def joined(stem: str, words: Mapping[str, str]) -> tuple[str, ...]:
    """Give the functions of a stem that is made of field words and nothing else (教育和体育), else nothing."""
    tokens = list(_tokens(stem, words, len(stem)))
    rest = stem
    for _, start, end in reversed(tokens):
        rest = rest[:start] + rest[end:]
    return tuple(function for function, _, _ in tokens if function) if JOINING.fullmatch(rest) else ()


@dataclass(frozen=True, slots=True)
class Words:
    """The words that tell inside a name what its body is for: the stems of forms and those of function_stems.csv.

    A word without function (管理, 发展) says nothing. `single` leaves out stems that join several fields.
    """

    any: Mapping[str, str]
    firm: Mapping[str, str]
    single: Mapping[str, str]
    longest: int

    def fields(self, name: str, *, firm: bool = False) -> tuple[str, ...]:
        """Give the functions that the words of `name` tell, from the left, each once."""
        words = self.firm if firm else self.any
        return tuple(dict.fromkeys(function for function, _, _ in _tokens(name, words, self.longest) if function))


def read_stems(faults: Faults) -> dict[str, dict[str, str]]:
    """Give the words of function_stems.csv by what they hold for."""
    stems: dict[str, dict[str, str]] = {"any": {}, "firm": {}}
    for row in read_table("function_stems.csv", ("stem", "function", "of"), faults):
        if row["of"] not in stems:
            faults.add("function_stems.csv", row.line, f"of is {row['of']!r}, should be any or firm")
            continue
        if row["stem"] in stems[row["of"]]:
            faults.add("function_stems.csv", row.line, f"{row['stem']!r} stands twice")
        stems[row["of"]][row["stem"]] = row["function"]
    return stems


def join_words(stems: Mapping[str, dict[str, str]], of_forms: Mapping[str, str]) -> Words:
    """Join the listed words with the stems of forms; single are those that do not themselves join fields."""
    single = dict(stems["any"])
    # 教育体育 is made of two words, 工业和信息化 of two with one function: shorter words are known before longer ones.
    for word in sorted(of_forms, key=len):
        if word not in single and len(set(joined(word, single))) < 2:
            single[word] = of_forms[word]
    every = {**of_forms, **stems["any"]}
    return Words(every, stems["firm"], single, max(map(len, (*every, *stems["firm"])), default=0))
