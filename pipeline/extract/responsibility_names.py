"""Read a list of bodies (市科技局、财政局等按职责分工负责) into names; tell how sure it is that a name is a body."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from pipeline.extract.responsibility_completing import Completer
from pipeline.extract.responsibility_pieces import (
    BRACKET_MARKS,
    CLOSING,
    LONGEST_PIECE,
    OPENING,
    PLACE_WORDS,
    SEPARATORS,
    Mark,
    Name,
    blank,
    split_list,
    trim,
    without_bracket,
)
from pipeline.lexicon import Lexicon
from pipeline.lexicon.sieve import Sieve

# Names are hardly longer, so that longer pieces do not recur.
LONGEST_KNOWN = 40
SEPARATORS_SET = frozenset(SEPARATORS)


class ListReader:
    """Reads lists of bodies with one lexicon."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.text = text
        self.lexicon = lexicon
        self.roles = lexicon.roles
        self.parts = lexicon.roles.parts
        self._completer = Completer(lexicon)
        # The names of one document recur.
        self._certain: dict[str, bool] = {}
        self._body: dict[str, bool] = {}
        self._date: dict[str, bool] = {}
        self._pieces: dict[tuple[str, bool], tuple[int, list[Name | Mark]]] = {}

    @cached_property
    def passages(self) -> Sieve:
        """The rules for passages that charge bodies for many tasks, as far as the text may hold any."""
        return self.roles.passages.of_document(self.text)

    def is_body(self, name: str) -> bool:
        """Tell whether `name` plainly names a body; a bare class word (企业, 政府) does not."""
        known = self._body.get(name)
        if known is None:
            known = self._body[name] = self._names_body(name)
        return known

    def _names_body(self, name: str) -> bool:
        bodies = self.lexicon.bodies
        name = without_bracket(name)
        if name in bodies.central or self.starts_with_place(name):
            return True
        if bodies.is_collective(name):
            return len(name) >= 2 and (bodies.ends_like_body(name) or name in ("各地", "各方"))
        form = bodies.form(name)
        if form is not None:
            return form.branch in ("mass", "judicial") or (
                len(name) >= 3 and form.branch in ("government", "party", "vertical")
            )
        if len(name) == 3:
            return any(self.parts[part].search(name) is not None for part in ("level", "area", "office"))
        return len(name) > 3 and bodies.ends_like_body(name)

    def is_certain(self, name: str) -> bool:
        """Tell whether `name` is surely a body by itself: one of the centre, 市水务局, 东岭区人民政府, 各县区."""
        known = self._certain.get(name)
        if known is None:
            known = self._certain[name] = self._names_certain(name)
        return known

    def _names_certain(self, name: str) -> bool:
        bodies = self.lexicon.bodies
        name = without_bracket(name)
        if any(body.alone for body in bodies.central.get(name, ())) or self._is_branch(name):
            return True
        if bodies.is_collective(name):
            opens = name.startswith((*bodies.collective_anywhere, *bodies.collective_start))
            public = name.endswith((*bodies.strong_endings, *PLACE_WORDS)) and bodies.function_of(name) != "企业"
            return public and (opens or self.parts["level"].match(name) is not None)
        form = bodies.form(name)
        if form is not None and form.ending and len(name) > 2 and form.branch in ("government", "party", "vertical"):
            return True
        if self.parts["youth-league"].match(name):
            return True
        level = self.parts["level"].match(name)
        if level is not None and bodies.form(name) is None:
            rest = name[level.end() :]
            return bodies.form(rest) is not None or (len(rest) > 3 and bodies.closes_name(rest))
        return self.starts_with_place(name) and bodies.closes_name(name)

    def is_known(self, name: str) -> bool:
        """Tell whether the lexicon has `name` whole: behind its level word or place a listed form, or a collective."""
        bodies = self.lexicon.bodies
        name = without_bracket(name)
        if bodies.form(name) is not None or any(body.alone for body in bodies.central.get(name, ())):
            return True
        if self._is_branch(name) or self.parts["youth-league"].match(name):
            return True
        if bodies.is_collective(name):
            return self.parts["own-departments"].search(name) is not None
        level = self.parts["level"].match(name)
        opening = [level.end()] if level else [length for length, _ in self.lexicon.places.starting(name)]
        return any(bodies.form(name[length:]) is not None for length in opening)

    def _is_branch(self, name: str) -> bool:
        """Tell whether `name` opens with a body of the centre and closes like one of its branches: 农发行云州分行."""
        bodies = self.lexicon.bodies
        if bodies.closes_name(name) and bodies.branch_of(name) is not None:
            return True
        # 云州金融监管分局, where no list knows the place
        forms = (bodies.form(name[length:]) for length in range(2, min(5, len(name) - 2)))
        return any(form is not None and form.branch == "vertical" and form.ending for form in forms)

    def starts_with_place(self, name: str) -> bool:
        """Tell whether `name` opens with a known place or is one, and can name a body."""
        return bool(self.lexicon.places.starting(name)) and self.lexicon.bodies.ends_like_body(name)

    def read(self, start: int, end: int) -> list[Name | Mark]:
        """Give the names of the list text[start:end] and the role words between them, in order, made complete."""
        items: list[Name | Mark] = []
        for piece_start, piece_end, before in split_list(self.text, start, end):
            for token in self._tokens(piece_start, piece_end, before == "、"):
                self._append(items, token)
        if not items:
            return []
        return self._completer.complete(self._parted(items))

    def _tokens(self, start: int, end: int, joined: bool) -> list[Name | Mark]:
        """Read what stands between two separators; a piece that was read before is only set in its new place."""
        if end - start > LONGEST_KNOWN:
            return list(self._piece(start, end, joined))
        # No pattern looks further back than one character.
        words = self.text[start - 1 : end] if start else "\n" + self.text[:end]
        known = self._pieces.get((words, joined))
        if known is None:
            known = self._pieces[words, joined] = start, list(self._piece(start, end, joined))
        shift = start - known[0]
        if not shift:
            return known[1]
        return [_shifted(token, shift) if isinstance(token, Name) else token for token in known[1]]

    def may_hold_marks(self, start: int, end: int) -> bool:
        """Tell whether text[start:end] holds a word that may become a mark when it is read as a list."""
        mention, joint = self.roles.mention, self.roles.joint
        return mention.search(self.text, start, end) is not None or joint.search(self.text, start, end) is not None

    def ends_in_name(self, start: int, end: int) -> bool:
        """Tell whether the list text[start:end] surely ends in a name, by its last piece alone."""
        for piece_start, piece_end, before in reversed(split_list(self.text, start, end)):
            tokens = self._tokens(piece_start, piece_end, before == "、")
            if tokens:
                *_, last = self._kinds(tokens[-1])
                # A bare level word is dropped where nothing completes it.
                return isinstance(last, Name) and last.organisation not in self.lexicon.places.level_words
        return False

    def _append(self, items: list[Name | Mark], token: Name | Mark) -> None:
        """Add a token; one that only runs on after 各 (各市、县人民政府) is joined to the name before it."""
        last = items[-1] if items else None
        if isinstance(token, Name) and isinstance(last, Name) and token.joined and self._runs_on(last, token):
            items[-1] = last._replace(organisation=blank(self.text[last.start : token.end]), end=token.end)
        else:
            items.append(token)

    def _runs_on(self, last: Name, token: Name) -> bool:
        """Tell whether a name that 、 joins to one with 各 is its second half: 各部门、单位; 各市、县党委、政府."""
        if "各" not in last.organisation:
            return False
        bodies, name = self.lexicon.bodies, token.organisation
        before = last.organisation.rpartition("各")[2].split("、")[-1]
        if before.endswith("委"):
            return self.parts["government"].match("各" + name) is not None and len(name) <= 4
        runs = bodies.continues_collective(before) or before.endswith(("部门", "单位", "部委"))
        return runs and bodies.continues_collective(name)

    def _parted(self, items: list[Name | Mark]) -> list[Name | Mark]:
        """Part the names that list kinds of areas; hardly any does."""
        if all([isinstance(item, Mark) or SEPARATORS_SET.isdisjoint(item.organisation) for item in items]):
            return items
        return [piece for item in items for piece in self._kinds(item)]

    def _kinds(self, item: Name | Mark) -> Iterator[Name | Mark]:
        """Part a name that lists kinds of areas under one 各: 各镇、街道 is 各镇 and 各街道, but
        各市、县人民政府 and 各部门、单位, whose last word belongs to all, are one name.
        """
        if isinstance(item, Mark) or SEPARATORS_SET.isdisjoint(item.organisation):
            yield item
            return
        pieces = split_list(self.text, item.start, item.end)
        if len(pieces) < 2:
            yield item
            return
        # 各乡镇人民政府、街道办事处 are two: the first has an ending of its own.
        shared = self.parts["shared-ending"].search(item.organisation) is not None
        if shared and self.parts["government"].match(blank(self.text[pieces[0][0] : pieces[0][1]])) is None:
            yield item
            return
        opening = item.organisation[: item.organisation.index("各") + 1] if "各" in item.organisation else ""
        for number, (start, end, _) in enumerate(pieces):
            start, end = trim(self.text, start, end)
            name = blank(self.text[start:end])
            yield item._replace(organisation=opening + name if number else name, start=start, end=end)

    def _piece(self, start: int, end: int, joined: bool) -> Iterator[Name | Mark]:
        """Read what stands between two separators: names joined by 和, 会同, with the verb that may close them."""
        start, end = self._balanced(*trim(self.text, start, end, "·•-—*."))
        if start >= end or end - start > LONGEST_PIECE or self.is_date(blank(self.text[start:end])):
            return
        closes = self.text.endswith(self.roles.verb_ends, start, end)
        verb = self.roles.verb.search(self.text, start, end) if closes else None
        stop = verb.start() if verb else end
        yield from self._names(start, stop, joined)
        if verb:
            yield Mark(self.roles.of_label(verb["role"]) or "responsible", verb["role"], False)

    def _balanced(self, start: int, end: int) -> tuple[int, int]:
        """Narrow [start, end) past a bracket at its edge whose other half stands elsewhere: 〔市水务局, 负责〕."""
        inside = self.text[start:end]
        if inside.startswith(tuple(OPENING)) and not any(char in CLOSING for char in inside):
            start += 1
        if inside.endswith(tuple(CLOSING)) and not any(char in OPENING for char in inside):
            end -= 1
        return trim(self.text, start, end)

    def is_date(self, piece: str) -> bool:
        """Tell whether a piece of a list says when, not who: 6月底前完成."""
        known = self._date.get(piece)
        if known is None:
            known = self._date[piece] = self.roles.deadline.search(piece) is not None
        return known

    def _names(self, start: int, end: int, joined: bool) -> Iterator[Name | Mark]:
        """Read names that no separator parts."""
        start, end = trim(self.text, start, end)
        lead_in = self.parts["lead-in"].match(self.text[start:end])
        if lead_in:
            start += lead_in.end()
        joint = self.roles.joint.match(self.text, start, end)
        if joint:
            yield Mark("participant", joint[0], True)
            yield from self._names(joint.end(), end, joined)
            return
        open_list = self.parts["open-list"].search(self.text, start, end)
        if open_list:
            end = open_list.start()
        cut = self._cut(start, end)
        if cut is not None:
            left, right = cut
            yield from self._names(start, left, joined)
            if right < end:
                yield from self._names(right, end, not self.text[left:right].isspace())
            return
        yield from self._one(start, end, joined)

    def _cut(self, start: int, end: int) -> tuple[int, int] | None:
        """Find the first place where two names meet without separator: at 和, 会同 or white space."""
        text, bodies = self.text, self.lexicon.bodies
        for place in self._joints(start, end):
            left, rest = blank(text[start:place]), text[place:end]
            if len(left) < 2:
                continue
            if rest[0].isspace():
                after = place + len(rest) - len(rest.lstrip())
                if (
                    bodies.ends_like_body(without_bracket(left))
                    and self.is_body(blank(text[after:end]))
                    and not rest.lstrip().startswith("员会")
                ):
                    return place, after
                continue
            joint = self.lexicon.roles.joint.match(text, place, end)
            if joint and bodies.ends_like_body(left):
                return place, place
            word = self.parts["conjunction"].match(text, place, end)
            if word is None:
                continue
            right = blank(text[word.end() : end])
            if not right and bodies.ends_like_body(left):
                # the partner was lost: 责任单位：东岭区和
                return place, end
            if self.parts["committees"].search(left + "和" + right):
                continue
            if not (self._is_whole(left, right) or self.parts["open-list"].search(left)):
                continue
            owned = right.startswith(("所属", "其", "下属", "直属"))
            if len(right) >= 2 and not owned and not (left.startswith("各") and bodies.continues_collective(right)):
                return place, word.end()
        return None

    def _joints(self, start: int, end: int) -> Iterator[int]:
        """Give the places outside brackets where 和, 会同 or white space stands."""
        text, inside = self.text, self.text[start:end]
        places = {found.start() for found in self.roles.joint.finditer(text, start, end, overlapped=True)}
        places.update(found.start() for found in self.parts["conjunction"].finditer(text, start, end, overlapped=True))
        if len(inside.split()) > 1:
            places.update(start + place for place, char in enumerate(inside) if char.isspace())
        if not places or BRACKET_MARKS.search(text, start, end) is None:
            yield from sorted(places)
            return
        depth = 0
        for place, char in enumerate(inside, start):
            depth += (char in OPENING) - (char in CLOSING)
            if depth <= 0 and place in places:
                yield place

    def _is_whole(self, left: str, right: str) -> bool:
        """Tell whether `left`, before a 和 with `right` behind it, is a whole name."""
        bodies = self.lexicon.bodies
        if bodies.closes_name(left) or left in bodies.central or bodies.form(left) is not None:
            return True
        # 东岭区和西岭区, 东岭区和西岭区人民政府
        places = tuple(PLACE_WORDS)
        return left.endswith(places) and (right.endswith(places) or self.parts["government"].match(right) is not None)

    def _one(self, start: int, end: int, joined: bool) -> Iterator[Name | Mark]:
        """Read one name, with the bracket that may enclose or follow it."""
        text = self.text
        start, end = trim(text, start, end, "“”\"'")
        if start < end and text[start] in OPENING and text[end - 1] in CLOSING and _encloses(text, start, end):
            for inner_start, inner_end, _ in split_list(text, start + 1, end - 1):
                for item in self._piece(inner_start, inner_end, joined):
                    yield item._replace(bracketed=True) if isinstance(item, Name) else item
            return
        role, role_text = None, ""
        if end - start > 2 and text[end - 1] in CLOSING:
            opening = max(text.rfind(char, start, end) for char in OPENING)
            inside = blank(text[opening + 1 : end - 1])
            if opening > start:
                role = self.lexicon.roles.of_label(inside)
                role_text = inside if role else ""
                if role or self.parts["aside"].search(inside):
                    start, end = trim(text, start, opening)
        name = blank(text[start:end])
        if name in self.lexicon.places.level_words or (
            len(name) >= 2 and not self.is_date(name) and not name.isascii()
        ):
            yield Name(name, start, end, role, role_text, joined)


def _shifted(name: Name, shift: int) -> Name:
    organisation, start, end, role, role_text, joined, bracketed = name
    return Name(organisation, start + shift, end + shift, role, role_text, joined, bracketed)


def _encloses(text: str, start: int, end: int) -> bool:
    """Tell whether the bracket at `start` is closed by the last character only."""
    depth = 0
    for place in range(start, end):
        depth += (text[place] in OPENING) - (text[place] in CLOSING)
        if depth == 0:
            return place == end - 1
    return False
