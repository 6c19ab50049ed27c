"""Which body a name means: one canonical form for its spellings, never one body for two places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.lexicon import Lexicon
from pipeline.lexicon.bodies import COLLECTIVE, Central, Form
from pipeline.lexicon.places import Place
from pipeline.quick.classes import replace
from pipeline.quick.pattern import pattern
from pipeline.resolve.issuer import Issuer
from pipeline.resolve.levels import Level, level_of_collective
from pipeline.resolve.places import (
    is_near,
    place_at_start,
    places_at_start,
    relative_place,
    town_at_start,
    zone_at_start,
)
from pipeline.resolve.resolved import Resolved, organisation_id

CENTRE = "centre"
GOVERNMENT, AREA = "政府", "园区"
# 市法院 of a prefecture is its intermediate court, 省法院 the high court.
COURT = "人民法院"
COURTS = {"province": "高级人民法院", "city": "中级人民法院"}
BANK_REFORM = 2023
QUOTES = pattern('[“”"「」『』]')
BRACKET = pattern(r"[（(〔\[【](?P<inside>[^（()）〔〕\[\]【】]*)[）)〕\]】]$")


def resolve_organisations(
    issuer: Issuer, names: Sequence[str], lexicon: Lexicon, aliases: Mapping[str, str] | None = None
) -> tuple[Resolved, ...]:
    """Give the body that each of `names` means in a document of `issuer`, one for one.

    市发改委, 市发展改革委 and 云州市发展和改革委员会 are one body in a document of 云州市, with one
    `organisation_id`; the same names in a document of another place are another body with the same `function`.
    A name whose place cannot be known is kept apart from those of all other documents. `aliases` gives for names that
    the document sets (以下简称市数据局) what they stand for.
    """
    resolver, meant = _Resolver(issuer, lexicon), aliases or {}
    known = {name: resolver.resolve(meant.get(name, name)) for name in dict.fromkeys(names)}
    return tuple(known[name] for name in names)


class _Resolver:
    def __init__(self, issuer: Issuer, lexicon: Lexicon) -> None:
        self.issuer = issuer
        self.lexicon = lexicon
        self.bodies = lexicon.bodies
        self.parts = lexicon.roles.parts
        # What level words mean here, and the ways down to places: both are asked for each name.
        self._meant: dict[str, Place | None] = {}
        self._paths: dict[Place, str] = {}

    def resolve(self, written: str) -> Resolved:
        """Give the body of a name; what a bracket behind it adds (市住建局（市人防办）) is one of its fields."""
        name, inside = _parted("".join(written.split()))
        body = self._resolve(name.removeprefix("中共").removeprefix("中国共产党") or written)
        level = self.parts["level"].match(inside)
        form = self._form(inside[level.end() :] if level else inside)
        if form is None or form.function in (body.function, *body.also) or body.function in (None, COLLECTIVE):
            return body
        return replace(body, also=(*body.also, form.function))

    def _resolve(self, name: str) -> Resolved:
        central = self._central(name)
        if central is not None:
            return central
        if self.bodies.is_collective(name) or self.parts["bare-kind"].fullmatch(name):
            return self._collective(name)
        league = self.parts["youth-league"].match(name)
        if league is not None:
            name = league["place"] + league["word"] + "团委"
            return (self._explicit(name) if league["place"] else None) or self._relative(league["word"], False, "团委")
        own = self.issuer.place
        if own is not None and not own.code.isdigit() and name.startswith(own.name) and name != own.name:
            name = own.level_word + name[len(own.name) :]
        level = self.parts["level"].match(name)
        if level is not None and self._form(name) is None:
            rest = name[level.end() :]
            if not rest or self._form(rest) or self.bodies.ends_like_body(rest):
                return self._relative(level["word"], bool(level["party"]), rest)
        return self._branch(name) or self._area(name) or self._explicit(name) or self._bare(name)

    def _form(self, name: str, *, party: bool | None = None) -> Form | None:
        return self.bodies.form(name, party=party, year=self.issuer.year)

    # Bodies of the centre

    def _central(self, name: str) -> Resolved | None:
        """Read the name of a body of which the country has one; one of Taiwan in a document from there."""
        body = self._central_body(name)
        if body is None:
            return None
        place = self.lexicon.places.by_code.get(body.place)
        key = place.key if place else CENTRE
        form = self._form(body.name.removeprefix("国家"))
        fields = (
            self.bodies.functions_of(body.name, form) if form is not None and form.function == body.function else ()
        )
        functions = tuple(dict.fromkeys((body.function, *fields)))
        return self._made(key, body.name, place, place.level if place else "national", functions, body)

    def _central_body(self, name: str) -> Central | None:
        several = self.bodies.central.get(name, ())
        own = self.issuer.place.code if self.issuer.place is not None else ""
        for body in several:
            if body.place and body.place == own:
                return body
        for body in several:
            if not body.place and (body.alone or self.issuer.national):
                return body
        return next((body for body in several if body.place and body.alone and len(several) == 1), None)

    def _branch(self, name: str) -> Resolved | None:
        """Read a branch of a body of the centre, whose place stands behind its name or an abbreviation of it.

        人民银行云州分行, 中国证监会青川监管局, 国网青川省电力公司, 国网市电力公司.
        """
        found = self.bodies.branch_of(name)
        if found is None or found[0].place:
            return None
        body, length = found
        rest, places = name[length:], self.lexicon.places
        place, more = place_at_start(rest, places, self.issuer.place)
        level = self.parts["level"].match(rest)
        if place is None and level is not None and self.issuer.place is not None:
            place, more = self._place_of(level["word"]), level.end("word")
        if place is None:
            unlisted = self.parts["unlisted-place"].match(rest)
            of_branch = places.level_words[unlisted["word"]] if unlisted else "national"
            return self._unknown(body.name + rest, of_branch, (body.function,))
        form = self._form(rest[more:])
        if form is not None and form.function == body.function and form.branch == "government":
            # 国家税务总局云州市税务局 is the tax bureau of 云州.
            return self._explicit(rest)
        # The branches of the central bank are called after the full name, those of cities since 2023.
        reformed = self.issuer.year >= BANK_REFORM if self.issuer.year else rest.startswith(place.name)
        full = rest[more:] == "支行" or (rest[more:] == "分行" and reformed)
        full = full and body.function == "人民银行"
        standard = body.name + (place.name if full or not place.short else place.short) + rest[more:]
        if body.function == "电力":
            # 国网青川省电力公司 is a company of its own, not a branch.
            standard = name[:length] + place.name + rest[more:]
        return self._made(place.key, standard, place, self._rank(place, body.function), (body.function,))

    # Bodies of places

    def _relative(self, word: str, party: bool, rest: str) -> Resolved:
        """Read a name by its level word: 市 means the issuing city, or the city above the issuing district."""
        rest = self._without_government(rest)
        form = self._form(rest, party=party)
        functions = self.bodies.functions_of(rest, form) if rest or not party else ("党委",)
        place = self._place_of(word)
        if place is None:
            name = word + ("委" if party else "") + (form.standard if form else rest)
            return self._unknown(name, self.lexicon.places.level_words.get(word), functions)
        return self._made(place.key, self._titled(form or rest, place, party), place, place.level, functions, form)

    def _titled(self, body: Form | str, place: Place, party: bool = False) -> str:
        """Give the standard name of a body of `place`: behind its level word, or the place itself as custom has it."""
        mark = "委" if party else ""
        if isinstance(body, str):
            standard = body
        elif body.branch == "vertical" and self.bodies.functions[body.function].by_place:
            return self.bodies.with_place(body.standard, place.short or place.name)
        elif body.standard == COURT:
            standard = COURTS.get(place.level, COURT)
        elif body.function == "共青团":
            return f"共青团{place.level_word}委员会"
        else:
            standard = body.standard
        # 区财政局 and 财政局 are one in an area that a committee runs.
        return mark + standard if place.level in ("zone", "township") else place.level_word + mark + standard

    def _without_government(self, rest: str) -> str:
        """Leave out what says only whose a bureau is: 市政府研究室 is 市研究室, 市政府办公室 stays."""
        if self._form(rest) is not None:
            return rest
        found = self.parts["of-government"].match(rest)
        return rest[found.end() :] if found and self.bodies.ends_like_body(rest[found.end() :]) else rest

    def _area(self, name: str) -> Resolved | None:
        """Read the name of an area with a committee (云州经开区管委会), a town, or of a body in one of them."""
        for place, length, standard, function in (
            (*zone_at_start(name, self.lexicon, self.issuer.place), "管理委员会", AREA),
            (*town_at_start(name, self.lexicon, self.issuer.place), "人民政府", GOVERNMENT),
        ):
            if place is None:
                continue
            rest = name[length:]
            if not rest or self.parts["of-area"].fullmatch(rest):
                committee = "办事处" if place.name.endswith("街道") else standard
                return self._made(place.key, place.name + committee, place, place.level, (function,))
            form = self._form(rest)
            if form is not None and form.branch not in ("vertical", "firm"):
                functions = self.bodies.functions_of(rest, form)
                return self._made(place.key, form.standard, place, place.level, functions, form)
        return None

    def _explicit(self, name: str) -> Resolved | None:
        """Read a name that opens with a place: 青川省水利厅, 云州海关, 东岭区."""
        place, length = place_at_start(name, self.lexicon.places, self.issuer.place)
        rest = name[length:]
        # 临泽湖县人民政府 is not a body of 临泽: another place word follows.
        government = self.parts["government"].match(rest)
        if government is not None and government["word"] in self.lexicon.places.level_words:
            return self._unlisted(name)
        if place is None:
            return self._unclear(name) or self._unlisted(name)
        if not rest:
            return self._made(place.key, place.level_word + "人民政府", place, place.level, (GOVERNMENT,))
        party = rest.startswith("委") and self._form(rest[1:], party=True) is not None
        rest = self._without_government(rest[1:] if party else rest)
        form = self._form(rest, party=party or None)
        near = name[:length] == place.name or is_near(place, self.issuer.place, self.lexicon.places)
        # A short name before words that name no kind of body is part of a proper name: 平安集团 is not of 平安区.
        if form is None and not (self.bodies.ends_like_body(rest) and near):
            return None
        functions = self.bodies.functions_of(rest, form)
        if form is None and self._is_unranked(self.bodies.class_of(name)):
            # 云州临湖铁路有限公司 is a company of 云州 that 临湖 only lends its name.
            place = place_at_start(name, self.lexicon.places, self.issuer.place, deep=False)[0] or place
        level = self._rank(place, form.function if form is not None else self.bodies.class_of(name))
        if form is not None:
            return self._made(place.key, self._titled(form, place, party), place, level, functions, form)
        return self._part(name, place, length) or self._made(place.key, name, place, level, functions)

    def _part(self, name: str, place: Place, length: int) -> Resolved | None:
        """Read the part of a body that sits in a place below: 云州银保监分局临湖监管组 is of 临湖."""
        for end in range(len(name) - 2, length + 1, -1):
            form = self._form(name[length:end])
            inner = place_at_start(name[end:], self.lexicon.places, place)[0] if form is not None else None
            if form is not None and inner is not None and self.lexicon.places.within(inner, place):
                whole = self._titled(form, place).removeprefix(place.level_word)
                head = whole if place.short and place.short in whole else place.name + whole
                return self._made(inner.key, head + name[end:], inner, inner.level, (form.function,))
        return None

    def _unlisted(self, name: str) -> Resolved | None:
        """Read the government of a place that no list has (临泽湖县人民政府); it lies in the issuing place."""
        found, issuer = self.parts["government"].match(name), self.issuer.place
        word = (found["word"] or "") if found is not None else ""
        if found is None or word not in self.lexicon.places.level_words or issuer is None:
            return None
        level = self.lexicon.places.level_words[word]
        if level == issuer.level == "city":
            level = "county"
        place = Place(f"{issuer.key}|{found['place']}{word}", f"{found['place']}{word}", "", level, issuer.code)
        form = self._form(found["body"])
        standard = word + (form.standard if form is not None else found["body"])
        return self._made(place.key, standard, place, level, (form.function if form is not None else GOVERNMENT,))

    def _unclear(self, name: str) -> Resolved | None:
        """Keep what a name may mean whose place several places share: 鼓楼区财政局."""
        several = places_at_start(name, self.lexicon.places)
        length = max((len(place.name) for place in several if name.startswith(place.name)), default=0)
        rest = name[length:]
        form = self._form(rest)
        if len(several) < 2 or not length or (rest and form is None):
            return None
        level = several[0].level if len({place.level for place in several}) == 1 else None
        standard = several[0].level_word + (form.standard if form else "人民政府")
        functions = self.bodies.functions_of(rest, form) if form else (GOVERNMENT,)
        body = self._unknown(name[: length - 1] + standard, level, functions, several[0].name)
        return replace(body, candidates=tuple(f"{place.code} {place.name}" for place in several))

    def _bare(self, name: str) -> Resolved:
        """Read a name without place and level: it is one of the issuer's own bodies, or an office of its bureau."""
        form, place = self._form(name), self.issuer.place
        if place is None and form is None:
            # Where nobody tells the place, the name still tells an area or a town.
            for kind, level, function in (("zone", "zone", AREA), ("town", "township", GOVERNMENT)):
                found = self.parts[kind].match(name)
                if found is not None and self.parts["of-area"].fullmatch(name[found.end() :] or "管委会"):
                    return self._unknown(name, level, (function,))
        if form is not None and place is not None and form.branch != "firm":
            standard = self._titled(form, place, form.branch == "party")
            return self._made(place.key, standard, place, place.level, self.bodies.functions_of(name, form), form)
        bureau = self.issuer.bureau
        if form is None and bureau is not None and self.parts["office"].search(name):
            functions = tuple(dict.fromkeys((bureau.function, *self.bodies.functions_of(name))))
            word = place.level_word if place is not None else ""
            return self._of_issuer(word + bureau.standard + name, functions)
        if form is None:
            for length in range(2, min(5, len(name) - 2)):
                branch = self._form(name[length:])
                if branch is not None and branch.branch == "vertical" and branch.ending:
                    # 云州金融监管分局: a branch in a place that no list has, hardly the issuer's own.
                    standard = self.bodies.with_place(branch.standard, name[:length])
                    return self._unknown(standard, "city" if branch.ending == "分局" else None, (branch.function,))
        functions = self.bodies.functions_of(name, form)
        classes = (self.bodies.class_of(name), *functions[:1])
        unranked = form.branch == "firm" if form is not None else any(map(self._is_unranked, classes))
        return self._of_issuer(form.standard if form else name, functions, "unranked" if unranked else None, form)

    def _collective(self, name: str) -> Resolved:
        place = self.issuer.place
        own: Level | None = "national" if self.issuer.national else place.level if place else self.issuer.level
        level = level_of_collective(name, place, own, self.lexicon)
        stationed = self._stationed(name)
        if stationed is not None:
            several = level if level == "unranked" else "various"
            return self._made(stationed.key, name, stationed, several, (COLLECTIVE,))
        return self._of_issuer(name, (COLLECTIVE,), level, own_level=False)

    def _stationed(self, name: str) -> Place | None:
        """Give the place in the name of bodies of others there, by its one-character name: 驻鲁各单位, 在锡高校."""
        found = self.parts["stationed"].match(name)
        if found is None:
            return None
        places = self.lexicon.places
        marked = [mark.place for mark in places.number_marks.get(found["mark"], ())]
        marked += [places.marks[found["mark"]]] if found["mark"] in places.marks else []
        near = [place for place in marked if is_near(place, self.issuer.place, places)]
        return near[0] if len(near) == 1 else marked[0] if len(marked) == 1 else None

    # Making them

    def _rank(self, place: Place, function: str) -> str:
        return "unranked" if self._is_unranked(function) else place.level

    def _is_unranked(self, function: str) -> bool:
        """Tell whether bodies for this stand on no level unless their name says whose they are (省演艺集团)."""
        return bool(function) and not self.bodies.functions[function].ranked

    def _of_issuer(
        self, name: str, functions: tuple[str, ...], level: str | None = None, form: Form | None = None,
        *, own_level: bool = True,
    ) -> Resolved:  # fmt: skip
        place = self.issuer.place
        if self.issuer.national:
            return self._made(CENTRE, name, None, level or ("national" if own_level else None), functions, form)
        if place is None:
            return self._unknown(name, level, functions)
        return self._made(place.key, name, place, level or (place.level if own_level else None), functions, form)

    def _unknown(self, name: str, level: str | None, functions: tuple[str, ...], own: str | None = None) -> Resolved:
        """Keep a body of unknown place apart from those of all other documents; `own` is its place without code."""
        body = self._made("unknown|" + self.issuer.signature, name, None, level, functions)
        return replace(body, place=own) if own else body

    def _made(
        self, key: str, name: str, place: Place | None, level: str | None, functions: tuple[str, ...],
        form: Form | Central | None = None,
    ) -> Resolved:  # fmt: skip
        followers = self.bodies.successors.get(form.standard, ()) if isinstance(form, Form) else ()
        head = name.removesuffix(form.standard) if isinstance(form, Form) else ""
        successors = tuple((organisation_id(key, head + follower), head + follower) for follower in followers)
        return Resolved(
            organisation_id(key, name),
            name,
            place.label if place else None,
            level,
            functions[0] if functions else None,
            functions[1:],
            (),
            form.valid_from if form else None,
            form.valid_to if form else None,
            successors,
            self._shown(name, place),
            self._path(place) if place else None,
        )

    def _place_of(self, word: str) -> Place | None:
        """Give the place that a bare level word means in this document, None where nobody tells."""
        if word not in self._meant:
            own = self.issuer.place
            self._meant[word] = relative_place(word, own, self.lexicon.places) if own is not None else None
        return self._meant[word]

    def _path(self, place: Place) -> str:
        found = self._paths.get(place)
        if found is None:
            found = self._paths[place] = self.lexicon.places.path(place)
        return found

    def _shown(self, name: str, place: Place | None) -> str:
        """Put the place before a name whose level word means another place here, or none."""
        if place is None or place.level in ("zone", "township") or not name.startswith(place.level_word):
            return name
        meant = self._place_of(place.level_word)
        return name if meant is not None and meant.key == place.key else place.name + name[len(place.level_word) :]


def _parted(name: str) -> tuple[str, str]:
    """Part a name from what stands in brackets behind it (市住建局（市人防办）), without quotation marks."""
    name = QUOTES.sub("", name)
    found = BRACKET.search(name)
    return (name[: found.start()], found["inside"]) if found and found.start() else (name, "")
