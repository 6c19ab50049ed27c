"""Patterns of the program: compiled by the `regex` package once, and found ready at the next start.

To compile a pattern takes a fifth of a millisecond, to load its compiled form a fiftieth of that; there are some
hundred of them.
"""

from __future__ import annotations

import atexit
import copyreg
import marshal
from functools import cache
from typing import Any

import regex
from regex import _regex

from pipeline.quick import kept

FILE = "patterns"
# A former version of a pattern stays in the file; when so many are there, only those in use are kept.
MOST_KEPT = 4096
Key = tuple[str, int]

_met: dict[Key, Any] = {}
_news: set[Key] = set()


def pattern(source: str, flags: int = 0) -> regex.Pattern[str]:
    """Give what `regex.compile` gives. For patterns that are part of the program or its rules, not of a document."""
    key = source, int(flags)
    ready = _met.get(key) or _kept().get(key)
    if ready is not None:
        found: regex.Pattern[str] = _rebuilt(ready)
    else:
        found = regex.compile(source, flags)
        ready = _compiled_form(found)
        if not _news:
            atexit.register(keep_patterns)
        _news.add(key)
    _met[key] = ready
    return found


def keep_patterns() -> None:
    """Keep the patterns that were compiled since the start. A process that ends without `atexit` calls this itself."""
    if _news:
        # Another process may have kept some of its own meanwhile.
        known = {**_kept.__wrapped__(), **_met}
        kept.write(FILE, regex.__version__, marshal.dumps(known if len(known) <= MOST_KEPT else _met))
        _news.clear()


@cache
def _kept() -> dict[Key, Any]:
    content = kept.read(FILE, regex.__version__)
    found: dict[Key, Any] = marshal.loads(content) if content else {}
    return found


def _compiled_form(found: regex.Pattern[str]) -> Any:
    """Give the arguments with which the package itself rebuilds a pattern that was pickled."""
    reduced: Any = copyreg.dispatch_table[type(found)](found)
    return reduced[1]


def _rebuilt(form: Any) -> Any:
    rebuild: Any = vars(_regex)["compile"]
    return rebuild(*form)
