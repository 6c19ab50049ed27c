"""Compose a statement from one item: what is counted, how the figure binds, and what kind of commitment it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import regex

from pipeline.extract.grammar import Grammar
from pipeline.extract.indicators import clean, is_rate
from pipeline.extract.items import Item
from pipeline.extract.naming import indicator_names
from pipeline.extract.parts import Breath, Draft, Parts, take_apart
from pipeline.extract.peel import Token, peel_right
from pipeline.extract.qualifiers import sort_quantities
from pipeline.extract.quantities import Quantity
from pipeline.model.findings import Comparator, TargetKind


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
    # 争取 before a verb is how it is meant; alone before its noun it is what is done: 争取上级资金30亿元.
    lead = next((t for t in parts.left if t.name == "increase"), None) or (
        next((t for t in parts.left if t.word in grammar.verbs.words), None) if nearest is None else None
    )
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
    names, rule = indicator_names(parts, quantity, core, item, grammar, breath, reason)
    if not names:
        return []
    if rule in ("figure-noun", "figure-noun-verb", "share-of-noun", "share-done", "share-of-whole", "promise") and quantity.dimension in (
        "share",
        "time",
    ):
        kind = "level"
    hastened = rule == "figure-noun" and parts.verb is not None and parts.verb.word == "加快"
    if (served or hastened or rule in ("place-figure-verb", "figure-noun-verb")) and quantity.dimension == "count":
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
