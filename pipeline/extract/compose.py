"""Compose a statement from one item: what is counted, how the figure binds, and what kind of commitment it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

import regex

from pipeline.extract.grammar import Grammar
from pipeline.extract.indicators import clean, expand, invert, is_rate, kind_of, rate_pair, restore, restore_graded
from pipeline.extract.items import Item
from pipeline.extract.peel import BASE, VERB_JOINTS, Token, peel_left, peel_right, trim
from pipeline.extract.quantities import Quantity
from pipeline.model.findings import Comparator, TargetKind

REACHING = ("到", "达", "为", "超", "过", "至")
BRACKET = regex.compile(r"[（(][^（）()]*[)）]")
LONGEST_SUBJECT = 10


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement of a figure, before it is known whether it commits and when it is due."""

    indicator: str
    quantity: Quantity
    comparator: Comparator
    kind: TargetKind
    start: int
    end: int
    scope: str | None
    modality: str | None
    of_which: bool
    rule: str
    confidence: Decimal
    baseline: Quantity | None = None
    year: int | None = None
    chained: bool = False
    describes: bool = False


@dataclass(slots=True)
class Breath:
    """What one item of a sentence hands on to the next."""

    kind: TargetKind | None = None
    noun: str | None = None
    indicator: str | None = None
    subject: str = ""
    scope: str | None = None
    modality: str | None = None
    of_which: bool = False
    qualifiers: list[Quantity] = field(default_factory=list)
    baseline: Quantity | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """An item taken apart around one figure: peeled words, the noun between them, and what follows the figure."""

    left: tuple[Token, ...]
    right: tuple[Token, ...]
    core: str
    core_start: int
    start: int
    end: int
    rest: str
    after: str
    verb: Token | None
    baseline_text: str

    def value(self, *names: str) -> str | None:
        """Give the value of the peeled word nearest to the figure that has one of these classes."""
        return next((t.value for t in (*self.right, *self.left) if t.name in names), None)

    def has(self, name: str, value: str | None = None) -> bool:
        """True where a word of this class (and value) was peeled on either side."""
        return any(t.name == name and (value is None or t.value == value) for t in (*self.left, *self.right))


def take_apart(
    text: str, start: int, quantity: Quantity, end: int, grammar: Grammar, holes: Sequence[tuple[int, int]]
) -> Parts:
    """Peel the words around `quantity` off the item text[start:end]."""
    start, who = _each_of(text, start, quantity, end, grammar)
    right, core_end = peel_right(text, start, quantity.start, grammar.before_figure, holes)
    if not grammar.patterns["verb-opens-rest"].search(text[quantity.end : end]):
        right, core_end = _keep_named_verbs(right, core_end, grammar)
    left, core_start = peel_left(text, start, core_end, grammar.head, holes)
    verbs, core_start = _verbs(text, core_start, core_end, grammar, holes)
    left += verbs
    inner = next((h for h in holes if core_start < h[0] and h[1] < core_end), None)
    subject = clean(text[core_start : inner[0]]) if inner else ""
    if inner and len(subject) <= LONGEST_SUBJECT:
        more, core_start = peel_left(text, inner[0], core_end, grammar.head, holes)
        left += more
    verbs, core_start = _verbs(text, core_start, core_end, grammar, holes)
    left += verbs
    core = clean(text[core_start:core_end])
    raised = grammar.before_figure.at_start(core, 0, len(core)) if text[quantity.start - 1] in "至到" else None
    if raised is not None and raised.name == "change":
        core = clean(core[raised.end :])
        right.append(Token("level", "=", raised.word, core_start, core_start + raised.end))
    if inner and len(subject) <= LONGEST_SUBJECT:
        # 镇街板块每年净增企业80家: the subject is who; 太阳能2025年累计装机20GW: it is part of what is counted.
        core, who = (core, who or subject) if core else (subject, who)
    if who:
        left.insert(0, Token("scope", "each", who, start, start))
    after, after_end, rest_start, note = _after(text, quantity.end, end, grammar)
    verb = next((t for t in (*reversed(left), *right) if t.name == "increase"), None)
    first = min((t.start for t in right if t.name.startswith("comparator")), default=quantity.start)
    rest = text[rest_start:end].strip()
    return Parts(tuple(left), tuple(right), core, core_start, first, after_end, rest, after, verb, note)


def _after(text: str, start: int, end: int, grammar: Grammar) -> tuple[str, int, int, str]:
    """Read what follows a figure: its bound (以上, 左右), where that ends, where the rest starts, a bracket between."""
    after, after_end = "", start
    while (token := grammar.comparators_after.at_start(text, after_end, end)) is not None:
        after, after_end = token.value, token.end
        if token.value != ">":
            break
    bracket = BRACKET.match(text, after_end, end)
    if bracket is None:
        return after, after_end, after_end, ""
    token = grammar.comparators_after.at_start(text, bracket.end(), end)
    if token is None:
        return after, after_end, bracket.end(), bracket.group()
    return token.value, token.end, token.end, bracket.group()


def _each_of(text: str, start: int, quantity: Quantity, end: int, grammar: Grammar) -> tuple[int, str]:
    """甲区、乙区各新建机构1个: the names before 各 are who it holds for, if a noun is counted besides them."""
    each = grammar.patterns["per-each"].match(text, start, quantity.start)
    if each is not None:
        return each.end(), each.group("who")
    each = grammar.patterns["each"].match(text, start, quantity.start)
    if each is None:
        return start, ""
    verb = grammar.verbs.at_start(text, each.end(), quantity.start)
    noun = text[verb.end if verb else each.end() : quantity.start]
    noun = regex.sub("(?:超过?|达到?|不少于|不低于)$", "", noun).strip()
    rest = regex.sub(r"^(?:及?以上|以内|左右)?", "", text[quantity.end : end]).strip(" 。，；")
    return (each.end(), each.group("who")) if len(noun) > 1 or len(rest) > 1 else (start, "")


def _keep_named_verbs(right: list[Token], core_end: int, grammar: Grammar) -> tuple[list[Token], int]:
    """Leave a verb that names what is done (入库, 改造) in the noun; take off those that only add (新增, 净增)."""
    for number, token in enumerate(right):
        if token.name == "increase" and (token.word in grammar.kept or not token.word.startswith(grammar.adding)):
            return [*right[:number], token], token.end
    return right, core_end


def _verbs(
    text: str, start: int, end: int, grammar: Grammar, holes: Sequence[tuple[int, int]]
) -> tuple[list[Token], int]:
    """Peel verbs of doing (and the adverbs, scopes and deadlines between them) off the head of an item."""
    tokens: list[Token] = []
    for _ in range(4):
        start, end = trim(text, start, end, "、，,")
        adverb = grammar.before_figure.at_start(text, start, end)
        token = grammar.verbs.at_start(text, start, end)
        if token is None and adverb is not None and adverb.name in ("adverb", "modality", "comparator_before"):
            token = grammar.verbs.at_start(text, adverb.end, end) or grammar.causatives.at_start(text, adverb.end, end)
            if token is not None or adverb.end == end:
                tokens.append(adverb)
        if token is None and adverb is not None and adverb.name == "level" and adverb.word in grammar.holding:
            tokens.append(adverb)
            start = adverb.end
            continue
        token = token or grammar.causatives.at_start(text, start, end)
        if token is None or token.end > end:
            break
        if token.end == end and any(t.name == "increase" for t in tokens):
            break
        rest = text[token.end : end]
        if _is_nominal(token.word, rest, grammar):
            break
        if token.name == "increase" and token.value != "drop":
            if token.value == "keep" or "的" not in rest:
                tokens.append(token)
            return tokens, token.start
        tokens.append(token)
        start = token.end
        if start + 1 < end and text[start] in VERB_JOINTS:
            second = grammar.verbs.at_start(text, start + 1, end)
            start += second is not None and len(second.word) > 1
        more, start = peel_left(text, start, end, grammar.head, holes)
        tokens += more
    return tokens, start


def _is_nominal(verb: str, rest: str, grammar: Grammar) -> bool:
    """True where the verb is the first half of a noun: 投资规模, 转化率, 培训机构; never for 新增 and the like."""
    if rest.startswith(("性", "型", "化", "者", "度", "的", "权", "期", "类", "级", "式", "点")):
        return True
    if verb.startswith(grammar.adding):
        return rest.startswith(("率", "量", "区"))
    if grammar.nominals.at_start(rest, 0, len(rest)) is not None:
        return True
    return rest.startswith(grammar.compounds.get(verb, ("\0",)))


def compose(text: str, item: Item, grammar: Grammar, breath: Breath, holes: Sequence[tuple[int, int]]) -> list[Draft]:
    """Give the statements of an item, and leave in `breath` what the next item may build on."""
    sorted_out = sort_quantities(text, item, grammar)
    breath.qualifiers += sorted_out.qualifiers
    drafts: list[Draft] = []
    start = item.start
    for number, quantity in enumerate(sorted_out.mains):
        end = item.end
        if number + 1 < len(sorted_out.mains):
            following = sorted_out.mains[number + 1]
            tokens, end = peel_right(text, quantity.end, following.start, grammar.before_figure, holes)
            end = max([end, *(t.end for t in tokens if t.name == "increase")])
        baseline = sorted_out.baselines.get(quantity)
        parts = take_apart(text, start, quantity, end, grammar, holes)
        if baseline is not None and start <= baseline.start < quantity.start:
            core_end = _before_baseline(text, start, baseline)
            parts = replace(parts, core=clean(text[min(parts.core_start, core_end) : core_end]))
        elif baseline is None and breath.baseline is not None and not parts.core and not parts.rest:
            baseline = breath.baseline
        breath.baseline = None
        found = _statement(text, parts, quantity, item if number == 0 else replace(item, joint="，"), grammar, breath)
        drafts += [replace(d, baseline=baseline) for d in found] if baseline else found
        start = quantity.end
    if sorted_out.pending is not None:
        # 由2020年的50%，提高到70%: the present value stands in an item of its own.
        breath.baseline = sorted_out.pending
        breath.qualifiers.append(sorted_out.pending)
        breath.subject = text[item.start : _before_baseline(text, item.start, sorted_out.pending)]
        breath.indicator = clean(grammar.patterns["lead-in"].sub("", breath.subject)) or breath.indicator
    return drafts


def _before_baseline(text: str, start: int, baseline: Quantity) -> int:
    """Give where 由 or 从 opens the telling of the present value."""
    opening = regex.compile("(?:由|从)[^由从]*$").search(text, start, baseline.start)
    return opening.start() if opening else baseline.start


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
        elif _qualifies(quantity, before, after, later, bool(result.mains), grammar):
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


def _qualifies(
    quantity: Quantity, before: str, after: str, later: tuple[Quantity, ...], follows: bool, grammar: Grammar
) -> bool:
    """A size class (3000吨级), an amount with its noun before a count, or what a thing must have, is no count."""
    if quantity.unit in ("位", "名", "强") and before.endswith("前") and regex.match(r"\p{Han}{2}", after):
        return True
    if (
        quantity.dimension != "count"
        and regex.match(r"(?:以上|以下|以内|左右)?的\p{Han}{2}", after)
        and regex.search("(?:大于|小于|超过?|低于|高于|不足|达到?|不低于|不少于)$", before)
    ):
        return not regex.search("(?:完成|实现)[^，。；]{0,8}$", before)
    if quantity.dimension == "length" and grammar.patterns["reach-of-place"].search(after):
        return True
    if quantity.dimension == "age" and regex.match(r"(?:及?以[上下])?的?\p{Han}{2}", after) and "岁" in quantity.unit:
        return not regex.search("(?:提高|增加|达到?|为)$", before)
    if quantity.dimension != "count" and later and regex.match(r"(?:以内|内)?\p{Han}{0,8}(?:率|比例|占比)", after):
        return True
    if quantity.graded and not (regex.match(r"级(?:以上|左右)?$", after.strip()) and before.endswith(REACHING)):
        return True
    noun = regex.match(r"(?:及?以上|以下|以内|左右|及以上)?(?:的|规模的?|级)?(?P<noun>\p{Han}[^，；。、]*)", after)
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
    if later and quantity.dimension != "count" and grammar.patterns["attribute"].search(before):
        if regex.match(r"[^，；。]*、[^，；。]*的\p{Han}", after):
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


def _comparator(parts: Parts, quantity: Quantity) -> Comparator:
    """Doubled words agree on the stricter: 超40件以上 is >."""
    if quantity.value_max is not None:
        return "range"
    if any(t.name == "rank" for t in parts.right):
        return "<=" if any("前" in t.word for t in parts.right) else "="
    before = parts.value("comparator_before")
    if before and parts.after == "<=" and before in ("<=", "~"):
        return "<="
    if before == "<=" and parts.after == "~":
        return "~"
    if before:
        return before  # type: ignore[return-value]
    if parts.after and parts.after != ">":
        return parts.after  # type: ignore[return-value]
    return ">" if quantity.more or parts.after == ">" else "="


def _kind(
    parts: Parts, quantity: Quantity, core: str, grammar: Grammar, breath: Breath, joint: str
) -> tuple[TargetKind, str]:
    """Give the kind and the name of the reason; the verb nearest to the figure decides, then the item's own verb."""
    if quantity.chinese and quantity.dimension == "ratio":
        return "change", "doubling"
    verbs = [t for t in parts.right if t.name in ("change", "level", "increase", "rank")]
    bound = next((t for t in parts.right if t.name == "comparator_before"), None)
    nearest = verbs[0] if verbs and (verbs[0].name == "change" or bound is None) else bound or next(iter(verbs), None)
    lead = next((t for t in parts.left if t.name == "increase"), None)
    cumulative = any(t.name == "adverb" and t.value == "cumulative" for t in parts.right)
    if nearest and nearest.name == "change" and _reaches(parts, nearest):
        return "level", "level-verb"
    if nearest and nearest.name == "change":
        relative = quantity.dimension in ("share", "points", "ratio") or quantity.unit in ("位", "名", "岁", "个")
        if relative or nearest.value == "down" or quantity.dimension not in ("count",):
            return "change", "change-verb"
        return "increase", "increase-verb"
    if quantity.dimension == "points" or (lead and quantity.dimension == "share" and lead.word in grammar.downward):
        return "change", "change-verb"
    if grammar.patterns["change-rate"].search(core) and quantity.dimension in ("share", "points"):
        return "change", "change-rate"
    if any(t.name == "rank" for t in parts.right) and quantity.unit in ("位", "名"):
        return "rank", "rank"
    if nearest and nearest.name == "comparator_before" and any(t.name == "increase" for t in parts.right):
        return "increase", "noun-verb-figure"
    if quantity.dimension == "share" and is_rate(core, grammar):
        return "level", "level-verb" if nearest or lead else "bare-noun"
    if cumulative and (nearest is None or nearest.name in ("level", "comparator_before")):
        return "level", "cumulative"
    if nearest and nearest.name == "increase":
        return "increase", "noun-verb-figure"
    if lead and (nearest is None or nearest.name == "comparator_before" or lead.word.startswith(("新", "净"))):
        return "increase", "verb-noun-figure"
    of_which = any(t.value == "of_which" for t in parts.left)
    if of_which and breath.kind == "increase" and nearest and nearest.word in ("为", "是"):
        return "increase", "noun-verb-figure"
    if nearest is not None and nearest.name == "comparator_before" and not is_rate(core, grammar):
        if not core and parts.rest:
            return breath.kind or "increase", "figure"
        if breath.kind == "increase" and joint in ("、", "，", ",", "和"):
            return "increase", "list"
    if nearest or any(t.name == "level" for t in parts.left):
        return "level", "level-verb"
    if grammar.patterns["middle-verb"].search(core) or does_inside(core, grammar):
        return "increase", "verb-noun-figure"
    if grammar.patterns["done-things"].search(core):
        return "increase", "done-things"
    if breath.kind == "increase" and joint in ("、", "和", "及", "与"):
        return "increase", "list"
    if breath.kind and not is_rate(core, grammar) and (joint in ("、", "和", "及", "与", "以及", "，", ",", "；", ";")):
        return breath.kind if breath.kind != "rank" else "level", "list"
    return "level", "bare-noun"


def does_inside(words: str, grammar: Grammar) -> bool:
    """通过机构建设平台10家, 在市场发布专利5条: a means or place opens, but a verb of doing in it takes the figure."""
    if not grammar.patterns["works-through"].search(words):
        return False
    found = (grammar.verbs.at_start(words, place, len(words)) for place in range(3, len(words) - 3))
    return any(token is not None and len(token.word) > 1 and not words[token.end :].startswith("的") for token in found)


def _reaches(parts: Parts, verb: Token) -> bool:
    """提高 + 到2025年的 + 70%: the 到 of the deadline is the verb's own, so a level is reached."""
    return any(t.name == "time" and t.start == verb.end and t.word[0] in "到至" for t in parts.right)


def _statement(
    text: str, parts: Parts, quantity: Quantity, item: Item, grammar: Grammar, breath: Breath
) -> list[Draft]:
    """Decide what is counted and build the draft (or one for each name of a list that shares the figure)."""
    core = parts.core
    if quantity.unit in ("位", "名") and not any(t.name == "rank" for t in parts.right):
        parts = replace(parts, right=tuple(t for t in parts.right if t.word != "前"))
    served = not core and parts.rest and any(t.word == "为" for t in parts.right)
    if served:
        parts = replace(parts, right=tuple(t for t in parts.right if t.word != "为"))
    chained = breath.kind is not None or breath.label is not None
    kind, reason = _kind(parts, quantity, core, grammar, breath, item.joint)
    of_which = any(t.name == "connector" and t.value == "of_which" for t in parts.left)
    breath.of_which = of_which or (breath.of_which and item.joint in ("、", "和", "及", "，", "；"))
    names, rule = _names(parts, quantity, core, item, grammar, breath, reason)
    if not names:
        return []
    if rule in ("figure-noun", "figure-noun-verb", "share-of-noun", "promise") and quantity.dimension in (
        "share",
        "time",
    ):
        kind = "level"
    if (served or rule in ("place-figure-verb", "figure-noun-verb")) and quantity.dimension == "count":
        kind = "increase"
    scope = next((t.word for t in reversed(parts.left) if t.name == "scope"), None)
    modality = next((t.word for t in (*parts.left, *parts.right) if t.name == "modality"), None)
    breath.scope, breath.modality = scope or breath.scope, modality or breath.modality
    breath.kind, breath.noun, breath.indicator = kind, names[-1], names[-1]
    confidence = {"bare-noun": "0.75", "list": "0.85"}.get(reason, "0.95")
    if quantity.chinese:
        confidence = "0.75"
    return [
        Draft(
            name, quantity, _comparator(parts, quantity), kind, parts.start, parts.end, breath.scope,
            modality or breath.modality, breath.of_which, rule, Decimal(confidence),
            chained=chained,
            describes=_describes(parts, grammar),
        )
        for name in names
    ]  # fmt: skip


def _describes(parts: Parts, grammar: Grammar) -> bool:
    """True where only 为, 占 or the like joins noun and figure: that tells how things are unless a goal is set."""
    verbs = [t for t in (*parts.right, *parts.left) if t.name in ("level", "change", "increase", "rank")]
    return bool(verbs) and all(t.word in grammar.describing for t in verbs)


def _names(
    parts: Parts, quantity: Quantity, core: str, item: Item, grammar: Grammar, breath: Breath, reason: str
) -> tuple[list[str], str]:
    """Give the complete indicator (several where 均 spreads one figure over a list) and the rule that made it."""
    if quantity.dimension == "share" and core and parts.rest.startswith("的") and (cover := _covering(parts)):
        return [f"{core}{cover}{clean(parts.rest)}占比"], "share-of-noun"
    promise = grammar.patterns["promise-within"].search(clean(parts.rest)) if quantity.dimension == "time" else None
    if promise and core and parts.after == "<=":
        return [f"{core}{promise.group('deed')}时间"], "promise"
    rest = clean(parts.rest)
    preposition = grammar.patterns["preposition"].search(core) if core else None
    nearest = next((t for t in parts.right if t.name not in ("adverb", "modality", "comparator_before", "time")), None)
    if (
        core
        and rest
        and nearest is not None
        and nearest.name == "increase"
        and grammar.patterns["verb-opens-rest"].search(rest)
    ):
        # 市区两级重点支持300名人才: the subject acts, the noun after the figure is counted.
        name, said = _from_rest(parts, quantity, rest, grammar, breath)
        return [name], "figure-noun-verb" if said else "figure-noun"
    if core and parts.right and not (preposition and len(core) == 1):
        if any(t.name == "adverb" and t.value == "each" for t in parts.right):
            for count in range(6, 1, -1):
                if (members := expand(core, count)) is not None:
                    return members, "each"
        respective = any(t.name == "adverb" and t.value == "respectively" for t in parts.right)
        if not respective and (pair := rate_pair(core)) is not None:
            return pair, "each"
        return [_finish(core, item, grammar, breath)], reason
    if preposition and rest:
        name, _ = _split_predicate(rest, clean(core[preposition.end() :]), grammar, verbs=True)
        return [name], "place-figure-verb"
    if core.endswith("等") and (noun := _shared_noun(core[:-1], rest)):
        return [invert(kind_of(core[:-1], noun), rest[len(noun) :])], "figure-noun-verb"
    if core:
        return [_finish(_core_and_rest(core, rest, grammar), item, grammar, breath)], reason
    if rest:
        name, said = _from_rest(parts, quantity, rest, grammar, breath)
        return [name], "figure-noun-verb" if said else "figure-noun"
    known = _subject(breath.subject, grammar) or breath.indicator or _object(breath.subject, parts, grammar)
    return ([known], "carried") if known else ([], "")


def _within_whole(words: str, breath: Breath, grammar: Grammar) -> str:
    """Complete a name that only makes sense with the one before: 占比, 营业收入; 其中公办占比; 高速铁路 of 铁路里程."""
    if breath.label and not is_rate(words, grammar):
        return words + breath.label
    whole = breath.indicator
    if whole is None:
        return words
    if words in grammar.generic:
        entity = next(
            (whole[: -len(rate)] for rate in grammar.rates if whole.endswith(rate) and len(whole) > len(rate) + 1),
            whole,
        )
        return entity + words
    if not breath.of_which or words in whole:
        return words
    if words.endswith(("占比", "比例", "比重")) and not is_rate(whole, grammar) and "占" not in words[:-2]:
        return f"{whole}中{words}"
    shared = next((n for n in range(min(len(words) - 1, len(whole) - 1), 1, -1) if whole.startswith(words[-n:])), 0)
    if shared and is_rate(whole, grammar) and not is_rate(words, grammar):
        return words + whole[shared:]
    return words


def _finish(core: str, item: Item, grammar: Grammar, breath: Breath) -> str:
    """Restore what the list has said already; drop a verb that stands between two halves of the name."""
    core = grammar.patterns["lead-in"].sub("", core)
    words = grammar.patterns["work-tail"].sub("", grammar.patterns["middle-verb"].sub("", core))
    words = grammar.patterns["long-modifier"].sub("", words)
    words = _within_whole(words, breath, grammar)
    return restore_graded(restore(words, breath.noun, item.joint, grammar.contrasts), breath.noun)


def _covering(parts: Parts) -> str:
    """Give the verb of 收运体系覆盖95%以上的行政村, where the share is of the noun after it."""
    return next((t.word for t in parts.right if t.word in ("覆盖", "惠及")), "")


def _shared_noun(head: str, rest: str) -> str:
    """Give the noun that ends a list of examples and opens what follows the figure: 甲单元等9个单元由Ⅳ类升为Ⅲ类."""
    return next((rest[:n] for n in range(min(4, len(rest) - 2), 1, -1) if head.endswith(rest[:n])), "")


def _core_and_rest(core: str, rest: str, grammar: Grammar) -> str:
    """定向对接全国 + 重点院校 is one name; a verb after the figure (投入使用) is not part of it."""
    if not rest or len(rest) < 2 or rest[0] in "（(":
        return core
    if core.endswith("等"):
        return rest
    if core.endswith(("财政", "资金")) and rest.startswith(("支持", "用于")):
        return core + rest
    starts_verb = grammar.predicates.at_start(rest, 0, len(rest)) or grammar.verbs.at_start(rest, 0, len(rest))
    return core if starts_verb and len(core) > 3 else core + rest


def _from_rest(parts: Parts, quantity: Quantity, rest: str, grammar: Grammar, breath: Breath) -> tuple[str, bool]:
    """The noun follows its figure: 新建10家研发机构; 70%企业建有研发机构; 其中30%为海外人才.

    Gives the indicator, and whether something is said of the noun besides its number.
    """
    rest = grammar.patterns["current-note"].sub("", rest)
    if quantity.dimension == "share":
        whole = breath.indicator if any(t.value == "of_which" for t in parts.left) else None
        described = regex.match(r"(?:为|是|系|属于)(?P<what>.+)", rest)
        if described:
            name = f"{whole}中{described.group('what')}占比" if whole else f"{described.group('what')}占比"
            return name, True
        plain = regex.sub("^(?:左右|的)|(?:普遍|基本|均|都|能够|应当)", "", rest)
        return (plain if plain.endswith(grammar.rates) else plain + "占比"), True
    become = grammar.patterns["become"].search(rest)
    if become:
        return become.group("what"), True
    purpose = parts.verb is not None and parts.verb.word.startswith(grammar.attracting)
    return _split_predicate(rest, "", grammar, verbs=False, drop=purpose)


def _split_predicate(rest: str, place: str, grammar: Grammar, *, verbs: bool, drop: bool = False) -> tuple[str, bool]:
    """Turn noun + predicate into predicate + 的 + noun; with `drop` the predicate (a purpose) is left out."""
    for position in range(1, len(rest) - 1):
        token = grammar.predicates.at_start(rest, position, len(rest))
        if token is None and verbs:
            found = grammar.verbs.at_start(rest, position, len(rest))
            token = found if found is not None and len(found.word) > 1 else None
        if token is not None and rest[token.end :].startswith(("者", "得者", "奖")):
            continue
        if token is None or (token.word == "与" and not regex.search("建立|共建|签|开展|合作|对接|组建", rest)):
            continue
        if token.word == "由" and not regex.search("升为|转为|转变为|调整为|提高到", rest):
            continue
        noun = clean(place + rest[:position])
        said = clean(regex.sub("^(?:普遍|均|基本|都)", "", rest[position:]))
        return (noun if drop else invert(noun, said)), True
    return clean(place + rest), False


def _object(words: str, parts: Parts, grammar: Grammar) -> str | None:
    """Give what the deed without a noun is done to: 盘活校舍等存量资源，每年改造利用5万平方米 counts 存量资源改造利用."""
    words = clean(BASE.sub("", words))
    verb = grammar.verbs.at_start(words, 0, len(words)) or grammar.causatives.at_start(words, 0, len(words))
    if verb is None:
        return None
    thing = clean(words[verb.end :])
    thing = thing.rsplit("等", 1)[-1] if "等" in thing[:-1] else thing
    deed = "" if parts.verb is None or parts.verb.word.startswith(grammar.adding) else parts.verb.word
    if deed and thing.endswith(deed[:2]):
        deed = ""
    return clean(thing + deed) if 2 <= len(thing) <= 30 else None


def _subject(words: str, grammar: Grammar) -> str | None:
    """Give what an item without figure is about: 某贡献 of 某贡献显著增强."""
    subject = clean(BASE.sub("", grammar.patterns["vague-tail"].sub("", clean(words))))
    return subject if 2 <= len(subject) <= 40 and subject != clean(words) else None
