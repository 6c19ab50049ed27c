"""Find the notes of a section that say who does it, and read them into roles with names."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Generator, Iterator

from pipeline.extract.responsibility_groups import Group, compose, leading_and_helping
from pipeline.extract.responsibility_labels import DASHES, LONGEST_LABEL, Label, LabelReader
from pipeline.extract.responsibility_names import ListReader
from pipeline.extract.responsibility_pieces import (
    BRACKET_MARKS,
    CLOSING,
    OPENING,
    Covered,
    Mark,
    Name,
    blank,
    mark_pattern,
    marks_outside_brackets,
    split_list,
    trim,
)
from pipeline.model.findings import Role
from pipeline.model.source import Problem, Span
from pipeline.quick.classes import dataclass, replace
from pipeline.quick.pattern import pattern

PAIR_MARKS = mark_pattern("；;")
SENTENCE_ENDS = "。！!；;"
STOP = pattern("[。\n]")
# Notes stand at most in a bracket inside another one or two.
DEEPEST_BRACKET = 3
CLOSERS = tuple(CLOSING)
# A line of its own that only says who does it is no longer than this.
LONGEST_LINE = 200
# 完成时限：2031年12月底前；
LONGEST_DEADLINE = 60


@dataclass(frozen=True, slots=True)
class Note:
    """One statement of who does what: its place in the text and its groups, never empty."""

    start: int
    end: int
    groups: tuple[Group, ...]


class NoteReader:
    """Finds and reads notes in one text, leaving out the passages of `rules` (以下均涉及…)."""

    def __init__(self, text: str, reader: ListReader, rules: tuple[Span, ...]) -> None:
        self.text = text
        self.reader = reader
        self.roles = reader.lexicon.roles
        self.labels = LabelReader(text, self.roles)
        self.rules = rules
        self.rule_starts = [rule.start for rule in rules]
        self.ruled = Covered(rules)
        self.problems: list[Problem] = []
        # The sentence that was looked at last: from where on, where it ends, and how far was looked.
        self.sentence = 0, -1, 0
        # Where a sentence ends that is no list, and the last of what stands in it that is no body.
        self.no_list_to = self.no_body_at = 0
        # How far the note that was read last goes, and how far the section.
        self.read_to = self.limit = 0

    def find(self, start: int, end: int) -> Iterator[Note]:
        """Give the notes of text[start:end] in order, line by line; a list may go on over lines of its own."""
        self.read_to, self.limit = start, end
        while start < end:
            stop = self.text.find("\n", start, end)
            stop = end if stop < 0 else stop
            closes = self.text[start:stop].rstrip(" \t　。；;").endswith(CLOSERS)
            if closes or self.roles.mention.search(self.text, start, stop):
                yield from self._line(start, stop)
            start = max(stop, self.read_to) + 1

    def cell(self, start: int, end: int, role: Role, role_text: str) -> Note | None:
        """Read a table cell under a column head that gives the role; the cell may give roles of its own."""
        start, end = trim(self.text, start, end)
        if start < end and self.text[start] in OPENING and self.text[end - 1] in CLOSING:
            labels = self.labels.labels(start + 1, end - 1)
            if labels:
                start, end = start + 1, end - 1
        labels = [label for label in self.labels.labels(start, end) if label.role]
        if not labels:
            groups = self._list(start, end, role, role_text)
            return Note(start, end, groups) if groups else None
        starts = [label.start for label in labels]
        found: list[Group] = []
        for first, last in self._pairs(start, end, starts):
            label = starts[bisect_left(starts, first)]
            # Before the first label of a cell, and of each of its pairs, the column's own role holds.
            found += self._list(first, label, role, role_text) + self._groups(label, last)
        return Note(start, end, tuple(found)) if found else None

    def _pairs(self, start: int, end: int, labels: list[int]) -> Iterator[tuple[int, int]]:
        """Part a cell at the semicolons behind which names with a label of their own begin: A，配合：B；C，配合：D.

        `labels` are the starts of its labels, in order.
        """
        first = start
        for place in marks_outside_brackets(self.text, start, end, PAIR_MARKS):
            opening, after = bisect_left(labels, first), bisect_right(labels, place)
            before = opening < len(labels) and labels[opening] < place
            if before and after < len(labels) and trim(self.text, place + 1, labels[after])[0] < labels[after]:
                yield first, place
                first = place + 1
        yield first, end

    def repeated(self, start: int, end: int, above: Note) -> Note | None:
        """Read a table cell that says 同上 as the bodies of `above`, the cell over it; None where it does not."""
        start, end = trim(self.text, start, end)
        if not self.reader.parts["ditto"].match(blank(self.text[start:end])):
            return None
        groups = [
            replace(group, names=tuple(name._replace(start=start, end=end) for name in group.names))
            for group in above.groups
        ]
        return Note(start, end, tuple(groups))

    def _line(self, start: int, end: int) -> Iterator[Note]:
        """Read one line: its brackets, and what stands outside them behind a label; or the whole of it."""
        plain = deque(self._unbracketed(start, end)) or deque(self._whole(start, end))
        outside = start
        for opening, closing in self._brackets(start, end):
            while plain and plain[0].start <= opening:
                outside = max(outside, plain[0].end)
                yield plain.popleft()
            if opening >= outside:
                outside = yield from self._bracket(opening, closing, end)
        yield from plain

    def _brackets(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Give the outermost brackets of a line; one that is never closed ends with the line."""
        stack: list[int] = []
        closed: list[tuple[int, int]] = []
        for mark in BRACKET_MARKS.finditer(self.text, start, end):
            place = mark.start()
            if mark[0] in OPENING:
                stack.append(place)
            elif stack:
                opening = stack.pop()
                while closed and closed[-1][0] >= opening:
                    closed.pop()
                closed.append((opening, place))
        for opening in stack:
            label = self.labels.opening(opening + 1, end)
            if label is not None:
                closed = [pair for pair in closed if pair[0] < opening]
                closed.append((opening, end))
                message = (
                    "The bracket of this note is not closed; the note was read to the end of its line. Check its names."
                )
                self.problems.append(Problem("warning", "note_not_closed", message, opening, end))
                break
        return iter(closed)

    def _bracket(self, opening: int, closing: int, line_end: int, depth: int = 1) -> Generator[Note, None, int]:
        """Read one bracket; give (as the generator's value) where the line goes on after names that follow it."""
        start, end = opening + 1, closing
        inside = blank(self.text[start:end])
        if self.roles.of_label(inside) and self.roles.is_noun_label(inside) and len(inside) <= LONGEST_LABEL:
            stop = self._sentence_end(closing + 1, line_end)
            if stop == self.no_list_to and closing < self.no_body_at:
                return closing
            groups = self._list(closing + 1, stop, self.roles.of_label(inside) or "responsible", inside)
            others = [
                name.start for group in groups for name in group.names if not self.reader.is_body(name.organisation)
            ]
            if groups and not others:
                yield Note(opening, stop, groups)
                return stop
            self.no_list_to, self.no_body_at = stop, max(others, default=0)
            return closing
        label = self.labels.opening(start, end)
        labelled = label is not None or any(label.role for label in self.labels.labels(start, end))
        if labelled:
            groups = self._groups(start, end)
        else:
            last = self._deadline_behind(start, end)
            groups = self._by_verbs(start, last) or self._bare(start, last, closing)
        if groups:
            yield Note(opening, min(closing + 1, line_end), groups)
        elif label is not None and self.roles.is_noun_label(label.text):
            message = "This note names a role but no body; check whether the names were lost in the source."
            self.problems.append(Problem("warning", "note_without_names", message, opening, min(closing + 1, line_end)))
        elif depth < DEEPEST_BRACKET:
            for inner_opening, inner_closing in self._inner(start, end):
                yield from self._bracket(inner_opening, inner_closing, line_end, depth + 1)
        return closing

    def _deadline_behind(self, start: int, end: int) -> int:
        """Give where the names end before a label that says when (市水务局，完成时间：2031年)."""
        when = (label for label in self.labels.labels(start, end) if self._tells_when(label.text + "："))
        first = next(when, None)
        return trim(self.text, start, first.start, "，,；;、。")[1] if first is not None else end

    def _inner(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        depth, opening = 0, start
        for place in range(start, end):
            if self.text[place] in OPENING:
                opening = place if depth == 0 else opening
                depth += 1
            elif self.text[place] in CLOSING and depth:
                depth -= 1
                if depth == 0:
                    yield opening, place

    def _unbracketed(self, start: int, end: int) -> Iterator[Note]:
        """Read the labels that open a line or a sentence (责任单位：…), each with its names, to the sentence's end.

        A deadline may stand before them (6月底前完成，牵头单位：…), and their names on lines of their own below.
        """
        read = start
        for label in self.labels.labels(start, end):
            first = self._deadline_before(max(start, read), label.start)
            before = self.text[max(start, first - LONGEST_DEADLINE) : first].rstrip(" \t　" + DASHES)
            marked = first - start < LONGEST_DEADLINE and self.roles.parts["list-mark"].match(before) is not None
            opens = before[-1:] in tuple(SENTENCE_ENDS) or marked
            if label.start < read or label.role is None or not opens or not self._is_strict(label, end):
                continue
            stop = self._sentence_end(label.end, end)
            if not self.text[label.end : stop].strip():
                stop = self._lines_below(stop)
            groups = self._groups(label.start, stop)
            if groups:
                yield Note(first, stop, groups)
                read = stop
                self.read_to = max(self.read_to, stop)

    def _deadline_before(self, start: int, end: int) -> int:
        """Give where the deadline begins that stands right before `end` (完成时限：6月底；), else `end`."""
        start = max(start, end - LONGEST_DEADLINE)
        sentence = max(start, self.text.rfind("。", start, end) + 1)
        first = end
        for piece, stop, _ in reversed(list(split_list(self.text, sentence, end))):
            piece, stop = trim(self.text, piece, stop)
            words = blank(self.text[piece:stop])
            if words and not (self.reader.is_date(words) or self._tells_when(words)):
                break
            first = piece if words else first
        return first

    def _tells_when(self, words: str) -> bool:
        label, colon, _ = words.partition("：")
        return bool(colon) and self.roles.parts["due-column"].search(label) is not None

    def _lines_below(self, end: int) -> int:
        """Give the end of the lines below that hold sure names and nothing else."""
        stop = end
        while stop < self.limit:
            line_end = self.text.find("\n", stop + 1, self.limit)
            line_end = self.limit if line_end < 0 else line_end
            if not self._is_list(stop + 1, line_end):
                break
            stop = line_end
        return stop

    def _is_list(self, start: int, end: int) -> bool:
        items = self.reader.read(start, end) if end - start <= LONGEST_LINE else []
        names = [item.organisation for item in items if isinstance(item, Name)]
        return bool(names) and len(names) == len(items) and all(map(self.reader.is_certain, names))

    def _whole(self, start: int, end: int) -> Iterator[Note]:
        """Read a line of its own that holds sure names and what they do: 市水务局、市财政局按职责分工负责。"""
        first, stop = trim(self.text, start, end, DASHES + "。；;")
        if stop - first > LONGEST_LINE or "。" in self.text[first:stop] or self.text[first : first + 1] in OPENING:
            return
        if not self.ruled.meets(first, stop) and self.reader.ends_in_name(first, stop):
            return
        items = self._items(first, stop)
        names = [item for item in items if isinstance(item, Name)]
        if names and isinstance(items[-1], Mark) and all(self.reader.is_certain(name.organisation) for name in names):
            yield Note(first, stop, compose(items, "participant", ""))

    def _is_strict(self, label: Label, end: int) -> bool:
        """Tell whether a label outside brackets asks for bodies: by colon and noun, or by the names behind it."""
        if label.colon and (self.roles.is_noun_label(label.text) or label.text[-1] in CLOSING):
            return True
        items = self.reader.read(label.end, self._sentence_end(label.end, end))
        names = [item.organisation for item in items if isinstance(item, Name)]
        return bool(names) and all(map(self.reader.is_body, names))

    def _sentence_end(self, start: int, end: int) -> int:
        first, stop, limit = self.sentence
        if not (first <= start <= stop and end == limit):
            found = STOP.search(self.text, start, end)
            stop = found.start() if found is not None else end
            self.sentence = start, stop, end
        return stop

    def _groups(self, start: int, end: int) -> tuple[Group, ...]:
        """Read a note with labels: each role label governs the names up to the next label."""
        labels = self.labels.labels(start, end)
        opening = self.labels.opening(start, end)
        if opening is not None and not labels:
            labels = [opening]
        groups: list[Group] = []
        if labels and labels[0].start > start:
            groups += self._by_verbs(start, labels[0].start)
        for place, label in enumerate(labels):
            stop = labels[place + 1].start if place + 1 < len(labels) else end
            if label.role is not None:
                mixed = "主" in label.text and "协" in label.text
                found = self._list(label.end, stop, label.role, label.text, mixed=mixed)
                if self.roles.is_noun_label(label.text) or self._all_bodies(found):
                    groups += found
        return tuple(groups)

    def _items(self, start: int, end: int) -> list[Name | Mark]:
        """Read a list without the passages of rules that stand in it."""
        items: list[Name | Mark] = []
        at = bisect_left(self.rule_starts, start)
        while at < len(self.rules) and self.rules[at].start < end:
            items += self.reader.read(start, self.rules[at].start)
            start = min(self.rules[at].end, end)
            at = bisect_left(self.rule_starts, start, lo=at + 1)
        return items + self.reader.read(start, end)

    def _list(self, start: int, end: int, role: Role, role_text: str, *, mixed: bool = False) -> tuple[Group, ...]:
        """Read a list whose role is known, unless words in it give others (财政局牵头, 财政局（牵头）)."""
        groups = compose(self._items(start, end), role, role_text)
        return tuple(part for group in groups for part in leading_and_helping(group)) if mixed else groups

    def _by_verbs(self, start: int, end: int) -> tuple[Group, ...]:
        """Read a note without label: names and what they do (教育部牵头，财政部参与). Plain prose gives nothing."""
        if not self.reader.may_hold_marks(start, end):
            return ()
        items = self._items(start, end)
        names = [item for item in items if isinstance(item, Name)]
        if not names or not any(isinstance(item, Mark) for item in items):
            return ()
        if not all(self.reader.is_body(name.organisation) for name in names):
            return ()
        return compose(items, "participant", "")

    def _bare(self, start: int, end: int, closing: int) -> tuple[Group, ...]:
        """Read a bracket that closes its paragraph and holds only names, the first a sure one: （市水务局，各区）."""
        before = start - 2
        while before >= 0 and self.text[before].isspace():
            before -= 1
        after = closing + 1
        while after < len(self.text) and self.text[after] in " \t　。；;":
            after += 1
        if before < 0 or self.text[before] not in SENTENCE_ENDS or self.text[after : after + 1] not in ("", "\n"):
            return ()
        items = self._items(start, end)
        names = [item.organisation for item in items if isinstance(item, Name)]
        if not names or len(names) < len(items) or not all(map(self.reader.is_body, names)):
            return ()
        if not all(map(self.reader.is_certain, names[:1])):
            return ()
        return compose(items, "responsible", "")

    def _all_bodies(self, groups: tuple[Group, ...]) -> bool:
        return all(self.reader.is_body(name.organisation) for group in groups for name in group.names)
