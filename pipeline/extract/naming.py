"""Name what a figure measures: the noun beside it, completed by what the sentence has said before.

Each namer knows one construction and gives the names with the rule that made them, or None where its
construction is not there. They are asked in order; the first that answers decides.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from pipeline.extract.completing import carried
from pipeline.extract.grammar import Grammar
from pipeline.extract.indicators import clean, invert, is_rate, kind_of, restore_graded
from pipeline.extract.items import Item
from pipeline.extract.naming_case import Case, Names, from_rest, members_of, split_predicate
from pipeline.extract.naming_shares import promise, share_done, share_of_noun, share_of_whole
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
    for namer in _namers(quantity.dimension, bool(case.core), bool(rest)):
        if (names := namer(case)) is not None:
            return names
    return [], ""


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
    return from_rest(case)


def _noun_and_verb(case: Case) -> Names | None:
    """甲、乙覆盖率均达到90%; 覆盖率达到90%: the noun before the verb, each of a list where 均 spreads the figure."""
    if not (case.core and case.parts.right) or (len(case.core) == 1 and case.preposition):
        return None
    if case.has("each") and (members := members_of(case, case.core)) is not None:
        areas = case.breath.of_which and all(case.grammar.patterns["area-of"].fullmatch(name) for name in members)
        return [case.finished(name) for name in members] if areas else members, "each"
    if not case.has("respectively") and (pair := rate_pair(case.core)) is not None:
        return pair, "each"
    core = case.core
    if case.parts.verb is None or case.quantity.dimension in ("share", "time"):
        core = same_measure(core, case.quantity, case.breath, case.grammar)
    return [case.finished(core)], case.reason


def _placed(case: Case) -> Names | None:
    """在沿海的16个省份实施总量控制: 实施总量控制的沿海省份."""
    if not case.rest or case.preposition is None:
        return None
    place = case.grammar.patterns["whole-area"].sub("", clean(case.core[case.preposition.end() :]))
    if case.preposition.group() == "对" and (deed := case.grammar.patterns["undergoes"].fullmatch(case.rest)):
        # 对300个公交站台进行适老化改造
        return [invert(place + deed.group("noun"), deed.group("deed"))], "place-figure-verb"
    name, _ = split_predicate(case.rest, place, case.grammar, verbs=True)
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
    name, _ = split_predicate(more + noun, "", case.grammar, verbs=False, drop=True)
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
        kinds = (JOINT.split(name)[0] for name in from_rest(case)[0])
        return [case.grammar.patterns["being-built"].sub("", kind) for kind in kinds], "figure-noun"
    listed = counted and len(case.rest) > 3 and any(joint in case.core for joint in "、和与")
    if listed and case.grammar.patterns["area"].search(case.core):
        return from_rest(case)
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
    return from_rest(case) if case.rest else None


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


class Namer(NamedTuple):
    """A namer with what it needs: a noun before the figure (`core`), words behind it (`rest`), a dimension (or any)."""

    namer: Callable[[Case], Names | None]
    core: bool = False
    rest: bool = False
    only: frozenset[str] | None = None


SHARE = frozenset(("share",))
NAMERS = (
    Namer(share_done, only=SHARE),
    Namer(share_of_whole, core=True, only=SHARE),
    Namer(share_of_noun, core=True, only=SHARE),
    Namer(promise, core=True, only=frozenset(("time",))),
    Namer(_rank),
    Namer(_withstands, core=True, rest=True),
    Namer(_latter, core=True),
    Namer(_bare_deed, core=True, only=frozenset(("count", "length", "area"))),
    Namer(_of_these, core=True, rest=True),
    Namer(_acted_on, core=True, rest=True),
    Namer(_handed_down, core=True, rest=True),
    Namer(_elided, core=True),
    Namer(_noun_and_verb, core=True),
    Namer(_placed, core=True, rest=True),
    Namer(_examples, core=True, rest=True),
    Namer(_noun_before, core=True),
    Namer(_noun_after, rest=True),
    Namer(_noun_elsewhere),
)


@cache
def _namers(dimension: str, core: bool, rest: bool) -> tuple[Callable[[Case], Names | None], ...]:
    """Give the namers whose construction is possible, in order."""
    return tuple(
        namer.namer
        for namer in NAMERS
        if core >= namer.core and rest >= namer.rest and (namer.only is None or dimension in namer.only)
    )
