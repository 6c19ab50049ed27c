"""An OFD file (GB/T 33190-2016) → its pages as glyphs and rules, laid out as text.

Read with our own walk over ZIP and XML and not with the library `ofdkit`: that gives one run of text per TextCode with
an estimated width, no place of a single character and none of the lines that paths draw. Without these no table can be
told, no cell, and no place of a figure on its page. What it knows of real files is kept to: locations that count from
the wrong folder, GB labels, undeclared prefixes, templates, composite objects, repeat counts without end.

Left out, with a row where it holds words: annotations and stamps (they lie above the document and are no part of it),
attachments, text that leans (watermarks), text outside the page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from pipeline.model import Problem
from pipeline.model.source import Severity
from pipeline.quick.classes import dataclass, replace
from pipeline.read.content import Content
from pipeline.read.errors import ReadError
from pipeline.read.ofd_geometry import POINTS, Box, box_of
from pipeline.read.ofd_package import Parts, child, children, open_parts, words
from pipeline.read.ofd_page import Budget, Drawn, Resources, draw
from pipeline.read.printed import Glyph, Page, Rule

ROOT = "OFD.xml"
# A page box where the file gives none: A4, in millimetres.
A4 = Box(0.0, 0.0, 210.0, 297.0)
# The longest collections of plans have some thousand pages.
MOST_PAGES = 10_000
# What stands so many points outside the page is not on it.
MARGIN = 6.0
# The same character so near the first (in shares of its size) is the same one, drawn twice to look bold.
SAME_PLACE = 0.2
MOST_ROWS = 20


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of a page: the bytes of its file and its box in points."""

    data: bytes
    box: Box


@dataclass(frozen=True, slots=True)
class _Document:
    """One of the documents in the file: where its parts are."""

    name: str
    root: etree._Element
    box: Box
    templates: dict[str, str]
    resource_parts: tuple[str, ...]


def read_ofd(data: bytes, path: str) -> Content:
    """Give the text of an OFD file: its paragraphs and tables, page by page, with their places.

    Raises ReadError: `damaged_file`, `too_large`, `encrypted_file`, and `no_text` where the pages hold pictures or
    outlines only.
    """
    from pipeline.read.layout import lay_out

    pages, problems = pages_of(data, path)
    if not any(page.glyphs for page in pages):
        raise ReadError(
            "no_text",
            f"{path} holds no characters, only pictures or outlines of them. Print it to PDF from an OFD viewer, so "
            "that it is read by character recognition, or look for a text version at its publisher.",
        )
    content = lay_out(pages)
    return content._replace(problems=tuple(problems) + content.problems)


def pages_of(data: bytes, path: str) -> tuple[list[Page], list[Problem]]:
    """Give the pages of all documents in the file, in order, and what a person should know of them.

    Raises ReadError where no page can be read.
    """
    reader = _Reader(open_parts(data, path))
    pages = [page for document in reader.documents() for page in reader.pages(document)]
    if reader.failed == len(pages):
        raise reader.failure or _damaged(path, "it has no page")
    return pages, reader.reported()


def images_of(data: bytes, path: str) -> list[list[Image]]:
    """Give the pictures of each page, for character recognition where the pages hold nothing else."""
    reader = _Reader(open_parts(data, path))
    return [images for document in reader.documents() for images in reader.images(document)]


class _Reader:
    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.budget = Budget()
        self.problems: list[Problem] = []
        self.rows: Counter[str] = Counter()
        self.count = 0
        # Pages that could not be read, and why the last part could not.
        self.failed = 0
        self.failure: ReadError | None = None
        # Templates and resources serve every page; reading them anew would spend the limits of the package.
        self.trees: dict[str, etree._Element] = {}
        self.leaning: list[str] = []
        self.outside: list[str] = []

    def documents(self) -> Iterator[_Document]:
        """Give the documents; report those that are missing."""
        if ROOT not in self.parts.package:
            raise _damaged(self.parts.path, f"its part {ROOT} is missing")
        for body in children(self.parts.tree(ROOT), "DocBody"):
            place = words(child(body, "DocRoot"))
            try:
                name = self.parts.find(ROOT, place)
                if name is None:
                    raise _damaged(self.parts.path, f"its part {place} is missing")
                document = self._document(name)
            except ReadError as error:
                self.failure = error
                message = f"The document {place} inside the file was not read: {error.message}"
                self._report("error", "document_not_read", message)
                continue
            yield document

    def _document(self, name: str) -> _Document:
        root = self.parts.tree(name)
        common = child(root, "CommonData")
        templates: dict[str, str] = {}
        for element in children(common, "TemplatePage"):
            part = self.parts.find(name, element.get("BaseLoc"))
            if part is not None:
                templates[(element.get("ID") or "").strip()] = part
        places = [words(found) for kind in ("PublicRes", "DocumentRes") for found in children(common, kind)]
        found = (self.parts.find(name, place) for place in places)
        document = _Document(
            name, root, box_of(words(child(common, "PageArea", "PhysicalBox"))) or A4, templates,
            tuple(part for part in found if part is not None),
        )  # fmt: skip
        for report in (self._attachments, self._annotations):
            try:
                report(document)
            except ReadError as error:
                message = f"What is attached to the pages could not be told: {error.message}"
                self._report("warning", "attachment_not_read", message)
        return document

    def _page_roots(self, document: _Document) -> Iterator[tuple[str, etree._Element] | None]:
        """Give name and root of each page; None for one that cannot be read, which is reported."""
        for element in children(child(document.root, "Pages"), "Page"):
            self.count += 1
            if self.count > MOST_PAGES:
                raise ReadError(
                    "too_large", f"{self.parts.path} has more than {MOST_PAGES:,} pages. Split it in an OFD viewer."
                )
            place = element.get("BaseLoc")
            name = self.parts.find(document.name, place)
            try:
                if name is None:
                    raise _damaged(self.parts.path, f"its part {place} is missing")
                found = name, self.parts.tree(name)
            except ReadError as error:
                self.failed += 1
                self.failure = error
                message = f"Page {self.count} was not read: {error.message}"
                self._report("error", "page_not_read", message)
                yield None
            else:
                yield found

    def pages(self, document: _Document) -> Iterator[Page]:
        """Give the pages of a document; one that cannot be read is empty, so that the others keep their numbers."""
        for found in self._page_roots(document):
            if found is None:
                yield _finished([], Drawn(), document.box, 0)
                continue
            drawn, box = self._drawn(document, *found)
            yield self._page(drawn, box)

    def images(self, document: _Document) -> Iterator[list[Image]]:
        """Give the pictures of each page of a document."""
        for found in self._page_roots(document):
            images: list[Image] = []
            if found is not None:
                media = self._resources(document, *found).media
                drawn, _ = self._drawn(document, *found)
                shown = [picture for picture in drawn.pictures if picture.resource in media]
                images = [Image(self.parts.read(media[picture.resource]), picture.box) for picture in shown]
            yield images

    def _drawn(self, document: _Document, name: str, root: etree._Element) -> tuple[Drawn, Box]:
        """Draw a page with its templates: those behind it first, those in front of it last."""
        resources = self._resources(document, name, root)
        behind: list[etree._Element] = []
        before: list[etree._Element] = []
        for used in children(root, "Template"):
            part = document.templates.get((used.get("TemplateID") or "").strip(), "")
            try:
                layer = self._tree(part)
            except ReadError:
                message = (
                    f"The template of page {self.count} is missing or damaged: what pages share may be incomplete."
                )
                self._report("warning", "template_not_read", message)
                continue
            (before if (used.get("ZOrder") or "") == "Foreground" else behind).append(layer)
        drawn = Drawn()
        for layer in (*behind, root, *before):
            draw(layer, resources, drawn, self.budget)
        return drawn, box_of(words(child(root, "Area", "PhysicalBox"))) or document.box

    def _resources(self, document: _Document, name: str, root: etree._Element) -> Resources:
        own = (self.parts.find(name, words(found)) for found in children(root, "PageRes"))
        found = Resources()
        for part in (*document.resource_parts, *(part for part in own if part is not None)):
            try:
                found.add(part, self._tree(part), self.parts)
            except ReadError as error:
                self._report("warning", "resource_not_read", f"Fonts or shared drawings are missing: {error.message}")
        return found

    def _tree(self, name: str) -> etree._Element:
        if name not in self.trees:
            self.trees[name] = self.parts.tree(name)
        return self.trees[name]

    def _page(self, drawn: Drawn, box: Box) -> Page:
        """Give the page as it is read: turned upright, without what leans or lies outside."""
        if drawn.wordless:
            self._report(
                "warning",
                "text_without_characters",
                f"Page {self.count} has {drawn.wordless} pieces of text that are drawn without saying which "
                "characters they are. Compare the page with the original.",
            )
        if drawn.too_deep:
            message = f"Page {self.count} nests its objects too deeply; the innermost were not read."
            self._report("warning", "nesting_too_deep", message)
        seen = [placed for placed in drawn.glyphs if not placed.hidden]
        # A scan with its text behind it hides the text: there is nothing else to read.
        if not seen and drawn.pictures:
            seen = drawn.glyphs
        self.leaning += [placed.glyph.text for placed in seen if placed.direction is None]
        upright = [placed for placed in seen if placed.direction is not None]
        turns = Counter(placed.direction for placed in upright)
        page = _finished(
            [placed.glyph for placed in upright], drawn, box, turns.most_common(1)[0][0] or 0 if turns else 0
        )
        inside = tuple(glyph for glyph in page.glyphs if _is_inside(glyph, page))
        if len(inside) < len(page.glyphs):
            self.outside += [glyph.text for glyph in page.glyphs if not _is_inside(glyph, page)]
        return replace(page, glyphs=_once(inside))

    # What a person should know

    def reported(self) -> list[Problem]:
        """Give the rows of all that was read so far."""
        for letters, code, message in (
            (self.leaning, "leaning_text_left_out", "Text that leans, as watermarks do, was left out: “{}”."),
            (self.outside, "text_off_page", "Text outside the page, which nobody sees, was left out: “{}”."),
        ):
            if letters:
                self._report("info", code, message.format("".join(letters[:60]) + "…" * (len(letters) > 60)))
        for name in dict.fromkeys(self.parts.mended):
            message = (
                f"The part {name} has faults in its XML; some of its text may be missing. Compare with the original."
            )
            self._report("warning", "damaged_part", message)
        for code, count in self.rows.items():
            if count > MOST_ROWS:
                message = f"{count - MOST_ROWS} more rows of this kind are not listed."
                self.problems.append(Problem("warning", code, message))
        return self.problems

    def _attachments(self, document: _Document) -> None:
        part = self.parts.find(document.name, words(child(document.root, "Attachments")))
        for element in children(self.parts.tree(part), "Attachment") if part is not None else ():
            name = element.get("Name") or words(child(element, "FileLoc")) or "without a name"
            message = f"The attachment “{name}” inside the file was not read. Save it from an OFD viewer as a file."
            self._report("warning", "attachment_not_read", message)

    def _annotations(self, document: _Document) -> None:
        """Report the words of annotations: they are left out, as they may be anybody's."""
        part = self.parts.find(document.name, words(child(document.root, "Annotations")))
        said: list[str] = []
        for page in children(self.parts.tree(part), "Page") if part is not None else ():
            own = self.parts.find(part or "", words(child(page, "FileLoc")))
            root = self.parts.tree(own) if own is not None else None
            for annotation in children(root, "Annot"):
                said += [(code.text or "").strip() for code in annotation.iter("{*}TextCode", "TextCode")]
        if text := " ".join(filter(None, said)):
            message = f"Annotations above the pages were left out: “{text[:60]}{'…' * (len(text) > 60)}”."
            self._report("info", "annotation_left_out", message)

    def _report(self, severity: Severity, code: str, message: str) -> None:
        problem = Problem(severity, code, message)
        if problem not in self.problems:
            self.rows[code] += 1
            if self.rows[code] <= MOST_ROWS:
                self.problems.append(problem)


def _finished(glyphs: list[Glyph], drawn: Drawn, box: Box, turn: int) -> Page:
    """Give the page with its upper left corner at 0, turned so that lines that run in direction `turn` are level."""
    left, top = box.x0 * POINTS, box.top * POINTS
    width, height = (box.x1 - box.x0) * POINTS, (box.bottom - box.top) * POINTS

    def upright(x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        x0, y0, x1, y1 = x0 - left, y0 - top, x1 - left, y1 - top
        if turn == 90:
            return y0, width - x1, y1, width - x0
        if turn == 180:
            return width - x1, height - y1, width - x0, height - y0
        return (height - y1, x0, height - y0, x1) if turn == 270 else (x0, y0, x1, y1)

    sides = (height, width) if turn in (90, 270) else (width, height)
    moved = tuple(Glyph(g.text, *upright(*g[1:5]), g.size, g.bold, g.doubtful) for g in glyphs)
    rules = (_clipped(Rule(*upright(*rule)), *sides) for rule in drawn.rules)
    return Page(*sides, moved, tuple(rule for rule in rules if rule is not None))


def _clipped(rule: Rule, width: float, height: float) -> Rule | None:
    """Give the part of a line that is on the page; None where there is none."""
    if not (rule.x0 <= width and rule.x1 >= 0 and rule.top <= height and rule.bottom >= 0):
        return None
    return Rule(max(rule.x0, 0.0), max(rule.top, 0.0), min(rule.x1, width), min(rule.bottom, height))


def _is_inside(glyph: Glyph, page: Page) -> bool:
    across = glyph.x0 >= -MARGIN and glyph.x1 <= page.width + MARGIN
    return across and glyph.top >= -MARGIN and glyph.bottom <= page.height + MARGIN


def _once(glyphs: tuple[Glyph, ...]) -> tuple[Glyph, ...]:
    """Leave out glyphs drawn again at the place of their like: a way to make type look bold."""
    met: dict[tuple[str, int, int], list[Glyph]] = {}
    kept: list[Glyph] = []
    for glyph in glyphs:
        reach = max(glyph.size, 1.0) * SAME_PLACE
        column, row = round(glyph.x0 / reach), round(glyph.top / reach)
        near = (
            other
            for x in (column - 1, column, column + 1)
            for y in (row - 1, row, row + 1)
            for other in met.get((glyph.text, x, y), ())
        )
        if not any(abs(other.x0 - glyph.x0) < reach and abs(other.top - glyph.top) < reach for other in near):
            met.setdefault((glyph.text, column, row), []).append(glyph)
            kept.append(glyph)
    return tuple(kept)


def _damaged(path: str, why: str) -> ReadError:
    return ReadError("damaged_file", f"{path} is damaged: {why}. Fetch it again, or save it anew from an OFD viewer.")
