"""Tell the counts of an item from sizes that qualify what is counted, and from present values.

Each test knows one construction and says whether the figure qualifies there, or None where its construction is not
there. They are asked in order; the first that answers decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from pipeline.extract.grammar import Grammar
from pipeline.extract.items import Item
from pipeline.extract.quantities import Quantity
from pipeline.quick.classes import NamedTuple, dataclass, field

# Ratings of plants and lines, which stand in their names.
RATINGS = frozenset(("power", "mass", "volume", "energy"))
# A share or an amount of money is told of a thing; what is left are sizes of the thing itself.
NO_SIZES = ("count", "share", "points", "money", "amount", "ratio")
SIZED = frozenset(("money", "area", "mass", "power", "time", "age", "share"))
LOOK_AHEAD = 60
# No rule for what leads up to a figure looks further back.
LONGEST_LEAD = 160
SIGNS = tuple("<>＜＞≤≥≦≧")


class Figure(NamedTuple):
    """A quantity with the words of its item before and after it, what stands `behind` it in the text, the quantities
    `later` in the item, and whether it `follows` a count."""

    quantity: Quantity
    before: str
    after: str
    behind: str
    later: tuple[Quantity, ...]
    follows: bool
    grammar: Grammar

    @property
    def counts(self) -> bool:
        """True for a quantity in a counting measure."""
        return self.quantity.dimension == "count"

    @property
    def between(self) -> str:
        """The words up to the next quantity of the item."""
        return self.after[: max(0, self.later[0].start - self.quantity.end)] if self.later else ""

    def led_by(self, rule: str) -> bool:
        """True where the words before the figure are those of a rule of grammar.toml."""
        return self.grammar.patterns[rule].search(self.before[-LONGEST_LEAD:]) is not None

    def followed_by(self, rule: str) -> bool:
        """True where the words after the figure begin as a rule of grammar.toml says."""
        return self.grammar.patterns[rule].match(self.after) is not None


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
    several = len(item.quantities) > 1
    found = grammar.patterns["current-note"].finditer(text, item.start, item.end) if several else ()
    notes = [match.span() for match in found]
    based = grammar.signs["baseline"].search(text, item.start, item.end) is not None
    for number, quantity in enumerate(item.quantities):
        before, after = text[item.start : quantity.start], text[quantity.end : item.end]
        later = item.quantities[number + 1 :]
        if based and _is_baseline(before, after, later, grammar):
            result.pending = quantity
        elif notes and result.mains and any(start < quantity.start < end for start, end in notes):
            result.baselines[result.mains[-1]] = quantity
        elif _qualifies(text, quantity, before, after, later, bool(result.mains), grammar):
            result.qualifiers.append(quantity)
        else:
            result.mains.append(quantity)
            if result.pending is not None:
                result.baselines[quantity] = result.pending
                result.pending = None
    return result


def _is_baseline(before: str, after: str, later: Sequence[Quantity], grammar: Grammar) -> bool:
    """由50%提高到70%, 由2020年的50%，…: the first is the present value."""
    if not grammar.patterns["baseline-from"].search(before[-LONGEST_LEAD:]):
        return False
    return grammar.patterns["baseline-to"].search(after) is not None if later else not after.strip()


def _qualifies(
    text: str, quantity: Quantity, before: str, after: str, later: tuple[Quantity, ...], follows: bool,
    grammar: Grammar,
) -> bool:  # fmt: skip
    """A size class (3000吨级), an amount with its noun before a count, or what a thing must have, is no count."""
    modifies = grammar.signs["modifier"].search(after) is not None
    behind = text[quantity.end : quantity.end + LOOK_AHEAD]
    figure = Figure(quantity, before, after, behind, later, follows, grammar)
    for test in _tests(quantity.dimension, bool(later), modifies):
        if (answer := test(figure)) is not None:
            return answer
    return False


@cache
def _tests(dimension: str, more_behind: bool, modifies: bool) -> tuple[Callable[[Figure], bool | None], ...]:
    """Give the tests whose construction is possible for a figure of this dimension, in order.

    `more_behind` tells that figures follow in the item, `modifies` that a word stands behind which makes a figure
    modify a noun.
    """
    return tuple(
        construction.test
        for construction in CONSTRUCTIONS
        if (more_behind or not construction.more_behind)
        and (modifies or not construction.modifies)
        and (construction.only is None or dimension in construction.only)
        and dimension not in construction.never
    )


def _bracketed_size(figure: Figure) -> bool | None:
    """小型管道（管径＜600毫米）每年清疏2次: which pipes."""
    if "（" not in figure.before:
        return None
    opened = figure.before.rfind("（") > figure.before.rfind("）")
    signed = figure.before.rstrip().endswith(SIGNS) or figure.after.lstrip().startswith(SIGNS)
    alone = figure.before.endswith("（") and figure.after.startswith("）") and not figure.counts
    if alone and any(q.dimension == "count" for q in figure.later):
        # 四分类垃圾桶（240升）至少1组
        return True
    return True if opened and signed and figure.grammar.patterns["bracket-then-words"].match(figure.behind) else None


def _counted_names(figure: Figure) -> bool | None:
    """甲、乙、丙三个集群产值分别达到…: how many were named, no figure of its own."""
    if figure.grammar.patterns["spread"].search(figure.between) is None:
        return None
    named = figure.grammar.patterns["name-joint"].split(figure.before)
    return True if len(named) > 1 and figure.quantity.value == len(named) else None


def _top_of_a_list(figure: Figure) -> bool | None:
    """前10强企业: which ones, not how many."""
    ranked = figure.quantity.unit in ("位", "名", "强") and figure.before.endswith("前")
    return True if ranked and figure.followed_by("ranked-noun") else None


def _bound_of_the_noun(figure: Figure) -> bool | None:
    """超过5000平方米的园区; not 完成超过50%的任务."""
    if not figure.followed_by("of-noun") or not figure.led_by("bound-before"):
        return None
    if figure.followed_by("of-lessons"):
        # 接受不少于60学时的培训: how long it lasts is the goal
        return None
    return not figure.led_by("share-of-work")


def _thing_with_a_bound(figure: Figure) -> bool | None:
    """完成3万平方米节能率不低于15%的建筑改造: the second figure tells which buildings, the first counts them."""
    bound = figure.grammar.patterns["bound-of-thing"].search(figure.between)
    behind = figure.after[figure.later[0].end - figure.quantity.end :]
    return False if bound and behind.startswith("的") else None


def _of_a_rate(figure: Figure) -> bool | None:
    """甲、乙等3个集聚区营收占全市比重达到50%: the count is part of the name of a share."""
    if figure.later[0].dimension not in ("share", "points"):
        return None
    return True if figure.grammar.patterns["rate-reached"].search(figure.between) else None


def _size_in_a_rate(figure: Figure) -> bool | None:
    """56人以上大班额占比控制在1%: how big the classes are whose share it is."""
    if figure.later[0].dimension not in ("share", "points"):
        return None
    return True if figure.grammar.patterns["size-then-rate"].match(figure.between) else None


def _voltage(figure: Figure) -> bool | None:
    """220千伏线路."""
    return True


def _had_by(figure: Figure) -> bool | None:
    """200张床位以上的机构."""
    return True if figure.followed_by("had-by") else None


def _rating(figure: Figure) -> bool | None:
    """加快东岭35万千瓦压缩空气储能项目建设: a rating inside a name, with no deed or bound right before it."""
    if figure.followed_by("ability"):
        return None
    if figure.grammar.patterns["named-works"].match(figure.behind):
        return True
    lead = figure.before.rstrip()
    if not lead or figure.led_by("reaching") or figure.grammar.verbs.at_end(lead, 0, len(lead)) is not None:
        return None
    bound = figure.grammar.before_figure.at_end(lead, 0, len(lead))
    return True if bound is None and figure.followed_by("works-noun") else None


def _size_before_noun(figure: Figure) -> bool | None:
    """1000平方米以上的农贸市场; 人口30万以上的县."""
    sizes = figure.quantity.dimension not in NO_SIZES or figure.before.endswith("人口")
    if not sizes or not figure.followed_by("size-before-noun"):
        return None
    return True if figure.led_by("ban-before") or not figure.led_by("reaching") else None


def _size_of_each(figure: Figure) -> bool | None:
    """撤并50人以下薄弱园点17个: how many each of the things counted behind it has."""
    if figure.later[0].dimension != "count":
        return None
    return True if figure.grammar.patterns["bound-then-noun"].fullmatch(figure.between) else None


def _gravity(figure: Figure) -> bool | None:
    """一次死亡3人以上事故起数下降10%: how bad those accidents are."""
    return True if figure.followed_by("size-before-noun") and figure.led_by("killed-at-once") else None


def _scene(figure: Figure) -> bool | None:
    """面向20个重点行业制修订标准300项: for how many it is done."""
    if figure.later[0].dimension != "count":
        return None
    return (
        True if figure.led_by("right-for") and figure.grammar.patterns["noun-then-deed"].match(figure.between) else None
    )


def _reach(figure: Figure) -> bool | None:
    """沿江1公里范围内."""
    return True if figure.grammar.patterns["reach-of-place"].search(figure.after) else None


def _size_of_a_team(figure: Figure) -> bool | None:
    """组建1支50人的专业队: how many are in each."""
    return True if figure.followed_by("of-team") and figure.led_by("count-before") else None


def _bound_of_a_share(figure: Figure) -> bool | None:
    """95%以上的线路发车间隔不超过12分钟: the bound is what so many of them keep."""
    return True if figure.led_by("share-of-them") else None


def _age(figure: Figure) -> bool | None:
    """65岁以上老年人; not 预期寿命提高到79岁左右."""
    if figure.grammar.patterns["aged-list"].match(figure.behind):
        return True
    if "岁" not in figure.quantity.unit or not figure.followed_by("aged-noun"):
        return None
    return not figure.led_by("age-reached")


def _of_a_named_rate(figure: Figure) -> bool | None:
    """50米范围内服务占比达到90%: the size is part of the name of a rate."""
    return True if figure.followed_by("rate-named") else None


def _size_class(figure: Figure) -> bool | None:
    """3000吨级码头; not 达到7000亿级."""
    if not figure.quantity.graded:
        return None
    whole = figure.grammar.patterns["class-alone"].fullmatch(figure.after.strip())
    return None if whole and figure.led_by("reached-directly") else True


def _amount_of_a_thing(figure: Figure) -> bool | None:
    """10亿元以上项目30个: an amount with its noun before a count, or behind one."""
    noun = figure.grammar.patterns["noun-behind"].match(figure.after)
    if noun is None:
        return None
    leads = figure.later and figure.quantity.dimension != "age"
    if leads and not figure.grammar.patterns["deed-between"].search(figure.between):
        return True
    owned = figure.grammar.patterns["owner"].search(noun.group("noun"))
    return True if owned and (noun.group("bound") or figure.follows) else None


def _attribute(figure: Figure) -> bool | None:
    """培育营业收入超10亿元、带动力强的企业5家."""
    return True if figure.led_by("attribute") and figure.followed_by("described-noun") else None


def _must_have(figure: Figure) -> bool | None:
    """培育具备10个以上场景的工厂3家."""
    return True if figure.followed_by("noun-behind") and figure.led_by("capable") else None


def _attribute_behind(figure: Figure) -> bool | None:
    """培育企业5家，家均营业收入超10亿元 within one item: the amount tells of the things counted before."""
    return True if figure.follows and figure.led_by("attribute") else None


class Construction(NamedTuple):
    """A test, the dimensions that a figure must have for it (None: any) or never has.

    `more_behind` marks a test that looks at the next figure of the item, `modifies` one that needs a word behind the
    figure which makes it modify a noun: 的 or 以下, as the rules say in grammar.toml.
    """

    test: Callable[[Figure], bool | None]
    only: frozenset[str] | None = None
    never: frozenset[str] = frozenset()
    more_behind: bool = False
    modifies: bool = False


COUNT = frozenset(("count",))
SHARES = frozenset(("share", "points"))
CONSTRUCTIONS = (
    Construction(_bracketed_size),
    Construction(_counted_names, COUNT, more_behind=True),
    Construction(_top_of_a_list),
    Construction(_bound_of_the_noun, never=COUNT, modifies=True),
    Construction(_thing_with_a_bound, never=COUNT, more_behind=True),
    Construction(_of_a_rate, COUNT, more_behind=True),
    Construction(_size_in_a_rate, COUNT, more_behind=True),
    Construction(_voltage, frozenset(("voltage",))),
    Construction(_had_by, modifies=True),
    Construction(_rating, RATINGS),
    Construction(_size_before_noun, modifies=True),
    Construction(_size_of_each, COUNT, more_behind=True),
    Construction(_gravity, modifies=True),
    Construction(_scene, COUNT, more_behind=True),
    Construction(_reach, frozenset(("length",))),
    Construction(_size_of_a_team, modifies=True),
    Construction(_bound_of_a_share, never=SHARES),
    Construction(_age, frozenset(("age",))),
    Construction(_of_a_named_rate, never=COUNT, more_behind=True),
    Construction(_size_class),
    Construction(_amount_of_a_thing, never=COUNT | SHARES),
    Construction(_attribute, never=COUNT, more_behind=True),
    Construction(_must_have, COUNT, more_behind=True),
    Construction(_attribute_behind, SIZED),
)
