"""A sign of progress from a reader that goes page by page, for whoever waits for it.

What a reader gives does not depend on it. Without a listener nothing happens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

_listeners: list[Callable[[int], None]] = []


def pulse(characters: int = 0) -> None:
    """Tell that one more page (sheet, part) is done. Cheap enough to be called for each.

    `characters` is the length of the text as soon as it is known: the stages behind the reader go through all of it
    without a further sign, and take time in proportion to it.
    """
    for listener in _listeners:
        listener(characters)


@contextmanager
def listening(listener: Callable[[int], None]) -> Iterator[None]:
    """Have `listener` called at each pulse, within the block, with what the pulse told."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)
