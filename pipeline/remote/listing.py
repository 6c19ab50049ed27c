"""List the files below an address: what `find` does for folders of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.read.litter import is_litter
from pipeline.remote.address import AddressError, last_name
from pipeline.remote.files import NotListed, RemoteFile
from pipeline.remote.place import Place, mark_of, open_place
from pipeline.remote.web import walk_web

Listed = RemoteFile | NotListed


def walk_remote(address: str, leave_out: str | None = None) -> Iterator[Listed]:
    """Give the files below an address, or the one file that it names, and the folders that could not be entered.

    Hidden files and lock files are left out, so is what lies below the address `leave_out` (an output). `source` of
    a file is its path below the address, with /. Raises FileNotFoundError where nothing is there,
    MissingExtraError, and AddressError for a place that cannot be used.
    """
    try:
        yield from _below(address, leave_out)
    except FileNotFoundError as error:
        raise FileNotFoundError(f"{address} is not there.") from error
    except PermissionError as error:
        raise AddressError(
            f"{address} may not be read: {error.strerror or error}. Give your credentials as its file system wants "
            "them, for S3 by AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or a profile."
        ) from error


def _below(address: str, leave_out: str | None) -> Iterator[Listed]:
    place = open_place(address)
    if place.protocol == "http":
        yield from walk_web(place)
        return
    facts = place.facts(place.path)
    if facts["type"] != "directory":
        yield _file(place, last_name(address), facts)
        return
    excluded = None
    if leave_out is not None and leave_out.partition("://")[0] == address.partition("://")[0]:
        excluded = open_place(leave_out).path.rstrip("/")
    yield from _walk(place, excluded)


def _walk(place: Place, excluded: str | None) -> Iterator[Listed]:
    """Give what lies below the place, folder by folder, so that no more than one folder is held."""
    top = place.path.rstrip("/")
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        source = folder[len(top) :].lstrip("/")
        try:
            entries = place.entries(folder)
        except FileNotFoundError as error:
            # An object store has no empty folders: one that vanished is one whose last file did.
            if folder == top:
                raise
            yield NotListed(source, error)
            continue
        except OSError as error:
            yield NotListed(source or ".", error)
            continue
        for facts in sorted(entries, key=lambda entry: str(entry["name"])):
            path = str(facts["name"])
            name = path.rstrip("/").rpartition("/")[2]
            # Some programs mark a folder by an empty object of its name with a slash at the end.
            if path.rstrip("/") == folder or (path.endswith("/") and facts["type"] != "directory") or is_litter(name):
                continue
            if facts["type"] == "directory":
                if path.rstrip("/") != excluded:
                    waiting.append(path.rstrip("/"))
            else:
                yield _file(place, f"{source}/{name}" if source else name, facts)


def _file(place: Place, source: str, facts: dict[str, Any]) -> RemoteFile:
    size = facts.get("size")
    return RemoteFile(
        source, place.address, str(facts["name"]), size if isinstance(size, int) else None, mark_of(facts)
    )
