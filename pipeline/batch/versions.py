"""What a result depends on besides the file: the code, the packages that read files, and the rules of each stage.

A change of a data file of the lexicon touches the stages that take its topic, and those behind them. The tests hold
both tables against what the stages really ask for.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import sha256

from pipeline.quick.classes import dataclass
from pipeline.quick.kept import Shelf
from pipeline.read.office_program import find_program

# The data files of each topic of the lexicon.
FILES: dict[str, tuple[str, ...]] = {
    "audit": ("audit.toml",),
    "bodies": (
        "bodies.csv", "body_endings.csv", "central_bodies.csv", "collectives.csv", "function_stems.csv",
        "functions.csv", "successions.csv",
    ),
    "breakthroughs": ("breakthroughs.toml",),
    "characters": ("characters.csv", "script.csv"),
    "columns": ("cells.toml", "columns.toml"),
    "contrasts": ("contrasts.csv",),
    "facts": ("facts.toml",),
    "families": ("indicator_synonyms.csv",),
    "frames": ("frames.toml", "information_fields.csv", "page_nodes.csv"),
    "headings": (
        "front_fields.csv", "front_lines.toml", "heading_marks.toml", "heading_numerals.csv", "heading_titles.csv",
        "plan_genres.csv", "table_heads.csv", "task_words.csv", "title_endings.csv",
    ),
    "indicators": ("indicators.csv",),
    "ledger": ("ledger.toml",),
    "measures": ("measures.csv",),
    "patterns": ("grammar.toml",),
    "places": (
        "former_places.csv", "level_words.csv", "number_marks.csv", "place_marks.csv", "places.csv", "zones.csv",
    ),
    "roles": ("names.toml", "roles.csv", "roles.toml"),
    "timing": ("periods.toml",),
    "wording": ("wording.csv",),
}  # fmt: skip
# The topics that each stage takes, in the order of the stages.
TOPICS: dict[str, tuple[str, ...]] = {
    "read": ("frames",),
    "normalise": ("characters", "columns", "frames", "measures"),
    "segment": ("bodies", "columns", "headings", "measures", "places", "roles"),
    "result": (
        "audit", "bodies", "breakthroughs", "columns", "facts", "headings", "indicators", "ledger", "measures",
        "patterns", "places", "roles", "timing", "wording",
    ),
}  # fmt: skip
# Parts of the program that do not change what is made of a document.
ELSEWHERE = ("batch", "check", "compare", "remote", "view")
# Packages whose version may change what is read; names as their folders in site-packages spell them.
PACKAGES = (
    "charset_normalizer", "lxml", "numpy", "olefile", "onnxruntime", "opencc", "opencv_python", "pdfminer",
    "pdfplumber", "pillow", "pypdfium2", "rapidocr", "regex",
)  # fmt: skip
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DIGESTS = Shelf("digests", ROOT)


@dataclass(frozen=True, slots=True)
class Versions:
    """A digest for each stage of all that what it makes depends on, besides the file."""

    text: bytes
    outline: bytes
    result: bytes


@lru_cache(maxsize=1)
def versions() -> Versions:
    """Give the versions of this installation, as they are when they are first asked for."""
    made = _digest(_code(), _packages(), (str(find_program() or ""),))
    made = _digest((made.hex(),), _rules("read"))
    text = _digest((made.hex(),), _rules("normalise"))
    outline = _digest((text.hex(),), _rules("segment"))
    return Versions(text, outline, _digest((outline.hex(),), _rules("result")))


def key(*parts: str | bytes) -> bytes:
    """Give a short name for a thing that depends on these parts."""
    return _digest(part.hex() if isinstance(part, bytes) else part for part in parts)[:20]


def _digest(*groups: Iterable[str]) -> bytes:
    whole = sha256()
    for group in groups:
        for words in group:
            data = words.encode("utf-8", "backslashreplace")
            whole.update(len(data).to_bytes(8, "big") + data)
        whole.update(b"\xff" * 8)
    return whole.digest()


def _code() -> Iterator[str]:
    """Give the program, but for what comes before and after the stages."""
    with os.scandir(ROOT) as entries:
        folders = sorted(entry.name for entry in entries if entry.is_dir() and entry.name not in ELSEWHERE)
    for folder in folders:
        yield from _modules(folder)
    yield _digest_of("run.py")
    yield f"{sys.version_info.major}.{sys.version_info.minor}"


def _modules(folder: str) -> Iterator[str]:
    """Give name and content of all modules in a folder, then those of the folders in it."""
    with os.scandir(os.path.join(ROOT, folder)) as entries:
        found = sorted((entry.is_dir(), entry.name) for entry in entries if entry.name != "__pycache__")
    for is_folder, name in found:
        if is_folder:
            yield from _modules(f"{folder}/{name}")
        elif name.endswith(".py"):
            yield f"{folder}/{name}"
            yield _digest_of(f"{folder}/{name}")


def _digest_of(name: str) -> str:
    """Give the digest of a file of the program. It is kept, until size or time of the file are others."""
    path = os.path.join(ROOT, name)
    status = os.stat(path)
    key = name, status.st_size, status.st_mtime_ns
    found: str | None = DIGESTS.get(key)
    if found is None:
        with open(path, "rb") as file:
            found = sha256(file.read()).hexdigest()
        DIGESTS.put(key, found)
    return found


def _packages() -> Iterator[str]:
    """Give names and versions of packages as their folders tell them: asking each for its version takes longer."""
    for place in sys.path:
        try:
            names = sorted(os.listdir(place or "."))
        except OSError:
            continue
        for name in names:
            if name.endswith((".dist-info", ".egg-info")) and name.lower().startswith(PACKAGES):
                yield name


def _rules(stage: str) -> Iterator[str]:
    for topic in TOPICS[stage]:
        for name in FILES[topic]:
            yield name
            yield _digest_of(f"lexicon/{name}")
