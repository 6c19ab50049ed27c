"""A PDF → Source: signs and drawn lines of every page, laid out as text; pages without text are recognised."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence

import pypdfium2 as pdfium
from pypdfium2 import raw

from pipeline.model import Problem
from pipeline.read.content import Content
from pipeline.read.errors import ReadError
from pipeline.read.layout import Engine
from pipeline.read.pdf_glyphs import page_glyphs
from pipeline.read.pdf_rules import TooManyLinesError, page_rules
from pipeline.read.printed import Page, Rule
from pipeline.read.pulse import pulse

# More pages than any plan has; a file that claims more is damaged or made to stop programs.
MOST_PAGES = 5000
# A page with fewer signs than this and an image on it is a scan.
FEWEST_SIGNS = 10
# A font without a map to characters gives signs that mean nothing; of so many a page must be recognised anew.
UNMAPPED_SHARE = 0.3
SCAN_DOTS = 200
SHOWN_PAGES = 10
LOCKED = (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
# A4, in points: the size of a page that cannot be opened.
BLANK = (595.0, 842.0)


def read_pdf(data: bytes, path: str) -> Content:
    """Give the text of a PDF: paragraphs joined over lines and pages, tables with cells, page furniture left out.

    Pages that are images are recognised where the extra `ocr` is installed, else told in a problem row. Raises
    ReadError: `encrypted_file`, `damaged_file`, `too_large`, `no_text`, `ocr_missing`.
    """
    document = _opened(data, path)
    try:
        return _content(document, path)
    finally:
        document.close()


def _opened(data: bytes, path: str) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        # pdfium tells the error of the file before where it has none of its own, so the file has to say it too.
        if getattr(error, "err_code", None) in LOCKED and b"/Encrypt" in data:
            raise ReadError(
                "encrypted_file", f"{path} is a PDF that asks for a password. Save it without one and run again."
            ) from error
        raise ReadError(
            "damaged_file",
            f"{path} is a PDF that cannot be opened: it is damaged, cut off, or has no pages. Fetch it again.",
        ) from error
    if len(document) > MOST_PAGES:
        pages = len(document)
        document.close()
        raise ReadError("too_large", f"{path} has {pages} pages; at most {MOST_PAGES} are read. Split the file.")
    if len(document) == 0:
        document.close()
        raise ReadError("damaged_file", f"{path} is a PDF without pages. It may be damaged; fetch it again.")
    return document


def _content(document: pdfium.PdfDocument, path: str) -> Content:
    problems: list[Problem] = list(_attachments(document))
    engine = Engine()
    scans: dict[int, Page] = {}
    broken: list[int] = []
    drawings: list[int] = []
    has_text = False
    for number in range(1, len(document) + 1):
        pulse()
        try:
            page, is_scan = _page(document, number, drawings)
        except (pdfium.PdfiumError, ctypes.ArgumentError):
            broken.append(number)
            page, is_scan = Page(*BLANK, ()), False
        if is_scan:
            scans[number] = page
        else:
            engine.put(number, page)
            has_text = has_text or bool(page.glyphs)
    if drawings:
        what = "hold so many drawings that their lines were not looked at; tables there came as plain lines. Check them"
        problems.append(Problem("warning", "table_lines_unreadable", _page_list(drawings, what)))
    if broken:
        problems.append(Problem("warning", "page_damaged", _page_list(broken, "could not be opened and are missing")))
    if scans:
        problems += _recognise(document, scans, path)
        has_text = has_text or any(page.glyphs for page in scans.values())
        for number, page in scans.items():
            engine.put(number, page)
    if not has_text:
        raise ReadError("no_text", f"{path} is a PDF that shows no text on its {len(document)} pages.")
    content = engine.content()
    problems += _doubts(content)
    return content._replace(problems=(*problems, *content.problems))


def _page(document: pdfium.PdfDocument, number: int, drawings: list[int]) -> tuple[Page, bool]:
    """Give one page, and whether it has to be recognised from its image; note it where too much is drawn on it."""
    page = document[number - 1]
    try:
        glyphs, size, turned = page_glyphs(page)
        unmapped = set(filter(_is_unmapped, {glyph[0] for glyph in glyphs}))
        lost = sum(glyph[0] in unmapped for glyph in glyphs) if unmapped else 0
        is_poor = len(glyphs) < FEWEST_SIGNS or lost > UNMAPPED_SHARE * len(glyphs)
        if is_poor and _has_image_or_text(page, bool(glyphs)):
            return Page(*size, (), (), turned), True
        rules: tuple[Rule, ...] = ()
        try:
            rules = page_rules(page, turned) if glyphs else ()
        except TooManyLinesError:
            drawings.append(number)
        return Page(*size, tuple(glyphs), rules, turned), False
    finally:
        page.close()


def _is_unmapped(sign: str) -> bool:
    """Tell whether a sign says nothing: a control character, or one of a private range."""
    return not sign.isprintable() or "\ue000" <= sign[:1] <= "\uf8ff"


def _has_image_or_text(page: pdfium.PdfPage, has_signs: bool) -> bool:
    """Tell whether an image takes much of a page (or signs without meaning stand on it): else it is just empty."""
    width, height = page.get_size()
    for item in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3):
        left, bottom, right, top = item.get_bounds()
        if (right - left) * (top - bottom) > 0.3 * width * height or has_signs is False:
            return True
    return has_signs and not _is_plain_number(page)


def _is_plain_number(page: pdfium.PdfPage) -> bool:
    """Tell whether the few signs of a page can be read: a page number, a title on a page of its own."""
    textpage = page.get_textpage()
    try:
        text = textpage.get_text_range()
    finally:
        textpage.close()
    return all(character.isprintable() or character.isspace() for character in text)


def _recognise(document: pdfium.PdfDocument, scans: dict[int, Page], path: str) -> Iterator[Problem]:
    """Put the recognised page in the place of each scan; tell which pages stay without text."""
    from pipeline.read.scan import scanned_page

    lost: list[int] = []
    for number in scans:
        pulse()
        page = document[number - 1]
        try:
            image = page.render(scale=SCAN_DOTS / 72).to_pil()
            scans[number] = scanned_page(image, SCAN_DOTS)
        except ReadError as error:
            if len(scans) == len(document):
                raise ReadError(error.code, f"{path} is a PDF of images. {error.message}") from error
            lost.append(number)
        finally:
            page.close()
    done = [number for number in scans if number not in set(lost)]
    if done:
        message = _page_list(done, "are images; their text was recognised. Compare figures with the original")
        yield Problem("info", "text_recognised", message)
    if lost:
        message = _page_list(lost, "are images and were not read. Install the extra ocr to have them recognised")
        yield Problem("warning", "page_without_text", message)


def _doubts(content: Content) -> Sequence[Problem]:
    if not content.doubts:
        return ()
    from pipeline.read.scan import doubt_problems

    return tuple(doubt_problems(content))


def _attachments(document: pdfium.PdfDocument) -> Iterator[Problem]:
    """Tell of files that are embedded in the PDF."""
    count = document.count_attachments()
    names = [_name(document, index) for index in range(min(count, SHOWN_PAGES))]
    if names:
        message = f"{count} files are embedded in the PDF and were not read: {'; '.join(names)}. Save them beside it."
        yield Problem("warning", "attachment_not_read", message)


def _name(document: pdfium.PdfDocument, index: int) -> str:
    try:
        return str(document.get_attachment(index).get_name())
    except pdfium.PdfiumError:
        return "without name"


def _page_list(pages: Sequence[int], what: str) -> str:
    shown = ", ".join(map(str, pages[:SHOWN_PAGES])) + (" …" if len(pages) > SHOWN_PAGES else "")
    return f"{len(pages)} pages ({shown}) {what}."
