"""What a reader says when it cannot read a file."""

from __future__ import annotations


class ReadError(Exception):
    """A file that gives no text. `code` is for programs, `message` for people: what is wrong and what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
