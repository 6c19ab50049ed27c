"""The step that writes traditional text in simplified characters, and leaves simplified text alone."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import opencc
import regex

from pipeline.lexicon import Lexicon
from pipeline.lexicon.characters import Characters
from pipeline.model import Problem, Repair, Script
from pipeline.normalise.alignment import Edit
from pipeline.normalise.draft import Draft, Line, quoted

# A passage with fewer telling characters than this goes with the rest of the document.
OWN_EVIDENCE = 4
# So many characters are remembered with their script.
ALL_HAN = 1 << 15
HAN = regex.compile(r"\p{Han}")


def simplify_script(draft: Draft, lexicon: Lexicon) -> Draft:
    """Convert traditional passages character by character; words are never exchanged (軟體 gives 软体, not 软件).

    Each line is judged by the characters that only one script has; a line with too few of them follows the document.
    A name such as 泓昇 in simplified text therefore stays. Length and offsets do not change.
    """
    traditional, simplified = _telling_characters(draft)
    counts = [(_count(traditional, line.text), _count(simplified, line.text)) for line in draft.lines]
    document_is_traditional = sum(t for t, _ in counts) > sum(s for _, s in counts)
    lines: list[Line] = []
    repairs: list[Repair] = []
    converted = kept = changed = 0
    for line, (own_traditional, own_simplified) in zip(draft.lines, counts, strict=True):
        if own_traditional + own_simplified >= OWN_EVIDENCE:
            convert = own_traditional > own_simplified
        else:
            convert = document_is_traditional
        if convert:
            converted += own_traditional
            after = to_simplified(line.text, lexicon.characters)
            if after != line.text:
                edit = Edit(0, len(line.text), after)
                changed += sum(a != b for a, b in zip(line.text, after, strict=True))
                repairs += line.repairs("simplify_script", [edit])
                # The length stays, so the cells of a table keep their places.
                line = replace(line.edited([edit]), cells=line.cells)
        else:
            kept += own_simplified
        lines.append(line)
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
    converter = _converter()
    after: str = converter.convert(text)
    if len(after) != len(text):
        after = "".join(_single(character) for character in text)
    if characters.wordings_pattern.search(text) is None:
        return after
    parts: list[str] = []
    position = 0
    for match in characters.wordings_pattern.finditer(text):
        parts += (after[position : match.start()], characters.wordings[match.group()])
        position = match.end()
    return "".join(parts) + after[position:]


def _telling_characters(draft: Draft) -> tuple[frozenset[str], frozenset[str]]:
    """Give the characters in the source that only traditional and only simplified text has."""
    scripts = {character: _script_of(character) for character in HAN.findall("".join(set(draft.source.text)))}
    traditional = frozenset(character for character, script in scripts.items() if script == "hant")
    simplified = frozenset(character for character, script in scripts.items() if script == "hans")
    return traditional, simplified


@lru_cache(maxsize=ALL_HAN)
def _script_of(character: str) -> Script | None:
    """Give the one script that a character tells of, if it does.

    The two national character sets decide: GB 2312 holds what simplified print uses, Big5 what traditional print uses.
    著, 乾, 后 and 范 are in both and tell nothing.
    """
    in_gb, in_big5 = _encodable(character, "gb2312"), _encodable(character, "cp950")
    if not in_gb and _single(character) != character:
        return "hant"
    return "hans" if in_gb and not in_big5 else None


def _count(characters: frozenset[str], text: str) -> int:
    return sum(map(characters.__contains__, text))


def _encodable(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _single(character: str) -> str:
    after: str = _converter().convert(character)
    return after if len(after) == 1 else character


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    # t2s changes characters only; tw2sp and hk2s would also exchange words (文件 → 文档).
    return opencc.OpenCC("t2s")
