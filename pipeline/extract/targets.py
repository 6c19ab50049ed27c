"""Find the targets of a section: read its sentences, compose statements, keep those that commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import regex

from pipeline.extract.compose import CURRENT, Breath, Draft, compose
from pipeline.extract.grammar import Grammar
from pipeline.extract.indicators import clean, expand, is_rate
from pipeline.extract.items import Item, paragraphs, sentences, split_items
from pipeline.extract.peel import peel_left
from pipeline.extract.periods import Calendar, Mention
from pipeline.extract.quantities import Quantity, find_quantities
from pipeline.extract.timing import due
from pipeline.lexicon import Lexicon
from pipeline.model.findings import NumberClass, Target
from pipeline.model.source import Problem, Span

FUTURE = regex.compile("力争|确保|争取|务求|将(?=[^，。；]{0,12}(?:达|建|新|超))|计划|预计|预期|目标")
PERFECT = regex.compile(
    "(?:达到|完成|新增|建成|实现|增长|提高|下降|降低|减少|培育|引进|提升|增加|突破|创建|争取|落实|获得|取得)了"
)
MONEY_NOUN = regex.compile(
    "产值|投资|收入|规模|额|产业|GDP|资金|基金|资产|经济|财政|税收|贷款|营收|集群|市场|增加值|总值|销售|融资|研发|营业|消费|板块|园区|企业"
)
DESCRIPTIVE = regex.compile("(?:大)?(?:方面|层面|环节|维度|等级|阶段|步骤|要素|层次|类别|部分|角度|步骤|字|关口|链条)")
NO_VERB = regex.compile("(?:分为|包括|划分为|涉及|涵盖|设有|属于|共分)$")


@dataclass(slots=True)
class Marks:
    """What the numbers of a section turned out to be: class (and target index) by the place of the numeral."""

    classes: dict[tuple[int, int], NumberClass] = field(default_factory=dict)
    targets: dict[tuple[int, int], int] = field(default_factory=dict)

    def put(self, quantity: Quantity, number_class: NumberClass) -> None:
        """Give all numerals of a quantity a class, unless they are a target's already."""
        for number in quantity.numbers or ((quantity.start, quantity.end),):
            if self.classes.get(number) != "target":
                self.classes[number] = number_class


@dataclass(frozen=True, slots=True)
class Passage:
    """What is known of the text around: section index, its time expressions, years above, whether it tells facts."""

    section: int
    mentions: tuple[Mention, ...]
    calendar: Calendar
    upper: int | None
    factual: bool
    goal: bool
    cell: bool = False


@dataclass(slots=True)
class Harvest:
    """Targets, marks and problems as they are collected over a document."""

    targets: list[Target] = field(default_factory=list)
    marks: Marks = field(default_factory=Marks)
    problems: list[Problem] = field(default_factory=list)


def read_passage(text: str, start: int, end: int, passage: Passage, busy: Sequence[tuple[int, int]],
                 grammar: Grammar, lexicon: Lexicon, harvest: Harvest) -> None:  # fmt: skip
    """Add the targets of text[start:end] to `harvest`. `busy` are the places that are explained already."""
    taken = bytearray(end - start)
    for a, b in busy:
        taken[max(a - start, 0) : max(b - start, 0)] = b"\1" * (min(b, end) - max(a, start))

    def is_busy(a: int, b: int) -> bool:
        return any(taken[a - start : b - start])

    for paragraph in paragraphs(text, start, end):
        for sentence in sentences(text, paragraph.start, paragraph.end):
            quantities = find_quantities(text, sentence.start, sentence.end, is_busy, lexicon.measures)
            _breakthroughs(text, sentence, paragraph, passage, grammar, lexicon, harvest)
            if quantities:
                _read_sentence(text, sentence, paragraph, quantities, passage, grammar, harvest)


def _read_sentence(text: str, sentence: Span, paragraph: Span, quantities: list[Quantity], passage: Passage,
                   grammar: Grammar, harvest: Harvest) -> None:  # fmt: skip
    breath = Breath()
    items = split_items(text, sentence, quantities)
    holes = [(m.period.start, m.period.end) for m in passage.mentions]
    total: int | None = None
    position = 0
    while position < len(items):
        item = items[position]
        position += 1
        if not item.quantities:
            breath.subject = text[item.start : item.end]
            if item.joint in ("；", ";"):
                breath.of_which = False
            continue
        plain = [q for q in item.quantities if _is_plain(text, q, item)]
        for quantity in item.quantities:
            harvest.marks.put(quantity, "other" if quantity in plain else "qualifier")
        item = Item(item.start, item.end, tuple(plain), item.joint)
        drafts = compose(text, item, grammar, breath, holes) if plain else []
        for quantity in breath.qualifiers:
            harvest.marks.put(quantity, "qualifier")
        if drafts and (
            paired := _respective(text, item, items[position:], drafts[-1], grammar, holes, breath, harvest, passage)
        ):
            drafts, used = paired
            position += used
        for draft in drafts:
            total = _keep(text, draft, item, sentence, paragraph, passage, grammar, harvest, total)
        if drafts:
            breath.subject = ""


def _is_plain(text: str, quantity: Quantity, item: Item) -> bool:
    """False for 每10万人 and for counts of abstract parts (5个方面)."""
    if text[max(item.start, quantity.start - 1) : quantity.start] == "每":
        return False
    return not (quantity.dimension == "count" and DESCRIPTIVE.match(text, quantity.end))


def _respective(text: str, item: Item, rest: Sequence[Item], draft: Draft, grammar: Grammar, holes: list[tuple[int, int]],
                breath: Breath, harvest: Harvest, passage: Passage) -> tuple[list[Draft], int] | None:  # fmt: skip
    """Pair the names before 分别 with the bare values that follow it; a list of other length is flagged."""
    if "分别" not in text[item.start : draft.quantity.start]:
        return None
    drafts = [draft]
    used = 0
    for following in rest:
        if len(following.quantities) != 1 or following.joint not in ("、", "和", "及", "与", "，", ",", "以及"):
            break
        quantity = following.quantities[0]
        lead = regex.sub(r"^(?:超过?|达到?|不少于|不低于|为|至|约)", "", text[following.start : quantity.start].strip())
        tail = regex.sub(r"^(?:以上|以下|以内|左右|及以上)", "", text[quantity.end : following.end].strip(" 。"))
        if lead or (tail and tail[0] not in "（("):
            break
        more = compose(
            text,
            following,
            grammar,
            Breath(kind=draft.kind, indicator=draft.indicator, scope=draft.scope, modality=draft.modality),
            holes,
        )
        if not more:
            break
        drafts.append(_like(more[0], draft))
        used += 1
    if len(drafts) == 1 and draft.kind == "increase":
        return None
    names = expand(draft.indicator, len(drafts))
    if len(drafts) == 1:
        names = next((m for n in range(6, 1, -1) if (m := expand(draft.indicator, n))), None)
        return ([_named(draft, name) for name in names], 0) if names else None
    if names is None:
        harvest.problems.append(Problem(
            "warning", "unequal_list",
            f"The names before 分别 and the {len(drafts)} values after it do not pair up; each value was given the whole list. "
            "Read the sentence and correct the rows.", item.start, drafts[-1].end,
        ))  # fmt: skip
        return [_named(d, draft.indicator, "respective-unpaired", "0.30") for d in drafts], used
    breath.noun = breath.indicator = names[-1]
    return [_named(d, name, "respective") for d, name in zip(drafts, names, strict=True)], used


def _like(draft: Draft, first: Draft) -> Draft:
    return Draft(
        first.indicator, draft.quantity, draft.comparator, first.kind, draft.start, draft.end, first.scope, first.modality,
        first.of_which, "respective", first.confidence, draft.baseline,
    )  # fmt: skip


def _named(draft: Draft, name: str, rule: str = "respective", confidence: str | None = None) -> Draft:
    return Draft(
        name, draft.quantity, draft.comparator, draft.kind, draft.start, draft.end, draft.scope, draft.modality,
        draft.of_which, rule, Decimal(confidence) if confidence else draft.confidence, draft.baseline,
    )  # fmt: skip


def _keep(text: str, draft: Draft, item: Item, sentence: Span, paragraph: Span, passage: Passage, grammar: Grammar,
          harvest: Harvest, total: int | None) -> int | None:  # fmt: skip
    """Turn a statement into a target if it commits; else say what its number is. Gives the running total's index."""
    reason = _refusal(text, draft, item, sentence, passage, grammar)
    if reason is not None:
        harvest.marks.put(draft.quantity, reason)
        return total
    when = due(draft.quantity.start, draft.kind, sentence, paragraph, passage.mentions, passage.upper, passage.calendar)
    unit = draft.quantity.unit or "元"
    index = len(harvest.targets)
    part_of = total if draft.of_which else None
    modality = draft.modality
    baseline = text[draft.baseline.start : draft.baseline.end] if draft.baseline else None
    harvest.targets.append(Target(
        passage.section, draft.indicator, draft.quantity.value, draft.quantity.value_max, unit, draft.comparator, draft.kind,
        when.cadence, when.year_start, when.year_end, when.source, when.due_on, draft.scope, modality, baseline, part_of,
        draft.start, draft.end, sentence.start, sentence.end, draft.confidence, draft.rule,
    ))  # fmt: skip
    for number in draft.quantity.numbers:
        harvest.marks.classes[number] = "target"
        harvest.marks.targets.setdefault(number, index)
    if not draft.quantity.numbers:
        harvest.marks.classes[(draft.quantity.start, draft.quantity.end)] = "target"
        harvest.marks.targets.setdefault((draft.quantity.start, draft.quantity.end), index)
    if draft.baseline:
        harvest.marks.put(draft.baseline, "baseline")
    return total if draft.of_which else index


def _refusal(
    text: str, draft: Draft, item: Item, sentence: Span, passage: Passage, grammar: Grammar
) -> NumberClass | None:
    """Give the class of a figure that does not commit (baseline, support, other), or None if it does."""
    if _is_support(text, draft, item, sentence, grammar):
        return "support"
    if _is_fact(text, draft, item, sentence, passage, grammar):
        return "baseline"
    quantity = draft.quantity
    if not draft.indicator or len(draft.indicator) > 120:
        return "other"
    if quantity.dimension == "amount" and not MONEY_NOUN.search(draft.indicator):
        return "other"
    lead = text[item.start : quantity.start]
    if NO_VERB.search(lead.strip()):
        return "other"
    background = grammar.backgrounds.at_start(text, *_trimmed(text, item))
    strong = draft.rule not in ("bare-noun", "figure-noun", "list", "place-figure-verb")
    if background and not (strong and draft.rule != "carried"):
        return "other"
    if quantity.dimension in ("time", "age") and (not strong or draft.rule == "verb-noun-figure"):
        return "date" if quantity.unit == "年" else "other"
    if strong or draft.rule == "list":
        return "other" if quantity.chinese and draft.rule not in STATED and not quantity.numbers else None
    if draft.rule == "bare-noun":
        weak = not (
            passage.cell
            or passage.goal
            or is_rate(draft.indicator, grammar)
            or _has_deadline(sentence, passage, quantity.start)
        )
        return "other" if weak or quantity.chinese else None
    if draft.rule == "figure-noun":
        verb = draft.kind == "increase" or quantity.dimension in ("share", "points")
        if quantity.chinese and not _verb_before(text, item, quantity, grammar):
            return "other"
        return (
            None
            if verb or _verb_before(text, item, quantity, grammar) or _has_deadline(sentence, passage, quantity.start)
            else "other"
        )
    return None


STATED = frozenset(("verb-noun-figure", "noun-verb-figure", "level-verb", "change-verb", "cumulative", "increase-verb"))


def _trimmed(text: str, item: Item) -> tuple[int, int]:
    start = item.start
    while start < item.end and text[start] in " 　、，,\n\t":
        start += 1
    return start, item.end


def _verb_before(text: str, item: Item, quantity: Quantity, grammar: Grammar) -> bool:
    token = grammar.verbs.at_end(text, item.start, quantity.start) or grammar.causatives.at_end(
        text, item.start, quantity.start
    )
    before = grammar.before_figure.at_end(text, item.start, quantity.start)
    return token is not None or (before is not None and before.name.startswith("comparator"))


def _has_deadline(sentence: Span, passage: Passage, position: int) -> bool:
    return any(sentence.start <= m.period.start < position for m in passage.mentions)


def _is_support(text: str, draft: Draft, item: Item, sentence: Span, grammar: Grammar) -> bool:
    """Money, shares and terms promised or set to single recipients: 给予最高1000万元支持, 补贴30%."""
    if draft.quantity.dimension not in ("money", "share", "points", "time", "ratio", "amount", "age"):
        return False
    start = max(text.rfind(mark, sentence.start, draft.quantity.start) for mark in "；;") + 1
    before = text[max(start, sentence.start) : draft.quantity.start]
    after = text[draft.quantity.end : draft.quantity.end + 12]
    if regex.search(r"(?:最高|不超过)[^，。；]{0,6}$", before) and draft.quantity.dimension == "money":
        return True
    return bool(grammar.support.search(before)) or bool(
        regex.match(
            r"(?:以[上下内])?的?(?:[^，。；\d]{0,6})(?:补助|补贴|奖励|奖补|资助|贴息|支持(?!的)|减免|比例给予|标准给予)",
            after,
        )
    )


def _is_fact(text: str, draft: Draft, item: Item, sentence: Span, passage: Passage, grammar: Grammar) -> bool:
    """True where the figure is told as reached: a past year, 已, 目前, or a section on the state of things."""
    position = draft.quantity.start
    calendar = passage.calendar
    base = calendar.plan_start or calendar.issued_year
    noted = [m.span() for m in CURRENT.finditer(text, sentence.start, sentence.end)]
    past = max(
        (
            m.end()
            for m in grammar.fact.finditer(text, sentence.start, position)
            if not any(a < m.start() < b for a, b in noted)
        ),
        default=-1,
    )
    past = max(past, max((m.end() for m in PERFECT.finditer(text, item.start, position)), default=-1))
    future = -1
    for mention in passage.mentions:
        if not sentence.start <= mention.period.start < position:
            continue
        if mention.year is not None and base is not None and mention.year < base:
            past = max(past, mention.period.end)
        elif mention.year is not None or mention.word in ("recurring", "duration"):
            future = max(future, mention.period.end)
    future = max(future, max((m.end() for m in FUTURE.finditer(text, sentence.start, position)), default=-1))
    if past >= 0 or passage.factual:
        return past > future or (passage.factual and future < 0)
    return False


def _breakthroughs(text: str, sentence: Span, paragraph: Span, passage: Passage, grammar: Grammar, lexicon: Lexicon,
                   harvest: Harvest) -> None:  # fmt: skip
    """Add 零的突破 as targets of value 1, at least."""
    position = sentence.start
    while position < sentence.end:
        found = [(m, r) for r in lexicon.breakthroughs.rules if (m := r.pattern.search(text, position, sentence.end))]
        if not found:
            return
        match, rule = min(found, key=lambda f: f[0].end())
        position = match.end()
        start, end = match.span("what")
        holes = [(m.period.start, m.period.end) for m in passage.mentions]
        tokens, start = peel_left(text, start, end, grammar.head, holes)
        scope = next((t.word for t in tokens if t.name == "scope"), None)
        indicator = clean(text[start:end])
        past = grammar.fact.search(text, sentence.start, match.start())
        if not indicator or past or passage.factual:
            continue
        when = due(
            match.start(), "breakthrough", sentence, paragraph, passage.mentions, passage.upper, passage.calendar
        )
        quote_start = match.end("what")
        harvest.targets.append(Target(
            passage.section, indicator, Decimal(1), None, "", ">=", "breakthrough", when.cadence, when.year_start, when.year_end,
            when.source, when.due_on, scope, None, None, None, quote_start, match.end(), sentence.start, sentence.end,
            Decimal("0.90"), rule.id,
        ))  # fmt: skip
