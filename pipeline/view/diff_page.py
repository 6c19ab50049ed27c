"""A comparison → one HTML page that needs nothing else: no network, no other file, and no script to be read."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pipeline.model.changes import Comparison, Relation
from pipeline.view.blocks import Block, Pair, anchor, pairs
from pipeline.view.signs import SIGNS, document_names, relation_words
from pipeline.view.told import GROUPS, Told, sides, told

if TYPE_CHECKING:
    from jinja2 import Template


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: the change, the places of the texts that it points to, the pairs of sections it is in."""

    told: Told
    a_anchor: str
    b_anchor: str
    pairs: str
    before: str
    after: str

    @property
    def link(self) -> str:
        """The place to jump to: on the second side where there is one."""
        return self.b_anchor or self.a_anchor


def diff_page(comparison: Comparison) -> str:
    """Give the page of a comparison as one HTML document in UTF-8, for a file or a browser.

    It shows both documents and their relation, a table of the changes, and the two texts side by side with every
    change marked at its characters. Style and script are part of the page and the only ones that it lets run.
    """
    from markupsafe import Markup

    rows = told(comparison)
    names = document_names(comparison)
    blocks = pairs(comparison, rows)
    lines = _lines(comparison, rows, blocks)
    changed = [line for line in lines if line.told.changed]
    # Sections and organisations that stayed are seen in the text; in the table they would only hide the rest.
    same = [line for line in lines if not line.told.changed and line.told.row.element == "target"]
    style, script = _asset("diff.css"), _asset("diff.js")
    return _template().render(
        comparison=comparison,
        title=_title(comparison),
        names=names,
        relations=[(relation, relation_words(relation, names)) for relation in comparison.relations],
        damage=[(relation, _damage(relation)) for relation in comparison.relations if relation.damage],
        lines=changed,
        grouped={name: list(some) for name, some in groupby(changed, key=lambda line: line.told.group)},
        unchanged=same,
        element_counts={name: sum(row.group == name for row in rows if row.changed) for name in _group_names()},
        counts=_type_counts(changed + same),
        still=sum(not row.changed for row in rows) - len(same),
        pairs=blocks,
        signs=SIGNS,
        several=len(comparison.a) > 1 or len(comparison.b) > 1,
        titles=_first_sections(comparison, names),
        first=_first_time(),
        style=Markup(style),
        script=Markup(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def _group_names() -> Iterable[str]:
    return dict.fromkeys(GROUPS.values())


def _type_counts(lines: Iterable[Line]) -> dict[str, int]:
    """Count how many rows a button of a type leaves: a row of two types is counted with both."""
    found = Counter(name for line in lines for name in line.told.types)
    return {name: found[name] for name in SIGNS if name in found}


def _title(comparison: Comparison) -> str:
    names = [
        next((record.document.title or record.document.source for record in side), "nothing")
        for side in (comparison.a, comparison.b)
    ]
    return " → ".join(dict.fromkeys(names))


def _first_sections(comparison: Comparison, names: dict[tuple[str, str], str]) -> dict[str, str]:
    """Give the title of each document by the place of its first section: a page of several documents names them."""
    return {
        anchor(side, record.sections[0].section_id): f"{names[side, record.document.document_id]} "
        + (record.document.title or record.document.source)
        for side, records in (("a", comparison.a), ("b", comparison.b))
        for record in records
        if record.sections
    }


def _damage(relation: Relation) -> list[tuple[str, str, str, str]]:
    """Give the words of both sides with the places where they are marked."""
    name = f"damage-{relation.a_document_id}-{relation.b_document_id}"
    return [
        (damage.a_words, damage.b_words, f"a-{name}-{number}", f"b-{name}-{number}")
        for number, damage in enumerate(relation.damage, start=1)
    ]


def _lines(comparison: Comparison, rows: Iterable[Told], found: Iterable[Pair]) -> list[Line]:
    blocks: dict[str, Block] = {}
    numbers: dict[str, int] = {}
    for pair in found:
        for block in pair.a + pair.b:
            blocks[block.anchor], numbers[block.anchor] = block, pair.number
    of_side = _block_finder(comparison)
    lines = []
    for row in rows:
        a_name, b_name = of_side("a", row), of_side("b", row)
        places = sorted({numbers[name] for name in (a_name, b_name) if name in numbers})
        before, after = _words(row, blocks.get(a_name), blocks.get(b_name))
        pair_numbers = " ".join(map(str, places))
        lines.append(Line(row, _place("a", row, a_name), _place("b", row, b_name), pair_numbers, before, after))
    return lines


def _words(change: Told, a: Block | None, b: Block | None) -> tuple[str, str]:
    """Give what stands under before and after: of a section that kept its heading, the words that changed."""
    if change.row.element not in ("section", "task") or not change.changed:
        return change.before, change.after
    if a and b and change.before != change.after:
        return change.before, change.after
    return a.excerpt if a else "", b.excerpt if b else ""


def _block_finder(comparison: Comparison) -> Callable[[str, Told], str]:
    """Give a function that tells the block in which a change stands on a side; of a plan, its first."""
    heads: dict[str, str] = {}
    for side, records in (("a", comparison.a), ("b", comparison.b)):
        for record in records:
            for section in record.sections:
                heads.setdefault(anchor(side, section.plan_id or ""), anchor(side, section.section_id))
    both = dict(zip("ab", sides(comparison), strict=True))

    def find(side: str, change: Told) -> str:
        row_id = (change.row.a_id if side == "a" else change.row.b_id) or ""
        if not row_id:
            return ""
        rows = both[side]
        if change.row.element == "plan":
            return heads.get(anchor(side, row_id), "")
        holder = rows.targets.get(row_id) or rows.responsibilities.get(row_id)
        if change.row.element in ("target", "responsibility"):
            return anchor(side, holder.section_id) if holder else ""
        return anchor(side, row_id)

    return find


def _place(side: str, change: Told, block: str) -> str:
    """Give the anchor that a row points to: the mark of a target, the line of an organisation, else the block."""
    row_id = (change.row.a_id if side == "a" else change.row.b_id) or ""
    if not row_id or not block:
        return ""
    if change.row.element == "target":
        return anchor(side, row_id)
    if change.row.element == "responsibility" and change.changed:
        return anchor(side, row_id) + "-line"
    return block


def _first_time() -> Callable[[Iterable[str]], list[str]]:
    """Give a function that returns the names that it was not given before: an id may stand only once on a page."""
    seen: set[str] = set()

    def first(names: Iterable[str]) -> list[str]:
        found = [name for name in names if name not in seen]
        seen.update(found)
        return found

    return first


def _hash(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode("utf-8")).digest()).decode("ascii")


@cache
def _asset(name: str) -> str:
    return resources.files("pipeline.view").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def _template() -> Template:
    from jinja2 import DictLoader, Environment, StrictUndefined

    names = ("diff.html.j2", "diff_parts.html.j2")
    environment: Any = Environment(
        loader=DictLoader({name: _asset(name) for name in names}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["SIGNS"] = SIGNS
    template: Template = environment.get_template("diff.html.j2")
    return template
