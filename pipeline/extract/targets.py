"""Find the targets of a passage: read its sentences, compose statements, keep those that commit."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal

from pipeline.extract.clauses import done_to, object_of
from pipeline.extract.commitment import counted_in_title, refusal
from pipeline.extract.compose import compose
from pipeline.extract.evidence import of_token, of_value, trace
from pipeline.extract.grammar import Grammar
from pipeline.extract.indicators import clean, is_rate
from pipeline.extract.items import Item, paragraphs, sentences, split_items
from pipeline.extract.lists import pair, with_bound_before
from pipeline.extract.peel import Token, peel_left
from pipeline.extract.periods import Mention
from pipeline.extract.quantities import Quantity, candidates, find_quantities
from pipeline.extract.reading import Harvest, Paragraph, Passage, Place, Reading
from pipeline.extract.statements import Breath, Draft
from pipeline.extract.timing import Due, due
from pipeline.extract.topics import says_little, topic_before
from pipeline.extract.wholes import entity_of
from pipeline.lexicon import Lexicon
from pipeline.model.findings import Evidence, Target
from pipeline.model.source import Span
from pipeline.quick.pattern import pattern

SHORTEST = pattern(r"\p{Han}{2,3}")
RATES = ("比率", "该比率", "比例", "该比例", "比重", "该比重", "占比", "指标", "这一比例")
# 年均增速达到8%, not 比2020年均下降
YEARLY = pattern(r"(?<!\d)年均")
SUMS = ("总计", "总数", "合计", "总量达")
# What follows 100个县级: more figures with their levels, the last with the noun.
LEVEL_CHAIN = pattern(r"(?:[、和及][\d.]+万?亿?\p{Han}{0,8}?级)+(?P<noun>\p{Han}{2,20})")


def read_passage(
    text: str,
    start: int,
    end: int,
    passage: Passage,
    busy: Sequence[Place],
    grammar: Grammar,
    lexicon: Lexicon,
    harvest: Harvest,
) -> None:
    """Add the targets of text[start:end] to `harvest`. `busy` are the places that are explained already."""
    taken = bytearray(end - start)
    for a, b in busy:
        if a < end and b > start:
            taken[max(a - start, 0) : b - start] = b"\1" * (min(b, end) - max(a, start))

    def is_busy(a: int, b: int) -> bool:
        return taken.find(1, a - start, b - start) >= 0

    places, in_words = candidates(text, start, end, lexicon.measures)
    any_first = lexicon.breakthroughs.may_stand(text, start, end)
    earlier: Mention | None = None
    for paragraph in paragraphs(text, start, end) if places or any_first else ():
        near = _between(passage.mentions, *paragraph) if passage.mentions else ()
        around = Paragraph(text, paragraph, near, passage, grammar)
        for sentence in sentences(text, *paragraph) if any_first or _holds(paragraph, places) else ():
            may_be_first = any_first and lexicon.breakthroughs.may_stand(text, *sentence)
            found = _holds(sentence, places)
            quantities = find_quantities(text, *sentence, in_words, is_busy, lexicon.measures) if found else []
            if not quantities and not may_be_first:
                continue
            first = bisect_left(passage.times, (sentence.start, 0))
            reading = Reading(
                text,
                sentence,
                around,
                inside=_between(near, *sentence) if near else (),
                earlier=earlier,
                holes=passage.times[first : bisect_left(passage.times, (sentence.end, 0), lo=first)],
                figures=tuple([quantity.start for quantity in quantities]),
                notes=tuple([m.span() for m in grammar.patterns["current-note"].finditer(text, *sentence)]),
                passage=passage,
                grammar=grammar,
                clauses={},
            )
            if may_be_first:
                _read_breakthroughs(reading, lexicon, harvest)
            if quantities:
                _read_sentence(reading, quantities, harvest)
        if near:
            earlier = next((m for m in reversed(near) if m.word == "deadline" and m.year), earlier)


def _holds(stretch: Span, places: Sequence[int]) -> bool:
    """Tell whether one of `places`, which are in order, lies in a stretch."""
    first = bisect_left(places, stretch.start)
    return first < len(places) and places[first] < stretch.end


def _between(mentions: Sequence[Mention], start: int, end: int) -> tuple[Mention, ...]:
    """Give the time expressions that start in [start, end); `mentions` are in order."""
    first = bisect_left(mentions, start, key=_start)
    return tuple(mentions[first : bisect_left(mentions, end, lo=first, key=_start)])


def _start(mention: Mention) -> int:
    return mention.period.start


def _read_sentence(reading: Reading, quantities: list[Quantity], harvest: Harvest) -> None:
    """Compose the items of a sentence from left to right, each with what the ones before it left said."""
    breath = Breath()
    items = split_items(reading.text, reading.sentence, quantities)
    total: int | None = None
    last: Draft | None = None
    position = 0
    while position < len(items):
        item = items[position]
        position += 1
        if not item.quantities:
            breath.subject, breath.subject_at = reading.text[item.start : item.end], (item.start, item.end)
            breath.headed = clean(breath.subject) if reading.text[item.end : item.end + 1] in ("：", ":") else ""
            if reading.text[item.end : item.end + 1] in "：:" and is_rate(clean(breath.subject), reading.grammar):
                breath.label, breath.label_at = clean(breath.subject), breath.subject_at
            continue
        item, drafts = _compose(item, reading, breath, harvest)
        if drafts and (paired := pair(item, items[position:], drafts, reading, breath, harvest)):
            drafts, used = paired
            position += used
        if drafts:
            drafts[0] = with_bound_before(drafts[0], item, last)
            last = drafts[-1]
        drafts = [_with_topic(_with_entity(draft, drafts[0], reading), item, reading) for draft in drafts]
        drafts = [_with_place(draft, item) for draft in drafts]
        count = len(harvest.targets)
        for draft in drafts:
            total = _keep(draft, item, reading, harvest, total)
        breath.kept = len(harvest.targets) > count
        if drafts:
            breath.subject = ""


def _compose(item: Item, reading: Reading, breath: Breath, harvest: Harvest) -> tuple[Item, list[Draft]]:
    """Sort the quantities of an item and compose those that count something."""
    plain = tuple(q for q in item.quantities if _counts(q, item, reading))
    for quantity in item.quantities:
        harvest.marks.put(quantity, *(("other", "") if quantity in plain else ("qualifier", "no-count")))
    item = Item(item.start, item.end, plain, item.joint)
    drafts = compose(reading.text, item, reading.grammar, breath, reading.holes) if plain else []
    drafts = [_with_noun_above(_with_noun_below(draft, item, reading), reading) for draft in drafts]
    drafts = [_with_object_above(_with_rate_before(draft, harvest), item, reading) for draft in drafts]
    harvest.rate = next((d for d in reversed(drafts) if is_rate(d.indicator, reading.grammar)), harvest.rate)
    for quantity in breath.qualifiers:
        harvest.marks.put(quantity, "qualifier", "size-or-present")
    breath.qualifiers.clear()
    return item, drafts


def _with_noun_below(draft: Draft, item: Item, reading: Reading) -> Draft:
    """100个县级、1000个乡镇级服务站点: the noun that the first figures lack stands after the last."""
    if draft.rule != "figure-noun" or not draft.indicator.endswith("级"):
        return draft
    chain = LEVEL_CHAIN.match(reading.text, item.end, reading.sentence.end)
    if chain is None:
        return draft
    named = (*draft.named, Evidence("indicator", "list-end", *chain.span("noun")))
    return draft._replace(indicator=draft.indicator + chain.group("noun"), named=named)


def _with_noun_above(draft: Draft, reading: Reading) -> Draft:
    """2.虚拟电厂（150个） under 建设典型应用场景: a heading that counts what the heading above it is about."""
    above = reading.passage.above
    if above is None or not counted_in_title(draft.quantity, reading):
        return draft
    thing = reading.text[slice(*above)]
    while (deeper := done_to(thing, reading.grammar)) is not None and len(deeper) > 1:
        thing = deeper
    draft = draft._replace(rule="title-count", kind="level", confidence=Decimal("0.60"))
    place = reading.text.find(thing, *above)
    if thing in draft.indicator or place < 0:
        return draft
    said = Evidence("indicator", "heading", place, place + len(thing))
    return draft._replace(indicator=draft.indicator + thing, named=(*draft.named, said))


def _with_rate_before(draft: Draft, harvest: Harvest) -> Draft:
    """2022年物流费用与地区生产总值的比率为15%。力争该比率每年下降: the rate that was told last."""
    rate = harvest.rate
    if rate is None or draft.indicator not in RATES or not rate.indicator.endswith(draft.indicator[-1]):
        return draft
    return draft._replace(indicator=rate.indicator, named=tuple(e._replace(rule="carried") for e in rate.named))


def _with_entity(draft: Draft, first: Draft, reading: Reading) -> Draft:
    """海外仓数量和面积分别达到: what the first of a list measures something of holds for the measures after it."""
    grammar = reading.grammar
    alike = draft.indicator[-3:] == first.indicator[-3:]
    if alike or not says_little(draft.indicator, grammar) or says_little(first.indicator, grammar):
        # 首次登记、抵押登记办结时间 are built alike, so that neither lacks what the other has
        return draft
    entity = entity_of(first.indicator, draft.indicator, grammar) if is_rate(first.indicator, grammar) else ""
    return draft._replace(indicator=entity + draft.indicator, named=(*first.named, *draft.named)) if entity else draft


def _with_place(draft: Draft, item: Item) -> Draft:
    """每个街道建成1个中心: one for each, so that the name says for each of what."""
    scope = draft.scope or ""
    own = any(t.name == "scope" and t.word == scope for t in draft.tokens) or item.joint in ("、", "和")
    if not own or not scope.startswith("每") or draft.indicator.startswith(scope):
        return draft
    said = tuple(e._replace(field="indicator", rule="scope") for e in draft.evidence if e.field == "scope")
    return draft._replace(indicator=scope + draft.indicator, named=(*said, *draft.named))


def _with_topic(draft: Draft, item: Item, reading: Reading) -> Draft:
    """企业诉求实行首问负责，办结率、满意率分别达到: a deed and its measure are of what the clauses before speak of."""
    if draft.scope or draft.kind == "increase" or not says_little(draft.indicator, reading.grammar):
        return draft
    topic = topic_before(reading.text, reading.sentence.start, item.start, reading.holes, reading.grammar)
    if topic is None:
        return draft
    said = Evidence("indicator", "clause-before", *topic)
    return draft._replace(indicator=clean(reading.text[slice(*topic)]) + draft.indicator, named=(said, *draft.named))


def _with_object_above(draft: Draft, item: Item, reading: Reading) -> Draft:
    """加强对重型货车的路检，打击违法行为，每年路检2万辆次: a bare deed is done to what the paragraph said before."""
    deed = reading.grammar.verbs.words.get(draft.indicator)
    if (deed is None and not SHORTEST.fullmatch(draft.indicator)) or len(draft.indicator) < 2:
        return draft
    found = object_of(draft.indicator, item.start, reading.paragraph)
    if found is None:
        return draft
    said = Evidence("indicator", "paragraph", *found)
    name = clean(reading.text[slice(*found)]) + draft.indicator
    return draft._replace(indicator=name, named=(said, *draft.named))


def _counts(quantity: Quantity, item: Item, reading: Reading) -> bool:
    """False for 每10万人, for counts of abstract parts (5个方面), and for Chinese numerals in names and set phrases."""
    text, patterns = reading.text, reading.grammar.patterns
    if text[max(item.start, quantity.start - 1) : quantity.start] == "每":
        return False
    after = text[quantity.end : quantity.end + 12]
    if quantity.dimension == "count" and patterns["descriptive"].search(after):
        return False
    if not quantity.chinese or quantity.numbers:
        return True
    opened = text.rfind("“", max(item.start - 12, 0), quantity.start)
    quoted = opened >= 0 and text.find("”", opened, quantity.start) < 0
    return not quoted and not patterns["set-phrase"].search(after)


def _keep(draft: Draft, item: Item, reading: Reading, harvest: Harvest, total: int | None) -> int | None:
    """Turn a statement into a target if it commits; else say what its number is. Gives the running total's index."""
    reason = refusal(draft, item, reading)
    if reason is not None:
        harvest.marks.put(draft.quantity, *reason)
        if draft.baseline:
            harvest.marks.put(draft.baseline, "baseline", "baseline-from")
        return total
    quantity, passage = draft.quantity, reading.passage
    when = due(reading, quantity.start, draft.kind)
    if draft.kind == "change" and YEARLY.search(reading.text, item.start, quantity.start):
        when = when._replace(cadence="annual")
    if draft.kind == "level" and any(t.word.startswith(SUMS) for t in draft.tokens):
        # 下半年新增30个，总计达60个: the sum is reached by the end.
        when = when._replace(cadence="by")
    baseline = reading.text[draft.baseline.start : draft.baseline.end] if draft.baseline else None
    index = len(harvest.targets)
    harvest.marks.claim(quantity.places, index, draft.rule)
    harvest.targets.append(
        Target(
            section=passage.section,
            indicator=draft.indicator,
            value=quantity.value,
            value_max=quantity.value_max,
            unit=quantity.unit or ("元" if quantity.dimension == "amount" else ""),
            comparator=draft.comparator,
            kind=draft.kind,
            cadence=when.cadence,
            year_start=when.year_start,
            year_end=draft.year or when.year_end,
            year_source="sentence" if draft.year else when.source,
            due_on=when.due_on,
            scope=draft.scope,
            modality=draft.modality,
            baseline=baseline,
            part_of=total if draft.of_which else None,
            start=draft.start,
            end=draft.end,
            sentence_start=reading.sentence.start,
            sentence_end=reading.sentence.end,
            confidence=draft.confidence,
            rule=draft.rule,
            evidence=_evidence(draft, when, reading, harvest),
            tokens=draft.tokens,
        )
    )
    if draft.baseline:
        harvest.marks.put(draft.baseline, "baseline", "baseline-from")
    return total if draft.of_which else index


def _evidence(draft: Draft, when: Due, reading: Reading, harvest: Harvest) -> tuple[Evidence, ...]:
    """Give the words that each field of a target was read from; of a list that is one name of it, that name."""
    named, said, dated = draft.named, draft.evidence, when.said
    if draft.rule == "respective":
        above = (e for t in reversed(harvest.targets) if t.indicator == draft.indicator for e in t.evidence)
        stretches = (*named, *(e._replace(field="indicator", rule="scope") for e in said if e.field == "scope"))
        named = trace((draft.indicator,), stretches, reading.text) or tuple(e for e in above if e.field == "indicator")
    if draft.rule == "respective-unpaired":
        said = tuple(e._replace(rule="unpaired") if e.field == "confidence" else e for e in said)
    if draft.year and draft.year_at:
        dated = (*(e for e in dated if e.field != "year_end"), Evidence("year_end", draft.rule, *draft.year_at))
    start = (Evidence("baseline", "baseline-from", draft.baseline.start, draft.baseline.end),) if draft.baseline else ()
    return (*of_value(draft.quantity), *named, *said, *dated, *start)


def _read_breakthroughs(reading: Reading, lexicon: Lexicon, harvest: Harvest) -> None:
    """Add 零的突破 as targets of value 1, at least."""
    text, sentence, passage = reading.text, reading.sentence, reading.passage
    position = sentence.start
    while position < sentence.end:
        found = [(m, r) for r in lexicon.breakthroughs.rules if (m := r.pattern.search(text, position, sentence.end))]
        if not found:
            return
        match, rule = min(found, key=lambda f: f[0].end())
        position = match.end()
        what, end = match.span("what")
        tokens, start = peel_left(text, what, end, reading.grammar.head, reading.holes)
        indicator = clean(text[start : match.end("what")])
        if not indicator or passage.factual or any(passage.facts.told(text, sentence.start, match.start())):
            continue
        when = due(reading, match.start(), "breakthrough")
        harvest.targets.append(
            Target(
                section=passage.section,
                indicator=indicator,
                value=Decimal(1),
                value_max=None,
                unit="",
                comparator=">=",
                kind="breakthrough",
                cadence=when.cadence,
                year_start=when.year_start,
                year_end=when.year_end,
                year_source=when.source,
                due_on=when.due_on,
                scope=next((t.word for t in tokens if t.name == "scope"), None),
                modality=next((t.word for t in tokens if t.name == "modality"), None),
                baseline=None,
                part_of=None,
                start=match.end("what"),
                end=match.end(),
                sentence_start=sentence.start,
                sentence_end=sentence.end,
                confidence=Decimal("0.90"),
                rule=rule.id,
                evidence=(
                    *trace((indicator,), (Evidence("indicator", "own-words", start, end),), text),
                    *_phrase_said(rule.id, match.end("what"), match.end(), tokens),
                    *when.said,
                ),
                tokens=tuple(tokens),
            )
        )


def _phrase_said(rule: str, start: int, end: int, tokens: Sequence[Token]) -> tuple[Evidence, ...]:
    """Give what a set phrase says by itself: that there will be a first, at least one."""
    peeled = (of_token("scope" if t.name == "scope" else "modality", t) for t in tokens)
    return (
        Evidence("value", rule, start, end),
        Evidence("comparator", rule, start, end),
        Evidence("kind", rule, start, end),
        Evidence("confidence", "set-phrase", start, end),
        *(found for found, t in zip(peeled, tokens, strict=True) if t.name in ("scope", "modality")),
    )
