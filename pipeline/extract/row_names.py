"""Name what the figures of a table row measure where the row names a place or a project, not an indicator."""

from __future__ import annotations

from pipeline.extract.grammar import Grammar
from pipeline.extract.indicators import clean, is_rate
from pipeline.lexicon import Lexicon
from pipeline.quick.pattern import pattern

BRACKET = pattern(r"[（(](?:(?:计量)?单位[：:])?(?P<words>[^（）()]{1,10})[)）]")
TIMES = pattern(
    r"(?:到|至)?(?:(?:19|20)\d\d(?:[—–\-~～至](?:(?:19|20)\d\d|\d\d))?年?|“?十[一二三四五]五”?)(?:年?(?:底|末))?(?:期间|时期)?(?:前)?"
)
PLAN_WORDS = pattern(
    r"^(?:各?(?:地区|地市|市州|区县|县区|市县)|计划|规划|目标|任务)+|"
    r"(?:任务|目标|计划|规划|分解|安排|指标|进度|一览|汇总|分配|清单|情况|数量?|值|表|（续）|及)+$"
)
JOINT = pattern("[·：:，,、]")
PROJECT_WORD = pattern(r"(?:建设)?(?:工程|项目)(?:[（(][^（）()]*[)）])?$")
SHORTEST_NAME = 4
ATTRIBUTES = ("长", "长度", "宽", "宽度", "高度", "深度", "洞径", "管径", "量", "面积", "容积", "库容", "流量", "里程")


def is_total(words: str, lexicon: Lexicon) -> bool:
    """True for 合计, 小计 and the like, which close a table: they sum up, and name no project or place."""
    return lexicon.columns.cells["total"].search("".join(words.split())) is not None


def worked_on(name: str, heads: list[str], grammar: Grammar, lexicon: Lexicon) -> str:
    """Complete a head that only says what is done (整治) by the column beside it that counts to what (积水点数量)."""
    verb = grammar.verbs.at_start(name, 0, len(name))
    stocks = [head for head in heads if lexicon.columns.role_of(head) == "stock"]
    if verb is None or verb.end != len(name) or len(stocks) != 1:
        return ""
    return lexicon.columns.cells["stock_end"].sub("", _core(stocks[0])) + name


def head_unit(head: str, lexicon: Lexicon) -> str:
    """Give the unit in the brackets of a column head, or a caption, scale and all: 投资（万元）; 标准（重现期·年）.

    Empty where there is none.
    """
    for match in BRACKET.finditer(head) if "（" in head or "(" in head else ():
        words = JOINT.split(match.group("words"))[-1]
        for unit in (match.group("words"), words):
            if lexicon.measures.is_unit(unit):
                return unit
    return ""


def column_name(head: str, caption: str, heads: list[str], grammar: Grammar, lexicon: Lexicon) -> str:
    """Name the indicator of a column in a table by places: its head without unit, years and words for plans.

    A head that only says when (2025年目标) or what is done (整治计划) is completed by the column that counts what it
    is done to, else by the caption of the table.
    """
    # of two rows of heads the lower one names it, unless it only says when
    lower = _core(head.split(" ")[-1])
    name = lower if len(lower) >= SHORTEST_NAME else _core(head)
    done = worked_on(name, heads, grammar, lexicon)
    if done:
        return done
    title = _core(caption)
    place = next((length for length, _ in lexicon.places.starting(title)), 0)
    title = clean(PLAN_WORDS.sub("", title[place:]))
    if not name or (len(name) <= 2 and title.endswith(name)):
        return title or name
    return name


def _core(words: str) -> str:
    words = TIMES.sub("", BRACKET.sub("", "".join(words.split())))
    words = words.strip("、，—-·")
    bare = PLAN_WORDS.sub("", words)
    while bare != words:
        words, bare = bare, PLAN_WORDS.sub("", bare)
    return clean(words)


def is_attribute(indicator: str, grammar: Grammar) -> bool:
    """True for what is measured of something: 清淤量, 河段长, 覆盖率."""
    return is_rate(indicator, grammar) or indicator.endswith(ATTRIBUTES)


def joined_names(names: list[str], lexicon: Lexicon) -> str:
    """Give the name of an indicator whose cell stands beside one that gathers several: its own, with what they share.

    主要污染物排放总量减少 | 氨氮 is 氨氮排放总量减少: the kind of thing in the first (污染物) gives way to the thing.
    """
    own = lexicon.columns.cells["of_which"].sub("", names[-1])
    shared = lexicon.columns.cells["shared_name"].search(names[0]) if len(names) > 1 else None
    return own + shared.group("rest") if shared and not own.endswith(shared.group("rest")) else own


def owned(indicator: str, project: str) -> str:
    """Put the name of a project before what its row says: 清淤量 of 东河清淤工程 is 东河清淤量."""
    stem = PROJECT_WORD.sub("", project)
    if not stem or indicator.startswith(stem):
        return indicator
    for length in range(min(len(stem), len(indicator)), 1, -1):
        if stem.endswith(indicator[:length]):
            return stem + indicator[length:]
    return stem + indicator


def ends_in_work(name: str, grammar: Grammar) -> bool:
    """True for what is named by the work: 易涝区域整治, 老旧小区改造."""
    ends = (grammar.verbs.at_start(name, start, len(name)) for start in range(max(1, len(name) - 3), len(name) - 1))
    return any(verb is not None and verb.end == len(name) for verb in ends)


def one_of_two(name: str, share: bool, lexicon: Lexicon) -> str:
    """Give the measure that a row tells where its name, over two rows, names two: 煤炭消费量及比重.

    The row in a unit of its own tells the amount (煤炭消费量), that in per cent (`share`) the share (煤炭消费比重).
    """
    both = lexicon.columns.cells["two_measures"].search(name)
    if both is None:
        return name
    first, rest = both.group("first"), both.group("rest")
    if not share:
        return first
    if rest.startswith("占"):
        return first + rest
    return share_of(first, rest, lexicon) if lexicon.columns.cells["bare_share"].search(rest) else f"{first}占{rest}"


def share_of(name: str, share: str, lexicon: Lexicon) -> str:
    """Name the share of an amount: 煤炭消费量 and 比重 make 煤炭消费比重."""
    return lexicon.columns.cells["amount_end"].sub("", name) + share


def total_name(words: str, head: str, lexicon: Lexicon) -> str:
    """Name what a row that sums up tells by the head of the names above it: 合计 below 能源品种 is 能源合计."""
    kinds = lexicon.columns.cells["kinds_end"].search(head)
    return head[: kinds.start()] + words if kinds and is_total(words, lexicon) else words
