"""Printed pages → Content: lines, columns, tables and paragraphs, from signs and drawn lines alone.

PDF, OFD and scans come here as the same type of page, so they are read by the same rules.
"""

from pipeline.read.layout.pages import Engine, lay_out

__all__ = ["Engine", "lay_out"]
