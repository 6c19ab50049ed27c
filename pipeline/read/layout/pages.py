"""The engine: pages in, text out. What stands on a page is put in reading order, then joined over the pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from statistics import median

from pipeline.model import PageSize, Problem
from pipeline.quick.pattern import pattern
from pipeline.read.content import Content
from pipeline.read.layout.columns import flows
from pipeline.read.layout.furniture import find_furniture
from pipeline.read.layout.grid import Grid, grids_of, in_cells, inside
from pipeline.read.layout.lines import FEWEST_GAPS, Line, clean, digit_gaps, lines_of
from pipeline.read.layout.loose import parted
from pipeline.read.layout.paragraphs import OTHER_SIZE, Region, paragraphs_of, region_of
from pipeline.read.layout.stitching import Growing
from pipeline.read.layout.tables import Table, table_of
from pipeline.read.layout.writing import Writer
from pipeline.read.printed import Glyph, Page
from pipeline.read.pulse import pulse

# Pages with at least so many lines tell the margins of the others.
TELLING_LINES = 8
# A note at the foot is set in smaller type than the text.
NOTE_SIZE = 0.88
# The line above them takes this share of the page's width, and begins at the margin.
NOTE_LINE = (0.1, 0.45)
NOTE_LINE_START = 20.0
NOTE_MARK = pattern(r"[①-⑳⁰¹²³⁴-⁹*＊※]|[\[［〔(（]?[0-9]{1,2}[\]］〕)）]?|注")
SHOWN = 8
BOX_PADDING = 8.0
# Lines that take less of the width of the page belong to a column.
COLUMN = 0.6
ALONE = 2
# Of running text this share of the lines ends within so many type sizes of the margin.
FILLED = 0.3
FULL_LINE = 1.5
# Text in one column takes more of the width of the page than this.
BROAD = 0.5
# So many lines in a box tell by themselves how far they may reach.
FEW_LINES = 4


@dataclass(frozen=True)
class Flow:
    """Lines of one column or box of a page, before the margins are known.

    `box` is its drawn frame, if it has one; `note` tells that it stands below the short line that parts notes.
    """

    lines: tuple[Line, ...]
    box: tuple[float, float, float, float] | None = None
    note: bool = False


Item = Flow | Table


def lay_out(pages: Iterable[Page]) -> Content:
    """Give the text of printed pages: paragraphs joined over lines and pages, tables with their cells.

    Notes at the foot of pages come last. Page numbers, running heads and feet are left out with a problem row; so are
    the heads that a table prints again on its next page. `layout` tells for every character where it stands, `doubts`
    repeat what the glyphs say. Pages without glyphs add nothing.
    """
    engine = Engine()
    for number, page in enumerate(pages, start=1):
        engine.put(number, page)
    return engine.content()


class Engine:
    """Takes pages one by one, in any order, and keeps of each only its lines and tables: a long file fits in memory."""

    def __init__(self) -> None:
        self._sizes: dict[int, Page] = {}
        self._items: dict[int, list[Item]] = {}
        self._digit_gaps: list[float] = []
        # Pages with too few digits to tell how they are set are laid out anew when all others have told it.
        self._waiting: dict[int, tuple[Page, list[Glyph]]] = {}

    def put(self, number: int, page: Page) -> None:
        """Take the page of a number; each of 1, 2, 3 … comes once."""
        glyphs = clean(page.glyphs)
        gaps = digit_gaps(glyphs)
        self._digit_gaps += gaps
        self._sizes[number] = replace(page, glyphs=(), rules=())
        is_told = len(gaps) >= FEWEST_GAPS
        self._items[number] = items = _items(page, glyphs, number, median(gaps) if is_told else 0.0)
        if not (is_told or _is_sure(items)):
            self._waiting[number] = replace(page, glyphs=()), glyphs

    def content(self) -> Content:
        """Give the text of all pages, as `lay_out`."""
        usual = median(self._digit_gaps) if len(self._digit_gaps) >= FEWEST_GAPS else 0.0
        while self._waiting:
            number, (page, glyphs) = self._waiting.popitem()
            self._items[number] = _items(page, glyphs, number, usual)
        numbers = range(1, len(self._sizes) + 1)
        return _content([self._items[number] for number in numbers], [self._sizes[number] for number in numbers])


def _is_sure(items: Iterable[Item]) -> bool:
    """Tell whether a page reads the same however far apart its digits are set: it has no space between Latin signs.

    Tables without lines are never sure: their lines were parted since.
    """
    for item in items:
        if isinstance(item, Flow):
            lines = item.lines
        elif item.drawn:
            lines = tuple(line for cell in item.cells for group in cell.paragraphs for line in group)
        else:
            return False
        if any(" " in line.text for line in lines):
            return False
    return True


def _content(items: Sequence[list[Item]], pages: Sequence[Page]) -> Content:
    """Give the text of what stands on the pages; of these only the size counts."""
    bodies = [[line for item in found if isinstance(item, Flow) for line in item.lines] for found in items]
    furniture = find_furniture(bodies, [page.height for page in pages])
    left_out = [line.text for lines in bodies for line in lines if id(line) in furniture]
    kept = [_without(found, furniture) for found in items]
    margins = _Margins(kept, pages)
    writer = Writer()
    repeated: list[str] = []
    notes: list[Region] = []
    for group in _groups(_joined_tables([item for found in kept for item in found], repeated)):
        if isinstance(group, Table):
            writer.table(group)
            continue
        body, below = _with_notes_apart([margins.region(flow) for flow in group])
        notes += below
        for paragraph in paragraphs_of(body):
            writer.paragraph(paragraph, "contents" if paragraph.contents else "paragraph")
    for paragraph in paragraphs_of(notes):
        writer.paragraph(paragraph, "frame")
    problems = _told("page_furniture_left_out", "Left out page numbers, running heads and feet", left_out)
    problems += _told("table_head_left_out", "Left out heads that tables print again on a next page", repeated)
    sizes = [PageSize(round(page.width, 2), round(page.height, 2), page.turned) for page in pages]
    return Content(writer.text, tuple(writer.blocks), (), len(pages), problems, writer.layout(sizes), writer.doubts)


def _items(page: Page, glyphs: list[Glyph], number: int, gap: float) -> list[Item]:
    """Give what stands on one page, from top to bottom, without the signs, which take much room."""
    found = _placed(page, glyphs, number, gap)
    for item in found:
        groups = (item.lines,) if isinstance(item, Flow) else chain.from_iterable(c.paragraphs for c in item.cells)
        for line in chain.from_iterable(groups):
            line.let_go()
    return found


def _placed(page: Page, glyphs: list[Glyph], number: int, gap: float) -> list[Item]:
    """Give what stands on one page, from top to bottom: flows of lines and tables."""
    pulse()
    found: list[Item] = []
    waiting = glyphs
    for grid in grids_of(page):
        # Not all that the outline holds lies in a cell: the corner beside two tables that touch.
        placed = in_cells(grid, waiting)
        here = [glyph for glyph, _ in placed]
        made: list[Item]
        if grid.columns > 1 and (table := table_of(grid, placed, number, gap)) is not None:
            made = [table]
        else:
            made = _boxed(grid, here, number, gap)
        if not made:
            continue
        taken = set(map(id, here))
        waiting = [glyph for glyph in waiting if id(glyph) not in taken]
        above = [glyph for glyph in waiting if (glyph.top + glyph.bottom) / 2 < grid.box[1]]
        found += _flows(above, number, gap)
        taken = set(map(id, above))
        waiting = [glyph for glyph in waiting if id(glyph) not in taken]
        found += made
    line = _note_line(page, waiting)
    below = [glyph for glyph in waiting if glyph.top >= line]
    found += _flows([glyph for glyph in waiting if glyph.top < line], number, gap)
    return found + [replace(flow, note=True) for flow in _flows(below, number, gap) if isinstance(flow, Flow)]


def _note_line(page: Page, glyphs: Sequence[Glyph]) -> float:
    """Give the height of the short line above the notes of a page: it begins at the left margin, a note mark below."""
    if not page.rules:
        return page.height
    left = min((glyph.x0 for glyph in glyphs), default=0.0)
    for rule in page.rules:
        length = rule.x1 - rule.x0
        begins = abs(rule.x0 - left) < NOTE_LINE_START and rule.top > page.height / 2
        if not begins or not NOTE_LINE[0] < length / page.width < NOTE_LINE[1] or rule.bottom - rule.top > 3:
            continue
        below = [glyph for glyph in glyphs if glyph.top >= rule.top]
        first = lines_of(below, 0)[0].text if below else ""
        if NOTE_MARK.match(first):
            return rule.top
    return page.height


def _flows(glyphs: Sequence[Glyph], number: int, gap: float) -> list[Item]:
    found: list[Item] = []
    for part in flows(glyphs):
        for item in parted(lines_of(part, number, gap)):
            found += [item] if isinstance(item, Table) else [Flow(group) for group in _by_size(item)]
    return found


def _by_size(lines: Sequence[Line]) -> list[tuple[Line, ...]]:
    """Part lines where the type changes its size: a title, the text, a box without frame, notes."""
    groups: list[list[Line]] = []
    for line in lines:
        if groups and abs(groups[-1][-1].size - line.size) <= OTHER_SIZE * line.size:
            groups[-1].append(line)
        else:
            groups.append([line])
    return [tuple(group) for group in groups]


def _boxed(grid: Grid, glyphs: Sequence[Glyph], number: int, gap: float) -> list[Item]:
    """Give the prose inside a box, cell by cell."""
    found: list[Item] = []
    for cell in grid.cells:
        here = [glyph for glyph in glyphs if inside(cell.box, glyph)]
        if here:
            found.append(Flow(tuple(lines_of(here, number, gap)), cell.box))
    return found


def _without(items: Iterable[Item], furniture: set[int]) -> list[Item]:
    kept: list[Item] = []
    for item in items:
        if isinstance(item, Table):
            kept.append(item)
        elif lines := tuple(line for line in item.lines if id(line) not in furniture):
            kept.append(replace(item, lines=lines))
    return kept


class _Margins:
    """The margins of the text: those of a page itself where it has lines enough, else those of its like."""

    def __init__(self, pages: Sequence[Sequence[Item]], sizes: Sequence[Page]) -> None:
        self._pages: dict[int, Region] = {}
        self._sizes = sizes
        # By the width of the page and its side, right or left.
        self._usual: dict[tuple[float, int], tuple[float, float] | None] = {}
        ragged: dict[int, Region] = {}
        for number, items in enumerate(pages, start=1):
            lines = [line for item in items if isinstance(item, Flow) and item.box is None for line in item.lines]
            if len(lines) >= TELLING_LINES and _in_one_column(lines):
                region = region_of(lines)
                is_broad = region.right - region.left > BROAD * sizes[number - 1].width
                (self._pages if is_broad and _fills(lines, region.right) else ragged)[number] = region
        # A list of contents does not reach the margin; where all pages are such, they have to tell it.
        self._pages = self._pages or ragged

    def region(self, flow: Flow) -> Region:
        """Give a flow with its margins."""
        own = region_of(flow.lines)
        if flow.box is not None:
            few = len(flow.lines) < FEW_LINES
            reach = max(own.right, flow.box[2] - BOX_PADDING) if few else own.right
            left = min(own.left, flow.box[0] + BOX_PADDING) if few else own.left
            return replace(own, left=left, right=reach, framed=True)
        page = flow.lines[0].page
        margins = self._like(page)
        if margins is None:
            # One line alone says nothing of the right margin; it is taken to be as wide as the left one.
            mirrored = self._sizes[page - 1].width - own.left if len(flow.lines) <= ALONE else 0.0
            return replace(own, right=max(own.right, mirrored), note=flow.note)
        left, right = margins
        size = median(line.size for line in flow.lines)
        if own.left < left - size or own.right > right + size:
            return replace(own, note=flow.note)
        is_column = len(flow.lines) >= TELLING_LINES and _fills(flow.lines, own.right)
        narrow = is_column and own.right - own.left < COLUMN * (right - left)
        wide = own if narrow else replace(own, left=min(left, own.left), right=max(right, own.right))
        return replace(wide, note=flow.note)

    def _like(self, page: int) -> tuple[float, float] | None:
        """Give the margins of a page: its own, else the usual ones of pages of its side and size."""
        if page in self._pages:
            own = self._pages[page]
            return own.left, own.right
        width = self._sizes[page - 1].width
        key = width, page % 2
        if key not in self._usual:
            same = {
                number: region
                for number, region in self._pages.items()
                if abs(self._sizes[number - 1].width - width) < 1
            }
            like = [region for number, region in same.items() if number % 2 == page % 2] or list(same.values())
            left, right = [region.left for region in like], [region.right for region in like]
            self._usual[key] = (median(left), median(right)) if like else None
        return self._usual[key]


def _fills(lines: Sequence[Line], right: float) -> bool:
    """Tell whether enough of the lines reach the right margin for it to be one."""
    return sum(line.x1 > right - FULL_LINE * line.size for line in lines) >= FILLED * len(lines)


def _in_one_column(lines: Sequence[Line]) -> bool:
    """Tell whether the lines of a page follow each other downwards; where they jump up, another column begins."""
    return all(after.top > before.top - before.size for before, after in pairwise(lines))


def _joined_tables(items: Iterable[Item], repeated: list[str]) -> list[Item]:
    """Join the parts of tables that follow each other over the end of a page with nothing between them."""
    found: list[Item | Growing] = []
    for item in items:
        last = found[-1] if found else None
        if isinstance(item, Table) and isinstance(last, Growing) and last.goes_on(item):
            repeated += last.join(item)
        else:
            found.append(Growing(item) if isinstance(item, Table) else item)
    return [item.whole() if isinstance(item, Growing) else item for item in found]


def _groups(items: Iterable[Item]) -> list[Table | list[Flow]]:
    """Give tables, and the flows between two tables together."""
    groups: list[Table | list[Flow]] = []
    for item in items:
        if isinstance(item, Table):
            groups.append(item)
        elif groups and isinstance(groups[-1], list):
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups


def _with_notes_apart(regions: Sequence[Region]) -> tuple[list[Region], list[Region]]:
    """Part the notes at the foot of pages, set in smaller type below the text, from the text that runs past them."""
    size = median(line.size for region in regions for line in region.lines)
    body: list[Region] = []
    notes: list[Region] = []
    for region, following in zip(regions, (*regions[1:], None), strict=True):
        page = region.lines[0].page
        ends_page = following is None or following.lines[0].page > page
        opens_page = not body or body[-1].lines[0].page < page
        small = region.lines[0].size < NOTE_SIZE * size
        is_note = NOTE_MARK.match(region.lines[0].text) is not None and small and not region.framed
        (notes if region.note or (is_note and ends_page and not opens_page) else body).append(region)
    return body, notes


def _told(code: str, what: str, texts: Sequence[str]) -> tuple[Problem, ...]:
    """Give one row for all that was left out, with the different wordings."""
    if not texts:
        return ()
    wordings = list(dict.fromkeys(" ".join(text.split()) for text in texts))
    shown = "; ".join(wording[:40] for wording in wordings[:SHOWN]) + ("; …" if len(wordings) > SHOWN else "")
    message = f"{what} ({len(texts)} lines): {shown}. Nothing to do; look at the pages if a figure is missed."
    return (Problem("info", code, message),)
