"""What every reader hands to the front: the visible text and where its blocks lie."""

from __future__ import annotations

from pipeline.model import Block, Field, Layout, Problem, Span
from pipeline.quick.classes import NamedTuple


class Content(NamedTuple):
    """The visible text of a file, its blocks, and what the file says of itself.

    As in `Source`: `layout` tells where the text stands on its pages, `doubts` what the reader is not sure of.
    """

    text: str
    blocks: tuple[Block, ...]
    fields: tuple[Field, ...] = ()
    pages: int | None = None
    problems: tuple[Problem, ...] = ()
    layout: Layout | None = None
    doubts: tuple[Span, ...] = ()
