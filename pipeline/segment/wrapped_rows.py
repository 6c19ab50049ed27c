"""Read tables of indicators from PDF text whose cells were broken over lines: a name above and below its own row.

Such text gives a row as printed, line by line from the top of the page; what stands in the middle of a tall row (its
running number, figures and kind of commitment) comes between the halves of its name:

    群众性体育设施
    3 个 预期性 120左右
    新建改建总数

A row is known by its running number and kind of commitment (约束性). The lines between two rows are shared out evenly,
as a cell's lines stand evenly above and below its middle; where that leaves a doubt, the row gives no figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, islice, product

import regex

from pipeline.lexicon import Lexicon
from pipeline.model import RowCell, Text
from pipeline.quick.classes import NamedTuple
from pipeline.quick.pattern import pattern
from pipeline.segment.fitting import FIT, lay_out, shape_of, sort_of
from pipeline.segment.lines import Line
from pipeline.segment.tables import PARTED, TableNode, head_role

LONGEST_LINE = 150
FEWEST_ROWS = 3
# The heads take no more printed lines than this.
MOST_HEAD_LINES = 8
# A row is broken over no more printed lines above its middle, or below it.
MOST_WRAPPED = 4
# So many lines below a table are looked at for notes.
NOTE_LINES = 30
HEADS = {"title": "指标", "unit": "单位", "nature": "属性"}
SYMBOLS = {"words": "title", "mixed": "title", "unit": "unit", "nature": "nature", "figure": "figure", "dash": "figure"}
NOTE_MARK = pattern(r"(?<=\p{Han})\d$")
NOTE = pattern(r"(\d)\s?\p{Han}")
# What opens no cell.
CLOSING = "、，。；：）)〕】]"
LEAST_FIT = -1.0


class Piece(NamedTuple):
    """What stands between two blanks of a printed line: its place in the text, its words without white space."""

    start: int
    end: int
    words: str


Printed = list[Piece]
"""A line as printed: its pieces."""


class Head(NamedTuple):
    """The columns behind that of the running number: what each holds, its words; where the printed heads end."""

    shapes: list[str]
    words: list[str]
    lines: int


class Middle(NamedTuple):
    """The printed line that holds the middle of a row: its place, and which piece stands in which column."""

    line: int
    number: Piece
    columns: list[list[Piece]]
    """Empty for a column that has nothing here."""
    lacking: bool
    """True where there are fewer figures than columns for them, so that it is not plain whose they are."""


class Shared(NamedTuple):
    """A row: its middle, the printed lines around it that are its own, whether these may be another row's."""

    middle: Middle
    around: list[int]
    doubtful: bool


def find_wrapped_rows(text: Text, lines: list[Line], index: int, lexicon: Lexicon) -> tuple[int, list[TableNode]]:
    """Read the table of indicators whose heads begin at `index`, its rows numbered and broken over lines.

    Gives the index of the line after the table, and its rows; (index, []) if there is none.
    """
    if not _may_open(lines[index], lexicon):
        return index, []
    following = _printed_lines(text, lines, index, lexicon)
    printed = list(islice(following, MOST_HEAD_LINES + 1))
    if not any(row[0].words == "1" for row in printed):
        return index, []
    places = _middles(printed, following, lexicon)
    if len(places) < FEWEST_ROWS or places[0] > MOST_HEAD_LINES:
        return index, []
    head = _heads(printed, places, lexicon)
    if head is None:
        return index, []
    middles = [_middle(printed[place], place, head.shapes, lexicon) for place in places]
    shared = _share_out(printed, middles, head)
    if shared is None:
        return index, []
    marks = _notes(lines, index)
    at = (printed[0][0].start, printed[head.lines - 1][-1].end)
    nodes = [_node(row, printed, head, at, marks, lexicon) for row in shared]
    last = max([shared[-1].middle.line, *shared[-1].around])
    end = printed[last][-1].end
    return next((n for n in range(index, len(lines)) if lines[n].start >= end), len(lines)), nodes


def _may_open(line: Line, lexicon: Lexicon) -> bool:
    """Tell whether a line may be the first one of heads: it is short, and a word of it is a head or part of 序号."""
    if not line.is_text or len(line.words) > LONGEST_LINE // 2 or line.words.endswith("。"):
        return False
    words = line.words.split()
    if words[0].startswith("序") or words[0] in lexicon.headings.heads:
        return True
    return len(words) > 1 and any(head_role(word, lexicon) for word in words)


def _printed_lines(text: Text, lines: list[Line], index: int, lexicon: Lexicon) -> Iterator[Printed]:
    """Give the lines from `index` on as the source prints them, parted at its blanks; prose ends them."""
    source, note = text.source.text, lexicon.headings.front["table_note"]
    for at in range(index, len(lines)):
        line = lines[at]
        closed = line.words.endswith(("。", "；")) or note.match(line.words)
        if not line.is_text or closed or len(line.words) > LONGEST_LINE:
            return
        row: Printed = []
        start = before = -1
        for place in range(line.start, line.end + 1):
            blank = place == line.end or text.text[place].isspace()
            span = text.alignment.to_source(place, place + 1) if not blank else None
            gap = source[before : span.start] if span is not None and before >= 0 else ""
            if start >= 0 and (place == line.end or (span is not None and (not gap or gap.isspace()) and gap)):
                stop = start + len(text.text[start:place].rstrip())
                words = "".join(text.text[start:stop].split())
                if row and (words[0] in CLOSING or _goes_on(row[-1].words, lexicon)):
                    row[-1] = Piece(row[-1].start, stop, row[-1].words + words)
                else:
                    row.append(Piece(start, stop, words))
                start = -1
                if "\n" in gap:
                    yield row
                    row = []
            if span is not None:
                start = place if start < 0 else start
                before = span.end
        if row:
            yield row


def _goes_on(words: str, lexicon: Lexicon) -> bool:
    """Tell whether a piece plainly goes on behind a blank; a stroke alone is an empty cell."""
    return len(words) > 1 and lexicon.columns.cells["goes_on"].search(words) is not None


def _middles(printed: list[Printed], following: Iterator[Printed], lexicon: Lexicon) -> list[int]:
    """Give the printed lines that open with the running numbers 1, 2, 3 … and hold a kind of commitment.

    Takes the following lines into `printed` as far as the table can go on, those below its last row too: a long page of
    lines is not read to its end once for each line that looks like heads.
    """
    places: list[int] = []
    for place, row in enumerate(_taking(printed, following)):
        natures = sum(sort_of(piece.words, lexicon) == "nature" for piece in row)
        if natures == 1 and row[0].words == str(len(places) + 1):
            places.append(place)
        elif natures and places:
            # a row without its number: what follows cannot be told apart
            break
        if place - (places[-1] if places else 0) > 2 * MOST_WRAPPED:
            break
    printed += islice(following, MOST_WRAPPED)
    return places


def _taking(printed: list[Printed], following: Iterator[Printed]) -> Iterator[Printed]:
    """Give the lines in `printed`, then those that follow, each of which is put there first."""
    yield from printed[:]
    for row in following:
        printed.append(row)
        yield row


def _heads(printed: Sequence[Printed], places: list[int], lexicon: Lexicon) -> Head | None:
    """Give the columns: their order by that of most rows, the words over the figures by the heads; None if unclear."""
    rows = Counter(tuple(_symbols(printed[place][1:], lexicon)) for place in places)
    shapes, count = rows.most_common(1)[0]
    once = all(shapes.count(shape) == 1 for shape in ("title", "nature")) and shapes.count("unit") <= 1
    if count < 2 or not once or shapes[0] != "title" or "figure" not in shapes:
        return None
    above = printed[: places[0]]
    known = [n for n, row in enumerate(above) if any(_is_head(piece.words, lexicon) for piece in row)]
    if not known:
        return None
    over = [[p.words for p in row if shape_of(p.words, lexicon) == "figure"] for row in above[: known[-1] + 1]]
    figures = _figure_heads([row for row in over if row], shapes.count("figure"))
    if not figures:
        return None
    named = {shape_of(piece.words, lexicon): piece.words for row in above for piece in row}
    words = [figures.pop(0) if shape == "figure" else named.get(shape, HEADS[shape]) for shape in shapes]
    return Head(list(shapes), words, known[-1] + 1)


def _symbols(row: Sequence[Piece], lexicon: Lexicon) -> Iterator[str]:
    for place, piece in enumerate(row):
        sort = sort_of(piece.words, lexicon)
        yield "figure" if sort in ("words", "mixed") and place else SYMBOLS.get(sort, "figure")


def _is_head(words: str, lexicon: Lexicon) -> bool:
    return head_role(words, lexicon) != "" or shape_of(words, lexicon) in ("figure", "nature", "unit", "index")


def _figure_heads(over: list[list[str]], width: int) -> list[str]:
    """Give the head of each column of figures: one line of them, below one that stands over all, or two lines."""
    counts = [len(row) for row in over]
    if counts == [width]:
        return over[0]
    if counts == [1, width]:
        return [f"{over[0][0]} {lower}" for lower in over[1]]
    if counts == [width, width]:
        return [upper + lower for upper, lower in zip(*over, strict=True)]
    return []


def _middle(row: Printed, line: int, shapes: list[str], lexicon: Lexicon) -> Middle:
    """Put the pieces of the middle of a row below the columns in order, where each fits best."""
    pieces = row[1:]
    words = [piece.words for piece in pieces]
    columns: list[list[Piece]] = [[] for _ in shapes]
    if len(pieces) >= len(shapes):
        fit = lay_out(words, shapes, lexicon, blanks=False, rows=1)
        if fit.taken == len(words) and len(fit.rows) == 1:
            for column, span in enumerate(fit.rows[0].columns):
                columns[column] = pieces[span[0] : span[1]] if span else []
            return Middle(line, row[0], columns, lacking=False)
    sorts = [sort_of(word, lexicon) for word in words]
    best: tuple[float, tuple[int, ...]] = (-99.0, ())
    for places in combinations(range(len(shapes)), min(len(pieces), len(shapes))):
        fits = [FIT[shapes[place]].get(sort, -9.0) for place, sort in zip(places, sorts, strict=False)]
        if min(fits, default=-9.0) >= LEAST_FIT and sum(fits) > best[0]:
            best = (sum(fits), places)
    for place, piece in zip(best[1], pieces, strict=False):
        columns[place] = [piece]
    figures = [bool(column) for column, shape in zip(columns, shapes, strict=True) if shape == "figure"]
    return Middle(line, row[0], columns, lacking=not all(figures))


def _share_out(printed: Sequence[Printed], middles: list[Middle], head: Head) -> list[Shared] | None:
    """Give each row the printed lines around its middle that are its own; None if they cannot be shared out.

    As many lines as stand above a middle stand below it. Where every row has its name beside its number, a line
    between two rows that lack nothing may belong to either: both are doubtful.
    """
    title = head.shapes.index("title")
    named = all(middle.columns[title] for middle in middles)
    shared: list[Shared] = []
    place = head.lines
    for middle in middles:
        above = middle.line - place
        if not 0 <= above <= MOST_WRAPPED or middle.line + above >= len(printed):
            return None
        place = middle.line + above + 1
        around = [*range(middle.line - above, middle.line), *range(middle.line + 1, place)]
        doubtful = named and bool(around) and all(middle.columns)
        if doubtful and shared:
            shared[-1] = shared[-1]._replace(doubtful=True)
        shared.append(Shared(middle, around, doubtful))
    return shared


def _node(
    row: Shared, printed: Sequence[Printed], head: Head, at: tuple[int, int], marks: list[str], lexicon: Lexicon
) -> TableNode:
    """Make the row of its own pieces and those around it; figures that are not plain stand below all columns."""
    middle, around = row.middle, [printed[place] for place in row.around]
    found = None if row.doubtful else _complete(middle, around, head, lexicon)
    columns = [list(pieces) for pieces in found or middle.columns]
    title = head.shapes.index("title")
    columns[title] = _without_mark(columns[title], marks)
    of_figures = [column for column, shape in enumerate(head.shapes) if shape == "figure"]
    plain = found is not None and (not middle.lacking or all(columns[column] for column in of_figures))
    cells = [RowCell("序号", middle.number.start, middle.number.end, at)]
    for column, pieces in enumerate(columns):
        if plain or column not in of_figures:
            parts = enumerate(pieces)
            cells += [RowCell(head.words[column], piece.start, piece.end, at, part=n > 0) for n, piece in parts]
    figures = [piece for column in of_figures for piece in middle.columns[column]]
    if not plain and figures:
        heads = PARTED.join(head.words[column] for column in of_figures)
        cells.append(RowCell(heads, figures[0].start, figures[-1].end, at))
    own = [middle.number, *(piece for line in around for piece in line)]
    own += [piece for pieces in middle.columns for piece in pieces]
    above = [line[-1] for line in around[: len(around) // 2]]
    name = next(iter([*columns[title], *reversed(above), *own]))
    start = min(piece.start for piece in own)
    return TableNode(True, 1, middle.number.words, int(middle.number.words), start, name.start, name.end, tuple(cells))


def _complete(middle: Middle, around: list[Printed], head: Head, lexicon: Lexicon) -> list[list[Piece]] | None:
    """Put the pieces around a middle below the columns that it lacks; None if that can be done in no way, or several.

    Where it lacks none, they go on with its name.
    """
    lacking = [column for column, pieces in enumerate(middle.columns) if not pieces]
    if not around:
        return middle.columns if head.shapes.index("title") not in lacking else None
    of_figures = [column for column, shape in enumerate(head.shapes) if shape == "figure"]
    figures = [piece for column in of_figures for piece in middle.columns[column]]
    whole = all(sort_of(piece.words, lexicon) in ("figure", "dash") for piece in figures)
    if not whole and (not lacking or len(around) > 2):
        # a figure told in words may go on above and below as the name does
        return None
    lacking = lacking or [head.shapes.index("title")]
    found = []
    for choice in product(*(combinations(lacking, len(row)) for row in around)):
        columns = _joined(middle, around, choice)
        if _may_stand(columns, middle, head, lexicon):
            found.append(columns)
    return found[0] if len(found) == 1 else None


def _joined(middle: Middle, around: list[Printed], choice: Sequence[Sequence[int]]) -> list[list[Piece]]:
    """Give the pieces of a row by column in the order of the text."""
    columns = [list(pieces) for pieces in middle.columns]
    for row, places in zip(around, choice, strict=True):
        for piece, column in zip(row, places, strict=True):
            columns[column].append(piece)
    return [sorted(pieces) for pieces in columns]


def _may_stand(columns: list[list[Piece]], middle: Middle, head: Head, lexicon: Lexicon) -> bool:
    """Tell whether each column that was filled up holds what belongs there: a measure, figures, a name."""
    for pieces, own, shape, words in zip(columns, middle.columns, head.shapes, head.words, strict=True):
        joined = "".join(piece.words for piece in pieces)
        if shape == "unit" and pieces != own and sort_of(joined, lexicon) != "unit":
            return False
        if shape == "title" and not regex.search(r"\p{Han}{2}", joined):
            return False
        if shape == "nature" and not pieces:
            return False
        if shape == "figure" and pieces != own:
            summed = regex.search("累计", words) is not None
            bracketed = joined[0] in "〔[【（("
            plain = summed and bracketed if middle.lacking and head.shapes.count("figure") > 1 else summed == bracketed
            if not plain or not all(regex.search(r"\d", piece.words) for piece in pieces):
                return False
    return True


def _without_mark(pieces: list[Piece], marks: list[str]) -> list[Piece]:
    """Leave the mark of the next note out of a name: 发明专利拥有量1, where a note below the table opens with 1."""
    if pieces and marks and NOTE_MARK.search(pieces[-1].words) and pieces[-1].words[-1] == marks[0]:
        marks.pop(0)
        last = pieces[-1]
        return [*pieces[:-1], Piece(last.start, last.end - 1, last.words[:-1])]
    return pieces


def _notes(lines: list[Line], index: int) -> list[str]:
    """Give the marks of the notes below a table, 1, 2, 3 …, each on a line that tells and counts nothing else."""
    marks: list[str] = []
    for line in lines[index : index + 2 * LONGEST_LINE]:
        found = NOTE.match(line.words)
        if found and found.group(1) == str(len(marks) + 1) and line.words.endswith("。"):
            marks.append(found.group(1))
    return marks


__all__ = ["find_wrapped_rows"]
