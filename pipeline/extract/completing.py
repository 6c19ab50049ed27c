"""Complete a name that says too little alone by what the sentence has said before it."""

from __future__ import annotations

from pipeline.extract.clauses import (
    LONGEST_THING,
    object_done_to,
    subject_of,
    thing_worked_on,
    whole_work,
    work_for,
    work_of,
)
from pipeline.extract.grammar import Grammar
from pipeline.extract.indicators import clean, is_rate, restore, restore_graded
from pipeline.extract.items import Item
from pipeline.extract.quantities import Quantity
from pipeline.extract.shared import LEVEL_HEAD
from pipeline.extract.statements import Breath, Parts
from pipeline.extract.topics import says_little
from pipeline.extract.wholes import within_whole
from pipeline.quick.pattern import pattern

LIST = ("、", "和", "及", "与")
SHORT_NAME = pattern("\\p{Han}{2,4}")


def finish(core: str, item: Item, grammar: Grammar, breath: Breath, *, acts: bool, placed: bool) -> str:
    """Give the noun beside a figure as a complete name: verbs between its halves dropped, what the list said restored.

    `acts` tells that the item has a verb of its own, `placed` that it says for what area it holds (全市供电可靠率), so
    that it needs no topic from before.
    """
    words = _trimmed(core, grammar)
    if not (placed and says_little(words, grammar)):
        words = within_whole(words, breath, grammar, item.joint, acts)
    if breath.subject:
        words = _of_subject(words, breath.subject, grammar, alone=not acts and not placed)
    if breath.noun is None:
        return words
    words = restore_graded(restore(words, breath.noun, item.joint, grammar.contrasts), breath.noun)
    return _of_same_class(words, breath, item.joint, grammar, acts)


def _trimmed(core: str, grammar: Grammar) -> str:
    """Drop from a noun what is not part of its name: words that lead it in, verbs between its halves, notes."""
    patterns = grammar.patterns
    tried = grammar.signs["trimming"].search(core) is not None
    if tried:
        core = patterns["owed"].sub("", patterns["lead-in"].sub("", core))
    if len(core) > 3 and core.endswith("在") and is_rate(core[:-1], grammar):
        # 营收在200亿元以上
        core = core[:-1]
    if not tried:
        return core
    explained = patterns["explained"].match(core)
    core = core[explained.end() :] if explained else core
    words = patterns["work-tail"].sub("", patterns["middle-verb"].sub("", core))
    words = patterns["done-wholly"].sub("", words)
    if not is_rate(words, grammar):
        words = patterns["long-modifier"].sub("", words)
    return patterns["size-note"].sub("", words)


def _of_subject(words: str, subject: str, grammar: Grammar, *, alone: bool) -> str:
    """Complete a name that says too little by what the clause before works on, or is about."""
    bare = grammar.patterns["bare-generic"].fullmatch(words) or (alone and says_little(words, grammar))
    # 实现省级实验室零的突破，产值翻两番: a first is a goal of its own, nothing that the next is of.
    if not bare or clean(subject).endswith("的突破"):
        return words
    thing = thing_worked_on(subject, grammar) or subject_of(subject, grammar)
    if not thing:
        return words
    return thing if thing.endswith(words) else thing + words


def _of_same_class(words: str, breath: Breath, joint: str, grammar: Grammar, acts: bool) -> str:
    """Give a member of a list what the list states once, before its first name.

    新建500千伏变电站6座、输电线路60公里: the voltage; 更新公交车60辆、出租汽车10辆: the deed that the noun needs.
    """
    previous = breath.noun or ""
    if not previous or joint not in (*LIST, "，"):
        return words
    deed = grammar.verbs.at_start(previous, 0, len(previous))
    kept = deed.word if deed is not None and deed.word in grammar.kept and deed.end < len(previous) else ""
    shared = grammar.patterns["voltage-class"]
    voltage = shared.match(previous[len(kept) :])
    if voltage and not shared.match(words):
        words = voltage.group() + words if joint != "，" or not is_rate(words, grammar) or "容量" in words else words
    if joint == "，":
        return words
    agent = grammar.patterns["deed-inside"].search(previous)
    if agent and grammar.verbs.at_start(words, 0, len(words)) is not None:
        return agent.group("agent") + words
    rank = LEVEL_HEAD.match(previous)
    if rank and rank.end() > 1 and previous[rank.end() :].startswith(words[:2]):
        # 国家级绿色工厂10家、绿色园区2个
        return rank.group() + words
    quoted = grammar.patterns["quoted-head"].fullmatch(previous)
    if quoted and SHORT_NAME.fullmatch(words):
        # “四好”服务点60个、中转站12座
        return quoted.group("head") + words
    if not kept or acts or len(kept) < 2:
        return words
    own = grammar.verbs.at_start(words, 0, len(words)) is not None or is_rate(words, grammar)
    return words if own else kept + words


def carried(parts: Parts, quantity: Quantity, grammar: Grammar, breath: Breath) -> str | None:
    """Give the name for a figure that has no noun of its own: what its clause, or the one before, is about.

    The deed now told fits it: 改造开工5万套，建成4万套，完成投资300亿元.
    """
    own = parts.verb.word if parts.verb is not None else ""
    known = (
        work_for(breath.subject, grammar)
        or subject_of(breath.subject, grammar)
        or (work_of(breath.subject, grammar) if own else None)
    )
    known = known or whole_work(breath.subject, parts, grammar) or breath.indicator
    known = known if known is not None else object_done_to(breath.subject, parts, grammar)
    if known is None and 1 < len(breath.headed) <= LONGEST_THING:
        # 关怀据点：由目前86处增至120处
        known = grammar.patterns["list-number"].sub("", breath.headed)
    invested = quantity.dimension in ("money", "amount") and own.endswith("投资")
    if known is None:
        return "投资" if invested else None
    stage = grammar.patterns["stage"]
    base = stage.sub("", known)
    if invested:
        return base + "投资" if base != known or known == work_of(breath.subject, grammar) else "投资"
    return base + own if base and base != known and stage.fullmatch(own) else known
