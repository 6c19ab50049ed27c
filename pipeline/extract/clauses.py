"""Read clauses without a figure: what they are about, what work they name, what a deed in them is done to."""

from __future__ import annotations

from pipeline.extract.grammar import Grammar
from pipeline.extract.indicators import clean
from pipeline.extract.peel import BASE
from pipeline.extract.reading import Paragraph, Place
from pipeline.extract.statements import Parts
from pipeline.quick.pattern import pattern

LISTED = pattern("[、的]")
JOINED = pattern("[，、]")
WORK = pattern("\\p{Han}{4,14}")
LONGEST_THING = 16
LONGEST_WORK = 24
# What is said to be done to a thing stands within this many characters; longer runs without a mark are no clauses.
LONGEST_CLAUSE = 200


def subject_of(words: str, grammar: Grammar) -> str | None:
    """Give what an item without figure is about: 某贡献 of 某贡献显著增强."""
    words = grammar.patterns["year-ahead"].sub("", clean(words).removeprefix("对"))
    subject = clean(BASE.sub("", grammar.patterns["vague-tail"].sub("", words)))
    return subject if 2 <= len(subject) <= 40 and subject != clean(words) else None


def work_of(words: str, grammar: Grammar) -> str | None:
    """Give the work or thing that a clause without figure names: 井盖处置，完成400个; 增加电扶梯，累计新增9台."""
    words = clean(words)
    added = grammar.patterns["added-thing"].search(words)
    if added:
        place = words[: added.start()]
        opening = grammar.deed_at(place, 0, len(place))
        return clean((place if opening is None else "") + added.group("thing"))
    end = grammar.verbs.at_end(words, 0, len(words))
    opens = grammar.deed_at(words, 0, len(words))
    named = end is not None and len(end.word) > 1 and opens is None and 2 < len(words) <= LONGEST_WORK
    return words if named and not LISTED.search(words) else None


def work_for(words: str, grammar: Grammar) -> str | None:
    """Give the work that a clause does for some: 老年人家庭适老化改造 of 对老年人家庭实施适老化改造."""
    found = grammar.patterns["undergoes-before"].fullmatch(clean(words))
    return found.group("noun") + found.group("deed") if found is not None else None


def whole_work(words: str, parts: Parts, grammar: Grammar) -> str | None:
    """Give the clause before a bare 完成26座 as the work that is done: 栏杆涂装出新，完成26座."""
    words = clean(words)
    bare = parts.verb is not None and parts.verb.word == "完成" and not parts.rest
    opens = grammar.deed_at(words, 0, len(words))
    return words if bare and opens is None and WORK.fullmatch(words) else None


def object_done_to(words: str, parts: Parts, grammar: Grammar) -> str | None:
    """Give what the deed without a noun is done to: 盘活校舍等存量资源，每年改造5万平方米 counts 存量资源改造."""
    thing = done_to(BASE.sub("", words), grammar)
    if thing is None:
        return None
    thing = thing.rsplit("等", 1)[-1] if "等" in thing[:-1] else thing
    helped = grammar.patterns["agent-builds"].match(thing)
    thing = thing[helped.end() :] if helped else thing
    deed = parts.verb.word if parts.verb is not None else ""
    deed = "" if deed.startswith(grammar.adding) or grammar.patterns["placing"].fullmatch(deed) else deed
    if deed and thing.endswith(deed[:2]):
        deed = ""
    return clean(thing + deed) if 2 <= len(thing) <= 30 else None


def thing_worked_on(words: str, grammar: Grammar) -> str:
    """Give what the clause before works on, for a noun that says too little: 加快灵活性改造，完成改造规模3万千瓦."""
    thing = grammar.patterns["effort"].sub("", done_to(words, grammar) or "")
    return thing if 2 <= len(thing) <= LONGEST_THING and not JOINED.search(thing) else ""


def done_to(words: str, grammar: Grammar) -> str | None:
    """Give what a clause or title works on: 存量机组改造 of 加快存量机组改造; None where it opens with no verb."""
    words = grammar.patterns["before-deed"].sub("", clean(words))
    verb = grammar.deed_at(words, 0, len(words))
    return clean(words[verb.end :]) if verb is not None else None


def object_of(deed: str, end: int, paragraph: Paragraph) -> Place | None:
    """Give the place in the paragraph before `end` that says last what `deed` is done to: 站台门 of 推进站台门更新."""
    text, start, known = paragraph.text, paragraph.start, paragraph.objects
    passed: list[int] = []
    found: Place | None = None
    place = text.rfind(deed, start, end)
    while place >= 0:
        if (deed, place) in known:
            found = known[deed, place]
            break
        passed.append(place)
        opening = _clause_start(text, max(start, place - LONGEST_CLAUSE), place)
        words = paragraph.grammar.patterns["done-to"].search(text, opening, place) if place > opening else None
        if words is not None and words.end() == place:
            found = words.span("thing")
            break
        place = text.rfind(deed, start, place)
    known.update(((deed, at), found) for at in passed)
    return found


def _clause_start(text: str, start: int, end: int) -> int:
    """Give where the clause begins that text[start:end] closes with."""
    for mark in "，、。；：\n":
        start = max(start, text.rfind(mark, start, end) + 1)
    return start
