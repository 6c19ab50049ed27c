"""Rows of targets → points: what each measures, for whom, over which years, and what it starts from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from pipeline.compare.history.query import Name
from pipeline.compare.places import place_name
from pipeline.lexicon import Lexicon
from pipeline.model.history import PointRow
from pipeline.model.tables import DocumentRow, PlanRow, TargetRow

FIGURE = re.compile(r"(?P<figure>\d[\d,，]*(?:\.\d+)?)\s*(?P<scale>万亿|千万|百万|亿|万)?\s*(?P<unit>\D*)")
SCALES = {"万亿": 10**12, "亿": 10**8, "千万": 10**7, "百万": 10**6, "万": 10**4}
# What plans of the centre speak for; they name no place.
NATIONAL = "全国"
# 全市, 我省, 本县 tell the whole of a place of that level; 市本级 is a part of it.
WHOLE = re.compile(r"^(?:全|我|本)(?P<level>自治区|自治州|[国省市区县州盟旗疆])(?:范围内)?$")
IN_TITLE = re.compile(r"[\s《》〈〉“”\"'（）()〔〕\[\]]")


@dataclass(frozen=True, slots=True)
class Found:
    """A target that was asked for, with its plan, document and headings, and the year of its present value."""

    target: TargetRow
    name: Name
    area: str
    document: DocumentRow
    plan: PlanRow | None
    headings: tuple[str, ...]
    present_year: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A point before its series is known. `sheet` is the same for all prints of one plan."""

    found: Found
    sheet: str
    unit: str
    basis: str
    scope: str
    span: int | None
    value: Decimal
    value_max: Decimal | None
    comparator: str
    year_start: int | None
    year: int | None
    quote: str
    is_baseline: bool = False

    @property
    def series(self) -> tuple[str, ...]:
        """What all points of one series share. Places that are not known are kept apart, plan by plan."""
        name, document = self.found.name, self.found.document
        place = document.place or (NATIONAL if document.level == "national" else f"? {self.sheet}")
        word = name.word if name.related is not None else ""
        kind = "level" if self.is_baseline else self.found.target.kind
        return name.family, word, place, self.scope, kind, self.basis, self.unit

    @property
    def said(self) -> tuple[object, ...]:
        """What two passages share that say the same."""
        start = None if self.basis == "state" else self.year_start
        return self.sheet, self.series, self.is_baseline, start, self.year, self.value, self.value_max, self.comparator


def series_id(series: tuple[str, ...]) -> str:
    """Give the id of a series: `h` and 12 hexadecimal digits."""
    return "h" + sha256("\n".join(series).encode("utf-8")).hexdigest()[:12]


def title_of(document: DocumentRow, plan: PlanRow | None) -> str:
    """Give title and period of a plan without the marks that prints set in different ways."""
    title = (plan.title if plan else None) or document.title or document.document_id
    return IN_TITLE.sub("", title) + (f" {plan.period_start}-{plan.period_end}" if plan else "")


def sheet_of(document: DocumentRow, plan: PlanRow | None) -> tuple[str, str]:
    """Give what all prints of one plan share (place, title, period), and the document's own number."""
    # Without a place a bare title (实施方案) may be that of anyone, so the whole document must agree.
    owner = document.place or f"{document.issuers} {document.title or document.document_id}"
    return f"{owner} {title_of(document, plan)}", document.doc_number or ""


def drafts_of(found: Found, sheet: str, units: tuple[str, ...], lexicon: Lexicon) -> list[Draft]:
    """Give the point of a target, and before it that of the value it starts from, where told and readable."""
    target, plan = found.target, found.plan
    basis, span = _basis(target, plan)
    start = target.year_start
    if start is None and span is not None and target.year_end is not None:
        start = target.year_end - span + 1
    main = Draft(
        found, sheet, _unit(target, units, lexicon), basis, _scope(found, lexicon), span,
        target.value, target.value_max, target.comparator, start, target.year_end, target.quote,
    )  # fmt: skip
    before = _baseline(main) if target.baseline and target.kind == "level" else None
    return [before, main] if before else [main]


def _basis(target: TargetRow, plan: PlanRow | None) -> tuple[str, int | None]:
    """Tell a state from a total over some years and from an amount of each year; give the number of years."""
    if target.kind not in ("increase", "change"):
        return "state", None
    if target.cadence == "annual":
        return "annual", 1
    start = target.year_start or (plan.period_start if plan else None)
    if start is None or target.year_end is None or target.year_end < start:
        return "total", None
    span = target.year_end - start + 1
    # What a yearly list of work adds in its one year is an amount of a year.
    return ("annual" if span == 1 else "total"), span


def _unit(target: TargetRow, units: tuple[str, ...], lexicon: Lexicon) -> str:
    unit = target.unit or ""
    if unit in units:
        return units[0]
    measure = lexicon.measures.by_unit.get(unit)
    return measure.canonical if measure else unit


def _scope(found: Found, lexicon: Lexicon) -> str:
    """Give the part of the place that a figure holds for; empty where that is the whole of it."""
    scope, place = found.area or (found.target.scope or ""), place_name(found.document.place)
    if not scope or scope in (place, found.document.place):
        return ""
    match = WHOLE.match(scope)
    if match is None:
        return "" if scope in lexicon.wording["scope"] and "本级" not in scope else scope
    level = match["level"]
    national = found.document.level == "national"
    whole = level == "国" if national else not place or place.endswith(level) or level in ("疆", "自治区", "自治州")
    return "" if whole else scope


def _baseline(draft: Draft) -> Draft | None:
    """Read the present value of a level: its own scale and unit, else those of the target's cell."""
    target = draft.found.target
    words = target.baseline or ""
    match = FIGURE.search(words)
    if match is None:
        return None
    figure = Decimal(re.sub("[,，]", "", match["figure"]))
    if match["scale"]:
        figure *= SCALES[match["scale"]]
    elif not match["unit"].strip():
        figure *= _cell_scale(target)
    return Draft(
        draft.found, draft.sheet, draft.unit, "state", draft.scope, None, figure, None, "=", None,
        draft.found.present_year, words, is_baseline=True,
    )  # fmt: skip


def _cell_scale(target: TargetRow) -> Decimal:
    """Give what the figure of a cell was multiplied with: a column in 亿元 writes 78 for 7800000000."""
    match = FIGURE.search(target.quote)
    figure = Decimal(re.sub("[,，]", "", match["figure"])) if match else Decimal(0)
    return target.value / figure if figure and target.value else Decimal(1)


def point_of(draft: Draft, copies: Mapping[str, str]) -> PointRow:
    """Make the row of a draft; `copies` are target_id → document_id of the passages folded into it."""
    target, document, plan = draft.found.target, draft.found.document, draft.found.plan
    elsewhere = {other for other in copies.values() if other != document.document_id}
    series = series_id(draft.series)
    # One target may stand in the series of its own indicator and, as a related name, beside another.
    beside = f"-{series}" if draft.found.name.related is not None else ""
    return PointRow(
        point_id=target.target_id + ("-baseline" if draft.is_baseline else "") + beside,
        target_id=target.target_id,
        series_id=series,
        family=draft.found.name.family,
        indicator=target.indicator,
        indicator_id=target.indicator_id,
        related=draft.found.name.related is not None,
        name_note=draft.found.name.note or None,
        place=document.place,
        place_path=document.place_path,
        scope=draft.scope or None,
        kind=target.kind,
        basis=draft.basis,
        unit=draft.unit or None,
        role="baseline" if draft.is_baseline else "final",
        year_start=draft.year_start,
        year=draft.year,
        span=draft.span,
        value=draft.value,
        value_max=draft.value_max,
        comparator=draft.comparator,
        change=None,
        change_from=None,
        change_reason=None,
        conflict=False,
        conflict_reason=None,
        comparable=True,
        reason=None,
        copies=len(elsewhere),
        repeats=sum(other == document.document_id for other in copies.values()),
        copy_ids=";".join(copies) or None,
        modality=target.modality,
        confidence=target.confidence,
        plan_id=target.plan_id,
        plan_title=plan.title if plan else None,
        period_start=plan.period_start if plan else None,
        period_end=plan.period_end if plan else None,
        document_id=document.document_id,
        document_title=document.title,
        doc_number=document.doc_number,
        issued_on=document.issued_on,
        source=document.source,
        heading=" / ".join(found_headings(draft.found)) or None,
        quote=draft.quote,
        sentence=target.sentence,
        char_start=target.char_start,
        char_end=target.char_end,
    )


def found_headings(found: Found) -> list[str]:
    """Give the headings above a target, the highest first, without one that only repeats its sentence."""
    return [title for title in found.headings if title not in found.target.sentence]
