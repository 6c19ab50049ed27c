"""A web page → Source: the visible text of its document part, with tables, headings and its information table."""

from __future__ import annotations

from functools import lru_cache

import regex
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from pipeline.lexicon import frames
from pipeline.lexicon.loader import Faults
from pipeline.model import Field, Problem
from pipeline.quick.pattern import pattern
from pipeline.read.content import Content
from pipeline.read.html_nodes import Page, document_part
from pipeline.read.html_walk import Writer

META_FIELDS = ("ArticleTitle", "PubDate", "ContentSource", "SiteName", "ColumnName", "Author", "Keywords")
# Pages whose nesting the parser refuses are read without these elements, as lines of text.
CONTAINERS = pattern(
    r"</?(?:div|section|article|main|span|font|b|i|u|em|strong|center|ul|ol|li|dl|dd|dt|table|tbody|tr|td|blockquote|a)"
    r"\b[^<>]*>",
    regex.IGNORECASE,
)
BREAKS = pattern(r"(?:<br>\s*)+")
ANY_TAG = pattern(r"<[^<>]*>")
# pdftohtml marks each page with a numbered anchor.
PAGE_ANCHOR = pattern(r"""<a\s+name=["']?\d{1,4}["']?\s*>""", regex.IGNORECASE)
FEWEST_ANCHORS = 2
# What parts the title of a document from the names of its column and site.
TITLE_PARTS = pattern(r"\s*[_|｜]\s*|\s+[-–—]+\s+|--+")
SHORTEST_TITLE = 6


def read_page(decoded: str) -> Content:
    """Give the visible text of the document part of a page: a line per block element, cells parted by a tab.

    Page chrome (menus, page foot) is left out with a problem row. The information table (索引号, 发文字号 …)
    is kept as blocks of kind `metadata` and gives the fields.
    """
    root, problems = _tree(decoded)
    if root is None:
        return Content("", ())
    names = frozenset(_frames().fields)
    fields = _meta_fields(root)
    page = Page(root, _frames().nodes)
    part = document_part(page, names)
    writer = Writer(names, paged=len(PAGE_ANCHOR.findall(decoded)) >= FEWEST_ANCHORS)
    for table in part.information:
        writer.write_information(table)
    if part.title is not None:
        writer.write(part.title)
    writer.write(part.node)
    text, blocks = writer.finished()
    if part.left_out:
        problems.append(Problem("info", "page_chrome_left_out", part.left_out))
    return Content(text, blocks, tuple(fields + writer.fields), writer.pages, tuple(problems))


def _tree(decoded: str) -> tuple[HtmlElement | None, list[Problem]]:
    """Give the tree of the page; a page nested too deeply for the parser is read without its containers."""
    problems: list[Problem] = []
    for attempt, tags in enumerate((None, CONTAINERS, ANY_TAG)):
        markup = decoded if tags is None else BREAKS.sub("<br>", tags.sub("<br>", decoded))
        parser = HTMLParser(huge_tree=True, encoding="utf-8", remove_comments=True, remove_pis=True)
        try:
            root = document_fromstring(markup.replace("\x00", "").encode("utf-8", "replace"), parser=parser)
        except (etree.ParserError, etree.XMLSyntaxError):
            return None, problems
        if not any("RESOURCE_LIMIT" in (entry.type_name or "") for entry in parser.error_log):
            break
        if attempt == 0:
            message = (
                "The page nests its elements too deeply to be read as it is; it was read as plain lines, so tables and "
                "menus are not told apart. Check the tables of this document by eye."
            )
            problems.append(Problem("warning", "nesting_too_deep", message))
    return root, problems


def _meta_fields(root: HtmlElement) -> list[Field]:
    """Give what the page's <meta> elements say by the naming rule of government portals."""
    found: list[Field] = []
    wanted = {name.lower(): name for name in META_FIELDS}
    for element in root.iter("meta"):
        name = wanted.get((element.get("name") or "").lower())
        content = " ".join((element.get("content") or "").split())
        if name and content:
            found.append(Field(name, content))
    if not any(field.name == "ArticleTitle" for field in found) and (title := _window_title(root)):
        found.append(Field("ArticleTitle", title))
    return found


def _window_title(root: HtmlElement) -> str:
    """Give the document's part of the words in the browser's tab, 某办法_政策文件_某市政府网; empty if there is none.

    A page that holds nothing but a table says only here what it is.
    """
    words = " ".join((root.findtext("head/title") or "").split())
    longest = max(TITLE_PARTS.split(words), key=len, default="")
    return longest if len(longest) >= SHORTEST_TITLE else ""


@lru_cache(maxsize=1)
def _frames() -> frames.Frames:
    faults = Faults()
    found = frames.load(faults)
    faults.check()
    return found
