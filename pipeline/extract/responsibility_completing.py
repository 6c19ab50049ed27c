"""Make the names of a list complete: what it says once for several of them is restored for each."""

from __future__ import annotations

import regex

from pipeline.extract.responsibility_pieces import PLACE_WORDS, Mark, Name, without_bracket
from pipeline.lexicon import Lexicon
from pipeline.quick.classes import NamedTuple


class Borrowing(NamedTuple):
    """What a name gives to those behind it in a list, or may take from those before it.

    `level` is the level word that it opens with, to be lent on; `plain` tells that it is a party body named without 委.
    `takes` tells that it is a bare name of a kind that every level has, `party` that it takes 委 with the level word.
    """

    level: str = ""
    plain: bool = False
    takes: bool = False
    party: bool = False


class Completer:
    """Completes the names of the lists of one document; what a name gives and takes is found out once."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._known: dict[str, Borrowing] = {}
        self._governments: dict[str, regex.Match[str] | None] = {}

    def complete(self, items: list[Name | Mark]) -> list[Name | Mark]:
        """Restore what a list says once for several names.

        市 of 市科技局、财政局, the office of 市、区财政局, 人民政府 of 东岭区、西岭区人民政府.
        """
        words = self.lexicon.places.level_words
        if any([isinstance(item, Name) and item.organisation in words for item in items]):
            items = _complete_offices(items, self.lexicon)
        return self._complete_levels(self._complete_governments(items))

    def _complete_levels(self, items: list[Name | Mark]) -> list[Name | Mark]:
        """Lend the level word of the name before to a bare name of a kind that every level has."""
        level, plain, done = "", False, list[Name | Mark]()
        for item in items:
            if isinstance(item, Name):
                said = self._known.get(item.organisation)
                if said is None:
                    said = self._known[item.organisation] = _borrowing(item.organisation, self.lexicon)
                if said.level:
                    level, plain = said.level, said.plain
                elif level and said.takes:
                    party = "委" if said.party and not plain else ""
                    item = item._replace(organisation=level + party + item.organisation)
            done.append(item)
        return done

    def _complete_governments(self, items: list[Name | Mark]) -> list[Name | Mark]:
        """Lend 人民政府, 管委会 of a later name to the places that 、 joins to it: 东岭区、西岭区人民政府."""
        done = list(items)
        for place in range(len(items) - 2, -1, -1):
            item, after = done[place], done[place + 1]
            if not (isinstance(item, Name) and isinstance(after, Name) and after.joined):
                continue
            if after.organisation.startswith("各") or item.organisation.startswith("各"):
                continue
            government = self._government(after.organisation)
            ending = _missing_government(item.organisation, government, self.lexicon) if government else ""
            if ending:
                done[place] = item._replace(organisation=item.organisation + ending)
        return done

    def _government(self, organisation: str) -> regex.Match[str] | None:
        if organisation not in self._governments:
            self._governments[organisation] = self.lexicon.roles.parts["government"].match(organisation)
        return self._governments[organisation]


def _borrowing(organisation: str, lexicon: Lexicon) -> Borrowing:
    bodies, name = lexicon.bodies, without_bracket(organisation)
    form = bodies.form(name)
    if form is not None:
        takes = form.branch not in ("vertical", "firm") and len(name) > 2
        return Borrowing(takes=takes, party=form.branch == "party")
    if name in bodies.central:
        return Borrowing()
    found = lexicon.roles.parts["level"].match(name)
    if found is None:
        return Borrowing(takes=_is_bureau(name, lexicon))
    rest = name[found.end() :]
    if not bodies.ends_like_body(rest):
        return Borrowing()
    # 省保密局、密码管理局: a party body that was named without 委 is followed by others so named.
    own = bodies.form(rest)
    return Borrowing(found["word"], found["party"] is None and own is not None and own.branch == "party")


def _complete_offices(items: list[Name | Mark], lexicon: Lexicon) -> list[Name | Mark]:
    """Lend the office of a later name to bare level words that 、 joins to it: 市、区财政局. Others are no names."""
    words, done = lexicon.places.level_words, list[Name | Mark]()
    for item in reversed(items):
        if isinstance(item, Name) and item.organisation in words:
            after = done[-1] if done else None
            level = lexicon.roles.parts["level"].match(after.organisation) if isinstance(after, Name) else None
            if not (isinstance(after, Name) and after.joined and level is not None):
                continue
            item = item._replace(organisation=item.organisation + after.organisation[level.end("word") :])
        done.append(item)
    return done[::-1]


def _is_bureau(name: str, lexicon: Lexicon) -> bool:
    """Tell whether a bare name that no list has is one of a bureau of the kind that every level has: 审批和数据局."""
    bodies = lexicon.bodies
    if not name.endswith(("局", "委", "厅")) or len(name) < 4 or bodies.is_collective(name):
        return False
    # 中国证监会青川监管局, 中铁云州局: bodies of the centre, whose place stands inside.
    lengths = bodies.alias_lengths.get(name[0], ())
    if any(length < len(name) and name[:length] in bodies.central for length in lengths):
        return False
    return bool(bodies.functions_of(name)) and not any(
        lexicon.places.starting(name[start:]) for start in range(len(name) - 2)
    )


def _missing_government(name: str, government: regex.Match[str], lexicon: Lexicon) -> str:
    """Give what `name` lacks to be a government as the one that follows, empty where it lacks nothing."""
    body, word = government["body"], government["word"] or ""
    if lexicon.roles.parts["area"].search(name) and name not in lexicon.places.by_name:
        return "" if body.endswith("政府") else body
    if name[-1] in PLACE_WORDS or name.endswith("街道"):
        return body
    known = any(place.short == name for place in lexicon.places.by_name.get(name, ()))
    return word + body if known and word in tuple(PLACE_WORDS) else ""
