"""Findings → Record: ids, names of the register, quotes of the source. The last stage before writing."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.lexicon import Lexicon
from pipeline.model.findings import Findings
from pipeline.model.outline import Outline
from pipeline.model.source import Problem
from pipeline.model.tables import (
    DocumentRow,
    EvidenceRow,
    MemberRow,
    NumberRow,
    PeriodRow,
    PlanRow,
    Position,
    Record,
    ResponsibilityRow,
    SectionRow,
    TargetRow,
)
from pipeline.model.text import Text
from pipeline.resolve.charges import Charges, joined
from pipeline.resolve.evidence import evidence_rows, year_of
from pipeline.resolve.ids import Ids
from pipeline.resolve.indicators import Indicators
from pipeline.resolve.issuer import find_issuer
from pipeline.resolve.positions import Positions
from pipeline.resolve.problems import problem_rows
from pipeline.resolve.tasks import task_rows


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
        self.ids = Ids(text.source.sha256, outline, copy)
        self.target_ids = self.ids.below_sections(findings.targets, "t")
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
        text, outline, findings, ids = self.text, self.outline, self.findings, self.ids
        problems = tuple(problem_rows(text, outline, findings, self.issuer, notes, ids))
        return Record(
            document=self._document(len(problems)),
            text=text.text,
            plans=tuple(self._plans()),
            sections=tuple(self._sections()),
            tasks=tuple(task_rows(text.text, outline, findings, self.organisations, ids)),
            targets=tuple(self._targets()),
            periods=tuple(self._periods()),
            responsibilities=tuple(self._responsibilities()),
            organisations=tuple(self.charges.register()),
            members=tuple(self._members()),
            workload=tuple(self.charges.workload(ids.document)),
            numbers=tuple(self._numbers()),
            problems=problems,
            evidence=tuple(self._evidence()),
            positions=tuple(self._positions()),
            page_sizes=text.source.layout.sizes if text.source.layout else (),
        )

    # Places

    def _positions(self) -> Iterator[Position]:
        """Give the places of all quotes and headings, each passage once."""
        if not self.positions.told:
            return
        spans = {(item.start, item.end) for item in self.findings.targets}
        spans |= {(item.start, item.end) for item in self.findings.periods}
        spans |= {(item.start, item.end) for item in self.findings.responsibilities}
        for start, end in sorted(spans):
            if (found := self.positions.of(start, end)) is not None:
                yield found
        for section_id, section in zip(self.ids.sections, self.outline.sections, strict=True):
            found = self.positions.of(section.title_start, section.title_end) if section.title else None
            if found is not None:
                yield found._replace(section_id=section_id)

    # Rows

    def _document(self, problem_count: int) -> DocumentRow:
        source, front = self.text.source, self.outline.front
        return DocumentRow(
            document_id=self.ids.document,
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
                plan_id=self.ids.plans[place],
                document_id=self.ids.document,
                ordinal=place + 1,
                title=plan.title or None,
                period_start=plan.period_start,
                period_end=plan.period_end,
            )

    def _sections(self) -> Iterator[SectionRow]:
        text, ids, page = self.text.text, self.ids, self.positions.page
        for place, section in enumerate(self.outline.sections):
            yield SectionRow(
                section_id=ids.sections[place],
                plan_id=ids.plan_of[place],
                document_id=ids.document,
                parent_id=None if section.parent is None else ids.sections[section.parent],
                ordinal=place + 1,
                depth=section.depth,
                kind=section.kind,
                label=section.label or None,
                number=section.number,
                title=section.title or None,
                text=text[section.start : section.end],
                char_start=section.start,
                char_end=section.end,
                page=page(section.start) if section.end > section.start else section.page,
            )

    def _targets(self) -> Iterator[TargetRow]:
        text, ids, target_ids, page = self.text.text, self.ids, self.target_ids, self.positions.page
        for place, target in enumerate(self.findings.targets):
            start, end, year = target.start, target.end, year_of(target)
            yield TargetRow(
                target_id=target_ids[place],
                section_id=ids.sections[target.section],
                plan_id=ids.plan_of[target.section],
                document_id=ids.document,
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
                part_of=None if target.part_of is None else target_ids[target.part_of],
                quote=text[start:end],
                sentence=text[target.sentence_start : target.sentence_end],
                char_start=start,
                char_end=end,
                page=page(start),
                source_quote=self.text.source_quote(start, end),
                confidence=target.confidence,
                due_on=target.due_on,
                rule=target.rule,
                year_quote=text[year.start : year.end] if year else None,
                year_char_start=year.start if year else None,
                year_char_end=year.end if year else None,
            )

    def _evidence(self) -> Iterator[EvidenceRow]:
        for target_id, target in zip(self.target_ids, self.findings.targets, strict=True):
            yield from evidence_rows(self.text.text, target, target_id)

    def _periods(self) -> Iterator[PeriodRow]:
        found = self.findings.periods
        for period_id, period in zip(self.ids.below_sections(found, "y"), found, strict=True):
            yield PeriodRow(
                period_id=period_id,
                section_id=self.ids.sections[period.section],
                plan_id=self.ids.plan_of[period.section],
                document_id=self.ids.document,
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
        charges, text, ids, page = self.findings.responsibilities, self.text.text, self.ids, self.positions.page
        for responsibility_id, found in zip(ids.below_sections(charges, "r"), charges, strict=True):
            start, end = found.start, found.end
            yield ResponsibilityRow(
                section_id=ids.sections[found.section],
                plan_id=ids.plan_of[found.section],
                document_id=ids.document,
                role=found.role,
                role_text=found.role_text or None,
                organisation=found.organisation,
                organisation_id=self.organisations[found.organisation].organisation_id,
                basis=found.basis,
                inherited=found.inherited,
                char_start=start,
                char_end=end,
                page=page(start),
                quote=text[start:end],
                source_quote=self.text.source_quote(start, end),
                due_on=self.charges.due_on(found),
                responsibility_id=responsibility_id,
            )

    def _members(self) -> Iterator[MemberRow]:
        for item, member in self.charges.members():
            yield MemberRow(
                document_id=self.ids.document,
                section_id=self.ids.sections[self.ids.place_at(item.start)],
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
        document, sections, target_ids = self.ids.document, self.ids.sections, self.target_ids
        for place, number in enumerate(self.findings.numbers, start=1):
            # A document has more numbers than other rows together; with their names the values take twice as long.
            yield NumberRow(
                f"{document}-n{place:06d}",
                document,
                sections[number.section],
                number.text,
                number.value,
                number.number_class,
                None if number.target is None else target_ids[number.target],
                number.start,
                number.end,
                number.rule or None,
            )
