"""The column `place` of the tables holds a code and a name: 320000 云州市, or the name alone where no list has it."""

from __future__ import annotations


def place_code(place: str | None) -> str:
    """Give the code of a place; empty where it has none."""
    code, _, name = (place or "").partition(" ")
    return code if name and code.isdigit() else ""


def place_name(place: str | None) -> str:
    """Give the name of a place without its code; empty where no place is known."""
    return (place or "").removeprefix(place_code(place)).strip()
