"""Chinese government plan documents → tables of plans, tasks, targets, periods and responsible organisations.

record = pipeline.parse("raw/plan.html")
dataset = pipeline.parse_folder("raw")
dataset.frames()["targets"]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.comparing import diff
    from pipeline.model.tables import Record
    from pipeline.read import ReadError
    from pipeline.run import Dataset, parse, parse_folder, to_frames

__version__ = "0.1.0"
__all__ = ["Dataset", "ReadError", "Record", "__version__", "diff", "parse", "parse_folder", "to_frames"]


def __getattr__(name: str) -> Any:
    """Load the stages when they are first asked for: `import pipeline.model` alone needs none of them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("pipeline.comparing" if name == "diff" else "pipeline.run"), name)
