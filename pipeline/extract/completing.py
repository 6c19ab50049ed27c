"""Complete a name that says too little alone by what the sentence has said before it."""

from __future__ import annotations

import regex

from pipeline.extract.grammar import Grammar
from pipeline.extract.indicators import clean, is_rate, restore, restore_graded
from pipeline.extract.items import Item
from pipeline.extract.parts import Breath, Parts
from pipeline.extract.peel import BASE
from pipeline.extract.quantities import Quantity
from pipeline.extract.topics import says_little

# 粮食播种面积稳定在5亿亩，产量稳定在400亿斤: the yield is of the crop.
YIELD = ("产量", "产值", "总产值")
# 到2025年达到1.5万亿元，人均达到12万元: the same per head.
# 基金首期出资到位30亿元，总规模达到100亿元
FIRST_SUM = regex.compile("(?:首期|首批|一期)(?:出资|投资|资金|规模)$")
# 每个镇至少布局1个, 到2025年打造150家: where they are or that they are made, nothing done to them.
PLACING = (
    "布局",
    "设置",
    "设立",
    "建立",
    "建设",
    "配套",
    "配备",
    "配置",
    "安排",
    "打造",
    "创建",
    "发展",
    "举办",
    "开展",
)
GROWTH = ("增速", "年均增速", "增长率", "年均增长率", "增幅", "年均增幅", "年均增长")
PER_ONE = ("人均", "户均", "亩均", "地均")
SHARES = ("%", "‰", "百分点")
WORKS = ("培训", "轮训", "检查", "演出", "体检", "筛查", "服务")
STOCKS = ("余额", "总数", "总量", "总规模", "数量")
LONGEST_THING = 16
LONGEST_WORK = 24


def finish(core: str, item: Item, grammar: Grammar, breath: Breath, *, acts: bool, placed: bool) -> str:
    """Give the noun beside a figure as a complete name: verbs between its halves dropped, what the list said restored.

    `acts` tells that the item has a verb of its own, `placed` that it says for what area it holds (全市供电可靠率), so
    that it needs no topic from before.
    """
    core = grammar.patterns["owed"].sub("", grammar.patterns["lead-in"].sub("", core))
    if len(core) > 3 and core.endswith("在") and is_rate(core[:-1], grammar):
        # 营收在200亿元以上
        core = core[:-1]
    explained = grammar.patterns["explained"].match(core)
    core = core[explained.end() :] if explained else core
    words = grammar.patterns["work-tail"].sub("", grammar.patterns["middle-verb"].sub("", core))
    words = grammar.patterns["done-wholly"].sub("", words)
    if not is_rate(words, grammar):
        words = grammar.patterns["long-modifier"].sub("", words)
    words = grammar.patterns["size-note"].sub("", words)
    words = words if placed and says_little(words, grammar) else _within_whole(words, breath, grammar, item.joint, acts)
    bare = grammar.patterns["bare-generic"].fullmatch(words) or (
        says_little(words, grammar) and not acts and not placed
    )
    if bare and (thing := _thing(breath.subject, grammar) or (_subject(breath.subject, grammar) or "")):
        words = thing if thing.endswith(words) else thing + words
    words = restore_graded(restore(words, breath.noun, item.joint, grammar.contrasts), breath.noun)
    return _of_same_class(words, breath, item.joint, grammar, acts)


def _of_same_class(words: str, breath: Breath, joint: str, grammar: Grammar, acts: bool) -> str:
    """Give a member of a list what the list states once, before its first name.

    新建500千伏变电站6座、输电线路60公里: the voltage; 更新公交车60辆、出租汽车10辆: the deed that the noun needs.
    """
    previous = breath.noun or ""
    deed = grammar.verbs.at_start(previous, 0, len(previous))
    kept = deed.word if deed is not None and deed.word in grammar.kept and deed.end < len(previous) else ""
    shared = grammar.patterns["voltage-class"]
    voltage = shared.match(previous[len(kept) :])
    if voltage and joint in ("、", "和", "及", "与", "，") and not shared.match(words):
        words = voltage.group() + words if joint != "，" or not is_rate(words, grammar) or "容量" in words else words
    agent = grammar.patterns["deed-inside"].search(previous)
    if agent and joint in ("、", "和", "及", "与") and grammar.verbs.at_start(words, 0, len(words)) is not None:
        return agent.group("agent") + words
    quoted = grammar.patterns["quoted-head"].fullmatch(previous)
    if quoted and joint in ("、", "和", "及", "与") and regex.fullmatch("\\p{Han}{2,4}", words):
        # “四好”服务点60个、中转站12座
        return quoted.group("head") + words
    if not kept or acts or len(kept) < 2 or joint not in ("、", "和", "及", "与"):
        return words
    own = grammar.verbs.at_start(words, 0, len(words)) is not None or is_rate(words, grammar)
    return words if own else kept + words


def _within_whole(words: str, breath: Breath, grammar: Grammar, joint: str, acts: bool) -> str:
    """Complete a name that only makes sense with the one before: 占比, 营业收入; 其中公办占比; 高速铁路 of 铁路里程."""
    if breath.label and not is_rate(words, grammar):
        return words + breath.label
    whole = breath.indicator
    size = grammar.patterns["size-of-part"].fullmatch(words)
    if size and (breath.total or breath.of_which) and (whole or "").endswith(size.group("noun")):
        # 消防救援站7座（其中小型站3座）
        return size.group("size") + (whole or "")
    if breath.total and not is_rate(words, grammar) and not any(c in words for c in breath.total[-2:]):
        # 新增床位300张（公办100张、民办200张）
        return words + breath.total
    if says_little(words, grammar) and breath.subject and (topic := grammar.patterns["topic"].match(breath.subject)):
        return topic.group("topic") + words
    if whole is None:
        return words
    own = joint == "、" and grammar.patterns["money-of-it"].fullmatch(words) and not is_rate(whole, grammar)
    if own or (joint in ("、", "，", ",") and grammar.patterns["served"].fullmatch(words)):
        # 改造老旧小区60个，惠及居民2万户
        return entity_of(whole, words, grammar) + words
    if words in PER_ONE:
        return words + whole
    if words.startswith("占") and is_rate(words, grammar):
        return whole.split("占")[0] + words
    if words in GROWTH and (grown := _subject(breath.subject, grammar)):
        # 联运量继续保持较快增长，年均增速不低于15%
        return grown
    if words in GROWTH and is_rate(whole, grammar):
        # 营业收入达到3000亿元、年均增速保持在10%以上
        return whole
    if words in STOCKS and breath.whole and breath.of_which is False:
        whole = breath.whole
    if says_little(words, grammar) and not (acts and (words not in grammar.generic or is_rate(whole, grammar))):
        return entity_of(whole, words, grammar) + words
    if joint == "、" and grammar.patterns["bare-share"].fullmatch(words) and breath.unit not in SHARES and not acts:
        # 经营主体总量突破5万户、企业占比超过25%
        return f"{grammar.patterns['stock'].sub('', whole)}中{words}"
    if not breath.of_which or words in whole:
        return words
    if grammar.patterns["part-of-place"].fullmatch(words) or grammar.patterns["area-of"].fullmatch(words):
        whole = breath.whole if breath.whole and not is_rate(whole, grammar) else whole
        return words if whole.startswith(words) else words + whole
    if whole.endswith(WORKS) and not acts and not words.endswith(WORKS) and not is_rate(words, grammar):
        # 开展技能培训36万人次，其中企业职工18万人次
        return words + (breath.whole or whole)
    share = words.endswith(("占比", "比例", "比重")) and "占" not in words[:-2]
    share = share and (breath.unit not in SHARES or breath.kind == "change")
    total = not is_rate(whole, grammar) or whole.endswith((*STOCKS, *grammar.totals))
    if share and (breath.opened or joint == "、") and total:
        return f"{grammar.patterns['stock'].sub('', whole)}中{words}"
    shared = next((n for n in range(min(len(words) - 1, len(whole) - 1), 1, -1) if whole.startswith(words[-n:])), 0)
    if shared and is_rate(whole, grammar) and not whole.endswith(STOCKS) and not is_rate(words, grammar):
        return words + whole[shared:]
    return words


def entity_of(whole: str, words: str, grammar: Grammar) -> str:
    """Give what `whole` measures something of: 工业企业 of 工业企业数量, for the 营业收入 told after it."""
    if says_little(whole, grammar):
        return ""
    whole = FIRST_SUM.sub("", whole)
    whole = whole.rsplit("的", 1)[-1] if not is_rate(whole, grammar) else whole
    measures = (*sorted(grammar.generic, key=len, reverse=True), *grammar.rates)
    ends = (whole[: -len(rate)] for rate in measures if whole.endswith(rate) and len(whole) > len(rate) + 1)
    entity = next(ends, whole)
    if whole.endswith("率") and entity == whole[:-1] and len(entity) > 3:
        # 新能源货车渗透率: what is before 率 tells what is done, two characters long.
        entity = entity[:-2]
    return grammar.patterns["grown"].sub("", entity) if words.endswith(YIELD) else entity


def same_measure(words: str, quantity: Quantity, breath: Breath, grammar: Grammar) -> str:
    """Complete what has a measure but does not name it by the one before.

    养殖场设施配套率达到97%，大型养殖场达到100%; 其中政府项目达到50%; 肉类总产量达到10万吨，奶类达到8万吨;
    覆盖率超过50%（示范区超过60%）.
    """
    whole = breath.indicator
    thing = grammar.patterns["places-before"].sub("", whole or "")
    ranked = grammar.patterns["kind-of-place"].fullmatch(words) is not None
    if ranked and thing and not is_rate(thing, grammar) and quantity.unit == breath.unit:
        # 各县综合性应急救援队伍不少于50人，乡镇（街道）不少于15人
        return words + thing
    if whole is None or not is_rate(whole, grammar) or is_rate(words, grammar) or words in whole:
        return words
    branch = grammar.patterns["branch-of-industry"].fullmatch(breath.whole or "") if breath.of_which else None
    if branch is not None and words.endswith("业") and quantity.unit == breath.unit:
        # 集成电路产业规模800亿元，其中设计业200亿元
        return branch.group("head") + words + branch.group("measure")
    if quantity.dimension not in ("share", "time"):
        rate = next((rate for rate in grammar.totals if whole.endswith(rate)), "")
        tails = (whole[len(words[-n:]) :] for n in range(len(words), 1, -1) if whole.startswith(words[-n:]))
        if rate and quantity.unit and quantity.unit == breath.unit and (tail := next(tails, "")):
            # 铁路营业里程3200公里，其中高速铁路1200公里
            return words + tail
        return words + rate if rate and quantity.unit and quantity.unit == breath.unit else words
    for length in range(len(words), 1, -1):
        place = whole.find(words[-length:])
        if place >= 0 and whole[place + length :]:
            return words + whole[place + length :]
    if not grammar.patterns["area"].search(words):
        return words + whole if breath.of_which else words
    # 甲地区不低于70%，乙地区达到100%: each area with the measure alone.
    breath.measure = breath.measure if breath.measure and whole.endswith(breath.measure) else whole
    return words + breath.measure


def carried(parts: Parts, quantity: Quantity, grammar: Grammar, breath: Breath) -> str | None:
    """Give the name for a figure that has no noun of its own: what its clause, or the one before, is about.

    The deed now told fits it: 改造开工5万套，建成4万套，完成投资300亿元.
    """
    own = parts.verb.word if parts.verb is not None else ""
    known = (
        _done_for(breath.subject, grammar)
        or _subject(breath.subject, grammar)
        or (_work(breath.subject, grammar) if own else None)
    )
    known = known or _whole_work(breath.subject, parts, grammar) or breath.indicator
    known = known if known is not None else _object(breath.subject, parts, grammar)
    if known is None and 1 < len(breath.headed) <= LONGEST_THING:
        # 关怀据点：由目前86处增至120处
        known = grammar.patterns["list-number"].sub("", breath.headed)
    invested = quantity.dimension in ("money", "amount") and own.endswith("投资")
    if known is None:
        return "投资" if invested else None
    stage = grammar.patterns["stage"]
    base = stage.sub("", known)
    if invested:
        return base + "投资" if base != known or known == _work(breath.subject, grammar) else "投资"
    return base + own if base and base != known and stage.fullmatch(own) else known


def _subject(words: str, grammar: Grammar) -> str | None:
    """Give what an item without figure is about: 某贡献 of 某贡献显著增强."""
    words = grammar.patterns["year-ahead"].sub("", clean(words).removeprefix("对"))
    subject = clean(BASE.sub("", grammar.patterns["vague-tail"].sub("", words)))
    return subject if 2 <= len(subject) <= 40 and subject != clean(words) else None


def _work(words: str, grammar: Grammar) -> str | None:
    """Give the work or thing that a clause without figure names: 井盖处置，完成400个; 增加电扶梯，累计新增9台."""
    words = clean(words)
    added = grammar.patterns["added-thing"].search(words)
    if added:
        place = words[: added.start()]
        opening = grammar.verbs.at_start(place, 0, len(place)) or grammar.causatives.at_start(place, 0, len(place))
        return clean((place if opening is None else "") + added.group("thing"))
    end = grammar.verbs.at_end(words, 0, len(words))
    opens = grammar.verbs.at_start(words, 0, len(words)) or grammar.causatives.at_start(words, 0, len(words))
    named = end is not None and len(end.word) > 1 and opens is None and 2 < len(words) <= LONGEST_WORK
    return words if named and not regex.search("[、的]", words) else None


def _done_for(words: str, grammar: Grammar) -> str | None:
    """Give the work that a clause does for some: 老年人家庭适老化改造 of 对老年人家庭实施适老化改造."""
    found = grammar.patterns["undergoes-before"].fullmatch(clean(words))
    return found.group("noun") + found.group("deed") if found is not None else None


def _whole_work(words: str, parts: Parts, grammar: Grammar) -> str | None:
    """Give the clause before a bare 完成26座 as the work that is done: 栏杆涂装出新，完成26座."""
    words = clean(words)
    bare = parts.verb is not None and parts.verb.word == "完成" and not parts.rest
    opens = grammar.verbs.at_start(words, 0, len(words)) or grammar.causatives.at_start(words, 0, len(words))
    return words if bare and opens is None and regex.fullmatch("\\p{Han}{4,14}", words) else None


def _object(words: str, parts: Parts, grammar: Grammar) -> str | None:
    """Give what the deed without a noun is done to: 盘活校舍等存量资源，每年改造5万平方米 counts 存量资源改造."""
    thing = done_to(BASE.sub("", words), grammar)
    if thing is None:
        return None
    thing = thing.rsplit("等", 1)[-1] if "等" in thing[:-1] else thing
    helped = grammar.patterns["agent-builds"].match(thing)
    thing = thing[helped.end() :] if helped else thing
    deed = parts.verb.word if parts.verb is not None else ""
    deed = "" if deed.startswith(grammar.adding) or deed in PLACING else deed
    if deed and thing.endswith(deed[:2]):
        deed = ""
    return clean(thing + deed) if 2 <= len(thing) <= 30 else None


def _thing(words: str, grammar: Grammar) -> str:
    """Give what the clause before works on, for a noun that says too little: 加快灵活性改造，完成改造规模3万千瓦."""
    thing = grammar.patterns["effort"].sub("", done_to(words, grammar) or "")
    return thing if 2 <= len(thing) <= LONGEST_THING and not regex.search("[，、]", thing) else ""


def done_to(words: str, grammar: Grammar) -> str | None:
    """Give what a clause or title works on: 存量机组改造 of 加快存量机组改造; None where it opens with no verb."""
    words = clean(words)
    verb = grammar.verbs.at_start(words, 0, len(words)) or grammar.causatives.at_start(words, 0, len(words))
    return clean(words[verb.end :]) if verb is not None else None


def object_of(deed: str, text: str, start: int, end: int, grammar: Grammar) -> tuple[int, int] | None:
    """Give the place in text[start:end] that says last what `deed` is done to: 站台门 of 推进站台门更新."""
    place = text.rfind(deed, start, end)
    while place >= 0:
        opening = max(start, *(text.rfind(mark, start, place) + 1 for mark in "，。；：、\n"))
        words = grammar.patterns["done-to"].search(text, opening, place) if place > opening else None
        if words is not None and words.end() == place:
            return words.span("thing")
        place = text.rfind(deed, start, place)
    return None
