"""The one place where the order of the stages is written: read, normalise, segment, extract, resolve; then write.

One file or a thousand go through the same function. Of many files each fails alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.batch.faults import program_fault
from pipeline.batch.jobs import Given, Job, Jobs
from pipeline.batch.supervise import METHOD, Failure, Limits, Supervisor
from pipeline.extract import extract
from pipeline.find import File, Found, file_problem, find_files
from pipeline.lexicon import Lexicon, load_lexicon
from pipeline.model.source import Problem
from pipeline.model.tables import TABLES, OrganisationRow, ProblemRow, Record
from pipeline.normalise import normalise
from pipeline.read import ReadError, open_source
from pipeline.read.pulse import pulse
from pipeline.resolve import resolve
from pipeline.segment import segment
from pipeline.write import Counts, FolderError, Register, frame, write_dataset

if TYPE_CHECKING:
    import pandas

Outcome = Record | ProblemRow


def parse(file: str | Path | bytes, *, name: str | None = None, lexicon: Lexicon | None = None) -> Record:
    """Give one file as rows of the tables, with its normalised text.

    `file` is a path or the bytes of a file; `name` is what the rows call it (the file's own name if not
    given). An archive with one document gives that one. Raises ReadError where the file holds no text that can be
    read, or several documents, OSError where it cannot be opened, LexiconError where the rules have faults.
    """
    rules = lexicon or load_lexicon()
    if isinstance(file, bytes):
        given = Given(name or "document", file)
    else:
        path = Path(file)
        given = Given(name or path.name, File(name or path.name, path).read())
    job = _only_job(given)
    return _parse(job.data, job.source, rules, notes=job.notes)


def _only_job(file: Given) -> Job:
    """Give the one document of a file. Raises ReadError where there is none, or where there are several."""
    jobs = Jobs([file])
    first = next(iter(jobs), None)
    if jobs.total > 1:
        raise ReadError(
            "several_documents",
            f"{file.source} is an archive with {jobs.total:,} entries, and this takes one document. Give it to "
            "`zhengce run` (parse_folder in Python), which reads them all, or unpack it.",
        )
    if isinstance(first, ProblemRow):
        raise ReadError(first.code, first.message)
    assert first is not None  # an archive without any document has a row that says so
    return first


def _parse(data: bytes, source: str, lexicon: Lexicon, *, copy: int = 1, notes: tuple[Problem, ...] = ()) -> Record:
    read = open_source(data, source)
    pulse()
    text = normalise(read, lexicon)
    pulse()
    outline = segment(text, lexicon)
    pulse()
    findings = extract(text, outline, lexicon)
    pulse()
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
    """Give for each document its record, or the problem that stood in its way, as soon as it is known.

    They come by source; an archive gives those of its members. Bytes that were met before get a document of their
    own, with the count in its id and a note.
    """
    rules = lexicon or load_lexicon()
    yield from _outcomes(Jobs(files), partial(_outcome_here, lexicon=rules))


class Task(NamedTuple):
    """One document as the worker takes it; `same` are the sources with its bytes so far: the first, and how many."""

    job: Job
    same: tuple[str, int]


def _outcomes(jobs: Jobs, answer: Callable[[Task], Outcome | Failure]) -> Iterator[Outcome]:
    met: dict[str, tuple[str, int]] = {}
    for job in jobs:
        if isinstance(job, ProblemRow):
            yield job
            continue
        digest = sha256(job.data).hexdigest()
        first, count = met.get(digest, (job.source, 0))
        met[digest] = (first, count + 1)
        outcome = answer(Task(job, met[digest]))
        yield file_problem(job.source, *outcome) if isinstance(outcome, Failure) else outcome


def document_outcome(task: Task, lexicon: Lexicon | None = None) -> Outcome:
    """Parse one document of many. Whatever goes wrong becomes its row, so that one cannot stop a run.

    Memory that runs out is left to the supervisor, which starts anew.
    """
    job, (first, count) = task
    notes = job.notes
    if count > 1:
        message = f"The file has the same bytes as {first}. Both are kept; leave one out to count it once."
        notes = (*notes, Problem("info", "duplicate_file", message))
    try:
        return _parse(job.data, job.source, lexicon or load_lexicon(), copy=count, notes=notes)
    except ReadError as error:
        return file_problem(job.source, error.code, error.message)
    except MemoryError:
        raise
    except Exception as error:
        return file_problem(job.source, "internal_error", program_fault(error))


def _outcome_here(task: Task, lexicon: Lexicon) -> Outcome:
    """Parse one document in this process, without a supervisor."""
    try:
        return document_outcome(task, lexicon)
    except MemoryError:
        message = "There was not enough memory to read it. Give it alone, or to a machine with more."
        return file_problem(task.job.source, "memory_limit", message)


class NothingToReadError(Exception):
    """No file was found below the folders that were given."""


def run_folders(
    roots: Sequence[str | Path],
    folder: str | Path,
    *,
    lexicon: Lexicon | None = None,
    watch: Callable[[int, int, Outcome], None] | None = None,
    limits: Limits | None = None,
    isolate: bool = True,
) -> Counts:
    """Parse all files below `roots` and write the tables into `folder`; holds one document at a time.

    `watch` is told after each document: how many are done, how many there are (more when an archive is opened), what
    came out. Each document is parsed in a worker process within `limits`, so that one that hangs or crashes its
    reader is a row of problems; with `isolate` false in this process, for a debugger. Raises
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
    jobs = Jobs(files)
    with Supervisor(_in_worker(rules, lexicon), limits) as supervisor:
        answer = supervisor.answer if isolate else partial(_outcome_here, lexicon=rules)
        outcomes = _watched(_outcomes(jobs, answer), jobs, watch)
        return write_dataset(_keeping(outcomes, out), out)


def _in_worker(rules: Lexicon, given: Lexicon | None) -> Callable[[Task], Outcome]:
    """Give the function that a worker runs. A copy of this process has the rules; a fresh one loads its own."""
    if METHOD == "fork":
        return partial(document_outcome, lexicon=rules)
    if given is not None and given != load_lexicon():
        raise ValueError("Rules of your own cannot be handed to a worker process on this system. Give isolate=False.")
    return document_outcome


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
    outcomes: Iterable[Outcome], jobs: Jobs, watch: Callable[[int, int, Outcome], None] | None
) -> Iterator[Outcome]:
    for done, outcome in enumerate(outcomes, start=1):
        yield outcome
        if watch is not None:
            watch(done, jobs.total, outcome)


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
