"""The rows of the output tables: one class a table, one field a column, in the order of the contract.

The package descriptor, the JSON Schema, the CSV header and the data dictionary are all made from these
classes, so a column is described once, here.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from pipeline.model.source import PageSize
from pipeline.quick.classes import NamedTuple, dataclass, field


def column(description: str, *, enum: tuple[str, ...] = (), format: str = "") -> Any:
    """Declare a column: its description, its closed list of values, its format (`date`, `period`)."""
    return field(metadata={"description": description, "enum": enum, "format": format})


EVIDENCE_FIELDS = (
    "token", "value", "unit", "comparator", "kind", "cadence", "year_end", "indicator", "scope", "modality",
    "baseline", "part_of", "confidence",
)  # fmt: skip
LEVELS = ("national", "province", "city", "county", "township", "zone", "various", "unranked")
CLASSES = ("target", "baseline", "support", "qualifier", "date", "doc_number", "label", "name", "other")


@dataclass(frozen=True, slots=True)
class DocumentRow:
    table: ClassVar[str] = "documents"
    key: ClassVar[tuple[str, ...]] = ("document_id",)
    links: ClassVar[dict[str, str]] = {}

    document_id: str = column("Id of the document, made from the content of its file")
    source: str = column("Path of the file below the input root, with /")
    media_type: str = column("Media type found from the content, e.g. text/plain")
    sha256: str = column("SHA-256 of the file's bytes")
    pages: int | None = column("Number of pages; empty where the format has none")
    characters: int = column("Length of the normalised text in code points")
    script: str = column("Script of the source: simplified, traditional or both", enum=("hans", "hant", "mixed"))
    title: str | None = column("Title of the document as issued, without line breaks")
    doc_number: str | None = column("发文字号 in the form 某政办发〔2023〕46号")
    issuers: str | None = column("Issuing bodies, joined by ;")
    issued_on: str | None = column("成文日期", format="date")
    published_on: str | None = column("印发日期 or 公开日期", format="date")
    addressees: str | None = column("主送机关, joined by ;")
    copied_to: str | None = column("抄送机关, joined by ;")
    plan_count: int = column("Number of plans that the document prints")
    target_count: int = column("Number of rows in targets")
    problem_count: int = column("Number of rows in problems")
    encoding: str | None = column("Character encoding that the file was read with")
    number_count: int = column("Number of rows in numbers")
    unexplained_count: int = column("Number of these that no rule understood: class other, rule empty")
    place: str | None = column("Place that the document speaks for, with its administrative code where known")
    place_path: str | None = column("The place below those it lies in, joined by /")
    level: str | None = column("Level on which it speaks, as in organisations; empty where not known", enum=LEVELS)


@dataclass(frozen=True, slots=True)
class PlanRow:
    table: ClassVar[str] = "plans"
    key: ClassVar[tuple[str, ...]] = ("plan_id",)
    links: ClassVar[dict[str, str]] = {"document_id": "documents"}

    plan_id: str = column("Id of the plan")
    document_id: str = column("Document that prints it")
    ordinal: int = column("Its place in the document, from 1")
    title: str | None = column("Title of the plan")
    period_start: int | None = column("First year that the plan says it covers")
    period_end: int | None = column("Last year that the plan says it covers")


@dataclass(frozen=True, slots=True)
class SectionRow:
    table: ClassVar[str] = "sections"
    key: ClassVar[tuple[str, ...]] = ("section_id",)
    links: ClassVar[dict[str, str]] = {"plan_id": "plans", "document_id": "documents", "parent_id": "sections"}

    section_id: str = column("Id of the section")
    plan_id: str | None = column("Plan it belongs to; empty for the notice around the plans")
    document_id: str = column("Document it belongs to")
    parent_id: str | None = column("Section above it; empty at the top")
    ordinal: int = column("Its place in the document in reading order, from 1")
    depth: int = column("Logical depth inside the plan, 1 for the highest heading; 0 outside the headings")
    kind: str = column("What it is", enum=("front", "preamble", "section", "task", "row", "annex", "closing"))
    label: str | None = column("Heading mark as printed, e.g. （一）")
    number: int | None = column("Value of the heading mark")
    title: str | None = column("Words of the heading without mark and final stop")
    text: str = column("The section's own text, without that of its children")
    char_start: int = column("Start of the own text in text/<document_id>.txt, in code points")
    char_end: int = column("End of it, exclusive")
    page: int | None = column("Page on which it starts, from 1")


@dataclass(frozen=True, slots=True)
class TaskRow:
    table: ClassVar[str] = "tasks"
    key: ClassVar[tuple[str, ...]] = ("task_id",)
    links: ClassVar[dict[str, str]] = {"task_id": "sections", "plan_id": "plans", "document_id": "documents"}

    task_id: str = column("Id of the section of kind task or row")
    plan_id: str | None = column("Plan it belongs to")
    document_id: str = column("Document it belongs to")
    path: str | None = column("Titles of the headings above it, from the plan down, joined by ' / '")
    number: int | None = column("Value of its heading mark or row number")
    title: str | None = column("Title of the task, or the goal cell of the table row")
    text: str | None = column("What is to be done, in full")
    lead: str | None = column("Lead organisations, canonical names joined by ;")
    responsible: str | None = column("Responsible organisations, canonical names joined by ;")
    participants: str | None = column("Participating organisations, canonical names joined by ;")
    target_count: int = column("Number of targets in it")
    years: str | None = column("Years that the text names, joined by ;")


@dataclass(frozen=True, slots=True)
class TargetRow:
    table: ClassVar[str] = "targets"
    key: ClassVar[tuple[str, ...]] = ("target_id",)
    links: ClassVar[dict[str, str]] = {
        "section_id": "sections", "plan_id": "plans", "document_id": "documents", "part_of": "targets",
    }  # fmt: skip

    target_id: str = column("Id of the target")
    section_id: str = column("Section in which it stands")
    plan_id: str | None = column("Plan it belongs to")
    document_id: str = column("Document it belongs to")
    indicator: str = column("What is counted, complete and standing alone")
    indicator_id: str = column("The same for the same indicator over all documents")
    value: Decimal = column("Committed value in the base unit, exact; the lower bound of a range")
    value_max: Decimal | None = column("Upper bound of a range")
    unit: str | None = column("Base unit; 万 and 亿 are multiplied out")
    comparator: str = column("How the value binds", enum=("=", ">=", ">", "<=", "<", "~", "range"))
    kind: str = column(
        "A state, an addition, a relative change, a rank, or a first of its kind",
        enum=("level", "increase", "change", "rank", "breakthrough"),
    )
    cadence: str = column("Due by the end of year_end, every year, or within a span", enum=("by", "annual", "within"))
    year_start: int | None = column("First year of the span in which it is due")
    year_end: int | None = column("Year in which it is due")
    year_source: str | None = column("Where the year was said", enum=("sentence", "paragraph", "heading", "plan"))
    scope: str | None = column("Area or body it holds for, where said")
    modality: str | None = column("力争, 确保, 约束性, 预期性 … as written")
    baseline: str | None = column("Present value that it starts from, where told")
    part_of: str | None = column("Target of which this is a part (其中…)")
    quote: str = column("The figure with its comparator and unit, as in the normalised text")
    sentence: str = column("The full sentence or table cell")
    char_start: int = column("Start of the quote in text/<document_id>.txt, in code points")
    char_end: int = column("End of it, exclusive")
    page: int | None = column("Page on which it stands, from 1")
    source_quote: str = column("The quote as the source file spells it")
    confidence: Decimal = column("0 to 1: see docs/rules.md for its meaning")
    due_on: str | None = column("Month or day by which it is due, where stated", format="period")
    rule: str = column("Id of the rule that composed the row")
    year_quote: str | None = column("Words that say year_end: in its sentence, or above it; see year_source")
    year_char_start: int | None = column("Start of year_quote in text/<document_id>.txt, in code points")
    year_char_end: int | None = column("End of it, exclusive")


@dataclass(frozen=True, slots=True)
class PeriodRow:
    table: ClassVar[str] = "periods"
    key: ClassVar[tuple[str, ...]] = ("period_id",)
    links: ClassVar[dict[str, str]] = {"section_id": "sections", "plan_id": "plans", "document_id": "documents"}

    period_id: str = column("Id of the time expression")
    section_id: str = column("Section in which it stands")
    plan_id: str | None = column("Plan it belongs to")
    document_id: str = column("Document it belongs to")
    kind: str = column("What it is", enum=("year", "span", "deadline", "duration", "recurring", "date"))
    start: str | None = column("ISO 8601 with the precision of the text", format="period")
    end: str | None = column("ISO 8601 with the precision of the text", format="period")
    recurrence: str | None = column("ISO 8601 duration of what recurs, e.g. P1Y")
    basis: str = column("How it was anchored", enum=("text", "plan", "issued_on", "five_year_plan", "minguo"))
    char_start: int = column("Start of the quote in text/<document_id>.txt, in code points")
    char_end: int = column("End of it, exclusive")
    page: int | None = column("Page on which it stands, from 1")
    quote: str = column("The expression, as in the normalised text")
    source_quote: str = column("The expression as the source file spells it")


@dataclass(frozen=True, slots=True)
class ResponsibilityRow:
    table: ClassVar[str] = "responsibilities"
    key: ClassVar[tuple[str, ...]] = ("responsibility_id",)
    links: ClassVar[dict[str, str]] = {
        "section_id": "sections", "plan_id": "plans", "document_id": "documents", "organisation_id": "organisations",
    }  # fmt: skip

    section_id: str = column("Section that the organisation answers for")
    plan_id: str | None = column("Plan it belongs to")
    document_id: str = column("Document it belongs to")
    role: str = column("Role, in three groups", enum=("lead", "responsible", "participant"))
    role_text: str | None = column("Role as written")
    organisation: str = column("Organisation as written, made complete")
    organisation_id: str = column("Organisation in the register")
    basis: str = column("Where it was said", enum=("note", "table", "rule", "heading", "prose"))
    inherited: bool = column("True where a rule or the note of a heading above gives it")
    char_start: int = column("Start of the quote in text/<document_id>.txt, in code points")
    char_end: int = column("End of it, exclusive")
    page: int | None = column("Page on which it stands, from 1")
    quote: str = column("The name, rule or note, as in the normalised text")
    source_quote: str = column("The quote as the source file spells it")
    due_on: str | None = column("Deadline that the note or the row tells, ISO 8601 as precise as told", format="period")
    responsibility_id: str = column("Id of the row")


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    table: ClassVar[str] = "organisations"
    key: ClassVar[tuple[str, ...]] = ("organisation_id",)
    links: ClassVar[dict[str, str]] = {}

    organisation_id: str = column("Id of the organisation")
    name: str = column("Canonical name")
    place: str | None = column("Place it belongs to, with its administrative code where known")
    level: str | None = column(
        "Level of government it stands on, of collective names that of their members; zone: an area with a committee; "
        "various: several levels; unranked: companies, schools, associations",
        enum=LEVELS,
    )
    function: str | None = column("What it is for, one vocabulary over all levels; collective for 各板块 …")
    aliases: str | None = column("Other spellings seen, joined by ;")
    mention_count: int = column("How often it was seen over all documents")
    also_functions: str | None = column("Further fields of a joint body (教育体育局: 体育), joined by ;")
    candidates: str | None = column("Places that an unclear name may belong to, as code and name, joined by ;")
    valid_from: int | None = column("First year in which bodies of this name were set up, where the name tells")
    valid_to: int | None = column("Last such year, of a former name")
    successors: str | None = column("Standard names of the bodies that took over from a former one, joined by ;")
    successor_ids: str | None = column("Their organisation_id, in the register where they were seen, joined by ;")
    place_path: str | None = column("The place below those it lies in, joined by /")


@dataclass(frozen=True, slots=True)
class MemberRow:
    table: ClassVar[str] = "members"
    key: ClassVar[tuple[str, ...]] = ()
    links: ClassVar[dict[str, str]] = {
        "document_id": "documents", "organisation_id": "organisations", "member_id": "organisations",
        "section_id": "sections",
    }  # fmt: skip

    document_id: str = column("Document that says so")
    section_id: str = column("Section in which it says so")
    organisation_id: str = column("Collective name in the register")
    organisation: str = column("Collective name as written")
    member_id: str = column("Member in the register")
    member: str = column("Member as written, made complete")
    char_start: int = column("Start of the quote in text/<document_id>.txt, in code points")
    char_end: int = column("End of it, exclusive")
    page: int | None = column("Page on which it stands, from 1")
    quote: str = column("The passage that says who is meant, as in the normalised text")
    source_quote: str = column("The quote as the source file spells it")


@dataclass(frozen=True, slots=True)
class WorkloadRow:
    table: ClassVar[str] = "workload"
    key: ClassVar[tuple[str, ...]] = ()
    links: ClassVar[dict[str, str]] = {
        "organisation_id": "organisations", "document_id": "documents", "via": "organisations",
    }  # fmt: skip

    organisation_id: str = column("Organisation in the register")
    document_id: str = column("Document that gives it the work")
    role: str = column("Role, in three groups", enum=("lead", "responsible", "participant"))
    name: str = column("Canonical name")
    place: str | None = column("Place it belongs to, with its administrative code where known")
    level: str | None = column("Level of government it stands on, as in organisations")
    function: str | None = column("What it is for, as in organisations")
    sections: int = column("Number of sections that name it in this role, also by rule or heading")
    tasks: int = column("Number of these that are tasks or table rows")
    targets: int = column("Number of targets in these sections")
    via: str | None = column(
        "Collective name through which it is charged, where the document says whom that stands for (members); "
        "empty in the rows of bodies that are named themselves"
    )


@dataclass(frozen=True, slots=True)
class NumberRow:
    table: ClassVar[str] = "numbers"
    key: ClassVar[tuple[str, ...]] = ("number_id",)
    links: ClassVar[dict[str, str]] = {"document_id": "documents", "section_id": "sections", "target_id": "targets"}

    number_id: str = column("Id of the number")
    document_id: str = column("Document it belongs to")
    section_id: str = column("Section in which it stands")
    text: str = column("The number as in the normalised text")
    value: Decimal | None = column("Its value")
    # `class` is a Python keyword; the writer drops the underscore.
    class_: str = column("What the number is", enum=CLASSES)
    target_id: str | None = column("Target that it is the value of")
    char_start: int = column("Start in text/<document_id>.txt, in code points")
    char_end: int = column("End of it, exclusive")
    rule: str | None = column("Id of the rule that gave it its class; empty where none did")


@dataclass(frozen=True, slots=True)
class ProblemRow:
    table: ClassVar[str] = "problems"
    key: ClassVar[tuple[str, ...]] = ()
    links: ClassVar[dict[str, str]] = {"document_id": "documents", "section_id": "sections"}

    document_id: str | None = column("Document it is about; empty where the file could not be read")
    source: str = column("Path of the file below the input root, with /")
    severity: str = column(
        "error: no rows; warning: a person should look; info: a repair", enum=("error", "warning", "info")
    )
    code: str = column("What happened, as one word of a documented list")
    message: str = column("What happened, where, and what to do next")
    section_id: str | None = column("Section in which it stands")
    char_start: int | None = column("Start of the quote in text/<document_id>.txt, in code points")
    char_end: int | None = column("End of it, exclusive")
    quote: str | None = column("The passage, as in the normalised text")


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """Words that a field of a target was read from. Stands in the nested JSON below its target, in no table."""

    target_id: str = column("Target that it is about")
    field: str = column("Field of the target; token for a typed word of the grammar", enum=EVIDENCE_FIELDS)
    rule: str = column("Id of the rule, or class of the word, that read it; see docs/rules.md")
    char_start: int = column("Start of the quote in text/<document_id>.txt, in code points")
    char_end: int = column("End of it, exclusive")
    quote: str = column("The words, as in the normalised text")


class Box(NamedTuple):
    """A piece of a page: points (1/72 inch) from the upper left corner of the page turned upright. JSON only."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float


class CellPlace(NamedTuple):
    """A cell: which table of the document, which row and column of it, each from 1. JSON only."""

    table: int
    row: int
    column: int


class Position(NamedTuple):
    """Where text[char_start:char_end] stands: a box for each printed line of it, and its table cell. JSON only.

    `section_id` is that of the section whose heading it is; None for the quote of a row.
    """

    char_start: int
    char_end: int
    boxes: tuple[Box, ...]
    cell: CellPlace | None
    section_id: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One document as rows of the tables, with its normalised text. What every writer takes.

    `evidence` are the words behind the targets, in the order of these. `positions` tell where quotes and headings
    stand on the pages and in tables, `page_sizes` how large the pages are; both are empty for formats without.
    """

    document: DocumentRow
    text: str
    plans: tuple[PlanRow, ...]
    sections: tuple[SectionRow, ...]
    tasks: tuple[TaskRow, ...]
    targets: tuple[TargetRow, ...]
    periods: tuple[PeriodRow, ...]
    responsibilities: tuple[ResponsibilityRow, ...]
    organisations: tuple[OrganisationRow, ...]
    members: tuple[MemberRow, ...]
    workload: tuple[WorkloadRow, ...]
    numbers: tuple[NumberRow, ...]
    problems: tuple[ProblemRow, ...]
    evidence: tuple[EvidenceRow, ...] = ()
    positions: tuple[Position, ...] = ()
    page_sizes: tuple[PageSize, ...] = ()


TABLES = (
    DocumentRow, PlanRow, SectionRow, TaskRow, TargetRow, PeriodRow,
    ResponsibilityRow, OrganisationRow, MemberRow, WorkloadRow, NumberRow, ProblemRow,
)  # fmt: skip
