"""Take an item apart around one figure: the words peeled on either side, the noun between them, what follows."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.extract.deeds import leading_verbs
from pipeline.extract.grammar import Grammar
from pipeline.extract.indicators import clean
from pipeline.extract.peel import Token, peel_left, peel_right
from pipeline.extract.quantities import Quantity
from pipeline.extract.statements import Parts, Place
from pipeline.extract.subjects import (
    LONGEST_SUBJECT,
    Noun,
    each_of,
    each_token,
    past_means,
    time_inside,
    who_acts,
    with_subject,
)
from pipeline.quick.classes import NamedTuple
from pipeline.quick.pattern import pattern

BRACKET = pattern(r"[（(][^（）()]*[)）]")
# 站点20个（含医疗站点5个、物流站点9个）: the bracket opens before the first part and closes behind the last.
NOTE_OPENS = pattern("[（(](?:其中)?(?:含|包括|包含)?[：:]?(?![^（）()]*[)）])")
# 1个多功能运动场: 多 belongs to the noun, it is no bound.
MANY_SIDED = pattern("多(?:功能|媒体|元|层|级|部门|方|样|渠道|式联运|学科|语种|场景|层次|领域|业态|网|规)")
OPENERS = {"“": "”", "「": "」", "『": "』"}


class Head(NamedTuple):
    """The words peeled off the head of an item, and where the noun starts behind them.

    `subject` with its place `subject_at` is what stands before a time expression in the noun; None where there is none.
    """

    left: list[Token]
    core_start: int
    subject: str
    subject_at: Place | None


def take_apart(text: str, start: int, quantity: Quantity, end: int, grammar: Grammar, holes: Sequence[Place]) -> Parts:
    """Peel the words around `quantity` off the item text[start:end]."""
    if text[start] in "（(" and (opened := NOTE_OPENS.match(text, start, quantity.start)):
        start = opened.end()
    start = past_means(text, start, quantity, grammar)
    start, who, who_at = each_of(text, start, quantity, end, grammar)
    behind = text[quantity.end : end].rstrip("。；")
    right, core_end = _before_figure(text, start, quantity, behind, grammar, holes)
    left, core_start, subject, subject_at = _head(text, start, core_end, behind, grammar, holes)
    core, bound = _of_another(text, clean(text[core_start:core_end]), core_start, quantity, grammar)
    right += bound
    noun = Noun(core, (core_start, core_end), who, who_at)
    if subject_at is not None:
        if not core and _acts(right, behind, grammar):
            noun = who_acts(noun, subject, subject_at)
        elif len(subject) <= LONGEST_SUBJECT:
            noun = with_subject(noun, subject, subject_at, quantity, grammar)
    if (each := each_token(text, noun.who, noun.who_at)) is not None:
        left.insert(0, each)
    after, after_at, rest_start = _after(text, quantity.end, end, grammar)
    rest = text[rest_start:end].strip()
    rest = "" if rest.startswith(("、", "，")) else rest
    elided = text[core_start:core_end].rstrip().endswith("的")
    return Parts(
        tuple(left), tuple(right), noun.core, _first_bound(right, quantity), after_at[1], rest, after,
        _nearest_deed(left, right), noun.at, (rest_start, end), after_at, elided,
    )  # fmt: skip


def _head(text: str, start: int, end: int, behind: str, grammar: Grammar, holes: Sequence[Place]) -> Head:
    """Peel the words off the head of text[start:end]; `behind` is what stands behind its figure."""
    left, first = peel_left(text, start, end, grammar.head, holes)
    verbs, start = leading_verbs(text, first, end, grammar, holes)
    left += verbs
    opening, stop = start, start
    inner = time_inside(text, start, end, grammar, holes) if holes else None
    subject = clean(text[start : inner[0]]) if inner else ""
    if inner and len(subject) <= LONGEST_SUBJECT:
        more, start = peel_left(text, inner[0], end, grammar.head, holes)
        left += more
    if start != first:
        # Else the verbs are those that stand there already.
        verbs, stop = leading_verbs(text, start, end, grammar, holes)
    if stop > start or verbs:
        led = any(t.name == "increase" for t in left) and not grammar.patterns["bound-behind"].sub("", behind)
        if stop < end or not led or clean(text[start:end]) in grammar.verbs.words:
            # 新增直接融资3亿元: what would be all deed is the noun; 认定启动3个项目 has its noun behind.
            left, start = [*left, *verbs], stop
    more, start = _inside_quotation(text, start, end, grammar, holes)
    left += more
    return Head(left, start, subject, (opening, inner[0]) if inner else None)


def _acts(right: Sequence[Token], behind: str, grammar: Grammar) -> bool:
    """True where a verb of doing stands before a figure, and its noun behind: 开展1次暗访."""
    if len(behind) < 2 or not any(t.name == "increase" for t in right):
        return False
    return grammar.comparators_after.at_start(behind, 0, len(behind)) is None


def _nearest_deed(left: Sequence[Token], right: Sequence[Token]) -> Token | None:
    """Give the verb of doing: on the left the nearest to the noun, else one beside the figure."""
    for token in (*left[::-1], *right):
        if token.name == "increase":
            return token
    return None


def _first_bound(right: Sequence[Token], quantity: Quantity) -> int:
    """Give where a figure starts with the bounds before it."""
    # From right to left: the last is the first in the text.
    return min([t.start for t in right if t.name.startswith("comparator")], default=quantity.start)


def _before_figure(
    text: str, start: int, quantity: Quantity, behind: str, grammar: Grammar, holes: Sequence[tuple[int, int]]
) -> tuple[list[Token], int]:
    """Peel verbs, bounds and times off the right end of what stands before a figure; give them and the noun's end."""
    right, core_end = peel_right(text, start, quantity.start, grammar.before_figure, holes)
    if not right:
        return right, core_end
    if grammar.patterns["goal-tail"].search(behind) or not grammar.patterns["verb-opens-rest"].search(behind):
        right, core_end = _keep_named_verbs(right, core_end, grammar)
    if quantity.dimension == "count" and _is_work(text, start, right, behind, grammar):
        right, core_end = [], right[0].end
    return right, core_end


def _keep_named_verbs(right: list[Token], core_end: int, grammar: Grammar) -> tuple[list[Token], int]:
    """Leave a verb that names what is done (入库, 改造) in the noun; take off those that only add (新增, 净增)."""
    for number, token in enumerate(right):
        if token.name == "increase" and (token.word in grammar.kept or not token.word.startswith(grammar.adding)):
            return [*right[:number], token], token.end
    return right, core_end


def with_noun_before(
    text: str, start: int, end: int, parts: Parts, grammar: Grammar, holes: Sequence[tuple[int, int]]
) -> Parts:
    """Give `parts` with the noun text[start:end] before a present value: 企业 + 由2022年的1万家增至2万家."""
    left, core_start = peel_left(text, start, end, grammar.head, holes)
    verbs, core_start = leading_verbs(text, core_start, end, grammar, holes)
    verb = next((t for t in (*reversed(verbs), *left, *parts.right) if t.name == "increase"), None)
    return parts._replace(
        left=(*left, *verbs),
        core=clean(text[core_start:end]),
        core_at=(core_start, end),
        verb=verb,
    )


def _is_work(text: str, start: int, right: Sequence[Token], behind: str, grammar: Grammar) -> bool:
    """完成慢行提升26处, 慢行提升26个点位: the work is called so, nothing is raised by 26."""
    if not right or right[0].name != "change" or right[0].value != "up":
        return False
    done = "完成" in text[start : right[0].start]
    return done or grammar.patterns["improved-thing"].match(behind) is not None


def _inside_quotation(
    text: str, start: int, end: int, grammar: Grammar, holes: Sequence[tuple[int, int]]
) -> tuple[list[Token], int]:
    """Step over a quotation mark or bracket that the noun opens and does not close, and peel what stands behind it."""
    if text[start:end].isalnum():
        return [], start
    core = clean(text[start:end])
    if core[:1] not in OPENERS or OPENERS[core[0]] in core:
        return [], start
    more, start = peel_left(text, text.index(core[0], start) + 1, end, grammar.head, holes)
    verbs, start = leading_verbs(text, start, end, grammar, holes)
    return [*more, *verbs], start


def _longest_over(core: str, place: int, grammar: Grammar) -> Token | None:
    """Give the word that holds the one at `place`: 不低于, not 低于."""
    token = grammar.before_figure.at_start(core, place, len(core))
    for start in range(place - 1, max(place - 4, 1), -1):
        longer = grammar.before_figure.at_start(core, start, len(core)) if token is not None else None
        token = longer if token is not None and longer is not None and longer.end >= token.end else token
    return token


def _of_another(text: str, core: str, core_start: int, quantity: Quantity, grammar: Grammar) -> tuple[str, list[Token]]:
    """甲不低于乙的60% is a share of 乙: gives 甲占乙 and the bound between the two.

    Of 提高占比至60% it gives 占比 and its verb 提高.
    """
    last = text[quantity.start - 1]
    if last not in "至到的":
        return core, []
    raised = grammar.before_figure.at_start(core, 0, len(core)) if last in "至到" else None
    if raised is not None and raised.name == "change":
        # 提高占比至60%
        bounds = [Token("level", "=", raised.word, core_start, core_start + raised.end)]
        return clean(core[raised.end :]), bounds
    if quantity.dimension != "share" or last != "的":
        return core, []
    for place in range(len(core) - 2, 1, -1):
        token = _longest_over(core, place, grammar)
        if token is not None and token.name in ("comparator_before", "level") and token.word != "有":
            if "占" in token.word or "占" in core[: token.start]:
                return core, []
            place = token.start
            found = text.find(token.word, core_start, quantity.start)
            bounds = [token._replace(start=found, end=found + len(token.word))]
            part = grammar.patterns["hedge"].sub("", clean(core[:place]))
            if part.endswith("均"):
                part = part[:-1]
                bounds.append(Token("adverb", "each", "均", found - 1, found))
            return f"{part}占{clean(core[token.end :])}", bounds
    return core, []


def _after(text: str, start: int, end: int, grammar: Grammar) -> tuple[str, Place, int]:
    """Read what follows a figure: its bound (以上, 左右) with its place, and where the rest starts, past a bracket."""
    after, after_end = "", start
    while (token := grammar.comparators_after.at_start(text, after_end, end)) is not None:
        if MANY_SIDED.match(text, token.start):
            break
        after, after_end = token.value, token.end
        if token.value != ">":
            break
    bracket = BRACKET.match(text, after_end, end) if text[after_end : after_end + 1] in ("（", "(") else None
    if bracket is None:
        return after, (start, after_end), after_end
    token = grammar.comparators_after.at_start(text, bracket.end(), end)
    if token is None:
        return after, (start, after_end), bracket.end()
    return token.value, (token.start, token.end), token.end
