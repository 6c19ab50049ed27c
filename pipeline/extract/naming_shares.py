"""Name shares and terms: of a work that is done, of a whole, of the things that do something; how long a deed takes."""

from __future__ import annotations

from pipeline.extract.clauses import work_for
from pipeline.extract.indicators import clean, is_rate
from pipeline.extract.naming_case import Case, Names, from_rest, members_of
from pipeline.quick.pattern import pattern

# 企业开办（含刻章）0.5个工作日内办结
NOTE_AT_END = pattern("[（(]含[^（）()]*[)）]$")


def share_done(case: Case) -> Names | None:
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


def share_of_whole(case: Case) -> Names | None:
    """技师占技能劳动者的35%, 其中技师占15%, 甲数、乙数均达到全市的15%: 技师占技能劳动者比重, 技师占比."""
    if case.quantity.dimension != "share" or not case.core:
        return None
    whole = case.grammar.patterns["part-of-whole"].fullmatch(case.core)
    if whole is not None:
        part = whole.group("part") or (case.breath.indicator or "").split("占")[0]
        names = (members_of(case, part) if case.has("each") else None) or [part]
        return [case.finished(f"{name}占{whole.group('whole')}比重") for name in names if name], "share-of-whole"
    takes = case.verb is not None and case.verb.word in ("占", "占到", "约占")
    if not takes or is_rate(case.core, case.grammar):
        return None
    return [case.finished(f"{case.core}占比")], "share-of-whole"


def share_of_noun(case: Case) -> Names | None:
    """收运体系覆盖95%以上的行政村 and 新入网设备100%采用环保设备: 覆盖行政村占比, 采用环保设备占比."""
    if case.quantity.dimension != "share" or not case.core:
        return None
    cover = next((t.word for t in case.parts.right if t.word in ("覆盖", "惠及")), "")
    if cover and case.parts.rest.startswith("的"):
        return [f"{case.core}{cover}{clean(case.parts.rest)}占比"], "share-of-noun"
    if case.grammar.patterns["area"].search(case.core) and case.rest and not case.parts.right:
        names, rule = from_rest(case)
        return [case.core + name for name in names], rule
    verbless = not any(t.name in ("level", "change", "increase", "comparator_before") for t in case.parts.right)
    if verbless and not is_rate(case.core, case.grammar) and case.grammar.patterns["does"].match(case.rest):
        new = case.parts.verb.word if case.parts.verb and case.parts.verb.word.startswith("新") else ""
        new = "" if case.core.startswith(new) else new
        return [f"{new}{case.core}{case.rest}占比"], "share-of-noun"
    return None


def promise(case: Case) -> Names | None:
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
