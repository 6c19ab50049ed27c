"""What the name of a body was resolved to, and the id that it has in all documents."""

from __future__ import annotations

from pipeline.quick.classes import dataclass
from pipeline.quick.digest import hexadecimal


@dataclass(frozen=True, slots=True)
class Resolved:
    """The body that a name means.

    `name` is its standard name without its place: 市发展和改革委员会. `place` is code and name, None where it is
    not known and for bodies of the centre. `level` is one of `levels.Level`, None where not known. `function` is what
    it is for, one word over all levels (发改); `collective` for names of many bodies (各区县), None where not known.
    `also` are further fields of a joint body (教育体育局). `candidates` are the bodies that an unclear name may mean.
    `valid_from`, `valid_to` are the years in which bodies of this name were set up; `successors` the standard names,
    in the same place, of those that took over from it, each with its id. `shown` is the name inside its document, which
    names the place where the level word would not tell it (东岭区人民政府 beside 区人民政府 of the issuer).
    `place_path` holds the place and the divisions above it.
    """

    organisation_id: str
    name: str
    place: str | None
    level: str | None
    function: str | None
    also: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    valid_from: int | None = None
    valid_to: int | None = None
    successors: tuple[tuple[str, str], ...] = ()
    shown: str = ""
    place_path: str | None = None


def organisation_id(key: str, name: str) -> str:
    """Give the id of the body that has the standard name `name` in the place `key`."""
    return "org-" + hexadecimal(f"{key}\n{name}".encode())[:12]
