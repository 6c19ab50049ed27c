"""The problems of one document as rows: what the run, the reader and each stage had to say of it."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.model.findings import Findings
from pipeline.model.outline import Outline
from pipeline.model.source import Problem
from pipeline.model.tables import ProblemRow
from pipeline.model.text import Text
from pipeline.quick.classes import replace
from pipeline.resolve.ids import Ids
from pipeline.resolve.issuer import Issuer

NOT_A_PLAN = (
    "No heading, no table row and no 发文字号 was found: this looks like a news item, a notice or a page without "
    "its text. Its rows are kept; look at the file, and leave it out if it is no plan."
)


def problem_rows(
    text: Text, outline: Outline, findings: Findings, issuer: Issuer, notes: tuple[Problem, ...], ids: Ids
) -> Iterator[ProblemRow]:
    """Give the problems in the order of the stages; `notes` are those that only the run knows of."""
    for problem in _told(text, outline, findings, issuer, notes):
        start, end = problem.start, problem.end
        yield ProblemRow(
            document_id=ids.document,
            source=text.source.path,
            severity=problem.severity,
            code=problem.code,
            message=problem.message,
            section_id=None if start is None else ids.section_at(start),
            char_start=start,
            char_end=end,
            quote=None if start is None or end is None else text.text[start:end],
        )


def _told(
    text: Text, outline: Outline, findings: Findings, issuer: Issuer, notes: tuple[Problem, ...]
) -> Iterator[Problem]:
    yield from notes
    for problem in text.source.problems:
        yield _placed(problem, text)
    if not _is_plan(outline):
        yield Problem("warning", "not_a_plan", NOT_A_PLAN)
    if issuer.named and issuer.place is not None:
        message = (
            "The head of the document tells no place. Its bodies were taken for those of "
            f"{issuer.place.name}, which the text names {issuer.named} times; check that this is right."
        )
        yield Problem("info", "place_from_text", message)
    yield from text.problems
    yield from outline.problems
    yield from findings.problems


def _placed(problem: Problem, text: Text) -> Problem:
    """Give a reader's problem with its place in the normalised text; none where that passage was left out."""
    if problem.start is None or problem.end is None:
        return replace(problem, start=None, end=None)
    start, end = text.alignment.to_text(problem.start, problem.end)
    placed = start < end
    return replace(problem, start=start if placed else None, end=end if placed else None)


def _is_plan(outline: Outline) -> bool:
    """Tell whether this looks like a plan: any heading or table row, or a 发文字号."""
    headings = any(section.kind in ("section", "task", "row", "annex") for section in outline.sections)
    return headings or bool(outline.front.doc_number)
