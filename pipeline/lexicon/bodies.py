"""Lexicon topic: bodies. What bodies of government, party and society are called, and what they are for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast, get_args

import regex

from pipeline.lexicon.loader import Faults, Row, read_table

Branch = Literal["government", "party", "congress", "judicial", "vertical", "mass", "firm", "other"]
BODY_COLUMNS = ("function", "standard", "form", "endings", "branch", "valid_from", "valid_to")
CENTRAL_COLUMNS = ("alias", "name", "function", "alone", "place", "valid_from", "valid_to")


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a body without place and level: 发改委, with its standard 发展和改革委员会.

    `valid_from` and `valid_to` are the years in which such bodies were set up, None where open.
    """

    written: str
    standard: str
    function: str
    branch: Branch
    valid_from: int | None
    valid_to: int | None


@dataclass(frozen=True, slots=True)
class Central:
    """A body of which the country has one. `alone`: its alias means it in a document of any place."""

    alias: str
    name: str
    function: str
    alone: bool
    place: str
    valid_from: int | None
    valid_to: int | None


@dataclass(frozen=True, slots=True)
class Bodies:
    """Names of bodies: local forms and central aliases as written, and the words that may end a name."""

    forms: Mapping[str, tuple[Form, ...]]
    central: Mapping[str, tuple[Central, ...]]
    endings: tuple[str, ...]
    strong_endings: tuple[str, ...]
    ending_functions: Mapping[str, str]
    collective_anywhere: tuple[str, ...]
    collective_start: tuple[str, ...]
    level_run: regex.Pattern[str]

    def ends_like_body(self, name: str) -> bool:
        """Tell whether the last word of `name` can name a body (局, 委, 集团, 海关 …)."""
        return name.endswith(self.endings)

    def closes_name(self, name: str) -> bool:
        """Tell whether `name` surely ends a name, so that 和, 及 behind it joins another one."""
        return name.endswith(self.strong_endings) or self.is_collective(name)

    def is_collective(self, name: str) -> bool:
        """Tell whether `name` stands for many bodies: 各板块, 市有关部门."""
        return name.startswith(self.collective_start) or any(word in name for word in self.collective_anywhere)

    def continues_collective(self, name: str) -> bool:
        """Tell whether `name` cannot stand alone but runs on after 各: 县（区）人民政府, 街道, 单位."""
        return self.level_run.fullmatch(name) is not None

    def function_of(self, name: str) -> str | None:
        """Give what a body of unknown name is for: from the known form that it ends with or holds, else its ending."""
        own = [name[start:end] for end in range(len(name), 2, -1) for start in range(end - 2)]
        for part in own:
            form = self.form(part)
            if form is not None and len(part) > 2 and form.function != "党委办":
                return form.function
        for ending in sorted(self.ending_functions, key=len, reverse=True):
            if name.endswith(ending):
                return self.ending_functions[ending]
        return None

    def form(self, name: str) -> Form | None:
        """Give the form that is written exactly so, the one still in use before a former one."""
        found = self.forms.get(name, ())
        return min(found, key=lambda form: form.valid_to is not None) if found else None


def _year(row: Row, column: str, file: str, faults: Faults) -> int | None:
    if not row[column]:
        return None
    if not (row[column].isdigit() and len(row[column]) == 4):
        faults.add(file, row.line, f"{column} is {row[column]!r}, should be a year")
        return None
    return int(row[column])


def _span(row: Row, file: str, faults: Faults) -> tuple[int | None, int | None]:
    first, last = _year(row, "valid_from", file, faults), _year(row, "valid_to", file, faults)
    if first is not None and last is not None and first > last:
        faults.add(file, row.line, f"valid_from {first} is after valid_to {last}")
    return first, last


def _overlap(one: Form | Central, other: Form | Central) -> bool:
    first = max(one.valid_from or 0, other.valid_from or 0)
    last = min(one.valid_to or 9999, other.valid_to or 9999)
    # The year in which a body gives way to its successor belongs to both.
    return first < last


@dataclass(frozen=True, slots=True)
class _Endings:
    organs: dict[str, str]
    every: tuple[str, ...]
    strong: tuple[str, ...]
    functions: dict[str, str]


def _read_endings(faults: Faults) -> _Endings:
    """Give the endings that close a stem with their full form, all, those that surely end a name, and what they say."""
    organs: dict[str, str] = {}
    every: list[str] = []
    strong: list[str] = []
    functions: dict[str, str] = {}
    for row in read_table("body_endings.csv", ("ending", "standard", "use", "function"), faults, unique="ending"):
        if row["use"] not in ("organ", "strong", "weak"):
            faults.add("body_endings.csv", row.line, f"use is {row['use']!r}, should be organ, strong or weak")
        every.append(row["ending"])
        if row["use"] != "weak":
            strong.append(row["ending"])
        if row["function"]:
            functions[row["ending"]] = row["function"]
        if row["use"] == "organ":
            organs[row["ending"]] = row["standard"]
    return _Endings(organs, tuple(every), tuple(strong), functions)


def _read_forms(organs: Mapping[str, str], faults: Faults) -> dict[str, tuple[Form, ...]]:
    forms: dict[str, tuple[Form, ...]] = {}
    for row in read_table("bodies.csv", BODY_COLUMNS, faults):
        if row["branch"] not in get_args(Branch):
            faults.add("bodies.csv", row.line, f"unknown branch {row['branch']!r}")
        span = _span(row, "bodies.csv", faults)
        for ending in row["endings"].split("/"):
            if ending and ending not in organs:
                faults.add("bodies.csv", row.line, f"the ending {ending!r} does not stand in body_endings.csv")
                continue
            full = organs.get(ending, "")
            for last in dict.fromkeys((ending, full)):
                form = Form(
                    row["form"] + last, row["standard"] + full, row["function"], cast(Branch, row["branch"]), *span
                )
                for other in forms.get(form.written, ()):
                    if _overlap(form, other):
                        faults.add("bodies.csv", row.line, f"{form.written!r} belongs to {other.standard!r} already")
                forms[form.written] = (*forms.get(form.written, ()), form)
    return forms


def _read_central(faults: Faults) -> dict[str, tuple[Central, ...]]:
    central: dict[str, tuple[Central, ...]] = {}
    for row in read_table("central_bodies.csv", CENTRAL_COLUMNS, faults):
        if row["alone"] not in ("yes", "no"):
            faults.add("central_bodies.csv", row.line, f"alone is {row['alone']!r}, should be yes or no")
        span = _span(row, "central_bodies.csv", faults)
        body = Central(row["alias"], row["name"], row["function"], row["alone"] == "yes", row["place"], *span)
        for other in central.get(body.alias, ()):
            if _overlap(body, other):
                faults.add("central_bodies.csv", row.line, f"{body.alias!r} belongs to {other.name!r} already")
        central[body.alias] = (*central.get(body.alias, ()), body)
    return central


def load(faults: Faults) -> Bodies:
    """Read the tables of bodies; an alias with two owners at one time, or a reference to nothing, is a fault."""
    endings = _read_endings(faults)
    forms = _read_forms(endings.organs, faults)
    central = _read_central(faults)
    functions = {form.function for several in forms.values() for form in several}
    for several in central.values():
        for body in several:
            if body.function not in functions:
                faults.add(
                    "central_bodies.csv", body.alias, f"no body of bodies.csv has the function {body.function!r}"
                )
    words: dict[str, list[str]] = {"anywhere": [], "start": [], "level": []}
    for row in read_table("collectives.csv", ("word", "place"), faults, unique="word"):
        if row["place"] not in words:
            faults.add("collectives.csv", row.line, f"place is {row['place']!r}, should be one of {', '.join(words)}")
            continue
        words[row["place"]].append(row["word"])
    levels = "|".join(sorted(words["level"], key=len, reverse=True))
    bracketed = rf"[（(〔\[](?:{levels}|[、，,])+[）)〕\]]"
    level_run = regex.compile(rf"(?:(?:{levels})|{bracketed})+(?:人民政府|政府|管委会|党委|党工委|办事处)?")
    return Bodies(
        forms, central, endings.every, endings.strong, endings.functions,
        tuple(words["anywhere"]), tuple(words["start"]), level_run,
    )  # fmt: skip
