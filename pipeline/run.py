"""The one place where the order of the stages is written: read, normalise, segment, extract, resolve; then write.

One file or a thousand go through the same function. Of many files each fails alone.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.extract import extract
from pipeline.find import File, Found, file_problem, find_files, problem
from pipeline.lexicon import Lexicon, load_lexicon
from pipeline.model.source import Problem
from pipeline.model.tables import TABLES, OrganisationRow, ProblemRow, Record
from pipeline.normalise import normalise
from pipeline.read import ReadError, open_source
from pipeline.resolve import resolve
from pipeline.segment import segment
from pipeline.write import Counts, FolderError, Register, frame, write_dataset

if TYPE_CHECKING:
    import pandas

Outcome = Record | ProblemRow


def parse(file: str | Path | bytes, *, name: str | None = None, lexicon: Lexicon | None = None) -> Record:
    """Give one file as rows of the tables, with its normalised text.

    `file` is a path or the bytes of a file; `name` is what the rows call it (the file's own name if not
    given). Raises ReadError where the file holds no text that can be read, OSError where it cannot be
    opened, LexiconError where the rules have faults.
    """
    if isinstance(file, bytes):
        return _parse(file, name or "document", lexicon or load_lexicon())
    path = Path(file)
    return _parse(path.read_bytes(), name or path.name, lexicon or load_lexicon())


def _parse(data: bytes, source: str, lexicon: Lexicon, *, copy: int = 1, notes: tuple[Problem, ...] = ()) -> Record:
    read = open_source(data, source)
    text = normalise(read, lexicon)
    outline = segment(text, lexicon)
    findings = extract(text, outline, lexicon)
    return resolve(text, outline, findings, lexicon, copy=copy, notes=notes)


@dataclass(frozen=True, slots=True)
class Dataset:
    """The records of many files, in the order of their sources, and the problems of files that gave none."""

    records: tuple[Record, ...]
    problems: tuple[ProblemRow, ...]

    def write(self, folder: str | Path) -> Counts:
        """Write all tables, JSON and text files into `folder`, in the place of a former output."""
        outcomes: list[Outcome] = [*self.records, *self.problems]
        return write_dataset(sorted(outcomes, key=source_of), Path(folder))

    def frames(self) -> dict[str, pandas.DataFrame]:
        """Give every table as a DataFrame, by its name: `frames()["targets"]`."""
        return _frames(self.records, self.problems)


def to_frames(record: Record) -> dict[str, pandas.DataFrame]:
    """Give the tables of one document as DataFrames, by their names."""
    return _frames((record,), ())


def parse_folder(*folders: str | Path, lexicon: Lexicon | None = None) -> Dataset:
    """Parse all files below one or several folders (or single files).

    A file that cannot be read or parsed gives no record but a problem of severity `error`; the others go on.
    Raises FileNotFoundError for a folder that is not there, LexiconError where the rules have faults.
    """
    outcomes = list(parse_files(find_files(folders), lexicon=lexicon))
    return Dataset(
        tuple(outcome for outcome in outcomes if isinstance(outcome, Record)),
        tuple(outcome for outcome in outcomes if isinstance(outcome, ProblemRow)),
    )


def parse_files(files: Iterable[Found], *, lexicon: Lexicon | None = None) -> Iterator[Outcome]:
    """Give for each file its record, or the problem that stood in its way, as soon as it is known.

    Bytes that were met before get a document of their own, with the count in its id and a note.
    """
    rules = lexicon or load_lexicon()
    met: dict[str, list[str]] = {}
    for file in files:
        if isinstance(file, ProblemRow):
            yield file
            continue
        try:
            data = file.path.read_bytes()
        except OSError as error:
            yield problem(file.source, error)
            continue
        sources = met.setdefault(sha256(data).hexdigest(), [])
        sources.append(file.source)
        yield _outcome(data, file, rules, sources)


def _outcome(data: bytes, file: File, lexicon: Lexicon, same: list[str]) -> Outcome:
    """Parse one file of many. Whatever goes wrong becomes its row, so that one file cannot stop a run."""
    notes: tuple[Problem, ...] = ()
    if len(same) > 1:
        message = f"The file has the same bytes as {same[0]}. Both are kept; leave one out to count it once."
        notes = (Problem("info", "duplicate_file", message),)
    try:
        return _parse(data, file.source, lexicon, copy=len(same), notes=notes)
    except ReadError as error:
        return file_problem(file.source, error.code, error.message)
    except Exception as error:
        return file_problem(file.source, "internal_error", program_fault(error))


def program_fault(error: Exception) -> str:
    """Tell for a person where the program failed: the stage, and the innermost line of ours."""
    frames = [
        (str(frame.f_globals.get("__name__", "")), line) for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    ours = [(module, line) for module, line in frames if module.startswith("pipeline.")]
    stage = next((module.split(".")[1] for module, _ in ours if module != __name__), "run")
    module, line = ours[-1] if ours else (__name__, 0)
    return (
        f"A fault of this program, not of the file: {type(error).__name__} in stage {stage} "
        f"({module}, line {line}): {error}. Please report it with the file."
    )


class NothingToReadError(Exception):
    """No file was found below the folders that were given."""


def run_folders(
    roots: Sequence[str | Path],
    folder: str | Path,
    *,
    lexicon: Lexicon | None = None,
    watch: Callable[[int, int, Outcome], None] | None = None,
) -> Counts:
    """Parse all files below `roots` and write the tables into `folder`; holds one document at a time.

    `watch` is told after each file: how many are done, how many there are, what came out. Raises
    FileNotFoundError for a root that is not there, NothingToReadError, LexiconError, and FolderError for an
    output folder that cannot be used, or whose documents would be replaced by none. Until all is written, a former
    output in `folder` stays as it was.
    """
    out = Path(folder)
    rules = lexicon or load_lexicon()
    files = find_files(roots, leave_out=out)
    if inside := next((root for root in roots if Path(root).resolve().is_relative_to(out.resolve())), None):
        raise FolderError(f"{inside} lies in the output folder {out}, which is replaced as a whole. Choose another -o.")
    if not files:
        raise NothingToReadError(f"No file to read below {', '.join(map(str, roots))}. Hidden files are left out.")
    outcomes = _watched(parse_files(files, lexicon=rules), len(files), watch)
    return write_dataset(_keeping(outcomes, out), out)


def _keeping(outcomes: Iterable[Outcome], former: Path) -> Iterator[Outcome]:
    """Pass outcomes on; raise FolderError at the end where no document at all would replace those in `former`."""
    records = 0
    for outcome in outcomes:
        records += isinstance(outcome, Record)
        yield outcome
    documents = former / "documents.csv"
    if not records and documents.is_file() and len(documents.read_bytes().splitlines()) > 1:
        raise FolderError(
            f"None of the files could be read, so the former output in {former} was kept. Mend the files, or give "
            "another folder to -o."
        )


def _watched(
    outcomes: Iterable[Outcome], total: int, watch: Callable[[int, int, Outcome], None] | None
) -> Iterator[Outcome]:
    for done, outcome in enumerate(outcomes, start=1):
        yield outcome
        if watch is not None:
            watch(done, total, outcome)


def source_of(outcome: Outcome) -> str:
    """Give the source that an outcome is about."""
    return outcome.document.source if isinstance(outcome, Record) else outcome.source


def _frames(records: Iterable[Record], problems: Iterable[ProblemRow]) -> dict[str, pandas.DataFrame]:
    rows: dict[str, list[Any]] = {row.table: [] for row in TABLES}
    register = Register()
    for record in records:
        rows["documents"].append(record.document)
        register.add(record.organisations)
        for row in TABLES:
            if row.table not in ("documents", OrganisationRow.table):
                rows[row.table].extend(getattr(record, row.table))
    rows["problems"].extend(problems)
    rows[OrganisationRow.table] = register.rows()
    return {row.table: frame(row, rows[row.table]) for row in TABLES}
