"""Where a run keeps what it knows: names that can be told before there is anything."""

from __future__ import annotations

from pathlib import Path

FILE = "store.sqlite"
# Below it lies what workers write for a while.
SCRATCH = "work"


def store_folder(output: Path) -> Path:
    """Give the folder in which the store of an output lies: `.structured.cache` beside `structured`."""
    output = output.resolve()
    return output.parent / f".{output.name}.cache"
