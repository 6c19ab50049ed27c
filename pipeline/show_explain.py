"""Why a row says what it says: for each target its typed words, rules, and the words that each field came from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from pipeline.model.tables import EvidenceRow, NumberRow, Record, TargetRow
from pipeline.show import COLUMNS, COMPARATORS, target_line
from pipeline.terminal import cut, plain_controls, width, wrapped
from pipeline.write import plain_number

FIELD, PLACE = 12, 13
# So many characters are shown on either side of a number.
AROUND = 12
FIELDS = (
    "indicator", "value", "unit", "comparator", "kind", "cadence", "year_end", "scope", "modality", "baseline",
    "part_of", "confidence",
)  # fmt: skip
# Ways in which words came to a field whose names may not tell enough.
WAYS = {
    "carried": "of the item before",
    "label": "before the colon",
    "list-end": "at the end of the list",
    "verb": "what is done",
    "cover": "how far it reaches",
    "project-works": "works are yet to be built",
    "heading": "title of a section above",
    "goal-above": "goal of a section above",
    "plan-period": "the years of the plan",
    "anchor": "of these years",
}
BASES = {
    "stated": "a verb, adverb or comparator at the figure",
    "set-phrase": "a set phrase",
    "neighbour": "the neighbour in the list",
    "table": "the cell and the head of its column",
    "bare-noun": "a noun before the figure, no verb",
    "chinese-numeral": "a numeral in Chinese characters",
    "unpaired": "names and values do not pair up",
    "doubtful": "the figure may be misread",
    "digits-exchanged": "the digits of the text were exchanged",
}
# What holds where no words say anything else.
DEFAULTS = {
    "comparator": "nothing bounds it",
    "kind": "nothing says otherwise",
    "cadence": "nothing says how often",
    "year_end": "no year is said",
}
# The classes that a reader doubts first; those of whole families of numbers, told in brief, come last.
CLASSES = ("baseline", "support", "qualifier", "other", "name", "doc_number", "date", "label")
IN_BRIEF = frozenset(CLASSES[-3:])
Line = tuple[str, str]


def explain(record: Record, target_ids: Sequence[str] = ()) -> Iterator[Line]:
    """Give kind and words of the lines that explain the targets (those of `target_ids`, or all) and other numbers.

    The numbers that are no targets, with the rule that classed them, are told where no target is asked for. No line
    is wider than 80 columns.
    """
    evidence: dict[str, list[EvidenceRow]] = {}
    for row in record.evidence:
        evidence.setdefault(row.target_id, []).append(row)
    titles = {section.section_id: f"{section.label or ''}{section.title or ''}" for section in record.sections}
    told = ("", "")
    for target in record.targets:
        if target_ids and target.target_id not in target_ids:
            continue
        if told != (told := (target.section_id, target.sentence)):
            yield "", ""
            yield "heading", cut(plain_controls(titles[target.section_id] or "(without heading)"), COLUMNS)
            yield from _wrap("quote", _cells(target.sentence), 2, mark="“ ")
        yield from _target(target, evidence.get(target.target_id, []))
    if not target_ids:
        yield from _numbers(record)


def find_targets(record: Record, wanted: str) -> tuple[str, ...]:
    """Give the ids of the targets that `wanted` means: a whole id, or the end of one (p1-s2.1-t3)."""
    ids = [target.target_id for target in record.targets]
    return tuple(i for i in ids if i == wanted) or tuple(i for i in ids if i.endswith(f"-{wanted}"))


def _cells(sentence: str) -> str:
    """Give a sentence in one line; of a row of a table its cells, parted by |."""
    cells = (cell.strip() for cell in sentence.replace("\t", "\n").split("\n"))
    return " | ".join(cell for cell in cells if cell)


def _target(target: TargetRow, evidence: list[EvidenceRow]) -> Iterator[Line]:
    yield "", ""
    yield from _wrap("heading", target_line(target), 2, mark="→ ")
    yield from _wrap("fact", f"{target.target_id}  [{target.rule}]", 2, mark="  ")
    yield from _words(target, evidence)
    for field in FIELDS:
        yield from _field(field, target, [row for row in evidence if row.field == field])


def _words(target: TargetRow, evidence: list[EvidenceRow]) -> Iterator[Line]:
    """Give the typed words in their order: 到2025年 deadline-year · 达到 level · 25件 value · 以上 comparator_after."""
    typed: dict[tuple[int, int], str] = {}
    quotes: dict[tuple[int, int], str] = {}
    for row in sorted(evidence, key=lambda row: row.field != "token"):
        span = (row.char_start, row.char_end)
        near = abs(row.char_start - target.char_start) <= len(target.sentence)
        taken = any(a < span[1] and span[0] < b for a, b in typed) and row.field != "indicator"
        if row.field in ("unit", "confidence") or not near or taken:
            continue
        typed[span] = row.field if row.field in ("indicator", "value") else row.rule
        quotes[span] = "".join(row.quote.split())
    words = " · ".join(f"{quotes[span]} {typed[span]}" for span in sorted(typed))
    yield from _wrap("words", words, FIELD + 2, mark=f"  {'words':<{FIELD}}")


def _field(field: str, target: TargetRow, rows: list[EvidenceRow]) -> Iterator[Line]:
    """Give a line for each stretch that a field came from: its place, its words → what they gave, and the rule."""
    gives = _gives(field, target)
    if not rows and field in DEFAULTS:
        yield from _row(field, "-", f"{gives or 'none'}  [{DEFAULTS[field]}]")
    for number, row in enumerate(rows):
        quote = "".join(row.quote.split())
        result = f" → {gives}" if number == 0 and gives not in ("", quote) else ""
        notes = [row.rule, WAYS.get(row.rule, "")]
        if field == "confidence":
            quote, result, notes = "", gives, [row.rule, BASES.get(row.rule, "")]
        elif field == "year_end" and row.rule not in WAYS:
            notes.append(f"in the {target.year_source}" if target.year_source in ("sentence", "paragraph") else "")
        said = ": ".join(note for note in notes if note)
        yield from _row("" if number else field, f"{row.char_start}-{row.char_end}", f"{quote}{result}  [{said}]")
    if field == "indicator" and (added := _added(target.indicator, rows)):
        yield from _row("", "-", f"{added}  [added by the rule]")


def _added(name: str, rows: list[EvidenceRow]) -> str:
    """Give what of a name comes from no words of the text: 占比, 的."""
    left = name
    for quote in sorted(("".join(row.quote.split()) for row in rows), key=len, reverse=True):
        left = left.replace(quote, "\0", 1)
    return " ".join(part for part in left.split("\0") if part)


def _gives(field: str, target: TargetRow) -> str:
    """Give what a field says, as the row has it; nothing of the indicator, which is the headline."""
    if field == "indicator":
        return ""
    if field == "comparator":
        return "range" if target.comparator == "range" else COMPARATORS[target.comparator]
    if field == "value" and target.value_max is not None:
        return f"{plain_number(target.value)} to {plain_number(target.value_max)}"
    value = getattr(target, field)
    return plain_number(value) if field in ("value", "confidence") else "" if value is None else str(value)


def _row(field: str, place: str, words: str) -> Iterator[Line]:
    yield from _wrap("field", words, 2 + FIELD + PLACE, mark=f"  {field:<{FIELD}}{place:<{PLACE}}")


def _numbers(record: Record) -> Iterator[Line]:
    """Give the numbers that are no targets by class, each with its rule and the words around it."""
    others = sorted((row for row in record.numbers if row.class_ != "target"), key=_class)
    yield "", ""
    yield from _wrap("heading", f"{len(others)} numbers that are no targets", 0)
    for (_, rule), found in groupby(others, key=_class):
        rows = list(found)
        yield from _wrap("fact", f"{rows[0].class_}: {rule or 'no rule explains it'} ({len(rows)})", 2, mark="  ")
        if rows[0].class_ in IN_BRIEF:
            yield from _wrap("number", " · ".join(f"{row.text} {row.char_start}" for row in rows), 4, mark="    ")
            continue
        for row in rows:
            yield from _number(record.text, row)


def _class(row: NumberRow) -> tuple[int, str]:
    return CLASSES.index(row.class_), row.rule or ""


def _number(text: str, row: NumberRow) -> Iterator[Line]:
    before = text[max(0, row.char_start - AROUND) : row.char_start].rpartition("\n")[2]
    after = text[row.char_end : row.char_end + AROUND].partition("\n")[0]
    place = f"    {f'{row.char_start}-{row.char_end}':<{PLACE}}"
    yield from _wrap("number", f"{before}[{row.text}]{after}", width(place), mark=place)


def _wrap(kind: str, words: str, margin: int, *, mark: str = "") -> Iterator[Line]:
    for line in wrapped(plain_controls(words), COLUMNS, first=mark, rest=" " * margin):
        yield kind, line
