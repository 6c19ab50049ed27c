"""The lexicon as it was read at a former start."""

from __future__ import annotations

import gc
import io
import os
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

import regex

from pipeline.lexicon import Lexicon
from pipeline.quick import kept

FILE = "lexicon"
SOURCES = (".csv", ".toml", ".py")
# What rebuilds compiled patterns, besides the classes of the lexicon itself.
REBUILDING = frozenset((("regex._regex", "compile"), ("pipeline.lexicon.ready", "read_only")))
Stamp = tuple[str, int, int]


def stamps() -> tuple[str, list[Stamp]] | None:
    """Give what tells a change of the data files or of the code that reads them; None where these are no files."""
    folder = os.path.dirname(__file__)
    try:
        found = [*_stamps(folder), *_stamps(os.path.dirname(kept.__file__))]
    except OSError:
        return None
    return regex.__version__, sorted(found)


def _stamps(folder: str) -> Iterator[Stamp]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(SOURCES):
                status = entry.stat()
                yield entry.name, status.st_size, status.st_mtime_ns


def kept_lexicon(made_from: object) -> Lexicon | None:
    """Give the lexicon that was kept for these files, None where there is none."""
    content = kept.read(FILE, made_from) if made_from else None
    if content is None:
        return None
    try:
        with _no_collection():
            lexicon: Lexicon = _Reader(io.BytesIO(content)).load()
    except Exception:
        # From a program that is not quite this one. The data files always tell.
        return None
    return lexicon


def keep(lexicon: Lexicon, made_from: object) -> None:
    """Keep a lexicon that was read without faults."""
    if made_from:
        stream = io.BytesIO()
        _Writer(stream, pickle.HIGHEST_PROTOCOL).dump(lexicon)
        kept.write(FILE, made_from, stream.getvalue())


class _Writer(pickle.Pickler):
    def reducer_override(self, item: Any) -> Any:
        return (read_only, (dict(item),)) if isinstance(item, MappingProxyType) else NotImplemented


class _Reader(pickle.Unpickler):
    """Makes nothing but rules: a file that asks for anything else is refused."""

    def find_class(self, module: str, name: str) -> Any:
        if not (f"{module}.".startswith("pipeline.lexicon.") or (module, name) in REBUILDING):
            raise pickle.UnpicklingError(f"{module}.{name} is no rule")
        return super().find_class(module, name)


def read_only(content: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    """Rebuild a mapping that nobody changes."""
    return MappingProxyType(content)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Look for no garbage meanwhile: thousands of new objects are no sign of any."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
