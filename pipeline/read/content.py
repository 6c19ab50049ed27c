"""What every reader hands to the front: the visible text and where its blocks lie."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.model import Block, Field, Problem


class Content(NamedTuple):
    """The visible text of a file, its blocks, and what the file says of itself."""

    text: str
    blocks: tuple[Block, ...]
    fields: tuple[Field, ...] = ()
    pages: int | None = None
    problems: tuple[Problem, ...] = ()
