"""Tell which names say too little alone, and find in the clauses before what they speak of.

办结率 is made of a deed and a measure; of what, the sentence has said before: 企业诉求实行首问负责，办结率达到98%.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.extract.grammar import Grammar
from pipeline.extract.peel import peel_left
from pipeline.lexicon.dictionary import dictionary
from pipeline.quick.pattern import pattern

HAN = pattern(r"\p{Han}+")
CLAUSE = pattern("[，；：]")
# What a topic may look like: no figure in it, short enough to be a name.
TOPIC = pattern(r"[\p{Han}（）()“”、A-Za-z+-]{3,24}")
CLAUSES_BACK = 4
LONGEST = 10
DEED = 2

Place = tuple[int, int]


def says_little(words: str, grammar: Grammar) -> bool:
    """True for names that are a measure (总规模) or a deed and its measure (办结率, 平均运行时间) and nothing else."""
    if words in grammar.generic:
        return True
    found = grammar.rate_nouns.at_end(words, 0, len(words)) if len(words) <= LONGEST else None
    if found is None or not HAN.fullmatch(words):
        return False
    rate = found.word
    outer = grammar.patterns["measure-qualifier"].match(words[: -len(rate)])
    stem = words[outer.end() if outer else 0 : -len(rate)]
    if not stem:
        return True
    if rate == "率" and len(stem) == DEED:
        return grammar.patterns["measured-alone"].search(stem) is None
    if len(stem) % DEED or grammar.patterns["measured-alone"].search(stem):
        return False
    return all(_is_deed(stem[place : place + DEED]) for place in range(0, len(stem), DEED))


def _is_deed(word: str) -> bool:
    """Tell whether the dictionary calls a word a verb, an adjective or an adverb (种植, 便捷, 迅速)."""
    return dictionary().kind(word).startswith(("v", "a", "d"))


def topic_before(text: str, start: int, stop: int, holes: Sequence[Place], grammar: Grammar) -> Place | None:
    """Give the place of what the clauses of text[start:stop] speak of; the nearest that speaks of a thing decides."""
    ends = [*(m.start() for m in CLAUSE.finditer(text, start, stop)), stop]
    starts = [start, *(end + 1 for end in ends[:-1])]
    clauses = [(a, b) for a, b in zip(starts, ends, strict=True) if text[a:b].strip()]
    topics = (_topic(text, a, b, holes, grammar) for a, b in reversed(clauses[-CLAUSES_BACK:]))
    return next((topic for topic in topics if topic is not None), None)


def _topic(text: str, start: int, end: int, holes: Sequence[Place], grammar: Grammar) -> Place | None:
    """Give what one clause works on (完成油气回收治理) or speaks of (企业诉求实行首问负责)."""
    _, start = peel_left(text, start, end, grammar.head, holes)
    if grammar.backgrounds.at_start(text, start, end) or grammar.patterns["preposition"].match(text[start:end]):
        return None
    deed = None
    while (verb := grammar.deed_at(text, start, end)) is not None:
        deed = verb
        start = verb.end
        start += text[start : start + 1] in ("和", "并", "、")
    if deed is None:
        said = grammar.patterns["said-of-topic"].search(text, start + 2, end)
        if said is None:
            return None
        end = said.start()
    else:
        effort = grammar.patterns["effort"].search(text, start, end)
        end = effort.start() if effort else end
    words = text[start:end]
    if not TOPIC.fullmatch(words) or grammar.patterns["no-topic"].search(words):
        return None
    return start, end
