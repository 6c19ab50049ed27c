"""Judge whether a statement of a figure commits: facts, help to single recipients and descriptions do not."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

import regex

from pipeline.extract.grammar import Grammar
from pipeline.extract.indicators import is_rate
from pipeline.extract.items import Item
from pipeline.extract.kinds import does_inside
from pipeline.extract.quantities import Quantity
from pipeline.extract.reading import Clause, Paragraph, Place, Reading
from pipeline.extract.statements import Draft
from pipeline.model.findings import NumberClass

# Rules that rest on a verb or comparator of the item's own; the others need support from around.
WEAK = frozenset(("bare-noun", "figure-noun", "list", "place-figure-verb"))
STATED = frozenset(
    ("verb-noun-figure", "noun-verb-figure", "level-verb", "change-verb", "cumulative", "increase-verb", "doubling")
)
HELP_DIMENSIONS = frozenset(("money", "share", "points", "time", "ratio", "amount", "age"))
LONGEST_INDICATOR = 120
# 甲率、乙率均达到90% says of each what 达到 says.
SAID = STATED | {"each", "respective"}
REACHES = ("覆盖面", "覆盖率", "满意率", "满意度", "知晓率", "发放率", "兑现率", "到位率", "参保率", "获得率")
# What is measured in points; other points are given in an assessment.
SCORED = ("满意度", "安全感", "幸福感", "获得感", "指数", "得分", "评分", "评价", "成绩", "认可度", "知晓度")
NO_NAME = re.compile("(?:将|按|对|其中|对其中|共|计|共计|约|则|并|且|也|的)*")
CLAUSE_BREAK = re.compile("[；;]")
CLAUSE_END = re.compile("[，,；;。]")


def refusal(draft: Draft, item: Item, reading: Reading) -> tuple[NumberClass, str] | None:
    """Give the class of a figure that does not commit (baseline, support, other, date) and why; None if it does."""
    if (rule := help_rule(draft, item, reading)) is not None:
        return "support", rule
    if (reason := _said_by_clause(draft, item, reading)) is not None:
        return reason
    if is_told(draft, reading):
        return "baseline", "told"
    return _lacking(draft, item, reading)


def _said_by_clause(draft: Draft, item: Item, reading: Reading) -> tuple[NumberClass, str] | None:
    """Give the class of a figure in a clause that helps, sets conditions, bounds an area or forecasts."""
    text, patterns, place = reading.text, reading.grammar.patterns, draft.quantity.start
    start = _clause_start(text, reading.sentence.start, place)
    stop = CLAUSE_BREAK.search(text, draft.end, reading.sentence.end)
    clause = _clause(reading, start, stop.start() if stop else reading.sentence.end)
    if clause.recipient is not None and clause.recipient[0] <= place < clause.recipient[1]:
        return "support", "recipient"
    comma = CLAUSE_END.search(text, draft.end, reading.sentence.end)
    told = text[start : comma.end() + 1 if comma else draft.end]
    if patterns["conditional"].search(told) and patterns["condition"].search(told):
        return "support", "condition"
    if patterns["uniform-rule"].search(text, item.start, place):
        return "support", "uniform-rule"
    if clause.threshold and not reading.passage.goal:
        return "support", "threshold-sentence"
    if clause.area and draft.kind == "level":
        return "other", "bounds-of-area"
    if clause.within is not None and clause.within[0] <= place < clause.within[1]:
        return "other", "within-places"
    return ("other", "forecast") if clause.forecast else None


def _clause(reading: Reading, start: int, end: int) -> Clause:
    """Give what a clause says of all figures in it; it is read once."""
    if (known := reading.clauses.get((start, end))) is not None:
        return known
    words, patterns = reading.text[start:end], reading.grammar.patterns
    recipient, within = patterns["recipient"].search(words), patterns["within-places"].search(words)
    clause = reading.clauses[start, end] = Clause(
        (start + recipient.start("who"), start + recipient.end("who")) if recipient else None,
        (start + within.start("where"), start + within.end("where")) if within else None,
        patterns["threshold-sentence"].search(words) is not None,
        patterns["bounds-of-area"].search(words) is not None,
        patterns["forecast"].search(words) is not None,
    )
    return clause


def _clause_start(text: str, start: int, end: int) -> int:
    """Give where the clause (up to ；) begins that text[start:end] closes with."""
    return max(start, text.rfind("；", start, end) + 1, text.rfind(";", start, end) + 1)


def _lacking(draft: Draft, item: Item, reading: Reading) -> tuple[NumberClass, str] | None:
    """Give the class of a figure whose name, measure or wording says too little for a commitment."""
    if len(draft.indicator) > LONGEST_INDICATOR or NO_NAME.fullmatch(draft.indicator):
        return "other", "no-name"
    if draft.comparator in (">", ">=") and reading.grammar.patterns["single-unit"].search(draft.indicator):
        return "qualifier", "single-unit"
    if reading.grammar.patterns["nature-of-place"].search(draft.indicator):
        return "other", "nature-of-place"
    if _is_scene(draft, item, reading):
        return "other", "scene"
    if draft.describes and not draft.chained and not _is_set(draft, reading):
        return "baseline", "describes"
    strong = draft.rule not in WEAK
    quantity = draft.quantity
    index = is_rate(draft.indicator, reading.grammar) or draft.indicator.endswith(("比", "指数", "系数"))
    if quantity.dimension == "bare" and not (strong and index):
        return "other", "no-measure"
    if quantity.dimension == "score" and not draft.indicator.endswith(SCORED):
        return "other", "score"
    if quantity.dimension in ("time", "age") and (draft.rule == "promise" or is_rate(draft.indicator, reading.grammar)):
        return None
    counted = draft.rule == "cumulative" and draft.comparator == "="
    if quantity.dimension in ("time", "age") and (not strong or counted or draft.rule == "verb-noun-figure"):
        dated = quantity.unit in ("年", "个月", "月", "天", "日", "周")
        return "date" if dated else "other", "time-span"
    if strong or draft.rule == "list":
        in_words = quantity.chinese and not quantity.numbers and quantity.unit != "番"
        share = quantity.dimension == "share" and draft.rule.startswith(("figure-noun", "share"))
        said = share or draft.rule in STATED or draft.kind == "rank" or (draft.backed and draft.kind == "increase")
        return ("other", "numeral-in-words") if in_words and not said else None
    return None if _has_support(draft, item, reading) else ("other", "no-support")


def counted_in_title(quantity: Quantity, reading: Reading) -> bool:
    """True for the number in brackets behind the words of a heading: 2.虚拟电厂（150个）."""
    text, title = reading.text, reading.passage.title
    if title is None or quantity.dimension != "count" or not title[0] < quantity.start < title[1]:
        return False
    return text[quantity.start - 1] in "（(" and text[quantity.end : quantity.end + 1] in ("）", ")")


def _is_scene(draft: Draft, item: Item, reading: Reading) -> bool:
    """True where the figure only sets the scene: 围绕3条产业链; 平台分为4类; an amount of nothing that has one."""
    grammar, quantity = reading.grammar, draft.quantity
    if quantity.dimension == "amount" and not grammar.patterns["money-noun"].search(draft.indicator):
        return True
    lead = reading.text[item.start : quantity.start].strip(" 　、，,\n\t")
    if not lead:
        return False
    if grammar.patterns["divides"].search(lead) or grammar.patterns["toward"].search(lead):
        return True
    opening = grammar.backgrounds.at_start(lead, 0, len(lead))
    if opening is None:
        return False
    deed = grammar.verbs.at_end(lead, opening.end, len(lead))
    if deed is not None and deed.start - opening.end > 1:
        # 面向高校设立50个岗位: for whom, then the deed.
        return False
    weak = draft.rule in WEAK or draft.rule == "carried"
    return weak and not does_inside(lead, grammar)


def _is_set(draft: Draft, reading: Reading) -> bool:
    """True where something says that a figure is aimed at: goals, a cell, a deadline, a modality, a bound."""
    passage = reading.passage
    return (
        passage.cell
        or passage.goal
        or _is_dated(draft.quantity, reading)
        or _one_by_one(draft)
        or draft.modality is not None
        or draft.comparator != "="
    )


def _is_dated(quantity: Quantity, reading: Reading) -> bool:
    """True where the sentence names a time before the figure."""
    return bool(reading.inside) and reading.inside[0].period.start < quantity.start


def _one_by_one(draft: Draft) -> bool:
    """每个行政村有1个活动站点 sets what each has to have."""
    return any(t.name == "scope" and t.value == "each" for t in draft.tokens)


def _has_support(draft: Draft, item: Item, reading: Reading) -> bool:
    """A bare noun or a figure before its noun commits in goals and table cells, under a deadline, or after a verb."""
    quantity, passage = draft.quantity, reading.passage
    deadline = _is_dated(quantity, reading)
    in_words = quantity.chinese and not quantity.numbers
    if draft.rule == "bare-noun":
        rate = is_rate(draft.indicator, reading.grammar)
        per_head = reading.grammar.patterns["per-head"].search(draft.indicator) is not None
        meant = draft.modality is not None and reading.text.endswith(draft.modality, 0, quantity.start)
        whole = quantity.dimension == "share" and quantity.value == 100
        bounded = meant or draft.modality is not None or (rate and whole)
        bounded = bounded or (rate and (draft.comparator != "=" or draft.chained or per_head))
        return not in_words and (passage.cell or passage.goal or deadline or bounded)
    if draft.rule == "figure-noun":
        verb = _verb_before(item, quantity, reading)
        if in_words:
            # 培育三家上市企业、五个省级品牌: the verb of the first is that of the list.
            return verb or (draft.backed and draft.kind == "increase" and item.joint in ("、", "和", "及", "与"))
        bound = draft.comparator in (">=", "<=") or _one_by_one(draft)
        return verb or deadline or bound or draft.kind == "increase" or quantity.dimension in ("share", "points")
    return True


def _verb_before(item: Item, quantity: Quantity, reading: Reading) -> bool:
    grammar, text = reading.grammar, reading.text
    if grammar.verbs.at_end(text, item.start, quantity.start) or grammar.causatives.at_end(
        text, item.start, quantity.start
    ):
        return True
    before = grammar.before_figure.at_end(text, item.start, quantity.start)
    return before is not None and before.name.startswith("comparator")


def help_rule(draft: Draft, item: Item, reading: Reading) -> str | None:
    """Give the rule by which money, shares or a term are promised or set to single recipients; else None.

    给予最高1000万元支持 is ceiling-of-help, 补贴30% support.
    """
    quantity, text, grammar = draft.quantity, reading.text, reading.grammar
    if quantity.dimension not in HELP_DIMENSIONS:
        return None
    before = text[_clause_start(text, reading.sentence.start, quantity.start) : quantity.start]
    if quantity.dimension == "money":
        for rule in ("ceiling-of-help", "own-cost"):
            if grammar.patterns[rule].search(before):
                return rule
    if quantity.dimension == "money" and any(
        word in text[quantity.start - 10 : quantity.start] for word in grammar.funding
    ):
        return "support" if grammar.support.search(before) else None
    clause_end = CLAUSE_END.search(text, quantity.end, reading.sentence.end)
    opening = max(text.rfind(mark, reading.sentence.start, quantity.start) for mark in "，；,;") + 1
    if grammar.patterns["by-ratio"].search(
        text, max(opening, reading.sentence.start), clause_end.start() if clause_end else reading.sentence.end
    ):
        return "by-ratio"
    after = text[quantity.end : quantity.end + 12]
    if quantity.dimension == "share" and draft.rule in SAID and draft.indicator.endswith(REACHES):
        # 授信覆盖面达到95%: how far the help reaches, not what one recipient gets.
        before = text[item.start : min((e.start for e in draft.named), default=quantity.start)]
    if quantity.dimension == "time" and draft.indicator.endswith(("时间", "周期", "时长", "时限", "期限")):
        # 平均审理周期不超过75天 is measured of the plan's own work, whatever an item before it awards.
        before = text[item.start : quantity.start]
    if (
        draft.rule in SAID
        and (quantity.dimension == "money" or is_rate(draft.indicator, grammar))
        and not _helps(draft, item, text, grammar)
    ):
        # 落实贴息政策，完成设备投资60亿元: the help stands in another item, this one states a deed or rate of its own.
        return None
    if grammar.support.search(before):
        return "support"
    return "help-follows" if grammar.patterns["help-follows"].search(after) else None


def _helps(draft: Draft, item: Item, text: str, grammar: Grammar) -> bool:
    """True where the item speaks of help; a rate that only has such a word in its name is none: 护理补贴覆盖率."""
    named = is_rate(draft.indicator, grammar) and grammar.patterns["rate-of-help"].search(draft.indicator) is None
    places = [(e.start, e.end) for e in draft.named] if named else []
    found = grammar.support.finditer(text, item.start, item.end)
    return any(not any(start <= m.start() < end for start, end in places) for m in found)


def is_told(draft: Draft, reading: Reading) -> bool:
    """True where the figure is told as reached: a past year, 已, 目前, or a section on the state of things.

    What stands nearest before the figure decides: 已建成5家，到2025年达到10家 tells the first and promises the second.
    """
    text, sentence, passage = reading.text, reading.sentence, reading.passage
    position = draft.quantity.start
    base = passage.calendar.plan_start or passage.calendar.issued_year
    notes = reading.notes
    past = -1
    for match in passage.facts.told(text, sentence.start, position):
        if not any(a < match.start() < b for a, b in notes):
            past = match.end()
    future = _last(reading.grammar.patterns["future"], text, sentence.start, position)
    for mention in reading.inside:
        if mention.period.start >= position:
            break
        if any(a < mention.period.start < b and not a < position < b for a, b in notes):
            continue
        if mention.year is not None and base is not None and mention.year < base:
            past = max(past, mention.period.end)
        elif passage.factual and mention.word == "duration":
            continue
        elif mention.year is not None or mention.word == "duration":
            future = max(future, mention.period.end)
    if passage.factual:
        return past > future or future < 0
    if past < 0 and future < 0 and draft.kind in ("level", "change") and base is not None:
        earlier = _last_year(reading.paragraph, notes, position)
        return earlier is not None and earlier < base
    # 今年上半年 is a time and tells what was: where one expression is both, it tells.
    return past >= 0 and past >= future


def _last_year(paragraph: Paragraph, notes: Sequence[Place], position: int) -> int | None:
    """Give the year that the paragraph names last before `position`, none in a note on a present value."""
    stop = bisect_left(paragraph.near, position, key=lambda mention: mention.period.start)
    for mention in reversed(paragraph.near[:stop]):
        start = mention.period.start
        if mention.year and not any(a < start < b for a, b in (*notes, *paragraph.notes)):
            return mention.year
    return None


def _last(pattern: regex.Pattern[str], text: str, start: int, end: int) -> int:
    last = -1
    for match in pattern.finditer(text, start, end):
        last = match.end()
    return last
