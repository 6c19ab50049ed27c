"""Lexicon topic: headings. Marks of headings, fixed titles, lines of the head and foot, genres, column heads."""

from __future__ import annotations

import unicodedata
from typing import Literal

import regex

from pipeline.lexicon.loader import Faults, read_rules, read_table
from pipeline.lexicon.starts import Starts
from pipeline.quick.classes import dataclass
from pipeline.quick.pattern import pattern

MarkKind = Literal["heading", "box", "annex"]
TitleRole = Literal["state", "aim", "work", "rule", "frame"]
HeadRole = Literal["index", "group", "goal", "indicator", "organisation", "value", "unit", "other"]

TITLE_ROLES = ("state", "aim", "work", "rule", "frame")
HEAD_ROLES = ("index", "group", "goal", "indicator", "organisation", "value", "unit", "other")
NUMERAL_KINDS = ("digit", "multiplier", "whole")
FIELD_MEANINGS = ("title", "doc_number", "issuer", "issued_on", "published_on", "")
GENRES = ("plan", "annex", "notice")
LONGEST_GENRE = 8
DECIMAL_MARK = pattern("[.．]")
# （2023—2025年）, （试行）: no part of a name.
CLOSING_BRACKETS = pattern(r"(?r)(?:[（(〔][^（）()〔〕]*[）)〕]|[\s》”\"])+$")


@dataclass(frozen=True, slots=True)
class MarkStyle:
    """One way of marking headings: 一、 or （1） or 第三章.

    `rank` is its place in official custom, 0 the highest. Styles of one `form` differ in their numerals only.
    `inside` is true where the mark may stand inside a text that lost its line breaks. `needs` names another
    style without which this one is not believed.
    """

    id: str
    pattern: regex.Pattern[str]
    rank: int
    form: str
    kind: MarkKind
    inside: bool
    needs: str


@dataclass(frozen=True, slots=True)
class Headings:
    """What is known of the form of official documents.

    `openings` tells by its first character which marks a line may open with, `front_openings` which of the patterns
    in `front` may be found in it. `head_ends` are the last characters of `heads`.
    """

    marks: tuple[MarkStyle, ...]
    openings: Starts[MarkStyle]
    numerals: dict[str, tuple[int, str]]
    titles: dict[str, TitleRole]
    standing_titles: frozenset[str]
    title_endings: dict[str, TitleRole]
    front: dict[str, regex.Pattern[str]]
    front_openings: Starts[str]
    fields: dict[str, str]
    genres: dict[str, str]
    heads: dict[str, HeadRole]
    head_ends: frozenset[str]
    task_words: tuple[str, ...]

    def fitting_marks(self, words: str) -> tuple[MarkStyle, ...]:
        """Give the marks that may open these words, in their order."""
        return self.openings.fitting(words)

    def front_match(self, name: str, words: str) -> regex.Match[str] | None:
        """Match a pattern of `front` at the start of the words."""
        return self.front[name].match(words) if name in self.front_openings.fitting(words) else None

    def any_front(self, names: tuple[str, ...], words: str) -> bool:
        """Tell whether one of these patterns of `front` is found in the words."""
        fitting = self.front_openings.fitting(words)
        return any(name in fitting and self.front[name].search(words) is not None for name in names)

    def value_of(self, numeral: str) -> int | None:
        """Give the value of a mark's numeral: 12 for 十二, 12, ⑫ or Ⅻ; 2021 for 二〇二一; None if it has none.

        Of a decimal mark (2.1.3) it is the last part.
        """
        last = numeral.strip()
        if "." in last or "．" in last:
            last = DECIMAL_MARK.split(last)[-1].strip()
        if last.isdecimal():
            return int(last)
        if len(last) == 1:
            return self._single(last)
        total, digits = 0, ""
        for character in last:
            value, kind = self.numerals.get(character, (0, ""))
            if kind == "digit":
                digits += str(value)
            elif kind == "multiplier":
                total += (int(digits) if digits else 1) * value
                digits = ""
            else:
                return None
        return total + (int(digits) if digits else 0)

    def _single(self, character: str) -> int | None:
        if character in self.numerals:
            return self.numerals[character][0]
        if character.isascii() and character.isalpha():
            return ord(character.lower()) - ord("a") + 1
        return int(unicodedata.numeric(character, 0)) or None

    def genre(self, title: str, end: int | None = None) -> str:
        """Give the genre (`plan`, `annex`, `notice`) that a title's last words name; empty if none does.

        A closing bracket (2023—2025年, 试行) is no part of the name. The title may be the words up to `end`.
        """
        end = len(title) if end is None else end
        closing = CLOSING_BRACKETS.match(title, 0, end)
        end = end if closing is None else closing.start()
        name = title[max(end - LONGEST_GENRE, 0) : end]
        for size in range(len(name), 0, -1):
            genre = self.genres.get(name[-size:])
            if genre:
                return genre
        return ""


def load(faults: Faults) -> Headings:
    """Read the data files of this topic."""
    titles = read_table("heading_titles.csv", ("words", "role", "alone"), faults, unique="words")
    endings = read_table("title_endings.csv", ("words", "role"), faults, unique="words")
    numerals = read_table("heading_numerals.csv", ("character", "value", "kind"), faults, unique="character")
    fields = read_table("front_fields.csv", ("words", "meaning"), faults, unique="words")
    genres = read_table("plan_genres.csv", ("words", "kind"), faults, unique="words")
    heads = read_table("table_heads.csv", ("words", "role"), faults, unique="words")
    words = read_table("task_words.csv", ("words",), faults, unique="words")
    for file, rows, column, allowed in (
        ("heading_titles.csv", titles, "role", TITLE_ROLES),
        ("heading_titles.csv", titles, "alone", ("yes", "no")),
        ("title_endings.csv", endings, "role", TITLE_ROLES),
        ("heading_numerals.csv", numerals, "kind", NUMERAL_KINDS),
        ("front_fields.csv", fields, "meaning", FIELD_MEANINGS),
        ("plan_genres.csv", genres, "kind", GENRES),
        ("table_heads.csv", heads, "role", HEAD_ROLES),
    ):
        for row in rows:
            if row.cells[column] not in allowed:
                faults.add(file, row.line, f"{column} is {row.cells[column]!r}, should be one of {', '.join(allowed)}")
    marks = _read_marks(faults)
    front = {rule.id: rule.pattern for rule in read_rules("front_lines.toml", faults)}
    return Headings(
        marks=marks,
        openings=Starts([(style, style.pattern) for style in marks], anchored=True),
        numerals={row.cells["character"]: (int(row.cells["value"]), row.cells["kind"]) for row in numerals},
        titles={row.cells["words"]: row.cells["role"] for row in titles},  # type: ignore[misc]
        standing_titles=frozenset(row.cells["words"] for row in titles if row.cells["alone"] == "yes"),
        title_endings={row.cells["words"]: row.cells["role"] for row in endings},  # type: ignore[misc]
        front=front,
        front_openings=Starts(list(front.items()), anchored=False),
        fields={row.cells["words"]: row.cells["meaning"] for row in fields},
        genres={row.cells["words"]: row.cells["kind"] for row in genres},
        heads={row.cells["words"]: row.cells["role"] for row in heads},  # type: ignore[misc]
        head_ends=frozenset(row.cells["words"][-1] for row in heads),
        task_words=tuple(row.cells["words"] for row in words),
    )


def _read_marks(faults: Faults) -> tuple[MarkStyle, ...]:
    rules = read_rules("heading_marks.toml", faults, required=("rank", "form", "inside", "kind"))
    for rule in rules:
        if "label" not in rule.pattern.groupindex:
            faults.add("heading_marks.toml", rule.id, "the pattern has no group `label`")
    return tuple(
        MarkStyle(
            rule.id,
            rule.pattern,
            int(rule.extra.get("rank", 99)),
            str(rule.extra.get("form", "")),
            rule.extra.get("kind", "heading"),
            bool(rule.extra.get("inside", False)),
            str(rule.extra.get("needs", "")),
        )
        for rule in rules
    )
