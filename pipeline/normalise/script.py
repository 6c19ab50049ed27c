"""The step that writes traditional text in simplified characters, and leaves simplified text alone."""

from __future__ import annotations

import operator
import re
from functools import lru_cache
from itertools import accumulate, compress

import opencc

from pipeline.lexicon import Lexicon
from pipeline.lexicon.characters import Characters
from pipeline.model import Problem, Repair, Script
from pipeline.normalise.alignment import Edit
from pipeline.normalise.draft import Draft, Line, quoted
from pipeline.quick.classes import replace
from pipeline.quick.pattern import pattern
from pipeline.quick.plain import plain

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
    texts = [line.text for line in draft.lines]
    own = [_count(traditional, text) for text in texts]
    whole = "".join(texts)
    simplified = _simplified(whole)
    document_is_traditional = sum(own) > simplified
    others = [_simplified(text) if document_is_traditional or t else 0 for t, text in zip(own, texts, strict=True)]
    converts = [t > s if t + s >= OWN_EVIDENCE else document_is_traditional for t, s in zip(own, others, strict=True)]
    simple = iter(_all_simplified(list(compress(texts, converts)), lexicon.characters))
    lines: list[Line] = []
    repairs: list[Repair] = []
    changed = 0
    for line, convert in zip(draft.lines, converts, strict=True):
        after = next(simple) if convert else line.text
        if after != line.text:
            changed += sum(map(operator.ne, line.text, after))
            repairs += line.repairs("simplify_script", [Edit(0, len(line.text), after)])
            # The length stays, so everything keeps its place.
            line = replace(line, text=after)
        lines.append(line)
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


def _simplified(text: str) -> int:
    """Count the characters of `text` that tell of simplified text: GB 2312 has them and Big5 lacks them.

    Big5 holds what traditional print uses. 著, 乾, 后 and 范 are in both and tell nothing.
    """
    known = text.encode("gb2312", "ignore").decode("gb2312")
    alone = len(known) - len(known.encode("cp950", "ignore").decode("cp950"))
    return alone - len(_signs().findall(known)) if alone else 0


def _count(characters: frozenset[str], text: str) -> int:
    if len(characters) <= FEW:
        return sum(map(text.count, characters))
    return sum(map(characters.__contains__, text))


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
