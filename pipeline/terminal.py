"""What a terminal needs: widths of Chinese characters, lines that fit, a progress bar."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import TextIO

from pipeline.write.columns import plain_number

BAR = 24
LARGE = (("亿", Decimal(10**8)), ("万", Decimal(10**4)))
# Longer words (addresses of web pages) are broken.
LONGEST_PIECE = 16
MINUS = "−"
# Marks that stay with the word before them; no line opens with one.
CLOSING = "，。、；：！？）〕】》”’…,;:)"


def width(words: str) -> int:
    """Give the columns that a text takes on a terminal: a Chinese character takes two.

    Characters of ambiguous width (“ ” — … ①) count two, as Chinese terminals draw them.
    """
    return sum(_width(character) for character in words)


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cc", "Cf", "Mn"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1


def cut(words: str, columns: int) -> str:
    """Shorten a text to `columns`, with … where something is missing."""
    if width(words) <= columns:
        return words
    kept, room = "", columns - 2
    for character in words:
        room -= _width(character)
        if room < 0:
            break
        kept += character
    return kept + "…"


def wrapped(words: str, columns: int, *, first: str = "", rest: str = "") -> Iterator[str]:
    """Break a text into lines of at most `columns`; Chinese breaks anywhere, Latin words and numbers stay whole."""
    line, margin = first, rest
    empty = True
    for piece in _pieces(words):
        if not empty and width(line + piece.rstrip()) > columns:
            yield line.rstrip()
            line, piece = margin, piece.lstrip()
        line += piece
        empty = False
    yield line.rstrip()


def _pieces(words: str) -> Iterator[str]:
    piece = ""
    for character in words:
        # A minus and its figure are one: −3.5.
        latin = piece[-1:].isascii() or piece == MINUS
        inside_word = character.isascii() and latin and not (character + piece[-1:]).count(" ")
        if piece and (len(piece) >= LONGEST_PIECE or not (inside_word or character in CLOSING)):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def plain_controls(words: str) -> str:
    """Show control characters as a blank, so that a document cannot steer the terminal."""
    return "".join(" " if unicodedata.category(character) == "Cc" else character for character in words)


def amount(value: Decimal) -> str:
    """Write large round amounts as Chinese readers do: 3000000000 → 30亿."""
    for name, size in LARGE:
        short = value / size
        if abs(value) >= size and short == short.quantize(Decimal("0.01")):
            return plain_number(short) + name
    return plain_number(value)


def counted(number: int, one: str, several: str = "") -> str:
    """Give a number with its noun: 1 document, 2,000 documents."""
    return f"{number:,} {one if number == 1 else several or one + 's'}"


class Progress:
    """A bar on a terminal, a line per file elsewhere."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.on_terminal = stream.isatty() and os.environ.get("TERM") != "dumb"

    def show(self, done: int, total: int, words: str, pace: str = "") -> None:
        """Tell that `done` of `total` files are done, the last being `words`, and how fast it goes."""
        words = plain_controls(words)
        if not self.on_terminal:
            print(f"[{done}/{total}] {words}", file=self.stream, flush=True)
            return
        full = BAR * done // max(total, 1)
        head = f"[{'#' * full}{'.' * (BAR - full)}] {done}/{total} {pace + ' ' if pace else ''}"
        columns = _columns(self.stream) - 1
        print("\r\x1b[K" + head + cut(words, max(columns - width(head), 2)), end="", file=self.stream, flush=True)

    def clear(self) -> None:
        """Take the bar away before something else is printed."""
        if self.on_terminal:
            print("\r\x1b[K", end="", file=self.stream, flush=True)


def _columns(stream: TextIO) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):
        return 80
