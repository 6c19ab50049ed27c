"""Who has how much to do, read from an output folder; and which names of bodies the lexicon does not know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.lexicon import Lexicon
from pipeline.model.tables import DocumentRow, OrganisationRow, WorkloadRow
from pipeline.quick.classes import dataclass, field
from pipeline.stored import read_rows
from pipeline.terminal import cut, width

ROLES = ("lead", "responsible", "participant")
NAME_COLUMNS, PLACE_COLUMNS, NUMBER_COLUMNS = 28, 22, 6
UNKNOWN = "?"


@dataclass(slots=True)
class Work:
    """The work of one body, or of all bodies of one function: tasks and targets by role, documents."""

    name: str
    place: str
    tasks: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ROLES, 0))
    targets: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ROLES, 0))
    documents: set[str] = field(default_factory=set)

    @property
    def weight(self) -> tuple[int, int, str]:
        """What the table is sorted by: most tasks first, then most targets, then the name."""
        return -sum(self.tasks.values()), -sum(self.targets.values()), self.name


def read_work(
    folder: Path, *, by_function: bool = False, expand: bool = False, functions: Sequence[str] = (), place: str = ""
) -> list[Work]:
    """Sum up workload.csv by body, or by function; most work first.

    `expand` puts the members of a collective name in its place where the document says who they are. `functions` and
    `place` (a part of its code or name) keep only some bodies. Raises NoDatasetError where the table is not there.
    """
    rows = list(read_rows(folder, WorkloadRow.table))
    opened = {(row["via"], row["document_id"]) for row in rows if row["via"]}
    found: dict[str, Work] = {}
    for row in rows:
        if row["via"] and not expand:
            continue
        if expand and (row["organisation_id"], row["document_id"]) in opened:
            continue
        if (functions and row["function"] not in functions) or place not in row["place"]:
            continue
        key = (row["function"] or UNKNOWN) if by_function else row["organisation_id"]
        work = found.setdefault(key, Work(key, "") if by_function else Work(row["name"], row["place"]))
        work.tasks[row["role"]] += int(row["tasks"])
        work.targets[row["role"]] += int(row["targets"])
        work.documents.add(row["document_id"])
    return sorted(found.values(), key=lambda work: work.weight)


def work_lines(found: Sequence[Work], limit: int, *, by_function: bool = False) -> Iterator[str]:
    """Draw the table for a terminal of 80 columns: tasks / targets in each role."""
    place = not by_function
    titles = ("lead", "resp.", "part.")
    yield (
        _padded("function" if by_function else "organisation", NAME_COLUMNS)
        + (_padded("place", PLACE_COLUMNS) if place else "")
        + "docs".rjust(NUMBER_COLUMNS)
        + "".join(title.rjust(8) for title in titles)
    )
    for work in found[:limit]:
        line = _padded(work.name, NAME_COLUMNS) + (_padded(work.place, PLACE_COLUMNS) if place else "")
        line += str(len(work.documents)).rjust(NUMBER_COLUMNS)
        for role in ROLES:
            tasks, targets = work.tasks[role], work.targets[role]
            line += (f"{tasks}/{targets}" if tasks or targets else "–").rjust(8)
        yield line
    if len(found) > limit:
        yield f"… and {len(found) - limit:,} more; --limit shows them"
    yield "tasks/targets in each role: lead, responsible, participant"


def unresolved_lines(folder: Path, lexicon: Lexicon, limit: int) -> Iterator[str]:
    """List the names whose function the lexicon does not know, most frequent first, each with a line to add.

    The line is one of bodies.csv with ? where a person must say what the body is for. Behind them stand the documents
    whose place is not known, and the names that several places may mean.
    """
    rows = list(read_rows(folder, OrganisationRow.table))
    unknown = sorted(
        (row for row in rows if not row["function"]), key=lambda row: (-int(row["mention_count"]), row["name"])
    )
    mentions = sum(int(row["mention_count"]) for row in rows)
    missed = sum(int(row["mention_count"]) for row in unknown)
    share = 100 * (1 - missed / mentions) if mentions else 100.0
    yield f"{len(unknown):,} of {len(rows):,} names have no function; {share:.1f} % of {mentions:,} mentions have one"
    if unknown:
        yield "add to pipeline/lexicon/bodies.csv, with the function for ? (functions.csv lists them):"
    for row in unknown[:limit]:
        written = row["aliases"].split(";")[0] or row["name"]
        yield f"{int(row['mention_count']):>6}  {_padded(written, 32)}  {proposed(row['name'], lexicon)}"
    if len(unknown) > limit:
        yield f"… and {len(unknown) - limit:,} more; --limit shows them"
    nowhere = [
        row["source"] for row in read_rows(folder, DocumentRow.table) if not row["place"] and row["level"] != "national"
    ]
    if nowhere:
        yield f"{len(nowhere):,} documents do not tell which place they speak for, so their bodies have none:"
    for source in nowhere[:limit]:
        yield f"        {source}"
    unclear = [row for row in rows if row["candidates"]]
    for row in unclear[:limit]:
        yield f"unclear: {row['name']} may be of {row['candidates'].replace(';', ' or ')}"


def proposed(name: str, lexicon: Lexicon) -> str:
    """Propose a line of bodies.csv for a name: without its level word, parted into stem and ending.

    市留交办 gives `?,留交,留交,办,government,,`; a name that closes with no ending of an organ stays whole.
    """
    level = lexicon.roles.parts["level"].match(name)
    party = bool(level and level["party"])
    rest = name[level.end() :] if level else name
    ending = max((word for word in lexicon.bodies.organs if rest.endswith(word)), key=len, default="")
    stem = rest.removesuffix(ending) or rest
    branch = "party" if party else "government" if ending else "other"
    short = min(
        (word for word, full in lexicon.bodies.organs.items() if ending and full == ending), key=len, default=ending
    )
    return f"{UNKNOWN},{stem},{stem},{short},{branch},,"


def _padded(words: str, columns: int) -> str:
    words = cut(words, columns - 1)
    return words + " " * (columns - width(words))
