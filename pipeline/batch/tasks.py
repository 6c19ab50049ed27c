"""What is handed to a worker, and what it gives back; none of this needs a stage to be loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from pipeline.batch.supervise import Failure
from pipeline.quick.classes import NamedTuple, dataclass

if TYPE_CHECKING:
    from pipeline.model.source import Problem
    from pipeline.write.rendered import Packed

OUT_OF_MEMORY = Failure(
    "memory_limit", "There was not enough memory to read it. Give it alone, or to a machine with more."
)


@dataclass(frozen=True, slots=True)
class Job:
    """One document to parse: what the rows call it, its bytes, and what is to be told about it.

    `data` is None where the file was not read because a former run knows its `digest` (SHA-256). `again` gets the
    bytes from the file; it raises OSError, or ReadError where they are no longer there.
    """

    source: str
    data: bytes | None
    notes: tuple[Problem, ...] = ()
    digest: str = ""
    again: Callable[[], bytes] | None = None

    def content(self) -> bytes:
        """Give its bytes, from the file if they are not at hand."""
        if self.data is not None:
            return self.data
        assert self.again is not None
        return self.again()


class Readings(NamedTuple):
    """What `normalise` and `segment` made of a document, as the store keeps it; None where that is not at hand."""

    text: bytes | None = None
    outline: bytes | None = None


NO_READINGS = Readings()


class Task(NamedTuple):
    """One document as the worker takes it; `same` are the sources with its bytes so far: the first, and how many.

    `former` is what a former run made of these bytes; with a text in it, the job needs no data. Without `scans` a
    document whose pages are images is given back, to be taken when the others are done.
    """

    job: Job
    same: tuple[str, int]
    former: Readings = NO_READINGS
    scans: bool = True


class Made(NamedTuple):
    """One document as the worker gives it: rendered, and what is worth keeping. `code` says why there are no rows."""

    packed: Packed
    readings: Readings = NO_READINGS
    code: str = ""
    message: str = ""


class Later(NamedTuple):
    """A document that must be given again: its pages are images (`scan`), or its bytes are needed."""

    scan: bool


class Copies:
    """Counts the sources with the same bytes, in the order of the run."""

    def __init__(self) -> None:
        self._met: dict[str, tuple[str, int]] = {}

    def of(self, job: Job) -> tuple[str, int]:
        """Give the first source with the bytes of this one, and how many there are by now."""
        first, count = self._met.get(job.digest, (job.source, 0))
        self._met[job.digest] = (first, count + 1)
        return first, count + 1

    def digests(self) -> Iterator[str]:
        """Give the digest of all bytes that were met."""
        yield from self._met


class Done(NamedTuple):
    """What is told of a document: its source, why it gave no rows, the seconds it took, and whether it was known."""

    source: str
    code: str
    message: str
    seconds: float
    known: bool


# How many are done, how many there are (more when an archive is opened), and the one just done.
Watch = Callable[[int, int, Done], None]
