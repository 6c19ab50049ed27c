"""On which level of government a body stands, where its name tells."""

from __future__ import annotations

from typing import Literal

from pipeline.lexicon import Lexicon
from pipeline.lexicon.places import Place

Level = Literal["national", "province", "city", "county", "township", "zone", "various", "unranked"]
KINDS: dict[str, Level] = {
    "province": "province", "city": "city", "county": "county", "township": "township", "village": "township",
    "zone": "zone",
}  # fmt: skip
LADDER: tuple[Level, ...] = ("national", "province", "city", "county", "township")


def level_of_collective(name: str, place: Place | None, own: Level | None, lexicon: Lexicon) -> Level | None:
    """Give the level of the members of a collective name in a document of `place`, which stands on the level `own`.

    各区县 are county, 各镇街 township, 各功能区 zone, 各地区 one below the place, 市有关部门 that of the city. Where
    the name joins kinds of two levels (各市、县、区 of a province), or means every level (各级党委), it is various;
    companies and schools have none. A city of a city's plan is a county-level one. None where the name tells nothing
    and the place is not known.
    """
    parts = lexicon.roles.parts
    if parts["every-level"].search(name):
        return "various"
    if parts["own-departments"].search(name):
        led = parts["level"].match(name)
        word = led["word"] if led else ""
        return _of_word(word, place, lexicon) if word else own
    if parts["unranked-members"].search(name):
        return "unranked"
    if parts["members-below"].search(name):
        # 各地区, 各板块 are the places one level below the one that speaks.
        if own is None or own not in LADDER:
            return "township" if own == "zone" else own
        return LADDER[min(LADDER.index(own) + 1, len(LADDER) - 1)]
    # The members stand behind 各: 全市各镇街 are towns and streets, 全市 only says whose.
    behind = max(name.find("各"), 0)
    kinds = {_step(match.lastgroup or "", own) for match in parts["member-kind"].finditer(name, behind)} - {None}
    return kinds.pop() if len(kinds) == 1 else "various" if kinds else own


def _of_word(word: str, place: Place | None, lexicon: Lexicon) -> Level | None:
    for above in (place, *lexicon.places.above(place)) if place is not None else ():
        if above is not None and above.level_word == word:
            return above.level
    return lexicon.places.level_words.get(word)


def _step(kind: str, own: Level | None) -> Level | None:
    """Give the level that a kind of place means: a 市 below a city is a county-level city."""
    if kind == "city" and own in ("city", "county"):
        return "county"
    return KINDS.get(kind)
