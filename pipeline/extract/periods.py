"""Find time expressions and anchor them: in the text's own years, in five-year plans, in the plan's period."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import regex

from pipeline.extract.numerals import chinese
from pipeline.lexicon.loader import Rule
from pipeline.lexicon.sieve import Sieve, matches
from pipeline.lexicon.timing import FIVE_YEAR_PLANS, MINGUO_EPOCH
from pipeline.model.findings import Period, PeriodBasis, PeriodKind
from pipeline.quick.classes import dataclass
from pipeline.quick.pattern import pattern

HALVES = {
    "上半年": "06", "下半年": "12", "一季度": "03", "二季度": "06", "三季度": "09", "四季度": "12",
    "第一季度": "03", "第二季度": "06", "第三季度": "09", "第四季度": "12",
}  # fmt: skip
# 2025年重点任务; “十四五”时期主要目标.
TITLE_YEAR = pattern(r"(?<!\d)(20[0-4]\d)(?=年|[)）—－-]|$)")
TITLE_PLAN = pattern("“?(十[一二三四五])五”?(?:时期|期间|末)")
RECURRENCES = {"季": "P3M", "半年": "P6M", "月": "P1M", "周": "P1W", "天": "P1D", "日": "P1D"}


@dataclass(frozen=True, slots=True)
class Calendar:
    """What anchors an expression that names no year: the year of the heading, the plan's years, the date of issue.

    `heading_at` and `plan_at` are the places of the words that say them.
    """

    heading_year: int | None
    plan_start: int | None
    plan_end: int | None
    issued_year: int | None
    heading_at: tuple[int, int] | None = None
    plan_at: tuple[int, int] | None = None

    @property
    def this_year(self) -> int | None:
        """The one year that 全年 or 年底前 means: the heading's, a one-year plan's, else that of issue."""
        if self.heading_year is not None:
            return self.heading_year
        if self.plan_start is not None and self.plan_start == self.plan_end:
            return self.plan_start
        return self.issued_year


@dataclass(frozen=True, slots=True)
class Mention:
    """One time expression with what the targets need to know of it.

    `rule` is the id of its rule, `word` what it is called there. `year`, `year_first` bound it in years;
    `due_on` is the month or day by which something is due, where one is said.
    """

    period: Period
    rule: str
    word: str
    year_first: int | None
    year: int | None
    due_on: str | None

    @property
    def cadence(self) -> str:
        """annual, within or by: how a figure under this expression is due."""
        if self.word == "recurring":
            return "annual" if self.period.recurrence == "P1Y" else "within"
        return "within" if self.word in ("duration", "within") or self.word == "span" else "by"


def find_mentions(text: str, start: int, end: int, section: int, calendar: Calendar, rules: Sieve) -> list[Mention]:
    """Give the time expressions of text[start:end] in order, without overlap.

    At every place the first rule of periods.toml that fits wins: 到2025年底 is one deadline, not a year.
    """
    taken = bytearray()
    kept: list[Mention] = []
    for rule in rules.possible(text, start, end):
        for match in matches(rule, text, start, end):
            taken = taken or bytearray(end - start)
            first, last = match.start() - start, match.end() - start
            if 1 in taken[first:last]:
                continue
            taken[first:last] = b"\1" * (last - first)
            kept.append(_mention(rule, match, section, calendar))
    kept.sort(key=_start)
    return kept


def _start(mention: Mention) -> int:
    return mention.period.start


def _mention(rule: Rule, match: regex.Match[str], section: int, calendar: Calendar) -> Mention:
    """Anchor one match; see the kinds in periods.toml."""
    groups = {name: value for name, value in match.groupdict().items() if value}
    word = str(rule.extra["kind"])
    first, last, basis, due = _bounds(word, groups, calendar)
    kind: PeriodKind = "year" if word == "within" else word  # type: ignore[assignment]
    recurrence = _recurrence(groups, match.group()) if word == "recurring" else None
    period = Period(section, kind, first, last, recurrence, basis, match.start(), match.end())
    return Mention(period, rule.id, word, _year(first), _year(last), due)


def _year(date: str | None) -> int | None:
    return int(date[:4]) if date else None


def _bounds(
    word: str, groups: dict[str, str], calendar: Calendar
) -> tuple[str | None, str | None, PeriodBasis, str | None]:
    """Give start, end, basis and due date of an expression from its named groups."""
    if "odd" in groups:
        return None, None, "text", None
    if "fyp" in groups:
        first, last = FIVE_YEAR_PLANS[groups["fyp"]]
        return (None if "by" in groups else str(first)), str(last), "five_year_plan", None
    if word == "recurring":
        return None, None, "text", None
    if word == "duration":
        return _duration(groups, calendar)
    if "whole" in groups:
        return None, _duration(groups, calendar)[1], "plan" if calendar.plan_end is not None else "text", None
    if "within" in groups or "edge" in groups or ("m" in groups and not _named_year(groups)):
        return _of_this_year(groups, calendar)
    basis: PeriodBasis = "minguo" if "mg" in groups else "text"
    first_date = _date(_named_year(groups), groups.get("m") or groups.get("cm"), groups.get("d") or groups.get("cd"))
    if "y2" in groups or "m2" in groups:
        return first_date, _date(groups.get("y2") or groups["y"], groups.get("m2"), None), basis, None
    if groups.get("by") in HALVES:
        first_date = f"{groups['y']}-{HALVES[groups['by']]}"
    if word == "deadline":
        return None, first_date, basis, first_date if len(first_date) > 4 else None
    due = first_date if word == "date" and "by" in groups else None
    return first_date, first_date, basis, due


def _named_year(groups: dict[str, str]) -> str | None:
    if "y" in groups:
        return groups["y"]
    if "cy" in groups:
        value = chinese(groups["cy"].replace("○", "〇"))
        return str(value) if value is not None else None
    if "mg" in groups:
        return str(MINGUO_EPOCH + int(groups["mg"]))
    return None


def _date(year: str | None, month: str | None, day: str | None) -> str:
    """Write a date as ISO 8601 with the precision that is given."""
    parts = [str(year)]
    for part in (month, day):
        if part is None:
            break
        number = chinese(part) if not part[0].isdigit() else Decimal(part)
        parts.append(f"{int(number or 0):02d}")
    return "-".join(parts)


def _duration(groups: dict[str, str], calendar: Calendar) -> tuple[str | None, str | None, PeriodBasis, str | None]:
    """三年内 counts from the first year of the plan, 规划期内 is all of it; without a plan's years it stays open."""
    if calendar.plan_end is None:
        return None, None, "text", None
    start, end = calendar.plan_start, calendar.plan_end
    if "whole" not in groups:
        bound = groups.get("n2") or groups["n"]
        count = int(bound) if bound.isdigit() else int(chinese(bound) or 0)
        if groups["unit"] != "年" or (start is not None and not 0 < count <= end - start + 1):
            return None, None, "text", None
        end = start + count - 1 if start is not None else end
    return (str(start) if start is not None else None), str(end), "plan", None


def _of_this_year(groups: dict[str, str], calendar: Calendar) -> tuple[str | None, str | None, PeriodBasis, str | None]:
    """全年, 年底前, 6月底前: in the year that the heading, a one-year plan or the date of issue gives."""
    year = calendar.this_year
    basis: PeriodBasis = "issued_on" if year is not None and year == calendar.issued_year else "plan"
    if year is None:
        return None, None, "text", None
    if "within" in groups:
        return str(year), str(year), basis, None
    month = groups.get("m") or HALVES.get(groups.get("edge", ""), "12")
    date = _date(str(year), month, groups.get("d"))
    return None, date, basis, date


def _recurrence(groups: dict[str, str], text: str) -> str:
    """Give the ISO 8601 duration: 每年 P1Y, 每季度 P3M, 每两年 P2Y (the longer bound of 每3—5年)."""
    if "unit" in groups:
        bound = groups.get("n2") or groups["n"]
        count = int(bound) if bound.isdigit() else int(chinese(bound) or 1)
        unit = groups["unit"]
        if "年" in unit:
            return f"P{count}Y"
        return f"P{count * 3}M" if "季" in unit else f"P{count}{'M' if '月' in unit else 'W' if '周' in unit else 'D'}"
    for mark, duration in RECURRENCES.items():
        if mark in text:
            return duration
    return "P1Y"


def heading_year(titles: Sequence[str]) -> int | None:
    """Give the one year that the nearest of `titles` (innermost first) names, e.g. 2020年重点工作目标; else None.

    A title with two years or a span gives its last.
    """
    for title in titles:
        years = [int(y) for y in TITLE_YEAR.findall(title)]
        if years:
            return years[-1]
        plan = TITLE_PLAN.search(title)
        if plan and regex.search("目标|指标|任务", title):
            return FIVE_YEAR_PLANS[plan.group(1)][1]
    return None
