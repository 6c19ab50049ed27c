"""Say what kind of commitment a figure is: a level, an increase, a change, a rank; and how its bound compares.

Each test knows one construction and gives kind, reason and deciding word, or None where its construction is not
there. They are asked in order: the verb nearest to the figure decides, then the item's own verb, then the list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from pipeline.extract.evidence import of_token
from pipeline.extract.grammar import Grammar
from pipeline.extract.indicators import is_rate
from pipeline.extract.peel import Token
from pipeline.extract.quantities import Quantity
from pipeline.extract.statements import Breath, Parts
from pipeline.model.findings import Comparator, Evidence, TargetKind
from pipeline.quick.classes import NamedTuple

# 差距缩小到15个百分点 is a level though points mostly tell a change.
REACHED = ("到", "至", "为", "在")
LIST = ("、", "和", "及", "与")
# The verbs that bind a figure to its noun.
VERBS = frozenset(("change", "level", "increase", "rank"))
Kind = tuple[TargetKind, str, Token | None]


class Binding(NamedTuple):
    """How a figure is bound to its noun: `nearest` is the verb or bound next to it, `lead` the item's own verb."""

    parts: Parts
    quantity: Quantity
    core: str
    grammar: Grammar
    breath: Breath
    joint: str
    nearest: Token | None
    lead: Token | None

    @classmethod
    def of(cls, parts: Parts, quantity: Quantity, core: str, grammar: Grammar, breath: Breath, joint: str) -> Binding:
        """Find the verbs on both sides."""
        verb = bound = nearest = None
        for token in parts.right:
            if token.name in VERBS:
                verb = verb or token
            elif token.name == "comparator_before":
                bound = bound or token
        nearest = verb if verb is not None and (verb.name == "change" or bound is None) else bound
        # 争取 before a verb is how it is meant; alone before its noun it is what is done: 争取上级资金30亿元.
        lead = first(parts.left, "increase")
        if lead is None and nearest is None and parts.left:
            lead = next((t for t in parts.left if t.word in grammar.verbs.words), None)
        if (
            lead is not None
            and nearest is not None
            and core.startswith(lead.word)
            and grammar.patterns["being-so"].search(lead.word)
        ):
            # 上云企业突破2万家: what they are, nothing done now.
            lead = None
        return cls(parts, quantity, core, grammar, breath, joint, nearest, lead)

    @property
    def share(self) -> bool:
        """True for a share of a whole."""
        return self.quantity.dimension == "share"

    def near(self, *names: str) -> bool:
        """True where the nearest word has one of these classes."""
        return self.nearest is not None and self.nearest.name in names

    def says(self, rule: str) -> bool:
        """True where the noun is as a rule of grammar.toml says."""
        return self.grammar.patterns[rule].search(self.core) is not None


def kind_of_figure(
    parts: Parts, quantity: Quantity, core: str, grammar: Grammar, breath: Breath, joint: str
) -> tuple[TargetKind, str, Token | None]:
    """Give the kind, the name of the reason and the word that gave it."""
    binding = Binding.of(parts, quantity, core, grammar, breath, joint)
    nearest, led = binding.nearest, binding.lead is not None
    for test in _tests(quantity.dimension, nearest.name if nearest is not None else None, led):
        if (kind := test(binding)) is not None:
            return kind
    return "level", "bare-noun", None


def first(tokens: Sequence[Token], name: str) -> Token | None:
    """Give the first word of a class."""
    for token in tokens:
        if token.name == name:
            return token
    return None


def _doubling(b: Binding) -> Kind | None:
    """产值翻一番."""
    return ("change", "doubling", None) if b.quantity.chinese and b.quantity.dimension == "ratio" else None


def _had_per_head(b: Binding) -> Kind | None:
    """每千名老年人配备社会工作者1名: what each has is a level."""
    had = b.lead is not None and b.lead.word in ("配备", "拥有", "配有", "配置", "拥有量", "享有")
    return ("level", "level-verb", b.lead) if had and b.says("per-head") else None


def _changed(b: Binding) -> Kind | None:
    """提高5个百分点, 下降20%; not 提高到2025年的70%, and 增加300家 adds."""
    if b.nearest is None or not b.near("change"):
        return None
    if any(t.name == "time" and t.start == b.nearest.end and t.word[0] in "到至" for t in b.parts.right):
        # 提高 + 到2025年的 + 70%: the 到 of the deadline is the verb's own, so a level is reached.
        return "level", "level-verb", b.nearest
    relative = b.quantity.dimension in ("share", "points", "ratio") or b.quantity.unit in ("位", "名", "岁", "个")
    if relative or b.nearest.value == "down" or b.quantity.dimension != "count":
        return "change", "change-verb", b.nearest
    return "increase", "increase-verb", b.nearest


def _points(b: Binding) -> Kind | None:
    """高3个百分点; 差距缩小到15个百分点 is a level."""
    if b.quantity.dimension != "points":
        return None
    if b.nearest and b.near("level") and b.nearest.word.endswith(REACHED):
        return "level", "level-verb", b.nearest
    return "change", "change-verb", None


def _less(b: Binding) -> Kind | None:
    """减少用量5万吨."""
    less = b.lead is not None and b.quantity.dimension != "count" and b.lead.word in b.grammar.downward
    return ("change", "change-verb", b.lead) if less else None


def _rate_of_change(b: Binding) -> Kind | None:
    """年均增速8%."""
    relative = b.quantity.dimension in ("share", "points")
    return ("change", "change-rate", None) if relative and b.says("change-rate") else None


def _ranked(b: Binding) -> Kind | None:
    """进入前30名."""
    rank = first(b.parts.right, "rank") if b.quantity.unit in ("位", "名") else None
    return ("rank", "rank", rank) if rank is not None else None


def _done_to_a_bound(b: Binding) -> Kind | None:
    """企业培育不少于30家; 行业改造形成节能量5万吨."""
    deed = first(b.parts.right, "increase") if b.near("comparator_before") else None
    if deed is not None and b.nearest is not None and b.nearest.word.startswith("总"):
        # 信息归集总量突破3亿条
        return "level", "level-verb", b.nearest
    if deed is not None:
        return "increase", "noun-verb-figure", deed
    inside = b.grammar.signs["deed-inside"].search(b.core) is not None and b.says("deed-inside")
    return ("increase", "verb-noun-figure", None) if inside else None


def _rate(b: Binding) -> Kind | None:
    """新增绿地开放率达到80%: a rate is a level whatever leads it."""
    timed = b.quantity.dimension == "time" and b.near("level", "comparator_before")
    if not (b.share or timed) or not is_rate(b.core, b.grammar):
        return None
    return "level", "level-verb" if b.nearest or b.lead else "bare-noun", b.nearest or b.lead


def _cumulative(b: Binding) -> Kind | None:
    """累计达到300家."""
    token = next((t for t in b.parts.right if t.name == "adverb" and t.value == "cumulative"), None)
    reaches = b.nearest is None or b.near("level", "comparator_before")
    return ("level", "cumulative", token) if token is not None and reaches else None


def _done(b: Binding) -> Kind | None:
    """企业新增30家, 新建企业30家; 新增开放度达到80% is a level."""
    if b.near("increase"):
        return "increase", "noun-verb-figure", b.nearest
    reached = b.near("level") and (b.share or is_rate(b.core, b.grammar))
    newly = b.lead is not None and b.lead.word.startswith(("新", "净")) and not reached
    bounded = b.near("comparator_before") and not b.share
    if bounded and b.lead and b.core.endswith("量") and not b.lead.word.startswith(b.grammar.adding):
        # 年接待游客量突破8000万人次
        bounded = False
    if b.lead and (b.nearest is None or bounded or newly):
        return "increase", "verb-noun-figure", b.lead
    return None


def _part_of_what_is_done(b: Binding) -> Kind | None:
    """新建园区10个，其中省级的为3个."""
    of_which = any(t.value == "of_which" for t in b.parts.left) and b.breath.kind == "increase"
    of_which = of_which or (b.lead is not None and b.quantity.dimension == "count")
    said = b.nearest is not None and b.nearest.word in ("为", "是")
    return ("increase", "noun-verb-figure", b.nearest) if of_which and said else None


def _bounded(b: Binding) -> Kind | None:
    """总计达60个; 培育企业…，不少于30家."""
    if b.nearest is None or not b.near("comparator_before"):
        return None
    if b.nearest.word.startswith("总"):
        return "level", "level-verb", b.nearest
    if is_rate(b.core, b.grammar) or b.says("per-head") or b.nearest.word.endswith(("控制在", "限制在")):
        return None
    if any(t.name == "level" and t.word.endswith("有") for t in b.parts.right):
        # 每个县至少建有1所机构
        return None
    if not b.core and b.parts.rest:
        return b.breath.kind or "increase", "figure", b.nearest if b.breath.kind is None else None
    dated = (
        any(t.name == "time" and t.word[0] in "到至" for t in (*b.parts.left, *b.parts.right))
        and b.quantity.dimension == "count"
    )
    listed = b.breath.kind == "increase" and b.joint in ("、", "，", ",", "和") and not dated
    return ("increase", "list", None) if listed else None


def _reached(b: Binding) -> Kind | None:
    """企业达到30家."""
    token = b.nearest or first(b.parts.left, "level")
    return ("level", "level-verb", token) if token is not None else None


def _done_inside(b: Binding) -> Kind | None:
    """新增就业30人, 通过机构建设平台10家, 慢行提升26个点位, 企业攻克的技术50项."""
    if b.core.startswith(("新增", "净增")) or b.says("middle-verb") or does_inside(b.core, b.grammar):
        return "increase", "verb-noun-figure", None
    counted = b.parts.rest and b.quantity.dimension == "count"
    worked = b.grammar.before_figure.at_end(b.core, 0, len(b.core)) if counted else None
    improved = worked is not None and worked.name == "change"
    return ("increase", "done-things", None) if improved or b.says("done-things") else None


def _listed(b: Binding) -> Kind | None:
    """新建甲10个、乙20个: the list goes on."""
    if b.breath.kind == "increase" and b.joint in LIST:
        return "increase", "list", None
    goes_on = b.joint in (*LIST, "以及", "，", ",", "；", ";") and not is_rate(b.core, b.grammar)
    if b.breath.kind is None or not goes_on:
        return None
    return b.breath.kind if b.breath.kind != "rank" else "level", "list", None


class Test(NamedTuple):
    """A test with what it needs: a dimension (None: any), the class of the nearest word (None: any or none), a lead.

    Where `nearest` and `led` are given both, one of them is enough.
    """

    test: Callable[[Binding], Kind | None]
    only: frozenset[str] | None = None
    nearest: frozenset[str] | None = None
    led: bool = False

    def fits(self, dimension: str, nearest: str | None, led: bool) -> bool:
        """Tell whether the construction is possible for such a figure."""
        if self.only is not None and dimension not in self.only:
            return False
        if self.nearest is None:
            return led or not self.led
        return nearest in self.nearest or (self.led and led)


RELATIVE = frozenset(("share", "points"))
BOUND = frozenset(("comparator_before",))
TESTS = (
    Test(_doubling, frozenset(("ratio",))),
    Test(_had_per_head, led=True),
    Test(_changed, nearest=frozenset(("change",))),
    Test(_points, frozenset(("points",))),
    Test(_less, led=True),
    Test(_rate_of_change, RELATIVE),
    Test(_ranked),
    Test(_rate, frozenset(("share", "time"))),
    Test(_done_to_a_bound),
    Test(_cumulative),
    Test(_done, nearest=frozenset(("increase",)), led=True),
    Test(_part_of_what_is_done, nearest=frozenset(("level",))),
    Test(_bounded, nearest=BOUND),
    Test(_reached),
    Test(_done_inside),
    Test(_listed),
)


@cache
def _tests(dimension: str, nearest: str | None, led: bool) -> tuple[Callable[[Binding], Kind | None], ...]:
    """Give the tests whose construction is possible, in order."""
    return tuple(test.test for test in TESTS if test.fits(dimension, nearest, led))


def kind_said(token: Token | None, reason: str, parts: Parts, quantity: Quantity, breath: Breath) -> Evidence:
    """Give the words that a kind rests on: its verb, what the list said before, else the noun beside the figure."""
    if token is not None:
        return Evidence("kind", reason, token.start, token.end)
    if reason in ("list", "figure") and (before := breath.said.get("kind")) is not None:
        return before._replace(rule=reason)
    own = reason in ("change-rate", "verb-noun-figure", "done-things", "bare-noun") and parts.core
    return Evidence("kind", reason, *(parts.core_at if own else (quantity.start, quantity.end)))


def does_inside(words: str, grammar: Grammar) -> bool:
    """通过机构建设平台10家, 在市场发布专利5条: a means or place opens, but a verb of doing in it takes the figure."""
    if not grammar.patterns["works-through"].search(words):
        return False
    found = (grammar.verbs.at_start(words, place, len(words)) for place in range(3, len(words) - 3))
    return any(token is not None and len(token.word) > 1 and not words[token.end :].startswith("的") for token in found)


def comparator_of(parts: Parts, quantity: Quantity, grammar: Grammar) -> tuple[Comparator, tuple[Evidence, ...]]:
    """Give the bound and the words that say it. Doubled words agree on the stricter: 超40件以上 is >."""
    if quantity.value_max is not None:
        return "range", (Evidence("comparator", "range", quantity.start, quantity.end),)
    rank = first(parts.right, "rank")
    if rank is not None:
        return "<=" if any("前" in t.word for t in parts.right) else "=", (of_token("comparator", rank),)
    words = [t for t in parts.right + parts.left if t.name == "comparator_before"]
    if words and words[0].word == "突破" and not parts.core and parts.rest:
        # 突破80种以上技术: breaking through is what is done
        words = words[1:]
    before = words[0].value if words else None
    said = tuple(of_token("comparator", token) for token in words[:1])
    after = (Evidence("comparator", "comparator_after", *parts.after_at),) if parts.after else ()
    if before and parts.after == "<=" and before in ("<=", "~"):
        return "<=", (*said, *after)
    if before == "<=" and parts.after == "~":
        return "~", (*said, *after)
    if before:
        return before, said  # type: ignore[return-value]
    if grammar.patterns["step"].match(parts.rest):
        return ">=", (Evidence("comparator", "step", *parts.rest_at),)
    if parts.after and parts.after != ">":
        return parts.after, after  # type: ignore[return-value]
    if quantity.more:
        return ">", (Evidence("comparator", "more", quantity.start, quantity.end),)
    return (">", after) if parts.after == ">" else ("=", ())
