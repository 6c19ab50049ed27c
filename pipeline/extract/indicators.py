"""Make indicators complete: cut verbs and deadlines off, restore what a list leaves out, pair 分别 lists."""

from __future__ import annotations

import regex

from pipeline.extract.grammar import Grammar

LEVEL_WORD = (
    r"(?:(?:国家|省|市|县|区|州|镇|部|院|校)(?:[、和及](?:国家|省|市|县|区|州))*级(?:及?以上)?|国家|国际|国内|全国性?)"
)
PLACE_WORD = r"(?:\p{Han}{2,4}?(?:省|市(?![场民政值容集面])|县(?![域城])|自治区|自治州)(?:级(?:及?以上)?)?)"
LEVEL_HEAD = regex.compile(rf"(?:{PLACE_WORD})?(?:{LEVEL_WORD})?")
BARE_LEVEL = regex.compile(rf"(?:{PLACE_WORD}|\p{{Han}}{{2,4}})?{LEVEL_WORD}")
LEVEL_LIST = regex.compile(
    r"(?P<ranks>(?:国家|[省市县区州乡镇村])(?:[、和](?:国家|[省市县区州乡镇村]))+)[两二三四五]级(?P<tail>\p{Han}.*)"
)
QUOTED_LIST = regex.compile(r"[“「『](?P<names>[^”」』]*?、[^”」』]*)[”」』]")
QUOTES_TAIL = regex.compile(r"^(?:[^“]*“[^”]+”)(?P<rest>(?:[、和及]“[^”]+”)+)(?P<tail>[^“”]+)$")
GRADE = regex.compile("[一二三四五六七八九两十百千万]{1,3}亿?级")
SPACE = regex.compile(r"\s+")
EDGE = "，。；：、,;: 的"


def clean(words: str) -> str:
    """Drop white space, stray marks at the edges and an unpaired quotation mark or bracket."""
    words = SPACE.sub("", words).strip(EDGE)
    for opener, closer in ("“”", "（）", "()", "《》", "「」"):
        if words.count(opener) != words.count(closer):
            if words.startswith(closer) or (words.endswith(opener)):
                words = words.strip(opener + closer)
            elif words.count(closer) > words.count(opener):
                words = words.replace(closer, "", 1) if words.index(closer) < 2 else words
    return words.strip(EDGE)


def is_rate(words: str, grammar: Grammar) -> bool:
    """True where the words name a share, total or amount (覆盖率, 入库数, 产值): a bare figure is then a level."""
    bare = regex.sub(r"[（(][^（）()]*[)）]$", "", words)
    return bare.endswith(grammar.rates)


def expand(words: str, count: int) -> list[str] | None:
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
    names = _members(words)
    if len(names) != count:
        return None
    if count == 1:
        return names
    return _share(names)


def rate_pair(words: str) -> list[str] | None:
    """Cut 甲回收率与乙利用率 in two where both halves name a share; the one figure after them holds for each."""
    for joint in regex.finditer("和|与|及|、", words):
        pair = [words[: joint.start()], words[joint.end() :]]
        if all(regex.search("(?:率|比重|占比|比例)$", half) for half in pair):
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


def _share(names: list[str]) -> list[str]:
    """Give every member the head of the first and the tail of the last where the list states them once."""
    tail = _shared_tail(names)
    if tail is None:
        head_match = LEVEL_HEAD.match(names[0])
        place = regex.match(PLACE_WORD, names[0])
        if place and head_match and not any(regex.match(PLACE_WORD, n) for n in names[1:]):
            return [names[0], *(place.group() + n for n in names[1:])]
        return names
    stems = [*names[:-1], names[-1][: len(names[-1]) - len(tail)]]
    width = len(stems[-1])
    head = stems[0][: len(stems[0]) - width] if len(stems[0]) > width and len(names) > 1 else ""
    if head and all(len(s) == width for s in stems[1:]) and not stems[0].endswith(stems[-1][-1]):
        stems = [stems[0], *(head + s for s in stems[1:])]
    return [stem if stem.endswith(tail) else stem + tail for stem in stems]


def _shared_tail(names: list[str]) -> str | None:
    """Give the tail that only the last member spells: 培育入库数 after 甲企业、乙企业, 机械化率 after 种植、收获."""
    first, last = names[0], names[-1]
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
    kind = regex.search("(?:产业|行业|企业|项目|园区|集群|工程|基地|平台)$", last)
    if kind and len(first) <= 4 and abs(kind.start() - len(first)) <= 1 and not first.endswith(kind.group()):
        return kind.group()
    if regex.search("(?:率|比重|占比|比例|数|数量|总量|面积|产值|规模|额|收入|覆盖面)$", first) or len(last) < 4:
        return None
    if not regex.search(
        "(?:率|比重|占比|比例|数|数量|总量|面积|产量|产值|规模|额|收入|人数|浓度|水平|强度|量|装机|装机容量)$", last
    ):
        return None
    stem = len(_dictionary_words(first)[-1])
    if stem == len(first) and stem > 1 and last[:stem] in _all_words(last):
        return last[stem:]
    edge = 0
    for word in _dictionary_words(last):
        edge += len(word)
        if edge >= stem:
            return last[edge:] if 1 < edge < len(last) - 1 else None
    return None


def _all_words(words: str) -> list[str]:
    """Give all dictionary words inside, also those within longer ones: 工伤保险 holds 工伤 and 保险."""
    import jieba

    jieba.setLogLevel(60)
    return [str(word) for word in jieba.cut_for_search(words)]


def _dictionary_words(words: str) -> list[str]:
    """Cut into dictionary words: 花生 | 种植. Only shared heads and tails of lists ask for them."""
    import jieba

    jieba.setLogLevel(60)
    return [str(word) for word in jieba.cut(words)]


def kind_of(example: str, noun: str) -> str:
    """Give the kind that an example ending in `noun` belongs to: 清溪县控制单元等40个单元 counts 控制单元."""
    words = _dictionary_words(example[: -len(noun)])
    if len(noun) > 2 or not words or len(words[-1]) != 2 or regex.search("[省市县区州旗镇乡村]", words[-1]):
        return noun
    return words[-1] + noun


def restore(words: str, previous: str | None, joint: str, contrasts: tuple[str, ...] = ()) -> str:
    """Give what an item of a list leaves out: its noun after 省级, its place after another of the same list."""
    if previous is None or joint not in ("、", "和", "及", "与", "以及", "，", ","):
        return words
    if words in contrasts and (same := next((c for c in contrasts if previous.startswith(c)), None)):
        return words + previous[len(same) :]
    grade = GRADE.match(previous)
    if GRADE.fullmatch(words) and grade is not None:
        return words + previous[grade.end() :]
    if BARE_LEVEL.fullmatch(words):
        head = LEVEL_HEAD.match(previous)
        return words + previous[head.end() if head else 0 :]
    if joint in ("，", ","):
        return words
    place = regex.match(PLACE_WORD, previous)
    if place and place.end() < len(previous) and not regex.match(rf"{PLACE_WORD}|{LEVEL_WORD}", words):
        return place.group() + words
    return words


def restore_graded(words: str, previous: str | None) -> str:
    """30亿元以上项目 after 10亿元以上产业项目 is 30亿元以上产业项目: the noun is told once."""
    bound = regex.compile(r"(?:超?[\d.百千万亿两三]+(?:万|亿)?(?:元|吨|平方米|人|兆瓦|千瓦|亩)(?:及?以上|以下|级)?)")
    mine, theirs = bound.match(words), bound.search(previous or "")
    if not mine or not theirs or previous is None:
        return words
    if theirs.start() > 0:
        return previous[: theirs.start()] + words
    noun, other = words[mine.end() :], previous[theirs.end() :]
    return mine.group() + other if noun and other.endswith(noun) else words


def invert(noun: str, predicate: str) -> str:
    """A noun and what is said of it as one name: 企业 + 与高校建立合作关系 is 与高校建立合作关系的企业."""
    return f"{predicate}的{noun}" if predicate else noun
