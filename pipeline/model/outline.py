"""The tree of a document: its front matter, its plans, their headings, tasks and table rows."""

from __future__ import annotations

from typing import Literal

from pipeline.model.source import Problem
from pipeline.quick.classes import dataclass

SectionKind = Literal["front", "preamble", "section", "task", "row", "annex", "closing"]


@dataclass(frozen=True, slots=True)
class RowCell:
    """One cell of a table row: the words of its column head, its own place in the text and that of the head.

    A cell that stands below several columns of figures has all their heads, parted by " | ". `head_at` covers all
    heads of the table where it is not known which words are whose. A `part` goes on in the cell of the same column
    before it, which was broken over lines.
    """

    head: str
    start: int
    end: int
    head_at: tuple[int, int] | None = None
    part: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One node of the tree, with the part of the text that is its own (not its children's).

    The own parts [start, end) of all sections, in order, cut the text into pieces without gap or
    overlap. `plan` is the index of its plan, None for the notice around the plans. `parent` is the index
    of the parent section, None at the top. `path` holds its 1-based place among its siblings, from the
    top of the plan down; a preamble has (0,). `depth` is the logical depth inside the plan, 1 for the
    highest heading, 0 for front, preamble and closing. `title` is the text [title_start, title_end)
    without white space; empty where there is none. `body_start` is where the words after label
    and title begin. `cells` is filled for rows of tables, without the cells of group columns.
    """

    plan: int | None
    parent: int | None
    path: tuple[int, ...]
    depth: int
    kind: SectionKind
    label: str
    number: int | None
    title: str
    title_start: int
    title_end: int
    body_start: int
    start: int
    end: int
    page: int | None = None
    cells: tuple[RowCell, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan that a document prints: its title and the years it says it covers (both None if it does not).

    `period_at` is the place of the words that say so: those of the printed title, or in the text.
    """

    title: str
    period_start: int | None
    period_end: int | None
    start: int
    end: int
    period_at: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Front:
    """What the head and foot of a document say: 文头, 落款, 抄送. Dates are ISO 8601; empty where not stated."""

    title: str
    doc_number: str
    issuers: tuple[str, ...]
    issued_on: str
    published_on: str
    addressees: tuple[str, ...]
    copied_to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """The whole tree in reading order."""

    front: Front
    plans: tuple[Plan, ...]
    sections: tuple[Section, ...]
    problems: tuple[Problem, ...] = ()
