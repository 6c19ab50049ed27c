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
from pathlib import Path

from pipeline.quick.classes import dataclass
from pipeline.read.libreoffice import find_program

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
    root = Path(__file__).parents[1]
    for folder in sorted(entry for entry in root.iterdir() if entry.is_dir() and entry.name not in ELSEWHERE):
        for path in sorted(folder.glob("*.py")) + sorted(folder.glob("*/*.py")):
            yield path.relative_to(root).as_posix()
            yield sha256(path.read_bytes()).hexdigest()
    yield sha256((root / "run.py").read_bytes()).hexdigest()
    yield f"{sys.version_info.major}.{sys.version_info.minor}"


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
    folder = Path(__file__).parents[1] / "lexicon"
    for topic in TOPICS[stage]:
        for name in FILES[topic]:
            yield name
            yield sha256((folder / name).read_bytes()).hexdigest()
