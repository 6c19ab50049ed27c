"""Decide when a figure is due, from what its sentence, paragraph, section, headings and plan say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from pipeline.extract.periods import Calendar, Mention
from pipeline.model.findings import Cadence, TargetKind, YearSource
from pipeline.model.source import Span

# Years that a figure is measured from, or that stand in a name, do not say when it is due.
FROM = regex.compile(r"(?:比|较|与|自|从|以|同|按照?|根据|依据|落实|由)$")
SINCE = regex.compile(
    r"(?:的)?(?:以来|起|基础上|相比|水平|为基[期年]|同期|版|[^，。；“”]{0,14}?(?:规划|计划|纲要|方案》|行动》))"
)


@dataclass(frozen=True, slots=True)
class Due:
    """When a figure is due, and where that was said."""

    cadence: Cadence
    year_start: int | None
    year_end: int | None
    source: YearSource | None
    due_on: str | None


def governs(text: str, mention: Mention) -> bool:
    """False for a base of comparison (较2020年), a year since which something holds, and years in names."""
    before = text[max(0, mention.period.start - 3) : mention.period.start]
    if FROM.search(before) or (
        mention.rule in ("date-digits", "date-chinese", "date-minguo") and mention.due_on is None
    ):
        return False
    opened = text.rfind("《", max(0, mention.period.start - 60), mention.period.start)
    if opened >= 0 and text.find("》", opened, mention.period.start) < 0:
        return False
    if mention.word in ("span", "year", "date") and SINCE.match(text, mention.period.end):
        return mention.word == "year" and text.startswith("起", mention.period.end)
    return True


def due(
    position: int, kind: TargetKind, sentence: Span, paragraph: Span, mentions: Sequence[Mention],
    upper: int | None, calendar: Calendar,
) -> Due:  # fmt: skip
    """Say when the figure at `position` is due.

    `mentions` are those of the section that govern, in order; `upper` is the year that the goals above it
    state. The nearest expression before the figure in its sentence says how often; the nearest with a year
    says when: in the sentence, else in the paragraph (before the figure, else its only one), else above.
    """
    inside = [m for m in mentions if sentence.start <= m.period.start < position]
    cadence = _cadence(inside, kind)
    dated = [m for m in inside if m.year is not None]
    if dated:
        return _made(dated[-1], cadence, "sentence")
    around = [m for m in mentions if paragraph.start <= m.period.start < paragraph.end and m.year is not None]
    deadlines = [m for m in around if m.word in ("deadline", "year", "span", "duration")]
    before = [m for m in deadlines if m.period.start < position]
    if before:
        return _made(before[-1], cadence, "paragraph")
    if len({m.year for m in deadlines}) == 1:
        return _made(deadlines[0], cadence, "paragraph")
    earlier = [m for m in mentions if m.period.end <= paragraph.start and m.word == "deadline" and m.year is not None]
    if earlier:
        return Due(cadence, None, earlier[-1].year, "paragraph", None)
    if calendar.heading_year is not None:
        return Due(cadence, calendar.heading_year, calendar.heading_year, "heading", None)
    if upper is not None:
        return Due(cadence, None, upper, "heading", None)
    if calendar.plan_end is not None:
        return Due(cadence, calendar.plan_start, calendar.plan_end, "plan", None)
    return Due(cadence, None, None, None, None)


def _cadence(inside: Sequence[Mention], kind: TargetKind) -> Cadence:
    """The last expression decides; 全年 holds for what is done, a level under it is due by its end."""
    if not inside:
        return "by"
    last = inside[-1]
    if last.word in ("within",) and kind in ("level", "rank"):
        return "by"
    return last.cadence  # type: ignore[return-value]


def _made(mention: Mention, cadence: Cadence, source: YearSource) -> Due:
    due_on = mention.due_on if cadence == "by" and source == "sentence" else None
    start = mention.year_first if cadence != "by" or mention.word == "span" else None
    return Due(cadence, start, mention.year, source, due_on)
