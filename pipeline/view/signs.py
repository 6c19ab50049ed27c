"""How a change is called and marked in pages and on the terminal: a word, and a sign beside every colour."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from pipeline.model.changes import Comparison, Relation
from pipeline.model.tables import TargetRow
from pipeline.terminal import amount


class Sign(NamedTuple):
    """`tone` is the colour of a page: up, down, later, sooner, new, gone, place, words, nature, doubt, same."""

    mark: str
    word: str
    tone: str


# In the order in which people ask for them: figures, years, what came and went, wording, order.
SIGNS = {
    "raised": Sign("↑", "raised", "up"),
    "lowered": Sign("↓", "lowered", "down"),
    "postponed": Sign("»", "postponed", "later"),
    "brought_forward": Sign("«", "brought forward", "sooner"),
    "new": Sign("+", "new", "new"),
    "dropped": Sign("−", "dropped", "gone"),
    "not_comparable": Sign("≠", "not comparable", "doubt"),
    "unit_changed": Sign("±", "unit changed", "nature"),
    "kind_changed": Sign("±", "kind changed", "nature"),
    "scope_changed": Sign("±", "scope changed", "nature"),
    "comparator_changed": Sign("±", "comparator changed", "nature"),
    "lead_changed": Sign("★", "lead changed", "nature"),
    "renamed": Sign("≈", "renamed", "words"),
    "reworded": Sign("~", "reworded", "words"),
    "moved": Sign("↕", "moved", "place"),
    "split": Sign("÷", "split", "place"),
    "merged": Sign("∪", "merged", "place"),
    "unchanged": Sign("=", "unchanged", "same"),
}
RELATION_WORDS = {
    "same": "{a} and {b} are the same text",
    "copy": "{b} is a copy of {a}",
    "version": "{b} is a version of {a}",
    "successor": "{b} is the successor of {a}",
    "level": "{a} and {b} are plans of two places",
    "other": "{a} and {b} are unrelated",
}
SHARES = ("%", "％", "‰", "个百分点", "百分点")
TENTH = Decimal("0.1")


def years(target: TargetRow | None) -> str:
    """Give when a target is due: `2025`, `2021–2025`, `yearly to 2025`, or nothing."""
    if target is None:
        return ""
    if target.cadence == "annual":
        return f"yearly to {target.year_end}" if target.year_end else "yearly"
    if target.cadence == "within" and target.year_start and target.year_start != target.year_end:
        return f"{target.year_start}–{target.year_end or ''}"
    return str(target.year_end or "")


def difference(a: TargetRow | None, b: TargetRow | None) -> str:
    """Give by how much a figure grew: `+80 名, +28.6 %`, or `+3 points`; nothing where the two do not compare."""
    if a is None or b is None or a.unit != b.unit or a.kind != b.kind or a.value == b.value:
        return ""
    if a.value_max is not None or b.value_max is not None or a.kind in ("rank", "breakthrough"):
        return ""
    step = b.value - a.value
    if a.unit in SHARES:
        return f"{_signed(step)} {'‰' if a.unit == '‰' else 'point' if abs(step) == 1 else 'points'}"
    share = f", {_signed((100 * step / a.value).quantize(TENTH))}\N{NO-BREAK SPACE}%" if a.value > 0 else ""
    return f"{_signed(step)}\N{NO-BREAK SPACE}{a.unit or ''}".rstrip() + share


def _signed(value: Decimal) -> str:
    return ("+" if value > 0 else "−") + amount(abs(value))


def document_names(comparison: Comparison) -> dict[tuple[str, str], str]:
    """Give A and B by side and document id; of several documents on a side, A1, A2, …"""
    names = {}
    for side, records in (("a", comparison.a), ("b", comparison.b)):
        for number, record in enumerate(records, start=1):
            names[side, record.document.document_id] = side.upper() + (str(number) if len(records) > 1 else "")
    return names


def relation_words(relation: Relation, names: Mapping[tuple[str, str], str]) -> str:
    """Give what the second document is to the first, as a clause: `B is the successor of A`."""
    a, b = names.get(("a", relation.a_document_id), "A"), names.get(("b", relation.b_document_id), "B")
    return RELATION_WORDS[relation.kind].format(a=a, b=b)
