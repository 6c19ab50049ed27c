"""Normalise: Source → Text. Simplified characters, whole lines, no page furniture, every character traceable."""

from pipeline.normalise.text import normalise

__all__ = ["normalise"]
