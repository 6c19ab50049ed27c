"""Complete a name that only makes sense with the one before: 占比, 营业收入; 其中公办占比; 高速铁路 of 铁路里程.

Each completer knows one construction and gives the complete name, or None where its construction is not there. They
are asked in order; the first that answers decides.
"""

from __future__ import annotations

from collections.abc import Callable

import regex

from pipeline.extract.clauses import subject_of
from pipeline.extract.grammar import Grammar
from pipeline.extract.indicators import is_rate
from pipeline.extract.quantities import Quantity
from pipeline.extract.statements import Breath
from pipeline.extract.topics import says_little
from pipeline.quick.classes import NamedTuple
from pipeline.quick.pattern import pattern

# 粮食播种面积稳定在5亿亩，产量稳定在400亿斤: the yield is of the crop.
YIELD = ("产量", "产值", "总产值")
# 基金首期出资到位30亿元，总规模达到100亿元
FIRST_SUM = pattern("(?:首期|首批|一期)(?:出资|投资|资金|规模)$")
GROWTH = ("增速", "年均增速", "增长率", "年均增长率", "增幅", "年均增幅", "年均增长")
# 到2025年达到1.5万亿元，人均达到12万元: the same per head.
PER_ONE = ("人均", "户均", "亩均", "地均")
SHARES = ("%", "‰", "百分点")
WORKS = ("培训", "轮训", "检查", "演出", "体检", "筛查", "服务")
STOCKS = ("余额", "总数", "总量", "总规模", "数量")


class Short(NamedTuple):
    """A name beside its figure: `joint` parts its item from the one before, `acts` tells that it has its own verb.

    `little` says that the name is a measure and no more, `rate` that it names a share, total or amount.
    """

    words: str
    breath: Breath
    grammar: Grammar
    joint: str
    acts: bool
    little: bool
    rate: bool

    @property
    def whole(self) -> str:
        """What was named before, or nothing."""
        return self.breath.indicator or ""

    @property
    def part(self) -> bool:
        """True for a part, after 其中, of what was named before."""
        return self.breath.of_which and self.words not in self.whole

    def is_a(self, rule: str) -> regex.Match[str] | None:
        """Match the whole name with a rule of grammar.toml."""
        return self.grammar.patterns[rule].fullmatch(self.words)


def within_whole(words: str, breath: Breath, grammar: Grammar, joint: str, acts: bool) -> str:
    """Give `words` completed by what the items before have named; as they are where nothing is lacking."""
    if breath.indicator is None and not (breath.label or breath.total or breath.of_which or breath.subject):
        return words
    short = Short(words, breath, grammar, joint, acts, says_little(words, grammar), is_rate(words, grammar))
    named = breath.indicator is not None
    completers = COMPLETERS if named else BY_LABEL
    for completer in completers:
        if (name := completer(short)) is not None:
            return name
    return words


def _labelled(short: Short) -> str | None:
    """高新技术企业数：甲区30家: the label before the colon."""
    return short.words + short.breath.label if short.breath.label and not short.rate else None


def _by_size(short: Short) -> str | None:
    """消防救援站7座（其中小型站3座）."""
    size = short.is_a("size-of-part")
    if size is None or not (short.breath.total or short.breath.of_which):
        return None
    whole = short.breath.total or short.breath.whole or short.whole
    return size.group("size") + whole if whole.endswith(size.group("noun")) else None


def _in_bracket(short: Short) -> str | None:
    """新增床位300张（公办100张、民办200张）."""
    total = short.breath.total
    own = short.rate or any(character in short.words for character in total[-2:])
    return short.words + total if total and not own else None


def _of_area(short: Short) -> str | None:
    """农村电网全面升级，供电可靠率达到99.8%."""
    if not short.little or not short.breath.subject:
        return None
    topic = short.grammar.patterns["topic"].match(short.breath.subject)
    return topic.group("topic") + short.words if topic else None


def _of_what_was_done(short: Short) -> str | None:
    """项目220个、完成投资480亿元; 改造老旧小区60个，惠及居民2万户."""
    money = short.joint == "、" and short.is_a("money-of-it") and not is_rate(short.whole, short.grammar)
    served = short.joint in ("、", "，", ",") and short.is_a("served")
    return entity_of(short.whole, short.words, short.grammar) + short.words if money or served else None


def _per_one(short: Short) -> str | None:
    """达到1.5万亿元，人均达到12万元."""
    return short.words + short.whole if short.words in PER_ONE else None


def _share_of_another(short: Short) -> str | None:
    """研发投入达到30亿元、占地区生产总值比重达到2%."""
    return short.whole.split("占")[0] + short.words if short.words.startswith("占") and short.rate else None


def _growth(short: Short) -> str | None:
    """营业收入达到3000亿元、年均增速保持在10%以上; 联运量继续保持较快增长，年均增速不低于15%."""
    if short.words not in GROWTH:
        return None
    grown = subject_of(short.breath.subject, short.grammar)
    return grown or (short.whole if is_rate(short.whole, short.grammar) else None)


def _measure_of(short: Short) -> str | None:
    """工业企业数量达到300家，营业收入达到50亿元."""
    whole = short.whole
    aside = whole.endswith(("占比", "比重", "比例"))
    if short.breath.whole and (aside or (short.words in STOCKS and not short.breath.of_which)):
        # 中欧班列开行850列，回程班列占比不低于45%，重箱率保持在98%以上
        whole = short.breath.whole
    told = short.words not in short.grammar.generic or is_rate(whole, short.grammar)
    lacking = short.little and not (short.acts and told)
    return entity_of(whole, short.words, short.grammar) + short.words if lacking else None


def _share_right_behind(short: Short) -> str | None:
    """经营主体总量突破5万户、企业占比超过25%."""
    bare = short.joint == "、" and short.is_a("bare-share") and not short.acts
    return _among(short) if bare and short.breath.unit not in SHARES else None


def _only_where(short: Short) -> str | None:
    """新增停车位2万个，其中主城区1.6万个."""
    if not short.part or not (short.is_a("part-of-place") or short.is_a("area-of")):
        return None
    counted = short.breath.whole
    whole = counted if counted and not is_rate(counted, short.grammar) else short.whole
    return short.words if whole.startswith(short.words) else short.words + whole


def _for_whom(short: Short) -> str | None:
    """开展技能培训36万人次，其中企业职工18万人次."""
    work = short.part and short.whole.endswith(WORKS) and not short.words.endswith(WORKS)
    return short.words + (short.breath.whole or short.whole) if work and not short.acts and not short.rate else None


def _share_of_part(short: Short) -> str | None:
    """床位300张，其中护理型床位占比达到60%."""
    share = short.part and short.words.endswith(("占比", "比例", "比重")) and "占" not in short.words[:-2]
    counted = short.breath.unit not in SHARES or short.breath.kind == "change"
    total = not is_rate(short.whole, short.grammar) or short.whole.endswith((*STOCKS, *short.grammar.totals))
    return _among(short) if share and counted and total and (short.breath.opened or short.joint == "、") else None


def _same_thing(short: Short) -> str | None:
    """铁路里程达到5000公里，其中高速铁路2000公里."""
    words, whole = short.words, short.whole
    if not short.part or short.rate or not is_rate(whole, short.grammar) or whole.endswith(STOCKS):
        return None
    shared = next((n for n in range(min(len(words), len(whole)) - 1, 1, -1) if whole.startswith(words[-n:])), 0)
    return words + whole[shared:] if shared else None


def _among(short: Short) -> str:
    return f"{short.grammar.patterns['stock'].sub('', short.whole)}中{short.words}"


BY_LABEL: tuple[Callable[[Short], str | None], ...] = (_labelled, _by_size, _in_bracket, _of_area)
BY_WHOLE: tuple[Callable[[Short], str | None], ...] = (
    _of_what_was_done,
    _per_one,
    _share_of_another,
    _growth,
    _measure_of,
    _share_right_behind,
    _only_where,
    _for_whom,
    _share_of_part,
    _same_thing,
)


COMPLETERS = (*BY_LABEL, *BY_WHOLE)


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
