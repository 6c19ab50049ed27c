"""Read: the bytes of a file → Source, the words as the file spells them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.read.errors import ReadError
    from pipeline.read.open import open_source

__all__ = ["ReadError", "open_source"]


def __getattr__(name: str) -> Any:
    """Load the readers when they are first asked for: who finds and lists files needs none of them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("pipeline.read.errors" if name == "ReadError" else "pipeline.read.open"), name)
