"""Outline to Findings: numbers, periods, targets, responsible organisations."""

from pipeline.extract.findings import extract

__all__ = ["extract"]
