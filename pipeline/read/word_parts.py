"""The parts of a Word file by what they are to the document, not by their names."""

from __future__ import annotations

import posixpath
from urllib.parse import unquote

from lxml import etree

from pipeline.quick.classes import NamedTuple, dataclass
from pipeline.read.errors import ReadError
from pipeline.read.package import Package, open_package
from pipeline.read.word_xml import attribute, name_of

# The last word of a relationship's type is the same in the transitional and the strict standard.
MAIN = "officeDocument"
ATTACHED = ("oleObject", "package", "aFChunk", "subDocument")
USUAL_MAIN = "word/document.xml"


class Relation(NamedTuple):
    """A part that another refers to: the id and kind of the reference, and the part's name (or address outside)."""

    identifier: str
    kind: str
    target: str
    outside: bool


@dataclass(frozen=True, slots=True)
class Parts:
    """A Word file: its package, the name and tree of its main part, and what that refers to."""

    package: Package
    main: etree._Element
    relations: tuple[Relation, ...]

    def trees(self, kind: str) -> list[etree._Element]:
        """Give the trees of the parts of a kind (styles, numbering, footnotes, header …) that are there."""
        names = dict.fromkeys(relation.target for relation in self.relations if relation.kind == kind)
        return [self.package.tree(name) for name in names if name in self.package]

    def tree(self, kind: str) -> etree._Element | None:
        """Give the tree of the one part of a kind, None without one."""
        return next(iter(self.trees(kind)), None)

    def attachments(self) -> list[str]:
        """Give the names of the files that are embedded in the document or put in its place."""
        return [relation.target for relation in self.relations if relation.kind in ATTACHED]


def open_parts(data: bytes, path: str) -> Parts:
    """Give the parts of a Word file. Raises ReadError as `open_package` does, and where there is no main part."""
    package = open_package(data, path)
    names = [relation.target for relation in _relations(package, "") if relation.kind == MAIN]
    names += [USUAL_MAIN]
    names += [name for name in package.names if name.startswith("word/document") and name.endswith(".xml")]
    name = next((name for name in names if name in package), None)
    if name is None:
        raise ReadError(
            "damaged_file", f"{path} has no document inside. Fetch it again, or open it in Word and save it anew."
        )
    root = package.tree(name)
    if name_of(root) != "w:document":
        raise ReadError("damaged_file", f"{path} holds {name_of(root)} where the document should be. Save it as DOCX.")
    return Parts(package, root, tuple(_relations(package, name)))


def _relations(package: Package, part: str) -> list[Relation]:
    """Give what a part refers to; "" stands for the package itself."""
    folder, base = posixpath.split(part)
    name = posixpath.join(folder, "_rels", f"{base}.rels")
    if name not in package:
        return []
    found: list[Relation] = []
    for element in package.tree(name).iterchildren("*"):
        target = unquote(attribute(element, "Target") or "").replace("\\", "/")
        outside = attribute(element, "TargetMode") == "External"
        if not outside:
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        kind = (attribute(element, "Type") or "").rstrip("/").rpartition("/")[2]
        found.append(Relation(attribute(element, "Id") or "", kind, target, outside))
    return found
