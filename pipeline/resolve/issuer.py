"""Who speaks in a document: its place, its year, and the bureau, by which its bodies are understood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from pipeline.lexicon import Lexicon
from pipeline.lexicon.bodies import Form
from pipeline.lexicon.places import Place, PlaceLevel
from pipeline.model.outline import Front
from pipeline.quick.classes import dataclass, replace
from pipeline.resolve.places import (
    count_named,
    place_at_start,
    place_of_number,
    town_at_start,
    zone_at_start,
    zone_name,
)

# A text tells its own place where it names it at least so often, and so many times as often as any other of its kind.
OFTEN, TIMES = 3, 2
# The first line is a title, the first sentences tell the occasion.
OPENING = 100
TAIWAN = "710000"
# What the codes of places that no list has open with.
UNLISTED = "unlisted|"


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who speaks in a document. `place` is None where it is not known, or where the centre speaks (`national`).

    A `place` whose name several places have is one of this document alone.
    `signature` tells documents of unknown place apart, so that their bodies are never taken for one. `bureau` is the
    issuing body where it is a bureau, not a government: its offices (规划处) are those of the plan. `named` tells how
    often the text names the place, where only that tells it. `level` is that of an unknown place, as its bodies tell.
    """

    place: Place | None
    national: bool
    signature: str
    year: int | None = None
    bureau: Form | None = None
    named: int = 0
    level: PlaceLevel | None = None


def find_issuer(
    front: Front,
    plan_titles: Iterable[str],
    lexicon: Lexicon,
    names: Sequence[str] = (),
    text: str = "",
    first_year: int | None = None,
) -> Issuer:
    """Give the place that a document speaks for: from its issuers, else its title and number, else its plans.

    A name that several places share (朝阳区) is taken only where another part of the front tells which. Where the
    front tells nothing, the bodies that the document charges (`names`) and its `text` may. `first_year`, in which its
    plans begin, stands for the year of an undated document.
    """
    issuer = _of_front(front, plan_titles, lexicon, text)
    issuer = issuer if issuer.year is not None else replace(issuer, year=first_year)
    if issuer.place is not None or issuer.national:
        return issuer
    return _of_names_and_text(issuer, names, text, lexicon)


def _of_front(front: Front, plan_titles: Iterable[str], lexicon: Lexicon, text: str) -> Issuer:
    titles = tuple(plan_titles)
    signature = "|".join((*front.issuers, front.title, front.doc_number, front.issued_on, *titles))
    year = _year(front, lexicon)
    of_number = place_of_number(front.doc_number, lexicon)
    hint = of_number[0] if len(of_number) == 1 else None
    for name in (*front.issuers, front.title, *titles):
        bare = name.removeprefix("中共").removeprefix("中国共产党")
        named = next((body for body in lexicon.bodies.central.get(name, ()) if body.place and body.alone), None)
        if named is not None:
            return Issuer(lexicon.places.by_code[named.place], False, signature, year=year)
        if is_central(name, lexicon) or (name in front.issuers and lexicon.roles.parts["centre"].match(name)):
            return Issuer(None, True, signature, year=year, bureau=_central_bureau(name, lexicon))
        place, length = _issuing_place(bare, lexicon, hint, whole=name in front.issuers)
        if place is not None:
            return Issuer(place, False, signature, year=year, bureau=_bureau(bare[length:], lexicon))
    for name in (front.title, *titles):
        place = _place_inside(name, lexicon, hint)
        if place is not None:
            return Issuer(place, False, signature, year=year)
    unlisted = _unlisted(front, signature, lexicon)
    if hint is not None and _speaks(hint, unlisted, text):
        return Issuer(hint, False, signature, year=year)
    return Issuer(unlisted, False, signature, year)


def _speaks(hint: Place, unlisted: Place | None, text: str) -> bool:
    """Tell whether the place whose mark opens the 文号 is the one that speaks.

    Places that no table has use the marks of others. That of a province (云 in the number of a 云州市) counts only
    where the issuer is not called a city or county itself, that of a city only where the text names the city.
    """
    if hint.level == "province":
        return unlisted is None or unlisted.level == "province" or not unlisted.code.startswith(UNLISTED)
    return (hint.short or hint.name) in text


def _of_names_and_text(issuer: Issuer, names: Sequence[str], text: str, lexicon: Lexicon) -> Issuer:
    """Give the issuer of a document whose front tells no place, by the bodies it charges and the places it names.

    Bodies of which the country has one (教育部) tell the centre, the institutions of Taiwan tell it. Else the level
    word before most bodies (市财政局) tells the kind of place, and the place of this kind that the text names again
    and again, far more often than any other, is its own.
    """
    central, parts = lexicon.bodies.central, lexicon.roles.parts
    taiwan = lexicon.places.by_code.get(TAIWAN)
    if taiwan is not None and parts["taiwan"].search(text) and not any(parts["level"].match(name) for name in names):
        return replace(issuer, place=taiwan)
    words = Counter(
        found["word"]
        for name in names
        if (found := parts["level"].match(name)) and name not in central and not lexicon.bodies.form(name)
    )
    if not words:
        of_centre = sum(any(body.alone and not body.place for body in central.get(name, ())) for name in names)
        return replace(issuer, national=True) if of_centre >= OFTEN else issuer
    word = words.most_common(1)[0][0]
    opening = text.lstrip()[:OPENING].partition("\n")[0]
    place, length = place_at_start(opening, lexicon.places)
    titled = "。" not in opening and place is not None and opening[:length].endswith(place.name)
    if titled and place is not None and place.level_word == word:
        return replace(issuer, place=place, named=text.count(place.name))
    for found in parts["own-place"].finditer(text):
        own = place_at_start(found["place"], lexicon.places)[0]
        if own is not None and own.level_word == word:
            return replace(issuer, place=own, named=text.count(own.short or own.name))
    counts = count_named(text, word, lexicon.places) | _named_bodies(names, text, word, lexicon)
    for place in counts:
        # 为落实《云州市人民政府关于…的决定》: whose government orders the plan in its first sentences speaks in it.
        if any(place.name + organ in text[: OPENING * 10] for organ in ("委", "人民政府", "政府")):
            counts[place] += OFTEN
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0].key))
    if ranked and ranked[0][1] >= max(OFTEN, TIMES * (ranked[1][1] if len(ranked) > 1 else 0)):
        return replace(issuer, place=ranked[0][0], named=ranked[0][1])
    return replace(issuer, level=lexicon.places.level_words.get(word))


def _named_bodies(names: Sequence[str], text: str, word: str, lexicon: Lexicon) -> dict[Place, int]:
    """Count how often the text names, by any wording, the places of this kind after which charged bodies are called."""
    found = (place_at_start(name, lexicon.places)[0] for name in names)
    places = {place for place in found if place is not None and place.level_word == word}
    return {place: text.count(place.short or place.name) for place in places}


def _year(front: Front, lexicon: Lexicon) -> int | None:
    for words in (front.issued_on[:4], front.published_on[:4]):
        if words.isdigit():
            return int(words)
    numbered = lexicon.roles.parts["number-year"].search(front.doc_number)
    return int(numbered["year"]) if numbered else None


def _issuing_place(name: str, lexicon: Lexicon, hint: Place | None, *, whole: bool) -> tuple[Place | None, int]:
    """Give the place that opens the name of an issuer or a title; of an issuer also a town or a committee's area."""
    place, length = place_at_start(name, lexicon.places, hint)
    if whole and place is not None:
        for part in (zone_at_start(name, lexicon, hint), town_at_start(name, lexicon, hint)):
            if part[0] is not None:
                return part
    return place, length


def _bureau(rest: str, lexicon: Lexicon) -> Form | None:
    """Give the issuing body behind its place, None where it is a government or a party committee."""
    form = lexicon.bodies.form(rest) or lexicon.bodies.form(rest.removesuffix("办公室"))
    return form if form is not None and form.function not in ("政府", "政府办", "党委", "党委办", "园区") else None


def _central_bureau(name: str, lexicon: Lexicon) -> Form | None:
    for length in range(min(len(name), 24), 2, -1):
        for body in lexicon.bodies.central.get(name[:length], ()):
            if body.function not in ("政府", "政府办", "党委", "党委办"):
                return Form(body.alias, body.name, "", "", body.function, "government", None, None)
    return None


def _unlisted(front: Front, signature: str, lexicon: Lexicon) -> Place | None:
    """Give the place in the name of the first issuer, which no list tells for sure: 云州市 of 云州市人民政府.

    A name that no place of the lists has is one place in all documents; one that several places share (朝阳区), or that
    is no proper name (高新区), may be another in each.
    """
    for issuer in front.issuers:
        found = lexicon.roles.parts["issuer-place"].match(issuer.removeprefix("中共"))
        if found is None:
            continue
        name, word = found["place"], found["word"]
        area = lexicon.roles.parts["zone"].fullmatch(name)
        stem = area["own"] if area is not None else name.removesuffix(word)
        proper = len(stem) > 1 and name not in lexicon.places.by_name and not stem.startswith(("我", "本", "全", "各"))
        code = f"{UNLISTED}{name}" if proper else f"unknown|{signature}"
        if area is not None:
            return Place(code, zone_name(area), "", "zone", "")
        level = next(level for last, level in lexicon.places.level_words.items() if word.endswith(last))
        return Place(code, name, stem if len(stem) > 1 else "", level, "")
    return None


def is_central(name: str, lexicon: Lexicon) -> bool:
    """Tell whether `name` opens with a body of the centre (国务院办公厅, 教育部等六部门), not with one of a place."""
    for length in range(min(len(name), 24), 2, -1):
        for body in lexicon.bodies.central.get(name[:length], ()):
            if body.alone and not body.place:
                return True
    return False


def _place_inside(title: str, lexicon: Lexicon, near: Place | None) -> Place | None:
    """Give the first place that a title names in full behind a word of issuing or an opening mark (印发云州市…)."""
    for found in lexicon.roles.parts["issues"].finditer(title):
        after = title[found.end() :]
        place, length = place_at_start(after, lexicon.places, near)
        if place is not None and after[:length].endswith(place.name):
            return place
    return None
