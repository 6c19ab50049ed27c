"""Addresses, and what may go wrong with the places they name."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from pipeline.quick.plain import plain

INSTALL = "pip install 'zhengce-pipeline[cluster]'"
# Two letters at least: C:\plans is a path.
_SCHEME = plain(r"[A-Za-z][A-Za-z0-9+.-]+://")


class MissingExtraError(Exception):
    """A package that is not installed is needed; the message names the extra that brings it."""


class AddressError(Exception):
    """An address that no place can have, or that cannot be used so; the message tells what to give."""


class ClusterError(Exception):
    """A cluster cannot be used, or not any longer; the message tells why and what to do."""


class UnreachableError(OSError):
    """A place did not answer, however often it was asked; the message is the last reason."""


def is_address(words: str | Path) -> bool:
    """Tell whether words are an address (s3://bucket/raw, https://…) and no path of this machine."""
    return isinstance(words, str) and _SCHEME.match(words) is not None


def place_or_path(words: str) -> str | Path:
    """Give an address as it is, and everything else as a path; file:///srv/raw is one too.

    Raises AddressError for a name that stands between the two: s3:/bucket lost a slash on its way.
    """
    if words.casefold().startswith("file://"):
        # Only here: it brings half the network with it.
        from urllib.request import url2pathname

        parts = urlsplit(words)
        return Path(url2pathname(parts.path if parts.netloc in ("", "localhost") else f"//{parts.netloc}{parts.path}"))
    return words.rstrip() if is_address(words) else Path(words)


def last_name(address: str) -> str:
    """Give the last name of an address, as people read it: s3://bucket/raw/ → raw, s3://bucket → bucket."""
    parts = urlsplit(address)
    return unquote(([parts.netloc] + [name for name in parts.path.split("/") if name])[-1])


def beside(address: str, name: str) -> str:
    """Give the address of `name` beside the folder `address`: s3://bucket/tables, .x → s3://bucket/.x.

    Raises AddressError for a bucket or server itself, which has nothing beside it.
    """
    parts = urlsplit(address.rstrip("/"))
    if not parts.path.strip("/"):
        raise AddressError(
            f"{address} is a whole bucket or server. Give a folder in it to -o, for example "
            f"{address.rstrip('/')}/structured."
        )
    return f"{address.rstrip('/').rpartition('/')[0]}/{name}"
