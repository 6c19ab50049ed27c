"""The dictionary of jieba: cut Chinese into its words, and tell which of them are deeds.

jieba reads all of its dictionary before it cuts the first word, which takes half a second and 70 MB, and keeps it in
the temporary folder that all users share. Here those words are read that begin with a character of what is to be cut;
where they stand in the file is found once and kept for later starts. What comes out is the same.
"""

from __future__ import annotations

import marshal
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.quick.kept import read, write

if TYPE_CHECKING:
    from jieba import Tokenizer

FILE = "dict.txt"
# The name of the kept file; the number tells those of another making apart: raise it with every change of `_index`.
PLACES, MAKING = "dictionary", 1
Index = tuple[int, dict[str, tuple[int, ...]]]
"""How often all words were met; the stretches of the file that hold the words with a first character: start, end …"""


class Dictionary:
    """The dictionary, read as far as it was needed."""

    def __init__(self, file: Path) -> None:
        """Take the file: a word, how often it was met and its kind in each line."""
        self._data = file.read_bytes()
        state = file.stat()
        self._total, self._places = _index(self._data, (MAKING, state.st_size, state.st_mtime_ns))
        self._frequencies: dict[str, int] = {}
        self._learnt: set[str] = set()
        self._tokenizer: Tokenizer | None = None

    def cut(self, words: str, *, unknown: bool = True) -> list[str]:
        """Cut into words: 花生 | 种植. With `unknown`, characters that make no known word may be one together."""
        return [str(word) for word in self._cutter(words).cut(words, HMM=unknown)]

    def cut_all(self, words: str) -> list[str]:
        """Give all words inside, also those within longer ones: 工伤保险 holds 工伤 and 保险."""
        return [str(word) for word in self._cutter(words).cut_for_search(words)]

    def kind(self, word: str) -> str:
        """Give the kind of a word, as jieba names it (v, vn, ad); empty for a word that is not in the dictionary."""
        lines = (line.split() for line in self._beginning(word[:1]).splitlines())
        return next((fields[-1] for fields in lines if fields[0] == word), "")

    def _cutter(self, words: str) -> Tokenizer:
        """Give jieba's cutter, which knows all words that begin with a character of these."""
        if self._tokenizer is None:
            import jieba

            jieba.setLogLevel(60)
            self._tokenizer = jieba.Tokenizer()
            self._tokenizer.FREQ, self._tokenizer.total = self._frequencies, self._total
            self._tokenizer.initialized = True
        for first in set(words) - self._learnt:
            self._learn(first)
        return self._tokenizer

    def _learn(self, first: str) -> None:
        """Read the words that begin with a character. What only begins a word has the frequency 0, as jieba has it."""
        self._learnt.add(first)
        for line in self._beginning(first).splitlines():
            word, frequency = line.split(" ")[:2]
            self._frequencies[word] = int(frequency)
            for end in range(1, len(word)):
                self._frequencies.setdefault(word[:end], 0)

    def _beginning(self, first: str) -> str:
        """Give the lines whose words begin with a character."""
        places = self._places.get(first, ())
        return b"".join(self._data[start:end] for start, end in zip(places[::2], places[1::2], strict=True)).decode(
            "utf-8"
        )


def _index(data: bytes, made_from: object) -> Index:
    """Tell where the words stand; found once and kept."""
    kept = read(PLACES, made_from)
    if kept is not None:
        found: Index = marshal.loads(kept)
        return found
    places: dict[str, list[int]] = {}
    total = place = 0
    for line in data.splitlines(keepends=True):
        word, frequency = line.split(b" ")[:2]
        total += int(frequency)
        stretches = places.setdefault(word.decode("utf-8")[0], [])
        if stretches[-1:] == [place]:
            stretches.pop()
        else:
            stretches.append(place)
        place += len(line)
        stretches.append(place)
    index = total, {first: tuple(stretches) for first, stretches in places.items()}
    write(PLACES, made_from, marshal.dumps(index))
    return index


@cache
def dictionary() -> Dictionary:
    """Give the dictionary of the installed jieba."""
    found = find_spec("jieba")
    assert found is not None and found.origin is not None
    return Dictionary(Path(found.origin).with_name(FILE))
