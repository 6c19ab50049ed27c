"""Lexicon topic: frames. What stands around and between the words of a document: page chrome, edges, line kinds."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.lexicon.loader import Faults, Rule, read_rules, read_table
from pipeline.lexicon.starts import Rules
from pipeline.quick.classes import dataclass

NODE_USES = frozenset({"body", "drop", "title"})
FIELD_USES = frozenset(
    {"index", "class", "doc_number", "title", "issued_on", "published_on", "issuer", "source", "other"}
)
RULE_USES = frozenset(
    {
        # the whole line …
        "metadata",  # says something of the document (信息索引号 …), at its edges
        "frame",  # belongs to the web page or portal, at the edges
        "breadcrumb",  # tells where the page stands; what is above it is frame too
        "contents_title",  # 目录
        "contents_title_glued",  # 目录 at the end of another line, where a page break was lost
        "contents_line",  # a line of a table of contents: words, dot leader, page number
        "page_mark",  # a page number glued to the first word of a page, if others like it rise with it
        "page_number",  # a page number that its marks give away: — 3 —, 第3页
        "bare_number",  # a number that is a page number only if others like it rise with it
        "inline_page_number",  # a page number inside running text, where the line breaks were lost
        "opens",  # its start opens a paragraph of its own: heading marks, list marks, 附件 …
        "alone",  # goes on nothing and in nothing: dates, document numbers
        "unfinished",  # ends with a word that asks for more
        "inline_mark",  # a heading mark inside text that lost its line breaks
        "label",  # words that a space parts from the title after them: 第一章, 附件2
        "doubt",  # a passage that looks misread
        "year",  # a year that no document of this kind can mean
        "impossible",  # other figures that cannot be as they stand; `check` names what the words do not show
    }
)


@dataclass(frozen=True, slots=True)
class Node:
    """A place of a web page: `#id`, `.class` or element name, and what it is for."""

    selector: str
    use: str


@dataclass(frozen=True, slots=True)
class Frames:
    """Rules for whole lines by use, nodes of web pages, and the names in information tables with their use."""

    rules: Mapping[str, Rules]
    nodes: tuple[Node, ...]
    fields: Mapping[str, str]


def load(faults: Faults) -> Frames:
    """Read `frames.toml`, `page_nodes.csv` and `information_fields.csv`."""
    rules: dict[str, list[Rule]] = {use: [] for use in sorted(RULE_USES)}
    for rule in read_rules("frames.toml", faults, required=("use",)):
        use = str(rule.extra.get("use", ""))
        if use not in RULE_USES:
            faults.add("frames.toml", rule.id, f"unknown use {use!r}")
            continue
        rules[use].append(rule)
    nodes: list[Node] = []
    for row in read_table("page_nodes.csv", ("selector", "use", "reason"), faults, unique="selector"):
        if row.cells["use"] not in NODE_USES:
            faults.add("page_nodes.csv", row.line, f"unknown use {row['use']!r}")
        nodes.append(Node(row.cells["selector"], row.cells["use"]))
    fields: dict[str, str] = {}
    for row in read_table("information_fields.csv", ("name", "use"), faults, unique="name"):
        if row.cells["use"] not in FIELD_USES:
            faults.add("information_fields.csv", row.line, f"unknown use {row['use']!r}")
        fields[row.cells["name"]] = row.cells["use"]
    return Frames({use: Rules(found) for use, found in rules.items()}, tuple(nodes), fields)
