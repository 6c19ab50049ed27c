"""The bodies of one document: whom its names mean, who stands for whom, by when they act, how much work they have."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pipeline.lexicon import Lexicon
from pipeline.lexicon.bodies import COLLECTIVE
from pipeline.model.findings import Definition, Findings, Period, Responsibility
from pipeline.model.outline import Outline
from pipeline.model.source import Span
from pipeline.model.tables import OrganisationRow, WorkloadRow
from pipeline.resolve.issuer import Issuer
from pipeline.resolve.organisations import resolve_organisations
from pipeline.resolve.resolved import Resolved

# Time expressions that can be a deadline; what recurs or only lasts is none.
DUE_KINDS = ("deadline", "date", "year", "span")


class Charges:
    """What the responsibilities and definitions of one document say once its names are resolved."""

    def __init__(self, outline: Outline, findings: Findings, issuer: Issuer, lexicon: Lexicon) -> None:
        self.outline, self.findings = outline, findings
        self.due_column = lexicon.roles.parts["due-column"]
        aliases = {item.name: item.members[0] for item in findings.definitions if len(item.members) == 1}
        charged = dict.fromkeys(found.organisation for found in findings.responsibilities)
        meant = {item.name: item for item in findings.definitions if len(item.members) > 1}
        lists = [meant[name] for name in meant if name in charged]
        names = tuple(dict.fromkeys((*charged, *(member for item in lists for member in item.members))))
        resolved = resolve_organisations(issuer, names, lexicon, aliases)
        self.bodies: dict[str, Resolved] = dict(zip(names, resolved, strict=True))
        self.lists = [item for item in lists if self.bodies[item.name].function == COLLECTIVE]
        self.period_starts = [period.start for period in findings.periods]
        self.dues: dict[tuple[int | None, int, int], str | None] = {}

    def members(self) -> Iterator[tuple[Definition, str]]:
        """Give the members of the collective names that are charged with something, as written, with the definition."""
        for item in self.lists:
            for member in item.members:
                yield item, member

    def register(self) -> Iterator[OrganisationRow]:
        """Give each organisation once, in order of first mention; members that nothing is charged with come last."""
        mentions: dict[str, list[str]] = {}
        for found in self.findings.responsibilities:
            mentions.setdefault(self.bodies[found.organisation].organisation_id, []).append(found.organisation)
        for named in mentions.values():
            yield self._organisation(named, len(named))
        silent: dict[str, list[str]] = {}
        for _, member in self.members():
            if self.bodies[member].organisation_id not in mentions:
                silent.setdefault(self.bodies[member].organisation_id, []).append(member)
        for named in silent.values():
            yield self._organisation(named, 0)

    def _organisation(self, written: Sequence[str], mentions: int) -> OrganisationRow:
        """Give the body of the names `written`; a field that the bracket behind one of them told is its own."""
        body = self.bodies[written[0]]
        also = dict.fromkeys(field for name in written for field in self.bodies[name].also)
        return OrganisationRow(
            organisation_id=body.organisation_id,
            name=body.name,
            place=body.place,
            level=body.level,
            function=body.function,
            aliases=joined(sorted(set(written) - {body.name})),
            mention_count=mentions,
            also_functions=joined(also),
            candidates=joined(body.candidates),
            valid_from=body.valid_from,
            valid_to=body.valid_to,
            successors=joined(name for _, name in body.successors),
            successor_ids=joined(organisation_id for organisation_id, _ in body.successors),
            place_path=body.place_path,
        )

    def due_on(self, found: Responsibility) -> str | None:
        """Give the deadline that a note (5月底前…，牵头单位：…) or the time column of a row tells."""
        if found.note is None:
            return None
        # What a note says of one of its names it says of all.
        said = (found.section if found.basis == "table" else None, *found.note)
        if said not in self.dues:
            self.dues[said] = self._due_on(found, found.note)
        return self.dues[said]

    def _due_on(self, found: Responsibility, note: Span) -> str | None:
        if found.basis == "table":
            cells = self.outline.sections[found.section].cells
            spans = [(cell.start, cell.end) for cell in cells if self.due_column.search(cell.head)]
        else:
            spans = [(note.start, note.end)]
        for start, end in spans:
            for period in self._periods_in(start, end):
                if period.kind in DUE_KINDS and period.last:
                    return period.last
        return None

    def _periods_in(self, start: int, end: int) -> Sequence[Period]:
        first = bisect_left(self.period_starts, start)
        return self.findings.periods[first : bisect_left(self.period_starts, end)]

    def workload(self, document_id: str) -> Iterator[WorkloadRow]:
        """Give how many sections, tasks and targets each body has in each role, by body and role.

        Beside the row of a collective name stand those of its members, with the sections that do not name them too.
        """
        targets = Counter(target.section for target in self.findings.targets)
        work: dict[tuple[str, str, str], set[int]] = {}
        bodies = {body.organisation_id: body for body in self.bodies.values()}
        told_of: dict[tuple[str, str], set[int]] = {}
        for found in self.findings.responsibilities:
            key = (self.bodies[found.organisation].organisation_id, found.role, "")
            work.setdefault(key, set()).add(found.section)
        for item, member in self.members():
            via, member_id = (self.bodies[name].organisation_id for name in (item.name, member))
            for role in ("lead", "responsible", "participant"):
                told = told_of.setdefault((member_id, role), set(work.get((member_id, role, ""), ())))
                sections = work.get((via, role, ""), set()) - told
                if sections:
                    work[member_id, role, via] = work.get((member_id, role, via), set()) | sections
                    told |= sections
        for (organisation_id, role, via), sections in sorted(work.items()):
            body = bodies[organisation_id]
            kinds = Counter(self.outline.sections[section].kind for section in sections)
            yield WorkloadRow(
                organisation_id=organisation_id,
                document_id=document_id,
                role=role,
                name=body.name,
                place=body.place,
                level=body.level,
                function=body.function,
                sections=len(sections),
                tasks=kinds["task"] + kinds["row"],
                targets=sum(targets[section] for section in sections),
                via=via or None,
            )


def joined(names: Iterable[str]) -> str | None:
    """Join names for a cell; None where there are none."""
    return ";".join(names) or None
