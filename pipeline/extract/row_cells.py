"""Take a table row apart: what each cell holds, the row's name, unit, place, project, present value and last year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from pipeline.extract.indicators import clean
from pipeline.extract.numerals import NUMBER
from pipeline.extract.reading import Passage, Place
from pipeline.extract.row_names import head_unit, is_total, joined_names, one_of_two, total_name
from pipeline.lexicon import Lexicon
from pipeline.lexicon.measures import BARE_SCALE
from pipeline.lexicon.timing import FIVE_YEAR_PLANS
from pipeline.model.outline import RowCell, Section
from pipeline.quick.classes import dataclass
from pipeline.quick.pattern import pattern

YEAR = pattern(r"(?:19|20)\d\d")
PLAN = pattern(r"“?(十[一二三四五])五”?")
# Between the heads of columns whose figures could not be parted.
PARTED = " | "
INLINE_UNIT = pattern(r"[（(](?P<unit>[^（）()]{1,10}(?:[（(][^（）()]{1,4}[)）])?)[)）]$")
# A head that tells how much something grew.
GROWTH = pattern("^(?:年均|期间)?(?:增速|增长|增幅|年均)")
# A head that tells what was planned, not what was reached.
PLANNED = pattern("目标|规划|计划|预期")


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row taken apart: its cells by role, the name and unit of its indicator, its own last year if it has one.

    `place` is set where the row is one place's part of a goal, `project` where it describes a project;
    `caption` is the heading above the table. The row begins at `start`; a cell that stands for rows above too begins
    before it. `at` holds the places of the words of each of these.
    """

    start: int
    cells: tuple[tuple[RowCell, str], ...]
    name: str
    place: str | None
    project: str | None
    caption: str
    unit: str
    nature: str | None
    baseline: str | None
    year: int | None
    at: dict[str, Place]

    def of(self, *roles: str) -> list[RowCell]:
        """Give the cells of these roles in order."""
        return [cell for cell, role in self.cells if role in roles]


def take_row(text: str, section: Section, passage: Passage, caption: Section | None, lexicon: Lexicon) -> TableRow:
    """Give every cell of a row its role.

    In a table by places every column with a unit in its head holds a goal. A goal column of a year or five-year
    plan before the plan's own, or before it was issued, tells the present; so does the first of several years where
    neither is known.
    """
    cells = tuple(zip(section.cells, _roles(section, passage, caption, lexicon), strict=True))
    of: dict[str, list[RowCell]] = {}
    for cell, role in cells:
        of.setdefault(role, []).append(cell)
    words = {
        role: _names(text, found, lexicon) if role == "name" else _joined(text, found) for role, found in of.items()
    }
    place = words["place"][-1] if "place" in words and "name" not in words else None
    projects = [word for word in words.get("project", ()) if not is_total(word, lexicon)]
    unit, name = _name_and_unit(words, section.title, caption, lexicon)
    measure = lexicon.measures.by_unit.get(unit)
    name = one_of_two(name, measure is not None and measure.dimension in ("share", "points"), lexicon)
    over = next((cell for cell in of.get("name", ()) if cell.start == section.title_start), None)
    summed = total_name(name, over.head, lexicon) if over else name
    spans = [int(y) for cell in of.get("date", ()) for y in YEAR.findall(text[cell.start : cell.end])]
    present = _present_cell(text, of.get("present", ()))
    nature = next((w for w in words.get("nature", []) if w), None)
    baseline = clean(text[present.start : present.end]) if present and place is None else None
    title = caption.title if caption else ""
    at = _places(text, section, caption, of, present)
    at |= {"name over": over.head_at} if over and over.head_at and summed != name else {}
    return TableRow(
        section.start, cells, summed, place, projects[-1] if projects else None, title, unit, nature, baseline,
        max(spans, default=None), at,
    )  # fmt: skip


def _roles(section: Section, passage: Passage, caption: Section | None, lexicon: Lexicon) -> list[str]:
    """Give the role of each cell by its head, and tell goals from present values by the years of the heads."""
    roles = [lexicon.columns.role_of(cell.head) for cell in section.cells]
    known = [year for year in (passage.calendar.plan_start, passage.calendar.issued_year) if year is not None]
    base = max(known, default=None)
    years = [head_year(cell.head) for cell in section.cells]
    if "place" in roles and "name" not in roles:
        pairs = zip(section.cells, roles, strict=True)
        roles = ["goal" if role == "text" and head_unit(cell.head, lexicon) else role for cell, role in pairs]
    roles = ["unparted" if PARTED in cell.head else role for cell, role in zip(section.cells, roles, strict=True)]
    beside = "present" if "goal" in roles else "goal"
    roles = [beside if role == "stock" else role for role in roles]
    goals = [number for number, role in enumerate(roles) if role == "goal"]
    both = lexicon.columns.cells["goals_and_present"]
    factual = passage.factual and (caption is None or both.search(caption.title) is None)
    for number in goals:
        year = years[number]
        first = base is None and number == goals[0] and sum(years[g] is not None for g in goals) > 1
        if factual or (year is not None and base is not None and year < base) or (year is not None and first):
            roles[number] = "present"
    past = [roles[number] == "present" for number, year in enumerate(years) if year is not None]
    if len(past) > 1 and all(past):
        # how it grew between years that are over
        heads = enumerate(cell.head for cell in section.cells)
        roles = ["present" if roles[n] in ("text", "goal") and GROWTH.search(head) else roles[n] for n, head in heads]
    return roles


def _present_cell(text: str, cells: Sequence[RowCell]) -> RowCell | None:
    """Give the cell that tells the state a goal starts from: the latest, what was reached before what was planned."""
    told = [cell for cell in cells if NUMBER.search(text, cell.start, cell.end)]
    return max(told, key=lambda cell: (not PLANNED.search(cell.head), head_year(cell.head) or 0), default=None)


def _joined(text: str, cells: list[RowCell]) -> list[str]:
    """Give the words of cells; those of a cell that was broken over lines as one."""
    found: list[str] = []
    for cell in cells:
        words = text[cell.start : cell.end]
        found[-1:] = [found[-1] + words] if cell.part and found else [*found[-1:], words]
    return [clean(words) for words in found]


def _names(text: str, cells: list[RowCell], lexicon: Lexicon) -> list[str]:
    """Give the names in a row; the parts of one on both sides of a note mark (地下水②水质), or line, are one name."""
    names: list[str] = []
    for number, cell in enumerate(cells):
        gap = text[cells[number - 1].end : cell.start] if number else ""
        words = clean(lexicon.columns.cells["name_mark"].sub("", text[cell.start : cell.end].strip()))
        if names and (cell.part or (gap and gap.isdigit())):
            names[-1] += words
        else:
            names.append(words)
    return names


def _name_and_unit(
    words: dict[str, list[str]], title: str, caption: Section | None, lexicon: Lexicon
) -> tuple[str, str]:
    """Give the unit and the name of a row; the unit stands in its own cell, behind the name or in the caption."""
    unit = next((word for word in words.get("unit", ()) if word), "")
    names = []
    inline = ""
    titled = words.get("name") or words.get("project") or [clean(lexicon.columns.cells["name_mark"].sub("", title))]
    for name in titled:
        found = INLINE_UNIT.search(name) if name.endswith(("）", ")")) else None
        if found and (lexicon.measures.is_unit(found.group("unit")) or BARE_SCALE.match(found.group("unit"))):
            inline, name = found.group("unit"), clean(name[: found.start()])
        names.append(name)
    unit = unit or inline or (head_unit(caption.title, lexicon) if caption else "")
    return unit, joined_names(names, lexicon)


def _places(
    text: str,
    section: Section,
    caption: Section | None,
    cells: Mapping[str, Sequence[RowCell]],
    present: RowCell | None,
) -> dict[str, Place]:
    """Give the places of what `take_row` takes, by the same choice: the last name, the first unit, the latest year."""
    of = {role: [(cell.start, cell.end) for cell in found] for role, found in cells.items()}
    at: dict[str, Place] = {role: of[role][-1] for role in ("place", "project") if role in of}
    at["name"] = (of.get("name") or of.get("project") or [(section.title_start, section.title_end)])[-1]
    # the name that gathers it, or its own first part
    at |= {f"name {number}": place for number, place in enumerate(of.get("name", ())[:-1])}
    at |= {role: of[role][0] for role in ("unit",) if role in of}
    at |= {"caption": (caption.title_start, caption.title_end)} if caption else {}
    filled = [place for place in of.get("nature", ()) if text[slice(*place)].strip()]
    at |= {"nature": filled[0]} if filled else {}
    at |= {"baseline": (present.start, present.end)} if present else {}
    dated = [(max(map(int, years)), p) for p in of.get("date", ()) if (years := YEAR.findall(text[slice(*p)]))]
    return at | ({"year": max(dated)[1]} if dated else {})


@lru_cache(maxsize=1024)
def head_year(head: str) -> int | None:
    """Give the year that a column head names, of a five-year plan its last; None if it names none."""
    years = [int(y) for y in YEAR.findall(head)]
    if years:
        return years[-1]
    plan = PLAN.search(head)
    return FIVE_YEAR_PLANS[plan.group(1)][1] if plan else None


def second_row(text: str, row: TableRow) -> str:
    """Give what tells a further row of one place from its first: 南塘河 of 青川区 | 白石河 | 50, 南塘河 | 20.

    It is the last cell of words before the goals; empty for a row that names its own place.
    """
    places = row.of("place")
    if not places or places[-1].start >= row.start:
        return ""
    goals = [cell.start for cell in row.of("goal")]
    words = [cell for cell in row.of("text") if row.start <= cell.start < min(goals, default=row.start)]
    return clean(text[words[-1].start : words[-1].end]) if words else ""
