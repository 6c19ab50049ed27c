"""Patterns of the program for the `re` module: compiled once, and found ready at the next start.

To compile one takes a quarter of a millisecond, and more with sets of Chinese characters. Under a Python whose `re`
is built otherwise they are compiled at each start.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr

from pipeline.quick.kept import Shelf, brief

SHELF = Shelf("plain", 1)


def plain(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Give what `re.compile` gives. For patterns that are part of the program or its rules, not of a document."""
    key = brief(source, int(flags))
    ready = SHELF.get(key)
    try:
        if ready is None or ready[0] != source:
            ready = _compiled_form(source, int(flags))
            SHELF.put(key, ready)
        found: re.Pattern[AnyStr] = _rebuilt(ready)
    except (ImportError, AttributeError, TypeError, ValueError, RuntimeError):
        return re.compile(source, flags)
    return found


def _compiled_form(source: AnyStr, flags: int) -> tuple[Any, ...]:
    """Give the arguments from which the engine makes the pattern. Raises re.error for a pattern that is none."""
    from re import _compiler, _parser  # type: ignore[attr-defined]

    parsed = _parser.parse(source, flags)
    groups = parsed.state.groupdict
    names: list[str | None] = [None] * parsed.state.groups
    for name, place in groups.items():
        names[place] = name
    code = [int(step) for step in _compiler._code(parsed, flags)]
    return source, flags | parsed.state.flags, code, parsed.state.groups - 1, dict(groups), tuple(names)


def _rebuilt(form: tuple[Any, ...]) -> Any:
    # Looks at each step of the code before it takes it.
    import _sre  # type: ignore[import-not-found]

    return _sre.compile(*form)
