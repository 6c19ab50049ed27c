"""Name what a figure measures: the noun beside it, completed by what the sentence has said before."""

from __future__ import annotations

import regex

from pipeline.extract.grammar import Grammar
from pipeline.extract.indicators import clean, invert, is_rate, kind_of, restore, restore_graded
from pipeline.extract.items import Item
from pipeline.extract.parts import Breath, Parts
from pipeline.extract.peel import BASE
from pipeline.extract.quantities import Quantity
from pipeline.extract.shared import expand, rate_pair

# 稳定在地级市前30名: among whom, not who.
RANK_FIELD = regex.compile(
    "(?:稳定|保持|进入|位居|跻身|位列|列)?在?(?:全国|全省|全市|同类|地级市|省会城市|\\p{Han}{2,4}城市)?"
)
# 粮食播种面积稳定在5亿亩，产量稳定在400亿斤: the yield is of the crop.
YIELD = ("产量", "产值", "总产值")
# 到2025年达到1.5万亿元，人均达到12万元: the same per head.
PER_ONE = ("人均", "户均", "亩均", "地均")


def indicator_names(
    parts: Parts, quantity: Quantity, core: str, item: Item, grammar: Grammar, breath: Breath, reason: str
) -> tuple[list[str], str]:
    """Give the complete indicator (several where 均 spreads one figure over a list) and the rule that made it."""
    if quantity.dimension == "share":
        if done := _part_done(parts, grammar):
            return [done], "share-done"
        if core and (part := _part_of_whole(core, parts, grammar, breath)):
            return [_finish(part, item, grammar, breath)], "share-of-whole"
    if quantity.dimension == "share" and core and parts.rest.startswith("的") and (cover := _covering(parts)):
        return [f"{core}{cover}{clean(parts.rest)}占比"], "share-of-noun"
    promise = grammar.patterns["promise-within"].search(clean(parts.rest)) if quantity.dimension == "time" else None
    if promise and core and parts.after == "<=":
        return [f"{core}{promise.group('deed')}时间"], "promise"
    if reason == "rank":
        field = next(m for m in RANK_FIELD.finditer(core) if m.end() == len(core))
        if breath.indicator and field.start() == 0:
            return [breath.indicator], "carried"
        core = core[: field.start()] or core
    rest = grammar.patterns["goal-tail"].sub("", grammar.patterns["long-modifier"].sub("", clean(parts.rest)))
    preposition = grammar.patterns["preposition"].search(core) if core else None
    nearest = next((t for t in parts.right if t.name not in ("adverb", "modality", "comparator_before", "time")), None)
    if (
        core
        and rest
        and nearest is not None
        and nearest.name == "increase"
        and (preposition is not None or grammar.patterns["verb-opens-rest"].search(rest))
    ):
        # 市区两级重点支持300名人才: the subject acts, the noun after the figure is counted.
        name, said = _from_rest(parts, quantity, rest, grammar, breath)
        return [name], "figure-noun-verb" if said else "figure-noun"
    if core and parts.right and not (preposition and len(core) == 1):
        if any(t.name == "adverb" and t.value == "each" for t in parts.right):
            for count in range(6, 1, -1):
                if (members := expand(core, count, grammar)) is not None:
                    return members, "each"
        respective = any(t.name == "adverb" and t.value == "respectively" for t in parts.right)
        if not respective and (pair := rate_pair(core)) is not None:
            return pair, "each"
        if quantity.dimension == "share" and reason == "level-verb":
            core = _of_same_rate(core, breath, grammar)
        return [_finish(core, item, grammar, breath)], reason
    if preposition and rest:
        name, _ = _split_predicate(rest, clean(core[preposition.end() :]), grammar, verbs=True)
        return [name], "place-figure-verb"
    if core.endswith("等") and (noun := _shared_noun(core[:-1], rest)):
        return [invert(kind_of(core[:-1], noun), rest[len(noun) :])], "figure-noun-verb"
    if rest and grammar.patterns["handed-down"].search(core):
        return [grammar.patterns["work-noun"].sub("", rest) or rest], "handed-down"
    if core:
        return [_finish(_core_and_rest(core, rest, grammar), item, grammar, breath)], reason
    if rest:
        name, said = _from_rest(parts, quantity, rest, grammar, breath)
        return [name], "figure-noun-verb" if said else "figure-noun"
    known = _subject(breath.subject, grammar) or breath.indicator or _object(breath.subject, parts, grammar)
    if known is None and quantity.dimension in ("money", "amount") and _does(parts).endswith("投资"):
        return ["投资"], reason
    return ([_carried(known, parts, quantity, grammar)], "carried") if known else ([], "")


def _carried(known: str, parts: Parts, quantity: Quantity, grammar: Grammar) -> str:
    """Fit a name that was told before to the deed now told of it: 改造开工5万套，建成4万套，完成投资300亿元."""
    stage, own = grammar.patterns["stage"], _does(parts)
    base = stage.sub("", known)
    if quantity.dimension in ("money", "amount") and own.endswith("投资"):
        return base + "投资"
    return base + own if base and base != known and stage.fullmatch(own) else known


def _does(parts: Parts) -> str:
    return parts.verb.word if parts.verb is not None else ""


def _within_whole(words: str, breath: Breath, grammar: Grammar) -> str:
    """Complete a name that only makes sense with the one before: 占比, 营业收入; 其中公办占比; 高速铁路 of 铁路里程."""
    if breath.label and not is_rate(words, grammar):
        return words + breath.label
    whole = breath.indicator
    if whole is None:
        return words
    if words in PER_ONE:
        return words + whole
    if words.startswith("占") and is_rate(words, grammar):
        return whole + words
    if words in grammar.generic:
        entity = next(
            (whole[: -len(rate)] for rate in grammar.rates if whole.endswith(rate) and len(whole) > len(rate) + 1),
            whole,
        )
        if words.endswith(YIELD):
            entity = grammar.patterns["grown"].sub("", entity)
        return entity + words
    if not breath.of_which or words in whole:
        return words
    if grammar.patterns["part-of-place"].fullmatch(words):
        return words + whole
    if words.endswith(("占比", "比例", "比重")) and not is_rate(whole, grammar) and "占" not in words[:-2]:
        return f"{whole}中{words}"
    shared = next((n for n in range(min(len(words) - 1, len(whole) - 1), 1, -1) if whole.startswith(words[-n:])), 0)
    if shared and is_rate(whole, grammar) and not is_rate(words, grammar):
        return words + whole[shared:]
    return words


def _of_same_rate(words: str, breath: Breath, grammar: Grammar) -> str:
    """Complete what has a share but does not name it: 养殖场设施配套率达到97%，大型养殖场达到100%."""
    whole = breath.indicator
    if whole is None or not is_rate(whole, grammar) or is_rate(words, grammar) or words in whole:
        return words
    for length in range(len(words), 1, -1):
        place = whole.find(words[-length:])
        if place >= 0 and whole[place + length :]:
            return words + whole[place + length :]
    return words + whole if breath.of_which else words


def _finish(core: str, item: Item, grammar: Grammar, breath: Breath) -> str:
    """Restore what the list has said already; drop a verb that stands between two halves of the name."""
    core = grammar.patterns["lead-in"].sub("", core)
    words = grammar.patterns["work-tail"].sub("", grammar.patterns["middle-verb"].sub("", core))
    words = grammar.patterns["long-modifier"].sub("", words)
    words = _within_whole(words, breath, grammar)
    if grammar.patterns["bare-generic"].fullmatch(words) and (thing := _thing(breath.subject, grammar)):
        words = thing if thing.endswith(words) else thing + words
    return restore_graded(restore(words, breath.noun, item.joint, grammar.contrasts), breath.noun)


def _part_done(parts: Parts, grammar: Grammar) -> str:
    """Give what 完成改造任务的30% and 完成60%的整治任务 measure: 改造任务完成比例, 整治任务完成比例."""
    done = next((t.word for t in (*parts.left, *parts.right) if t.word.startswith("完成")), None)
    thing = parts.core or clean(regex.sub("^(?:及?以上|左右)", "", clean(parts.rest)))
    if done is None or not grammar.patterns["work-to-do"].search(thing):
        return ""
    return f"{done[2:]}{thing}完成比例"


def _part_of_whole(core: str, parts: Parts, grammar: Grammar, breath: Breath) -> str:
    """Name the share in 技师占技能劳动者的35% and in 其中技师占15%: 技师占技能劳动者比重, 技师占比."""
    whole = grammar.patterns["part-of-whole"].fullmatch(core)
    if whole is not None:
        part = whole.group("part") or breath.indicator or ""
        return f"{part}占{whole.group('whole')}比重" if part else ""
    takes = next((t.word for t in parts.right if t.name not in ("adverb", "modality", "comparator_before")), "")
    return f"{core}占比" if takes in ("占", "占到", "约占") and not is_rate(core, grammar) else ""


def _covering(parts: Parts) -> str:
    """Give the verb of 收运体系覆盖95%以上的行政村, where the share is of the noun after it."""
    return next((t.word for t in parts.right if t.word in ("覆盖", "惠及")), "")


def _shared_noun(head: str, rest: str) -> str:
    """Give the noun that ends a list of examples and opens what follows the figure: 甲单元等9个单元由Ⅳ类升为Ⅲ类."""
    return next((rest[:n] for n in range(min(4, len(rest) - 2), 1, -1) if head.endswith(rest[:n])), "")


def _core_and_rest(core: str, rest: str, grammar: Grammar) -> str:
    """定向对接全国 + 重点院校 is one name; a verb after the figure (投入使用) is not part of it."""
    if not rest or len(rest) < 2 or rest[0] in "（(":
        return core
    if core.endswith("等"):
        return rest
    if core.endswith(("财政", "资金")) and rest.startswith(("支持", "用于")):
        return core + rest
    starts_verb = grammar.predicates.at_start(rest, 0, len(rest)) or grammar.verbs.at_start(rest, 0, len(rest))
    return core if starts_verb and len(core) > 3 else core + rest


def _from_rest(parts: Parts, quantity: Quantity, rest: str, grammar: Grammar, breath: Breath) -> tuple[str, bool]:
    """The noun follows its figure: 新建10家研发机构; 70%企业建有研发机构; 其中30%为海外人才.

    Gives the indicator, and whether something is said of the noun besides its number.
    """
    rest = grammar.patterns["current-note"].sub("", rest)
    if quantity.dimension == "share":
        whole = breath.indicator if any(t.value == "of_which" for t in parts.left) else None
        described = regex.match(r"(?:为|是|系|属于)(?P<what>.+)", rest)
        if described:
            name = f"{whole}中{described.group('what')}占比" if whole else f"{described.group('what')}占比"
            return name, True
        plain = regex.sub("^(?:左右|的)|(?:普遍|基本|均|都|能够|应当)", "", rest)
        return (plain if plain.endswith(grammar.rates) else plain + "占比"), True
    become = grammar.patterns["become"].search(rest)
    if become:
        return become.group("what"), True
    purpose = parts.verb is not None and parts.verb.word.startswith(grammar.attracting)
    return _split_predicate(rest, "", grammar, verbs=False, drop=purpose)


def _split_predicate(rest: str, place: str, grammar: Grammar, *, verbs: bool, drop: bool = False) -> tuple[str, bool]:
    """Turn noun + predicate into predicate + 的 + noun; with `drop` the predicate (a purpose) is left out."""
    for position in range(1, len(rest) - 1):
        token = grammar.predicates.at_start(rest, position, len(rest))
        if token is None and verbs:
            found = grammar.verbs.at_start(rest, position, len(rest))
            token = found if found is not None and len(found.word) > 1 else None
        if token is not None and rest[token.end :].startswith(("者", "得者", "奖")):
            continue
        if token is None or (token.word == "与" and not regex.search("建立|共建|签|开展|合作|对接|组建", rest)):
            continue
        if token.word == "由" and not regex.search("升为|转为|转变为|调整为|提高到", rest):
            continue
        noun = clean(place + rest[:position])
        said = clean(regex.sub("^(?:普遍|均|基本|都)", "", rest[position:]))
        return (noun if drop else invert(noun, said)), True
    return clean(place + rest), False


def _object(words: str, parts: Parts, grammar: Grammar) -> str | None:
    """Give what the deed without a noun is done to: 盘活校舍等存量资源，每年改造5万平方米 counts 存量资源改造."""
    words = clean(BASE.sub("", words))
    verb = grammar.verbs.at_start(words, 0, len(words)) or grammar.causatives.at_start(words, 0, len(words))
    if verb is None:
        return None
    thing = clean(words[verb.end :])
    thing = thing.rsplit("等", 1)[-1] if "等" in thing[:-1] else thing
    deed = "" if parts.verb is None or parts.verb.word.startswith(grammar.adding) else parts.verb.word
    if deed and thing.endswith(deed[:2]):
        deed = ""
    return clean(thing + deed) if 2 <= len(thing) <= 30 else None


def _thing(words: str, grammar: Grammar) -> str:
    """Give what the clause before works on, for a noun that says too little: 加快灵活性改造，完成改造规模3万千瓦."""
    words = clean(words)
    verb = grammar.verbs.at_start(words, 0, len(words)) or grammar.causatives.at_start(words, 0, len(words))
    thing = grammar.patterns["effort"].sub("", clean(words[verb.end :])) if verb is not None else ""
    return thing if 2 <= len(thing) <= 16 and not regex.search("[，、]", thing) else ""


def _subject(words: str, grammar: Grammar) -> str | None:
    """Give what an item without figure is about: 某贡献 of 某贡献显著增强."""
    subject = clean(BASE.sub("", grammar.patterns["vague-tail"].sub("", clean(words))))
    return subject if 2 <= len(subject) <= 40 and subject != clean(words) else None
