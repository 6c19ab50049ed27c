"""What is made of rules and word lists alone is made once, not for each document."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

Made = TypeVar("Made")
# One lexicon is in use at a time; a few more while rules are compared.
MOST = 4


def derived(make: Callable[..., Made]) -> Callable[..., Made]:
    """Have a function of rules called once for the same objects. Rules never change, so what comes out is the same."""
    # Holds its arguments, so that no other object comes to be known by their place in memory.
    made: dict[tuple[int, ...], tuple[tuple[Any, ...], Made]] = {}

    @wraps(make)
    def once(*rules: Any) -> Made:
        key = tuple(map(id, rules))
        found = made.get(key)
        if found is None:
            if len(made) >= MOST:
                del made[next(iter(made))]
            found = made[key] = rules, make(*rules)
        return found[1]

    return once
