"""Every type that passes between stages. Imports nothing of ours but itself."""

from pipeline.model.findings import Findings, Number, Period, Responsibility, Target
from pipeline.model.outline import Front, Outline, Plan, RowCell, Section
from pipeline.model.source import Block, Cell, Field, Layout, PageSize, PrintedLine, Problem, Source, Span
from pipeline.model.tables import TABLES, Record
from pipeline.model.text import Alignment, Repair, Run, Script, Text

__all__ = [
    "TABLES", "Alignment", "Block", "Cell", "Field", "Findings", "Front", "Layout", "Number", "Outline",
    "PageSize", "Period", "Plan", "PrintedLine", "Problem", "Record", "Repair", "Responsibility", "RowCell",
    "Run", "Script", "Section", "Source", "Span", "Target", "Text",
]  # fmt: skip
