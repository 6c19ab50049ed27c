"""Read numerals: Arabic and Chinese, whole and decimal, with 万, 亿 and 兆, as exact decimals."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from pipeline.quick.pattern import pattern

DIGITS = {**{c: n for n, c in enumerate("〇一二三四五六七八九")}, "零": 0, "两": 2, "○": 0, "Ｏ": 0}
DIGITS |= {c: n for n, c in enumerate("壹贰叁肆伍陆柒捌玖", start=1)}
SMALL = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
LARGE = {"万": 10**4, "亿": 10**8, "兆": 10**12}

ARABIC = r"\d+(?:[,，]\d{3})*(?:\.\d+)?"
CHINESE_DIGIT = "〇零一二三四五六七八九两"
CHINESE = rf"[{CHINESE_DIGIT}十百千万亿]+"
SCALE = r"(?:万亿|百万|千万|万|亿|兆(?![瓦赫字位帕焦伏欧比])|千(?![米瓦克伏分])|百(?!分))"
NUMBER = pattern(ARABIC)


def arabic(text: str) -> Decimal:
    """Give the value of an Arabic numeral: `47,000` is 47000, `3.3` is 3.3. Full-width digits count too."""
    return Decimal(text.replace(",", "").replace("，", ""))


@lru_cache(maxsize=64)
def scale(text: str) -> Decimal:
    """Give the factor of a scale word after a numeral: 万 is 10000, 万亿 is 10¹², none is 1."""
    factor = 1
    for character in text:
        factor *= LARGE.get(character) or SMALL.get(character) or 1
    return Decimal(factor)


def chinese(text: str) -> Decimal | None:
    """Give the value of a Chinese numeral (三百二十, 两, 十五, 二〇二三), or None where it has none (百, 千万)."""
    if not text or (all(c in SMALL or c in LARGE for c in text) and text[0] not in "十拾"):
        return None
    if all(c in DIGITS for c in text):
        return Decimal("".join(str(DIGITS[c]) for c in text))
    total = section = digit = 0
    for character in text:
        if character in DIGITS:
            digit = DIGITS[character]
        elif character in SMALL:
            section += (digit or 1) * SMALL[character]
            digit = 0
        elif character in LARGE:
            total += (section + digit or 1) * LARGE[character]
            section = digit = 0
        else:
            return None
    return Decimal(total + section + digit)
