"""Which part of a web page is the document: by the nodes that government portals use, else by where the text is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from pipeline.lexicon.frames import Node
from pipeline.quick.classes import NamedTuple
from pipeline.quick.pattern import pattern
from pipeline.read.html_tables import information_tables, is_data_table

HAN_RUN = pattern(r"\p{Han}+")
# A body node shorter than this share of the page's words is a teaser or an empty shell.
BODY_SHARE = 0.2
# Without a known body node, the document is the deepest element that holds this share of the words outside links.
TEXT_SHARE = 0.75
CONTAINERS = ["div", "td", "section", "article", "main", "body", "form", "center", "dd", "li", "table", "tbody", "tr"]
NEVER_SHOWN = frozenset({"script", "style", "noscript", "template"})
TITLE_LENGTH = range(6, 121)


class Part(NamedTuple):
    """The document part, its information tables and title where they lie outside `node`, and a word on the rest."""

    node: HtmlElement
    information: tuple[HtmlElement, ...]
    title: HtmlElement | None
    left_out: str


class Page:
    """The tree of a page with an index of its ids, classes and element names."""

    def __init__(self, root: HtmlElement, nodes: Sequence[Node]) -> None:
        body = root.find("body")
        self.body: HtmlElement = root if body is None else body
        self._nodes = nodes
        self._index: dict[str, list[HtmlElement]] = {}
        for element in root.iter("*"):
            self._enter(str(element.tag), element)
            if element.get("id"):
                self._enter("#" + str(element.get("id")), element)
            for name in set((element.get("class") or "").split()):
                self._enter("." + name, element)

    def selected(self, use: str) -> Iterator[HtmlElement]:
        """Give the elements that are still in the tree and serve `use`, in the order of the rules."""
        for node in self._nodes:
            if node.use == use:
                for element in self._index.get(node.selector, ()):
                    if element is self.body or self.body in element.iterancestors():
                        yield element

    def _enter(self, key: str, element: HtmlElement) -> None:
        self._index.setdefault(key, []).append(element)


def drop_chrome(page: Page) -> int:
    """Take out what is never part of a document, scripts, menus and the like; give the Chinese characters it showed."""
    most = BODY_SHARE * han_count(page.body)
    dropped = 0
    for element in page.selected("drop"):
        never_shown = element.tag in NEVER_SHOWN
        count = 0 if never_shown else han_count(element)
        # A portal that wraps its whole page in a node called "header" would lose the document.
        if element is not page.body and count <= most:
            element.drop_tree()
            dropped += count
    return dropped


def document_part(page: Page, field_names: frozenset[str]) -> Part:
    """Give the node that holds the document, and what belongs to it elsewhere on the page."""
    dropped = drop_chrome(page)
    total = han_count(page.body)
    known = (node for node in page.selected("body") if han_count(node) > BODY_SHARE * total)
    node = next(known, None)
    if node is None:
        node = _densest(page.body)
    inside = set(node.iter("*"))
    around = set(node.iterancestors())
    information = tuple(
        table for table in information_tables(page.body, field_names) if table not in inside and table not in around
    )
    title = _title(page, node, inside | around)
    kept = han_count(node) + sum(map(han_count, information)) + (0 if title is None else han_count(title))
    lost = dropped + max(total - kept, 0)
    left_out = ""
    if lost:
        left_out = (
            f"Left out {lost} Chinese characters of the page around the document ({_described(node)}). "
            "If something is missing, save the article alone."
        )
    return Part(node, information, title, left_out)


def han_count(element: HtmlElement) -> int:
    """Count the Chinese characters in an element."""
    return _count("".join(element.itertext()))


def _count(text: str | None) -> int:
    """Count the Chinese characters of a text; much of a page's text is the white space between its elements."""
    return sum(map(len, HAN_RUN.findall(text))) if text and not text.isascii() else 0


def _densest(whole: HtmlElement) -> HtmlElement:
    """Give the deepest container that still holds most of the words that are not links."""
    weights: dict[HtmlElement, int] = {}
    for element in reversed(list(whole.iter("*"))):
        own = _count(element.text)
        for child in element:
            own += _count(child.tail) + weights.get(child, 0)
        weights[element] = 0 if element.tag == "a" else own
    node = whole
    while True:
        best = max(node.iterchildren(*CONTAINERS), key=lambda child: weights[child], default=None)
        if best is None or weights[best] < TEXT_SHARE * weights[whole] or is_data_table(best):
            return node
        node = best


def _title(page: Page, node: HtmlElement, near: set[HtmlElement]) -> HtmlElement | None:
    """Give the article's title where the page shows it above the body node and the body does not repeat it."""
    opening = _squeezed(node)[:400]
    for element in page.selected("title"):
        words = _squeezed(element)
        if element not in near and len(words) in TITLE_LENGTH:
            return None if words in opening else element
    return None


def _squeezed(element: HtmlElement) -> str:
    return "".join("".join(element.itertext()).split())


def _described(node: HtmlElement) -> str:
    if node.get("id"):
        return f"{node.tag}#{node.get('id')}"
    classes = (node.get("class") or "").split()
    return f"{node.tag}.{classes[0]}" if classes else str(node.tag)
