"""Make the names of a list complete: what it says once for several of them is restored for each."""

from __future__ import annotations

import regex

from pipeline.extract.responsibility_pieces import PLACE_WORDS, Mark, Name, without_bracket
from pipeline.lexicon import Lexicon


def complete(items: list[Name | Mark], lexicon: Lexicon) -> list[Name | Mark]:
    """Restore what a list says once for several names: 市 of 市科技局、财政局, the office of 市、区财政局, 人民政府."""
    words = lexicon.places.level_words
    if any(isinstance(item, Name) and item.organisation in words for item in items):
        items = _complete_offices(items, lexicon)
    return _complete_levels(_complete_governments(items, lexicon), lexicon)


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
                    item = item._replace(organisation=level + party + item.organisation)
            elif name not in bodies.central:
                found = lexicon.roles.parts["level"].match(name)
                if found and bodies.ends_like_body(name[found.end() :]):
                    level = found["word"]
                    # 省保密局、密码管理局: a party body that was named without 委 is followed by others so named.
                    own = bodies.form(name[found.end() :])
                    plain = found["party"] is None and own is not None and own.branch == "party"
                elif level and found is None and _is_bureau(name, lexicon):
                    item = item._replace(organisation=level + item.organisation)
        done.append(item)
    return done


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


def _complete_governments(items: list[Name | Mark], lexicon: Lexicon) -> list[Name | Mark]:
    """Lend 人民政府, 管委会 of a later name to the places that 、 joins to it: 东岭区、西岭区人民政府."""
    done = list(items)
    for place in range(len(items) - 2, -1, -1):
        item, after = done[place], done[place + 1]
        if not (isinstance(item, Name) and isinstance(after, Name) and after.joined):
            continue
        if after.organisation.startswith("各") or item.organisation.startswith("各"):
            continue
        government = lexicon.roles.parts["government"].match(after.organisation)
        if government is None:
            continue
        ending = _missing_government(item.organisation, government, lexicon)
        if ending:
            done[place] = item._replace(organisation=item.organisation + ending)
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
