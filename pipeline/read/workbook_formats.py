"""A number and its format → the words that a spreadsheet shows (ECMA-376 part 1, 18.8.31).

Excel shows `0.125` as `12.5%` under `0.0%`, `45658` as `2025年1月1日`, `123456` as `12.3万` under `0!.0,"万"`: what
stands in the cell is not what people have read, and the unit may be in the format alone.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from pipeline.quick.classes import dataclass, field

# Formats that a file names by number only, as a Chinese system shows them (18.8.30).
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    12: "General", 13: "General", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"',
    29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"',
    34: 'AM/PMh"时"mm"分"', 35: 'AM/PMh"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"', 37: "#,##0;-#,##0", 38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00", 41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@", 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"',
    52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"', 55: 'yyyy"年"m"月"', 56: 'm"月"d"日"',
    57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
# Two formats of the system: the long date and the time.
SYSTEM_FORMATS = {"[$-F800]": 'yyyy"年"m"月"d"日"', "[$-F400]": "h:mm:ss"}
TOKEN = re.compile(
    r"""
    "(?P<quoted>[^"]*)"? | [\\!](?P<escaped>.) | _(?P<blank>.) | \*(?P<fill>.)
    | \[\$(?P<currency>[^\]\-]*)(?:-[^\]]*)?\] | \[(?P<elapsed>[hH]+|[mM]+|[sS]+)\] | \[(?P<bracket>[^\]]*)\]
    | (?P<general>[Gg]eneral) | (?P<half>AM/PM|am/pm|A/P|上午/下午) | (?P<power>[Ee][+-])
    | (?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+|e+|a{3,4}) | (?P<digit>[0#?]) | (?P<mark>[.,%@/]) | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)\Z")
WEEKDAYS = "一二三四五六日"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Serial day 1 is 1 January 1900; Excel counts a 29 February 1900 that never was, so from day 61 on it counts one more.
EPOCH, EPOCH_1904, LEAP_FAULT = datetime(1899, 12, 30), datetime(1904, 1, 1), 60
# 31 December 9999, the last day that Excel shows.
LAST_DAY = 2_958_465
# Excel keeps 15 digits of a number, and shows 10 of a fraction where no format is set.
DIGITS, GENERAL_DIGITS = 15, 10


@dataclass(slots=True)
class _Section:
    """One of the parts of a format between semicolons, as tokens (kind, words), and for which numbers it is meant."""

    tokens: list[tuple[str, str]] = field(default_factory=list)
    condition: tuple[str, Decimal] | None = None

    def has(self, *kinds: str) -> bool:
        return any(kind in kinds for kind, _ in self.tokens)


def shown_number(value: str, code: str, *, from_1904: bool = False) -> str:
    """Give a number (as the file writes it) in a format as a spreadsheet shows it.

    A number without format keeps all its digits, where Excel would turn one of twelve digits into `1.23E+11`. What
    is no number comes back as it is.
    """
    try:
        number = Decimal(f"{float(value):.{DIGITS}g}")
    except (ValueError, OverflowError):
        return value
    if not number.is_finite():
        return value
    section, number = _chosen(_sections(code), number)
    if section is None or section.has("general") or not section.tokens:
        words = _general(number)
        return _around(section, words) if section is not None and section.has("general") else words
    if section.has("date", "elapsed", "half"):
        return _date(number, section, from_1904) or _general(number)
    if section.has("fraction"):
        return _general(number)
    return _number(number, section.tokens)


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[_Section, ...]:
    for prefix, plain in SYSTEM_FORMATS.items():
        if code.startswith(prefix):
            code = plain
    sections = [_Section()]
    for found in TOKEN.finditer(code):
        kind, words = str(found.lastgroup), found.group(str(found.lastgroup))
        if kind == "other" and words == ";":
            sections.append(_Section())
        elif kind in ("quoted", "escaped", "currency", "other"):
            sections[-1].tokens.append(("literal", words))
        elif kind == "bracket":
            if condition := CONDITION.match(words):
                sections[-1].condition = (condition.group(1), Decimal(condition.group(2)))
        elif kind == "mark" and words == "/" and sections[-1].has("digit"):
            sections[-1].tokens.append(("fraction", words))
        elif kind == "mark" and words == "/":
            sections[-1].tokens.append(("literal", words))
        elif kind not in ("blank", "fill"):
            sections[-1].tokens.append((words if kind == "mark" else kind, words))
    return tuple(sections)


def _chosen(sections: tuple[_Section, ...], number: Decimal) -> tuple[_Section | None, Decimal]:
    """Give the section for a number, and the number as that section shows it: the second one shows no minus."""
    if any(section.condition for section in sections):
        for section in sections:
            if section.condition is None or _holds(number, *section.condition):
                return section, number
        return None, number
    if number < 0 and len(sections) > 1:
        return sections[1], -number
    if number == 0 and len(sections) > 2:
        return sections[2], number
    return sections[0], number


def _holds(number: Decimal, sign: str, bound: Decimal) -> bool:
    if sign == "=":
        return number == bound
    if sign == "<>":
        return number != bound
    return (number < bound if "<" in sign else number > bound) or ("=" in sign and number == bound)


def _general(number: Decimal) -> str:
    if number == number.to_integral_value():
        return f"{number:f}".split(".")[0]
    places = max(0, GENERAL_DIGITS - max(number.adjusted() + 1, 1))
    return _stripped(f"{_rounded(number, places):f}")


def _stripped(digits: str) -> str:
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _around(section: _Section, words: str) -> str:
    """Put a number into a section that names no digits: General"万元"."""
    return "".join(words if kind == "general" else text for kind, text in section.tokens)


def _rounded(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _number(number: Decimal, tokens: list[tuple[str, str]]) -> str:
    """Fill the digits of a section: `#,##0.0"万"`."""
    kinds = [kind for kind, _ in tokens]
    digits = [place for place, kind in enumerate(kinds) if kind == "digit"]
    if not digits:
        words = "".join(text if kind == "literal" else "%" if kind == "%" else "" for kind, text in tokens)
        return f"-{words}" if number < 0 and words else words
    if "power" in kinds:
        return _powered(number, kinds)
    point = kinds.index(".") if "." in kinds else len(kinds)
    whole = [place for place in digits if place < point]
    part = [place for place in digits if place > point]
    last = max(digits)
    # A comma between digits groups them; behind the last one it divides by a thousand.
    grouped = any(kind == "," and whole and whole[0] < place < whole[-1] for place, kind in enumerate(kinds))
    behind = whole[-1] if whole else last
    divided = sum(kind == "," and (place > last or behind < place < point) for place, kind in enumerate(kinds))
    scaled = abs(number).scaleb(2 * kinds.count("%") - 3 * divided)
    written = f"{_rounded(scaled, len(part)):f}"
    before, _, after = written.partition(".")
    filled = _filled_whole(before, whole, kinds, tokens, grouped) | _filled_part(after, part, tokens)
    parts = [_token(place, token, filled, bool(after)) for place, token in enumerate(tokens)]
    sign = "-" if number < 0 and any(digit in written for digit in "123456789") else ""
    if not whole and before != "0":
        parts.insert(min(point, len(parts)), before)
    return sign + "".join(parts).strip()


def _token(place: int, token: tuple[str, str], filled: dict[int, str], has_part: bool) -> str:
    kind, text = token
    if kind == "digit":
        return filled[place]
    if kind == ".":
        return "." if has_part else ""
    return text if kind in ("literal", "%") else ""


def _filled_whole(
    before: str, places: list[int], kinds: list[str], tokens: list[tuple[str, str]], grouped: bool
) -> dict[int, str]:
    """Give each place before the point its digit, from the right; the first one takes all that is left."""
    left = before.lstrip("0")
    filled: dict[int, str] = {}
    written = 0
    for place in reversed(places):
        is_first = place == places[0]
        taken = left if is_first else left[-1:]
        left = "" if is_first else left[:-1]
        taken = taken or ("0" if tokens[place][1] == "0" else "")
        words = ""
        for digit in reversed(taken):
            words = digit + ("," if grouped and written and written % 3 == 0 else "") + words
            written += 1
        filled[place] = words
    return filled


def _filled_part(after: str, places: list[int], tokens: list[tuple[str, str]]) -> dict[int, str]:
    """Give each place behind the point its digit; closing zeros only where the format asks for them."""
    filled: dict[int, str] = {}
    for number, place in enumerate(places):
        is_needed = after[number:].strip("0") or any(tokens[later][1] == "0" for later in places[number:])
        filled[place] = after[number] if is_needed else ""
    return filled


def _powered(number: Decimal, kinds: list[str]) -> str:
    power = kinds.index("power")
    point = kinds.index(".") if "." in kinds[:power] else power
    return f"{number:.{kinds[point:power].count('digit')}E}"


def _date(number: Decimal, section: _Section, from_1904: bool) -> str | None:
    """Give a day count as date or time; None where there is no such day."""
    if number < 0 or number > LAST_DAY:
        return None
    seconds = int(_rounded(number * 86400, 0))
    epoch = EPOCH_1904 if from_1904 else EPOCH
    moment = epoch + timedelta(seconds=seconds) + timedelta(days=not from_1904 and number < LEAP_FAULT)
    is_half_day = section.has("half")
    parts: list[str] = []
    for place, (kind, text) in enumerate(section.tokens):
        if kind == "date":
            parts.append(_date_part(moment, text, _is_minute(section.tokens, place), is_half_day))
        elif kind == "elapsed":
            unit = {"h": 3600, "m": 60, "s": 1}[text[0].lower()]
            parts.append(str(seconds // unit).zfill(len(text)))
        elif kind == "half":
            chinese = "上" in text
            parts.append(("上午" if chinese else "AM") if moment.hour < 12 else ("下午" if chinese else "PM"))
        elif kind in ("literal", "."):
            parts.append(text)
    return "".join(parts).strip()


def _is_minute(tokens: list[tuple[str, str]], place: int) -> bool:
    """Tell whether an m means minutes: behind hours or before seconds."""
    before = next((text for kind, text in reversed(tokens[:place]) if kind in ("date", "elapsed")), "")
    after = next((text for kind, text in tokens[place + 1 :] if kind in ("date", "elapsed")), "")
    return before[:1].lower() == "h" or after[:1].lower() == "s"


def _date_part(moment: datetime, text: str, is_minute: bool, is_half_day: bool) -> str:
    letter, length = text[0].lower(), len(text)
    if letter in "ye":
        return f"{moment.year % 100:02d}" if letter == "y" and length <= 2 else str(moment.year)
    if letter == "a":
        return ("星期" if length == 4 else "") + WEEKDAYS[moment.weekday()]
    if letter == "m" and not is_minute and length >= 3:
        return MONTHS[moment.month - 1]
    if letter == "d" and length >= 3:
        return ("周" if length == 3 else "星期") + WEEKDAYS[moment.weekday()]
    hour = (moment.hour - 1) % 12 + 1 if is_half_day else moment.hour
    figure = {"m": moment.minute if is_minute else moment.month, "d": moment.day, "h": hour, "s": moment.second}[letter]
    return str(figure).zfill(min(length, 2))


def shown_text(words: str, code: str) -> str:
    """Give a text in a format: the fourth section of a format may put words around it (`@"万元"`)."""
    sections = _sections(code)
    section = sections[3] if len(sections) > 3 else sections[0]
    if not section.has("@"):
        return words
    return "".join(words if kind == "@" else text for kind, text in section.tokens if kind in ("@", "literal"))
