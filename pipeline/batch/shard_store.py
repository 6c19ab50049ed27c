"""The place that driver and workers share: the results of shards, whole or not at all.

Of each shard there are two files: the packed documents, and behind them, written last, the receipts that tell what is
where. The receipts are named like the shard; the documents by their own digest too, so that two workers which happen to
make the same shard cannot mix theirs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipeline.quick.classes import NamedTuple
from pipeline.remote.place import Place, open_place

RECEIPTS, DOCUMENTS = ".json", ".documents"
READ_BYTES = 1 << 20
# What another run may find otherwise although the file is the same: the network, the disk, the rights.
PASSING = frozenset({"unreachable", "unreadable", "file_vanished", "permission_denied"})


class Receipt(NamedTuple):
    """One document of a shard: from which file of it and the how manieth there, and where its packed bytes are.

    `digest` is the SHA-256 of the document, empty where it could not be read; `code` and `message` say why it gave no
    rows.
    """

    source: str
    file: int
    at: int
    digest: str
    start: int
    rows: int
    files: int
    code: str
    message: str
    seconds: float


class Receipts(NamedTuple):
    """All that is told of a finished shard; `documents` is the name of the file with the packed bytes."""

    shard: str
    documents: str
    receipts: tuple[Receipt, ...]

    @property
    def settled(self) -> bool:
        """Tell whether making it again would give the same: no document failed for a reason that may pass."""
        return not any(receipt.code in PASSING for receipt in self.receipts)

    @property
    def failed(self) -> bool:
        """Tell whether any document gave no rows."""
        return any(receipt.code for receipt in self.receipts)


class ShardStore:
    """Results of shards below an address."""

    def __init__(self, address: str) -> None:
        self.place: Place = open_place(address)

    def names(self) -> set[str]:
        """Give the names of all shards that are finished."""
        return {name.removesuffix(RECEIPTS) for name in self._files() if name.endswith(RECEIPTS)}

    def receipts(self, name: str) -> Receipts | None:
        """Give what is told of a shard; None where there is none, or it is damaged."""
        try:
            found: dict[str, Any] = json.loads(self.place.read(self.place.below(name + RECEIPTS)))
            return Receipts(name, found["documents"], tuple(Receipt(*values) for values in found["receipts"]))
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def keep(self, name: str, packed: Path, receipts: Iterable[Receipt]) -> Receipts:
        """Bring the packed documents in a local file to the place, then their receipts."""
        kept = Receipts(name, f"{name}-{_digest(packed)}{DOCUMENTS}", tuple(receipts))
        self.place.put(packed, self.place.below(kept.documents))
        words = json.dumps({"documents": kept.documents, "receipts": kept.receipts}, ensure_ascii=False)
        told = packed.with_name(f"{packed.name}{RECEIPTS}")
        told.write_text(words, encoding="utf-8")
        self.place.put(told, self.place.below(name + RECEIPTS))
        return kept

    def fetch(self, documents: str, path: Path) -> Path:
        """Bring packed documents to a local file. Raises OSError."""
        self.place.get(self.place.below(documents), path)
        return path

    def forget_others(self, kept: Iterable[Receipts]) -> None:
        """Remove the shards that no longer stand for anything."""
        live = {name for receipts in kept for name in (receipts.shard + RECEIPTS, receipts.documents)}
        with suppress(OSError):
            for name in self._files() - live:
                self.place.remove(self.place.below(name))

    def _files(self) -> set[str]:
        try:
            entries = self.place.entries(self.place.path)
        except FileNotFoundError:
            return set()
        names = {str(facts["name"]).rpartition("/")[2] for facts in entries if facts["type"] != "directory"}
        return {name for name in names if name.endswith((RECEIPTS, DOCUMENTS))}


def _digest(path: Path) -> str:
    whole = sha256()
    with path.open("rb") as file:
        while piece := file.read(READ_BYTES):
            whole.update(piece)
    return whole.hexdigest()[:16]
