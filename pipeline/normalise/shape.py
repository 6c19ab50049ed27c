"""What the shape of a line tells: how wide it is, whether it ends a sentence, whether it opens a paragraph."""

from __future__ import annotations

import re

from pipeline.lexicon import Lexicon
from pipeline.lexicon.loader import Rule
from pipeline.lexicon.starts import Rules
from pipeline.normalise.draft import Draft, Line
from pipeline.quick.pattern import pattern
from pipeline.quick.plain import plain

# What takes no half-width column of its own among the ASCII characters: controls and the space.
NO_COLUMN = bytes((*range(0x21), 0x7F))
BLANK = "\t\n\x0b\x0c\r \x85\u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
BLANKS = pattern(r"[\s\u3000]+")
ANY_BLANKS = pattern(r"\s*")
# A sentence or clause is over; closing brackets and quotes may follow.
SENTENCE_ENDS = tuple("。！？；：…!?;:")
BEHIND_SENTENCE = "”’）)」』》〕]】" + BLANK
CLAUSE_MARK = plain(r"[，。；：,;]")
NUMERAL = pattern(r"[一二三四五六七八九十百零〇]+|\d+|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]+|[壹贰叁肆伍陆柒捌玖拾貳參陸]+")
SENTENCE_MARK = pattern(r"[，。；、]|(?<=\p{Han})[,;](?=\p{Han})")
COLUMN_SIGN = pattern(r"[\s\u3000](?:[%％/-]|—+)(?=[\s\u3000]|$)")
COLUMN_WORDS = pattern(r"[\p{Han}]{2}[\s\u3000]+[\p{Han}]{2}")
COLUMN_NUMBERS = pattern(r"(?:^|[\s\u3000])\d[\d.,]*%?(?=[\s\u3000]|$)")
CLOSING = ("）", ")", "》", "”", "」")
GOES_ON = tuple("，、,（(《“‘「『〈【〔")
CANNOT_OPEN = tuple("，、。；：！？,;）)》”’」』〉】〕")
BRACKETS = {"（": "）", "(": ")", "《": "》", "“": "”", "「": "」", "『": "』", "〈": "〉", "【": "】"}
BRACKET = plain("[" + "".join(map(re.escape, (*BRACKETS, *BRACKETS.values()))) + "]")
CLOSING_BRACKET = plain("[" + "".join(map(re.escape, BRACKETS.values())) + "]")
DECIMAL_FIGURE = pattern(r"\d{1,2}\.\d{1,2}\s*")


def matching(rules: Rules, text: str) -> Rule | None:
    """Give the first rule that is found in `text`."""
    return rules.first_in(text)


def count_matches(rules: Rules, text: str) -> int:
    """Count how often the rules are found in `text`."""
    return sum(len(rule.pattern.findall(text)) for rule in rules)


def starts_with(rules: Rules, text: str, start: int) -> bool:
    """Tell whether one of the rules is found at `start`."""
    return any(rule.pattern.match(text, start) is not None for rule in rules)


def width(text: str) -> int:
    """Give the width of a line in half-width columns: a Chinese character takes two.

    Producers write a space for the thin gap between Chinese and Latin characters; it counts half a column.
    """
    spaces = len(text) - len(squeezed(text))
    narrow = len(text.encode("ascii", "ignore").translate(None, NO_COLUMN))
    return 2 * (len(text) - spaces) - narrow + spaces // 2


def squeezed(text: str) -> str:
    """Give the text without white space."""
    return "".join(text.split())


def is_squeezed(text: str) -> bool:
    """Tell whether the text holds no white space."""
    return text.split(None, 1) == [text]


def ends_sentence(text: str) -> bool:
    """Tell whether a line ends with the mark of a sentence or clause, 。；： and the like."""
    return text.rstrip(BEHIND_SENTENCE).endswith(SENTENCE_ENDS)


def goes_on(text: str) -> bool:
    """Tell whether a line ends where no paragraph ends: after 、or ， or an opening bracket, or a dash behind words."""
    return text.rstrip().endswith(GOES_ON) or (
        text.endswith("—") and not text[-2:-1].isspace() and text[-2:-1] not in "—"
    )


def cannot_open(text: str) -> bool:
    """Tell whether a line begins with what opens no paragraph: 。，）》.

    A percent sign alone is the cell of a column of units.
    """
    return text.startswith(CANNOT_OPEN) or (text.startswith(("%", "％")) and bool(text[1:].strip()))


def is_prose(text: str) -> bool:
    """Tell whether a line reads as running text: it holds a comma, stop, semicolon or colon."""
    return CLAUSE_MARK.search(text) is not None


def open_bracket(text: str) -> str:
    """Give the last bracket or quote that `text` opens and does not close, empty where there is none."""
    waiting: list[str] = []
    for found in BRACKET.findall(text):
        if found in BRACKETS:
            waiting.append(found)
        elif waiting and BRACKETS[waiting[-1]] == found:
            waiting.pop()
    return waiting[-1] if waiting else ""


def may_close(text: str) -> bool:
    """Tell whether `text` holds a closing bracket or quote."""
    return CLOSING_BRACKET.search(text) is not None


def closes(bracket: str, text: str) -> bool:
    """Tell whether `text` closes `bracket` before it opens one of the same kind."""
    closing = text.find(BRACKETS[bracket])
    return closing >= 0 and text.find(bracket, 0, closing) < 0


def openings(draft: Draft, lexicon: Lexicon) -> list[bool]:
    """Tell for each line whether it begins something of its own: a heading, list item, table, note or closing part."""
    blocks = [line.block for line in draft.lines]
    found = [block.kind != "paragraph" or bool(block.level or block.cells) for block in blocks]
    for place in draft.words.first_rules(lexicon.frames.rules["opens"]):
        found[place] = found[place] or not opens_with_figure(draft.words.texts[place], lexicon)
    return found


def opens_paragraph(line: Line, lexicon: Lexicon) -> bool:
    """Tell of one line what `openings` tells of all."""
    block = line.block
    return block.kind != "paragraph" or bool(block.level or block.cells) or opens_by_words(line.text, lexicon)


def opens_by_words(text: str, lexicon: Lexicon) -> bool:
    """Tell whether the words of a line begin something of its own."""
    return matching(lexicon.frames.rules["opens"], text) is not None and not opens_with_figure(text, lexicon)


def opens_with_figure(text: str, lexicon: Lexicon) -> bool:
    """Tell whether a line begins with a decimal figure: 2.69 万亿元 of a wrapped line is not the heading 2.69."""
    figure = DECIMAL_FIGURE.match(text)
    return figure is not None and is_unit(text[figure.end() : figure.end() + 6], lexicon)


def label_style(text: str, lexicon: Lexicon) -> str:
    """Give the form of a heading mark, whatever its number: （三）→ （0）, 2.1 → 0.0."""
    rule = matching(lexicon.frames.rules["opens"], text)
    found = rule.pattern.search(text) if rule is not None else None
    return "0".join(NUMERAL.split(squeezed(found.group()))) if found is not None else ""


def is_unit(text: str, lexicon: Lexicon) -> bool:
    """Tell whether `text` begins with a measure, a multiplier (万, 亿) or a part of a date."""
    return (text[:1] in "万亿年月日%％倍" and text[:1] != "") or lexicon.measures.at(text, 0) is not None


def is_table_row(text: str, lexicon: Lexicon) -> bool:
    """Tell whether a line looks like a table row: bare numbers, lone signs or words set apart by spaces.

    序号 指标 单位 2025年 and 3 全员劳动生产率 万元/人 - 36; not 2022 年 3 月 30 日.
    """
    if len(text.split(None, 1)) < 2 or len(BLANKS.findall(text)) < 3 or SENTENCE_MARK.search(text.replace("、", "")):
        return False
    ends = [behind.end() for found in COLUMN_NUMBERS.finditer(text) if (behind := ANY_BLANKS.match(text, found.end()))]
    numbers = sum(not is_unit(text[end : end + 6], lexicon) for end in ends)
    if "、" in text:
        # 文化、体育设施面积 万平方米 63 68: two things may share a name; elsewhere the mark stands in sentences
        return numbers >= 2
    return numbers >= 2 or COLUMN_SIGN.search(text) is not None or COLUMN_WORDS.search(text) is not None


def ends_unfinished(line_text: str, lexicon: Lexicon) -> bool:
    """Tell whether a line ends with a word that asks for more, as no heading does: 于, 的, 及."""
    return matching(lexicon.frames.rules["unfinished"], line_text) is not None


def alone(draft: Draft, lexicon: Lexicon) -> list[bool]:
    """Tell for each line whether it goes on nothing and in nothing: a date, a number, a row, a centred line."""
    blocks = [line.block for line in draft.lines]
    found = [block.kind != "paragraph" or bool(block.level or block.centred) for block in blocks]
    for place in draft.words.first_rules(lexicon.frames.rules["alone"]):
        found[place] = True
    for place in draft.words.gapped:
        found[place] = found[place] or is_table_row(draft.words.texts[place], lexicon)
    return found
