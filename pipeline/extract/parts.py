"""Take an item apart around one figure: the words peeled on either side, the noun between them, what follows."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pipeline.extract.grammar import Grammar
from pipeline.extract.indicators import clean, is_rate
from pipeline.extract.peel import VERB_JOINTS, Token, peel_left, peel_right, trim
from pipeline.extract.quantities import Quantity
from pipeline.model.findings import Comparator, Evidence, TargetKind
from pipeline.quick.classes import NamedTuple, dataclass, field
from pipeline.quick.pattern import pattern

BRACKET = pattern(r"[（(][^（）()]*[)）]")
# 建成（含改造）变电站19座, 新种（补种）行道树200株
INCLUDING = pattern("[（(](?:(?:含|包括|其中)[^（）()]{1,12}|[新补改扩重续增更翻][建种植造增修设换])[)）]")
LONGEST_SUBJECT = 10
# 面向海内外引进: whom the deed is for, and what is left to count, have this many characters at least.
SHORTEST_WHOM = 4
SHARES = ("占比", "比例", "比重", "率")
# 站点20个（含医疗站点5个、物流站点9个）: the bracket opens before the first part and closes behind the last.
NOTE_OPENS = pattern("[（(](?:其中)?(?:含|包括|包含)?[：:]?(?![^（）()]*[)）])")
# 1个多功能运动场: 多 belongs to the noun, it is no bound.
MANY_SIDED = pattern("多(?:功能|媒体|元|层|级|部门|方|样|渠道|式联运|学科|语种|场景|层次|领域|业态|网|规)")
# 遴选数字化服务商, 轮训规模以上企业负责人: a noun of its own, not the second half of 遴选数, 轮训规模.
OWN_NOUN = pattern("数[字据智控学]|量子|总部|规模(?:以上|化)|标准[化厂]|质量[管分标]|时间(?:银行|轴)")
# 培训企业主要负责人: those trained, not 培训企业.
PEOPLE_OF = pattern(
    "(?:企业|机构|单位|部门|基地|项目)(?:主要|法定|从业|一线)?(?:负责人|管理人员|职工|员工|人员|经营者|带头人|骨干)"
)
OPENERS = {"“": "”", "「": "」", "『": "』"}
Place = tuple[int, int]


class Draft(NamedTuple):
    """A statement of a figure, before it is known whether it commits and when it is due.

    `named` are the words of its indicator, `evidence` those of what else it says, `year_at` those of `year`.
    """

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
    backed: bool = False
    describes: bool = False
    year_at: Place | None = None
    evidence: tuple[Evidence, ...] = ()
    named: tuple[Evidence, ...] = ()
    tokens: tuple[Token, ...] = ()


@dataclass(slots=True)
class Breath:
    """What one item of a sentence hands on to the next.

    `said` holds the words that gave kind, scope, modality and 其中, `named` those of the indicator; `measure` is the
    indicator without the area that it was last told for, `total` that of a figure whose parts stand in the bracket
    behind it, `headed` what stands before a colon, `whole` the last that is no part after 其中, `counted` the last in
    each measure; `years` are those that a list has gone over.
    """

    kind: TargetKind | None = None
    noun: str | None = None
    indicator: str | None = None
    unit: str = ""
    kept: bool = False
    subject: str = ""
    scope: str | None = None
    modality: str | None = None
    of_which: bool = False
    qualifiers: list[Quantity] = field(default_factory=list)
    baseline: Quantity | None = None
    label: str | None = None
    measure: str = ""
    headed: str = ""
    total: str = ""
    whole: str | None = None
    whole_unit: str = ""
    counted: dict[str, str] = field(default_factory=dict)
    opened: bool = False
    years: tuple[tuple[int, Place], ...] = ()
    subject_at: Place | None = None
    label_at: Place | None = None
    named: tuple[Evidence, ...] = ()
    said: dict[str, Evidence] = field(default_factory=dict)


class Parts(NamedTuple):
    """An item taken apart around one figure: peeled words, the noun between them, and what follows the figure.

    `core_at`, `rest_at`, `after_at` are the places of the noun, the rest and the bound after the figure. `elided` marks
    a noun left out after 的: 其中营收超10亿元的8家.
    """

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
    core_at: Place
    rest_at: Place
    after_at: Place
    elided: bool = False

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
    if text[start] in "（(" and (opened := NOTE_OPENS.match(text, start, quantity.start)):
        start = opened.end()
    start = _past_means(text, start, quantity, grammar)
    start, who, who_at = _each_of(text, start, quantity, end, grammar)
    behind = text[quantity.end : end].rstrip("。；")
    right, core_end = _before_figure(text, start, quantity, behind, grammar, holes)
    left, core_start = peel_left(text, start, core_end, grammar.head, holes)
    verbs, core_start = _verbs(text, core_start, core_end, grammar, holes)
    left += verbs
    opening = core_start
    inner = (
        next((h for h in holes if core_start < h[0] and _parts_name(text, h, core_end, grammar)), None)
        if holes
        else None
    )
    subject = clean(text[core_start : inner[0]]) if inner else ""
    if inner and len(subject) <= LONGEST_SUBJECT:
        more, core_start = peel_left(text, inner[0], core_end, grammar.head, holes)
        left += more
    verbs, stop = _verbs(text, core_start, core_end, grammar, holes)
    if stop > core_start or verbs:
        led = any(t.name == "increase" for t in left) and not grammar.patterns["bound-behind"].sub("", behind)
        if stop < core_end or not led or clean(text[core_start:core_end]) in grammar.verbs.words:
            # 新增直接融资3亿元: what would be all deed is the noun; 认定启动3个项目 has its noun behind.
            left, core_start = [*left, *verbs], stop
    more, core_start = _inside_quotation(text, core_start, core_end, grammar, holes)
    left += more
    core, bound = _of_another(text, clean(text[core_start:core_end]), core_start, quantity, grammar)
    right += bound
    core_at = (core_start, core_end)
    acts = inner and not core and any(t.name == "increase" for t in right) and len(behind) > 1
    if acts:
        # 市安委办每季度至少开展1次暗访: who does it; what is done stands behind the figure.
        acts = grammar.comparators_after.at_start(behind, 0, len(behind)) is None
    if inner and acts:
        who, who_at = who or subject, who_at if who else (opening, inner[0])
    elif inner and len(subject) <= LONGEST_SUBJECT:
        # 镇街板块每年净增企业80家: the subject is who; 太阳能2025年累计装机20GW: it is part of what is counted.
        subject_at = (opening, inner[0])
        who_at = who_at if who or not core else subject_at
        core_at = core_at if core else subject_at
        measured = quantity.dimension == "share" and is_rate(core, grammar)
        if core and (
            measured
            or grammar.patterns["done-wholesale"].search(core)
            or grammar.patterns["part-of-place"].fullmatch(subject)
        ):
            # 城镇年均新增就业人数, 仲裁年均结案率: which employment and which rate, not who.
            core, core_at, subject = subject + core, (opening, core_end), ""
        core, who = (core, who or subject) if core else (subject, who)
    if who and not who[0].isdigit():
        left.insert(0, Token("scope", "each", who, *trim(text, *who_at)))
    after, after_at, rest_start, note = _after(text, quantity.end, end, grammar)
    verb = next((t for t in (*reversed(left), *right) if t.name == "increase"), None)
    bounds = [t.start for t in right if t.name.startswith("comparator")] if right else ()
    first = min(bounds, default=quantity.start)
    rest = text[rest_start:end].strip()
    rest = "" if rest.startswith(("、", "，")) else rest
    return Parts(
        tuple(left), tuple(right), core, core_start, first, after_at[1], rest, after, verb, note,
        core_at, (rest_start, end), after_at, text[core_start:core_end].rstrip().endswith("的"),
    )  # fmt: skip


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


def _past_means(text: str, start: int, quantity: Quantity, grammar: Grammar) -> int:
    """Step over how, where or for whom a thing is done, up to the deed: 通过改建厂房等方式 + 新建公园8个."""
    stop = quantity.start
    start, _ = trim(text, start, stop, "、，,")
    if not grammar.ways.fitting(text[start]):
        return start
    means = grammar.patterns["by-means"].match(text, start, stop)
    start = means.end() if means else start
    if quantity.dimension not in ("count", "area", "length", "mass", "power"):
        return start
    helped = grammar.patterns["helped-to-do"].match(text, start, stop)
    if helped is not None:
        return helped.start("deed")
    if grammar.patterns["for-whom"].search(text[start:stop]) is None:
        return start
    for place in range(start + SHORTEST_WHOM, stop - SHORTEST_WHOM):
        deed = grammar.verbs.at_start(text, place, stop)
        if deed is not None and len(deed.word) > 1 and not _is_nominal(deed.word, text[deed.end : stop], grammar):
            there = text[start] != "在" or grammar.patterns["somewhere"].search(text[start:place])
            return place if there and stop - deed.end >= SHORTEST_WHOM else start
    return start


def with_noun_before(
    text: str, start: int, end: int, parts: Parts, grammar: Grammar, holes: Sequence[tuple[int, int]]
) -> Parts:
    """Give `parts` with the noun text[start:end] before a present value: 企业 + 由2022年的1万家增至2万家."""
    left, core_start = peel_left(text, start, end, grammar.head, holes)
    verbs, core_start = _verbs(text, core_start, end, grammar, holes)
    verb = next((t for t in (*reversed(verbs), *left, *parts.right) if t.name == "increase"), None)
    return parts._replace(
        left=(*left, *verbs),
        core=clean(text[core_start:end]),
        core_start=core_start,
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
    verbs, start = _verbs(text, start, end, grammar, holes)
    return [*more, *verbs], start


def _parts_name(text: str, hole: tuple[int, int], core_end: int, grammar: Grammar) -> bool:
    """False for time words that are part of a name: 每天在校锻炼时间, 用户年均停电时间 (not 每年净增企业)."""
    words = text[slice(*hole)]
    if hole[1] >= core_end or grammar.patterns["each-time"].search(words):
        return False
    if words not in ("年均", "年平均"):
        return True
    after = grammar.verbs.at_start(text, hole[1], core_end) or grammar.before_figure.at_start(text, hole[1], core_end)
    return after is not None or not is_rate(clean(text[hole[1] : core_end]), grammar)


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


def _after(text: str, start: int, end: int, grammar: Grammar) -> tuple[str, Place, int, str]:
    """Read what follows a figure: its bound (以上, 左右) with its place, where the rest starts, a bracket between."""
    after, after_end = "", start
    while (token := grammar.comparators_after.at_start(text, after_end, end)) is not None:
        if MANY_SIDED.match(text, token.start):
            break
        after, after_end = token.value, token.end
        if token.value != ">":
            break
    bracket = BRACKET.match(text, after_end, end) if text[after_end : after_end + 1] in ("（", "(") else None
    if bracket is None:
        return after, (start, after_end), after_end, ""
    token = grammar.comparators_after.at_start(text, bracket.end(), end)
    if token is None:
        return after, (start, after_end), bracket.end(), bracket.group()
    return token.value, (token.start, token.end), token.end, bracket.group()


def _each_of(text: str, start: int, quantity: Quantity, end: int, grammar: Grammar) -> tuple[int, str, Place]:
    """甲区、乙区各新建机构1个: the names before 各 are who it holds for, if a noun is counted besides them."""
    each = None
    if "per-each" in grammar.ways.fitting(text[start]):
        each = grammar.patterns["per-each"].match(text, start, quantity.start)
    if each is not None:
        return each.end(), each.group("who"), each.span("who")
    each = None
    if grammar.patterns["each-word"].search(text, start, quantity.start):
        each = grammar.patterns["each"].match(text, start, quantity.start)
    if each is None:
        return start, "", (start, start)
    verb = grammar.verbs.at_start(text, each.end(), quantity.start)
    noun = text[verb.end if verb else each.end() : quantity.start]
    noun = grammar.patterns["bound-at-end"].sub("", noun).strip()
    rest = grammar.patterns["bound-behind"].sub("", text[quantity.end : end]).strip(" 。，；")
    if len(noun) > 1 or len(rest) > 1:
        return each.end(), each.group("who"), each.span("who")
    return start, "", (start, start)


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
        if not grammar.may_act(text[start : start + 1]):
            break
        if grammar.patterns["scope-in-name"].match(text, start, end):
            break
        built = grammar.patterns["once-built"].match(text, start, end)
        start = built.end() if built else start
        due = grammar.patterns["duty"].match(text, start, end)
        if due is not None and grammar.verbs.at_start(text, due.end(), end) is not None:
            tokens.append(Token("modality", "", due.group(), *due.span()))
            start = due.end()
        adverb = grammar.before_figure.at_start(text, start, end)
        token = grammar.verbs.at_start(text, start, end)
        if token is None and adverb is not None and adverb.name in ("adverb", "modality", "comparator_before"):
            token = grammar.deed_at(text, adverb.end, end)
            if token is not None and token.end == end and any(t.name == "increase" for t in tokens):
                # 新增直接融资
                break
            if token is not None or adverb.end == end:
                tokens.append(adverb)
        holds = token is None and adverb is not None and adverb.name == "level" and adverb.word in grammar.holding
        if holds and adverb is not None and not _is_nominal(adverb.word, text[adverb.end : end], grammar):
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
        start = note.end() if (note := INCLUDING.match(text, start, end)) else start
        if start + 1 < end and text[start] in VERB_JOINTS:
            second = grammar.verbs.at_start(text, start + 1, end)
            if second is not None and len(second.word) > 1:
                # 新建及改造变电站: adding and mending are one deed, whose name the noun needs no more.
                start = second.end if token.word.startswith(grammar.adding) else start + 1
        more, start = peel_left(text, start, end, grammar.head, holes)
        tokens += more
    return tokens, start


def _is_nominal(verb: str, rest: str, grammar: Grammar) -> bool:
    """True where the verb is the first half of a noun: 投资规模, 转化率, 培训机构; never for 新增 and the like."""
    if grammar.patterns["noun-ending"].match(rest):
        return True
    if verb in grammar.attributive and rest.endswith(SHARES):
        # 新建护理型床位占比: the new ones are meant.
        return True
    if verb.startswith(grammar.adding):
        return rest.startswith(grammar.compounds.get(verb, ("率", "量")))
    if grammar.nominals.at_start(rest, 0, len(rest)) is not None and not OWN_NOUN.match(rest):
        return True
    return rest.startswith(grammar.compounds.get(verb, ("\0",))) and not PEOPLE_OF.match(rest)
