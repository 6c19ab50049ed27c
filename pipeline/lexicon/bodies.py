"""Lexicon topic: bodies. What bodies of government, party and society are called, and what they are for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, cast, get_args

import regex

from pipeline.lexicon.edges import by_last, lengths_by_first
from pipeline.lexicon.fields import Words, join_words, joined, read_stems
from pipeline.lexicon.loader import Faults, Row, read_table
from pipeline.lexicon.packing import packed, packed_groups, unpacked, unpacked_groups
from pipeline.quick.classes import NamedTuple, dataclass
from pipeline.quick.pattern import pattern

Branch = Literal["government", "party", "congress", "judicial", "vertical", "mass", "firm", "other"]
BODY_COLUMNS = ("function", "standard", "form", "endings", "branch", "valid_from", "valid_to")
# Classes of bodies whose field is not that of the bureaus: 水务集团 is a company.
FIRMS = ("企业", "高校", "学校", "医院", "银行")
# Classes that say all: a 人民政府 is for no field.
WHOLE = ("政府", "园区")
COLLECTIVE = "collective"
LONGEST_ALIAS = 24
CENTRAL_COLUMNS = ("alias", "name", "function", "alone", "place", "valid_from", "valid_to")


class Form(NamedTuple):
    """One way to write a body without place and level: 发改委, with its standard 发展和改革委员会.

    `ending` is the word of an organ that closes it (委), `full_ending` its full form (委员会); both are empty for names
    that are whole (工商联).
    `valid_from` and `valid_to` are the years in which such bodies were set up, None where open.
    """

    written: str
    standard: str
    ending: str
    full_ending: str
    function: str
    branch: Branch
    valid_from: int | None
    valid_to: int | None

    @property
    def stem(self) -> str:
        """The standard name without its ending, empty for names that are whole."""
        return self.standard[: -len(self.full_ending)] if self.full_ending else ""

    def in_use(self, year: int) -> bool:
        """Tell whether bodies had this name in `year`; the year of a change belongs to both names."""
        return (self.valid_from or 0) <= year <= (self.valid_to or 9999)


class Central(NamedTuple):
    """A body of which the country has one. `alone`: its alias means it in a document of any place; `opens`: the names
    of its branches may begin with the alias (人行云州分行).
    """

    alias: str
    name: str
    function: str
    alone: bool
    opens: bool
    place: str
    valid_from: int | None
    valid_to: int | None


class Function(NamedTuple):
    """What bodies are for. `ranked`: they stand on the level of their place; `by_place`: branches of the centre are
    called after their place (云州海关), not after its level (市邮政管理局).
    """

    english: str
    ranked: bool
    by_place: bool


@dataclass(frozen=True, slots=True)
class Bodies:
    """Names of bodies: local forms and central aliases as written, and the words that may end a name.

    `organs` gives for an ending that closes a stem its full form (委: 委员会). The last four fields are for looking
    words up: endings by their last character, lengths of the central aliases by their first.
    """

    forms: Mapping[str, tuple[Form, ...]]
    central: Mapping[str, tuple[Central, ...]]
    endings: tuple[str, ...]
    organs: Mapping[str, str]
    strong_endings: tuple[str, ...]
    ending_functions: Mapping[str, str]
    collective_anywhere: tuple[str, ...]
    collective_start: tuple[str, ...]
    level_run: regex.Pattern[str]
    functions: Mapping[str, Function]
    words: Words
    successors: Mapping[str, tuple[str, ...]]
    central_names: tuple[str, ...]
    endings_by_last: Mapping[str, tuple[str, ...]]
    strong_by_last: Mapping[str, tuple[str, ...]]
    functions_by_last: Mapping[str, tuple[str, ...]]
    alias_lengths: Mapping[str, tuple[int, ...]]

    def ends_like_body(self, name: str) -> bool:
        """Tell whether the last word of `name` can name a body (局, 委, 集团, 海关 …)."""
        return name.endswith(self.endings_by_last.get(name[-1:], ()))

    def closes_name(self, name: str) -> bool:
        """Tell whether `name` surely ends a name, so that 和, 及 behind it joins another one."""
        return name.endswith(self.strong_by_last.get(name[-1:], ())) or self.is_collective(name)

    def is_collective(self, name: str) -> bool:
        """Tell whether `name` stands for many bodies: 各板块, 市有关部门."""
        for word in self.collective_anywhere:
            if word in name:
                return True
        return name.startswith(self.collective_start)

    def continues_collective(self, name: str) -> bool:
        """Tell whether `name` cannot stand alone but runs on after 各: 县（区）人民政府, 街道, 单位."""
        return self.level_run.fullmatch(name) is not None

    def functions_of(self, name: str, form: Form | None = None) -> tuple[str, ...]:
        """Give what a body without place and level is for, its first function in front; empty where it is not known.

        A listed name has the function of its form (`form`, where that is known already); where its name joins several
        fields and no other word (教育体育局), those of the others follow. Of other names the ending tells the class
        (…集团 is a company, …专班 a task force) and the words inside, from the left, the fields: 科技和信息化局 gives
        科技, 工信.
        """
        form = form or self.form(name)
        if form is not None:
            return tuple(dict.fromkeys((form.function, *joined(form.stem, self.words.single))))
        of_class = self.class_of(name)
        fields = self.words.fields(name, firm=of_class in FIRMS)
        if of_class in FIRMS:
            return (fields[0] if fields else of_class,)
        if of_class in WHOLE:
            return (of_class,)
        return tuple(dict.fromkeys((of_class, *fields))) if of_class else fields

    def class_of(self, name: str) -> str:
        """Give the function that the ending of a name tells (…集团: 企业), empty where it tells none."""
        endings = [word for word in self.functions_by_last.get(name[-1:], ()) if name.endswith(word)]
        return self.ending_functions[max(endings, key=len)] if endings else ""

    def function_of(self, name: str) -> str | None:
        """Give the first function of a body, None where it is not known."""
        return next(iter(self.functions_of(name)), None)

    def branch_of(self, name: str) -> tuple[Central, int] | None:
        """Give the body of the centre whose alias opens the name of a branch, and the length of that longest alias."""
        if not self.ends_like_body(name):
            return None
        for length in self.alias_lengths.get(name[0], ()):
            if length <= min(len(name) - 2, LONGEST_ALIAS):
                for body in self.central.get(name[:length], ()):
                    if body.opens:
                        return body, length
        return None

    def with_place(self, standard: str, place: str) -> str:
        """Give the name of a branch: its place stands behind the name of the body of the centre, else in front."""
        for central in self.central_names:
            if standard.startswith(central) and standard != central:
                return central + place + standard[len(central) :]
        return place + standard

    def form(self, name: str, *, party: bool | None = None, year: int | None = None) -> Form | None:
        """Give the form that is written exactly so.

        Of several, that of a party body where `party` says so (市委金融办) or of another where it denies it; then the
        one that was in use in `year`; without a year the one still in use before a former one.
        """
        found = self.forms.get(name, ())
        if len(found) < 2:
            return found[0] if found else None
        if party is not None:
            found = tuple(form for form in found if (form.branch == "party") == party) or found
        if year is not None:
            found = tuple(form for form in found if form.in_use(year)) or found
        return min(found, key=lambda form: form.valid_to is not None)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the names as a few texts."""
        forms = [form for several in self.forms.values() for form in several]
        central = [body for several in self.central.values() for body in several]
        names = packed(forms), packed_groups(self.forms, forms), packed(central), packed_groups(self.central, central)
        return _rebuilt, (names, tuple(getattr(self, name) for name in self.__match_args__[2:]))


def _rebuilt(names: tuple[bytes, bytes, bytes, bytes], others: tuple[Any, ...]) -> Bodies:
    """Undo `Bodies.__reduce__`."""
    forms, written, central, aliases = names
    return Bodies(
        unpacked_groups(written, unpacked(Form, forms)), unpacked_groups(aliases, unpacked(Central, central)), *others
    )


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
                    row["form"] + last,
                    row["standard"] + full,
                    last,
                    full,
                    row["function"],
                    cast(Branch, row["branch"]),
                    *span,
                )
                for other in forms.get(form.written, ()):
                    if _overlap(form, other) and (form.branch == "party") == (other.branch == "party"):
                        faults.add("bodies.csv", row.line, f"{form.written!r} belongs to {other.standard!r} already")
                forms[form.written] = (*forms.get(form.written, ()), form)
    return forms


def _read_central(faults: Faults) -> dict[str, tuple[Central, ...]]:
    central: dict[str, tuple[Central, ...]] = {}
    for row in read_table("central_bodies.csv", CENTRAL_COLUMNS, faults):
        if row["alone"] not in ("yes", "no", "branch"):
            faults.add("central_bodies.csv", row.line, f"alone is {row['alone']!r}, should be yes, no or branch")
        span = _span(row, "central_bodies.csv", faults)
        alone, opens = row["alone"] == "yes", row["alone"] != "no"
        body = Central(row["alias"], row["name"], row["function"], alone, opens, row["place"], *span)
        for other in central.get(body.alias, ()):
            if body.place == other.place and _overlap(body, other):
                faults.add("central_bodies.csv", row.line, f"{body.alias!r} belongs to {other.name!r} already")
        central[body.alias] = (*central.get(body.alias, ()), body)
    return central


def _stems(forms: Mapping[str, tuple[Form, ...]]) -> dict[str, str]:
    """Give the stems of all forms with their functions, as written and in full."""
    of_forms: dict[str, str] = {}
    for form in (form for several in forms.values() for form in several if form.ending):
        for stem in (form.written.removesuffix(form.ending), form.stem):
            if len(stem) > 1:
                of_forms.setdefault(stem, form.function)
    return of_forms


def _read_successions(forms: Mapping[str, tuple[Form, ...]], faults: Faults) -> dict[str, tuple[str, ...]]:
    """Give the standard names that took over from a former one; both must be standard names of bodies.csv."""
    standard: dict[str, set[int | None]] = {}
    for form in (form for several in forms.values() for form in several):
        standard.setdefault(form.standard, set()).add(form.valid_to)
    followers: dict[str, tuple[str, ...]] = {}
    for row in read_table("successions.csv", ("former", "successor", "year", "kind"), faults):
        for column in ("former", "successor"):
            if row[column] not in standard:
                faults.add("successions.csv", row.line, f"no body of bodies.csv has the standard name {row[column]!r}")
        if row["kind"] not in ("renamed", "merged", "split"):
            faults.add("successions.csv", row.line, f"kind is {row['kind']!r}, should be renamed, merged or split")
        year, ends = _year(row, "year", "successions.csv", faults), standard.get(row["former"], {None})
        if year is not None and all(end is not None and abs(end - year) > 1 for end in ends):
            known = ", ".join(str(end) for end in ends)
            faults.add("successions.csv", row.line, f"the year {year} is far from valid_to {known} in bodies.csv")
        circle = row["former"] == row["successor"] or row["former"] in followers.get(row["successor"], ())
        if circle or row["successor"] in followers.get(row["former"], ()):
            faults.add(
                "successions.csv", row.line, f"{row['former']!r} and {row['successor']!r} stand twice or in a circle"
            )
        followers[row["former"]] = (*followers.get(row["former"], ()), row["successor"])
    return followers


def _central_names(central: Mapping[str, tuple[Central, ...]]) -> tuple[str, ...]:
    names = {body.name for several in central.values() for body in several if not body.place}
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


def _read_functions(faults: Faults) -> dict[str, Function]:
    functions: dict[str, Function] = {}
    for row in read_table("functions.csv", ("function", "english", "rank", "called"), faults, unique="function"):
        if row["rank"] not in ("place", "none"):
            faults.add("functions.csv", row.line, f"rank is {row['rank']!r}, should be place or none")
        if row["called"] not in ("level", "place"):
            faults.add("functions.csv", row.line, f"called is {row['called']!r}, should be level or place")
        functions[row["function"]] = Function(row["english"], row["rank"] == "place", row["called"] == "place")
    return functions


def _check_functions(
    functions: Mapping[str, Function],
    forms: Mapping[str, tuple[Form, ...]],
    central: Mapping[str, tuple[Central, ...]],
    endings: Mapping[str, str],
    stems: Mapping[str, Mapping[str, str]],
    faults: Faults,
) -> None:
    """Note every function that is used but stands not in functions.csv, and those that stand there for nothing."""
    used: dict[str, tuple[str, str]] = {}
    for word, several in forms.items():
        for form in several:
            used.setdefault(form.function, ("bodies.csv", word))
    for alias, bodies in central.items():
        for body in bodies:
            used.setdefault(body.function, ("central_bodies.csv", alias))
    used |= {function: ("body_endings.csv", word) for word, function in endings.items() if function not in used}
    for words in stems.values():
        used |= {function: ("function_stems.csv", word) for word, function in words.items() if function not in used}
    for function, (file, word) in used.items():
        if function and function not in functions:
            faults.add(file, word, f"the function {function!r} does not stand in functions.csv")
    for function in functions:
        if function not in used and function != COLLECTIVE:
            faults.add("functions.csv", function, "no body has this function")


def load(faults: Faults) -> Bodies:
    """Read the tables of bodies; an alias with two owners at one time, or a reference to nothing, is a fault."""
    endings = _read_endings(faults)
    forms = _read_forms(endings.organs, faults)
    central = _read_central(faults)
    stems = read_stems(faults)
    functions = _read_functions(faults)
    _check_functions(functions, forms, central, endings.functions, stems, faults)
    words: dict[str, list[str]] = {"anywhere": [], "start": [], "level": []}
    for row in read_table("collectives.csv", ("word", "place"), faults, unique="word"):
        if row["place"] not in words:
            faults.add("collectives.csv", row.line, f"place is {row['place']!r}, should be one of {', '.join(words)}")
            continue
        words[row["place"]].append(row["word"])
    levels = "|".join(sorted(words["level"], key=len, reverse=True))
    bracketed = rf"[（(〔\[](?:{levels}|[、，,])+[）)〕\]]"
    level_run = pattern(rf"(?:(?:{levels})|{bracketed})+(?:人民政府|政府|管委会|党委|党工委|办事处)?")
    return Bodies(
        forms, central, endings.every, endings.organs, endings.strong, endings.functions,
        tuple(words["anywhere"]), tuple(words["start"]), level_run, functions, join_words(stems, _stems(forms)),
        _read_successions(forms, faults), _central_names(central),
        by_last(endings.every), by_last(endings.strong), by_last(endings.functions), lengths_by_first(central),
    )  # fmt: skip
