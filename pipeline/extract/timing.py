"""Decide when a figure is due, from what its sentence, paragraph, section, headings and plan say."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from pipeline.extract.periods import Mention
from pipeline.extract.reading import UNREADABLE, Passage, Reading
from pipeline.model.findings import Cadence, Evidence, TargetKind, YearSource
from pipeline.quick.classes import NamedTuple
from pipeline.quick.pattern import pattern

# Years that a figure is measured from, or that stand in a name, do not say when it is due.
FROM = pattern(r"(?:(?<![占同环之])比|较|自|从|以|同|按照?|根据|依据|落实|由)$")
SINCE = pattern(
    r"(?:的)?(?:以来|起|基础上|相比|水平|为基[期年]|同期|版|[^，。；“”]{0,14}?(?:(?:规划|计划)(?!新|改|建|完|实|投|开|安|总|到|培|引|筹|启)|纲要|方案》|行动》)|[^，。；]{0,14}?(?:颁布|发布|印发|制定|出台)的《)"
)


# 2024年起每年, 此后每年: to the end of the plan.
ONWARD = pattern(r"(?:20\d\d年(?:起|开始)|此后|其后|今后|之后)[，,]?\Z")
# 2000年底前建成的老旧小区
BUILT = pattern("(?:之?前)?(?:建成|竣工|建设|交付|投用|注册|成立|出生)的")
# 高于“十三五”末水平, 达到2020年的1.5倍: the year is what the figure is measured by.
BASE_LEVEL = pattern(r"(?:的)?(?:水平|平均|相比|基础上)|的\d+(?:\.\d+)?倍")


# 年均完成75万亩，其中人工造林15万亩; 年均分别增长8%和10%; 每年新增甲3家、乙2家: what is joined is yearly as well.
OF_WHICH = pattern("其中[^，；。]*$")
SAME_BREATH = pattern(r"[^，；。]*[和、与及][^，；。]*")


class Due(NamedTuple):
    """When a figure is due, and where that was said: `said` holds the words that gave cadence and year."""

    cadence: Cadence
    year_start: int | None
    year_end: int | None
    source: YearSource | None
    due_on: str | None
    said: tuple[Evidence, ...] = ()


def governs(text: str, mention: Mention) -> bool:
    """False for a base of comparison (较2020年), a year since which something holds, and years in names."""
    before = text[max(0, mention.period.start - 3) : mention.period.start]
    if (mention.word != "recurring" and FROM.search(before)) or (
        mention.rule in ("date-digits", "date-chinese", "date-minguo") and mention.due_on is None
    ):
        return False
    opened = text.rfind("《", max(0, mention.period.start - 60), mention.period.start)
    if opened >= 0 and text.find("》", opened, mention.period.start) < 0:
        return False
    if BASE_LEVEL.match(text, mention.period.end) or describes(text, mention):
        return False
    return not (mention.word in ("span", "year", "date") and SINCE.match(text, mention.period.end))


def describes(text: str, mention: Mention) -> bool:
    """True for a year that says which things are meant: 2000年底前建成的老旧小区."""
    return BUILT.match(text, mention.period.end) is not None


def due(reading: Reading, position: int, kind: TargetKind) -> Due:
    """Say when the figure at `position` is due.

    The nearest expression before the figure in its sentence says how often; the nearest with a year says
    when: in the sentence, else in the paragraph (before the figure, else its only one), else in an earlier
    paragraph of the section, else in the headings or goals above, else by the plan's last year.
    """
    text, passage = reading.text, reading.passage
    inside = [m for m in reading.inside if m.period.start < position]
    while inside and kind == "level" and _is_named(reading, inside[-1], position):
        inside.pop()
    cadence, often = _cadence(text, inside, kind, position, reading.figures)
    said = () if often is None else (Evidence("cadence", often.rule, often.period.start, often.period.end),)
    if (
        cadence == "annual"
        and often is not None
        and ONWARD.search(text, max(0, often.period.start - 8), often.period.start)
    ):
        return _from_above(passage, cadence, said)
    base = passage.calendar.plan_start or passage.calendar.issued_year or 0
    dated = [m for m in inside if (m.year is not None and m.year >= base) or m.rule == UNREADABLE]
    if dated:
        return _made(dated[-1], cadence, "sentence", said, passage)
    around = reading.paragraph.carrying
    first = bisect_left(around, position, key=_start)
    if first:
        before = around[first - 1]
        opened = _opened(reading, before, cadence)
        if opened != cadence:
            said = (_year_said(before)._replace(field="cadence"),)
        return _made(before, opened, "paragraph", said, passage)
    if reading.paragraph.agree:
        return _made(around[0], cadence, "paragraph", said, passage)
    if reading.earlier is not None:
        earlier = reading.earlier
        return Due(cadence, None, earlier.year, "paragraph", None, (*said, *_dated(earlier, passage)))
    if _is_duty(inside):
        return Due(cadence, None, None, None, None, said)
    return _from_above(passage, cadence, said)


def _start(mention: Mention) -> int:
    return mention.period.start


def _year_said(mention: Mention) -> Evidence:
    return Evidence("year_end", mention.rule, mention.period.start, mention.period.end)


def _is_named(reading: Reading, mention: Mention, position: int) -> bool:
    """True for time words that belong to a name: 达到每日2600吨 and 年均停电时间 are no duties."""
    words = reading.text[mention.period.start : mention.period.end]
    if words == "年" or reading.grammar.patterns["each-time"].search(words) is not None:
        return True
    behind = reading.text[mention.period.end : position]
    if words not in ("年均", "年平均") or behind.startswith(("达", "不", "超", "为", "因", "每")):
        return False
    # 年均更新车辆超过总量的9% is done each year; 年均结案率 is a name.
    deed = reading.grammar.verbs.at_start(behind, 0, len(behind))
    return deed is None or behind.startswith(("率", "量", "数"), deed.end) or "占" in behind


def _is_duty(inside: Sequence[Mention]) -> bool:
    """A duty that recurs, but not yearly (每季度至少1次), has no year in which it is due."""
    return bool(inside) and inside[-1].word == "recurring" and inside[-1].period.recurrence != "P1Y"


def _opened(reading: Reading, mention: Mention, cadence: Cadence) -> Cadence:
    """A span that opens its paragraph (用3年时间，…。形成…) holds for the sentences after it too."""
    lead = reading.text[reading.paragraph.start : mention.period.start].rstrip(" 　")
    opens = not lead.strip() or lead.endswith("。")
    return "within" if cadence == "by" and opens and mention.word == "duration" else cadence


def _from_above(passage: Passage, cadence: Cadence, said: tuple[Evidence, ...]) -> Due:
    calendar = passage.calendar
    if calendar.heading_year is not None:
        year = calendar.heading_year
        return Due(cadence, year, year, "heading", None, (*said, *year_above(passage)))
    if passage.upper is not None:
        return Due(cadence, None, passage.upper, "heading", None, (*said, *year_above(passage)))
    if calendar.plan_end is not None:
        return Due(
            cadence, calendar.plan_start, calendar.plan_end, "plan", None, (*said, *year_above(passage))
        )  # fmt: skip
    return Due(cadence, None, None, None, None, said)


def year_above(passage: Passage) -> tuple[Evidence, ...]:
    """Give the words that say the year of a figure whose own paragraph says none: a heading, a goal above, the plan."""
    calendar = passage.calendar
    if calendar.heading_year is not None:
        return (Evidence("year_end", "heading", *calendar.heading_at),) if calendar.heading_at else ()
    if passage.upper is not None:
        return (passage.upper_at,) if passage.upper_at else ()
    return (Evidence("year_end", "plan-period", *calendar.plan_at),) if calendar.plan_at else ()


def _cadence(
    text: str, inside: Sequence[Mention], kind: TargetKind, position: int, figures: Sequence[int]
) -> tuple[Cadence, Mention | None]:
    """Give how often a figure is due and what says so.

    The last expression decides; a level behind another figure under 全年 is due by its end.
    每年 holds for the rest of the sentence where it opens it; in the middle (another figure before it, or a
    subject) it holds for its own figure.
    """
    rest = list(inside)
    while rest:
        last = rest.pop()
        since = [f for f in figures if last.period.end <= f < position]
        joined = since and (
            OF_WHICH.search(text[since[0] : position]) or SAME_BREATH.fullmatch(text[since[0] : position])
        )
        opens = text[last.period.start - 1 : last.period.start] in ("", "。", "；", "\n", "\t")
        if last.word == "within" and kind in ("level", "rank") and since and not joined and not opens:
            # 全年新增5000名，年末总量达到39万: what is reached behind another figure is due by the end.
            return "by", None
        own = text[last.period.end : last.period.end + 1] not in ("，", ",")
        if last.word == "duration" and own and kind in ("level", "rank") and "；" in text[last.period.end : position]:
            # 三年内新增1.2万人；个贷率控制在85%: the span is the clause's own, not set before all by a comma.
            return "by", None
        if last.word == "recurring":
            mid = text[last.period.start - 1 : last.period.start] not in (
                "",
                "，",
                ",",
                "。",
                "；",
                ";",
                "：",
                "\n",
                "\t",
                " ",
                "、",
            )
            mid = mid or text[last.period.start : last.period.end].endswith("均")
            later = bool(since) and not joined
            if later and (mid or any(f < last.period.start for f in figures)):
                continue
            if later and kind == "level":
                continue
        return last.cadence, last  # type: ignore[return-value]
    return "by", None


def _dated(mention: Mention, passage: Passage) -> tuple[Evidence, ...]:
    """Give the words that say the year, and for 全年 or 三年内 those that say of which years."""
    if mention.period.basis != "plan":
        return (_year_said(mention),)
    calendar = passage.calendar
    at = calendar.plan_at if mention.word == "duration" or not calendar.heading_at else calendar.heading_at
    return (_year_said(mention), Evidence("year_end", "anchor", *at)) if at else (_year_said(mention),)


def _made(mention: Mention, cadence: Cadence, source: YearSource, said: tuple[Evidence, ...], passage: Passage) -> Due:
    if mention.year is None:
        return Due(cadence, None, None, None, None, said)
    due_on = mention.due_on if cadence == "by" and source == "sentence" else None
    start = mention.year_first if cadence != "by" or mention.word == "span" else None
    return Due(cadence, start, mention.year, source, due_on, (*said, *_dated(mention, passage)))
