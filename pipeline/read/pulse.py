"""A sign of progress from a reader that goes page by page, for whoever waits for it.

What a reader gives does not depend on it. Without a listener nothing happens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

_listeners: list[Callable[[], None]] = []


def pulse() -> None:
    """Tell that one more page (sheet, part) is done. Cheap enough to be called for each."""
    for listener in _listeners:
        listener()


@contextmanager
def listening(listener: Callable[[], None]) -> Iterator[None]:
    """Have `listener` called at each pulse, within the block."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)
