"""Where LibreOffice is installed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

# A user may name the program here, where it is neither on the PATH nor at one of its usual places.
VARIABLE = "ZHENGCE_SOFFICE"
PROGRAMS = ("soffice", "libreoffice", "soffice.com", "soffice.exe")
PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    "/snap/bin/libreoffice",
)
WINDOWS_FOLDERS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
WINDOWS_PLACE = "LibreOffice/program/soffice.com"


def find_program() -> Path | None:
    """Give the LibreOffice program to use, None where none is found. The environment variable goes first."""
    return next((place for place in _candidates() if place.is_file()), None)


def _candidates() -> Iterator[Path]:
    if named := os.environ.get(VARIABLE):
        yield Path(shutil.which(named) or named)
    for program in PROGRAMS:
        if found := shutil.which(program):
            yield Path(found)
    yield from map(Path, PLACES)
    for variable in WINDOWS_FOLDERS:
        if folder := os.environ.get(variable):
            yield Path(folder) / WINDOWS_PLACE
