"""Read the data files of the lexicon, and report every fault of all files at once, with its line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.quick.classes import NamedTuple, dataclass, field

if TYPE_CHECKING:
    import regex


class LexiconError(Exception):
    """The data files hold faults; the message lists them all, one a line."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a CSV file of the lexicon: where it stands and its cells by column name."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, name: str) -> str:
        """Give the cell of a column."""
        return self.cells[name]


class Rule(NamedTuple):
    """One [[rule]] of a TOML file: its id, compiled pattern, examples, and any other keys."""

    id: str
    pattern: regex.Pattern[str]
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]
    extra: dict[str, Any]


@dataclass(slots=True)
class Faults:
    """Collects what is wrong in the data files while they are read."""

    found: list[str] = field(default_factory=list)

    def add(self, file: str, line: int | str, message: str) -> None:
        """Note a fault of `file` at `line` (a line number, or a rule id)."""
        self.found.append(f"pipeline/lexicon/{file}:{line}: {message}")

    def check(self) -> None:
        """Raise LexiconError with all faults, if there are any."""
        if self.found:
            raise LexiconError("The lexicon has faults; mend these lines:\n" + "\n".join(self.found))


def read_text(file: str) -> str:
    """Give the text of a data file that lies beside this module."""
    # Only here: where the rules are kept from the last start, no data file is read.
    from importlib import resources

    return resources.files("pipeline.lexicon").joinpath(file).read_text(encoding="utf-8")


def read_table(file: str, columns: tuple[str, ...], faults: Faults, *, unique: str | None = None) -> list[Row]:
    """Read a CSV file with exactly `columns`; report stray spaces, wrong widths and duplicates of `unique`.

    Lines that start with # are comments. Cells are never quoted over lines.
    """
    import csv

    rows: list[Row] = []
    seen: dict[str, int] = {}
    header: list[str] | None = None
    for line, cells in enumerate(csv.reader(read_text(file).splitlines()), start=1):
        if not cells or cells[0].startswith("#"):
            continue
        if header is None:
            header = cells
            if tuple(cells) != columns:
                faults.add(file, line, f"columns are {cells}, should be {list(columns)}")
            continue
        if len(cells) != len(columns):
            faults.add(file, line, f"{len(cells)} cells, should be {len(columns)}")
            continue
        for cell in cells:
            if cell != cell.strip():
                faults.add(file, line, f"stray space in {cell!r}")
        row = Row(line, dict(zip(columns, cells, strict=True)))
        if unique is not None:
            if row[unique] in seen:
                faults.add(file, line, f"{row[unique]!r} stands already in line {seen[row[unique]]}")
            seen[row[unique]] = line
        rows.append(row)
    return rows


def read_rules(file: str, faults: Faults, *, required: tuple[str, ...] = ()) -> list[Rule]:
    """Read the [[rule]] tables of a TOML file: id, pattern, example, counterexample and `required` keys.

    Patterns are compiled by the `regex` package in verbose mode. `tests/test_lexicon.py` holds every
    pattern against its own examples (found) and counterexamples (not found).
    """
    import tomllib

    import regex

    from pipeline.quick.pattern import pattern

    rules: list[Rule] = []
    seen: set[str] = set()
    for entry in tomllib.loads(read_text(file)).get("rule", []):
        name = str(entry.get("id", "?"))
        if name in seen:
            faults.add(file, name, "the id stands twice")
        seen.add(name)
        for key in ("id", "pattern", "example", "counterexample", *required):
            if key not in entry:
                faults.add(file, name, f"no {key}")
        try:
            compiled = pattern(entry.get("pattern", ""), regex.VERBOSE)
        except regex.error as error:
            faults.add(file, name, f"the pattern does not compile: {error}")
            continue
        known = {"id", "pattern", "example", "counterexample"}
        rules.append(
            Rule(
                name,
                compiled,
                tuple(entry.get("example", ())),
                tuple(entry.get("counterexample", ())),
                {key: value for key, value in entry.items() if key not in known},
            )
        )
    return rules
