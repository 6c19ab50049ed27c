"""Records → a folder of CSV, JSON and text files with their descriptor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

# The function has the name of its module, so it cannot wait.
from pipeline.write.columns import Column, columns, plain_number

if TYPE_CHECKING:
    from pipeline.write.dataset import Counts, Register, write_dataset
    from pipeline.write.folder import DESCRIPTOR, FolderError, check_folder
    from pipeline.write.frames import frame
    from pipeline.write.nested import schema
    from pipeline.write.package import descriptor

__all__ = [
    "DESCRIPTOR", "Column", "Counts", "FolderError", "Register", "check_folder", "columns", "descriptor", "frame",
    "plain_number", "schema", "write_dataset",
]  # fmt: skip
# The others, and where they lie.
LIES_IN = {
    "DESCRIPTOR": "folder", "Counts": "dataset", "FolderError": "folder", "Register": "dataset",
    "check_folder": "folder", "descriptor": "package", "frame": "frames", "schema": "nested",
    "write_dataset": "dataset",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load what is asked for: who renders one document needs nothing of what writes a folder."""
    if name not in LIES_IN:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{LIES_IN[name]}"), name)
