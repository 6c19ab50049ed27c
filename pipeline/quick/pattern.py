"""Patterns of the program: compiled by the `regex` package once, and found ready at the next start.

To compile a pattern takes a third of a millisecond, to load its compiled form a hundredth; there are some hundred of
them.
"""

from __future__ import annotations

import copyreg
from typing import Any

import regex
from regex import _regex

from pipeline.quick.kept import Shelf, brief

# The number tells keys of another making apart.
SHELF = Shelf("patterns", (regex.__version__, 2))


def pattern(source: str, flags: int = 0) -> regex.Pattern[str]:
    """Give what `regex.compile` gives. For patterns that are part of the program or its rules, not of a document."""
    key = brief(source, int(flags))
    ready = SHELF.get(key)
    # The source is the first of what a pattern is rebuilt from.
    if ready is not None and ready[0] == source:
        return _rebuilt(ready)
    found: regex.Pattern[str] = regex.compile(source, flags)
    SHELF.put(key, _compiled_form(found))
    return found


def _compiled_form(found: regex.Pattern[str]) -> Any:
    """Give the arguments with which the package itself rebuilds a pattern that was pickled."""
    reduced: Any = copyreg.dispatch_table[type(found)](found)
    return reduced[1]


def _rebuilt(form: Any) -> regex.Pattern[str]:
    rebuild: Any = vars(_regex)["compile"]
    found: regex.Pattern[str] = rebuild(*form)
    return found
