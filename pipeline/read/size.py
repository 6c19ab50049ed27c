"""How large a file may be that is held in memory to be read."""

from __future__ import annotations

from pipeline.read.errors import ReadError

# Larger ones are films, backups, images of disks.
MOST_BYTES = 512 << 20


def too_large(source: str, size: str) -> ReadError:
    """Give the error for a file that is too large to be a document; `size` is its bytes in words."""
    return ReadError(
        "too_large",
        f"{source} has {size} bytes; the limit is {MOST_BYTES:,}. If it is an archive, unpack it and give its "
        "documents; else leave it out.",
    )
