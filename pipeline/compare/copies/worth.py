"""What a source is worth among copies of one text, in points that a person can follow."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

# Kinds of problems that tell damage of the source, not a choice of the reader.
DAMAGE = frozenset(
    ("doubtful_characters", "doubtful_figure", "digits_exchanged", "undecodable_characters", "implausible_year")
) | frozenset(
    ("figures_parted", "figures_not_parted", "page_mark_removed", "heading_mark_mistyped", "heading_mark_lost")
)
# The same where a part could not be read.
CUT = frozenset(("page_damaged", "page_without_text", "damaged_part", "file_cut_short", "table_lines_unreadable"))
RECOGNISED = "text_recognised"
PRINTED = ("application/pdf", "application/ofd")
MOST_FOR_DAMAGE, MOST_FOR_UNEXPLAINED = Decimal(3), Decimal(2)
PLACES = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the tables tell of a document.

    `titles`: of its plans, then its own. `place_path`: its place below those it lies in, empty where not known.
    `front`: what its front matter tells (document number, issuer, date, title). `damaged`: number of problems that tell
    damage. `recognised`: its signs were read from pictures. `parts`: where its plans stand in the text, in code points.
    """

    document_id: str
    source: str
    media_type: str
    characters: int
    titles: tuple[str, ...]
    issuers: tuple[str, ...]
    place_path: str
    front: tuple[str, ...]
    damaged: int
    numbers: int
    unexplained: int
    recognised: bool
    parts: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Worth:
    """Points of a source, and the reasons for them in words."""

    points: Decimal
    reasons: str


def worth_of(facts: Facts) -> Worth:
    """Add up the points: for front matter, against damage and unexplained numbers, for the kind of file."""
    points, reasons = Decimal(len(facts.front)), []
    if facts.front:
        reasons.append(f"tells {', '.join(facts.front)} (+{len(facts.front)})")
    damage = _rounded(min(MOST_FOR_DAMAGE, Decimal(1000 * facts.damaged) / max(1, facts.characters)))
    if facts.damaged:
        reasons.append(f"{facts.damaged} damaged places (−{damage})")
    unexplained = _rounded(min(MOST_FOR_UNEXPLAINED, Decimal(10 * facts.unexplained) / max(1, facts.numbers)))
    if unexplained:
        reasons.append(f"{facts.unexplained} of {facts.numbers} numbers unexplained (−{unexplained})")
    medium, why = _medium(facts)
    reasons.append(why)
    return Worth(_rounded(points - damage - unexplained + medium), "; ".join(reasons))


def rank(facts: Facts) -> tuple[Decimal, int, int, str]:
    """Give what sources are sorted by: most points first, then the longer text, then the id."""
    return -worth_of(facts).points, -facts.characters, len(facts.document_id), facts.document_id


def _medium(facts: Facts) -> tuple[Decimal, str]:
    if facts.recognised or facts.media_type.startswith("image/"):
        return Decimal(-1), "signs read from pictures (−1)"
    if facts.media_type in PRINTED:
        return Decimal("0.5"), "printed pages (+0.5)"
    return Decimal(1), "a file with its text (+1)"


def _rounded(points: Decimal) -> Decimal:
    return points.quantize(PLACES)
