"""The objects of an OFD page → glyphs, rules and pictures at their places."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator

from lxml import etree

from pipeline.quick.classes import dataclass, field
from pipeline.read.errors import ReadError
from pipeline.read.ofd_geometry import POINTS, Box, Matrix, around, box_of, deltas, number, numbers, pieces
from pipeline.read.ofd_package import Parts, child, children, local_name, words
from pipeline.read.printed import Glyph, Rule

# A page of dense type has 3,000 characters; a book of a thousand such pages stays below this.
MOST_GLYPHS = 3_000_000
MOST_RULES = 1_000_000
# Groups in groups in groups: real files stay below five.
MOST_NESTING = 32
# Where a Chinese font puts its em square about the base line.
ASCENT = 0.88
DESCENT = 0.12
# Widths of characters in shares of the type size, where the distance to the next one does not tell.
FULL_WIDTH = 1.0
DIGIT_WIDTH = 0.5
LETTER_WIDTH = 0.6
BROAD_LETTER_WIDTH = 0.95
BROAD_LETTERS = frozenset("MWmw%@")
# Ambiguous in Unicode, one em wide in a Chinese font.
BROAD_CATEGORIES = frozenset({"W", "F", "A"})
BOLD_WEIGHT = 600
# The size of type where the file tells none, in millimetres.
USUAL_SIZE = 3.5
# The width of a line that states none (GB/T 33190-2016, table 38), in millimetres.
LINE_WIDTH = 0.353
# In millimetres: what is broader is an area, what is shorter is a piece of a drawing.
THICKEST_RULE = 1.2
SHORTEST_RULE = 1.5
# Text may lean by so many degrees and still count as upright; a watermark leans by 30 to 60.
LEANING = 8.0
HIDDEN = "false"


@dataclass(frozen=True, slots=True)
class Placed:
    """A glyph with the direction of its line in degrees clockwise: 0, 90, 180 or 270, None for one that leans."""

    glyph: Glyph
    direction: int | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture on a page, by the id of its resource, and its box in points."""

    resource: str
    box: Box


@dataclass(slots=True)
class Drawn:
    """What the objects of one page draw, in their order, and what could not be drawn."""

    glyphs: list[Placed] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    wordless: int = 0
    too_deep: int = 0


@dataclass(slots=True)
class Budget:
    """How many glyphs and rules the whole file may still draw: a template counts on every page that shows it."""

    glyphs: int = MOST_GLYPHS
    rules: int = MOST_RULES

    def spend(self, glyphs: int, rules: int) -> None:
        """Take from what is left; raise ReadError `too_large` when it is used up."""
        self.glyphs -= glyphs
        self.rules -= rules
        if self.glyphs < 0 or self.rules < 0:
            raise ReadError(
                "too_large",
                f"The OFD file draws more than {MOST_GLYPHS:,} characters or {MOST_RULES:,} lines, more than any "
                "document has. If it is one, split it into parts in an OFD viewer.",
            )


@dataclass(slots=True)
class Resources:
    """What objects refer to by id: bold fonts, groups of objects drawn in several places, the parts of pictures."""

    bold_fonts: set[str] = field(default_factory=set)
    composites: dict[str, etree._Element] = field(default_factory=dict)
    media: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, root: etree._Element, parts: Parts) -> None:
        """Add what a resource part (its name and root element) holds."""
        for font in children(child(root, "Fonts"), "Font"):
            said = f"{font.get('FontName') or ''} {font.get('FamilyName') or ''}".lower()
            if (font.get("Bold") or "").strip().lower() == "true" or "bold" in said:
                self.bold_fonts.add((font.get("ID") or "").strip())
        for unit in children(child(root, "CompositeGraphicUnits"), "CompositeGraphicUnit"):
            self.composites.setdefault((unit.get("ID") or "").strip(), unit)
        folder = (root.get("BaseLoc") or "").strip().rstrip("/")
        for medium in children(child(root, "MultiMedias"), "MultiMedia"):
            place = words(child(medium, "MediaFile"))
            part = parts.find(name, f"{folder}/{place}" if folder else place) or parts.find(name, place)
            if part is not None:
                self.media[(medium.get("ID") or "").strip()] = part


def draw(root: etree._Element, resources: Resources, drawn: Drawn, budget: Budget) -> None:
    """Add all that the content of a page or template (its root element) draws, in points from the page's origin."""
    content = child(root, "Content")
    if content is None:
        return
    page = Matrix(POINTS, 0, 0, POINTS, 0, 0)
    artist = _Artist(resources, drawn, budget)
    for layer in children(content, "Layer"):
        artist.draw_all(layer, page, 0, hidden=False)


class _Artist:
    def __init__(self, resources: Resources, drawn: Drawn, budget: Budget) -> None:
        self.resources = resources
        self.drawn = drawn
        self.budget = budget

    def draw_all(self, parent: etree._Element, outer: Matrix, depth: int, *, hidden: bool) -> None:
        """Draw the objects inside an element."""
        if depth > MOST_NESTING:
            self.drawn.too_deep += 1
            return
        for element in parent.iterchildren("*"):
            kind = local_name(element)
            unseen = hidden or (element.get("Visible") or "").strip().lower() == HIDDEN
            if kind == "PageBlock":
                self.draw_all(element, outer, depth + 1, hidden=unseen)
            elif kind == "CompositeObject":
                unit = self.resources.composites.get((element.get("ResourceID") or "").strip())
                content = child(unit, "Content")
                if content is not None:
                    self.draw_all(content, _matrix(element).within(outer), depth + 1, hidden=unseen)
            elif kind == "TextObject":
                self._text(element, _matrix(element).within(outer), hidden=unseen)
            elif kind == "PathObject" and not unseen:
                found = list(_rules(element, _matrix(element).within(outer)))
                self.budget.spend(0, len(found))
                self.drawn.rules += found
            elif kind == "ImageObject" and not unseen:
                self._picture(element, outer)

    def _text(self, element: etree._Element, matrix: Matrix, *, hidden: bool) -> None:
        size = number(element.get("Size"), USUAL_SIZE)
        if size <= 0:
            size, hidden = USUAL_SIZE, True
        stretch = number(element.get("HScale"), 1.0) or 1.0
        bold = number(element.get("Weight"), 400) >= BOLD_WEIGHT
        bold = bold or (element.get("Font") or "").strip() in self.resources.bold_fonts
        type_ = _Type(matrix, size, bold, number(element.get("CharDirection"), 0.0))
        x = y = 0.0
        count = 0
        for code in children(element, "TextCode"):
            # A TextCode without a place begins where the last one began.
            x, y = number(code.get("X"), x), number(code.get("Y"), y)
            text = _set(code.text)
            count += len(text)
            self.budget.spend(len(text), 0)
            for character, dx, dy, width in _advances(text, code, size * stretch):
                if not character.isspace():
                    glyph = type_.glyph(character, x + dx, y + dy, width)
                    self.drawn.glyphs.append(Placed(glyph, type_.direction, hidden))
        if not count and child(element, "CGTransform") is not None:
            self.drawn.wordless += 1

    def _picture(self, element: etree._Element, outer: Matrix) -> None:
        box = box_of(element.get("Boundary"))
        if box is not None:
            shown = around([outer.place(box.x0, box.top), outer.place(box.x1, box.bottom)])
            self.drawn.pictures.append(Picture((element.get("ResourceID") or "").strip(), shown))


class _Type:
    """How one text object sets its characters."""

    def __init__(self, matrix: Matrix, size: float, bold: bool, turn: float) -> None:
        self.matrix = matrix
        self.size = size
        self.bold = bold
        self.along = math.cos(math.radians(turn)), math.sin(math.radians(turn))
        right = matrix.a * self.along[0] + matrix.c * self.along[1], matrix.b * self.along[0] + matrix.d * self.along[1]
        self.direction = _quarter(math.degrees(math.atan2(right[1], right[0])))
        self.shown_size = size * math.sqrt(abs(matrix.a * matrix.d - matrix.b * matrix.c))

    def glyph(self, character: str, x: float, y: float, width: float) -> Glyph:
        """Give a character whose origin on the base line is at (x, y) of the object."""
        corners = [self._corner(x, y, 0.0, -ASCENT * self.size), self._corner(x, y, width, DESCENT * self.size)]
        return Glyph(character, *around(corners), self.shown_size, self.bold)

    def _corner(self, x: float, y: float, right: float, down: float) -> tuple[float, float]:
        cosine, sine = self.along
        return self.matrix.place(x + right * cosine - down * sine, y + right * sine + down * cosine)


def _matrix(element: etree._Element) -> Matrix:
    """Give the way from the space of an object to that around it: its CTM, then the corner of its boundary."""
    corner = numbers(element.get("Boundary"), 2) or (0.0, 0.0)
    figures = numbers(element.get("CTM"), 6)
    own = Matrix(*figures[:6]) if figures else Matrix()
    return own._replace(e=own.e + corner[0], f=own.f + corner[1])


def _quarter(degrees: float) -> int | None:
    nearest = round(degrees / 90) * 90
    return nearest % 360 if abs(degrees - nearest) <= LEANING else None


def _set(text: str | None) -> str:
    """Give the characters that are set; line breaks and tabs come from the layout of the XML."""
    return "".join(c for c in text or "" if unicodedata.category(c) != "Cc")


def _advances(text: str, code: etree._Element, em: float) -> Iterator[tuple[str, float, float, float]]:
    """Give each character with its distance from the first one and its width.

    Where the file tells no distance at all, or fewer than there are characters, the width of the character is taken.
    """
    across = deltas(code.get("DeltaX"), len(text) - 1)
    down = deltas(code.get("DeltaY"), len(text) - 1)
    x = y = 0.0
    for place, character in enumerate(text):
        told = across[place] if place < len(across) else 0.0 if place < len(down) else None
        usual = em * _share(character)
        width = told if told is not None and 0 < told < usual else usual
        yield character, x, y, width
        x += usual if told is None else told
        y += down[place] if place < len(down) else 0.0


def _share(character: str) -> float:
    if unicodedata.east_asian_width(character) in BROAD_CATEGORIES:
        return FULL_WIDTH
    if character in BROAD_LETTERS:
        return BROAD_LETTER_WIDTH
    return LETTER_WIDTH if character.isalpha() else DIGIT_WIDTH


def _rules(element: etree._Element, matrix: Matrix) -> Iterator[Rule]:
    """Give the level and upright lines that a path draws: its strokes, and filled areas thin enough to be lines."""
    data = child(element, "AbbreviatedData")
    stroked = (element.get("Stroke") or "true").strip().lower() != "false"
    filled = (element.get("Fill") or "false").strip().lower() == "true"
    scale = math.sqrt(abs(matrix.a * matrix.d - matrix.b * matrix.c))
    half = min(number(element.get("LineWidth"), LINE_WIDTH) * scale, THICKEST_RULE * POINTS) / 2
    for figure in pieces((data.text if data is not None else None) or ""):
        points = [matrix.place(*end) for piece in figure for end in piece]
        area = around(points)
        thin = min(area.x1 - area.x0, area.bottom - area.top) <= THICKEST_RULE * POINTS
        if filled and thin and len(figure) > 1:
            yield from _long_enough(Rule(*area))
        elif stroked:
            for start, end in zip(points[::2], points[1::2], strict=True):
                yield from _line(around([start, end]), half)


def _line(box: Box, half: float) -> Iterator[Rule]:
    level = box.bottom - box.top <= half
    if level or box.x1 - box.x0 <= half:
        wider = (0.0, half) if level else (half, 0.0)
        rule = Rule(box.x0 - wider[0], box.top - wider[1], box.x1 + wider[0], box.bottom + wider[1])
        yield from _long_enough(rule)


def _long_enough(rule: Rule) -> Iterator[Rule]:
    if max(rule.x1 - rule.x0, rule.bottom - rule.top) >= SHORTEST_RULE * POINTS:
        yield rule
