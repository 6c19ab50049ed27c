"""Name what a figure measures: the noun beside it, completed by what the sentence has said before.

Each namer knows one construction and gives the names with the rule that made them, or None where its
construction is not there. They are asked in order; the first that answers decides.
"""

from __future__ import annotations

from collections.abc import Callable

import regex

from pipeline.extract.clauses import work_for
from pipeline.extract.completing import carried, finish
from pipeline.extract.grammar import Grammar
from pipeline.extract.indicators import clean, invert, is_rate, kind_of, restore_graded
from pipeline.extract.items import Item
from pipeline.extract.peel import Token
from pipeline.extract.quantities import Quantity
from pipeline.extract.shared import expand, rate_pair
from pipeline.extract.statements import Breath, Parts
from pipeline.extract.wholes import same_measure
from pipeline.quick.classes import NamedTuple
from pipeline.quick.pattern import pattern

# 稳定在地级市前30名: among whom, not who.
RANK_FIELD = pattern(
    "(?:稳定|保持|进入|位居|跻身|位列|稳居|列|居|排)?在?"
    "(?:全国|全省|全市|世界|全球|亚洲)?(?:同类|地级市|省会城市|\\p{Han}{2,4}城市)?"
)
JOINT = pattern("[、和与及]")
# 企业开办（含刻章）0.5个工作日内办结
NOTE_AT_END = pattern("[（(]含[^（）()]*[)）]$")
LONGEST_LIST = 6

Names = tuple[list[str], str]


class Case(NamedTuple):
    """A figure whose name is sought: `core` is the noun before it, `rest` what follows it, `reason` why its kind."""

    parts: Parts
    quantity: Quantity
    core: str
    rest: str
    item: Item
    grammar: Grammar
    breath: Breath
    reason: str

    @property
    def verb(self) -> Token | None:
        """The verb nearest to the figure."""
        passed = ("adverb", "modality", "comparator_before", "time")
        return next((t for t in self.parts.right if t.name not in passed), None)

    @property
    def preposition(self) -> regex.Match[str] | None:
        """The preposition that opens the core."""
        return self.grammar.patterns["preposition"].match(self.core) if self.core else None

    def has(self, adverb: str) -> bool:
        """True where an adverb of this value (each, respectively) stands before the figure."""
        said = any(t.name == "adverb" and t.value == adverb for t in self.parts.right)
        # 甲、乙排放量比2020年均下降10%
        based = any(t.name == "base" and t.word.endswith("均") for t in self.parts.right)
        return said or (adverb == "each" and based)

    def finished(self, words: str) -> str:
        """Give `words` as a complete name."""
        placed = any(t.name == "scope" and t.value != "each" for t in self.parts.left)
        return finish(words, self.item, self.grammar, self.breath, acts=self.parts.verb is not None, placed=placed)


def indicator_names(
    parts: Parts, quantity: Quantity, core: str, item: Item, grammar: Grammar, breath: Breath, reason: str
) -> Names:
    """Give the complete indicator (several where 均 spreads one figure over a list) and the rule that made it.

    No name at all is an empty list.
    """
    rest = clean(parts.rest)
    if rest:
        rest = grammar.patterns["long-modifier"].sub("", grammar.patterns["done-wholly"].sub("", rest))
        rest = grammar.patterns["goal-tail"].sub("", rest)
    case = Case(parts, quantity, core.strip("/"), rest, item, grammar, breath, reason)
    for namer in NAMERS:
        if (names := namer(case)) is not None:
            return names
    return [], ""


def _share_done(case: Case) -> Names | None:
    """完成改造任务的30% and 完成60%的整治任务: 改造任务完成比例, 整治任务完成比例."""
    if case.quantity.dimension != "share":
        return None
    done = next((t.word for t in (*case.parts.left, *case.parts.right) if t.word.startswith("完成")), None)
    thing = case.core or clean(case.grammar.patterns["bound-behind"].sub("", clean(case.parts.rest)))
    if done and not thing and (work := work_for(case.breath.subject, case.grammar)):
        return [f"{work}{done[2:]}完成比例"], "share-done"
    if done is None or not case.grammar.patterns["work-to-do"].search(thing):
        return None
    return [f"{done[2:]}{thing}完成比例"], "share-done"


def _share_of_whole(case: Case) -> Names | None:
    """技师占技能劳动者的35%, 其中技师占15%, 甲数、乙数均达到全市的15%: 技师占技能劳动者比重, 技师占比."""
    if case.quantity.dimension != "share" or not case.core:
        return None
    whole = case.grammar.patterns["part-of-whole"].fullmatch(case.core)
    if whole is not None:
        part = whole.group("part") or (case.breath.indicator or "").split("占")[0]
        names = (_members(case, part) if case.has("each") else None) or [part]
        return [case.finished(f"{name}占{whole.group('whole')}比重") for name in names if name], "share-of-whole"
    takes = case.verb is not None and case.verb.word in ("占", "占到", "约占")
    if not takes or is_rate(case.core, case.grammar):
        return None
    return [case.finished(f"{case.core}占比")], "share-of-whole"


def _share_of_noun(case: Case) -> Names | None:
    """收运体系覆盖95%以上的行政村 and 新入网设备100%采用环保设备: 覆盖行政村占比, 采用环保设备占比."""
    if case.quantity.dimension != "share" or not case.core:
        return None
    cover = next((t.word for t in case.parts.right if t.word in ("覆盖", "惠及")), "")
    if cover and case.parts.rest.startswith("的"):
        return [f"{case.core}{cover}{clean(case.parts.rest)}占比"], "share-of-noun"
    if case.grammar.patterns["area"].search(case.core) and case.rest and not case.parts.right:
        names, rule = _from_rest(case)
        return [case.core + name for name in names], rule
    verbless = not any(t.name in ("level", "change", "increase", "comparator_before") for t in case.parts.right)
    if verbless and not is_rate(case.core, case.grammar) and case.grammar.patterns["does"].match(case.rest):
        new = case.parts.verb.word if case.parts.verb and case.parts.verb.word.startswith("新") else ""
        new = "" if case.core.startswith(new) else new
        return [f"{new}{case.core}{case.rest}占比"], "share-of-noun"
    return None


def _promise(case: Case) -> Names | None:
    """登记3个工作日内办结: 登记办结时间."""
    if case.quantity.dimension != "time" or not case.core or case.parts.after != "<=":
        return None
    promise = case.grammar.patterns["promise-within"].search(clean(case.parts.rest.partition("、")[0]))
    core = NOTE_AT_END.sub("", case.core).removesuffix("在")
    own = case.parts.right[-1] if case.parts.right else None
    if promise is not None and own is not None and own.name == "increase":
        # 企业开办1个工作日内办结
        return [f"{core.removesuffix(own.word)}{own.word}时间"], "promise"
    return ([f"{core}{promise.group('deed')}时间"], "promise") if promise else None


def _rank(case: Case) -> Names | None:
    """稳定在地级市前30名 is told of what was named before; 营业额保持全国前5位 of 营业额."""
    if case.reason != "rank":
        return None
    field = next(m for m in RANK_FIELD.finditer(case.core) if m.end() == len(case.core))
    if field.start() == 0:
        return ([case.breath.indicator], "carried") if case.breath.indicator else None
    return [case.finished(case.core[: field.start()])], case.reason


def _acted_on(case: Case) -> Names | None:
    """市区两级支持300名人才, 各镇均建有1所中心幼儿园: the subject acts or has, the noun after the figure is counted."""
    if not (case.core and case.rest and case.verb is not None):
        return None
    acts = case.verb.name == "increase"
    has = case.verb.word.endswith("有") and case.quantity.dimension == "count"
    opens = case.grammar.patterns["verb-opens-rest"].search(case.rest)
    if not ((acts and (case.preposition is not None or opens)) or (has and opens)):
        return None
    return _from_rest(case)


def _noun_and_verb(case: Case) -> Names | None:
    """甲、乙覆盖率均达到90%; 覆盖率达到90%: the noun before the verb, each of a list where 均 spreads the figure."""
    if not (case.core and case.parts.right) or (len(case.core) == 1 and case.preposition):
        return None
    if case.has("each") and (members := _members(case, case.core)) is not None:
        areas = case.breath.of_which and all(case.grammar.patterns["area-of"].fullmatch(name) for name in members)
        return [case.finished(name) for name in members] if areas else members, "each"
    if not case.has("respectively") and (pair := rate_pair(case.core)) is not None:
        return pair, "each"
    core = case.core
    if case.parts.verb is None or case.quantity.dimension in ("share", "time"):
        core = same_measure(core, case.quantity, case.breath, case.grammar)
    return [case.finished(core)], case.reason


def _members(case: Case, words: str) -> list[str] | None:
    found = (expand(words, count, case.grammar) for count in range(LONGEST_LIST, 1, -1))
    return next((members for members in found if members is not None), None)


def _placed(case: Case) -> Names | None:
    """在沿海的16个省份实施总量控制: 实施总量控制的沿海省份."""
    if not case.rest or case.preposition is None:
        return None
    place = case.grammar.patterns["whole-area"].sub("", clean(case.core[case.preposition.end() :]))
    if case.preposition.group() == "对" and (deed := case.grammar.patterns["undergoes"].fullmatch(case.rest)):
        # 对300个公交站台进行适老化改造
        return [invert(place + deed.group("noun"), deed.group("deed"))], "place-figure-verb"
    name, _ = _split_predicate(case.rest, place, case.grammar, verbs=True)
    return [name], "place-figure-verb"


def _withstands(case: Case) -> Names | None:
    """城区要有效应对不低于50年一遇的暴雨: 城区有效应对的暴雨."""
    if not case.quantity.unit.endswith("一遇") or not case.core or not case.rest:
        return None
    deed = case.grammar.verbs.at_end(case.core, 0, len(case.core)) is None
    words = case.grammar.patterns["duty-within"].sub("", case.core)
    return ([f"{words}的{case.rest}"], case.reason) if deed else None


def _of_these(case: Case) -> Names | None:
    """检测管道80公里，对其中的20公里进行更换: the deed on a part of what was counted before."""
    whole = case.breath.indicator
    deed = case.grammar.patterns["undergoes-what"].fullmatch(case.rest) if whole and case.rest else None
    if whole is None or deed is None or not case.grammar.patterns["of-these"].fullmatch(case.core):
        return None
    done = case.grammar.verbs.at_end(whole, 0, len(whole))
    thing = whole[: done.start] if done is not None and done.start > 1 else whole
    return [thing + deed.group("deed")], "place-figure-verb"


def _examples(case: Case) -> Names | None:
    """甲单元等9个单元由Ⅳ类升为Ⅲ类; 东岭、西江等14个示范县建设; 甲监测、乙监管等3个平台: examples, figure, noun."""
    head, mark, more = case.core.rpartition("等")
    if not mark or not head or not case.rest:
        return None
    if not more and (noun := _shared_noun(head, case.rest)):
        return [invert(kind_of(head, noun), case.rest[len(noun) :])], "figure-noun-verb"
    rest = case.grammar.patterns["entered"].sub("", case.rest)
    noun = case.grammar.patterns["being-built"].sub("", case.grammar.patterns["next-examples"].sub("", rest))
    if case.grammar.patterns["bare-generic"].fullmatch(noun):
        return [f"{case.core}{noun}"], "examples"
    name, _ = _split_predicate(more + noun, "", case.grammar, verbs=False, drop=True)
    return [name], "examples"


def _handed_down(case: Case) -> Names | None:
    """国家下达的6万亩造林任务: 造林."""
    if not case.rest or not case.grammar.patterns["handed-down"].search(case.core):
        return None
    return [case.grammar.patterns["work-noun"].sub("", case.rest) or case.rest], "handed-down"


def _bare_deed(case: Case) -> Names | None:
    """改造老旧小区60个，2024年改造75个: the deed on what was counted before."""
    whole = case.breath.counted.get(case.quantity.unit)
    bare = case.core in case.grammar.verbs.words and case.core not in case.grammar.adding and not case.rest
    done = case.quantity.dimension in ("count", "length", "area")
    if not bare or whole is None or not done:
        return None
    return [whole if whole.startswith(case.core) or whole.endswith(case.core) else case.core + whole], "carried"


def _latter(case: Case) -> Names | None:
    """甲里程和乙里程达到1万公里，其中后者不低于6000公里."""
    pair = case.core[:2] if case.core in ("前者", "后者", "前者为", "后者为") else ""
    names = expand(case.breath.indicator, 2, case.grammar) if pair and case.breath.indicator else None
    return ([names[pair == "后者"]], "carried") if names else None


def _elided(case: Case) -> Names | None:
    """基地15个，其中年销售额超50亿元的3个、超10亿元的6个: what is described stands before 其中."""
    whole = case.breath.whole or case.breath.indicator
    told = case.breath.of_which or case.item.joint in ("、", "和", "及", "与")
    if (
        not (case.parts.elided and told and case.core and case.parts.verb is None)
        or case.rest
        or whole is None
        or case.quantity.dimension == "share"
    ):
        return None
    grammar = case.grammar
    thing = grammar.patterns["work-tail"].sub("", whole)
    done = grammar.patterns["total-word"].sub("", thing)
    name = restore_graded(f"{case.core}的{done or thing}", case.breath.noun)
    return [name], "list" if case.breath.of_which else case.reason


def _noun_before(case: Case) -> Names | None:
    """甲平台10家; 定向对接全国 + 重点院校 is one name, a list of places before its noun (甲区和乙区2个园) not."""
    if not case.core:
        return None
    counted = case.rest and case.quantity.dimension == "count"
    members = JOINT.split(case.core) if counted else []
    first = 1 if len(members) > 2 and members[0] == case.breath.indicator else 0
    if len(members) > first + 1 and case.quantity.value == len(members) - first:
        # 甲电厂、乙电厂、丙电厂3个煤电项目: all are named, and then counted.
        kinds = (JOINT.split(name)[0] for name in _from_rest(case)[0])
        return [case.grammar.patterns["being-built"].sub("", kind) for kind in kinds], "figure-noun"
    listed = counted and len(case.rest) > 3 and any(joint in case.core for joint in "、和与")
    if listed and case.grammar.patterns["area"].search(case.core):
        return _from_rest(case)
    name = _core_and_rest(case.core, case.rest, case.grammar)
    share = case.quantity.dimension == "share" and case.item.joint == "、"
    if (case.breath.of_which or share) and not case.rest and case.parts.verb is None:
        # 集装箱吞吐量120万标箱，其中海铁联运8万标箱
        name = same_measure(name, case.quantity, case.breath, case.grammar)
    return [case.finished(name)], case.reason


def _core_and_rest(core: str, rest: str, grammar: Grammar) -> str:
    """定向对接全国 + 重点院校 is one name; a verb after the figure (投入使用) is not part of it."""
    if not rest or len(rest) < 2 or rest[0] in "（(":
        return core
    if core.endswith(("财政", "资金")) and rest.startswith(("支持", "用于")):
        return core + rest
    if core.endswith("在") and is_rate(core[:-1], grammar):
        # 营收在200亿元以上持续增长
        return core[:-1]
    starts_verb = grammar.predicates.at_start(rest, 0, len(rest)) or grammar.verbs.at_start(rest, 0, len(rest))
    return core if starts_verb and len(core) > 3 else core + rest


def _noun_after(case: Case) -> Names | None:
    """新建10家研发机构: the noun follows its figure."""
    return _from_rest(case) if case.rest else None


def _noun_elsewhere(case: Case) -> Names | None:
    """开工5万套，建成4万套: what is counted was named before."""
    again = case.breath.of_which and any(t.name == "time" for t in (*case.parts.left, *case.parts.right))
    if (case.item.joint in ("；", ";") or again) and case.breath.whole is not None:
        # 筹集住房12万套，其中新建3万套；2023年开工4万套: of the whole, not of the part.
        case.breath.indicator = case.breath.whole
    same = case.breath.counted.get(case.quantity.unit)
    if same is not None and case.quantity.dimension == "count" and case.quantity.unit != case.breath.unit:
        # 新建中小学86所、学位11万个，2023年先行建成28所
        case.breath.indicator = same
    invested = case.parts.verb is not None and case.parts.verb.word.endswith("投资")
    before = case.breath.indicator
    if invested and before and case.item.joint == "、" and not is_rate(before, case.grammar):
        # 实施工业项目220个、完成投资480亿元
        return [f"{before}投资"], "carried"
    known = carried(case.parts, case.quantity, case.grammar, case.breath)
    if known is None:
        return None
    return [known], "carried" if case.breath.indicator or case.breath.subject else case.reason


def _shared_noun(head: str, rest: str) -> str:
    """Give the noun that ends a list of examples and opens what follows the figure: 甲单元等9个单元由Ⅳ类升为Ⅲ类."""
    return next((rest[:n] for n in range(min(4, len(rest) - 2), 1, -1) if head.endswith(rest[:n])), "")


def _from_rest(case: Case) -> Names:
    """Name the noun that follows its figure: 新建10家研发机构; 70%企业建有研发机构; 其中30%为海外人才.

    The rule tells whether something is said of the noun besides its number.
    """
    grammar, parts = case.grammar, case.parts
    rest = grammar.patterns["entered"].sub("", grammar.patterns["current-note"].sub("", case.rest))
    if case.quantity.dimension == "share":
        whole = case.breath.indicator if any(t.value == "of_which" for t in parts.left) else None
        described = grammar.patterns["is-what"].match(rest)
        if described:
            of_whole = f"{whole}中" if whole else ""
            return [f"{of_whole}{described.group('what')}占比"], "figure-noun-verb"
        plain = grammar.patterns["by-and-large"].sub("", rest)
        if whole is None and any(t.value == "of_which" for t in parts.left):
            plain = _who_before(case, plain) + plain
        return [plain if plain.endswith(grammar.rates) else plain + "占比"], "figure-noun-verb"
    if become := grammar.patterns["become"].search(rest):
        return [become.group("what")], "figure-noun-verb"
    purpose = parts.verb is not None and parts.verb.word.startswith(grammar.attracting)
    name, said = _split_predicate(rest, "", grammar, verbs=False, drop=purpose)
    return [name], "figure-noun-verb" if said else "figure-noun"


def _who_before(case: Case, predicate: str) -> str:
    """Give who the clause before speaks of: 专任教师全部达到大专学历，其中70%达到本科学历."""
    words = clean(case.breath.subject)
    deed = case.grammar.patterns["same-predicate"].match(predicate)
    found = words.find(deed.group()) if deed is not None else -1
    return case.grammar.patterns["all-of-them"].sub("", words[:found]) if found > 1 else ""


def _split_predicate(rest: str, place: str, grammar: Grammar, *, verbs: bool, drop: bool = False) -> tuple[str, bool]:
    """Turn noun + predicate into predicate + 的 + noun; with `drop` the predicate (a purpose) is left out."""
    for position in range(1, len(rest) - 1):
        token = grammar.predicates.at_start(rest, position, len(rest))
        if token is None and verbs:
            found = grammar.verbs.at_start(rest, position, len(rest))
            token = found if found is not None and len(found.word) > 1 else None
        if token is not None and rest[token.end :].startswith(("者", "得者", "奖")):
            continue
        if token is not None and token.word == "组织" and rest[position - 1] in "党会业作层政":
            # 1460名村党组织书记
            continue
        if token is None or (token.word == "与" and not grammar.patterns["together"].search(rest)):
            continue
        if token.word == "由" and not grammar.patterns["raised-class"].search(rest):
            continue
        noun = clean(place + rest[:position])
        said = clean(grammar.patterns["generally"].sub("", rest[position:]))
        return (noun if drop else invert(noun, said)), True
    return clean(place + rest), False


NAMERS: tuple[Callable[[Case], Names | None], ...] = (
    _share_done,
    _share_of_whole,
    _share_of_noun,
    _promise,
    _rank,
    _withstands,
    _latter,
    _bare_deed,
    _of_these,
    _acted_on,
    _handed_down,
    _elided,
    _noun_and_verb,
    _placed,
    _examples,
    _noun_before,
    _noun_after,
    _noun_elsewhere,
)
