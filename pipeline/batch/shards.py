"""A shard: a bounded list of files that one worker of a cluster reads in one go, named by all that it depends on.

Where a shard ends is told by the names of its files, not by counting: a file that is new or gone changes the shard that
it lies in, and no other.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipeline.batch.versions import versions
from pipeline.find import File
from pipeline.quick.classes import NamedTuple, dataclass, field
from pipeline.remote.files import RemoteFile

# One file in so many ends a shard: large enough that handing it out costs nothing beside reading it, small enough that
# a worker which is lost takes little with it.
FILES_A_SHARD = 32
MOST_FILES = 128
MOST_BYTES = 64 << 20
# Into how many a shard is parted whose workers were lost: the file that ends them is alone after a few turns.
PARTS = 8

# By the place of a file in the shard, then of a document in the file: the first source with its bytes, and the how
# manieth it is.
Copies = Mapping[int, Mapping[int, tuple[str, int]]]


class Entry(NamedTuple):
    """A file of a shard: `root` is the address that it was found below, empty for a path that all machines share."""

    source: str
    root: str
    path: str
    size: int | None
    mark: str

    def file(self) -> File | RemoteFile:
        """Give the file, to be read."""
        if self.root:
            return RemoteFile(self.source, self.root, self.path, self.size, self.mark)
        return File(self.source, Path(self.path))


@dataclass(frozen=True, slots=True)
class Shard:
    """What a worker is given: its files, and what the result depends on besides them.

    With `copies`, only these documents are made, each as the copy of another. `refused` are files that are not read,
    because reading them ended the process more than once; the name does not tell of them.
    """

    entries: tuple[Entry, ...]
    version: str
    limits: tuple[float, int]
    copies: Copies = field(default_factory=dict)
    refused: frozenset[int] = frozenset()

    @property
    def name(self) -> str:
        """Give the name under which its results are kept: equal where nothing they depend on is different."""
        facts = json.dumps(self._facts(), ensure_ascii=True, sort_keys=True)
        return sha256(facts.encode("ascii")).hexdigest()[:40]

    @property
    def certain(self) -> bool:
        """Tell whether the name stands for the content of all files: no server withholds the mark of one."""
        return all(entry.mark for entry in self.entries)

    def words(self) -> str:
        """Give it as a line of JSON."""
        return json.dumps({**self._facts(), "refused": sorted(self.refused)}, ensure_ascii=True)

    def parts(self) -> Iterator[Shard]:
        """Give shards of fewer files that together are this one."""
        step = max(1, -(-len(self.entries) // PARTS))
        for start in range(0, len(self.entries), step):
            numbers = range(start, min(start + step, len(self.entries)))
            copies = {number - start: self.copies[number] for number in numbers if number in self.copies}
            yield Shard(self.entries[start : start + step], self.version, self.limits, copies)

    def _facts(self) -> dict[str, Any]:
        return {
            "entries": self.entries,
            "version": self.version,
            "limits": self.limits,
            "copies": {str(number): {str(at): same for at, same in of.items()} for number, of in self.copies.items()},
        }


def shard_of(words: str) -> Shard:
    """Give the shard of a line of JSON."""
    facts = json.loads(words)
    copies = {
        int(number): {int(at): (first, count) for at, (first, count) in of.items()}
        for number, of in facts["copies"].items()
    }
    seconds, megabytes = facts["limits"]
    entries = tuple(Entry(*values) for values in facts["entries"])
    return Shard(entries, facts["version"], (seconds, megabytes), copies, frozenset(facts["refused"]))


def entry_of(file: File | RemoteFile) -> Entry:
    """Give the entry for a file that was found."""
    if isinstance(file, RemoteFile):
        return Entry(file.source, file.root, file.path, file.size, file.stamp() or "")
    try:
        size, mark = file.path.stat().st_size, file.stamp() or ""
    except OSError:
        # Whoever reads it finds the same, and tells.
        size, mark = None, ""
    return Entry(file.source, "", str(file.path.absolute()), size, mark)


def plan_shards(files: Iterable[File | RemoteFile], version: str, limits: tuple[float, int]) -> Iterator[Shard]:
    """Part files, in their order, into shards."""
    held: list[Entry] = []
    size = 0
    for file in files:
        entry = entry_of(file)
        if held and (len(held) >= MOST_FILES or size + (entry.size or 0) > MOST_BYTES):
            yield Shard(tuple(held), version, limits)
            held, size = [], 0
        held.append(entry)
        size += entry.size or 0
        if _ends(entry.source):
            yield Shard(tuple(held), version, limits)
            held, size = [], 0
    if held:
        yield Shard(tuple(held), version, limits)


@cache
def cluster_version() -> str:
    """Give a version of all that has a part in the work of a cluster: driver and workers must have the same."""
    whole = sha256(versions().result)
    for path in sorted(Path(__file__).parent.glob("*.py")):
        whole.update(path.read_bytes())
    return whole.hexdigest()


def _ends(source: str) -> bool:
    return int.from_bytes(sha256(source.encode("utf-8", "backslashreplace")).digest()[:4], "big") % FILES_A_SHARD == 0
