"""Segment: the tree of a document's plans, headings, tasks and table rows."""

from pipeline.segment.outline import segment

__all__ = ["segment"]
