"""Read a list of bodies (市科技局、财政局等按职责分工负责) into names, and make the names complete."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import regex

from pipeline.lexicon import Lexicon
from pipeline.model.findings import Role

OPENING, CLOSING = "（(〔[【﹝［｛{〖", "）)〕]】﹞］｝}〗"
PLACE_WORDS = "市县区州旗盟镇乡"
SEPARATORS = "、，,；;。．/／|｜"
# Longer runs without a separator are sentences, not names.
LONGEST_PIECE = 100
COLONS = "：:﹕∶"


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a list at its place in the text. `joined` tells that only 、 or 和 parts it from the one before,
    `bracketed` that it stands whole in brackets. `role` is set where a bracket behind the name gives it one.
    """

    organisation: str
    start: int
    end: int
    role: Role | None = None
    role_text: str = ""
    joined: bool = False
    bracketed: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A word of a list that gives a role: after the names (`opens` false: 牵头) or before them (true: 会同)."""

    role: Role
    text: str
    opens: bool


def blank(text: str) -> str:
    """Give `text` without white space."""
    return "".join(text.split())


def trim(text: str, start: int, end: int, chars: str = "") -> tuple[int, int]:
    """Narrow [start, end) past white space and `chars` at both ends."""
    while start < end and (text[start].isspace() or text[start] in chars):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in chars):
        end -= 1
    return start, end


def marks_outside_brackets(text: str, start: int, end: int, marks: regex.Pattern[str]) -> Iterator[int]:
    """Give the places in [start, end) of the characters of `marks` that stand in no bracket.

    `marks` is made by `mark_pattern`; a closing bracket without opening one changes nothing.
    """
    depth = 0
    for found in marks.finditer(text, start, end):
        char = found[0]
        if char in OPENING:
            depth += 1
        elif char in CLOSING:
            depth = max(depth - 1, 0)
        elif depth == 0:
            yield found.start()


def without_bracket(name: str) -> str:
    """Give `name` without the bracket that closes it: 交通运输厅〔铁建办〕."""
    opening = max(name.rfind(char) for char in OPENING) if name.endswith(tuple(CLOSING)) else 0
    return name[:opening] if opening > 0 else name


def mark_pattern(marks: str) -> regex.Pattern[str]:
    """Compile the characters of `marks`, and the brackets, into one class."""
    return regex.compile(f"[{regex.escape(marks + OPENING + CLOSING)}]")


SEPARATOR_MARKS = mark_pattern(SEPARATORS)


def split_list(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Cut [start, end) at the separators that stand in no bracket, as (start, end, the separator before the piece)."""
    first, before = start, ""
    for place in marks_outside_brackets(text, start, end, SEPARATOR_MARKS):
        yield first, place, before
        first, before = place + 1, text[place]
    yield first, end, before


class ListReader:
    """Reads lists of bodies with one lexicon."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.text = text
        self.lexicon = lexicon
        self.parts = lexicon.roles.parts

    def is_body(self, name: str) -> bool:
        """Tell whether `name` plainly names a body; a bare class word (企业, 政府) does not."""
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
        for length in range(2, len(name) - 1):
            opens = any(body.alone or body.function == "人民银行" for body in bodies.central.get(name[:length], ()))
            if opens and bodies.closes_name(name):
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
            for token in self._piece(piece_start, piece_end, before == "、"):
                self._append(items, token)
        return complete([piece for item in items for piece in self._kinds(item)], self.lexicon)

    def _append(self, items: list[Name | Mark], token: Name | Mark) -> None:
        """Add a token; one that only runs on after 各 (各市、县人民政府) is joined to the name before it."""
        last = items[-1] if items else None
        if isinstance(token, Name) and isinstance(last, Name) and token.joined and self._runs_on(last, token):
            items[-1] = replace(last, organisation=blank(self.text[last.start : token.end]), end=token.end)
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

    def _kinds(self, item: Name | Mark) -> Iterator[Name | Mark]:
        """Part a name that lists kinds of areas under one 各: 各镇、街道 is 各镇 and 各街道, but
        各市、县人民政府 and 各部门、单位, whose last word belongs to all, are one name.
        """
        pieces = list(split_list(self.text, item.start, item.end)) if isinstance(item, Name) else []
        if not isinstance(item, Name) or len(pieces) < 2 or self.parts["shared-ending"].search(item.organisation):
            yield item
            return
        opening = item.organisation[: item.organisation.index("各") + 1] if "各" in item.organisation else ""
        for number, (start, end, _) in enumerate(pieces):
            start, end = trim(self.text, start, end)
            name = blank(self.text[start:end])
            yield replace(item, organisation=opening + name if number else name, start=start, end=end)

    def _piece(self, start: int, end: int, joined: bool) -> Iterator[Name | Mark]:
        """Read what stands between two separators: names joined by 和, 会同, with the verb that may close them."""
        start, end = self._balanced(*trim(self.text, start, end, "·•-—*."))
        if start >= end or end - start > LONGEST_PIECE or self._is_date(blank(self.text[start:end])):
            return
        verb = self.lexicon.roles.verb.search(self.text, start, end)
        stop = verb.start() if verb else end
        yield from self._names(start, stop, joined)
        if verb:
            yield Mark(self.lexicon.roles.of_label(verb["role"]) or "responsible", verb["role"], False)

    def _balanced(self, start: int, end: int) -> tuple[int, int]:
        """Narrow [start, end) past a bracket at its edge whose other half stands elsewhere: 〔市水务局, 负责〕."""
        inside = self.text[start:end]
        if inside.startswith(tuple(OPENING)) and not any(char in CLOSING for char in inside):
            start += 1
        if inside.endswith(tuple(CLOSING)) and not any(char in OPENING for char in inside):
            end -= 1
        return trim(self.text, start, end)

    def _is_date(self, piece: str) -> bool:
        return any(rule.pattern.search(piece) for rule in self.lexicon.roles.deadline)

    def _names(self, start: int, end: int, joined: bool) -> Iterator[Name | Mark]:
        """Read names that no separator parts."""
        start, end = trim(self.text, start, end)
        lead_in = self.parts["lead-in"].match(self.text[start:end])
        if lead_in:
            start += lead_in.end()
        joint = self.lexicon.roles.joint.match(self.text, start, end)
        if joint:
            yield Mark("participant", joint[0], True)
            yield from self._names(joint.end(), end, joined)
            return
        cut = self._cut(start, end)
        if cut is not None:
            left, right = cut
            yield from self._names(start, left, joined)
            yield from self._names(right, end, not self.text[left:right].isspace())
            return
        open_list = self.parts["open-list"].search(self.text, start, end)
        if open_list:
            end = open_list.start()
        yield from self._one(start, end, joined)

    def _cut(self, start: int, end: int) -> tuple[int, int] | None:
        """Find the first place where two names meet without separator: at 和, 会同 or white space."""
        text, bodies, depth = self.text, self.lexicon.bodies, 0
        for place in range(start, end):
            depth += (text[place] in OPENING) - (text[place] in CLOSING)
            left, rest = blank(text[start:place]), text[place:end]
            if depth > 0 or len(left) < 2:
                continue
            if rest[0].isspace():
                after = place + len(rest) - len(rest.lstrip())
                if (
                    bodies.ends_like_body(left)
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
            if self.parts["committees"].search(left + "和" + right):
                continue
            if not (self._is_whole(left, right) or self.parts["open-list"].search(left)):
                continue
            owned = right.startswith(("所属", "其", "下属", "直属"))
            if len(right) >= 2 and not owned and not (left.startswith("各") and bodies.continues_collective(right)):
                return place, word.end()
        return None

    def _is_whole(self, left: str, right: str) -> bool:
        """Tell whether `left`, before a 和 with `right` behind it, is a whole name."""
        bodies = self.lexicon.bodies
        if bodies.closes_name(left) or left in bodies.central or bodies.form(left) is not None:
            return True
        # 东岭区和西岭区, 东岭区和西岭区人民政府
        return left[-1] in PLACE_WORDS and (
            right[-1] in PLACE_WORDS or self.parts["government"].match(right) is not None
        )

    def _one(self, start: int, end: int, joined: bool) -> Iterator[Name | Mark]:
        """Read one name, with the bracket that may enclose or follow it."""
        text = self.text
        start, end = trim(text, start, end, "“”\"'")
        if start < end and text[start] in OPENING and text[end - 1] in CLOSING and _encloses(text, start, end):
            for inner_start, inner_end, _ in split_list(text, start + 1, end - 1):
                for item in self._piece(inner_start, inner_end, joined):
                    yield replace(item, bracketed=True) if isinstance(item, Name) else item
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
            len(name) >= 2 and not self._is_date(name) and not name.isascii()
        ):
            yield Name(name, start, end, role, role_text, joined)


def _encloses(text: str, start: int, end: int) -> bool:
    """Tell whether the bracket at `start` is closed by the last character only."""
    depth = 0
    for place in range(start, end):
        depth += (text[place] in OPENING) - (text[place] in CLOSING)
        if depth == 0:
            return place == end - 1
    return False


def complete(items: list[Name | Mark], lexicon: Lexicon) -> list[Name | Mark]:
    """Restore what a list says once for several names: 市 of 市科技局、财政局, the office of 市、区财政局, 人民政府."""
    return _complete_levels(_complete_governments(_complete_offices(items, lexicon), lexicon), lexicon)


def _complete_offices(items: list[Name | Mark], lexicon: Lexicon) -> list[Name | Mark]:
    """Lend the office of a later name to bare level words that 、 joins to it: 市、区财政局. Others are no names."""
    words, done = lexicon.places.level_words, list[Name | Mark]()
    for item in reversed(items):
        if isinstance(item, Name) and item.organisation in words:
            after = done[-1] if done else None
            level = lexicon.roles.parts["level"].match(after.organisation) if isinstance(after, Name) else None
            if not (isinstance(after, Name) and after.joined and level is not None):
                continue
            item = replace(item, organisation=item.organisation + after.organisation[level.end("word") :])
        done.append(item)
    return done[::-1]


def _complete_levels(items: list[Name | Mark], lexicon: Lexicon) -> list[Name | Mark]:
    """Lend the level word of the name before to a bare name of a kind that every level has."""
    bodies, level, plain, done = lexicon.bodies, "", False, list[Name | Mark]()
    for item in items:
        if isinstance(item, Name):
            name = without_bracket(item.organisation)
            form = bodies.form(name)
            if form is not None:
                if level and form.branch not in ("vertical", "firm") and len(name) > 2:
                    party = "委" if form.branch == "party" and not plain else ""
                    item = replace(item, organisation=level + party + item.organisation)
            elif name not in bodies.central:
                found = lexicon.roles.parts["level"].match(name)
                if found and bodies.ends_like_body(name[found.end() :]):
                    level = found["word"]
                    # 省保密局、密码管理局: a party body that was named without 委 is followed by others so named.
                    own = bodies.form(name[found.end() :])
                    plain = found["party"] is None and own is not None and own.branch == "party"
                elif level and found is None and _is_bureau(name, lexicon):
                    item = replace(item, organisation=level + item.organisation)
        done.append(item)
    return done


def _is_bureau(name: str, lexicon: Lexicon) -> bool:
    """Tell whether a bare name that no list has is one of a bureau of the kind that every level has: 审批和数据局."""
    bodies = lexicon.bodies
    if not name.endswith(("局", "委", "厅")) or len(name) < 4 or bodies.is_collective(name):
        return False
    # 中国证监会青川监管局, 中铁云州局: bodies of the centre, whose place stands inside.
    if any(name[:length] in bodies.central for length in range(2, len(name))):
        return False
    return bool(bodies.functions_of(name)) and not any(
        lexicon.places.starting(name[start:]) for start in range(len(name) - 2)
    )


def _complete_governments(items: list[Name | Mark], lexicon: Lexicon) -> list[Name | Mark]:
    """Lend 人民政府, 管委会 of a later name to the places that 、 joins to it: 东岭区、西岭区人民政府."""
    done = list(items)
    for place in range(len(items) - 2, -1, -1):
        item, after = done[place], done[place + 1]
        if not (isinstance(item, Name) and isinstance(after, Name) and after.joined):
            continue
        government = lexicon.roles.parts["government"].match(after.organisation)
        if government is None or after.organisation.startswith("各") or item.organisation.startswith("各"):
            continue
        ending = _missing_government(item.organisation, government, lexicon)
        if ending:
            done[place] = replace(item, organisation=item.organisation + ending)
    return done


def _missing_government(name: str, government: regex.Match[str], lexicon: Lexicon) -> str:
    """Give what `name` lacks to be a government as the one that follows, empty where it lacks nothing."""
    body, word = government["body"], government["word"] or ""
    if lexicon.roles.parts["area"].search(name) and name not in lexicon.places.by_name:
        return "" if body.endswith("政府") else body
    if name[-1] in PLACE_WORDS or name.endswith("街道"):
        return body
    known = any(place.short == name for place in lexicon.places.by_name.get(name, ()))
    return word + body if known and word in tuple(PLACE_WORDS) else ""
