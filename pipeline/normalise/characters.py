"""Steps that repair single characters: invisible ones, private-use signs, radicals, full-width figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.lexicon import Lexicon
from pipeline.lexicon.characters import Characters
from pipeline.model import Problem, Repair
from pipeline.normalise.alignment import Edit
from pipeline.normalise.draft import Draft, Line, edit_lines, quoted, report
from pipeline.normalise.shape import is_unit
from pipeline.quick.derived import derived
from pipeline.quick.pattern import pattern
from pipeline.quick.plain import plain

# Digits, Latin letters and the per cent sign only: full-width brackets, colons and dashes are Chinese punctuation.
WIDE = "０-９Ａ-Ｚａ-ｚ％"
WIDE_RUN = plain(f"[{WIDE}]+")
WIDE_SIGN = plain(f"[{WIDE}．]")
NARROWED = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# A full-width stop between digits is a decimal point, except after a heading mark: １．２０２５年底前完成
WIDE_POINT = plain(r"．(?<=[0-9０-９].)(?=[0-9０-９])")
HEADING_MARK_THEN_YEAR = pattern(r"\s*[0-9０-９]{1,2}．[0-9０-９]{4}")
# A power stands on 10 or on a measure; behind any other figure a raised or circled one is the mark of a note.
NOTE_MARK = pattern(r"(?<=\d)(?<!(?<!\d)10)(?:[⁰¹²³⁴-⁹]+|[①-⑳])(?=\p{Han})")
NOTE_SIGN = plain("[⁰¹²³⁴-⁹①-⑳]")
LINE_BREAKS = plain(r"\r\n?|[\u2028\u2029\x85\x0b\x0c]")
BREAKING = frozenset("\r\x0b\x0c\x85\u2028\u2029")


def line_ends(draft: Draft, lexicon: Lexicon) -> Draft:
    """Write every line break inside a table as a line feed; other lines hold none."""
    if draft.unusual.isdisjoint(BREAKING):
        return draft
    lines, repairs = edit_lines(
        draft,
        "line_ends",
        lambda line: [Edit(m.start(), m.end(), "\n") for m in LINE_BREAKS.finditer(line.text)],
        draft.words.holding(LINE_BREAKS),
    )
    return draft.after(lines, repairs)


def strip_invisible(draft: Draft, lexicon: Lexicon) -> Draft:
    """Leave out characters that show nothing, and write private-use signs of Word as what they show."""
    becomes = _shown_as(lexicon.characters)
    lines, repairs = _replace_characters(draft, "strip_invisible", becomes)
    return draft.after(lines, repairs, _summary(repairs, "invisible_characters", "invisible or private-use characters"))


@derived
def _shown_as(characters: Characters) -> dict[str, str]:
    return {**characters.becomes["invisible"], **characters.becomes["private"]}


def plain_radicals(draft: Draft, lexicon: Lexicon) -> Draft:
    """Write radicals and compatibility forms as the characters they stand for: ⼯⼚ → 工厂."""
    lines, repairs = _replace_characters(draft, "plain_radicals", lexicon.characters.becomes["radical"])
    return draft.after(lines, repairs, _summary(repairs, "compatibility_characters", "radicals or compatibility forms"))


def narrow_figures(draft: Draft, lexicon: Lexicon) -> Draft:
    """Write full-width digits, Latin letters and ％ in half width: ２０２５年 → 2025年. （）①～－ stay."""
    if WIDE_SIGN.search(draft.words.joined) is None:
        return draft
    lines, repairs = edit_lines(draft, "narrow_figures", _narrow, draft.words.holding(WIDE_SIGN))
    return draft.after(lines, repairs, _summary(repairs, "full_width_figures", "full-width digits or letters"))


def drop_note_marks(draft: Draft, lexicon: Lexicon) -> Draft:
    """Leave out the mark of a note that parts a figure from its measure: 1000¹家, 1000①家 → 1000家. m² and 10⁴ stay."""

    if NOTE_SIGN.search(draft.words.joined) is None:
        return draft

    def marks(line: Line) -> list[Edit]:
        found = NOTE_MARK.finditer(line.text)
        return [Edit(m.start(), m.end(), "") for m in found if is_unit(line.text[m.end() : m.end() + 6], lexicon)]

    lines, repairs = edit_lines(draft, "drop_note_marks", marks, draft.words.holding(NOTE_SIGN))
    what = "Left out the mark of a note between a figure and its measure"
    places = [repair.before for repair in repairs]
    return draft.after(lines, repairs, report("note_mark_left_out", what, places, "The note itself stays."))


def _narrow(line: Line) -> list[Edit]:
    edits = [Edit(m.start(), m.end(), m.group().translate(NARROWED)) for m in WIDE_RUN.finditer(line.text)]
    if "．" not in line.text:
        return edits
    label = HEADING_MARK_THEN_YEAR.match(line.text)
    edits += [
        Edit(m.start(), m.end(), ".")
        for m in WIDE_POINT.finditer(line.text)
        if label is None or m.start() >= label.end()
    ]
    return sorted(edits)


def _replace_characters(draft: Draft, step: str, becomes: Mapping[str, str]) -> tuple[Sequence[Line], list[Repair]]:
    present = [character for character in draft.unusual if character in becomes]
    if not present:
        return draft.lines, []

    def replaced(line: Line) -> list[Edit]:
        return [Edit(n, n + 1, becomes[character]) for n, character in enumerate(line.text) if character in becomes]

    places = [place for place, text in enumerate(draft.words.texts) if any(map(text.__contains__, present))]
    return edit_lines(draft, step, replaced, places)


def _summary(repairs: list[Repair], code: str, what: str) -> list[Problem]:
    if not repairs:
        return []
    count = sum(len(repair.before) for repair in repairs)
    first = quoted(repairs[0].before)
    shown = f"first {first!a}" if not first.isprintable() or not first.strip() else f"first {first}"
    return [Problem("info", code, f"Repaired {count} {what} ({shown}). Nothing to do; the source quotes keep them.")]
