"""Which of several rules a text may hold: its first character tells, as the patterns themselves say, and signs do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import regex

from pipeline.lexicon.loader import Rule
from pipeline.quick.pattern import pattern
from pipeline.quick.plain import plain

# Chinese characters that no pattern spells are alike to all of them; this one stands for them, as long as it is one.
ANY_HAN = "永"
FIRST_HAN, LAST_HAN = "\u4e00", "\u9fff"
RANGE_OF_HAN = pattern(rf"[{FIRST_HAN}-{LAST_HAN}]-[{FIRST_HAN}-{LAST_HAN}]")


Item = TypeVar("Item")


class Starts(Generic[Item]):
    """Items with patterns that are tried in turn at the start of a text, told apart by its first character.

    A pattern that hits the end of the text before it fails is a partial match (`regex`); so each pattern is asked once
    for each first character whether anything behind it could still fit. Patterns that may be found further on
    (`anchored` false, and not opened by ^) may always fit.
    """

    __slots__ = ("_items", "_spelled", "known")

    def __init__(self, items: Sequence[tuple[Item, regex.Pattern[str]]], *, anchored: bool) -> None:
        self._items = [(item, found, anchored or opens_at_start(found.pattern)) for item, found in items]
        spelled = "".join(found.pattern for _, found in items)
        alike = ANY_HAN not in spelled and RANGE_OF_HAN.search(spelled) is None
        self._spelled = frozenset(spelled) if alike else None
        # What has been asked so far, by the first character.
        self.known: dict[str, tuple[Item, ...]] = {}

    def fitting(self, text: str) -> tuple[Item, ...]:
        """Give the items whose pattern may be found in `text`, in their order."""
        found = self.known.get(text[:1])
        return found if found is not None else self._ask(text[:1])

    def _ask(self, first: str) -> tuple[Item, ...]:
        if self._spelled is not None and FIRST_HAN <= first <= LAST_HAN and first not in self._spelled:
            like = ANY_HAN
        else:
            like = first
        found = self.known.get(like)
        if found is None:
            found = tuple(
                item
                for item, pattern, anchored in self._items
                if not anchored or not like or pattern.match(like, partial=True) is not None
            )
            self.known[like] = found
        self.known[first] = found
        return found


class Rules(tuple[Rule, ...]):
    """The rules of one use, in the order in which they are tried."""

    _starts: Starts[Rule]
    _signs: tuple[re.Pattern[str] | None, ...]

    def worth_trying(self, text: str) -> Rules:
        """Give the rules that may be found in `text` or in a part of it: those without a sign, or whose sign is there.

        The sign of a rule is a simple pattern of the `re` module that holds wherever the rule does; to look for it in a
        whole document takes less than the rule takes for a page.
        """
        try:
            signs = self._signs
        except AttributeError:
            signs = tuple(plain(rule.extra["sign"]) if "sign" in rule.extra else None for rule in self)
            self._signs = signs
        pairs = zip(self, signs, strict=True)
        return Rules([rule for rule, sign in pairs if sign is None or sign.search(text) is not None])

    def first_in(self, text: str) -> Rule | None:
        """Give the first rule that is found in `text`."""
        for rule in self.fitting(text):
            if rule.pattern.search(text) is not None:
                return rule
        return None

    def fitting(self, text: str) -> tuple[Rule, ...]:
        """Give the rules that the first character of `text` does not rule out."""
        return self.starts.fitting(text)

    @property
    def starts(self) -> Starts[Rule]:
        """What tells the rules apart by the first character of a text."""
        try:
            return self._starts
        except AttributeError:
            self._starts = Starts([(rule, rule.pattern) for rule in self], anchored=False)
            return self._starts

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep the rules alone; what their starts tell is found anew."""
        return type(self), (tuple(self),)


def opens_at_start(pattern: str) -> bool:
    """Tell whether every alternative of a pattern (in verbose mode) opens with ^, so that it is found nowhere else."""
    depth, in_class, escaped = 0, False, False
    opening = True
    for character in pattern:
        if opening and not character.isspace():
            if character != "^":
                return False
            opening = False
        if escaped or character == "\\":
            escaped = not escaped
        elif in_class:
            in_class = character != "]"
        elif character == "[":
            in_class = True
        elif character == "#":
            # A comment may hold any mark; such patterns are tried everywhere.
            return False
        else:
            depth += (character == "(") - (character == ")")
            opening = opening or (character == "|" and not depth)
    return not opening
