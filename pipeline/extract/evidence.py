"""Carry along which words a field was read from, so that nobody has to look for them later."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.extract.quantities import Quantity
from pipeline.model.findings import Evidence, EvidenceField, Token

# A shorter piece of a name says nothing of where it comes from: 的 and 率 stand everywhere.
SHORTEST_PIECE = 2


def of_token(field: EvidenceField, token: Token) -> Evidence:
    """Give the evidence of a field that one typed word gave; the rule is the word's class."""
    return Evidence(field, token.name, token.start, token.end)


def of_value(quantity: Quantity) -> tuple[Evidence, ...]:
    """Give value and unit of a figure: its numerals with their scale, and the measure after them (3 | 万人)."""
    rule = "numeral-chinese" if quantity.chinese else "range" if quantity.value_max is not None else "numeral"
    middle = quantity.numbers[-1][1] if quantity.numbers and not quantity.chinese else quantity.start
    value = Evidence("value", rule, quantity.start, quantity.end)
    return (value, Evidence("unit", quantity.dimension, middle, quantity.end)) if quantity.unit else (value,)


def trace(names: Iterable[str], stretches: Sequence[Evidence], text: str) -> tuple[Evidence, ...]:
    """Give for each piece of `names` the place in `stretches` that it was taken from, in the order of the names.

    Names are put together from stretches of the text (own words, the noun of the list …); only these are looked
    at, the earlier ones first. What comes from none of them (占比, 的) was added by a rule.
    """
    found: dict[Evidence, None] = {}
    for name in names:
        position = 0
        while position < len(name):
            piece = _longest(name, position, stretches, text)
            if piece is not None:
                found[piece] = None
            position += piece.end - piece.start if piece is not None else 1
    return tuple(found)


def _longest(name: str, position: int, stretches: Sequence[Evidence], text: str) -> Evidence | None:
    """Give the longest piece of name[position:] that stands in one of the stretches."""
    best: Evidence | None = None
    left = len(name) - position
    at = found = 0
    for stretch in stretches:
        place = text.find(name[position:], stretch.start, stretch.end)
        if place >= 0:
            return stretch._replace(start=place, end=place + left)
        length = max(found + 1, min(SHORTEST_PIECE, left, stretch.end - stretch.start))
        while length <= left:
            place = text.find(name[position : position + length], stretch.start, stretch.end)
            if place < 0:
                break
            best, at, found = stretch, place, length
            length += 1
    return best._replace(start=at, end=at + found) if best is not None else None
