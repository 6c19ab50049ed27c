"""The step that writes traditional text in simplified characters, and leaves simplified text alone."""

from __future__ import annotations

import operator
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, compress

import opencc

from pipeline.lexicon import Lexicon
from pipeline.lexicon.characters import Characters
from pipeline.model import Problem, Repair, Script
from pipeline.normalise.alignment import Edit
from pipeline.normalise.draft import Draft, quoted
from pipeline.quick.classes import replace
from pipeline.quick.pattern import pattern
from pipeline.quick.plain import plain

# Parts texts that are looked at together; it tells of neither script.
PART = "\0"
# A passage with fewer telling characters than this goes with the rest of the document.
OWN_EVIDENCE = 4
# So few characters are counted one after the other.
FEW = 8
# The rows of GB 2312 that hold letters and signs.
SIGN_ROWS = range(0xA1, 0xAA)
HAN = pattern(r"\p{Han}")


def simplify_script(draft: Draft, lexicon: Lexicon) -> Draft:
    """Convert traditional passages character by character; words are never exchanged (軟體 gives 软体, not 软件).

    Each line is judged by the characters that only one script has; a line with too few of them follows the document.
    A name such as 泓昇 in simplified text therefore stays. Length and offsets do not change.
    """
    traditional = _traditional(draft.unusual)
    if not traditional:
        return draft
    texts = draft.words.texts
    own = _counts(traditional, texts)
    others = _simplified(texts)
    simplified = sum(others)
    document_is_traditional = sum(own) > simplified
    converts = [t > s if t + s >= OWN_EVIDENCE else document_is_traditional for t, s in zip(own, others, strict=True)]
    if not any(converts):
        return draft
    lines = list(draft.lines)
    repairs: list[Repair] = []
    traditional_texts = list(compress(texts, converts))
    simple = _all_simplified(traditional_texts, lexicon.characters)
    changed = differences("".join(traditional_texts), "".join(simple))
    for place, after in zip(compress(range(len(lines)), converts), simple, strict=True):
        line = lines[place]
        if after != line.text:
            repairs += line.repairs("simplify_script", [Edit(0, len(line.text), after)])
            # The length stays, so everything keeps its place.
            lines[place] = replace(line, text=after)
    converted = sum(compress(own, converts))
    kept = simplified - sum(compress(others, converts))
    script: Script = "hans" if not converted else "hant" if kept < OWN_EVIDENCE else "mixed"
    problems: list[Problem] = []
    if changed:
        message = (
            f"Wrote {changed} traditional characters in simplified script (first: {quoted(repairs[0].before, 20)} → "
            f"{quoted(repairs[0].after, 20)}). Source quotes keep the original."
        )
        problems.append(Problem("info", "script_converted", message))
    return draft.after(lines, repairs, problems, script=script)


def to_simplified(text: str, characters: Characters) -> str:
    """Give traditional `text` in simplified characters, of the same length: 為顯著提升 → 为显著提升."""
    after: str = _converter().convert(text)
    if len(after) != len(text):
        after = "".join(_single(character) for character in text)
    return _with_wordings(text, after, characters)


def _with_wordings(text: str, after: str, characters: Characters) -> str:
    """Put the wordings that OpenCC gets wrong into `after`, what it makes of `text`."""
    parts: list[str] = []
    position = 0
    for match in characters.wordings_pattern.finditer(text):
        parts += (after[position : match.start()], characters.wordings[match.group()])
        position = match.end()
    return "".join(parts) + after[position:] if parts else after


def _all_simplified(texts: list[str], characters: Characters) -> list[str]:
    """Give each text in simplified characters. No word reaches over a line feed, so all are converted at once."""
    whole = "\n".join(texts)
    after: str = _converter().convert(whole)
    if len(after) != len(whole):
        return [to_simplified(text, characters) for text in texts]
    after = _with_wordings(whole, after, characters)
    ends = accumulate(len(text) + 1 for text in texts)
    return [after[end - 1 - len(text) : end - 1] for text, end in zip(texts, ends, strict=True)]


def _traditional(characters: frozenset[str]) -> frozenset[str]:
    """Give those of `characters` that tell of traditional text: GB 2312, what simplified print uses, lacks them."""
    han = "".join(HAN.findall("".join(characters)))
    rare = sorted(set(han).difference(han.encode("gb2312", "ignore").decode("gb2312")))
    if not rare:
        return frozenset()
    simple = _converter().convert("\n".join(rare)).split("\n")
    return frozenset(a for a, b in zip(rare, simple, strict=True) if len(b) == 1 and a != b)


def _simplified(texts: Sequence[str]) -> list[int]:
    """Count the characters of each text that tell of simplified text: GB 2312 has them and Big5 lacks them.

    Big5 holds what traditional print uses. 著, 乾, 后 and 范 are in both and tell nothing.
    """
    # A row of a table ends with a line feed, too; all texts go through the codecs at once.
    whole = PART.join([text.replace(PART, "") for text in texts])
    known = _signs().sub("", whole.encode("gb2312", "ignore").decode("gb2312"))
    shared = known.encode("cp950", "ignore").decode("cp950")
    return list(map(operator.sub, map(len, known.split(PART)), map(len, shared.split(PART))))


def _counts(characters: frozenset[str], texts: Sequence[str]) -> list[int]:
    """Count these characters in each text."""
    if len(characters) > FEW:
        return [sum(map(characters.__contains__, text)) for text in texts]
    whole = "".join(texts)
    present = [character for character in characters if character in whole]
    return [sum(map(text.count, present)) for text in texts] if present else [0] * len(texts)


def differences(one: str, other: str) -> int:
    """Count the places at which two texts of one length differ."""
    # As one long number each: what is unlike stays, and is gathered in the lowest of the four bytes of its character.
    first, second = (int.from_bytes(text.encode("utf-32-le", "surrogatepass"), "little") for text in (one, other))
    unlike = first ^ second
    unlike |= unlike >> 16
    unlike |= unlike >> 8
    return len(one) - unlike.to_bytes(4 * len(one), "little")[::4].count(0)


def _single(character: str) -> str:
    after: str = _converter().convert(character)
    return after if len(after) == 1 else character


@lru_cache(maxsize=1)
def _signs() -> re.Pattern[str]:
    """Give what finds the letters and signs in GB 2312, not Chinese characters, that Big5 lacks: ē, Ж, №."""
    codes = (bytes((row, cell)) for row in SIGN_ROWS for cell in range(0xA1, 0xFF))
    signs = "".join(code.decode("gb2312", "ignore") for code in codes)
    alone = set(signs).difference(signs.encode("cp950", "ignore").decode("cp950"))
    return plain("[" + re.escape("".join(sorted(alone))) + "]")


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    # t2s changes characters only; tw2sp and hk2s would also exchange words (文件 → 文档).
    return opencc.OpenCC("t2s")
