"""Documents → those that print the same text, with the better source proposed; versions are told apart.

Documents are taken from the best source to the worst. Each is compared with the few that the index finds among those
that nothing before them was a copy of, so the work grows with the number of documents, not with its square, and the
order in which they come does not matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from pipeline.compare.copies.kinship import Kinship, Names, kinship
from pipeline.compare.copies.likeness import Body, body_of
from pipeline.compare.copies.sketches import Index, Sketch, body_text, sketch_of
from pipeline.compare.copies.worth import Facts, Worth, rank, worth_of
from pipeline.model.reports import DuplicateRow

# Estimates scatter: what is compared must only seem to share a third.
LEAST_ESTIMATE = 0.35
BODIES_KEPT = 64
IDENTICAL = "not a sign differs, white space aside"
WHOLE = Decimal(1)


@dataclass(slots=True)
class Text:
    """A text of its own among those looked at: its best document, copies of it, and what it is related to."""

    facts: Facts
    copies: list[tuple[Facts, str, Decimal, str]] = field(default_factory=list)
    holders: list[tuple[int, Kinship]] = field(default_factory=list)
    versions: list[tuple[int, Kinship]] = field(default_factory=list)


def find_copies(documents: Iterable[tuple[Facts, str]], read: Callable[[str], str]) -> list[DuplicateRow]:
    """Give a row per document that has a copy, part, whole or version among the others, grouped, best source first.

    `documents` give the facts and the normalised text of each; the texts are not kept. `read` gives a text again by
    its document_id. Groups are in the order of their best sources' paths; versions come behind the copies.
    """
    sketched = [(facts, sketch_of(text, _parts(facts, text))) for facts, text in documents]
    sketched.sort(key=lambda pair: rank(pair[0]))
    texts = _texts(sketched, read)
    rows = [*_copy_rows(texts), *_version_rows(texts)]
    first = {row.group_id: row.source for row in reversed(rows)}
    return sorted(rows, key=lambda row: (row.relation == "version", first[row.group_id], row.group_id))


def _texts(sketched: Sequence[tuple[Facts, Sketch]], read: Callable[[str], str]) -> list[Text]:
    """Sort documents, best first, into texts."""

    @lru_cache(maxsize=BODIES_KEPT)
    def body(facts: Facts) -> Body:
        text = read(facts.document_id)
        return body_of(body_text(text, _parts(facts, text)))

    texts: list[Text] = []
    identical: dict[bytes, int] = {}
    index = Index([sketch for _, sketch in sketched])
    places: dict[int, int] = {}
    for key, (facts, sketch) in enumerate(sketched):
        known = identical.get(sketch.digest) if sketch.digest else None
        if known is not None:
            texts[known].copies.append((facts, "identical text", WHOLE, IDENTICAL))
            continue
        found = _related(facts, body, texts, [places[other] for other in index.like(key, least=LEAST_ESTIMATE)])
        copied = next((pair for pair in found if pair[1].kind == "same text"), None)
        if copied is not None:
            place, kin = copied
            texts[place].copies.append((facts, kin.kind, _share(kin.similarity), kin.reason))
        else:
            place = len(texts)
            texts.append(Text(facts))
            places[key] = place
            index.open(key)
            _link(texts, place, found, body)
        if sketch.digest:
            identical[sketch.digest] = place
    return texts


def _related(
    facts: Facts, body: Callable[[Facts], Body], texts: list[Text], places: Iterable[int]
) -> list[tuple[int, Kinship]]:
    found = []
    for place in places:
        other = texts[place].facts
        shorter, longer = sorted((facts, other), key=lambda each: (len(body(each)), each.document_id))
        torn = bool(facts.damaged or other.damaged)
        kin = kinship(body(shorter), body(longer), _names(shorter), _names(longer), torn=torn)
        if kin is not None:
            found.append((place, kin))
    return found


def _link(texts: list[Text], place: int, found: Iterable[tuple[int, Kinship]], body: Callable[[Facts], Body]) -> None:
    """Note which text holds which, and which are versions."""
    for other, kin in found:
        if kin.kind == "version":
            texts[place].versions.append((other, kin))
            texts[other].versions.append((place, kin))
        else:
            whole = max(place, other, key=lambda each: len(body(texts[each].facts)))
            part = other if whole == place else place
            texts[part].holders.append((whole, kin))


def _copy_rows(texts: list[Text]) -> Iterator[DuplicateRow]:
    """Give the groups: a text that no other holds, its copies, the texts it holds, and their copies."""
    groups: dict[int, list[int]] = defaultdict(list)
    for place in range(len(texts)):
        groups[_outermost(texts, place)].append(place)
    for whole, places in groups.items():
        best = texts[whole].facts
        members = [(facts, relation, best, share, reason) for facts, relation, share, reason in texts[whole].copies]
        for place in places:
            text = texts[place]
            if place != whole:
                holder, kin = _holder(texts, place)
                members.append((text.facts, kin.kind, texts[holder].facts, _share(kin.similarity), kin.reason))
                members += [(facts, word, text.facts, share, reason) for facts, word, share, reason in text.copies]
        if not members:
            continue
        group = "copies-" + min([best.document_id, *(member[0].document_id for member in members)])
        nearest = max(members, key=lambda member: (member[2] == best, member[3], member[0].document_id))
        yield _row(group, best, nearest[1], nearest[0], nearest[3], True, _kept(best, nearest))
        for facts, relation, other, share, reason in sorted(members, key=lambda member: rank(member[0])):
            yield _row(group, facts, relation, other, share, False, reason)


def _version_rows(texts: list[Text]) -> Iterator[DuplicateRow]:
    """Give the groups of texts that are versions, each beside the one that is likest to it."""
    # A part is a version of whatever its whole is a version of.
    links = {
        place: [(other, kin) for other, kin in text.versions if not texts[other].holders]
        for place, text in enumerate(texts)
        if text.versions and not text.holders
    }
    seen: set[int] = set()
    for start in links:
        if start in seen or not links[start]:
            continue
        waiting, group = [start], []
        seen.add(start)
        while waiting:
            place = waiting.pop()
            group.append(place)
            new = sorted({other for other, _ in links[place]} - seen)
            seen.update(new)
            waiting += new
        name = "versions-" + min(texts[place].facts.document_id for place in group)
        for place in sorted(group):
            other, kin = max(links[place], key=lambda pair: (pair[1].similarity, -pair[0]))
            facts = texts[place].facts
            yield _row(name, facts, kin.kind, texts[other].facts, _share(kin.similarity), True, kin.reason)


def _holder(texts: list[Text], place: int) -> tuple[int, Kinship]:
    """Give the text that holds this one: one that no other holds if there is one, then the nearest."""
    return max(texts[place].holders, key=lambda pair: (not texts[pair[0]].holders, pair[1].similarity, -pair[0]))


def _outermost(texts: list[Text], place: int) -> int:
    while texts[place].holders:
        place = _holder(texts, place)[0]
    return place


def _names(facts: Facts) -> Names:
    return Names(facts.titles, facts.issuers, facts.place_path)


def _parts(facts: Facts, text: str) -> tuple[tuple[int, int], ...]:
    return facts.parts or ((0, len(text)),)


def _share(similarity: float) -> Decimal:
    return Decimal(str(similarity)).quantize(Decimal("0.001"))


def _kept(best: Facts, nearest: tuple[Facts, str, Facts, Decimal, str]) -> str:
    """Say why the better one is: the whole stands before its parts whatever its points."""
    facts, relation, _, _, reason = nearest
    if relation != "contained":
        return reason
    worse = worth_of(facts).points > worth_of(best).points
    return "it holds all of the other" + (", though that one has more points" if worse else "")


def _row(
    group: str, facts: Facts, relation: str, other: Facts, share: Decimal, better: bool, reason: str
) -> DuplicateRow:
    worth: Worth = worth_of(facts)
    return DuplicateRow(
        group_id=group,
        document_id=facts.document_id,
        source=facts.source,
        relation=relation,
        other_id=other.document_id,
        similarity=share,
        better=better,
        score=worth.points,
        reason=f"{reason}; source: {worth.reasons}",
    )
