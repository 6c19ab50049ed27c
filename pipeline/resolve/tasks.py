"""Tasks as rows: each with the titles above it, what is to be done, who does it, and the years that it names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from pipeline.model.findings import Findings
from pipeline.model.outline import Outline, Section
from pipeline.model.tables import TaskRow
from pipeline.resolve.charges import joined
from pipeline.resolve.ids import Ids
from pipeline.resolve.resolved import Resolved

PATH_JOIN = " / "
NAMED_IN_TEXT = frozenset({"text", "minguo", "five_year_plan"})


def task_rows(
    text: str, outline: Outline, findings: Findings, bodies: Mapping[str, Resolved], ids: Ids
) -> Iterator[TaskRow]:
    """Give the tasks and the rows of tables in their order; `bodies` are the organisations by their written names."""
    target_counts = Counter([target.section for target in findings.targets])
    people: dict[tuple[int, str], dict[str, None]] = {}
    for found in findings.responsibilities:
        people.setdefault((found.section, found.role), {})[bodies[found.organisation].shown] = None
    years = _years(findings)
    # The sections of one heading have the same titles above them.
    paths: dict[tuple[int | None, int | None], str | None] = {}
    for place, section in enumerate(outline.sections):
        if section.kind not in ("task", "row"):
            continue
        above = section.parent, section.plan
        if above not in paths:
            paths[above] = _path(outline, section)
        yield TaskRow(
            task_id=ids.sections[place],
            plan_id=ids.plan_of[place],
            document_id=ids.document,
            path=paths[above],
            number=section.number,
            title=section.title or None,
            text=_task_text(text, section),
            lead=joined(people.get((place, "lead"), ())),
            responsible=joined(people.get((place, "responsible"), ())),
            participants=joined(people.get((place, "participant"), ())),
            target_count=target_counts[place],
            years=joined(map(str, sorted(years.get(place, ())))),
        )


def _path(outline: Outline, section: Section) -> str | None:
    """Join the titles above a section, the plan's first."""
    titles: list[str] = []
    above = section.parent
    while above is not None:
        titles.append(outline.sections[above].title)
        above = outline.sections[above].parent
    if section.plan is not None:
        titles.append(outline.plans[section.plan].title)
    return PATH_JOIN.join([title for title in reversed(titles) if title]) or None


def _task_text(text: str, section: Section) -> str | None:
    """Give what is to be done: the goal cell of a table row, else the words after the heading.

    A heading whose own sentence is the whole task ("3. 新建社区食堂20家。") has nothing after it.
    """
    for cell in section.cells:
        if cell.start <= section.title_start < cell.end:
            return text[cell.start : cell.end].strip() or None
    body = "" if section.kind == "row" else text[section.body_start : section.end].strip()
    return body or section.title or None


def _years(findings: Findings) -> dict[int, set[int]]:
    """Collect the years that the words of each section name, not those that a plan's period lends them."""
    years: dict[int, set[int]] = {}
    for period in findings.periods:
        if period.basis in NAMED_IN_TEXT:
            named = years.setdefault(period.section, set())
            named.update([int(end[:4]) for end in (period.first, period.last) if end])
    for target in findings.targets:
        if target.year_source == "sentence" and target.year_end is not None:
            years.setdefault(target.section, set()).add(target.year_end)
    return years
