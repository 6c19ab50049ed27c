"""Which place the name of a body means: divisions, towns, and areas that a committee runs."""

from __future__ import annotations

import regex

from pipeline.lexicon import Lexicon
from pipeline.lexicon.places import DIVISION_LEVELS, Place, Places

# One wording for each kind of area: 高新技术产业开发区 is 高新区.
ZONE_KINDS = {
    "高新技术产业开发区": "高新区",
    "高新技术开发区": "高新区",
    "高新技术产业园区": "高新区",
    "经济技术开发区": "经开区",
    "经济开发区": "经开区",
    "综合保税区": "综保区",
}


def place_at_start(
    name: str, places: Places, near: Place | None = None, *, deep: bool = True
) -> tuple[Place | None, int]:
    """Give the place with which `name` opens and how many characters tell it; (None, 0) where none or unclear.

    Names of places may follow each other, from the higher to the lower (北京市朝阳区). Among places that share a
    name, the one in `near` is meant, else the one in the province of `near`. Without `deep` the first name is all.
    """
    for length, found in places.starting(name):
        place = _choose(_unlike_longer(found, name, length, places), places, near)
        if place is None:
            continue
        inner, more = place_at_start(name[length:], places, place) if deep else (None, 0)
        if inner is not None and inner.key != place.key and places.within(inner, place):
            return inner, length + more
        return place, length
    return None, 0


def places_at_start(name: str, places: Places) -> tuple[Place, ...]:
    """Give all places that the longest wording at the start of `name` may mean."""
    for length, found in places.starting(name):
        likely = _unlike_longer(found, name, length, places)
        if likely:
            return likely
    return ()


def _unlike_longer(found: tuple[Place, ...], name: str, length: int, places: Places) -> tuple[Place, ...]:
    """Leave out places whose short name runs on: 云州市 is not the 云州 of 云州区, but 云州市场监管局 may well be."""
    if name[length : length + 1] in places.level_words and not name.startswith("市场", length):
        return tuple(place for place in found if name[:length] != place.short)
    return found


def _choose(found: tuple[Place, ...], places: Places, near: Place | None) -> Place | None:
    """Give the one place meant among those of one name, None where that is not clear."""
    if len(found) > 1 and near is not None:
        for scope in (near, *places.above(near)):
            inside = [place for place in found if places.within(place, scope)]
            if len(inside) == 1:
                return inside[0]
    if len(found) > 1:
        # 吉林 is the province before the city, 大理 the prefecture before its county town.
        nested = [place for place in found if all(places.within(other, place) for other in found)]
        return nested[0] if nested else None
    return found[0] if found else None


def is_near(place: Place, issuer: Place | None, places: Places) -> bool:
    """Tell whether `place` lies in the issuing place or above it, so that a plan may call it by its short name."""
    return issuer is not None and (places.within(place, issuer) or places.within(issuer, place))


def relative_place(word: str, issuer: Place, places: Places) -> Place | None:
    """Give the place that a bare level word means in a document of `issuer`: 市 in one of a district is its city.

    None where the word means a place below the issuer, which the document does not tell.
    """
    for place in (issuer, *places.above(issuer)):
        if place.level_word == word:
            return place
    return None


def zone_at_start(name: str, lexicon: Lexicon, issuer: Place | None) -> tuple[Place | None, int]:
    """Give the area with which `name` opens (云州经开区, 临湖开发区, 苏州工业园区) and how many characters tell it.

    One that no list knows lies in the place named before it, else in the issuing place. An area that is a division
    (浦东新区) is none.
    """
    places = lexicon.places
    for length, found in places.starting(name):
        if found[0].level == "zone":
            return found[0], length
        if name[:length].endswith(("新区", "矿区", "林区")):
            return None, 0
    place, length = place_at_start(name, places, issuer)
    if place is not None and name[:length] != place.name and issuer is not None and not is_near(place, issuer, places):
        # 临湖园区 of another city's plan is an area of that city, named after its neighbour.
        place, length = None, 0
    inside = place if place is not None else issuer
    area = lexicon.roles.parts["zone"].match(name[length:])
    if inside is None or area is None:
        return None, 0
    if inside.level == "zone" and zone_name(area) == inside.name:
        return inside, length + area.end()
    return Place(
        inside.code, (inside.short or inside.name) + zone_name(area), "", "zone", inside.code
    ), length + area.end()


def zone_name(area: regex.Match[str]) -> str:
    """Give the area that a match of the pattern `zone` names, under one wording for its kind."""
    return area["own"] + ZONE_KINDS.get(area["kind"], area["kind"])


def town_at_start(name: str, lexicon: Lexicon, issuer: Place | None) -> tuple[Place | None, int]:
    """Give the town or street district with which `name` opens (临湖镇, 云州市东岭街道), in the issuing place."""
    places = lexicon.places
    place, length = place_at_start(name, places, issuer)
    if place is not None and (name[:length] != place.name or place.level == "zone"):
        place, length = None, 0
    inside = place if place is not None else issuer
    town = lexicon.roles.parts["town"].match(name[length:])
    if town is None or inside is None or inside.level == "township":
        return None, 0
    return Place(inside.code, town["town"], "", "township", inside.code), length + town.end("town")


def place_of_number(doc_number: str, lexicon: Lexicon) -> tuple[Place, ...]:
    """Give the places whose mark opens a document number (鲁政办发…, 澄政办发…); several where that is unclear.

    A mark that asks for the word behind it (苏府 of a city beside 苏政 of its province) goes before one that does not.
    """
    places, parts = lexicon.places, lexicon.roles.parts
    for length in (3, 2, 1):
        mark, rest = doc_number[:length], doc_number[length:]
        found = [place for place, follows in places.number_marks.get(mark, ()) if follows and rest.startswith(follows)]
        if not found:
            organ = parts["number-of-place"].match(rest) is not None
            found = [place for place, follows in places.number_marks.get(mark, ()) if not follows and organ]
            if mark in places.marks and parts["number-of-province"].match(rest):
                found.append(places.marks[mark])
        if found:
            return tuple(dict.fromkeys(found))
    return ()


def count_named(text: str, word: str, places: Places) -> dict[Place, int]:
    """Count how often `text` names each place whose full name ends in `word`, provinces also by their short name.

    Names that several places share count for none.
    """
    counts: dict[Place, int] = {}
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        for length in range(min(12, end), len(word), -1):
            found = places.by_name.get(text[end - length : end], ())
            if found:
                if len(found) == 1 and found[0].level in DIVISION_LEVELS and found[0].level_word == word:
                    counts[found[0]] = counts.get(found[0], 0) + 1
                break
        start = text.find(word, end)
    for place in {place for place in places.marks.values() if place.level_word == word}:
        counts[place] = text.count(place.short)
    return counts
