"""Which place a document speaks for, and which place the name of a body means in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.lexicon import Lexicon
from pipeline.lexicon.places import Place, Places
from pipeline.model.outline import Front


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who speaks in a document. `place` is None where it is not known, or where the centre speaks (`national`).

    `name` is what the issuer calls its place where no list knows it or several places have it (云州市), else empty.
    `signature` tells documents of unknown place apart, so that their bodies are never taken for one.
    """

    place: Place | None
    national: bool
    signature: str
    name: str = ""


def find_issuer(front: Front, plan_titles: Iterable[str], lexicon: Lexicon) -> Issuer:
    """Give the place that a document speaks for: from its issuers, else its title and number, else its plans.

    A name that several places share (朝阳区) is taken only where another part of the front tells which.
    """
    titles = tuple(plan_titles)
    signature = "|".join((*front.issuers, front.title, front.doc_number, front.issued_on, *titles))
    province = _province_of_number(front.doc_number, lexicon)
    for name in (*front.issuers, front.title, *titles):
        bare = name.removeprefix("中共").removeprefix("中国共产党")
        if is_central(name, lexicon) or (name in front.issuers and lexicon.roles.parts["centre"].match(name)):
            return Issuer(None, True, signature)
        place = place_at_start(bare, lexicon.places, province)[0]
        if place is not None:
            return Issuer(place, False, signature)
    for name in (front.title, *titles):
        place = _place_inside(name, lexicon, province)
        if place is not None:
            return Issuer(place, False, signature)
    if province is not None:
        return Issuer(province, False, signature)
    return Issuer(None, False, signature, _own_name(front, lexicon))


def _own_name(front: Front, lexicon: Lexicon) -> str:
    """Give the place in the name of the first issuer: 云州市 of 云州市人民政府."""
    for issuer in front.issuers:
        found = lexicon.roles.parts["issuer-place"].match(issuer.removeprefix("中共"))
        if found is not None:
            return found["place"]
    return ""


def is_central(name: str, lexicon: Lexicon) -> bool:
    """Tell whether `name` opens with a body of the centre (国务院办公厅, 教育部等六部门), not with one of a place."""
    for length in range(min(len(name), 24), 2, -1):
        for body in lexicon.bodies.central.get(name[:length], ()):
            if body.alone and not body.place:
                return True
    return False


def place_at_start(name: str, places: Places, near: Place | None = None) -> tuple[Place | None, int]:
    """Give the place with which `name` opens and how many characters tell it; (None, 0) where none or unclear.

    Names of places may follow each other, from the higher to the lower (北京市朝阳区). Among places that share a
    name, the one in `near` is meant, else the one in the province of `near`.
    """
    for length, found in places.starting(name):
        # 云州市 is not the 云州 of 云州区, but 云州市场监管局 may well be.
        if name[length : length + 1] in places.level_words and not name.startswith("市场", length):
            found = tuple(place for place in found if place.name == name[:length])
        place = _choose(found, places, near) if found else None
        if place is None:
            continue
        inner, more = place_at_start(name[length:], places, place)
        if inner is not None and inner.code != place.code and places.within(inner, place):
            return inner, length + more
        return place, length
    return None, 0


def _choose(found: tuple[Place, ...], places: Places, near: Place | None) -> Place | None:
    """Give the one place meant among those of one name, None where that is not clear."""
    if len(found) > 1 and near is not None:
        scopes = [near, *_above(near, places)]
        for scope in scopes:
            inside = [place for place in found if places.within(place, scope) or place.code == scope.code]
            if len(inside) == 1:
                return inside[0]
    if len(found) > 1:
        # 吉林 is the province before the city, 大理 the prefecture before its county town.
        nested = [place for place in found if all(places.within(other, place) for other in found)]
        return nested[0] if nested else None
    return found[0]


def _above(place: Place, places: Places) -> Iterator[Place]:
    parent = places.by_code.get(place.parent)
    while parent is not None:
        yield parent
        parent = places.by_code.get(parent.parent)


def relative_place(word: str, issuer: Place, places: Places) -> Place | None:
    """Give the place that a bare level word means in a document of `issuer`: 市 in one of a district is its city.

    None where the word means a place below the issuer, which the document does not tell.
    """
    for place in (issuer, *_above(issuer, places)):
        if place.level_word == word:
            return place
    return None


def _province_of_number(doc_number: str, lexicon: Lexicon) -> Place | None:
    """Give the province whose mark opens a document number (鲁政办发…); longer marks of cities tell nothing here."""
    for mark, place in lexicon.places.marks.items():
        if doc_number.startswith(mark) and lexicon.roles.parts["number-of-province"].match(doc_number[len(mark) :]):
            return place
    return None


def _place_inside(title: str, lexicon: Lexicon, near: Place | None) -> Place | None:
    """Give the first place that a title names in full behind a word of issuing or an opening mark (印发云州市…)."""
    for found in lexicon.roles.parts["issues"].finditer(title):
        after = title[found.end() :]
        place, length = place_at_start(after, lexicon.places, near)
        if place is not None and after[:length].endswith(place.name):
            return place
    return None
