"""What was made once and is found ready at the next start, as Python keeps the byte code of modules.

A kept file lies where the byte code of this package does (`__pycache__`), or, where that cannot be written, in a
folder of the user's that nobody else may write to. It opens with a line that says what it was made from; another
line, a damaged file or none at all means that the thing is made anew. Nothing is written under
PYTHONDONTWRITEBYTECODE. Deleting the files is always safe.
"""

from __future__ import annotations

import atexit
import marshal
import os
import sys
from collections.abc import Hashable
from contextlib import suppress
from typing import Any
from zlib import crc32

# A shelf keeps what former versions of the program needed, too; when so much is there, only what is in use is kept.
MOST_KEPT = 4096
# As many characters of a text, from both ends, tell it apart from most others.
ENDS = 16
PRIVATE = 0o700
OTHERS_MAY_WRITE = 0o022


class Shelf:
    """Small things by their keys in one kept file: numbers, words, bytes, code, and tuples and dictionaries of these.

    What is put on it is kept when the process ends.
    """

    def __init__(self, name: str, made_from: object) -> None:
        self._name = name
        self._made_from = made_from
        self._kept: dict[Hashable, Any] | None = None
        self._used: dict[Hashable, Any] = {}
        self._news = False

    def get(self, key: Hashable) -> Any:
        """Give what was put there, in this process or a former one; None where there is nothing."""
        found = self._used.get(key)
        if found is None:
            if self._kept is None:
                self._kept = self._read()
            found = self._kept.get(key)
            if found is not None:
                self._used[key] = found
        return found

    def put(self, key: Hashable, thing: Any) -> None:
        """Keep a thing."""
        self._used[key] = thing
        if not self._news:
            self._news = True
            _changed.append(self)

    def close(self) -> None:
        """Write the file where something new was put."""
        if self._news:
            self._news = False
            # Another process may have kept some of its own meanwhile.
            known = self._read() | self._used
            write(self._name, self._made_from, marshal.dumps(known if len(known) <= MOST_KEPT else self._used))

    def _read(self) -> dict[Hashable, Any]:
        content = read(self._name, self._made_from)
        found: dict[Hashable, Any] = marshal.loads(content) if content else {}
        return found


def brief(words: str | bytes, kind: int) -> tuple[Hashable, ...]:
    """Give a short key for a long text, quick to hash; what is kept under it must tell whether it is of this text."""
    return len(words), words[:ENDS], words[-ENDS:], kind


_changed: list[Shelf] = []


@atexit.register
def close_shelves() -> None:
    """Write what is new on any shelf. A process that ends without `atexit`, as workers do, calls this itself."""
    while _changed:
        _changed.pop().close()


def read(name: str, made_from: object) -> bytes | None:
    """Give the content that `write` kept under this name; None where there is none, or it was made from other things.

    `made_from` is compared by its repr.
    """
    for folder in _folders():
        with suppress(OSError), open(_file(folder, name), "rb") as file:
            head, _, content = file.read().partition(b"\n")
            if head == _head(made_from, content):
                return content
    return None


def write(name: str, made_from: object, content: bytes) -> None:
    """Keep a content, in the place of a former one of this name, in the first folder that can be written to."""
    if sys.dont_write_bytecode:
        return
    for folder in _folders():
        file = _file(folder, name)
        fresh = f"{file}.{os.getpid()}"
        try:
            os.makedirs(folder, PRIVATE, exist_ok=True)
            # Written aside and then renamed: who reads meanwhile finds the old one or the new one, whole.
            with open(fresh, "xb") as stream:
                stream.write(_head(made_from, content) + b"\n" + content)
            os.replace(fresh, file)
            return
        except OSError:
            with suppress(OSError):
                os.unlink(fresh)


def _head(made_from: object, content: bytes) -> bytes:
    return f"{sys.hexversion:x} {crc32(content):08x} {made_from!r}".encode("unicode_escape")


def _file(folder: str, name: str) -> str:
    return os.path.join(folder, f"{name}.{sys.implementation.cache_tag}.kept")


def _folders() -> list[str]:
    beside = os.path.dirname(__spec__.cached) if __spec__ is not None and __spec__.cached else ""
    return [folder for folder in (beside, _own_folder()) if folder]


def _own_folder() -> str:
    """Give the user's folder for what can be made anew; empty where there is none, or where others may write to it."""
    if os.name == "nt":
        home = os.environ.get("LOCALAPPDATA", "")
    else:
        home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    if not os.path.isabs(home):
        return ""
    folder = os.path.join(home, "zhengce")
    with suppress(OSError):
        found = os.stat(folder)
        if os.name != "nt" and (found.st_uid != os.getuid() or found.st_mode & OTHERS_MAY_WRITE):
            return ""
    return folder
