"""Findings → Record: canonical organisations, places, indicators, and the ids that join the tables."""

from pipeline.resolve.record import resolve

__all__ = ["resolve"]
