"""The words that invented plans are made of, read from the CSV and TOML files beside this module."""

from __future__ import annotations

import csv
import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

HERE = Path(__file__).parent
CHOICE = re.compile(r"\[([^\]]*)\]")


@dataclass(frozen=True, slots=True)
class Indicator:
    """What can be counted: `adds` verbs of doing, `low` to `high` in steps as written before `scale`."""

    name: str
    unit: str
    topic: str
    adds: tuple[str, ...]
    low: Decimal
    high: Decimal
    step: Decimal
    scale: str
    ranks: tuple[str, ...]
    renames: tuple[str, ...]
    other_unit: str
    city: bool
    use: str


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation: the topics it answers for, the body whose work it took over, its full name."""

    name: str
    topics: tuple[str, ...]
    former: str
    long: str


@dataclass(frozen=True, slots=True)
class Theme:
    """What a task can be about; words to choose from stand in the sentences as [one|another]."""

    topic: str
    titles: tuple[str, ...]
    noun: str
    second: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    indicators: tuple[Indicator, ...]
    bodies: tuple[Body, ...]
    themes: tuple[Theme, ...]
    safeguards: tuple[Theme, ...]
    groups: dict[str, tuple[str, ...]]
    frame: dict[str, Any]

    def of_topic(self, topic: str) -> list[Indicator]:
        """The indicators of a topic."""
        return [indicator for indicator in self.indicators if indicator.topic == topic]

    def answering(self, topic: str) -> list[Body]:
        """The bodies that answer for a topic."""
        return [body for body in self.bodies if topic in body.topics]

    def reorganised(self, before: str, after: str) -> bool:
        """True where the one name became the other, by reorganisation or as its full name."""
        return any(body.name == after and before in (body.former, body.long) for body in self.bodies) or any(
            body.name == before and after == body.long for body in self.bodies
        )


@cache
def vocabulary() -> Vocabulary:
    """Give all words."""
    frame = tomllib.loads((HERE / "frame.toml").read_text("utf-8"))
    themes = tomllib.loads((HERE / "themes.toml").read_text("utf-8"))["theme"]
    return Vocabulary(
        indicators=tuple(_indicator(row) for row in _rows("indicators.csv")),
        bodies=tuple(
            Body(row["name"], _parts(row["topics"]), row["former"] or "", row["long"] or "")
            for row in _rows("bodies.csv")
        ),
        themes=tuple(_theme(theme, theme["topic"]) for theme in themes),
        safeguards=tuple(_theme(theme, "保障") for theme in frame["safeguards"]),
        groups={topic: tuple(titles) for topic, titles in frame["groups"].items()},
        frame=frame,
    )


def choose(pattern: str, random: Random, avoid: str = "") -> str:
    """Give a sentence: one of the words in each bracket, if possible none that stands in `avoid`."""

    def pick(found: re.Match[str]) -> str:
        words = found[1].split("|")
        fresh = [word for word in words if word not in avoid]
        word: str = random.choice(fresh or words)
        return word

    return CHOICE.sub(pick, pattern)


def _rows(name: str) -> list[dict[str, str]]:
    lines = (HERE / name).read_text("utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def _parts(words: str | None) -> tuple[str, ...]:
    return tuple(part for part in (words or "").split("/") if part)


def _theme(theme: dict[str, Any], topic: str) -> Theme:
    return Theme(topic, tuple(theme["titles"]), theme["noun"], theme["second"], tuple(theme["sentences"]))


def _indicator(row: dict[str, str]) -> Indicator:
    return Indicator(
        name=row["name"],
        unit=row["unit"],
        topic=row["topic"],
        adds=_parts(row["adds"]),
        low=Decimal(row["low"]),
        high=Decimal(row["high"]),
        step=Decimal(row["step"]),
        scale=row["scale"] or "",
        ranks=_parts(row["ranks"]),
        renames=_parts(row["renames"]),
        other_unit=row["other_unit"] or "",
        city=row["city"] == "true",
        use=row["use"],
    )
