"""Numerals of automatic numbering: a value and its format → what is shown (ECMA-376 part 1, 17.18.59)."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
    (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
MOST_ROMAN = 32_767
# Word repeats the letter (AA, BB) up to this value.
MOST_LETTER = 780
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
ENCLOSED_IDEOGRAPHS = "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉"
HAN = "一二三四五六七八九"
LEGAL_SIMPLIFIED = "壹贰叁肆伍陆柒捌玖"
LEGAL_TRADITIONAL = "壹貳參肆伍陸柒捌玖"
LEGAL_JAPANESE = "壱弐参四伍六七八九"
PLACES = ("", "十", "百", "千")
LEGAL_PLACES = ("", "拾", "佰", "仟")
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def roman(value: int) -> str:
    """Give a value in Roman numerals: 14 → XIV."""
    if value > MOST_ROMAN:
        return str(value)
    parts = []
    for size, letters in ROMAN:
        count, value = divmod(value, size)
        parts.append(letters * count)
    return "".join(parts)


def letters(value: int) -> str:
    """Give a value in letters: 1 → A, 27 → AA, 28 → BB."""
    if not 1 <= value <= MOST_LETTER:
        return str(value)
    return ALPHABET[(value - 1) % 26] * ((value - 1) // 26 + 1)


def spoken(value: int, digits: str, places: tuple[str, ...], *, zero: str, one: str) -> str:
    """Give a value as it is spoken: 12 → 十二, 105 → 一百零五.

    `zero` stands in for places left out. `one` tells where 一 is left out: "ten" before a leading 十 (十二, but
    一百一十), "all" before every place (Japanese 百十), "" nowhere (壹拾贰).
    """
    if value == 0:
        return zero or "〇"
    if value >= 10_000:
        above, below = divmod(value, 10_000)
        head = spoken(above, digits, places, zero=zero, one=one) + ("万" if digits != LEGAL_TRADITIONAL else "萬")
        return head + (
            (zero if below < 1000 else "") + spoken(below, digits, places, zero=zero, one=one) if below else ""
        )
    parts: list[str] = []
    gap = False
    for place in range(3, -1, -1):
        digit = value // 10**place % 10
        if digit == 0:
            gap = bool(parts)
            continue
        bare = digit == 1 and place > 0 and (one == "all" or (one == "ten" and place == 1 and not parts))
        parts.append((zero if gap else "") + ("" if bare else digits[digit - 1]) + places[place])
        gap = False
    return "".join(parts)


def by_digit(value: int, zero: str) -> str:
    """Give a value digit by digit: 105 → 一〇五."""
    return "".join(zero if digit == "0" else HAN[int(digit) - 1] for digit in str(value))


def counting(value: int, zero: str) -> str:
    """Give a value as it is spoken up to 99, and digit by digit above: 12 → 十二, 105 → 一○五."""
    return spoken(value, HAN, PLACES, zero=zero, one="ten") if 1 <= value < 100 else by_digit(value, zero)


def one_of(signs: str) -> Callable[[int], str]:
    """Give the numerals of a row of signs; a value beyond the row is written in digits."""
    return lambda value: signs[value - 1] if 1 <= value <= len(signs) else str(value)


def signs_from(first: str, count: int) -> Callable[[int], str]:
    """Give the numerals of signs that follow each other in Unicode (①②③)."""
    return one_of("".join(chr(ord(first) + offset) for offset in range(count)))


def _thousand(digits: str, places: tuple[str, ...], zero: str, one: str) -> Callable[[int], str]:
    return lambda value: spoken(value, digits, places, zero=zero, one=one)


FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalHalfWidth": str,
    "decimalZero": lambda value: f"{value:02}",
    "decimalFullWidth": lambda value: str(value).translate(FULL_WIDTH),
    "decimalFullWidth2": lambda value: str(value).translate(FULL_WIDTH),
    "numberInDash": lambda value: f"- {value} -",
    "upperRoman": roman,
    "lowerRoman": lambda value: roman(value).lower(),
    "upperLetter": letters,
    "lowerLetter": lambda value: letters(value).lower(),
    "chineseCounting": lambda value: counting(value, "○"),
    "chineseCountingThousand": _thousand(HAN, PLACES, "〇", "ten"),
    "chineseLegalSimplified": _thousand(LEGAL_SIMPLIFIED, LEGAL_PLACES, "零", ""),
    "taiwaneseCounting": lambda value: counting(value, "○"),
    "taiwaneseCountingThousand": _thousand(HAN, PLACES, "零", "ten"),
    "taiwaneseDigital": lambda value: by_digit(value, "○"),
    "ideographDigital": lambda value: by_digit(value, "〇"),
    "japaneseDigitalTenThousand": lambda value: by_digit(value, "〇"),
    "japaneseCounting": _thousand(HAN, PLACES, "", "all"),
    "japaneseLegal": _thousand(LEGAL_JAPANESE, ("", "拾", "百", "阡"), "", ""),
    "ideographLegalTraditional": _thousand(LEGAL_TRADITIONAL, LEGAL_PLACES, "零", ""),
    "koreanDigital2": lambda value: by_digit(value, "零"),
    "ideographTraditional": one_of(STEMS),
    "ideographZodiac": one_of(BRANCHES),
    "ideographZodiacTraditional": lambda value: (
        STEMS[(value - 1) % 10] + BRANCHES[(value - 1) % 12] if 1 <= value <= 60 else str(value)
    ),
    "ideographEnclosedCircle": one_of(ENCLOSED_IDEOGRAPHS),
    "decimalEnclosedCircle": signs_from("①", 20),
    "decimalEnclosedCircleChinese": signs_from("①", 20),
    "decimalEnclosedFullstop": signs_from("⒈", 20),
    "decimalEnclosedParen": signs_from("⑴", 20),
    "none": lambda _: "",
}


@lru_cache(maxsize=4096)
def numeral(value: int, style: str) -> str | None:
    """Give what Word shows for a value in a format, None for a format that is not known here."""
    shown = FORMATS.get(style)
    return None if shown is None else shown(value)
