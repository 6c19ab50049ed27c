"""The ids of what one document holds: made of its content and of the places in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from pipeline.model.findings import Period, Responsibility, Target
from pipeline.model.outline import Outline, Section


class Ids:
    """The ids that the rows of one document share.

    `document` is `d` and 12 hexadecimal digits of the file's SHA-256, with `-2`, `-3` … for further copies. `plans`
    and `sections` are in the order of the outline; `plan_of` gives for each section that of its plan, None around them.
    """

    def __init__(self, sha256: str, outline: Outline, copy: int) -> None:
        self.document = "d" + sha256[:12] + (f"-{copy}" if copy > 1 else "")
        self.plans = [f"{self.document}-p{place}" for place, _ in enumerate(outline.plans, start=1)]
        self.plan_of = [None if section.plan is None else self.plans[section.plan] for section in outline.sections]
        self.sections = list(self._of_sections(outline.sections))
        self._starts = [section.start for section in outline.sections]

    def _of_sections(self, sections: Sequence[Section]) -> Iterator[str]:
        """Give each section its id: its path inside its plan, or its count among those around the plans (p0)."""
        around = 0
        for section, plan in zip(sections, self.plan_of, strict=True):
            if plan is None:
                around += 1
                yield f"{self.document}-p0-s{around}"
            else:
                yield f"{plan}-s{'.'.join(map(str, section.path))}"

    def below_sections(self, found: Iterable[Target | Period | Responsibility], mark: str) -> list[str]:
        """Number what was found inside each section, from 1, in the order found."""
        ids: list[str] = []
        counts: dict[int, int] = {}
        for item in found:
            section = item.section
            count = counts[section] = counts.get(section, 0) + 1
            ids.append(f"{self.sections[section]}-{mark}{count}")
        return ids

    def place_at(self, start: int) -> int:
        """Give the index of the section in whose own text a place lies: the own texts cut the text without gaps."""
        return bisect_right(self._starts, start) - 1

    def section_at(self, start: int) -> str | None:
        """Give the id of the section in whose own text a place lies; None before the first."""
        place = self.place_at(start)
        return self.sections[place] if place >= 0 else None
