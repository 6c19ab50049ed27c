"""Compose a statement from one item: what is counted, how the figure binds, and what kind of commitment it is."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pipeline.extract.evidence import of_token, trace
from pipeline.extract.grammar import Grammar
from pipeline.extract.indicators import clean, is_rate
from pipeline.extract.items import Item
from pipeline.extract.kinds import comparator_of, kind_of_figure, kind_said
from pipeline.extract.naming import indicator_names
from pipeline.extract.parts import take_apart, with_noun_before
from pipeline.extract.peel import Token, peel_right
from pipeline.extract.qualifiers import sort_quantities
from pipeline.extract.quantities import Quantity
from pipeline.extract.statements import Breath, Draft, Parts
from pipeline.model.findings import Evidence, TargetKind

# Names that say of themselves that a state is measured.
STATES = ("figure-noun", "figure-noun-verb", "share-of-noun", "share-done", "share-of-whole", "promise")

VERBS = frozenset(("level", "change", "increase", "rank"))

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
        baseline = sorted_out.baselines.get(quantity) if sorted_out.baselines else None
        parts = take_apart(text, start, quantity, end, grammar, holes)
        if baseline is not None and start <= baseline.start < quantity.start:
            parts = with_noun_before(text, start, _before_baseline(text, start, baseline), parts, grammar, holes)
        elif baseline is None and breath.baseline is not None and not parts.core and not parts.rest:
            baseline = breath.baseline
        breath.baseline = None
        found = _statement(text, parts, quantity, item if number == 0 else item._replace(joint="，"), grammar, breath)
        drafts += [d._replace(baseline=baseline) for d in found] if baseline else found
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
    place = max(text.rfind("由", start, baseline.start), text.rfind("从", start, baseline.start))
    return place if place >= 0 else baseline.start


def _statement(
    text: str, parts: Parts, quantity: Quantity, item: Item, grammar: Grammar, breath: Breath
) -> list[Draft]:
    """Decide what is counted and build the draft (or one for each name of a list that shares the figure)."""
    if quantity.unit in ("位", "名") and parts.right and not any(t.name == "rank" for t in parts.right):
        parts = parts._replace(right=tuple(t for t in parts.right if t.word != "前"))
    if (breath.scope or "").startswith("每") and item.joint not in ("、", "和", "及", "与"):
        # 每个街道建成1个站，新建服务点60个: for each of what holds for its own list alone
        breath.scope = None
        breath.said.pop("scope", None)
    served = bool(not parts.core and parts.rest and any(t.word == "为" for t in parts.right))
    if served:
        parts = parts._replace(right=tuple(t for t in parts.right if t.word != "为"))
    chained = breath.kind is not None or breath.label is not None
    kind, reason, deciding = kind_of_figure(parts, quantity, parts.core, grammar, breath, item.joint)
    of_which = next((t for t in parts.left if t.value == "of_which" and t.name == "connector"), None)
    breath.opened = of_which is not None
    breath.of_which = breath.opened or (breath.of_which and item.joint in ("、", "和", "及", "，", "；"))
    parts = _without_places(parts, grammar, breath)
    names, rule = indicator_names(parts, quantity, parts.core, item, grammar, breath, reason)
    if not names:
        return []
    kind = _kind_by_name(kind, rule, served, parts, quantity, names[-1], grammar)
    _hand_on(breath, parts, kind, names[-1], quantity, of_which)
    comparator, bound = comparator_of(parts, quantity, grammar)
    basis, confidence = _confidence(quantity, reason)
    breath.said["kind"] = decided = kind_said(deciding, reason, parts, quantity, breath)
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


def _without_places(parts: Parts, grammar: Grammar, breath: Breath) -> Parts:
    """Take out of the noun for whom a figure holds one by one: 各区公办幼儿园占比; …，每个区不少于5家."""
    if not parts.core:
        return parts
    place = grammar.patterns["each-place-of-rate"].match(parts.core)
    if place is not None and is_rate(parts.core, grammar):
        token = Token("scope", "each", place.group(), parts.core_at[0], parts.core_at[0] + place.end())
        parts = parts._replace(left=(token, *parts.left), core=parts.core[place.end() :])
    if breath.indicator and grammar.patterns["each-place"].fullmatch(parts.core):
        # 打造50家示范市场，每个区不少于5家: the districts are who, the markets what.
        doing = next((t for t in parts.left if t.value == "each"), None)
        token = Token("scope", "each", parts.core, *parts.core_at)
        parts = parts._replace(left=(token,), core=doing.word if doing else "")
    return parts


def _kind_by_name(
    kind: TargetKind, rule: str, served: bool, parts: Parts, quantity: Quantity, name: str, grammar: Grammar
) -> TargetKind:
    """Let the construction that named a figure correct its kind: shares of things are levels, things done are added."""
    if rule in STATES and quantity.dimension in ("share", "time"):
        kind = "level"
    if rule in ("handed-down", "examples"):
        kind = "increase"
    hastened = rule == "figure-noun" and parts.verb is not None and parts.verb.word == "加快"
    if rule == "carried" and not parts.core and quantity.dimension == "count" and kind == "level":
        # 对老年人家庭实施适老化改造，2023年1800户、2024年2000户: work is done, not had
        work = grammar.verbs.at_end(name, 0, len(name))
        verb = next((t for t in parts.right if t.name == "level"), None)
        if work is not None and work.word in grammar.kept and verb is None:
            return "increase"
    done = served or hastened or rule in ("place-figure-verb", "figure-noun-verb")
    return "increase" if done and quantity.dimension == "count" else kind


def _hand_on(
    breath: Breath, parts: Parts, kind: TargetKind, name: str, quantity: Quantity, of_which: Token | None
) -> None:
    """Leave to the next item what this one says of kind, name, scope and modality."""
    scope = modality = None
    for token in parts.left:
        if token.name == "scope":
            scope = token
        elif token.name == "modality" and modality is None:
            modality = token
    modality = modality or next((t for t in parts.right if t.name == "modality"), None)
    breath.scope = scope.word if scope and scope.word else breath.scope
    breath.modality = modality.word if modality else breath.modality
    # 新增甲30个，总计达60个；乙10条: the total does not end the adding, nor does a share in between (其中女性占40%).
    summed = not parts.core and any(t.word.startswith("总") for t in parts.right)
    aside = breath.of_which and quantity.dimension in ("share", "points") and breath.kind is not None
    breath.kind = breath.kind if summed or aside else kind
    breath.noun, breath.indicator, breath.unit = name, name, quantity.unit
    if not breath.of_which and quantity.dimension not in ("share", "points"):
        breath.whole, breath.whole_unit = name, quantity.unit
        breath.counted[quantity.unit] = name
    _remember(breath, scope, modality, of_which)


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
    verbs = [t.word for t in (*parts.right, *parts.left) if t.name in VERBS]
    return bool(verbs) and grammar.describing.issuperset(verbs)
