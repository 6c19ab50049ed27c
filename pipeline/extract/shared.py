"""Cut a list into complete names: 花生种植、收获机械化率 names two rates, with head and tail stated once."""

from __future__ import annotations

from itertools import accumulate

import regex

from pipeline.extract.grammar import Grammar
from pipeline.lexicon.dictionary import dictionary
from pipeline.quick.pattern import pattern

LEVEL_WORD = (
    r"(?:(?:国家|省|市|县|区|州|镇|部|院|校)(?:[、和及](?:国家|省|市|县|区|州))*级(?:及?以上)?|国家|国际|国内|全国性?)"
)
PLACE_WORD = r"(?:\p{Han}{2,4}?(?:(?<!国)省|市(?![场民政值容集面])|县(?![域城])|自治区|自治州)(?:级(?:及?以上)?)?)"
LEVEL_HEAD = pattern(rf"(?:{PLACE_WORD})?(?:{LEVEL_WORD})?")
LEVEL_LIST = pattern(
    r"(?P<ranks>(?:国家|[省市县区州乡镇村])(?:[、和](?:国家|[省市县区州乡镇村]))+)[两二三四五]级(?P<tail>\p{Han}.*)"
)
# 一二三产增加值: each of the three sectors.
SECTORS = pattern(r"(?P<head>[^一二三]*)(?P<ranks>[一二三]{2,3})(?P<tail>(?:次产业|产业?).*)")
# 甲税收占乙、丙税收比重; 甲、乙、丙中的节能产品占比: the list stands inside the name.
INNER_LIST = pattern(
    r"(?P<head>[^、]+占)(?P<list>[^占、]+(?:、[^占、]+)+)(?P<tail>)|(?P<head>)(?P<list>[^、]+(?:、[^、]+)+)(?P<tail>中的[^、中]+|中(?![小型心华国高等外东西学部央级])[^、中]*(?:占比|比重|比例|率))"
)
# 单位生产总值能耗和碳排放: what the first is measured by holds for the others too.
PER_UNIT = pattern(
    r"(?P<who>[^、]*?)(?P<per>单位(?:国内|地区)?(?:生产总值|GDP|工业增加值|建筑面积|产品|面积)|万元(?:国内生产总值|地区生产总值|GDP|工业增加值))"
)
ACCIDENTS = pattern(r"(?P<what>\p{Han}{2,12}(?:事故|灾害|火灾))(?:起数|数)")
HARM = pattern("(?:死亡|伤亡|受伤)人数|直接经济损失")
PERSON = pattern("残疾人|老年人|儿童|妇女|产妇|婴|居民|学生|职工|家庭|患者|人员|毕业生|农户|群众|人口|户")
GROUP = pattern(
    r"(?P<who>[^、的]{2,10}的[^、的]{0,4}?(?:残疾人|老年人|儿童|妇女|居民|学生|职工|家庭|患者|人员|毕业生|农户))\p{Han}{2,}率$"
)
PER_HEAD = pattern("每[百千万十]+(?:常住|户籍)?(?:人口|人|名[^、]{2,6}?)|人均|户均")
JOINT = pattern("[和与及、]")
# 甲、乙、丙三个集群产值
COUNTED = pattern(
    r"(?P<list>[^、]+(?:[、和与及][^、]+)+?)等?[两二三四五六七八九十\d]+(?:个|大|类|项|家|种|条|市|省|区|县|地)(?P<tail>\p{Han}{2,})"
)
OWN_UNIT = pattern("单位|万元|亿元|每[百千万]|人均|户均|亩均")
QUOTED_LIST = pattern(r"[“「『](?P<names>[^”」』]*?、[^”」』]*)[”」』]")


def expand(words: str, count: int, grammar: Grammar) -> list[str] | None:
    """Cut a list of `count` names into complete names, or None where it has another number of members.

    “甲、乙、丙”入库企业 gives “甲”入库企业 …; 花生种植、收获机械化率 gives 花生种植机械化率, 花生收获机械化率;
    甲企业、乙企业培育入库数 gives 甲企业培育入库数, 乙企业培育入库数.
    """
    quoted = QUOTED_LIST.search(words)
    if quoted and len(names := quoted.group("names").split("、")) == count:
        head, tail = words[: quoted.start()], words[quoted.end() :]
        return [f"{head}“{name}”{tail}" for name in names]
    levels = LEVEL_LIST.match(words)
    if levels and len(ranks := regex.split("[、和]", levels.group("ranks"))) == count:
        return [f"{rank}级{levels.group('tail')}" for rank in ranks]
    sectors = SECTORS.fullmatch(words)
    if sectors and len(sectors.group("ranks")) == count:
        return [f"{sectors.group('head')}{rank}{sectors.group('tail')}" for rank in sectors.group("ranks")]
    if (inner := INNER_LIST.fullmatch(words)) and (parts := expand(inner.group("list"), count, grammar)):
        return [inner.group("head") + part + inner.group("tail") for part in parts]
    counted = COUNTED.fullmatch(words)
    if counted and len(members := _members(counted.group("list"))) == count:
        return [member + counted.group("tail") for member in members]
    names = _members(words)
    if len(names) != count:
        return None
    if count == 1:
        return names
    per = PER_UNIT.match(names[0])
    if per is not None and not any(PER_UNIT.match(name) and not OWN_UNIT.match(name) for name in names[1:]):
        shared = [per.group("who") + ("" if OWN_UNIT.match(name) else per.group("per")) + name for name in names[1:]]
        return [names[0], *shared]
    accidents = ACCIDENTS.fullmatch(names[0])
    if accidents is not None and all(HARM.fullmatch(name) for name in names[1:]):
        # 安全事故起数、死亡人数
        return [names[0], *(accidents.group("what") + name for name in names[1:])]
    group = GROUP.match(names[0])
    if group is not None and not any(PERSON.search(name) for name in names[1:]):
        # 有需求的残疾人康复服务率、器具适配率
        return [names[0], *(group.group("who") + name for name in names[1:])]
    per_head = PER_HEAD.match(names[0])
    if per_head is not None and all(name.endswith("数") and not PER_HEAD.match(name) for name in names[1:]):
        # 每千人口床位数、护士数
        return [names[0], *(per_head.group() + name for name in names[1:])]
    return _share(names, grammar)


def rate_pair(words: str) -> list[str] | None:
    """Cut 甲回收率与乙利用率 in two where both halves name a share; the one figure after them holds for each."""
    for joint in JOINT.finditer(words):
        pair = [words[: joint.start()], words[joint.end() :]]
        if all(half.endswith(("率", "比重", "占比", "比例")) for half in pair):
            return pair
    return None


def _members(words: str) -> list[str]:
    """Cut at 、 和 与 及 outside brackets; 和 and the like only count where the last member follows."""
    flat = regex.sub(r"[（(][^（）()]*[)）]|《[^》]*》|“[^”]*”", lambda m: "\0" * len(m.group()), words)
    cuts = [m.span() for m in regex.finditer("、|以及(?!上|下)", flat)]
    last_start = cuts[-1][1] if cuts else 0
    final = next(regex.finditer("(?<=.{2})(?:和|与|及(?!其|以上|以下|时|格))(?=.{2})", flat[last_start:]), None)
    if final:
        cuts.append((last_start + final.start(), last_start + final.end()))
    names, start = [], 0
    for cut_start, cut_end in cuts:
        names.append(words[start:cut_start])
        start = cut_end
    return [name.strip() for name in [*names, words[start:]] if name.strip()]


def _share(names: list[str], grammar: Grammar) -> list[str]:
    """Give every member the head of the first and the tail of the last where the list states them once."""
    tail = _shared_tail(names, grammar)
    if tail is None:
        head_match = LEVEL_HEAD.match(names[0])
        place = regex.match(PLACE_WORD, names[0])
        if place and head_match and not any(regex.match(PLACE_WORD, n) for n in names[1:]):
            return [names[0], *(place.group() + n for n in names[1:])]
        return names
    stems = [*names[:-1], names[-1][: len(names[-1]) - len(tail)]]
    width = len(stems[-1])
    head = stems[0][: len(stems[0]) - width] if len(stems[0]) > width and len(names) > 1 else ""
    parted = len(head) > 1 and len(head) in accumulate(len(word) for word in dictionary().cut(stems[0]))
    if parted and all(len(s) == width for s in stems[1:]) and not stems[0].endswith(stems[-1][-1]):
        stems = [stems[0], *(head + s for s in stems[1:])]
    return [stem if stem.endswith(tail) else stem + tail for stem in stems]


def _shared_tail(names: list[str], grammar: Grammar) -> str | None:
    """Give the tail that only the last member spells: 培育入库数 after 甲企业、乙企业, 机械化率 after 种植、收获."""
    first, last = names[0], names[-1]
    if len({len(name) for name in names}) == 1 and first[:2] == last[:2]:
        # 办理环节、办理时间: alike in build, none lacks a tail
        return None
    deed = grammar.verbs.at_start(first, 0, len(first))
    if deed is not None and deed.word in grammar.kept and len(first) >= deed.end + 2 and not first.endswith(last[-2:]):
        # 接待游客、旅游综合收入: a deed and its object are complete.
        own = grammar.verbs.at_start(last, 0, len(last))
        if own is None and last.endswith(grammar.rates):
            return None
    if any(c in last for c in "“”"):
        quotes = regex.match(r".*?“[^”]+”(?P<tail>[^“”]+)$", last)
        return quotes.group("tail") if quotes and first.endswith("”") else None
    for length in range(min(len(first), 4), 1, -1):
        place = last.find(first[-length:])
        if place >= 0:
            rest = last[place + length :]
            return rest or None
    rank = regex.match(r"(?:国家|省|市|县|区|州|镇|村)级(?P<noun>\p{Han}{2,})", last)
    if rank and all(regex.fullmatch("国家|省|市|县|区|州|镇|乡镇|村", name) for name in names[:-1]):
        return "级" + rank.group("noun")
    grade = regex.match(r"\p{Han}{1,4}级(?=\p{Han}{2})", last)
    if grade and regex.fullmatch(r"\p{Han}{1,4}级", first):
        return last[grade.end() :]
    kind = regex.search("(?:产业|行业|企业|项目|园区|集群|工程|基地|平台|场景|人才|技术|设施|赛道)$", last)
    if kind and len(first) <= 4 and abs(kind.start() - len(first)) <= 1 and not first.endswith(kind.group()):
        return kind.group()
    done = first.endswith("量") and grammar.verbs.at_end(first, 0, len(first) - 1) is not None
    if (
        done
        or len(last) < 4
        or grammar.patterns["complete-name"].search(first)
        or not last.endswith((*grammar.rates, "量"))
    ):
        return None
    stem = _stem_of_last(first if len(names) < 3 else names[-2], last, grammar)
    return last[stem:] if 1 < stem < len(last) - 1 else None


def _stem_of_last(first: str, last: str, grammar: Grammar) -> int:
    """Give where the last member's own words end and the tail begins that all members share.

    The stem is built like the first member: it ends with the same character (氮氧化物、挥发性有机物排放总量), opens
    with the same word (生活污水、生活垃圾治理率) or is as long as it or its last word (花生种植、收获机械化率);
    else the tail opens with a deed (农作物秸秆综合利用率).
    """
    words, edges = dictionary().cut(first), list(accumulate(len(word) for word in dictionary().cut(last)))[:-1]
    own = len(words[-1])
    if own == len(first) and own > 1 and last[:own] in dictionary().cut_all(last):
        return own
    opening = next((n for n in range(min(len(first), len(last)) - 1, 1, -1) if last.startswith(first[:n])), 0)
    if opening and len(first) in {*edges, *accumulate(len(word) for word in _pieces(last))}:
        # 杂交玉米、杂交水稻种子年产能: alike in the first word and in length
        return len(first)
    deeds = [edge for edge in edges if edge > 1 and _opens_tail(last, edge, grammar)]
    alike = [edge for edge in edges if edge > 1 and last[edge - 1] == first[-1]]
    if both := [edge for edge in alike if edge in deeds]:
        return both[-1]
    if own in alike:
        # 适龄妇女宫颈癌、乳腺癌人群筛查率
        return own
    opening = next((n for n in range(len(last) - 2, 1, -1) if last[:n] in first[:-1]), 0)
    if opening:
        return next((edge for edge in edges if edge > opening), 0)
    if own in deeds:
        return own
    if len(first) in edges:
        return len(first)
    if deeds or alike:
        return (deeds or alike)[0]
    return min(edges, key=lambda edge: min(abs(edge - len(first)), abs(edge - own)), default=0)


def _opens_tail(words: str, place: int, grammar: Grammar) -> bool:
    """True where a deed or a measure begins: 综合利用率, 排放总量, 重点工程减排量."""
    return (
        grammar.tails.at_start(words, place, len(words)) is not None
        or grammar.verbs.at_start(words, place, len(words)) is not None
        or words.startswith(grammar.rates, place)
    )


def _pieces(words: str) -> list[str]:
    """Cut into the shortest words: 杂交 | 水稻 | 种子 | 年 | 产能."""
    known, pieces, start = set(dictionary().cut_all(words)), [], 0
    while start < len(words):
        end = next((end for end in range(start + 2, len(words) + 1) if words[start:end] in known), start + 1)
        pieces.append(words[start:end])
        start = end
    return pieces
