"""Which part of a web page is the document: by the nodes that government portals use, else by where the text is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import regex
from lxml.html import HtmlElement

from pipeline.lexicon.frames import Node
from pipeline.read.html_tables import field_names_in, is_data_table

HAN = regex.compile(r"\p{Han}")
# A body node shorter than this share of the page's words is a teaser or an empty shell.
BODY_SHARE = 0.2
# Without a known body node, the document is the deepest element that holds this share of the words outside links.
TEXT_SHARE = 0.75
CONTAINERS = frozenset({"div", "td", "section", "article", "main", "body", "form", "center", "dd", "li", "table", "tbody", "tr"})


class Page(NamedTuple):
    """A page's tree and what the lexicon knows of such pages."""

    root: HtmlElement
    nodes: tuple[Node, ...]
    field_names: frozenset[str]


class Part(NamedTuple):
    """The document part: its information tables and title where these lie outside `node`, and what else was left out."""

    node: HtmlElement
    information: tuple[HtmlElement, ...]
    title: HtmlElement | None
    left_out: str


def drop_chrome(page: Page) -> None:
    """Take out what is never part of a document: scripts, menus, page foot, form fields."""
    for node in page.nodes:
        if node.use == "drop":
            for element in list(selected(page.root, node.selector)):
                # A portal that calls its whole page "header" would lose the document.
                if not node.selector.isalpha() and _han(element) > BODY_SHARE * _han(page.root):
                    continue
                if element.getparent() is not None:
                    element.drop_tree()


def document_part(page: Page) -> Part:
    """Give the node that holds the document, and what belongs to it elsewhere on the page."""
    whole = _body(page.root)
    total = _han(whole)
    node = next(_known_bodies(page, total), None)
    if node is None:
        node = _densest(whole)
    inside = set(node.iter())
    information = tuple(
        table
        for table in whole.iter("table", "dl", "ul", "div")
        if table not in inside and node not in set(table.iter()) and field_names_in(table, page.field_names) >= 3
    )
    information = tuple(table for table in information if not any(table in set(t.iterancestors()) for t in information))
    title = _title(page, node, inside)
    kept = _han(node) + sum(_han(table) for table in information) + (_han(title) if title is not None else 0)
    left_out = ""
    if total - kept > 0:
        left_out = (
            f"Left out {total - kept} Chinese characters of the page outside the document part "
            f"({_describe(node)}). If something is missing, save the article alone."
        )
    return Part(node, information, title, left_out)


def selected(root: HtmlElement, selector: str) -> Iterator[HtmlElement]:
    """Give the elements for `#id`, `.class`, `.class.other` or an element name."""
    if selector.startswith("#"):
        yield from (element for element in root.iter("*") if element.get("id") == selector[1:])
    elif selector.startswith("."):
        wanted = set(selector[1:].split("."))
        yield from (element for element in root.iter("*") if wanted <= set((element.get("class") or "").split()))
    else:
        yield from root.iter(selector)


def _known_bodies(page: Page, total: int) -> Iterator[HtmlElement]:
    for node in page.nodes:
        if node.use == "body":
            found = sorted(selected(page.root, node.selector), key=_han, reverse=True)
            if found and _han(found[0]) > BODY_SHARE * total:
                yield found[0]


def _densest(whole: HtmlElement) -> HtmlElement:
    """Give the deepest container that still holds most of the words that are not links."""
    weights: dict[HtmlElement, int] = {}
    for element in reversed(list(whole.iter("*"))):
        if element.tag == "a":
            weights[element] = 0
            continue
        own = len(HAN.findall(element.text or ""))
        weights[element] = own + sum(len(HAN.findall(child.tail or "")) + weights.get(child, 0) for child in element)
    node = whole
    while True:
        children = [child for child in node.iterchildren(*CONTAINERS)]
        best = max(children, key=lambda child: weights[child], default=None)
        if best is None or weights[best] < TEXT_SHARE * weights[whole] or is_data_table(best):
            return node
        node = best


def _title(page: Page, node: HtmlElement, inside: set[HtmlElement]) -> HtmlElement | None:
    """Give the article's title where the page shows it above the body node and the body does not repeat it."""
    opening = _squeezed(node)[:400]
    for rule in page.nodes:
        if rule.use != "title":
            continue
        for element in selected(page.root, rule.selector):
            words = _squeezed(element)
            if element in inside or node in set(element.iter("*")) or not 6 <= len(words) <= 120:
                continue
            return None if words in opening else element
    return None


def _body(root: HtmlElement) -> HtmlElement:
    body = root.find("body")
    return root if body is None else body


def _han(element: HtmlElement) -> int:
    return sum(len(HAN.findall(text)) for text in element.itertext())


def _squeezed(element: HtmlElement) -> str:
    return "".join("".join(element.itertext()).split())


def _describe(node: HtmlElement) -> str:
    name = str(node.tag)
    if node.get("id"):
        return f"{name}#{node.get('id')}"
    return f"{name}.{(node.get('class') or '').split()[0]}" if node.get("class", "").split() else name
