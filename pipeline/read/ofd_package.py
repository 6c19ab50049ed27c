"""The parts of an OFD package: finding them the way its writers name them, and reading their XML."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from lxml import etree

from pipeline.read.encoding import decode
from pipeline.read.errors import ReadError
from pipeline.read.package import DOCUMENT_TYPES, Package, open_package

DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
# A namespace prefix in a tag or an attribute, and the declaration of one: some writers use prefixes they never declare.
PREFIXED = re.compile(r"(</?|\s)[\w.-]*:(?=[\w.-]+)")
DECLARED = re.compile(r"""\sxmlns(?::[\w.-]*)?\s*=\s*(?:"[^"]*"|'[^']*')""")
TAG = re.compile(r"<[^<>!?][^<>]*>")
# Packages encrypted by GM/T 0099 keep their keys in parts of these names.
ENCRYPTION = re.compile(r"(?:\A|/)(?:en|de)crypt\w*\.(?:xml|dat)\Z", re.IGNORECASE)


class Parts:
    """The parts of one OFD file. `mended` are the names of those whose XML had faults and was read all the same."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.path = package.path
        self.mended: list[str] = []

    def find(self, base: str, place: str | None) -> str | None:
        """Give the part that `place`, written in the part `base`, means; None where there is none.

        The standard counts from the folder of `base`, or from the root after a slash. Writers also count from the
        root without a slash.
        """
        written = (place or "").strip().replace("\\", "/")
        if not written:
            return None
        beside = posixpath.join(posixpath.dirname(base), written)
        for candidate in (written,) if written.startswith("/") else (beside, written):
            name = posixpath.normpath(candidate.lstrip("/"))
            if not name.startswith("..") and name in self.package:
                return name
        return None

    def read(self, name: str) -> bytes:
        """Give the bytes of a part."""
        return self.package.read(name)

    def tree(self, name: str) -> etree._Element:
        """Give the root of an XML part. A part with faults is mended where that is plain, and is then in `mended`.

        Raises ReadError `damaged_file` or `too_large`.
        """
        try:
            return self.package.tree(name)
        except ReadError as error:
            if error.code != "damaged_file" or name not in self.package:
                raise
            data = self.package.read(name)
            if any(mark in data for mark in DOCUMENT_TYPES):
                raise
            text = DECLARATION.sub("", decode(data).text)
            found = _parsed(text)
            found = self._repaired(name, text) if found is None else found
            if found is None:
                raise
            return found

    def _repaired(self, name: str, text: str) -> etree._Element | None:
        plain = TAG.sub(lambda tag: PREFIXED.sub(r"\1", DECLARED.sub("", tag.group())), text)
        found = _parsed(plain)
        if found is None:
            found = _parsed(plain, recover=True)
            self.mended.append(name)
        return found


def open_parts(data: bytes, path: str) -> Parts:
    """Give the parts of an OFD file. Raises ReadError as `open_package`, and `encrypted_file` for encrypted content."""
    package = open_package(data, path)
    if any(ENCRYPTION.search(name) for name in package.names):
        raise ReadError(
            "encrypted_file",
            f"{path} is encrypted. Open it in an OFD viewer with its password or key, and save it without protection.",
        )
    return Parts(package)


def local_name(element: etree._Element) -> str:
    """Give the name of an element without its namespace: writers use several, or none."""
    return str(element.tag).rpartition("}")[2]


def children(element: etree._Element | None, name: str) -> Iterator[etree._Element]:
    """Give the children of a name."""
    if element is not None:
        yield from (found for found in element.iterchildren("*") if local_name(found) == name)


def child(element: etree._Element | None, *names: str) -> etree._Element | None:
    """Give the first child of a name, and of that the first child of the next name; None where one is missing."""
    for name in names:
        element = next(children(element, name), None)
    return element


def words(element: etree._Element | None) -> str:
    """Give the text of an element without blanks at its edges."""
    return ((element.text if element is not None else None) or "").strip()


def _parsed(text: str, *, recover: bool = False) -> etree._Element | None:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True, recover=recover, encoding="utf-8",
    )  # fmt: skip
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
