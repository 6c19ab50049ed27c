"""A place behind an address, opened through fsspec, with patience for what fails now and then."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from pipeline.quick.classes import dataclass
from pipeline.remote.address import INSTALL, AddressError, MissingExtraError, UnreachableError

Answer = TypeVar("Answer")

# A network fails for a moment, a server that restarts for some seconds.
WAIT_SECONDS = (0.5, 2.0, 5.0)
# Waiting does not change these: the server has answered.
SETTLED = (FileNotFoundError, PermissionError, FileExistsError, IsADirectoryError, NotADirectoryError)
# These say that a program is at fault, not the network.
FAULTS = (TypeError, AttributeError, LookupError, AssertionError, NotImplementedError, ImportError, MemoryError)
NOT_FOUND, REFUSED, TRY_AGAIN = (404, 410), (401, 403, 407), (408, 425, 429)
NO_CREDENTIALS = frozenset({"NoCredentialsError", "PartialCredentialsError", "ProfileNotFound", "TokenRetrievalError"})
# What servers tell of the content of a file, the most reliable first.
MARKS = ("ETag", "etag", "Content-MD5", "md5Hash", "content_hash", "LastModified", "last_modified", "Last-Modified",
         "mtime", "modified", "updated", "created")  # fmt: skip
READ_BYTES = 1 << 20
# Where a file appears whole or not at all. Elsewhere it is written under another name and renamed.
WHOLE_AT_ONCE = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "oss", "memory"})


@dataclass(frozen=True, slots=True)
class Place:
    """A folder or file behind an address: `system` is its fsspec file system, `path` how that calls it."""

    address: str
    system: Any
    path: str

    @property
    def protocol(self) -> str:
        """Give the first name of its protocol: s3, http."""
        protocol = self.system.protocol
        return str(protocol if isinstance(protocol, str) else protocol[0])

    def below(self, name: str) -> str:
        """Give the path of a file below it."""
        return f"{self.path.rstrip('/')}/{name}"

    def read(self, path: str) -> bytes:
        """Give the bytes of a file."""
        data: bytes = patiently(partial(self.system.cat_file, path))
        return data

    def read_up_to(self, path: str, most: int) -> bytes:
        """Give the bytes of a file whose size is not known, but not many more than `most`."""
        return patiently(partial(self._streamed, path, most))

    def _streamed(self, path: str, most: int) -> bytes:
        pieces, size = [], 0
        options = {"block_size": 0} if self.protocol == "http" else {}
        with self.system.open(path, "rb", **options) as file:
            while size <= most and (piece := file.read(READ_BYTES)):
                pieces.append(piece)
                size += len(piece)
        return b"".join(pieces)

    def put(self, file: Path, path: str) -> None:
        """Bring a local file to the place; under its name stands the former file until the new one is whole."""
        patiently(partial(self._put, file, path))

    def _put(self, file: Path, path: str) -> None:
        folder = path.rpartition("/")[0]
        if self.protocol in WHOLE_AT_ONCE:
            self.system.put_file(str(file), path)
            return
        self.system.makedirs(folder, exist_ok=True)
        unfinished = f"{folder}/.{path.rpartition('/')[2]}.part"
        self.system.put_file(str(file), unfinished)
        self.system.mv(unfinished, path)

    def get(self, path: str, file: Path) -> None:
        """Bring a file of the place to this machine. Raises FileNotFoundError, OSError."""
        patiently(partial(self.system.get_file, path, str(file)))

    def remove(self, path: str) -> None:
        """Remove a file; one that has gone already is no fault."""
        with suppress(FileNotFoundError):
            patiently(partial(self.system.rm_file, path))

    def entries(self, path: str) -> list[dict[str, Any]]:
        """Give what lies directly in a folder, as fsspec tells it. Raises FileNotFoundError, OSError."""
        found: list[dict[str, Any]] = patiently(partial(self.system.ls, path, detail=True))
        return found

    def facts(self, path: str) -> dict[str, Any]:
        """Give what is told of one file or folder. Raises FileNotFoundError, OSError."""
        found: dict[str, Any] = patiently(partial(self.system.info, path))
        return found


def open_place(address: str) -> Place:
    """Open the place behind an address; credentials and endpoints are those of fsspec's own configuration.

    Raises MissingExtraError where a package is absent, AddressError for a protocol that nobody knows.
    """
    try:
        from fsspec.core import url_to_fs

        # What was listed before is not believed: the next run wants to see what is there now.
        system, path = url_to_fs(address, use_listings_cache=False)
    except ImportError as error:
        raise MissingExtraError(
            f"{address} needs packages that are not installed ({error}). For s3:// and http:// they come with: "
            f"{INSTALL}"
        ) from error
    except ValueError as error:
        raise AddressError(
            f"{address} cannot be opened: {error}. Give a path, s3://bucket/folder, or http://server/folder/."
        ) from error
    return Place(address, system, path)


def patiently(call: Callable[[], Answer]) -> Answer:
    """Give what `call` gives; where the network fails, ask again, with pauses, a bounded number of times.

    Raises FileNotFoundError or PermissionError as soon as the server says so, UnreachableError in the end.
    """
    for wait in (*WAIT_SECONDS, None):
        try:
            return call()
        except FAULTS:
            raise
        except Exception as error:
            reason, settled = _reason(error)
            if settled or wait is None:
                raise reason from error
        time.sleep(wait)
    raise AssertionError("the last attempt returns or raises")


def _reason(error: Exception) -> tuple[OSError, bool]:
    """Give what an error means, and whether asking again is of no use."""
    cause = error.__cause__
    # The web file system calls everything "not found"; what it was stands behind that.
    if cause is not None and (type(cause).__module__.startswith("aiohttp") or isinstance(cause, TimeoutError)):
        error = cause if isinstance(cause, Exception) else error
    status = getattr(error, "status", None)
    told = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    if isinstance(error, SETTLED):
        return error, True
    if status in NOT_FOUND:
        return FileNotFoundError(2, told), True
    if status in REFUSED or type(error).__name__ in NO_CREDENTIALS:
        return PermissionError(13, told), True
    settled = isinstance(status, int) and 400 <= status < 500 and status not in TRY_AGAIN
    return UnreachableError(told), settled


def mark_of(facts: dict[str, Any]) -> str:
    """Give a mark that changes when a file changes: its size, and what the server tells of its content or time.

    Empty where the server tells nothing to go by.
    """
    told = next((str(facts[name]) for name in MARKS if facts.get(name)), "")
    return f"{facts.get('size')}-{told}" if told else ""
