"""One document for a person: its head, its tree with targets and organisations, what to look at."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.model.tables import DocumentRow, Record, ResponsibilityRow, SectionRow, TargetRow
from pipeline.terminal import amount, plain_controls, wrapped

COLUMNS = 80
COMPARATORS = {"=": "=", ">=": "≥", ">": ">", "<=": "≤", "<": "<", "~": "≈", "range": "="}
ROLES = {"lead": "lead", "responsible": "responsible", "participant": "participating"}


def show(record: Record) -> Iterator[tuple[str, str]]:
    """Give kind and words of the lines; none is wider than 80 columns. A terminal sets the kind `heading` in bold."""
    yield from _head(record)
    targets: dict[str, list[TargetRow]] = {}
    for target in record.targets:
        targets.setdefault(target.section_id, []).append(target)
    people: dict[str, list[ResponsibilityRow]] = {}
    for row in record.responsibilities:
        people.setdefault(row.section_id, []).append(row)
    for plan in record.plans:
        yield "", ""
        years = f" ({plan.period_start}–{plan.period_end})" if plan.period_start else ""
        yield from _wrap("heading", (plan.title or "(a plan without title)") + years, 0)
        for section in record.sections:
            if section.plan_id == plan.plan_id:
                yield from _section(section, targets.get(section.section_id, []), people.get(section.section_id, []))
    yield from _problems(record)


def _head(record: Record) -> Iterator[tuple[str, str]]:
    document = record.document
    yield from _wrap("heading", document.title or "(no title found)", 0)
    facts = (
        ("number", document.doc_number),
        ("issued by", document.issuers),
        ("issued on", document.issued_on),
        ("published", document.published_on),
        ("to", document.addressees),
        ("copied to", document.copied_to),
        ("file", f"{document.source} ({_kind(document)})"),
        ("text", f"{document.characters:,} characters, {document.script}, id {document.document_id}"),
    )
    for name, value in facts:
        if value:
            yield from _wrap("fact", value.replace(";", "、"), 12, mark=f"{name:<12}")


def _kind(document: DocumentRow) -> str:
    """Give the media type with the encoding of text, or the number of pages."""
    pages = f"{document.pages} pages" if document.pages else None
    return ", ".join(filter(None, (document.media_type, document.encoding, pages)))


def _section(
    section: SectionRow, targets: list[TargetRow], people: list[ResponsibilityRow]
) -> Iterator[tuple[str, str]]:
    margin = 2 * section.depth
    if section.title and section.depth:
        mark = "· " if section.kind == "row" else ""
        title = f"{section.label or ''}{section.title}"
        yield from _wrap("row" if mark else "heading", title, margin + len(mark), mark=" " * margin + mark)
    for target in targets:
        yield from _wrap("target", target_line(target), margin + 4, mark=" " * (margin + 2) + "→ ")
    roles: dict[str, dict[str, None]] = {}
    for row in people:
        roles.setdefault(row.role, {})[row.organisation] = None
    for role, names in sorted(roles.items(), key=lambda item: list(ROLES).index(item[0])):
        words = f"{ROLES[role]}: {'、'.join(names)}"
        yield from _wrap("people", words, margin + 4, mark=" " * (margin + 2) + "@ ")


def target_line(target: TargetRow) -> str:
    """Give a target in one line: 自动化泊位  = 12 个  (by 2026)."""
    value = amount(target.value)
    if target.kind == "increase":
        value = f"+{value}"
    if target.kind != "increase" or target.comparator not in ("=", "range"):
        value = f"{COMPARATORS[target.comparator]} {value}"
    if target.value_max is not None:
        value += "–" + amount(target.value_max)
    when = {"by": "by", "annual": "every year to", "within": "until end of"}[target.cadence]
    if target.year_end is None:
        due = "every year" if target.cadence == "annual" else ""
    else:
        due = f"{when} {target.year_end}"
    where = target.scope or ""
    rest = ", ".join(part for part in (due, where) if part)
    return f"{target.indicator}  {value} {target.unit or ''}".rstrip() + (f"  ({rest})" if rest else "")


def _problems(record: Record) -> Iterator[tuple[str, str]]:
    counts = {name: sum(row.severity == name for row in record.problems) for name in ("error", "warning", "info")}
    yield "", ""
    yield from _wrap(
        "heading",
        f"{len(record.targets)} targets, {len(record.responsibilities)} responsibilities, "
        f"{len(record.numbers)} numbers; {counts['warning']} warnings, {counts['info']} repairs and notes",
        0,
    )
    unexplained, numbers = record.document.unexplained_count, record.document.number_count
    if unexplained:
        share = f"{100 * unexplained / numbers:.1f} %"
        words = f"no rule explains {unexplained} of {numbers} numbers ({share}); problems.csv of a run tells where"
        yield from _wrap("problem", words, 4, mark="  ? ")
    for row in record.problems:
        if row.severity != "info":
            quote = f" “{row.quote[:40]}”" if row.quote else ""
            yield from _wrap("problem", f"{row.code}: {row.message}{quote}", 4, mark="  ! ")


def _wrap(kind: str, words: str, margin: int, *, mark: str = "") -> Iterator[tuple[str, str]]:
    for line in wrapped(plain_controls(words), COLUMNS, first=mark, rest=" " * margin):
        yield kind, line
