"""Findings → Record: ids, names of the register, quotes of the source. The last stage before writing."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator

from pipeline.lexicon import Lexicon
from pipeline.model.findings import Findings, Period, Responsibility, Target
from pipeline.model.outline import Outline, Section
from pipeline.model.source import Problem
from pipeline.model.tables import (
    DocumentRow,
    EvidenceRow,
    MemberRow,
    NumberRow,
    PeriodRow,
    PlanRow,
    Position,
    ProblemRow,
    Record,
    ResponsibilityRow,
    SectionRow,
    TargetRow,
    TaskRow,
)
from pipeline.model.text import Text
from pipeline.quick.classes import replace
from pipeline.resolve.charges import Charges, joined
from pipeline.resolve.evidence import evidence_rows, year_of
from pipeline.resolve.indicators import Indicators
from pipeline.resolve.issuer import find_issuer
from pipeline.resolve.positions import Positions

PATH_JOIN = " / "
NOT_A_PLAN = (
    "No heading, no table row and no 发文字号 was found: this looks like a news item, a notice or a page without "
    "its text. Its rows are kept; look at the file, and leave it out if it is no plan."
)


def resolve(
    text: Text,
    outline: Outline,
    findings: Findings,
    lexicon: Lexicon,
    *,
    copy: int = 1,
    notes: tuple[Problem, ...] = (),
) -> Record:
    """Give one document as rows of the tables.

    Ids come from content and position: `d` and 12 hexadecimal digits of the file's SHA-256, then the
    place of the plan, the section and the target. `copy` is 2, 3 … where the same bytes were met before
    in the same data set; the id then ends in `-2`, `-3` …. `notes` are problems that only the run knows of.
    What holds afterwards: ids are unique, every reference leads to a row,
    `record.text[char_start:char_end] == quote`.
    """
    return _Rows(text, outline, findings, lexicon, copy).record(notes)


class _Rows:
    """The rows of one document while they are made, with the ids that they share."""

    def __init__(self, text: Text, outline: Outline, findings: Findings, lexicon: Lexicon, copy: int) -> None:
        self.text, self.outline, self.findings = text, outline, findings
        self.document_id = "d" + text.source.sha256[:12] + (f"-{copy}" if copy > 1 else "")
        self.plan_ids = [f"{self.document_id}-p{place}" for place, _ in enumerate(outline.plans, start=1)]
        self.section_ids = list(self._section_ids())
        self.target_ids = list(self._child_ids(findings.targets, "t"))
        self.positions = Positions(text)
        titles = tuple(plan.title for plan in outline.plans)
        names = tuple(dict.fromkeys(found.organisation for found in findings.responsibilities))
        self.places = lexicon.places
        first_year = min((plan.period_start for plan in outline.plans if plan.period_start), default=None)
        self.issuer = find_issuer(outline.front, titles, lexicon, names, text.text, first_year)
        self.charges = Charges(outline, findings, self.issuer, lexicon)
        self.organisations = self.charges.bodies
        self.indicators = Indicators(outline.front, self.issuer.place, lexicon)

    def record(self, notes: tuple[Problem, ...]) -> Record:
        problems = tuple(self._problems(notes))
        return Record(
            document=self._document(len(problems)),
            text=self.text.text,
            plans=tuple(self._plans()),
            sections=tuple(self._sections()),
            tasks=tuple(self._tasks()),
            targets=tuple(self._targets()),
            periods=tuple(self._periods()),
            responsibilities=tuple(self._responsibilities()),
            organisations=tuple(self.charges.register()),
            members=tuple(self._members()),
            workload=tuple(self.charges.workload(self.document_id)),
            numbers=tuple(self._numbers()),
            problems=problems,
            evidence=tuple(self._evidence()),
            positions=tuple(self._positions()),
            page_sizes=self.text.source.layout.sizes if self.text.source.layout else (),
        )

    # Ids

    def _section_ids(self) -> Iterator[str]:
        """Give each section its id: its path inside its plan, or its count among those around the plans (p0)."""
        around = 0
        for section in self.outline.sections:
            if section.plan is None:
                around += 1
                yield f"{self.document_id}-p0-s{around}"
            else:
                yield f"{self.plan_ids[section.plan]}-s{'.'.join(map(str, section.path))}"

    def _child_ids(self, found: Iterable[Target | Period | Responsibility], mark: str) -> Iterator[str]:
        """Number what was found inside each section, from 1, in the order found."""
        counts: Counter[int] = Counter()
        for item in found:
            counts[item.section] += 1
            yield f"{self.section_ids[item.section]}-{mark}{counts[item.section]}"

    def _plan_id(self, section: int) -> str | None:
        plan = self.outline.sections[section].plan
        return None if plan is None else self.plan_ids[plan]

    # Places

    def _positions(self) -> Iterator[Position]:
        """Give the places of all quotes and headings, each passage once."""
        spans = {(item.start, item.end) for item in self.findings.targets}
        spans |= {(item.start, item.end) for item in self.findings.periods}
        spans |= {(item.start, item.end) for item in self.findings.responsibilities}
        for start, end in sorted(spans):
            if (found := self.positions.of(start, end)) is not None:
                yield found
        for section_id, section in zip(self.section_ids, self.outline.sections, strict=True):
            found = self.positions.of(section.title_start, section.title_end) if section.title else None
            if found is not None:
                yield found._replace(section_id=section_id)

    def _section_at(self, start: int) -> str | None:
        """Give the section in whose own text a place lies: the own texts cut the text without gaps."""
        place = bisect_right(self.outline.sections, start, key=lambda section: section.start) - 1
        return self.section_ids[place] if place >= 0 else None

    # Rows

    def _document(self, problem_count: int) -> DocumentRow:
        source, front = self.text.source, self.outline.front
        return DocumentRow(
            document_id=self.document_id,
            source=source.path,
            media_type=source.media_type,
            sha256=source.sha256,
            pages=source.pages,
            characters=len(self.text.text),
            script=self.text.script,
            title=front.title or None,
            doc_number=front.doc_number or None,
            issuers=joined(front.issuers),
            issued_on=front.issued_on or None,
            published_on=front.published_on or None,
            addressees=joined(front.addressees),
            copied_to=joined(front.copied_to),
            plan_count=len(self.outline.plans),
            target_count=len(self.findings.targets),
            problem_count=problem_count,
            encoding=source.encoding or None,
            number_count=len(self.findings.numbers),
            unexplained_count=sum(number.unexplained for number in self.findings.numbers),
            place=place.label if (place := self.issuer.place) is not None else None,
            place_path=self.places.path(place) if place is not None else None,
            level="national" if self.issuer.national else place.level if place is not None else self.issuer.level,
        )

    def _plans(self) -> Iterator[PlanRow]:
        for place, plan in enumerate(self.outline.plans):
            yield PlanRow(
                plan_id=self.plan_ids[place],
                document_id=self.document_id,
                ordinal=place + 1,
                title=plan.title or None,
                period_start=plan.period_start,
                period_end=plan.period_end,
            )

    def _sections(self) -> Iterator[SectionRow]:
        for place, section in enumerate(self.outline.sections):
            yield SectionRow(
                section_id=self.section_ids[place],
                plan_id=self._plan_id(place),
                document_id=self.document_id,
                parent_id=None if section.parent is None else self.section_ids[section.parent],
                ordinal=place + 1,
                depth=section.depth,
                kind=section.kind,
                label=section.label or None,
                number=section.number,
                title=section.title or None,
                text=self.text.text[section.start : section.end],
                char_start=section.start,
                char_end=section.end,
                page=self.positions.page(section.start) if section.end > section.start else section.page,
            )

    def _tasks(self) -> Iterator[TaskRow]:
        target_counts = Counter(target.section for target in self.findings.targets)
        people: dict[tuple[int, str], dict[str, None]] = {}
        for found in self.findings.responsibilities:
            names = people.setdefault((found.section, found.role), {})
            names[self.organisations[found.organisation].shown] = None
        years = self._years()
        for place, section in enumerate(self.outline.sections):
            if section.kind not in ("task", "row"):
                continue
            yield TaskRow(
                task_id=self.section_ids[place],
                plan_id=self._plan_id(place),
                document_id=self.document_id,
                path=self._path(section),
                number=section.number,
                title=section.title or None,
                text=self._task_text(section),
                lead=joined(people.get((place, "lead"), ())),
                responsible=joined(people.get((place, "responsible"), ())),
                participants=joined(people.get((place, "participant"), ())),
                target_count=target_counts[place],
                years=joined(map(str, sorted(years.get(place, ())))),
            )

    def _path(self, section: Section) -> str | None:
        """Join the titles above a section, the plan's first."""
        titles: list[str] = []
        above = section.parent
        while above is not None:
            titles.append(self.outline.sections[above].title)
            above = self.outline.sections[above].parent
        if section.plan is not None:
            titles.append(self.outline.plans[section.plan].title)
        return PATH_JOIN.join(title for title in reversed(titles) if title) or None

    def _task_text(self, section: Section) -> str | None:
        """Give what is to be done: the goal cell of a table row, else the words after the heading.

        A heading whose own sentence is the whole task ("3. 新建社区食堂20家。") has nothing after it.
        """
        for cell in section.cells:
            if cell.start <= section.title_start < cell.end:
                return self.text.text[cell.start : cell.end].strip() or None
        body = "" if section.kind == "row" else self.text.text[section.body_start : section.end].strip()
        return body or section.title or None

    def _years(self) -> dict[int, set[int]]:
        """Collect the years that the words of each section name, not those that a plan's period lends them."""
        years: dict[int, set[int]] = {}
        for period in self.findings.periods:
            if period.basis in ("text", "minguo", "five_year_plan"):
                named = {int(end[:4]) for end in (period.first, period.last) if end}
                years.setdefault(period.section, set()).update(named)
        for target in self.findings.targets:
            if target.year_source == "sentence" and target.year_end is not None:
                years.setdefault(target.section, set()).add(target.year_end)
        return years

    def _targets(self) -> Iterator[TargetRow]:
        text = self.text.text
        for place, target in enumerate(self.findings.targets):
            yield TargetRow(
                target_id=self.target_ids[place],
                section_id=self.section_ids[target.section],
                plan_id=self._plan_id(target.section),
                document_id=self.document_id,
                indicator=target.indicator,
                indicator_id=self.indicators.id_of(target.indicator),
                value=target.value,
                value_max=target.value_max,
                unit=target.unit or None,
                comparator=target.comparator,
                kind=target.kind,
                cadence=target.cadence,
                year_start=target.year_start,
                year_end=target.year_end,
                year_source=target.year_source,
                scope=target.scope or None,
                modality=target.modality or None,
                baseline=target.baseline or None,
                part_of=None if target.part_of is None else self.target_ids[target.part_of],
                quote=text[target.start : target.end],
                sentence=text[target.sentence_start : target.sentence_end],
                char_start=target.start,
                char_end=target.end,
                page=self.positions.page(target.start),
                source_quote=self.text.source_quote(target.start, target.end),
                confidence=target.confidence,
                due_on=target.due_on,
                rule=target.rule,
                year_quote=text[year.start : year.end] if (year := year_of(target)) else None,
                year_char_start=year.start if year else None,
                year_char_end=year.end if year else None,
            )

    def _evidence(self) -> Iterator[EvidenceRow]:
        for target_id, target in zip(self.target_ids, self.findings.targets, strict=True):
            yield from evidence_rows(self.text.text, target, target_id)

    def _periods(self) -> Iterator[PeriodRow]:
        found = self.findings.periods
        for period_id, period in zip(self._child_ids(found, "y"), found, strict=True):
            yield PeriodRow(
                period_id=period_id,
                section_id=self.section_ids[period.section],
                plan_id=self._plan_id(period.section),
                document_id=self.document_id,
                kind=period.kind,
                start=period.first,
                end=period.last,
                recurrence=period.recurrence,
                basis=period.basis,
                char_start=period.start,
                char_end=period.end,
                page=self.positions.page(period.start),
                quote=self.text.text[period.start : period.end],
                source_quote=self.text.source_quote(period.start, period.end),
            )

    def _responsibilities(self) -> Iterator[ResponsibilityRow]:
        charges = self.findings.responsibilities
        for responsibility_id, found in zip(self._child_ids(charges, "r"), charges, strict=True):
            yield ResponsibilityRow(
                section_id=self.section_ids[found.section],
                plan_id=self._plan_id(found.section),
                document_id=self.document_id,
                role=found.role,
                role_text=found.role_text or None,
                organisation=found.organisation,
                organisation_id=self.organisations[found.organisation].organisation_id,
                basis=found.basis,
                inherited=found.inherited,
                char_start=found.start,
                char_end=found.end,
                page=self.positions.page(found.start),
                quote=self.text.text[found.start : found.end],
                source_quote=self.text.source_quote(found.start, found.end),
                due_on=self.charges.due_on(found),
                responsibility_id=responsibility_id,
            )

    def _members(self) -> Iterator[MemberRow]:
        for item, member in self.charges.members():
            place = bisect_right(self.outline.sections, item.start, key=lambda section: section.start) - 1
            yield MemberRow(
                document_id=self.document_id,
                section_id=self.section_ids[place],
                organisation_id=self.organisations[item.name].organisation_id,
                organisation=item.name,
                member_id=self.organisations[member].organisation_id,
                member=member,
                char_start=item.start,
                char_end=item.end,
                page=self.positions.page(item.start),
                quote=self.text.text[item.start : item.end],
                source_quote=self.text.source_quote(item.start, item.end),
            )

    def _numbers(self) -> Iterator[NumberRow]:
        for place, number in enumerate(self.findings.numbers, start=1):
            yield NumberRow(
                number_id=f"{self.document_id}-n{place:06d}",
                document_id=self.document_id,
                section_id=self.section_ids[number.section],
                text=number.text,
                value=number.value,
                class_=number.number_class,
                target_id=None if number.target is None else self.target_ids[number.target],
                char_start=number.start,
                char_end=number.end,
                rule=number.rule or None,
            )

    def _problems(self, notes: tuple[Problem, ...]) -> Iterator[ProblemRow]:
        for problem in notes:
            yield self._problem(problem)
        for problem in self.text.source.problems:
            yield self._problem(self._placed(problem))
        if not self._is_plan():
            yield self._problem(Problem("warning", "not_a_plan", NOT_A_PLAN))
        if self.issuer.named and self.issuer.place is not None:
            message = (
                "The head of the document tells no place. Its bodies were taken for those of "
                f"{self.issuer.place.name}, which the text names {self.issuer.named} times; check that this is right."
            )
            yield self._problem(Problem("info", "place_from_text", message))
        for problem in (*self.text.problems, *self.outline.problems, *self.findings.problems):
            yield self._problem(problem)

    def _placed(self, problem: Problem) -> Problem:
        """Give a reader's problem with its place in the normalised text; none where that passage was left out."""
        if problem.start is None or problem.end is None:
            return replace(problem, start=None, end=None)
        start, end = self.text.alignment.to_text(problem.start, problem.end)
        placed = start < end
        return replace(problem, start=start if placed else None, end=end if placed else None)

    def _is_plan(self) -> bool:
        """Tell whether this looks like a plan: any heading or table row, or a 发文字号."""
        headings = any(section.kind in ("section", "task", "row", "annex") for section in self.outline.sections)
        return headings or bool(self.outline.front.doc_number)

    def _problem(self, problem: Problem) -> ProblemRow:
        start, end = problem.start, problem.end
        return ProblemRow(
            document_id=self.document_id,
            source=self.text.source.path,
            severity=problem.severity,
            code=problem.code,
            message=problem.message,
            section_id=None if start is None else self._section_at(start),
            char_start=start,
            char_end=end,
            quote=None if start is None or end is None else self.text.text[start:end],
        )
