"""A fault of the program, told for a person."""

from __future__ import annotations

# What calls the stages is not named as the one that failed, unless nothing else was called.
CALLERS = frozenset({"run", "batch"})


def program_fault(error: Exception) -> str:
    """Tell for a person where the program failed: the stage, and the innermost line of ours."""
    import traceback

    frames = [
        (str(frame.f_globals.get("__name__", "")), line) for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    ours = [(module, line) for module, line in frames if module.startswith("pipeline.")]
    stages = (module.split(".")[1] for module, _ in ours)
    stage = next((stage for stage in stages if stage not in CALLERS), "run")
    module, line = ours[-1] if ours else ("pipeline.run", 0)
    return (
        f"A fault of this program, not of the file: {type(error).__name__} in stage {stage} "
        f"({module}, line {line}): {error}. Please report it with the file."
    )
