"""Which body a name means: one canonical form for its spellings, never one body for two places."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import regex

from pipeline.lexicon import Lexicon
from pipeline.lexicon.bodies import Form
from pipeline.lexicon.places import Place
from pipeline.model.outline import Front
from pipeline.resolve.places import Issuer, find_issuer, place_at_start, relative_place

COLLECTIVE = "collective"
CENTRE = "centre"


@dataclass(frozen=True, slots=True)
class Resolved:
    """The body that a name means.

    `name` is its standard name without its place: 市发展和改革委员会. `place` is code and name, None where it is
    not known and for bodies of the centre. `level` is national, province, city, county or None. `function` is what
    it is for, one word over all levels (发改); `collective` for names of many bodies (各区县), None where not known.
    """

    organisation_id: str
    name: str
    place: str | None
    level: str | None
    function: str | None


def resolve_organisations(
    front: Front, plan_titles: tuple[str, ...], names: Sequence[str], lexicon: Lexicon
) -> tuple[Resolved, ...]:
    """Give the body that each of `names` means in a document, one for one.

    市发改委, 市发展改革委 and 云州市发展和改革委员会 are one body in a document of 云州市, with one
    `organisation_id`; the same names in a document of another place are another body with the same `function`.
    A name whose place cannot be known is kept apart from those of all other documents.
    """
    issuer = find_issuer(front, plan_titles, lexicon)
    if issuer.place is None and not issuer.name and _names_of_centre(names, lexicon):
        issuer = replace(issuer, national=True)
    resolver = _Resolver(issuer, lexicon)
    known = {name: resolver.resolve(name) for name in dict.fromkeys(names)}
    return tuple(known[name] for name in names)


def _names_of_centre(names: Sequence[str], lexicon: Lexicon) -> bool:
    """Tell whether a document of unknown issuer charges bodies of the centre, and none by a level word (市财政局)."""
    level, central = lexicon.roles.parts["level"], lexicon.bodies.central
    if any(level.match(name) and name not in central and lexicon.bodies.form(name) is None for name in names):
        return False
    return sum(any(body.alone and not body.place for body in central.get(name, ())) for name in names) >= 3


class _Resolver:
    def __init__(self, issuer: Issuer, lexicon: Lexicon) -> None:
        self.issuer = issuer
        self.lexicon = lexicon

    def resolve(self, written: str) -> Resolved:
        name = _without_brackets("".join(written.split())).removeprefix("中共") or written
        bodies = self.lexicon.bodies
        central = self._central(name)
        if central is not None:
            return central
        if bodies.is_collective(name):
            return self._of_issuer(name, None, COLLECTIVE)
        league = self.lexicon.roles.parts["youth-league"].match(name)
        if league is not None:
            return self._relative(league["word"], False, "团委")
        if self.issuer.name and name.startswith(self.issuer.name) and name != self.issuer.name:
            name = name[len(self.issuer.name) - 1 :]
        level = self.lexicon.roles.parts["level"].match(name)
        if level is not None and bodies.form(name) is None:
            rest = name[level.end() :]
            if not rest or bodies.form(rest) or bodies.ends_like_body(rest):
                return self._relative(level["word"], bool(level["party"]), rest)
        return self._explicit(name) or self._bare(name)

    def _central(self, name: str) -> Resolved | None:
        """Read the name of a body of which the country has one."""
        for body in self.lexicon.bodies.central.get(name, ()):
            if body.alone or self.issuer.national:
                place = self.lexicon.places.by_code.get(body.place)
                key = place.code if place else CENTRE
                return _resolved(key, body.name, place, None if place else "national", body.function)
        return None

    def _relative(self, word: str, party: bool, rest: str) -> Resolved:
        """Read a name by its level word: 市 means the issuing city, or the city above the issuing district."""
        form = self.lexicon.bodies.form(rest)
        name = word + ("委" if party else "") + (form.standard if form else rest)
        function = form.function if form else "党委" if party and not rest else self.lexicon.bodies.function_of(rest)
        place = relative_place(word, self.issuer.place, self.lexicon.places) if self.issuer.place else None
        if place is None:
            own = self.issuer.name if self.issuer.name.endswith(word) else None
            return self._unknown(name, self.lexicon.places.level_words.get(word), function, own)
        return _resolved(place.code, name, place, place.level, function)

    def _explicit(self, name: str) -> Resolved | None:
        """Read a name that opens with a place (青川省水利厅, 云州海关), or holds one behind 人民银行."""
        branch_of = self._branch_bank(name)
        if branch_of is not None:
            return branch_of
        place, length = place_at_start(name, self.lexicon.places, self.issuer.place)
        rest = name[length:]
        # 临泽湖县人民政府 is not a body of 临泽: another place word follows.
        government = self.lexicon.roles.parts["government"].match(rest)
        if government is not None and government["word"] in self.lexicon.places.level_words:
            return None
        if place is None or (rest and not self.lexicon.bodies.ends_like_body(rest)):
            return None
        if not rest:
            return _resolved(place.code, place.level_word, place, place.level, "政府")
        party = rest.startswith("委") and self.lexicon.bodies.form(rest[1:]) is not None
        form = self.lexicon.bodies.form(rest[1:] if party else rest)
        if form is None or form.branch == "vertical":
            standard = (place.short or place.name) + (form.standard if form else rest)
            return _resolved(
                place.code,
                standard,
                place,
                place.level,
                form.function if form else self.lexicon.bodies.function_of(rest),
            )
        standard = place.level_word + ("委" if party else "") + form.standard
        return _resolved(place.code, standard, place, place.level, form.function)

    def _branch_bank(self, name: str) -> Resolved | None:
        """Read a branch of the central bank: its place stands inside (人民银行云州分行, 人行云州市支行)."""
        found = self.lexicon.roles.parts["central-bank"].match(name)
        if found is None:
            return None
        place, length = place_at_start(found["rest"], self.lexicon.places, self.issuer.place)
        if place is None:
            return self._unknown("中国人民银行" + found["rest"], None, "人民银行")
        standard = "中国人民银行" + (place.short or place.name) + found["rest"][length:]
        return _resolved(place.code, standard, place, place.level, "人民银行")

    def _bare(self, name: str) -> Resolved:
        """Read a name without place and level: it is one of the issuer's own bodies."""
        form: Form | None = self.lexicon.bodies.form(name)
        place: Place | None = self.issuer.place
        if form is not None and place is not None and form.branch != "vertical":
            party = "委" if form.branch == "party" else ""
            return _resolved(place.code, place.level_word + party + form.standard, place, place.level, form.function)
        return self._of_issuer(
            form.standard if form else name, None, form.function if form else self.lexicon.bodies.function_of(name)
        )

    def _of_issuer(self, name: str, level: str | None, function: str | None) -> Resolved:
        if self.issuer.national:
            return _resolved(CENTRE, name, None, level, function)
        if self.issuer.place is None:
            return self._unknown(name, level, function)
        return _resolved(self.issuer.place.code, name, self.issuer.place, level, function)

    def _unknown(self, name: str, level: str | None, function: str | None, own: str | None = None) -> Resolved:
        """Keep a body of unknown place apart from those of all other documents; `own` is its place without code."""
        body = _resolved("unknown|" + self.issuer.signature, name, None, level, function)
        return replace(body, place=own) if own else body


def _resolved(key: str, name: str, place: Place | None, level: str | None, function: str | None) -> Resolved:
    digest = hashlib.sha256(f"{key}\n{name}".encode()).hexdigest()[:12]
    return Resolved(f"org-{digest}", name, f"{place.code} {place.name}" if place else None, level, function)


def _without_brackets(name: str) -> str:
    """Leave out what stands in brackets behind a name: 市住建局（市人防办） is the first of the two."""
    return regex.sub(r"[（(〔\[【].*?[）)〕\]】]$", "", name) or name
