"""A file at a remote place: what the rows call it, where it is, and how to tell that it changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.model import Problem
from pipeline.quick.classes import NamedTuple, dataclass
from pipeline.read.size import MOST_BYTES, too_large

if TYPE_CHECKING:
    from pipeline.remote.place import Place


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file to read: `source` is what the rows call it, `path` how the file system behind `root` calls it.

    `size` is None where the server does not tell it. `mark` changes when the file changes; it is empty where the
    server tells nothing to go by.
    """

    source: str
    root: str
    path: str
    size: int | None = None
    mark: str = ""
    notes: tuple[Problem, ...] = ()

    @property
    def place(self) -> str:
        """Give a name for where it is, which two sources share when they are one file."""
        return f"{self.root.partition('://')[0]}://{self.path}"

    def stamp(self) -> str | None:
        """Give words that change when the file does; None where the server tells nothing to go by."""
        return f"{self.place} {self.mark}" if self.mark else None

    def read(self) -> bytes:
        """Give its bytes. Raises OSError, and ReadError for a file that is too large to be a document."""
        # Only here: whoever reads the disk alone need not wait for it.
        from pipeline.remote.place import open_place

        return self.read_from(open_place(self.root))

    def read_from(self, place: Place) -> bytes:
        """Give its bytes from the place behind its root, which several threads may share."""
        if self.size is not None and self.size > MOST_BYTES:
            raise too_large(self.source, f"{self.size:,}")
        if self.size is not None:
            return place.read(self.path)
        data = place.read_up_to(self.path, MOST_BYTES)
        if len(data) > MOST_BYTES:
            raise too_large(self.source, f"more than {MOST_BYTES:,}")
        return data


class NotListed(NamedTuple):
    """A folder that could not be entered, and why."""

    source: str
    error: OSError
