"""Names in the XML of Word files: one short name for an element, whichever of the two standards it is written by."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

# ISO/IEC 29500 has two sets of namespaces, transitional (what Word writes) and strict; they mean the same.
PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a",
    "http://purl.oclc.org/ooxml/drawingml/main": "a",
    "http://schemas.openxmlformats.org/drawingml/2006/picture": "pic",
    "http://purl.oclc.org/ooxml/drawingml/picture": "pic",
    "http://schemas.openxmlformats.org/drawingml/2006/diagram": "dgm",
    "http://purl.oclc.org/ooxml/drawingml/diagram": "dgm",
    "http://schemas.openxmlformats.org/drawingml/2006/chart": "c",
    "http://purl.oclc.org/ooxml/drawingml/chart": "c",
    "urn:schemas-microsoft-com:vml": "v",
    "urn:schemas-microsoft-com:office:office": "o",
}
OFF = ("0", "false", "off", "none")
LONGEST_NUMBER = 9


@lru_cache(maxsize=4096)
def _short(tag: str) -> str:
    namespace, _, local = tag.rpartition("}")
    return f"{PREFIXES.get(namespace[1:], '?')}:{local}"


def name_of(element: etree._Element) -> str:
    """Give an element's name with its customary prefix (w:p); the prefix of a namespace not known is `?`."""
    return _short(str(element.tag))


def child_of(element: etree._Element | None, name: str) -> etree._Element | None:
    """Give the first child of this name, None without one."""
    if element is None:
        return None
    return next((child for child in element if name_of(child) == name), None)


def children_of(element: etree._Element | None, name: str) -> Iterator[etree._Element]:
    """Give the children of this name."""
    if element is not None:
        yield from (child for child in element if name_of(child) == name)


def attribute(element: etree._Element | None, local: str = "val") -> str | None:
    """Give an attribute by its local name, whichever namespace it is in; None without it."""
    if element is None:
        return None
    for name, value in element.attrib.items():
        if str(name).rpartition("}")[2] == local:
            return str(value)
    return None


def number(element: etree._Element | None, local: str = "val") -> int | None:
    """Give a whole number from an attribute, None where there is none."""
    value = (attribute(element, local) or "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) <= LONGEST_NUMBER else None


def switch(properties: etree._Element | None, name: str) -> bool | None:
    """Give an on/off property (w:b, w:vanish): True, False, or None where the properties do not speak of it."""
    found = child_of(properties, name)
    if found is None:
        return None
    return (attribute(found) or "1").lower() not in OFF


def chosen(alternate: etree._Element) -> etree._Element | None:
    """Give the branch of an mc:AlternateContent to read: the first with words, else the first.

    Both branches tell the same thing, one for new programs and one for old ones.
    """
    branches = [child for child in alternate if name_of(child) in ("mc:Choice", "mc:Fallback")]
    return next((branch for branch in branches if _has_words(branch)), branches[0] if branches else None)


def _has_words(branch: etree._Element) -> bool:
    return any(
        (name_of(element) in ("w:t", "a:t", "m:t") and element.text) or name_of(element) == "v:textpath"
        for element in branch.iter("*")
    )
