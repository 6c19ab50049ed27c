"""Every rule of the program one by one, and the program without some of them.

A rule is an entry of a TOML file of the lexicon, a line of one of its CSV files, or a compiled pattern of a module of
pipeline/extract. Dropped are rules in memory: the loader is handed the files' text without them; no file changes.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from functools import cache
from types import ModuleType
from typing import Any
from unittest import mock

import regex

import pipeline.extract
import pipeline.lexicon
from pipeline.lexicon import Lexicon, load_lexicon, loader
from pipeline.lexicon.loader import Faults

# Registers of names: a body or place that stands in one document says nothing about the rules.
REGISTERS = frozenset(
    (
        "bodies.csv",
        "body_endings.csv",
        "central_bodies.csv",
        "collectives.csv",
        "functions.csv",
        "function_stems.csv",
        "successions.csv",
        "places.csv",
        "place_marks.csv",
        "former_places.csv",
        "zones.csv",
        "number_marks.csv",
    )
) | frozenset(("level_words.csv", "indicators.csv", "roles.csv"))
# Read by the readers of web pages, before there is a text.
READING = frozenset(("page_nodes.csv",))
NEVER = "(?!)"
PATTERN_LINE = re.compile(r"^pattern\s*=\s*(?:'''.*?'''|'[^'\n]*'|\"\"\".*?\"\"\"|\"(?:[^\"\\\n]|\\.)*\")", re.M | re.S)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: where it stands, its name there, and the words without which it cannot fire (empty if not known).

    `line` is the line of a CSV file, 0 for the others; `field` the field of the lexicon, empty for patterns in code.
    """

    file: str
    name: str
    line: int
    field: str
    words: str

    def __str__(self) -> str:
        """Spell the place: wording.csv: 新增 (increase)."""
        return f"{self.file}: {self.name}"


def rules_of_lexicon() -> list[Rule]:
    """Give all rules of the files that decide how a document is read, in the order of files and lines."""
    found: list[Rule] = []
    for field, (_, files) in _topics().items():
        for file in files:
            if file not in REGISTERS | READING:
                text = loader.read_text(file)
                found += _entries(file, field, text) if file.endswith(".toml") else _lines(file, field, text)
    return found


def rules_of_code() -> list[Rule]:
    """Give the compiled patterns that modules of pipeline/extract hold under a name, each once."""
    found: dict[int, Rule] = {}
    for module, name, pattern in _compiled():
        found.setdefault(id(pattern), Rule(_home(module), name, 0, "", ""))
    return list(found.values())


def lexicon_without(rules: Iterable[Rule]) -> Lexicon:
    """Give the lexicon without these rules; its faults are not looked for."""
    dropped: dict[str, list[Rule]] = {}
    concerned = set()
    for rule in rules:
        if rule.field:
            dropped.setdefault(rule.file, []).append(rule)
            concerned.add(rule.field)
    read_text = loader.read_text

    def read_rest(file: str) -> str:
        text = read_text(file)
        if file not in dropped:
            return text
        return _without_entries(text, dropped[file]) if file.endswith(".toml") else _without_lines(text, dropped[file])

    with mock.patch.object(loader, "read_text", read_rest):
        return replace(load_lexicon(), **{field: _topics()[field][0](Faults()) for field in concerned})


@contextmanager
def code_without(rules: Iterable[Rule]) -> Iterator[None]:
    """Let the patterns of these rules match nothing, in every module that holds them."""
    wanted = {(rule.file, rule.name) for rule in rules if not rule.field}
    held = list(_compiled()) if wanted else []
    gone = {id(pattern) for module, name, pattern in held if (_home(module), name) in wanted}
    places = [(module, name, pattern) for module, name, pattern in held if id(pattern) in gone]
    try:
        for module, name, _ in places:
            setattr(module, name, regex.compile(NEVER))
        yield
    finally:
        for module, name, pattern in places:
            setattr(module, name, pattern)


Loader = Callable[[Faults], Any]


@cache
def _topics() -> dict[str, tuple[Loader, tuple[str, ...]]]:
    """Give for each field of the lexicon what loads it and the files it is loaded from."""
    lexicon = load_lexicon()
    types = {type(getattr(lexicon, field.name)): field.name for field in fields(Lexicon)}
    topics: dict[str, tuple[Loader, tuple[str, ...]]] = {}
    for module in _modules(pipeline.lexicon):
        load = getattr(module, "load", None)
        if load is None:
            continue
        with mock.patch.object(loader, "read_text", wraps=loader.read_text) as reading:
            field = types.get(type(load(Faults())))
        if field is not None:
            topics[field] = load, tuple(dict.fromkeys(call.args[0] for call in reading.call_args_list))
    return topics


def _entries(file: str, field: str, text: str) -> list[Rule]:
    return [Rule(file, str(entry["id"]), 0, field, "") for entry in tomllib.loads(text).get("rule", [])]


def _lines(file: str, field: str, text: str) -> list[Rule]:
    """Give a rule a line; of one that tells a character by its code (U+0000) no words are known."""
    rows = [(line, row.split(",")) for line, row in enumerate(text.splitlines(), 1) if row and not row.startswith("#")]
    rules = []
    for line, cells in rows[1:]:
        word = cells[0].strip('"')
        name = f"{word} ({cells[1]})" if len(cells) > 1 and cells[1] else word
        rules.append(Rule(file, name, line, field, "" if word.isascii() and word.isprintable() else word))
    return rules


def _without_lines(text: str, rules: Iterable[Rule]) -> str:
    lines = text.splitlines()
    for rule in rules:
        lines[rule.line - 1] = "#"
    return "\n".join(lines) + "\n"


def _without_entries(text: str, rules: Iterable[Rule]) -> str:
    """Give the text with patterns that match nothing in these entries: others may ask for an entry by its id."""
    names = {rule.name for rule in rules}
    head, *blocks = re.split(r"^(?=\[\[rule\]\])", text, flags=re.MULTILINE)
    for position, block in enumerate(blocks):
        if tomllib.loads(block)["rule"][0]["id"] in names:
            blocks[position] = PATTERN_LINE.sub(f"pattern = '{NEVER}'", block, count=1)
    return head + "".join(blocks)


def _compiled() -> Iterator[tuple[ModuleType, str, Any]]:
    """Give the patterns of pipeline/extract by module and name: where they are made, then where they are imported."""
    held = [
        (module, name, value)
        for module in _modules(pipeline.extract)
        for name, value in vars(module).items()
        if isinstance(value, (re.Pattern, regex.Pattern))
    ]
    return iter(sorted(held, key=lambda place: not _makes(place[0], place[1])))


def _makes(module: ModuleType, name: str) -> bool:
    return re.search(rf"^{name}\b[^=\n]*= ", inspect.getsource(module), re.MULTILINE) is not None


def _home(module: ModuleType) -> str:
    return module.__name__.removeprefix("pipeline.").replace(".", "/") + ".py"


def _modules(package: ModuleType) -> list[ModuleType]:
    names = [info.name for info in pkgutil.iter_modules(package.__path__)]
    return [importlib.import_module(f"{package.__name__}.{name}") for name in names]
