"""Whether characters in images may be recognised now, and where what was recognised is kept.

Recognising a page takes seconds and much memory, so a run over many files leaves it for the end, and keeps each page
for the next run. Without a word from the run, pages are recognised at once and not kept.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.quick.classes import dataclass
from pipeline.read.printed import Glyph, Page, Rule

if TYPE_CHECKING:
    from PIL.Image import Image

# What reads a page: a change of any of it may give other characters.
PACKAGES = ("rapidocr", "onnxruntime", "numpy", "opencv-python", "pillow")
CODE = "scan*.py"


class RecognitionPostponedError(Exception):
    """The document has pages that are images, and these are for later."""


@dataclass(frozen=True, slots=True)
class _Terms:
    allowed: bool = True
    folder: Path | None = None


_terms = [_Terms()]


@contextmanager
def recognition(*, allowed: bool, folder: Path | None = None) -> Iterator[None]:
    """Say within the block whether images may be recognised, and in which folder pages are kept."""
    _terms.append(_Terms(allowed, folder))
    try:
        yield
    finally:
        _terms.pop()


def recognised(image: Image, dots: float, read: Callable[[], Page]) -> Page:
    """Give the page of an image: as it is kept, or as `read` gives it.

    Raises RecognitionPostponedError where it is not kept and images are for later, and what `read` raises.
    """
    terms = _terms[-1]
    path = terms.folder / _name(image, dots) if terms.folder is not None else None
    if path is not None and (page := _kept(path)) is not None:
        return page
    if not terms.allowed:
        raise RecognitionPostponedError
    page = read()
    if path is not None:
        # A page that cannot be kept is recognised again next time.
        with suppress(OSError):
            _keep(path, page)
    return page


def _name(image: Image, dots: float) -> str:
    from hashlib import sha256

    whole = sha256(f"{_reader()} {image.mode} {image.size} {dots!r}".encode())
    whole.update(image.tobytes())
    if image.mode == "P":
        whole.update(bytes(image.getpalette() or ()))
    whole.update(repr(image.info.get("transparency")).encode())
    name = whole.hexdigest()
    return f"{name[:2]}/{name[2:40]}.json"


@lru_cache(maxsize=1)
def _reader() -> str:
    """Give a digest of what recognises: our own steps and the versions of the packages."""
    # Only here: it loads the packages of mail and archives.
    from hashlib import sha256
    from importlib import metadata

    whole = sha256()
    for path in sorted(Path(__file__).parent.glob(CODE)):
        whole.update(path.read_bytes())
    for name in PACKAGES:
        with suppress(metadata.PackageNotFoundError):
            whole.update(f"{name} {metadata.version(name)}".encode())
    return whole.hexdigest()


def _kept(path: Path) -> Page | None:
    try:
        page: dict[str, Any] = json.loads(path.read_bytes())
        return Page(
            page["width"],
            page["height"],
            tuple(Glyph(*glyph) for glyph in page["glyphs"]),
            tuple(Rule(*rule) for rule in page["rules"]),
            page["turned"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(path: Path, page: Page) -> None:
    words = json.dumps(
        {
            "width": page.width,
            "height": page.height,
            "glyphs": page.glyphs,
            "rules": page.rules,
            "turned": page.turned,
        },
        default=float,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    unfinished.write_text(words, encoding="utf-8")
    unfinished.replace(path)
