"""Peel the verbs of doing off the head of an item: 新建及改造 + 变电站; 投资 of 投资规模 is part of a noun."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.extract.grammar import Grammar
from pipeline.extract.peel import VERB_JOINTS, Token, peel_left, trim
from pipeline.extract.statements import Place
from pipeline.quick.pattern import pattern

# So many verbs, one behind the other, may open an item.
MOST = 4
MARKS = "、，,"
# 建成（含改造）变电站19座, 新种（补种）行道树200株
INCLUDING = pattern("[（(](?:(?:含|包括|其中)[^（）()]{1,12}|[新补改扩重续增更翻][建种植造增修设换])[)）]")
SHARES = ("占比", "比例", "比重", "率")
# 遴选数字化服务商, 轮训规模以上企业负责人: a noun of its own, not the second half of 遴选数, 轮训规模.
OWN_NOUN = pattern("数[字据智控学]|量子|总部|规模(?:以上|化)|标准[化厂]|质量[管分标]|时间(?:银行|轴)")
# 培训企业主要负责人: those trained, not 培训企业.
PEOPLE_OF = pattern(
    "(?:企业|机构|单位|部门|基地|项目)(?:主要|法定|从业|一线)?(?:负责人|管理人员|职工|员工|人员|经营者|带头人|骨干)"
)
WAYS_OF_DOING = ("adverb", "modality", "comparator_before")


def leading_verbs(text: str, start: int, end: int, grammar: Grammar, holes: Sequence[Place]) -> tuple[list[Token], int]:
    """Give the verbs of doing (and the adverbs, scopes and deadlines between them) at the head of text[start:end].

    Also gives where the rest starts: behind the verbs, or at a verb that the noun may need for its name.
    """
    tokens: list[Token] = []
    for _ in range(MOST):
        start, end = trim(text, start, end, MARKS)
        opening = text[start : start + 1]
        if grammar.openings.fitting(opening):
            start = _behind_conditions(text, start, end, grammar, tokens)
        elif not grammar.may_act(opening):
            break
        token = grammar.verbs.at_start(text, start, end)
        if token is None:
            adverb = grammar.before_figure.at_start(text, start, end)
            if adverb is not None and adverb.name in WAYS_OF_DOING:
                token = grammar.deed_at(text, adverb.end, end)
                if token is not None and token.end == end and _adds(tokens):
                    # 新增直接融资
                    break
                if token is not None or adverb.end == end:
                    tokens.append(adverb)
            elif adverb is not None and _holds(adverb, text, end, grammar):
                tokens.append(adverb)
                start = adverb.end
                continue
            token = token or grammar.causatives.at_start(text, start, end)
        if token is None or token.end > end or (token.end == end and _adds(tokens)):
            break
        rest = text[token.end : end]
        if is_nominal(token.word, rest, grammar):
            break
        if token.name == "increase" and token.value != "drop":
            if token.value == "keep" or "的" not in rest:
                tokens.append(token)
            return tokens, token.start
        tokens.append(token)
        start = _behind_verb(text, token, end, grammar)
        more, start = peel_left(text, start, end, grammar.head, holes)
        tokens += more
    return tokens, start


def _behind_conditions(text: str, start: int, end: int, grammar: Grammar, tokens: list[Token]) -> int:
    """Give where a verb may stand behind a condition (建成后) or a duty, which is added to `tokens`."""
    patterns = grammar.patterns
    built = patterns["once-built"].match(text, start, end)
    start = built.end() if built else start
    due = patterns["duty"].match(text, start, end)
    if due is not None and grammar.verbs.at_start(text, due.end(), end) is not None:
        tokens.append(Token("modality", "", due.group(), *due.span()))
        start = due.end()
    return start


def _adds(tokens: Sequence[Token]) -> bool:
    """True where a verb of doing is among the words."""
    return any(token.name == "increase" for token in tokens)


def _holds(word: Token, text: str, end: int, grammar: Grammar) -> bool:
    """True for a word like 拥有, whose noun stands behind it."""
    held = word.name == "level" and word.word in grammar.holding
    return held and not is_nominal(word.word, text[word.end : end], grammar)


def _behind_verb(text: str, verb: Token, end: int, grammar: Grammar) -> int:
    """Step over a bracket behind a verb (建成（含改造）), and what joins a second verb to it."""
    note = INCLUDING.match(text, verb.end, end) if text[verb.end : verb.end + 1] in ("（", "(") else None
    start = note.end() if note else verb.end
    if start + 1 < end and text[start] in VERB_JOINTS:
        second = grammar.verbs.at_start(text, start + 1, end)
        if second is not None and len(second.word) > 1:
            # 新建及改造变电站: adding and mending are one deed, whose name the noun needs no more.
            return second.end if verb.word.startswith(grammar.adding) else start + 1
    return start


def is_nominal(verb: str, rest: str, grammar: Grammar) -> bool:
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
