"""What a person should know of a Word file: what was left out of its text, and what was changed on the way."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from lxml import etree

from pipeline.model import Problem
from pipeline.read.word_items import Tally
from pipeline.read.word_numbering import read_numbering
from pipeline.read.word_parts import Parts
from pipeline.read.word_styles import read_styles
from pipeline.read.word_tables import words_of
from pipeline.read.word_walk import Walk
from pipeline.read.word_xml import name_of

REVISIONS = frozenset({"w:ins", "w:del", "w:moveFrom", "w:moveTo", "w:cellIns", "w:cellDel"})
# Messages quote words up to this length, and name so many files.
LONGEST_QUOTE = 60
MOST_NAMED = 8


def count_revisions(root: etree._Element) -> int:
    """Count the insertions, deletions and moves that are marked in a part."""
    return sum(name_of(element) in REVISIONS for element in root.iter("*"))


def problems_of(parts: Parts, walk: Walk) -> Iterator[Problem]:
    """Give a row for everything that the text does not show as the file holds it."""
    tally = walk.tally
    if tally.revisions:
        message = (
            f"The file holds {tally.revisions} tracked changes. They were read as accepted: check the final version."
        )
        yield Problem("info", "revisions_accepted", message)
    comments = sum(name_of(child) == "w:comment" for root in parts.trees("comments") for child in root)
    if comments:
        yield Problem(
            "info", "comments_left_out", f"The file holds {comments} comments, which are not part of its text."
        )
    if tally.hidden:
        quote = _shortened(" ".join(tally.hidden))
        message = f"Words that the file hides were left out: {quote}. Unhide them in Word if they belong to the text."
        yield Problem("info", "hidden_text_left_out", message)
    if tally.notes:
        message = f"{len(tally.notes)} footnotes or endnotes stand after the text, each behind its mark. Nothing to do."
        yield Problem("info", "notes_at_end", message)
    yield from _edges(parts)
    yield from _attachments(parts, tally)
    yield from _pictures(tally)
    if tally.fields:
        message = f"What these fields show is not known: {_shortened('; '.join(tally.fields))}. Look at the file there."
        yield Problem("warning", "field_not_shown", message)
    if walk.numbering.unknown:
        kinds = ", ".join(sorted(walk.numbering.unknown))
        message = f"Automatic numbers of the kind {kinds} were written as 1, 2, 3. Check the marks of headings."
        yield Problem("warning", "numbering_format_unknown", message)


def _edges(parts: Parts) -> Iterator[Problem]:
    """Tell what headers and footers say, but for page numbers."""
    styles = read_styles(None)
    texts: dict[str, None] = {}
    for root in parts.trees("header") + parts.trees("footer"):
        walk = Walk(styles, read_numbering(None, styles))
        text = " ".join(filter(None, (words_of(item).replace("\n", " ") for item in walk.items(root))))
        if any(character.isalpha() for character in text):
            texts[_shortened(text)] = None
    if texts:
        message = f"Headers and footers were left out: {' | '.join(list(texts)[:MOST_NAMED])}."
        yield Problem("info", "headers_and_footers_left_out", message)


def _attachments(parts: Parts, tally: Tally) -> Iterator[Problem]:
    names = dict.fromkeys(posixpath.basename(name) for name in parts.attachments())
    if not names and tally.attachments:
        names = dict.fromkeys(tally.attachments)
    if names:
        named = ", ".join(list(names)[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")
        message = (
            f"{len(names)} files inside the document were not read: {named}. Save them from Word and give them too."
        )
        yield Problem("warning", "attachment_not_read", message)


def _pictures(tally: Tally) -> Iterator[Problem]:
    if tally.images:
        message = f"{tally.images} pictures were not read. If one shows text or a table, save the file as PDF for OCR."
        yield Problem("info", "images_not_read", message)
    if tally.graphics:
        message = f"{tally.graphics} charts or diagrams were not read. Copy their words or figures by hand."
        yield Problem("warning", "diagrams_not_read", message)


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"
