"""Complete what the prose cells of a table row say by what the row is about: its project, its indicator."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.extract.evidence import trace
from pipeline.extract.grammar import Grammar
from pipeline.extract.reading import Harvest
from pipeline.extract.row_cells import TableRow
from pipeline.extract.row_names import is_attribute, owned
from pipeline.extract.rows import NO_SUBJECT, is_share
from pipeline.lexicon import Lexicon
from pipeline.model.findings import Evidence, TargetKind
from pipeline.model.outline import RowCell
from pipeline.quick.classes import replace
from pipeline.quick.pattern import pattern

# A goal of so few characters says how much, not of what: 进入全省前3位.
LONGEST_BARE_GOAL = 16
# A longer one that opens so has no subject of its own either: 高于全市年均增速3个百分点以上.
BARE_GOAL = pattern(rf"(?:{NO_SUBJECT})[^，。；]{{0,40}}$")


def name_after_project(
    text: str, row: TableRow, first: int, harvest: Harvest, grammar: Grammar, lexicon: Lexicon
) -> None:
    """Complete the targets from `first` on: what a project's row says in prose is said of the project.

    A length or volume says nothing without what it is of; things that are counted keep their own name.
    The works are yet to be built, so amounts of them are increases.
    """
    if row.project is None:
        return
    for number in range(first, len(harvest.targets)):
        target = harvest.targets[number]
        indicator, evidence = target.indicator, target.evidence
        if is_attribute(indicator, grammar):
            indicator = owned(indicator, row.project)
            stretches = [e for e in evidence if e.field == "indicator"]
            stretches.append(Evidence("indicator", "project-name", *row.at["project"]))
            evidence = (*trace((indicator,), stretches, text), *(e for e in evidence if e.field != "indicator"))
        kind: TargetKind = target.kind
        if kind == "level" and not is_share(target.unit, lexicon):
            kind = "increase"
            said = Evidence("kind", "project-works", *row.at["project"])
            evidence = tuple(said if e.field == "kind" else e for e in evidence)
        harvest.targets[number] = replace(target, indicator=indicator, kind=kind, evidence=evidence)


def text_cells(row: TableRow) -> Sequence[RowCell]:
    """Give the cells that are read as prose: goals and contents, not names, bodies, units or money."""
    prose = row.of("text", "goal")
    return prose or row.of("name", "project")


def name_after_indicator(text: str, row: TableRow, first: int, harvest: Harvest) -> None:
    """Name the target of a short goal cell by the indicator of its row: 空气质量 | 进入全省前3位."""
    if not row.of("name") or row.project is not None or row.place is not None:
        return
    for cell in row.of("goal"):
        inside = [n for n in range(first, len(harvest.targets)) if cell.start <= harvest.targets[n].start < cell.end]
        bare = cell.end - cell.start <= LONGEST_BARE_GOAL or BARE_GOAL.match(text, cell.start, cell.end)
        if len(inside) != 1 or not bare:
            continue
        target = harvest.targets[inside[0]]
        said = Evidence("indicator", "row-name", *row.at["name"])
        evidence = (said, *(e for e in target.evidence if e.field not in ("indicator", "modality")))
        if target.cadence != "by" and all(e.field != "cadence" for e in evidence):
            evidence = (*evidence, Evidence("cadence", "row-name", *row.at["name"]))
        if row.nature:
            evidence = (*evidence, Evidence("modality", "nature-column", *row.at["nature"]))
        harvest.targets[inside[0]] = replace(target, indicator=row.name, modality=row.nature, evidence=evidence)
