"""Tell what a cell of a task table holds by its own words: names of bodies, a deadline, or the words of a task."""

from __future__ import annotations

from enum import IntEnum

from pipeline.lexicon import Lexicon

OPENING, CLOSING = "（(〔[【", "）)〕]】"
SEPARATORS = "、，,；;/／ \t\n"
LONGEST_NAME = 30
# A name that opens with a verb of work (建设管理委) is no longer than this; longer ones are tasks.
LONGEST_VERBAL_NAME = 8
# Of the pieces of a list so many at least must look like bodies.
BODY_SHARE = 0.6


class Bodies(IntEnum):
    """How surely words name bodies: not at all; by their last word only (产业园区); by a known name or level word."""

    NONE = 0
    POSSIBLE = 1
    CERTAIN = 2


def bodies_in(words: str, lexicon: Lexicon) -> Bodies:
    """Tell how surely the words of a cell are a list of bodies: 市住建局、各区, behind a label (牵头单位：) or not."""
    words = words.strip().rstrip("。；;、，,")
    head, colon, rest = words.replace(":", "：").partition("：")
    if colon and lexicon.roles.of_label(head) is not None:
        words = rest
    pieces = _pieces(words)
    found = [_body(piece, lexicon) for piece in pieces]
    like = [body for body in found if body]
    if not pieces or len(like) < BODY_SHARE * len(pieces) or any(len(piece) > LONGEST_NAME for piece in pieces):
        return Bodies.NONE
    return max(like)


def _pieces(words: str) -> list[str]:
    """Cut a list at the separators that stand in no bracket."""
    pieces, depth = [""], 0
    for char in words:
        depth = max(0, depth + (char in OPENING) - (char in CLOSING))
        if char in SEPARATORS and not depth:
            pieces.append("")
        else:
            pieces[-1] += char
    return [piece for piece in pieces if piece]


def _body(name: str, lexicon: Lexicon) -> Bodies:
    bodies = lexicon.bodies
    # 市财政局牵头
    stem = max((stem for stem in lexicon.roles.label_stems if name.endswith(stem)), key=len, default="")
    name = name[: len(name) - len(stem)] or name
    if name[-1] in CLOSING:
        # 市交通局（计划处）
        name = name[: max(name.rfind(char) for char in OPENING)] or name
    if bodies.form(name) is not None or name in bodies.central:
        return Bodies.CERTAIN
    verbal = any(name.startswith(word) for word in lexicon.headings.task_words)
    if not bodies.ends_like_body(name) or "。" in name or "：" in name:
        return Bodies.NONE
    if verbal and not (bodies.closes_name(name) and len(name) <= LONGEST_VERBAL_NAME):
        return Bodies.NONE
    collective = name.startswith((*bodies.collective_anywhere, *bodies.collective_start))
    level = lexicon.roles.parts["level"].match(name)
    if collective or (level is not None and level.end() < len(name)):
        return Bodies.CERTAIN
    if len(name) > 2 and lexicon.places.starting(name):
        return Bodies.CERTAIN
    return Bodies.POSSIBLE if len(name) > 2 else Bodies.NONE


__all__ = ["Bodies", "bodies_in"]
