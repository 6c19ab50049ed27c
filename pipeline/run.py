"""The one place where the order of the stages is written: read, normalise, segment, extract, resolve; then write.

One file or a million go through the same function. Of many files each fails alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.batch.kept import from_bytes, to_bytes
from pipeline.batch.tasks import NO_READINGS, OUT_OF_MEMORY, Copies, Job, Later, Made, Readings, Task
from pipeline.extract import extract
from pipeline.lexicon import Lexicon, load_lexicon
from pipeline.model.outline import Outline
from pipeline.model.source import Problem
from pipeline.model.tables import TABLES, OrganisationRow, ProblemRow, Record
from pipeline.model.text import Text
from pipeline.normalise import normalise
from pipeline.quick.classes import dataclass, replace
from pipeline.read import ReadError, open_source
from pipeline.read.pulse import pulse
from pipeline.read.recognition import RecognitionPostponedError, recognition
from pipeline.resolve import resolve
from pipeline.segment import segment
from pipeline.write.rendered import Packed, render

# A worker, which gets one document after the other, needs nothing of what finds and collects them.
if TYPE_CHECKING:
    import pandas

    from pipeline.batch.jobs import Given, Jobs
    from pipeline.find import Found
    from pipeline.write import Counts

Outcome = Record | ProblemRow


def parse(file: str | Path | bytes, *, name: str | None = None, lexicon: Lexicon | None = None) -> Record:
    """Give one file as rows of the tables, with its normalised text.

    `file` is a path or the bytes of a file; `name` is what the rows call it (the file's own name if not
    given). An archive with one document gives that one. Raises ReadError where the file holds no text that can be
    read, or several documents, OSError where it cannot be opened, LexiconError where the rules have faults.
    """
    from pipeline.batch.jobs import Given
    from pipeline.find import File

    rules = lexicon or load_lexicon()
    if isinstance(file, bytes):
        given = Given(name or "document", file)
    else:
        path = Path(file)
        given = Given(name or path.name, File(name or path.name, path).read())
    job = _only_job(given)
    return _parse(job, rules)[0]


def _only_job(file: Given) -> Job:
    """Give the one document of a file. Raises ReadError where there is none, or where there are several."""
    from pipeline.batch.jobs import Jobs

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


class ReadingsLostError(Exception):
    """What a former run made of a document cannot be used, and its bytes were not given."""


def _parse(
    job: Job,
    lexicon: Lexicon,
    *,
    copy: int = 1,
    notes: tuple[Problem, ...] | None = None,
    former: Readings = NO_READINGS,
    keep: bool = False,
) -> tuple[Record, Readings]:
    """Give the rows of a document, and what is worth keeping of the stages (if `keep`).

    What is in `former` is not made anew. Raises ReadError, and ReadingsLostError where bytes are needed after all.
    """
    text: Text | None = from_bytes(former.text) if former.text else None
    outline: Outline | None = from_bytes(former.outline) if former.outline and text is not None else None
    if text is None:
        if job.data is None:
            raise ReadingsLostError(job.source)
        source = open_source(job.data, job.source)
        pulse(len(source.text))
        text = normalise(source, lexicon)
        pulse()
    elif text.source.path != job.source:
        # The file was renamed, or is a copy. Nothing but its name is different.
        text = replace(text, source=replace(text.source, path=job.source))
    fresh = Readings(to_bytes(text) if keep and not former.text else None)
    if outline is None:
        outline = segment(text, lexicon)
        fresh = fresh._replace(outline=to_bytes(outline) if keep else None)
        pulse()
    findings = extract(text, outline, lexicon)
    pulse()
    notes = job.notes if notes is None else notes
    return resolve(text, outline, findings, lexicon, copy=copy, notes=notes), fresh


@dataclass(frozen=True, slots=True)
class Dataset:
    """The records of many files, in the order of their sources, and the problems of files that gave none."""

    records: tuple[Record, ...]
    problems: tuple[ProblemRow, ...]

    def write(self, folder: str | Path) -> Counts:
        """Write all tables, JSON and text files into `folder`, in the place of a former output."""
        from pipeline.write import write_dataset

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
    from pipeline.find import find_files

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
    from pipeline.batch.jobs import Jobs

    rules = lexicon or load_lexicon()
    yield from _outcomes(Jobs(files), partial(_outcome_here, lexicon=rules))


def _outcomes(jobs: Jobs, answer: Callable[[Task], Outcome]) -> Iterator[Outcome]:
    copies = Copies()
    for job in jobs:
        yield job if isinstance(job, ProblemRow) else answer(Task(job, copies.of(job)))


def document_outcome(task: Task, lexicon: Lexicon | None = None) -> Outcome:
    """Parse one document of many. Whatever goes wrong becomes its row, so that one cannot stop a run.

    Memory that runs out is left to the supervisor, which starts anew.
    """
    return _outcome(task, lexicon, keep=False)[0]


def document_answer(
    task: Task, lexicon: Lexicon | None = None, *, keep: bool = True, pages: Path | None = None
) -> Made | Later:
    """Parse one document of many and render it, for whoever keeps and writes it.

    With `keep`, what stages made comes along; recognised pages are kept in the folder `pages`.
    """
    try:
        with recognition(allowed=task.scans, folder=pages):
            outcome, readings = _outcome(task, lexicon, keep=keep)
    except RecognitionPostponedError:
        return Later(scan=True)
    except ReadingsLostError:
        return Later(scan=False)
    packed, outcome = _packed(outcome)
    if isinstance(outcome, ProblemRow):
        return Made(packed, NO_READINGS, outcome.code, outcome.message)
    return Made(packed, readings)


def _packed(outcome: Outcome) -> tuple[Packed, Outcome]:
    """Render an outcome; a document that cannot be rendered becomes a row, too."""
    try:
        return render(outcome).packed(), outcome
    except MemoryError:
        raise
    except Exception as error:
        row = _fault(source_of(outcome), error)
        return render(row).packed(), row


def _outcome(task: Task, lexicon: Lexicon | None, *, keep: bool) -> tuple[Outcome, Readings]:
    job, (first, count) = task.job, task.same
    notes = job.notes
    if count > 1:
        message = f"The file has the same bytes as {first}. Both are kept; leave one out to count it once."
        notes = (*notes, Problem("info", "duplicate_file", message))
    try:
        return _parse(job, lexicon or load_lexicon(), copy=count, notes=notes, former=task.former, keep=keep)
    except ReadError as error:
        from pipeline.find import file_problem

        return file_problem(job.source, error.code, error.message), NO_READINGS
    except (MemoryError, RecognitionPostponedError, ReadingsLostError):
        raise
    except Exception as error:
        return _fault(job.source, error), NO_READINGS


def _fault(source: str, error: Exception) -> ProblemRow:
    from pipeline.batch.faults import program_fault
    from pipeline.find import file_problem

    return file_problem(source, "internal_error", program_fault(error))


def _outcome_here(task: Task, lexicon: Lexicon) -> Outcome:
    """Parse one document in this process, without a supervisor."""
    try:
        return document_outcome(task, lexicon)
    except MemoryError:
        from pipeline.find import file_problem

        return file_problem(task.job.source, *OUT_OF_MEMORY)


def source_of(outcome: Outcome) -> str:
    """Give the source that an outcome is about."""
    return outcome.document.source if isinstance(outcome, Record) else outcome.source


def _frames(records: Iterable[Record], problems: Iterable[ProblemRow]) -> dict[str, pandas.DataFrame]:
    from pipeline.write import Register, frame

    rows: dict[str, list[Any]] = {row.table: [] for row in TABLES}
    register = Register()
    for record in records:
        rows["documents"].append(record.document)
        register.add(record.organisations)
        for row in TABLES:
            if row.table not in ("documents", OrganisationRow.table):
                rows[row.table].extend(getattr(record, row.table))
    rows["problems"].extend(problems)
    rows[OrganisationRow.table] = list(register.rows())
    return {row.table: frame(row, rows[row.table]) for row in TABLES}
