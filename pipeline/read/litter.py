"""What programs and systems leave beside documents, in folders and in archives."""

from __future__ import annotations

# Lock files of Word, WPS and LibreOffice; folder settings; what macOS adds to each archive.
PREFIXES = (".", "~$")
NAMES = frozenset({"thumbs.db", "desktop.ini", "__macosx"})


def is_litter(name: str) -> bool:
    """Tell whether the name of a file or folder says that nobody means it to be read: hidden, or a lock file."""
    return name.startswith(PREFIXES) or name.casefold() in NAMES
