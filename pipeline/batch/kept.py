"""What a stage made of a document, as bytes and back.

The bytes are a pickle, but reading them makes nothing except values of our own model: a store that someone else has
written cannot run code.
"""

from __future__ import annotations

import copyreg
import io
import pickle
import zlib
from typing import Any

# The types that pass between stages, and what pickle makes such values with.
OURS = ("pipeline.model.source", "pipeline.model.text", "pipeline.model.outline")
MAKERS = {("copyreg", "__newobj__"): copyreg.__newobj__, ("copyreg", "_reconstructor"): copyreg._reconstructor}  # type: ignore[attr-defined]
LEVEL = 1


def to_bytes(value: object) -> bytes:
    """Give the bytes of what a stage made."""
    return zlib.compress(pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL), LEVEL)


def from_bytes(content: bytes) -> Any:
    """Give back what a stage made; None where the bytes are damaged or hold anything else."""
    try:
        return _Reader(io.BytesIO(zlib.decompress(content))).load()
    except (
        zlib.error,
        pickle.UnpicklingError,
        EOFError,
        AttributeError,
        ImportError,
        IndexError,
        TypeError,
        ValueError,
    ):
        return None


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if module in OURS and "." not in name and not name.startswith("_"):
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        if (module, name) in MAKERS:
            return MAKERS[module, name]
        raise pickle.UnpicklingError(f"{module}.{name} is not kept by any stage")
