"""SHA-256 without the library that brings all other digests: that takes longer to load than a document to be read."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

# The library is faster for what is large.
LARGE = 1 << 20
# The modules of Python that bring it alone: up to 3.11, and from 3.12 on.
ALONE = ("_sha256", "_sha2")


def hexadecimal(data: bytes) -> str:
    """Give the SHA-256 of some bytes as 64 hexadecimal digits."""
    digits: str = (_small() if len(data) < LARGE else _standard())(data).hexdigest()
    return digits


@cache
def _small() -> Any:
    for name in ALONE:
        try:
            return import_module(name).sha256
        except (ImportError, AttributeError):
            continue
    return _standard()


def _standard() -> Any:
    from hashlib import sha256

    return sha256
