"""Tell the counts of an item from sizes that qualify what is counted, and from present values."""

from __future__ import annotations

from dataclasses import dataclass, field

import regex

from pipeline.extract.grammar import Grammar
from pipeline.extract.items import Item
from pipeline.extract.quantities import Quantity

# Ratings of plants and lines, which stand in their names.
RATINGS = ("power", "mass", "volume", "energy")
# 营收10亿元以上的企业: what follows a size that describes.
DESCRIBED = regex.compile(r"(?:以上|以下|以内|左右)?的\p{Han}{2}")
NOUN_AFTER = regex.compile(r"(?:及?以上|以下|以内|左右|及以上)?(?:的|规模的?|级)?(?P<noun>\p{Han}[^，；。、]*)")
REACHING = ("到", "达", "为", "超", "过", "至")


@dataclass(slots=True)
class Sorted:
    """The quantities of an item by what they do; `pending` is a present value whose goal stands in the next item."""

    mains: list[Quantity] = field(default_factory=list)
    qualifiers: list[Quantity] = field(default_factory=list)
    baselines: dict[Quantity, Quantity] = field(default_factory=dict)
    pending: Quantity | None = None


def sort_quantities(text: str, item: Item, grammar: Grammar) -> Sorted:
    """Tell the counts of an item from sizes that qualify what is counted (10亿元以上项目30个) and from baselines."""
    result = Sorted()
    for number, quantity in enumerate(item.quantities):
        before, after = text[item.start : quantity.start], text[quantity.end : item.end]
        later = item.quantities[number + 1 :]
        if grammar.patterns["baseline-from"].search(before) and (
            grammar.patterns["baseline-to"].search(after) if later else not after.strip()
        ):
            result.pending = quantity
        elif _in_current_note(text, item, quantity, grammar) and result.mains:
            result.baselines[result.mains[-1]] = quantity
        elif _qualifies(
            quantity, before, after, text[quantity.end : quantity.end + 60], later, bool(result.mains), grammar
        ):
            result.qualifiers.append(quantity)
        else:
            result.mains.append(quantity)
            if result.pending is not None:
                result.baselines[quantity] = result.pending
                result.pending = None
    return result


def _in_current_note(text: str, item: Item, quantity: Quantity, grammar: Grammar) -> bool:
    return any(
        m.start() < quantity.start < m.end()
        for m in grammar.patterns["current-note"].finditer(text, item.start, item.end)
    )


def _of_a_rate(between: str, later: Quantity, grammar: Grammar) -> bool:
    """甲、乙等3个集聚区营收占全市比重达到50%: the count is part of the name of a share."""
    if later.dimension not in ("share", "points"):
        return False
    return grammar.patterns["rate-reached"].search(between) is not None


def _rates_a_thing(before: str, after: str, behind: str, grammar: Grammar) -> bool:
    """加快东岭35万千瓦压缩空气储能项目建设: a rating inside a name, with no deed or bound right before it."""
    if grammar.patterns["named-works"].match(behind):
        return True
    lead = before.rstrip()
    if not lead or grammar.patterns["reaching"].search(lead) or grammar.verbs.at_end(lead, 0, len(lead)) is not None:
        return False
    bound = grammar.before_figure.at_end(lead, 0, len(lead))
    return bound is None and grammar.patterns["works-noun"].match(after) is not None


def _qualifies(
    quantity: Quantity,
    before: str,
    after: str,
    behind: str,
    later: tuple[Quantity, ...],
    follows: bool,
    grammar: Grammar,
) -> bool:
    """A size class (3000吨级), an amount with its noun before a count, or what a thing must have, is no count."""
    if (
        quantity.unit in ("位", "名", "强")
        and before.endswith("前")
        and regex.match(r"(?!以[内上]|之[内列])\p{Han}{2}", after)
    ):
        return True
    if (
        quantity.dimension != "count"
        and DESCRIBED.match(after)
        and regex.search("(?:大于|小于|超过?|低于|高于|不足|达到?|不低于|不少于)$", before)
    ):
        return not regex.search("(?:完成|实现)[^，。；]{0,8}$", before)
    if later and quantity.dimension != "count":
        between, behind_later = after[: later[0].start - quantity.end], after[later[0].end - quantity.end :]
        if grammar.patterns["bound-of-thing"].search(between) and behind_later.startswith("的"):
            # 完成3万平方米节能率不低于15%的建筑改造: the second figure tells which buildings.
            return False
    if (
        quantity.dimension == "count"
        and later
        and _of_a_rate(after[: later[0].start - quantity.end], later[0], grammar)
    ):
        return True
    if quantity.dimension == "voltage" or grammar.patterns["had-by"].match(after):
        return True
    if quantity.dimension in RATINGS and _rates_a_thing(before, after, behind, grammar):
        return True
    sizes = quantity.dimension not in ("count", "share", "points", "money", "amount", "ratio")
    if (
        (sizes or before.endswith("人口"))
        and grammar.patterns["size-before-noun"].match(after)
        and not grammar.patterns["reaching"].search(before)
    ):
        return True
    if quantity.dimension == "length" and grammar.patterns["reach-of-place"].search(after):
        return True
    if (
        quantity.dimension == "age"
        and regex.match(r"(?:及?以[上下])?的?(?!左右|以上|以下|以内)\p{Han}{2}", after)
        and "岁" in quantity.unit
    ):
        return not regex.search("(?:提高|增加|达到?|为)$", before)
    if quantity.dimension != "count" and later and regex.match(r"(?:以内|内)?\p{Han}{0,8}(?:率|比例|占比)", after):
        return True
    if quantity.graded and not (regex.match(r"级(?:以上|左右)?$", after.strip()) and before.endswith(REACHING)):
        return True
    noun = NOUN_AFTER.match(after)
    if quantity.dimension != "count" and noun and quantity.dimension not in ("share", "points"):
        words = noun.group("noun")
        if later and quantity.dimension != "age":
            between = after[: max(0, later[0].start - quantity.end)]
            if not grammar.patterns["deed-between"].search(between):
                return True
        if grammar.patterns["owner"].search(words) and (
            noun.group().startswith(("以上", "及以上", "以下", "的", "级")) or follows
        ):
            return True
    described = later and quantity.dimension != "count" and grammar.patterns["attribute"].search(before)
    if described and regex.match(r"(?:[^，；。]*、[^，；。]*|及?以[上下内]|左右)?的\p{Han}", after):
        return True
    if later and quantity.dimension == "count" and grammar.patterns["capable"].search(before) and noun:
        return True
    return (
        follows
        and quantity.dimension in ("money", "area", "mass", "power", "time", "age", "share")
        and bool(
            regex.search(
                r"(?:收入|产值|规模|面积|占比|金额|年限|营收|税收|投资额?|销售额|估值)(?:超过?|达到?|不低于|不少于)?$",
                before,
            )
        )
    )
