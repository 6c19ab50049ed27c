"""Chinese government plan documents → tables of plans, tasks, targets, periods and responsible organisations.

record = pipeline.parse("raw/plan.html")
dataset = pipeline.parse_folder("raw")
dataset.frames()["targets"]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.anywhere import run_folders
    from pipeline.comparing import diff
    from pipeline.model.tables import Record
    from pipeline.read import ReadError
    from pipeline.run import Dataset, parse, parse_folder, to_frames
    from pipeline.update import Settings

__version__ = "0.1.0"
__all__ = [
    "Dataset", "ReadError", "Record", "Settings", "__version__", "diff", "parse", "parse_folder", "run_folders",
    "to_frames",
]  # fmt: skip
# What does not lie in `pipeline.run`.
ELSEWHERE = {"diff": "pipeline.comparing", "Settings": "pipeline.update", "run_folders": "pipeline.anywhere"}


def __getattr__(name: str) -> Any:
    """Load the stages when they are first asked for: `import pipeline.model` alone needs none of them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(ELSEWHERE.get(name, "pipeline.run")), name)
