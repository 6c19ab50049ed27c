"""Read: the bytes of a file → Source, the words as the file spells them."""

from pipeline.read.errors import ReadError
from pipeline.read.open import open_source

__all__ = ["ReadError", "open_source"]
