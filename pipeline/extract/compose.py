"""Compose a statement from one item: what is counted, how the figure binds, and what kind of commitment it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import regex

from pipeline.extract.evidence import of_token, trace
from pipeline.extract.grammar import Grammar
from pipeline.extract.indicators import clean, is_rate
from pipeline.extract.items import Item
from pipeline.extract.naming import indicator_names
from pipeline.extract.parts import Breath, Draft, Parts, take_apart
from pipeline.extract.peel import Token, peel_right
from pipeline.extract.qualifiers import sort_quantities
from pipeline.extract.quantities import Quantity
from pipeline.model.findings import Comparator, Evidence, TargetKind

# Names that say of themselves that a state is measured.
STATES = ("figure-noun", "figure-noun-verb", "share-of-noun", "share-done", "share-of-whole", "promise")
# 迈上3万亿元台阶: that much at least.
STEP = regex.compile("(?:新)?台阶|大台阶|关口|大关")
# 差距缩小到15个百分点 is a level though points mostly tell a change.
REACHED = ("到", "至", "为", "在")

# What a row rests on, by the reason of its kind, and how far that goes; see docs/rules.md.
CONFIDENCES = {
    "stated": ("stated", Decimal("0.95")),
    "list": ("neighbour", Decimal("0.85")),
    "bare-noun": ("bare-noun", Decimal("0.75")),
    "chinese-numeral": ("chinese-numeral", Decimal("0.75")),
}


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
        if number and text[start : start + 1] in ("（", "(") and breath.unit == quantity.unit:
            breath.total = breath.indicator or ""
        baseline = sorted_out.baselines.get(quantity)
        parts = take_apart(text, start, quantity, end, grammar, holes)
        if baseline is not None and start <= baseline.start < quantity.start:
            core_end = _before_baseline(text, start, baseline)
            core_at = (min(parts.core_start, core_end), core_end)
            parts = replace(parts, core=clean(text[slice(*core_at)]), core_at=core_at)
        elif baseline is None and breath.baseline is not None and not parts.core and not parts.rest:
            baseline = breath.baseline
        breath.baseline = None
        found = _statement(text, parts, quantity, item if number == 0 else replace(item, joint="，"), grammar, breath)
        drafts += [replace(d, baseline=baseline) for d in found] if baseline else found
        start = quantity.end
    if text[item.end - 1 : item.end] in ("）", ")"):
        breath.total = ""
    if sorted_out.pending is not None:
        # 由2020年的50%，提高到70%: the present value stands in an item of its own.
        breath.baseline = sorted_out.pending
        breath.qualifiers.append(sorted_out.pending)
        breath.subject_at = (item.start, _before_baseline(text, item.start, sorted_out.pending))
        breath.subject = text[slice(*breath.subject_at)]
        known = clean(grammar.patterns["lead-in"].sub("", breath.subject))
        if known:
            breath.indicator, breath.named = known, (Evidence("indicator", "carried", *breath.subject_at),)
    return drafts


def _before_baseline(text: str, start: int, baseline: Quantity) -> int:
    """Give where 由 or 从 opens the telling of the present value."""
    opening = regex.compile("(?:由|从)[^由从]*$").search(text, start, baseline.start)
    return opening.start() if opening else baseline.start


def _comparator(parts: Parts, quantity: Quantity) -> tuple[Comparator, tuple[Evidence, ...]]:
    """Doubled words agree on the stricter: 超40件以上 is >. Gives the words that say so as well."""
    if quantity.value_max is not None:
        return "range", (Evidence("comparator", "range", quantity.start, quantity.end),)
    rank = next((t for t in parts.right if t.name == "rank"), None)
    if rank is not None:
        return "<=" if any("前" in t.word for t in parts.right) else "=", (of_token("comparator", rank),)
    words = [t for t in (*parts.right, *parts.left) if t.name == "comparator_before"]
    before = words[0].value if words else None
    said = tuple(of_token("comparator", token) for token in words[:1])
    after = (Evidence("comparator", "comparator_after", *parts.after_at),) if parts.after else ()
    if before and parts.after == "<=" and before in ("<=", "~"):
        return "<=", (*said, *after)
    if before == "<=" and parts.after == "~":
        return "~", (*said, *after)
    if before:
        return before, said  # type: ignore[return-value]
    if before is None and STEP.match(parts.rest):
        return ">=", (Evidence("comparator", "step", *parts.rest_at),)
    if parts.after and parts.after != ">":
        return parts.after, after  # type: ignore[return-value]
    if quantity.more:
        return ">", (Evidence("comparator", "more", quantity.start, quantity.end),)
    return (">", after) if parts.after == ">" else ("=", ())


def _kind(
    parts: Parts, quantity: Quantity, core: str, grammar: Grammar, breath: Breath, joint: str
) -> tuple[TargetKind, str, Token | None]:
    """Give the kind, the name of the reason and the word that gave it.

    The verb nearest to the figure decides, then the item's own verb.
    """
    if quantity.chinese and quantity.dimension == "ratio":
        return "change", "doubling", None
    verbs = [t for t in parts.right if t.name in ("change", "level", "increase", "rank")]
    bound = next((t for t in parts.right if t.name == "comparator_before"), None)
    nearest = verbs[0] if verbs and (verbs[0].name == "change" or bound is None) else bound or next(iter(verbs), None)
    # 争取 before a verb is how it is meant; alone before its noun it is what is done: 争取上级资金30亿元.
    lead = next((t for t in parts.left if t.name == "increase"), None) or (
        next((t for t in parts.left if t.word in grammar.verbs.words), None) if nearest is None else None
    )
    cumulative = next((t for t in parts.right if t.name == "adverb" and t.value == "cumulative"), None)
    if nearest and nearest.name == "change" and _reaches(parts, nearest):
        return "level", "level-verb", nearest
    if nearest and nearest.name == "change":
        relative = quantity.dimension in ("share", "points", "ratio") or quantity.unit in ("位", "名", "岁", "个")
        if relative or nearest.value == "down" or quantity.dimension not in ("count",):
            return "change", "change-verb", nearest
        return "increase", "increase-verb", nearest
    if quantity.dimension == "points" and nearest and nearest.name == "level" and nearest.word.endswith(REACHED):
        return "level", "level-verb", nearest
    if quantity.dimension == "points" or (lead and quantity.dimension != "count" and lead.word in grammar.downward):
        return "change", "change-verb", None if quantity.dimension == "points" else lead
    if grammar.patterns["change-rate"].search(core) and quantity.dimension in ("share", "points"):
        return "change", "change-rate", None
    if quantity.unit in ("位", "名") and any(t.name == "rank" for t in parts.right):
        return "rank", "rank", next(t for t in parts.right if t.name == "rank")
    if nearest and nearest.name == "comparator_before" and (deed := _first(parts.right, "increase")):
        return "increase", "noun-verb-figure", deed
    if grammar.patterns["deed-inside"].search(core):
        return "increase", "verb-noun-figure", None
    if quantity.dimension == "share" and is_rate(core, grammar):
        return "level", "level-verb" if nearest or lead else "bare-noun", nearest or lead
    if cumulative and (nearest is None or nearest.name in ("level", "comparator_before")):
        return "level", "cumulative", cumulative
    if nearest and nearest.name == "increase":
        return "increase", "noun-verb-figure", nearest
    share_reached = quantity.dimension == "share" and nearest is not None and nearest.name == "level"
    newly = lead is not None and lead.word.startswith(("新", "净")) and not share_reached
    if lead and (nearest is None or nearest.name == "comparator_before" or newly):
        return "increase", "verb-noun-figure", lead
    of_which = any(t.value == "of_which" for t in parts.left)
    if of_which and breath.kind == "increase" and nearest and nearest.word in ("为", "是"):
        return "increase", "noun-verb-figure", nearest
    if nearest is not None and nearest.name == "comparator_before" and nearest.word.startswith("总"):
        return "level", "level-verb", nearest
    if nearest is not None and nearest.name == "comparator_before" and not is_rate(core, grammar):
        if not core and parts.rest:
            return breath.kind or "increase", "figure", nearest if breath.kind is None else None
        if breath.kind == "increase" and joint in ("、", "，", ",", "和"):
            return "increase", "list", None
    if nearest or any(t.name == "level" for t in parts.left):
        return "level", "level-verb", nearest or _first(parts.left, "level")
    if core.startswith(("新增", "净增")) or grammar.patterns["middle-verb"].search(core) or does_inside(core, grammar):
        return "increase", "verb-noun-figure", None
    worked = grammar.before_figure.at_end(core, 0, len(core)) if parts.rest and quantity.dimension == "count" else None
    if worked is not None and worked.name == "change":
        # 慢行提升26个点位
        return "increase", "done-things", None
    if grammar.patterns["done-things"].search(core):
        return "increase", "done-things", None
    if breath.kind == "increase" and joint in ("、", "和", "及", "与"):
        return "increase", "list", None
    if breath.kind and not is_rate(core, grammar) and (joint in ("、", "和", "及", "与", "以及", "，", ",", "；", ";")):
        return breath.kind if breath.kind != "rank" else "level", "list", None
    return "level", "bare-noun", None


def _first(tokens: Sequence[Token], name: str) -> Token | None:
    return next((t for t in tokens if t.name == name), None)


def _kind_said(token: Token | None, reason: str, parts: Parts, quantity: Quantity, breath: Breath) -> Evidence:
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
    kind, reason, deciding = _kind(parts, quantity, core, grammar, breath, item.joint)
    of_which = next((t for t in parts.left if t.name == "connector" and t.value == "of_which"), None)
    breath.of_which = of_which is not None or (breath.of_which and item.joint in ("、", "和", "及", "，", "；"))
    place = grammar.patterns["each-place-of-rate"].match(core) if is_rate(core, grammar) else None
    if place is not None:
        token = Token("scope", "each", place.group(), parts.core_at[0], parts.core_at[0] + place.end())
        parts = replace(parts, left=(token, *parts.left), core=core[place.end() :])
        core = parts.core
    if breath.indicator and grammar.patterns["each-place"].fullmatch(core):
        # 打造50家示范市场，每个区不少于5家: the districts are who, the markets what.
        doing = next((t for t in parts.left if t.value == "each"), None)
        parts = replace(parts, left=(Token("scope", "each", core, *parts.core_at),), core=doing.word if doing else "")
        core = parts.core
    names, rule = indicator_names(parts, quantity, core, item, grammar, breath, reason)
    if not names:
        return []
    if rule in STATES and quantity.dimension in ("share", "time"):
        kind = "level"
    if rule in ("handed-down", "examples"):
        kind = "increase"
    hastened = rule == "figure-noun" and parts.verb is not None and parts.verb.word == "加快"
    if (served or hastened or rule in ("place-figure-verb", "figure-noun-verb")) and quantity.dimension == "count":
        kind = "increase"
    scope = next((t for t in reversed(parts.left) if t.name == "scope"), None)
    modality = next((t for t in (*parts.left, *parts.right) if t.name == "modality"), None)
    breath.scope = scope.word if scope and scope.word else breath.scope
    breath.modality = modality.word if modality else breath.modality
    summed = not core and any(t.word.startswith("总") for t in parts.right)
    # 新增甲30个，总计达60个；乙10条: the total does not end the adding.
    breath.kind = breath.kind if summed else kind
    breath.noun, breath.indicator, breath.unit = names[-1], names[-1], quantity.unit
    comparator, bound = _comparator(parts, quantity)
    basis, confidence = _confidence(quantity, reason)
    breath.said["kind"] = decided = _kind_said(deciding, reason, parts, quantity, breath)
    _remember(breath, scope, modality, of_which)
    breath.named = _named(names, parts, breath, text)
    said = [breath.said[field] for field in ("scope", "modality", "part_of") if field in breath.said]
    evidence = (*bound, decided, *said, Evidence("confidence", basis, decided.start, decided.end))
    return [
        Draft(
            name, quantity, comparator, kind, parts.start, parts.end, breath.scope,
            breath.modality, breath.of_which, rule, confidence,
            chained=chained,
            backed=breath.kept,
            describes=_describes(parts, grammar),
            evidence=evidence,
            named=breath.named,
            tokens=(*parts.left, *parts.right),
        )
        for name in names
    ]  # fmt: skip


def _remember(breath: Breath, scope: Token | None, modality: Token | None, of_which: Token | None) -> None:
    """Keep the words that say scope, modality and 其中: they hold for the items that follow as well."""
    if scope is not None and scope.word:
        breath.said["scope"] = of_token("scope", scope)
    if modality is not None:
        breath.said["modality"] = of_token("modality", modality)
    if of_which is not None:
        breath.said["part_of"] = of_token("part_of", of_which)
    if not breath.of_which:
        breath.said.pop("part_of", None)


def _confidence(quantity: Quantity, reason: str) -> tuple[str, Decimal]:
    """Give what a row rests on, with its confidence."""
    return CONFIDENCES["chinese-numeral" if quantity.chinese else reason if reason in CONFIDENCES else "stated"]


def _named(names: Sequence[str], parts: Parts, breath: Breath, text: str) -> tuple[Evidence, ...]:
    """Give the words that names are put together from. Most stand as one piece beside their figure."""
    if len(names) == 1:
        for rule, (start, end) in (("own-words", parts.core_at), ("after-figure", parts.rest_at)):
            place = text.find(names[0], start, end)
            if place >= 0:
                return (Evidence("indicator", rule, place, place + len(names[0])),)
    return trace(names, _stretches(parts, breath), text)


def _stretches(parts: Parts, breath: Breath) -> list[Evidence]:
    """Give the stretches of text that a name can be put together from, the figure's own first."""
    places = [("own-words", parts.core_at if parts.core else None), ("after-figure", parts.rest_at)]
    places += [("label", breath.label_at), ("clause-before", breath.subject_at if breath.subject else None)]
    places += [("verb", (parts.verb.start, parts.verb.end) if parts.verb else None)]
    places += [("cover", (t.start, t.end)) for t in parts.right if t.name != "time"]
    found = [Evidence("indicator", rule, *place) for rule, place in places if place is not None]
    return [*found[:2], *(e._replace(rule="carried") for e in breath.named), *found[2:]]


def _describes(parts: Parts, grammar: Grammar) -> bool:
    """True where only 为, 占 or the like joins noun and figure: that tells how things are unless a goal is set."""
    verbs = [t for t in (*parts.right, *parts.left) if t.name in ("level", "change", "increase", "rank")]
    return bool(verbs) and all(t.word in grammar.describing for t in verbs)
