"""A comparison → lines for a terminal: both documents, what they are to each other, what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, islice

from pipeline.compare.diff.words import word_changes
from pipeline.model.changes import Comparison, Relation
from pipeline.model.tables import Record
from pipeline.terminal import cut, plain_controls, wrapped
from pipeline.view.signs import SIGNS, document_names, relation_words
from pipeline.view.told import Side, Told, counts, sides, told

COLUMNS = 80
WORDS = 24
STEPS = 4
DAMAGE = 20
NO_BREAK = "\N{NO-BREAK SPACE}"


def diff_lines(comparison: Comparison, *, unchanged: bool = False) -> Iterator[tuple[str, str]]:
    """Give kind and words of the lines; none is wider than 80 columns. A terminal sets the kind `heading` in bold.

    Kinds: heading, fact, a group of elements (target, row, people), problem for what a person should look at. A line
    opens with the sign of its change, and with ? where the pair is doubtful: ? ↑ 学位  3000 个 → 3600 个, 2025: raised.
    Pairs that did not change are told where `unchanged` is true.
    """
    names = document_names(comparison)
    for name, side in (("a", comparison.a), ("b", comparison.b)):
        for record in side:
            yield from _head(names[name, record.document.document_id], record)
    rows = told(comparison)
    for relation in comparison.relations:
        yield from _relation(relation, relation_words(relation, names))
    yield "", ""
    yield from _wrap("heading", summary(rows), 0)
    a, b = sides(comparison)
    for group, some in groupby((row for row in rows if unchanged or row.changed), key=lambda row: row.group):
        yield "", ""
        yield "heading", group
        for row in some:
            yield from _change(row, a, b)


def summary(rows: Iterable[Told]) -> str:
    """Give the counts in one line: `3 changes: 2 raised, 1 dropped; 14 unchanged`, or that nothing changed."""
    rows = list(rows)
    found = counts(rows)
    same = found.pop("unchanged", 0)
    rest = f"{same:,} unchanged"
    if not found:
        return f"no change; {rest}"
    total = sum(found.values())
    doubtful = sum(row.row.doubtful for row in rows)
    doubts = f"; {doubtful:,} doubtful (?)" if doubtful else ""
    parts = ", ".join(f"{count:,} {SIGNS[name].word}" for name, count in found.items())
    return f"{total:,} {'change' if total == 1 else 'changes'}: {parts}; {rest}{doubts}"


def _head(name: str, record: Record) -> Iterator[tuple[str, str]]:
    document = record.document
    yield from _wrap("heading", document.title or "(no title found)", 3, mark=f"{name:<3}")
    dates = ((document.issued_on, "issued"), (document.published_on, "published"))
    facts = [document.doc_number, *(f"{word} {date}" for date, word in dates if date), document.source]
    facts.append(f"{len(record.targets):,} targets")
    yield from _wrap("fact", ", ".join(filter(None, facts)), 3, mark="   ")


def _relation(relation: Relation, clause: str) -> Iterator[tuple[str, str]]:
    words = f"{clause}: {relation.reason} (similarity {100 * relation.similarity:.0f} %)"
    yield from _wrap("fact", words, 3, mark="   ")
    if relation.damage:
        yield from _wrap("problem", f"the copy is damaged in {len(relation.damage):,} places", 4, mark="  ! ")
    for damage in relation.damage[:DAMAGE]:
        yield from _wrap("problem", f"{_quoted(damage.a_words)} → {_quoted(damage.b_words)}", 6, mark="    ")
    if len(relation.damage) > DAMAGE:
        yield "problem", f"    and {len(relation.damage) - DAMAGE:,} more"


def _change(change: Told, a: Side, b: Side) -> Iterator[tuple[str, str]]:
    kind = {"Targets": "target", "Organisations": "people"}.get(change.group, "row")
    doubt = "? " if change.row.doubtful else "  "
    names = ", ".join(sign.word for sign in (change.sign, *change.further))
    steps = _steps(change)
    if change.difference:
        names += f" ({change.difference.replace(NO_BREAK, ' ')})"
    if kind == "people":
        words = f"{steps or change.subject}  {change.place}".rstrip() + f": {names}"
    else:
        words = f"{change.subject}{'  ' + steps if steps else ''}: {names}"
    yield from _wrap(kind, words, 6, mark=f"{doubt}{change.sign.mark} ")
    if not change.row.comparable:
        yield from _wrap("problem", f"not comparable: {change.row.reason or 'no reason given'}", 6, mark="      ")
    elif change.row.reason and (change.row.doubtful or (change.travelled and kind == "row")):
        yield from _wrap("fact", change.row.reason, 6, mark="      ")
    if "reworded" in change.types:
        yield from _rewording(change, a, b)


def _steps(change: Told) -> str:
    """Give before and after with the years: 92 % → 95 %, 2023 → 2026; of a section only where its name changed."""
    if change.group == "Sections and tasks":
        return f"← {change.former}" if change.former else ""
    both = list(dict.fromkeys(filter(None, (change.before, change.after))))
    if change.group == "Organisations" and len(both) < 2:
        return ""
    return ", ".join(filter(None, (" → ".join(both), change.years)))


def _rewording(change: Told, a: Side, b: Side) -> Iterator[tuple[str, str]]:
    """Give the first words that were replaced, came or went."""
    one, other = a.sections.get(change.row.a_id or ""), b.sections.get(change.row.b_id or "")
    if one is None or other is None:
        return
    changes = (step for step in word_changes(one.text, other.text) if step.op != "equal")
    for step in islice(changes, STEPS):
        before, after = one.text[step.a_start : step.a_end], other.text[step.b_start : step.b_end]
        yield from _wrap("fact", f"{_quoted(before)} → {_quoted(after)}", 8, mark="      ")
    if next(changes, None) is not None:
        yield "fact", "      …"


def _quoted(words: str) -> str:
    words = " ".join(words.split())
    return f"“{cut(words, WORDS)}”" if words else "(nothing)"


def _wrap(kind: str, words: str, margin: int, *, mark: str = "") -> Iterator[tuple[str, str]]:
    for line in wrapped(plain_controls(words), COLUMNS, first=mark, rest=" " * margin):
        yield kind, line
