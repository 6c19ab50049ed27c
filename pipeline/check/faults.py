"""What a check finds wrong."""

from __future__ import annotations

from pipeline.quick.classes import NamedTuple


class Fault(NamedTuple):
    """One fault: the file, the line of the file (None for the file as a whole), and what is wrong."""

    file: str
    line: int | None
    message: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.message}"
